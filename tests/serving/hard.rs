//! What is easily forgotten: problems of finding files, several settings at once, symbolic links, names in two
//! spellings, templates that do not end, readers that went away.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::common::{self, Run};
use crate::server::Server;
use crate::site::Site;

/// What a build says is wrong, as `code file`.
fn built(site: &Site) -> BTreeSet<String> {
    let out = tempfile::tempdir().unwrap();
    let mut command = common::program();
    command.args(["build", "--message-format", "json", "--root"]).arg(site.root());
    let run = Run::of(command.arg("--out").arg(out.path()));
    named(&run.problems())
}

fn named(problems: &[serde_json::Value]) -> BTreeSet<String> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    problems.iter().map(|p| format!("{} {}", text(&p["code"]), text(&p["file"]))).collect()
}

/// Waits until the preview says what a build says.
#[track_caller]
fn says_what_a_build_says(site: &Site, server: &Server, step: &str) {
    let expected = built(site);
    let start = Instant::now();
    loop {
        let found = named(server.state("/")["problems"].as_array().unwrap());
        if found == expected {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(5), "{step}: {found:?}, not {expected:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(unix)]
#[test]
fn problems_of_finding_files_come_and_go_with_them() {
    use std::os::unix::fs::symlink;
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let edit = || site.replace("content/news/first.md", "النص", "النصّ وغيره؛ النص");
    symlink("/nonexistent", site.path("content/nowhere.md")).unwrap();
    says_what_a_build_says(&site, &server, "a link that leads nowhere");
    site.remove("content/nowhere.md");
    says_what_a_build_says(&site, &server, "and is gone");
    symlink("/etc/hostname", site.path("content/out.md")).unwrap();
    says_what_a_build_says(&site, &server, "a link that leads out");
    site.remove("content/out.md");
    edit();
    says_what_a_build_says(&site, &server, "and is gone");
    site.write("content/caf\u{E9}.md", "---\ntitle: أ\n---\n");
    site.write("content/cafe\u{301}.md", "---\ntitle: ب\n---\n");
    says_what_a_build_says(&site, &server, "one name in two spellings");
    site.remove("content/caf\u{E9}.md");
    says_what_a_build_says(&site, &server, "and in one");
    assert_eq!(server.get("/caf\u{E9}/").status, 200);
    site.rename("content/cafe\u{301}.md", "content/caf\u{E9}.md");
    std::thread::sleep(Duration::from_millis(200));
    site.is_what(&server, &[]);
}

#[test]
fn settings_that_cannot_be_read_are_told_until_they_can() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let good = site.read("site.toml");
    server.edit(|| std::fs::write(site.path("site.toml"), b"\xC3\xD1").unwrap());
    server.edit(|| site.replace("content/news/first.md", "النص", "نص"));
    assert_eq!(server.state("/")["errors"], 1);
    assert!(server.get("/news/first/").text().contains("نص"));
    server.edit(|| site.remove("site.toml"));
    server.edit(|| site.replace("content/news/first.md", "نص", "النص"));
    assert_eq!(server.state("/")["errors"], 1);
    server.edit(|| site.write("site.toml", &good));
    site.is_what(&server, &[]);
}

#[test]
fn a_language_that_came_while_a_theme_was_broken_is_read() {
    let site = Site::new();
    site.write("themes/mine/theme.toml", "name = \"mine\"\nextends = \"dhikra\"\n");
    site.replace("site.toml", "theme = \"dhikra\"", "theme = \"mine\"");
    site.write("messages/ur.yaml", "closing: خاتمہ\n");
    let server = Server::start(&site.root(), &[]);
    server.edit(|| site.write("themes/mine/theme.toml", "name = [\n"));
    server.edit(|| {
        site.replace("site.toml", "[taxonomies", "[languages.ur]\ntitle = \"سائٹ\"\n[taxonomies");
    });
    server.edit(|| site.write("content/_index.ur.md", "---\ntitle: گھر\n---\n"));
    server.edit(|| {
        site.write("themes/mine/theme.toml", "name = \"mine\"\nextends = \"dhikra\"\n");
    });
    says_what_a_build_says(&site, &server, "the theme is mended");
    site.is_what(&server, &[]);
}

#[cfg(unix)]
#[test]
fn what_links_inside_the_site_lead_to_is_watched() {
    use std::os::unix::fs::symlink;
    let site = Site::new();
    site.write("shared/text.md", "---\ntitle: مشتركة\n---\nنص أول.\n");
    site.write("shared/folder/inner.md", "---\ntitle: داخلية\n---\nنص أول.\n");
    symlink("../shared/text.md", site.path("content/linked.md")).unwrap();
    symlink("../shared/folder", site.path("content/linked-folder")).unwrap();
    let server = Server::start(&site.root(), &[]);
    site.is_what(&server, &[]);
    std::thread::sleep(Duration::from_millis(100));
    server.edit(|| site.replace("shared/text.md", "مشتركة", "لنا جميعاً"));
    site.is_what(&server, &[]);
    server.edit(|| site.replace("shared/folder/inner.md", "داخلية", "في الداخل"));
    site.is_what(&server, &[]);
    server.edit(|| site.write("shared/folder/more.md", "---\ntitle: أخرى\n---\n"));
    site.is_what(&server, &[]);
}

#[test]
fn a_template_that_does_not_end_ends_nothing() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let good = site.read("templates/foot.html");
    let page = server.get("/").html();
    let endless =
        "{% for a in range(end=100000) %}{% for b in range(end=100000) %} {% endfor %}{% endfor %}";
    let before = server.generation();
    site.write("templates/foot.html", endless);
    // Nobody can be told while the page takes its time, so it is asked for without waiting.
    let request = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    for _ in 0..40 {
        server.send(request.as_bytes(), Duration::from_millis(20));
    }
    assert_eq!(server.get("/places/gwadar/").status, 200, "other pages are there");
    site.write("templates/foot.html", &good);
    server.until("the mended page", || {
        (server.get("/").html() == page && server.generation() > before).then_some(())
    });
    site.is_what(&server, &[]);
}

#[test]
fn a_reader_that_does_not_read_holds_up_no_page() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let links: String = (0..400).map(|n| format!("[[ناقصة-{n}]] ")).collect();
    for n in 0..60 {
        site.write("content/news/many.md", &format!("---\ntitle: كثيرة {n}\n---\n{links}\n"));
        std::thread::sleep(Duration::from_millis(8));
    }
    server.until("the last save", || {
        server.get("/news/many/").text().contains("كثيرة 59").then_some(())
    });
    assert_eq!(server.state("/news/many/")["errors"], 400);
}

#[test]
fn a_page_that_was_asleep_learns_where_it_went() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    server.edit(|| site.replace("content/places/gwadar.md", "title:", "slug: gwadar-port\ntitle:"));
    let events =
        "/_dhikra/events?path=/places/gwadar/&generation=1&lang=ar&source=content/places/gwadar.md";
    let request = format!("GET {events} HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    let said = server.send(request.as_bytes(), Duration::from_millis(500));
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("\"moved\":\"/places/gwadar-port/\""), "{said}");
}

#[test]
fn two_slashes_are_no_address_of_another_host() {
    let site = Site::new();
    site.write("static/_redirects", "/o/* /:splat 302\n/gone/* /404.html 404\n");
    let server = Server::start(&site.root(), &[]);
    let ask = |path: &str| server.ask("GET", path, &[], "");
    assert_eq!(ask("//evil.example/x").status, 400);
    assert!(!ask("//evil.example/x").text().contains("<script"));
    assert_eq!(ask("/o//evil.example").header("location"), "/evil.example");
    assert_eq!(ask("/gone/x").status, 404);
    assert_eq!(ask("/places/gwadar?a=1").header("location"), "/places/gwadar/?a=1");
}
