//! What a copy editor would look at in a text: invisible characters, letters of another language,
//! punctuation, spacing, spelling. Each rule looks at a passage without its markup and gives what
//! it found with the change that would mend it; where a text may be right, it says nothing.

mod chars;
mod digits;
mod forms;
mod glossary;
mod hamza;
mod invisible;
mod letters;
mod look;
mod marks;
mod markup;
mod mixture;
mod punctuation;
mod quotes;
mod rules;
mod script;
mod spacing;
mod spelling;
#[cfg(test)]
mod tests;
mod waw;
mod words;

pub use digits::page;
pub use glossary::Glossary;
pub use rules::RULES;
pub use spelling::Spelling;

use std::ops::Range;

use super::Lang;
use look::Look;

/// How bad a finding of a rule is, unless the site says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth a look.
    Info,
    /// Most likely a slip.
    Warning,
    /// Wrong wherever it stands.
    Error,
}

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its number in the documentation: `L8`.
    pub number: &'static str,
    /// Its stable name: `tatweel`.
    pub code: &'static str,
    /// How bad what it finds is.
    pub level: Level,
    /// What it looks for, in one sentence.
    pub about: &'static str,
}

/// What a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Running text for readers.
    Prose,
    /// A page's title, shown without markup.
    Title,
    /// A page's description, shown without markup.
    Description,
    /// A sample of code.
    Code,
    /// What no reader reads: a URL, a path, a slug, an identifier, a key.
    Machine,
}

/// A passage: a paragraph, heading, cell, title …, without its markup.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    /// Its text. U+FFFC stands for what is no text of it: inline code, an image, a footnote mark,
    /// an entity. Line breaks of the source are `\n`.
    pub text: &'a str,
    /// Its language.
    pub lang: &'a Lang,
    /// What it is.
    pub place: Place,
}

/// A change that would mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The range of the passage's text that is replaced.
    pub range: Range<usize>,
    /// What it is replaced by.
    pub new: String,
}

/// Something found. Ranges are byte offsets in the passage's text, on character boundaries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// The narrowest range that shows it; not empty.
    pub range: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The changes that mend it; none where it must be mended by hand.
    pub edits: Vec<Edit>,
}

impl Finding {
    fn new(rule: &'static Rule, range: Range<usize>, message: impl Into<String>) -> Self {
        Self { rule, range, message: message.into(), hint: None, edits: Vec::new() }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn edit(mut self, range: Range<usize>, new: impl Into<String>) -> Self {
        self.edits.push(Edit { range, new: new.into() });
        self
    }
}

/// A rule over one passage.
type Check = fn(&Look<'_>, &mut Vec<Finding>);

/// The rules over one passage: the characters that make it worth running, the places that it looks
/// at, the rule. A rule runs only where one of its characters is in the passage.
const CHECKS: &[(u64, Where, Check)] = &[
    (look::BIDI, Where::Everywhere, invisible::overrides),
    (look::BIDI, Where::Everywhere, invisible::isolates),
    (look::BIDI, Where::Readers, invisible::stray_marks),
    (look::INVISIBLE, Where::Everywhere, invisible::others),
    (look::JOINER, Where::NotCode, invisible::joiners),
    (look::FORM, Where::NotCode, forms::presentation),
    (look::MARK | look::OTHER, Where::NotCode, forms::normal),
    (look::TATWEEL, Where::Readers, letters::tatweel),
    (look::NOT_ARABIC | look::NOT_URDU, Where::Readers, letters::foreign),
    (look::SEPARATOR | look::EASTERN, Where::Readers, digits::separators),
    (look::ASCII_MARK | look::STOP | look::ARABIC_MARK, Where::Readers, punctuation::latin),
    (look::SPACING, Where::Readers, spacing::spacing),
    (look::WAW_SPACE, Where::Readers, waw::detached),
    (look::QUOTE | look::BRACKET, Where::Readers, quotes::quotes),
    (look::ALEF, Where::Readers, hamza::hamza),
    (look::HYPHEN | look::PLUS, Where::Readers, digits::unisolated),
    (look::HARAKAT, Where::Readers, marks::marks),
    (
        look::SEAM | look::GREEK_CYRILLIC | look::EASTERN | look::STAR,
        Where::Readers,
        mixture::mixture,
    ),
    (look::MARKUP | look::EASTERN, Where::Readers, markup::markup),
    (u64::MAX, Where::Heads, script::wrong),
];

/// Where a rule looks.
#[derive(Clone, Copy)]
enum Where {
    Everywhere,
    NotCode,
    Readers,
    Heads,
}

impl Where {
    fn holds(self, place: Place) -> bool {
        match self {
            Self::Everywhere => true,
            Self::NotCode => place != Place::Code,
            Self::Readers => !matches!(place, Place::Code | Place::Machine),
            Self::Heads => matches!(place, Place::Title | Place::Description),
        }
    }
}

/// Looks at one passage with every rule that needs no more than that.
pub fn passage(passage: &Passage<'_>, found: &mut Vec<Finding>) {
    let look = Look::new(passage);
    let before = found.len();
    for (triggers, places, check) in CHECKS {
        if look.has & triggers != 0 && places.holds(look.place) {
            check(&look, found);
        }
    }
    let scripture = scripture(passage.text);
    if !scripture.is_empty() {
        // A verse has an orthography of its own; only what is hidden in it is wrong.
        let hidden = |code| matches!(code, "bidi-override" | "bidi-unbalanced");
        let mut n = 0;
        found.retain(|finding| {
            n += 1;
            let inside = scripture.iter().any(|verse| verse.contains(&finding.range.start));
            n <= before || !inside || hidden(finding.rule.code)
        });
    }
    if let Some(new) = found.get_mut(before..) {
        // Stable: findings at one place stay in the order of the rules.
        new.sort_by_key(|finding| finding.range.start);
    }
}

/// The verses of a text, between ﴿ and ﴾.
fn scripture(text: &str) -> Vec<Range<usize>> {
    let opens = |(_, c): &(usize, char)| matches!(c, '\u{FD3F}' | '\u{FD3E}');
    if !text.contains(['\u{FD3F}', '\u{FD3E}']) {
        return Vec::new();
    }
    // The signs are mirrored by some and not by others: what stands between two of them is a verse.
    let signs: Vec<usize> = text.char_indices().filter(opens).map(|(at, _)| at).collect();
    signs
        .chunks(2)
        .map(|pair| match pair {
            [start, end] => *start..*end,
            [start] => *start..text.len(),
            _ => 0..0,
        })
        .collect()
}

/// Looks at raw text that is read by no Markdown parser (a template, a settings file, a style
/// sheet): hidden bidirectional controls and other invisible characters, line by line.
pub fn raw(text: &str, found: &mut Vec<Finding>) {
    if !text.is_ascii() {
        invisible::raw(text, found);
    }
}
