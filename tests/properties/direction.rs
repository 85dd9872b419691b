//! Isolates: they are added and nothing else is, they are balanced in every paragraph, and the
//! rules of text hold of what they mended.

use dhikra::document::markdown::Source;
use dhikra::render::isolate::{self, Options};
use dhikra::render::markdown::{self as writer, Plain};
use dhikra::text::bidi::{self, Policy};
use dhikra::text::lint::{self, Passage, Place};
use dhikra::text::{Direction, Lang};
use proptest::prelude::*;

/// Texts in which words, numbers and signs of both directions meet.
fn mixed() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "ممر",
        "و",
        "الـ",
        "CPEC",
        "2.0",
        "SCO",
        "C++",
        "#x",
        "@y",
        "/usr/",
        "2026-01-04",
        "2025–2029",
        "2025-2029",
        "٢٠٢٦",
        "٧٥٪",
        "75%",
        "+92 51 123 4567",
        "https://a.b/ج",
        "5 GW",
        "(",
        ")",
        "«",
        "»",
        "\"",
        "“",
        "”",
        ",",
        "،",
        ".",
        ":",
        "-",
        "–",
        "&",
        " ",
        " ",
        " ",
        "\n",
        "一带一路",
        "é",
        "\u{301}",
        "\u{200F}",
        "\u{2067}",
        "\u{FFFC}",
        "ב",
        "$62",
        "𞤀",
        "😀",
        "\u{64B}",
    ]);
    prop::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
}

/// The same with tags, whole and broken.
fn tagged() -> impl Strategy<Value = String> {
    let tags = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<strong>",
        "</strong>",
        "<a href=\"/x\">",
        "</a>",
        "<code>",
        "</code>",
        "<br />",
        "<span dir=\"ltr\">",
        "</span>",
        "<div dir='rtl'>",
        "</div>",
        "<bdi>",
        "</bdi>",
        "<q lang=en>",
        "</q>",
        "<!-- CPEC -->",
        "<script>CPEC</script>",
        "&amp;",
        "&nbsp;",
        "&#x41;",
        "<",
        ">",
        "<li>",
        "<title>CPEC</title>",
        "<kbd>",
        "</kbd>",
        "<sup dir=rtl>",
        "</sup>",
    ]);
    let part = prop_oneof![mixed(), tags.prop_map(str::to_owned)];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn direction() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::Rtl), Just(Direction::Ltr)]
}

/// HTML without what the pass may add. The inputs hold no isolate of that form.
fn without_isolates(html: &str) -> String {
    ["<bdi dir=\"ltr\">", "<bdi dir=\"rtl\">"]
        .iter()
        .fold(html.to_owned(), |html, tag| html.replace(tag, ""))
}

proptest! {
    #![proptest_config(super::cases(400))]

    #[test]
    fn runs_are_apart_and_worth_isolating(text in mixed(), base in direction()) {
        let mut end = 0;
        for run in bidi::runs(&text, Policy::of(base)) {
            let inside = text.get(run.clone());
            prop_assert!(inside.is_some_and(|inside| !inside.trim().is_empty()), "{:?}", run);
            prop_assert_eq!(inside.map(str::trim), inside);
            prop_assert!(!inside.is_some_and(|inside| inside.contains(bidi::OBJECT)));
            prop_assert!(run.start >= end, "{:?} overlaps", run);
            end = run.end;
        }
        let found = !bidi::runs(&text, Policy::of(base)).is_empty();
        prop_assert!(!found || bidi::may_hold(text.as_bytes(), base), "the quick look misses {}", text);
    }

    #[test]
    fn nothing_but_isolates_is_added(html in tagged(), base in direction()) {
        // Code and languages get a direction too, which unit tests hold.
        let html = html.replace("<code>", "").replace("<kbd>", "").replace("lang=en", "");
        let out = isolate::isolate(&html, Options { policy: Policy::of(base), titles: false });
        let own = html.matches("</bdi>").count();
        let added = out.matches("<bdi dir=").count();
        prop_assert_eq!(out.matches("</bdi>").count(), own + added, "{}", out);
        prop_assert_eq!(without_isolates(&out).replace("</bdi>", ""), html.replace("</bdi>", ""));
    }

    #[test]
    fn isolates_end_where_they_began(text in mixed(), base in direction()) {
        let html = dhikra::text::escape::html(&text);
        let out = isolate::isolate(&html, Options { policy: Policy::of(base), titles: false });
        let mut open = 0_i32;
        for tag in out.split('<').skip(1) {
            open += if tag.starts_with("/bdi>") { -1 } else { i32::from(tag.starts_with("bdi ")) };
            prop_assert!((0..=1).contains(&open), "{}", out);
        }
        prop_assert_eq!(open, 0);
    }

    #[test]
    fn prose_is_unchanged_letter_for_letter(text in "[ا-ي A-Za-z0-9،.+/]{0,60}", base in direction()) {
        let text = text.trim();
        let html = writer::write(&Source::new(text), &Plain::default(), &[], 0).html;
        prop_assume!(html.starts_with("<p>") && html.matches("<p>").count() == 1);
        let out = isolate::isolate(&html, Options { policy: Policy::of(base), titles: false });
        let bare = without_isolates(&out).replace("</bdi>", "");
        let inside = bare.trim().trim_start_matches("<p>").trim_end_matches("</p>");
        prop_assert_eq!(inside.to_owned(), text);
    }

    #[test]
    fn mending_a_text_leaves_it_readable(text in mixed()) {
        let lang = Lang::parse("ar").expect("a language");
        let mut found = Vec::new();
        lint::passage(&Passage { text: &text, lang: &lang, place: Place::Prose }, &mut found);
        for finding in found {
            prop_assert!(text.get(finding.range.clone()).is_some_and(|t| !t.is_empty()));
            for edit in finding.edits {
                prop_assert!(text.get(edit.range).is_some());
            }
        }
    }
}
