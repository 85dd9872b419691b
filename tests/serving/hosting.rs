//! As published: below a path, with the headers and redirects that the site asks its host for, the page for
//! lost paths, parts of files.

use crate::server::Server;
use crate::site::Site;

#[test]
fn a_site_below_a_path_is_served_below_it() {
    let site = Site::new();
    site.replace("site.toml", "https://example.org/", "https://example.org/repo/");
    let server = Server::start(&site.root(), &[]);
    assert_eq!(server.path, "/repo/");
    site.is_what(&server, &[]);
    let ask = |path: &str| server.ask("GET", path, &[], "");
    assert_eq!((ask("/").status, ask("/").header("location")), (302, "/repo/"));
    assert_eq!(ask("/places/gwadar/").status, 404);
    assert_eq!(ask("/repository/").status, 404);
    assert_eq!(ask("/repo/places/gwadar").header("location"), "/repo/places/gwadar/");
    server.edit(|| site.replace("site.toml", "org/repo/", "org/"));
    assert_eq!(ask("/places/gwadar/").status, 200);
}

#[test]
fn lost_paths_lead_to_the_page_of_their_language() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let built = site.build(&[]);
    for (path, page) in
        [("/nothing/", "404.html"), ("/en/no/thing", "en/404.html"), ("/x.css", "404.html")]
    {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.published(), built[page], "{path}");
    }
    assert_eq!(server.get("/404.html").status, 200);
}

#[test]
fn folders_end_in_a_slash_and_keep_their_query() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let answer = server.ask("GET", "/places/gwadar?x=1", &[], "");
    assert_eq!((answer.status, answer.header("location")), (301, "/places/gwadar/?x=1"));
    let answer = server.get("/وسوم");
    assert_eq!(answer.status, 404);
}

#[test]
fn headers_and_redirects_are_those_of_the_host() {
    let site = Site::new();
    site.write(
        "static/_headers",
        "/*\n  X-Own: a\n  Content-Security-Policy: default-src 'none'; style-src 'self'\n/places/*\n  X-Own: b\n",
    );
    site.write("static/_redirects", "/old/* /places/:splat 301\n/places/ /news/ 302\n");
    let server = Server::start(&site.root(), &[]);
    let page = server.get("/places/gwadar/");
    assert_eq!(page.header("x-own"), "a, b");
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    let moved = server.get("/old/gwadar/");
    assert_eq!((moved.status, moved.header("location")), (301, "/places/gwadar/"));
    assert_eq!(server.get("/places/").status, 200, "a file that is there is not redirected");
    server.edit(|| site.write("static/_redirects", "/old/* /news/:splat 302\n"));
    assert_eq!(server.get("/old/first/").header("location"), "/news/first/");
}

#[test]
fn files_are_what_they_are_and_come_in_parts() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let types = [
        ("/", "text/html; charset=utf-8"),
        ("/note.txt", "text/plain; charset=utf-8"),
        ("/atom.xml", "text/xml; charset=utf-8"),
        ("/_dhikra/preview.js", "text/javascript; charset=utf-8"),
    ];
    for (path, expected) in types {
        assert_eq!(server.get(path).header("content-type"), expected, "{path}");
    }
    let part = server.ask("GET", "/note.txt", &[("Range", "bytes=0-1")], "");
    assert_eq!((part.status, part.body.len()), (206, 2));
    assert!(part.header("content-range").starts_with("bytes 0-1/"));
    assert_eq!(server.ask("GET", "/note.txt", &[("Range", "bytes=999-")], "").status, 416);
}

#[test]
fn a_page_says_which_lines_it_comes_from() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let page = server.ask("GET", "/_dhikra/lines?path=/places/gwadar/", &[], "");
    assert!(page.text().contains("<!--dhikra:line=5--><p>"), "{}", page.text());
    let mut bare = String::new();
    let text = page.text();
    for part in text.split("<!--dhikra:line=") {
        bare += if bare.is_empty() { part } else { part.split_once("-->").unwrap().1 };
    }
    assert_eq!(bare, server.get("/places/gwadar/").html());
}
