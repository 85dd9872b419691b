// The corner of the page: a badge with the number of problems, which opens to all that is known of
// the page.

const FOLLOW = "dhikra:follow";
const SVG = "http://www.w3.org/2000/svg";

let message = "";

function following() {
  return stored(localStorage, FOLLOW) !== "off";
}

// A word on what was just done, in the panel.
function say(text) {
  message = text;
  showPanel();
}

function complain(text) {
  panel.hidden = false;
  say(text);
}

// An open eye for the preview.
function eye() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const lid = document.createElementNS(SVG, "path");
  lid.setAttribute("d", "M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12Z");
  const pupil = document.createElementNS(SVG, "circle");
  for (const [name, value] of [["cx", 12], ["cy", 12], ["r", 3]]) pupil.setAttribute(name, value);
  svg.append(lid, pupil);
  return svg;
}

// Of this page's files; where the page has none of its own, of the whole site.
function ownProblems() {
  const problems = state?.problems ?? [];
  return state?.page ? problems.filter(({ own }) => own) : problems;
}

function showPanel() {
  showCorner();
  if (panel.hidden) return;
  const page = state?.page;
  const problems = ownProblems();
  panel.setAttribute("aria-label", word("preview"));
  fill(panel,
    make("header", null,
      make("h2", null, word("preview")),
      make("button", { type: "button", "data-key": "close", "aria-label": word("close"), onclick: closePanel }, "×")),
    make("div", { class: "scroll" },
      make("div", { role: "status" },
        !connected && make("p", { class: "note" }, word("stopped")),
        message && make("p", { class: "note", dir: "auto" }, message),
        page?.kept && make("p", { class: "note" }, word("kept"))),
      state && make("section", null,
        make("h3", null, word(page ? "problems" : "siteProblems")),
        problems.length > 0
          ? make("ul", null, problems.map((problem) => problemItem(problem, false)))
          : make("p", null, word(page ? "none" : "siteNone")),
        (state.errors > 0 || state.warnings > 0) && siteCounts()),
      page?.versions?.length > 1 && make("section", null,
        make("h3", null, word("versions")),
        make("ul", { class: "versions" }, page.versions.map((version) => versionItem(page, version)))),
      page && make("section", null,
        make("h3", null, word("source")),
        make("div", { class: "source" },
          make("span", { class: "place" }, page.table ?? page.file),
          state.editor && make("button", {
            type: "button", "data-key": "edit", onclick: () => openEditor({ path: location.pathname }),
          }, word("edit"))),
        state.editor && make("p", { class: "quiet" }, word("tip"))),
      make("section", null,
        make("label", { class: "toggle" }, followBox(), make("span", null, word("follow"))))));
}

function siteCounts() {
  const counts = [["errors", state.errors], ["warnings", state.warnings]].filter(([, n]) => n > 0);
  return make("p", { class: "quiet" },
    `${word("site")}${word("colon")}`, counts.map(([key, n], at) => [at > 0 && " · ", make("bdi", null, counted(key, n))]).flat());
}

function versionItem(page, version) {
  const here = version.lang === page.lang;
  const name = { lang: version.lang, dir: version.dir };
  const states = ["original", "current", "stale", "unrecorded", "missing"];
  const status = states.includes(version.status) ? version.status : "unrecorded";
  const about = [word(status)];
  if (version.changed) about.push(word("changes", version.changed));
  if (here) about.push(word("here"));
  const address = version.url && ownAddress(version.url);
  const beside = !here && address && !framed
    && previewAddress("side-by-side", { a: location.pathname, b: address.pathname });
  return make("li", null,
    address && !here
      ? make("a", { ...name, href: address.href, hreflang: version.lang }, version.label)
      : make("span", name, version.label),
    make("span", { class: `state ${status}` },
      about.map((part, at) => [at > 0 && " · ", make("bdi", null, part)]).flat()),
    beside && make("a", { class: "beside", href: beside }, word("side")),
    version.command && missingCommand(version));
}

function missingCommand(version) {
  const { command } = version;
  const code = make("code", { dir: "ltr" }, command);
  return make("div", { class: "command" }, code, make("button", {
    type: "button",
    "data-key": `copy ${version.lang}`,
    async onclick() {
      try {
        await navigator.clipboard.writeText(command);
        say(word("copied"));
      } catch {
        // Not allowed: then it is selected, ready to be copied by hand.
        getSelection().selectAllChildren(code);
      }
    },
  }, word("copy")));
}

function followBox() {
  const box = make("input", {
    type: "checkbox", "data-key": "follow", onchange: () => store(localStorage, FOLLOW, box.checked ? null : "off"),
  });
  box.checked = following();
  return box;
}

function showCorner() {
  const problems = ownProblems();
  const counts = ["error", "warning"]
    .map((severity) => [severity, problems.filter((problem) => problem.severity === severity).length])
    .filter(([, n]) => n > 0);
  const said = counts.map(([severity, n]) => counted(`${severity}s`, n));
  if (!connected && state) said.push(word("stopped"));
  fill(corner,
    state?.errors > 0 && overlay.hidden && make("button", {
      type: "button", class: "unfold", "data-key": "unfold", onclick: unfold,
    }, make("span", null, word("unfold")), make("span", { class: "count" }, String(state.errors))),
    make("button", {
      type: "button",
      class: connected || !state ? "badge" : "badge off",
      "data-key": "badge",
      "aria-expanded": String(!panel.hidden),
      "aria-controls": "panel",
      "aria-label": [word("preview"), ...said].join(" – "),
      onclick: () => panel.hidden ? openPanel() : closePanel(),
    }, make("span", { class: "letter" }, eye()),
    counts.map(([severity, n]) => make("span", { class: `count ${severity}` }, String(n)))));
}

function openPanel() {
  panel.hidden = false;
  message = "";
  showPanel();
  panel.querySelector("button")?.focus();
}

function closePanel() {
  const inside = panel.contains(shadow.activeElement);
  panel.hidden = true;
  message = "";
  showPanel();
  if (inside) corner.querySelector(".badge").focus();
}
