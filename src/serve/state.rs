//! What the script of an open page is told: how the page stands, its versions in other languages, and
//! everything that is wrong.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::preview::Preview;
use super::respond::within;
use super::snapshot::{Found, Rendered, Snapshot};
use crate::diagnostic::{self, Diagnostic, Excerpt, Quotes, Severity, Span};
use crate::render::Output;
use crate::site::{Page, Site};
use crate::source::Digest;
use crate::translation::{Status, standing};

/// The most problems that a page is told of.
const MOST: usize = 50;

/// How a page stands in the newest snapshot. `path` is decoded, on the host; `known` is the snapshot that the
/// page knows.
pub(super) async fn of_newest(
    preview: &Arc<Preview>,
    path: &str,
    known: u64,
) -> Option<(Arc<Snapshot>, Value)> {
    let wanted = path.to_owned();
    let find = move |snapshot: &Snapshot| output(snapshot, &wanted).cloned();
    let (snapshot, rendered) = loop {
        let newest = preview.current().await?;
        preview.settled(newest.generation).await;
        let (snapshot, rendered) = match preview.render(find.clone()).await {
            Some((snapshot, rendered)) => (snapshot, Some(rendered)),
            None => (preview.current().await?, None),
        };
        if snapshot.problems().is_some() {
            break (snapshot, rendered);
        }
    };
    let files = preview.files_since(known);
    let (has_editor, path, of) = (preview.editor.is_some(), path.to_owned(), Arc::clone(&snapshot));
    let make = move || {
        let mut state = describe(&of, &path, rendered.as_deref(), has_editor);
        state.insert("files".into(), Value::from(files));
        Value::Object(state)
    };
    let state = tokio::task::spawn_blocking(make).await.ok()?;
    Some((snapshot, state))
}

/// The output that is shown at a decoded path on the host: what is there, or the page for lost paths.
fn output<'a>(snapshot: &'a Snapshot, path: &str) -> Option<&'a Output> {
    let prefix = &snapshot.site.as_ref()?.tree.config.base.prefix;
    let Some(inside) = within(prefix, path) else { return snapshot.lost("/") };
    match snapshot.find(inside) {
        Found::Output(output) => Some(output),
        Found::Folder | Found::Nothing => snapshot.lost(inside),
    }
}

fn describe(
    snapshot: &Snapshot,
    path: &str,
    rendered: Option<&Rendered>,
    has_editor: bool,
) -> Map<String, Value> {
    let site = snapshot.site.as_ref();
    let page =
        output(snapshot, path).and_then(|output| snapshot.page(output)).map(|(_, page)| page);
    let own = site.zip(page).map(|(loaded, page)| own_files(&loaded.renderer.world().site, page));
    let own = own.unwrap_or_default();
    let by_url = site.is_some_and(|loaded| loaded.tree.config.preview.editor.is_some());
    let none = Nothing;
    let quotes: &dyn Quotes = site.map_or(&none, |loaded| &*loaded.tree);
    let mut all = snapshot.problems().unwrap_or_default().to_vec();
    all.extend(rendered.iter().flat_map(|rendered| rendered.problems.iter().cloned()));
    let is_own =
        |problem: &Diagnostic| problem.span.as_ref().is_some_and(|span| own.contains(&&*span.file));
    // A row is known by its own file, and shown in its table.
    let (mut all, mut others): (Vec<Diagnostic>, Vec<Diagnostic>) = all.drain(..).partition(is_own);
    diagnostic::sort(&mut all, quotes);
    diagnostic::sort(&mut others, quotes);
    let of_page = all.len();
    all.extend(others);
    let count = |severity| all.iter().filter(|problem| problem.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    // The page's own come first, errors before the rest.
    let mut shown: Vec<(bool, &Diagnostic)> =
        all.iter().enumerate().map(|(n, problem)| (n < of_page, problem)).collect();
    shown.sort_by_key(|(own, problem)| (problem.severity, !own));
    let problems: Vec<Value> =
        shown.into_iter().take(MOST).map(|(own, found)| problem(found, own, quotes)).collect();
    let kept = rendered.is_some_and(|rendered| rendered.kept);
    let mut map = Map::new();
    map.insert("generation".into(), snapshot.generation.into());
    map.insert("digest".into(), rendered.map_or("", |rendered| &rendered.digest).into());
    map.insert("path".into(), crate::text::percent::encode_path(path).into());
    map.insert("moved".into(), Value::Null);
    map.insert("source".into(), own.iter().any(|file| snapshot.changed.contains(*file)).into());
    map.insert(
        "page".into(),
        site.zip(page)
            .map_or(Value::Null, |(loaded, page)| about(&loaded.renderer.world().site, page, kept)),
    );
    map.insert("editor".into(), (has_editor || by_url).into());
    map.insert("errors".into(), errors.into());
    map.insert("warnings".into(), warnings.into());
    map.insert("more".into(), all.len().saturating_sub(problems.len()).into());
    map.insert("problems".into(), problems.into());
    map
}

/// The files that a page is made from.
fn own_files<'a>(site: &'a Site, page: &'a Page) -> Vec<&'a str> {
    vec![&page.document.file.path, &site.group_of(page).original.file.path]
}

/// A page and its versions in the languages of the site.
fn about(site: &Site, page: &Page, kept: bool) -> Value {
    let group = site.group_of(page);
    let versions = standing(site, page.group).into_iter().map(|entry| {
        let language = site.language(entry.lang);
        let url = site
            .version(page.group, entry.lang)
            .map(|ix| site.config.base.path(&site.page(ix).url));
        let mut version = json!({
            "lang": language.lang.as_str(),
            "label": language.label,
            "dir": language.direction.as_str(),
            "url": url,
            "status": entry.status.as_str(),
        });
        if entry.status == Status::Missing {
            let kind = group.facts.kind.as_ref().map_or("article", |kind| &kind.name);
            let id = if group.id.is_empty() { "_index" } else { &*group.id };
            let id = quoted(id);
            version["command"] = format!("dhikra new {kind} {id} --lang {}", language.lang).into();
        }
        if entry.status == Status::Stale {
            version["changed"] = (entry.changed.len() + entry.removed).into();
        }
        version
    });
    json!({
        "id": &*group.id,
        "file": if page.document.is_synthetic() { Value::Null } else { Value::from(&*page.document.file.path) },
        "table": page.document.file.table().map(|table| &**table),
        "lang": site.language(page.lang).lang.as_str(),
        "kept": kept,
        "versions": versions.collect::<Vec<_>>(),
    })
}

/// An id as a shell takes it for one word.
fn quoted(id: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    if id.chars().all(plain) { id.to_owned() } else { format!("'{}'", id.replace('\'', "'\\''")) }
}

/// A problem with the line that it is in.
fn problem(found: &Diagnostic, own: bool, quotes: &dyn Quotes) -> Value {
    let mut object = json!({
        "severity": found.severity.as_str(),
        "code": found.code,
        "message": found.message,
        "own": own,
        "hints": found.hints,
        "file": Value::Null,
        "excerpt": Value::Null,
    });
    if let Some(span) = &found.span {
        place(&mut object, span, quotes);
        object["excerpt"] = excerpt(span, found.masked, quotes);
    }
    let related = found.related.iter().map(|(span, what)| {
        let mut related = json!({ "message": what });
        place(&mut related, span, quotes);
        related
    });
    object["related"] = related.collect();
    object
}

fn place(object: &mut Value, span: &Span, quotes: &dyn Quotes) {
    object["file"] = Value::from(&*span.file);
    if span.is_whole_file() {
        return;
    }
    if let Some(text) = quotes.text(&span.file) {
        let (line, column) = diagnostic::position(&text, span.range.0);
        object["line"] = line.into();
        object["column"] = column.into();
    }
}

/// The line of a place, with the place in the units of JavaScript's strings (UTF-16).
fn excerpt(span: &Span, masked: bool, quotes: &dyn Quotes) -> Value {
    let cut = |text: String| Excerpt::cut(&text, span);
    let text = Some(()).filter(|()| !span.is_whole_file()).and_then(|()| quotes.text(&span.file));
    let Some(excerpt) = text.and_then(cut) else { return Value::Null };
    let excerpt = if masked { excerpt.masked() } else { excerpt };
    let units = |end: usize| excerpt.text.get(..end).unwrap_or_default().encode_utf16().count();
    json!({
        "line": excerpt.line,
        "text": excerpt.text,
        "start": units(excerpt.start),
        "end": units(excerpt.end),
    })
}

/// Quotes from nothing, where there is no site.
struct Nothing;

impl Quotes for Nothing {
    fn text(&self, _: &str) -> Option<String> {
        None
    }
}

/// Where a page came from, when it was last there: its file, its language, the digest of the file.
pub(super) type Source = (Arc<str>, usize, Option<Digest>);

/// What a page that connects again says that it came from.
pub(super) fn source(snapshot: &Snapshot, file: String, lang: &str) -> Option<Source> {
    let site = snapshot.site.as_ref()?;
    Some((file.into(), site.tree.config.language_index(lang)?, None))
}

/// Notices that the page at a path has gone to another: its address was changed, or its file renamed.
pub(super) fn follow(
    snapshot: &Snapshot,
    path: &str,
    source: &mut Option<Source>,
    event: &mut Value,
) {
    let Some(loaded) = &snapshot.site else { return };
    let site = &loaded.renderer.world().site;
    let base = &site.config.base;
    let here = within(&base.prefix, path).and_then(|inside| match snapshot.find(inside) {
        Found::Output(output) => snapshot.page(output),
        _ => None,
    });
    if let Some((_, page)) = here {
        let document = &page.document;
        *source = Some((Arc::clone(&document.file.path), page.lang, Some(document.digest)));
        return;
    }
    let Some((file, lang, digest)) = source else { return };
    let in_language = || site.pages.iter().filter(|page| page.lang == *lang);
    let same_file = in_language().find(|page| page.document.file.path == *file);
    let renamed = || in_language().find(|page| digest.is_some_and(|d| d == page.document.digest));
    if let Some(page) = same_file.or_else(renamed) {
        event["moved"] = base.path(&page.url).into();
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn ids_are_one_word_for_a_shell() {
        assert_eq!(quoted("places/ميناء-1"), "places/ميناء-1");
        assert_eq!(quoted("x;rm -rf y"), "'x;rm -rf y'");
        assert_eq!(quoted("a'b"), "'a'\\''b'");
    }
}
