// The menu.
"use strict";
const name = "القائمة"; // a name that others have too
console.log(name)
