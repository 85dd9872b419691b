//! L1 to L5: characters that do not show.

use std::ops::Range;

use super::chars::{self, ZWJ, ZWNJ, named};
use super::look::Look;
use super::script::{self, Script};
use super::{Finding, Place, rules};

fn is_override(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}')
}

/// L1: embeddings and overrides.
pub(super) fn overrides(look: &Look<'_>, found: &mut Vec<Finding>) {
    overrides_in(look.text, 0, found);
}

fn overrides_in(text: &str, base: usize, found: &mut Vec<Finding>) {
    for (at, c) in text.char_indices().filter(|(_, c)| is_override(*c)) {
        let range = base + at..base + at + c.len_utf8();
        let message = format!("{} changes the order in which the text is shown", named(c));
        let hint = "remove it; the direction of a phrase of another language is set by markup";
        found
            .push(Finding::new(rules::OVERRIDE, range.clone(), message).hint(hint).edit(range, ""));
    }
}

/// L2: isolates without their pair; in what machines read, every directional control.
pub(super) fn isolates(look: &Look<'_>, found: &mut Vec<Finding>) {
    if !matches!(look.place, Place::Code | Place::Machine) {
        isolates_in(look.text, 0, "passage", found);
        return;
    }
    let controls = look.text.char_indices();
    for (at, c) in controls.filter(|(_, c)| super::super::is_bidi_control(*c) && !is_override(*c)) {
        let range = at..at + c.len_utf8();
        let code = look.place == Place::Code;
        let what = if code { "code" } else { "what machines read" };
        let finding =
            Finding::new(rules::UNBALANCED, range.clone(), format!("{} in {what}", named(c)));
        // In code it may be part of a string on purpose; it is then better written as an escape.
        found.push(if code {
            finding.hint("remove it, or write it as an escape of the language of the code")
        } else {
            finding.hint("remove it").edit(range, "")
        });
    }
}

/// The isolates of a text that are not closed within it, or close nothing.
fn isolates_in(text: &str, base: usize, what: &str, found: &mut Vec<Finding>) {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut report = |at: usize, c: char, message: String| {
        let range = base + at..base + at + c.len_utf8();
        found.push(
            Finding::new(rules::UNBALANCED, range.clone(), message)
                .hint("remove it, or write its pair")
                .edit(range, ""),
        );
    };
    for (at, c) in text.char_indices() {
        match c {
            '\u{2066}'..='\u{2068}' => open.push((at, c)),
            '\u{2069}' if open.pop().is_none() => {
                report(at, c, format!("{} closes no isolate of this {what}", named(c)));
            }
            _ => {}
        }
    }
    for (at, c) in open {
        report(at, c, format!("{} is not closed in this {what}", named(c)));
    }
}

fn is_directional_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}')
}

/// L3: directional marks that do nothing.
pub(super) fn stray_marks(look: &Look<'_>, found: &mut Vec<Finding>) {
    for (at, c) in look.text.char_indices().filter(|(_, c)| is_directional_mark(*c)) {
        let range = at..at + c.len_utf8();
        let (before, after) = (chars::before(look.text, at), chars::after(look.text, range.end));
        let why = if before == Some(c) {
            "is doubled"
        } else if !look.text.get(..at).unwrap_or_default().contains(|c: char| !c.is_whitespace())
            && is_needless(look, c, after)
        {
            "stands at the start, where it does nothing"
        } else if !look.slice(range.end..look.text.len()).contains(|c: char| !c.is_whitespace())
            && is_needless(look, c, before)
        {
            "stands at the end, where it does nothing"
        } else if look.place == Place::Prose && (before == Some('\n') || after == Some('\n')) {
            "stands beside a line break, where it does nothing"
        } else {
            continue;
        };
        let message = format!("{} {why}", named(c));
        let finding = Finding::new(rules::STRAY, range.clone(), message).hint("remove it");
        found.push(finding.edit(range, ""));
    }
}

/// Whether a mark at an edge does nothing. Where a text is shown without markup, a mark at its
/// start can set its direction, and one at its end can hold a sign such as that of «C++»: there it
/// is needless only beside a letter of its own direction.
fn is_needless(look: &Look<'_>, mark: char, beside: Option<char>) -> bool {
    if look.place == Place::Prose {
        return true;
    }
    let Some(beside) = beside.and_then(script::of_letter) else { return false };
    beside.is_rtl() == (mark != '\u{200E}')
}

/// L4: other invisible characters.
pub(super) fn others(look: &Look<'_>, found: &mut Vec<Finding>) {
    // Languages written without spaces mark where a line may break.
    let breaks = matches!(look.lang, "th" | "km" | "lo" | "my" | "bo" | "dz");
    let points = look.script == Script::Hebrew;
    let mongolian = look.lang == "mn";
    others_in(look.text, 0, found, |c| match c {
        '\u{200B}' => breaks,
        '\u{034F}' => points,
        '\u{180E}' => mongolian,
        _ => false,
    });
}

fn others_in(text: &str, base: usize, found: &mut Vec<Finding>, allowed: impl Fn(char) -> bool) {
    let mut flag = false;
    let mut run: Option<(Range<usize>, char)> = None;
    for (at, c) in text.char_indices() {
        let tag = matches!(c, '\u{E0000}'..='\u{E007F}');
        // Tags spell the region of a flag after its emoji.
        flag = c == '\u{1F3F4}' || flag && tag;
        let invisible = tag && !flag
            || matches!(
                c,
                '\u{200B}'
                    | '\u{2060}'
                    | '\u{FEFF}'
                    | '\u{00AD}'
                    | '\u{034F}'
                    | '\u{180E}'
                    | '\u{2028}'
                    | '\u{2029}'
            ) && !allowed(c);
        if !invisible {
            continue;
        }
        match &mut run {
            Some((range, first)) if range.end == at && *first == c => range.end += c.len_utf8(),
            _ => {
                if let Some((range, c)) = run.replace((at..at + c.len_utf8(), c)) {
                    found.push(other(text, base, range, c));
                }
            }
        }
    }
    if let Some((range, c)) = run {
        found.push(other(text, base, range, c));
    }
}

fn other(text: &str, base: usize, range: Range<usize>, c: char) -> Finding {
    let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let separator = matches!(c, '\u{2028}' | '\u{2029}');
    let spaced = space(chars::before(text, range.start)) || space(chars::after(text, range.end));
    let new = if separator && !spaced { " " } else { "" };
    let range = base + range.start..base + range.end;
    Finding::new(rules::INVISIBLE, range.clone(), format!("{} is invisible", named(c)))
        .hint(if separator { "begin a new line or paragraph instead" } else { "remove it" })
        .edit(range, new)
}

/// L5: joiners where the language has no use for them.
pub(super) fn joiners(look: &Look<'_>, found: &mut Vec<Finding>) {
    for (at, c) in look.text.char_indices().filter(|(_, c)| matches!(*c, ZWNJ | ZWJ)) {
        let range = at..at + c.len_utf8();
        let (before, after) = (chars::before(look.text, at), chars::after(look.text, range.end));
        let Some((why, harmless)) = joiner(look, at, c, before, after) else { continue };
        let finding = Finding::new(rules::JOINER, range.clone(), format!("{} {why}", named(c)));
        found.push(if harmless {
            finding.hint("remove it").edit(range, "")
        } else {
            finding.hint("write the letters as Arabic joins them")
        });
    }
}

/// Why a joiner is found, and whether the text looks the same without it.
fn joiner(
    look: &Look<'_>,
    at: usize,
    c: char,
    before: Option<char>,
    after: Option<char>,
) -> Option<(&'static str, bool)> {
    let arabic = |c: Option<char>| c.is_some_and(|c| chars::is_arabic(c) || is_carried(c));
    let plain = |c: Option<char>| c.is_none_or(|c| c.is_ascii() || c.is_whitespace());
    if before == Some(c) {
        return Some(("is doubled", true));
    }
    if !arabic(before) && !arabic(after) {
        // Emoji and the scripts of India use both, at the end of a word as well.
        let edge = plain(before) && plain(after);
        return edge.then_some(("joins nothing", true));
    }
    if arabic(before) && arabic(after) {
        let found = look.lang == "ar" && look.place != Place::Machine;
        let same = c == ZWJ || !before.is_some_and(joins_onward);
        return found.then_some(("stands within an Arabic word", same));
    }
    // A letter alone may show the form that it has within a word: «ه‍» for the Hijri era.
    if c == ZWJ && alone(look.text, at) {
        return None;
    }
    // What follows is another joiner, which is found by itself.
    if matches!(after, Some(ZWNJ | ZWJ)) || matches!(before, Some(ZWNJ | ZWJ)) {
        return None;
    }
    Some(("stands at the edge of a word", c == ZWNJ))
}

fn is_carried(c: char) -> bool {
    c == chars::TATWEEL || chars::is_arabic_mark(c)
}

/// Whether a letter joins to the one after it.
fn joins_onward(c: char) -> bool {
    use icu::properties::{CodePointMapData, props::JoiningType};
    matches!(
        CodePointMapData::<JoiningType>::new().get(c),
        JoiningType::DualJoining | JoiningType::JoinCausing | JoiningType::Transparent
    )
}

/// Whether the letters beside a joiner are but one, with joiners around it.
fn alone(text: &str, at: usize) -> bool {
    let part = |c: &char| chars::is_arabic(*c) || is_carried(*c) || *c == ZWJ;
    let head = text.get(..at).unwrap_or_default().chars().rev().take_while(part);
    let tail = text.get(at..).unwrap_or_default().chars().take_while(part);
    head.chain(tail).filter(|c| chars::is_arabic(*c)).nth(1).is_none()
}

/// L1, L2 and L4 over raw text, line by line.
pub(super) fn raw(text: &str, found: &mut Vec<Finding>) {
    let mut base = 0;
    for line in text.split_inclusive('\n') {
        if !line.is_ascii() {
            overrides_in(line, base, found);
            isolates_in(line, base, "line", found);
            // The mark of the byte order, at the start of a file.
            let bom = if base == 0 && line.starts_with('\u{FEFF}') { 3 } else { 0 };
            others_in(line.get(bom..).unwrap_or_default(), base + bom, found, |_| false);
        }
        base += line.len();
    }
}
