// The theme `plain`, which shows how one builds on `dhikra`, holds to what that one must: no rule of axe is broken, and a
// page says in what language it is, which is seen in a language that has no text of its own.

import { appendFile, cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { asking, everywhere } from "./axe.mjs";
import { DESKTOP, HERE, LANGUAGES, each, show, start } from "./theme.mjs";

const FRENCH = { lang: "fr", dir: "ltr", root: "/fr/", script: "Latin" };

async function alter(folder) {
  await cp(join(HERE, "../../../themes"), join(folder, "themes"), { recursive: true, filter: (path) => !path.endsWith(".py") });
  const file = join(folder, "site.toml");
  await writeFile(file, (await readFile(file, "utf8")).replace('theme = "dhikra"', 'theme = "plain"'));
  await appendFile(file, '\n[languages.fr]\ntitle = "Pakistan et Chine"\n');
}

// The title, what it is about and the text are marked where they are not in the page's language.
const marked = (page, { lang }) => page.evaluate((own) => {
  const found = [];
  if (document.documentElement.lang !== own) found.push(`the page is in ${document.documentElement.lang}`);
  for (const selector of ["h1", ".lead", ".content"]) {
    const element = document.querySelector(selector);
    const { lang, dir } = element.closest("[lang]");
    if ((lang === "ar") !== (getComputedStyle(element).direction === "rtl") && lang !== "ur") found.push({ text: `in ${lang}, and ${dir}`, selector });
    if (/[\u0600-\u06FF]/.test(element.textContent) !== ["ar", "ur"].includes(lang)) found.push({ text: `its letters are not those of ${lang}`, selector });
  }
  return found;
}, lang);

// What is fetched before all else is used.
const used = (page) => page.evaluate(async () => {
  await document.fonts.ready;
  const families = [...document.fonts].filter(({ status }) => status === "loaded").map(({ family }) => family.replace(/"/g, ""));
  const wanted = { NotoNaskh: "dhikra Naskh", ReemKufi: "dhikra Kufi", EBGaramond: "dhikra Garamond", NotoNastaliq: "dhikra Nastaliq", NotoSerifSC: "dhikra Song" };
  return [...document.querySelectorAll("link[rel=preload][as=font]")].map(({ href }) => Object.entries(wanted).find(([name]) => href.includes(name)))
    .filter((entry) => !entry || !families.includes(entry[1])).map((entry) => `a font is fetched before all else, and not used: ${entry?.[1]}`);
});

async function home(page, more) {
  await show(page, { viewport: DESKTOP });
  const room = await page.evaluate(() => document.querySelector("h1").getBoundingClientRect().top - document.querySelector(".site-header").getBoundingClientRect().bottom);
  return [...await marked(page, more), ...await used(page), ...(room < 16 ? [{ text: `touches the head: ${room} px`, selector: "h1" }] : [])];
}

if (process.env.DHIKRA) {
  start({ alter });
  each("plain: the home", { templates: ["home"], languages: [...LANGUAGES, FRENCH] }, home);
  each("plain: axe", { ...asking, templates: ["home", "article", "event", "section"], languages: LANGUAGES.slice(0, 2) }, everywhere);
  each("plain: axe, shown in another language", { ...asking, templates: ["home", "event"], languages: [FRENCH] }, everywhere);
} else {
  test("plain", { skip: "DHIKRA does not name the program" });
}
