export function part(...all) {
  console.log(...all);
}
