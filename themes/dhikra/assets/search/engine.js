// Searching: what src/text/search and src/search do, in the browser. tests/search holds the two equal.

// Lists of words, as src/text/search has them.
// <tables>
const TABLES = {
  articles: "وبال وكال فبال ولل فلل وال فال بال كال لال ال لل",
  no_article: "الان الاف والده والدي والدا والدته والدتي والدها والدتها والدهم بالغه بالغا بالغي بالغين بالغون بالون بالونات الفي الفا الفين الفان",
  lam: "لجن لجان لغه لغات لغو لقاء لقاح لون لوح لوائح لاعب لاجي ليل لحظ",
  short_teh: "بيت وقت صوت بنت موت زيت سبت تحت قوت حوت نحت ست",
  second: "ization-ize ational-ate fulness-ful ousness-ous iveness-ive tional-tion biliti-ble lessli-less entli-ent ation-ate alism-al aliti-al ousli-ous iviti-ive fulli-ful enci-ence anci-ance abli-able izer-ize ator-ate alli-al bli-ble ogi-og li-",
  third: "alize-al icate-ic iciti-ic ative- ical-ic ness- ful-",
  fourth: "ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic",
};
// </tables>
// Words that say nothing: an index brings them.
const FUNCTIONS = new Set();

const chars = (text) => [...text];
const length = (word) => chars(word).length;
const cut = (word, ending, least) =>
  word.endsWith(ending) && length(word) - length(ending) >= least ? word.slice(0, word.length - ending.length) : null;

// --- Letters -------------------------------------------------------------------------------------

const DROPPED =
  /[\u0300-\u036F\u0591-\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06E4\u06E7-\u06ED\u0898-\u089F\u08CA-\u08FF\uFE00-\uFE0F\u00AD\u180E\u200C\u200D\u2060\uFEFF\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/;
const IGNORABLE = /[\u00AD\u180E\u200C\u200D\u2060\uFEFF\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/;
const PLAIN = /^[\x00-\x7F\u0621-\u0652]*$/;
const ALPHANUMERIC = /[\p{Alphabetic}\p{N}]/u;
const isMark = (c) => c > "\u02FF" && /\p{M}/u.test(c);
// By their numbers, for fonts hold what scripts do.
const SPELLED = { "\u00DF": "ss", "\u00E6": "ae", "\u0153": "oe", "\u00FE": "th", "\u00F8": "o", "\u00F0": "d", "\u0111": "d", "\u0142": "l", "\u0131": "i" };
// One letter for each run of code points.
const LETTERS = [
  ["ا", /[\u0622\u0623\u0625\u0671-\u0673\u0675]/],
  ["و", /[\u0624\u0676\u0677\u06C4-\u06C7\u06CB]/],
  ["ي", /[\u0649\u06CC\u06CD\u06D0-\u06D3\u0678]/],
  ["ه", /[\u0629\u06BE\u06C0-\u06C3\u06D5\u06FF]/],
  ["ك", /[\u06A9\u06AA\u063B\u063C]/],
  ["ن", /\u06BA/],
  ["ف", /\u06A4/],
  [".", /\u066B/],
];

const letter = (c) => {
  if (c >= "\u0660" && c <= "\u0669") return String(c.codePointAt(0) - 0x660);
  if (c >= "\u06F0" && c <= "\u06F9") return String(c.codePointAt(0) - 0x6f0);
  return LETTERS.find(([, from]) => from.test(c))?.[0] ?? c;
};

export function fold(word) {
  const plain = PLAIN.test(word);
  let out = [];
  let hamza = false;
  const push = (text) => out.push(...text);
  for (let c of plain ? word : word.normalize("NFKD")) {
    if (c === "\u0654") {
      hamza ||= out.at(-1) === "ي";
      continue;
    }
    if (DROPPED.test(c)) continue;
    if (c === "ئ") {
      out.push("ي");
      hamza = true;
      continue;
    }
    c = letter(c);
    const seated = hamza;
    hamza = false;
    if (c === "و") {
      if (seated || out.at(-1) === "ء") out.pop();
      if (out.at(-1) !== "و" || out.length < 2) out.push("و");
    } else if (c === ".") {
      out.push(c);
    } else if (ALPHANUMERIC.test(c)) {
      for (const small of c.toLowerCase()) {
        if (!DROPPED.test(small)) push(SPELLED[small] ?? small);
      }
    } else if (isMark(c)) {
      out.push(c);
    }
  }
  if (out.length > 3 && out.at(-1) === "ء" && out.at(-2) === "ي") out.pop();
  out = out.join("");
  return plain ? out : out.normalize("NFKD");
}

// --- Words of a text -----------------------------------------------------------------------------

const BREAK = 0, INSIDE = 1, LETTER = 2, DIGIT = 3, ARABIC = 4, RUN = 5;
const IS_ARABIC =
  /[\u0620-\u064A\u066E-\u06D3\u06D5\u06EE\u06EF\u06FA-\u06FC\u06FF\u0750-\u077F\u0870-\u08C9\uFB50-\uFBB1\uFBD3-\uFD3D\uFD50-\uFDFB\uFE70-\uFEFC]/;
const IS_HAN = /[\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\u{20000}-\u{323AF}]/u;
const IS_RUN = /[\u3005-\u3007\u3041-\u30FF\u31F0-\u31FF\u0E01-\u0EDF\u1000-\u109F\u1780-\u17D3]/;

function classOf(c) {
  if (c <= "\x7F") return /[a-z]/i.test(c) ? LETTER : /\d/.test(c) ? DIGIT : BREAK;
  if (/[\u0660-\u0669\u06F0-\u06F9]/.test(c)) return DIGIT;
  if (/[\u0610-\u061A\u064B-\u065F\u0670\u0640]/.test(c)) return INSIDE;
  if (/[\u0620-\u064A\u066E-\u06D3\u06D5]/.test(c)) return ARABIC;
  if (IGNORABLE.test(c) || isMark(c)) return INSIDE;
  if (IS_ARABIC.test(c)) return ARABIC;
  if (/[\uFF10-\uFF19]/.test(c)) return DIGIT;
  if (IS_HAN.test(c) || (IS_RUN.test(c) && /\p{Alphabetic}/u.test(c))) return RUN;
  return ALPHANUMERIC.test(c) ? LETTER : BREAK;
}

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
export function pairs(run) {
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
const list = (name) => TABLES[name]?.split(" ") ?? [];
const ARTICLES = list("articles"), NO_ARTICLE = new Set(list("no_article")), LAM = list("lam"), SHORT_TEH = list("short_teh");

export function withoutArticle(word) {
  while (!NO_ARTICLE.has(word)) {
    const article = ARTICLES.find((article) => word.startsWith(article) && length(word) >= article.length + 2);
    if (!article) break;
    const rest = word.slice(article.length);
    word = article.endsWith("لل") && LAM.some((stem) => ("ل" + rest).startsWith(stem)) ? "ل" + rest : rest;
  }
  return word;
}

function spellingOf(word) {
  const letters = chars(word).reverse().filter((c) => /\p{Alphabetic}/u.test(c) && c !== "\u0640");
  const seated = [0, 1, 2, 3].some((n) => /[ئؤ]/.test(letters[n] ?? "") && letters[n + 1] === "ا");
  return { last: letters[0], seated };
}
const NO_SPELLING = { seated: false };

function seated(word, spelling) {
  const rest = cut(word, "اي", 2) ?? cut(word, "او", 2);
  return spelling.seated && rest !== null ? rest + "اء" : null;
}

function withoutPronoun(word, spelling) {
  let rest = null;
  for (const pronoun of ["هما", "كما", "ها", "هم", "هن", "كم", "كن"]) {
    const left = cut(word, pronoun, 3);
    if (left !== null && (length(left) > 3 || !left.endsWith("ا"))) {
      rest = left;
      break;
    }
  }
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

function withoutNumber(word, owned, spelling) {
  for (const ending of ["ات", "تان", "تين"]) {
    const rest = cut(word, ending, 2);
    if (rest !== null && length(rest) === 2) return [rest + "ه", PLURAL];
  }
  const own = owned ? word : cut(word, "ه", 0);
  const short = own === null ? null : cut(own, "ت", 2);
  if (short !== null && length(short) === 2 && !SHORT_TEH.some((stem) => stem.startsWith(short))) {
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
  rest = cut(word, "ان", 4);
  if (rest !== null) return belonging(rest, MASCULINE);
  for (const ending of ["وا", "ت"]) {
    rest = cut(word, ending, 3);
    if (rest !== null) return [rest, VERB];
  }
  rest = cut(word, "ا", 3);
  if (rest !== null) return belonging(rest, BARE);
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

function urdu(folded) {
  const endings = [["ون", MASCULINE], ["ين", PLURAL], ["ات", PLURAL], ["ي", RELATIVE], ["ه", FEMININE], ["ا", VERB]];
  let key = folded;
  let form = BARE;
  for (;;) {
    const found = endings.find(([ending]) => cut(key, ending, 3) !== null);
    if (!found) return [key, form];
    key = cut(key, found[0], 3);
    if (form === BARE) form = found[1];
  }
}

// --- English -------------------------------------------------------------------------------------

const SECOND = list("second").map((pair) => pair.split("-")), THIRD = list("third").map((pair) => pair.split("-")), FOURTH = list("fourth");
const isVowel = (c) => /[aeiouy]/.test(c ?? "");

function step(word) {
  if (word.length <= 2 || !/^[a-z]+$/.test(word)) return word;
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
      if (/(at|bl|iz)$/.test(w)) w += "e";
      else if (/([bdfgmnprt])\1$/.test(w)) w = w.slice(0, -1);
      else if (first >= w.length && isShort(w)) w += "e";
    }
  }
  if (w.length > 2 && /[^aeiouy][yY]$/.test(w)) set("y", "i");

  for (const [endings, region] of [[SECOND, first], [THIRD, first]]) {
    const found = endings.find(([ending]) => ends(ending));
    if (!found) continue;
    const [ending, by] = found;
    const start = w.length - ending.length;
    const before = w[start - 1] ?? "";
    const fits =
      ending === "ogi" ? before === "l" : ending === "li" ? /[cdeghkmnrt]/.test(before) : ending !== "ative" || start >= second;
    if (fits && start >= region) set(ending, by);
  }
  const last = FOURTH.find(ends);
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

const isFunction = (folded) => FUNCTIONS.has(folded) || (/^[وفبلك]../.test(folded) && FUNCTIONS.has(folded.slice(1)));

// `rules` is a letter: what the Arabic script is used for, in capitals where Latin words keep their endings.
export function analyse(word, script, rules) {
  const folded = fold(word);
  const says = !isFunction(folded);
  const isArabic = script === ARABIC && /a/i.test(rules);
  let key = folded;
  let form = BARE;
  if (says) {
    if (isArabic) [key, form] = arabic(folded, word);
    else if (script === ARABIC && /u/i.test(rules)) [key, form] = urdu(folded);
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

export function joined(word, rules) {
  if (!word.arabic || word.function) return [];
  const keys = [];
  for (const text of [...rests(word.key), ...rests(word.folded)]) {
    const rest = analyse(text, ARABIC, rules);
    if (!rest.function && rest.key !== word.key && !keys.includes(rest.key)) keys.push(rest.key);
  }
  return keys;
}

export function pasts(key) {
  const rest = /^[يت]/.test(key) ? key.slice(1) : "";
  if (length(rest) < 3) return [];
  return [rest, "ا" + rest, ...(rest[0] === "و" ? ["ا" + rest.slice(1)] : [])];
}

// --- Forms of a word -----------------------------------------------------------------------------

const FAR = 0, NEAR = 1, SAME = 2;
// Forms that stand to all others in the same way: noun, feminine, either, plural, relative, its feminine, alef maqsura.
const KIN = [0, 1, 2, 3, 0, 0, 4, 5, 6];

export function isSameWord(one, other, nature) {
  const [low, high] = [KIN[one], KIN[other]].sort();
  return (nature & 4) !== 0 || low === high || (low < 2 && high === 2) || (low === 2 && high === 3);
}

export function nearness(asked, found, key, nature, adjective) {
  if (asked === found) return SAME;
  if (nature & 4) return NEAR;
  const [place, apart] = [nature & 1, nature & 2];
  const long = length(key) >= 4;
  const related = long || place;
  const a = KIN[asked];
  const [low, high] = [a, KIN[found]].sort();
  const near = () => {
    if (low === 0 && high === 1) return (long || /^.ا.$/u.test(key)) && !apart;
    if (low === 0 && high === 3) return long && !apart;
    if (low === 0 && high === 2) return !apart;
    if ((low === 1 || low === 2) && high === 3) return true;
    if (low === 1 && high === 2) return true;
    if (low === 4 && high > 4) return true;
    if (low === 5 && high === 6) return long;
    if (low === 6 || high === 6) return low === high;
    if (high === 4) return related;
    if (high === 5) return related && (a !== 5 || low === high || adjective || place);
    return low === high;
  };
  return near() ? NEAR : FAR;
}

// --- The index -----------------------------------------------------------------------------------

const RANKS = 6;
const WEIGHTS = [10, 14, 18, 40, 80, 160];
const COMPLETIONS = 64;
const PIECES = 3;

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
export function readPiece(text, nature) {
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

  constructor({ starts, nature, pages, rules, functions }, fetchPiece) {
    Object.assign(this, { starts, nature, pages, rules, fetchPiece });
    for (const word of functions.split(" ")) FUNCTIONS.add(word);
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

export function queryWords(query, rules) {
  let words = [];
  for (const token of tokens(query)) {
    const text = query.slice(token.start, token.end);
    const open = token.end === query.length;
    const word = (text, letter) => ({ ...analyse(text, token.script, rules), open, letter });
    if (token.script === RUN) {
      words.push(...pairs(text).map(([start, end]) => word(text.slice(start, end), length(text) === 1)));
    } else if (token.script !== ARABIC || !isSingle(text)) {
      words.push(word(text, false));
    }
  }
  words = words.filter((word) => word.key);
  return words.some((word) => !word.function) ? words.filter((word) => !word.function) : words;
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
    const near = (entry, asked, found) =>
      nearness(asked, found, entry.key, entry.nature, entry.forms.some(([form]) => form === RELATIVE));
    this.add(entry, 10, (form) => form === asked);
    this.add(entry, 8, (form) => form !== asked && near(entry, asked, form) >= wanted);
    const links = entry.links.filter((link) => link.nearness >= wanted && isSameWord(asked, link.asked, entry.nature));
    const others = await Promise.all(links.map((link) => this.index.get(link.key)));
    links.forEach((link, n) => {
      if (others[n]) this.add(others[n], 7, (form) => near(others[n], link.form, form) >= NEAR);
    });
  }
}

async function matchWord(index, word) {
  const matches = new Matches(index);
  const meant = (entry) => (entry?.instead ? index.get(entry.instead) : entry);
  let entry = await meant(await index.get(word.key));
  if (!entry) {
    for (const key of joined(word, index.rules)) {
      if ((entry = await meant(await index.get(key)))) break;
    }
  }
  if (entry) {
    await matches.family(entry, word.form, NEAR);
  } else if (word.arabic && !word.function) {
    for (const past of await Promise.all(pasts(word.key).map((key) => index.get(key)))) {
      if (past) await matches.family(past, BARE, NEAR);
    }
  }
  if (word.letter || (!matches.pages.size && word.open)) {
    const start = word.arabic ? withoutArticle(word.folded) : word.folded;
    for (const entry of await index.beginningWith(start, COMPLETIONS)) matches.add(entry, 5, () => true);
  }
  if (!matches.pages.size && entry) await matches.family(entry, word.form, FAR);
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

// The places in a text of words of families that were found: `[start, end]`.
export function marks(text, words, rules) {
  const found = [];
  const is = (key) => words.has(key);
  // Most words of a text are there more than once.
  const known = new Map();
  const isFound = (part, script) => {
    if (!known.has(part)) {
      const word = analyse(part, script, rules);
      known.set(part, is(word.key) || joined(word, rules).some(is));
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
