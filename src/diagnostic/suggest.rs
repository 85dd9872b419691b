//! «Did you mean …».

/// The candidate nearest to what was written, if any is near enough to be meant: by
/// Damerau–Levenshtein distance of at most a third of its letters.
#[must_use]
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let limit = written.chars().count().div_ceil(3).clamp(1, 4);
    candidates
        .into_iter()
        .filter(|c| *c != written && c.chars().count().abs_diff(written.chars().count()) <= limit)
        .map(|c| (strsim::damerau_levenshtein(written, c), c))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("tittle", ["title", "slug"]), Some("title"));
        assert_eq!(nearest("غوادار", ["غوادر", "خنجراب"]), Some("غوادر"));
        assert_eq!(nearest("x", ["title"]), None);
    }
}
