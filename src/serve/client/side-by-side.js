// Two versions of a page, beside one another: each frame is a whole page of the preview. The one who
// reads scrolls one, and the other goes along.
(() => {
  "use strict";

  const WORDS = {
    ar: { linked: "ربط التمرير", only: "هذه الصفحة وحدها", missing: "لم تُترجم بعد", first: "النسخة الأولى", second: "النسخة الثانية" },
    en: { linked: "Scroll together", only: "This page alone", missing: "not translated yet", first: "First version", second: "Second version" },
    ur: { linked: "اسکرول منسلک", only: "صرف یہ صفحہ", missing: "ابھی ترجمہ نہیں ہوا", first: "پہلا نسخہ", second: "دوسرا نسخہ" },
    zh: { linked: "同步滚动", only: "只看此页", missing: "尚未翻译", first: "第一个版本", second: "第二个版本" },
  };
  const LINKED = "dhikra:linked";

  const query = new URLSearchParams(location.search);
  const linked = document.getElementById("linked");
  const sides = ["a", "b"].map((name) => ({
    name,
    frame: document.getElementById(`frame-${name}`),
    choose: document.getElementById(`choose-${name}`),
    only: document.getElementById(`only-${name}`),
    path: pathOf(query.get(name)),
    lang: null,
    // Where the other side has put it: that it scrolls there is nobody's wish.
    put: null,
  }));
  const other = (side) => sides[side === sides[0] ? 1 : 0];

  // The address of a page of this site; of the home page, if it is another one. Only pages of this
  // site are shown, whatever the address of this page says; and as `//name/x` is a path here, but the
  // address of another host, no such path is taken.
  function addressOf(path) {
    try {
      const { origin, protocol, pathname } = new URL(path ?? "/", location.origin);
      const own = origin === location.origin && protocol === location.protocol;
      if (own && !pathname.startsWith("//") && !pathname.startsWith("/_dhikra")) return new URL(pathname, location.origin);
    } catch {
      // No address at all.
    }
    return new URL("/", location.origin);
  }

  function pathOf(value) {
    return addressOf(value).pathname;
  }

  // A path as people write it.
  function plainPath(path) {
    try {
      return decodeURI(path);
    } catch {
      return path;
    }
  }

  async function stateOf(path) {
    const response = await fetch(`/_dhikra/state?${new URLSearchParams({ path })}`, { cache: "no-store" });
    return response.ok ? response.json() : null;
  }

  // --------------------------------------------------------------------------------------- the bar

  async function describe(side) {
    const { path } = side;
    const state = await stateOf(path).catch(() => null);
    if (path !== side.path) return null;
    const versions = state?.page?.versions ?? [];
    side.lang = state?.page?.lang ?? null;
    if (side === sides[0]) {
      const own = versions.find(({ lang }) => lang === side.lang);
      document.documentElement.lang = own?.lang ?? "en";
      document.documentElement.dir = own?.dir ?? "ltr";
    }
    const word = words();
    side.choose.replaceChildren(...versions.map(({ lang, label, dir, url }) => {
      const option = new Option(url ? label : `${label} – ${word.missing}`, url ? pathOf(url) : "");
      Object.assign(option, { lang, dir, disabled: !url, selected: lang === side.lang });
      return option;
    }));
    if (versions.length === 0) side.choose.append(new Option(plainPath(path), path));
    side.frame.lang = side.lang ?? "";
    side.frame.title = side.choose.selectedOptions[0]?.text ?? path;
    name();
    return versions;
  }

  function words() {
    return WORDS[(document.documentElement.lang || "").split("-")[0]] ?? WORDS.en;
  }

  // Everything that has words, once the language of the first side is known.
  function name() {
    const word = words();
    document.getElementById("linked-word").textContent = word.linked;
    for (const [at, side] of sides.entries()) {
      side.choose.setAttribute("aria-label", at === 0 ? word.first : word.second);
      side.only.textContent = word.only;
      side.only.href = addressOf(side.path).href;
    }
    document.title = sides.map(({ frame }) => frame.title).join(" | ");
    query.set("a", sides[0].path);
    query.set("b", sides[1].path);
    history.replaceState(null, "", `?${query}`);
  }

  function show(side, path) {
    const { href, pathname } = addressOf(path);
    side.path = pathname;
    side.put = null;
    // In place of the page before it, so that "back" leaves this page at once.
    if (side.frame.contentWindow && side.frame.src) side.frame.contentWindow.location.replace(href);
    else side.frame.src = href;
  }

  // A page has come into a frame: the one that was asked for, or one that a link led to. Then the
  // other side goes to its version of that, if it has one.
  async function arrived(side) {
    const view = viewOf(side);
    if (!view) return;
    view.addEventListener("scroll", () => scrolled(side), { passive: true });
    view.addEventListener("dhikra:update", () => describe(side));
    if (side === sides[0]) takeIcon(view.document);
    const path = pathOf(view.location.href);
    const led = path !== side.path;
    side.path = path;
    const beside = other(side);
    const { lang } = beside;
    const versions = await describe(side);
    const match = led && versions?.find((version) => version.lang === lang && version.url);
    if (match && pathOf(match.url) !== beside.path) show(beside, pathOf(match.url));
  }

  // The icon of the site. A frame has loaded before this page has, so that no other is asked for.
  function takeIcon(page) {
    const icon = page.querySelector("link[rel~=icon]");
    if (icon && !document.querySelector("link[rel~=icon]")) document.head.append(document.importNode(icon));
  }

  // The window in a frame, if it shows a page of this site.
  function viewOf({ frame }) {
    try {
      const view = frame.contentWindow;
      return view.location.origin === location.origin && view.document.body ? view : null;
    } catch {
      return null;
    }
  }

  // ------------------------------------------------------------------------------------- scrolling

  function scrolled(side) {
    const from = viewOf(side);
    const to = viewOf(other(side));
    if (!linked.checked || !from || !to) return;
    if (side.put !== null && Math.abs(from.scrollY - side.put) < 2) {
      side.put = null;
      return;
    }
    side.put = null;
    const place = placeIn(from.scrollY, stops(from, to));
    to.scrollTo({ top: place, behavior: "instant" });
    other(side).put = to.scrollY;
  }

  // Pairs of places that belong together: the beginning, the headings, and the end.
  function stops(from, to) {
    const ends = [from, to].map((view) => view.document.documentElement.scrollHeight - view.innerHeight);
    const pairs = [[0, 0]];
    for (const [one, two] of headingPairs(from.document, to.document)) {
      const pair = [[one, from, ends[0]], [two, to, ends[1]]].map(([heading, view, end]) =>
        Math.min(Math.max(heading.getBoundingClientRect().top + view.scrollY - 24, 0), end));
      const last = pairs.at(-1);
      if (pair[0] > last[0] && pair[1] >= last[1]) pairs.push(pair);
    }
    const last = pairs.at(-1);
    if (ends[0] > last[0]) pairs.push([ends[0], Math.max(ends[1], last[1])]);
    return pairs;
  }

  // By their ids. Where a translation has ids of its own, but the same headings, by their order.
  function headingPairs(from, to) {
    const [ours, theirs] = [from, to].map((page) =>
      [...(page.querySelector("main, article") ?? page).querySelectorAll("h1, h2, h3, h4, h5, h6")]);
    const byId = ours.map((heading) => [heading, theirs.find(({ id }) => id && id === heading.id)])
      .filter(([, match]) => match);
    if (byId.length > 0) return byId;
    const levels = (list) => list.map(({ localName }) => localName).join();
    return levels(ours) === levels(theirs) ? ours.map((heading, at) => [heading, theirs[at]]) : [];
  }

  function placeIn(at, pairs) {
    for (const [index, [end, theirEnd]] of pairs.entries()) {
      if (index === 0 || at > end) continue;
      const [start, theirStart] = pairs[index - 1];
      return theirStart + (theirEnd - theirStart) * (at - start) / (end - start);
    }
    return pairs.at(-1)[1];
  }

  // ----------------------------------------------------------------------------------------- start

  try {
    linked.checked = localStorage.getItem(LINKED) !== "off";
  } catch {
    // Then it is linked.
  }
  linked.addEventListener("change", () => {
    try {
      localStorage.setItem(LINKED, linked.checked ? "on" : "off");
    } catch {
      // It holds for this page.
    }
    if (linked.checked) scrolled(sides[0]);
  });
  for (const side of sides) {
    side.frame.addEventListener("load", () => arrived(side));
    side.choose.addEventListener("change", () => show(side, side.choose.value));
    show(side, side.path);
  }
})();
