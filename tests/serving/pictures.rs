//! Pictures: read when they are looked at, and by the names of a build.

use std::fs;
use std::path::Path;

use crate::server::Server;
use crate::site::Site;

const PAGE: &str = "---\ntitle: الميناء\nmedia:\n  - {file: port.jpg, alt: الميناء, creator: فريق, licence: CC0-1.0, source: أرشيف}\n---\n![](port.jpg)\n\n![تتحرك](moves.gif) ![شفافة](clear.png)\n";

fn put(site: &Site, path: &str, picture: &str) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(picture);
    fs::create_dir_all(site.path(path).parent().unwrap()).unwrap();
    fs::write(site.path(path), fs::read(from).unwrap()).unwrap();
}

/// A site with pictures, small enough for a test.
fn site() -> Site {
    let site = Site::new();
    let settings = site.read("site.toml");
    let images = "[images]\nwidths = [100, 200]\n[images.crops]\nsquare = \"1:1\"\n";
    site.write("site.toml", &format!("{settings}\n{images}"));
    site.write("content/port/index.md", PAGE);
    put(&site, "content/port/port.jpg", "gps.jpg");
    put(&site, "content/port/clear.png", "alpha.png");
    put(&site, "content/port/moves.gif", "moves.gif");
    put(&site, "assets/hero.webp", "lossy.webp");
    site
}

/// The paths of the variants that a page names.
fn variants(page: &str) -> Vec<String> {
    let parts = page.split(['"', ' ', ',']).filter(|part| part.starts_with("/assets/pictures/"));
    let mut variants: Vec<String> = parts.map(str::to_owned).collect();
    variants.sort();
    variants.dedup();
    variants
}

#[test]
fn a_preview_has_the_variants_of_a_build() {
    let site = site();
    let server = Server::start(&site.root(), &[]);
    // Before anything was looked at, a variant is there all the same.
    let built = site.build(&[]);
    let cut = built.keys().find(|path| path.contains("/port-square-200.")).expect("a crop");
    assert_eq!(server.get(&format!("/{cut}")).published(), built[cut]);
    let page = server.get("/port/").html();
    // Two pictures, in two widths and three formats.
    assert_eq!(variants(&page).len(), 12, "{page}");
    for path in variants(&page) {
        let answer = server.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("content-type").starts_with("image/"), "{path}");
    }
    site.is_what(&server, &[]);
    let wrong = variants(&page)[0].replace("-100.", "-101.");
    assert_eq!(server.get(&wrong).status, 404);
}

#[test]
fn another_picture_has_another_name() {
    let site = site();
    let server = Server::start(&site.root(), &[]);
    let before = variants(&server.get("/port/").html());
    server.edit(|| put(&site, "content/port/port.jpg", "grey.jpg"));
    site.is_what(&server, &[]);
    let after = variants(&server.get("/port/").html());
    let of = |all: &[String], name: &str| -> Vec<String> {
        all.iter().filter(|path| path.contains(name)).cloned().collect()
    };
    assert!(of(&before, "/port-").iter().all(|path| !after.contains(path)), "{before:?} {after:?}");
    assert_eq!(of(&before, "/clear-"), of(&after, "/clear-"));
    assert_eq!(server.get(&of(&before, "/port-")[0]).status, 404, "what was there before is not");
    // Other settings are other variants; a focus is another crop.
    server.edit(|| site.replace("site.toml", "widths = [100, 200]", "widths = [150]"));
    site.is_what(&server, &[]);
    server.edit(|| {
        site.replace(
            "content/port/index.md",
            "file: port.jpg,",
            "file: port.jpg, focus: [0.1, 0.9],",
        )
    });
    site.is_what(&server, &[]);
    server.edit(|| site.rename("content/port/port.jpg", "content/port/moved.jpg"));
    server.edit(|| site.write("content/port/index.md", &PAGE.replace("port.jpg", "moved.jpg")));
    site.is_what(&server, &[]);
}

#[test]
fn a_damaged_picture_takes_no_page_away() {
    let site = site();
    let server = Server::start(&site.root(), &[]);
    assert_eq!(server.get("/port/").status, 200);
    server.edit(|| put(&site, "content/port/port.jpg", "cut.jpg"));
    let page = server.get("/port/");
    assert_eq!(page.status, 200);
    assert!(page.html().contains("src=\"/port/port.jpg\""), "{}", page.html());
    let problems = server.state("/port/").to_string();
    assert!(problems.contains("the picture ends too early"), "{problems}");
    server.edit(|| put(&site, "content/port/port.jpg", "progressive.jpg"));
    site.is_what(&server, &[]);
}

#[test]
fn what_waits_with_its_page_is_not_to_be_seen() {
    let site = site();
    site.replace("content/port/index.md", "title: الميناء", "title: الميناء\ndraft: true");
    let shown = Server::start(&site.root(), &["--drafts"]);
    let names = variants(&shown.get("/port/").html());
    let hidden = Server::start(&site.root(), &[]);
    for path in names.iter().map(String::as_str).chain(["/port/port.jpg"]) {
        assert_eq!(shown.get(path).status, 200, "{path}");
        assert_eq!(hidden.get(path).status, 404, "{path}");
    }
}
