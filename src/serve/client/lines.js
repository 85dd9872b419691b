// Alt and a click open the editor at the line of what was clicked. While Alt is held, the block under
// the pointer is outlined.

// Block of the page → line in its file; null until it was asked for, after each update anew.
let lines = null;
let asking = null;

function forgetLines() {
  lines = null;
  asking = null;
  outline.hidden = true;
}

// The server's same page has a comment before each block, which tells its line.
function askForLines() {
  asking ??= fetch(previewAddress("lines", { path: location.pathname }), { cache: "no-store" })
    .then(async (response) => response.ok ? response.text() : "")
    .then((html) => new DOMParser().parseFromString(html, "text/html"))
    .then((page) => readLines(page))
    .catch(() => new Map());
  const asked = asking;
  return asked.then((found) => {
    if (asked === asking) lines = found;
    return found;
  });
}

function readLines(page) {
  const found = new Map();
  walk(document.body, page.body, (live, other) => {
    let before = other.previousSibling;
    while (before?.nodeType === Node.TEXT_NODE && before.data.trim() === "") before = before.previousSibling;
    const line = before?.nodeType === Node.COMMENT_NODE && /^dhikra:line=(\d+)$/.exec(before.data.trim());
    if (line) found.set(live, Number(line[1]));
  }, (element) => twins.has(element));
  return found;
}

// The nearest block that has a line: around the element, or else before it.
function blockOf(element, found) {
  for (let around = element; around; around = around.parentElement) {
    if (found.has(around)) return around;
  }
  let last = null;
  for (const block of found.keys()) {
    if (element.compareDocumentPosition(block) & Node.DOCUMENT_POSITION_PRECEDING) last = block;
  }
  return last;
}

const outlineLine = make("span");
const outline = make("div", { class: "box outline", hidden: true }, outlineLine);
shadow.prepend(outline);

// The pointer over the page says what a click would do.
const crosshair = new CSSStyleSheet();
crosshair.replaceSync("* { cursor: crosshair !important; }");

let pointer = null;
let alt = false;

function setAlt(now) {
  alt = now && Boolean(state?.editor && state.page);
  applySheet(crosshair, alt);
  outlinePointed();
}

async function outlinePointed() {
  if (!alt || !pointer) {
    outline.hidden = true;
    return;
  }
  const found = lines ?? await askForLines();
  const element = document.elementFromPoint(pointer.x, pointer.y);
  const block = alt && element && element !== host && blockOf(element, found);
  outline.hidden = !block;
  if (!block) return;
  outline.dir = getComputedStyle(block).direction;
  outlineLine.textContent = String(found.get(block));
  putOver(outline, block);
}

function putOver(box, element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  Object.assign(box.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}

function listenForAlt() {
  addEventListener("pointermove", (event) => {
    pointer = { x: event.clientX, y: event.clientY };
    if (event.altKey !== alt) setAlt(event.altKey);
    else if (alt) outlinePointed();
  }, { passive: true });
  addEventListener("keydown", ({ key }) => key === "Alt" && setAlt(true));
  addEventListener("keyup", (event) => {
    if (event.key !== "Alt") return;
    // Some browsers would go to their menu.
    if (usedAlt) event.preventDefault();
    usedAlt = false;
    setAlt(false);
  });
  addEventListener("blur", () => setAlt(false));
  addEventListener("scroll", () => alt && outlinePointed(), { passive: true, capture: true });
  // Before the page's own handlers: a link must not be followed, nor saved, which Alt means to some.
  for (const type of ["pointerdown", "mousedown", "click"]) {
    addEventListener(type, onPress, { capture: true });
  }
}

let usedAlt = false;

async function onPress(event) {
  if (!event.altKey || event.button !== 0 || !state?.editor || !state.page) return;
  const { target } = event;
  if (!(target instanceof Element) || target === host) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  usedAlt = true;
  if (event.type !== "click") return;
  const found = lines ?? await askForLines();
  const block = blockOf(target, found);
  openEditor({ path: location.pathname, line: found.get(block) ?? 1 });
}
