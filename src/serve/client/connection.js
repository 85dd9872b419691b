// What the server says, and when. An update is applied after the one before it, and only the newest
// counts: two hundred saves are a few updates, the last of which is the last.

const ownScript = document.currentScript ?? document.querySelector(OWN_SCRIPT);

// What the page in this browser is.
const known = {
  generation: Number(ownScript.dataset.generation),
  digest: ownScript.dataset.digest ?? "",
};

// The last state the server told, or null; whether the server is there.
let state = null;
let connected = false;

// The file and the language of the page when it was last there. A page that was asleep when its
// address changed is found again by them.
let madeFrom = null;

let source = null;
let waiting = null;
let wait = 0;
const SHORTEST = 250;
const LONGEST = 3000;

function connect() {
  clearTimeout(waiting);
  if (source || document.hidden) return;
  source = new EventSource(previewAddress("events", {
    path: location.pathname,
    generation: known.generation,
    digest: known.digest,
    ...madeFrom,
  }));
  const opened = source;
  source.addEventListener("open", () => setConnected(true));
  source.addEventListener("state", (event) => {
    if (opened !== source) return;
    wait = 0;
    setConnected(true);
    receive(JSON.parse(event.data));
  });
  // The browser would ask again by itself, but with what the page was when it asked first.
  source.addEventListener("error", () => {
    if (opened !== source) return;
    disconnect();
    setConnected(false);
    wait = Math.min(Math.max(wait * 2, SHORTEST), LONGEST);
    waiting = setTimeout(connect, wait);
  });
}

// A browser allows six connections to a host: a page that nobody sees must not hold one.
function disconnect() {
  clearTimeout(waiting);
  source?.close();
  source = null;
}

function setConnected(now) {
  if (connected === now) return;
  connected = now;
  showPanel();
}

// Files that changed and are not drawn anew yet; whether the page's own source changed since.
let files = new Set();
let ownSource = false;
let working = false;

function receive(now) {
  state = now;
  const moved = now.moved && ownAddress(now.moved);
  if (moved) {
    moved.hash = location.hash;
    location.replace(moved.href);
    return;
  }
  if (now.page) madeFrom = now.page.file ? { source: now.page.file, lang: now.page.lang } : null;
  for (const file of now.files ?? []) files.add(file);
  ownSource ||= now.source;
  showOverlay();
  showPanel();
  work();
}

async function work() {
  if (working) return;
  working = true;
  let failures = 0;
  try {
    for (let asked = null; ;) {
      const now = state;
      // A page that is newer than what was told is right: its state is on the way.
      if (now.digest === known.digest || asked === now) {
        if (files.size === 0) {
          known.generation = now.generation;
          if (state === now) break;
          continue;
        }
      } else {
        const next = await fetchPage().catch(() => null);
        if (!next) {
          failures += 1;
          // Without the server, the next connection tells all again.
          if (failures > 5 || !connected) break;
          await new Promise((resolve) => setTimeout(resolve, 100 * failures));
          continue;
        }
        asked = now;
        // Something newer may have been told meanwhile; this one is still nearer to it.
        if (next.digest !== known.digest) {
          try {
            const changed = await applyPage(next.page);
            known.digest = next.digest;
            forgetLines();
            if (ownSource) follow(changed);
          } catch (error) {
            // A page that cannot be changed into the new one is loaded, rather than left half way.
            console.warn("dhikra:", error);
            reload();
            return;
          }
        }
      }
      failures = 0;
      ownSource = false;
      const list = [...files];
      files = new Set();
      await refreshFiles(list, now.generation);
      known.generation = now.generation;
      showPanel();
      dispatchEvent(new CustomEvent("dhikra:update"));
      if (state === now) break;
    }
  } finally {
    working = false;
  }
}

// What tests ask. The page itself bears no mark.
function expose() {
  const view = Object.freeze({
    get generation() { return known.generation; },
    get digest() { return known.digest; },
    get connected() { return connected; },
  });
  Object.defineProperty(window, "dhikra", { value: view });
}

function start() {
  expose();
  restoreScroll();
  document.documentElement.append(host);
  showPanel();
  rememberProduction();
  listenForAlt();

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) disconnect();
    else connect();
  });
  // A page that goes into the cache of the browser's history keeps no connection, or it would not.
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", ({ persisted }) => persisted && connect());
  connect();
}
