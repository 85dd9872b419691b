//! Typographic quotation marks, dashes and ellipses, as each language has them.

use super::Lang;

/// The quotation marks of a language: of a quotation, and of one inside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotes {
    /// Opening and closing.
    pub outer: (&'static str, &'static str),
    /// The same inside of a quotation.
    pub inner: (&'static str, &'static str),
}

impl Quotes {
    /// The quotation marks of a language: English ones where nothing else is known.
    #[must_use]
    pub fn of(lang: &Lang) -> Self {
        let (outer, inner) = match lang.primary() {
            "ar" | "fa" | "ps" | "ug" | "ckb" => (("«", "»"), ("‹", "›")),
            "fr" => (("«\u{202F}", "\u{202F}»"), ("“", "”")),
            "de" | "cs" | "sk" | "sl" | "bg" | "lt" | "is" => (("„", "“"), ("‚", "‘")),
            "pl" | "hu" | "ro" | "hr" | "sr" => (("„", "”"), ("‚", "’")),
            "es" | "it" | "el" | "ca" | "no" | "nb" => (("«", "»"), ("“", "”")),
            "sv" | "fi" => (("”", "”"), ("’", "’")),
            "ru" | "uk" => (("«", "»"), ("„", "“")),
            "zh" if ["zh-Hant", "zh-TW", "zh-HK"].contains(&lang.as_str()) => {
                (("「", "」"), ("『", "』"))
            }
            "ja" => (("「", "」"), ("『", "』")),
            _ => (("“", "”"), ("‘", "’")),
        };
        Self { outer, inner }
    }
}

/// Whether a mark after this character begins a quotation. `None` is the beginning of a paragraph.
#[must_use]
pub fn opens_after(before: Option<char>) -> bool {
    before.is_none_or(|c| {
        c.is_whitespace()
            || matches!(
                c,
                '(' | '['
                    | '{'
                    | '«'
                    | '‹'
                    | '“'
                    | '‘'
                    | '„'
                    | '—'
                    | '–'
                    | '-'
                    | '/'
                    | '\u{2068}'
                    | '\u{2066}'
                    | '\u{2067}'
                    | '（'
                    | '：'
                    | '，'
                    | '。'
                    | '「'
                    | '『'
                    | '>'
            )
    })
}

/// Makes typographic signs of typewriter's: quotation marks, an apostrophe, dashes, the ellipsis,
/// and the dash of a range of years.
#[derive(Clone, Copy, Debug)]
pub struct Typographer {
    quotes: Quotes,
    /// The character before what comes next.
    before: Option<char>,
    /// Whether a quotation is open, and whether one inside of it is.
    outer: bool,
    inner: bool,
}

impl Typographer {
    /// One for a language, at the beginning of a paragraph.
    #[must_use]
    pub fn new(lang: &Lang) -> Self {
        Self { quotes: Quotes::of(lang), before: None, outer: false, inner: false }
    }

    /// A paragraph begins.
    pub fn begin(&mut self) {
        (self.before, self.outer, self.inner) = (None, false, false);
    }

    /// What is no text of the paragraph, such as code, stands here, or text that stays as it is: its
    /// last character is before what comes next.
    pub fn pass(&mut self, last: char) {
        self.before = Some(last);
    }

    /// Whether a text has anything that may be changed.
    #[must_use]
    pub fn concerns(text: &str) -> bool {
        let bytes = text.as_bytes();
        memchr::memchr3(b'"', b'\'', b'-', bytes).is_some()
            || memchr::memchr_iter(b'.', bytes).any(|at| bytes.get(at + 1) == Some(&b'.'))
    }

    /// The text with typographic signs; it goes on where the last one ended.
    pub fn text(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 8);
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let c = rest.chars().next().unwrap_or_default();
            let after = rest.chars().nth(1);
            let run = rest.len() - rest.trim_start_matches(c).len();
            let (taken, sign) = match (c, run) {
                // Minutes, seconds, inches.
                ('"' | '\'', _) if self.is_measure(c, after) => {
                    (1, if c == '"' { "\"" } else { "'" })
                }
                ('"', _) => (1, self.double(after)),
                ('\'', _) => (1, self.single(after)),
                ('-', 3) => (3, "—"),
                ('-', 2) if is_dash(self.before, rest.chars().nth(2)) => (2, "–"),
                ('-', 1) if joins_years(text, at) => (1, "–"),
                ('.', 3) => (3, "…"),
                // A longer row of them means something else.
                ('-' | '.', n) => (n, rest.get(..n).unwrap_or_default()),
                (c, _) => (c.len_utf8(), rest.get(..c.len_utf8()).unwrap_or_default()),
            };
            out.push_str(sign);
            self.before = Some(c);
            at += taken;
        }
        out
    }

    /// Whether a mark begins a quotation: after a space or bracket, and also after a letter where none
    /// is open, since Arabic writes its particles together with what follows: و"الحزام".
    fn opens(&self, open: bool, after: Option<char>) -> bool {
        match opens_after(self.before) {
            true => !(open && after.is_none_or(char::is_whitespace)),
            false => {
                !open
                    && after.is_some_and(|c| {
                        c.is_alphanumeric() || opens_after(Some(c)) && !c.is_whitespace()
                    })
            }
        }
    }

    /// Whether a mark after a digit belongs to the number: no quotation of its kind is open that it
    /// could close.
    fn is_measure(&self, mark: char, after: Option<char>) -> bool {
        let digit = self.before.is_some_and(|c| c.is_ascii_digit());
        let open = if mark == '"' { self.outer } else { self.inner };
        let plural = mark == '\'' && after.is_some_and(|c| c.is_lowercase());
        digit && !open && !plural
    }

    fn double(&mut self, after: Option<char>) -> &'static str {
        self.outer = self.opens(self.outer, after);
        if self.outer { self.quotes.outer.0 } else { self.quotes.outer.1 }
    }

    fn single(&mut self, after: Option<char>) -> &'static str {
        // «’90s»
        let shortened = after.is_some_and(|c| c.is_ascii_digit());
        let begins = match self.before {
            // After a Latin letter it is an apostrophe.
            Some(c) if c.is_alphanumeric() && !super::is_caseless_letter(c) => false,
            _ => self.opens(self.inner, after),
        };
        if begins && !shortened {
            self.inner = true;
            return self.quotes.inner.0;
        }
        let in_word = self.before.is_some_and(char::is_alphanumeric)
            && after.is_some_and(char::is_alphanumeric);
        if self.inner && !in_word {
            self.inner = false;
            return self.quotes.inner.1;
        }
        "’"
    }
}

/// Whether two hyphens are a dash and not the beginning of an option such as `--force`.
fn is_dash(before: Option<char>, after: Option<char>) -> bool {
    let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let word = |c: Option<char>| c.filter(|c| c.is_alphanumeric()).map(super::is_caseless_letter);
    match (word(before), word(after)) {
        // «و--force» is a particle and an option.
        (Some(before), Some(after)) => before == after,
        _ => space(before) && space(after),
    }
}

/// Whether the hyphen at a place of a text stands between two years and nothing more, as in
/// `2025-2029`; dates and codes keep theirs.
fn joins_years(text: &str, at: usize) -> bool {
    let is_digit = |c: &char| matches!(c, '0'..='9' | '٠'..='٩' | '۰'..='۹');
    let year = |digits: &[char]| {
        digits.len() == 4 && matches!(digits.first(), Some('1' | '2' | '١' | '٢' | '۱' | '۲'))
    };
    let parts =
        |c: &char| *c == '年' || !(c.is_alphanumeric() || matches!(c, '-' | '–' | '/' | '.' | '_'));
    let mut before = text.get(..at).unwrap_or_default().chars().rev().peekable();
    let mut from: Vec<char> = Vec::with_capacity(4);
    while let Some(digit) = before.next_if(is_digit).filter(|_| from.len() < 5) {
        from.insert(0, digit);
    }
    let mut after = text.get(at + 1..).unwrap_or_default().chars().peekable();
    let mut to: Vec<char> = Vec::with_capacity(4);
    while let Some(digit) = after.next_if(is_digit).filter(|_| to.len() < 5) {
        to.push(digit);
    }
    let ends = after.next().is_none_or(|c| parts(&c) || c == '.');
    year(&from) && year(&to) && before.next().is_none_or(|c| parts(&c)) && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(tag: &str, text: &str) -> String {
        match Lang::parse(tag) {
            Some(lang) => Typographer::new(&lang).text(text),
            None => String::new(),
        }
    }

    #[test]
    fn marks_of_each_language() {
        for (tag, text, wanted) in [
            ("ar", "قال: \"مبادرة 'الحزام' هنا\".", "قال: «مبادرة ‹الحزام› هنا»."),
            ("ur", "\"الف\" اور 'بے'", "“الف” اور ‘بے’"),
            ("zh", "\"一带一路\"倡议", "“一带一路”倡议"),
            ("en", "\"It's 'here',\" she said", "“It’s ‘here’,” she said"),
            ("en", "the '90s and the ports' tolls", "the ’90s and the ports’ tolls"),
            ("ar", "(\"أ\")", "(«أ»)"),
            ("ar", "و\"الحزام\" ول'الطريق'", "و«الحزام» ول‹الطريق›"),
            ("ar", "قال \"أ و\"ب\" ج\".", "قال «أ و»ب» ج»."),
            (
                "zh",
                "中国提出\"一带一路\"倡议,他说:\"好\",又说:'好'。",
                "中国提出“一带一路”倡议,他说:“好”,又说:‘好’。",
            ),
            ("ar", "قال:\"نعم\" وبـ\"الحزام\" و\"CPEC\" هنا", "قال:«نعم» وبـ«الحزام» و«CPEC» هنا"),
            ("fr", "l'\"État\"", "l’«\u{202F}État\u{202F}»"),
            ("en", "25°07'35\"N, 6'2\" and the 1990's", "25°07'35\"N, 6'2\" and the 1990’s"),
            ("zh", "称为\"一带一路\"的", "称为“一带一路”的"),
            ("de", "\"so\"", "„so“"),
            ("pl", "\"tak\"", "„tak”"),
            ("es", "\"así 'es'\"", "«así “es”»"),
            ("sv", "\"ja\"", "”ja”"),
        ] {
            assert_eq!(set(tag, text), wanted);
        }
    }

    #[test]
    fn dashes_and_dots() {
        for (text, wanted) in [
            ("أ -- ب --- ج", "أ – ب — ج"),
            ("git push --force", "git push --force"),
            ("و--dry-run", "و--dry-run"),
            ("yes--no", "yes–no"),
            ("---- ....", "---- ...."),
            ("وهكذا...", "وهكذا…"),
            ("2025-2029", "2025–2029"),
            ("(١٩٥١-٢٠٢٦)،", "(١٩٥١–٢٠٢٦)،"),
            ("2025-2029.", "2025–2029."),
            (
                "2026-01-04 ISO 8601-2 2025-2026-7 +92-2025-2026",
                "2026-01-04 ISO 8601-2 2025-2026-7 +92-2025-2026",
            ),
            ("4000-5000", "4000-5000"),
        ] {
            assert_eq!(set("ar", text), wanted);
        }
    }
}
