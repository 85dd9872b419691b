// Asks axe which of its rules a page breaks, in both schemes, on phone and desktop.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { DESKTOP, PHONE, show } from "./theme.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

const ask = (page) => page.evaluate(async (tags) => {
  const { violations } = await axe.run(document, {
    resultTypes: ["violations"], elementRef: false, runOnly: { type: "tag", values: tags }, rules: { "target-size": { enabled: true } },
  });
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => ({
    text: `${id}: ${help} (${failureSummary.split("\n").slice(1).join(" ").replace(/\s+/g, " ").trim().slice(0, 240)})`, selector: target.flat().join(" "),
  })));
}, TAGS);

const at = (where, found) => found.map(({ text, selector }) => ({ text: `${where}: ${text}`, selector }));

export async function everywhere(page) {
  const found = [];
  for (const [name, viewport] of [["phone", PHONE], ["desktop", DESKTOP]]) {
    for (const colorScheme of ["light", "dark"]) {
      await show(page, { viewport, colorScheme });
      found.push(...at(`${name}, ${colorScheme}`, await ask(page)));
    }
  }
  return found;
}

// The policy is off where it is asked: axe sets styles of its own to measure by.
export const asking = { prepare: (page) => page.addInitScript({ content: AXE }), bypassCSP: true };
