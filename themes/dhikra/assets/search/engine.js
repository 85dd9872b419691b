// Searching: what src/text/search and src/search do, in the browser. tests/search holds the two equal.

// Lists of words, which an index brings.
let lists = {};
const list = (name) => lists[name] ?? [];
const has = (name, word) => list(name).includes(word);

const chars = (text) => [...text];
const length = (word) => chars(word).length;
const cut = (word, ending, least) =>
  word.endsWith(ending) && length(word) - length(ending) >= least ? word.slice(0, word.length - ending.length) : null;

// --- Letters -------------------------------------------------------------------------------------

// Remembers what a function says of a character: texts are long, and their characters few.
const remembered = (of, known = []) => (c) => (known[c.codePointAt(0)] ??= of(c));

// Kinds of characters, which an index brings as ranges.
const kinds = {};
const is = (kind, c) =>
  (kinds[kind] ??= new RegExp(`[${list(kind)[0].replace(/\w+/g, "\\u{$&}").replace(/,/g, "")}]`, "u")).test(c);
const PLAIN = /^[\x00-\x7F\u0621-\u0652]*$/;
const ALPHANUMERIC = /[\p{Alphabetic}\p{N}]/u;
const isMark = (c) => c > "\u02FF" && /\p{M}/u.test(c);
// What stands for a character in folded words; not known of what separates.
const letter = remembered((c) => {
  if (is("dropped", c)) return "";
  if (c >= "\u0660" && c <= "\u0669") return String(c.codePointAt(0) - 0x660);
  if (c >= "\u06F0" && c <= "\u06F9") return String(c.codePointAt(0) - 0x6f0);
  c = list("letters").find(([to]) => is(to, c))?.[0] ?? c;
  if (!ALPHANUMERIC.test(c)) return c === "." || isMark(c) ? c : undefined;
  const spelled = (small) => (is("dropped", small) ? "" : (list("spelled").find(([c]) => c === small)?.slice(1) ?? small));
  return chars(c.toLowerCase()).map(spelled).join("");
});

export function fold(word) {
  const plain = PLAIN.test(word);
  let out = [];
  let hamza = false;
  for (let c of plain ? word : word.normalize("NFKD")) {
    if (c === "\u0654") {
      hamza ||= out.at(-1) === "ي";
      continue;
    }
    c = letter(c);
    if (c === "") continue;
    const seated = hamza;
    hamza = c === "ئ";
    if (hamza) {
      out.push("ي");
    } else if (c === "و") {
      if (seated || out.at(-1) === "ء") out.pop();
      if (out.at(-1) !== "و" || out.length < 2) out.push("و");
    } else if (c) {
      out.push(...c);
    }
  }
  if (out.length > 3 && out.at(-1) === "ء" && out.at(-2) === "ي") out.pop();
  out = out.join("");
  return plain ? out : out.normalize("NFKD");
}

// --- Words of a text -----------------------------------------------------------------------------

const BREAK = 0, INSIDE = 1, LETTER = 2, DIGIT = 3, ARABIC = 4, RUN = 5;
const classOf = remembered((c) => {
  if (c <= "\x7F") return /[a-z]/i.test(c) ? LETTER : /\d/.test(c) ? DIGIT : BREAK;
  if (/[\u0660-\u0669\u06F0-\u06F9]/.test(c)) return DIGIT;
  if (is("arabic", c)) return ARABIC;
  if (c === "\u0640" || is("ignorable", c) || isMark(c)) return INSIDE;
  if (/[\uFF10-\uFF19]/.test(c)) return DIGIT;
  if (is("unspaced", c)) return RUN;
  return ALPHANUMERIC.test(c) ? LETTER : BREAK;
});

const isPoint = (c) => c === "." || c === "٫";

// The words of a text: `{ start, end, script }`, in UTF-16 units; scripts are the classes.
export function tokens(text) {
  const list = chars(text);
  const classes = list.map(classOf);
  const found = [];
  const digits = (from) => {
    let n = from;
    while (classes[n] === DIGIT) n++;
    return n - from;
  };
  const separates = (start, at, dotted) => {
    const c = list[at];
    const count = digits(at + 1);
    const after = at + 1 + count;
    if (isPoint(c)) {
      const afterPoint = start > 1 && isPoint(list[start - 1]) && classes[start - 2] === DIGIT;
      const pointFollows = after < list.length && isPoint(list[after]) && classes[after + 1] === DIGIT;
      return !dotted && count > 0 && !afterPoint && !pointFollows;
    }
    return (c === "," || c === "٬") && !dotted && count === 3 && classes[after] !== LETTER;
  };
  let at = 0;
  let unit = 0;
  while (at < list.length) {
    if (classes[at] <= INSIDE) {
      unit += list[at++].length;
      continue;
    }
    const start = at;
    const startUnit = unit;
    let script = classes[at];
    let dotted = false;
    for (; at < list.length; unit += list[at++].length) {
      const kind = classes[at];
      if (kind === INSIDE || kind === script || (script === LETTER && kind === DIGIT)) continue;
      if (script === DIGIT && kind === LETTER) {
        script = LETTER;
      } else if (script === DIGIT && kind === BREAK && separates(start, at, dotted)) {
        dotted ||= isPoint(list[at]);
      } else {
        break;
      }
    }
    found.push({ start: startUnit, end: unit, script });
  }
  return found;
}

const isSingle = (word) => chars(word).filter((c) => classOf(c) === ARABIC).length === 1;

// Each two letters of a run of a script without spaces, with the marks after them: places.
function pairs(run) {
  const letters = [];
  let at = 0;
  for (const c of run) {
    if (letters.length && classOf(c) === INSIDE) letters.at(-1)[1] = at + c.length;
    else letters.push([at, at + c.length]);
    at += c.length;
  }
  if (letters.length === 1) return letters;
  return letters.slice(1).map(([, end], n) => [letters[n][0], end]);
}

// --- Arabic --------------------------------------------------------------------------------------

const BARE = 0, FEMININE = 1, EITHER = 2, PLURAL = 3, MASCULINE = 4, VERB = 5, RELATIVE = 6, RELATIVE_FEMININE = 7, MAQSURA = 8;
function withoutArticle(word) {
  while (!has("no_article", word)) {
    const article = list("articles").find((article) => word.startsWith(article) && length(word) >= article.length + 2);
    if (!article) break;
    const rest = word.slice(article.length);
    word = article.endsWith("لل") && list("lam").some((stem) => ("ل" + rest).startsWith(stem)) ? "ل" + rest : rest;
  }
  return word;
}

function spellingOf(word) {
  const letters = word.replace(/[^\u0621-\u063F\u0641-\u064A]/g, "");
  return { last: letters.at(-1), seated: /ا[ئؤ].{0,3}$/.test(letters) };
}
const NO_SPELLING = { seated: false };

function seated(word, spelling) {
  const rest = cut(word, "اي", 2) ?? cut(word, "او", 2);
  return spelling.seated && rest !== null ? rest + "اء" : null;
}

function withoutPronoun(word, spelling) {
  const cuts = list("pronouns").map((pronoun) => cut(word, pronoun, 3));
  let rest = cuts.find((left) => left !== null && (length(left) > 3 || !left.endsWith("ا"))) ?? null;
  if (rest === null) {
    const left = cut(word, "نا", 3);
    if (left !== null && (/[تء]$/.test(left) || spelling.seated)) rest = left;
  }
  return rest === null ? null : (seated(rest, spelling) ?? rest);
}

function belonging(word, form) {
  const rest = cut(word, "ي", 3);
  if (rest === null) return [word, form];
  form = form === FEMININE || form === EITHER || form === PLURAL ? RELATIVE_FEMININE : RELATIVE;
  const stem = cut(rest, "اي", 2);
  return stem === null ? [rest, form] : [stem + "اء", form];
}

const isTeh = (rest) => list("short_teh").some((stem) => stem.startsWith(rest));

function withoutNumber(word, owned, spelling) {
  for (const ending of ["ات", "تان", "تين"]) {
    const rest = cut(word, ending, 2);
    if (rest !== null && length(rest) === 2 && (ending === "ات" || !isTeh(rest))) return [rest + "ه", PLURAL];
  }
  const own = owned ? word : cut(word, "ه", 0);
  const short = own === null ? null : cut(own, "ت", 2);
  if (short !== null && length(short) === 2 && !isTeh(short)) {
    return [short + "ه", EITHER];
  }
  for (const ending of ["اته", "ات", "تين", "تان"]) {
    const rest = cut(word, ending, 3);
    if (rest !== null && !word.endsWith("ستان")) return belonging(rest, PLURAL);
  }
  if (owned) {
    const rest = cut(word, "ت", 3);
    return rest === null ? belonging(word, BARE) : belonging(rest, EITHER);
  }
  const dotted = spelling.last === "ة";
  let rest = cut(word, "ه", 3);
  if (rest !== null) {
    const whole = dotted ? null : seated(rest, spelling);
    if (whole !== null) return [whole, BARE];
    const teh = dotted ? null : cut(rest, "ت", 3);
    return teh === null ? belonging(rest, dotted ? FEMININE : EITHER) : belonging(teh, EITHER);
  }
  if (word.endsWith("ه")) return [word, dotted ? FEMININE : EITHER];
  for (const ending of ["ون", "ين"]) {
    rest = cut(word, ending, 3);
    if (rest !== null && (length(rest) > 3 || rest.endsWith("ي"))) return belonging(rest, MASCULINE);
  }
  const ends = !has("no_ending", word);
  rest = cut(word, "ان", 4);
  if (ends && rest !== null) return belonging(rest, MASCULINE);
  for (const ending of ["وا", "ت"]) {
    rest = cut(word, ending, 3);
    if (rest !== null) return [rest, VERB];
  }
  rest = cut(word, "ا", 3);
  if (ends && rest !== null) return belonging(rest, BARE);
  rest = cut(word, "تي", 4);
  if (rest !== null && !rest.endsWith("ا") && !rest.startsWith("سوفي")) return belonging(rest, PLURAL);
  if (spelling.last === "ى") return [cut(word, "ي", 3) ?? word, MAQSURA];
  return belonging(word, BARE);
}

function withoutEndings(word, spelling) {
  const rest = withoutPronoun(word, spelling);
  return rest === null ? withoutNumber(word, false, spelling) : withoutNumber(rest, true, NO_SPELLING);
}

function arabic(folded, spelling) {
  if (/^[وفب]?الله$|^و?لله$/.test(folded)) return ["الله", BARE];
  let [key, form] = withoutEndings(withoutArticle(folded), spellingOf(spelling));
  for (;;) {
    const [shorter] = withoutEndings(withoutArticle(key), NO_SPELLING);
    // In letters of the Arabic script, each of two bytes.
    if (length(shorter) >= length(key)) return [key, form];
    key = shorter;
  }
}

// What a word may be with what is joined to it that the words of a site tell.
function unsure(folded) {
  const bare = withoutArticle(folded);
  const lam = /^[وف]?لل(.*)/u.exec(folded);
  const dual = (isMade(bare) ? null : cut(bare, "ين", 3)) ?? cut(bare, "ان", 3);
  return [lam && "ل" + lam[1], cut(bare, "نا", 3), dual && length(dual) === 3 ? dual : null, cut(bare, "و", 4)].filter((word) => word !== null);
}

const isMade = (word) => /^ت..ي.$/u.test(word);

function other(folded) {
  let key = folded;
  let form = BARE;
  for (;;) {
    const found = list("endings").find((ending) => cut(key, ending.slice(0, -2), 3) !== null);
    if (!found) return [key, form];
    key = cut(key, found.slice(0, -2), 3);
    if (form === BARE) form = +found.at(-1);
  }
}

// --- English -------------------------------------------------------------------------------------

const pairsOf = (name) => list(name).map((pair) => pair.split("-"));

function step(word) {
  const listed = pairsOf("irregular").find(([irregular]) => irregular === word);
  if (listed) return listed[1];
  if (word.length <= 2 || !/^[a-z]+$/.test(word)) return word;
  if (/...our$/.test(word)) return word.slice(0, -2) + "r";
  let w = word.replace(/^y|(?<=[aeiouy])y/g, "Y");
  const after = (from) => {
    const at = w.slice(from).search(/[aeiouy][^aeiouy]/);
    return at < 0 ? w.length : from + at + 2;
  };
  const first = after(0);
  const second = after(first);
  const ends = (ending) => w.endsWith(ending);
  const set = (ending, by) => (w = w.slice(0, Math.max(0, w.length - ending.length)) + by);
  const hasVowel = (until) => /[aeiouy]/.test(w.slice(0, Math.max(0, until)));
  const isShort = (w) => (w.length === 2 ? /^[aeiouy][^aeiouy]$/.test(w) : /[^aeiouy][aeiouy][^aeiouywxY]$/.test(w));

  if (ends("sses")) set("es", "");
  else if (ends("ied") || ends("ies")) set("ies", w.length > 4 ? "i" : "ie");
  else if (ends("s") && !ends("ss") && !ends("us") && hasVowel(w.length - 2)) set("s", "");

  if (ends("eed")) {
    if (w.length - 3 >= first) set("eed", "ee");
  } else {
    const ending = ["edly", "ingly", "ing", "ed"].find(ends);
    if (ending && hasVowel(w.length - ending.length)) {
      set(ending, "");
      if (/(at|bl|i[sz])$/.test(w)) w += "e";
      else if (/([bdfgmnprt])\1$/.test(w)) w = w.slice(0, -1);
      else if (first >= w.length && isShort(w)) w += "e";
    }
  }
  if (w.length > 2 && /[^aeiouy][yY]$/.test(w)) set("y", "i");

  for (const [endings, region] of [[pairsOf("second"), first], [pairsOf("third"), first]]) {
    const found = endings.find(([ending]) => ends(ending));
    if (!found) continue;
    const [ending, by] = found;
    const start = w.length - ending.length;
    const before = w[start - 1] ?? "";
    const fits =
      ending === "ogi" ? before === "l" : ending === "li" ? /[cdeghkmnrt]/.test(before) : ending !== "ative" || start >= second;
    if (fits && start >= region) set(ending, by);
  }
  const last = list("fourth").find(ends);
  if (last) {
    const start = w.length - last.length;
    if ((last !== "ion" || /[st]/.test(w[start - 1] ?? "")) && start >= second) set(last, "");
  }
  const start = w.length - 1;
  if (ends("ll") && start >= second) w = w.slice(0, -1);
  else if (ends("e") && (start >= second || (start >= first && !isShort(w.slice(0, -1))))) w = w.slice(0, -1);
  return w.toLowerCase();
}

function english(word) {
  let stem = word;
  for (let shorter = step(stem); shorter !== stem; shorter = step(stem)) stem = shorter;
  const longer = word.length - stem.length;
  const form =
    word === stem ? BARE : longer === 1 && word.endsWith("s") ? PLURAL : /(ed|ing)$/.test(word) ? VERB : RELATIVE;
  return [stem, form];
}

// --- A word by itself ----------------------------------------------------------------------------

// Words that say nothing, folded, with their spellings: إمام is not أمام.
const functions = new Map();

function isFunction(folded, word) {
  const spellings = functions.get(folded);
  const is = (letters) => !letters.test(word) || letters.test(spellings);
  return spellings && is(/إ/) && is(/[أآ]/) && !(spellingOf(word).last === "ي" && /ى$/.test(spellings));
}

const isLong = (word) => length(word) > 64;

// `rules` is a letter: what the Arabic script is used for, in capitals where Latin words keep their endings.
export function analyse(word, script, rules, spoken) {
  const folded = fold(word);
  const says = spoken || !isFunction(folded, word);
  const isArabic = script === ARABIC && /a/i.test(rules);
  let key = says ? folded : (/^[وفبلك]/.test(folded) && functions.has(folded.slice(1)) ? folded.slice(1) : folded) + "-";
  let form = BARE;
  if (says && !isLong(folded)) {
    if (isArabic) [key, form] = arabic(folded, word);
    else if (script === ARABIC) [key, form] = other(folded);
    else if (script === LETTER && rules === rules.toLowerCase() && /^[a-z]*$/.test(folded)) [key, form] = english(folded);
  }
  return { folded, key, form, function: !says, arabic: isArabic };
}

function rests(folded) {
  const found = [];
  const good = (first, rest) =>
    first === "س" ? length(rest) >= 3 && /^[يتنا]/.test(rest) : length(rest) >= (/[وبل]/.test(first) ? 2 : 3);
  if (!/^[وفبلكس]/.test(folded)) return found;
  const rest = folded.slice(1);
  if (good(folded[0], rest)) found.push(rest);
  if (/^[وف][بلكس]/.test(folded) && good(rest[0], rest.slice(1))) found.push(rest.slice(1));
  return found;
}

// The keys that a word may have without what is joined to it, with its form then.
export function joined(word, rules) {
  const found = new Map();
  if (!word.arabic || word.function || isLong(word.folded)) return [];
  const within = rests(word.key).map((text) => [text, word.form]);
  const whole = [...rests(word.folded), word.folded].flatMap((text) => [[text], ...unsure(text).map((rest) => [rest])]);
  for (const [text, form] of [...within, ...whole]) {
    const rest = analyse(text, ARABIC, rules);
    if (!rest.function && rest.key !== word.key && !found.has(rest.key)) found.set(rest.key, form ?? rest.form);
  }
  return [...found];
}

function pasts(key) {
  const rest = /^[يت]/.test(key) && !isMade(key) ? key.slice(1) : "";
  if (length(rest) < 3) return [];
  return [rest, "ا" + rest, ...(rest[0] === "و" ? ["ا" + rest.slice(1)] : [])];
}

// --- Forms of a word -----------------------------------------------------------------------------

const FAR = 0, NEAR = 1, SAME = 2;
// Forms that stand to all others in the same way: noun, feminine, either, plural, relative, its feminine, alef maqsura.
const KIN = [0, 1, 2, 3, 0, 0, 4, 5, 6];

function isSameWord(one, other, nature) {
  const [low, high] = [KIN[one], KIN[other]].sort();
  return (nature & 4) !== 0 || low === high || (low < 2 && high === 2) || (low === 2 && high === 3);
}

function nearness(asked, found, { key, nature, forms }) {
  if (asked === found) return SAME;
  if (nature & 4) return NEAR;
  const [place, apart] = [nature & 1, nature & 2];
  const long = length(key) >= 4;
  const holds = (...wanted) => forms.some(([form]) => wanted.includes(form));
  const a = KIN[asked];
  const [low, high] = [a, KIN[found]].sort();
  const near = () => {
    if (low === 0 && high === 1) return (long || /^.ا.$/u.test(key)) && !apart;
    if (low === 0 && high === 3) return (long || !holds(FEMININE, EITHER)) && !apart;
    if (low === 0 && high === 2) return !apart;
    if ((low === 1 || low === 2) && high === 3) return true;
    if (low === 1 && high === 2) return true;
    if (low === 4 && high > 4) return true;
    if (low === 5 && high === 6) return long;
    if (low === 6 || high === 6) return low === high;
    if (high === 5 && a === 5 && low !== high) return place || holds(RELATIVE);
    return high > 3 ? low % 4 === 0 || long || place : low === high;
  };
  return near() ? NEAR : FAR;
}

// --- The index -----------------------------------------------------------------------------------

const RANKS = 6;
const WEIGHTS = [10, 14, 18, 40, 80, 160];
const COMPLETIONS = 64, WORDS = 32;
const PIECES = 8;

// Numbers in digits of five bits.
function numbers(text, from = 0) {
  const found = [];
  let value = 0, shift = 0;
  for (let n = from; n < text.length; n++) {
    const digit = text.charCodeAt(n) - 48;
    value += (digit & 31) << shift;
    if (digit > 31) {
      shift += 5;
    } else {
      found.push(value);
      value = shift = 0;
    }
  }
  return found;
}

// Pages and ranks, by turns.
function postings(text) {
  let page = 0;
  return numbers(text, 1).flatMap((value) => [(page += Math.floor(value / RANKS)), value % RANKS]);
}

// What pages are of: `[kind, section, year]` for each, all from 1, with 0 for none.
export function readFacets(text) {
  const [kinds, sections, years] = text.split("\n").map((line) => numbers(line));
  let year = 0;
  return kinds.map((kind, n) => [kind, sections[n], (year += years[n])]);
}

// A piece of an index: its families in the order of their keys. Their pages are read when they are wanted.
function readPiece(text, nature) {
  const entries = [];
  let before = [];
  for (const line of text.split("\n")) {
    if (!line) continue;
    const [head, ...fields] = line.split(" ");
    const key = [...before.slice(0, parseInt(head[0], 36)), ...head.slice(1)];
    const entry = { key: key.join(""), nature, links: [], forms: [] };
    for (const field of fields) {
      const rest = field.slice(1);
      if (field[0] === "~") entry.nature = +rest;
      else if (field[0] === ">") entry.instead = rest;
      else if (field[0] === "@") entry.links.push({ asked: +rest[0], form: +rest[1], nearness: rest[2] === "+" ? NEAR : FAR, key: rest.slice(3) });
      else entry.forms.push([+field[0], field]);
    }
    entries.push(entry);
    before = key;
  }
  return entries;
}

// In the order of code points.
function compare(a, b) {
  for (let n = 0; n < a.length && n < b.length; n++) {
    const order = a.codePointAt(n) - b.codePointAt(n);
    if (order) return order;
  }
  return a.length - b.length;
}

// An index that fetches its pieces as they are wanted. `fetchPiece(n)` promises the text of a piece.
export class Index {
  #pieces = new Map();

  constructor({ starts, nature, pages, rules, lists: brought }, fetchPiece) {
    Object.assign(this, { starts, nature, pages, rules, fetchPiece });
    lists = Object.fromEntries(Object.entries(brought).map(([name, words]) => [name, words.split(" ")]));
    for (const [to, ...from] of list("letters")) lists[to] = [from.join("")];
    functions.clear();
    for (const word of list("functions")) functions.set(fold(word), `${functions.get(fold(word)) ?? ""} ${word}`.trim());
  }

  piece(n) {
    if (!this.#pieces.has(n)) {
      const read = this.fetchPiece(n).then((text) => readPiece(text, this.nature));
      // What could not be fetched is asked for again.
      read.catch(() => this.#pieces.delete(n));
      this.#pieces.set(n, read);
    }
    return this.#pieces.get(n);
  }

  pieceOf(key) {
    let [low, high] = [0, this.starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (compare(this.starts[middle], key) <= 0) low = middle;
      else high = middle;
    }
    return low;
  }

  async get(key) {
    return (await this.piece(this.pieceOf(key))).find((entry) => entry.key === key);
  }

  async beginningWith(start, most) {
    const found = [];
    const first = this.pieceOf(start);
    for (let n = first; n < Math.min(first + PIECES, this.starts.length) && found.length < most; n++) {
      const entries = await this.piece(n);
      for (const entry of entries) {
        if (entry.key.startsWith(start)) found.push(entry);
        else if (compare(entry.key, start) > 0) return found.slice(0, most);
      }
    }
    return found.slice(0, most);
  }
}

// --- Queries -------------------------------------------------------------------------------------

function queryWords(query, rules) {
  let words = [];
  for (const token of tokens(query)) {
    const text = query.slice(token.start, token.end);
    const open = token.end === query.length;
    const word = (text, letter) => ({ ...analyse(text, token.script, rules), text, script: token.script, open, letter });
    if (token.script === RUN) {
      const places = pairs(text).slice(0, WORDS);
      words.push(...places.map(([start, end]) => word(text.slice(start, end), places.length === 1 && length(text) === 1)));
    } else if (token.script !== ARABIC || !isSingle(text)) {
      words.push(word(text, false));
    }
  }
  words = words.filter((word) => word.key);
  const say = words.filter((word) => !word.function);
  return (say.length ? say : words).slice(0, WORDS);
}

const rarity = (all, pages) => 8 + (Math.floor(Math.log2(Math.floor(all / Math.max(1, pages)) + 1)) + 1) * 2;

class Matches {
  pages = new Map();
  words = new Map();

  constructor(index) {
    this.index = index;
  }

  // Takes in the pages of the forms that are wanted, at so many tenths.
  add(entry, tenths, wanted) {
    const forms = entry.forms.filter(([form]) => wanted(form)).map(([form, text]) => [form, postings(text)]);
    const count = forms.reduce((sum, [, pages]) => sum + pages.length / 2, 0);
    if (!count) return;
    const rare = rarity(this.index.pages, count);
    for (const [form, pages] of forms) {
      if (!this.words.has(entry.key)) this.words.set(entry.key, new Set());
      this.words.get(entry.key).add(form);
      for (let n = 0; n < pages.length; n += 2) {
        const score = Math.floor((WEIGHTS[pages[n + 1]] * tenths * rare) / 10);
        if (score > (this.pages.get(pages[n]) ?? 0)) this.pages.set(pages[n], score);
      }
    }
  }

  async family(entry, asked, wanted) {
    this.add(entry, 10, (form) => form === asked);
    this.add(entry, 8, (form) => form !== asked && nearness(asked, form, entry) >= wanted);
    const links = entry.links.filter((link) => link.nearness >= wanted && isSameWord(asked, link.asked, entry.nature));
    const others = await Promise.all(links.map((link) => this.index.get(link.key)));
    links.forEach((link, n) => {
      if (others[n]) this.add(others[n], 7, (form) => nearness(link.form, form, others[n]) >= NEAR);
    });
  }
}

const meant = (index, entry) => (entry?.instead ? index.get(entry.instead) : entry);

// The family of a word, and its form there.
async function entryOf(index, word) {
  const entry = await index.get(word.key);
  const keys = joined(word, index.rules);
  if (entry) return [await meant(index, entry), keys.find(([key]) => key === entry.instead)?.[1] ?? word.form];
  for (const [key, form] of keys) {
    const entry = await meant(index, await index.get(key));
    if (entry) return [entry, form];
  }
  return [];
}

// Takes in the pages that have a word.
async function whole(index, word, matches) {
  const [entry, asked] = await entryOf(index, word);
  if (entry) {
    await matches.family(entry, asked, NEAR);
  } else if (word.arabic && !word.function && withoutArticle(word.folded) === word.folded) {
    for (const past of await Promise.all(pasts(word.key).map(async (key) => meant(index, await index.get(key))))) {
      if (past && !(past.nature & 8)) await matches.family(past, BARE, NEAR);
    }
  }
  return [entry, asked];
}

// Takes in the pages that have a word which begins so.
async function beginning(index, { folded, arabic, letter }, matches) {
  const starts = [arabic ? withoutArticle(folded) : folded];
  if (arabic) {
    const article = list("articles").find((article) => article !== "لال" && folded.startsWith(article)) ?? "";
    starts.push(...[article && folded.slice(article.length), /^(و...|[فبلكس]....)/u.test(folded) && folded.slice(1)].filter(Boolean));
  }
  for (const start of starts) {
    for (const entry of await index.beginningWith(start, letter ? 2048 : COMPLETIONS)) {
      if (!entry.key.endsWith("-")) matches.add(entry, 5, () => true);
    }
    if (matches.pages.size) return;
  }
  // Letters of an ending that is not typed to its end.
  const endings = [...list("second"), ...list("third"), ...list("fourth"), "ing", "ed"];
  const letters = chars(folded);
  for (let n = letters.length - 1; n > 3; n--) {
    const rest = letters.slice(n).join("");
    const entry = endings.some((ending) => ending.split("-")[0].startsWith(rest)) && (await index.get(letters.slice(0, n).join("")));
    if (entry) return matches.add(entry, 5, () => true);
  }
}

async function matchWord(index, word) {
  const matches = new Matches(index);
  let [entry, asked] = await whole(index, word, matches);
  // امام is how many write إمام.
  if (word.function && !/[أإآى]/.test(word.text)) [entry, asked] = await whole(index, analyse(word.text, word.script, index.rules, true), matches);
  if (word.letter || (!matches.pages.size && word.open)) await beginning(index, word, matches);
  if (!matches.pages.size && entry) await matches.family(entry, asked, FAR);
  return matches;
}

// `{ hits: [[page, score]], all, words }`: the best first.
export async function search(index, query) {
  const matches = await Promise.all(queryWords(query, index.rules).map((word) => matchWord(index, word)));
  if (!matches.length) return { hits: [], all: false, words: new Map() };
  let found = new Map();
  for (const [page, score] of matches[0].pages) {
    const scores = matches.slice(1).map((other) => other.pages.get(page));
    if (scores.every((score) => score !== undefined)) found.set(page, scores.reduce((a, b) => a + b, score));
  }
  const all = found.size > 0;
  if (!all) {
    for (const { pages } of matches) {
      for (const [page, score] of pages) found.set(page, (found.get(page) ?? 0) + score);
    }
  }
  const words = new Map();
  for (const { words: some } of matches) {
    for (const [key, forms] of some) words.set(key, new Set([...(words.get(key) ?? []), ...forms]));
  }
  // The later pages are the newer ones.
  return { hits: [...found].sort((a, b) => b[1] - a[1] || b[0] - a[0]), all, words };
}

// --- Excerpts ------------------------------------------------------------------------------------

// The places in a text of words of families that were found: `[start, end]`. `known` remembers which are, for most
// words of texts are there more than once.
export function marks(text, words, rules, known = new Map()) {
  const found = [];
  const starts = [...words.keys()].map((key) => key.slice(0, 2));
  const isFound = (part, script) => {
    if (!known.has(part)) {
      // A word holds what its key begins with, but for English ones (mice, mouse); others need not be taken apart.
      const folded = fold(part) + "-";
      const word = (script === LETTER || starts.some((start) => folded.includes(start))) && analyse(part, script, rules);
      known.set(part, word && [[word.key], ...joined(word, rules)].some(([key]) => words.has(key)));
    }
    return known.get(part);
  };
  for (const token of tokens(text)) {
    const part = text.slice(token.start, token.end);
    for (const [start, end] of token.script === RUN ? pairs(part) : [[0, part.length]]) {
      if (!isFound(part.slice(start, end), token.script)) continue;
      const last = found.at(-1);
      // Pairs of a run share letters.
      if (last && last[1] > token.start + start) last[1] = token.start + end;
      else found.push([token.start + start, token.start + end]);
    }
  }
  return found;
}
