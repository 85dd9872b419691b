import { part } from "../parts/part.mjs";
import "./own.js?once";
const picture = new URL("../dot.svg", import.meta.url);
part(picture, await import("../parts/late.mjs"));
