//! What the pass adds, as marked HTML: `⟦` and `⟧` stand for `<bdi dir="ltr">` and its end.

use super::*;

fn isolated(html: &str, base: Direction) -> String {
    let options = Options { policy: Policy::of(base), titles: false };
    let open = if base == Direction::Rtl { "<bdi dir=\"ltr\">" } else { "<bdi dir=\"rtl\">" };
    isolate(html, options).replace(open, "⟦").replace("</bdi>", "⟧")
}

#[track_caller]
fn check(base: Direction, marked: &str) {
    let html = marked.replace(['⟦', '⟧'], "");
    assert_eq!(isolated(&html, base), marked);
}

#[test]
fn phrases_through_inline_elements() {
    for marked in [
        "<p>ممر ⟦CPEC <strong>Phase 2</strong>⟧ (المرحلة الثانية)</p>",
        "<p>ممر <strong>⟦CPEC 2.0⟧</strong> هنا</p>",
        "<p>ممر ⟦<em>Belt</em> and <em>Road</em>⟧ هنا</p>",
        "<p><strong>ممر ⟦CPEC⟧</strong> ⟦Phase 2⟧ هنا</p>",
        "<p>بين <a href=\"/a/\">⟦CPEC⟧</a> <a href=\"/b/\">⟦SCO⟧</a></p>",
        "<p>⟦the <a href=\"/a/\">Belt</a> and Road⟧ هنا</p>",
        "<p>ممر ⟦CPEC⟧<br />⟦Phase⟧</p>",
        "<li>ممر ⟦CPEC⟧</li><li>⟦Phase⟧ أ</li>",
        "<p>⟦R&amp;D⟧ و⟦A &amp; B⟧ &lt;⟦x⟧&gt;</p>",
        "<p>ممر ⟦CPEC⟧<sup class=\"cite\" dir=\"rtl\"><a>[1]</a></sup> ⟦SCO⟧</p>",
    ] {
        check(Direction::Rtl, marked);
    }
}

#[test]
fn what_is_left_alone() {
    for html in [
        "<title>CPEC, SCO</title>",
        "<script>var a = \"CPEC\";</script>",
        "<p>أ</p><script type=\"application/ld+json\">{\"name\":\"ممر CPEC\\u003c/p\\u003e\"}</script><p>ب</p>",
        "<p>أ <bdi>CPEC, SCO</bdi></p>",
        "<div dir=\"ltr\">CPEC, SCO</div>",
        "<p title=\"CPEC, SCO\">أ</p>",
        "<!-- CPEC, SCO --><p>أ</p>",
        "<pre dir=\"ltr\"><code dir=\"ltr\">let a: CPEC</code></pre>",
        "<svg><text>CPEC</text></svg>",
        "<textarea>CPEC</textarea>",
        "أ < ب",
    ] {
        let options = Options { policy: Policy::of(Direction::Rtl), titles: false };
        assert_eq!(isolate(html, options), html);
    }
}

#[test]
fn directions_nest() {
    check(
        Direction::Rtl,
        "<div dir=\"ltr\">x <p>y</p><div>z</div></div> ⟦CPEC⟧ <div dir=\"rtl\"><div>⟦a⟧</div>⟦b⟧</div>⟦c⟧",
    );
    assert_eq!(
        isolated("<html dir=\"rtl\"><body><p>ب CPEC</p></body></html>", Direction::Ltr),
        "<html dir=\"rtl\"><body><p>ب <bdi dir=\"ltr\">CPEC⟧</p></body></html>"
    );
}

#[test]
fn code_and_languages_get_a_direction() {
    let options = Options { policy: Policy::of(Direction::Rtl), titles: false };
    for (html, out) in [
        ("<p>أ <kbd>Ctrl+C</kbd></p>", "<p>أ <kbd dir=\"ltr\">Ctrl+C</kbd></p>"),
        ("<code class=\"x\">a</code>", "<code dir=\"ltr\" class=\"x\">a</code>"),
        ("<q lang=\"en\">A, B</q>", "<q dir=\"ltr\" lang=\"en\">A, B</q>"),
        ("<q lang=\"ur\">الف</q>", "<q lang=\"ur\">الف</q>"),
    ] {
        assert_eq!(isolate(html, options), out);
    }
}

#[test]
fn titles_take_invisible_isolates_where_wanted() {
    let options = Options { policy: Policy::of(Direction::Rtl), titles: true };
    assert_eq!(
        isolate("<title>ممر CPEC: أ</title>", options),
        "<title>ممر \u{2068}CPEC\u{2069}: أ</title>"
    );
}

#[test]
fn arabic_in_english_pages() {
    check(Direction::Ltr, "<p>The words <em>⟦ذكرى⟧</em>, ⟦سلام⟧ mean 75</p>");
}
