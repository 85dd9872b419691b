//! A request to its response.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};

use super::body::Body;
use super::client::{self, OWN};
use super::connections::Place;
use super::guard::{Guard, Refusal};
use super::preview::Preview;
use super::snapshot::{Found, Rendered, Snapshot};
use super::{headers, own};
use crate::render::{Output, What};
use crate::text::percent;

/// A response of the preview.
pub(super) type Answer = Response<Body>;

/// Answers a request.
pub(super) async fn respond(
    request: Request<Incoming>,
    preview: &Arc<Preview>,
    guard: &Guard,
    place: Arc<Place>,
) -> Answer {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    if let Err(refusal) = guard.check(&method, &uri, request.headers()) {
        return refuse(refusal);
    }
    let own_name = uri.path().strip_prefix(OWN);
    let asks = method == Method::GET || method == Method::HEAD;
    let mut answer = match own_name {
        Some("open") if method == Method::POST => own::open(request, preview).await,
        Some(_) | None if !asks => method_not_allowed(own_name == Some("open")),
        Some(name) => own::file(name, uri.query().unwrap_or_default(), preview, place).await,
        None => site(uri.path(), uri.query(), request.headers(), preview).await,
    };
    headers::harden(answer.headers_mut());
    if method == Method::HEAD {
        // The length is that of the body that a GET would have.
        if let Body::Whole(Some(bytes)) = answer.body() {
            let length = HeaderValue::from(bytes.len());
            answer.headers_mut().insert(CONTENT_LENGTH, length);
        }
        *answer.body_mut() = Body::Whole(None);
    }
    answer
}

pub(super) fn refuse((status, why): Refusal) -> Answer {
    let mut answer = plain(status, why);
    headers::harden(answer.headers_mut());
    answer
}

pub(super) fn plain(status: StatusCode, text: &str) -> Answer {
    with_type(status, "text/plain; charset=utf-8", format!("{text}\n").into_bytes())
}

pub(super) fn with_type(status: StatusCode, media_type: &str, bytes: Vec<u8>) -> Answer {
    let mut answer = Response::new(Body::from(bytes));
    *answer.status_mut() = status;
    if let Ok(value) = HeaderValue::from_str(media_type) {
        answer.headers_mut().insert(CONTENT_TYPE, value);
    }
    answer
}

fn method_not_allowed(acts: bool) -> Answer {
    let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED, "only pages can be asked for");
    let allowed = if acts { "POST" } else { "GET, HEAD" };
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    answer
}

fn redirect(status: StatusCode, to: &str) -> Answer {
    let mut answer = plain(status, "");
    match HeaderValue::from_str(to) {
        Ok(value) => answer.headers_mut().insert(LOCATION, value),
        Err(_) => return plain(StatusCode::NOT_FOUND, "not found"),
    };
    answer
}

/// The decoded path on the host of an encoded one.
///
/// # Errors
/// Where it is none that a site can have.
pub(super) fn decode(path: &str) -> Result<String, Refusal> {
    let bad = Err((StatusCode::BAD_REQUEST, "this is no path"));
    let lower = path.to_ascii_lowercase();
    // An encoded slash is no slash (RFC 3986 §2.2), and nothing here is called so.
    if lower.contains("%2f") || lower.contains("%5c") || lower.contains("%00") {
        return bad;
    }
    let Some(decoded) = percent::decode(path) else { return bad };
    let decoded = crate::text::nfc(&decoded).into_owned();
    let wrong = decoded.contains(|c: char| c == '\\' || c.is_control())
        || decoded.split('/').any(|part| matches!(part, "." | ".."));
    if wrong || !decoded.starts_with('/') { bad } else { Ok(decoded) }
}

/// A file of the site.
async fn site(
    path: &str,
    query: Option<&str>,
    headers: &HeaderMap,
    preview: &Arc<Preview>,
) -> Answer {
    let decoded = match decode(path) {
        Ok(decoded) => decoded,
        Err(refusal) => return refuse(refusal),
    };
    let Some(snapshot) = preview.current().await else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "the preview has ended");
    };
    let Some(site) = &snapshot.site else {
        return page(&snapshot, None, StatusCode::INTERNAL_SERVER_ERROR);
    };
    let base = &site.tree.config.base;
    let there = within(&base.prefix, &decoded)
        .is_some_and(|p| matches!(snapshot.find(p), Found::Output(_)));
    let mut path = decoded.clone();
    if let Some((status, to)) = snapshot.published().redirect(&decoded, there) {
        match status {
            // A rewrite answers with another file, as if it were this one.
            200 | 404 => path = percent::decode(&to).unwrap_or(to),
            status => {
                return redirect(StatusCode::from_u16(status).unwrap_or(StatusCode::FOUND), &to);
            }
        }
    }
    let Some(inside) = within(&base.prefix, &path) else {
        let to = base.path("/");
        return match decoded.as_str() {
            "/" => redirect(StatusCode::FOUND, &to),
            _ => lost(&snapshot, preview, "/").await,
        };
    };
    match snapshot.find(inside) {
        Found::Output(output) => {
            let mut answer = output_answer(output, &snapshot, preview, headers).await;
            headers::publish(answer.headers_mut(), &snapshot, &decoded);
            answer
        }
        Found::Folder => {
            let query = query.map(|query| format!("?{query}")).unwrap_or_default();
            let to = format!("{}{query}", percent::encode_path(&format!("{path}/")));
            redirect(StatusCode::MOVED_PERMANENTLY, &to)
        }
        Found::Nothing => lost(&snapshot, preview, inside).await,
    }
}

/// The part of a decoded path on the host that is below where the site lives.
pub(super) fn within<'a>(prefix: &str, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(prefix)?;
    match rest {
        "" if !prefix.is_empty() => Some("/"),
        rest => rest.starts_with('/').then_some(rest),
    }
}

/// The page for a path where nothing is.
async fn lost(snapshot: &Arc<Snapshot>, preview: &Arc<Preview>, path: &str) -> Answer {
    let wanted = path.to_owned();
    let find = move |snapshot: &Snapshot| snapshot.lost(&wanted).cloned();
    let rendered = preview.render_of(snapshot, find).await;
    page(snapshot, rendered.as_deref(), StatusCode::NOT_FOUND)
}

async fn output_answer(
    output: &Output,
    snapshot: &Arc<Snapshot>,
    preview: &Arc<Preview>,
    headers: &HeaderMap,
) -> Answer {
    if matches!(output.what, What::Page(..) | What::NotFound(_)) {
        let path = output.path.clone();
        let find = move |snapshot: &Snapshot| snapshot.output(&path).cloned();
        return match preview.render(find).await {
            Some((snapshot, rendered)) if rendered.bytes.is_some() => {
                page(&snapshot, Some(&rendered), StatusCode::OK)
            }
            Some((snapshot, rendered)) => {
                page(&snapshot, Some(&rendered), StatusCode::INTERNAL_SERVER_ERROR)
            }
            // It went while it was asked for.
            None => lost(snapshot, preview, &format!("/{}", output.path)).await,
        };
    }
    let (snapshot, wanted) = (Arc::clone(snapshot), output.clone());
    let render = move || snapshot.site.as_ref().and_then(|site| site.renderer.render(&wanted).0);
    match tokio::task::spawn_blocking(render).await.ok().flatten() {
        Some(bytes) => file(bytes, &media_type(&output.path), headers),
        None => plain(StatusCode::INTERNAL_SERVER_ERROR, "the file cannot be read"),
    }
}

/// The media type of a file by its name, with the encoding of text.
fn media_type(path: &str) -> String {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let is_text = guess.type_() == "text"
        || matches!(guess.subtype().as_str(), "javascript" | "json" | "xml" | "svg" | "xhtml")
        || guess.suffix().is_some_and(|suffix| suffix == "xml" || suffix == "json");
    if is_text { format!("{guess}; charset=utf-8") } else { guess.to_string() }
}

/// A file, or the part of it that is asked for, as players of sound and video do (RFC 9110 §14).
fn file(bytes: Vec<u8>, media_type: &str, headers: &HeaderMap) -> Answer {
    let length = bytes.len();
    let range = headers.get("range").and_then(|range| range.to_str().ok());
    let mut answer = match range.and_then(|range| parse_range(range, length)) {
        Some(Some((start, end))) => {
            let part = bytes.get(start..=end).unwrap_or_default().to_vec();
            let mut answer = with_type(StatusCode::PARTIAL_CONTENT, media_type, part);
            content_range(&mut answer, &format!("bytes {start}-{end}/{length}"));
            answer
        }
        Some(None) => {
            let mut answer = plain(StatusCode::RANGE_NOT_SATISFIABLE, "there is no such part");
            content_range(&mut answer, &format!("bytes */{length}"));
            answer
        }
        None => with_type(StatusCode::OK, media_type, bytes),
    };
    answer.headers_mut().insert("accept-ranges", HeaderValue::from_static("bytes"));
    answer
}

fn content_range(answer: &mut Answer, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        answer.headers_mut().insert("content-range", value);
    }
}

/// The first and last byte of a range; `Some(None)` where it is not in the file, `None` where the whole is to
/// be sent: it is no range of bytes, or several.
fn parse_range(range: &str, length: usize) -> Option<Option<(usize, usize)>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let end = length.checked_sub(1);
    Some(match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) if first <= last => {
            end.filter(|end| first <= *end).map(|end| (first, last.min(end)))
        }
        (Ok(first), Err(_)) if last.is_empty() => {
            end.filter(|end| first <= *end).map(|end| (first, end))
        }
        (Err(_), Ok(count)) if first.is_empty() => {
            end.filter(|_| count > 0).map(|end| ((end + 1).saturating_sub(count), end))
        }
        _ => return None,
    })
}

/// A page with the preview's tag.
fn page(snapshot: &Snapshot, rendered: Option<&Rendered>, status: StatusCode) -> Answer {
    let digest = rendered.map_or("", |rendered| &rendered.digest);
    let tag = client::tag(snapshot.generation, digest);
    let html = match rendered.and_then(|rendered| rendered.bytes.as_ref()) {
        Some(bytes) => client::with_tag(bytes, &tag),
        None => client::with_tag(NO_PAGE.as_bytes(), &tag),
    };
    with_type(status, "text/html; charset=utf-8", html)
}

/// What is shown where no page can be made; the script says why.
const NO_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"ar\" dir=\"rtl\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width\">\n<title>dhikra</title>\n</head>\n<body>\n\
    <p>لا يمكن عرض هذه الصفحة الآن.</p>\n<p lang=\"en\" dir=\"ltr\">This page cannot be shown now.</p>\n</body>\n</html>\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_paths() {
        assert_eq!(decode("/%D9%85/a.b").as_deref(), Ok("/م/a.b"));
        for bad in
            ["/../x", "/a/%2e%2e/x", "/a%2Fb", "/a%5cb", "/a\\b", "/%00", "/%0a", "x", "/%ff"]
        {
            assert!(decode(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ranges_are_inside() {
        assert_eq!(parse_range("bytes=0-3", 10), Some(Some((0, 3))));
        assert_eq!(parse_range("bytes=5-", 10), Some(Some((5, 9))));
        assert_eq!(parse_range("bytes=-3", 10), Some(Some((7, 9))));
        assert_eq!(parse_range("bytes=-30", 10), Some(Some((0, 9))));
        assert_eq!(parse_range("bytes=10-", 10), Some(None));
        assert_eq!(parse_range("bytes=0-0", 0), Some(None));
        for whole in ["items=0-3", "bytes=0-1,3-4", "bytes=3-1", "bytes=-"] {
            assert_eq!(parse_range(whole, 10), None, "{whole}");
        }
    }

    #[test]
    fn the_site_lives_below_its_prefix() {
        assert_eq!(within("", "/a/"), Some("/a/"));
        assert_eq!(within("/repo", "/repo/a"), Some("/a"));
        assert_eq!(within("/repo", "/repo"), Some("/"));
        assert_eq!(within("/repo", "/repository/"), None);
        assert_eq!(within("/repo", "/"), None);
    }
}
