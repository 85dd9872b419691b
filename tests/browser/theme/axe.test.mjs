// No rule of axe is broken, on any template, in any language, in both schemes, on phone and desktop.

import { asking, everywhere } from "./axe.mjs";
import { each, eachReal, start } from "./theme.mjs";

start();

each("axe", asking, everywhere);
eachReal("axe", asking, everywhere);
