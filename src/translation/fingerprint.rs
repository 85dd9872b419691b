//! What a translation remembers of its original: a digest of the whole, and one of each line, so that
//! the lines that have changed since can be named without the old text.

use std::fmt;

use crate::source::digest;
use crate::text::nfc;

/// The letters that a line's digest is written with (RFC 4648 §5).
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The letters of a line's digest: 18 bits tell the lines of a page apart well enough, where the
/// digest of the whole decides.
const LINE: usize = 3;

/// An original as it was when it was translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Of the whole, 16 hexadecimal digits.
    whole: String,
    /// Of each line, in their order; empty where only the whole is known.
    lines: Vec<String>,
}

/// What has changed in an original since it was translated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The indices of lines that are new or otherwise than they were.
    pub lines: Vec<usize>,
    /// How many lines are there no more.
    pub removed: usize,
    /// Whether the lines were not recorded, and so are not known.
    pub unknown: bool,
}

impl Fingerprint {
    /// The fingerprint of lines.
    #[must_use]
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let lines: Vec<String> = lines.into_iter().map(|line| nfc(line).into_owned()).collect();
        let whole = digest(lines.join("\n").as_bytes());
        let whole = whole.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { whole, lines: lines.iter().map(|line| short(line)).collect() }
    }

    /// Reads what [`fmt::Display`] writes, or the digest of the whole alone; `None` where the text is
    /// neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, lines) = text.trim().split_once(':').unwrap_or((text.trim(), ""));
        let is_hex = whole.len() == 16 && whole.bytes().all(|b| b.is_ascii_hexdigit());
        let lines: String = lines.split_whitespace().collect();
        let known = lines.len().is_multiple_of(LINE) && lines.bytes().all(|b| LETTERS.contains(&b));
        let cut = |at: usize| lines.get(at * LINE..(at + 1) * LINE).map(str::to_owned);
        (is_hex && known).then(|| Self {
            whole: whole.to_ascii_lowercase(),
            lines: (0..lines.len() / LINE).filter_map(cut).collect(),
        })
    }

    /// Whether an original is still as it was.
    #[must_use]
    pub fn is_same(&self, now: &Self) -> bool {
        self.whole == now.whole
    }

    /// What has changed from this one to another.
    #[must_use]
    pub fn changes(&self, now: &Self) -> Changes {
        if self.lines.is_empty() && !now.lines.is_empty() {
            return Changes { unknown: true, ..Changes::default() };
        }
        let mut changes = Changes::default();
        for op in similar::capture_diff_slices(similar::Algorithm::Myers, &self.lines, &now.lines) {
            match op {
                similar::DiffOp::Equal { .. } => {}
                similar::DiffOp::Delete { old_len, .. } => changes.removed += old_len,
                similar::DiffOp::Insert { new_index, new_len, .. } => {
                    changes.lines.extend(new_index..new_index + new_len);
                }
                similar::DiffOp::Replace { old_len, new_index, new_len, .. } => {
                    changes.lines.extend(new_index..new_index + new_len);
                    changes.removed += old_len.saturating_sub(new_len);
                }
            }
        }
        changes
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.whole, self.lines.concat())
    }
}

fn short(line: &str) -> String {
    let digest = digest(line.as_bytes());
    let [a, b, c, ..] = digest;
    let bits = u32::from(a) << 16 | u32::from(b) << 8 | u32::from(c);
    let letter = |shift: u32| {
        let n = usize::try_from(bits >> shift & 63).unwrap_or_default();
        LETTERS.get(n).copied().map_or('A', char::from)
    };
    [letter(18), letter(12), letter(6)].into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_come_back_as_they_were() {
        let fingerprint = Fingerprint::of(["سطر", "آخر"]);
        assert_eq!(Fingerprint::parse(&fingerprint.to_string()), Some(fingerprint));
        assert!(Fingerprint::parse("0123456789abcdef").is_some());
        assert_eq!(Fingerprint::parse("yes"), None);
    }

    #[test]
    fn changed_lines_are_named() {
        let then = Fingerprint::of(["أ", "ب", "ج", "د"]);
        let now = Fingerprint::of(["أ", "بب", "د", "هـ"]);
        assert!(!then.is_same(&now));
        assert_eq!(then.changes(&now), Changes { lines: vec![1, 3], removed: 1, unknown: false });
        let digest = now.to_string().chars().take(16).collect::<String>();
        let bare =
            Fingerprint::parse(&digest).map(|bare| (bare.is_same(&now), bare.changes(&then)));
        assert_eq!(bare, Some((true, Changes { unknown: true, ..Changes::default() })));
    }
}
