// What the tests have in common: a copy of the site, `dhikra serve` on it, and a browser.
//
//     npm ci && DHIKRA=../../../target/release/dhikra node --test
//
// CHROMIUM names the browser; SCREENSHOTS a folder for pictures of what is shown.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const HERE = dirname(fileURLToPath(import.meta.url));
const DHIKRA = process.env.DHIKRA;
const WAIT = 10_000;

// The strictest policy that a site may have: the preview must work under it.
export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self'";

let browser;

// What a test opened is closed in the order from last to first: windows before their server.
const ends = new WeakMap();

function atEnd(t, close) {
  if (!ends.has(t)) {
    ends.set(t, []);
    t.after(async () => {
      for (const one of ends.get(t).reverse()) await one();
    });
  }
  ends.get(t).push(close);
}

before(async () => {
  assert.ok(DHIKRA, "DHIKRA must name the program, such as target/release/dhikra");
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
      "--disable-background-networking", "--disable-component-update"],
  });
});
after(() => browser?.close());

// A copy of the site in a folder of its own, served until the test ends.
export async function serve(t) {
  const folder = await mkdtemp(join(tmpdir(), "dhikra-preview-"));
  const root = join(folder, "site");
  await cp(join(HERE, "site"), root, { recursive: true });

  // An editor that writes down what it is told to open.
  const opened = join(folder, "opened");
  const editor = join(folder, "editor");
  await writeFile(editor, `#!/bin/sh\nprintf '%s\\n' "$*" >> '${opened}'\n`);
  await chmod(editor, 0o755);

  const site = {
    root,
    url: null,
    process: null,

    async start(port = 0) {
      const args = ["serve", "--root", root, "--port", String(port), "--message-format", "json"];
      const env = { ...process.env, EDITOR: editor, VISUAL: editor, DHIKRA_EDITOR: "" };
      site.process = spawn(DHIKRA, args, { env, stdio: ["ignore", "pipe", "inherit"] });
      const lines = createInterface({ input: site.process.stdout });
      site.url = await new Promise((resolve, reject) => {
        lines.on("line", (line) => {
          const { serving } = JSON.parse(line);
          if (serving) resolve(serving.url);
        });
        site.process.once("exit", (code) => reject(new Error(`dhikra serve ended: ${code}`)));
      });
    },

    async stop() {
      if (!site.process || site.process.exitCode !== null) return;
      const ended = new Promise((resolve) => site.process.once("exit", resolve));
      site.process.kill("SIGTERM");
      await ended;
    },

    read: (file) => readFile(join(root, file), "utf8"),

    // Changes a file as an editor does: beside it, and then in its place.
    async edit(file, change) {
      const path = join(root, file);
      const text = typeof change === "string" ? change : change(await readFile(path, "utf8"));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
    },

    remove: (file) => rm(join(root, file)),
    opened: () => readFile(opened, "utf8").catch(() => ""),
  };
  await site.start();
  atEnd(t, async () => {
    await site.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return site;
}

// A window that has no errors to report at the end, but those that the test expects.
export async function openWindow(t, options = {}) {
  const { policy, expected, ...rest } = options;
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, reducedMotion: "reduce", ...rest });
  // The interface lives in a closed shadow, into which nothing sees, a test no more than a page.
  await context.addInitScript(() => {
    const { attachShadow } = Element.prototype;
    Element.prototype.attachShadow = function (init) {
      return attachShadow.call(this, { ...init, mode: "open" });
    };
  });
  if (policy) {
    await context.route("**/*", async (route) => {
      if (route.request().resourceType() !== "document") return route.continue();
      const response = await route.fetch();
      const headers = { ...response.headers(), "content-security-policy": policy };
      return route.fulfill({ response, headers });
    });
  }
  const errors = [];
  context.on("weberror", (error) => errors.push(String(error.error())));
  context.on("console", (line) => {
    if (line.type() === "error" || /dhikra:/.test(line.text())) errors.push(line.text());
  });
  atEnd(t, async () => {
    await context.close();
    assert.deepEqual(errors.filter((error) => !expected?.test(error)), []);
  });
  return context;
}

// Opens a page, and waits until the preview is at work on it.
export async function visit(context, url) {
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT);
  await page.goto(url);
  await ready(page);
  return page;
}

export async function ready(page) {
  await page.waitForFunction(() => window.dhikra?.connected);
  // Lost with the page: it tells whether the page was loaded again.
  await page.evaluate(() => { window.marker = true; });
}

export const isSamePage = (page) => page.evaluate(() => window.marker === true);

// Waits until something is so, asking again and again.
export async function until(what, isSo) {
  const end = Date.now() + WAIT;
  for (;;) {
    if (await isSo()) return;
    if (Date.now() > end) assert.fail(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

// Waits until the text of the page's main part has the words in it.
export async function shows(page, words) {
  await page.waitForFunction((text) => document.querySelector("main").textContent.includes(text), words);
}

export async function picture(page, name) {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  // Hiding the caret would write styles on the page.
  await page.screenshot({ path: join(folder, `${name}.png`), caret: "initial" });
}
