// No rule of axe is broken, on any template, in any language, in both schemes, on phone and desktop.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { DESKTOP, PHONE, each, eachReal, start } from "./theme.mjs";

start();

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

const ask = (page, rules) => page.evaluate(async ({ tags, rules }) => {
  const { violations, incomplete } = await axe.run(document, {
    resultTypes: ["violations"], elementRef: false,
    runOnly: rules ? { type: "rule", values: rules } : { type: "tag", values: tags },
    rules: rules ? {} : { "target-size": { enabled: true } },
  });
  const tell = (all) => all.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => ({
    text: `${id}: ${help} (${failureSummary.split("\n").slice(1).join(" ").trim()})`, selector: target.flat().join(" "),
  })));
  return { violations: tell(violations), unsure: incomplete.map(({ id, nodes }) => `${id} ${nodes.length}`) };
}, { tags: TAGS, rules });

const at = (where, { violations }) => violations.map(({ text, selector }) => ({ text: `${where}: ${text}`, selector }));

async function everywhere(page) {
  const found = [];
  await page.evaluate(() => document.fonts.ready);
  for (const [name, viewport] of [["phone", PHONE], ["desktop", DESKTOP]]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      found.push(...at(`${name}, ${colorScheme}`, await ask(page)));
    }
  }
  // In a system's own colours, what is seen is what contrasts.
  await page.emulateMedia({ forcedColors: "active", colorScheme: "light" });
  found.push(...at("forced colours", await ask(page, ["color-contrast"])));
  return found;
}

const prepare = (page) => page.addInitScript({ content: AXE });
each("axe", { prepare, concurrency: 3 }, everywhere);
eachReal("axe", { prepare, concurrency: 3 }, everywhere);
