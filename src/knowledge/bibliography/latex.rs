//! LaTeX in BibTeX's values: accents, signs and commands to Unicode, and what must be escaped.

use std::iter::Peekable;
use std::str::Chars;

use crate::text::nfc;

/// Commands for signs.
const SIGNS: &[(&str, &str)] = &[
    ("ss", "ß"),
    ("SS", "ẞ"),
    ("ae", "æ"),
    ("AE", "Æ"),
    ("oe", "œ"),
    ("OE", "Œ"),
    ("aa", "å"),
    ("AA", "Å"),
    ("o", "ø"),
    ("O", "Ø"),
    ("l", "ł"),
    ("L", "Ł"),
    ("i", "ı"),
    ("j", "ȷ"),
    ("dh", "ð"),
    ("DH", "Ð"),
    ("th", "þ"),
    ("TH", "Þ"),
    ("dj", "đ"),
    ("DJ", "Đ"),
    ("ng", "ŋ"),
    ("NG", "Ŋ"),
    ("textendash", "–"),
    ("textemdash", "—"),
    ("textquoteleft", "‘"),
    ("textquoteright", "’"),
    ("textquotedblleft", "“"),
    ("textquotedblright", "”"),
    ("textquotesingle", "'"),
    ("textquotedbl", "\""),
    ("quotesinglbase", "‚"),
    ("quotedblbase", "„"),
    ("guillemotleft", "«"),
    ("guillemotright", "»"),
    ("guillemetleft", "«"),
    ("guillemetright", "»"),
    ("guilsinglleft", "‹"),
    ("guilsinglright", "›"),
    ("textbackslash", "\\"),
    ("textasciitilde", "~"),
    ("textasciicircum", "^"),
    ("textbraceleft", "{"),
    ("textbraceright", "}"),
    ("textunderscore", "_"),
    ("textless", "<"),
    ("textgreater", ">"),
    ("textbar", "|"),
    ("textellipsis", "…"),
    ("ldots", "…"),
    ("dots", "…"),
    ("textdegree", "°"),
    ("textregistered", "®"),
    ("texttrademark", "™"),
    ("textcopyright", "©"),
    ("copyright", "©"),
    ("pounds", "£"),
    ("textsterling", "£"),
    ("texteuro", "€"),
    ("euro", "€"),
    ("textyen", "¥"),
    ("S", "§"),
    ("textsection", "§"),
    ("P", "¶"),
    ("textparagraph", "¶"),
    ("textordmasculine", "º"),
    ("textordfeminine", "ª"),
    ("textquestiondown", "¿"),
    ("textexclamdown", "¡"),
    ("textmu", "µ"),
    ("texttimes", "×"),
    ("times", "×"),
    ("textpm", "±"),
    ("textapostrophe", "’"),
    ("ayn", "ʿ"),
    ("hamza", "ʾ"),
    ("TeX", "TeX"),
    ("LaTeX", "LaTeX"),
    ("newline", " "),
    ("quad", " "),
    ("space", " "),
    ("slash", "/"),
];

/// Commands that say how their argument looks.
const STYLES: &[&str] = &[
    "emph",
    "textit",
    "textbf",
    "textsc",
    "texttt",
    "textrm",
    "textsf",
    "textup",
    "textsl",
    "textnormal",
    "mkbibquote",
    "mkbibemph",
    "mkbibbold",
    "bibstring",
    "url",
    "path",
    "mbox",
    "text",
    "uppercase",
    "lowercase",
    "MakeUppercase",
    "MakeLowercase",
    "textsuperscript",
    "textsubscript",
    "nolinkurl",
    "hbox",
    "it",
    "bf",
    "em",
    "sc",
    "rm",
    "tt",
    "sl",
    "sf",
    "itshape",
    "bfseries",
    "textarabic",
    "foreignlanguage",
    "protect",
    "relax",
    "noopsort",
    "enquote",
];

/// The combining character of an accent.
fn accent(name: &str) -> Option<char> {
    Some(match name {
        "`" => '\u{300}',
        "'" => '\u{301}',
        "^" => '\u{302}',
        "~" => '\u{303}',
        "=" => '\u{304}',
        "u" => '\u{306}',
        "." => '\u{307}',
        "\"" => '\u{308}',
        "r" => '\u{30A}',
        "H" => '\u{30B}',
        "v" => '\u{30C}',
        "d" => '\u{323}',
        "c" => '\u{327}',
        "k" => '\u{328}',
        "b" => '\u{331}',
        _ => return None,
    })
}

/// A value as Unicode text on one line. Commands that are not known are left out, and named in
/// `unknown`; their arguments stay.
pub(super) fn decode(value: &str, unknown: &mut Vec<String>) -> String {
    let out = plain(value, unknown, 0);
    nfc(&out.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// How deep accents may stand over accents.
const MAX_DEPTH: usize = 4;

fn plain(value: &str, unknown: &mut Vec<String>, depth: usize) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => command(&mut chars, &mut out, unknown, depth),
            '{' | '}' => {}
            '~' => out.push(' '),
            '-' if chars.peek() == Some(&'-') => {
                chars.next();
                out.push(if chars.next_if_eq(&'-').is_some() { '—' } else { '–' });
            }
            '`' if chars.next_if_eq(&'`').is_some() => out.push('“'),
            '\'' if chars.next_if_eq(&'\'').is_some() => out.push('”'),
            c => out.push(c),
        }
    }
    out
}

fn command(
    chars: &mut Peekable<Chars<'_>>,
    out: &mut String,
    unknown: &mut Vec<String>,
    depth: usize,
) {
    let name = name(chars);
    if let Some(mark) = accent(&name) {
        let letter = letter(chars, &name, unknown, depth);
        let mut letters = letter.chars();
        // A dot that the accent takes the place of.
        let first = match letters.next() {
            Some('ı') => Some('i'),
            Some('ȷ') => Some('j'),
            first => first,
        };
        out.extend(first);
        out.push(mark);
        out.extend(letters);
        return;
    }
    if let Some((_, sign)) = SIGNS.iter().find(|(known, _)| *known == name) {
        out.push_str(sign);
        // The space after a command ends its name.
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        return;
    }
    match name.as_str() {
        "&" | "%" | "#" | "_" | "$" | "{" | "}" => out.push_str(&name),
        "" | " " | "," | ";" | ":" | "\\" => out.push(' '),
        "-" | "/" | "!" | "@" => {}
        name if STYLES.contains(&name) => while chars.next_if(|c| c.is_whitespace()).is_some() {},
        _ => unknown.push(name),
    }
}

/// The name of a command: letters, or one sign.
fn name(chars: &mut Peekable<Chars<'_>>) -> String {
    let mut name = String::new();
    while let Some(c) = chars.next_if(char::is_ascii_alphabetic) {
        name.push(c);
    }
    if name.is_empty() {
        name.extend(chars.next());
    }
    name
}

/// The letter that an accent stands over: the next one, or what is in braces.
fn letter(
    chars: &mut Peekable<Chars<'_>>,
    accent: &str,
    unknown: &mut Vec<String>,
    outer: usize,
) -> String {
    // After a letter (`\c c`) a space only ends the command's name.
    if accent.chars().all(char::is_alphabetic) {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
    }
    match chars.next() {
        Some('{') => {
            let (mut depth, mut inside) = (1, String::new());
            for c in chars.by_ref() {
                depth += i32::from(c == '{') - i32::from(c == '}');
                if depth == 0 {
                    break;
                }
                inside.push(c);
            }
            if outer < MAX_DEPTH { plain(&inside, unknown, outer + 1) } else { String::new() }
        }
        Some('\\') => {
            let mut out = String::new();
            let name = name(chars);
            match SIGNS.iter().find(|(known, _)| *known == name) {
                Some((_, sign)) => out.push_str(sign),
                None => unknown.push(name),
            }
            out
        }
        Some(c) => c.to_string(),
        None => String::new(),
    }
}

/// A text as a value in braces. Braces are written as commands, since BibTeX counts them even after a
/// backslash.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '#' | '_' | '$' => out.extend(['\\', c]),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '–' => out.push_str("--"),
            '—' => out.push_str("---"),
            // Two of these are a quotation mark.
            '`' => out.push_str("{`}"),
            '\'' => out.push_str("{'}"),
            '-' => out.push_str(if out.ends_with('-') { "{-}" } else { "-" }),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> String {
        decode(value, &mut Vec::new())
    }

    #[test]
    fn accents_and_signs() {
        for (value, wanted) in [
            ("G{\\\"o}del", "Gödel"),
            ("G\\\"odel and \\'{E}mile", "Gödel and Émile"),
            ("Erd{\\H{o}}s, {\\v S}koda, \\c{c}a, \\c ca", "Erdős, Škoda, ça, ça"),
            ("na{\\\"\\i}ve, na\\\"{\\i}ve", "naïve, naïve"),
            ("{\\ss}, \\o re, \\L{}\\'od\\'z, \\aa ngstr{\\\"o}m", "ß, øre, Łódź, ångström"),
            ("A {\\TeX} \\& B \\% \\$5 \\#1 \\_", "A TeX & B % $5 #1 _"),
            ("1951--2026 --- ``so''", "1951–2026 — “so”"),
            ("\\emph{Very} {I}mportant\n  text~here", "Very Important text here"),
            ("Q{\\=a}'id-i-A{\\'z}am \\d{H}usayn", "Qā'id-i-Aźam Ḥusayn"),
            ("العربية \\textendash{} نص", "العربية – نص"),
        ] {
            assert_eq!(text(value), wanted, "{value}");
        }
    }

    #[test]
    fn unknown_commands_are_named() {
        let mut unknown = Vec::new();
        assert_eq!(decode("a \\foo{b} c", &mut unknown), "a b c");
        assert_eq!(unknown, ["foo"]);
    }

    #[test]
    fn what_is_written_is_read_as_it_was() {
        for plain in ["50% & {x} ~ ^ \\ _ # $ – — ''", "a--b `` 'q'", "قال: «نعم»", "{", "\\foo"]
        {
            let value = encode(plain);
            assert_eq!(value.matches('{').count(), value.matches('}').count());
            assert_eq!(text(&value), plain, "{value}");
        }
    }
}
