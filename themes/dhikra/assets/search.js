// Opens the box for searching: by the link in the head, and by «/». What searches is fetched when it is first opened.
const link = document.querySelector(".search-link");
const here = document.querySelector(".search-page input[type=search]");
let box;

// Whether «/» is a letter like others: who speaks to a computer, or slips, may want that (WCAG 2.1.4).
const OFF = "dhikra-slash-off";
function isOff(set) {
  try {
    if (set !== undefined) localStorage[OFF] = set;
    return localStorage[OFF] === "true";
  } catch {
    return false; // Nothing may be kept here.
  }
}

function make() {
  box = document.createElement("dialog");
  box.className = "search-box";
  box.setAttribute("aria-label", link.textContent.trim());
  const form = box.appendChild(document.createElement("form"));
  form.action = link.href;
  form.role = "search";
  const input = form.appendChild(document.createElement("input"));
  Object.assign(input, { type: "search", name: "q", autocomplete: "off", enterKeyHint: "search" });
  input.setAttribute("aria-label", link.textContent.trim());
  // It is not seen before its style is there, but takes what is typed.
  const sheet = document.createElement("link");
  Object.assign(sheet, { rel: "stylesheet", href: new URL("./search.css", import.meta.url).href });
  sheet.onload = sheet.onerror = () => { box.style.opacity = ""; };
  box.style.opacity = 0;
  document.head.append(sheet);
  document.body.append(box);
  box.addEventListener("click", (event) => event.target === box && box.close());
}

function open(event) {
  event.preventDefault();
  if (here) return here.focus();
  if (!box) make();
  if (!box.open) box.showModal();
  const input = box.querySelector("input");
  input.select();
  // What fails is asked for again when the box is next opened.
  box.ready ??= import("./search/ui.js").then(({ fill }) => fill(box, link.href)).catch(() => { box.ready = undefined; });
}

if (link && window.HTMLDialogElement) {
  link.addEventListener("click", (event) => event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || open(event));
  document.addEventListener("keydown", (event) => {
    // Where the keyboard has another letter in the place of «/», that.
    const slash = event.key === "/" || (event.code === "Slash" && event.key > "\x7F" && !event.shiftKey);
    if (!slash || isOff() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input, textarea, select, dialog, [contenteditable]:not([contenteditable=false])")) return;
    open(event);
  });
}
if (here) {
  const slash = document.querySelector(".search-slash");
  if (slash) {
    const choice = slash.querySelector("input");
    choice.checked = !isOff();
    choice.onchange = () => isOff(!choice.checked);
    slash.hidden = false;
  }
  const root = here.closest(".search");
  const failed = () => {
    const status = root.querySelector("[role=status]");
    status.textContent = status.dataset.failed;
  };
  import("./search/ui.js").then(({ page }) => page(root), failed);
}
