export * from "./ring.js";
