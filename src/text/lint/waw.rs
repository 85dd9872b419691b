//! L14: «و» apart from its word.

use super::chars::{self, is_arabic, is_space};
use super::look::Look;
use super::words;
use super::{Finding, rules};

/// L14.
pub(super) fn detached(look: &Look<'_>, found: &mut Vec<Finding>) {
    if look.lang != "ar" {
        return;
    }
    let mut words = words::words(look.text).peekable();
    let mut last: Option<&str> = None;
    while let Some((at, word)) = words.next() {
        let before = last.replace(word);
        if word != "و" {
            continue;
        }
        let end = at + word.len();
        let Some((next_at, next)) = words.peek() else { break };
        let gap = look.slice(end..*next_at);
        if gap.is_empty() || !gap.chars().all(is_space) || !next.starts_with(is_arabic) {
            continue;
        }
        let previous = chars::before(look.text, at);
        if previous.is_some_and(|c| !c.is_whitespace() && !chars::is_opening(c)) {
            continue;
        }
        // «أ و ب»: letters that number something, or an abbreviation.
        if letters(next) < 2 || before.is_some_and(|word| letters(word) == 1) {
            continue;
        }
        if before.is_some_and(|word| matches!(word, "حرف" | "الحرف" | "واو" | "الواو" | "بحرف"))
        {
            continue;
        }
        let message = format!("«و» stands apart from «{next}»");
        let finding = Finding::new(rules::WAW, at..end, message);
        found.push(finding.hint("join them").edit(end..*next_at, ""));
    }
}

/// How many Arabic letters a word has; none for another word.
fn letters(word: &str) -> usize {
    word.chars().filter(|c| is_arabic(*c)).count()
}
