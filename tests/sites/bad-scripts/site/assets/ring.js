export * from "./ring2.js";
