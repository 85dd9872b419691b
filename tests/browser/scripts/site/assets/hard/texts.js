/*! A licence that stays. */
const نص = "نص عربي // ليس تعليقاً /* ولا هذا */ \u0645 \
تتمة";
const tag = (s, ...v) => s.raw.join("|") + v.join(",");
const o = { return: 8, if: { in: 2 }, of: 3 };
result = [
  نص, '</script><!-- -->', "it's", 'a "b"', `x  ${ `y  ${ { a: "}" }.a /* c */ }  z` }  // not a comment`,
  tag`a\n${1}\${b}${ /[`}]/.source }`, `\`${"$"}{`, o.return / 2 / 1, o.if.in / 2, o?.of ?? 0, o?.['if']?.in,
  /[/\]'"`]+/gu.test("/"), "a/b/c".split(/\//).length, [/a/, /b/d].length, !/x/.test("y"), typeof /x/, (() => /=>/)().source,
  "\u2028\u2029".length, '	tab', ((a) => a ** 2)(3),
];
