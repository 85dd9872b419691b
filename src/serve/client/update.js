// The page becomes the new page. What the reader did in it stays: the place, the focus, what is
// selected, typed, chosen, unfolded or playing.

// The new page, as the server has it now.
async function fetchPage() {
  const address = new URL(location.href);
  address.hash = "";
  const response = await fetch(address, {
    mode: "same-origin",
    credentials: "same-origin",
    redirect: "follow",
    cache: "no-store",
  });
  if (!ownAddress(response.url)) throw new Error(`another site: ${response.url}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const script = page.querySelector(OWN_SCRIPT);
  // Whatever this is, it is no page of the preview.
  if (!script) throw new Error(`no page: ${response.status}`);
  const { digest, generation } = script.dataset;
  script.remove();
  return { page, digest, generation: Number(generation) };
}

// Applies the new page, and gives what of its text was changed first, or null.
async function applyPage(fresh) {
  // Scripts cannot be taken back, and policies cannot be changed, but by loading the page.
  const policy = (page) => page.querySelector("meta[http-equiv=Content-Security-Policy i]")?.content;
  if (scriptsOf(fresh).join("\n") !== scripts.join("\n") || policy(fresh) !== policy(document)) {
    reload();
    // The page ends here.
    await new Promise(() => {});
  }
  const finishHead = await prepareHead(fresh);

  // From here on nothing waits, so that no half of an update is drawn.
  const restore = [rememberSelection(), rememberFocus(), rememberScroll()];
  finishHead();
  updateAttributes(document.documentElement, fresh.documentElement);
  updateAttributes(document.body, fresh.body);
  const changed = [];
  align(document.body, fresh.body, changed);
  morph(fresh.body);
  for (const again of restore) again();
  return firstOfText(changed, fresh);
}

function morph(body) {
  // Old element → new element, of those whose attributes are being compared.
  const pairs = new Map();
  // A copy, because idiomorph takes what it is given.
  Idiomorph.morph(document.body, [...body.cloneNode(true).childNodes], {
    morphStyle: "innerHTML",
    callbacks: {
      beforeNodeMorphed(old, fresh) {
        if (old.nodeType !== Node.ELEMENT_NODE) return true;
        // What is being written on the page itself is left alone whole.
        if (old.isContentEditable && touched.has(old)) return false;
        pairs.set(old, fresh);
        return true;
      },
      afterNodeMorphed(old, fresh) {
        if (old.nodeType !== Node.ELEMENT_NODE) return;
        pairs.delete(old);
        twins.set(old, fresh.cloneNode(false));
      },
      afterNodeAdded: adopt,
      beforeNodeRemoved(old) {
        if (old.nodeType !== Node.ELEMENT_NODE) return true;
        if (isOwn(old)) return false;
        // What scripts added stays, unless they wrapped something of production's in it.
        const added = !twins.has(old) && ![...old.querySelectorAll("*")].some((below) => twins.has(below));
        return !added;
      },
      beforeAttributeUpdated(name, old) {
        const fresh = pairs.get(old);
        if (fresh && !changedByAuthor(old, fresh, name)) return false;
        return !(["value", "checked", "selected"].includes(name) && isDirty(old));
      },
    },
  });
}

// --------------------------------------------------------------------------------- finding pairs

// idiomorph pairs elements in their order: a paragraph put in at the top would turn every paragraph
// into the one before, and an open list of details would be another one. Here what was put in or
// taken out is put in and taken out first, where all around it is the same; and the places that
// differ are collected.
function align(live, fresh, changed) {
  const olds = [...live.children].filter((element) => twins.has(element) && !isOwn(element));
  const news = [...fresh.children];
  const same = (one, two) => one && two && likeness(one) === likeness(two);
  let start = 0;
  while (same(olds[start], news[start])) start += 1;
  let [oldEnd, newEnd] = [olds.length, news.length];
  while (oldEnd > start && newEnd > start && same(olds[oldEnd - 1], news[newEnd - 1])) {
    oldEnd -= 1;
    newEnd -= 1;
  }
  const gone = olds.slice(start, oldEnd);
  const come = news.slice(start, newEnd);

  if (gone.length === 0 && come.length === 0) {
    if (live.textContent !== fresh.textContent) changed.push(fresh);
  } else if (gone.length === 0) {
    changed.push(come[0]);
    if (!come.some((element) => sharesIds(element, document.body))) {
      insert(live, olds[start - 1], olds[start], news[start - 1], come, news[newEnd]);
    }
  } else if (come.length === 0) {
    changed.push(news[start] ?? news[start - 1] ?? fresh);
    if (!gone.some((element) => sharesIds(element, fresh.ownerDocument))) {
      take(gone, olds[start - 1], olds[oldEnd]);
    }
  } else if (gone.length === come.length && gone.every((old, at) => old.localName === come[at].localName)) {
    for (const [at, old] of gone.entries()) {
      // A block is the smallest thing that is shown as changed.
      const whole = INLINE.has(come[at].localName);
      if (whole) changed.push(fresh);
      align(old, come[at], whole ? [] : changed);
    }
  } else {
    changed.push(INLINE.has(come[0].localName) ? fresh : come[0]);
  }
}

const INLINE = new Set(("a abbr b bdi bdo br cite code data del dfn em i img ins kbd label mark q ruby s "
  + "samp small span strong sub sup time u var wbr").split(" "));

// What makes an element the same one in two versions of a page: its text, its id, what it shows.
function likeness(element) {
  const sources = [element, ...element.querySelectorAll("[src]")]
    .map((shown) => (twins.get(shown) ?? shown).getAttribute("src") ?? "");
  return [element.localName, idOf(element), element.textContent, ...sources].join("\n");
}

function sharesIds(element, root) {
  return [element, ...element.querySelectorAll("[id]")]
    .some((one) => idOf(one) && root.querySelector(`[id="${CSS.escape(idOf(one))}"]`));
}

// Puts new elements in, with the white space between them, which idiomorph pairs too.
function insert(live, before, after, freshBefore, come, freshAfter) {
  const nodes = [];
  const [first, last] = after
    ? [come[0], freshAfter.previousSibling]
    : [freshBefore ? freshBefore.nextSibling : come[0], come.at(-1)];
  for (let node = first; node; node = node === last ? null : node.nextSibling) {
    nodes.push(document.importNode(node, true));
  }
  if (after) after.before(...nodes);
  else if (before) before.after(...nodes);
  else live.append(...nodes);
  nodes.forEach(adopt);
}

function take(gone, before, after) {
  const space = after ? (element) => element.nextSibling : before && ((element) => element.previousSibling);
  for (const element of gone) {
    const beside = space?.(element);
    if (beside?.nodeType === Node.TEXT_NODE && beside.data.trim() === "") beside.remove();
    element.remove();
  }
}

// The first change within the text of the page, as an element that is on the page now.
function firstOfText(changed, fresh) {
  const text = fresh.querySelector("main, [role=main], article") ?? fresh.body;
  const first = changed.find((element) => text.contains(element) && element !== text);
  if (!first) return null;
  let found = null;
  walk(document.body, fresh.body, (live, other) => {
    if (other === first) found = live;
  }, (element) => twins.has(element));
  return found;
}

// -------------------------------------------------------------------- what the reader does, kept

// A text that changes loses the selection in it: its ends are put back where they were, moved by
// what was put in before them.
function rememberSelection() {
  const selection = getSelection();
  // In a control, the selection is the control's.
  if (document.activeElement?.matches("input, textarea")) return () => {};
  const ends = ["anchor", "focus"].map((end) => {
    const node = selection[`${end}Node`];
    return { node, offset: selection[`${end}Offset`], text: node?.nodeValue ?? null };
  });
  return () => {
    if (ends.some(({ node }) => !node?.isConnected || !document.body.contains(node))) return;
    const [anchor, focus] = ends.map(({ node, offset, text }) => {
      const now = node.nodeValue;
      if (now === null) return [node, Math.min(offset, node.childNodes.length)];
      if (text === now) return [node, offset];
      let common = 0;
      while (common < offset && text[common] === now[common]) common += 1;
      const moved = common === offset ? offset : offset + now.length - text.length;
      return [node, Math.min(Math.max(moved, common), now.length)];
    });
    if (selection.anchorNode === anchor[0] && selection.anchorOffset === anchor[1]
      && selection.focusNode === focus[0] && selection.focusOffset === focus[1]) return;
    selection.setBaseAndExtent(...anchor, ...focus);
  };
}

function rememberFocus() {
  const focused = document.activeElement;
  const id = focused ? idOf(focused) : "";
  return () => {
    if (!focused || document.activeElement === focused || focused === host) return;
    const again = focused.isConnected ? focused : id && document.getElementById(id);
    if (again) again.focus({ preventScroll: true });
  };
}

function rememberScroll() {
  const { scrollX: x, scrollY: y } = window;
  return () => {
    if (scrollX !== x || scrollY !== y) scrollTo({ left: x, top: y, behavior: "instant" });
  };
}

// ------------------------------------------------------------------------------------- reloading

const SCROLL = "dhikra:scroll";

function reload() {
  store(sessionStorage, SCROLL, JSON.stringify({ path: location.pathname, x: scrollX, y: scrollY }));
  location.reload();
}

// After a reload, back to the place; once more when images have taken their room.
function restoreScroll() {
  const kept = stored(sessionStorage, SCROLL);
  store(sessionStorage, SCROLL, null);
  if (!kept) return;
  const { path, x, y } = JSON.parse(kept);
  if (path !== location.pathname) return;
  const back = () => scrollTo({ left: x, top: y, behavior: "instant" });
  back();
  if (document.readyState !== "complete") addEventListener("load", back, { once: true });
}

// Browsers may refuse to store anything; then nothing is remembered.
function store(storage, key, value) {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, value);
  } catch {
    // Nothing to do.
  }
}

function stored(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}
