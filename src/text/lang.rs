//! Language tags and the direction of their scripts.

use std::fmt;
use std::sync::Arc;

use icu::locale::{LanguageIdentifier, Locale, LocaleDirectionality};

/// The direction in which a language is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The value of HTML's `dir` attribute.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// A language, as a canonical BCP 47 tag (`ar`, `pa-PK`, `zh-Hant`). Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lang(Arc<str>);

impl Lang {
    /// Parses and canonicalises a BCP 47 language tag; `None` where it is not one.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let id = LanguageIdentifier::try_from_str(tag).ok()?;
        (!id.language.is_unknown()).then(|| Self(id.to_string().into()))
    }

    /// The tag, as in HTML's `lang` attribute.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary language subtag: `pa` of `pa-PK`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// The direction of the language's script, from CLDR's likely scripts and script metadata;
    /// left to right where CLDR does not know the language.
    #[must_use]
    pub fn direction(&self) -> Direction {
        let known = LanguageIdentifier::try_from_str(&self.0)
            .ok()
            .and_then(|id| LocaleDirectionality::new_extended().get(&id));
        match known {
            Some(icu::locale::Direction::RightToLeft) => Direction::Rtl,
            _ => Direction::Ltr,
        }
    }

    /// The ICU locale of this language, with Unicode extensions such as `nu-arab` appended.
    #[must_use]
    pub fn locale(&self, extensions: &[&str]) -> Locale {
        let mut tag = self.0.to_string();
        for (i, extension) in extensions.iter().enumerate() {
            tag.push_str(if i == 0 { "-u-" } else { "-" });
            tag.push_str(extension);
        }
        Locale::try_from_str(&tag).unwrap_or(Locale::UNKNOWN)
    }

    /// What the language calls itself, for language switchers; the tag where it is not in the
    /// small table (ICU4X has no stable display names yet).
    #[must_use]
    pub fn autonym(&self) -> &str {
        match self.primary() {
            "ar" => "العربية",
            "en" => "English",
            "ur" => "اردو",
            "zh" => "中文",
            "fa" => "فارسی",
            "ps" => "پښتو",
            "sd" => "سنڌي",
            "ug" => "ئۇيغۇرچە",
            "ku" => "Kurdî",
            "ckb" => "کوردیی ناوەندی",
            "he" => "עברית",
            "tr" => "Türkçe",
            "fr" => "Français",
            "de" => "Deutsch",
            "es" => "Español",
            "ru" => "Русский",
            "id" => "Bahasa Indonesia",
            "ms" => "Bahasa Melayu",
            _ => &self.0,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_follows_the_script() {
        for (tag, dir) in [
            ("ar", Direction::Rtl),
            ("ur", Direction::Rtl),
            ("pa-PK", Direction::Rtl),
            ("sd-Deva", Direction::Ltr),
            ("ar-Latn", Direction::Ltr),
            ("zh", Direction::Ltr),
            ("en", Direction::Ltr),
        ] {
            assert_eq!(Lang::parse(tag).map(|l| l.direction()), Some(dir), "{tag}");
        }
    }

    #[test]
    fn tags_are_canonical() {
        assert_eq!(Lang::parse("ZH-hant").as_ref().map(Lang::as_str), Some("zh-Hant"));
        assert_eq!(Lang::parse("not a tag"), None);
        assert_eq!(Lang::parse("2"), None);
    }
}
