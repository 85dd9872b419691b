//! Characters by their kinds, for scripts: as ranges of code points, so that a script holds no table of its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use super::{fold, tokens};

/// The last code point that is looked at: the last Chinese character.
const LAST: u32 = 0x32_3AF;

static TABLES: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| {
    let mut letters: BTreeMap<char, Vec<char>> = BTreeMap::new();
    for c in ('\u{600}'..='\u{6FF}').filter(|c| !c.is_numeric()) {
        let to = fold::letter(c);
        if to != c {
            letters.entry(to).or_default().push(c);
        }
    }
    let letters: Vec<String> =
        letters.iter().map(|(to, from)| format!("{to}{}", ranges(|c| from.contains(&c)))).collect();
    BTreeMap::from([
        ("dropped", ranges(fold::is_dropped)),
        ("ignorable", ranges(fold::is_ignorable)),
        ("arabic", ranges(tokens::is_arabic)),
        ("unspaced", ranges(tokens::is_run)),
        ("letters", letters.join(" ")),
        ("spelled", fold::SPELLED.map(|(letter, by)| format!("{letter}{by}")).join(" ")),
    ])
});

/// The kinds by their names: ranges with commas between them; of letters that are read as one, that first.
pub(super) fn tables() -> BTreeMap<&'static str, String> {
    TABLES.clone()
}

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
