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
use super::{file, headers, own};
use crate::deploy::media_type;
use crate::render::{self, Output, What};
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
    // A browser takes what begins with two slashes for the address of another host.
    let wrong = decoded.starts_with("//")
        || decoded.contains(|c: char| c == '\\' || c.is_control())
        || decoded.split('/').any(|part| matches!(part, "." | ".."));
    if wrong || !decoded.starts_with('/') { bad } else { Ok(decoded) }
}

/// A file of the site, with the headers that the site asks its host for.
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
    let mut answer = on_host(&decoded, query, headers, &snapshot, preview).await;
    headers::publish(answer.headers_mut(), &snapshot, &decoded);
    answer
}

/// What a host that holds the site answers for a decoded path.
async fn on_host(
    decoded: &str,
    query: Option<&str>,
    headers: &HeaderMap,
    snapshot: &Arc<Snapshot>,
    preview: &Arc<Preview>,
) -> Answer {
    let Some(site) = &snapshot.site else {
        return page(snapshot, None, StatusCode::INTERNAL_SERVER_ERROR);
    };
    let base = &site.tree.config.base;
    let is_file = |path: &str| matches!(snapshot.find(path), Found::Output(_));
    let there = within(&base.prefix, decoded).is_some_and(is_file);
    let (mut path, mut found) = (decoded.to_owned(), StatusCode::OK);
    let with_query = |to: &str| match query {
        Some(query) if !to.contains('?') => format!("{to}?{query}"),
        _ => to.to_owned(),
    };
    if let Some((status, to)) = snapshot.published().redirect(decoded, there) {
        found = StatusCode::from_u16(status).unwrap_or(StatusCode::FOUND);
        match status {
            // A rewrite answers with another file, as if it were this one.
            200 | 404 => path = percent::decode(&to).unwrap_or(to),
            _ => return redirect(found, &with_query(&to)),
        }
    }
    let Some(inside) = within(&base.prefix, &path) else {
        return match decoded {
            "/" => redirect(StatusCode::FOUND, &base.path("/")),
            _ => lost(snapshot, preview, "/").await,
        };
    };
    match snapshot.find(inside) {
        Found::Output(output) => {
            let mut answer = output_answer(output, snapshot, preview, headers).await;
            if found != StatusCode::OK && answer.status() == StatusCode::OK {
                *answer.status_mut() = found;
            }
            answer
        }
        Found::Folder => {
            let to = percent::encode_path(&format!("{path}/"));
            redirect(StatusCode::MOVED_PERMANENTLY, &with_query(&to))
        }
        Found::Nothing => match variant(snapshot, inside).await {
            Some(answer) => answer,
            None => lost(snapshot, preview, inside).await,
        },
    }
}

/// A variant of a picture, which are not among the outputs of a preview: to know their names, every picture
/// would have to be read.
async fn variant(snapshot: &Arc<Snapshot>, path: &str) -> Option<Answer> {
    let path = path.strip_prefix('/').unwrap_or(path).to_owned();
    if !path.starts_with("assets/") {
        return None;
    }
    let (snapshot, wanted) = (Arc::clone(snapshot), path.clone());
    let make = move || {
        let renderer = &snapshot.site.as_ref()?.renderer;
        Some(renderer.render(&render::variant(renderer.world(), &wanted)?).0)
    };
    Some(match tokio::task::spawn_blocking(make).await.ok()?? {
        Some(bytes) => with_type(StatusCode::OK, &media_type(&path), bytes),
        None => plain(StatusCode::INTERNAL_SERVER_ERROR, "the file cannot be made"),
    })
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
    match preview.render(find).await {
        Some((snapshot, rendered)) => page(&snapshot, Some(&rendered), StatusCode::NOT_FOUND),
        None => page(snapshot, None, StatusCode::NOT_FOUND),
    }
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
    if let What::File(file) = &output.what {
        return file::answer(file.clone(), &media_type(&output.path), headers).await;
    }
    let (snapshot, wanted) = (Arc::clone(snapshot), output.clone());
    let render = move || snapshot.site.as_ref().and_then(|site| site.renderer.render(&wanted).0);
    match tokio::task::spawn_blocking(render).await.ok().flatten() {
        Some(bytes) => with_type(StatusCode::OK, &media_type(&output.path), bytes),
        None => plain(StatusCode::INTERNAL_SERVER_ERROR, "the file cannot be made"),
    }
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
    fn data_has_its_media_type() {
        assert_eq!(media_type("a/index.ttl"), "text/turtle; charset=utf-8");
        assert_eq!(media_type("a/index.jsonld"), "application/ld+json; charset=utf-8");
        assert_eq!(media_type("data/event.csv"), "text/csv; charset=utf-8");
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
