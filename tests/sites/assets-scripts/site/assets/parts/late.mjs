export default "متأخر";
