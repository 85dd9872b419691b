//! Lists in a sentence: «باكستان والصين», "Pakistan and China".

use std::fmt;

use icu::list::ListFormatter;
use icu::list::options::{ListFormatterOptions, ListLength};

use super::Lang;

/// Joins lists as a language does.
pub struct Lists {
    and: Option<ListFormatter>,
    or: Option<ListFormatter>,
}

impl Lists {
    /// The patterns of a language.
    #[must_use]
    pub fn new(lang: &Lang) -> Self {
        let locale = lang.locale(&[]);
        let options = || ListFormatterOptions::default().with_length(ListLength::Wide);
        Self {
            and: ListFormatter::try_new_and((&locale).into(), options()).ok(),
            or: ListFormatter::try_new_or((&locale).into(), options()).ok(),
        }
    }

    /// The items as one text, the last two joined by the word for "and", or for "or" where
    /// `alternatives`. Items are put in as they are.
    #[must_use]
    pub fn format(&self, items: &[String], alternatives: bool) -> String {
        match if alternatives { &self.or } else { &self.and } {
            Some(formatter) => formatter.format(items.iter()).to_string(),
            None => items.join(", "),
        }
    }
}

impl fmt::Debug for Lists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lists")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_in_each_language() {
        for (tag, items, and, or) in [
            (
                "ar",
                "باكستان الصين السعودية",
                "باكستان والصين والسعودية",
                "باكستان أو الصين أو السعودية",
            ),
            ("en", "a b c", "a, b, and c", "a, b, or c"),
            ("ur", "الف بے جیم", "الف، بے، اور جیم", "الف، بے، یا جیم"),
            ("zh", "中国 巴基斯坦", "中国和巴基斯坦", "中国或巴基斯坦"),
        ] {
            let Some(lang) = Lang::parse(tag) else { unreachable!() };
            let items: Vec<String> = items.split(' ').map(str::to_owned).collect();
            let lists = Lists::new(&lang);
            assert_eq!(lists.format(&items, false), and);
            assert_eq!(lists.format(&items, true), or);
        }
    }
}
