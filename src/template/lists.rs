//! Functions over lists: sentences and alphabetical indexes.

use tera::value::Key;
use tera::{Error, Kwargs, Map, State, TeraResult, Value};

use super::arguments::{boolean, only};
use super::links;
use super::scope::Scope;
use super::values::{map_value, put};
use crate::text::escape;

/// The argument `items`, or another name for it.
fn items<'k>(function: &str, kwargs: &'k Kwargs, key: &'k str) -> TeraResult<&'k [Value]> {
    let value = kwargs.must_get::<&Value>(key)?;
    value.as_array().ok_or_else(|| Error::message(format!("{function}(): `{key}` must be a list")))
}

/// `list(items, or)`: a list as part of a sentence, pages as links, each item apart in its direction.
pub(super) fn list(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("list", &kwargs, &["items", "or"])?;
    let scope = Scope::current()?;
    let dir = scope.site().language(scope.lang).direction.as_str();
    let item = |value: &Value| match links::anchor(&scope, value, None) {
        Some(html) => html,
        None => format!("<bdi dir=\"{dir}\">{}</bdi>", escape::html(&value.to_string())),
    };
    let items: Vec<String> = items("list", &kwargs, "items")?.iter().map(item).collect();
    let html = scope.tools().lists.format(&items, boolean(&kwargs, "or", false)?);
    Ok(Value::safe_string(&html))
}

/// `list_text(items, or)`: the same without markup; of pages, their titles.
pub(super) fn list_text(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("list_text", &kwargs, &["items", "or"])?;
    let scope = Scope::current()?;
    let item = |value: &Value| title(value).map_or_else(|| value.to_string(), str::to_owned);
    let items: Vec<String> = items("list_text", &kwargs, "items")?.iter().map(item).collect();
    Ok(scope.tools().lists.format(&items, boolean(&kwargs, "or", false)?).into())
}

fn title(value: &Value) -> Option<&str> {
    value.as_map()?.get(&Key::Str("title"))?.as_str()
}

/// `by_letter(pages)`: pages in alphabetical order, grouped by the letter that they are filed under:
/// a list of `{letter, pages}`.
pub(super) fn by_letter(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("by_letter", &kwargs, &["pages"])?;
    let scope = Scope::current()?;
    let collation = &scope.tools().collation;
    let mut pages: Vec<&Value> = items("by_letter", &kwargs, "pages")?.iter().collect();
    let text = |value: &Value| title(value).unwrap_or_default().to_owned();
    pages.sort_by_cached_key(|page| (collation.key(&text(page)), text(page)));
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    for page in pages {
        let letter = collation.letter(&text(page));
        match groups.last_mut().filter(|(last, _)| *last == letter) {
            Some((_, pages)) => pages.push(page.clone()),
            None => groups.push((letter, vec![page.clone()])),
        }
    }
    let group = |(letter, pages): (String, Vec<Value>)| {
        let mut map = Map::with_capacity(2);
        put(&mut map, "letter", letter);
        put(&mut map, "pages", pages);
        map_value(map)
    };
    Ok(Value::from(groups.into_iter().map(group).collect::<Vec<_>>()))
}
