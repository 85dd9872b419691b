//! What is remembered from one run to the next.

use std::fs;

use dhikra::check::external::{Verdict, check};

use super::server::{Reply, Server};
use super::{NOW, Setup};

const DAY: u64 = 24 * 60 * 60;

fn server() -> Server {
    Server::new(|request| match request.path.as_str() {
        "/dead" => Reply::status(404),
        "/unsure" => Reply::status(403),
        "/moved" => Reply::to(301, "/alive"),
        path if path.starts_with("/archive") => Reply::status(200).saying(
            r#"{"archived_snapshots":{"closest":{"available":true,"url":"http://a.example/"}}}"#,
        ),
        _ => Reply::status(200),
    })
}

fn urls(server: &Server) -> Vec<String> {
    ["/alive", "/moved#x", "/dead", "/unsure"].map(|path| server.url(path)).to_vec()
}

#[test]
fn a_second_run_asks_nothing() {
    let server = server();
    let mut setup = Setup::new();
    setup.options.archive = Some(server.url("/archive"));
    let first = setup.check(&urls(&server));
    assert!(matches!(&first[2], Verdict::Dead { archived: Some(_), .. }));
    assert_eq!(first[1], Verdict::Moved(server.url("/alive#x")));
    let asked = server.asked();
    let bytes = fs::read(setup.cache()).unwrap();
    assert_eq!(setup.check(&urls(&server)), first);
    assert_eq!(server.asked(), asked);
    assert_eq!(fs::read(setup.cache()).unwrap(), bytes);
    let folder = fs::read_dir(setup.cache().parent().unwrap()).unwrap();
    assert_eq!(folder.count(), 1, "no temporary file is left");
}

#[test]
fn what_is_bad_is_asked_again_after_a_day_and_all_after_a_week() {
    let server = server();
    let mut setup = Setup::new();
    let first = setup.check(&urls(&server));
    let mut asked = server.asked().len();
    let mut asks_at = |now: u64| {
        setup.options.now = now;
        assert_eq!(setup.check(&urls(&server)), first);
        let new = server.asked().split_off(asked);
        asked += new.len();
        new
    };
    assert_eq!(asks_at(NOW + DAY - 1), Vec::<String>::new());
    let bad = ["HEAD /dead", "GET /dead", "HEAD /unsure", "GET /unsure"];
    assert_eq!(asks_at(NOW + DAY), bad);
    assert_eq!(asks_at(NOW + 7 * DAY - 1), bad);
    assert_eq!(asks_at(NOW + 8 * DAY).len(), bad.len() + 3);
    // The clock was set back: what was found later cannot be.
    assert_eq!(asks_at(NOW).len(), bad.len() + 3);
}

#[test]
fn old_links_are_forgotten() {
    let server = server();
    let mut setup = Setup::new();
    _ = setup.check(&[server.url("/old")]);
    setup.options.now += 3 * DAY;
    _ = setup.check(&[server.url("/newer")]);
    assert!(fs::read_to_string(setup.cache()).unwrap().contains("/old"));
    setup.options.now += 5 * DAY;
    _ = setup.check(&[server.url("/newest")]);
    let text = fs::read_to_string(setup.cache()).unwrap();
    assert!(
        !text.contains("/old") && text.contains("/newer") && text.contains("/newest"),
        "{text}"
    );
}

#[test]
fn a_damaged_cache_is_written_anew() {
    let server = server();
    let setup = Setup::new();
    let first = setup.check(&urls(&server));
    let good = fs::read_to_string(setup.cache()).unwrap();
    let damages = [
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        good[..good.len() / 2].to_owned(),
        good.replace("\"version\": 1", "\"version\": 2"),
        good.replace("\"alive\"", "\"lively\""),
        good.replace(&NOW.to_string(), "-1"),
    ];
    for damage in damages {
        assert_ne!(damage, good);
        fs::write(setup.cache(), &damage).unwrap();
        let before = server.asked().len();
        assert_eq!(setup.check(&urls(&server)), first);
        assert!(server.asked().len() > before, "{damage}");
        assert_eq!(fs::read_to_string(setup.cache()).unwrap(), good);
    }
}

#[test]
fn a_run_that_is_broken_off_leaves_what_it_found() {
    let server = server();
    let setup = Setup::new();
    let urls: Vec<String> = (0..40).map(|n| server.url(&format!("/{n}"))).collect();
    let mut seen = Vec::new();
    let checked = check(&urls, &setup.options, &mut |done, all| {
        assert_eq!(all, 40);
        let text = fs::read_to_string(setup.cache()).unwrap_or_default();
        seen.push((done, text.matches("alive").count()));
    });
    assert_eq!(checked.unsaved, None);
    let known: Vec<usize> = seen.iter().map(|(done, _)| *done).collect();
    assert_eq!(known, (0..=40).collect::<Vec<_>>());
    assert!(seen.iter().all(|(done, saved)| done - saved <= 16), "{seen:?}");
}

#[test]
fn without_a_network_nothing_is_remembered() {
    let setup = Setup::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert!(matches!(setup.one(format!("http://127.0.0.1:{port}/")), Verdict::Unsure(_)));
    assert!(!setup.cache().exists());
}

#[test]
fn a_cache_that_cannot_be_written_is_told() {
    let server = server();
    let mut setup = Setup::new();
    let file = setup.cache().with_file_name("file");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "").unwrap();
    setup.options.cache = file.join("links.json");
    let checked = check(&urls(&server), &setup.options, &mut |_, _| {});
    assert!(checked.unsaved.is_some());
    assert_eq!(checked.verdicts[0], Verdict::Alive);
}
