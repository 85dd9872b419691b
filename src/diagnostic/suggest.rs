//! «Did you mean …».

/// The candidate nearest to what was written, if any is near enough to be meant: by
/// Damerau–Levenshtein distance of at most a third of its letters.
#[must_use]
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = Wanted::new(written);
    candidates
        .into_iter()
        .filter_map(|c| Some((wanted.distance(c, letters(c))?, c)))
        .min()
        .map(|(_, c)| c)
}

/// Many names, made ready for being asked for the nearest again and again.
#[derive(Debug, Default)]
pub struct Names(Vec<(u64, Box<str>)>);

impl Names {
    /// Makes names ready.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names: Vec<_> = names
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(|name| (letters(name), Box::from(name)))
            .collect();
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    /// The name nearest to what was written, as [`nearest`] finds it.
    #[must_use]
    pub fn nearest(&self, written: &str) -> Option<&str> {
        let wanted = Wanted::new(written);
        let near =
            self.0.iter().filter_map(|(mask, name)| Some((wanted.distance(name, *mask)?, &**name)));
        near.min().map(|(_, name)| name)
    }
}

/// The letters of a text as a set of 64: one edit changes at most two of its members, so texts
/// whose sets differ by more are farther apart than that, which is found out at once.
fn letters(text: &str) -> u64 {
    text.chars().fold(0, |set, c| set | 1 << (u32::from(c) & 63))
}

struct Wanted<'a> {
    text: &'a str,
    letters: u64,
    length: usize,
    limit: usize,
}

impl<'a> Wanted<'a> {
    fn new(text: &'a str) -> Self {
        let length = text.chars().count();
        Self { text, letters: letters(text), length, limit: length.div_ceil(3).clamp(1, 4) }
    }

    /// How far a candidate is, if it is near enough to be meant.
    fn distance(&self, candidate: &str, set: u64) -> Option<usize> {
        if candidate == self.text {
            return None;
        }
        // What differs in the case of its letters alone is the nearest of all.
        let own = self.text.chars().flat_map(char::to_lowercase);
        if candidate.chars().flat_map(char::to_lowercase).eq(own) {
            return Some(0);
        }
        let differ = (set ^ self.letters).count_ones() as usize;
        if differ > 2 * self.limit {
            return None;
        }
        if candidate.chars().count().abs_diff(self.length) > self.limit {
            return None;
        }
        let distance = strsim::damerau_levenshtein(self.text, candidate);
        (distance <= self.limit).then_some(distance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("tittle", ["title", "slug"]), Some("title"));
        assert_eq!(nearest("غوادار", ["غوادر", "خنجراب"]), Some("غوادر"));
        assert_eq!(nearest("x", ["title"]), None);
        assert_eq!(nearest("S-EN", ["S-EM", "s-en", "S-EN"]), Some("s-en"));
        assert_eq!(Names::new(["gwadar", "x"]).nearest("GWADAR"), Some("gwadar"));
        assert_eq!(Names::new(["title", "", "slug"]).nearest("tilte"), Some("title"));
    }
}
