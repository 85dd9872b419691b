//! Files that are published as they are: whole, or the part that is asked for, as players of sound and video do
//! (RFC 9110 §14); piece by piece, so that a large one is never in memory.

use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::{HeaderMap, Response, StatusCode};
use tokio::sync::mpsc::{Sender, channel};

use super::body::Body;
use super::respond::{Answer, plain};
use crate::source::{SourceFile, read_part, size};

/// The most bytes of a file that are in memory for one client.
const PIECE: u64 = 256 * 1024;

/// Answers with a file.
pub(super) async fn answer(file: SourceFile, media_type: &str, headers: &HeaderMap) -> Answer {
    let Ok(length) = size(&file) else {
        return plain(StatusCode::INTERNAL_SERVER_ERROR, "the file cannot be read");
    };
    let range = headers.get("range").and_then(|range| range.to_str().ok());
    let (status, part, content_range) = match range.and_then(|range| parse_range(range, length)) {
        Some(Some((start, end))) => (
            StatusCode::PARTIAL_CONTENT,
            start..end + 1,
            Some(format!("bytes {start}-{end}/{length}")),
        ),
        Some(None) => {
            let mut answer = plain(StatusCode::RANGE_NOT_SATISFIABLE, "there is no such part");
            put(answer.headers_mut(), "content-range", &format!("bytes */{length}"));
            return answer;
        }
        None => (StatusCode::OK, 0..length, None),
    };
    let mut answer = Response::new(Body::Whole(None));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert("accept-ranges", HeaderValue::from_static("bytes"));
    put(headers, CONTENT_TYPE.as_str(), media_type);
    if let Some(range) = content_range {
        put(headers, "content-range", &range);
    }
    headers.insert(CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    let (sender, receiver) = channel(2);
    tokio::spawn(send(file, part, sender));
    *answer.body_mut() = Body::Stream(receiver);
    answer
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Sends a part of a file for as long as somebody takes it. Where it is shorter by now, the answer ends early, which
/// the client notices.
async fn send(file: SourceFile, part: std::ops::Range<u64>, sender: Sender<Bytes>) {
    let mut at = part.start;
    while at < part.end {
        let (next, file) = ((at + PIECE).min(part.end), file.clone());
        let read = tokio::task::spawn_blocking(move || read_part(&file, at..next)).await;
        let Ok(Ok(bytes)) = read else { return };
        if bytes.is_empty() || sender.send(bytes.into()).await.is_err() {
            return;
        }
        at = next;
    }
}

/// The first and last byte of a range; `Some(None)` where it is not in the file, `None` where the whole is to
/// be sent: it is no range of bytes, or several.
fn parse_range(range: &str, length: u64) -> Option<Option<(u64, u64)>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let end = length.checked_sub(1);
    Some(match (first.parse::<u64>(), last.parse::<u64>()) {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
