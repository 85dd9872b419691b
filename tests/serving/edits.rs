//! Every kind of change, and after each: every page as a clean build makes it.

use std::fs;
use std::time::Duration;

use crate::common;
use crate::server::Server;
use crate::site::Site;

#[test]
fn every_change_is_what_a_clean_build_makes_of_it() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    site.is_what(&server, &[]);
    type Edit = fn(&Site);
    let edits: &[(&str, Edit)] = &[
        ("a body", |site| site.replace("content/places/gwadar.md", "على بحر العرب", "على البحر")),
        ("a title that lists show", |site| {
            site.replace("content/places/gwadar.md", "title: ميناء غوادر", "title: غوادر");
        }),
        ("a translation", |site| site.replace("content/places/gwadar.en.md", "sea", "ocean")),
        ("a link, and so a backlink", |site| {
            site.replace("content/news/first.md", "النص", "النص [[gwadar]]");
        }),
        ("a term that no page had", |site| {
            site.replace("content/news/first.md", "tags: [", "tags: [جديد, ");
        }),
        ("a new page", |site| {
            site.write("content/news/third.md", "---\ntitle: الثالث\ndate: 2025-03-01\n---\nنص.\n");
        }),
        ("a new section in a new folder", |site| {
            site.write("content/essays/_index.md", "---\ntitle: مقالات\n---\n");
            site.write("content/essays/one/deep/page.md", "---\ntitle: عميقة\n---\nنص.\n");
        }),
        ("a deleted page", |site| site.remove("content/news/second.md")),
        ("a renamed page", |site| site.rename("content/news/third.md", "content/news/fourth.md")),
        ("a renamed folder", |site| {
            fs::rename(site.path("content/essays"), site.path("content/studies")).unwrap();
        }),
        ("a page's own file", |site| site.write("content/places/map.txt", "خريطة أخرى")),
        ("a static file", |site| site.write("static/note.txt", "أخرى")),
        ("a new static file", |site| site.write("static/more/new.txt", "جديدة")),
        ("a template", |site| site.replace("templates/foot.html", "تذييل", "ذيل")),
        ("a new template for a page", |site| {
            site.write("templates/sections/news/page.html", "<p>{{ page.title }}</p>\n");
        }),
        ("a deleted template", |site| site.remove("templates/sections/news/page.html")),
        ("a style sheet", |site| site.write("assets/own.css", "p { margin: 0 }\n")),
        ("data", |site| site.replace("data/figures.yaml", "tonnes: 5", "tonnes: 7")),
        ("a new data file", |site| site.write("data/more.json", "{\"a\": 1}")),
        ("a message", |site| site.replace("messages/ar.yaml", "خاتمة", "نهاية")),
        ("settings", |site| site.replace("site.toml", "موقع المعاينة", "موقع آخر")),
        ("a language more", |site| {
            site.replace(
                "site.toml",
                "[taxonomies",
                "[languages.ur]\ntitle = \"سائٹ\"\n[taxonomies",
            );
        }),
        ("a theme of its own", |site| {
            site.write("themes/plain/theme.toml", "name = \"plain\"\n");
            for name in ["home", "section", "page", "taxonomy", "term"] {
                let text = "<!doctype html><title>{{ page.title }}</title>{{ page.content }}\n";
                site.write(&format!("themes/plain/templates/{name}.html"), text);
            }
            site.remove("templates/home.html");
            site.remove("templates/foot.html");
            site.replace("site.toml", "theme = \"dhikra\"", "theme = \"plain\"");
        }),
        ("the other theme again", |site| {
            site.replace("site.toml", "theme = \"plain\"", "theme = \"dhikra\"");
        }),
        ("a source, and who cites it", |site| {
            site.write("content/seed.md", "---\ntitle: البيان\nkind: source\ntype: web\n---\n");
            site.write("content/citing.md", "---\ntitle: قول\n---\nأول [@seed].\n");
        }),
        ("a sentence that cites", |site| site.replace("content/citing.md", "أول", "ثان")),
        ("a title of what cites", |site| site.replace("content/citing.md", "قول", "أقوال")),
        ("a fact", |site| {
            let fact = "facts: [{ text: حقيقة, sources: seed }]";
            site.replace("content/citing.md", "---\nثان", &format!("{fact}\n---\nثان"));
        }),
        ("a source's date", |site| {
            site.replace("content/seed.md", "type: web", "type: web\npublished: 1951");
        }),
        ("a whole folder deleted", |site| {
            fs::remove_dir_all(site.path("content/studies")).unwrap();
        }),
        ("a save by renaming", |site| {
            let text = site.read("content/places/gwadar.md").replace("البحر", "المحيط");
            fs::write(site.path("content/places/.gwadar.md.tmp"), text).unwrap();
            site.rename("content/places/.gwadar.md.tmp", "content/places/gwadar.md");
        }),
        ("a save with a backup", |site| {
            let text = site.read("content/places/gwadar.md").replace("المحيط", "الخليج");
            site.rename("content/places/gwadar.md", "content/places/gwadar.md~");
            fs::write(site.path("content/places/gwadar.md"), text).unwrap();
            site.remove("content/places/gwadar.md~");
        }),
        ("a section by title, that hands something down", |site| {
            let front = "title: أماكن\nsort: title\ncascade:\n  description: مكان\n  weight: 1";
            site.write("content/places/_index.md", &format!("---\n{front}\n---\n"));
            site.write("content/places/b/_index.md", "---\ntitle: باء\n---\n");
            site.write("content/places/c/_index.md", "---\ntitle: تاء\n---\n");
            site.write("content/places/dam.md", "---\ntitle: سد\ntags: [بحر]\n---\n");
        }),
        ("a title that a list is in the order of", |site| {
            site.replace("content/places/dam.md", "title: سد", "title: آخر سد");
        }),
        ("the title of a section among others", |site| {
            site.replace("content/places/b/_index.md", "title: باء", "title: ثاء");
        }),
        ("the title of a translation", |site| {
            let path = "content/places/gwadar.en.md";
            let text = site.read(path);
            let (before, after) = text.split_once("title: ").unwrap();
            site.write(path, &format!("{before}title: A new {after}"));
        }),
        ("a description where one was handed down", |site| {
            site.replace("content/places/dam.md", "tags:", "description: سد كبير\ntags:");
        }),
        ("another description", |site| {
            site.replace("content/places/dam.md", "سد كبير", "سد أكبر");
        }),
        ("a file for a term", |site| site.write("content/tags/بحر.md", "---\ntitle: بحر\n---\n")),
        ("the title of a term", |site| {
            site.replace("content/tags/بحر.md", "title: بحر", "title: البحار");
        }),
        ("a term in two spellings", |site| {
            site.write("content/a.md", "---\ntitle: أ\ndate: 2024-01-01\ntags: [Rail Way]\n---\n");
            site.write("content/b.md", "---\ntitle: ب\ndate: 2024-01-02\ntags: [rail-way]\n---\n");
            site.write("content/c.md", "---\ntitle: ج\ndate: 2024-01-03\ntags: [Rail way]\n---\n");
        }),
        ("a date", |site| site.replace("content/b.md", "2024-01-02", "2025-01-02")),
        ("the first spelling is no more", |site| {
            site.replace("content/a.md", "tags: [Rail Way]", "tags: [sea]");
        }),
        ("a spelling before the first", |site| {
            site.replace("content/a.md", "[sea]", "[sea, RAIL way]");
        }),
        ("a slug", |site| site.replace("content/b.md", "title: ب", "title: ب\nslug: bee")),
        ("another slug", |site| site.replace("content/b.md", "slug: bee", "slug: wasp")),
        ("an alias", |site| site.replace("content/c.md", "title: ج", "title: ج\naliases: [/old/]")),
        ("a section's slug", |site| {
            site.replace("content/places/b/_index.md", "title: ثاء", "title: ثاء\nslug: two");
            site.write("content/places/b/deep/_index.md", "---\ntitle: عمق\n---\n");
        }),
        ("a draft in the midst of a folder", |site| {
            site.replace("content/b.md", "title: ب", "title: ب\ndraft: true");
        }),
        ("no draft any more", |site| site.replace("content/b.md", "draft: true\n", "")),
        ("the order of a section", |site| {
            site.replace("content/places/_index.md", "sort: title", "sort: date");
        }),
    ];
    for (what, edit) in edits {
        let before = server.generation();
        edit(&site);
        server.until(what, || (server.generation() > before).then_some(()));
        // An edit of several files can be seen in parts.
        std::thread::sleep(Duration::from_millis(120));
        eprintln!("after {what}");
        site.is_what(&server, &[]);
    }
}

#[test]
fn a_touch_does_nothing() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    server.edit(|| site.write("content/news/first.md", "---\ntitle: الأول\n---\nنص.\n"));
    // What is published as it is, is known once the site was read whole.
    std::thread::sleep(Duration::from_millis(200));
    let before = server.generation();
    for path in [
        "content/news/first.md",
        "templates/foot.html",
        "data/figures.yaml",
        "site.toml",
        "messages/ar.yaml",
        "static/note.txt",
        "content/places/map.txt",
        "assets/own.css",
    ] {
        site.write(path, &site.read(path));
    }
    site.write("content/news/.first.md.swp", "x");
    site.write("content/news/first.md~", "x");
    site.write("public/index.html", "x");
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(server.generation(), before);
}

#[test]
fn a_checkout_makes_no_update_for_each_file() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let before = server.generation();
    for n in 0..60 {
        site.write(&format!("content/news/n{n}.md"), &format!("---\ntitle: خبر {n}\n---\nنص.\n"));
    }
    server.after(before);
    std::thread::sleep(Duration::from_millis(500));
    // One, unless the machine was too busy to write them in one go.
    let updates = server.generation() - before;
    assert!((1..=6).contains(&updates), "{updates} updates");
    site.is_what(&server, &[]);
}

#[test]
fn drafts_are_shown_where_they_are_asked_for() {
    let site = Site::new();
    let hidden = Server::start(&site.root(), &[]);
    assert_eq!(hidden.get("/news/draft/").status, 404);
    let shown = Server::start(&site.root(), &["--drafts"]);
    assert_eq!(shown.get("/news/draft/").status, 200);
    site.is_what(&shown, &["--drafts"]);
}

#[test]
fn files_are_looked_at_by_the_clock_where_that_is_asked_for() {
    let site = Site::new();
    let server = Server::start(&site.root(), &["--poll"]);
    site.is_what(&server, &[]);
    server.edit(|| site.replace("content/places/gwadar.md", "على بحر العرب", "على البحر"));
    site.is_what(&server, &[]);
    server.edit(|| site.remove("content/news/second.md"));
    site.is_what(&server, &[]);
    server.edit(|| site.write("content/news/new/page.md", "---\ntitle: جديدة\n---\n"));
    site.is_what(&server, &[]);
}

#[test]
fn nothing_is_written() {
    let site = Site::new();
    // What was made of fonts is kept, where nothing of the site is.
    let files = || {
        let mut files = common::files(&site.root());
        files.retain(|path, _| !path.starts_with(".dhikra"));
        files
    };
    let before = files();
    let server = Server::start(&site.root(), &[]);
    site.is_what(&server, &[]);
    server.until("the end of the probe", || (files().len() == before.len()).then_some(()));
    common::same(&files(), &before);
}

#[test]
fn a_page_knows_where_it_went() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let (address, path) = (server.address, "/_dhikra/events?path=/places/gwadar/&generation=1");
    let events = std::thread::spawn(move || {
        use std::io::{BufRead, BufReader, Write};
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let lines = BufReader::new(stream).lines().map_while(Result::ok);
        let data = lines.filter_map(|line| line.strip_prefix("data: ").map(str::to_owned));
        data.take(2).collect::<Vec<_>>()
    });
    server.until("the first event", || Some(server.state("/places/gwadar/")));
    std::thread::sleep(Duration::from_millis(300));
    site.replace("content/places/gwadar.md", "title:", "slug: gwadar-port\ntitle:");
    let events = events.join().unwrap();
    assert!(events[0].contains("\"moved\":null"), "{events:?}");
    assert!(events[1].contains("\"moved\":\"/places/gwadar-port/\""), "{events:?}");
}
