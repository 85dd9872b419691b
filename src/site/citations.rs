//! The citations of a page, numbered as its readers see them: those of its text in their order, then
//! those of its facts. The writer of Markdown numbers those of the text by the same rule.

use std::collections::HashMap;

use super::links::SOURCE;
use super::{GroupIx, Page, Site};
use crate::document::LinkKind;

/// A citation on a page.
#[derive(Clone, Copy, Debug)]
pub struct Citing<'a> {
    /// The source, where there is one.
    pub source: Option<GroupIx>,
    /// The number of the source on the page, from 1.
    pub number: usize,
    /// Which of the citations of that source it is, from 1. Its anchor is `cite-NUMBER-NTH`.
    pub nth: usize,
    /// The sentence that it bears out; a wikilink's title is not filled in.
    pub sentence: &'a str,
    /// The language of the sentence.
    pub lang: usize,
    /// The place in the source, or nothing.
    pub locator: &'a str,
    /// The words of the source, or nothing.
    pub quote: &'a str,
    /// The number of the fact that cites, where it is none of the text.
    pub fact: Option<usize>,
}

impl Citing<'_> {
    /// Its anchor on the page.
    #[must_use]
    pub fn anchor(&self) -> String {
        format!("cite-{}-{}", self.number, self.nth)
    }
}

/// Numbers sources in the order in which they are first cited.
#[derive(Debug, Default)]
struct Numbering<'a> {
    numbers: HashMap<&'a str, usize>,
    counts: Vec<usize>,
}

impl<'a> Numbering<'a> {
    /// The number of a source, and how often it is now cited.
    fn next(&mut self, id: &'a str) -> (usize, usize) {
        let new = self.counts.len();
        let at = *self.numbers.entry(id).or_insert(new);
        if at == new {
            self.counts.push(0);
        }
        let count = self.counts.get_mut(at).map_or(1, |count| {
            *count += 1;
            *count
        });
        (at + 1, count)
    }
}

impl Site {
    /// The source that a citation names.
    #[must_use]
    pub fn source(&self, written: &str) -> Option<GroupIx> {
        self.find_of(written, &[SOURCE]).ok()
    }

    /// Every citation of a page: of its text, then of its facts.
    #[must_use]
    pub fn citations<'a>(&'a self, page: &'a Page) -> Vec<Citing<'a>> {
        let mut numbering = Numbering::default();
        let mut all = Vec::new();
        let mut add = |written: &'a str, citing: Citing<'a>| {
            let source = self.source(written);
            // Two ways to write an id are one source, as for the writer.
            let shown = source.filter(|group| self.best_version(*group, page.lang).is_some());
            let id = shown.map_or(written, |group| &*self.group(group).id);
            let (number, nth) = numbering.next(id);
            all.push(Citing { source: shown, number, nth, ..citing });
        };
        let blank = Citing {
            source: None,
            number: 0,
            nth: 0,
            sentence: "",
            lang: page.document.lang,
            locator: "",
            quote: "",
            fact: None,
        };
        let body = page.document.body(&self.config);
        if let Some(citations) = &body.citations {
            for cited in &citations.list {
                let link = body.links.get(cited.link as usize);
                let Some(link) = link.filter(|link| link.kind == LinkKind::Citation) else {
                    continue;
                };
                let sentence = citations.sentences.get(cited.sentence as usize);
                let (locator, quote) = (&*cited.locator, &*cited.quote);
                let sentence = sentence.map_or("", |sentence| sentence);
                add(&link.destination, Citing { sentence, locator, quote, ..blank });
            }
        }
        let group = self.group_of(page);
        for (n, claim) in group.facts.front.facts.iter().enumerate() {
            let (sentence, lang) = claim.words(page.lang, group.original.lang);
            for cited in &claim.sources {
                let (locator, quote) = (&*cited.locator, &*cited.quote);
                add(&cited.id, Citing { sentence, lang, locator, quote, fact: Some(n), ..blank });
            }
        }
        all
    }

    /// The sources that a page lists and that neither its text nor its facts cite.
    #[must_use]
    pub fn further_sources(&self, page: &Page, cited: &[Citing<'_>]) -> Vec<GroupIx> {
        let mut further = Vec::new();
        for written in &self.group_of(page).facts.front.sources {
            let Some(source) = self.source(written) else { continue };
            let known = cited.iter().any(|citing| citing.source == Some(source));
            if !known && !further.contains(&source) {
                further.push(source);
            }
        }
        further
    }
}
