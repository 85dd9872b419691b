//! What is ours and what is not: foreign files stay, obsolete files go, errors change nothing.

use std::fs;

use crate::common::{Run, Site, files, program, same, state, visible, write};

#[test]
fn a_second_build_writes_nothing() {
    let site = Site::new();
    site.page("أول", "أول");
    let (written, unchanged, deleted) = site.build().clean().counts();
    assert!(written >= 2 && unchanged == 0 && deleted == 0);
    let before = state(&site.out());
    assert_eq!(site.build().clean().counts(), (0, written, 0));
    same(&state(&site.out()), &before);
}

#[test]
fn foreign_files_are_left_alone() {
    let site = Site::new();
    let foreign = [(".nojekyll", ""), ("CNAME", "example.org"), ("a/other.html", "غريب")];
    for (path, text) in foreign {
        write(&site.out().join(path), text);
    }
    site.page("a", "أ");
    site.build().clean();
    site.remove("content/a.md");
    assert_eq!(site.build().clean().counts().2, 1);
    let found = visible(&site.out());
    for (path, text) in foreign {
        assert_eq!(found.get(path).map(Vec::as_slice), Some(text.as_bytes()));
    }
    assert!(!found.contains_key("a/index.html"));
}

/// Puts foreign things where outputs belong: the build must be refused and change nothing.
fn check_foreign(foreign: &str, code: &str) {
    let site = Site::new();
    site.page("old", "قديم");
    site.build().clean();
    site.remove("content/old.md");
    site.page("_index", "جديد");
    site.page("new", "جديد");
    site.page("z/last", "آخر");
    write(&site.out().join(foreign), "غريب");
    let before = state(&site.out());
    site.build().refused(code);
    same(&state(&site.out()), &before);
    // With the foreign file out of the way all is as it should be.
    fs::remove_file(site.out().join(foreign)).unwrap();
    site.build().clean();
    same(&visible(&site.out()), &site.clean_build());
}

#[test]
fn a_foreign_file_where_an_output_belongs_is_refused() {
    check_foreign("new/index.html", "foreign-file");
}

#[test]
fn a_foreign_file_where_a_folder_belongs_is_refused() {
    check_foreign("z", "foreign-file");
}

#[test]
fn a_foreign_folder_where_an_output_belongs_is_refused() {
    check_foreign("new/index.html/foreign.txt", "foreign-file");
}

#[test]
fn a_foreign_file_equal_to_its_output_is_adopted() {
    let site = Site::new();
    for (path, bytes) in site.clean_build() {
        write(&site.out().join(path), bytes);
    }
    assert_eq!(site.build().clean().counts().0, 0);
}

#[test]
fn obsolete_files_go_and_empty_folders_with_them() {
    let site = Site::new();
    site.page("أ/ب/ج", "عميق");
    site.page("أ/د", "باق");
    site.write("static/x/y/z.txt", "ملف");
    site.build().clean();
    site.remove("content/أ/ب/ج.md");
    site.remove("static/x/y/z.txt");
    assert_eq!(site.build().clean().counts().2, 2);
    same(&visible(&site.out()), &site.clean_build());
    // Empty folders would be in this list.
    assert!(visible(&site.out()).keys().all(|path| !path.ends_with('/')));
    assert!(!site.out().join("x").exists() && !site.out().join("أ/ب").exists());
}

#[test]
fn files_and_folders_swap_places() {
    let site = Site::new();
    site.write("static/a", "ملف");
    site.write("static/b/c", "ملف في مجلد");
    site.write("static/d/e/f", "أعمق");
    site.build().clean();
    for _ in 0..2 {
        for name in ["a", "b/c", "d/e/f"] {
            site.remove(&format!("static/{name}"));
        }
        for folder in ["b", "d/e", "d"] {
            fs::remove_dir(site.root().join("static").join(folder)).unwrap();
        }
        site.write("static/a/g", "مجلد الآن");
        site.write("static/b", "ملف الآن");
        site.write("static/d", "ملف الآن");
        site.build().clean();
        same(&visible(&site.out()), &site.clean_build());
        fs::remove_dir_all(site.root().join("static")).unwrap();
        site.write("static/a", "ملف");
        site.write("static/b/c", "ملف في مجلد");
        site.write("static/d/e/f", "أعمق");
        site.build().clean();
        same(&visible(&site.out()), &site.clean_build());
    }
}

#[test]
fn a_build_with_an_error_changes_nothing() {
    let site = Site::new();
    site.page("good", "سليم");
    site.page("bad", "مصاب");
    site.build().clean();
    let before = state(&site.out());
    site.page("good", "تغيّر");
    site.write("content/bad.md", "---\ntitle: \"مصاب\"\n---\n[[لا-شيء]]\n");
    site.build().refused("broken-link");
    same(&state(&site.out()), &before);
    // An error that only rendering finds.
    site.page("bad", "مصاب");
    site.write(
        "themes/bare/templates/page.html",
        "{% if page.title == \"مصاب\" %}{{ no_such_function() }}{% endif %}{{ page.content }}",
    );
    let run = site.build();
    assert_eq!(run.code, Some(1), "{run:?}");
    same(&state(&site.out()), &before);
}

#[test]
fn a_first_build_with_an_error_leaves_no_output() {
    let site = Site::new();
    site.write("content/bad.md", "[[لا-شيء]]\n");
    site.build().refused("broken-link");
    let visible = files(&site.out()).into_keys();
    assert_eq!(visible.filter(|path| !path.starts_with(".dhikra")).count(), 0);
}

#[test]
fn keep_going_puts_the_good_in_place() {
    let site = Site::new();
    site.page("good", "سليم");
    site.page("bad", "مصاب");
    site.build().clean();
    let old = visible(&site.out());
    site.page("good", "تغيّر");
    site.page("bad", "مصاب تغيّر");
    site.write(
        "themes/bare/templates/page.html",
        "{% if page.title == \"مصاب تغيّر\" %}{{ page.title.no.such }}{% endif %}{{ page.title }}",
    );
    let run = Run::of(site.command(&site.out()).arg("--keep-going"));
    assert_eq!(run.code, Some(1), "an error stays an error: {run:?}");
    let new = visible(&site.out());
    assert_ne!(new["good/index.html"], old["good/index.html"]);
    // What could not be made stays as it was, and stays ours.
    assert_eq!(new["bad/index.html"], old["bad/index.html"]);
    site.remove("content/bad.md");
    site.build().clean();
    same(&visible(&site.out()), &site.clean_build());
}

#[test]
fn output_folders_that_mix_with_the_source_are_refused() {
    let site = Site::new();
    let before = files(&site.root());
    let parent = site.root().join("..");
    let refused = [
        site.root(),
        parent.clone(),
        site.root().join("content"),
        site.root().join("content/new/folder"),
        site.root().join("themes/bare"),
        site.root().join("public/../static"),
        parent.join("site"),
    ];
    for out in refused {
        let run = Run::of(&mut site.command(&out));
        assert_eq!(run.code, Some(2), "{}: {run:?}", out.display());
    }
    let run = Run::of(program().current_dir(site.root()).args(["build", "--out", "."]));
    assert_eq!(run.code, Some(2), "{run:?}");
    same(&files(&site.root()), &before);
}
