//! Footnotes: numbered by their first reference, gathered at the end, with a way back.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::host::Host;

/// The footnotes of a page.
#[derive(Debug, Default)]
pub(super) struct Footnotes {
    notes: Vec<Note>,
    by_label: HashMap<String, usize>,
}

#[derive(Debug)]
struct Note {
    label: String,
    references: usize,
    html: Option<String>,
}

impl Footnotes {
    fn number(&mut self, label: &str) -> usize {
        if let Some(at) = self.by_label.get(label) {
            return *at;
        }
        self.by_label.insert(label.to_owned(), self.notes.len());
        self.notes.push(Note { label: label.to_owned(), references: 0, html: None });
        self.notes.len() - 1
    }

    /// Writes a reference.
    pub(super) fn refer(&mut self, label: &str, host: &dyn Host, out: &mut String) {
        let at = self.number(label);
        let Some(note) = self.notes.get_mut(at) else {
            return;
        };
        note.references += 1;
        let (n, id) = (at + 1, anchor(at + 1, note.references));
        let dir = if host.options().rtl { "rtl" } else { "ltr" };
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<sup class=\"footnote-ref\" dir=\"{dir}\"><a id=\"{id}\" href=\"#fn-{n}\" role=\"doc-noteref\">{}</a></sup>",
            host.number(n)
        );
    }

    /// Takes the text of a footnote; the first of a label counts.
    pub(super) fn define(&mut self, label: &str, html: String) {
        let at = self.number(label);
        if let Some(note) = self.notes.get_mut(at) {
            note.html.get_or_insert(html);
        }
    }

    /// Writes the list of footnotes that are referred to; gives the labels of those that are not.
    pub(super) fn finish(mut self, host: &dyn Host, out: &mut String) -> Vec<String> {
        let unused =
            self.notes.iter().filter(|n| n.references == 0).map(|n| n.label.clone()).collect();
        if self.notes.iter().all(|note| note.references == 0) {
            return unused;
        }
        let title = crate::text::escape::html(&host.message("footnotes"));
        let _ = writeln!(
            out,
            "<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"{title}\">\n<ol>"
        );
        let back = crate::text::escape::html(&host.message("back-to-text"));
        // U+FE0E asks for a plain arrow, not a picture of one.
        let arrow = if host.options().rtl { "\u{21AA}\u{FE0E}" } else { "\u{21A9}\u{FE0E}" };
        for (at, note) in self.notes.iter_mut().enumerate() {
            if note.references == 0 {
                continue;
            }
            let mut html = note.html.take().unwrap_or_default();
            html.truncate(html.trim_end().len());
            let tail =
                if html.ends_with("</p>") { html.split_off(html.len() - 4) } else { String::new() };
            let _ = write!(out, "<li id=\"fn-{}\" value=\"{}\">{html}", at + 1, at + 1);
            for n in 1..=note.references {
                let id = anchor(at + 1, n);
                let _ = write!(
                    out,
                    " <a class=\"footnote-back\" href=\"#{id}\" role=\"doc-backlink\" aria-label=\"{back}\">{arrow}</a>"
                );
            }
            let _ = writeln!(out, "{tail}</li>");
        }
        out.push_str("</ol>\n</section>\n");
        unused
    }
}

fn anchor(number: usize, reference: usize) -> String {
    if reference == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{reference}") }
}
