//! What the preview serves beside the site, below [`OWN`](super::client::OWN).

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};
use serde_json::{Value, json};

use super::body::Body;
use super::connections::Place;
use super::preview::Preview;
use super::respond::{Answer, decode, plain, refuse, with_type, within};
use super::snapshot::{Found, Snapshot};
use super::{client, editor, events, state};
use crate::diagnostic::{Quotes, Span, position};
use crate::source::{SITE_FILE, SourceTree};

/// The most bytes of the body of a request.
const MAX_BODY: usize = 16 * 1024;
/// How long the body of a request may take.
const BODY_TIME: Duration = Duration::from_secs(10);

fn json_answer(status: StatusCode, value: &Value) -> Answer {
    with_type(status, "application/json", value.to_string().into_bytes())
}

/// What the preview serves beside the site.
pub(super) async fn file(
    name: &str,
    query: &str,
    preview: &Arc<Preview>,
    place: Arc<Place>,
) -> Answer {
    if let Some((media_type, text)) = client::file(name) {
        return with_type(StatusCode::OK, media_type, text.into_bytes());
    }
    let value = |key: &str| url::form_urlencoded::parse(query.as_bytes()).find(|(k, _)| k == key);
    let path = match value("path").map_or(Ok("/".to_owned()), |(_, path)| decode(&path)) {
        Ok(path) => path,
        Err(refusal) => return refuse(refusal),
    };
    match name {
        "state" => match state::of_newest(preview, &path, u64::MAX).await {
            Some((_, state)) => json_answer(StatusCode::OK, &state),
            None => plain(StatusCode::SERVICE_UNAVAILABLE, "the preview has ended"),
        },
        "events" => {
            let generation =
                value("generation").and_then(|(_, n)| n.parse().ok()).unwrap_or(u64::MAX);
            let text = |key| value(key).map(|(_, text)| text.into_owned());
            let open = events::Open { path, generation, source: text("source").zip(text("lang")) };
            let mut answer = Response::new(events::stream(preview, open, place));
            let stream = HeaderValue::from_static("text/event-stream");
            answer.headers_mut().insert(CONTENT_TYPE, stream);
            answer
        }
        "lines" => lines(preview, path).await,
        _ => plain(StatusCode::NOT_FOUND, "not found"),
    }
}

/// A page whose blocks say which lines they come from.
async fn lines(preview: &Arc<Preview>, path: String) -> Answer {
    let Some(snapshot) = preview.current().await else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "the preview has ended");
    };
    // As it is published: with the links that lead to it.
    preview.settled(snapshot.generation).await;
    let render = move || {
        let site = snapshot.site.as_ref()?;
        let inside = within(&site.tree.config.base.prefix, &path)?;
        let Found::Output(output) = snapshot.find(inside) else { return None };
        let (ix, _) = snapshot.page(output)?;
        site.renderer.render_with_lines(ix)
    };
    match tokio::task::spawn_blocking(render).await.ok().flatten() {
        Some(html) => with_type(StatusCode::OK, "text/html; charset=utf-8", html),
        None => plain(StatusCode::NOT_FOUND, "no page"),
    }
}

/// `POST /_dhikra/open`: opens the source of a page, or a file that a problem is in, in the author's editor.
pub(super) async fn open(request: Request<Incoming>, preview: &Arc<Preview>) -> Answer {
    let failed = |status, why: &str| json_answer(status, &json!({ "message": why }));
    let body = Limited::new(request.into_body(), MAX_BODY).collect();
    let bytes = match tokio::time::timeout(BODY_TIME, body).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) => return failed(StatusCode::PAYLOAD_TOO_LARGE, "the request is too large"),
        Err(_) => return failed(StatusCode::REQUEST_TIMEOUT, "the request took too long"),
    };
    let Ok(asked) = serde_json::from_slice::<Value>(&bytes) else {
        return failed(StatusCode::BAD_REQUEST, "this is no JSON");
    };
    let Some(snapshot) = preview.current().await else {
        return failed(StatusCode::SERVICE_UNAVAILABLE, "the preview has ended");
    };
    let number = |key: &str| {
        let number = asked.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        number.unwrap_or(1).max(1)
    };
    let place = (number("line"), number("column"));
    let Some((file, (line, column))) = source_asked_for(&snapshot, &asked, place) else {
        return failed(StatusCode::NOT_FOUND, "no file of the site is behind this");
    };
    let pattern = snapshot.site.as_ref().and_then(|site| site.tree.config.preview.editor.clone());
    if let Some(pattern) = pattern {
        let url = editor::url(&pattern, &file, line, column);
        return json_answer(StatusCode::OK, &json!({ "url": url }));
    }
    let Some(editor) = &preview.editor else {
        let why = "no editor is known: set EDITOR, or `editor` under [preview] in site.toml";
        return failed(StatusCode::NOT_IMPLEMENTED, why);
    };
    match editor.open(&file, line, column) {
        Ok(()) => {
            let mut answer = Response::new(Body::Whole(None));
            *answer.status_mut() = StatusCode::NO_CONTENT;
            answer
        }
        Err(error) => failed(
            StatusCode::INTERNAL_SERVER_ERROR,
            &format!("the editor does not start: {error}"),
        ),
    }
}

/// The whole path of the file that is asked for, with the line and column: a source of the site by its name,
/// or that of a page, which can be a row of a table. What is no source of the site is never opened.
fn source_asked_for(
    snapshot: &Snapshot,
    asked: &Value,
    mut place: (usize, usize),
) -> Option<(PathBuf, (usize, usize))> {
    let site = snapshot.site.as_ref()?;
    let text = |key: &str| asked.get(key).and_then(Value::as_str);
    let disk = match text("file") {
        Some(SITE_FILE) => site.tree.root().join(SITE_FILE),
        Some(file) => site.tree.any_file(file)?.disk_path()?.to_path_buf(),
        None => {
            let path = decode(text("path")?).ok()?;
            let Found::Output(output) =
                snapshot.find(within(&site.tree.config.base.prefix, &path)?)
            else {
                return None;
            };
            let file = &snapshot.page(output)?.1.document.file;
            match file.disk_path() {
                Some(disk) => disk.to_path_buf(),
                None => {
                    let table = site.tree.any_file(file.table()?)?;
                    place = place_in_table(&site.tree, &file.path, place.0)?;
                    table.disk_path()?.to_path_buf()
                }
            }
        }
    };
    Some((std::path::absolute(&disk).unwrap_or(disk), place))
}

/// The line and column in its table of a line of a row's page.
fn place_in_table(tree: &SourceTree, row: &Arc<str>, line: usize) -> Option<(usize, usize)> {
    let text = tree.text(row)?;
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let origin = tree.origin(&Span::new(row, start..start))?;
    Some(position(&tree.text(&origin.file)?, origin.range.0))
}
