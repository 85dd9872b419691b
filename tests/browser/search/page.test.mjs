// The page for searching: typing, forms of words, facets, the address, keys, marks, and what is announced.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { LANGUAGES, address, input, open, picture, said, slow, status, titles } from "./search.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

for (const { lang, dir, root, word, said: announced, none } of LANGUAGES) {
  test(`what is typed is found while it is typed, and announced (${lang})`, async (t) => {
    const page = await open(t, `${root}search/`);
    assert.equal(await page.locator("[role=search]").count(), 1);
    await input(page).pressSequentially(word, { delay: 20 });
    await said(page, announced);
    assert.equal(await status(page).getAttribute("role"), "status");
    assert.equal((await titles(page)).length, 4);
    assert.ok(await page.locator(".search-results mark").count() >= 4, "the words are marked");
    // The address holds it, and brings it back.
    await page.waitForFunction(() => location.search !== "");
    assert.equal(address(page), `${root}search/?q=${word}`);
    await page.reload();
    await said(page, announced);
    assert.equal(await input(page).inputValue(), word);
    // What was found begins on the reader's side.
    const [title, list] = await page.evaluate(() => [".search-title a", ".search-results"].map((part) => {
      const { left, right } = document.querySelector(part).getBoundingClientRect();
      return { left, right };
    }));
    assert.ok(dir === "rtl" ? Math.abs(title.right - list.right) < 2 : Math.abs(title.left - list.left) < 2);
    // The sign between a kind and a date stands between them.
    const [kind, sign, date] = await page.evaluate(() => {
      const about = [...document.querySelectorAll(".search-about")].find((one) => one.children.length === 2);
      return [about.firstElementChild, about.lastElementChild.previousSibling, about.lastElementChild].map((node) => {
        const range = document.createRange();
        range.selectNode(node);
        const { left, right } = range.getBoundingClientRect();
        return (left + right) / 2;
      });
    });
    assert.ok(dir === "rtl" ? kind > sign && sign > date : kind < sign && sign < date, `${kind} ${sign} ${date}`);
    await picture(page, `page-${lang}`);
    await input(page).fill("qqqqqq");
    await said(page, none);
    assert.deepEqual(await titles(page), []);
    await input(page).fill("");
    await page.waitForFunction(() => location.search === "");
    assert.equal(await status(page).textContent(), "");
    assert.ok(await page.locator(".search-ways").isVisible(), "where else to begin");
  });

  for (const colorScheme of ["light", "dark"]) {
    test(`no rule of axe is broken, from 320 pixels on (${lang}, ${colorScheme})`, async (t) => {
      const page = await open(t, `${root}search/?q=${encodeURIComponent(word)}`, { colorScheme, bypassCSP: true });
      await said(page, announced);
      for (const width of [1280, 390, 320]) {
        await page.setViewportSize({ width, height: 844 });
        await picture(page, `page-${lang}-${colorScheme}-${width}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width}`);
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => String(target))]), [], `${width}`);
      }
    });
  }

  test(`without scripts the page leads on (${lang})`, async (t) => {
    const page = await open(t, root, { javaScriptEnabled: false });
    await page.locator(".search-link").click();
    await page.waitForURL(/search/);
    assert.match(await page.locator(".notice").textContent(), /JavaScript/);
    await input(page).fill(word);
    await input(page).press("Enter");
    await page.waitForURL(/\?q=/);
    assert.equal(address(page), `${root}search/?q=${word}`);
    const ways = await page.locator(".search-ways a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    assert.deepEqual(ways.toSorted(), [`${root}events/`, `${root}places/`]);
  });
}

test("Arabic words are found in every form, and marked in the spelling of the text", async (t) => {
  const page = await open(t, "/search/");
  for (const word of ["مبادره", "المبادرة", "للمبادرة", "مُبَادَرَة", "مبـــادرة"]) {
    await input(page).fill(word);
    await page.locator(".search-excerpt mark", { hasText: /^الْمُبَادَرَةِ$/ }).waitFor();
    assert.ok((await titles(page)).length >= 3, word);
  }
  await input(page).fill("75 قصيدة");
  await page.locator("mark", { hasText: /^٧٥$/ }).waitFor();
  await input(page).fill("اتفاقيه");
  await said(page, "نتيجتان");
  await input(page).fill("كراتشي");
  await said(page, "نتيجة واحدة");
});

test("ranges of years keep the order that they have in the page", async (t) => {
  const order = (page, selector) => page.locator(selector, { hasText: "2025" }).first().evaluate((element) => {
    const [first, second] = ["2025", "2029"].map((year) => {
      const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node; (node = walk.nextNode());) {
        const at = node.data.indexOf(year);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 4);
        return range.getBoundingClientRect().left;
      }
      return NaN;
    });
    return Math.sign(first - second);
  });
  const page = await open(t, `/search/?q=${encodeURIComponent("الجولة السابعة")}`);
  await said(page, "نتيجة");
  const found = await order(page, ".search-excerpt");
  await page.goto(new URL("/events/round-7/", page.url()).href);
  assert.equal(found, await order(page, ".lead"));
  assert.notEqual(found, 0);
});

test("the last word may be unfinished; all words, then any", async (t) => {
  const page = await open(t, "/en/search/");
  await input(page).fill("memor");
  await page.locator(".search-title", { hasText: "memorandum" }).waitFor();
  await input(page).fill("Gwadar convoy");
  await said(page, /^1 page found/);
  await input(page).fill("Gwadar poems");
  await said(page, /No page has all of these words; \d pages have some/);
});

test("kinds, sections and years narrow what is found, and are in the address", async (t) => {
  const page = await open(t, "/en/search/?q=agreement");
  await said(page, "pages found");
  const options = (name) => page.locator(`select[name=${name}] option`).allTextContents();
  assert.deepEqual(await options("kind"), ["All", "Event (3)"]);
  assert.deepEqual(await options("section"), ["All", "Events (3)"]);
  assert.deepEqual(await options("year"), ["All", "2006 (1)", "1963 (2)"]);
  await page.locator("select[name=year]").selectOption("1963");
  await said(page, "2 pages found");
  assert.equal(address(page), "/en/search/?q=agreement&year=1963");
  await picture(page, "facets-en");
  await page.reload();
  await said(page, "2 pages found");
  assert.equal(await page.locator("select[name=year]").inputValue(), "1963");
  await page.goBack();
  await said(page, "3 pages found");
  assert.equal(address(page), "/en/search/?q=agreement");
  await page.goForward();
  await said(page, "2 pages found");
  await page.locator("[type=reset]").click();
  await said(page, "3 pages found");
  // A choice that nothing is left of can be taken back.
  await page.goto(`${new URL(page.url()).origin}/en/search/?q=agreement&kind=place`);
  await said(page, "Nothing found");
  await page.locator("select[name=kind]").selectOption("");
  await said(page, "3 pages found");
});

test("arrow keys go through what was found; Escape goes back; Enter opens", async (t) => {
  const page = await open(t, "/en/search/?q=dialogue");
  await said(page, "pages found");
  const focused = () => page.evaluate(() => document.activeElement.textContent || document.activeElement.name);
  const found = await titles(page);
  await input(page).focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), found[0]);
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), found[1]);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(), "q");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "q");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.includes("search"));
  assert.equal(await page.locator("h1").textContent(), found[0]);
  await page.goBack();
  await said(page, "pages found");
  assert.equal(address(page), "/en/search/?q=dialogue");
});

test("hostile words are only words", async (t) => {
  const page = await open(t, `/en/search/?q=${encodeURIComponent('<img src=x onerror=alert(1)> "agreement')}&kind=${encodeURIComponent('"><b>')}`);
  await said(page, "Nothing found");
  assert.equal(await page.locator(".search img, .search b").count(), 0);
  await input(page).fill("\u202E".repeat(2000) + "(((".repeat(500));
  await said(page, "Nothing found");
});

test("nothing moves when the index comes late, nor when what is found is told", async (t) => {
  const page = await open(t, "/ur/search/", { viewport: { width: 390, height: 844 } });
  await page.addInitScript(() => {
    window.heights = [];
    const look = () => {
      const height = document.querySelector(".search-status")?.getBoundingClientRect().height;
      if (height) window.heights.push(height);
      requestAnimationFrame(look);
    };
    look();
  });
  slow.delay = (path) => (path.endsWith("/search/index.json") ? 1000 : 0);
  t.after(() => { slow.delay = () => 0; });
  await page.reload({ waitUntil: "networkidle" });
  assert.equal(await status(page).textContent(), "");
  await input(page).fill("منصوبوں");
  await said(page, "صفحات ملے");
  const heights = await page.evaluate(() => [...new Set(window.heights)]);
  assert.equal(heights.length, 1, `the place of what is told was ${heights.join(", ")} pixels high`);
});

test("a page is shown when its text is there, though that of another is late", async (t) => {
  const page = await open(t, "/en/search/");
  let first = true;
  await page.route("**/search/pages/*", async (route) => {
    if (first) {
      first = false;
      await new Promise((done) => setTimeout(done, 1000));
      await page.evaluate(() => { window.late = document.querySelectorAll(".search-results li").length; });
    }
    await route.continue();
  });
  await input(page).fill("agreement");
  await said(page, "3 pages found");
  await page.waitForFunction(() => document.querySelectorAll(".search-results li").length === 3);
  assert.equal(await page.evaluate(() => window.late), 2, "what was there before the late one");
  // In their order all the same.
  const late = await titles(page);
  await page.reload();
  await said(page, "3 pages found");
  await page.waitForFunction(() => document.querySelectorAll(".search-results li").length === 3);
  assert.deepEqual(await titles(page), late);
});

test("what an input method is still making is not looked for", async (t) => {
  const page = await open(t, "/zh/search/");
  const compose = (type, text, isComposing) => input(page).evaluate((field, [type, text, isComposing]) => {
    field.value = text;
    field.dispatchEvent(type === "input" ? new InputEvent(type, { isComposing, bubbles: true }) : new CompositionEvent(type, { bubbles: true }));
  }, [type, text, isComposing]);
  for (const letters of ["q", "qq", "qqqq"]) await compose("input", letters, true);
  await page.waitForTimeout(600);
  assert.equal(address(page), "/zh/search/");
  assert.equal(await status(page).textContent(), "");
  await compose("input", "倡议", true);
  await compose("compositionend", "倡议");
  await said(page, "找到4个页面");
  await page.waitForFunction(() => location.search !== "");
});

test("a single letter that nothing begins with is not said to be found nowhere", async (t) => {
  const page = await open(t, "/en/search/");
  await input(page).fill("agreement");
  await said(page, "3 pages found");
  await input(page).fill("ж");
  await page.waitForFunction(() => document.querySelector(".search-status").textContent === "");
  assert.deepEqual(await titles(page), []);
});

test("texts are those of the version that is searched", async (t) => {
  const page = await open(t, "/en/search/");
  const paths = [];
  page.on("request", (request) => /\/search\/(pages|words|facets)\//.test(request.url()) && paths.push(request.url()));
  await input(page).fill("agreement");
  await said(page, "3 pages found");
  await page.waitForFunction(() => document.querySelectorAll(".search-results li").length === 3);
  assert.ok(paths.length > 3 && paths.every((path) => /\?v=[0-9a-f]{12}$/.test(path)), paths.join(" "));
  // They are fetched once.
  paths.length = 0;
  await input(page).fill("");
  await input(page).fill("agreement");
  await said(page, "3 pages found");
  assert.deepEqual(paths, []);
});
