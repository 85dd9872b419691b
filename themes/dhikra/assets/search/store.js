// What is fetched to search is kept, so that it is there without a connection too.

const NAME = "dhikra-search";
const kept = "caches" in globalThis ? caches.open(NAME).catch(() => undefined) : Promise.resolve();

// The text at an address. What is `fixed` never changes; the rest is asked for anew, and taken as it was kept where
// that fails.
export async function read(address, fixed) {
  const cache = await kept;
  const old = await cache?.match(address).catch(() => undefined);
  if (old && fixed) return old.text();
  try {
    const response = await fetch(address, fixed ? {} : { cache: "no-cache" });
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    // A full disk is no reason to find nothing.
    cache?.put(address, response.clone()).catch(() => {});
    return await response.text();
  } catch (error) {
    if (old) return old.text();
    throw error;
  }
}

// Keeps the page at an address with all that it has loaded, for its worker.
export async function keep(address) {
  await navigator.serviceWorker.register(`${address}worker.js`);
  const loaded = performance.getEntriesByType("resource").filter((one) => one.initiatorType !== "fetch" && one.name.startsWith(`${location.origin}/`));
  const wanted = [...new Set([new URL(address, location).href, ...loaded.map((one) => one.name)])];
  const cache = await caches.open(`${NAME}-page ${address}`);
  await cache.addAll(wanted);
  for (const request of await cache.keys()) if (!wanted.includes(request.url)) await cache.delete(request);
}

// Forgets pieces below an address that are of another version.
export async function forget(base, version) {
  const cache = await kept;
  for (const { url } of (await cache?.keys()) ?? []) {
    const { pathname, searchParams } = new URL(url);
    const of = searchParams.get("v");
    if (pathname.startsWith(base) && of && of !== version) await cache.delete(url);
  }
}
