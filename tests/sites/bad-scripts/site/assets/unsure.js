import "./fine.js";
x = {} / 2;
