//! Folders that cannot be written, disks that are full, manifests that somebody edited.

use std::fs;
use std::path::Path;

use crate::common::{Run, Site, files, program, same, state, visible, write};

/// A build that meets a failure of the disk must say so with a hint.
#[track_caller]
fn refused_with_hint(run: Run) {
    let run = run.refused("output");
    let problems = run.problems().into_iter();
    for problem in problems.filter(|problem| problem["code"] == "output") {
        let hints = problem["hints"].as_array();
        assert!(hints.is_some_and(|hints| !hints.is_empty()), "{problem}");
    }
}

#[test]
fn an_output_folder_that_cannot_be_made() {
    let site = Site::new();
    // Holds for root too, whom permissions do not stop.
    write(&site.beside("file"), "ملف");
    let out = site.beside("file").join("out");
    refused_with_hint(Run::of(&mut site.command(&out)));
    #[cfg(target_os = "linux")]
    refused_with_hint(Run::of(&mut site.command(Path::new("/proc/dhikra"))));
}

#[cfg(unix)]
#[test]
fn an_output_folder_without_the_right_to_write() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    site.page("a", "أ");
    site.build().clean();
    let before = state(&site.out());
    site.page("a", "ب");
    let own = site.out().join(".dhikra");
    let set = |mode| fs::set_permissions(&own, fs::Permissions::from_mode(mode)).unwrap();
    set(0o555);
    if fs::write(own.join("probe"), "").is_ok() {
        set(0o755);
        eprintln!("skipped: permissions do not bind this user");
        return;
    }
    let run = site.build();
    set(0o755);
    refused_with_hint(run);
    same(&state(&site.out()), &before);
}

/// Builds with a limit on the size of files, in blocks of 512 bytes, which makes writing fail.
#[cfg(unix)]
fn build_limited(site: &Site, blocks: usize) -> Run {
    let build = site.command(&site.out());
    let mut shell = std::process::Command::new("/bin/sh");
    shell.env_clear().env("SOURCE_DATE_EPOCH", "1768003200");
    shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"")]);
    shell.arg("sh").arg(build.get_program()).args(build.get_args());
    Run::of(&mut shell)
}

#[cfg(unix)]
#[test]
fn a_page_that_cannot_be_written() {
    let site = Site::new();
    site.page("a", "أ");
    site.build().clean();
    let before = state(&site.out());
    site.page("a", "ب");
    site.write("content/long.md", format!("---\ntitle: طويل\n---\n{}", "كلام ".repeat(9000)));
    refused_with_hint(build_limited(&site, 20));
    same(&state(&site.out()), &before);
    site.build().clean();
    same(&visible(&site.out()), &site.clean_build());
}

#[cfg(unix)]
#[test]
fn a_manifest_that_cannot_be_written() {
    let site = Site::new();
    site.page("old", "قديم");
    site.build().clean();
    let before = state(&site.out());
    site.remove("content/old.md");
    for n in 0..200 {
        site.page(&format!("صفحة-باسم-طويل-رقمها-{n}"), "ص");
    }
    // Every page is below this, the manifest above it.
    refused_with_hint(build_limited(&site, 16));
    let mut after = state(&site.out());
    after.retain(|path, _| path != ".dhikra/manifest.new");
    same(&after, &before);
    site.build().clean();
    same(&visible(&site.out()), &site.clean_build());
    assert!(!site.out().join(".dhikra/manifest.new").exists());
}

/// In a mount namespace of its own, so that nothing is left behind whatever happens.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    const SCRIPT: &str = r#"
        disk=$1; shift
        mount -t tmpfs -o size=256k tmpfs "$disk/out" 2>/dev/null || exit 77
        "$@" >/dev/null || exit 78
        cp -a "$disk/out" "$disk/before"
        mv "$disk/more.md" "$disk/site/content/more.md"
        "$@"; code=$?
        cp -a "$disk/out" "$disk/after"
        exit $code
    "#;
    let site = Site::new();
    fs::create_dir_all(site.out()).unwrap();
    let text = format!("---\ntitle: كثير\n---\n{}", "كلام كثير ".repeat(20_000));
    write(&site.beside("more.md"), text);
    let build = site.command(&site.out());
    let mut shell = std::process::Command::new("unshare");
    shell.args(["--mount", "sh", "-c", SCRIPT, "sh"]);
    shell.arg(site.beside("")).arg(build.get_program()).args(build.get_args());
    shell.env("SOURCE_DATE_EPOCH", "1768003200");
    let Ok(output) = shell.output() else {
        eprintln!("skipped: there is no unshare");
        return;
    };
    if output.status.code() != Some(1) || !site.beside("after").exists() {
        assert_ne!(output.status.code(), Some(78), "the first build failed");
        assert!(!site.beside("after").exists(), "{output:?}");
        eprintln!("skipped: this user may not mount");
        return;
    }
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("the disk is full"), "{stdout}");
    same(&visible(&site.beside("after")), &visible(&site.beside("before")));
    assert!(!site.beside("after/.dhikra/stage").exists());
}

#[test]
fn a_damaged_manifest_is_reported() {
    let site = Site::new();
    site.build().clean();
    let manifest = site.out().join(".dhikra/manifest");
    let good = fs::read_to_string(&manifest).unwrap();
    let cut = good.get(..good.len() / 2).unwrap_or_default();
    let cut = cut.trim_end_matches(|c| c != ' ');
    for bad in ["", "شيء آخر", "dhikra manifest 9\n", cut, "dhikra manifest 1\nzz index.html\n"]
    {
        fs::write(&manifest, bad).unwrap();
        let before = state(&site.out());
        refused_with_hint(site.build());
        same(&state(&site.out()), &before);
    }
    fs::write(&manifest, [0xFF, 0xFE, 0x00]).unwrap();
    refused_with_hint(site.build());
    // The way out that the hint names.
    fs::remove_dir_all(site.out()).unwrap();
    site.build().clean();
    same(&visible(&site.out()), &site.clean_build());
}

#[test]
fn a_forged_manifest_deletes_nothing_outside() {
    let site = Site::new();
    site.build().clean();
    write(&site.beside("theirs/file.txt"), "ملف غيرنا");
    let manifest = site.out().join(".dhikra/manifest");
    let good = fs::read_to_string(&manifest).unwrap();
    let absolute = site.beside("theirs/file.txt").display().to_string();
    let forged = ["../theirs/file.txt", "a/../../theirs/file.txt", absolute.as_str()];
    for path in forged {
        fs::write(&manifest, format!("{good}{:032x} {path}\n", 7)).unwrap();
        refused_with_hint(site.build());
        assert!(site.beside("theirs/file.txt").exists(), "{path}");
    }
}

#[test]
fn nothing_is_left_of_what_was_staged() {
    let site = Site::new();
    site.page("a", "أ");
    site.build().clean();
    let own = |site: &Site| {
        let mut names: Vec<_> = files(&site.out().join(".dhikra")).into_keys().collect();
        names.sort();
        names
    };
    assert_eq!(own(&site), ["lock", "manifest"]);
    site.write("content/a.md", "[[لا-شيء]]");
    site.build().refused("broken-link");
    assert_eq!(own(&site), ["lock", "manifest"]);
}

#[test]
fn a_site_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let run = Run::of(program().arg("build").arg("--root").arg(folder.path()));
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("site.toml") && run.stderr.contains("dhikra init"));
    assert!(files(folder.path()).is_empty());
}
