//! Saves faster than anybody can type, while pages are asked for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::server::Server;
use crate::site::Site;

#[test]
fn two_hundred_saves_end_in_the_last_one() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for path in ["/places/gwadar/", "/places/", "/"] {
            let (server, done) = (&server, &done);
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    let answer = server.get(path);
                    assert_eq!(answer.status, 200, "{path}");
                    assert!(answer.text().contains("</html>"), "half a page: {path}");
                }
            });
        }
        let good = site.read("content/places/gwadar.md");
        for n in 0..200 {
            let text = good.replace("title: ميناء غوادر", &format!("title: ميناء {n}"));
            site.write("content/places/gwadar.md", &format!("{text}\nالحفظ {n}.\n"));
        }
        server.until("the last save", || {
            server.get("/places/").text().contains("ميناء 199").then_some(())
        });
        done.store(true, Ordering::Relaxed);
    });
    assert!(server.get("/places/gwadar/").text().contains("الحفظ 199."));
    std::thread::sleep(Duration::from_millis(100));
    site.is_what(&server, &[]);
}

#[test]
fn files_that_come_and_go_end_in_what_is_there() {
    let site = Site::new();
    let server = Server::start(&site.root(), &[]);
    for round in 0..30 {
        let path = format!("content/news/c{}.md", round % 3);
        site.write(&path, &format!("---\ntitle: خبر {round}\n---\nنص.\n"));
        if round % 2 == 0 {
            site.remove(&path);
        }
        std::thread::sleep(Duration::from_millis(7));
    }
    server.until("the state of the files", || {
        let there = (0..3).all(|n| {
            let is = site.path(&format!("content/news/c{n}.md")).exists();
            (server.get(&format!("/news/c{n}/")).status == 200) == is
        });
        there.then_some(())
    });
    std::thread::sleep(Duration::from_millis(400));
    site.is_what(&server, &[]);
}
