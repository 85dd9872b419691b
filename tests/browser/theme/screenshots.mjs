// Pictures of the pages of a built site, for people to look at, with a page that shows them side by side.
//
//     node screenshots.mjs FOLDER [OUT] [--templates] [--pages /,/events/] [--langs ar,en] [--schemes light,dark] [--sizes phone,desktop] [--fold]
//
// FOLDER is a built site; OUT is by default SCREENSHOTS, or target/screenshots. Without --pages a page of each part
// of the site is taken; with it, those whose address, without the language, begins with one of the names: «events/»
// is the section with all that is in it, «=events/» the section alone, «=» the home. --fold takes what is seen
// without scrolling. --templates is for the site of these tests: a page of each template in Arabic and English, and of
// a few in Urdu and Chinese.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { FEW, LANGUAGES, TEMPLATES, sample, survey } from "./pages.mjs";
import { serve } from "./server.mjs";

export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 }, small: { width: 320, height: 640 }, wide: { width: 1920, height: 1080 } };
const HERE = dirname(fileURLToPath(import.meta.url));
const LONGEST = 16_000;

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const name = ({ id, lang }, ...rest) => [decodeURI(id).replace(/\/$/, "").replace(/[/\\:]/g, "_") || "home", lang, ...rest].join("-");

async function take(browser, origin, page, { out, sizes, schemes, fold, title }) {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const tab = await context.newPage();
  const taken = [];
  const problems = [];
  tab.on("pageerror", (error) => problems.push(String(error)));
  tab.on("console", (line) => line.type() === "error" && problems.push(line.text()));
  try {
    await tab.setViewportSize(SIZES[sizes[0]]);
    await tab.goto(origin + encodeURI(page.path) + (page.redirect ? "?stay" : ""), { waitUntil: "load" });
    for (const size of sizes) {
      await tab.setViewportSize(SIZES[size]);
      for (const colorScheme of schemes) {
        await tab.emulateMedia({ colorScheme });
        // What is loaded when it is seen must be seen once.
        await tab.evaluate(async () => {
          for (const image of document.images) image.loading = "eager";
          await Promise.all([...document.images].map((image) => image.complete || new Promise((done) => { image.onload = image.onerror = done; })));
          await document.fonts.ready;
        });
        const file = `${name(page, size, colorScheme)}.png`;
        const { width, height } = SIZES[size];
        const all = fold ? height : Math.min(await tab.evaluate(() => document.documentElement.scrollHeight), LONGEST);
        await tab.screenshot({ path: join(out, file), fullPage: !fold, clip: { x: 0, y: 0, width, height: all }, animations: "disabled" });
        taken.push({ title, lang: page.lang, size, colorScheme, file, path: page.path, width });
      }
    }
  } finally {
    await context.close();
  }
  return { taken, problems: [...new Set(problems)].map((problem) => `${page.path}: ${problem}`) };
}

function index(taken) {
  const rows = Map.groupBy ? Map.groupBy(taken, ({ title }) => title) : taken.reduce((map, shot) => map.set(shot.title, [...(map.get(shot.title) ?? []), shot]), new Map());
  const sections = [...rows].map(([title, shots]) => `<section><h2 id="${escape(title)}">${escape(title)}</h2><div>${shots.map(({ file, lang, size, colorScheme, width }) =>
    `<figure class="${size}"><figcaption>${lang} · ${size} · ${colorScheme}</figcaption><a href="${encodeURIComponent(file)}"><img loading="lazy" src="${encodeURIComponent(file)}" alt="" width="${Math.round(width / 2)}"></a></figure>`).join("")}</div></section>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Screenshots</title><style>
body{margin:1rem;font:14px sans-serif;background:#777;color:#fff}a{color:#fff}
section>div{display:flex;gap:1rem;overflow-x:auto;align-items:flex-start}figure{margin:0;flex:none}img{height:auto;display:block;background:#fff}
nav{columns:14rem}</style><nav>${[...rows.keys()].map((title) => `<a href="#${encodeURIComponent(title)}">${escape(title)}</a>`).join("<br>")}</nav>${sections.join("\n")}</html>\n`;
}

// Takes them. `pages` is a list of pages of the site as `survey` gives them.
export async function screenshots({ browser, origin, pages, out, sizes = ["phone", "desktop"], schemes = ["light", "dark"], fold = false, parallel = 3 }) {
  await mkdir(out, { recursive: true });
  const results = [];
  const queue = pages.map((page, at) => ({ page, at }));
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const title = next.page.title ?? (decodeURI(next.page.id) || "home");
      results[next.at] = await take(browser, origin, next.page, { out, sizes, schemes, fold, title });
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  const taken = results.flatMap((result) => result.taken);
  await writeFile(join(out, "index.html"), index(taken));
  return { taken, problems: results.flatMap((result) => result.problems) };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const text = { type: "string" };
  const { values, positionals: [folder, out = process.env.SCREENSHOTS ?? join(HERE, "../../../target/screenshots")] } =
    parseArgs({ allowPositionals: true, options: { pages: text, langs: text, schemes: text, sizes: text, fold: { type: "boolean" }, templates: { type: "boolean" } } });
  if (!folder) throw new Error("the folder of a built site must be named");
  const list = (value) => value?.split(",");
  const all = await survey(resolve(folder));
  const wanted = list(values.pages)?.map((one) => one.replace(/^(=?)\/+/, "$1"));
  const named = ({ id }) => wanted.some((one) => (one.startsWith("=") ? decodeURI(id) === one.slice(1) : one === "" ? id === "" : decodeURI(id).startsWith(one)));
  const templates = () => Object.entries(TEMPLATES).flatMap(([title, address]) => LANGUAGES
    .filter(({ lang }) => ["ar", "en"].includes(lang) || FEW.includes(title))
    .map(({ lang, root }) => ({ ...all.find(({ path }) => decodeURI(path) === root + address.replace("?stay", "")), title, lang })));
  const pages = (values.templates ? templates() : wanted ? all.filter(named) : sample(all)).filter(({ lang }) => !values.langs || list(values.langs).includes(lang));
  // A page in its languages side by side.
  const order = [...new Set(all.map(({ lang }) => lang))];
  if (!values.templates) pages.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : order.indexOf(a.lang) - order.indexOf(b.lang)));
  const server = await serve(resolve(folder));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"] });
  try {
    const { taken, problems } = await screenshots({
      browser, origin: server.origin, pages, out: resolve(out), fold: values.fold, sizes: list(values.sizes), schemes: list(values.schemes),
    });
    for (const problem of problems) console.error(problem);
    console.log(`${taken.length} pictures: ${join(resolve(out), "index.html")}`);
  } finally {
    await browser.close();
    await server.close();
  }
}
