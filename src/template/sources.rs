//! Sources as lists of references have them, and who cites a source.

use serde_json::Value as Json;
use tera::{Kwargs, Map, State, TeraResult, Value};

use super::arguments::{integer, only};
use super::functions::time;
use super::scope::{Scope, World};
use super::values::{self, map_value, put};
use crate::document::Sort;
use crate::knowledge::bibliography::shown;
use crate::site::{Page, PageIx, Site};
use crate::text::date::DateStyle;
use crate::text::{Direction, Edtf, Lang, Quotes, escape, percent};

/// A source as a list of references has it, in two pieces of HTML: what it is, and where to find it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its authors, title, publisher, date and pages.
    pub entry: Value,
    /// Its address, its archived copy and when it was looked at.
    pub links: Value,
}

/// A source for a list in a language: its summary with `entry` and `links`.
#[must_use]
pub fn source_map(world: &World, ix: PageIx, lang: usize) -> Map {
    let mut map = values::summary_map(&world.site, ix);
    let Entry { entry, links } = entry(world, ix, lang);
    put(&mut map, "entry", entry);
    put(&mut map, "links", links);
    map
}

/// Gives what an earlier page of the language asked for, or works it out.
fn entry(world: &World, ix: PageIx, lang: usize) -> Entry {
    let key = (lang, ix);
    if let Some(known) = world.entries.read().ok().and_then(|known| known.get(&key).cloned()) {
        return known;
    }
    let writer = Writer { site: &world.site, page: world.site.page(ix), lang };
    let made = Entry {
        entry: Value::safe_string(&writer.entry()),
        links: Value::safe_string(&writer.links()),
    };
    if let Ok(mut known) = world.entries.write() {
        known.insert(key, made.clone());
    }
    made
}

/// The language of a source's own words: its field `language`, or that of the page about it.
#[must_use]
pub fn language(site: &Site, page: &Page) -> Lang {
    let original = &site.group_of(page).original;
    let said = original.front.fields.get("language").and_then(Json::as_str).and_then(Lang::parse);
    said.unwrap_or_else(|| site.language(page.document.lang).lang.clone())
}

/// Words of a source in its language and direction, between its quotation marks. Words that are
/// mostly of the other direction are not in that language, as in a source of two languages.
#[must_use]
pub fn quotation(lang: &Lang, words: &str) -> String {
    let (open, close) = Quotes::of(lang).outer;
    let (escaped, own) = (escape::html(words), lang.direction());
    let attributes = match main_direction(words).filter(|direction| *direction != own) {
        Some(direction) => format!(" dir=\"{}\"", direction.as_str()),
        None => format!(" lang=\"{lang}\" dir=\"{}\"", own.as_str()),
    };
    format!("<span class=\"quotation\"{attributes}>{open}{escaped}{close}</span>")
}

/// The direction of more than two thirds of the letters of a text.
fn main_direction(text: &str) -> Option<Direction> {
    let is_rtl = |c: &char| matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}');
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (rtl, ltr): (Vec<char>, Vec<char>) = letters.partition(is_rtl);
    match (rtl.len(), ltr.len()) {
        (rtl, ltr) if rtl > 2 * ltr => Some(Direction::Rtl),
        (rtl, ltr) if ltr > 2 * rtl => Some(Direction::Ltr),
        _ => None,
    }
}

/// Writes a source for readers of a language.
struct Writer<'a> {
    site: &'a Site,
    /// The page about the source.
    page: &'a Page,
    lang: usize,
}

impl Writer<'_> {
    /// A field of the source: of the page that is shown, or of the original.
    fn field(&self, name: &str) -> Option<&Json> {
        let original = &self.site.group_of(self.page).original.front.fields;
        let value = self.page.document.front.fields.get(name).or_else(|| original.get(name))?;
        Some(value).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Option<String> {
        match self.field(name)? {
            Json::String(text) if text.trim().is_empty() => None,
            Json::String(text) => Some(text.trim().to_owned()),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A word of the interface; what stands in braces is filled with HTML. `None` where the theme has
    /// no such word.
    fn message(&self, key: &str, fill: Option<(&str, &str)>) -> Option<String> {
        // No text holds this private-use character.
        const MARK: &str = "\u{F5D04}";
        let numbers = &self.site.tools(self.lang).numbers;
        let values: Vec<(&str, &str)> = fill.iter().map(|(name, _)| (*name, MARK)).collect();
        let words = self.site.frame.messages.get(self.lang, key, None, numbers, &values)?;
        Some(escape::html(&words).replace(MARK, fill.map_or("", |(_, html)| html)))
    }

    fn separator(&self) -> String {
        self.message("list-separator", None).unwrap_or_else(|| ", ".to_owned())
    }

    fn date(&self, name: &str) -> Option<String> {
        let date = Edtf::parse(&self.text(name)?).ok()?;
        let language = self.site.language(self.lang);
        let dates = &self.site.tools(self.lang).dates;
        let shown = dates.format(&date, DateStyle::default(), language.calendar);
        Some(time(&date, &shown, language.direction))
    }

    fn entry(&self) -> String {
        let kind = self.text("type").unwrap_or_default();
        let own_word = matches!(kind.as_str(), "law" | "dataset");
        let word = own_word.then(|| self.message(&format!("type-{kind}"), None)).flatten();
        let isolated =
            |name: &str| format!("<bdi dir=\"auto\">{}</bdi>", escape::html(shown(name)));
        let pages = self.text("pages").map(|pages| escape::html(&pages));
        let parts = [
            self.authors().map(|names| {
                names.iter().map(|name| isolated(name)).collect::<Vec<_>>().join(&self.separator())
            }),
            Some(self.title(&kind)),
            word,
            self.publisher(),
            self.date("published"),
            pages.map(|p| self.message("source-pages", Some(("pages", &p))).unwrap_or(p)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(&self.separator())
    }

    fn authors(&self) -> Option<Vec<String>> {
        let names: Vec<String> = match self.field("authors")? {
            Json::Array(names) => {
                names.iter().filter_map(Json::as_str).map(str::to_owned).collect()
            }
            Json::String(name) => vec![name.clone()],
            _ => Vec::new(),
        };
        (!names.is_empty()).then_some(names)
    }

    /// The title, as a link to the page about the source. The source's own title stands first, with the
    /// marks of its language, and what the page calls it in brackets after it. A page's title may be a
    /// description, so that it gets no marks.
    fn title(&self, kind: &str) -> String {
        let page_lang = &self.site.language(self.page.document.lang).lang;
        let own = self.text("original_title").filter(|own| **own != *self.page.title);
        let (title, lang) = match &own {
            Some(own) => (own.as_str(), language(self.site, self.page)),
            None => (&*self.page.title, page_lang.clone()),
        };
        let href = self.site.config.base.path(&self.page.url);
        let mut html = format!(
            "<cite{}{}><a href=\"{}\"{}>{}</a></cite>",
            self.lang_of(&lang),
            format_args!(" dir=\"{}\"", lang.direction().as_str()),
            escape::html(&href),
            if self.page.document.lang == self.lang {
                String::new()
            } else {
                format!(" hreflang=\"{page_lang}\"")
            },
            escape::html(&if own.is_some() {
                marked(title, kind, &lang)
            } else {
                title.to_owned()
            }),
        );
        if own.is_some() {
            let dir = page_lang.direction().as_str();
            let title = escape::html(&self.page.title);
            let attributes = self.lang_of(page_lang);
            html.push_str(&format!(" <span{attributes} dir=\"{dir}\">[{title}]</span>"));
        }
        html
    }

    /// The attribute of a language, where it is not the reader's.
    fn lang_of(&self, lang: &Lang) -> String {
        let own = &self.site.language(self.lang).lang;
        if lang == own { String::new() } else { format!(" lang=\"{lang}\"") }
    }

    fn publisher(&self) -> Option<String> {
        // A name of any script: `Pakistan Today` stays as it is in an Arabic file.
        let publisher = self.text("publisher")?;
        Some(format!("<bdi dir=\"auto\">{}</bdi>", escape::html(&publisher)))
    }

    fn links(&self) -> String {
        let link = |class: &str, url: &str, words: &str| {
            let href = escape::html(&percent::encode_written(url));
            format!("<a class=\"{class}\" href=\"{href}\"{words}</a>")
        };
        let is_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        let host = |url: &str| format!(" dir=\"ltr\" rel=\"external\">{}", escape::html(host(url)));
        let address = self.text("url").filter(is_web);
        let archived = self.text("archived_url").filter(is_web);
        let parts = [
            address.map(|url| link("original", &url, &host(&url))),
            archived.map(|url| {
                let words = self.message("archived-copy", None);
                let words = words.map(|words| format!(" rel=\"external\">{words}"));
                link("archived", &url, &words.unwrap_or_else(|| host(&url)))
            }),
            self.date("accessed")
                .map(|date| self.message("accessed", Some(("date", &date))).unwrap_or(date)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(&self.separator())
    }
}

/// A title between the marks that its language puts around titles of its type; one that begins with
/// marks keeps those.
fn marked(title: &str, kind: &str, lang: &Lang) -> String {
    let (open, close) = match (lang.primary(), kind) {
        ("zh", _) => ("《", "》"),
        ("ja", "book") => ("『", "』"),
        (_, "news" | "web" | "statement") => Quotes::of(lang).outer,
        _ => return title.to_owned(),
    };
    if title.starts_with(['«', '“', '"', '《', '「', '『', '„', '”']) {
        return title.to_owned();
    }
    format!("{open}{title}{close}")
}

/// The host of a web address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.strip_prefix("www.").unwrap_or(host)
}

/// `citations(limit)`: the pages of this language that cite this one, by title, each with its
/// citations in their order.
pub(super) fn citations(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("citations", &kwargs, &["limit"])?;
    let scope = Scope::current()?;
    let site = scope.site();
    let Some(source) = scope.page else { return Ok(Value::from(Vec::<Value>::new())) };
    let mut pages = scope.world.citing(source).to_vec();
    pages.retain(|ix| site.page(*ix).lang == scope.lang);
    site.sort(&mut pages, Sort::Title, scope.lang);
    if let Some(limit) = integer(&kwargs, "limit")? {
        pages.truncate(usize::try_from(limit).unwrap_or(0));
    }
    let one = |ix: PageIx| {
        let mut map = Map::with_capacity(2);
        put(&mut map, "page", scope.world.summary(ix));
        put(&mut map, "citations", places(site, ix, source));
        map_value(map)
    };
    Ok(Value::from(pages.into_iter().map(one).collect::<Vec<_>>()))
}

/// The citations of a source on a page.
fn places(site: &Site, ix: PageIx, source: PageIx) -> Value {
    let (page, group) = (site.page(ix), site.page(source).group);
    let quote_lang = language(site, site.page(source));
    let all = site.citations(page);
    let own = all.iter().filter(|citing| citing.source == Some(group)).map(|citing| {
        let language = site.language(citing.lang);
        let mut map = Map::with_capacity(10);
        let anchor = citing.anchor();
        put(&mut map, "url", format!("{}#{anchor}", site.config.base.path(&page.url)));
        put(&mut map, "anchor", anchor);
        put(&mut map, "number", citing.number);
        put(&mut map, "sentence", site.with_titles(page, citing.sentence));
        put(&mut map, "lang", language.lang.as_str());
        put(&mut map, "dir", language.direction.as_str());
        put(&mut map, "locator", citing.locator);
        put(&mut map, "quote", citing.quote);
        if !citing.quote.is_empty() {
            put(&mut map, "quotation", Value::safe_string(&quotation(&quote_lang, citing.quote)));
        }
        put(&mut map, "fact", citing.fact.is_some());
        map_value(map)
    });
    Value::from(own.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_marked_as_their_language_does() {
        let mark = |tag: &str, kind: &str, title: &str| {
            Lang::parse(tag).map(|lang| marked(title, kind, &lang)).unwrap_or_default()
        };
        assert_eq!(mark("ar", "news", "خبر"), "«خبر»");
        assert_eq!(mark("ar", "news", "«خبر» جديد"), "«خبر» جديد");
        assert_eq!(mark("en", "book", "A book"), "A book");
        assert_eq!(mark("zh", "book", "书"), "《书》");
    }

    #[test]
    fn quotations_have_the_direction_of_their_words() {
        let quote = |tag: &str, words: &str| {
            Lang::parse(tag).map(|lang| quotation(&lang, words)).unwrap_or_default()
        };
        let html = |attributes: &str, inside: &str| {
            format!("<span class=\"quotation\"{attributes}>{inside}</span>")
        };
        assert_eq!(quote("ar", "نعم CPEC"), html(" lang=\"ar\" dir=\"rtl\"", "«نعم CPEC»"));
        assert_eq!(quote("ar", "75"), html(" lang=\"ar\" dir=\"rtl\"", "«75»"));
        assert_eq!(quote("zh", "كلام"), html(" dir=\"rtl\"", "“كلام”"));
        assert_eq!(quote("ar", "a < b"), html(" dir=\"ltr\"", "«a &lt; b»"));
    }

    #[test]
    fn hosts_of_addresses() {
        assert_eq!(host("https://www.example.org/a?b"), "example.org");
        assert_eq!(host("https://example.org"), "example.org");
    }
}
