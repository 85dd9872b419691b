//! A script without comments and blank space. Nothing is renamed and nothing moved: what is left are the same tokens,
//! and a line ends between two of them wherever that could mean something.

use super::tokens::{Fault, Kind, Token, tokens};

/// Signs after which no statement ends.
const GOES_ON_AFTER: &[&str] = &[
    "{", "(", "[", ",", ";", ":", "?", "=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=",
    ">>>=", "&=", "|=", "^=", "&&=", "||=", "??=", "=>", "==", "!=", "===", "!==", "<", ">", "<=",
    ">=", "&&", "||", "??", "+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>", "!",
    "~", ".", "?.", "...",
];

/// Signs before which a line break means nothing: no statement, and nothing in a class, begins with them.
const GOES_ON_BEFORE: &[&str] = &[
    ")", "]", "}", ",", ";", ":", "?", "=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=",
    ">>>=", "&=", "|=", "^=", "&&=", "||=", "??=", "==", "!=", "===", "!==", "<", ">", "<=", ">=",
    "&&", "||", "??", "%", "**", "&", "|", "^", "<<", ">>", ">>>", ".", "?.",
];

/// Words after which a line break ends the statement.
const RESTRICTED: &[&str] = &["return", "break", "continue", "throw", "yield", "async"];

/// The script made smaller, with its line breaks where they may count.
///
/// # Errors
/// What is wrong with it, or that it cannot be told apart into tokens.
pub(in crate::assets) fn minify(js: &str) -> Result<String, Fault> {
    let before = tokens(js)?;
    let mut out = String::with_capacity(js.len());
    for (n, token) in before.iter().enumerate() {
        if let Some(last) = n.checked_sub(1).and_then(|n| before.get(n)) {
            separate(&mut out, js, last, token);
        }
        out.push_str(token.text(js));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    // What was made is read again: a token more or less, and the script stays as it is.
    let after = tokens(&out)?;
    let same = before.len() == after.len()
        && before.iter().zip(&after).all(|(a, b)| a.kind == b.kind && a.text(js) == b.text(&out));
    if same { Ok(out) } else { Err(Fault::Unsure(0)) }
}

/// Puts between two tokens what has to be there.
fn separate(out: &mut String, js: &str, last: &Token, next: &Token) {
    let (a, b) = (last.text(js), next.text(js));
    let sign =
        |token: &Token, list: &[&str]| token.kind == Kind::Sign && list.contains(&token.text(js));
    let goes_on = sign(last, GOES_ON_AFTER) || sign(next, GOES_ON_BEFORE);
    let restricted = last.kind == Kind::Word && RESTRICTED.contains(&a) && !matches!(b, ";" | "}");
    let licence = last.kind == Kind::Licence || next.kind == Kind::Licence;
    if next.on_new_line && (!goes_on || restricted || licence) {
        out.push('\n');
        return;
    }
    let (Some(end), Some(start)) = (a.chars().last(), b.chars().next()) else { return };
    let wordy = |kind: Kind| matches!(kind, Kind::Word | Kind::Number | Kind::Regex);
    let apart = licence
        || (wordy(last.kind) && matches!(next.kind, Kind::Word | Kind::Number))
        // 1 .toFixed()
        || (last.kind == Kind::Number && start == '.')
        // a - --b, a + +b; a / /b/
        || (matches!(end, '+' | '-') && end == start)
        || (end == '/' && matches!(start, '/' | '*'))
        // What begins or ends a comment of HTML.
        || (a == "<" && start == '!')
        || (a == "--" && start == '>');
    if apart {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(js: &str) -> String {
        minify(js).expect("a script").trim_end().to_owned()
    }

    #[test]
    fn comments_and_blanks_go() {
        assert_eq!(
            small("// a\nconst  x = 1 ; /* b */\n\nlet y = x / 2;\n"),
            "const x=1;let y=x/2;"
        );
        assert_eq!(small("const قيمة = 'نص // ليس تعليقاً';"), "const قيمة='نص // ليس تعليقاً';");
        assert_eq!(small("a = `x  ${ b /* c */ + `  ${ d }` } // y`"), "a=`x  ${b+`  ${d}`} // y`");
        assert_eq!(
            small("class A { #x = 1; static { this . #x ?. y } }"),
            "class A{#x=1;static{this.#x?.y}}"
        );
        assert_eq!(small("\u{FEFF} \n "), "");
    }

    #[test]
    fn a_line_ends_where_that_counts() {
        assert_eq!(small("a\nb"), "a\nb");
        assert_eq!(small("a()\n(b)"), "a()\n(b)");
        assert_eq!(small("return\n{ }"), "return\n{}");
        assert_eq!(small("x\n++y"), "x\n++y");
        assert_eq!(small("a = b /* \n */ c"), "a=b\nc");
        assert_eq!(
            small("class A { a\n *b() {}\n c = 1\n [d] = 2 }"),
            "class A{a\n*b(){}\nc=1\n[d]=2}"
        );
        assert_eq!(small("f(\n  a,\n  b\n)\n"), "f(a,b)");
        assert_eq!(small("a\n  .b()\n  ?.c()"), "a.b()?.c()");
        assert_eq!(small("if (a)\n/b'/.test(c)"), "if(a)\n/b'/.test(c)");
    }

    #[test]
    fn tokens_do_not_grow_together() {
        for (js, expected) in [
            ("a + +b - -c + ++d", "a+ +b- -c+ ++d"),
            ("1 .toFixed()", "1 .toFixed()"),
            ("a / /b/.exec(c)", "a/ /b/.exec(c)"),
            ("x = a < !--b", "x=a< !--b"),
            ("while (n --> 0);", "while(n-- >0);"),
            ("/a/g in b", "/a/g in b"),
            ("typeof x === 'y'", "typeof x==='y'"),
            ("a ? .5 : b", "a?.5:b"),
            ("x = '</script>'", "x='</script>'"),
        ] {
            assert_eq!(small(js), expected);
        }
    }

    #[test]
    fn licences_stay() {
        assert_eq!(small("/*! (c) A */\nf( ) // x"), "/*! (c) A */\nf()");
        assert_eq!(small("a; /* @license MIT */ b"), "a; /* @license MIT */ b");
    }

    #[test]
    fn what_is_small_stays_as_it_is() {
        for js in ["a\nb;c/ /d/;`${e}`", "for(const a of b)c(a)\nd", "/*! x */\nif(a)\n/b/.test(c)"]
        {
            assert_eq!(small(js), js);
        }
    }
}
