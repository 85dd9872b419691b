// Makes terms.txt from the npm package schema-dts, which follows the releases of schema.org:
//
//     npm pack schema-dts@2.1.0 && tar xzf schema-dts-2.1.0.tgz
//     node make.mjs package/dist/schema.d.ts 2.1.0 > terms.txt
import { readFileSync } from "node:fs";

const [file, version] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
const types = new Map([["Thing", []]]);
const properties = new Map();
const name = (base) => base.trim().replace(/Base$/, "");

const head = /^(?:export )?interface (\w+)Base extends (?:Partial<IdReference>|([\w, ]+)) \{$/;
let type = null;
for (const line of text.split("\n")) {
  const found = line.match(head);
  if (found) {
    type = found[1];
    types.set(type, (found[2] ?? "").split(",").map(name).filter(Boolean));
    continue;
  }
  if (line === "}") type = null;
  const property = type && line.match(/^ {4}"([a-z]\w*)"\?:/);
  if (property) {
    properties.set(property[1], [...(properties.get(property[1]) ?? []), type]);
  }
}
// Types without properties of their own are named by their leaves alone.
for (const [, leaf, base] of text.matchAll(/interface (\w+)Leaf extends (\w+)Base \{/g)) {
  if (leaf !== base && !types.has(leaf)) types.set(leaf, [base]);
}

// Terms of other vocabularies, which schema.org compares some of its types with, are not of its own; those
// have an underscore in code only where the name begins with a digit.
const own = (name) => /^_?[0-9A-Za-z]+$/.test(name);
for (const name of [...types.keys()].filter((name) => !own(name))) types.delete(name);
for (const of of [types, properties]) {
  for (const [term, names] of of) of.set(term, names.filter((name) => types.has(name)));
}
const written = (term) => term.replace(/^_/, "");
const lines = [...types, ...properties].map(([term, of]) => [term, ...of.sort()].map(written).join(" "));
console.log(`# The types of schema.org with those above each, and its properties with the types that have them,
# as they are in schema-dts ${version} (Apache-2.0). schema.org is published by W3C's Schema.org Community
# Group under CC BY-SA 3.0: https://schema.org/docs/terms.html. Made by make.mjs; sorted by bytes.`);
console.log(lines.sort((a, b) => (a < b ? -1 : 1)).join("\n"));
