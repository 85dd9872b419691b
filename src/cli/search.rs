//! `dhikra search`

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::report;
use super::{Common, End, MessageFormat, SiteOptions};
use crate::diagnostic::{Diagnostic, codes};
use crate::pipeline;
use crate::search::{Built, Found, Hit, excerpt, search, site};
use crate::site::{Page, Site};
use crate::source::Folder;
use crate::text::search::Rules;

/// How long an excerpt is, in characters.
const EXCERPT: usize = 160;

/// Find pages by words, as readers of the site find them
///
/// With or without hamza, vowel signs, article, *and*, plural endings. Pages that have all words; where there is
/// none, those that have any. The best come first.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The words
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// In the pages of this language; the site's first by default
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// How many pages are shown at the most
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    #[command(flatten)]
    site: SiteOptions,
}

pub(super) fn run(common: &Common, args: &Args) -> End {
    let mut loaded = match pipeline::load(&common.root, &args.site.overrides()) {
        Ok(loaded) => loaded,
        Err(problems) => {
            report::problems(common, &Folder(&common.root), problems);
            return End::Problems;
        }
    };
    // What is wrong with other things is none of a search's business.
    let problems = std::mem::take(&mut loaded.problems);
    let about: Vec<Diagnostic> =
        problems.into_iter().filter(|problem| problem.code == codes::SYNONYMS).collect();
    report::problems(common, &*loaded.tree, about);
    let site = &loaded.renderer.world().site;
    let lang = match args.lang.as_deref().map(|tag| (tag, site.config.language_index(tag))) {
        None => 0,
        Some((_, Some(lang))) => lang,
        Some((tag, None)) => {
            let message = format!("`{tag}` is not a language of this site");
            let tags = site.config.languages.iter().map(|l| l.lang.as_str());
            let problem = Diagnostic::error(codes::UNKNOWN_LANGUAGE, message);
            report::problems(common, &*loaded.tree, vec![problem.did_you_mean(tag, tags)]);
            return End::Usage;
        }
    };
    let built = Built::of(site, lang);
    let rules = Rules::of(&site.language(lang).lang);
    let found = search(&built.shards, &args.words.join(" "), rules);
    let shown: Vec<Shown<'_>> = found
        .hits
        .iter()
        .take(args.limit)
        .filter_map(|hit| Shown::of(site, &built, &found, *hit, rules))
        .collect();
    match common.message_format {
        MessageFormat::Json => {
            let pages: Vec<Value> = shown.iter().map(Shown::json).collect();
            let object =
                json!({ "found": found.hits.len(), "all_words": found.all, "pages": pages });
            report::say(&format!("{object}\n"));
        }
        MessageFormat::Human | MessageFormat::Github => report::say(&as_text(&found, &shown)),
    }
    if found.hits.is_empty() { End::Problems } else { End::Done }
}

/// A page that was found, as it is shown.
struct Shown<'a> {
    page: &'a Page,
    id: &'a str,
    url: String,
    score: u32,
    /// The place in its text where the words are.
    excerpt: String,
    marks: Vec<String>,
}

impl<'a> Shown<'a> {
    fn of(site: &'a Site, built: &Built, found: &Found, hit: Hit, rules: Rules) -> Option<Self> {
        let page = site.page(*built.pages.get(hit.page as usize)?);
        let texts = site::texts(site, page).unwrap_or_default();
        let description = site.description(page);
        let lines = texts.blocks.iter().filter(|block| !block.heading).map(|block| &*block.text);
        let lines: Vec<&str> = lines.chain([&*description]).collect();
        let marked = |line: &&str| excerpt::marks(line, &found.words, rules);
        // The line with most of the words, the first of those.
        let best = lines.iter().rev().max_by_key(|line| marked(line).len()).copied();
        let line = best.unwrap_or_default();
        let marks = excerpt::marks(line, &found.words, rules);
        let place = excerpt::around(line, &marks, EXCERPT);
        let inside = marks.iter().filter(|mark| place.contains(&mark.start));
        Some(Self {
            page,
            id: &site.group_of(page).id,
            url: site.config.base.permalink(&page.url),
            score: hit.score,
            marks: inside.filter_map(|mark| line.get(mark.clone()).map(str::to_owned)).collect(),
            excerpt: line.get(place).unwrap_or_default().trim().to_owned(),
        })
    }

    fn json(&self) -> Value {
        json!({
            "id": self.id, "title": &*self.page.title, "url": self.url, "score": self.score,
            "excerpt": self.excerpt, "words": self.marks,
        })
    }
}

fn as_text(found: &Found, shown: &[Shown<'_>]) -> String {
    let mut out = String::new();
    if found.hits.is_empty() {
        return "Nothing was found\n".to_owned();
    }
    if !found.all {
        out.push_str("No page has all of these words; these have some of them\n\n");
    }
    for page in shown {
        let _ = writeln!(out, "{}\n  {}\n  {}\n", page.page.title, page.url, page.excerpt);
    }
    let rest = found.hits.len() - shown.len();
    if rest > 0 {
        let _ = writeln!(out, "… and {rest} more; --limit shows them");
    }
    out
}
