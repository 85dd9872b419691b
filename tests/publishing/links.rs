//! Symbolic links: outputs are not written or deleted through them, sources are not read through
//! them from outside of the site.

use std::fs;
use std::os::unix::fs::symlink;

use crate::common::{Site, files, same, state, visible, write};

#[test]
fn outputs_are_not_written_through_a_link_to_a_folder() {
    let site = Site::new();
    site.page("a/one", "واحد");
    let elsewhere = site.beside("elsewhere");
    write(&elsewhere.join("theirs.txt"), "ملف غيرنا");
    fs::create_dir_all(site.out()).unwrap();
    symlink(&elsewhere, site.out().join("a")).unwrap();
    let before = (files(&elsewhere), state(&site.out()));
    site.build().refused("foreign-file");
    same(&files(&elsewhere), &before.0);
    same(&state(&site.out()), &before.1);
}

#[test]
fn outputs_are_not_deleted_through_a_link() {
    let site = Site::new();
    site.page("a/one", "واحد");
    site.build().clean();
    // The folder moves away and a link to it takes its place.
    let elsewhere = site.beside("elsewhere");
    fs::rename(site.out().join("a"), &elsewhere).unwrap();
    symlink(&elsewhere, site.out().join("a")).unwrap();
    let before = files(&elsewhere);
    site.remove("content/a/one.md");
    let _ = site.build();
    same(&files(&elsewhere), &before);
}

#[test]
fn a_link_in_place_of_an_output_is_replaced_and_not_followed() {
    let site = Site::new();
    site.page("a", "أ");
    site.build().clean();
    let target = site.beside("theirs.html");
    write(&target, "ملف غيرنا");
    let output = site.out().join("a/index.html");
    fs::remove_file(&output).unwrap();
    symlink(&target, &output).unwrap();
    site.build().clean();
    assert_eq!(fs::read_to_string(&target).unwrap(), "ملف غيرنا");
    same(&visible(&site.out()), &site.clean_build());
}

#[test]
fn a_foreign_link_where_an_output_belongs_is_refused() {
    let site = Site::new();
    site.build().clean();
    let target = site.beside("theirs.html");
    write(&target, "ملف غيرنا");
    write(&site.out().join("a/b.txt"), "");
    symlink(&target, site.out().join("a/index.html")).unwrap();
    site.page("a", "أ");
    let before = state(&site.out());
    site.build().refused("foreign-file");
    same(&state(&site.out()), &before);
    assert_eq!(fs::read_to_string(&target).unwrap(), "ملف غيرنا");
}

#[test]
fn the_programs_own_folder_may_not_be_a_link() {
    let site = Site::new();
    let elsewhere = site.beside("elsewhere");
    write(&elsewhere.join("stage/theirs.txt"), "ملف غيرنا");
    fs::create_dir_all(site.out()).unwrap();
    symlink(&elsewhere, site.out().join(".dhikra")).unwrap();
    let before = files(&elsewhere);
    let run = site.build();
    assert_eq!(run.code, Some(1), "{run:?}");
    same(&files(&elsewhere), &before);
}

/// Builds a site once, adds a link to its content, and expects that to be refused at its place.
fn check_source_link(target: &str, place: &str) {
    let site = Site::new();
    write(&site.beside("secret.md"), "---\ntitle: سر\n---\n");
    write(&site.beside("secrets/one.md"), "---\ntitle: سر\n---\n");
    site.page("a/one", "واحد");
    site.build().clean();
    let before = state(&site.out());
    symlink(target, site.root().join("content").join(place)).unwrap();
    let run = site.build().refused("symlink");
    let problems = run.problems();
    let problem = problems.iter().find(|p| p["code"] == "symlink").unwrap();
    let file = problem["file"].as_str().unwrap_or_default();
    assert!(file.starts_with(&format!("content/{place}")), "{run:?}");
    let hints = problem["hints"].as_array();
    assert!(hints.is_some_and(|hints| !hints.is_empty()), "{problem}");
    same(&state(&site.out()), &before);
}

#[test]
fn a_link_out_of_the_site_is_refused() {
    check_source_link("../../secret.md", "secret.md");
    check_source_link("../../secrets", "secrets");
    check_source_link("/etc/hostname", "host.md");
}

#[test]
fn a_link_back_to_its_own_folder_is_refused() {
    check_source_link("..", "a/ring");
    check_source_link(".", "a/self");
}

#[test]
fn links_in_a_ring_are_refused() {
    check_source_link("ring.md", "ring.md");
}

#[test]
fn a_dangling_link_is_refused() {
    check_source_link("nothing.md", "dangling.md");
}

#[test]
fn a_link_inside_the_site_is_followed() {
    let site = Site::new();
    site.page("a/one", "واحد");
    site.write("data/shared.md", "---\ntitle: مشترك\n---\nنص مشترك.\n");
    symlink("../data/shared.md", site.root().join("content/linked.md")).unwrap();
    symlink("a", site.root().join("content/b")).unwrap();
    site.build().clean();
    let found = visible(&site.out());
    let page = String::from_utf8(found["linked/index.html"].clone()).unwrap();
    assert!(page.contains("نص مشترك"), "{page}");
    assert!(found.contains_key("b/one/index.html"));
}
