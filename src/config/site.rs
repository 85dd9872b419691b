//! Reading `site.toml`.

use std::sync::Arc;

use super::reader::{Input, Reader, Step};
use super::toml::TomlFile;
use super::{
    BaseUrl, Config, FRONT_MATTER_KEYS, Language, MarkdownOptions, MenuItem, MenuTarget,
    OutputOptions, RawHtml, Taxonomy, Untranslated,
};
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::text::{Calendar, Direction, Lang, Numbering};

/// The address of a site that has none set: good for trying out, refused by no one.
const DEFAULT_BASE_URL: &str = "http://localhost/";

impl Config {
    /// Reads a `site.toml`. Always gives a value to go on with; what is wrong is in `problems`.
    #[must_use]
    pub fn parse(text: &str, file: &Arc<str>, problems: &Problems) -> Self {
        let toml = TomlFile::parse(text, file, problems);
        let input = Input { file, places: &toml, problems };
        let mut reader = Reader::new(input, &toml.values, Vec::new());
        let base_url = reader.text("base_url").unwrap_or_else(|| DEFAULT_BASE_URL.into());
        let config = Self {
            base: BaseUrl::parse(&base_url).unwrap_or_else(|why| {
                let message = format!("`base_url` {why}");
                problems.push(input.bad_value(&[Step::Key("base_url".into())], message));
                BaseUrl { origin: "http://localhost".into(), prefix: "".into() }
            }),
            theme: reader.text("theme").unwrap_or_else(|| "dhikra".into()),
            languages: languages(&mut reader),
            untranslated: reader
                .word("untranslated", &Untranslated::NAMES, Untranslated::from_name)
                .unwrap_or_default(),
            taxonomies: taxonomies(&mut reader),
            permalinks: permalinks(&mut reader),
            markdown: markdown(reader.table("markdown")),
            output: output(reader.table("output")),
            images: super::images::read(reader.table("images")),
            hosting: super::hosting::read(reader.table("hosting")),
            check: super::check::read(reader.table("check")),
            preview: super::preview::read(reader.table("preview")),
            targets: super::targets::read(&mut reader),
            settings: reader.map("settings").cloned().unwrap_or_default(),
            bundles: super::theme::bundles(&mut reader),
            extra: reader.map("extra").cloned().unwrap_or_default(),
        };
        reader.finish();
        config
    }
}

fn languages(reader: &mut Reader<'_>) -> Vec<Language> {
    let input = reader.input;
    let default = reader.text("default_language");
    let mut languages: Vec<Language> = Vec::new();
    for (tag, table) in reader.tables("languages") {
        let Some(lang) = Lang::parse(tag) else {
            let path = [Step::Key("languages".into()), Step::Key(tag.into())];
            let problem = Diagnostic::error(codes::BAD_VALUE, format!("`{tag}` is not a language"));
            input.problems.push(
                problem
                    .at(input.key_span(&path))
                    .hint("use a BCP 47 tag such as ar, en, ur or zh-Hant"),
            );
            continue;
        };
        if languages.iter().any(|other| other.lang == lang) {
            let path = [Step::Key("languages".into()), Step::Key(tag.into())];
            let message = format!("the language {lang} is there twice");
            let problem = Diagnostic::error(codes::BAD_VALUE, message).at(input.key_span(&path));
            input.problems.push(problem.hint("keep one of the two"));
            continue;
        }
        languages.push(language(lang, table));
    }
    if languages.is_empty() {
        let problem = Diagnostic::error(codes::MISSING_KEY, "the site has no language");
        input.problems.push(
            problem
                .at(Span::file(input.file))
                .hint("add a table such as [languages.ar] with a title"),
        );
        languages.extend(Lang::parse("ar").map(bare_language));
    }
    if let Some(default) = default {
        match languages.iter().position(|l| l.lang.as_str().eq_ignore_ascii_case(&default)) {
            Some(at) => languages[..=at].rotate_right(1),
            None => {
                let message = format!("`default_language` «{default}» is not among the languages");
                let problem = input.bad_value(&[Step::Key("default_language".into())], message);
                let tags = languages.iter().map(|l| l.lang.as_str());
                input.problems.push(problem.did_you_mean(&default, tags));
            }
        }
    }
    languages
}

fn bare_language(lang: Lang) -> Language {
    Language {
        direction: lang.direction(),
        title: String::new(),
        description: String::new(),
        label: lang.autonym().to_owned(),
        locale: lang.clone(),
        numbering: Numbering::Auto,
        calendar: Calendar::default(),
        ranges: lang.direction(),
        menus: Vec::new(),
        lang,
    }
}

fn language(lang: Lang, mut table: Reader<'_>) -> Language {
    let mut language = bare_language(lang);
    language.title = table.required_text("title").unwrap_or_default();
    language.description = table.text("description").unwrap_or_default();
    if let Some(label) = table.text("label") {
        language.label = label;
    }
    let direction = |word: &str| match word {
        "ltr" => Some(Direction::Ltr),
        "rtl" => Some(Direction::Rtl),
        _ => None,
    };
    if let Some(own) = table.word("direction", &["ltr", "rtl"], direction) {
        language.direction = own;
        language.ranges = own;
    }
    if let Some(ranges) = table.word("ranges", &["ltr", "rtl"], direction) {
        language.ranges = ranges;
    }
    if let Some(locale) = table.text("locale") {
        match Lang::parse(&locale) {
            Some(locale) => language.locale = locale,
            None => {
                let message = format!("`locale` «{locale}» is not a locale such as ar-EG or en-GB");
                let problem = table.input.bad_value(&table.path("locale"), message);
                table.input.problems.push(problem);
            }
        }
    }
    if let Some(numbering) = table.word("numbering", &Numbering::NAMES, Numbering::from_name) {
        language.numbering = numbering;
    }
    if let Some(calendar) = table.word("calendar", &Calendar::NAMES, Calendar::from_name) {
        language.calendar = calendar;
    }
    language.menus = menus(&mut table);
    table.finish();
    language
}

fn menus(language: &mut Reader<'_>) -> Vec<(String, Vec<MenuItem>)> {
    let path = language.path("menu");
    let input = language.input;
    let Some(map) = language.map("menu") else {
        return Vec::new();
    };
    let mut menus = Vec::new();
    for (name, items) in map {
        let mut path = path.clone();
        path.push(Step::Key(name.clone()));
        let Some(items) = items.as_array() else {
            input.wrong_type(&path, "a list of entries", items);
            continue;
        };
        let mut entries = Vec::new();
        for (i, item) in items.iter().enumerate() {
            let mut path = path.clone();
            path.push(Step::Index(i));
            match item.as_object() {
                Some(item) => {
                    entries.extend(menu_item(Reader::new(input, item, path.clone()), &path))
                }
                None => input.wrong_type(&path, "an entry such as { page = \"about\" }", item),
            }
        }
        menus.push((name.clone(), entries));
    }
    menus
}

fn menu_item(mut item: Reader<'_>, path: &[Step]) -> Option<MenuItem> {
    let (page, url) = (item.text("page"), item.text("url"));
    let title = item.text("title");
    let mut children = Vec::new();
    for (i, child) in item.list("children").into_iter().enumerate() {
        let mut path = path.to_vec();
        path.extend([Step::Key("children".into()), Step::Index(i)]);
        children.extend(menu_item(child, &path));
    }
    let input = item.input;
    item.finish();
    let span = input.value_span(path);
    let wrong = |message: &str| {
        let problem = Diagnostic::error(codes::BAD_VALUE, message).at(span.clone());
        input
            .problems
            .push(problem.hint("write { page = \"id\" } or { url = \"…\", title = \"…\" }"));
        None
    };
    let target = match (page, url) {
        (Some(page), None) => MenuTarget::Page(page),
        (None, Some(url)) if title.is_some() => MenuTarget::Url(url),
        (None, Some(_)) => return wrong("a menu entry with a `url` needs a `title`"),
        _ => return wrong("a menu entry has either a `page` or a `url`"),
    };
    Some(MenuItem { target, title, place: span.range, children })
}

fn taxonomies(reader: &mut Reader<'_>) -> Vec<Taxonomy> {
    let mut taxonomies = Vec::new();
    for (name, mut table) in reader.tables("taxonomies") {
        if crate::text::slug::slugify(name) != name {
            let path = [Step::Key("taxonomies".into()), Step::Key(name.into())];
            let message = format!("the taxonomy `{name}` cannot be part of a URL as it is");
            let problem =
                Diagnostic::error(codes::BAD_VALUE, message).at(table.input.key_span(&path));
            let slug = crate::text::slug::slugify(name);
            table.input.problems.push(problem.hint(format!("`{slug}` could")));
        }
        if FRONT_MATTER_KEYS.contains(&name) {
            let path = [Step::Key("taxonomies".into()), Step::Key(name.into())];
            let message = format!("`{name}` is a key of front matter and cannot be a taxonomy");
            let problem =
                Diagnostic::error(codes::BAD_VALUE, message).at(table.input.key_span(&path));
            table.input.problems.push(problem.hint("choose another name"));
            continue;
        }
        taxonomies.push(Taxonomy {
            name: name.to_owned(),
            paginate: table.count("paginate", 0).unwrap_or(20),
            feed: table.boolean("feed").unwrap_or(false),
        });
        table.finish();
    }
    taxonomies
}

fn permalinks(reader: &mut Reader<'_>) -> Vec<(String, String)> {
    let input = reader.input;
    let Some(map) = reader.map("permalinks") else {
        return Vec::new();
    };
    let mut patterns = Vec::new();
    for (section, pattern) in map {
        let path = [Step::Key("permalinks".into()), Step::Key(section.clone())];
        let Some(pattern) = pattern.as_str() else {
            input.wrong_type(&path, "text", pattern);
            continue;
        };
        if let Some(unknown) = super::unknown_token(pattern) {
            let message = format!("the permalink has an unknown part `{unknown}`");
            let problem = input.bad_value(&path, message);
            input
                .problems
                .push(problem.hint(format!("known parts: {}", super::PERMALINK_TOKENS.join(", "))));
            continue;
        }
        if !pattern.contains("{slug}") && !pattern.contains("{id}") {
            let message = "the permalink is the same for every page of the section";
            let problem = input.bad_value(&path, message);
            input.problems.push(problem.hint("add {slug} or {id} to it"));
            continue;
        }
        patterns.push((section.clone(), pattern.to_owned()));
    }
    patterns
}

fn markdown(table: Option<Reader<'_>>) -> MarkdownOptions {
    let mut options = MarkdownOptions { raw_html: RawHtml::Sanitize, highlight: true, smart: true };
    let Some(mut table) = table else {
        return options;
    };
    let raw_html = |word: &str| match word {
        "sanitize" => Some(RawHtml::Sanitize),
        "trust" => Some(RawHtml::Trust),
        "escape" => Some(RawHtml::Escape),
        _ => None,
    };
    if let Some(raw) = table.word("raw_html", &["sanitize", "trust", "escape"], raw_html) {
        options.raw_html = raw;
    }
    options.highlight = table.boolean("highlight").unwrap_or(true);
    options.smart = table.boolean("smart").unwrap_or(true);
    table.finish();
    options
}

fn output(table: Option<Reader<'_>>) -> OutputOptions {
    let mut options = OutputOptions {
        paginate: 20,
        feed_limit: 20,
        feed: true,
        section_feeds: true,
        rss: true,
        sitemap: true,
        linked_data: true,
        search: true,
        cards: true,
        title_isolates: false,
        index: true,
    };
    let Some(mut table) = table else {
        return options;
    };
    options.paginate = table.count("paginate", 0).unwrap_or(options.paginate);
    options.feed_limit = table.count("feed_limit", 1).unwrap_or(options.feed_limit);
    for (key, option) in [
        ("feed", &mut options.feed),
        ("section_feeds", &mut options.section_feeds),
        ("rss", &mut options.rss),
        ("sitemap", &mut options.sitemap),
        ("linked_data", &mut options.linked_data),
        ("search", &mut options.search),
        ("cards", &mut options.cards),
        ("title_isolates", &mut options.title_isolates),
        ("index", &mut options.index),
    ] {
        *option = table.boolean(key).unwrap_or(*option);
    }
    table.finish();
    options
}
