//! The writer: what has no markup comes out letter for letter, what has any comes out.

use dhikra::config::RawHtml;
use dhikra::document::markdown::Source;
use dhikra::render::markdown::{Options, Plain, write};
use proptest::prelude::*;

use crate::cases;
use crate::inputs::{caseless_word, markup, prose};

fn html(text: &str, raw_html: RawHtml) -> String {
    let source = Source::new(text);
    write(&source, &Plain(Options { raw_html, rtl: true, ..Options::default() }), &[], 0).html
}

/// What a reader sees of HTML without raw HTML in it.
fn seen(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').expect("every tag ends").1;
    }
    text.push_str(rest);
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"").replace("&amp;", "&")
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn text_without_markup_is_unchanged(text in prose()) {
        let html = html(&text, RawHtml::Sanitize);
        prop_assert!(html.starts_with("<p>") && html.ends_with("</p>\n"), "{}", html);
        let inside = seen(&html);
        prop_assert_eq!(inside.strip_suffix('\n'), Some(&*text));
    }

    #[test]
    fn emphasis_touches_arabic_and_chinese(
        before in caseless_word(), inside in caseless_word(), after in caseless_word(),
        marks in prop::sample::select(vec![("«", "»"), ("(", ")"), ("", ":"), ("", "،"), ("“", "”"), ("", "")]),
        run in prop::sample::select(vec![("*", "<em>"), ("**", "<strong>"), ("~~", "<del>")]),
    ) {
        let (open, close) = marks;
        let text = format!("{before}{run}{open}{inside}{close}{run}{after}", run = run.0);
        let html = html(&text, RawHtml::Sanitize);
        prop_assert_eq!(html.matches(run.1).count(), 1, "{}: {}", text, html);
        prop_assert_eq!(seen(&html), format!("{before}{open}{inside}{close}{after}\n"));
    }

    #[test]
    fn any_text_is_written(text in markup()) {
        for raw_html in [RawHtml::Sanitize, RawHtml::Trust, RawHtml::Escape] {
            let _ = html(&text, raw_html);
        }
        // The sentinels that help emphasis are nobody's text.
        let html = html(&text, RawHtml::Escape);
        for sentinel in ['\u{10857}', '\u{1091F}', '\u{10A7F}', '\u{10A50}'] {
            prop_assert!(text.contains(sentinel) || !html.contains(sentinel), "{}", html);
        }
        prop_assert!(!html.contains("<?block"), "{}", html);
    }

    #[test]
    fn escaped_html_is_balanced(text in markup()) {
        let html = html(&text, RawHtml::Escape);
        let mut open = Vec::new();
        let tags = html.match_indices('<').map(|(at, _)| html.get(at + 1..).unwrap_or_default());
        for tag in tags {
            let (tag, _) = tag.split_once('>').expect("every tag ends");
            let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
            match tag {
                _ if tag.ends_with('/') => {}
                _ if tag.starts_with('/') => prop_assert_eq!(open.pop(), Some(name), "{}", html),
                _ => open.push(name),
            }
        }
        prop_assert!(open.is_empty(), "{:?} stay open in {}", open, html);
    }

    #[test]
    fn places_are_places_of_the_original(text in markup()) {
        let source = Source::new(&text);
        for (item, range) in source.items() {
            prop_assert!(text.get(range.clone()).is_some(), "{:?} of {:?}", range, item);
        }
        for (range, problem) in source.problems() {
            prop_assert!(text.get(range.clone()).is_some(), "{:?} of {:?}", range, problem);
        }
    }
}
