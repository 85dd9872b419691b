//! Percent-encoding of URLs (RFC 3986), in one place and applied exactly once.
//!
//! Inside the program every path is decoded text; it is encoded when it is written to a sink.

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Encodes a decoded path of our own: everything but unreserved characters, sub-delimiters that
/// need no care in a path, and `/`. A literal `%` becomes `%25`.
#[must_use]
pub fn encode_path(path: &str) -> String {
    encode(path, |b| {
        b.is_ascii_alphanumeric()
            || matches!(
                b,
                b'-' | b'.'
                    | b'_'
                    | b'~'
                    | b'/'
                    | b'!'
                    | b'$'
                    | b'('
                    | b')'
                    | b'*'
                    | b'+'
                    | b','
                    | b';'
                    | b'='
                    | b':'
                    | b'@'
            )
    })
}

/// Encodes a decoded fragment of our own, as [`encode_path`] does a path.
#[must_use]
pub fn encode_fragment(fragment: &str) -> String {
    encode_path(fragment)
}

/// Encodes a URL as an author wrote it: what is already encoded stays as it is (`%D9` is not
/// encoded again), what a URL may not hold (spaces, quotes, Arabic letters) is encoded.
#[must_use]
pub fn encode_written(url: &str) -> String {
    encode(url, |b| {
        b.is_ascii_graphic()
            && !matches!(
                b,
                b'"' | b'<' | b'>' | b'[' | b']' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'
            )
    })
}

/// Encodes a URI that may hold anything: what RFC 3986 allows stays, but for brackets, and so does what is
/// encoded; a `%` that encodes nothing is encoded.
#[must_use]
pub fn encode_uri(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        out.push_str(&encode_written(before));
        let hex = from.as_bytes().get(1..3).is_some_and(|h| h.iter().all(u8::is_ascii_hexdigit));
        out.push_str(if hex { "%" } else { "%25" });
        rest = from.get(1..).unwrap_or_default();
    }
    out.push_str(&encode_written(rest));
    out
}

/// Encodes everything but letters and digits of ASCII, `-` and `_`.
#[must_use]
pub fn encode_strictly(text: &str) -> String {
    encode(text, |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn encode(text: &str, keep: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 2);
    for b in text.bytes() {
        if keep(b) {
            out.push(char::from(b));
        } else {
            out.push('%');
            for nibble in [b >> 4, b & 15] {
                out.push(HEX.get(usize::from(nibble)).copied().map_or('0', char::from));
            }
        }
    }
    out
}

/// Decodes percent-encoded text once; `None` where the result is not UTF-8. A `%` that starts no
/// valid escape stays as it is.
#[must_use]
pub fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while let Some(&b) = bytes.get(i) {
        let pair = bytes.get(i + 1..i + 3).and_then(|h| std::str::from_utf8(h).ok());
        match pair.filter(|h| b == b'%' && h.bytes().all(|c| c.is_ascii_hexdigit())) {
            Some(hex) => {
                out.push(u8::from_str_radix(hex, 16).ok()?);
                i += 3;
            }
            None => {
                out.push(b);
                i += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_is_encoded_once() {
        let encoded = encode_path("/ميناء/");
        assert_eq!(encoded, "/%D9%85%D9%8A%D9%86%D8%A7%D8%A1/");
        assert_eq!(encode_written(&encoded), encoded);
        assert_eq!(decode(&encoded).as_deref(), Some("/ميناء/"));
    }

    #[test]
    fn decoding_is_total() {
        assert_eq!(decode("100%").as_deref(), Some("100%"));
        assert_eq!(decode("%zz%2").as_deref(), Some("%zz%2"));
        assert_eq!(decode("%FF"), None);
    }
}
