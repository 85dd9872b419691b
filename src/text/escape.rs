//! Escaping for the sinks that text is written to.

/// Appends `text` to `out` with `& < > "` escaped and control characters left out: enough for HTML
/// text and double-quoted attributes, and nearly so for XML.
pub fn html_into(out: &mut String, text: &str) {
    let mut from = 0;
    let bytes = text.as_bytes();
    for (i, b) in bytes.iter().enumerate() {
        let entity = match b {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            // No markup language has a place for the other control characters.
            0..=8 | 11 | 12 | 14..=31 | 127 => "",
            _ => continue,
        };
        out.push_str(text.get(from..i).unwrap_or_default());
        out.push_str(entity);
        from = i + 1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
}

/// `text` with `& < > "` escaped.
#[must_use]
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    html_into(&mut out, text);
    out
}

/// Appends `text` for an XML document: escaped, and without any of the characters that XML 1.0
/// §2.2 forbids (most C0 controls, U+FFFE, U+FFFF).
pub fn xml_into(out: &mut String, text: &str) {
    let forbidden = |c: char| matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    if text.contains(forbidden) {
        html_into(out, &text.replace(forbidden, ""));
    } else {
        html_into(out, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_markup_only() {
        assert_eq!(html("«أ» & <b> \"x\""), "«أ» &amp; &lt;b&gt; &quot;x&quot;");
    }

    #[test]
    fn xml_drops_control_characters() {
        let mut out = String::new();
        xml_into(&mut out, "a\u{0}\u{B}b\n<");
        assert_eq!(out, "ab\n&lt;");
    }
}
