//! Who is refused, and what nobody can do.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::common;
use crate::server::{Server, parse};
use crate::site::Site;

const SHORT: Duration = Duration::from_secs(5);

#[test]
fn foreign_pages_and_names_are_refused() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let get = |headers: &[(&str, &str)]| server.ask("GET", "/", headers, "");
    for host in ["evil.example", "evil.example:1951", "localhost.evil.example", "10.1.2.3", ""] {
        let answer = get(&[("Host", host)]);
        assert!(matches!(answer.status, 400 | 403), "{host}: {answer:?}");
        assert!(!answer.text().contains("<html"), "{host}");
    }
    let port = server.address.port();
    for host in [format!("localhost:{port}"), format!("127.0.0.1:{port}"), "[::1]".to_owned()] {
        assert_eq!(get(&[("Host", &host)]).status, 200, "{host}");
    }
    let own = format!("http://{}", server.address);
    assert_eq!(get(&[("Origin", &own)]).status, 200);
    for origin in ["http://evil.example", "null", "http://localhost:1"] {
        assert_eq!(get(&[("Origin", origin)]).status, 403, "{origin}");
        let events = "/_dhikra/events?path=/&generation=1";
        assert_eq!(server.ask("GET", events, &[("Origin", origin)], "").status, 403);
    }
    assert_eq!(get(&[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")]).status, 403);
    let request =
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(parse(&server.send(request.as_bytes(), SHORT)).status, 403);
}

#[test]
fn no_answer_lets_other_pages_in() {
    let site = Site::new();
    site.write(
        "static/_headers",
        "/*\n  Access-Control-Allow-Origin: *\n  X-Frame-Options: DENY\n",
    );
    let server = Server::start(&site.root(), &[]);
    for path in ["/", "/note.txt", "/nothing/", "/_dhikra/preview.js", "/_dhikra/state?path=/"] {
        let answer = server.ask("GET", path, &[], "");
        assert!(
            !answer.headers.iter().any(|(name, _)| name.starts_with("access-control")),
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-frame-options"), "SAMEORIGIN", "{path}");
    }
}

#[test]
fn nothing_is_served_by_its_path_on_the_disk() {
    let site = Site::new();
    common::write(&site.root().join("../secret.txt"), "سر");
    let server = Server::start(&site.root(), &[]);
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/a/../../secret.txt",
        "/..\\secret.txt",
        "/%5c..%5csecret.txt",
        "//etc/passwd",
        "/etc/passwd",
        "/site.toml",
        "/content/_index.md",
        "/%00",
        "/.%2e/secret.txt",
        "/static/note.txt",
        "/%ff",
        "/note.txt/",
        "/note.txt%2f",
        "/_dhikra/../site.toml",
        "/_dhikra/client/head.js",
        "/_dhikra/",
        "/templates/foot.html",
        "/news/draft/",
    ] {
        let answer = server.ask("GET", path, &[], "");
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text().contains("سر"), "{path}");
    }
    assert_eq!(server.get("/note.txt").status, 200);
}

#[test]
fn only_what_is_meant_to_act_acts() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let own = format!("http://{}", server.address);
        let headers = [("Origin", own.as_str()), ("Content-Type", "application/json")];
        assert_eq!(server.ask(method, "/", &headers, "").status, 405, "{method}");
    }
    assert_eq!(server.ask("GET", "/_dhikra/open", &[], "").status, 404);
    let head = server.ask("HEAD", "/", &[], "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_ne!(head.header("content-length"), "0");
}

#[cfg(unix)]
#[test]
fn the_editor_opens_sources_of_the_site_and_nothing_else() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    let (editor, said) = (site.root().join("../editor.sh"), site.root().join("../said.txt"));
    common::write(&editor, format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > '{}'\n", said.display()));
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut program = common::program();
    program.env("EDITOR", &editor);
    let server = Server::of(program, &site.root(), &[]);
    let own = format!("http://{}", server.address);
    let open = |origin: &str, body: &str| {
        let headers = [("Origin", origin), ("Content-Type", "application/json")];
        server.ask("POST", "/_dhikra/open", &headers, body).status
    };
    assert_eq!(open("http://evil.example", "{\"path\":\"/\"}"), 403);
    assert_eq!(open(&own, "no json"), 400);
    for file in ["../secret.txt", "/etc/passwd", "nothing.md", "content/../site.toml", ""] {
        assert_eq!(open(&own, &format!("{{\"file\":\"{file}\"}}")), 404, "{file}");
    }
    assert_eq!(open(&own, &format!("{{\"path\":\"{}\"}}", "x".repeat(20_000))), 413);
    assert!(!said.exists());
    assert_eq!(open(&own, "{\"path\":\"/places/gwadar/\",\"line\":5}"), 204);
    let arguments = server.until("the editor", || {
        std::fs::read_to_string(&said).ok().filter(|text| text.lines().count() == 2)
    });
    let file = site.path("content/places/gwadar.md");
    assert_eq!(arguments, format!("+5\n{}\n", file.display()));
    server.edit(|| {
        site.replace(
            "site.toml",
            "[taxonomies",
            "[preview]\neditor = \"vscode://file/{file}:{line}\"\n[taxonomies",
        )
    });
    let headers = [("Origin", own.as_str()), ("Content-Type", "application/json")];
    let answer =
        server.ask("POST", "/_dhikra/open", &headers, "{\"file\":\"site.toml\",\"line\":2}");
    assert!(answer.text().starts_with("{\"url\":\"vscode://file/"), "{answer:?}");
    assert!(answer.text().ends_with("site.toml:2\"}"), "{answer:?}");
}

#[test]
fn requests_have_limits() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let long = "x".repeat(100_000);
    let huge = server.ask("GET", "/", &[("X-Long", &long)], "");
    assert!(matches!(huge.status, 0 | 431), "{}", huge.status);
    let path = server.ask("GET", &format!("/{long}"), &[], "");
    assert!(matches!(path.status, 0 | 414 | 431), "{}", path.status);
    let many: Vec<(&str, &str)> = vec![("X-Many", "1"); 500];
    assert!(matches!(server.ask("GET", "/", &many, "").status, 0 | 431));
    assert_eq!(parse(&server.send(b"\x16\x03\x01\x02\x00\x01\x00", SHORT)).status, 400);
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn slow_clients_hold_up_nobody() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    // More than there are places; each begins a request and never ends it, or never reads the answer.
    let mut slow = Vec::new();
    for n in 0..400 {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        let request = if n % 2 == 0 {
            "GET / HT".to_owned()
        } else {
            format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).repeat(50)
        };
        let _ = stream.write_all(request.as_bytes());
        slow.push(stream);
    }
    let start = Instant::now();
    assert_eq!(server.get("/").status, 200);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    drop(slow);
}

#[cfg(unix)]
#[test]
fn it_ends_well_though_somebody_listens() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    let request = format!(
        "GET /_dhikra/events?path=/&generation=1 HTTP/1.1\r\nHost: {}\r\n\r\n",
        server.address
    );
    stream.write_all(request.as_bytes()).expect("a request");
    let mut first = [0; 64];
    let _ = stream.read(&mut first).expect("an answer");
    let start = Instant::now();
    let (code, said) = server.interrupt();
    assert_eq!(code, Some(0), "{said}");
    assert!(start.elapsed() < Duration::from_secs(3));
    assert!(said.contains("Ended") && !said.contains("panicked"), "{said}");
}

#[test]
fn a_port_that_is_taken_makes_the_next_one_serve() {
    let site = Site::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its number").port();
    let server = Server::start(&site.root(), &["--port", &port.to_string()]);
    assert_ne!(server.address.port(), port);
    assert_eq!(server.ready["taken"], port);
    assert_eq!(server.get("/").status, 200);
}
