//! The files for hosts and the packed copies come and go with what they belong to.

use std::fs;

use crate::common::{Site, files, same, state, visible};

const SETTINGS: &str =
    "\n[hosting]\nhosts = [\"cloudflare\", \"nginx\"]\nprecompress = [\"gzip\", \"brotli\"]\n";

fn set(site: &Site, settings: &str) {
    let path = site.root().join("site.toml");
    let text = fs::read_to_string(&path).unwrap();
    let own = text.split("\n[hosting]").next().unwrap();
    site.write("site.toml", format!("{own}{settings}"));
}

/// Whether there is a file at a path of the output folder.
fn there(site: &Site, path: &str) -> bool {
    site.out().join(path).exists()
}

#[test]
fn they_go_when_nobody_asks_for_them() {
    let site = Site::new();
    site.page("a", "أ");
    site.build().clean();
    let before = visible(&site.out());
    set(&site, SETTINGS);
    site.build().clean();
    assert!(there(&site, "_headers") && there(&site, ".dhikra/hosting/nginx.conf"));
    let made = state(&site.out());
    assert_eq!(site.build().clean().counts().0, 0);
    same(&state(&site.out()), &made);
    set(&site, "");
    site.build().clean();
    same(&visible(&site.out()), &before);
    assert!(!there(&site, ".dhikra/hosting"));
}

#[test]
fn a_packed_copy_is_never_older_than_its_file() {
    let site = Site::new();
    set(&site, SETTINGS);
    site.page("a", "أ");
    let text = |n: usize| format!("{n} سطر\n").repeat(300);
    site.write("static/long.txt", text(1));
    site.build().clean();
    let first = files(&site.out());
    assert!(first.contains_key("long.txt.gz") && first.contains_key("long.txt.br"));
    site.write("static/long.txt", text(2));
    site.build().clean();
    let second = files(&site.out());
    for path in ["long.txt", "long.txt.gz", "long.txt.br"] {
        assert_ne!(first.get(path), second.get(path), "{path}");
    }
    // What is short is not packed, and leaves no old copy.
    site.write("static/long.txt", "short");
    site.build().clean();
    assert!(!there(&site, "long.txt.gz") && !there(&site, "long.txt.br"));
    site.write("static/long.txt", text(1));
    site.build().clean();
    same(&visible(&site.out()), &site.clean_build());
    site.remove("static/long.txt");
    site.build().clean();
    assert!(!there(&site, "long.txt") && !there(&site, "long.txt.gz"));
}

#[test]
fn a_foreign_file_in_the_place_of_a_copy_is_refused() {
    let site = Site::new();
    set(&site, SETTINGS);
    site.page("a", "أ");
    site.build().clean();
    site.write("static/long.txt", "سطر\n".repeat(1000));
    fs::write(site.out().join("long.txt.gz"), "foreign").unwrap();
    let before = state(&site.out());
    site.build().refused("foreign-file");
    same(&state(&site.out()), &before);
}

#[test]
fn a_rule_that_a_host_does_not_take_changes_nothing() {
    let site = Site::new();
    set(&site, SETTINGS);
    site.page("a", "أ");
    site.build().clean();
    let before = state(&site.out());
    site.page("b", "ب");
    site.write("static/_redirects", "/x /a/ 301!\n");
    site.build().refused("hosting");
    same(&state(&site.out()), &before);
}
