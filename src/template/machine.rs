//! Functions that say what a page is to programs, and to those who cite it.

use tera::{Error, Kwargs, Map, State, TeraResult, Value};

use super::arguments::only;
use super::labels::kind_label;
use super::scope::Scope;
use super::values::{map_value, put};
use crate::diagnostic::{Diagnostic, codes};
use crate::export::{self, cite, describe};
use crate::knowledge::graph::{jsonld, turtle};
use crate::text::escape;

/// `linked_data()`: what the page says of itself as JSON-LD, and links to what all its versions say. For the head
/// of a page.
pub(super) fn linked_data(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("linked_data", &kwargs, &[])?;
    let scope = Scope::current()?;
    let site = scope.site();
    let Some(ix) = scope.page.filter(|_| site.config.output.linked_data) else {
        return Ok(Value::none());
    };
    let mut html = String::new();
    for (extension, media_type) in [("jsonld", jsonld::MEDIA_TYPE), ("ttl", turtle::MEDIA_TYPE)] {
        if let Some(url) = export::data_url(site, site.page(ix).group, extension) {
            let href = escape::html(&site.config.base.path(&url));
            html.extend([
                "<link rel=\"alternate\" type=\"",
                media_type,
                "\" href=\"",
                &href,
                "\">\n",
            ]);
        }
    }
    let (graph, lang) = describe::page(site, ix);
    // Nothing in it can end the element: see the writer.
    html.extend(["<script type=\"", jsonld::MEDIA_TYPE, "\">"]);
    html.push_str(&jsonld::write(&graph, Some(lang), false));
    html.push_str("</script>");
    Ok(Value::safe_string(&html))
}

/// `downloads()`: what the page's data can be had as: of a page of a kind what is said of it, of a listing the
/// tables of the kinds that are in it.
pub(super) fn downloads(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("downloads", &kwargs, &[])?;
    let scope = Scope::current()?;
    let site = scope.site();
    let Some(page) = scope.page().filter(|_| site.config.output.linked_data) else {
        return Ok(Value::from(Vec::<Value>::new()));
    };
    let mut files: Vec<(&str, &str, Option<String>, String)> = Vec::new();
    for (name, extension, media_type) in
        [("JSON-LD", "jsonld", jsonld::MEDIA_TYPE), ("Turtle", "ttl", turtle::MEDIA_TYPE)]
    {
        let url = export::data_url(site, page.group, extension);
        files.extend(url.map(|url| (name, media_type, None, url)));
    }
    let kinds = export::table::kinds_in(site, page);
    for kind in &kinds {
        for (name, extension, media_type) in
            [("CSV", "csv", "text/csv"), ("JSON", "json", "application/json")]
        {
            let url = export::table::url(kind, extension);
            // One kind needs no name: the list says what it is of.
            let label = (kinds.len() > 1).then(|| kind_label(&scope, kind));
            files.push((name, media_type, label, url));
        }
    }
    let file = |(name, media_type, label, url): (&str, &str, Option<String>, String)| {
        let mut map = Map::with_capacity(4);
        put(&mut map, "format", name);
        put(&mut map, "type", media_type);
        put(&mut map, "label", label.map_or_else(Value::none, Value::from));
        put(&mut map, "url", site.config.base.path(&url));
        map_value(map)
    };
    Ok(Value::from(files.into_iter().map(file).collect::<Vec<_>>()))
}

/// `cite()`: how the page is cited, in words and as BibTeX.
pub(super) fn cite(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("cite", &kwargs, &[])?;
    let scope = Scope::current()?;
    let ix = scope.page.ok_or_else(|| Error::message("cite(): there is no page here"))?;
    let site = scope.site();
    match cite::cite(site, ix) {
        Ok(citation) => {
            let mut map = Map::with_capacity(2);
            put(&mut map, "text", Value::safe_string(&citation.html));
            put(&mut map, "bibtex", citation.bibtex);
            Ok(map_value(map))
        }
        Err(key) => {
            let lang = &site.language(scope.lang).lang;
            let message = format!("there is no message `{key}` in {lang}");
            let problem = Diagnostic::warning(codes::MESSAGE, message);
            scope.problems.push(problem.hint(format!("add it to messages/{lang}.yaml")));
            Ok(Value::none())
        }
    }
}
