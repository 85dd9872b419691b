import { b } from "./b.js";
import data from "./b.js";
export const url = new URL("../hard/signs.js", import.meta.url).pathname;
export const all = [b, data, (await import("./c.mjs")).default];
