//! Archived copies of dead pages, from an API like the Wayback Machine's
//! (<https://archive.org/help/wayback_api.php>).

use serde_json::Value;
use url::Url;

/// The request for a copy of a page.
pub(super) fn question(api: &Url, page: &Url) -> Url {
    let mut url = api.clone();
    url.query_pairs_mut().append_pair("url", page.as_str());
    url
}

/// The address of the copy that an answer names, under https.
pub(super) fn copy(answer: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let closest = answer.get("archived_snapshots")?.get("closest")?;
    if closest.get("available")? != &Value::Bool(true) {
        return None;
    }
    let mut url = Url::parse(closest.get("url")?.as_str()?).ok()?;
    match url.scheme() {
        "https" => {}
        // The Wayback Machine names its copies under http, and serves them under both.
        "http" => url.set_scheme("https").ok()?,
        _ => return None,
    }
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_one_argument() {
        let url = |text| Url::parse(text).unwrap();
        let asked = question(&url("https://a.example/?k=1"), &url("http://b.example/x?y=1&z=2"));
        assert_eq!(
            asked.as_str(),
            "https://a.example/?k=1&url=http%3A%2F%2Fb.example%2Fx%3Fy%3D1%26z%3D2"
        );
    }

    #[test]
    fn only_a_copy_that_is_there_is_named() {
        let answer = |closest: &str| {
            copy(format!(r#"{{"archived_snapshots":{{"closest":{closest}}}}}"#).as_bytes())
        };
        assert_eq!(
            answer(
                r#"{"available":true,"url":"http://web.archive.org/web/2013/http://a.example/"}"#
            )
            .as_deref(),
            Some("https://web.archive.org/web/2013/http://a.example/")
        );
        assert_eq!(answer(r#"{"available":false,"url":"http://web.archive.org/"}"#), None);
        assert_eq!(answer(r#"{"available":true,"url":"javascript:alert(1)"}"#), None);
        assert_eq!(answer("[]"), None);
        assert_eq!(copy(b"{\"archived_snapshots\":{}}"), None);
        assert_eq!(copy(b"<html>"), None);
    }
}
