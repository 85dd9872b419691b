// Style sheets, images and other files that a page draws in.

// A sheet that does not come, or an image, must not hold up the page for ever.
const PATIENCE = 4000;

// Resolves when the element has loaded, or has failed to.
function loaded(element) {
  return new Promise((resolve) => {
    element.addEventListener("load", resolve, { once: true });
    element.addEventListener("error", resolve, { once: true });
    setTimeout(resolve, PATIENCE);
  });
}

function isSheet(element) {
  return element.localName === "link" && element.relList.contains("stylesheet") && element.href !== "";
}

// What an element of the head is in production, to tell whether two are the same.
function inProduction(element) {
  return (twins.get(element) ?? element).cloneNode(false).outerHTML + element.textContent;
}

// Makes the head that of the new page, in two steps: the new style sheets are there before the old
// ones go, so that the page never stands without. Gives the second step, which takes no time.
async function prepareHead(fresh) {
  const head = document.head;
  const left = [...head.children].filter((element) => !isOwn(element));
  const arriving = [];
  const later = [];

  // In the order of the new head, each element behind the one before it.
  let previous = null;
  for (const wanted of fresh.head.children) {
    if (wanted.matches(OWN_SCRIPT) || wanted.localName === "title") continue;
    const same = inProduction(wanted);
    const index = left.findIndex((element) => inProduction(element) === same);
    if (index >= 0) {
      [previous] = left.splice(index, 1);
      continue;
    }
    const made = document.importNode(wanted, true);
    adopt(made);
    const put = ((after) => () => after ? after.after(made) : head.prepend(made))(previous);
    if (isSheet(made)) {
      arriving.push(loaded(made));
      put();
    } else {
      later.push(put);
    }
    previous = made;
  }
  await Promise.all(arriving);

  return () => {
    for (const put of later) put();
    for (const element of left) {
      // What a script put into the head is the script's affair.
      if (twins.has(element) && element.localName !== "title") element.remove();
    }
    const title = fresh.head.querySelector("title");
    if (document.title !== fresh.title || !title !== !head.querySelector("title")) {
      if (title) document.title = fresh.title;
      else head.querySelector("title")?.remove();
    }
  };
}

// ------------------------------------------------------------------------------ files that changed

const IMAGES = { img: ["src", "srcset"], source: ["src", "srcset"], video: ["src", "poster"], audio: ["src"],
  input: ["src"], embed: ["src"], object: ["data"], image: ["href"], use: ["href"], track: ["src"] };

// A path as people write it, however it was percent-encoded.
function plainPath(path) {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

// The address with the generation in it, or null if its file is not among those that changed.
function renewed(address, base, files, generation) {
  const url = ownAddress(address, base);
  if (!url || !files.has(plainPath(url.pathname))) return null;
  url.searchParams.set("dhikra", generation);
  return url.href;
}

// Every address of a `srcset` renewed, or null if none is.
function renewedSet(set, files, generation) {
  let any = false;
  const parts = set.split(/,\s+/).map((part) => {
    const [address, ...size] = part.trim().split(/\s+/);
    const url = renewed(address, document.baseURI, files, generation);
    any ||= url !== null;
    return [url ?? address, ...size].join(" ");
  });
  return any ? parts.join(", ") : null;
}

// Draws the changed files anew, in place. A browser shows an address that it has shown again from
// memory, whatever the server says, so the address takes a query; the twin keeps production's.
async function refreshFiles(list, generation) {
  const files = new Set(list.map(plainPath));
  if (files.size === 0) return;

  for (const element of document.querySelectorAll(Object.keys(IMAGES).join())) {
    // Another source would stop what plays.
    if (element.paused === false) continue;
    for (const name of IMAGES[element.localName] ?? []) {
      const value = element.getAttribute(name);
      if (!value) continue;
      const url = name === "srcset"
        ? renewedSet(value, files, generation)
        : renewed(value, document.baseURI, files, generation);
      if (url !== null) element.setAttribute(name, url);
    }
  }
  await refreshSheets(files, generation);
  for (const sheet of document.styleSheets) refreshRules(sheet, files, generation);
}

// Sheets whose address stays the same when they change.
async function refreshSheets(files, generation) {
  await Promise.all([...document.querySelectorAll("link")].filter(isSheet).map(async (old) => {
    const url = renewed(old.getAttribute("href"), document.baseURI, files, generation);
    if (url === null) return;
    const made = old.cloneNode();
    made.setAttribute("href", url);
    if (twins.has(old)) twins.set(made, twins.get(old));
    const arrived = loaded(made);
    old.after(made);
    await arrived;
    old.remove();
  }));
}

// Pictures that style sheets name. A rule that cannot be read or changed stays as it is.
function refreshRules(sheet, files, generation) {
  let rules;
  try {
    rules = sheet.cssRules;
  } catch {
    return;
  }
  const base = sheet.href ?? document.baseURI;
  const visit = (list) => {
    for (const rule of list) {
      if (rule.styleSheet) refreshRules(rule.styleSheet, files, generation);
      if (rule.cssRules) visit(rule.cssRules);
      if (!rule.style) continue;
      for (const name of [...rule.style]) {
        const value = rule.style.getPropertyValue(name);
        if (!value.includes("url(")) continue;
        const changed = value.replace(/url\("([^"]*)"\)/g, (whole, address) => {
          const url = renewed(address, base, files, generation);
          return url === null ? whole : `url("${url}")`;
        });
        if (changed !== value) rule.style.setProperty(name, changed, rule.style.getPropertyPriority(name));
      }
    }
  };
  visit(rules);
}
