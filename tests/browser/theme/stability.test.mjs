// Nothing moves while a page comes, whatever comes last, nor while it is read.

import { DESKTOP, PHONE, each, eachReal, start } from "./theme.mjs";

// Faces come late, pictures later.
const delay = (path, type) => (/font/.test(type) ? 300 : /image/.test(type) ? 500 : 0);
start({ delay });

const MOST = 0.01;

const watch = (page) => page.addInitScript(() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      window.shifts.push({ value: entry.value, at: Math.round(entry.startTime), moved: entry.sources.map(({ node, previousRect, currentRect }) => ({
        selector: node ? look.selector(node.nodeType === 1 ? node : node.parentElement) : "(gone)",
        from: [previousRect.x, previousRect.y, previousRect.width, previousRect.height].map(Math.round).join(" "),
        to: [currentRect.x, currentRect.y, currentRect.width, currentRect.height].map(Math.round).join(" "),
      })) });
    }
  }).observe({ type: "layout-shift", buffered: true });
});

async function still(page) {
  const shifts = await page.evaluate(async () => {
    const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await document.fonts.ready;
    await new Promise((done) => setTimeout(done, 150));
    const step = innerHeight * 0.8;
    for (let top = step; top < document.documentElement.scrollHeight; top += step) {
      scrollTo({ top, behavior: "instant" });
      await frames();
    }
    // Pictures that are loaded when they are near come late too.
    await Promise.all([...document.images].filter((image) => !image.complete).map((image) => Promise.race([
      new Promise((done) => { image.onload = image.onerror = done; }), new Promise((done) => setTimeout(done, 1500)),
    ])));
    await document.fonts.ready;
    await frames();
    return window.shifts;
  });
  const sum = shifts.reduce((all, { value }) => all + value, 0);
  if (sum < MOST) return [];
  const moved = shifts.filter(({ value }) => value > 0.0005).flatMap(({ value, at, moved: parts }) =>
    parts.map(({ selector, from, to }) => ({ text: `moved by ${value.toFixed(4)} at ${at} ms, from ${from} to ${to}`, selector })));
  return [`layout shift of ${sum.toFixed(4)}, at most ${MOST} is allowed`, ...moved];
}

const options = { prepare: watch, concurrency: 8 };
each("nothing moves on a phone", { ...options, viewport: PHONE }, still);
each("nothing moves on a desktop", { ...options, viewport: DESKTOP, few: true }, still);
eachReal("nothing moves on a phone", { ...options, viewport: PHONE, delay }, still);
