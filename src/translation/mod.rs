//! The life of translations: which pages a language has, which of them are older than their
//! original, and in which lines.

mod coverage;
mod fingerprint;

pub use coverage::{Coverage, Entry, Line, Status, standing};
pub use fingerprint::{Changes, Fingerprint};

use crate::document::{Document, Parts};
use crate::knowledge::Kind;
use crate::source::{self, SourceFile};

/// The keys of front matter that a translator translates, beside the kind's own.
const KEYS: [&str; 3] = ["title", "description", "extra"];

/// The lines of an original that a translator reads, with their numbers in the file from 1: its title
/// and description, the fields whose words are translated, the body. What else front matter says is
/// inherited, so a change of it makes no translation old.
fn lines<'a>(text: &'a str, kind: Option<&Kind>) -> Vec<(usize, &'a str)> {
    let problems = crate::diagnostic::Problems::new();
    let parts = Parts::split(text, &"".into(), &problems);
    let translated = |key: &str| {
        let field = kind.and_then(|kind| kind.fields.iter().find(|field| field.name == key));
        KEYS.contains(&key) || field.is_some_and(|field| field.translatable)
    };
    let mut wanted = false;
    let mut found = Vec::new();
    let mut at = 0;
    for (n, line) in text.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        if start < parts.body_start {
            let key = line.split(':').next().unwrap_or_default();
            // A key at the margin begins an entry; what is indented belongs to it.
            if line.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '-' | '#')) {
                wanted = translated(key.trim_end());
            } else if line.starts_with("---") {
                wanted = false;
            }
            if !wanted {
                continue;
            }
        }
        if !line.trim().is_empty() {
            found.push((n + 1, line.trim_end()));
        }
    }
    found
}

/// The fingerprint of the original that a translation is made from; `None` where it cannot be read.
#[must_use]
pub fn fingerprint(original: &SourceFile, kind: Option<&Kind>) -> Option<Fingerprint> {
    let text = source::read_text(original).ok()?;
    Some(Fingerprint::of(lines(&text, kind).into_iter().map(|(_, line)| line)))
}

/// The text of a translation that says it is up to date with an original of this fingerprint.
///
/// # Errors
/// Where it has no front matter to say it in.
pub fn mark(text: &str, fingerprint: &Fingerprint) -> Result<String, &'static str> {
    let problems = crate::diagnostic::Problems::new();
    let parts = Parts::split(text, &"".into(), &problems);
    let front = text.get(..parts.body_start).unwrap_or_default();
    let Some(end) = front.rfind("---").filter(|_| parts.body_start > 0 && !problems.has_errors())
    else {
        return Err("it has no front matter");
    };
    let newline = if front.contains("\r\n") { "\r\n" } else { "\n" };
    let entry = format!("translated_from: {fingerprint}{newline}");
    let mut out = String::with_capacity(text.len() + entry.len());
    let mut inside = false;
    let mut written = false;
    for line in front.get(..end).unwrap_or_default().split_inclusive('\n') {
        // The old entry goes, with the lines that go on with it.
        inside = line.starts_with("translated_from:")
            || (inside && line.starts_with(char::is_whitespace) && !line.trim().is_empty());
        if !inside {
            out.push_str(line);
        } else if !written {
            out.push_str(&entry);
            written = true;
        }
    }
    if !written {
        out.push_str(&entry);
    }
    out.push_str(text.get(end..).unwrap_or_default());
    Ok(out)
}

/// Whether a document is a translation of another.
fn is_translation(document: &Document, original: &Document) -> bool {
    document.lang != original.lang
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(text: &str) -> Fingerprint {
        Fingerprint::of(lines(text, None).into_iter().map(|(_, line)| line))
    }

    #[test]
    fn facts_make_no_translation_old() {
        let text = "---\ntitle: أ\ndate: 2026\ntags:\n- ب\n---\nنص\n\nآخر\n";
        let read: Vec<_> = lines(text, None);
        assert_eq!(read, [(2, "title: أ"), (7, "نص"), (9, "آخر")]);
        assert_eq!(
            fingerprint(text),
            fingerprint(&text.replace("2026", "1951").replace("- ب", "- ج"))
        );
        assert_ne!(fingerprint(text), fingerprint(&text.replace("نص", "نصّ")));
    }

    #[test]
    fn a_mark_changes_one_line() {
        let original = fingerprint("---\ntitle: أ\n---\nنص\n");
        let text =
            "---\r\ntitle: A\r\ntranslated_from: x\r\n  y\r\nslug: b\r\n---\r\ntext --- \r\n";
        let marked = mark(text, &original).unwrap_or_default();
        assert_eq!(
            marked,
            format!(
                "---\r\ntitle: A\r\ntranslated_from: {original}\r\nslug: b\r\n---\r\ntext --- \r\n"
            )
        );
        assert_eq!(mark(&marked, &original).as_deref(), Ok(marked.as_str()));
        assert!(mark("no front matter", &original).is_err());
    }
}
