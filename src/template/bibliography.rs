//! `bibliography(…)`: every source of the site, in groups.

use tera::value::Key;
use tera::{Error, Kwargs, State, TeraResult, Value};

use super::arguments::{only, optional};
use super::queries::remembered;
use super::scope::Scope;
use super::sources::{language, source_map};
use super::values::{map_value, put};
use crate::diagnostic::nearest;
use crate::knowledge::FieldType;
use crate::knowledge::bibliography::shown;
use crate::site::{GroupIx, PageIx, Site};
use crate::text::Edtf;

/// What the sources are grouped by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Type,
    Letter,
    Date,
}

/// A source with what it is sorted by.
struct Source {
    ix: PageIx,
    type_: String,
    /// Its author or title, by which it is filed.
    name: String,
    published: Option<Edtf>,
}

/// `bibliography(type, language, sort)`: the sources as a list of `{key, sources}`: by type, in the order
/// of `kinds.toml`; by letter; or by year, the newest first.
pub(super) fn bibliography(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("bibliography", &kwargs, &["type", "language", "sort"])?;
    let scope = Scope::current()?;
    // How many pages cite a source is not known before the links are.
    if scope.world.site.has_links() {
        return remembered(&scope, "bibliography", &kwargs, || make(&scope, &kwargs));
    }
    make(&scope, &kwargs)
}

fn make(scope: &Scope, kwargs: &Kwargs) -> TeraResult<Value> {
    let site = scope.site();
    let types = types(site);
    let by = match optional(kwargs, "sort")? {
        None | Some("type") => By::Type,
        Some("letter") => By::Letter,
        Some("date") => By::Date,
        Some(other) => {
            let message = format!("bibliography(): `sort` is type, letter or date, not «{other}»");
            return Err(Error::message(message));
        }
    };
    let type_ = optional(kwargs, "type")?;
    if let Some(wanted) = type_.filter(|wanted| !types.iter().any(|known| known == wanted)) {
        let near = nearest(wanted, types.iter().map(String::as_str));
        let hint = near.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
        let message = format!("bibliography(): there is no type of source `{wanted}`{hint}");
        return Err(Error::message(message));
    }
    let lang = optional(kwargs, "language")?;
    let sources = site.sources().filter_map(|group| source(site, group, scope.lang));
    let mut sources: Vec<Source> = sources
        .filter(|source| type_.is_none_or(|wanted| source.type_ == wanted))
        .filter(|source| {
            let own = || language(site, site.page(source.ix));
            lang.is_none_or(|wanted| own().as_str().eq_ignore_ascii_case(wanted))
        })
        .collect();
    let collation = &scope.tools().collation;
    sources.sort_by_cached_key(|source| {
        let place = match by {
            By::Type => types
                .iter()
                .position(|known| *known == source.type_)
                .map_or(i64::MAX, |n| i64::try_from(n).unwrap_or(i64::MAX)),
            By::Letter => 0,
            By::Date => source.published.map_or(i64::MAX, |date| -date.sort_key()),
        };
        (place, collation.key(&source.name), source.name.clone(), source.ix)
    });
    let key = |source: &Source| match by {
        By::Type => source.type_.clone(),
        By::Letter => collation.letter(&source.name),
        By::Date => source.published.map_or(String::new(), |date| format!("{:04}", date.year())),
    };
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    for source in &sources {
        let (key, value) = (key(source), value(scope, source.ix));
        match groups.last_mut().filter(|(last, _)| *last == key) {
            Some((_, list)) => list.push(value),
            None => groups.push((key, vec![value])),
        }
    }
    let group = |(key, list): (String, Vec<Value>)| {
        let mut map = tera::Map::with_capacity(2);
        put(&mut map, "key", key);
        put(&mut map, "sources", list);
        map_value(map)
    };
    Ok(Value::from(groups.into_iter().map(group).collect::<Vec<_>>()))
}

/// The types of sources, in the order in which the kind has them.
fn types(site: &Site) -> Vec<String> {
    let field = site.frame.kinds.get("source").and_then(|kind| kind.field("type"));
    match field.map(|field| &field.type_) {
        Some(FieldType::Enum(words)) => words.iter().map(|word| word.name.clone()).collect(),
        _ => Vec::new(),
    }
}

fn source(site: &Site, group: GroupIx, lang: usize) -> Option<Source> {
    let ix = site.best_version(group, lang)?;
    let fields = &site.group(group).original.front.fields;
    let text = |name: &str| fields.get(name).and_then(serde_json::Value::as_str);
    let authors = fields.get("authors");
    let author = authors.and_then(|names| names.as_str().or_else(|| names.get(0)?.as_str()));
    let title = || text("original_title").unwrap_or(&site.page(ix).title);
    let published = fields.get("published").map(|value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    Some(Source {
        ix,
        type_: text("type").unwrap_or_default().to_owned(),
        name: author.map_or_else(title, shown).to_owned(),
        published: published.and_then(|date| Edtf::parse(&date).ok()),
    })
}

/// A source with the number of the pages of this language that cite or list it.
fn value(scope: &Scope, ix: PageIx) -> Value {
    let mut map = source_map(&scope.world, ix, scope.lang);
    let site = scope.site();
    let citing = scope.world.citing(ix).iter().filter(|from| site.page(**from).lang == scope.lang);
    map.insert(Key::Str("cited"), Value::from(citing.count()));
    map_value(map)
}
