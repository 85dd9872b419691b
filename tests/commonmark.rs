//! Every example of the CommonMark specification through our own writer. Where the HTML is another
//! than the specification's, `commonmark/departures.toml` says so and why, exactly.

// Tests may read and write what they like, and fail.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use dhikra::config::RawHtml;
use dhikra::document::markdown::{self, Anchors, Item, PlainText, Source};
use dhikra::render::markdown::{Options, Plain, write};
use pulldown_cmark::{Event, Tag, TagEnd};
use similar::TextDiff;

/// An example of the specification.
struct Example {
    number: usize,
    section: String,
    markdown: String,
    html: String,
}

fn read(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commonmark");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// Takes the examples out of the specification as its own test program does: between fences of 32
/// backticks, Markdown and HTML with a line `.` between them, `→` standing for a tab.
fn examples() -> Vec<Example> {
    let fence = "`".repeat(32);
    let text = read("spec.txt");
    let mut lines = text.lines();
    let mut section = String::new();
    let mut examples = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with('#') {
            line.trim_start_matches('#').trim().clone_into(&mut section);
        }
        if line != format!("{fence} example") {
            continue;
        }
        let mut until = |end: &str| {
            let lines = lines.by_ref().take_while(|line| *line != end);
            let text: String = lines.flat_map(|line| [line, "\n"]).collect();
            text.replace('→', "\t")
        };
        examples.push(Example {
            number: examples.len() + 1,
            section: section.clone(),
            markdown: until("."),
            html: until(&fence),
        });
    }
    examples
}

/// The anchors of a text's headings, made as a document makes them.
fn anchors(source: &Source<'_>) -> Vec<Box<str>> {
    let mut anchors = Anchors::default();
    let mut found = Vec::new();
    let mut heading: Option<(Option<String>, PlainText)> = None;
    for (item, _) in source.items() {
        match &item {
            Item::Event(Event::Start(Tag::Heading { id, .. })) => {
                heading = Some((id.as_ref().map(ToString::to_string), PlainText::default()));
            }
            Item::Event(Event::End(TagEnd::Heading(_))) => {
                if let Some((own, mut text)) = heading.take() {
                    found.push(anchors.next(own.as_deref(), &text.take()));
                }
            }
            _ => {}
        }
        if let Some((_, text)) = &mut heading {
            text.push(&item);
        }
    }
    found
}

/// The HTML of a text with raw HTML as it is.
fn html(source: &Source<'_>, anchors: &[&str]) -> String {
    let options = Options { raw_html: RawHtml::Trust, ..Options::default() };
    write(source, &Plain(options), anchors, 0).html
}

/// CommonMark alone, headings without ids.
fn plain(text: &str) -> String {
    let source = Source::with_options(text, pulldown_cmark::Options::empty());
    html(&source, &[])
}

/// The whole dialect, as pages are written.
fn dialect(text: &str) -> String {
    let source = Source::with_options(text, markdown::options());
    let anchors = anchors(&source);
    let anchors: Vec<&str> = anchors.iter().map(|anchor| &**anchor).collect();
    html(&source, &anchors)
}

/// Takes out what the writer adds everywhere: the direction of code, the ids of headings.
fn without_additions(html: &str) -> String {
    let html = html.replace("<pre dir=\"ltr\">", "<pre>");
    let html = html.replace("<code dir=\"ltr\">", "<code>");
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some(at) = rest.find(" id=\"") {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let is_heading = matches!(before.get(before.len().saturating_sub(3)..), Some(tag)
            if tag.starts_with("<h") && tag.ends_with(|c: char| c.is_ascii_digit()));
        let end = after.get(5..).and_then(|value| value.find('"'));
        rest = match end.filter(|_| is_heading) {
            Some(end) => after.get(end + 6..).unwrap_or_default(),
            None => {
                out.push_str(" id=\"");
                after.get(5..).unwrap_or_default()
            }
        };
    }
    out + rest
}

/// Reads the departures of a run: reasons by the number of the example.
fn departures(run: &str) -> BTreeMap<usize, String> {
    let table: toml::Table = read("departures.toml").parse().unwrap();
    let mut found = BTreeMap::new();
    for entry in table[run].as_array().unwrap() {
        let reason = entry["reason"].as_str().unwrap();
        for number in entry["examples"].as_array().unwrap() {
            let number = usize::try_from(number.as_integer().unwrap()).unwrap();
            let before = found.insert(number, reason.to_owned());
            assert_eq!(before, None, "example {number} is listed twice in {run}");
        }
    }
    found
}

/// Runs all examples: those that differ must be the listed ones.
fn check(run: &str, render: impl Fn(&str) -> String) {
    let mut listed = departures(run);
    let mut wrong = String::new();
    for example in examples() {
        let found = without_additions(&render(&example.markdown));
        let departs = found != example.html;
        let (number, section) = (example.number, &example.section);
        match listed.remove(&number) {
            None if departs => {
                let diff = TextDiff::from_lines(&example.html, &found);
                let diff = diff.unified_diff().header("specification", "writer").to_string();
                let markdown = &example.markdown;
                let _ = writeln!(wrong, "{number} ({section})\n{markdown}\n{diff}");
            }
            Some(reason) if !departs => {
                let _ = writeln!(wrong, "{number} no longer departs: {reason}");
            }
            _ => {}
        }
    }
    for number in listed.into_keys() {
        let _ = writeln!(wrong, "there is no example {number}");
    }
    assert!(wrong.is_empty(), "{run}:\n{wrong}");
}

#[test]
fn the_specification_is_the_one_we_mean() {
    assert!(read("spec.txt").contains("version: '0.31.2'"));
    assert_eq!(examples().len(), 652);
}

#[test]
fn commonmark_alone() {
    check("commonmark", plain);
}

#[test]
fn the_whole_dialect() {
    check("dialect", dialect);
}

#[test]
fn what_the_writer_adds_is_there() {
    let html = dialect("# أ\n\n`x`\n\n    y\n");
    let expected = "<h1 id=\"أ\">أ</h1>\n<p><code dir=\"ltr\">x</code></p>\n\
                    <pre dir=\"ltr\"><code>y\n</code></pre>\n";
    assert_eq!(html, expected);
    assert!(
        !without_additions(&html).contains("dir=") && !without_additions(&html).contains("id=")
    );
    assert_eq!(without_additions("<a id=\"x\">"), "<a id=\"x\">");
}
