//! How servers are asked: never twice, never two things at once, never on and on.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use dhikra::check::external::Verdict;

use super::server::{Reply, Server};
use super::{Setup, unsure};

#[test]
fn the_same_page_is_asked_once() {
    let server = Server::new(|_| Reply::status(200));
    let urls = ["/a", "/a#x", "/b", "/a", "/a#%D9%82", "/b#"].map(|path| server.url(path));
    let verdicts = Setup::new().check(&urls);
    assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Alive));
    assert_eq!(server.asked(), ["HEAD /a", "HEAD /b"]);
}

#[test]
fn a_host_is_asked_one_thing_at_a_time_however_links_lead_to_it() {
    let server = Server::new(|request| {
        let port = request.headers.lines().find_map(|line| line.strip_prefix("host: "));
        let port = port.unwrap().rsplit(':').next().unwrap();
        let other = if request.host == "localhost" { "127.0.0.1" } else { "localhost" };
        let reply = match request.path.split('/').nth(1) {
            Some("over") => Reply::to(301, format!("http://{other}:{port}/end{}", request.path)),
            Some("gone") => Reply::status(404),
            Some("get") if request.method == "HEAD" => Reply::status(403),
            _ => Reply::status(200),
        };
        reply.after(Duration::from_millis(4))
    });
    let hosts = ["127.0.0.1", "localhost"];
    let paths = (0..6).flat_map(|n| ["over", "gone", "get", "end"].map(|it| format!("/{it}/{n}")));
    let urls: Vec<String> =
        paths.flat_map(|path| hosts.map(|host| server.on(host, &path))).collect();
    let mut setup = Setup::new();
    setup.options.archive = Some(server.url("/archive"));
    let verdicts = setup.check(&urls);
    assert_eq!(server.hurried(), BTreeSet::new());
    let asked: BTreeSet<String> = server.requests().into_iter().map(|it| it.host).collect();
    assert_eq!(asked.len(), 2);
    for (url, verdict) in urls.iter().zip(&verdicts) {
        let good = match verdict {
            Verdict::Moved(to) => url.contains("/over/") && to.contains("/end/over/"),
            Verdict::Dead { .. } => url.contains("/gone/"),
            Verdict::Alive => url.contains("/get/") || url.contains("/end/"),
            Verdict::Unsure(_) => false,
        };
        assert!(good, "{url}: {verdict:?}");
    }
    // The order of the answers is that of the questions, whoever was asked first.
    let mut alone = Setup::new();
    (alone.options.workers, alone.options.archive) = (1, setup.options.archive.clone());
    assert_eq!(alone.check(&urls), verdicts);
}

#[test]
fn several_hosts_are_asked_at_once() {
    // Each is answered only when both have been asked.
    let met = Arc::new((Mutex::new(BTreeSet::new()), Condvar::new()));
    let server = Server::new(move |request| {
        let (hosts, changed) = &*met;
        let mut hosts = hosts.lock().unwrap();
        hosts.insert(request.host.clone());
        changed.notify_all();
        let limit = Duration::from_secs(10);
        let both = changed.wait_timeout_while(hosts, limit, |hosts| hosts.len() < 2).unwrap();
        Reply::status(if both.1.timed_out() { 404 } else { 200 })
    });
    let urls = ["127.0.0.1", "localhost"].map(|host| server.on(host, "/"));
    assert_eq!(Setup::new().check(&urls), [Verdict::Alive, Verdict::Alive]);
}

#[test]
fn a_host_rests_after_each_request() {
    let server = Server::new(|_| Reply::status(200));
    let mut setup = Setup::new();
    setup.options.per_host_delay = Duration::from_millis(60);
    let urls: Vec<String> = (0..4).map(|n| server.url(&format!("/{n}"))).collect();
    _ = setup.check(&urls);
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    // The server notes a request before it answers, and the rest begins with the answer.
    for pair in requests.windows(2) {
        assert!(pair[1].at - pair[0].at >= Duration::from_millis(60));
    }
}

#[test]
fn who_asks_to_be_left_alone_is() {
    let server = Server::new(|_| Reply::status(429));
    let urls: Vec<String> = (0..30).map(|n| server.url(&format!("/{n}"))).collect();
    for verdict in Setup::new().check(&urls) {
        unsure(&verdict, "429");
    }
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn who_asks_for_a_day_is_left_alone_at_once() {
    for status in [429, 503] {
        let server = Server::new(move |_| Reply::status(status).with("Retry-After", "86400"));
        let urls: Vec<String> = (0..30).map(|n| server.url(&format!("/{n}"))).collect();
        for verdict in Setup::new().check(&urls) {
            unsure(&verdict, &status.to_string());
        }
        assert_eq!(server.asked(), ["HEAD /0"]);
    }
}

#[test]
fn a_rest_is_the_whole_hosts() {
    let server = Server::new(|request| match (request.path.as_str(), request.before) {
        ("/0", 0) => Reply::status(429).with("Retry-After", "1"),
        _ => Reply::status(200),
    });
    let verdicts = Setup::new().check(&[server.url("/0"), server.url("/1")]);
    assert_eq!(verdicts, [Verdict::Alive, Verdict::Alive]);
    let requests = server.requests();
    assert_eq!(server.asked(), ["HEAD /0", "HEAD /1", "HEAD /0"]);
    assert!(requests[1].at - requests[0].at >= Duration::from_secs(1));
}

#[test]
fn who_never_answers_is_not_asked_for_ever() {
    let server = Server::new(|_| Reply::Nothing);
    let urls: Vec<String> = (0..30).map(|n| server.url(&format!("/{n}"))).collect();
    for verdict in Setup::new().check(&urls) {
        unsure(&verdict, "");
    }
    assert_eq!(server.asked().len(), 5);
}

#[test]
fn one_bad_page_does_not_speak_for_its_host() {
    let server = Server::new(|request| match request.path.as_str() {
        "/0" => Reply::Nothing,
        _ => Reply::status(200),
    });
    let urls: Vec<String> = (0..10).map(|n| server.url(&format!("/{n}"))).collect();
    let verdicts = Setup::new().check(&urls);
    unsure(&verdicts[0], "");
    assert!(verdicts[1..].iter().all(|verdict| *verdict == Verdict::Alive), "{verdicts:?}");
}
