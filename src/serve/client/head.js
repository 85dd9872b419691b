// The live preview in the browser: this script stands in every page that `dhikra serve` answers, and
// keeps the page what the files are, without losing where the reader is in it.
//
// The server joins these files, in this order, to /_dhikra/preview.js:
//
//   head.js        the beginning of the function that all of it lives in
//   idiomorph.js   changes one tree into another (npm idiomorph 0.8.0, dist/idiomorph.min.js)
//   words.js       the words of the interface, in four languages
//   twins.js       what of the page is production's, and what scripts or the reader made of it
//   resources.js   style sheets, and images whose bytes changed
//   update.js      the page becomes the new page
//   styles.js      the styles of the interface
//   view.js        the element that the interface lives in, and how its parts are made
//   overlay.js     the errors of the site
//   panel.js       the corner: state, problems, languages, source
//   lines.js       Alt and a click: the line of a block, in the editor
//   follow.js      the block that was just changed is shown
//   connection.js  what the server says, and when
//   tail.js        the start, and the end of the function
//
// All but the first and the last are plain declarations. Nothing here writes an attribute of the
// page's own elements but what an update brings, and nothing evaluates text: a strict policy holds.
(() => {
  "use strict";

  // A page may hold the script twice, when a template includes another page whole.
  if (window.dhikra) return;

