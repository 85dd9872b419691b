// Searching, measured: what is found, what is fetched for the first query, what the index takes, and what it adds to a
// build; the same of Pagefind where that is given.
//
//     (cd tests/browser/search && npm ci)
//     node benches/search.mjs --dhikra target/release/dhikra [--pagefind FOLDER/node_modules/.bin/pagefind]
//                             [--judged FILE.json …] [--pages 1000] [--words 400]
//
// Both index the same pages, as dhikra's default theme writes them, and are asked in Chromium by their own scripts.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(join(HERE, "../tests/browser/search/package.json"))("playwright-core");
const options = { "--judged": [], "--pages": "1000", "--words": "400" };
for (let n = 2; n < process.argv.length; n += 2) {
  const [name, value] = [process.argv[n], process.argv[n + 1]];
  if (name === "--judged") options[name].push(value);
  else options[name] = value;
}
const DHIKRA = options["--dhikra"] ?? join(HERE, "../target/release/dhikra");
const PAGEFIND = options["--pagefind"];
const judged = options["--judged"].length ? options["--judged"] : ["articles.json", "news.json"].map((name) => join(HERE, "../tests/search/judged", name));
const work = mkdtempSync(join(tmpdir(), "dhikra-search-bench-"));
const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".txt": "text/plain; charset=utf-8", ".svg": "image/svg+xml" };

const files = (folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((name) => statSync(name).isFile());
const packed = (name) => gzipSync(readFileSync(name), { level: 9 }).length;
const seconds = (command, args) => {
  const start = performance.now();
  execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  return (performance.now() - start) / 1000;
};

// A site of pages `{ id, title, body }`.
function site(name, pages, same = []) {
  const root = join(work, name);
  mkdirSync(join(root, "content"), { recursive: true });
  mkdirSync(join(root, "data"));
  writeFileSync(join(root, "site.toml"), 'base_url = "https://example.org/"\ntheme = "dhikra"\n[languages.ar]\ntitle = "اختبار"\n[output]\ncards = false\n');
  writeFileSync(join(root, "content/_index.md"), "---\ntitle: الرئيسة\n---\n");
  if (same.length) writeFileSync(join(root, "data/search-synonyms.yaml"), JSON.stringify(same));
  for (const { id, title, body } of pages) writeFileSync(join(root, `content/${id}.md`), `---\ntitle: ${JSON.stringify(title)}\n---\n${body}\n`);
  return root;
}

// Builds with search and without, by turns; the medians.
function build(root) {
  const out = join(root, "public");
  const times = { with: [], without: [] };
  const settings = readFileSync(join(root, "site.toml"), "utf8");
  for (let run = 0; run < 5; run++) {
    for (const way of ["without", "with"]) {
      rmSync(out, { recursive: true, force: true });
      writeFileSync(join(root, "site.toml"), settings + (way === "with" ? "" : "search = false\n"));
      times[way].push(seconds(DHIKRA, ["build", "--root", root, "--out", out]));
    }
  }
  const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
  return { out, with: median(times.with), without: median(times.without) };
}

// Words as a language has them: a few are everywhere, most are rare, each in several forms.
function invented(count, words) {
  let seed = 7;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const pick = (list) => list[Math.floor(random() * list.length)];
  const letters = [..."بتثجحخدذرزسشصضطظعغفقكلمنهوي"];
  const patterns = [(a, b, c) => a + b + c, (a, b, c) => `${a}ا${b}${c}`, (a, b, c) => `${a}${b}ا${c}`, (a, b, c) => `م${a}${b}و${c}`, (a, b, c) => `ت${a}${b}ي${c}`, (a, b, c) => `ا${a}ت${b}ا${c}`, (a, b, c) => `م${a}ا${b}${c}ة`];
  const stems = Array.from({ length: 12_000 }, () => pick(patterns)(pick(letters), pick(letters), pick(letters)));
  const before = ["", "", "", "ال", "ال", "ال", "و", "وال", "ب", "لل", "بال"];
  const after = ["", "", "", "", "ات", "ية", "هم", "ين", "ها"];
  const word = () => {
    const stem = stems[Math.floor(stems.length ** random()) - 1];
    const end = pick(after);
    return pick(before) + (end ? stem.replace(/ة$/, "") : stem) + end;
  };
  const text = (n) => Array.from({ length: n }, word).join(" ");
  return Array.from({ length: count }, (_, n) => ({ id: `p${n}`, title: text(5), body: Array.from({ length: words / 50 }, () => `${text(50)}.`).join("\n\n") }));
}

// Serves a folder compressed, and counts what it sends.
async function serve(folder) {
  const sent = { files: [], get bytes() { return this.files.reduce((all, [, size]) => all + size, 0); } };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    try {
      const name = join(folder, path.endsWith("/") ? `${path}index.html` : path);
      const type = types[extname(name)] ?? "application/octet-stream";
      const raw = readFileSync(name);
      // Pagefind's files are compressed already.
      const body = raw[0] === 0x1f && raw[1] === 0x8b ? raw : gzipSync(raw, { level: 9 });
      sent.files.push([path, body.length]);
      response.writeHead(200, { "Content-Type": type, ...(body !== raw && { "Content-Encoding": "gzip" }) });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { sent, origin: `http://127.0.0.1:${server.address().port}`, close: () => { server.closeAllConnections(); server.close(); } };
}

// The addresses that each query finds, by the scripts that readers get.
async function ask(page, way, queries) {
  return page.evaluate(async ([way, queries]) => {
    const found = [];
    if (way === "pagefind") {
      const pagefind = await import("/pagefind/pagefind.js");
      for (const query of queries) {
        const { results } = await pagefind.search(query);
        found.push(await Promise.all(results.map(async (result) => (await result.data()).url)));
      }
      return found;
    }
    const { Index, search } = await import(way);
    const manifest = await (await fetch("/search/index.json")).json();
    const index = new Index(manifest, async (n) => (await fetch(`/search/words/${n}.txt`)).text());
    for (const query of queries) {
      const { hits } = await search(index, query);
      found.push(await Promise.all(hits.map(async ([n]) => (await (await fetch(`/search/pages/${n}.txt`)).text()).split("\n")[0])));
    }
    return found;
  }, [way, queries]);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const engineOf = (out) => `/assets/search/${readdirSync(join(out, "assets/search")).find((name) => name.startsWith("engine."))}`;

console.log("## What is found\n\n| pages | | recall | without an answer | wrong pages |\n| --- | --- | --: | --: | --: |");
for (const [n, file] of judged.entries()) {
  const set = JSON.parse(readFileSync(file, "utf8"));
  const { out } = build(site(`judged-${n}`, set.pages, set.same));
  if (PAGEFIND) seconds(PAGEFIND, ["--site", out]);
  const server = await serve(out);
  for (const way of [engineOf(out), ...(PAGEFIND ? ["pagefind"] : [])]) {
    const page = await browser.newPage();
    await page.goto(server.origin);
    const answers = await ask(page, way, set.queries.map(({ q }) => q));
    let [wanted, right, wrong, empty] = [0, 0, 0, 0];
    set.queries.forEach(({ rel }, n) => {
      // The home lists them all, and is none of them.
      const found = answers[n].map((url) => url.split("/").at(-2)).filter((id) => set.pages.some((page) => page.id === id));
      wanted += rel.length;
      right += found.filter((id) => rel.includes(id)).length;
      wrong += found.filter((id) => !rel.includes(id)).length;
      if (rel.length && !found.length) empty += 1;
    });
    console.log(`| ${file.split("/").at(-1)} (${set.queries.length} queries) | ${way === "pagefind" ? "Pagefind" : "dhikra"} | ${(right / wanted).toFixed(3)} | ${empty} | ${wrong} |`);
    await page.close();
  }
  server.close();
}

const pages = invented(Number(options["--pages"]), Number(options["--words"]));
const built = build(site("invented", pages));
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
console.log(`\n## ${pages.length} pages of ${options["--words"]} words\n\n| | dhikra | Pagefind |\n| --- | --: | --: |`);
const text = gzipSync(pages.map(({ title, body }) => `${title}\n${body}`).join("\n"), { level: 9 }).length;
const index = files(join(built.out, "search")).filter((name) => !/pages|html$/.test(name)).reduce((all, name) => all + packed(name), 0);
const pagefindTime = PAGEFIND ? seconds(PAGEFIND, ["--site", built.out]) : undefined;
const pagefindIndex = PAGEFIND ? files(join(built.out, "pagefind")).filter((name) => /index|meta$/.test(name) && !/\.js$/.test(name)).reduce((all, name) => all + statSync(name).size, 0) : 0;
console.log(`| index, gzipped | ${kb(index)}, ${((index / text) * 100).toFixed(0)} % of the text's ${kb(text)} | ${PAGEFIND ? `${kb(pagefindIndex)}, ${((pagefindIndex / text) * 100).toFixed(0)} %` : "–"} |`);
console.log(`| time it takes | ${((built.with - built.without) * 1000).toFixed(0)} ms, ${((built.with / built.without - 1) * 100).toFixed(0)} % of the build's ${built.without.toFixed(2)} s | ${PAGEFIND ? `${pagefindTime.toFixed(2)} s` : "–"} |`);

// How long it takes from a word in the box to the first result, once all that it needs is there: in milliseconds.
async function timeAgain(word) {
  const input = document.querySelector(".search-box input");
  const results = document.querySelector(".search-box .search-results");
  const changed = (until) => new Promise((done) => {
    const observer = new MutationObserver(() => until() && (observer.disconnect(), done()));
    observer.observe(results, { childList: true, subtree: true, attributes: true });
  });
  const type = (text) => {
    input.value = text;
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const times = [];
  for (let turn = 0; turn < 5; turn++) {
    const empty = changed(() => !results.querySelector("li"));
    type("");
    await empty;
    const full = changed(() => results.querySelector("li"));
    const start = performance.now();
    type(word);
    await full;
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[2];
}

// The first query of a reader: the box is opened on a page, and a word typed; everything that is sent for it.
const server = await serve(built.out);
const words = pages.slice(0, 9).map(({ body }, n) => body.split(/[\s.]+/)[n * 7]);
const [first, shown] = [[], []];
for (const word of words) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.origin}/p1/`, { waitUntil: "networkidle" });
  server.sent.files.length = 0;
  await page.keyboard.press("/");
  await page.keyboard.insertText(word);
  await page.locator(".search-results li").first().waitFor();
  await page.waitForLoadState("networkidle");
  shown.push(await page.evaluate(timeAgain, word));
  first.push([server.sent.bytes + packed(join(built.out, "assets", readdirSync(join(built.out, "assets")).find((name) => /^search\..*js$/.test(name)))), word, [...server.sent.files]]);
  await context.close();
}
first.sort((a, b) => a[0] - b[0]);
const pagefindFirst = [];
for (const word of PAGEFIND ? words : []) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.origin}/p1/`, { waitUntil: "networkidle" });
  server.sent.files.length = 0;
  await page.evaluate(async (word) => {
    const pagefind = await import("/pagefind/pagefind.js");
    const { results } = await pagefind.search(word);
    await Promise.all(results.slice(0, 6).map((result) => result.data()));
  }, word);
  pagefindFirst.push(server.sent.bytes);
  await context.close();
}
pagefindFirst.sort((a, b) => a - b);
const middle = (list) => list[list.length >> 1];
console.log(`| first query, everything that is sent, gzipped: median | ${kb(middle(first)[0])} | ${PAGEFIND ? kb(middle(pagefindFirst)) : "–"} |`);
console.log(`| … the most of ${words.length} | ${kb(first.at(-1)[0])} | ${PAGEFIND ? kb(pagefindFirst.at(-1)) : "–"} |`);
shown.sort((a, b) => a - b);
console.log(`| from a word to its first result, once what it needs is there: median, the most | ${middle(shown).toFixed(1)} ms, ${shown.at(-1).toFixed(1)} ms | – |`);
console.error(first.at(-1)[1], first.at(-1)[2]);
server.close();
await browser.close();
rmSync(work, { recursive: true, force: true });
