// Makes land.bin from land-50m.json of the npm package world-atlas:
//     node convert.mjs path/to/land-50m.json land.bin
// Rings of land and of the waters in it, one after the other: the number of points, then each point as
// the difference to the one before it (the first to 0, 0), longitude and latitude in hundredths of a
// degree. Numbers are LEB128, signed ones zigzag. A ring across the 180th meridian goes on beyond it.
import { readFileSync, writeFileSync } from "node:fs";

const [from, to] = process.argv.slice(2);
const { arcs, objects, transform } = JSON.parse(readFileSync(from, "utf8"));
const round = ([x, y]) => [x, y].map((n, i) => Math.round((n * transform.scale[i] + transform.translate[i]) * 100));

const decoded = arcs.map((arc) => {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => round([x += dx, y += dy]));
});
const ring = (indices) => indices.flatMap((i) => (i < 0 ? decoded[~i].toReversed() : decoded[i]));

// A step of more than half of the Earth is one across the 180th meridian. A ring that has gone all the way
// round (Antarctica) is closed by way of the pole.
function unrolled(points) {
  let [last, turn] = [points[0][0], 0];
  const out = points.map(([x, y]) => {
    if (x - last > 18000) turn -= 36000;
    if (x - last < -18000) turn += 36000;
    last = x;
    return [x + turn, y];
  });
  if (turn !== 0) {
    const pole = out[0][1] < 0 ? -9000 : 9000;
    out.push([out.at(-1)[0], pole], [out[0][0], pole]);
  }
  const [low, high] = [Math.min(...out.map(([x]) => x)), Math.max(...out.map(([x]) => x))];
  const shift = Math.round((low + high) / 2 / 36000) * 36000;
  return out.map(([x, y]) => [x - shift, y]);
}

// A point that is where the one before it is, or on the straight line between its neighbours, says nothing.
function thin(points) {
  const kept = [];
  for (const point of points) {
    const [a, b] = kept.slice(-2);
    const last = kept.at(-1);
    if (last && last[0] === point[0] && last[1] === point[1]) continue;
    if (b && (b[0] - a[0]) * (point[1] - a[1]) === (b[1] - a[1]) * (point[0] - a[0])
      && (b[0] - a[0]) * (point[0] - b[0]) + (b[1] - a[1]) * (point[1] - b[1]) > 0) kept.pop();
    kept.push(point);
  }
  const [first, last] = [kept[0], kept.at(-1)];
  if (first && kept.length > 1 && first[0] === last[0] && first[1] === last[1]) kept.pop();
  return kept;
}

const bytes = [];
function number(n) {
  for (; n > 127; n >>>= 7) bytes.push((n & 127) | 128);
  bytes.push(n);
}
const signed = (n) => number(n < 0 ? -2 * n - 1 : 2 * n);

const geometries = objects.land.geometries ?? [objects.land];
const polygons = geometries.flatMap(({ type, arcs }) => (type === "Polygon" ? [arcs] : arcs));
for (const points of polygons.flat().map((indices) => thin(unrolled(ring(indices)))).filter(({ length }) => length > 2)) {
  number(points.length);
  let [x, y] = [0, 0];
  for (const [nextX, nextY] of points) {
    signed(nextX - x);
    signed(nextY - y);
    [x, y] = [nextX, nextY];
  }
}
writeFileSync(to, Uint8Array.from(bytes));
