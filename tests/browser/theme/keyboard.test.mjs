// A page with the keyboard alone: every target is reached, in the order of reading, is seen when it is, and nothing
// holds the reader.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DESKTOP, LANGUAGES, PHONE, each, start, visit } from "./theme.mjs";

start();

// What a page says of its focus: `stops` are the targets in their order, with how they look when they are not in focus.
const prepare = (page) => page.addInitScript(() => {
  const rgba = (text) => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+%?/g) ?? []).map((part) => parseFloat(part));
    return /^color\(/.test(text) ? [r * 255, g * 255, b * 255, text.includes("/") ? a : 1] : [r, g, b, a];
  };
  const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
  const light = ([r, g, b]) => {
    const part = (value) => ((value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const contrast = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
    return (x + 0.05) / (y + 0.05);
  };
  // What lies behind an element; nothing where a picture does.
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "contents") continue;
      if (style.backgroundImage !== "none") return undefined;
      const color = rgba(style.backgroundColor);
      if (color[3] > 0) layers.unshift(color);
      if (color[3] >= 1) break;
    }
    return layers.reduce((below, color) => over(color, below), [255, 255, 255, 1]);
  };
  const KEYS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor", "color", "borderTopWidth", "borderBottomWidth", "borderTopColor", "borderBottomColor", "textDecorationLine", "textDecorationThickness", "stroke", "strokeWidth", "fill"];
  const look = (element) => {
    const style = getComputedStyle(element);
    return Object.fromEntries(KEYS.map((key) => [key, style[key]]));
  };
  const drawn = (element) => (element.namespaceURI.endsWith("svg") ? [element, ...element.querySelectorAll("*")] : [element]);
  const width = (text) => parseFloat(text) || 0;

  // Whether the focus of an element is seen, as WCAG has it: two pixels, with a contrast of three to one.
  function shown(element, before) {
    const now = drawn(element).map(look);
    const ground = behind(element.parentElement);
    const enough = (color) => !ground || contrast(over(rgba(color), ground), ground) >= 3;
    const reasons = [];
    for (const [n, style] of now.entries()) {
      const was = before[n] ?? style;
      if (style.outlineStyle === "auto" && was.outlineStyle !== "auto") return [];
      if (style.outlineStyle !== "none" && was.outlineStyle === "none") {
        if (width(style.outlineWidth) < 2) reasons.push(`its outline is ${style.outlineWidth} wide`);
        else if (!enough(style.outlineColor)) reasons.push(`its outline has a contrast of ${contrast(over(rgba(style.outlineColor), ground), ground).toFixed(2)}`);
        else return [];
      }
      if (style.boxShadow !== was.boxShadow && style.boxShadow !== "none" && /\b([2-9]|\d{2,})px/.test(style.boxShadow) && enough(/(rgba?|color|oklch|lab)\([^)]*\)/.exec(style.boxShadow)?.[0] ?? "rgb(0,0,0)")) return [];
      if (style.backgroundColor !== was.backgroundColor && ground && contrast(over(rgba(style.backgroundColor), ground), over(rgba(was.backgroundColor), ground)) >= 3) return [];
      for (const side of ["Top", "Bottom"]) {
        if (style[`border${side}Width`] !== was[`border${side}Width`] && width(style[`border${side}Width`]) >= 2 && enough(style[`border${side}Color`])) return [];
      }
      if (element.namespaceURI.endsWith("svg") && (style.stroke !== was.stroke || style.strokeWidth !== was.strokeWidth) && style.stroke !== "none" && width(style.strokeWidth) >= 2) return [];
    }
    return reasons.length ? reasons : ["nothing that is seen changes by two pixels"];
  }

  const SELECTOR = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const scroller = (element) => /auto|scroll/.test(getComputedStyle(element).overflow) && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
  window.focusing = {
    note() {
      this.stops = [...document.querySelectorAll(SELECTOR)].filter((element) => element.tabIndex >= 0 && !element.disabled && window.look.visible(element));
      this.before = new Map([...this.stops, ...document.querySelectorAll("pre, div, section, nav, ul")].map((element) => [element, drawn(element).map(look)]));
      return this.stops.length;
    },
    where() {
      const element = document.activeElement;
      if (!element || element === document.body || element === document.documentElement) return { none: true };
      const found = [];
      if (element.tabIndex > 0) found.push("a `tabindex` above 0");
      found.push(...shown(element, this.before.get(element) ?? []).map((reason) => `the focus is not seen: ${reason}`));
      const rect = [...element.getClientRects()].find(({ width: w, height: h }) => w > 0 && h > 0) ?? element.getBoundingClientRect();
      const [x, y] = [(rect.left + rect.right) / 2, (Math.max(rect.top, 0) + Math.min(rect.bottom, innerHeight)) / 2];
      const there = document.elementFromPoint(x, y);
      const labelled = [...(element.labels ?? [])].some((label) => label.contains(there));
      if (!there || !(element.contains(there) || there.contains(element) || labelled)) {
        found.push(there ? `something lies over it in focus: ${window.look.selector(there)}` : `it is out of the window in focus: ${Math.round(rect.left)} ${Math.round(rect.top)}`);
      }
      return {
        n: this.stops.indexOf(element), tag: element.localName, scroller: scroller(element), selector: window.look.selector(element), found,
        box: { left: rect.left + scrollX, right: rect.right + scrollX, top: rect.top + scrollY, bottom: rect.bottom + scrollY },
        list: window.look.selector(element.closest("ul, ol, dl, p, fieldset, form") ?? document.body), svg: !!element.closest("svg"),
        popup: element.getAttribute("aria-expanded") !== null && element.localName !== "summary",
        menu: element.localName === "summary" && !!element.closest("header"),
      };
    },
  };
});

// Within a list what comes next is further along the line or below it.
function follows(before, next, dir) {
  if (before.list !== next.list || before.svg || next.svg) return true;
  const row = Math.min(before.box.bottom, next.box.bottom) - Math.max(before.box.top, next.box.top) > 6;
  const along = dir === "rtl" ? next.box.right <= before.box.left + 4 : next.box.left >= before.box.right - 4;
  const below = next.box.top >= before.box.top - 2;
  return row ? along || next.box.bottom > before.box.bottom + 6 : below || along;
}

async function walk(page, { dir }) {
  const found = [];
  const tell = (text, { selector }) => found.push({ text, selector });
  const count = await page.evaluate(() => focusing.note());
  const reached = new Set();
  let last;
  for (let presses = 0; presses < count + 40; presses += 1) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate(() => focusing.where());
    if (now.none) break;
    if (last && now.selector === last.selector && now.n === last.n) {
      tell("the Tab key does not lead on from here", now);
      break;
    }
    if (now.n >= 0 && reached.has(now.n)) break;
    for (const text of now.found) tell(text, now);
    if (now.n < 0 && !now.scroller) tell("is reached, and was not a target before", now);
    if (now.n >= 0) {
      reached.add(now.n);
      if (last && last.n >= 0 && now.n < last.n) tell(`is reached after what follows it: ${last.selector}`, now);
      if (last && last.n >= 0 && !follows(last, now, dir)) tell(`comes after what is not before it on the page: ${last.selector}`, now);
    }
    if (now.tag === "summary") {
      const open = () => page.evaluate(() => document.activeElement.parentElement.open);
      const was = await open();
      await page.keyboard.press("Enter");
      if (await open() === was) tell("is not opened by Enter", now);
      if (now.menu && await open()) {
        await page.keyboard.press("Escape");
        if (await open()) tell("a menu that Escape does not close", now);
      }
      if (await open() !== was) await page.keyboard.press("Enter");
    }
    if (now.popup) {
      const state = () => page.evaluate(() => document.activeElement.getAttribute("aria-expanded"));
      const was = await state();
      await page.keyboard.press("Enter");
      if (await state() === was) tell("says that it opens something, and Enter does nothing", now);
      else {
        await page.keyboard.press("Escape");
        if (await state() !== was) tell("Escape does not close what it opened", now);
      }
    }
    last = now;
  }
  const missed = await page.evaluate((seen) => focusing.stops.flatMap((element, n) => (seen.includes(n) || !look.visible(element) || (element.type === "radio" && !element.checked) ? [] : [look.selector(element)])), [...reached]);
  for (const selector of missed) found.push({ text: "is not reached by the Tab key", selector });
  return found;
}

// The first target leads past the head of the page.
async function skip(page) {
  await page.evaluate(() => focusing.note());
  await page.keyboard.press("Tab");
  const link = await page.evaluate(() => {
    const { activeElement: element } = document;
    const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
    const target = element.hash && document.getElementById(decodeURIComponent(element.hash.slice(1)));
    return {
      main: !!target?.closest("main, [role=main]") || !!target?.querySelector("main"), selector: look.selector(element),
      seen: width > 20 && height >= 20 && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && !look.hiddenOnPurpose(element),
    };
  });
  if (!link.main) return [{ text: "the first target does not lead to the main part", selector: link.selector }];
  const found = link.seen ? [] : [{ text: "the skip link is not seen in focus", selector: link.selector }];
  await page.keyboard.press("Enter");
  const stops = await page.evaluate(() => focusing.stops.filter((element) => element.closest("main")).length);
  await page.keyboard.press("Tab");
  const inside = await page.evaluate(() => !!document.activeElement.closest("main"));
  if (stops && !inside) found.push("after the skip link the next target is not in the main part");
  return found;
}

const both = async (page, told) => {
  const found = await walk(page, told);
  if (told.template === "redirect") return found;
  await page.goto(page.url().replace(/#.*/, ""));
  return [...found, ...await skip(page)];
};

const twoWays = LANGUAGES.filter(({ lang }) => lang === "ar" || lang === "en");
each("keyboard on a desktop", { viewport: DESKTOP, prepare, few: true }, both);
each("keyboard on a desktop, dark", { viewport: DESKTOP, prepare, colorScheme: "dark", templates: ["home", "event", "timeline"], languages: twoWays }, walk);
each("keyboard on a phone", { viewport: PHONE, prepare, templates: ["home", "section", "article", "timeline", "map"], languages: twoWays }, both);

// A term's explanation comes with the focus, and goes with Escape.
describe("terms", () => {
  for (const { lang, root } of twoWays) {
    test(`an explanation goes with Escape (${lang})`, () => visit({ path: `${root}highway/`, lang, name: "term", viewport: DESKTOP }, async (page) => {
      const texts = (text) => page.evaluate((part) => look.texts().filter((node) => node.data.includes(part)).length, text);
      const link = page.locator("main a[aria-describedby]").first();
      const words = await link.evaluate((element) => document.getElementById(element.getAttribute("aria-describedby")).textContent.trim());
      assert.ok(words.length > 10);
      const before = await texts(words);
      await link.focus();
      await page.waitForFunction(([part, n]) => look.texts().filter((node) => node.data.includes(part)).length > n, [words, before], { timeout: 5000 });
      const found = await page.evaluate(() => [...look.wide(), ...look.clipped()]);
      await page.keyboard.press("Escape");
      if (await texts(words) !== before) found.push("Escape does not take the explanation away");
      return found;
    }));
  }
});
