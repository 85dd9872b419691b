// Nothing is wider than its window, and no text is cut off or written over another, from the smallest telephone to
// letters of twice the size.

import { DESKTOP, PHONE, SMALL, each, eachReal, show, start } from "./theme.mjs";

start();

const at = (where, found) => found.map((one) => (one.selector ? { ...one, text: `${where}: ${one.text}` } : `${where}: ${one}`));
const seen = (page) => page.evaluate(() => [...look.wide(), ...look.clipped()]);

// A window of 1280 by 1024 pixels at 400 % is one of 320 by 256, in which there has to be room to read.
const covering = (page) => page.evaluate(async () => {
  scrollTo({ top: 600, behavior: "instant" });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const all = [...document.querySelectorAll("body *")].filter((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return ["fixed", "sticky"].includes(getComputedStyle(element).position) && look.visible(element) && !look.hiddenOnPurpose(element)
      && Math.min(bottom, innerHeight) - Math.max(top, 0) > innerHeight / 3;
  });
  scrollTo({ top: 0, behavior: "instant" });
  return all.map((element) => ({ text: "stays on the window and covers more than a third of it", selector: look.selector(element) }));
});

// Who sets letters of twice the size in the browser gets them.
async function enlarge(page, context) {
  const sizes = () => page.evaluate(() => [
    parseFloat(getComputedStyle(document.body).fontSize),
    Math.min(...look.texts().filter((node) => !node.parentElement.closest("sup, sub")).map((node) => parseFloat(getComputedStyle(node.parentElement).fontSize))),
  ]);
  const before = await sizes();
  await (await context.newCDPSession(page)).send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  const after = await sizes();
  const follows = (n, least, what) => (after[n] < before[n] * least ? [`${what} do not follow the size that the reader sets: ${before[n]} px, then ${after[n]} px`] : []);
  return [...follows(0, 1.9, "letters"), ...follows(1, 1.5, "the smallest letters")];
}

async function sizes(page, { context }) {
  const found = [];
  for (const size of [SMALL, PHONE, { width: 768, height: 1024 }, DESKTOP]) {
    await show(page, { viewport: size });
    found.push(...at(`${size.width} px`, await seen(page)));
  }
  await show(page, { viewport: { width: 320, height: 256 } });
  found.push(...at("at 400 %", await covering(page)));
  found.push(...await enlarge(page, context));
  for (const size of [PHONE, DESKTOP]) {
    await show(page, { viewport: size });
    found.push(...at(`letters of twice the size, ${size.width} px`, await seen(page)));
  }
  return found;
}

each("texts fit", {}, sizes);
eachReal("texts fit", { languages: ["ar", "ur"] }, sizes);

// The home tells its story, to the last of its milestones, in the window of the smallest laptops; on a telephone the
// title, the way in and the first milestones are seen.
async function told(page) {
  const found = [];
  for (const [name, viewport, last] of [["laptop", { width: 1366, height: 650 }, ".milestones"], ["desktop", { width: 1280, height: 800 }, ".milestones"], ["phone", PHONE, ".milestones li:nth-child(2)"]]) {
    await show(page, { viewport });
    const end = await page.evaluate((selector) => document.querySelector(selector)?.getBoundingClientRect().bottom, last);
    if (!(end <= viewport.height)) found.push({ text: `${name}: what the first screen tells ends at ${end} px of ${viewport.height}`, selector: last });
  }
  return found;
}
each("the home in one screen", { templates: ["home"] }, told);
