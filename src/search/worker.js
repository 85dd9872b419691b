// The page for searching opens without a connection too: what `store.js` of the theme has kept of it is taken where
// the network gives nothing. It serves this page alone, and never what is old while there is a connection.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  // What scripts fetch has no destination; they keep it themselves.
  if (request.method !== "GET" || !request.destination) return;
  const options = { cacheName: `dhikra-search-page ${new URL(registration.scope).pathname}`, ignoreSearch: request.mode === "navigate" };
  event.respondWith(fetch(request).catch(async (error) => {
    const kept = await caches.match(request, options);
    if (kept) return kept;
    throw error;
  }));
});
