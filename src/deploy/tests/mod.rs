//! Deploys to a store in memory that fails whenever it is told to.

// Tests may write what they like.
#![allow(clippy::disallowed_methods)]

mod meanwhile;
mod memory;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use super::build::hash;
use super::look::look;
use super::manifest::File;
use super::*;
use memory::{Fault, Memory, served};

/// A site: its files by their paths.
type Site = BTreeMap<String, String>;

/// As [`Remote`] does it: nothing where nothing is to be done.
fn deploy(
    store: &dyn Store,
    means: Means<'_>,
    (held, plan): (&Held, &Plan),
    next: Manifest,
    source: Source<'_>,
    limits: (usize, bool),
) -> Result<Done, Failure> {
    if run::is_done(held, plan, &next) {
        return Ok(Done::default());
    }
    run::deploy(store, means, (held, plan), next, source, limits)
}

/// A site whose pages name what they need in `[…]`: an asset, a page.
fn site(files: &[(&str, &str)]) -> Site {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn first() -> Site {
    site(&[
        ("index.html", "home 1 [assets/main.1.css] [old/index.html] [a/b/index.html]"),
        ("old/index.html", "old [assets/main.1.css]"),
        ("a/b/index.html", "ميناء 1 [assets/main.1.css] [old/index.html]"),
        ("same/index.html", "same [same.png]"),
        ("same.png", "picture"),
        ("assets/main.1.css", "css 1"),
        ("sitemap.xml", "[index.html] [old/index.html]"),
        ("p/1.html", "1"),
        ("p/2.html", "2"),
        ("p/3.html", "3"),
    ])
}

fn second() -> Site {
    site(&[
        ("index.html", "home 2 [assets/main.2.css] [new/index.html] [a/b/index.html]"),
        ("new/index.html", "new [assets/main.2.css] [new/picture.png]"),
        ("new/picture.png", "new picture"),
        ("a/b/index.html", "ميناء 2 [assets/main.2.css] [new/index.html]"),
        ("same/index.html", "same [same.png]"),
        ("same.png", "picture"),
        ("assets/main.2.css", "css 2"),
        ("sitemap.xml", "[index.html] [new/index.html]"),
        ("p/1.html", "1"),
        ("p/2.html", "2"),
        ("p/3.html", "3"),
    ])
}

fn files(site: &Site) -> BTreeMap<String, File> {
    let file = |(path, text): (&String, &String)| {
        let headers = Headers::of(path, path.starts_with("assets/"));
        let (hash, size) = (hash(text.as_bytes()), text.len() as u64);
        (path.clone(), File { hash, size, headers, version: None })
    };
    site.iter().map(file).collect()
}

/// A build of the site in a folder of its own.
fn build(site: &Site) -> (tempfile::TempDir, Build) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in site {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let build = Build::of(folder.path(), files(site));
    (folder, build)
}

struct World {
    now: AtomicU64,
    runs: AtomicUsize,
}

impl World {
    fn new() -> Self {
        Self { now: AtomicU64::new(1_768_000_000), runs: AtomicUsize::new(0) }
    }

    /// Calls with the means of a new run, which begins a minute after the last.
    fn run<T>(&self, workers: usize, act: impl FnOnce(Means<'_>) -> T) -> T {
        self.now.fetch_add(60, Ordering::SeqCst);
        let run = self.runs.fetch_add(1, Ordering::SeqCst);
        let now = || self.now.load(Ordering::SeqCst);
        let wait = |time: Duration| _ = self.now.fetch_add(time.as_secs(), Ordering::SeqCst);
        let id = format!("run {run}");
        let watch = |_| {};
        act(Means {
            now: &now,
            wait: &wait,
            watch: &watch,
            id: &id,
            place: &id,
            workers,
            retries: 2,
        })
    }

    fn deploy(&self, store: &Memory, site: &Site, workers: usize) -> Result<(Plan, Done), Failure> {
        let (_folder, build) = build(site);
        self.run(workers, |means| {
            let held = look(store, means, Some(&build.files))?;
            let base_url = "https://example.org";
            let wish = Wish { files: &build.files, base_url, keep: 2, headers: true, alone: false };
            let plan = plan(wish, &held);
            let next = next(&held, &build.files, base_url, (means.now)());
            let done =
                deploy(store, means, (&held, &plan), next, Source::Build(&build), (2, false))?;
            Ok((plan, done))
        })
    }

    fn rollback(&self, store: &Memory, to: Option<&str>) -> Result<Done, Failure> {
        self.run(1, |means| {
            let held = look(store, means, None)?;
            let mut target = release(&held, to)?;
            target.release.served = (means.now)();
            let held = look(store, means, Some(&target.files))?;
            let base_url = &target.release.base_url.clone();
            let wish =
                Wish { files: &target.files, base_url, keep: 2, headers: true, alone: false };
            let plan = plan(wish, &held);
            deploy(store, means, (&held, &plan), target, Source::Kept, (2, false))
        })
    }

    fn releases(&self, store: &Memory) -> (String, Vec<String>) {
        let held = self.run(1, |means| look(store, means, None)).unwrap();
        let state = held.state.unwrap();
        let ids = state.releases.into_iter().map(|release| release.id).collect();
        (state.current.release.id, ids)
    }
}

/// Fails where a page of what is served is neither old nor new, or names what is not there.
fn whole(now: &Site, old: &Site, new: &Site) {
    for (path, text) in now {
        let known = [old, new].iter().any(|site| site.get(path) == Some(text));
        assert!(known, "{path} is neither old nor new: {text}");
        for part in text.split('[').skip(1) {
            let needed = part.split(']').next().unwrap();
            assert!(now.contains_key(needed), "{path} needs {needed}: {now:#?}");
        }
    }
}

/// Without assets that older pages in caches need.
fn current(mut site: Site, wanted: &Site) -> Site {
    site.retain(|path, _| !path.starts_with("assets/") || wanted.contains_key(path));
    site
}

#[test]
fn a_deploy_serves_the_site_and_a_second_one_does_nothing() {
    let (world, store) = (World::new(), Memory::new());
    let (plan, done) = world.deploy(&store, &first(), 4).unwrap();
    assert_eq!((plan.count(Why::New), done.uploaded, store.served()), (10, 10, first()));
    let before = store.objects.lock().unwrap().get("index.html").map(|it| it.version);
    let (plan, done) = world.deploy(&store, &first(), 4).unwrap();
    assert!(plan.is_idle() && plan.guards.is_empty() && plan.unchanged == 10);
    assert_eq!(done, Done::default());
    assert_eq!(before, store.objects.lock().unwrap().get("index.html").map(|it| it.version));
    let headers = store.objects.lock().unwrap()["assets/main.1.css"].headers.clone();
    assert!(headers.immutable());
}

#[test]
fn every_request_may_fail_and_what_is_served_stays_whole() {
    let count = {
        let (world, store) = (World::new(), Memory::new());
        world.deploy(&store, &first(), 1).unwrap();
        store.requests.store(0, Ordering::SeqCst);
        world.deploy(&store, &second(), 1).unwrap();
        store.requests.load(Ordering::SeqCst)
    };
    assert!(count > 15, "{count}");
    for at in 0..count {
        for fault in [Fault::Before, Fault::After] {
            for (passing, workers) in [(false, 1), (true, 1), (false, 3)] {
                let (world, mut store) = (World::new(), Memory::new());
                world.deploy(&store, &first(), 1).unwrap();
                let id = world.releases(&store).0;
                store.check = Box::new(|objects| whole(&served(objects), &first(), &second()));
                store.requests.store(0, Ordering::SeqCst);
                *store.fault.lock().unwrap() = Some((at, fault, passing));
                let result = world.deploy(&store, &second(), workers);
                *store.fault.lock().unwrap() = None;
                let case = format!("request {at} {fault:?} passing {passing}: {result:?}");
                if passing {
                    assert!(result.is_ok(), "{case}");
                } else if workers == 1 {
                    // Only a lock that stays is no failure.
                    assert!(result.is_err() || result.is_ok_and(|it| it.1.left), "{case}");
                }
                // The lock of what was cut ends by itself.
                world.now.fetch_add(3600, Ordering::SeqCst);
                let (plan, _) = world.deploy(&store, &second(), workers).unwrap();
                assert!(plan.lost.is_empty(), "{case}: {:?}", plan.lost);
                assert_eq!(current(store.served(), &second()), second(), "{case}");
                assert!(store.served().contains_key("assets/main.1.css"), "{case}");
                let left = store.objects.lock().unwrap().keys().cloned().collect::<Vec<_>>();
                assert!(!left.iter().any(|key| key.ends_with("pending.json")), "{case}");
                world.rollback(&store, Some(&id)).unwrap();
                assert_eq!(current(store.served(), &first()), first(), "{case}");
            }
        }
    }
}

#[test]
fn what_was_done_before_a_cut_is_not_done_again() {
    let (world, store) = (World::new(), Memory::new());
    world.deploy(&store, &first(), 1).unwrap();
    store.requests.store(0, Ordering::SeqCst);
    // In the midst of the uploads.
    *store.fault.lock().unwrap() = Some((23, Fault::Before, false));
    world.deploy(&store, &second(), 1).unwrap_err();
    let put = |store: &Memory| {
        store.served().values().filter(|t| second().values().any(|s| s == *t)).count()
    };
    let done = put(&store);
    assert!(done > 6 && done < 11, "{done}");
    *store.fault.lock().unwrap() = None;
    world.now.fetch_add(3600, Ordering::SeqCst);
    let (plan, result) = world.deploy(&store, &second(), 1).unwrap();
    assert_eq!(result.uploaded + done, 11, "{:?}", plan.uploads);
}

#[test]
fn rollbacks_go_back_and_forth() {
    let (world, store) = (World::new(), Memory::new());
    let mut third = second();
    third.insert("index.html".into(), "home 3 [assets/main.3.css]".into());
    third.insert("assets/main.3.css".into(), "css 3".into());
    for site in [&first(), &second(), &third] {
        world.deploy(&store, site, 2).unwrap();
    }
    let (_, ids) = world.releases(&store);
    assert_eq!(ids.len(), 3);
    let turns = [
        (None, second(), [0, 2, 1]),
        (None, first(), [2, 1, 0]),
        (Some(&ids[2]), third, [1, 0, 2]),
        (Some(&ids[0]), first(), [1, 2, 0]),
    ];
    for (to, site, order) in turns {
        world.rollback(&store, to.map(String::as_str)).unwrap();
        assert_eq!(current(store.served(), &site), site);
        let (now, releases) = world.releases(&store);
        assert_eq!(
            (releases.last(), releases.clone()),
            (Some(&now), order.map(|n| ids[n].clone()).to_vec())
        );
    }
    let none = world.rollback(&store, None).unwrap_err();
    assert!(none.what.contains("no release that was served before"), "{none:?}");
    // One too many pushes that out which was served least lately, with all that only it had.
    let mut fourth = second();
    fourth.insert("index.html".into(), "home 4 [assets/main.4.css]".into());
    fourth.insert("assets/main.4.css".into(), "css 4".into());
    world.deploy(&store, &fourth, 1).unwrap();
    let (now, left) = world.releases(&store);
    assert_eq!((left.len(), left.last()), (3, Some(&now)));
    assert_eq!(left[..2], [ids[2].clone(), ids[0].clone()]);
    let objects = store.objects.lock().unwrap();
    let lists = objects.keys().filter(|key| key.starts_with(".dhikra/releases/")).count();
    assert_eq!(lists, 3);
    drop(objects);
    // Back from it is to what was served before it, not to what was made before it.
    world.rollback(&store, None).unwrap();
    assert_eq!(current(store.served(), &first()), first());
}

#[test]
fn only_headers_that_changed_are_a_change() {
    let (world, store) = (World::new(), Memory::new());
    world.deploy(&store, &first(), 1).unwrap();
    let (_folder, mut build) = build(&first());
    let page = build.files.get_mut("old/index.html").unwrap();
    page.headers.cache_control = "max-age=5".into();
    world.run(1, |means| {
        let held = look(&store, means, Some(&build.files)).unwrap();
        let base_url = "https://example.org";
        let mut wish = Wish { files: &build.files, base_url, keep: 2, headers: true, alone: false };
        let with_headers = plan(wish, &held);
        assert_eq!((with_headers.uploads.len(), with_headers.count(Why::Headers)), (1, 1));
        wish.headers = false;
        assert!(plan(wish, &held).is_idle());
        let next = next(&held, &build.files, base_url, 9);
        let parts = (&held, &with_headers);
        deploy(&store, means, parts, next, Source::Build(&build), (2, false)).unwrap();
    });
    let headers = store.objects.lock().unwrap()["old/index.html"].headers.clone();
    assert_eq!(headers.cache_control, "max-age=5");
    world.rollback(&store, None).unwrap();
    let headers = store.objects.lock().unwrap()["old/index.html"].headers.clone();
    assert_eq!(headers.cache_control, "no-cache");
}

#[test]
fn what_is_suspicious_has_to_be_allowed() {
    let names = |plan: &Plan| plan.guards.iter().map(|(guard, _)| *guard).collect::<Vec<_>>();
    let (world, store) = (World::new(), Memory::new());
    store.put("index.html", b"theirs", &Headers::own(), "", Condition::Always).unwrap();
    store.put("theirs.txt", b"theirs", &Headers::own(), "", Condition::Always).unwrap();
    let planned = |site: &Site, base_url: &str| {
        let files = files(site);
        let held = world.run(1, |means| look(&store, means, Some(&files))).unwrap();
        plan(Wish { files: &files, base_url, keep: 2, headers: true, alone: false }, &held)
    };
    let there = "https://example.org";
    let before = planned(&first(), there);
    assert_eq!((names(&before), before.foreign), (vec![Guard::Foreign], 1));
    world.deploy(&store, &first(), 1).unwrap();
    assert_eq!(store.served()["theirs.txt"], "theirs");
    assert!(names(&planned(&second(), there)).is_empty());
    assert_eq!(names(&planned(&second(), "https://other.example")), [Guard::BaseUrl]);
    let mut small = first();
    small.retain(|path, _| path.starts_with("assets/"));
    let plan = planned(&small, there);
    assert_eq!(names(&plan), [Guard::Empty, Guard::Deletions]);
    assert!(!plan.deletions.contains(&"theirs.txt".to_owned()), "what is not ours stays");
}

#[test]
fn what_others_changed_is_put_right() {
    let (world, store) = (World::new(), Memory::new());
    world.deploy(&store, &first(), 1).unwrap();
    store.put("index.html", b"hacked", &Headers::own(), "", Condition::Always).unwrap();
    store.delete("p/1.html").unwrap();
    let (plan, _) = world.deploy(&store, &first(), 1).unwrap();
    assert_eq!((plan.count(Why::Astray), plan.uploads.len()), (2, 2));
    assert_eq!(store.served(), first());
    assert_eq!(world.releases(&store).1.len(), 1, "it is the same release");
    store.put("old/index.html", b"hacked", &Headers::own(), "", Condition::Always).unwrap();
    let (plan, _) = world.deploy(&store, &second(), 1).unwrap();
    assert_eq!(plan.lost, ["old/index.html"]);
    let refused = world.rollback(&store, None).unwrap_err();
    assert!(refused.what.contains("old/index.html"), "{refused:?}");
    assert_eq!(current(store.served(), &second()), second(), "nothing was changed");
}

#[test]
fn two_deploys_at_once_are_kept_apart() {
    for conditions in [true, false] {
        let (world, mut store) = (World::new(), Memory::new());
        store.conditions = conditions;
        let (now, wait, watch) =
            (|| world.now.load(Ordering::SeqCst), |_: Duration| {}, |_: Step| {});
        let means = |id| Means {
            now: &now,
            wait: &wait,
            watch: &watch,
            id,
            place: id,
            workers: 1,
            retries: 1,
        };
        let mut mine = lock::Lock::take(&store, means("a"), false).unwrap();
        let refused = lock::Lock::take(&store, means("b"), false).map(|_| ()).unwrap_err();
        assert!(refused.guard == Some(Guard::Lock) && refused.hints.len() == 1, "{refused:?}");
        let failed = world.deploy(&store, &first(), 1).unwrap_err();
        assert_eq!(failed.guard, Some(Guard::Lock));
        assert_eq!(failed.problem().code, codes::DEPLOY_REFUSED);
        assert!(store.served().is_empty());
        mine.hold().unwrap();
        // It holds on while it works, and ends by itself otherwise.
        world.now.fetch_add(500, Ordering::SeqCst);
        mine.hold_if_due().unwrap();
        world.now.fetch_add(500, Ordering::SeqCst);
        lock::Lock::take(&store, means("b"), false).map(|_| ()).unwrap_err();
        let theirs = lock::Lock::take(&store, means("b"), true).unwrap();
        assert!(mine.hold().is_err(), "it was taken");
        mine.give_up().unwrap();
        theirs.give_up().unwrap();
        world.deploy(&store, &first(), 1).unwrap();
    }
}
