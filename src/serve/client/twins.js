// A page in the browser is more than what the server sent: scripts add classes and elements, readers
// open details and type. So that an update brings what the author changed and nothing else, every
// element has a *twin*: the same element as production had it last. What differs between twin and
// page was made here, and stays; what differs between twin and new page was changed by the author,
// and is applied.

const OWN_SCRIPT = 'script[src^="/_dhikra/"]';

// Element of the page → its twin. What has none was added by a script or by the browser.
const twins = new WeakMap();

// What the reader typed or chose in: `value` and `defaultValue` do not tell it of everything.
const touched = new WeakSet();

// `form.id` may be a control of that name.
function idOf(element) {
  return element.getAttribute("id") ?? "";
}

// An address of this site, or null. A path is no address by itself: `//name/x` is a path here, and the
// address of another host; and a `<base>` of the page may lead anywhere.
function ownAddress(address, base = location.origin) {
  let url;
  try {
    url = new URL(address, base);
  } catch {
    return null;
  }
  return url.origin === location.origin && url.protocol === location.protocol ? url : null;
}

// The address of a file of the preview's own.
function previewAddress(name, query = {}) {
  const url = new URL(`/_dhikra/${name}`, location.origin);
  url.search = new URLSearchParams(query);
  return url.href;
}

function isOwn(node) {
  return node === host || (node.nodeType === Node.ELEMENT_NODE && node.matches(OWN_SCRIPT));
}

// Everything below the element, and itself, is what production has.
function adopt(element) {
  if (element.nodeType !== Node.ELEMENT_NODE) return;
  twins.set(element, element.cloneNode(false));
  for (const below of element.querySelectorAll("*")) twins.set(below, below.cloneNode(false));
}

// Whether the author changed the attribute, from the twin to the new element.
function changedByAuthor(element, fresh, name) {
  const twin = twins.get(element);
  return !twin || twin.getAttribute(name) !== fresh.getAttribute(name);
}

// Whether the reader changed what stands in a control.
function isDirty(control) {
  if (touched.has(control)) return true;
  if (control.localName === "option") return touched.has(control.closest("select"));
  if ("defaultChecked" in control && control.checked !== control.defaultChecked) return true;
  return "defaultValue" in control && control.value !== control.defaultValue;
}

// The attributes of one element, where idiomorph is not asked: `<html>` and `<body>`.
function updateAttributes(element, fresh) {
  const names = new Set([...element.getAttributeNames(), ...fresh.getAttributeNames()]);
  for (const name of names) {
    if (!changedByAuthor(element, fresh, name)) continue;
    if (fresh.hasAttribute(name)) element.setAttribute(name, fresh.getAttribute(name));
    else element.removeAttribute(name);
  }
  twins.set(element, fresh);
}

// Walks a page and another version of it side by side, and tells every pair of elements. What stands
// in one alone (made by scripts) is stepped over; below what differs nothing is told.
function walk(live, other, tell, mayMatch = () => true) {
  tell(live, other);
  let candidate = live.firstElementChild;
  for (const child of other.children) {
    if (child.matches(OWN_SCRIPT)) continue;
    let match = candidate;
    while (match && !(match.localName === child.localName && idOf(match) === idOf(child) && mayMatch(match))) {
      match = match.nextElementSibling;
    }
    if (!match) continue;
    walk(match, child, tell, mayMatch);
    candidate = match.nextElementSibling;
  }
}

// Scripts that run, and that are the page's: what changes in them cannot be applied to a page.
function scriptsOf(root) {
  const runs = /^$|^module$|^importmap$|^(text|application)\/(x-)?(java|ecma)script$/i;
  return [...root.querySelectorAll("script")]
    .filter((script) => !isOwn(script) && runs.test((script.getAttribute("type") || "").trim()))
    .map((script) => script.outerHTML);
}

// What the page was when it came. Scripts in the head have run by now, and what they did would be
// taken for the author's: where there are any, production's page is asked for once.
let scripts = [];

async function rememberProduction() {
  scripts = scriptsOf(document);
  adopt(document.documentElement);
  for (const type of ["input", "change"]) {
    addEventListener(type, ({ target }) => target instanceof Element && touched.add(target), true);
  }
  addEventListener("reset", ({ target }) => {
    for (const control of target.elements ?? []) touched.delete(control);
  }, true);

  if (scripts.length === 0) return;
  const digest = known.digest;
  const production = await fetchPage().catch(() => null);
  // A page that was changed meanwhile has other twins already, or soon.
  if (!production || production.digest !== digest || known.digest !== digest) return;
  scripts = scriptsOf(production.page);
  for (const element of document.querySelectorAll("*")) twins.delete(element);
  walk(document.documentElement, production.page.documentElement, (live, twin) => twins.set(live, twin));
}
