// What a first visit costs, in bytes that are sent.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { DESKTOP, PHONE, each, eachReal, site, start } from "./theme.mjs";

start();

const KIB = 1024;
// The whole page with its faces, for an Arabic article without pictures.
const MOST = 60 * KIB;

async function weigh(page, context, url, viewport) {
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  const sent = new Map();
  session.on("Network.responseReceived", ({ requestId, type, response }) => sent.set(requestId, { type, url: response.url, size: 0 }));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => { if (sent.has(requestId)) sent.get(requestId).size = encodedDataLength; });
  await page.goto("about:blank");
  sent.clear();
  await page.setViewportSize(viewport);
  await page.goto(url, { waitUntil: "networkidle" });
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState("networkidle");
  await session.detach();
  return [...sent.values()].filter(({ url }) => url.startsWith("http")).map(({ type, url, size }) => ({ path: decodeURI(new URL(url).pathname), type, size }));
}

// What is counted of a file.
const whole = ({ size }) => size;
// Of a page of the real site all but its own text and pictures, which are as long and as many as their author wished.
const around = ({ path, type, size }) => (type === "Document" || path.startsWith("/assets/pictures/") ? 0 : size);

const within = (most, counted) => async (page, { context }) => {
  const found = [];
  // The map brings the outlines of countries, and the page for searching what searches: they are tools, not articles.
  if (counted === around && await page.locator(".search-page, .map-page").count()) return found;
  const address = page.url();
  for (const viewport of [PHONE, DESKTOP]) {
    const files = await weigh(page, context, address, viewport);
    const sum = files.reduce((all, file) => all + counted(file), 0);
    if (sum > most) {
      found.push(`${viewport.width} px: ${sum} bytes are sent, at most ${most} are allowed`);
      for (const { path: file, type, size } of files.toSorted((a, b) => b.size - a.size)) found.push(`    ${String(size).padStart(7)}  ${type}  ${file}`);
    }
    if (files.length < 2 || !files.every(({ size }) => size > 0)) found.push("the sizes could not be measured");
  }
  return found;
};

// The article that has passages in four scripts is left out: it needs the faces of all of them.
each("weight", { concurrency: 2, languages: [{ lang: "ar", root: "/", dir: "rtl" }], templates: ["home", "event", "person", "document", "long title", "section", "not found"] }, within(MOST, whole));
eachReal("weight", { concurrency: 2, languages: ["ar"] }, within(MOST, around));

test("all scripts together", async () => {
  const assets = join(site().built, "assets");
  const scripts = (await readdir(assets, { recursive: true })).filter((name) => name.endsWith(".js"));
  assert.ok(scripts.length > 0, "the theme has scripts");
  scripts.push("../search/worker.js");
  const sizes = await Promise.all(scripts.map(async (name) => gzipSync(await readFile(join(assets, name)), { level: 9 }).length));
  const sum = sizes.reduce((all, size) => all + size, 0);
  assert.ok(sum <= 15 * KIB, `${sum} bytes: ${scripts.map((name, n) => `${name} ${sizes[n]}`).join(", ")}`);
});
