// Signs that grow together if nothing is between them.
let a = 3, b = 2, g = 1;
result = [
  a - -b, a + +b, a - - b, a + ++b, a-- - --b, a / /3/g.lastIndex, /3/g.source.length / 2, a ? .5 : 1,
  1 .toFixed(1), 1..toFixed(2), 1.5.toFixed(0), 0x1e + 1, 1e+1, 10n ** 2n + "", a <! --g, a - -g,
  (() => { let n = 3, s = 0; while (n --> 0) s += n; return s; })(),
];
