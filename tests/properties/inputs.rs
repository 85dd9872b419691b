//! What authors write, and what they do not mean to.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Pieces of Markdown, HTML and our own forms, with Arabic, marks, and characters that are not seen.
#[rustfmt::skip]
const MARKUP: &[&str] = &[
    "\n", "\n\n", " ", "    ", "\t", "*", "**", "***", "_", "~~", "`", "``", "```\n", "```rust\n",
    "# ", "## عنوان {#id .c}\n", "- ", "1. ", "9. ", "- [ ] ", "> ", "> [!NOTE]\n", ": ", "---\n",
    "===\n", "[", "]", "(", ")", "[[", "]]", "|", "| - |\n", "|:-:|-:|\n", "![", "](", "[^1]",
    "[^1]: ", "[@", "; @", "، ¶2]", " «", "» ", " \"", "\"]", ":::", ":::\n", "\n:::note\n", ":::note{title=\"", "\"}\n",
    "::::quote{#a .b}\n", "{", "}", "<", ">", "</", "<!--", "-->", "<b>", "</b>", "<p dir=rtl>",
    "<script>", "</script>", "<?", "?>", "<![CDATA[", "&amp;", "&", ";", "&#x0;", "\\", "\\\n",
    "  \n", "http://a/", "../x.md", "/x/#y", "#", "?", "%D9", "%", "مبادرة", "«", "»", "،", "؛",
    "؟", "ـ", "مُبَادَرَة", "٢٠٢٦", "أ", "\u{0627}\u{0654}", "倡议", "“", "CPEC", "é", "e\u{301}",
    "\u{200C}", "\u{200D}", "\u{200E}", "\u{200F}", "\u{202E}", "\u{2066}", "\u{2069}",
    "\u{FEFF}", "\u{0}", "\u{10857}", "\u{1091F}", "\u{F5D01}0\u{F5D02}", "😀", "\u{FFFD}", "\r\n",
    "\r",
];

/// Pieces of YAML and of front matter.
#[rustfmt::skip]
const YAML: &[&str] = &[
    "title: ", "date: ", "kind: ", "slug: ", "aliases: ", "weight: ", "draft: ", "paginate: ",
    "cascade:\n  ", "extra:\n  ", "sources: ", "tags: ", "sort: ", "template: ", "place: ",
    "untranslated: ", "participants: ", "coordinates: ", "updated: ", "expires: ", "x: ", "event",
    "places/a", "أ: ب", "'", "\"", "[", "]", "{", "}", ", ", "- ", ": ", "\n", "\n  ", "|\n",
    ">\n", "&a ", "*a", "<<: ", "!!str ", "!x ", "? ", "# ", "---\n", "...\n", "%", "@", "`", "~",
    "facts:\n  - ", "text: ", "sources:\n    - ", "quote: ", "as_of: ", "certainty: ",
    "null", "true", "no", "0", "-1", "1e999", ".inf", ".nan", "0x10", "9223372036854775807",
    "18446744073709551616", "1951-05-21", "1951~", "2025/2029", "../..", "../x", "/a/", "\t",
    "\u{0}", "\u{202E}", "\u{FEFF}", "عنوان", "newest", "page.html", "2026-01-04T10:00:00Z",
];

/// Pieces of tables.
#[rustfmt::skip]
const TABLE: &[&str] = &[
    ",", ",", ",", ";", "\t", "\n", "\n", "\r\n", "\r", "\"", "\"\"", "\",\"", "sep=;\n", "id", "title",
    "body", "title.en", "body.en", "tags[]", "extra.x", "extra", "kind", "date", "place", "coordinates[]",
    "draft", "weight", "id.en", "title.fr", "a..b", "[]", ".", "event", "1951", "a", "b", "أ", "a|b", "|",
    "007", "1.5", "true", " ", "---", "- ", ": ", "#", "[[a]]", "[@a]", ":::x", "# عنوان", "con", "a/b",
    "../x", "index", "_a", "a.en", "\u{FEFF}", "\u{202E}", "\u{200F}", "\u{0}", "\u{2028}", "\\", "'",
];

/// Pieces of `site.toml`.
#[rustfmt::skip]
const TOML: &[&str] = &[
    "base_url = ", "theme = ", "default_language = ", "[languages.ar]\n", "[languages.en]\n",
    "[languages.\"x y\"]\n", "title = ", "direction = ", "locale = ", "numbering = ",
    "menu.main = ", "{ page = \"a\" }", "{ url = \"javascript:x\" }", "[taxonomies.tags]\n",
    "[taxonomies.\"../x\"]\n", "paginate = ", "feed = ", "[permalinks]\n", "events = ",
    "\"{section}/{slug}\"", "\"../{id}\"", "\"{year}/{month}/{day}/\"", "\"{\"", "[markdown]\n",
    "raw_html = ", "\"escape\"", "\"trust\"", "[output]\n", "feed_limit = ", "[settings]\n",
    "[extra]\n", "\"bare\"", "\"../..\"", "\"ar\"", "\"rtl\"", "\"https://example.org/ميناء/\"",
    "\"http://\"", "\"\"", "\"\"\"", "'", "[", "]", "{", "}", "=", ",", ".", "\n", "# ", "0",
    "-1", "9223372036854775807", "1.5", "inf", "true", "1951-05-21", "\u{0}", "عنوان",
    "untranslated = \"show\"", "[[languages]]\n", "languages = 1\n",
];

/// Pieces of templates that end.
#[rustfmt::skip]
const TEMPLATE: &[&str] = &[
    "{{ ", " }}", "{% ", " %}", "{%- ", " -%}", "{# ", " #}", "page.title", "page.content",
    "page.date", "page.no.such", "site", "lang", "if ", "else", "elif ", "endif", "for x in ",
    "pages()", "pages(section=\"a\", sort=\"title\", limit=2)", "endfor", "set x = ", "x", "x[0]",
    "get(id=\"a\")", "get(id=\"nothing\")", "t(key=\"home\")", "t(key=1)",
    "date(value=page.date)", "number(value=1.5)", "asset(path=\"x\")", "link(page=page)",
    "backlinks()", "translations()", "menu(name=\"main\")", "url(id=\"a\")", " | upper",
    " | safe", " | length", " | default(value=1)", " | no_such", " + ", " / 0", " - ",
    " * 9223372036854775807", " % 0", "1", "-1", "\"", "'أ'", "(", ")", "[", "]", "{", "}", ",",
    ".", "\n", "نص", "<b>", "{% include \"page.html\" %}", "{% extends \"home.html\" %}",
    "{% block a %}", "{% endblock %}", "{{ <part.x /> }}",
    "{% component render.link(href: string) %}", "{{ body }}", "{% endcomponent render.link %}",
    "{% raw %}", "{% endraw %}", "and ", "not ", "is defined", "null", "true", "__tera_context",
];

fn pieces(of: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    vec(select(of), 0..most).prop_map(|pieces| pieces.concat())
}

/// Markdown, right and wrong.
pub(crate) fn markup() -> impl Strategy<Value = String> {
    prop_oneof![8 => pieces(MARKUP, 40), 1 => any::<String>()]
}

/// Front matter without its fences.
pub(crate) fn yaml() -> impl Strategy<Value = String> {
    pieces(YAML, 20)
}

/// Rows of a table, or its header.
pub(crate) fn table() -> impl Strategy<Value = String> {
    pieces(TABLE, 30)
}

/// Settings.
pub(crate) fn toml() -> impl Strategy<Value = String> {
    pieces(TOML, 30)
}

/// Templates.
pub(crate) fn template() -> impl Strategy<Value = String> {
    pieces(TEMPLATE, 24)
}

/// A content file: bytes of any kind, text, or a page.
pub(crate) fn content() -> impl Strategy<Value = Vec<u8>> {
    let page = (yaml(), markup())
        .prop_map(|(yaml, body)| format!("---\ntitle: أ\n{yaml}\n---\n{body}").into_bytes());
    prop_oneof![
        1 => vec(any::<u8>(), 0..200),
        2 => markup().prop_map(String::into_bytes),
        5 => page,
    ]
}

/// The letters of words: Arabic with its marks, Persian, Latin, Chinese, digits, joiners.
const LETTERS: &str = "ابتةثجحخدذرزسشصضطظعغفقكلمنهويىءآأإؤئپچڤگیکےabcXYZé中巴经济倡议";

/// Characters that stand inside of words but do not begin them.
const INNER: &str =
    "\u{64B}\u{64E}\u{651}\u{652}\u{670}ـ٠١٢٣٤٥٦٧٨٩0123\u{200C}\u{200D}\u{200E}\u{200F}";

fn one_of(characters: &'static str) -> impl Strategy<Value = char> {
    select(characters.chars().collect::<Vec<_>>())
}

/// A word of letters with no meaning in Markdown.
pub(crate) fn word() -> impl Strategy<Value = String> {
    let inner = prop_oneof![4 => one_of(LETTERS), 1 => one_of(INNER)];
    (one_of(LETTERS), vec(inner, 0..8)).prop_map(|(first, rest)| {
        let mut word = String::from(first);
        word.extend(rest);
        word
    })
}

/// A word of a script without cases.
pub(crate) fn caseless_word() -> impl Strategy<Value = String> {
    vec(one_of("ابتةثجحخدذرزسشصضطظعغفقكلمنهويىءآأ中巴经济倡议"), 1..8)
        .prop_map(|letters| letters.into_iter().collect())
}

/// Sentences without markup, one below the other.
pub(crate) fn prose() -> impl Strategy<Value = String> {
    let between = select(vec![
        " ",
        " ",
        " ",
        "\n",
        "، ",
        "؛ ",
        " «",
        "» ",
        " (",
        ") ",
        " & ",
        " < ",
        " > ",
        " \"",
        "\u{202B} ",
        "\u{2068}",
        "\u{2069} ",
        "؟ ",
        " — ",
        "–",
        "/",
        "%",
        "😀",
        "\u{10857}",
        "\u{F5D01}0\u{F5D02}",
    ]);
    (word(), vec((between, word()), 0..30)).prop_map(|(first, rest)| {
        rest.into_iter().fold(first, |text, (between, word)| text + between + &word)
    })
}
