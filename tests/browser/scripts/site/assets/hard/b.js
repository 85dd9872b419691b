// b
export const b = "ب";
export default [b].length;
