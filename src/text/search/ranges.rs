//! Characters by their kinds, for scripts: as ranges of code points, so that a script holds no table of its own. They
//! are a file, since to look at every character takes longer than to build a small site; a test makes them again.

use std::collections::BTreeMap;

/// A kind in each line: its name, a space, and its ranges with commas between them; of letters that are read as one,
/// with spaces between these, that first.
const CLASSES: &str = include_str!("words/classes.txt");

/// The kinds by their names.
pub(super) fn tables() -> BTreeMap<&'static str, String> {
    let lines = CLASSES.lines().filter_map(|line| line.split_once(' '));
    lines.map(|(name, ranges)| (name, ranges.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::text::search::{fold, tokens};

    /// The last code point that is looked at: the last Chinese character.
    const LAST: u32 = 0x32_3AF;

    /// The ranges of the characters of a kind, in hexadecimal digits.
    fn ranges(is: impl Fn(char) -> bool) -> String {
        let mut out = String::new();
        let mut start = None;
        for n in 0..=LAST + 1 {
            let inside = n <= LAST && char::from_u32(n).is_some_and(&is);
            match (inside, start) {
                (true, None) => start = Some(n),
                (false, Some(first)) => {
                    let comma = if out.is_empty() { "" } else { "," };
                    let _ = write!(out, "{comma}{first:X}");
                    if first + 1 < n {
                        let _ = write!(out, "-{:X}", n - 1);
                    }
                    start = None;
                }
                _ => {}
            }
        }
        out
    }

    #[test]
    fn the_file_is_what_characters_are() {
        let mut letters: BTreeMap<char, Vec<char>> = BTreeMap::new();
        for c in ('\u{600}'..='\u{6FF}').filter(|c| !c.is_numeric()) {
            let to = fold::letter(c);
            if to != c {
                letters.entry(to).or_default().push(c);
            }
        }
        let letters =
            letters.iter().map(|(to, from)| format!("{to}{}", ranges(|c| from.contains(&c))));
        let made = BTreeMap::from([
            ("arabic", ranges(tokens::is_arabic)),
            ("dropped", ranges(fold::is_dropped)),
            ("ignorable", ranges(fold::is_ignorable)),
            ("letters", letters.collect::<Vec<_>>().join(" ")),
            ("spelled", fold::SPELLED.map(|(letter, by)| format!("{letter}{by}")).join(" ")),
            ("unspaced", ranges(tokens::is_run)),
        ]);
        let file = made
            .iter()
            .fold(String::new(), |file, (name, ranges)| file + name + " " + ranges + "\n");
        assert_eq!(file, CLASSES, "write this into words/classes.txt");
        assert_eq!(tables(), made);
    }
}
