// What pages a built site has, and a few of them that stand for all.

import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

// `script` is what most letters of the language are.
export const LANGUAGES = [
  { lang: "ar", dir: "rtl", root: "/", script: "Arabic" },
  { lang: "en", dir: "ltr", root: "/en/", script: "Latin" },
  { lang: "ur", dir: "rtl", root: "/ur/", script: "Arabic" },
  { lang: "zh", dir: "ltr", root: "/zh/", script: "Han" },
];

// A page of each template, and pages that are hard, by their addresses below the language's home.
export const TEMPLATES = {
  home: "", "second page of the home": "page/2/", section: "events/", "second page of a section": "events/page/2/",
  article: "highway/", event: "events/strategic-dialogue-7/", "short event": "events/recognition-1950/", person: "people/ishaq-dar/",
  place: "places/beijing/", "place with pictures": "places/gwadar-port/", country: "places/china/", programme: "programmes/cpec/",
  organization: "organizations/pakistan-international-airlines/", document: "documents/joint-communique-2026/",
  source: "sources/communique/", term: "glossary/corridor/", glossary: "glossary/", taxonomy: "tags/", tag: "tags/طرق/",
  timeline: "timeline/", map: "map/", bibliography: "bibliography/", letters: "letters/", search: "search/", "long title": "long/",
  "page in Arabic alone": "notice/", "page in English alone": "letter/", "not found": "404.html", redirect: "old/dialogue/?stay",
};

// Where letters do not matter, Arabic and English stand for both directions, and of Urdu and Chinese a few pages do.
export const FEW = ["home", "article", "event", "timeline"];

async function html(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith(".html"))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join("/"));
}

// Every page: its path as the server has it, language, direction, size, and whether it only leads to another.
export async function survey(folder) {
  const pages = await Promise.all((await html(folder)).map(async (file) => {
    const text = await readFile(join(folder, file), "utf8");
    const root = /<html\b[^>]*>/i.exec(text)?.[0] ?? "";
    const of = (name) => new RegExp(`\\b${name}="?([^"\\s>]+)`, "i").exec(root)?.[1] ?? "";
    return {
      path: `/${file.replace(/(^|\/)index\.html$/, "$1")}`, lang: of("lang"), dir: of("dir"), size: text.length,
      redirect: /http-equiv="?refresh/i.test(text),
    };
  }));
  pages.sort((a, b) => (a.path < b.path ? -1 : 1));
  // The homes: that of the root, and each folder at the top in a language of its own.
  const home = pages.find(({ path }) => path === "/");
  const homes = new Map([[home?.lang ?? "", "/"]]);
  for (const { path, lang } of pages) if (path === `/${lang}/`) homes.set(lang, path);
  for (const page of pages) {
    const prefix = homes.get(page.lang) ?? "/";
    page.id = page.path.startsWith(prefix) ? page.path.slice(prefix.length) : page.path.slice(1);
  }
  return pages;
}

// A page of each part of the site: the homes, the 404 pages, each page at the top, and in each section the longest
// page, a second page of the list, and of sections that have others below them the same again.
export function sample(pages) {
  const chosen = new Map();
  for (const page of pages) {
    if (page.redirect) continue;
    const parts = page.id.split("/").filter(Boolean);
    const later = /(^|\/)page\/\d+\/$/.test(page.id);
    const what = parts.length <= 1 ? page.id : later ? (page.id.endsWith("page/2/") ? `${parts[0]}/page` : undefined) : `${parts[0]}/*`;
    if (what === undefined) continue;
    const key = `${page.lang} ${what}`;
    if (!chosen.has(key) || chosen.get(key).size < page.size) chosen.set(key, page);
  }
  return [...chosen.values()];
}
