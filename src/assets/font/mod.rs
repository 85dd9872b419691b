//! Fonts: an `@font-face` rule that names a TrueType or OpenType font of `assets/` becomes one rule, or a
//! few, of web fonts that hold what the site uses of it.

mod slices;
mod source;
mod subset;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use lightningcss::properties::custom::{
    CustomProperty, CustomPropertyName, Token, TokenList, TokenOrValue,
};
use lightningcss::rules::font_face::{
    FontFaceProperty, FontFaceRule, FontFormat, Source, UnicodeRange, UrlSource,
};
use lightningcss::values::ident::Ident;

use self::source::FontSource;
use self::subset::Subset;
use super::{Derived, Transform, fingerprinted};
use crate::config::Language;
use crate::diagnostic::{Diagnostic, Problems, Severity, Span, codes};
use crate::source::SourceFile;
use crate::text::charset::CharSet;
use crate::text::used;

/// The largest gap in a range of code points that is not worth its bytes in a style sheet.
const GAP: u32 = 32;

/// Whether a path below `assets/` is that of a font that web fonts are made of.
pub(super) fn is_source(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["ttf", "otf", "ttc", "otc"].iter().any(|source| ending.eq_ignore_ascii_case(source))
}

/// A web font that is made of a part of a font.
#[derive(Debug)]
pub(super) struct Slice {
    /// The path of the font below `assets/`.
    pub(super) path: String,
    /// The file.
    pub(super) derived: Arc<Derived>,
    /// Its characters.
    pub(super) chars: CharSet,
    /// Whether it holds the alphabets and the commonest characters of its rule.
    pub(super) is_first: bool,
}

/// The fonts of a site.
pub(super) struct Fonts<'a> {
    /// The files of `assets/`, by path.
    pub(super) files: &'a BTreeMap<String, &'a SourceFile>,
    /// The characters that the site uses.
    pub(super) used: &'a CharSet,
    /// The fonts that were looked at; none for those that cannot be used.
    known: RefCell<BTreeMap<String, Option<Arc<FontSource>>>>,
    /// What was made of them.
    pub(super) slices: RefCell<Vec<Slice>>,
}

/// A font that a rule names: the place of its source in the rule, and its path below `assets/`.
pub(super) struct Named {
    pub(super) property: usize,
    pub(super) source: usize,
    pub(super) path: String,
}

impl<'a> Fonts<'a> {
    pub(super) fn new(files: &'a BTreeMap<String, &'a SourceFile>, used: &'a CharSet) -> Self {
        Self { files, used, known: RefCell::default(), slices: RefCell::default() }
    }

    /// The font at a path, read once.
    fn font(&self, path: &str, problems: &Problems) -> Option<Arc<FontSource>> {
        if let Some(known) = self.known.borrow().get(path) {
            return known.clone();
        }
        let loaded = self.files.get(path).and_then(|file| match FontSource::load(file) {
            Ok(font) => Some(Arc::new(font)),
            Err(problem) => {
                problems.push(problem);
                None
            }
        });
        self.known.borrow_mut().insert(path.to_owned(), loaded.clone());
        loaded
    }

    /// The rules that take the place of one that names a font. `publish` makes a URL of the path that a
    /// file is published at.
    pub(super) fn rules<'i>(
        &self,
        rule: &FontFaceRule<'i>,
        named: &Named,
        span: Span,
        publish: impl Fn(&str) -> String,
        problems: &Problems,
    ) -> Vec<FontFaceRule<'i>> {
        let Some(font) = self.font(&named.path, problems) else { return Vec::new() };
        let own = own_range(rule);
        let is_own = |code: u32| own.is_empty() || own.iter().any(|r| (r.0..=r.1).contains(&code));
        let wanted =
            |c: &char| is_own(u32::from(*c)) && (!font.can_be_cut || self.used.contains(*c));
        let chars = CharSet::of(font.chars.iter().filter(wanted));
        let slices = if font.can_be_cut {
            slices::cut(&chars)
        } else {
            problems.push(whole(&font, span));
            vec![chars]
        };
        let several = slices.len() > 1;
        let mut rules = Vec::new();
        for (n, slice) in slices.into_iter().enumerate() {
            let features = features(rule);
            let chars = font.can_be_cut.then(|| slice.clone());
            let (file, digest) = (font.file.clone(), font.digest);
            let derived = derived(&named.path, Subset { file, digest, chars, features });
            let is_free =
                |code| is_own(code) && char::from_u32(code).is_none_or(|c| !self.used.contains(c));
            // Of rules that name a character the last has it (CSS Fonts 4, §11.1): the first need not name its own
            // one by one, which every page would pay for.
            let ranges = match n == 0 && several && !own.is_empty() {
                true => own.clone(),
                false => slice.ranges(|from, to| to - from < GAP && (from..=to).all(is_free)),
            };
            rules.push(of_slice(rule, named, publish(&derived.url), &ranges));
            let path = named.path.clone();
            self.slices.borrow_mut().push(Slice { path, derived, chars: slice, is_first: n == 0 });
        }
        rules
    }
}

/// The warning that a font is published whole.
fn whole(font: &FontSource, span: Span) -> Diagnostic {
    let size = font.size.div_ceil(1024);
    let message = format!(
        "«{}» has outlines that are not cut (CFF): it is published whole, {size} KB before it is packed",
        font.file.path
    );
    let problem =
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(codes::FONT, message) };
    problem.at(span).hint("take the same font as a .ttf with TrueType outlines")
}

fn derived(path: &str, subset: Subset) -> Arc<Derived> {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let url = fingerprinted(&format!("{stem}.woff2"), &subset.key().hex());
    Arc::new(Derived { url, transform: Arc::new(subset) })
}

/// The ranges of code points that a rule is for; none where it is for all.
fn own_range(rule: &FontFaceRule<'_>) -> Vec<(u32, u32)> {
    let ranges = rule.properties.iter().filter_map(|property| match property {
        FontFaceProperty::UnicodeRange(ranges) => Some(ranges),
        _ => None,
    });
    ranges.flatten().map(|range| (range.start, range.end)).collect()
}

/// The features of layout that a rule turns on.
fn features(rule: &FontFaceRule<'_>) -> Vec<[u8; 4]> {
    let mut found = Vec::new();
    for property in &rule.properties {
        let FontFaceProperty::Custom(custom) = property else { continue };
        if !custom.name.as_ref().eq_ignore_ascii_case("font-feature-settings") {
            continue;
        }
        for token in &custom.value.0 {
            if let TokenOrValue::Token(Token::String(tag)) = token
                && let Ok(tag) = <[u8; 4]>::try_from(tag.as_bytes())
                && tag.iter().all(|byte| (b' '..=b'~').contains(byte))
            {
                found.push(tag);
            }
        }
    }
    found
}

/// A rule for a slice: as it was written, but for its source and range. Text is shown in the next font
/// where the slice is not there at once, unless the rule says otherwise, so that nothing moves.
fn of_slice<'i>(
    rule: &FontFaceRule<'i>,
    named: &Named,
    url: String,
    ranges: &[(u32, u32)],
) -> FontFaceRule<'i> {
    let mut rule = rule.clone();
    if let Some(FontFaceProperty::Source(sources)) = rule.properties.get_mut(named.property)
        && let Some(Source::Url(source)) = sources.get_mut(named.source)
    {
        source.url.url = url.into();
        source.format = Some(FontFormat::WOFF2);
        source.tech.clear();
    }
    rule.properties.retain(|property| !matches!(property, FontFaceProperty::UnicodeRange(_)));
    let is_display = |property: &FontFaceProperty<'_>| matches!(property, FontFaceProperty::Custom(custom) if custom.name.as_ref().eq_ignore_ascii_case("font-display"));
    if !rule.properties.iter().any(is_display) {
        rule.properties.push(FontFaceProperty::Custom(CustomProperty {
            name: CustomPropertyName::Unknown(Ident("font-display".into())),
            value: TokenList(vec![TokenOrValue::Token(Token::Ident("optional".into()))]),
        }));
    }
    let ranges = ranges.iter().map(|(start, end)| UnicodeRange { start: *start, end: *end });
    rule.properties.push(FontFaceProperty::UnicodeRange(ranges.collect()));
    rule
}

/// The sources of a rule that `font_at` knows as fonts of `assets/`.
pub(super) fn named(
    rule: &FontFaceRule<'_>,
    font_at: impl Fn(&UrlSource<'_>) -> Option<String>,
) -> Vec<Named> {
    let mut found = Vec::new();
    for (property, value) in rule.properties.iter().enumerate() {
        let FontFaceProperty::Source(sources) = value else { continue };
        for (source, value) in sources.iter().enumerate() {
            if let Source::Url(url) = value
                && let Some(path) = font_at(url)
            {
                found.push(Named { property, source, path });
            }
        }
    }
    found
}

/// The URLs of the slices of each font that a page in each of the languages needs whatever it says.
pub(super) fn preloads(
    slices: &[Slice],
    languages: &[Language],
) -> BTreeMap<String, Vec<Vec<String>>> {
    let letters: Vec<CharSet> = languages.iter().map(|l| used::letters(&l.lang)).collect();
    let mut found: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for slice in slices {
        found.entry(slice.path.clone()).or_default();
    }
    for (path, by_language) in &mut found {
        let own: Vec<&Slice> = slices.iter().filter(|s| s.path == *path && s.is_first).collect();
        for letters in &letters {
            let has = |slice: &&&Slice| slice.chars.iter().any(|c| letters.contains(c));
            let for_language: Vec<&&Slice> = own.iter().filter(has).collect();
            // A face for another script than the language's is for the words of that script that a page may
            // have: its first slice is that of its letters.
            let chosen =
                if for_language.is_empty() { own.iter().take(1).collect() } else { for_language };
            let mut urls: Vec<String> = chosen.iter().map(|s| s.derived.url.clone()).collect();
            urls.dedup();
            by_language.push(urls);
        }
    }
    found
}
