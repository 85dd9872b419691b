//! Raw HTML, links and blocks of an author who means harm.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::cases;
use crate::common::{Site, visible};
use crate::inputs::markup;
use crate::survival::{SETTINGS, build};

/// Ways to have a browser run something.
#[rustfmt::skip]
const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>", "<script src=//x>", "<SCRIPT\n>", "</script>",
    "<scr<script>ipt>", "<img src=x onerror=alert(1)>", "<img/src=`x`onerror=alert(1)>",
    "<a href=javascript:alert(1)>", "<a href=\"java\nscript:x\">", "<a href=' javascript:x'>",
    "<a href=&#106;avascript:x>", "<a href=vbscript:x>", "<a href=\"data:text/html,x\">",
    "[x](javascript:alert(1))", "[x](<java script:x>)", "[x]( javascript:x \"t\")",
    "[x](JaVaScRiPt:x)", "[x](&#106;avascript:x)", "[x](\\javascript:x)", "![x](javascript:x)",
    "![x](data:text/html,x)", "<javascript:alert(1)>", "[a]: javascript:x\n\n[a]",
    "[[javascript:x]]", "[[x|javascript:y]]", "<svg onload=x>",
    "<math><mi xlink:href=javascript:x>", "<style>*{}</style>", "<p style=\"background:url(x)\">",
    "<iframe src=x>", "<object data=x>", "<embed src=x>", "<base href=//x/>", "<form action=x>",
    "<meta http-equiv=refresh content=0>", "<link rel=stylesheet href=x>", "<body onload=x>",
    "<details open ontoggle=x>", "<video poster=javascript:x>", "<source srcset=javascript:x>",
    "<b onclick=x>", "<b\nonclick\n=\nx>", "<!--><script>x</script>-->", "<![CDATA[<script>]]>",
    "<?x <script> ?>", "# x {onclick=alert(1) #y}\n", ":::note{title=\"<script>\" onclick=x}\n",
    ":::note{id='\"><script>'}\n", ":::quote{cite='<img onerror=x>' source=\"javascript:x\"}\n",
    "[@javascript:x, \"><script>]", "[^<script>]", "`<script>`",
    "```\"onclick=x\n<script>\n```\n", "<noscript><p title=\"</noscript><img onerror=x>\">",
    "<template><script>", "<xmp>", "<title>", "<textarea>", "<plaintext>", "\u{F5D01}0\u{F5D02}",
    "\u{F5D01}99999999999999999999\u{F5D02}",
];

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => select(ATTACKS).prop_map(str::to_owned),
        2 => markup(),
        1 => select(vec!["\n\n", "\n", " "]).prop_map(str::to_owned),
    ];
    vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

/// The tags of HTML as a browser reads them: names in lower case, attributes with their values.
fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let end = after
            .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
            .unwrap_or(after.len());
        let end = if after.starts_with('/') { 0 } else { end };
        let (name, mut inside) = after.split_at(end);
        let mut attributes = Vec::new();
        loop {
            inside = inside.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            let stop = inside.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'));
            let (key, after) = inside.split_at(stop.unwrap_or(inside.len()));
            if key.is_empty() {
                break;
            }
            let value = after.trim_start().strip_prefix('=').map(str::trim_start);
            let (value, after) = match value {
                None => ("", after),
                Some(quoted) if quoted.starts_with(['"', '\'']) => {
                    let (quote, value) = quoted.split_at(1);
                    value.split_once(quote).expect("every value ends")
                }
                Some(bare) => bare.split_at(bare.find([' ', '>']).unwrap_or(bare.len())),
            };
            attributes.push((key.to_ascii_lowercase(), value.to_owned()));
            inside = after;
        }
        tags.push((name.to_ascii_lowercase(), attributes));
        rest = inside;
    }
    tags
}

/// Whether a URL runs code, as a browser understands it.
fn runs(url: &str) -> bool {
    let url = url.replace("&amp;", "&").replace("&#106;", "j").replace("%0A", "");
    let bare: String = url.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let bare = bare.to_ascii_lowercase();
    ["javascript:", "vbscript:", "data:text"].iter().any(|scheme| bare.starts_with(scheme))
}

fn check(html: &str) -> Result<(), TestCaseError> {
    const FORBIDDEN: &[&str] = &[
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
        "meta",
        "link",
        "svg",
        "math",
        "body",
        "template",
        "noscript",
        "xmp",
        "title",
        "textarea",
        "plaintext",
        "!--",
        "?x",
    ];
    for (name, attributes) in tags(html) {
        prop_assert!(!FORBIDDEN.contains(&&*name), "<{}> in {}", name, html);
        for (key, value) in attributes {
            prop_assert!(!key.starts_with("on") && key != "style", "{} in {}", key, html);
            prop_assert!(!runs(&value), "{}={} in {}", key, value, html);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn nothing_that_runs_comes_through(body in hostile()) {
        let site = Site::new();
        // The blocks of the default theme, and nothing around the content.
        site.in_the_default_theme(SETTINGS);
        site.write("templates/bare.html", "<article>{{ page.content }}</article>");
        site.write("content/a.md", format!("---\ntitle: أ\ntemplate: bare.html\n---\n{body}"));
        build(&site, &site.out(), true);
        let html = String::from_utf8(visible(&site.out())["a/index.html"].clone()).unwrap();
        prop_assert!(html.starts_with("<article>") && html.ends_with("</article>"), "{}", html);
        check(&html)?;
    }
}

#[test]
fn the_check_finds_what_runs() {
    for attack in [
        "<p><script>",
        "<SCRIPT src=x>",
        "<b onclick=x>",
        "<b a=\"b\"onclick='x'>",
        "<p\nstyle='x'>",
        "<a href=\"java\nscript:x\">",
        "<a href='JavaScript:x'>",
        "<img/onerror=x>",
        "<!-- -->",
    ] {
        assert!(check(attack).is_err(), "{attack}");
    }
    for harmless in ["<p>onclick=x</p>", "<a title=\"&lt;script>\" href=\"/x\">", "</p><br />"] {
        assert!(check(harmless).is_ok(), "{harmless}");
    }
}
