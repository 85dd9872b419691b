//! English words without their endings: Porter's second stemmer, with exceptions of our own.

use super::Form;

/// The stem of a folded word of ASCII letters, and how much longer the word is.
pub(super) fn analyse(word: &str) -> (String, Form) {
    let stem = stem(word);
    let form = match word.len().saturating_sub(stem.len()) {
        0 if word == stem => Form::Bare,
        1 if word.ends_with('s') => Form::Plural,
        _ if word.ends_with("ed") || word.ends_with("ing") => Form::Verb,
        _ => Form::Relative,
    };
    (stem, form)
}

/// Whether some letters are the beginning of an ending.
#[must_use]
pub fn is_ending_begun(letters: &str) -> bool {
    let endings = SECOND.iter().chain(THIRD).map(|(ending, _)| *ending);
    let mut endings = endings.chain(FOURTH).chain(["ing", "ed"]);
    endings.any(|ending| ending.starts_with(letters))
}

/// The stem, which has none of its own but itself.
fn stem(word: &str) -> String {
    let mut word = word.to_owned();
    loop {
        let shorter = step(&word);
        if shorter == word {
            return word;
        }
        word = shorter;
    }
}

fn step(word: &str) -> String {
    let listed = IRREGULAR.iter().find(|(irregular, _)| *irregular == word);
    if let Some((_, stem)) = listed {
        return (*stem).to_owned();
    }
    if word.len() <= 2 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word.to_owned();
    }
    // Labour is labor.
    if let Some(rest) = word.strip_suffix("our").filter(|rest| rest.len() > 2) {
        return format!("{rest}or");
    }
    let mut word = Word::new(word);
    word.plural();
    word.past();
    word.final_y();
    word.replace(SECOND, 1);
    word.replace(THIRD, 1);
    word.remove();
    word.final_e();
    word.text()
}

/// Endings and what stands for them, the longer before the shorter.
type Endings = &'static [(&'static str, &'static str)];

/// Words that endings say nothing of, plurals inside the word, and spellings of one word.
const IRREGULAR: Endings = &[
    ("news", "news"),
    ("university", "universit"),
    ("universities", "universit"),
    ("universe", "univers"),
    ("general", "general"),
    ("generals", "general"),
    ("men", "man"),
    ("women", "woman"),
    ("policemen", "policeman"),
    ("businessmen", "businessman"),
    ("fishermen", "fisherman"),
    ("statesmen", "statesman"),
    ("craftsmen", "craftsman"),
    ("children", "child"),
    ("people", "people"),
    ("feet", "foot"),
    ("teeth", "tooth"),
    ("mice", "mouse"),
    ("oases", "oasis"),
    ("oasis", "oasis"),
    ("crises", "crisis"),
    ("crisis", "crisis"),
    ("analyses", "analysis"),
    ("analysis", "analysis"),
    ("bases", "basis"),
    ("basis", "basis"),
    ("knives", "knife"),
    ("knife", "knife"),
    ("lives", "life"),
    ("life", "life"),
    ("wives", "wife"),
    ("wife", "wife"),
    ("leaves", "leaf"),
    ("halves", "half"),
    ("shelves", "shelf"),
    ("wolves", "wolf"),
    ("thieves", "thief"),
    ("centre", "center"),
    ("centr", "center"),
    ("theatre", "theater"),
    ("metr", "meter"),
    ("theatr", "theater"),
    ("kilometr", "kilometer"),
    ("litr", "liter"),
    ("fibr", "fiber"),
    ("metre", "meter"),
    ("kilometre", "kilometer"),
    ("litre", "liter"),
    ("fibre", "fiber"),
    ("defence", "defense"),
    ("defenc", "defens"),
    ("offence", "offense"),
    ("licence", "license"),
    ("grey", "gray"),
    ("dying", "die"),
    ("lying", "lie"),
    ("tying", "tie"),
    ("early", "early"),
    ("only", "only"),
];

const SECOND: Endings = &[
    ("ization", "ize"),
    ("isation", "ise"),
    ("ational", "ate"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("iveness", "ive"),
    ("tional", "tion"),
    ("biliti", "ble"),
    ("lessli", "less"),
    ("entli", "ent"),
    ("ation", "ate"),
    ("alism", "al"),
    ("aliti", "al"),
    ("ousli", "ous"),
    ("iviti", "ive"),
    ("fulli", "ful"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("abli", "able"),
    ("izer", "ize"),
    ("iser", "ise"),
    ("ator", "ate"),
    ("alli", "al"),
    ("bli", "ble"),
    ("ogi", "og"),
    ("li", ""),
];

const THIRD: Endings = &[
    ("alize", "al"),
    ("alise", "al"),
    ("icate", "ic"),
    ("iciti", "ic"),
    ("ative", ""),
    ("ical", "ic"),
    ("ness", ""),
    ("ful", ""),
];

const FOURTH: [&str; 19] = [
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous",
    "ive", "ize", "ise", "ion", "al", "er", "ic",
];

/// The lists above, for scripts.
pub(super) fn tables() -> [(&'static str, Vec<String>); 4] {
    let pairs =
        |endings: Endings| endings.iter().map(|(ending, by)| format!("{ending}-{by}")).collect();
    [
        ("irregular", pairs(IRREGULAR)),
        ("second", pairs(SECOND)),
        ("third", pairs(THIRD)),
        ("fourth", FOURTH.iter().map(ToString::to_string).collect()),
    ]
}

/// A word being stemmed. The letter y is written Y where it is a consonant.
struct Word {
    letters: Vec<u8>,
    /// Where the part after the first consonant after a vowel begins, and the same in that part.
    regions: [usize; 2],
}

impl Word {
    fn new(word: &str) -> Self {
        let mut letters = word.as_bytes().to_vec();
        for i in 0..letters.len() {
            let before = i.checked_sub(1).and_then(|i| letters.get(i)).copied();
            if letters.get(i) == Some(&b'y') && before.is_none_or(is_vowel) {
                letters.splice(i..=i, *b"Y");
            }
        }
        let after = |start: usize| {
            let pairs = letters.windows(2).enumerate().skip(start);
            let found = |(i, pair): (usize, &[u8])| match pair {
                [a, b] if is_vowel(*a) && !is_vowel(*b) => Some(i + 2),
                _ => None,
            };
            pairs.into_iter().find_map(found).unwrap_or(letters.len())
        };
        let first = after(0);
        let regions = [first, after(first)];
        Self { letters, regions }
    }

    fn text(&self) -> String {
        self.letters.iter().map(|b| char::from(b.to_ascii_lowercase())).collect()
    }

    fn ends(&self, ending: &str) -> bool {
        self.letters.ends_with(ending.as_bytes())
    }

    /// Where an ending begins.
    fn start(&self, ending: &str) -> usize {
        self.letters.len().saturating_sub(ending.len())
    }

    fn set(&mut self, ending: &str, by: &str) {
        self.letters.truncate(self.start(ending));
        self.letters.extend_from_slice(by.as_bytes());
    }

    fn has_vowel(&self, until: usize) -> bool {
        self.letters.iter().take(until).any(|b| is_vowel(*b))
    }

    fn plural(&mut self) {
        if self.ends("sses") {
            self.set("es", "");
        } else if self.ends("ied") || self.ends("ies") {
            let by = if self.letters.len() > 4 { "i" } else { "ie" };
            self.set("ies", by);
        } else if self.ends("s") && !self.ends("ss") && !self.ends("us") {
            // A vowel somewhere before the letter before it.
            if self.has_vowel(self.letters.len().saturating_sub(2)) {
                self.set("s", "");
            }
        }
    }

    fn past(&mut self) {
        if self.ends("eed") {
            if self.start("eed") >= self.regions[0] {
                self.set("eed", "ee");
            }
            return;
        }
        let Some(ending) = ["edly", "ingly", "ing", "ed"].into_iter().find(|e| self.ends(e)) else {
            return;
        };
        if !self.has_vowel(self.start(ending)) {
            return;
        }
        self.set(ending, "");
        let last = self.letters.last_chunk::<2>().copied();
        if ["at", "bl", "iz", "is"].iter().any(|end| self.ends(end)) {
            self.letters.push(b'e');
        } else if last.is_some_and(|[a, b]| a == b && b"bdfgmnprt".contains(&b)) {
            self.letters.pop();
        } else if self.regions[0] >= self.letters.len() && self.is_short() {
            self.letters.push(b'e');
        }
    }

    /// Whether the word ends in a short syllable.
    fn is_short(&self) -> bool {
        match self.letters.as_slice() {
            [a, b] => is_vowel(*a) && !is_vowel(*b),
            [.., a, b, c] => !is_vowel(*a) && is_vowel(*b) && !is_vowel(*c) && !b"wxY".contains(c),
            _ => false,
        }
    }

    fn final_y(&mut self) {
        if let [_, .., before, y @ (b'y' | b'Y')] = self.letters.as_mut_slice()
            && !is_vowel(*before)
        {
            *y = b'i';
        }
    }

    /// Replaces an ending that is in a region.
    fn replace(&mut self, endings: Endings, region: usize) {
        let Some((ending, by)) = endings.iter().find(|(ending, _)| self.ends(ending)) else {
            return;
        };
        let start = self.start(ending);
        let before = start.checked_sub(1).and_then(|i| self.letters.get(i)).copied();
        let fits = match *ending {
            "ogi" => before == Some(b'l'),
            "li" => before.is_some_and(|b| b"cdeghkmnrt".contains(&b)),
            "ative" => start >= self.regions[1],
            _ => true,
        };
        if fits && self.regions.get(region - 1).is_some_and(|region| start >= *region) {
            self.set(ending, by);
        }
    }

    fn remove(&mut self) {
        let Some(ending) = FOURTH.into_iter().find(|ending| self.ends(ending)) else { return };
        let start = self.start(ending);
        let before = start.checked_sub(1).and_then(|i| self.letters.get(i)).copied();
        let fits = ending != "ion" || matches!(before, Some(b's' | b't'));
        if fits && start >= self.regions[1] {
            self.set(ending, "");
        }
    }

    fn final_e(&mut self) {
        let start = self.letters.len().saturating_sub(1);
        if self.ends("ll") && start >= self.regions[1] {
            self.letters.pop();
        } else if self.ends("e") {
            let short = Self {
                letters: self.letters.iter().take(start).copied().collect(),
                regions: self.regions,
            };
            if start >= self.regions[1] || start >= self.regions[0] && !short.is_short() {
                self.letters.pop();
            }
        }
    }
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for words in [
            &["agreement", "agreements"][..],
            &[
                "celebrate",
                "celebrates",
                "celebrated",
                "celebrating",
                "celebration",
                "celebrations",
            ],
            &["country", "countries"],
            &["port", "ports"],
            &["sign", "signs", "signed", "signing"],
            &["plan", "planned", "planning", "plans"],
            &["economy", "economies"],
            &["economic", "economical", "economically"],
            &["visit", "visited", "visiting", "visits"],
            &["hope", "hoped", "hoping", "hopes"],
            &["relation", "relations", "relational"],
            &["railway", "railways"],
            &["industry", "industries"],
            &["industrial", "industrially"],
        ] {
            let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{words:?} {stems:?}");
        }
        for (a, b) in [("port", "portal"), ("china", "chin"), ("sign", "signal"), ("part", "party")]
        {
            assert_ne!(stem(a), stem(b));
        }
    }
}
