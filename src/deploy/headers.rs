//! What a file is served with. This is the one place where that is decided.

use serde::{Deserialize, Serialize};

/// For files whose name changes with their bytes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// For all others: kept, but never shown without asking whether it is still the same.
const ASK: &str = "no-cache";

/// What a file is served with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headers {
    /// `Content-Type`
    #[serde(rename = "type")]
    pub content_type: String,
    /// `Cache-Control`
    #[serde(rename = "cache")]
    pub cache_control: String,
    /// `Content-Encoding`
    #[serde(rename = "encoding", default, skip_serializing_if = "Option::is_none")]
    pub content_encoding: Option<String>,
}

impl Headers {
    /// What a file of this path is served with; `fingerprinted` says that its name holds the hash of its bytes.
    #[must_use]
    pub fn of(path: &str, fingerprinted: bool) -> Self {
        Self {
            content_type: media_type(path),
            cache_control: if fingerprinted { FOR_EVER } else { ASK }.into(),
            content_encoding: None,
        }
    }

    /// What files that nobody is meant to see are stored with.
    #[must_use]
    pub fn own() -> Self {
        Self {
            content_type: "application/octet-stream".into(),
            cache_control: "no-store".into(),
            content_encoding: None,
        }
    }

    /// Whether the file's name changes with its bytes.
    #[must_use]
    pub fn immutable(&self) -> bool {
        self.cache_control.contains("immutable")
    }

    /// A hash of all of them.
    pub(super) fn hash(&self) -> String {
        let encoding = self.content_encoding.as_deref().unwrap_or_default();
        let all = format!("{}\n{}\n{encoding}", self.content_type, self.cache_control);
        blake3::hash(all.as_bytes()).to_hex().chars().take(16).collect()
    }
}

/// The media type of a file by its name, with the encoding of text.
#[must_use]
pub fn media_type(path: &str) -> String {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let is_text = guess.type_() == "text"
        || matches!(guess.subtype().as_str(), "javascript" | "json" | "xml" | "svg" | "xhtml")
        || guess.suffix().is_some_and(|suffix| suffix == "xml" || suffix == "json");
    if is_text { format!("{guess}; charset=utf-8") } else { guess.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_its_name_is_kept_for_ever() {
        let page = Headers::of("ميناء/index.html", false);
        assert_eq!(page.content_type, "text/html; charset=utf-8");
        assert!(page.cache_control == "no-cache" && !page.immutable());
        let style = Headers::of("assets/main.0123456789abcdef.css", true);
        assert!(style.immutable() && style.hash() != page.hash());
        assert_eq!(Headers::of("a/feed.atom", false).content_type.split(';').count(), 2);
    }
}
