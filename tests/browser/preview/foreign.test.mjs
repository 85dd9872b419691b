// Addresses that look like those of another host: nothing of it may be shown, run, or even asked for.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { openWindow, ready, serve, shows, until } from "./preview.mjs";

const REFUSED = { expected: /status of (400|404)/ };

// Another server on this machine, which lets every page read its page, made as one of the preview.
// Gives its host with the port, and what it was asked for.
async function foreignServer(t) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" });
    response.end(`<!doctype html><html lang="en"><head><title>foreign</title>
<script src="/_dhikra/preview.js" defer data-generation="1" data-digest="foreign"></script></head>
<body><main><p id="foreign">foreign</p><img src="data:," onerror="window.foreign = true"></main></body></html>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${server.address().port}`, asked };
}

test("a path that looks like another host is a path of the site, and the page there stays its own", async (t) => {
  const { host, asked } = await foreignServer(t);
  const site = await serve(t);
  const page = await (await openWindow(t, REFUSED)).newPage();
  await page.addInitScript(() => new MutationObserver(() => {
    if (document.querySelector("#foreign")) window.foreign = true;
  }).observe(document, { childList: true, subtree: true }));
  const answer = await page.goto(`${new URL(site.url).origin}//${host}/x`);
  const change = () => site.edit("site.toml", (text) => text.replace("دفتر الموانئ", "دفتر جديد"));
  if (answer.status() === 404) {
    await ready(page);
    await change();
    await page.waitForFunction(() => document.body.textContent.includes("دفتر جديد"));
  } else {
    assert.equal(answer.status(), 400);
    await change();
    await page.waitForTimeout(500);
  }
  assert.deepEqual(await page.evaluate(() => [window.foreign, document.querySelectorAll("#foreign").length, location.hostname]),
    [undefined, 0, new URL(site.url).hostname]);
  assert.deepEqual(asked, []);
});

test("an update that leads to another host is refused", async (t) => {
  const { host, asked } = await foreignServer(t);
  const site = await serve(t);
  const page = await (await openWindow(t, { expected: /status of (400|404)|ERR_FAILED|Failed to fetch|Unsafe attempt/i })).newPage();
  await page.goto(`${site.url}articles/ports/`);
  await ready(page);
  let led = 0;
  await page.route(`${site.url}articles/ports/`, (route) => {
    led += 1;
    return route.fulfill({ status: 302, headers: { location: `http://${host}/x` } });
  });
  await site.edit("content/articles/ports.md", (text) => `${text}\nفقرة أخيرة.\n`);
  await until("the page is asked for again", () => led > 1);
  assert.deepEqual(asked, []);
  await page.unroute(`${site.url}articles/ports/`);
  await shows(page, "فقرة أخيرة.");
  assert.equal(await page.locator("#foreign").count(), 0);
});

test("side by side, every frame and link is of this site", async (t) => {
  const { host, asked } = await foreignServer(t);
  const site = await serve(t);
  const { origin } = new URL(site.url);
  const context = await openWindow(t, REFUSED);
  for (const path of [`/.//${host}/y`, `//${host}/y`, `/\\${host}/y`, `/%2e//${host}/y`, `http://${host}/y`, "javascript:window.top.foreign=1", "/%ff"]) {
    const page = await context.newPage();
    await page.goto(`${origin}/_dhikra/side-by-side?${path.startsWith("/.") ? `a=${path}` : new URLSearchParams({ a: path })}&b=/`);
    await page.waitForFunction(() => document.getElementById("frame-b").contentWindow.dhikra?.connected
      && [...document.querySelectorAll("a[href], iframe[src]")].length === 4 && document.title.includes(" | "));
    // The frame, which may yet go elsewhere, has come to rest.
    await page.waitForTimeout(300);
    const origins = await page.evaluate(() => [
      ...[...document.querySelectorAll("a")].map((link) => new URL(link.href).origin),
      ...[...document.querySelectorAll("iframe")].map((frame) => new URL(frame.src).origin),
      ...[...document.querySelectorAll("iframe")].map((frame) => {
        try {
          return frame.contentWindow.location.origin;
        } catch {
          return "another";
        }
      }),
    ]);
    assert.deepEqual(origins, Array(6).fill(origin), path);
    assert.equal(await page.evaluate(() => window.foreign), undefined);
    assert.equal(await page.locator("select option").count() >= 2, true, path);
    await page.close();
  }
  assert.deepEqual(asked, []);
});

test("a page that wakes says which file it was made from", async (t) => {
  const site = await serve(t);
  const page = await (await openWindow(t)).newPage();
  const asked = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname === "/_dhikra/events") asked.push([url.searchParams.get("source"), url.searchParams.get("lang")]);
  });
  await page.goto(`${site.url}articles/ports/`);
  await ready(page);
  await page.locator(".badge").click();
  await page.locator(".panel .source").waitFor();
  for (const hidden of [true, false]) {
    await page.evaluate((now) => {
      Object.defineProperty(document, "hidden", { value: now, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  }
  await until("it asks again", () => asked.length === 2);
  assert.deepEqual(asked, [[null, null], ["content/articles/ports.md", "ar"]]);
});
