//! L6 and L7: letters stored otherwise than they are typed.

use icu::normalizer::ComposingNormalizerBorrowed;
use icu::properties::{CodePointMapData, props::GeneralCategory};

use super::chars;
use super::look::Look;
use super::{Finding, rules};

/// A presentation form that stands for letters; those that stand for a phrase (ﷺ, ﷲ, the brackets
/// ﴾ ﴿) are written on purpose.
fn is_form(c: char) -> bool {
    matches!(c, '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' | '\u{FD50}'..='\u{FD8F}'
        | '\u{FD92}'..='\u{FDC7}' | '\u{FE70}'..='\u{FE74}' | '\u{FE76}'..='\u{FEFC}')
}

/// The form that a letter has within a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Isolated,
    Final,
    Initial,
    Medial,
}

/// The form of a presentation form of one letter. The letters follow each other in the order
/// isolated, final, initial, medial; these have but the first two.
fn form(c: char) -> Option<Form> {
    const PAIRS: &[u32] = &[
        0xFB50, 0xFB84, 0xFB86, 0xFB88, 0xFB8A, 0xFB8C, 0xFB9E, 0xFBA4, 0xFBAE, 0xFBB0, 0xFE81,
        0xFE83, 0xFE85, 0xFE87, 0xFE8D, 0xFE93, 0xFEA9, 0xFEAB, 0xFEAD, 0xFEAF, 0xFEED, 0xFEEF,
        0xFEF5, 0xFEF7, 0xFEF9, 0xFEFB,
    ];
    const FOURS: &[(u32, u32)] = &[
        (0xFB52, 0xFB81),
        (0xFB8E, 0xFB9D),
        (0xFBA0, 0xFBA3),
        (0xFBA6, 0xFBAD),
        (0xFE89, 0xFE8C),
        (0xFE8F, 0xFE92),
        (0xFE95, 0xFEA8),
        (0xFEB1, 0xFEEC),
        (0xFEF1, 0xFEF4),
    ];
    let code = u32::from(c);
    let place = PAIRS.iter().find(|pair| (**pair..**pair + 2).contains(&code)).map(|p| code - p);
    let four = || FOURS.iter().find(|(first, last)| (*first..=*last).contains(&code));
    match place.or_else(|| four().map(|(first, _)| (code - first) % 4))? {
        0 => Some(Form::Isolated),
        1 => Some(Form::Final),
        2 => Some(Form::Initial),
        _ => Some(Form::Medial),
    }
}

/// Whether a word looks as if its letters were stored from the last to the first.
fn is_reversed(word: &str) -> bool {
    let mut forms = word.chars().filter(|c| is_form(*c));
    let (Some(first), Some(last)) = (forms.next(), forms.next_back()) else { return false };
    forms.next().is_some()
        && (matches!(form(first), Some(Form::Final | Form::Medial))
            || matches!(form(last), Some(Form::Initial | Form::Medial)))
}

/// L6: presentation forms. A run of words in them is one finding.
pub(super) fn presentation(look: &Look<'_>, found: &mut Vec<Finding>) {
    let text = look.text;
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(is_form)).map(|i| at + i) {
        let end = run_end(text, start);
        at = end;
        let run = look.slice(start..end);
        let numbers = chars::numbers(&run.chars().take(3).collect::<String>());
        let more = if run.chars().nth(3).is_some() { " …" } else { "" };
        let message = format!("«{run}» is stored as glyphs, not as letters: {numbers}{more}");
        let finding = Finding::new(rules::FORM, start..end, message);
        let reversed = run.split(' ').any(is_reversed);
        found.push(if reversed {
            finding.hint("its letters seem to be stored in reverse order: type it anew")
        } else {
            finding.hint("it was likely copied from a PDF file").edit(start..end, letters(run))
        });
    }
}

/// The end of a run of presentation forms, and of the marks and single spaces between them.
fn run_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let rest = text.get(start..).unwrap_or_default();
    for (at, c) in rest.char_indices() {
        if is_form(c) {
            end = start + at + c.len_utf8();
            continue;
        }
        let doubled = rest.get(at + 1..).is_some_and(|rest| rest.starts_with(' '));
        if !chars::is_harakat(c) && (c != ' ' || doubled) {
            break;
        }
    }
    end
}

/// The letters that a run of presentation forms stands for.
fn letters(run: &str) -> String {
    let nfkc = ComposingNormalizerBorrowed::new_nfkc();
    let mut text = String::with_capacity(run.len());
    for c in run.chars() {
        let mut one = [0; 4];
        let letters = nfkc.normalize(c.encode_utf8(&mut one));
        // Vowel marks with a form of their own are decomposed to a space or tatweel and the mark.
        let mark = matches!(c, '\u{FC5E}'..='\u{FC63}' | '\u{FCF2}'..='\u{FCF4}' | '\u{FE70}'..='\u{FE7F}');
        text.extend(letters.chars().filter(|c| !mark || !matches!(*c, ' ' | chars::TATWEEL)));
    }
    super::super::nfc(&text).into_owned()
}

fn is_mark(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    matches!(category, GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark)
        || matches!(c, '\u{1160}'..='\u{11FF}')
}

/// L7: letters and marks that NFC writes otherwise.
pub(super) fn normal(look: &Look<'_>, found: &mut Vec<Finding>) {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    if nfc.is_normalized(look.text) {
        return;
    }
    let mut chars = look.text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        while let Some((at, mark)) = chars.next_if(|(_, c)| is_mark(*c)) {
            end = at + mark.len_utf8();
        }
        let sequence = look.slice(start..end);
        if nfc.is_normalized(sequence) || is_reordered(sequence) {
            continue;
        }
        let normal = nfc.normalize(sequence).into_owned();
        let message = format!(
            "«{sequence}» is stored as {}, in NFC as {}",
            chars::numbers(sequence),
            chars::numbers(&normal)
        );
        let hint = "search and links do not find it as it is";
        found.push(
            Finding::new(rules::NFC, start..end, message).hint(hint).edit(start..end, normal),
        );
    }
}

/// Whether NFC would but put the vowel marks into another order. Every keyboard writes shadda
/// before its vowel and NFC puts it after, so that each vowelled text would be found; both look the
/// same and are read the same.
fn is_reordered(sequence: &str) -> bool {
    let marks = sequence.chars().filter(|c| chars::is_harakat(*c));
    if marks.count() < 2 {
        return false;
    }
    let nfd = icu::normalizer::DecomposingNormalizerBorrowed::new_nfd().normalize(sequence);
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(&nfd);
    let sorted = |text: &str| {
        let mut chars: Vec<char> = text.chars().collect();
        chars.sort_unstable();
        chars
    };
    sorted(sequence) == sorted(&composed)
}
