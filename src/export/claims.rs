//! The facts of a page as claims: each with its sources, and how certain it is.

use serde_json::Value;

use super::describe::Describer;
use super::{iri, versions};
use crate::document::{Certainty, Claim};
use crate::knowledge::graph::{Datatype, Name, Object, Resource};
use crate::site::{GroupIx, Page};

/// The terms that schema.org has no words for, and what they are in the site's own.
pub(super) const TERMS: [&str; 4] = [CERTAINTY, AS_OF, PROPERTY, VALUE];
const CERTAINTY: &str = "claim.certainty";
const AS_OF: &str = "claim.as_of";
const PROPERTY: &str = "claim.property";
const VALUE: &str = "claim.value";

impl Describer<'_> {
    /// The facts of a group, which are said once for all languages.
    pub(super) fn claims(&mut self, ix: GroupIx) -> Vec<Resource> {
        let site = self.site;
        let group = site.group(ix);
        let speaking = versions(site, ix).filter(|page| self.speaks(page.document.lang));
        let pages: Vec<&Page> = speaking.collect();
        let facts = group.facts.front.facts.iter().enumerate();
        facts.map(|(n, claim)| self.claim(ix, n, claim, &pages)).collect()
    }

    fn claim(&mut self, ix: GroupIx, n: usize, claim: &Claim, pages: &[&Page]) -> Resource {
        let site = self.site;
        let group = site.group(ix);
        // Its address on the page, too.
        let name = claim.id.as_deref().map_or_else(|| (n + 1).to_string(), str::to_owned);
        let mut said =
            Resource::new(Some(iri::fact(site, group, &name)), vec![Name::schema("Claim")]);
        let original = group.original.lang;
        match self.only {
            Some(lang) => {
                let (text, lang) = claim.words(lang, original);
                said.say("text", self.tagged(text, lang));
            }
            None => {
                for (lang, text) in claim.text.all() {
                    said.say("text", self.tagged(text, lang.unwrap_or(original)));
                }
            }
        }
        said.say("about", Object::Iri(iri::thing(site, group)));
        for page in pages {
            said.say("appearance", Object::Iri(iri::page(site, page)));
        }
        for cited in &claim.sources {
            if let Some(source) = site.source(&cited.id) {
                said.say("citation", Object::Iri(self.mention(source)));
            }
        }
        if let Some(who) = claim.asserted_by.as_deref().and_then(|who| site.find(who).ok()) {
            said.say("author", Object::Iri(self.mention(who)));
        }
        let mut own = |name: &str, object: Object| {
            said.statements.push((Name::Own(name.to_owned()), object));
        };
        if claim.certainty != Certainty::Certain {
            own(CERTAINTY, Object::Text(claim.certainty.name().to_owned()));
        }
        if let Some(date) = &claim.as_of {
            own(AS_OF, Object::Typed(date.to_string(), Datatype::Edtf));
        }
        if let Some(property) = &claim.property {
            own(PROPERTY, Object::Text(property.to_string()));
        }
        match &claim.value {
            Some(Value::Number(number)) => own(VALUE, super::fields::numeral(number)),
            Some(Value::Bool(b)) => own(VALUE, Object::Typed(b.to_string(), Datatype::Boolean)),
            Some(Value::String(text)) => own(VALUE, Object::Text(text.clone())),
            _ => {}
        }
        said
    }
}
