// Ends of lines that end statements.
const out = []
let x = 1
let y = 2
x
++y
out.push(x, y)
function nothing() {
  return
  5
}
out.push(nothing())
const f = function () { return 7 }
const g = f
;[1, 2].forEach((n) => out.push(n))
const h = f
  ()
out.push(h)
var label = 0
label: for (const n of [1, 2, 3]) {
  if (n === 2) continue
  label
  out.push(n)
}
class A {
  a = 1
  static
  b = 2
  get
  c() { return 3 }
  'd' = 4;
  u
  *e() { yield
    5 }
  [`f`] = 6
  #p = 7
  q() { return this
    .#p }
}
out.push(new A().a, A.b, new A().c, new A().d, [...new A().e()], new A().f, new A().q())
if (x) /'"`/.test("'") || out.push('no')
do x-- ; while (x > 0) out.push(x)
var z = x
/* a comment
   over lines */ y = 9
out.push(z, y)
result = out
