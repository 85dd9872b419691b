//! The commands as a shell runs them: what they say, make and end with.

// Tests may read and write what they like, and fail.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod check;
mod deploy;
mod import;
mod scaffold;
mod tables;

use std::path::Path;

use common::{Run, Site, program, same, state, visible};

fn run(arguments: &[&str]) -> Run {
    Run::of(program().args(arguments))
}

/// Runs a command on a site.
fn on(root: &Path, arguments: &[&str]) -> Run {
    Run::of(program().args(arguments).arg("--root").arg(root))
}

/// A new site as `init` makes it.
fn init() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let run = Run::of(program().arg("init").current_dir(folder.path()));
    assert_eq!(run.code, Some(0), "{run:?}");
    folder
}

#[test]
fn wrong_usage_ends_with_2() {
    let site = Site::new();
    let wrong: [&[&str]; 11] = [
        &[],
        &["bulid"],
        &["build", "--no-such-option"],
        &["build", "extra"],
        &["build", "--threads", "0"],
        &["build", "--threads", "many"],
        &["build", "--threads", "1025"],
        &["build", "--message-format", "xml"],
        &["build", "--out"],
        &["new", "event"],
        &["completions", "cmd"],
    ];
    for arguments in wrong {
        let run = Run::of(program().args(arguments).current_dir(site.root()));
        assert_eq!(run.code, Some(2), "{arguments:?}: {run:?}");
        assert!(!run.stderr.is_empty() && run.stdout.is_empty(), "{run:?}");
    }
    let asked: [&[&str]; 4] = [&["--help"], &["--version"], &["build", "--help"], &["help", "new"]];
    for arguments in asked {
        let run = run(arguments);
        assert!(run.code == Some(0) && !run.stdout.is_empty(), "{run:?}");
    }
    assert!(!site.root().join("public").exists());
}

#[test]
fn problems_end_with_1_and_are_shown_to_people_with_their_place() {
    let site = Site::new();
    site.write("content/bad.md", "---\ntitle: أ\nsulg: x\n---\n\n[[الرئيسة]]\n");
    let run = on(&site.root(), &["build"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.is_empty(), "{run:?}");
    for part in ["content/bad.md:3", "content/bad.md:6", "slug", "[[الرئيسة]]"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert!(!run.stderr.contains('\u{1B}'), "a pipe gets no colour");
    let missing = on(&site.root().join("nothing"), &["build"]);
    assert_eq!(missing.code, Some(1), "{missing:?}");
}

#[test]
fn json_lines_hold_place_quote_and_hints() {
    let site = Site::new();
    let text = "---\ntitle: عنوان: فرعي\n---\n";
    site.write("content/colon.md", text);
    site.page("target", "هدف");
    site.write("content/link.md", "---\ntitle: أ\n---\nنص ثم [[tagret]] هنا.\n");
    let run = site.build();
    assert_eq!(run.code, Some(1), "{run:?}");
    let problems = run.problems();
    let of = |code: &str| problems.iter().find(|p| p["code"] == code).unwrap();
    let link = of("broken-link");
    assert_eq!(link["severity"], "error");
    assert_eq!(link["file"], "content/link.md");
    assert_eq!((&link["line"], &link["column"]), (&4.into(), &7.into()));
    assert_eq!((&link["end_line"], &link["end_column"]), (&4.into(), &17.into()));
    assert_eq!(link["quote"], "[[tagret]]");
    assert!(link["hints"].to_string().contains("target"), "{link}");
    assert!(link["message"].is_string() && link["related"].is_array());
    let colon = of("yaml-syntax");
    assert_eq!((&colon["file"], &colon["line"]), (&"content/colon.md".into(), &2.into()));
    assert!(colon["hints"].to_string().contains("quot"), "{colon}");
    let summary = run.lines().pop().unwrap();
    assert_eq!(summary["summary"]["published"], false);
    assert_eq!(summary["summary"]["errors"], problems.len());
    assert!(run.stderr.is_empty(), "{run:?}");
}

#[test]
fn completions_are_there_for_each_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = run(&["completions", shell]);
        assert_eq!(run.code, Some(0), "{run:?}");
        for word in ["dhikra", "build", "init", "new", "completions", "keep-going"] {
            assert!(run.stdout.contains(word), "{shell} lacks {word}");
        }
    }
}

#[test]
fn the_base_url_can_be_changed() {
    let site = init();
    let build = ["build", "--message-format", "json", "--base-url"];
    let with = |url: &str| on(site.path(), &[&build[..], &[url]].concat());
    with("https://preview.example/repo/").clean();
    let out = visible(&site.path().join("public"));
    let home = String::from_utf8_lossy(&out["index.html"]).into_owned();
    assert!(home.contains("https://preview.example/repo/"), "{home}");
    assert!(home.contains("\"/repo/about/\""), "{home}");
    for (path, bytes) in &out {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("https://example.org"), "{path}");
    }
    let before = state(&site.path().join("public"));
    for bad in ["preview.example", "ftp://x/", "https://", "https://x/../y"] {
        with(bad).refused("bad-value");
        same(&state(&site.path().join("public")), &before);
    }
}

#[test]
fn drafts_are_shown_when_asked_for() {
    let site = Site::new();
    for (id, key) in [
        ("draft", "draft: true"),
        ("later", "publish: \"2026-01-11\""),
        ("over", "expires: \"2026-01-10\""),
        ("today", "publish: \"2026-01-10\""),
    ] {
        site.write(&format!("content/{id}.md"), format!("---\ntitle: {id}\n{key}\n---\n"));
    }
    let pages = |out: &Path| {
        let paths = visible(out).into_keys();
        paths
            .filter_map(|path| path.strip_suffix("/index.html").map(str::to_owned))
            .collect::<Vec<_>>()
    };
    site.build().clean();
    assert_eq!(pages(&site.out()), ["today"]);
    Run::of(site.command(&site.out()).arg("--drafts")).clean();
    assert_eq!(pages(&site.out()), ["draft", "later", "over", "today"]);
    let (_, _, deleted) = site.build().clean().counts();
    assert_eq!((deleted, pages(&site.out())), (3, vec!["today".to_owned()]));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let site = init();
    let one = site.path().join("one");
    let build = |out: &Path, threads: &str| {
        let mut command = program();
        command.args(["build", "--message-format", "json", "--threads", threads, "--root"]);
        Run::of(command.arg(site.path()).arg("--out").arg(out)).clean()
    };
    build(&one, "1");
    for threads in ["2", "7"] {
        let other = site.path().join(format!("with-{threads}"));
        build(&other, threads);
        same(&visible(&other), &visible(&one));
        assert_eq!(build(&one, threads).counts().0, 0);
    }
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    use std::process::Stdio;
    let mut child = program()
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("panicked"), "{errors}");
}
