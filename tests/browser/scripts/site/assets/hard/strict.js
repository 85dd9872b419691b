"use strict";
const shared = 1;
result = [(function () { return this === undefined; })(), shared];
