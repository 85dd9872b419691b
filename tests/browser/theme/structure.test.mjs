// What a page is to those who do not see it: landmarks, headings, names and languages; and targets that can be hit.

import { DESKTOP, PHONE, each, eachReal, show, start } from "./theme.mjs";

start();

const SCRIPTS = { ar: "Arabic", fa: "Arabic", ur: "Arabic", ps: "Arabic", sd: "Arabic", ug: "Arabic", zh: "Han", en: "Latin", de: "Latin", fr: "Latin", es: "Latin", tr: "Latin" };

const structure = (page, told) => page.evaluate(({ lang, dir, template, scripts }) => {
  const found = [];
  const tell = (text, element) => found.push(element ? { text, selector: look.selector(element) } : text);
  const all = (selector) => [...document.querySelectorAll(selector)].filter(look.visible);
  const languageOf = (element) => element.closest("[lang]")?.getAttribute("lang") ?? "";
  const scriptOf = (element) => scripts[languageOf(element).split("-")[0].toLowerCase()];
  const leads = template === "redirect";

  // Of the page
  const root = document.documentElement;
  if (root.lang !== lang) tell(`the page says that it is in «${root.lang}»`);
  if (root.dir !== dir || getComputedStyle(root).direction !== dir) tell(`the page runs ${getComputedStyle(root).direction}, its \`dir\` is «${root.dir}»`);
  if (!document.title.trim()) tell("the page has no title");
  if (document.querySelector("meta[name=viewport]")?.content.match(/maximum-scale|user-scalable/)) tell("the page cannot be zoomed");

  // Landmarks
  const inside = (element) => element.parentElement.closest("main, article, aside, nav, section, [role=main], [role=article]");
  const one = (what, found) => {
    if (found.length !== 1) tell(`${found.length} ${what}, where there is to be one`, found[1]);
  };
  one("main", all("main, [role=main]"));
  if (!leads) {
    one("banner", all("header, [role=banner]").filter((element) => element.getAttribute("role") === "banner" || !inside(element)));
    one("contentinfo", all("footer, [role=contentinfo]").filter((element) => element.getAttribute("role") === "contentinfo" || !inside(element)));
  }
  const name = (element) => {
    const by = element.getAttribute("aria-labelledby");
    if (by) return by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
    return (element.getAttribute("aria-label") ?? "").trim();
  };
  for (const kind of ["nav, [role=navigation]", "aside:not([role]), [role=complementary]", "section[aria-label], section[aria-labelledby], [role=region]", "form, [role=search]"]) {
    const names = new Map();
    const elements = all(kind);
    for (const element of elements) {
      const own = name(element);
      // A landmark that is alone of its kind needs no name, but for navigation, of which there are always several.
      if (!own && (kind.startsWith("nav") || elements.length > 1) && !kind.startsWith("form")) tell(`<${element.localName}> has no name`, element);
      if (own && names.has(own)) tell(`<${element.localName}> has the name «${own}» that another has`, element);
      names.set(own, element);
    }
  }

  // Headings
  const headings = all("h1, h2, h3, h4, h5, h6");
  const firsts = headings.filter(({ localName }) => localName === "h1");
  if (!leads && firsts.length !== 1) tell(`${firsts.length} <h1>`, firsts[1]);
  let last = 0;
  for (const heading of headings) {
    const level = Number(heading.localName[1]);
    if (level > last + 1) tell(`<h${level}> after <h${last}>: «${look.words(heading.textContent)}»`, heading);
    if (!heading.textContent.trim()) tell("an empty heading", heading);
    last = level;
  }

  // Names are in the language of where they stand.
  for (const element of document.querySelectorAll("[aria-label], [title], img[alt], [aria-description], [aria-roledescription], [placeholder]")) {
    for (const attribute of ["aria-label", "title", "alt", "aria-description", "aria-roledescription", "placeholder"]) {
      const value = element.getAttribute(attribute);
      const script = value && look.script(value);
      if (script && scriptOf(element) && script !== scriptOf(element)) tell(`\`${attribute}\` «${look.words(value)}» is not in «${languageOf(element)}»`, element);
    }
  }
  for (const element of document.querySelectorAll("[aria-labelledby], [aria-describedby], [aria-controls], [for]")) {
    for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
      for (const id of (element.getAttribute(attribute) ?? "").split(/\s+/).filter(Boolean)) if (!document.getElementById(id)) tell(`\`${attribute}\` names «${id}», which is not there`, element);
    }
  }
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    if (id && id !== "top" && !document.getElementById(id)) tell(`leads to «#${id}», which is not there`, link);
  }
  for (const element of document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select")) {
    const labels = element.labels ? [...element.labels].map((label) => label.textContent).join(" ") : "";
    const pictures = [...element.querySelectorAll("img[alt], svg[aria-label], svg title, [aria-label]")].map((one) => one.getAttribute("alt") ?? one.getAttribute("aria-label") ?? one.textContent).join("");
    if (look.visible(element) && !(name(element) || element.textContent.trim() || labels.trim() || pictures.trim())) tell("has no name", element);
  }

  // What is said to be in a language is in its script, and runs as it runs.
  const blocks = new Map();
  for (const node of look.texts()) {
    if (node.parentElement.closest("code, pre, kbd, samp, bdi, [translate=no], [dir=auto]") || /^\s*https?:\/\//.test(node.data)) continue;
    const owner = node.parentElement.closest("[lang]");
    let block = node.parentElement;
    while (block !== owner && getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
    const key = block;
    if (!blocks.has(key)) blocks.set(key, { owner, text: "" });
    blocks.get(key).text += `${node.data} `;
  }
  for (const [block, { text }] of blocks) {
    const letters = text.match(/\p{L}/gu)?.length ?? 0;
    const script = look.script(text);
    if (letters < 10 || !script) continue;
    const expected = scriptOf(block);
    if (expected && script !== expected) tell(`«${look.words(text)}» is said to be in «${languageOf(block)}»`, block);
    const runs = getComputedStyle(block).direction;
    if (runs !== (script === "Arabic" ? "rtl" : "ltr")) tell(`«${look.words(text)}» runs ${runs}`, block);
  }
  for (const element of document.querySelectorAll("[lang]")) {
    const script = scripts[element.lang.split("-")[0].toLowerCase()];
    const direction = script === "Arabic" ? "rtl" : "ltr";
    if (script && look.visible(element) && /\p{L}/u.test(element.textContent) && getComputedStyle(element).direction !== direction
      && !element.closest("svg") && !(element.localName === "option")) tell(`is in «${element.lang}» and runs ${getComputedStyle(element).direction}`, element);
  }
  return found;
}, { lang: told.lang, dir: told.dir, template: told.template, scripts: SCRIPTS });

// Targets of at least 24 by 24 pixels (WCAG 2.2, 2.5.8): in navigation and controls in any case, elsewhere unless they
// stand in a line of text, or apart from others.
const targets = (page) => page.evaluate(() => {
  const LEAST = 24;
  const all = [...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden]), [role=button], [role=tab], [role=switch]")]
    .filter((element) => look.visible(element) && !look.hiddenOnPurpose(element) && !element.closest("svg") && !element.disabled);
  const area = (element) => {
    const boxes = [element, ...(element.labels ?? [])].map((one) => one.getBoundingClientRect());
    const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
    const [right, bottom] = [Math.max(...boxes.map((box) => box.right)), Math.max(...boxes.map((box) => box.bottom))];
    return { left: left + scrollX, top: top + scrollY, right: right + scrollX, bottom: bottom + scrollY, width: right - left, height: bottom - top };
  };
  const areas = new Map(all.map((element) => [element, area(element)]));
  const small = ({ width, height }) => width < LEAST - 0.5 || height < LEAST - 0.5;
  const inLine = (element) => {
    if (getComputedStyle(element).display !== "inline") return false;
    let block = element.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    const links = [...block.querySelectorAll("a[href], button")].map((link) => link.textContent).join("");
    const letters = (text) => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
    return letters(block.textContent) > letters(links) || !!element.closest("sup, sub");
  };
  const circle = ({ left, right, top, bottom }) => ({ x: (left + right) / 2, y: (top + bottom) / 2 });
  const far = (point, box) => Math.hypot(Math.max(box.left - point.x, 0, point.x - box.right), Math.max(box.top - point.y, 0, point.y - box.bottom));
  const hit = (element) => {
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const box = element.getBoundingClientRect();
    const { x, y } = circle(box);
    const across = Math.min(x, LEAST / 2 - 0.5);
    return [[0, LEAST / 2 - 0.5], [0, 0.5 - LEAST / 2], [across, 0], [-across, 0]].every(([dx, dy]) => {
      const there = document.elementFromPoint(x + dx, y + dy);
      return there && (element.contains(there) || there.contains(element) && there.closest("a, label, button, summary") === element);
    });
  };
  const found = [];
  for (const element of all) {
    const own = areas.get(element);
    if (!small(own) || inLine(element)) continue;
    const strict = element.localName !== "a" || element.closest("nav, [role=navigation]");
    const middle = circle(own);
    const apart = () => all.every((other) => other === element || element.contains(other) || other.contains(element)
      || (far(middle, areas.get(other)) >= LEAST / 2 && (!small(areas.get(other)) || Math.hypot(middle.x - circle(areas.get(other)).x, middle.y - circle(areas.get(other)).y) >= LEAST)));
    if (hit(element) || (!strict && apart())) continue;
    found.push({ text: `a target of ${Math.round(own.width)} × ${Math.round(own.height)} px: «${look.words(element.textContent || element.name)}»`, selector: look.selector(element) });
  }
  scrollTo({ top: 0, behavior: "instant" });
  return found;
});

const at = (where, found) => found.map((one) => ({ ...one, text: `${where}: ${one.text}` }));
async function check(page, told) {
  const found = await structure(page, told);
  for (const [name, viewport] of [["phone", PHONE], ["desktop", DESKTOP]]) {
    await show(page, { viewport });
    found.push(...at(name, await targets(page)));
  }
  return found;
}

each("structure", {}, check);
eachReal("structure", {}, check);
