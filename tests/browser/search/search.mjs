// What the tests have in common: the site, built once and served as a good host would under the strictest policy, and
// a browser.
//
//     npm ci && DHIKRA=../../../target/release/dhikra node --test
//
// THEME names the folder of a theme in the place of the program's own, CHROMIUM the browser; SCREENSHOTS a
// folder for pictures of what is shown.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { serve } from "../theme/server.mjs";

export const HERE = dirname(fileURLToPath(import.meta.url));

// Each with a word of the site in another form than its texts have it, and with what is said of what it finds.
export const LANGUAGES = [
  { lang: "ar", dir: "rtl", root: "/", word: "وبالمبادرات", said: "4 نتائج", none: /لا نتائج/ },
  { lang: "en", dir: "ltr", root: "/en/", word: "initiatives", said: "4 pages found", none: /Nothing found/ },
  { lang: "ur", dir: "rtl", root: "/ur/", word: "منصوبوں", said: "4 صفحات ملے", none: /کچھ نہیں ملا/ },
  { lang: "zh", dir: "ltr", root: "/zh/", word: "倡议", said: "找到4个页面", none: /没有找到/ },
];

let browser, server, folder;
// What is asked of the server, as paths with queries.
export const asked = [];
// Set by tests: how many milliseconds a request waits.
export const slow = { delay: () => 0 };

before(async () => {
  assert.ok(process.env.DHIKRA, "DHIKRA must name the program, such as target/release/dhikra");
  folder = await mkdtemp(join(tmpdir(), "dhikra-search-"));
  await cp(join(HERE, "site"), join(folder, "site"), { recursive: true });
  if (process.env.THEME) await cp(process.env.THEME, join(folder, "site/themes/dhikra"), { recursive: true });
  await promisify(execFile)(resolve(process.env.DHIKRA), ["build", "--root", join(folder, "site"), "--out", join(folder, "public")]);
  server = await serve(join(folder, "public"), { delay: (path, type) => slow.delay(path, type) });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--hide-scrollbars"],
  });
});

after(async () => {
  await browser?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

// Opens a page in a window of its own. Errors that it has at the end fail the test, but for those that `expected` fits.
export async function open(t, path, { expected, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  const errors = [];
  context.on("weberror", (error) => errors.push(String(error.error())));
  context.on("console", (line) => line.type() === "error" && !expected?.test(line.text()) && errors.push(line.text()));
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, []);
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const response = await page.goto(`${server.origin}${path}`);
  assert.equal(response.status(), 200, path);
  return page;
}

export const address = (page) => {
  const { pathname, search } = new URL(page.url());
  return decodeURIComponent(pathname + search);
};
export const input = (page) => page.locator("input[type=search]");
export const titles = (page) => page.locator(".search-results .search-title").allTextContents();
export const status = (page) => page.locator(".search-status");

// Waits until something is said that fits.
export async function said(page, text) {
  await status(page).filter({ hasText: text }).waitFor({ state: "attached" });
}

export async function picture(page, name) {
  if (!process.env.SCREENSHOTS) return;
  await mkdir(process.env.SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
}
