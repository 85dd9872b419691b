// Serves a built site as a good static host would: the strictest policy, compressed, with what is fingerprinted
// kept for ever.

import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
  ".avif": "image/avif", ".ico": "image/x-icon", ".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf",
  ".json": "application/json", ".jsonld": "application/ld+json", ".xml": "application/xml", ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json", ".pdf": "application/pdf", ".mp4": "video/mp4", ".webm": "video/webm",
};
const COMPRESSED = /^(text\/|application\/(json|ld\+json|xml|manifest\+json)|image\/svg|font\/ttf)/;

export const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "connect-src 'self'",
  "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
].join("; ");

const squeeze = {
  br: (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }),
  gzip: (body) => promisify(gzip)(body, { level: 9 }),
};

// `delay(path, type)` says how many milliseconds a request waits; `stay` in the query keeps a page that leads on
// to another from doing so, so that it can be looked at.
export async function serve(folder, { delay = () => 0 } = {}) {
  const root = normalize(folder.endsWith(sep) ? folder : folder + sep);
  const kept = new Map();

  async function answer(path) {
    const file = normalize(join(root, path.endsWith("/") ? `${path}index.html` : path));
    if (!file.startsWith(root) || file.includes("\0")) return undefined;
    const found = await stat(file).catch(() => undefined);
    if (found?.isDirectory()) return { to: `${path}/` };
    if (!found) return undefined;
    return { type: TYPES[extname(file).toLowerCase()] ?? "application/octet-stream", body: await readFile(file), at: found.mtimeMs };
  }

  async function encoded(key, { type, body, at }, accepted) {
    const way = COMPRESSED.test(type) && body.length > 200 ? ["br", "gzip"].find((way) => accepted.includes(way)) : undefined;
    if (!way) return { body };
    const name = `${way} ${at} ${key}`;
    if (!kept.has(name)) kept.set(name, squeeze[way](body));
    return { way, body: await kept.get(name) };
  }

  const server = createServer(async (request, response) => {
    try {
      const url = new URL(request.url, "http://localhost");
      const path = decodeURIComponent(url.pathname);
      const found = await answer(path);
      const headers = {
        "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin", Vary: "Accept-Encoding",
      };
      if (found?.to) return response.writeHead(301, { ...headers, Location: encodeURI(found.to) }).end();
      const language = path.split("/")[1];
      const lost = found ?? await answer(`/${language}/404.html`) ?? await answer("/404.html");
      if (!lost?.body) return response.writeHead(404, headers).end();
      if (url.searchParams.has("stay")) lost.body = Buffer.from(lost.body.toString().replace(/<meta http-equiv="?refresh"?[^>]*>/i, ""));
      const wait = delay(path, lost.type);
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
      const { way, body } = await encoded(request.url, lost, request.headers["accept-encoding"] ?? "");
      response.writeHead(found ? 200 : 404, {
        ...headers,
        "Content-Type": lost.type, "Content-Length": body.length, ...(way && { "Content-Encoding": way }),
        "Cache-Control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      });
      response.end(request.method === "HEAD" ? undefined : body);
    } catch (error) {
      response.writeHead(500, { "Content-Type": "text/plain" }).end(String(error));
    }
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}
