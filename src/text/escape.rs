//! Escaping for the sinks that text is written to.

/// Appends `text` to `out` with `& < > "` escaped and control characters left out: enough for HTML
/// text and double-quoted attributes, and nearly so for XML.
pub fn html_into(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut from = 0;
    let mut at = 0;
    while let Some(block) = bytes.get(at..).and_then(|rest| super::first_block(rest, is_special)) {
        at += block;
        let Some(found) =
            bytes.get(at..).and_then(|rest| rest.iter().position(|byte| is_special(*byte, 0)))
        else {
            break;
        };
        at += found;
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push_str(match bytes.get(at) {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            Some(b'"') => "&quot;",
            // No markup language has a place for the other control characters.
            _ => "",
        });
        at += 1;
        from = at;
    }
    out.push_str(text.get(from..).unwrap_or_default());
}

/// Whether a byte is not written as it is.
fn is_special(byte: u8, _: u8) -> bool {
    let control = (byte < 32) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r');
    (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | control | (byte == 127)
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
