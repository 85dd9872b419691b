// What the preview shows beside the page: the errors, the panel, the editor, two versions at once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { POLICY, isSamePage, openWindow, picture, serve, shows, until, visit } from "./preview.mjs";

const PORTS = "content/articles/ports.md";
const LAST = "ازداد عدد سكان المدينة";
const DARK = { colorScheme: "dark" };
const PHONE = { viewport: { width: 390, height: 780 } };

// Two errors in Arabic lines of the page, one of them with HTML in it, and one elsewhere.
async function spoil(site) {
  await site.edit(PORTS, (text) => `${text}\nوصلت السفن إلى [[gwadr]] في ذلك العام.\n\nثم عادت إلى [[<img src=x onerror=alert(1)>]] محمّلة.\n`);
  await site.edit("content/articles/roads.md", (text) => `${text}\nانظر [[portss]].\n`);
}

async function mend(site) {
  await site.edit(PORTS, (text) => text.replaceAll(/^.*\[\[(gwadr|<img).*$/gm, ""));
  await site.edit("content/articles/roads.md", (text) => text.replace("\nانظر [[portss]].\n", ""));
}

const lineOf = (text, part) => text.split("\n").findIndex((line) => line.includes(part)) + 1;

test("errors are shown with place and line, as text, over the last good page, until they are fixed", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t), `${site.url}articles/ports/`);
  await spoil(site);
  const problems = page.locator(".overlay .problem");
  await until("three errors", async () => await problems.count() === 3);

  const line = lineOf(await site.read(PORTS), "gwadr");
  const first = problems.nth(0);
  assert.match(await first.locator(".message").textContent(), /gwadr/);
  assert.match(await first.locator("button.place").textContent(), new RegExp(`^${PORTS}:${line}:\\d+$`));
  assert.equal(await first.locator(".line .text").textContent(), "وصلت السفن إلى [[gwadr]] في ذلك العام.");
  assert.match(await first.locator("mark").textContent(), /gwadr/);
  assert.match(await problems.nth(1).locator(".line .text").textContent(), /\[\[<img src=x onerror=alert\(1\)>\]\]/);
  assert.match(await problems.nth(2).locator(".place").first().textContent(), /^content\/articles\/roads\.md:/);
  assert.equal(await page.locator(".overlay img").count(), 0);

  // The box runs from the left, each Arabic line in it from the right.
  const directions = await page.evaluate(() => [".overlay", ".overlay .text"].map((part) =>
    getComputedStyle(document.querySelector("dhikra-preview").shadowRoot.querySelector(part)).direction));
  assert.deepEqual(directions, ["ltr", "rtl"]);
  const { height, focus } = await page.evaluate(() => {
    const root = document.querySelector("dhikra-preview").shadowRoot;
    return { height: root.querySelector(".overlay").offsetHeight, focus: root.activeElement };
  });
  assert.ok(height <= 400, "at most half of the window");
  assert.equal(focus, null);
  assert.match(await page.locator("[role=alert]").textContent(), /3/);
  // The page is there, as it was.
  await shows(page, LAST);
  await picture(page, "errors");

  await mend(site);
  await page.locator(".overlay").waitFor({ state: "hidden" });
  await shows(page, LAST);
  assert.ok(await isSamePage(page));
});

test("errors can be folded, which holds until there are others", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t), `${site.url}articles/ports/`);
  const overlay = page.locator(".overlay");
  await site.edit(PORTS, (text) => `${text}\n[[gwadr]]\n`);
  await overlay.waitFor();
  await page.keyboard.press("Escape");
  await overlay.waitFor({ state: "hidden" });
  await page.reload();
  await page.locator(".unfold").waitFor();
  assert.ok(await overlay.isHidden());
  await page.locator(".unfold").click();
  await overlay.waitFor();
  await page.locator(".overlay header button").click();
  await overlay.waitFor({ state: "hidden" });
  await site.edit(PORTS, (text) => `${text}\n[[another]]\n`);
  await overlay.waitFor();
});

test("a page opens in the editor at the block that was clicked with Alt, and at a problem", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t), `${site.url}articles/ports/`);
  const source = await site.read(PORTS);
  const heading = page.locator("#ships");
  await heading.scrollIntoViewIfNeeded();
  await heading.hover();
  await page.keyboard.down("Alt");
  await page.mouse.move(...await middle(heading));
  await page.locator(".outline").waitFor();
  assert.equal(await page.locator(".outline span").textContent(), String(lineOf(source, "{#ships}")));
  await picture(page, "alt");
  await heading.click();
  await page.keyboard.up("Alt");
  await page.locator(".outline").waitFor({ state: "hidden" });
  await until("the editor", async () => (await site.opened()).includes("ports.md"));
  assert.match(await site.opened(), new RegExp(`\\b${lineOf(source, "{#ships}")}\\b`));

  // A link is not followed.
  await page.locator("main .content a").first().click({ modifiers: ["Alt"] });
  await until("the editor again", async () => (await site.opened()).trim().split("\n").length === 2);
  assert.match((await site.opened()).split("\n")[1], new RegExp(`\\b${lineOf(source, "[[roads")}\\b`));
  assert.ok(await isSamePage(page));

  // Lines are those of the text as it is now.
  await site.edit(PORTS, (text) => text.replace("## التأسيس", "فقرة جديدة.\n\n## التأسيس"));
  await shows(page, "فقرة جديدة.");
  await heading.click({ modifiers: ["Alt"] });
  await until("the line two below", async () => (await site.opened()).split("\n").some((line) =>
    new RegExp(`\\b${lineOf(source, "{#ships}") + 2}\\b`).test(line)));

  await site.edit(PORTS, (text) => `${text}\n[[gwadr]]\n`);
  await page.locator(".overlay button.place").click();
  const line = lineOf(await site.read(PORTS), "gwadr");
  await until("the place of the error", async () => new RegExp(`\\b${line}\\b`).test(await site.opened()));
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll("main [style], main [data-line]")].map(({ outerHTML }) => outerHTML)), []);
});

async function middle(locator) {
  const { x, y, width, height } = await locator.boundingBox();
  return [x + width - 20, y + height / 2];
}

test("the panel tells the languages of the page, its file and its problems", async (t) => {
  const site = await serve(t);
  const page = await visit(await openWindow(t, { expected: /status of 404/ }), `${site.url}articles/ports/`);
  await page.locator(".badge").click();
  const panel = page.locator(".panel");
  assert.equal(await panel.locator("h2").textContent(), "المعاينة");
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("dhikra-preview").shadowRoot.querySelector(".panel")).direction), "rtl");
  const rows = await panel.locator(".versions li").allTextContents();
  assert.equal(rows.length, 4);
  assert.match(rows[0], /العربية.*الأصل.*هذه الصفحة/s);
  assert.match(rows[2], /اردو.*لم تُترجم بعد/s);
  assert.equal(await panel.locator(".versions li").nth(1).locator("a").first().getAttribute("href"), `${site.url}en/articles/ports/`);
  assert.equal(await panel.locator(".versions li").nth(2).locator("code").textContent(), "dhikra new article articles/ports --lang ur");
  assert.equal(await panel.locator(".source .place").textContent(), PORTS);
  await picture(page, "panel");

  await panel.locator(".source button").click();
  await until("the editor", async () => (await site.opened()).includes("ports.md"));

  // The keyboard reaches it, and leaves it.
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => document.querySelector("dhikra-preview").shadowRoot.activeElement.className), "badge");

  // The interface speaks the language of the page.
  await page.goto(`${site.url}zh/`);
  await page.locator(".badge").click();
  assert.equal(await panel.locator("h2").textContent(), "预览");

  // Where there is no page, the problems are those of the site.
  await page.goto(`${site.url}zh/nothing/`);
  await site.edit(PORTS, (text) => `${text}\n[[gwadr]]\n`);
  await page.locator(".overlay .problem").waitFor();
  await page.locator(".badge").click();
  assert.equal(await panel.locator("h3").first().textContent(), "本站问题");
});

test("two versions side by side, scrolled by their headings", async (t) => {
  const site = await serve(t);
  // No pixels between a page and its frame: the policy holds for both.
  const page = await (await openWindow(t, { policy: POLICY })).newPage();
  await page.goto(`${site.url}articles/ports/`);
  await page.locator(".badge").click();
  await page.locator(".panel .beside").click();
  await page.waitForFunction(() => ["a", "b"].every((name) =>
    document.getElementById(`frame-${name}`).contentWindow.dhikra?.connected));
  const titles = () => page.evaluate(() => ["a", "b"].map((name) =>
    document.getElementById(`frame-${name}`).contentDocument.querySelector("h1").textContent));
  assert.deepEqual(await titles(), ["الموانئ", "The ports"]);
  assert.equal(await page.evaluate(() => document.documentElement.dir), "rtl");
  // The choices are asked for when a frame has come.
  await page.locator("#choose-b option").nth(3).waitFor({ state: "attached" });
  assert.deepEqual(await page.locator("#choose-b option").evaluateAll((all) => all.map(({ disabled }) => disabled)), [false, false, true, true]);

  const top = (name) => page.evaluate((frame) =>
    Math.round(document.getElementById(`frame-${frame}`).contentDocument.getElementById("basins").getBoundingClientRect().top), name);
  await page.evaluate(() => {
    const view = document.getElementById("frame-a").contentWindow;
    view.document.getElementById("basins").scrollIntoView({ behavior: "instant" });
    view.scrollBy({ top: -24, behavior: "instant" });
  });
  const wanted = await top("a");
  await until("the same heading in both", async () => Math.abs(await top("b") - wanted) <= 12);
  await picture(page, "side-by-side");

  await page.locator("#linked").uncheck();
  const before = await top("b");
  await page.evaluate(() => document.getElementById("frame-a").contentWindow.scrollTo({ top: 0, behavior: "instant" }));
  await page.waitForTimeout(100);
  assert.equal(await top("b"), before);

  // A link in one leads the other along.
  await page.evaluate(() => document.getElementById("frame-a").contentDocument.querySelector(".breadcrumbs a[href='/articles/']").click());
  await until("both lists", async () => (await titles().catch(() => [])).join() === "المقالات,Articles");
});

// Not tests, but pictures to look at; each must be drawn without an error all the same.
for (const [name, options] of [["desktop-light", {}], ["desktop-dark", DARK], ["phone-light", PHONE], ["phone-dark", { ...PHONE, ...DARK }]]) {
  test(`pictures: ${name}`, { skip: !process.env.SCREENSHOTS }, async (t) => {
    const site = await serve(t);
    const page = await visit(await openWindow(t, options), `${site.url}articles/ports/`);
    await picture(page, `badge-${name}`);
    await page.locator(".badge").click();
    await picture(page, `panel-${name}`);
    await page.keyboard.press("Escape");
    await spoil(site);
    await page.locator(".overlay").waitFor();
    await until("three", async () => await page.locator(".overlay .problem").count() === 3);
    await picture(page, `errors-${name}`);
    await page.locator(".overlay header button").click();
    await page.locator(".badge").click();
    await picture(page, `panel-errors-${name}`);
    await mend(site);
    await page.locator(".unfold").waitFor({ state: "detached" });
    await page.goto(`${site.url}ur/`);
    await page.locator(".badge").click();
    await picture(page, `panel-ur-${name}`);
    await page.goto(`${site.url}_dhikra/side-by-side?a=%2Farticles%2Fports%2F&b=%2Fen%2Farticles%2Fports%2F`);
    await page.waitForFunction(() => document.getElementById("frame-b").contentWindow.dhikra?.connected);
    await picture(page, `beside-${name}`);
  });
}
