//! Tables: their rows come, change and go with every save, and stay as they were while a table cannot be read.

use std::time::Duration;

use crate::common;
use crate::server::Server;
use crate::site::Site;

const TABLE: &str = "content/places/_ports.csv";
const PAGE: &str = "/places/karachi/";

fn site() -> Site {
    let site = Site::new();
    site.write(
        TABLE,
        "id,title,title.en,date,body\n\
         karachi,كراتشي,Karachi,1886,\"نص عن [[gwadar]].\"\n\
         gadani,غداني,,1960,نص آخر.\n",
    );
    site
}

#[test]
fn every_change_of_a_table_is_what_a_clean_build_makes_of_it() {
    let site = site();
    let server = Server::start(&site.root(), &[]);
    site.is_what(&server, &[]);
    type Edit = fn(&Site);
    let edits: &[(&str, Edit)] = &[
        ("a text", |site| site.replace(TABLE, "نص آخر", "نص جديد")),
        ("a title", |site| site.replace(TABLE, "غداني", "ميناء غداني")),
        ("a row more", |site| {
            site.write(TABLE, &(site.read(TABLE) + "ormara,أورمارا,Ormara,1990,\n"));
        }),
        ("a row less", |site| site.replace(TABLE, "gadani,ميناء غداني,,1960,نص جديد.\n", "")),
        ("a row of another id", |site| site.replace(TABLE, "karachi", "port-qasim")),
        ("a translation more", |site| {
            site.write("content/places/port-qasim.ur.md", "---\ntitle: x\n---\n");
            site.remove("content/places/port-qasim.ur.md");
            site.replace(TABLE, "port-qasim,كراتشي,Karachi", "port-qasim,كراتشي,Port");
        }),
        ("a translation less", |site| site.replace(TABLE, ",Ormara,", ",,")),
        ("a file for a translation", |site| {
            site.write("content/places/ormara.en.md", "---\ntitle: By hand\n---\n");
        }),
        ("the rows in another order", |site| {
            let text = site.read(TABLE);
            let mut lines: Vec<&str> = text.lines().collect();
            lines[1..].reverse();
            site.write(TABLE, &(lines.join("\r\n") + "\r\n"));
        }),
        ("another name of the table", |site| {
            site.rename(TABLE, "content/places/_harbours.csv");
        }),
        ("a table in YAML", |site| {
            site.write(
                "content/news/_more.yaml",
                "- id: fifth\n  title: الخامس\n  body: |\n    نص مع [[first]].\n",
            );
        }),
        ("a text of it", |site| site.replace("content/news/_more.yaml", "نص مع", "نصوص مع")),
        ("a table moved", |site| {
            site.rename("content/places/_harbours.csv", "content/news/_harbours.csv");
        }),
        ("a table deleted", |site| site.remove("content/news/_more.yaml")),
        ("a file in the place of a row", |site| {
            let text = site.read("content/news/_harbours.csv");
            let rows = text.lines().filter(|line| !line.starts_with("ormara"));
            site.write("content/news/_harbours.csv", &rows.collect::<Vec<_>>().join("\n"));
            site.remove("content/places/ormara.en.md");
            site.write("content/news/ormara.md", "---\ntitle: أورمارا\n---\nنص.\n");
        }),
    ];
    for (what, edit) in edits {
        let before = server.generation();
        edit(&site);
        server.until(what, || (server.generation() > before).then_some(()));
        std::thread::sleep(Duration::from_millis(120));
        eprintln!("after {what}");
        site.is_what(&server, &[]);
    }
}

#[test]
fn a_row_is_shown_as_it_was_saved_last() {
    let site = site();
    let server = Server::start(&site.root(), &[]);
    for (path, from, to) in [(PAGE, "نص عن", "نصّ عن"), ("/places/gadani/", "نص آخر", "نص أحدث")]
    {
        site.replace(TABLE, from, to);
        // Not a moment is waited.
        assert!(server.get(path).text().contains(to), "{path}");
    }
}

#[test]
fn a_save_without_a_change_does_nothing() {
    let site = site();
    let server = Server::start(&site.root(), &[]);
    server.edit(|| site.replace(TABLE, "نص آخر", "نص جديد"));
    std::thread::sleep(Duration::from_millis(200));
    let before = server.generation();
    site.write(TABLE, &site.read(TABLE));
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(server.generation(), before);
}

#[test]
fn a_table_that_cannot_be_read_leaves_its_pages_as_they_were() {
    let site = site();
    let server = Server::start(&site.root(), &[]);
    let (page, list) = (server.get(PAGE).html(), server.get("/places/").html());
    let good = site.read(TABLE);
    for broken in [
        good.replace("آخر.", "آخر.\nx,\"غير مغلق"),
        good.replace("id,", ""),
        good.replace("title.en", "title.fr"),
        String::new(),
    ] {
        server.edit(|| site.write(TABLE, &broken));
        assert_eq!(server.get(PAGE).html(), page, "{broken}");
        assert_eq!(server.get("/places/").html(), list, "{broken}");
        let state = server.state(PAGE);
        assert_eq!(state["page"]["kept"], true, "{state}");
        assert_eq!(state["problems"][0]["file"], TABLE, "{state}");
        server.edit(|| site.write(TABLE, &good));
        let state = server.state(PAGE);
        assert_eq!((&state["page"]["kept"], &state["errors"]), (&false.into(), &0.into()));
    }
    site.is_what(&server, &[]);
}

#[test]
fn problems_of_a_row_are_its_page_s_own_and_in_the_table() {
    let site = site();
    let server = Server::start(&site.root(), &[]);
    server.edit(|| site.replace(TABLE, "[[gwadar]]", "[[محيط]]"));
    let state = server.state(PAGE);
    let problem = &state["problems"][0];
    assert_eq!(
        (&problem["file"], &problem["line"], &problem["own"]),
        (&TABLE.into(), &2.into(), &true.into()),
        "{state}"
    );
    assert_eq!(state["page"]["table"], TABLE);
    assert_eq!(server.state("/places/gadani/")["problems"][0]["own"], false);
}

#[cfg(unix)]
#[test]
fn the_editor_opens_a_table_at_the_row() {
    use std::os::unix::fs::PermissionsExt;
    let site = site();
    site.write(TABLE, &site.read(TABLE).replace("نص آخر.", "\"أول\n\nثان\n\nثالث\""));
    let (editor, said) = (site.root().join("../editor.sh"), site.root().join("../said.txt"));
    common::write(&editor, format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > '{}'\n", said.display()));
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut program = common::program();
    program.env("EDITOR", &editor);
    let server = Server::of(program, &site.root(), &[]);
    let own = format!("http://{}", server.address);
    let headers = [("Origin", own.as_str()), ("Content-Type", "application/json")];
    let opened = |body: &str| {
        let _ = std::fs::remove_file(&said);
        assert_eq!(server.ask("POST", "/_dhikra/open", &headers, body).status, 204);
        server.until("the editor", || {
            std::fs::read_to_string(&said).ok().filter(|text| text.lines().count() == 2)
        })
    };
    let file = site.path(TABLE);
    let path = "\"path\":\"/places/gadani/\"";
    assert_eq!(opened(&format!("{{{path}}}")), format!("+3\n{}\n", file.display()));
    let lines = server.ask("GET", "/_dhikra/lines?path=/places/gadani/", &[], "").text();
    let line =
        lines.split("dhikra:line=").nth(3).unwrap_or_else(|| panic!("three paragraphs: {lines}"));
    let line: String = line.chars().take_while(char::is_ascii_digit).collect();
    let third = opened(&format!("{{{path},\"line\":{line}}}"));
    assert_eq!(third, format!("+7\n{}\n", file.display()));
}
