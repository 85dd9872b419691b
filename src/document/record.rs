//! The record of a page: what it is true of, what was corrected, and whose pictures it shows.

use serde_json::Value;

use crate::config::Config;
use crate::config::reader::{Reader, Step, type_name};
use crate::diagnostic::{Diagnostic, codes};
use crate::text::Edtf;

use super::front_matter::date;

/// A text in the language of the original, or one for each of several languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized(Vec<(Option<usize>, Box<str>)>);

impl Localized {
    /// The text in a language, else in the original's, else in the first that has one; with the
    /// language that it is in.
    #[must_use]
    pub fn get(&self, lang: usize, original: usize) -> Option<(usize, &str)> {
        let of = |wanted: usize| {
            let mut texts = self.0.iter().map(|(lang, text)| (lang.unwrap_or(original), &**text));
            texts.find(|(lang, _)| *lang == wanted)
        };
        let first = || self.0.first().map(|(lang, text)| (lang.unwrap_or(original), &**text));
        of(lang).or_else(|| of(original)).or_else(first)
    }

    /// Every text with its language; `None` for the original's.
    pub fn all(&self) -> impl Iterator<Item = (Option<usize>, &str)> {
        self.0.iter().map(|(lang, text)| (*lang, &**text))
    }

    /// Reads a text, or a mapping of languages to texts.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        key: &'static str,
        config: &Config,
    ) -> Option<Self> {
        let path = reader.path(key);
        let input = reader.input;
        match reader.value(key)? {
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) => Some(Self(vec![(None, line(text))])),
            Value::Object(map) => {
                let mut texts = Vec::new();
                for (tag, value) in map {
                    let mut path = path.clone();
                    path.push(Step::Key(tag.clone()));
                    match (config.language_index(tag), value.as_str()) {
                        (None, _) => {
                            let message = format!("`{tag}` is not a language of this site");
                            let tags = config.languages.iter().map(|l| l.lang.as_str());
                            let problem = Diagnostic::error(codes::UNKNOWN_LANGUAGE, message);
                            let problem = problem.at(input.key_span(&path));
                            input.problems.push(problem.did_you_mean(tag, tags));
                        }
                        (_, None) => input.wrong_type(&path, "text", value),
                        (Some(_), Some(text)) if text.trim().is_empty() => {}
                        (lang, Some(text)) => texts.push((lang, line(text))),
                    }
                }
                // The languages in the site's order, whatever order they were written in.
                texts.sort_by_key(|(lang, _)| *lang);
                (!texts.is_empty()).then_some(Self(texts))
            }
            other => {
                let wanted = "text, or a text for each language";
                let message = format!("`{key}` must be {wanted}, not {}", type_name(other));
                let problem = Diagnostic::error(codes::WRONG_TYPE, message);
                input.problems.push(problem.at(input.value_span(&path)));
                None
            }
        }
    }
}

/// A text on one line.
fn line(text: &str) -> Box<str> {
    text.split_whitespace().collect::<Vec<_>>().join(" ").into()
}

/// What a correction is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CorrectionKind {
    /// Something was wrong.
    #[default]
    Error,
    /// Something has changed since.
    Update,
    /// Something could be misread.
    Clarification,
}

impl CorrectionKind {
    /// The words of front matter.
    pub const NAMES: [&'static str; 3] = ["error", "update", "clarification"];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Update => "update",
            Self::Clarification => "clarification",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "error" => Self::Error,
            "update" => Self::Update,
            "clarification" => Self::Clarification,
            _ => return None,
        })
    }
}

/// A correction of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// When it was made.
    pub date: Edtf,
    /// What was corrected, for readers.
    pub text: Localized,
    /// What it is.
    pub kind: CorrectionKind,
}

/// A picture or recording that a page shows, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// The file, as an image in the page's text would name it.
    pub file: Box<str>,
    /// What there is to see or hear, for those who do not.
    pub alt: Localized,
    /// What readers see below it.
    pub caption: Option<Localized>,
    /// Who made it.
    pub creator: Box<str>,
    /// Under which licence it is shown: an SPDX identifier, a URL, or words.
    pub licence: Box<str>,
    /// Where it is from: a URL, or words such as a shelf mark.
    pub source: Box<str>,
    /// When it was made.
    pub date: Option<Edtf>,
    /// The place in it that must be seen where only a part is shown.
    pub focus: Focus,
}

/// A place in a picture, in thousandths of its width from the left and of its height from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Focus {
    /// From the left, in every language: a picture is not mirrored.
    pub x: u16,
    /// From the top.
    pub y: u16,
}

impl Default for Focus {
    /// The middle.
    fn default() -> Self {
        Self { x: 500, y: 500 }
    }
}

impl Focus {
    /// Reads two shares of one, such as `[0.3, 0.6]`.
    fn read(reader: &mut Reader<'_>, key: &'static str) -> Option<Self> {
        let value = reader.value(key)?;
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 0 to 1000"
        )]
        let share = |value: &Value| {
            let share = value.as_f64().filter(|share| (0.0..=1.0).contains(share))?;
            Some((share * 1000.0).round() as u16)
        };
        let focus = match value.as_array().map(Vec::as_slice) {
            Some([x, y]) => share(x).zip(share(y)).map(|(x, y)| Self { x, y }),
            _ => None,
        };
        if focus.is_none() {
            let message =
                format!("`{key}` is two numbers from 0 to 1: from the left and from the top");
            let problem = reader.input.bad_value(&reader.path(key), message);
            reader.input.problems.push(problem.hint("such as focus: [0.3, 0.6]"));
        }
        focus
    }
}

impl Media {
    /// The address of its licence, where it is one or the licence is known: those of Creative Commons
    /// by their SPDX identifiers.
    #[must_use]
    pub fn licence_url(&self) -> Option<String> {
        if is_web(&self.licence) {
            return Some(self.licence.to_string());
        }
        let licence = self.licence.to_ascii_lowercase();
        let base = "https://creativecommons.org/";
        match licence.as_str() {
            "cc0-1.0" | "cc0" => return Some(format!("{base}publicdomain/zero/1.0/")),
            "pddl-1.0" | "cc-pddc" => return Some(format!("{base}publicdomain/mark/1.0/")),
            _ => {}
        }
        // CC-BY-NC-SA-4.0; some have the code of a country behind.
        let (terms, version) =
            licence.strip_prefix("cc-")?.split_once(|c: char| c.is_ascii_digit())?;
        let version = licence.get(licence.len() - version.len() - 1..)?;
        let terms = terms.trim_end_matches('-');
        let known = ["by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"];
        let number = version.split('-').next().unwrap_or(version);
        let port: String = version.split('-').skip(1).map(|code| format!("{code}/")).collect();
        known.contains(&terms).then(|| format!("{base}licenses/{terms}/{number}/{port}"))
    }

    /// The address that it is from, where its source is one.
    #[must_use]
    pub fn source_url(&self) -> Option<&str> {
        is_web(&self.source).then_some(&*self.source)
    }
}

fn is_web(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Whether a file is a picture of pixels that variants can be made of, by its name.
#[must_use]
pub fn is_raster(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["jpg", "jpeg", "png", "webp"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// What a page says of its own record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The day up to which it is true.
    pub as_of: Option<Edtf>,
    /// What was corrected.
    pub corrections: Vec<Correction>,
    /// Its pictures and recordings.
    pub media: Vec<Media>,
}

impl Record {
    /// Reads the keys of front matter; nothing where there is none of them.
    pub(super) fn read(reader: &mut Reader<'_>, config: &Config) -> Option<Box<Self>> {
        let record = Self {
            as_of: date(reader, "as_of"),
            corrections: corrections(reader, config),
            media: media(reader, config),
        };
        (record != Self::default()).then(|| Box::new(record))
    }
}

fn corrections(reader: &mut Reader<'_>, config: &Config) -> Vec<Correction> {
    let mut corrections = Vec::new();
    for mut entry in reader.list("corrections") {
        let words = CorrectionKind::NAMES;
        let correction = (
            needed(&mut entry, "date", date),
            needed(&mut entry, "text", |entry, key| Localized::read(entry, key, config)),
        );
        let kind = entry.word("kind", &words, CorrectionKind::from_name).unwrap_or_default();
        entry.finish();
        if let (Some(date), Some(text)) = correction {
            corrections.push(Correction { date, text, kind });
        }
    }
    corrections
}

fn media(reader: &mut Reader<'_>, config: &Config) -> Vec<Media> {
    let mut media = Vec::new();
    for mut entry in reader.list("media") {
        let text = |entry: &mut Reader<'_>, key| {
            let text = entry.text(key)?;
            (!text.trim().is_empty()).then(|| Box::<str>::from(text.trim()))
        };
        let file = needed(&mut entry, "file", text);
        let alt = needed(&mut entry, "alt", |entry, key| Localized::read(entry, key, config));
        let creator = needed(&mut entry, "creator", text);
        let licence = needed(&mut entry, "licence", text);
        let source = needed(&mut entry, "source", text);
        let caption = Localized::read(&mut entry, "caption", config);
        let made = date(&mut entry, "date");
        let focus = Focus::read(&mut entry, "focus").unwrap_or_default();
        entry.finish();
        // What lacks any of these is refused, and shown nowhere.
        if let (Some(file), Some(alt), Some(creator), Some(licence), Some(source)) =
            (file, alt, creator, licence, source)
        {
            media.push(Media { file, alt, caption, creator, licence, source, date: made, focus });
        }
    }
    media
}

/// Reads a key that an entry cannot do without; it is reported where it is not there or empty.
pub(super) fn needed<T>(
    entry: &mut Reader<'_>,
    key: &'static str,
    read: impl FnOnce(&mut Reader<'_>, &'static str) -> Option<T>,
) -> Option<T> {
    let problems = entry.input.problems.len();
    let value = read(entry, key);
    if value.is_none() && entry.input.problems.len() == problems {
        match entry.has(key) {
            true => {
                let problem = entry.input.bad_value(&entry.path(key), format!("`{key}` is empty"));
                entry.input.problems.push(problem);
            }
            false => entry.missing(key),
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_have_addresses() {
        let url = |licence: &str| {
            let licence = licence.into();
            let text = || Box::<str>::from("x");
            let alt = Localized::default();
            Media {
                file: text(),
                alt,
                caption: None,
                creator: text(),
                licence,
                source: text(),
                date: None,
                focus: Focus::default(),
            }
            .licence_url()
        };
        let cc = |path: &str| Some(format!("https://creativecommons.org/{path}"));
        assert_eq!(url("CC-BY-4.0"), cc("licenses/by/4.0/"));
        assert_eq!(url("CC-BY-NC-SA-3.0-DE"), cc("licenses/by-nc-sa/3.0/de/"));
        assert_eq!(url("CC0-1.0"), cc("publicdomain/zero/1.0/"));
        assert_eq!(url("https://example.org/l"), Some("https://example.org/l".into()));
        assert_eq!((url("كل الحقوق محفوظة"), url("CC-"), url("CC-XY-4.0")), (None, None, None));
    }
}
