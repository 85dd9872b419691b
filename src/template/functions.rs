//! The functions that templates call, registered; those over words, dates and data are here.

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::arguments::{boolean, only, optional, quantity, text};
use super::scope::Scope;
use super::{
    bibliography, card, fields, labels, letters, links, lists, machine, map, pictures, queries,
    related, sources, timeline,
};
use crate::diagnostic::{Diagnostic, codes};
use crate::text::date::DateStyle;
use crate::text::{Calendar, Direction, Edtf, escape};

/// Registers every function.
pub(super) fn register(tera: &mut Tera) {
    tera.register_function("t", t);
    tera.register_function("date", date);
    tera.register_function("date_text", date_text);
    tera.register_function("number", number);
    tera.register_function("list", lists::list);
    tera.register_function("list_text", lists::list_text);
    tera.register_function("by_letter", lists::by_letter);
    tera.register_function("data", data);
    tera.register_function("url", links::url);
    tera.register_function("get", links::get);
    tera.register_function("exists", links::exists);
    tera.register_function("link", links::link);
    tera.register_function("asset", links::asset);
    tera.register_function("picture", pictures::picture);
    tera.register_function("fonts", links::fonts);
    tera.register_function("translations", links::translations);
    tera.register_function("menu", links::menu);
    tera.register_function("pages", queries::pages);
    tera.register_function("sections", queries::sections);
    tera.register_function("terms", queries::terms);
    tera.register_function("ancestors", queries::ancestors);
    tera.register_function("backlinks", queries::backlinks);
    tera.register_function("fields", fields::fields);
    tera.register_function("relations", fields::relations);
    tera.register_function("label", labels::label);
    tera.register_function("citations", sources::citations);
    tera.register_function("related", related::related);
    tera.register_function("neighbours", related::neighbours);
    tera.register_function("letters", letters::letters);
    tera.register_function("timeline", timeline::timeline);
    tera.register_function("map", map::map);
    tera.register_function("locator", map::locator);
    tera.register_function("bibliography", bibliography::bibliography);
    tera.register_function("linked_data", machine::linked_data);
    tera.register_function("downloads", machine::downloads);
    tera.register_function("cite", machine::cite);
    tera.register_function("lines", card::lines);
}

/// `t(key, n, …)`: a message in the language being rendered.
fn t(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let scope = Scope::current()?;
    let key = text("t", &kwargs, "key")?;
    let n = quantity(&kwargs, "n")?;
    let mut values = Vec::new();
    for (name, value) in kwargs.iter() {
        let Some(name) = name.as_str().filter(|name| !matches!(*name, "key" | "n")) else {
            continue;
        };
        values.push((name.to_owned(), value.to_string()));
    }
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let site = scope.site();
    if let Some(text) =
        site.frame.messages.get(scope.lang, key, n.as_ref(), &scope.tools().numbers, &values)
    {
        return Ok(text.into());
    }
    let lang = &site.language(scope.lang).lang;
    let message = format!("there is no message `{key}` in {lang}");
    let problem = Diagnostic::warning(codes::MESSAGE, message)
        .did_you_mean(key, site.frame.messages.keys(scope.lang))
        .hint(format!("add it to messages/{lang}.yaml"));
    scope.problems.push(problem);
    Ok(key.into())
}

/// Reads the arguments of a date and shows it; `None` where there is no date.
fn shown_date(
    scope: &Scope,
    function: &str,
    kwargs: &Kwargs,
) -> TeraResult<Option<(Edtf, String)>> {
    only(function, kwargs, &["value", "style", "calendar"])?;
    let calendar = match optional(kwargs, "calendar")? {
        None => scope.site().language(scope.lang).calendar,
        Some(name) => Calendar::from_name(name).ok_or_else(|| {
            let names = Calendar::NAMES.join(", ");
            Error::message(format!("{function}(): `calendar` is one of {names}, not «{name}»"))
        })?,
    };
    let style = match optional(kwargs, "style")? {
        None => DateStyle::default(),
        Some(name) => DateStyle::from_name(name).ok_or_else(|| {
            Error::message(format!("{function}(): `style` is long, full or year, not «{name}»"))
        })?,
    };
    let written = match kwargs.get::<&Value>("value")? {
        None => {
            return Err(Error::message(format!("{function}() needs the argument `value`")));
        }
        Some(value) if value.is_none() || value.is_undefined() => return Ok(None),
        Some(value) => value.to_string(),
    };
    let date = Edtf::parse(&written).map_err(|why| {
        Error::message(if why.starts_with('«') { why } else { format!("«{written}» {why}") })
    })?;
    let shown = scope.tools().dates.format(&date, style, calendar);
    Ok(Some((date, shown)))
}

/// `date(value, style, calendar)`: `<time>` with the date in the language being rendered.
fn date(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let scope = Scope::current()?;
    let Some((date, shown)) = shown_date(&scope, "date", &kwargs)? else {
        return Ok(Value::none());
    };
    let direction = scope.site().language(scope.lang).direction;
    Ok(Value::safe_string(&time(&date, &shown, direction)))
}

/// A date as it is shown, for machines too.
pub(super) fn time(date: &Edtf, shown: &str, direction: Direction) -> String {
    let shown = escape::html(shown);
    // A direction of its own keeps the digits apart from those of the text around it.
    let dir = match direction {
        Direction::Rtl => " dir=\"rtl\"",
        Direction::Ltr => "",
    };
    match date.machine() {
        Some(machine) => format!("<time datetime=\"{machine}\"{dir}>{shown}</time>"),
        None => format!("<span class=\"date\"{dir}>{shown}</span>"),
    }
}

/// `date_text(value, style, calendar)`: the date without markup.
fn date_text(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let scope = Scope::current()?;
    let shown = shown_date(&scope, "date_text", &kwargs)?;
    Ok(shown.map_or_else(Value::none, |(_, shown)| shown.into()))
}

/// `number(value, grouping)`: a number in the language's digits.
fn number(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let scope = Scope::current()?;
    only("number", &kwargs, &["value", "grouping"])?;
    let n = quantity(&kwargs, "value")?
        .ok_or_else(|| Error::message("number() needs the argument `value`"))?;
    Ok(scope.tools().numbers.quantity(&n, boolean(&kwargs, "grouping", true)?).into())
}

/// `data(name)`: a data file.
fn data(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let scope = Scope::current()?;
    only("data", &kwargs, &["name"])?;
    let name = text("data", &kwargs, "name")?;
    let files = scope.world.data.as_map();
    match files.and_then(|files| files.get(&tera::value::Key::Str(name))) {
        Some(value) => Ok(value.clone()),
        None => {
            let names = scope.site().frame.data.keys().map(String::as_str);
            let hint = crate::diagnostic::nearest(name, names);
            let hint = hint.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
            Err(Error::message(format!("there is no data file `{name}`{hint}")))
        }
    }
}
