function f() {
  if (x) {
    return `${a`;
