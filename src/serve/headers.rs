//! The headers of answers: those that the site asks its host for, made fit for a preview, and the preview's
//! own.

use hyper::HeaderMap;
use hyper::header::{CACHE_CONTROL, HeaderName, HeaderValue};

use super::snapshot::Snapshot;

/// What every answer carries: nothing of a preview is kept by a cache, used by a foreign page, or taken for
/// something that it is not.
pub(super) fn harden(headers: &mut HeaderMap) {
    let fixed = |text| HeaderValue::from_static(text);
    headers.insert(CACHE_CONTROL, fixed("no-store"));
    headers.insert("x-content-type-options", fixed("nosniff"));
    headers.insert("cross-origin-resource-policy", fixed("same-origin"));
    headers.entry("x-frame-options").or_insert(fixed("SAMEORIGIN"));
}

/// Puts the headers that the site asks its host for on an answer, but for those that a preview cannot have.
pub(super) fn publish(headers: &mut HeaderMap, snapshot: &Snapshot, path: &str) {
    for (name, value) in snapshot.published().headers(path) {
        let value = match name.as_str() {
            // The preview is no place for the public, and not served over HTTPS.
            "strict-transport-security"
            | "content-length"
            | "content-type"
            | "content-encoding"
            | "transfer-encoding"
            | "connection"
            | "location" => {
                continue;
            }
            name if name.starts_with("access-control-") => continue,
            "x-frame-options" => "SAMEORIGIN".to_owned(),
            "content-security-policy" => policy(&value),
            _ => value,
        };
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value))
        {
            headers.insert(name, value);
        }
    }
}

/// A content security policy (CSP Level 3) with what the preview's own script needs: that it runs, asks this
/// server, and shows pages side by side.
fn policy(published: &str) -> String {
    let mut directives: Vec<(String, String)> = published
        .split(';')
        .filter_map(|directive| {
            let directive = directive.trim();
            let (name, sources) = directive.split_once(' ').unwrap_or((directive, ""));
            (!name.is_empty()).then(|| (name.to_ascii_lowercase(), sources.trim().to_owned()))
        })
        // Over plain HTTP there is nothing to upgrade to.
        .filter(|(name, _)| {
            !matches!(
                name.as_str(),
                "upgrade-insecure-requests"
                    | "block-all-mixed-content"
                    | "require-trusted-types-for"
            )
        })
        .collect();
    let fallback =
        directives.iter().find(|(name, _)| name == "default-src").map(|(_, s)| s.clone());
    for name in ["script-src", "script-src-elem", "connect-src", "frame-src", "frame-ancestors"] {
        let found = directives.iter_mut().find(|(other, _)| other == name);
        let needed = !matches!(name, "script-src-elem" | "frame-ancestors");
        match (found, &fallback) {
            (Some((_, sources)), _) => add_self(sources),
            (None, Some(fallback)) if needed => {
                let mut sources = fallback.clone();
                add_self(&mut sources);
                directives.push((name.to_owned(), sources));
            }
            _ => {}
        }
    }
    let written =
        directives.iter().map(|(name, sources)| format!("{name} {sources}").trim().to_owned());
    written.collect::<Vec<_>>().join("; ")
}

fn add_self(sources: &mut String) {
    if sources.split_whitespace().any(|source| matches!(source, "'self'" | "*")) {
        return;
    }
    if sources == "'none'" {
        sources.clear();
    }
    if !sources.is_empty() {
        sources.push(' ');
    }
    sources.push_str("'self'");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strict_policy_lets_the_preview_work() {
        assert_eq!(
            policy(
                "default-src 'none'; style-src 'self'; frame-ancestors 'none'; upgrade-insecure-requests"
            ),
            "default-src 'none'; style-src 'self'; frame-ancestors 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'"
        );
        assert_eq!(policy("script-src 'sha256-x'"), "script-src 'sha256-x' 'self'");
        assert_eq!(policy("img-src *"), "img-src *");
    }
}
