//! `timeline()`: dated pages by decade and year, with what they can be filtered by.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value as Json;
use tera::{Kwargs, Map, State, TeraResult, Value};

use super::arguments::{boolean, only};
use super::choose;
use super::scope::Scope;
use super::values::{map_value, put};
use crate::document::Sort;
use crate::knowledge::{FieldType, Kind, references};
use crate::site::{Group, GroupIx, PageIx, Site};
use crate::text::Edtf;
use crate::text::edtf::Precision;

/// How far up a place is followed through what it lies in.
const DEPTH: usize = 12;

/// `timeline(kinds, section, reverse)`: dated pages by decade and year, each with the places that it names.
pub(super) fn timeline(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("timeline", &kwargs, &["kinds", "section", "reverse"])?;
    let scope = Scope::current()?;
    choose::kept(&scope, choose::call("timeline", &kwargs), || {
        let kinds = choose::kinds(&scope, "timeline", &kwargs, "kinds")?;
        let dated = |kind: &Kind| kind.requires.iter().any(|key| key == "date");
        let pages = choose::pages(&scope, "timeline", choose::section(&kwargs)?, |kind| {
            kind.is_some_and(|kind| match &kinds {
                Some(kinds) => kinds.contains(&kind.name.as_str()),
                None => dated(kind),
            })
        })?;
        let mut entries: Vec<Entry> =
            pages.into_iter().filter_map(|ix| Entry::of(scope.site(), ix)).collect();
        // Those of one date stay in the order of their titles.
        match boolean(&kwargs, "reverse", false)? {
            false => entries.sort_by_key(|entry| entry.date.sort_key()),
            true => entries.sort_by_key(|entry| std::cmp::Reverse(entry.date.sort_key())),
        }
        Ok(shown(&scope, &entries))
    })
}

/// A page in a timeline.
struct Entry {
    page: PageIx,
    date: Edtf,
    /// The places that it names.
    places: Vec<GroupIx>,
    /// Those and what they lie in.
    within: Vec<GroupIx>,
}

impl Entry {
    fn of(site: &Site, ix: PageIx) -> Option<Self> {
        let group = site.group_of(site.page(ix));
        let date = whole(group, group.facts.front.date?);
        let places = places(site, group);
        let mut within = places.clone();
        let mut edge = places.clone();
        for _ in 0..DEPTH {
            edge = edge.iter().flat_map(|place| places_above(site, *place)).collect();
            edge.retain(|place| !within.contains(place));
            edge.sort_unstable();
            edge.dedup();
            if edge.is_empty() {
                break;
            }
            within.extend(&edge);
        }
        Some(Self { page: ix, date, places, within })
    }
}

/// The date of a page as an interval, where another of its fields says when it ended.
fn whole(group: &Group, date: Edtf) -> Edtf {
    let ends = |kind: &Kind| {
        let field = kind.fields.iter().find(|field| {
            field.type_ == FieldType::Date && field.after.as_deref() == Some("date")
        })?;
        match group.facts.front.fields.get(&field.name)? {
            Json::String(text) => Edtf::parse(text).ok(),
            Json::Number(year) => Edtf::parse(&year.to_string()).ok(),
            _ => None,
        }
    };
    let (Edtf::At(start), Some(Edtf::At(end))) = (date, group.facts.kind.as_deref().and_then(ends))
    else {
        return date;
    };
    let runs = start != end && start.first_day() <= end.last_day();
    if runs { Edtf::Between(Some(start), Some(end)) } else { date }
}

/// The places that a page names in a field that holds nothing but places: whatever has coordinates.
fn places(site: &Site, group: &Group) -> Vec<GroupIx> {
    referred(
        site,
        group,
        |to| {
            let place =
                |kind: &String| choose::has_coordinates(site.frame.kinds.get(kind).map(|k| &**k));
            !to.is_empty() && to.iter().all(place)
        },
        false,
    )
}

/// What a place lies in.
fn places_above(site: &Site, place: GroupIx) -> Vec<GroupIx> {
    referred(site, site.group(place), |_| true, true)
}

fn referred(
    site: &Site,
    group: &Group,
    fits: impl Fn(&[String]) -> bool,
    hierarchy: bool,
) -> Vec<GroupIx> {
    let Some(kind) = group.facts.kind.as_deref() else { return Vec::new() };
    let mut found = Vec::new();
    references(kind, &group.facts.front.fields, &mut |reference| {
        let FieldType::Reference(to) = reference.of.type_.item() else { return };
        // What it refers to in vain was reported when the site was assembled.
        if (reference.of.hierarchy || !hierarchy)
            && fits(to)
            && let Ok(target) = site.find_of(reference.to, to)
            && !found.contains(&target)
        {
            found.push(target);
        }
    });
    found
}

/// What is shown: the decades, and the kinds and places that there are.
fn shown(scope: &Scope, entries: &[Entry]) -> Value {
    let site = scope.site();
    let places = Places::of(scope, entries);
    let mut kinds = BTreeMap::<&str, usize>::new();
    for entry in entries {
        if let Some(kind) = kind_of(site, entry) {
            *kinds.entry(kind).or_default() += 1;
        }
    }
    let kind = |(name, count): (&str, usize)| {
        let mut map = Map::with_capacity(2);
        put(&mut map, "name", name);
        put(&mut map, "count", count);
        map_value(map)
    };
    let decades = entries.chunk_by(|a, b| Period::of(&a.date) == Period::of(&b.date));
    let decades = decades.filter_map(|entries| decade(scope, entries, &places));
    let mut map = Map::with_capacity(4);
    put(&mut map, "total", entries.len());
    put(&mut map, "decades", decades.collect::<Vec<_>>());
    put(&mut map, "kinds", kinds.into_iter().map(kind).collect::<Vec<_>>());
    put(&mut map, "places", places.values);
    map_value(map)
}

fn kind_of<'s>(site: &'s Site, entry: &Entry) -> Option<&'s str> {
    site.group_of(site.page(entry.page)).facts.kind.as_deref().map(|kind| kind.name.as_str())
}

/// What a timeline is parted into: decades, and centuries of which no more is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Period {
    Decade(i32),
    Century(i32),
}

impl Period {
    fn of(date: &Edtf) -> Self {
        let start = date.start();
        match start.precision {
            Precision::Century => Self::Century(start.year),
            _ => Self::Decade(start.year.div_euclid(10) * 10),
        }
    }

    /// Its first and its last year.
    fn years(self) -> (i32, i32) {
        match self {
            Self::Decade(year) => (year, year.saturating_add(9)),
            Self::Century(year) => (year, year.saturating_add(99)),
        }
    }

    /// What leads to it on its page. The ids of headings hold no underscore.
    fn anchor(self) -> String {
        match self {
            Self::Decade(year) => format!("decade_{year}"),
            Self::Century(year) => format!("century_{year}"),
        }
    }
}

/// The year that a date is shown under; none where it is not known.
fn year_of(date: &Edtf) -> Option<i32> {
    let start = date.start();
    (start.precision >= Precision::Year).then_some(start.year)
}

/// One part with its years; `None` without an entry.
fn decade(scope: &Scope, entries: &[Entry], places: &Places) -> Option<Value> {
    let period = Period::of(&entries.first()?.date);
    let numbers = &scope.tools().numbers;
    let (first, last) = period.years();
    let years =
        entries.chunk_by(|a, b| year_of(&a.date) == year_of(&b.date)).filter_map(|entries| {
            let year = year_of(&entries.first()?.date);
            let mut map = Map::with_capacity(2);
            let text = year.map(|year| numbers.ungrouped(year.into()));
            put(&mut map, "year", text.map_or_else(Value::none, Value::from));
            let items = entries.iter().map(|entry| item(scope, entry, places));
            put(&mut map, "items", items.collect::<Vec<_>>());
            Some(map_value(map))
        });
    let mut map = Map::with_capacity(6);
    put(&mut map, "id", period.anchor());
    put(&mut map, "century", matches!(period, Period::Century(_)));
    put(&mut map, "first", numbers.ungrouped(first.into()));
    put(&mut map, "last", numbers.ungrouped(last.into()));
    put(&mut map, "count", entries.len());
    put(&mut map, "years", years.collect::<Vec<_>>());
    Some(map_value(map))
}

fn item(scope: &Scope, entry: &Entry, places: &Places) -> Value {
    let site = scope.site();
    let mut map = Map::with_capacity(5);
    put(&mut map, "page", scope.world.summary(entry.page));
    put(&mut map, "date", entry.date.to_string());
    put(&mut map, "kind", kind_of(site, entry).unwrap_or_default());
    let named = entry.places.iter().filter_map(|place| site.best_version(*place, scope.lang));
    put(&mut map, "places", scope.world.summaries(&named.collect::<Vec<_>>()));
    let numbers = entry.within.iter().filter_map(|place| places.numbers.get(place));
    let mut numbers: Vec<usize> = numbers.copied().collect();
    numbers.sort_unstable();
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    put(&mut map, "within", numbers.join(" "));
    map_value(map)
}

/// The places that a timeline can be filtered by, by title.
struct Places {
    values: Vec<Value>,
    /// Which of them each is.
    numbers: HashMap<GroupIx, usize>,
}

impl Places {
    fn of(scope: &Scope, entries: &[Entry]) -> Self {
        let site = scope.site();
        let mut counts = BTreeMap::<GroupIx, usize>::new();
        for place in entries.iter().flat_map(|entry| &entry.within) {
            *counts.entry(*place).or_default() += 1;
        }
        let mut pages: Vec<PageIx> =
            counts.keys().filter_map(|place| site.best_version(*place, scope.lang)).collect();
        site.sort(&mut pages, Sort::Title, scope.lang);
        let name = |ix: PageIx| {
            let id = &site.group_of(site.page(ix)).id;
            id.rsplit('/').next().unwrap_or(id)
        };
        let mut names = HashMap::<&str, usize>::new();
        for ix in &pages {
            *names.entry(name(*ix)).or_default() += 1;
        }
        let value = |ix: &PageIx| {
            let page = site.page(*ix);
            let mut map = Map::with_capacity(4);
            let short = Some(name(*ix)).filter(|name| names.get(name) == Some(&1));
            put(&mut map, "name", short.unwrap_or(&site.group_of(page).id));
            put(&mut map, "page", scope.world.summary(*ix));
            put(&mut map, "count", counts.get(&page.group).copied().unwrap_or_default());
            map_value(map)
        };
        let values = pages.iter().map(value).collect();
        let numbers = pages.iter().enumerate().map(|(n, ix)| (site.page(*ix).group, n)).collect();
        Self { values, numbers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        Period::of(&Edtf::parse(text).unwrap())
    }

    #[test]
    fn dates_are_filed_by_what_is_known_of_them() {
        for (date, decade, year) in [
            ("1951-05-21", 1950, Some(1951)),
            ("1951~", 1950, Some(1951)),
            ("1951-05?", 1950, Some(1951)),
            ("1949/1951", 1940, Some(1949)),
            ("../1951", 1950, Some(1951)),
            ("2013/..", 2010, Some(2013)),
            ("195X", 1950, None),
            ("0000", 0, Some(0)),
            ("9999-12-31", 9990, Some(9999)),
        ] {
            assert_eq!(period(date), Period::Decade(decade), "{date}");
            assert_eq!(year_of(&Edtf::parse(date).unwrap()), year, "{date}");
        }
        assert_eq!(period("19XX"), Period::Century(1900));
        assert_eq!(period("19XX").years(), (1900, 1999));
    }

    #[test]
    fn years_before_the_era_have_decades_too() {
        let mut moment = Edtf::parse("0001").unwrap().start();
        for (year, decade) in [(-1, -10), (-10, -10), (-11, -20), (0, 0), (12_345, 12_340)] {
            moment.year = year;
            assert_eq!(Period::of(&Edtf::At(moment)), Period::Decade(decade), "{year}");
        }
        moment.year = i32::MAX;
        assert_eq!(Period::of(&Edtf::At(moment)).years().1, i32::MAX);
    }
}
