var shared = 2; // The same name as in another part.
function named() { return shared }
result = [typeof (function () { return this; })(), named()]
