//! Servers that mean ill, or know no better.

use dhikra::check::external::Verdict;

use super::server::{Reply, Server};
use super::{Setup, one, unsure};

#[test]
fn a_huge_page_is_not_read() {
    const LENGTH: u64 = 1 << 32;
    let server = Server::new(|request| match request.method.as_str() {
        "HEAD" => Reply::status(405),
        _ => Reply::Huge(LENGTH),
    });
    assert_eq!(one(server.url("/")), Verdict::Alive);
    // What the system's buffers take is sent.
    assert!(server.sent() < LENGTH / 64, "{}", server.sent());

    // Nor what an archive says without end.
    let gone = Server::new(|_| Reply::status(404));
    let archive = Server::new(|_| Reply::Huge(LENGTH));
    let mut setup = Setup::new();
    setup.options.archive = Some(archive.url("/"));
    assert!(matches!(setup.one(gone.url("/")), Verdict::Dead { archived: None, .. }));
    assert!(archive.sent() < LENGTH / 64, "{}", archive.sent());
}

#[test]
fn redirects_to_anywhere_are_not_followed() {
    let places: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"file:///etc/passwd".to_vec(),
        b"javascript:alert(1)".to_vec(),
        b"http://".to_vec(),
        b"http://[".to_vec(),
        b"http://a b/".to_vec(),
        b"http://x:99999999/".to_vec(),
        b"//".to_vec(),
        b"\xFF\xFE\x80".to_vec(),
        b"http://\xD8/".to_vec(),
        b"\0".to_vec(),
        [b"/".as_slice(), &vec![b'x'; 20_000]].concat(),
        [b"/".as_slice(), &vec![b'x'; 2_000_000]].concat(),
    ];
    let count = places.len();
    let server = Server::new(move |request| {
        let index: usize = request.path.trim_start_matches('/').parse().unwrap();
        let start = b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: ".to_vec();
        Reply::Raw([start, places[index].clone(), b"\r\n\r\n".to_vec()].concat())
    });
    let urls: Vec<String> = (0..count).map(|n| server.url(&format!("/{n}"))).collect();
    for (n, verdict) in Setup::new().check(&urls).iter().enumerate() {
        assert!(matches!(verdict, Verdict::Dead { .. } | Verdict::Unsure(_)), "{n}: {verdict:?}");
    }
}

#[test]
fn what_is_not_http_says_nothing() {
    let mut replies: Vec<Vec<u8>> = [
        "",
        "\r\n\r\n",
        "hello",
        "HTTP/1.1",
        "HTTP/1.1 ",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 000 No\r\n\r\n",
        "HTTP/1.1 99999 No\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: empty\r\n\r\n",
        "HTTP/1.1 301 M\r\n\r\n",
        "HTTP/1.1 304 N\r\n\r\n",
        "HTTP/1.1 101 S\r\n\r\n",
        "HTTP/1.1 429 T\r\nRetry-After: \u{0661}\r\n\r\n",
        "HTTP/1.1 503 T\r\nRetry-After: -1\r\n\r\n",
        "HTTP/1.1 503 T\r\nRetry-After: 99999999999999999999999\r\n\r\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    replies.push(
        [b"HTTP/1.1 200 OK\r\n".to_vec(), b"a: b\r\n".repeat(5_000), b"\r\n".to_vec()].concat(),
    );
    replies.push(vec![b'x'; 1_000_000]);
    replies.push((0..=255).collect());
    for (n, bytes) in replies.into_iter().enumerate() {
        let server = Server::new(move |_| Reply::Raw(bytes.clone()));
        let mut setup = Setup::new();
        setup.options.timeout = std::time::Duration::from_secs(2);
        setup.options.retries = 1;
        let verdict = setup.one(server.url("/"));
        assert!(matches!(verdict, Verdict::Unsure(_)), "{n}: {verdict:?}");
    }
}

#[test]
fn many_redirects_of_a_length_end() {
    let server =
        Server::new(|request| Reply::to(301, format!("{}{}", request.path, "x".repeat(3_000))));
    assert!(matches!(one(server.url("/")), Verdict::Dead { .. }));
}

#[test]
fn a_page_that_says_nothing_of_its_length_is_there() {
    let server = Server::new(|_| Reply::Raw(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()));
    assert_eq!(one(server.url("/")), Verdict::Alive);
    let server = Server::new(|_| Reply::Raw(b"HTTP/1.1 451 No\r\n\r\n".to_vec()));
    unsure(&one(server.url("/")), "legal reasons");
}
