//! Characters that are new to a site: they are in its fonts, whose names are in its style sheet.

use crate::server::Server;
use crate::site::Site;

const PAGE: &str = "content/places/gwadar.zh.md";

/// The name of the style sheet in the home.
fn sheet(server: &Server) -> String {
    let home = String::from_utf8(server.get("/").published()).expect("text");
    let (_, rest) = home.split_once("/assets/main.").expect("a style sheet");
    rest.split_once('"').expect("its end").0.to_owned()
}

#[test]
fn a_new_character_is_in_the_fonts() {
    let site = Site::new();
    site.replace("site.toml", "[taxonomies", "[languages.zh]\ntitle = \"预览\"\n[taxonomies");
    site.write(PAGE, "---\ntitle: 瓜达尔港\n---\n阿拉伯海之滨。\n");
    let server = Server::start(&site.root(), &[]);
    site.is_what(&server, &[]);
    let first = sheet(&server);
    server.edit(|| site.replace(PAGE, "阿拉伯海", "深水"));
    let second = sheet(&server);
    assert_ne!(second, first, "two characters came, and some went");
    site.is_what(&server, &[]);
    server.edit(|| site.replace(PAGE, "深水之滨", "之滨水深"));
    assert_eq!(sheet(&server), second, "no character came or went");
    server.edit(|| site.replace(PAGE, "title: 瓜达尔港", "title: 瓜达尔深水港与铁路"));
    let third = sheet(&server);
    assert_ne!(third, second, "a title has characters too");
    site.is_what(&server, &[]);
    server.edit(|| site.replace("messages/ar.yaml", "خاتمة", "خاتمة 鹏"));
    assert_ne!(sheet(&server), third, "and messages");
    site.is_what(&server, &[]);
}
