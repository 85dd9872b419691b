// A page in Arabic is the mirror of the same page in English, and Urdu is to Chinese what Arabic is to English: measured
// by the boxes of its parts.

import { DESKTOP, LANGUAGES, PHONE, TEMPLATES, each, show, site, start } from "./theme.mjs";

start();

// The parts that every page of a template has, whatever its language.
const parts = (page) => page.evaluate(() => {
  const all = {};
  const root = document.documentElement;
  const width = root.clientWidth;
  const keep = (name, element) => {
    if (!element || !look.visible(element) || look.hiddenOnPurpose(element)) return;
    const { left, right, top, bottom } = element.getBoundingClientRect();
    all[name] = { left, right, top: top + scrollY, bottom: bottom + scrollY, selector: look.selector(element) };
  };
  const seen = (list) => [...list].filter((element) => look.visible(element) && !look.hiddenOnPurpose(element));
  const banner = document.querySelector("body > header, [role=banner]");
  const main = document.querySelector("main");
  const footer = document.querySelector("body > footer, [role=contentinfo]");
  keep("banner", banner);
  keep("main", main);
  keep("contentinfo", footer);
  const home = document.querySelector("header a[href]");
  keep("brand", home);
  seen(banner?.querySelectorAll("nav") ?? []).forEach((nav, n) => {
    keep(`nav ${n + 1} of the banner`, nav);
    const links = seen(nav.querySelectorAll("a"));
    keep(`first link of nav ${n + 1} of the banner`, links[0]);
    keep(`second link of nav ${n + 1} of the banner`, links[1]);
  });
  const crumbs = main?.querySelector("nav:has([aria-current=page])");
  keep("breadcrumbs", crumbs);
  keep("first breadcrumb", crumbs?.querySelector("li"));
  keep("second breadcrumb", crumbs?.querySelectorAll("li")[1]);
  keep("h1", main?.querySelector("h1"));
  keep("first heading", main?.querySelector("h2"));
  keep("references", main?.querySelector("section[aria-labelledby=page_references]"));
  // The column beside the text: what holds the facts or the contents, and is narrower than the main part.
  let side = main?.querySelector("dl.facts, nav.toc, aside:not([role=note])");
  while (side && side !== main && !(side.parentElement.getBoundingClientRect().width > side.getBoundingClientRect().width * 1.6)) side = side.parentElement;
  const beside = side && side !== main && seen(side.parentElement.children).filter((other) => {
    const [a, b] = [side.getBoundingClientRect(), other.getBoundingClientRect()];
    return other !== side && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 20 && (b.right <= a.left + 1 || b.left >= a.right - 1);
  })[0];
  if (beside && !side.closest(".content")) {
    keep("side column", side);
    keep("text beside the side column", beside);
  }
  return { all, width, size: parseFloat(getComputedStyle(root).fontSize), tall: root.scrollHeight };
});

function compare(rtl, ltr, where) {
  const found = [];
  const tell = (text, part) => found.push({ text: `${where}: ${text}`, selector: part.selector });
  const insets = ({ left, right }, width, direction) => (direction === "rtl" ? [width - right, left] : [left, width - right]);
  const near = (a, b) => Math.abs(a - b) <= 8 + 0.2 * Math.max(Math.abs(a), Math.abs(b));
  const middle = ([begin, end]) => Math.abs(begin - end) <= 12;
  const names = Object.keys(rtl.all).filter((name) => name in ltr.all);
  for (const name of ["banner", "main", "contentinfo", "brand", "h1"]) if (!names.includes(name) && (name in rtl.all || name in ltr.all)) found.push(`${where}: ${name} is on one of the pages alone`);
  for (const name of names) {
    const [one, other] = [insets(rtl.all[name], rtl.width, "rtl"), insets(ltr.all[name], ltr.width, "ltr")];
    // What begins or ends a row lies as far from that side; what is centred, is so in both.
    const wraps = /^second|^nav|link of nav/.test(name);
    if (!near(one[0], other[0]) && !near(one[1], other[1]) && !(middle(one) && middle(other)) && !wraps) {
      tell(`${name} is ${one.map(Math.round)} px from begin and end of the line, in the other direction ${other.map(Math.round)}`, rtl.all[name]);
    }
  }
  // Of two things in a row, the one that is on the right of the other there is on its left here.
  for (const a of names) {
    for (const b of names) {
      if (a >= b) continue;
      const row = ({ all }) => Math.min(all[a].bottom, all[b].bottom) - Math.max(all[a].top, all[b].top) > 4;
      if (!row(rtl) || !row(ltr)) continue;
      const before = ({ all }) => all[a].right <= all[b].left + 2;
      const behind = ({ all }) => all[a].left >= all[b].right - 2;
      if ((before(rtl) && before(ltr)) || (behind(rtl) && behind(ltr))) tell(`${a} and ${b} lie in the same order in both directions`, rtl.all[a]);
    }
  }
  return found;
}

// Where things are, in the words of the eye.
function sides({ all, width }, direction, where) {
  const found = [];
  const begin = ({ left, right }) => (direction === "rtl" ? width - right : left);
  const end = ({ left, right }) => (direction === "rtl" ? left : width - right);
  const side = direction === "rtl" ? "right" : "left";
  for (const name of ["brand", "breadcrumbs", "first breadcrumb", "h1", "first link of nav 1 of the banner"]) {
    const part = all[name];
    if (part && begin(part) > end(part) + 12) found.push({ text: `${where}: ${name} is not on the ${side}`, selector: part.selector });
  }
  for (const [first, second] of [["first breadcrumb", "second breadcrumb"], ["text beside the side column", "side column"], ["first link of nav 1 of the banner", "second link of nav 1 of the banner"]]) {
    const [a, b] = [all[first], all[second]];
    if (!a || !b || Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) < 4) continue;
    if (direction === "rtl" ? a.left < b.right - 2 : a.right > b.left + 2) found.push({ text: `${where}: ${first} does not come before ${second}`, selector: a.selector });
  }
  return found;
}

const alone = ["page in Arabic alone", "page in English alone"];
each("mirrored", { viewport: DESKTOP, languages: LANGUAGES.filter(({ dir }) => dir === "rtl"), templates: Object.keys(TEMPLATES).filter((name) => !alone.includes(name)) }, async (page, { context, lang, template }) => {
  const twin = LANGUAGES[LANGUAGES.findIndex((one) => one.lang === lang) + 1];
  const other = await context.newPage();
  await other.goto(site().origin + encodeURI(twin.root + TEMPLATES[template]));
  const found = [];
  for (const viewport of [DESKTOP, PHONE]) {
    const measured = [];
    for (const one of [page, other]) {
      await show(one, { viewport });
      measured.push(await parts(one));
    }
    found.push(...compare(...measured, `${viewport.width} px, ${lang} and ${twin.lang}`), ...sides(measured[0], "rtl", `${viewport.width} px, ${lang}`), ...sides(measured[1], "ltr", `${viewport.width} px, ${twin.lang}`));
  }
  return found;
});
