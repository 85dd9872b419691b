//! `init` and `new`: what they make is sound as it stands.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use dhikra::config::Config;
use dhikra::diagnostic::Problems;
use dhikra::document::{Document, Name};
use dhikra::source::SourceFile;

use crate::common::{Run, files, program, same, state};
use crate::{init, on};

#[test]
fn a_new_site_builds_without_problems() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("a/موقع");
    let made = Run::of(program().arg("init").arg(&root));
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(made.stdout.contains("dhikra serve"), "{made:?}");
    let built = on(&root, &["build", "--message-format", "json"]).clean();
    assert!(built.counts().0 > 5);
    let home = fs::read_to_string(root.join("public/index.html")).unwrap();
    assert!(home.contains("lang=\"ar\"") && home.contains("dir=\"rtl\""), "{home}");
    let human = on(&root, &["build"]);
    assert_eq!(human.code, Some(0), "{human:?}");
    assert!(human.stderr.contains("0 files written"), "{human:?}");
    assert!(!human.stderr.contains('\u{1B}'), "a pipe gets no colour");
}

#[test]
fn init_is_refused_where_something_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("رسالة.txt"), "موجود").unwrap();
    let run = Run::of(program().arg("init").arg(folder.path()));
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("not empty") && run.stderr.contains("رسالة.txt"), "{run:?}");
    assert_eq!(files(folder.path()).len(), 1);
    // Nor twice.
    let site = init();
    let before = state(site.path());
    let run = Run::of(program().arg("init").arg(site.path()));
    assert_eq!(run.code, Some(2), "{run:?}");
    same(&state(site.path()), &before);
    // A hidden folder such as .git is no content.
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    let run = Run::of(program().arg("init").arg(folder.path()));
    assert_eq!(run.code, Some(0), "{run:?}");
}

/// The kinds of the embedded theme.
fn kinds() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/dhikra/kinds.toml");
    let table: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
    table.keys().cloned().collect()
}

#[test]
fn new_makes_a_page_of_every_kind() {
    let site = init();
    let text = fs::read_to_string(site.path().join("site.toml")).unwrap();
    let config = Config::parse(&text, &"site.toml".into(), &Problems::new());
    assert!(kinds().len() > 5);
    for kind in kinds() {
        let run = on(site.path(), &["new", &kind, "صفحة-جديدة"]);
        assert_eq!(run.code, Some(0), "{kind}: {run:?}");
        let made = Path::new(run.stdout.trim());
        let text = fs::read_to_string(made).unwrap();
        let path = made.strip_prefix(site.path()).unwrap().to_str().unwrap();
        let path: Arc<str> = path.replace('\\', "/").into();
        let name = Name::of(&path, &config).unwrap();
        assert!(name.id.ends_with("صفحة-جديدة"), "{}", name.id);
        let problems = Problems::new();
        // What is left to fill in is a date at most; the form is sound.
        let filled = text.replace("date: \"\"", "date: \"1951\"");
        let document =
            Document::parse(&SourceFile::empty(&path), name, &filled, &config, &problems);
        let problems = problems.into_vec();
        assert!(problems.is_empty(), "{kind}: {problems:?}\n{text}");
        assert!(document.front.title.as_deref().is_none_or(str::is_empty), "{text}");
        // What is commented out can be taken in as it stands.
        let all = filled.replace("\n# ", "\n");
        let problems = Problems::new();
        let name = Name::of(&path, &config).unwrap();
        let _ = Document::parse(&SourceFile::empty(&path), name, &all, &config, &problems);
        let problems = problems.into_vec();
        assert!(problems.is_empty(), "{kind}: {problems:?}\n{all}");
    }
}

#[test]
fn new_pages_build_when_they_are_filled_in() {
    let site = init();
    let run = on(site.path(), &["new", "event", "signing"]);
    let made = run.stdout.trim().to_owned();
    let text = fs::read_to_string(&made).unwrap();
    let text = text.replace("title: \"\"", "title: \"التوقيع\"");
    fs::write(&made, text.replace("date: \"\"", "date: \"1951-05-21\"")).unwrap();
    on(site.path(), &["build", "--message-format", "json"]).clean();
    assert!(site.path().join("public/events/signing/index.html").exists());
}

#[test]
fn new_refuses_what_it_cannot_make() {
    let site = init();
    let before = state(site.path());
    let refused: [(&[&str], &str); 9] = [
        (&["evnet", "x"], "did you mean `event`?"),
        (&["event", "../x"], "id"),
        (&["event", "a/../../x"], "id"),
        (&["event", "a//x"], "id"),
        (&["event", "."], "id"),
        (&["event", "/etc/x/.."], "id"),
        (&["event", "opening"], "is there already"),
        (&["event", "x", "--lang", "fr"], "`fr` is not a language"),
        (&["event", "a\\..\\x"], "id"),
    ];
    for (arguments, why) in refused {
        let arguments: Vec<&str> = ["new"].iter().chain(arguments).copied().collect();
        let run = on(site.path(), &arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {run:?}");
        assert!(run.stderr.contains(why), "{arguments:?}: {run:?}");
        same(&state(site.path()), &before);
    }
    let run = on(&site.path().join("content"), &["new", "event", "x"]);
    assert_eq!(run.code, Some(1), "there is no site: {run:?}");
}

#[test]
fn new_makes_translations() {
    let site = init();
    let settings = site.path().join("site.toml");
    let text = fs::read_to_string(&settings).unwrap() + "\n[languages.en]\ntitle = \"A site\"\n";
    fs::write(&settings, text).unwrap();
    let run = on(site.path(), &["new", "event", "opening", "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let made = site.path().join("content/events/opening.en.md");
    let text = fs::read_to_string(&made).unwrap();
    // The facts are the original's; only language is here.
    assert!(!text.contains("date") && !text.contains("place"), "{text}");
    fs::write(&made, text.replace("title: \"\"", "title: \"The opening\"")).unwrap();
    let run = on(site.path(), &["build", "--message-format", "json"]);
    assert!(run.code == Some(0) && run.errors().is_empty(), "{run:?}");
    assert!(site.path().join("public/en/events/opening/index.html").exists());
    let again = on(site.path(), &["new", "event", "opening", "--lang", "en"]);
    assert_eq!(again.code, Some(2), "{again:?}");
    // Sections and the home are translated beside their own files.
    for (id, file) in [("events", "events/_index.en.md"), ("_index", "_index.en.md")] {
        let run = on(site.path(), &["new", "article", id, "--lang", "en"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(site.path().join("content").join(file).exists(), "{run:?}");
    }
}
