//! Builds that are killed, and builds at the same time.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::common::{Run, Site, files, same, visible};

/// How many builds are killed.
const KILLS: u32 = 20;

/// How many pages the site has.
const PAGES: usize = 300;

type Tree = BTreeMap<String, Vec<u8>>;

/// Gives the site one of two forms that have some pages in common, some in different words and
/// some alone; some paths are a file in one and a folder in the other.
fn set_form(site: &Site, form: usize) {
    let _ = fs::remove_dir_all(site.root().join("content"));
    let _ = fs::remove_dir_all(site.root().join("static"));
    site.page("_index", "الرئيسية");
    for n in 0..PAGES {
        let section = ["أحداث", "أماكن", "وثائق"][n % 3];
        match n % 6 {
            0 | 1 => site.page(&format!("{section}/{n}"), "ثابت"),
            2 | 3 => site.page(&format!("{section}/{n}"), ["أولى", "ثانية"][form]),
            _ => site.page(&format!("{section}-{form}/{n}"), "وحيد"),
        }
    }
    match form {
        0 => site.write("static/swap", "ملف"),
        _ => site.write("static/swap/inside", "في مجلد"),
    }
}

fn spawn(site: &Site) -> Child {
    let mut command = site.command(&site.out());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program starts")
}

/// Waits until the build begins to move files into place, or ends.
fn wait_for_commit(site: &Site, child: &mut Child) {
    let manifest = site.out().join(".dhikra/manifest");
    let before = fs::read(&manifest).ok();
    while child.try_wait().is_ok_and(|status| status.is_none()) {
        if fs::read(&manifest).ok() != before {
            return;
        }
        std::thread::yield_now();
    }
}

/// No file is there by halves: each is what one of the two forms has.
fn check_whole(site: &Site, forms: &[Tree; 2]) {
    for (path, bytes) in visible(&site.out()) {
        let known = path.ends_with('/') || forms.iter().any(|form| form.get(&path) == Some(&bytes));
        assert!(known, "{path} is neither of one form nor of the other");
    }
}

#[test]
fn a_killed_build_is_put_right_by_the_next() {
    let site = Site::new();
    let forms = [0, 1].map(|form| {
        set_form(&site, form);
        site.clean_build()
    });
    let start = Instant::now();
    site.build().clean();
    let whole = start.elapsed();
    for kill in 0..KILLS {
        // The site on the disk is of one form, the output of the other.
        let form = (kill % 2) as usize;
        set_form(&site, form);
        let mut child = spawn(&site);
        if kill % 4 < 2 {
            // Spread over the whole build.
            std::thread::sleep(whole * (kill + 1) / KILLS);
        } else {
            // Spread over the moves at its end.
            wait_for_commit(&site, &mut child);
            std::thread::sleep(Duration::from_micros(u64::from(kill) * 150));
        }
        let _ = child.kill();
        child.wait().expect("the program ends");
        check_whole(&site, &forms);
        // Every third time the next build is killed as well.
        if kill % 3 == 2 {
            let mut child = spawn(&site);
            std::thread::sleep(whole / 2);
            let _ = child.kill();
            child.wait().expect("the program ends");
            check_whole(&site, &forms);
        }
        site.build().clean();
        same(&visible(&site.out()), &forms[form]);
        let own: Vec<_> = files(&site.out().join(".dhikra")).into_keys().collect();
        assert_eq!(own, ["lock", "manifest"], "after kill {kill}");
    }
}

#[test]
fn a_killed_first_build_is_put_right_by_another_site() {
    let site = Site::new();
    let forms = [0, 1].map(|form| {
        set_form(&site, form);
        site.clean_build()
    });
    for kill in 0..4_u64 {
        let _ = fs::remove_dir_all(site.out());
        set_form(&site, 1);
        let mut child = spawn(&site);
        wait_for_commit(&site, &mut child);
        std::thread::sleep(Duration::from_micros(kill * 300));
        let _ = child.kill();
        child.wait().expect("the program ends");
        // What was put in place by the killed build is known to be ours, and goes.
        set_form(&site, 0);
        site.build().clean();
        same(&visible(&site.out()), &forms[0]);
    }
}

#[test]
fn a_second_build_at_the_same_time_is_refused() {
    let site = Site::new();
    site.build().clean();
    site.page("a", "أ");
    let lock = fs::File::open(site.out().join(".dhikra/lock")).unwrap();
    lock.lock().unwrap();
    let run = site.build().refused("output");
    assert!(run.stdout.contains("another build"), "{run:?}");
    drop(lock);
    site.build().clean();
    same(&visible(&site.out()), &site.clean_build());
}

#[test]
fn builds_at_the_same_time_give_one_whole_site() {
    let site = Site::new();
    for n in 0..40 {
        site.page(&n.to_string(), "صفحة");
    }
    let expected = site.clean_build();
    for _ in 0..3 {
        let runs: Vec<Run> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..3).map(|_| scope.spawn(|| site.build())).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        assert!(runs.iter().any(|run| run.code == Some(0)), "{runs:?}");
        for run in runs.into_iter().filter(|run| run.code != Some(0)) {
            run.refused("output");
        }
        same(&visible(&site.out()), &expected);
        fs::remove_dir_all(site.out()).unwrap();
    }
}

#[test]
fn two_files_with_one_name_in_nfc_are_refused() {
    let site = Site::new();
    site.build().clean();
    let before = visible(&site.out());
    // أ composed, and as alef with a hamza above.
    site.page("\u{0623}حداث", "مركب");
    site.page("\u{0627}\u{0654}حداث", "مفكك");
    let names = fs::read_dir(site.root().join("content")).unwrap().count();
    if names < 3 {
        eprintln!("skipped: this file system takes both for one name");
        return;
    }
    site.build().refused("path-collision");
    same(&visible(&site.out()), &before);
}
