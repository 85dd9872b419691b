//! A script as the tokens that it is made of (ECMAScript §12).

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::assets) enum Kind {
    /// A name, a keyword or a private name.
    Word,
    Number,
    Sign,
    String,
    /// A template, or the part of one up to a `${` or from a `}`.
    Template,
    Regex,
    /// A comment that has to stay: a licence.
    Licence,
}

/// A token.
#[derive(Clone, Debug)]
pub(in crate::assets) struct Token {
    pub(in crate::assets) kind: Kind,
    pub(in crate::assets) range: Range<usize>,
    /// Whether a line ends between the token before and it.
    pub(in crate::assets) on_new_line: bool,
}

impl Token {
    pub(in crate::assets) fn text<'a>(&self, js: &'a str) -> &'a str {
        js.get(self.range.clone()).unwrap_or_default()
    }
}

/// Why a script is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::assets) enum Fault {
    /// It is wrong, there.
    Wrong(Range<usize>, String),
    /// Only a whole parser could tell what a sign there means.
    Unsure(usize),
}

/// The signs, the longest first.
const SIGNS: &[&str] = &[
    ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=",
    "<=", ">=", "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
    "<<", ">>", "**",
];

/// Words after which an expression begins, and so a `/` is a regular expression's.
const BEFORE_EXPRESSION: &[&str] = &[
    "return",
    "typeof",
    "instanceof",
    "in",
    "new",
    "delete",
    "void",
    "throw",
    "case",
    "do",
    "else",
];

/// Words that are keywords in some places and names in others.
const EITHER: &[&str] = &["yield", "await", "of", "let", "async", "static", "get", "set"];

/// The tokens of a script.
///
/// # Errors
/// What is wrong with it, or what cannot be told without parsing all of it.
pub(in crate::assets) fn tokens(js: &str) -> Result<Vec<Token>, Fault> {
    let mut reader = Reader {
        js,
        at: 0,
        tokens: Vec::new(),
        open: Vec::new(),
        new_line: true,
        head_closed: false,
    };
    if js.starts_with('\u{FEFF}') {
        reader.at = '\u{FEFF}'.len_utf8();
    }
    if js.starts_with("#!") {
        return Err(Fault::Unsure(0));
    }
    while reader.next()? {}
    match reader.open.last() {
        Some(open) => {
            let sign = js.get(open.at.clone()).unwrap_or_default();
            Err(Fault::Wrong(open.at.clone(), format!("«{sign}» is not closed")))
        }
        None => Ok(reader.tokens),
    }
}

/// A bracket that is open.
struct Open {
    at: Range<usize>,
    closed_by: char,
    /// Of `(`: whether a statement follows what it closes, as after `if (…)`.
    before_statement: bool,
    is_template: bool,
}

struct Reader<'a> {
    js: &'a str,
    at: usize,
    tokens: Vec<Token>,
    open: Vec<Open>,
    new_line: bool,
    /// Whether the last token is a `)` that a statement follows.
    head_closed: bool,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.js.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let range = self.at..self.at + length;
        self.at = range.end;
        self.head_closed = false;
        self.tokens.push(Token { kind, range, on_new_line: std::mem::take(&mut self.new_line) });
    }

    fn wrong<T>(&self, length: usize, message: &str) -> Result<T, Fault> {
        Err(Fault::Wrong(self.at..(self.at + length).min(self.js.len()), message.to_owned()))
    }

    /// Reads a token, or what is between two. Gives whether there is more.
    fn next(&mut self) -> Result<bool, Fault> {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else { return Ok(false) };
        let second = rest.get(c.len_utf8()..).and_then(|rest| rest.chars().next());
        match (c, second) {
            ('\n' | '\r' | '\u{2028}' | '\u{2029}', _) => {
                self.new_line = true;
                self.at += c.len_utf8();
            }
            _ if is_blank(c) => self.at += c.len_utf8(),
            ('/', Some('/')) => self.at += rest.find(is_line_end).unwrap_or(rest.len()),
            ('/', Some('*')) => self.comment(rest)?,
            ('<', _) if rest.starts_with("<!--") => return Err(Fault::Unsure(self.at)),
            ('-', _) if self.new_line && rest.starts_with("-->") => {
                return Err(Fault::Unsure(self.at));
            }
            ('"' | '\'', _) => self.string(rest, c)?,
            ('`', _) => self.template(rest)?,
            ('0'..='9', _) | ('.', Some('0'..='9')) => self.push(Kind::Number, number(rest)),
            _ if is_name(c) || c == '#' => {
                let end =
                    rest.char_indices().skip(1).find(|(_, c)| !is_name(*c) && !c.is_ascii_digit());
                let mut length = end.map_or(rest.len(), |(at, _)| at);
                // A letter written by its number: \u{62F}.
                while rest.get(..length).is_some_and(|name| name.ends_with("\\u"))
                    && rest.get(length..).is_some_and(|after| after.starts_with('{'))
                {
                    let after = rest.get(length..).unwrap_or_default();
                    length += after.find('}').map_or(after.len(), |at| at + 1);
                    let more = rest.get(length..).unwrap_or_default();
                    length +=
                        more.find(|c| !is_name(c) && !c.is_ascii_digit()).unwrap_or(more.len());
                }
                self.push(Kind::Word, length);
            }
            ('/', _) if self.is_regex()? => self.regex(rest)?,
            _ => self.sign(rest, c)?,
        }
        Ok(true)
    }

    fn comment(&mut self, rest: &str) -> Result<(), Fault> {
        let Some(end) = rest.get(2..).and_then(|inside| inside.find("*/")) else {
            return self.wrong(2, "the comment is not closed");
        };
        let comment = rest.get(..end + 4).unwrap_or_default();
        let new_line = self.new_line || comment.contains(is_line_end);
        if comment.starts_with("/*!")
            || comment.contains("@license")
            || comment.contains("@preserve")
        {
            self.push(Kind::Licence, comment.len());
        } else {
            self.at += comment.len();
        }
        self.new_line = new_line;
        Ok(())
    }

    fn string(&mut self, rest: &str, quote: char) -> Result<(), Fault> {
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                // `\r\n` is one end of a line.
                _ if escaped => escaped = c == '\r' && rest.get(at + 1..at + 2) == Some("\n"),
                '\\' => escaped = true,
                '\n' | '\r' => return self.wrong(at, "the text is not closed on its line"),
                c if c == quote => {
                    self.push(Kind::String, at + 1);
                    return Ok(());
                }
                _ => {}
            }
        }
        self.wrong(rest.len(), "the text is not closed")
    }

    /// A template from its beginning or from the `}` that ends a part, to its end or the next `${`.
    fn template(&mut self, rest: &str) -> Result<(), Fault> {
        let mut escaped = false;
        let mut before = ' ';
        for (at, c) in rest.char_indices().skip(1) {
            if std::mem::take(&mut escaped) {
                before = ' ';
                continue;
            }
            match c {
                '\\' => escaped = true,
                '`' => {
                    self.push(Kind::Template, at + 1);
                    return Ok(());
                }
                '{' if before == '$' => {
                    let open = self.at + at - 1..self.at + at + 1;
                    self.open.push(Open {
                        at: open,
                        closed_by: '}',
                        before_statement: false,
                        is_template: true,
                    });
                    self.push(Kind::Template, at + 1);
                    return Ok(());
                }
                _ => {}
            }
            before = c;
        }
        self.wrong(1, "the template is not closed")
    }

    fn regex(&mut self, rest: &str) -> Result<(), Fault> {
        let (mut escaped, mut in_class) = (false, false);
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                _ if is_line_end(c) => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => {
                    let flags = rest.get(at + 1..).unwrap_or_default();
                    let length = flags.find(|c| !is_name(c)).unwrap_or(flags.len());
                    self.push(Kind::Regex, at + 1 + length);
                    return Ok(());
                }
                _ => {}
            }
        }
        self.wrong(1, "the regular expression is not closed on its line")
    }

    fn sign(&mut self, rest: &str, c: char) -> Result<(), Fault> {
        let closed_by = match c {
            '(' => ')',
            '[' => ']',
            '{' => '}',
            ')' | ']' | '}' => return self.close(rest, c),
            c if c.is_ascii_punctuation() => {
                let long = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                // `a ?.5 : 1` is a condition.
                let is_condition = rest.starts_with("?.")
                    && rest.get(2..3).is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit()));
                let length = long.filter(|_| !is_condition).map_or(1, |sign| sign.len());
                self.push(Kind::Sign, length);
                return Ok(());
            }
            _ => return self.wrong(c.len_utf8(), "this sign is none of a script"),
        };
        let before_statement = c == '(' && self.opens_head();
        let at = self.at..self.at + 1;
        self.open.push(Open { at, closed_by, before_statement, is_template: false });
        self.push(Kind::Sign, 1);
        Ok(())
    }

    fn close(&mut self, rest: &str, c: char) -> Result<(), Fault> {
        match self.open.pop() {
            Some(open) if open.closed_by == c && open.is_template => self.template(rest),
            Some(open) if open.closed_by == c => {
                self.push(Kind::Sign, 1);
                self.head_closed = open.before_statement;
                Ok(())
            }
            Some(open) => {
                let sign = self.js.get(open.at.clone()).unwrap_or_default().to_owned();
                self.wrong(1, &format!("«{c}» stands where «{sign}» is to be closed"))
            }
            None => self.wrong(1, &format!("«{c}» closes nothing")),
        }
    }

    /// The text of the token before the last `back` ones.
    fn before(&self, back: usize) -> &'a str {
        let token = self.tokens.len().checked_sub(back + 1).and_then(|at| self.tokens.get(at));
        token.map_or("", |token| token.text(self.js))
    }

    /// Whether a `(` that comes now is of `if (…)` and the like.
    fn opens_head(&self) -> bool {
        let (word, before) = match self.before(0) {
            "await" => (self.before(1), self.before(2)),
            word => (word, self.before(1)),
        };
        matches!(word, "if" | "while" | "for" | "with") && !matches!(before, "." | "?.")
    }

    /// Whether a `/` that comes now begins a regular expression: it does where no value is before it.
    fn is_regex(&self) -> Result<bool, Fault> {
        let last = self.tokens.iter().rev().find(|token| token.kind != Kind::Licence);
        let Some(last) = last else { return Ok(true) };
        let word = last.text(self.js);
        match last.kind {
            Kind::Word => {
                let of_object = matches!(self.before(1), "." | "?.");
                if EITHER.contains(&word) && !of_object {
                    return Err(Fault::Unsure(self.at));
                }
                Ok(BEFORE_EXPRESSION.contains(&word) && !of_object)
            }
            Kind::Number | Kind::String | Kind::Regex => Ok(false),
            // After `${` comes an expression, after the end of a template a sign.
            Kind::Template => {
                Ok(word.ends_with("${") && self.open.last().is_some_and(|open| open.is_template))
            }
            Kind::Sign | Kind::Licence => match word {
                ")" => Ok(self.head_closed),
                "]" | "++" | "--" => Ok(false),
                // The end of a block, or of an object.
                "}" => Err(Fault::Unsure(self.at)),
                _ => Ok(true),
            },
        }
    }
}

/// The length of the number that a text begins with.
fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let at = |n: usize| bytes.get(n).copied().unwrap_or(b' ');
    let digits = |from: usize| {
        let more = bytes.get(from..).unwrap_or_default();
        from + more.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count()
    };
    let decimal = |from: usize| {
        let more = bytes.get(from..).unwrap_or_default();
        from + more.iter().take_while(|b| b.is_ascii_digit() || **b == b'_').count()
    };
    if at(0) == b'0' && at(1).is_ascii_alphabetic() && !matches!(at(1), b'e' | b'E' | b'n') {
        return digits(0);
    }
    let mut end = decimal(0);
    if at(end) == b'.' {
        end = decimal(end + 1);
    }
    if matches!(at(end), b'e' | b'E') {
        let sign = usize::from(matches!(at(end + 1), b'+' | b'-'));
        if at(end + 1 + sign).is_ascii_digit() {
            end = decimal(end + 1 + sign);
        }
    }
    // The `n` of a large whole number.
    end + usize::from(at(end) == b'n')
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

fn is_blank(c: char) -> bool {
    c == '\u{FEFF}' || (c.is_whitespace() && !is_line_end(c))
}

/// Whether a name may begin with a character, or go on with it, digits aside.
fn is_name(c: char) -> bool {
    c.is_alphabetic()
        || matches!(c, '_' | '$' | '\\' | '\u{200C}' | '\u{200D}')
        || (!c.is_ascii() && !c.is_whitespace() && !is_line_end(c) && c != '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(js: &str) -> Vec<&str> {
        tokens(js).expect("a script").iter().map(|token| token.text(js)).collect()
    }

    #[test]
    fn a_slash_is_what_it_is() {
        assert_eq!(texts("a / b / c"), ["a", "/", "b", "/", "c"]);
        assert_eq!(
            texts("return /[/'\"]/u.test(x)"),
            ["return", "/[/'\"]/u", ".", "test", "(", "x", ")"]
        );
        assert_eq!(
            texts("if (x) /'/.test(y)"),
            ["if", "(", "x", ")", "/'/", ".", "test", "(", "y", ")"]
        );
        assert_eq!(texts("f(x) / 2 / y"), ["f", "(", "x", ")", "/", "2", "/", "y"]);
        assert_eq!(texts("a.return / 2"), ["a", ".", "return", "/", "2"]);
        assert_eq!(texts("x = a++ / 2"), ["x", "=", "a", "++", "/", "2"]);
        assert_eq!(texts("`${/`/}` / 2"), ["`${", "/`/", "}`", "/", "2"]);
        assert_eq!(tokens("x = {} / 2").err(), Some(Fault::Unsure(7)));
    }

    #[test]
    fn templates_nest() {
        assert_eq!(texts("`a${`b${{c: '}'}}`}d` + 1").len(), 11);
        assert_eq!(texts("`\\`$${x}\\${`"), ["`\\`$${", "x", "}\\${`"]);
    }

    #[test]
    fn numbers_and_names() {
        assert_eq!(
            texts("1..a 0x1e+1 1e+1 .5n 10n 1_000.5 a?.5:b?.c"),
            [
                "1.", ".", "a", "0x1e", "+", "1", "1e+1", ".5n", "10n", "1_000.5", "a", "?", ".5",
                ":", "b", "?.", "c"
            ]
        );
        assert_eq!(texts("#سر \\u{62F}ك متغير\u{200C}ها"), ["#سر", "\\u{62F}ك", "متغير\u{200C}ها"]);
        assert_eq!(texts("\u{FEFF}a>>>=b??=c**d"), ["a", ">>>=", "b", "??=", "c", "**", "d"]);
    }

    #[test]
    fn what_is_wrong_is_found_at_its_place() {
        let wrong = |js: &str| match tokens(js) {
            Err(Fault::Wrong(range, message)) => (range.start, message),
            other => panic!("{js}: {other:?}"),
        };
        assert_eq!(wrong("f(a]"), (3, "«]» stands where «(» is to be closed".into()));
        assert_eq!(wrong("f(a"), (1, "«(» is not closed".into()));
        assert_eq!(wrong("a }"), (2, "«}» closes nothing".into()));
        assert_eq!(wrong("x = 'a\n'").0, 4);
        assert_eq!(wrong("x = `a${1}").0, 9);
        assert_eq!(wrong("x = /a\n/").0, 4);
        assert_eq!(wrong("/* a").0, 0);
        assert_eq!(wrong("`${a"), (1, "«${» is not closed".into()));
    }
}
