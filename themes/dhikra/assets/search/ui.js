// What a reader types is looked for at once: on the page for searching, and in the box that opens over any page.

import { Index, marks, readFacets, search } from "./engine.js";
import { forget, keep, read } from "./store.js";

const SHOWN = 10;
const SHOWN_IN_BOX = 6;
const EXCERPT = 160;
// How long an index is taken to be the newest, and how long typing rests before it is told of.
const FRESH = 10_000;
const REST = 300;

const element = (name, attributes = {}, ...children) => {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
};

// --- The index of a language ---------------------------------------------------------------------

class Source {
  constructor(base) {
    this.base = base;
  }

  // The index, and what is known of it. One that is there is taken as it is; once in a while it is asked for anew
  // meanwhile, and `renewed` is called where it has changed.
  async open(renewed) {
    if (!this.index) await this.renew();
    else if (Date.now() - this.at > FRESH) this.renew().then((is) => is && renewed(), () => {});
    return this;
  }

  // Whether there is another index.
  async renew() {
    this.at = Date.now();
    const manifest = JSON.parse(await read(`${this.base}index.json`));
    if (manifest.version === this.manifest?.version) return false;
    this.manifest = manifest;
    this.index = new Index(manifest, (n) => this.piece(`words/${n}.txt`));
    this.facetFiles = new Map();
    this.pages = new Map();
    forget(this.base, manifest.version).catch(() => {});
    return true;
  }

  piece(name) {
    return read(`${this.base}${name}?v=${this.manifest.version}`, true);
  }

  // What some pages are of.
  async facets(pages) {
    const size = this.manifest.facets;
    const files = this.facetFiles;
    const numbers = new Set(pages.map((page) => Math.floor(page / size)));
    await Promise.all([...numbers].map(async (n) => {
      if (!files.has(n)) files.set(n, readFacets(await this.piece(`facets/${n}.txt`)));
    }));
    return (page) => files.get(Math.floor(page / size))?.[page % size] ?? [0, 0, 0];
  }

  // What is shown of a page, which is fetched once.
  page(number) {
    const { pages } = this;
    if (!pages.has(number)) {
      const read = this.piece(`pages/${number}.txt`).then((text) => {
        const [url, title, description, date, ...blocks] = text.split("\n");
        return { url, title, description, date, blocks };
      });
      read.catch(() => pages.delete(number));
      pages.set(number, read);
    }
    return pages.get(number);
  }
}

// --- Texts with marks ----------------------------------------------------------------------------

// A part of a text with its marks, which are places in the whole.
function marked(text, places, from = 0, to = text.length) {
  const parts = [];
  let at = from;
  for (const [start, end] of places) {
    if (start < at || end > to) continue;
    parts.push(text.slice(at, start), element("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at, to)];
}

// About so many letters around the first mark, from the beginning of a word to the end of one.
function around(text, places) {
  if (text.length <= EXCERPT) return [0, text.length];
  const first = places[0]?.[0] ?? 0;
  let from = 0;
  if (first > EXCERPT / 4) {
    from = first - EXCERPT / 4;
    const space = text.slice(from, first).search(/\s/);
    from = space < 0 ? first : from + space + 1;
  }
  let to = text.length;
  if (to - from > EXCERPT) {
    const space = text.slice(from, from + EXCERPT).search(/\s\S*$/);
    to = from + (space <= first - from ? EXCERPT : space);
    // No letter is cut in two.
    if (/[\uDC00-\uDFFF]/.test(text[to] ?? "")) to += 1;
  }
  return [from, to];
}

// The block with most of the words, the first of those.
function excerpt({ blocks, description }, marks) {
  let best = { text: description, places: marks(description) };
  for (const text of blocks) {
    const places = marks(text);
    if (places.length > best.places.length) best = { text, places };
  }
  const { text, places } = best;
  const [from, to] = around(text, places);
  return [from > 0 ? "… " : "", ...marked(text, places, from, to), to < text.length ? " …" : ""];
}

// Calls back when something is typed: letters that an input method is still making are not.
function typed(input, act) {
  for (const type of ["input", "compositionend"]) input.addEventListener(type, (event) => event.isComposing || act());
}

// --- What is seen --------------------------------------------------------------------------------

class Search {
  #turn = 0;
  #shown = SHOWN;

  constructor(root, form, isBox) {
    Object.assign(this, { root, form, isBox });
    this.input = form.querySelector("input[type=search]");
    this.status = root.querySelector("[role=status]");
    this.list = root.querySelector(".search-results");
    this.more = root.querySelector(".search-more");
    this.again = root.querySelector(".search-again");
    this.filters = isBox ? [] : [...form.querySelectorAll("select")];
    this.source = new Source(root.dataset.url);
    this.limit = isBox ? SHOWN_IN_BOX : SHOWN;
    typed(this.input, () => this.look());
    this.again.addEventListener("click", () => this.look(true));
    addEventListener("online", () => this.failed && this.look(true));
    (isBox ? root.parentElement : root).addEventListener("keydown", (event) => this.key(event));
  }

  // The form of a counting message that a number wants, in the page's digits.
  count(name, n) {
    const plural = new Intl.PluralRules(document.documentElement.lang);
    const samples = [1, 2, 3, 11, 100, 0, 6];
    const same = samples.find((m) => m === n) ?? samples.find((m) => plural.select(m) === plural.select(n)) ?? 100;
    return this.status.getAttribute(`data-${name}-${same}`).replace("{n}", this.number(n));
  }

  number(n) {
    const digits = [...this.root.dataset.digits];
    return String(n).replace(/\d/g, (d) => digits[(+d + 9) % 10]);
  }

  // Says something: to screen readers once the typing rests.
  say(text, now) {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => { this.status.textContent = text; }, now ? 0 : REST);
  }

  async look(now) {
    const turn = ++this.#turn;
    const query = this.input.value;
    this.failed = false;
    this.#shown = this.limit;
    const waiting = setTimeout(() => {
      if (turn === this.#turn && query.trim()) this.say(this.status.dataset.waiting, true);
    }, 2 * REST);
    try {
      const source = await this.source.open(() => this.look(true));
      const found = await search(source.index, query);
      if (turn !== this.#turn) return;
      await this.filter(source, found, turn);
      if (turn !== this.#turn) return;
      const { rules } = source.manifest;
      const known = new Map();
      this.found = { ...found, query, marks: (text) => marks(text, found.words, rules, known) };
      await this.show(turn, now);
    } catch {
      if (turn === this.#turn) this.fail();
    } finally {
      clearTimeout(waiting);
    }
  }

  fail() {
    this.failed = true;
    this.list.replaceChildren();
    this.more.hidden = true;
    this.again.hidden = false;
    this.say(navigator.onLine ? this.status.dataset.failed : this.status.dataset.offline, true);
  }

  // Leaves the pages that are of what is chosen, and says how many each choice would leave.
  async filter(source, found, turn) {
    if (this.isBox) return;
    const of = found.hits.length ? await source.facets(found.hits.map(([page]) => page)) : () => [0, 0, 0];
    if (turn !== this.#turn) return;
    const { kinds, sections } = source.manifest;
    const value = {
      kind: (page) => kinds[of(page)[0] - 1]?.[0] ?? "",
      section: (page) => sections[of(page)[1] - 1]?.[0] ?? "",
      year: (page) => String(of(page)[2] || ""),
    };
    const label = { kind: new Map(kinds), section: new Map(sections) };
    const fits = (page, but) => this.filters.every((select) => select === but || !select.value || value[select.name](page) === select.value);
    for (const select of this.filters) {
      const counts = new Map(select.value ? [[select.value, 0]] : []);
      for (const [page] of found.hits) {
        const name = value[select.name](page);
        if (name && fits(page, select)) counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      const names = [...counts.keys()].sort((a, b) => (select.name === "year" ? b - a : counts.get(b) - counts.get(a) || (a < b ? -1 : 1)));
      const options = names.map((name) => {
        const text = label[select.name]?.get(name) ?? (select.name === "year" ? this.number(name) : name);
        return new Option(`${text} (${this.number(counts.get(name))})`, name, false, name === select.value);
      });
      select.replaceChildren(select.options[0], ...options);
      select.closest("p").hidden = !options.length;
    }
    this.form.querySelector(".search-facets").hidden = !found.hits.length;
    this.form.querySelector("[type=reset]").parentElement.hidden = this.filters.every(({ value }) => !value);
    found.hits = found.hits.filter(([page]) => fits(page));
    found.kindOf = (page) => kinds[of(page)[0] - 1]?.[1];
  }

  // Shows each page as soon as its text is there.
  async show(turn, now) {
    const { hits, all, query } = this.found;
    const words = query.trim();
    this.again.hidden = true;
    this.root.classList.toggle("is-searching", words !== "");
    const wanted = hits.slice(0, this.#shown);
    this.more.hidden = hits.length <= this.#shown;
    if (this.isBox) this.more.querySelector("a").href = `${this.source.base}?q=${encodeURIComponent(words)}`;
    const items = [];
    const put = () => {
      const focused = this.links().indexOf(document.activeElement);
      this.list.replaceChildren(...items.filter(Boolean));
      this.links()[focused]?.focus();
    };
    if (!wanted.length) {
      put();
      // A single letter is hardly a word yet.
      return this.say([...words].length > 1 ? this.status.dataset.none : "", now || !words);
    }
    const count = this.count(all ? "found" : "some", hits.length);
    const settled = await Promise.allSettled(wanted.map(async ([number], n) => {
      const page = await this.source.page(number);
      if (turn !== this.#turn) return;
      items[n] = this.item(page, number);
      put();
      this.say(count, now);
    }));
    if (turn !== this.#turn) return;
    const lacks = settled.some(({ status }) => status === "rejected");
    if (!items.length) return this.fail();
    if (lacks) this.say(`${count} ${this.status.dataset.kept}`, now);
  }

  item(page, number) {
    const { kindOf, marks } = this.found;
    const title = element("a", { href: page.url }, ...marked(page.title, marks(page.title)));
    const about = [kindOf?.(number), page.date].filter(Boolean);
    return element("li", {},
      element(this.isBox ? "p" : "h2", { className: "search-title" }, title),
      ...(about.length ? [element("p", { className: "search-about" }, ...about.flatMap((text, n) => [n ? " · " : "", element("bdi", {}, text)]))] : []),
      element("p", { className: "search-excerpt" }, ...excerpt(page, marks)));
  }

  async showMore() {
    const first = this.list.children.length;
    this.#shown += SHOWN;
    await this.show(this.#turn, true);
    this.links()[first]?.focus();
  }

  links() {
    return [...this.list.querySelectorAll("a")];
  }

  // Arrow keys go through what was found, and back to what was typed.
  key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (!this.isBox && event.target === this.input) return;
      event.preventDefault();
      if (this.isBox) this.root.parentElement.close();
      else this.input.focus();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const places = [this.input, ...this.links(), ...(this.more.hidden ? [] : [this.more.firstElementChild])];
    const at = places.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    places[Math.max(0, Math.min(places.length - 1, at + step))].focus();
  }
}

// --- The page ------------------------------------------------------------------------------------

export function page(root) {
  const form = root.querySelector("form");
  const search = new Search(root, form, false);
  const { input, filters } = search;
  const title = document.title;
  let remembering;

  function remember(push) {
    clearTimeout(remembering);
    const query = new URLSearchParams();
    for (const { name, value } of [input, ...filters]) if (value.trim()) query.set(name, value.trim());
    document.title = input.value.trim() ? `${input.value.trim()} – ${title}` : title;
    const address = `${location.pathname}${`?${query}`.replace(/^\?$/, "")}`;
    if (address !== location.pathname + location.search) history[push ? "pushState" : "replaceState"](null, "", address);
  }
  function recall(event) {
    const query = new URLSearchParams(location.search);
    // Before this script was there, something may have been typed.
    if (event || query.has("q")) input.value = query.get("q") ?? "";
    for (const select of filters) {
      select.disabled = false;
      const value = query.get(select.name) ?? "";
      // It gets its number when something is found.
      if (![...select.options].some((option) => option.value === value)) select.add(new Option(value, value));
      select.value = value;
    }
    remember(false);
    search.look(true);
  }

  typed(input, () => {
    clearTimeout(remembering);
    remembering = setTimeout(remember, REST, false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    remember(true);
    search.look(true);
  });
  form.addEventListener("change", (event) => {
    if (!filters.includes(event.target)) return;
    remember(true);
    search.look(true);
  });
  form.querySelector("[type=reset]").addEventListener("click", (event) => {
    event.preventDefault();
    for (const select of filters) select.value = "";
    remember(true);
    search.look(true);
  });
  search.more.querySelector("button").addEventListener("click", () => search.showMore());
  addEventListener("popstate", recall);
  recall();
  // Once there is nothing else to do, that it may be opened without a connection. A browser may not want to.
  setTimeout(() => keep(root.dataset.url).catch(() => {}), 2 * REST);
}

// --- The box -------------------------------------------------------------------------------------

// Takes what is seen, with its words, from the page for searching.
export async function fill(box, address) {
  const there = new DOMParser().parseFromString(await read(address), "text/html").querySelector(".search");
  const root = document.importNode(there, true);
  root.querySelector("form").remove();
  box.append(root);
  const form = box.querySelector("form");
  form.append(element("button", { type: "button", className: "search-close", textContent: root.dataset.close, onclick: () => box.close() }));
  root.querySelector(".search-more").replaceChildren(element("a", { href: address, textContent: root.dataset.all }));
  const search = new Search(root, form, true);
  form.addEventListener("submit", (event) => search.input.value.trim() || event.preventDefault());
  if (search.input.value) search.look(true);
}
