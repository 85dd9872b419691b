//! What each kind of answer says of a link.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use dhikra::check::external::Verdict;

use super::server::{Reply, Server};
use super::{Setup, dead, one, unsure};

#[test]
fn a_page_that_is_there_is_asked_once_without_its_body() {
    let server = Server::new(|_| Reply::status(200));
    assert_eq!(one(server.url("/ميناء?س=١#قسم")), Verdict::Alive);
    assert_eq!(server.asked(), ["HEAD /%D9%85%D9%8A%D9%86%D8%A7%D8%A1?%D8%B3=%D9%A1"]);
    let agent = format!("user-agent: dhikra/{} (link check)", env!("CARGO_PKG_VERSION"));
    assert!(server.requests()[0].headers.contains(&agent), "{:?}", server.requests());
}

#[test]
fn a_page_that_is_gone_has_its_archived_copy() {
    let archive = Server::new(|request| {
        assert!(request.path.starts_with("/available?url=http%3A%2F%2F127.0.0.1%3A"));
        let page = request.path.ends_with("%2Fgone%3Fa%3D1%26b%3D2");
        let closest =
            r#"{"available":true,"url":"http://web.archive.org/web/2020/x","status":"200"}"#;
        let closest = if page { format!(r#""closest":{closest}"#) } else { String::new() };
        Reply::status(200).saying(format!(r#"{{"archived_snapshots":{{{closest}}}}}"#))
    });
    let server =
        Server::new(|request| Reply::status(if request.path == "/410" { 410 } else { 404 }));
    let mut setup = Setup::new();
    setup.options.archive = Some(archive.url("/available"));
    let verdicts = setup.check(&[server.url("/gone?a=1&b=2#x"), server.url("/410")]);
    let copy = "https://web.archive.org/web/2020/x";
    assert_eq!(
        verdicts[0],
        Verdict::Dead {
            why: "answers 404 (not found)".to_owned(),
            archived: Some(copy.to_owned())
        }
    );
    assert_eq!(verdicts[1], Verdict::Dead { why: "answers 410 (gone)".to_owned(), archived: None });
    assert_eq!(archive.asked().len(), 2);
    assert!(archive.asked().iter().all(|it| it.starts_with("GET ")));
}

#[test]
fn an_archive_in_trouble_leaves_the_page_dead() {
    let archives = [
        Server::new(|_| Reply::status(503)),
        Server::new(|_| Reply::status(429)),
        Server::new(|_| Reply::Nothing),
        Server::new(|_| Reply::status(200).saying("<html>")),
        Server::new(|_| Reply::to(302, "/")),
    ];
    let server = Server::new(|_| Reply::status(404));
    for archive in archives {
        let mut setup = Setup::new();
        setup.options.archive = Some(archive.url("/"));
        let verdict = setup.one(server.url("/"));
        assert!(matches!(verdict, Verdict::Dead { archived: None, .. }), "{verdict:?}");
    }
}

#[test]
fn redirects_for_good_name_the_new_place() {
    let server = Server::new(|request| match request.path.as_str() {
        "/old" => Reply::to(301, "older"),
        "/older" => Reply::to(308, "/جديد"),
        "/own-fragment" => Reply::to(301, "/new#there"),
        "/for-now" => Reply::to(302, "/new"),
        "/mixed" => Reply::to(301, "/for-now"),
        "/to-nothing" => Reply::to(301, "/nothing"),
        "/nothing" => Reply::status(404),
        "/to-trouble" => Reply::to(301, "/trouble"),
        "/trouble" => Reply::status(403),
        _ => Reply::status(200),
    });
    let new = server.url("/%D8%AC%D8%AF%D9%8A%D8%AF");
    assert_eq!(one(server.url("/old")), Verdict::Moved(new.clone()));
    assert_eq!(one(server.url("/old#here")), Verdict::Moved(format!("{new}#here")));
    assert_eq!(one(server.url("/own-fragment#here")), Verdict::Moved(server.url("/new#there")));
    assert_eq!(one(server.url("/for-now")), Verdict::Alive);
    assert_eq!(one(server.url("/mixed")), Verdict::Alive);
    dead(&one(server.url("/to-nothing")), "/nothing, which answers 404");
    unsure(&one(server.url("/to-trouble")), "/trouble, which answers 403");
}

#[test]
fn redirects_that_do_not_end_are_dead() {
    let server = Server::new(|request| match request.path.as_str() {
        "/a" => Reply::to(302, "/b"),
        "/b" => Reply::to(301, "/a"),
        "/cookie" => Reply::to(302, "/cookie").with("Set-Cookie", "a=b"),
        path => Reply::to(302, format!("{path}x")),
    });
    dead(&one(server.url("/a")), "in a circle");
    unsure(&one(server.url("/cookie")), "in a circle");
    dead(&one(server.url("/x")), "without end");
}

#[test]
fn a_wall_to_log_in_at_says_nothing() {
    let server = Server::new(|request| match request.path.as_str() {
        "/private" => Reply::to(302, "/accounts/login?next=/private"),
        "/401" => Reply::status(401),
        _ => Reply::status(200),
    });
    unsure(&one(server.url("/private")), "log in");
    unsure(&one(server.url("/401")), "401");
    assert_eq!(one(server.url("/login")), Verdict::Alive);
}

#[test]
fn who_refuses_head_is_asked_with_get() {
    for status in [400, 403, 404, 405, 500, 501, 999] {
        let server = Server::new(move |request| {
            Reply::status(if request.method == "HEAD" { status } else { 200 })
        });
        assert_eq!(one(server.url("/")), Verdict::Alive, "{status}");
        assert_eq!(server.asked(), ["HEAD /", "GET /"]);
    }
    let server = Server::new(|request| match request.method.as_str() {
        "HEAD" => Reply::Nothing,
        _ => Reply::status(200),
    });
    assert_eq!(one(server.url("/")), Verdict::Alive);
}

#[test]
fn who_knows_no_head_is_not_asked_so_again() {
    let server =
        Server::new(|request| Reply::status(if request.method == "HEAD" { 405 } else { 200 }));
    let verdicts = Setup::new().check(&[server.url("/a"), server.url("/b")]);
    assert_eq!(verdicts, [Verdict::Alive, Verdict::Alive]);
    assert_eq!(server.asked(), ["HEAD /a", "GET /a", "GET /b"]);
}

#[test]
fn a_server_that_wants_time_gets_it() {
    let server = Server::new(|request| match request.before {
        0 => Reply::status(429).with("Retry-After", "1"),
        _ => Reply::status(200),
    });
    assert_eq!(one(server.url("/")), Verdict::Alive);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[1].at - requests[0].at >= Duration::from_secs(1));

    let dated = Server::new(|request| match request.before {
        0 => Reply::status(503)
            .with("Date", "Sat, 10 Jan 2026 00:00:00 GMT")
            .with("Retry-After", "Sat, 10 Jan 2026 00:00:01 GMT"),
        _ => Reply::status(200),
    });
    assert_eq!(one(dated.url("/")), Verdict::Alive);
    assert!(dated.requests()[1].at - dated.requests()[0].at >= Duration::from_secs(1));
}

#[test]
fn what_may_pass_is_tried_again_and_never_called_dead() {
    let server = Server::new(|request| match request.before {
        0 | 1 if request.path == "/recovers" && request.method == "GET" => Reply::status(502),
        _ if request.path == "/recovers" && request.method == "GET" => Reply::status(200),
        _ => Reply::status(503),
    });
    assert_eq!(one(server.url("/recovers")), Verdict::Alive);
    unsure(&one(server.url("/down")), "503");
    let down: Vec<String> =
        server.asked().into_iter().filter(|asked| asked.ends_with("/down")).collect();
    assert_eq!(down, ["HEAD /down", "GET /down", "GET /down", "GET /down"]);
}

#[test]
fn silence_says_nothing() {
    let server = Server::new(|_| Reply::status(200).after(Duration::from_secs(3)));
    let mut setup = Setup::new();
    setup.options.timeout = Duration::from_millis(200);
    setup.options.retries = 1;
    unsure(&setup.one(server.url("/")), "in time");
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn a_closed_port_says_nothing() {
    // Nothing listens on a port that was just given up.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    unsure(&one(format!("http://127.0.0.1:{port}/")), "refuses the connection");
}

#[test]
fn a_connection_that_cannot_be_trusted_says_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // As servers do that speak no TLS on a port.
            _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            _ = stream.read_to_end(&mut Vec::new());
        }
    });
    unsure(&one(format!("https://127.0.0.1:{port}/")), "trusted connection");
}

#[test]
fn what_is_not_of_the_web_is_not_asked() {
    let urls = ["mailto:a@example.org", "/ميناء/", "tel:+967", ""].map(str::to_owned);
    assert!(Setup::new().check(&urls).iter().all(|verdict| *verdict == Verdict::Alive));
    dead(&one("http://".to_owned()), "not a valid address");
}
