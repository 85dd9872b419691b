//! `letters()`: pages by the letter that they are filed under.

use tera::{Kwargs, Map, State, TeraResult, Value};

use super::arguments::only;
use super::choose;
use super::scope::Scope;
use super::values::{map_value, put};
use crate::site::PageIx;

/// `letters(kinds, section)`: the other pages of the language in alphabetical order, by their letter: a list
/// of `{letter, other, id, pages}`.
pub(super) fn letters(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("letters", &kwargs, &["kinds", "section"])?;
    let scope = Scope::current()?;
    // An index does not lead to itself.
    let key = format!("{}\u{1f}{:?}", choose::call("letters", &kwargs), scope.page);
    choose::kept(&scope, key, || {
        let kinds = choose::kinds(&scope, "letters", &kwargs, "kinds")?;
        let pages =
            choose::pages(&scope, "letters", choose::section(&kwargs)?, |kind| match &kinds {
                Some(kinds) => kind.is_some_and(|kind| kinds.contains(&kind.name.as_str())),
                None => true,
            })?;
        let letter = |ix: &PageIx| scope.tools().collation.letter(&scope.site().page(*ix).title);
        // Where letters of one order are mixed (as numbers and signs may be), one letter is one group.
        let mut groups: Vec<(String, Vec<PageIx>)> = Vec::new();
        for ix in pages.iter().filter(|ix| Some(**ix) != scope.page) {
            let letter = letter(ix);
            match groups.iter_mut().find(|(known, _)| *known == letter) {
                Some((_, pages)) => pages.push(*ix),
                None => groups.push((letter, vec![*ix])),
            }
        }
        let group = |(letter, pages): (String, Vec<PageIx>)| {
            let mut map = Map::with_capacity(3);
            let id = letter.replace(char::is_whitespace, "").replace('#', "other");
            put(&mut map, "id", format!("letter_{id}"));
            put(&mut map, "other", letter == "#");
            put(&mut map, "letter", letter);
            put(&mut map, "pages", scope.world.summaries(&pages));
            map_value(map)
        };
        Ok(Value::from(groups.into_iter().map(group).collect::<Vec<_>>()))
    })
}
