// The page for those who want no motion, have colours of their own, print it, or run no scripts.

import { join } from "node:path";
import { mkdir, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { DESKTOP, PHONE, TEMPLATES, each, eachReal, show, source, start } from "./theme.mjs";

start();

const inpage = await source("inpage.js");

each("without motion", { reducedMotion: "reduce", few: true, templates: ["home", "section", "article", "place with pictures", "timeline", "map"] }, (page) => page.evaluate(() => {
  const found = [];
  const seconds = (text) => Math.max(0, ...text.split(",").map((part) => (part.trim().endsWith("ms") ? parseFloat(part) / 1000 : parseFloat(part))));
  for (const element of document.querySelectorAll("*")) {
    for (const pseudo of [null, "::before", "::after"]) {
      const style = getComputedStyle(element, pseudo);
      const moves = [];
      if (seconds(style.transitionDuration) > 0.01 && style.transitionProperty !== "none") moves.push(`a transition of ${style.transitionDuration}`);
      if (style.animationName !== "none" && seconds(style.animationDuration) > 0.01) moves.push(`the animation ${style.animationName}`);
      if (!pseudo && style.scrollBehavior === "smooth") moves.push("smooth scrolling");
      for (const what of moves) found.push({ text: `${what}${pseudo ?? ""}, though the reader wants no motion`, selector: look.selector(element) });
    }
  }
  if (document.getAnimations().some((one) => one.playState === "running" && one.effect.getComputedTiming().duration > 10)) found.push("an animation runs");
  const rules = (list, quiet) => [...list].flatMap((rule) => {
    if (rule.constructor.name === "CSSViewTransitionRule" && !quiet && rule.navigation === "auto") return [rule];
    return rule.cssRules ? rules(rule.cssRules, quiet || (rule.conditionText ?? "").includes("prefers-reduced-motion: no-preference")) : [];
  });
  if ([...document.styleSheets].some((sheet) => rules(sheet.cssRules, false).length)) found.push("pages slide into each other, though the reader wants no motion");
  return found;
}));

// In the system's colours nothing may be told by a background alone.
each("forced colours", { viewport: DESKTOP, forcedColors: "active", few: true, templates: ["home", "article", "event", "place", "timeline", "map", "second page of a section"] }, (page) => page.evaluate(() => {
  const found = [];
  const tell = (text, element) => found.push({ text, selector: look.selector(element) });
  for (const control of document.querySelectorAll("button, select, input[type=text], input[type=search]")) {
    if (!look.visible(control)) continue;
    const style = getComputedStyle(control);
    if (parseFloat(style.borderTopWidth) < 1 && parseFloat(style.outlineWidth) < 1 && !control.textContent.trim()) tell("a control without a border", control);
  }
  for (const element of document.querySelectorAll("*")) {
    if (getComputedStyle(element).forcedColorAdjust === "none" && element.textContent.trim() && look.visible(element) && !element.closest("svg") && element !== document.documentElement) tell("keeps its own colours", element);
    const { maskImage } = getComputedStyle(element, "::before");
    const before = getComputedStyle(element, "::before");
    if (maskImage && maskImage !== "none" && before.forcedColorAdjust !== "none" && before.backgroundColor === getComputedStyle(document.body).backgroundColor) tell("a picture that is a mask is not seen", element);
  }
  const light = (color) => {
    const [r, g, b] = color.match(/[\d.]+/g).map((value) => ((value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor, display } = getComputedStyle(at);
      if (display !== "contents" && !/, 0\)$/.test(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  for (const node of look.texts()) {
    const [a, b] = [light(getComputedStyle(node.parentElement).color), light(ground(node.parentElement))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) tell(`the letters cannot be read: «${look.words(node.data)}»`, node.parentElement);
  }
  for (const text of document.querySelectorAll("svg text")) {
    const { fill } = getComputedStyle(text);
    if (look.visible(text) && fill === getComputedStyle(document.body).backgroundColor) tell("the letters of the drawing are not seen", text);
  }
  return found;
}));

// Those that are printed in earnest.
const PRINTED = ["home", "article", "event", "place with pictures", "source", "timeline"];

// Paper: black on white, no navigation, addresses and sources spelt out.
async function paper(page, { template, lang }) {
  const links = await page.evaluate(() => document.querySelectorAll('main a[role="doc-biblioref"], main sup.cite a').length);
  await show(page, { media: "print", colorScheme: "light", viewport: { width: 690, height: 1000 } });
  const found = await page.evaluate((cited) => {
    const found = [];
    const tell = (text, element) => found.push({ text: `on paper: ${text}`, selector: look.selector(element) });
    for (const element of document.querySelectorAll("nav, [role=navigation], form, button, select, [role=search], [role=status]")) if (look.visible(element)) tell(`<${element.localName}> is of no use`, element);
    const skip = document.querySelector('body > a[href^="#"]');
    if (skip && look.visible(skip)) tell("the skip link is of no use", skip);
    const numbers = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const light = (color) => {
      const [r, g, b] = numbers(color).map((value) => ((value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const told = new Set();
    for (const node of look.texts()) {
      const element = node.parentElement;
      const { color } = getComputedStyle(element);
      if (1.05 / (light(color) + 0.05) < 7 && !told.has(color)) {
        told.add(color);
        tell(`text in ${color}, which is not black: «${look.words(node.data)}»`, element);
      }
    }
    for (const element of document.querySelectorAll("html, body, body *")) {
      const { backgroundColor, backgroundImage, position } = getComputedStyle(element);
      const [, , , alpha = 1] = numbers(backgroundColor);
      if (!look.visible(element) || element.closest("svg") || !element.textContent.trim()) continue;
      if (alpha > 0 && light(backgroundColor) * alpha + (1 - alpha) < 0.7) tell(`a ground of ${backgroundColor}`, element);
      if (/gradient/.test(backgroundImage)) tell("a ground that is a gradient", element);
      if (position === "fixed" || position === "sticky") tell(`stays at its place on every page (${position})`, element);
    }
    for (const link of document.querySelectorAll('main a[href^="http"]')) {
      if (!look.visible(link) || !link.textContent.trim()) continue;
      const address = link.getAttribute("href");
      const written = `${getComputedStyle(link, "::after").content} ${getComputedStyle(link, "::before").content}`;
      if (!link.textContent.includes(address) && !written.includes("attr(href)") && !written.includes(address)) tell(`the address is not written: ${address}`, link);
    }
    const references = [...document.querySelectorAll('main [id^="ref-"]')];
    if (cited && !references.some(look.visible)) found.push("on paper: the sources are not there");
    if (!look.visible(document.querySelector("h1") ?? document.body)) found.push("on paper: the title is not there");
    return [...found, ...look.wide()];
  }, links);
  if (!PRINTED.includes(template)) return found;
  const pdf = await page.pdf({ format: "A4", margin: { top: "18mm", bottom: "18mm", left: "18mm", right: "18mm" } });
  const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  if (!pdf.subarray(0, 4).equals(Buffer.from("%PDF")) || sheets < 1) found.push("on paper: there is nothing");
  if (process.env.SCREENSHOTS) {
    await mkdir(process.env.SCREENSHOTS, { recursive: true });
    await writeFile(join(process.env.SCREENSHOTS, `${template.replace(/[^\p{L}\p{N}]+/gu, "-")}-${lang}.pdf`), pdf);
  }
  return found;
}
each("paper", { few: true, templates: Object.keys(TEMPLATES).filter((name) => name !== "redirect") }, paper);
eachReal("paper", { languages: ["ar"] }, paper);

// Without scripts everything can be read, and every menu opened.
const bare = (page) => page.evaluate(() => {
  const found = [];
  const tell = (text, element) => found.push({ text: `without scripts: ${text}`, selector: look.selector(element) });
  const opened = (element) => {
    const folded = element.closest("details:not([open])");
    if (folded) return look.visible(folded.querySelector("summary"));
    const popover = element.closest("[popover]");
    if (!popover) return false;
    if ([...document.querySelectorAll(`[popovertarget="${popover.id}"], [commandfor="${popover.id}"]`)].some(look.visible)) return true;
    // One that is shown in any case, as within the menu of a phone, is opened with what it is in.
    return getComputedStyle(popover).display !== "none" && opened(popover.parentElement);
  };
  for (const link of document.querySelectorAll("header a[href], footer a[href], nav a[href]")) if (!look.visible(link) && !opened(link)) tell(`a link cannot be reached: «${look.words(link.textContent)}»`, link);
  for (const button of document.querySelectorAll("button, input[type=button]")) {
    if (look.visible(button) && !button.hasAttribute("popovertarget") && !button.hasAttribute("commandfor") && !(button.form?.action && button.type === "submit")) tell("a button that does nothing", button);
  }
  for (const element of document.querySelectorAll("[role=status]")) if (element.textContent.trim() && look.visible(element)) tell("tells of what does not happen", element);
  for (const image of document.images) if (look.visible(image) && image.hasAttribute("data-src")) tell("a picture that waits for a script", image);
  const words = look.texts().filter((node) => !node.parentElement.closest("form, [role=status], .search-slash")).map((node) => node.data.replace(/\s+/g, " ").trim());
  return { found, words };
});
async function scriptless(page, { context, path }) {
  const found = [];
  const other = await context.browser().newContext({ viewport: PHONE, javaScriptEnabled: false, reducedMotion: "reduce" });
  try {
    const plain = await other.newPage();
    await plain.goto(page.url());
    for (const viewport of [PHONE, DESKTOP]) {
      await show(page, { viewport });
      // Where no scripts run, no frame can be waited for either.
      await plain.setViewportSize(viewport);
      await plain.waitForTimeout(200);
      await plain.evaluate(inpage);
      const [one, without] = [await bare(page), await bare(plain)];
      const there = new Set(without.words);
      found.push(...without.found.map((one) => ({ ...one, text: `${viewport.width} px, ${one.text}` })));
      for (const text of one.words) if (!there.has(text)) found.push(`${viewport.width} px, without scripts: cannot be read at ${path}: «${text.slice(0, 60)}»`);
    }
  } finally {
    await other.close();
  }
  // And what scripts there are, are small: 15 KiB compressed, in all.
  const scripts = await page.evaluate(() => Promise.all([...document.querySelectorAll("script[src], link[rel=modulepreload]")].map(async (script) => {
    const url = script.src || script.href;
    return { url, text: await (await fetch(url)).text() };
  })));
  const sizes = scripts.map(({ url, text }) => [new URL(url).pathname, gzipSync(text, { level: 9 }).length]);
  const sum = sizes.reduce((all, [, size]) => all + size, 0);
  if (sum > 15 * 1024) found.push(`scripts of ${sum} bytes, compressed: ${sizes.map((one) => one.join(" ")).join(", ")}`);
  return found;
}
each("without scripts", { few: true, templates: Object.keys(TEMPLATES).filter((name) => name !== "redirect") }, scriptless);
