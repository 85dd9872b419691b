// The box that opens over any page; what is fetched, and when; without a connection.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { LANGUAGES, address, input, open, picture, said, slow, titles } from "./search.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const OFFLINE = /ERR_INTERNET_DISCONNECTED|Failed to load resource|Failed to fetch/;

const record = (page) => {
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  return asked;
};

for (const { lang, root, word, said: announced } of LANGUAGES) {
  for (const width of [1280, 390]) {
    test(`«/» opens it over any page, and Enter leads to all results (${lang}, ${width})`, async (t) => {
      const page = await open(t, `${root}places/beijing/`, { viewport: { width, height: 844 }, bypassCSP: true });
      const asked = record(page);
      await page.keyboard.press("/");
      await page.locator("dialog.search-box").waitFor();
      assert.ok(await page.evaluate(() => document.activeElement.type === "search"));
      await page.keyboard.insertText(word);
      await said(page, announced);
      assert.equal((await titles(page)).length, 4);
      await picture(page, `box-${lang}-${width}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => window.axe.run(document.querySelector("dialog"), { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => String(target))]), []);
      assert.ok(asked.filter((path) => path.includes("/words/")).length <= 3, String(asked));
      assert.ok(!asked.some((path) => path.includes("/facets/")), "no more than is needed");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\?q=/);
      assert.equal(address(page), `${root}search/?q=${word}`);
      await said(page, announced);
    });
  }
}

test("nothing is fetched before it is opened, and typing early is not lost", async (t) => {
  const page = await open(t, "/en/");
  const asked = record(page);
  await page.waitForLoadState("networkidle");
  assert.deepEqual(asked.filter((path) => !path.includes("favicon")), []);
  slow.delay = (path) => (path.includes("/search/") ? 300 : 0);
  t.after(() => { slow.delay = () => 0; });
  await page.locator(".search-link").click();
  await page.keyboard.type("highway", { delay: 10 });
  await said(page, "1 page found");
  assert.equal(await input(page).inputValue(), "highway");
});

test("keys: «/» in a field is a letter, other layouts, arrows, Escape, the focus goes back", async (t) => {
  const page = await open(t, "/events/round-7/");
  await page.locator(".search-link").focus();
  // The key of «/» on an Arabic keyboard.
  await page.evaluate(() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ظ", code: "Slash", bubbles: true, cancelable: true })));
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.type("1/2");
  assert.equal(await input(page).inputValue(), "1/2");
  await input(page).fill("الحوار");
  await said(page, "3 نتائج");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), (await titles(page))[0]);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog[open]").count(), 0);
  assert.ok(await page.evaluate(() => document.activeElement.matches(".search-link")));
  // What was typed is there again.
  await page.keyboard.press("/");
  assert.equal(await input(page).inputValue(), "الحوار");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/events/);
  // A link that is opened in another window stays a link.
  await page.keyboard.down("Control");
  await page.locator(".search-link").click();
  await page.keyboard.up("Control");
  assert.equal(await page.locator("dialog[open]").count(), 0);
});

test("on the page for searching «/» goes to its field", async (t) => {
  const page = await open(t, "/en/search/");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "search_words");
  assert.equal(await page.locator("dialog").count(), 0);
});

test("«/» can be turned off, and is so on every page until it is turned on", async (t) => {
  const page = await open(t, "/en/search/");
  const choice = page.getByLabel("The “/” key opens search on every page");
  assert.ok(await choice.isChecked());
  await choice.uncheck();
  await page.keyboard.press("/");
  assert.notEqual(await page.evaluate(() => document.activeElement.id), "search_words");
  await page.goto(new URL("/en/events/round-7/", page.url()).href);
  await page.keyboard.press("/");
  assert.equal(await page.locator("dialog").count(), 0);
  await page.locator(".search-link").click();
  await page.locator("dialog[open]").waitFor();
  await page.goto(new URL("/en/search/", page.url()).href);
  assert.ok(!await choice.isChecked());
  await choice.check();
  await page.goto(new URL("/en/events/round-7/", page.url()).href);
  await page.keyboard.press("/");
  await page.locator("dialog[open]").waitFor();
});

test("without a connection, what was fetched is searched, and the rest is said not to be there", async (t) => {
  const page = await open(t, "/en/search/", { expected: OFFLINE });
  await input(page).fill("treaty");
  await said(page, "1 page found");
  await page.context().setOffline(true);
  await input(page).fill("");
  await input(page).fill("treaty");
  await said(page, "1 page found");
  assert.match((await titles(page))[0], /treaty/);
  // What a piece that was not fetched begins with.
  const word = await page.evaluate(async () => {
    const cache = await caches.open("dhikra-search");
    const { starts } = await (await cache.match("/en/search/index.json")).json();
    const fetched = (await cache.keys()).map(({ url }) => /words\/(\d+)\.txt\?v=/.exec(url)?.[1]);
    return starts.find((start, n) => start && !fetched.includes(String(n)));
  });
  assert.ok(word, "some piece was not needed");
  await input(page).fill(word);
  await said(page, "You are offline");
  await page.context().setOffline(false);
  await page.locator(".search-results li").first().waitFor();
});

test("the page for searching opens without a connection, once it was seen", async (t) => {
  const page = await open(t, "/search/?q=" + encodeURIComponent("الحوار"), { expected: OFFLINE });
  await said(page, "3 نتائج");
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!(await caches.match("/search/", { cacheName: "dhikra-search-page /search/" }))) await new Promise((done) => setTimeout(done, 20));
    // All is put in at once.
  });
  const cold = await page.context().newPage();
  await page.close();
  await page.context().setOffline(true);
  await cold.goto(new URL("/search/?q=" + encodeURIComponent("حوارات"), page.url()).href);
  await said(cold, "3 نتائج");
  // It looks as it does otherwise.
  assert.ok(await cold.evaluate(() => [...document.styleSheets].length >= 2 && [...document.styleSheets].every((sheet) => sheet.cssRules.length > 0)));
  // No other page is served by it.
  await assert.rejects(cold.goto(new URL("/events/round-7/", page.url()).href));
});

test("when it cannot be loaded that is said, and asked for again", async (t) => {
  const page = await open(t, "/en/search/", { expected: OFFLINE });
  await page.waitForLoadState("networkidle");
  await page.context().setOffline(true);
  await input(page).fill("treaty");
  await said(page, "You are offline");
  assert.ok(await page.locator(".search-again").isVisible());
  await page.context().setOffline(false);
  await said(page, "1 page found");
  assert.ok(!await page.locator(".search-again").isVisible());
  await page.route("**/search/words/**", (route) => route.fulfill({ status: 500 }));
  await page.evaluate(async () => caches.delete("dhikra-search"));
  await page.reload();
  await input(page).fill("treaty");
  await said(page, "could not be loaded");
  await page.unroute("**/search/words/**");
  await page.locator(".search-again").click();
  await said(page, "1 page found");
});

test("a script that does not come is said not to", async (t) => {
  const page = await open(t, "/en/", { expected: OFFLINE });
  await page.context().route("**/search/ui.*.js", (route) => route.abort());
  await page.goto(new URL("/en/search/", page.url()).href);
  await said(page, "could not be loaded");
});

test("a 404 page offers to search", async (t) => {
  const page = await open(t, "/404.html");
  await input(page).fill("كراتشي");
  await input(page).press("Enter");
  await page.waitForURL(/search/);
  await said(page, "نتيجة واحدة");
});
