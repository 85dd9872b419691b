// What the tests have in common: the site, built and served; a browser; pages opened in it, of which everything is
// reported that is wrong with them.
//
//     npm ci && DHIKRA=../../../target/release/dhikra node --test
//
// SITE names the folder of the site if it is built already, REAL that of another built site of which a sample is
// looked at too. CHROMIUM names the browser; FAILED the folder for pictures of pages that fail a test.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { FEW, LANGUAGES, TEMPLATES, sample, survey } from "./pages.mjs";
import { serve } from "./server.mjs";

export const HERE = dirname(fileURLToPath(import.meta.url));
const AT_ONCE = availableParallelism() + 1;
const FAILED = process.env.FAILED ?? join(HERE, "../../../target/theme-failures");

export { LANGUAGES, TEMPLATES };
export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 900 };
export const SMALL = { width: 320, height: 640 };

let browser, server, folder, built;
// What was found, and on which pages: the same mistake is mostly on many.
const summary = new Map();

// Called at the head of a test file. `delay` is the server's; `alter` makes another site of a copy of the tests' own,
// which is built then in any case.
export function start({ delay, alter } = {}) {
  before(async () => {
    built = !alter && process.env.SITE && resolve(process.env.SITE);
    if (!built) {
      assert.ok(process.env.DHIKRA, "DHIKRA must name the program, such as target/release/dhikra, or SITE the built site");
      folder = await mkdtemp(join(tmpdir(), "dhikra-theme-"));
      await cp(join(HERE, "site"), join(folder, "site"), { recursive: true });
      await alter?.(join(folder, "site"));
      built = join(folder, "public");
      await promisify(execFile)(resolve(process.env.DHIKRA), ["build", "--root", join(folder, "site"), "--out", built]);
    }
    server = await serve(built, { delay });
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--hide-scrollbars", "--force-color-profile=srgb"],
    });
  });
  after(async () => {
    for (const [text, pages] of [...summary].sort((a, b) => b[1].length - a[1].length).slice(0, 40)) {
      console.log(`${pages.length} × ${text}\n      on ${pages.slice(0, 4).join(" ")}${pages.length > 4 ? " …" : ""}`);
    }
    await browser?.close();
    await server?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });
}

export const site = () => ({ built, origin: server.origin, browser });

// How long a page is looked at, in milliseconds. Rarely a browser draws a page no more, and nothing wakes it: that is
// no mistake of the page, which is opened once more.
const PATIENCE = 90_000;
class Stalled extends Error {}

async function within(time, work) {
  let timer;
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Stalled(`nothing was heard of the page for ${time / 1000} s`)), time); });
  return Promise.race([work(), late]).finally(() => clearTimeout(timer));
}

// Opens a page in a window of its own and hands it to `look`, which returns what it finds: texts, or `{ text, selector }`.
// Beside that every error on the console, every request that fails or leaves the site, is one.
export async function visit({ origin = server.origin, path, lang = "", name = path, status = 200, again = false, ...options }, look) {
  const { prepare, until = "load", patience = PATIENCE, ...rest } = options;
  const context = await browser.newContext({ viewport: PHONE, reducedMotion: "reduce", ...rest });
  const found = [];
  context.on("weberror", (error) => found.push(`error of a script: ${error.error()}`));
  context.on("console", (line) => line.type() === "error" && found.push(`on the console: ${line.text().slice(0, 300)} (${line.location().url})`));
  // What is broken off because the page is left, has not failed.
  context.on("requestfailed", (request) => request.failure()?.errorText !== "net::ERR_ABORTED" && found.push(`request failed: ${request.url()} (${request.failure()?.errorText})`));
  context.on("request", (request) => new URL(request.url()).origin !== origin && !request.url().startsWith("data:") && found.push(`request leaves the site: ${request.url()}`));
  context.on("response", (response) => response.status() >= 400 && found.push(`${response.status()}: ${response.url()}`));
  if (rest.javaScriptEnabled !== false) await context.addInitScript({ path: join(HERE, "inpage.js") });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const tell = [];
  try {
    await within(patience, async () => {
      await prepare?.(page, context);
      const response = await page.goto(origin + encodeURI(path), { waitUntil: until });
      if (response.status() !== status) found.push(`answered with ${response.status()}`);
      tell.push(...(await look(page, { lang, path, context })) ?? []);
    });
  } catch (error) {
    if (error instanceof Stalled && !again) {
      await within(5_000, () => context.close()).catch(() => {});
      return visit({ origin, path, lang, name, status, again: true, ...options }, look);
    }
    tell.push(error.stack ?? String(error));
  }
  const key = (one) => JSON.stringify(one);
  const all = [...new Map([...found, ...tell].map((one) => [key(one), one])).values()];
  for (const one of all) {
    // The same thing at the same place, whatever its words and numbers.
    const text = `${(one.text ?? one).split("\n")[0].replace(/«[^»]*»/g, "«…»").replace(/-?\d+(\.\d+)?/g, "n")}${one.selector ? ` at ${one.selector.split(" > ").slice(-3).join(" > ").replace(/:nth-(of-type|child)\(\d+\)|#[^ ]+|\[[^\]]*\]/g, "")}` : ""}`;
    const pages = summary.get(text) ?? [];
    if (pages.at(-1) !== path) pages.push(path);
    summary.set(text, pages);
  }
  if (all.length) await blame(page, all, [name, lang]);
  await context.close();
  if (all.length) {
    const shown = all.slice(0, 30).map((one) => `  ${one.selector ? `${one.text}\n      at ${one.selector}` : one}`);
    assert.fail(`${path}${lang && ` (${lang})`}: ${all.length} found\n${shown.join("\n")}${all.length > 30 ? "\n  …" : ""}`);
  }
}

// Leaves a picture of the page, in which what was found is outlined.
async function blame(page, all, names) {
  try {
    await mkdir(FAILED, { recursive: true });
    await page.evaluate((selectors) => {
      for (const selector of selectors) {
        try {
          for (const element of document.querySelectorAll(selector)) element.style.outline = "3px dashed magenta";
        } catch { /* a selector of an element in a frame or shadow */ }
      }
    }, all.map(({ selector }) => selector).filter(Boolean));
    const file = names.filter(Boolean).join("-").replace(/[^\p{L}\p{N}]+/gu, "-");
    const picture = join(FAILED, `${file}.png`);
    const { width } = page.viewportSize();
    const height = await page.evaluate(() => Math.min(document.documentElement.scrollHeight, 12_000));
    await page.screenshot({ path: picture, fullPage: true, clip: { x: 0, y: 0, width, height } });
    all.push(`picture: ${picture}`);
  } catch (error) {
    all.push(`no picture: ${error}`);
  }
}

// A test of `look` for each template in each language, several at a time; with `few`, of some languages only a few.
export function each(what, { templates = Object.keys(TEMPLATES), languages = LANGUAGES, few = false, concurrency = AT_ONCE, ...options }, look) {
  describe(what, { concurrency }, () => {
    for (const template of templates) {
      for (const language of languages) {
        if (few && !["ar", "en"].includes(language.lang) && !FEW.includes(template)) continue;
        test(`${what}: ${template} (${language.lang})`, () =>
          visit({ path: language.root + TEMPLATES[template], lang: language.lang, name: `${what} ${template}`, ...options }, (page, more) =>
            look(page, { ...more, ...language, template })));
      }
    }
  });
}

// The same for a sample of the pages of the site REAL, if there is one.
export function eachReal(what, { concurrency = AT_ONCE, delay, languages, ...options }, look) {
  if (!process.env.REAL) return;
  describe(`${what}, of the real site`, { concurrency }, () => {
    let real;
    before(async () => { real = await serve(resolve(process.env.REAL), { delay }); });
    after(() => real?.close());
    test(`${what}: a sample of the real site`, { concurrency }, async (t) => {
      const pages = sample(await survey(resolve(process.env.REAL))).filter(({ lang }) => !languages || languages.includes(lang));
      assert.ok(pages.length >= 20, "the real site has too few pages to be one");
      await Promise.all(pages.map(({ path, lang, dir }) => t.test(`${what}: ${path}`, () =>
        visit({ origin: real.origin, path: decodeURI(path), lang, name: `${what} ${path}`, ...options }, (page, more) =>
          look(page, { ...more, ...LANGUAGES.find((one) => one.lang === lang), dir, template: path })))));
    });
  });
}

export const source = (name) => readFile(join(HERE, name), "utf8");

// Sets the size of the window, or a medium, and waits until the page is drawn so.
export async function show(page, { viewport, ...media }) {
  if (viewport) await page.setViewportSize(viewport);
  if (Object.keys(media).length) await page.emulateMedia(media);
  await page.evaluate(async (width) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    for (let n = 0; n < 60 && width !== undefined && innerWidth !== width; n += 1) await frame();
    await document.fonts.ready;
    await frame();
    await frame();
  }, viewport?.width);
}
