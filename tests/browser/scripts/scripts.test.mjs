// Published scripts do what they did: each hard one is run as it is written and as it is published.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

const here = import.meta.dirname;
const dhikra = process.env.DHIKRA ?? join(here, "../../../target/release/dhikra");
const theme = join(here, "../../../themes/dhikra/assets");
const site = mkdtempSync(join(tmpdir(), "dhikra-scripts-"));

const scripts = (folder) => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).filter((path) => /\.m?js$/.test(path)).sort();
};

/** Whether it is a script that runs without being a module. */
const parses = (js) => {
  try {
    return new vm.Script(js) && !js.startsWith("#!");
  } catch {
    return false;
  }
};

/** The published file of an asset. */
const published = (path) => {
  const [, stem, end] = path.match(/^(.*)(\.m?js)$/);
  const folder = join(site, "public/assets", stem, "..");
  const name = stem.split("/").pop();
  const found = readdirSync(folder).find((file) => file.startsWith(`${name}.`) && file.endsWith(end) && file.length === name.length + 17 + end.length);
  return join(folder, found);
};

const run = (js) => {
  const context = vm.createContext({ result: undefined });
  vm.runInContext(js, context);
  return JSON.stringify(context.result, (_, value) => (value === undefined ? "undefined" : value));
};

before(() => {
  cpSync(join(here, "site"), site, { recursive: true });
  // Whatever other scripts there are: they have to parse afterwards.
  for (const [n, folder] of (process.env.SCRIPTS ?? "").split(":").filter(Boolean).entries()) {
    for (const path of scripts(folder)) {
      const js = readFileSync(join(folder, path), "utf8");
      if (parses(js)) {
        mkdirSync(join(site, "assets/other", String(n), path, ".."), { recursive: true });
        writeFileSync(join(site, "assets/other", String(n), path), js);
      }
    }
  }
  execFileSync(dhikra, ["build"], { cwd: site, stdio: "inherit" });
});
after(() => rmSync(site, { recursive: true }));

for (const name of ["signs", "lines", "texts", "strict", "sloppy"]) {
  test(`${name}.js does the same`, () => {
    const written = readFileSync(join(site, `assets/hard/${name}.js`), "utf8");
    const small = readFileSync(published(`hard/${name}.js`), "utf8");
    assert.ok(small.length < written.length * 0.95, `${small.length} of ${written.length} bytes`);
    assert.equal(run(small), run(written));
  });
}

test("parts of a bundle keep their names to themselves", () => {
  assert.equal(run(readFileSync(published("both.js"), "utf8")), '["object",2]');
});

test("modules find each other under their new names", async () => {
  const module = await import(pathToFileURL(published("hard/a.mjs")));
  assert.deepEqual(module.all, ["ب", 1, 3]);
  assert.equal(module.url, published("hard/signs.js"));
});

test("every other script parses", () => {
  let written = 0, small = 0;
  for (const path of scripts(join(site, "assets")).filter((path) => path.startsWith("other/"))) {
    const js = readFileSync(published(path), "utf8");
    new vm.Script(js, { filename: path });
    written += readFileSync(join(site, "assets", path)).length;
    small += js.length;
  }
  if (written) console.log(`${written} bytes before, ${small} after`);
});

test("the theme's scripts are smaller", () => {
  for (const path of scripts(theme)) {
    const [before, after] = [join(theme, path), published(path)].map((file) => readFileSync(file).length);
    console.log(`${path}: ${before} bytes before, ${after} after`);
    assert.ok(after < before);
  }
});
