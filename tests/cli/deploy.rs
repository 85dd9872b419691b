//! `deploy`, `rollback` and `releases`, to a folder. Other hosts need servers: `tests/deploy/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::common::{Run, Site, files, program, same};

/// A site with a target `web`, the folder `www` beside it.
fn site() -> Site {
    let site = Site::new();
    site.write(
        "site.toml",
        "base_url = \"https://example.org/\"\ntheme = \"bare\"\n[languages.ar]\ntitle = \"موقع\"\n\
         [targets.web]\nkind = \"directory\"\npath = \"../www\"\nkeep = 2\n",
    );
    for n in 1..=9 {
        site.page(&format!("صفحة-{n}"), &format!("صفحة {n}"));
    }
    site.write("themes/bare/assets/main.css", "p { color: red }");
    site
}

fn dhikra(site: &Site, arguments: &[&str]) -> Run {
    let mut command = program();
    command.args(arguments).args(["--message-format", "json", "--root"]).arg(site.root());
    Run::of(&mut command)
}

fn deploy(site: &Site, arguments: &[&str]) -> Run {
    dhikra(site, &[&["deploy", "--yes"], arguments].concat())
}

#[track_caller]
fn summary(run: &Run) -> serde_json::Value {
    assert_eq!(run.code, Some(0), "{run:?}");
    run.lines().last().unwrap()["summary"].clone()
}

/// What the folder serves, without assets that only older releases need.
fn served(site: &Site, wanted: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let mut there = files(&site.beside("www"));
    there.retain(|path, _| !path.starts_with("assets/") || wanted.contains_key(path));
    there
}

#[test]
fn a_site_is_deployed_changed_and_brought_back() {
    let site = site();
    let first = site.clean_build();
    let done = summary(&deploy(&site, &[]));
    assert_eq!(done["uploads"].as_u64(), Some(first.len() as u64), "{done}");
    same(&files(&site.beside("www")), &first);
    let again = summary(&deploy(&site, &["web"]));
    assert!(again["uploads"] == 0 && again["unchanged"].as_u64() == Some(first.len() as u64));

    site.page("صفحة-1", "صفحة أخرى");
    site.page("جديدة", "صفحة جديدة");
    site.remove("content/صفحة-9.md");
    site.write("themes/bare/assets/main.css", "p { color: blue }");
    let second = site.clean_build();
    let planned = summary(&dhikra(&site, &["deploy", "--dry-run"]));
    same(&files(&site.beside("www")), &first);
    let done = summary(&deploy(&site, &[]));
    assert_eq!(
        (&planned["uploads"], &planned["deletions"]),
        (&done["uploads"], &done["deletions"])
    );
    assert_eq!((&done["deletions"], &done["kept"]), (&1.into(), &1.into()), "{done}");
    same(&served(&site, &second), &second);

    let releases = dhikra(&site, &["releases"]);
    let list = releases.lines()[0]["releases"].as_array().unwrap().clone();
    assert_eq!((list.len(), &list[0]["current"]), (2, &true.into()));
    // Without a word that it is meant, nothing is done.
    let asked = dhikra(&site, &["rollback"]);
    assert_eq!(asked.code, Some(1), "{asked:?}");
    same(&served(&site, &second), &second);
    let back = dhikra(&site, &["rollback", "--yes"]);
    assert_eq!(back.code, Some(0), "{back:?}");
    same(&served(&site, &first), &first);
    let none = dhikra(&site, &["rollback", "--yes"]);
    assert_eq!((none.code, none.errors()), (Some(1), vec!["deploy".to_owned()]));
    let id = list[0]["release"].as_str().unwrap();
    assert_eq!(dhikra(&site, &["rollback", "--yes", "--to", id]).code, Some(0));
    same(&served(&site, &second), &second);
}

#[test]
fn mistakes_are_refused_and_can_be_allowed() {
    let site = site();
    let refused = |run: &Run, code: &str, word: &str| {
        assert_eq!((run.code, run.errors()), (Some(1), vec![code.to_owned()]), "{run:?}");
        assert!(run.stdout.contains(word), "{run:?}");
    };
    let www = site.beside("www");
    fs::create_dir_all(&www).unwrap();
    fs::write(www.join("index.html"), "theirs").unwrap();
    fs::write(www.join("theirs.txt"), "theirs").unwrap();
    refused(&deploy(&site, &[]), "deploy-refused", "--allow foreign");
    assert_eq!(files(&www).len(), 2);
    summary(&deploy(&site, &["--allow", "foreign"]));
    assert_eq!(fs::read(www.join("theirs.txt")).unwrap(), b"theirs");

    for n in 1..=5 {
        site.remove(&format!("content/صفحة-{n}.md"));
    }
    let before = files(&www);
    refused(&deploy(&site, &[]), "deploy-refused", "--allow deletions");
    refused(&dhikra(&site, &["deploy", "--dry-run"]), "deploy-refused", "--allow deletions");
    same(&files(&www), &before);
    summary(&deploy(&site, &["--allow", "deletions"]));

    let other = ["--base-url", "https://other.example/"];
    refused(&deploy(&site, &other), "deploy-refused", "--allow base-url");
    let local = ["--base-url", "http://localhost:8000/"];
    refused(&deploy(&site, &local), "deploy-refused", "this machine alone");

    // With an error in the site nothing is deployed, and with nobody to ask neither.
    let before = files(&www);
    let asked = dhikra(&site, &["deploy"]);
    assert_eq!(asked.code, Some(0), "nothing is to be done: {asked:?}");
    site.page("صفحة-6", "صفحة تغيّرت");
    refused(&dhikra(&site, &["deploy"]), "deploy", "--yes");
    site.write("content/broken.md", "---\ntitle: [\n---\n");
    assert_eq!(deploy(&site, &[]).code, Some(1));
    same(&files(&www), &before);
    site.remove("content/broken.md");

    refused(&deploy(&site, &["wbe"]), "deploy", "did you mean `web`?");
    site.write("static/.env", "PASSWORD=x");
    site.write("static/keys/deploy.txt", "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n");
    let secrets = deploy(&site, &[]);
    assert_eq!(secrets.code, Some(1), "{secrets:?}");
    assert!(secrets.errors().iter().all(|code| code == "secret"), "{secrets:?}");
    assert!(!secrets.errors().is_empty());
    same(&files(&www), &before);
}

#[test]
fn a_deploy_that_is_under_way_keeps_others_out() {
    let site = site();
    let own = site.beside(".www.dhikra");
    fs::create_dir_all(&own).unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let lock = |until: u64| {
        let text = format!("{{\"id\":\"other\",\"since\":{},\"until\":{until}}}", now - 90);
        fs::write(own.join("lock"), text).unwrap();
    };
    lock(now + 500);
    let held = deploy(&site, &[]);
    assert_eq!(held.errors(), ["deploy-refused"], "{held:?}");
    assert!(held.stdout.contains("2 minutes ago") && held.stdout.contains("--allow lock"));
    assert!(!site.beside("www").exists());
    summary(&deploy(&site, &["--allow", "lock"]));
    assert!(!own.join("lock").exists(), "it was given up");
    site.page("صفحة-1", "صفحة أخرى");
    lock(now - 5);
    summary(&deploy(&site, &[]));
}

#[test]
fn a_folder_that_cannot_be_written_is_a_failure() {
    let site = site();
    // A file where a folder belongs stops a run of root too.
    fs::create_dir_all(site.beside("www")).unwrap();
    fs::write(site.beside("www").join("صفحة-1"), "in the way").unwrap();
    let run = deploy(&site, &[]);
    assert_eq!((run.code, run.errors()), (Some(1), vec!["deploy".to_owned()]), "{run:?}");
    fs::remove_file(site.beside("www").join("صفحة-1")).unwrap();
    summary(&deploy(&site, &[]));
    assert!(Path::new(&site.beside("www")).join("صفحة-1/index.html").exists());
}
