// Asks the theme's script, the path of which is given, the questions on standard input.
import { readFileSync } from "node:fs";

const source = readFileSync(process.argv[2], "utf8");
const engine = await import("data:text/javascript;base64," + Buffer.from(source).toString("base64"));
const { rules, words = [], texts = [], index, pieces = [], queries = [], marked = [] } = JSON.parse(readFileSync(0, "utf8"));

const dictionary = new engine.Index(index, async (n) => pieces[n]);
const answers = [];
for (const [n, query] of queries.entries()) {
  const { hits, all, words: found } = await engine.search(dictionary, query);
  // The words that were found, marked in the query itself and in a text.
  answers.push([hits, all, ...[query, marked[n]].map((text) => engine.marks(text, found, index.rules))]);
}
process.stdout.write(
  JSON.stringify({
    words: words.map(([word, script]) => {
      const { folded, key, form, function: says, arabic } = engine.analyse(word, script, rules);
      return [folded, key, form, says, engine.joined({ folded, key, form, function: says, arabic }, rules)];
    }),
    texts: texts.map((text) => engine.tokens(text).map(({ start, end, script }) => [start, end, script])),
    queries: answers,
  }),
);
