// A save, and what becomes of the page that is open.

import assert from "node:assert/strict";
import { test } from "node:test";
import { POLICY, isSamePage, openWindow, ready, serve, shows, until, visit } from "./preview.mjs";

const PORTS = "content/articles/ports.md";
const WORDS = "بدأت أعمال الميناء في عام 2002";

const insertAtTop = (text) => text.replace("## التأسيس", "فقرة جديدة كُتبت الآن.\n\n<details><summary>قبلها</summary>أخرى</details>\n\n## التأسيس");

test("an update keeps the place, the focus, what is typed, ticked and unfolded", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t), `${site.url}articles/ports/`);
  await page.fill("#name", "ما كُتب");
  await page.check("#tick");
  await page.fill("textarea", "ملاحظة");
  await page.click("#draft");
  await page.keyboard.press("End");
  await page.keyboard.type(" أولى");
  await page.click("#more summary");
  await page.focus("#name");
  await page.evaluate(() => {
    document.querySelector("#name").setSelectionRange(2, 4);
    document.querySelector("#more").kept = true;
    scrollTo(0, 500);
  });

  await site.edit(PORTS, insertAtTop);
  await shows(page, "فقرة جديدة كُتبت الآن.");
  const after = await page.evaluate(() => ({
    name: document.querySelector("#name").value,
    focus: document.activeElement.id,
    selection: [document.querySelector("#name").selectionStart, document.querySelector("#name").selectionEnd],
    tick: document.querySelector("#tick").checked,
    area: document.querySelector("textarea").value,
    draft: document.querySelector("#draft").textContent,
    open: [...document.querySelectorAll(".content details")].map(({ open }) => open),
    same: document.querySelector("#more").kept,
    hosts: document.querySelectorAll("dhikra-preview").length,
    bodies: document.querySelectorAll("body").length,
  }));
  assert.deepEqual(after, {
    name: "ما كُتب", focus: "name", selection: [2, 4], tick: true, area: "ملاحظة",
    draft: "مسوّدة أولى",
    open: [true, false], same: true, hosts: 1, bodies: 1,
  });
  assert.ok(await page.evaluate(() => scrollY >= 400), "the page is where it was");
  assert.ok(await isSamePage(page));
});

test("selected words stay selected, when their paragraph changes before them too", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t), `${site.url}articles/ports/`);
  const selected = () => page.evaluate(() => String(getSelection()));
  await page.evaluate((words) => {
    const text = [...document.querySelectorAll("main p")].find((p) => p.textContent.includes(words)).firstChild;
    getSelection().setBaseAndExtent(text, text.data.indexOf("الميناء"), text, text.data.indexOf("الميناء") + 7);
  }, WORDS);
  assert.equal(await selected(), "الميناء");
  await site.edit(PORTS, (text) => text.replace(WORDS, `حقاً ${WORDS}`));
  await shows(page, `حقاً ${WORDS}`);
  assert.equal(await selected(), "الميناء");
});

test("what scripts made of the page stays", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t), `${site.url}articles/ports/`);
  await page.evaluate(() => {
    document.documentElement.classList.add("js");
    document.querySelector("main h2").setAttribute("aria-current", "true");
    const button = document.createElement("button");
    button.id = "made";
    document.querySelector("main h2").after(button);
  });
  await site.edit(PORTS, (text) => text.replace(WORDS, "بدأ العمل"));
  await shows(page, "بدأ العمل");
  assert.deepEqual(await page.evaluate(() => [
    document.documentElement.className, document.querySelector("main h2").getAttribute("aria-current"),
    document.querySelectorAll("#made").length,
  ]), ["js", "true", 1]);
});

test("a style sheet is exchanged without loading the page, and never lacks", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t), `${site.url}articles/ports/`);
  const colour = () => page.evaluate(() => getComputedStyle(document.querySelector("main h2")).borderBlockEndColor);
  assert.equal(await colour(), "rgb(1, 2, 3)");
  await page.evaluate(() => {
    window.seen = new Set();
    const look = () => {
      window.seen.add(getComputedStyle(document.querySelector("main h2")).borderBlockEndColor);
      requestAnimationFrame(look);
    };
    look();
  });
  await site.edit("assets/site.css", (css) => css.replace("1, 2, 3", "4, 5, 6"));
  await until("the new colour", async () => await colour() === "rgb(4, 5, 6)");
  await until("one sheet", () => page.evaluate(() => document.querySelectorAll("link[href*='/site.']").length === 1));
  assert.deepEqual(await page.evaluate(() => [...window.seen]), ["rgb(1, 2, 3)", "rgb(4, 5, 6)"]);
  assert.ok(await isSamePage(page));
});

test("an image is drawn anew in place", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t), `${site.url}articles/ports/`);
  await site.edit("static/img/mark.svg", (svg) => svg.replace('width="40" height="40"', 'width="80" height="80"'));
  await until("the wide image", () => page.evaluate(() => document.querySelector("main img").naturalWidth === 80));
  // The next update of the page leaves it so.
  await site.edit(PORTS, (text) => text.replace(WORDS, "بدأ العمل"));
  await shows(page, "بدأ العمل");
  assert.equal(await page.evaluate(() => document.querySelector("main img").naturalWidth), 80);
  assert.ok(await isSamePage(page));
});

test("a title is changed in every page that is open", async (t) => {
  const site = await serve(t);
  const context = await openWindow(t);
  const list = await visit(context, `${site.url}articles/`);
  const page = await visit(context, `${site.url}articles/ports/`);
  await site.edit(PORTS, (text) => text.replace('title: "الموانئ"', 'title: "الموانئ القديمة"'));
  await shows(list, "الموانئ القديمة");
  await page.waitForFunction(() => document.title.startsWith("الموانئ القديمة"));
  assert.ok(await isSamePage(list) && await isSamePage(page));
});

test("the attributes of the page itself follow, its head goes", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t), `${site.url}articles/ports/`);
  // Were the script for searching gone, the page would be loaded: it stays.
  await site.edit("templates/base.html", '<!doctype html>\n<html lang="en" dir="ltr" class="plain">\n<head>\n<title>{% block title %}{% endblock title %}</title>\n</head>\n<body>\n{% block main %}{% endblock main %}\n<script type="module" src="{{ asset(path="search.js") }}"></script>\n</body>\n</html>\n');
  await page.waitForFunction(() => document.documentElement.lang === "en");
  assert.deepEqual(await page.evaluate(() => {
    const { lang, dir, className } = document.documentElement;
    return [lang, dir, className, document.querySelectorAll("link").length, document.querySelector("h1").textContent];
  }), ["en", "ltr", "plain", 0, "الموانئ"]);
  assert.ok(await isSamePage(page));
});

test("a script in the head that changed loads the page, which stays where it was", async (t) => {
  const site = await serve(t);
  await site.edit("assets/app.js", "window.version = 1;\n");
  await site.edit("templates/base.html", (html) => html.replace("{% endblock head %}", '<script src="{{ asset(path="app.js") }}" defer></script>\n{% endblock head %}'));
  const context = await openWindow(t);
  let page;
  await until("the page has the script", async () => {
    await page?.close();
    page = await visit(context, `${site.url}articles/ports/`);
    return page.evaluate(() => window.version === 1);
  });
  await page.evaluate(() => scrollTo({ top: 400, behavior: "instant" }));
  // Not when the text changes …
  await site.edit(PORTS, (text) => text.replace(WORDS, "بدأ العمل"));
  await shows(page, "بدأ العمل");
  assert.ok(await isSamePage(page));
  // … only when the script does.
  await page.evaluate(() => scrollTo({ top: 400, behavior: "instant" }));
  await site.edit("assets/app.js", "window.version = 2;\n");
  await page.waitForFunction(() => window.version === 2 && !window.marker);
  await ready(page);
  assert.ok(Math.abs(await page.evaluate(() => scrollY) - 400) < 3);
});

test("a page that is deleted and comes back", async (t) => {
  const site = await serve(t);
  const context = await openWindow(t, { expected: /status of 404/ });
  const page = await visit(context, `${site.url}articles/roads/`);
  await site.edit(PORTS, (text) => text.replace("[[roads|طرق القوافل]]", "طرق القوافل"));
  const text = await site.read("content/articles/roads.md");
  await site.remove("content/articles/roads.md");
  await shows(page, "الصفحة غير موجودة");
  await site.edit("content/articles/roads.md", text);
  await shows(page, "سارت القوافل");
  assert.ok(await isSamePage(page));
});

test("two hundred saves end in the last", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t), `${site.url}articles/ports/`);
  for (let n = 1; n <= 200; n += 1) {
    await site.edit(PORTS, (text) => text.replace(/title: ".*"/, `title: "الحفظ ${n}"`));
    if (n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 120));
  }
  await page.waitForFunction(() => document.querySelector("main h1").textContent.trim().endsWith("200"));
  assert.equal(await page.locator("main h1").count(), 1);
  assert.ok(await isSamePage(page));
});

test("the change is brought into view, and not while somebody types or if it is switched off", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t), `${site.url}articles/ports/`);
  const change = async (from, to) => {
    await site.edit(PORTS, (text) => {
      const at = text.lastIndexOf(from);
      return text.slice(0, at) + to + text.slice(at + from.length);
    });
    await shows(page, to);
    await page.waitForTimeout(200);
  };
  await change("ازداد عدد سكان", "تضاعف عدد سكان");
  const place = await page.evaluate(() => {
    const block = [...document.querySelectorAll("main p")].find((p) => p.textContent.includes("تضاعف عدد سكان"));
    const { top, bottom } = block.getBoundingClientRect();
    return { inView: top >= 0 && bottom <= innerHeight, flash: Boolean(document.querySelector("dhikra-preview").shadowRoot.querySelector(".flash")) };
  });
  assert.deepEqual(place, { inView: true, flash: true });

  await page.focus("#name");
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  await change("تضاعف عدد سكان", "قلّ عدد سكان");
  assert.equal(await page.evaluate(() => scrollY), 0);

  await page.evaluate(() => document.activeElement.blur());
  await page.locator(".badge").click();
  await page.locator(".toggle input").uncheck();
  await page.keyboard.press("Escape");
  await change("قلّ عدد سكان", "زاد عدد سكان");
  assert.equal(await page.evaluate(() => scrollY), 0);
});

test("the server goes and comes back on the same port, and the page catches up", async (t) => {
  const site = await serve(t);
  const context = await openWindow(t, { expected: /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/ });
  const page = await visit(context, `${site.url}articles/ports/`);
  await page.locator(".badge").click();
  await site.stop();
  await page.locator(".panel .note", { hasText: "المعاينة متوقفة" }).waitFor();
  assert.equal(await page.evaluate(() => window.dhikra.connected), false);
  await site.edit(PORTS, (text) => text.replace(WORDS, "كُتب هذا والخادم نائم"));
  await site.start(Number(new URL(site.url).port));
  await shows(page, "كُتب هذا والخادم نائم");
  await page.locator(".panel .note").waitFor({ state: "detached" });
  assert.ok(await isSamePage(page));
});

test("a page that nobody sees holds no connection, and catches up when it is seen", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t), `${site.url}articles/ports/`);
  const show = (hidden) => page.evaluate((now) => {
    Object.defineProperty(document, "hidden", { value: now, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  await show(true);
  await site.edit(PORTS, (text) => text.replace(WORDS, "كُتب هذا ولا أحد يرى"));
  await page.waitForTimeout(600);
  assert.ok(!(await page.textContent("main")).includes("ولا أحد يرى"));
  await show(false);
  await shows(page, "كُتب هذا ولا أحد يرى");
  assert.ok(await isSamePage(page));
});

test("under the strictest policy nothing is refused", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t, { policy: POLICY }), `${site.url}articles/ports/`);
  await page.locator(".badge").click();
  await site.edit(PORTS, (text) => `${insertAtTop(text)}\n[[nowhere]]\n`);
  await page.locator(".overlay mark").waitFor();
  await site.edit(PORTS, (text) => text.replace("[[nowhere]]", ""));
  await shows(page, "فقرة جديدة كُتبت الآن.");
  await site.edit("assets/site.css", (css) => css.replace("1, 2, 3", "4, 5, 6"));
  await until("the new colour", () => page.evaluate(() => getComputedStyle(document.querySelector("main h2")).borderBlockEndColor === "rgb(4, 5, 6)"));
  assert.ok(await isSamePage(page));
});
