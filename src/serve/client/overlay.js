// The errors of the site, over the lower part of the page. The page above is the last good one, and
// can be read and used.

const FOLDED = "dhikra:folded";

// While errors cover the end of the page, the page can be scrolled up from under them.
const room = new CSSStyleSheet();

function makeRoom() {
  if (!overlay.hidden) room.replaceSync(`@media screen { :root { padding-block-end: ${overlay.offsetHeight}px !important; } }`);
  applySheet(room, !overlay.hidden);
}

// What the overlay shows now, to tell whether it has to be made anew.
let shownErrors = "";

// The set of errors, for remembering that it was folded.
function errorsOf(now) {
  const key = ({ code, file, line, column, message }) => [code, file, line, column, message];
  return JSON.stringify((now?.problems ?? []).filter(({ severity }) => severity === "error").map(key));
}

function showOverlay() {
  drawOverlay();
  makeRoom();
}

function drawOverlay() {
  const errors = state?.errors > 0;
  const set = errorsOf(state);
  const problems = [...state.problems].sort((one, two) => rank(one) - rank(two));
  const folded = isFolded(set, problems);
  overlay.hidden = !errors || folded;

  const now = errors ? JSON.stringify([language(), problems, state.more, state.page?.kept, state.editor]) : "";
  if (now === shownErrors) return;
  const before = shownErrors === "" ? "" : overlay.dataset.set;
  shownErrors = now;
  overlay.dataset.set = set;
  if (!errors) {
    heard.textContent = "";
    overlay.replaceChildren();
    return;
  }
  overlay.setAttribute("aria-label", word("errors"));
  fill(overlay,
    make("header", null,
      make("h2", null,
        make("bdi", null, counted("errors", state.errors)),
        state.warnings > 0 && make("bdi", { class: "warnings" }, counted("warnings", state.warnings))),
      make("button", { type: "button", "data-key": "fold", "aria-keyshortcuts": "Escape", onclick: fold },
        make("bdi", null, word("fold")))),
    make("div", { class: "list scroll", tabindex: "0", role: "group", "aria-label": word("errors") },
      state.page?.kept && make("p", { class: "note", dir: "auto" }, word("kept")),
      make("ul", null, problems.map((problem) => problemItem(problem, true))),
      state.more > 0 && make("p", { class: "quiet" }, make("bdi", null, word("more", state.more)))));
  // Said once for each set of errors: its number and the first of them.
  if (set !== before) heard.textContent = `${counted("errors", state.errors)}. ${problems[0]?.message ?? ""}`;
}

// Errors before warnings, and within them those of this page's own files; else the server's order.
function rank({ own, severity }) {
  return (severity === "error" ? 0 : 2) + (own ? 0 : 1);
}

// In two frames side by side, only the one whose page has the error shows it by itself.
function isFolded(set, problems) {
  const kept = stored(sessionStorage, FOLDED);
  if (kept === set) return true;
  if (!framed || kept === `unfolded ${set}`) return false;
  return !problems.some(({ own, severity }) => own && severity === "error");
}

function fold() {
  store(sessionStorage, FOLDED, errorsOf(state));
  const inside = overlay.contains(shadow.activeElement);
  showOverlay();
  showPanel();
  if (inside) shadow.querySelector(".unfold")?.focus();
}

function unfold() {
  store(sessionStorage, FOLDED, `unfolded ${errorsOf(state)}`);
  showOverlay();
  showPanel();
  overlay.querySelector("button")?.focus();
}

// Escape folds the errors, or closes the panel; not where it means something to the page.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("dialog:modal, :popover-open, :fullscreen")) return;
  if (!panel.hidden) closePanel();
  else if (!overlay.hidden && !isTyping()) fold();
});
