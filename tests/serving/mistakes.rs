//! Mistakes: the last good page stays, everything that is wrong is told, and it goes when it is mended.

use crate::server::Server;
use crate::site::Site;

/// The problems that the page at a path is told of, as `code file:line`.
fn problems(server: &Server, path: &str) -> Vec<String> {
    let state = server.state(path);
    let problems = state["problems"].as_array().expect("a list");
    let line = |problem: &serde_json::Value| {
        let text = |key: &str| problem[key].as_str().unwrap_or_default().to_owned();
        format!("{} {}:{}", text("code"), text("file"), problem["line"])
    };
    problems.iter().map(line).collect()
}

#[test]
fn front_matter_that_cannot_be_read_leaves_the_page_as_it_was() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let (page, list) = (server.get("/places/gwadar/").html(), server.get("/places/").html());
    let good = site.read("content/places/gwadar.md");
    server.edit(|| site.replace("content/places/gwadar.md", "title: ", "title: [غير مغلق\nx: "));
    assert_eq!(server.get("/places/gwadar/").html(), page);
    assert_eq!(server.get("/places/").html(), list);
    let state = server.state("/places/gwadar/");
    assert_eq!((&state["page"]["kept"], &state["errors"]), (&true.into(), &1.into()));
    let problem = &state["problems"][0];
    assert_eq!(
        (&problem["file"], &problem["own"]),
        (&"content/places/gwadar.md".into(), &true.into())
    );
    assert!(problem["excerpt"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
    server.edit(|| site.write("content/places/gwadar.md", &good));
    assert_eq!(server.state("/places/gwadar/")["errors"], 0);
    site.is_what(&server, &[]);
}

#[test]
fn a_page_that_is_not_text_is_the_last_good_one() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let page = server.get("/places/gwadar/").html();
    let good = site.read("content/places/gwadar.md");
    server.edit(|| std::fs::write(site.path("content/places/gwadar.md"), b"\xC3\xD1").unwrap());
    assert_eq!(server.get("/places/gwadar/").html(), page);
    assert!(problems(&server, "/places/gwadar/")[0].starts_with("not-utf8"));
    server.edit(|| site.write("content/places/gwadar.md", &good));
    site.is_what(&server, &[]);
}

#[test]
fn a_broken_link_is_told_and_the_page_goes_on() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    server.edit(|| site.replace("content/places/gwadar.md", "على بحر العرب", "على [[محيط]] جديد"));
    assert!(server.get("/places/gwadar/").text().contains("جديد"));
    let found = problems(&server, "/places/gwadar/");
    assert_eq!(found, ["broken-link content/places/gwadar.md:5"]);
    let excerpt = &server.state("/places/gwadar/")["problems"][0]["excerpt"];
    let text: Vec<u16> = excerpt["text"].as_str().unwrap().encode_utf16().collect();
    let place = |key: &str| usize::try_from(excerpt[key].as_u64().unwrap()).unwrap();
    let marked = String::from_utf16(&text[place("start")..place("end")]).unwrap();
    assert_eq!(marked, "[[محيط]]");
    // It is told wherever one looks, but it is that page's own.
    assert_eq!(server.state("/")["problems"][0]["own"], false);
}

#[test]
fn a_broken_template_ends_nothing() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let home = server.get("/").html();
    server.edit(|| site.write("templates/foot.html", "{% if %}"));
    assert_eq!(server.get("/").html(), home);
    // A page that nobody looked at before is rendered by the last good templates.
    assert_eq!(server.get("/news/").status, 200);
    assert!(
        problems(&server, "/")[0].contains("templates/foot.html"),
        "{:?}",
        problems(&server, "/")
    );
    server.edit(|| site.write("templates/foot.html", "{{ nothing.there }}"));
    assert_eq!(server.get("/").html(), home);
    assert!(
        problems(&server, "/")[0].contains("templates/foot.html"),
        "{:?}",
        problems(&server, "/")
    );
    server.edit(|| site.write("templates/foot.html", "{% include \"foot.html\" %}"));
    assert!(problems(&server, "/")[0].contains("templates/"), "{:?}", problems(&server, "/"));
    server.edit(|| site.write("templates/foot.html", "ذيل آخر"));
    assert_eq!(problems(&server, "/"), Vec::<String>::new());
    site.is_what(&server, &[]);
}

#[test]
fn broken_settings_end_nothing() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let home = server.get("/").html();
    let good = site.read("site.toml");
    for broken in
        ["[languages.ar\n", "base_url = 7\n", "theme = \"nothing\"\n[languages.ar]\ntitle=\"x\"\n"]
    {
        server.edit(|| site.write("site.toml", broken));
        assert_eq!(server.get("/").html(), home, "{broken}");
        assert!(problems(&server, "/")[0].contains("site.toml"), "{:?}", problems(&server, "/"));
        // Pages can still be edited.
        server.edit(|| site.replace("content/places/gwadar.md", "على", "على  "));
        assert!(server.get("/places/gwadar/").status == 200);
    }
    server.edit(|| site.remove("site.toml"));
    assert_eq!(server.get("/").html(), home);
    assert_eq!(server.state("/")["errors"], 1);
    server.edit(|| site.write("site.toml", &good));
    site.is_what(&server, &[]);
}

#[test]
fn broken_data_and_messages_leave_pages_as_they_were() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let home = server.get("/").html();
    for (path, broken) in [("data/figures.yaml", "tonnes: ["), ("messages/ar.yaml", "closing: [")] {
        let good = site.read(path);
        server.edit(|| site.write(path, broken));
        assert_eq!(server.get("/").html(), home, "{path}");
        assert!(problems(&server, "/")[0].contains(path), "{:?}", problems(&server, "/"));
        server.edit(|| site.write(path, &good));
        assert_eq!(problems(&server, "/"), Vec::<String>::new());
    }
    site.is_what(&server, &[]);
}

#[test]
fn a_site_that_is_broken_from_the_start_is_shown_as_far_as_it_goes() {
    let site = Site::new();
    let (template, page) = (site.read("templates/foot.html"), "content/places/gwadar.md");
    site.replace(page, "title: ", "title: [\nx: ");
    site.write("templates/foot.html", "{% if %}");
    let server = Server::start(&site.root(), &[]);
    let home = server.get("/");
    assert_eq!(home.status, 500);
    assert!(home.text().contains("/_dhikra/preview.js"), "{home:?}");
    assert_eq!(server.state("/")["errors"], 2);
    server.edit(|| site.write("templates/foot.html", &template));
    assert_eq!(server.get("/").status, 200);
    server.edit(|| site.replace(page, "title: [\nx: ", "title: "));
    site.is_what(&server, &[]);
}

#[test]
fn a_folder_that_is_no_site_is_no_reason_to_serve() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = crate::common::program();
    command.args(["serve", "--port", "0", "--root"]).arg(folder.path());
    let run = crate::common::Run::of(&mut command);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("site.toml"), "{run:?}");
}
