// What the tests have in common: the site, built once and served as a static host would, and a browser.
//
//     npm ci && DHIKRA=../../../target/release/dhikra node --test
//
// CHROMIUM names the browser; SCREENSHOTS a folder for pictures of what is shown.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, mkdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const HERE = dirname(fileURLToPath(import.meta.url));
const DHIKRA = process.env.DHIKRA;
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };

// The strictest policy that a site may have: everything must work under it.
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'";

// The languages that every test is run in, with the side on which their readers begin.
export const LANGUAGES = [
  { lang: "ar", dir: "rtl", root: "/" },
  { lang: "en", dir: "ltr", root: "/en/" },
];

let browser, server, folder, origin;

before(async () => {
  assert.ok(DHIKRA, "DHIKRA must name the program, such as target/release/dhikra");
  folder = await mkdtemp(join(tmpdir(), "dhikra-knowledge-"));
  const out = join(folder, "public");
  await promisify(execFile)(DHIKRA, ["build", "--root", join(HERE, "site"), "--out", out]);
  server = createServer(async (request, response) => {
    try {
      const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
      const file = join(out, path.endsWith("/") ? `${path}index.html` : path);
      assert.ok(file.startsWith(out));
      response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": POLICY });
      response.end(await readFile(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
});

after(async () => {
  await browser?.close();
  server?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

// Opens a page of the site in a window of its own, which has no errors to report at the end.
export async function open(t, path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  const errors = [];
  context.on("weberror", (error) => errors.push(String(error.error())));
  context.on("console", (line) => line.type() === "error" && errors.push(line.text()));
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, []);
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const response = await page.goto(`${origin}${path}`);
  assert.equal(response.status(), 200, path);
  return page;
}

export const address = (page) => {
  const { pathname, search, hash } = new URL(page.url());
  return pathname + search + hash;
};

export async function picture(page, name) {
  if (!process.env.SCREENSHOTS) return;
  await mkdir(process.env.SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });
}
