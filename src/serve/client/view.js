// The element that the interface lives in. It stands beside the body, where no update of the page
// reaches it, and its shadow is closed to the page's scripts.

const host = document.createElement("dhikra-preview");
const shadow = host.attachShadow({ mode: "closed" });
const styles = new CSSStyleSheet();
styles.replaceSync(STYLES);
shadow.adoptedStyleSheets = [styles];

// Beside another version, in a frame, the interface makes itself small.
const framed = window.top !== window;

// Lays a sheet over the page, or takes it away. So the page looks otherwise for a while, and none of
// its elements is written on.
function applySheet(sheet, on) {
  const sheets = document.adoptedStyleSheets;
  if (sheets.includes(sheet) === on) return;
  document.adoptedStyleSheets = on ? [...sheets, sheet] : sheets.filter((other) => other !== sheet);
}

// make("button", { class: "x", onclick: f }, "text", child…). Text is only ever text: what comes from
// files is never read as HTML. Children that are null or false are left out.
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const panel = make("section", { class: "panel", id: "panel", hidden: true });
const corner = make("div", { class: "corner" });
const overlay = make("section", { class: "overlay", dir: "ltr", hidden: true });
const heard = make("div", { class: "heard", role: "alert" });
const dock = make("div", { class: framed ? "dock small" : "dock" }, panel, corner, overlay);
shadow.append(dock, heard);

// Puts new parts in the place of old ones without taking the focus away from who is at work in them:
// a part keeps its `data-key`.
function fill(part, ...children) {
  const key = shadow.activeElement?.dataset.key;
  const scroller = part.querySelector(".scroll");
  const top = scroller?.scrollTop;
  dock.lang = language();
  dock.dir = direction();
  part.replaceChildren(...children.flat().filter(Boolean));
  if (top) part.querySelector(".scroll").scrollTop = top;
  if (key && !shadow.activeElement) {
    shadow.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  }
}

// Opens a file at a line, in the editor that the server knows of.
async function openEditor(place) {
  try {
    const response = await fetch(previewAddress("open"), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(place),
    });
    if (response.status === 204) return say(word("opened"));
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) return complain(answer.message ?? word("failed"));
    // Only what opens an editor; never a script.
    const url = new URL(answer.url);
    if (/^(javascript|data|blob|vbscript):$/.test(url.protocol)) return complain(word("failed"));
    location.href = url.href;
    return say("");
  } catch {
    return complain(word(connected ? "failed" : "stopped"));
  }
}

// `file:line:column`, a button where there is an editor.
function placeButton({ file, line, column }) {
  if (!file) return null;
  const text = [file, line, column].filter(Boolean).join(":");
  if (!state?.editor) return make("span", { class: "place" }, text);
  const place = { file };
  if (line) place.line = line;
  if (column) place.column = column;
  return make("button", {
    type: "button",
    class: "place",
    title: word("edit"),
    "data-key": `place ${text}`,
    onclick: () => openEditor(place),
  }, text);
}

// What is written in `backticks` is code.
function prose(text) {
  return text.split(/`([^`]+)`/).map((part, at) => at % 2 ? make("code", { dir: "ltr" }, part) : part);
}

function quoted({ line, text, start, end }) {
  return make("div", { class: "line" },
    make("span", { class: "number" }, String(line)),
    make("div", { class: "text", dir: "auto" },
      text.slice(0, start),
      end > start && make("mark", null, text.slice(start, end)),
      text.slice(Math.max(start, end))));
}

// One problem. The program's messages and places run from the left, also within a panel that does
// not; each text has the direction of what is in it.
function problemItem(problem, whole) {
  const severity = ["error", "warning"].includes(problem.severity) ? problem.severity : "info";
  return make("li", { class: "problem", dir: "ltr" },
    make("div", { class: "head" },
      make("bdi", { class: `severity ${severity}` }, word(severity)),
      make("span", { class: "message", dir: "auto" }, prose(problem.message)),
      whole && make("span", { class: "code" }, problem.code)),
    placeButton(problem),
    whole && problem.excerpt && quoted(problem.excerpt),
    (problem.hints ?? []).map((hint) => make("div", { class: "hint" },
      make("b", null, make("bdi", null, word("hint"))), make("bdi", null, prose(hint)))),
    whole && (problem.related ?? []).map((other) => make("div", { class: "hint" },
      make("b", null, make("bdi", null, word("related"))), placeButton(other), " ",
      make("bdi", null, prose(other.message ?? "")))));
}
