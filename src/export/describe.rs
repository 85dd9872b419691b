//! What is said of pages: of what each is about, and of its versions, in the words of schema.org.

use std::collections::BTreeSet;

use super::{fields_of, iri, kind_of, original, versions};
use crate::knowledge::graph::{Datatype, Graph, Name, Object, Resource};
use crate::knowledge::{FieldType, Kind, items, vocabulary};
use crate::site::{Group, GroupIx, Page, PageIx, Shape, Site};
use crate::text::Edtf;

/// Describes pages of a site.
pub(super) struct Describer<'a> {
    pub(super) site: &'a Site,
    /// The language whose texts alone are given, where there are such; all where it is none.
    pub(super) only: Option<usize>,
    /// The groups that were referred to.
    pub(super) mentioned: BTreeSet<GroupIx>,
    /// Whether something was said to be part of the site.
    in_site: bool,
}

/// Everything that is said of a group of a kind, in all languages, with the names of what it refers to. Nothing
/// of one without a kind.
#[must_use]
pub fn group(site: &Site, ix: GroupIx) -> Graph {
    let mut describer = Describer::new(site, None);
    let mut resources = describer.group(ix);
    if !resources.is_empty() {
        describer.add_mentioned(ix, &mut resources);
    }
    describer.graph(resources)
}

/// What a page says of itself to whoever reads it, in its language alone, and that language's tag.
#[must_use]
pub fn page(site: &Site, ix: PageIx) -> (Graph, &str) {
    let page = site.page(ix);
    // A page that shows another language's text speaks for the page that it shows.
    let shown = match page.is_untranslated() && site.group_of(page).shape == Shape::Page {
        true => site.version(page.group, page.document.lang).map_or(page, |ix| site.page(ix)),
        false => page,
    };
    let lang = shown.document.lang;
    let mut describer = Describer::new(site, Some(lang));
    let mut resources = describer.group(page.group);
    if resources.is_empty() {
        resources.push(describer.plain(shown));
        resources.extend(describer.claims(page.group));
    }
    describer.add_mentioned(page.group, &mut resources);
    (describer.graph(resources), site.language(lang).lang.as_str())
}

/// What the dump of a site says of a group: everything but the names of others, which are said at those.
#[must_use]
pub fn alone(site: &Site, ix: GroupIx) -> Vec<Resource> {
    Describer::new(site, None).group(ix)
}

/// The site itself.
#[must_use]
pub fn site(site: &Site) -> Resource {
    Describer::new(site, None).website(true)
}

/// An exact date as a value of XML Schema.
pub(super) fn exact(date: &Edtf) -> Option<Object> {
    let machine = date.machine()?;
    let datatype = match machine.len() {
        4 => Datatype::Year,
        7 => Datatype::YearMonth,
        _ => Datatype::Date,
    };
    Some(Object::Typed(machine, datatype))
}

impl<'a> Describer<'a> {
    fn new(site: &'a Site, only: Option<usize>) -> Self {
        Self { site, only, mentioned: BTreeSet::new(), in_site: false }
    }

    fn graph(self, resources: Vec<Resource>) -> Graph {
        Graph { own: iri::vocabulary(self.site), resources }
    }

    /// A text in a language of the site.
    pub(super) fn tagged(&self, text: &str, lang: usize) -> Object {
        Object::Tagged(text.to_owned(), self.site.language(lang).lang.to_string())
    }

    /// Whether texts of a language are given.
    pub(super) fn speaks(&self, lang: usize) -> bool {
        self.only.is_none_or(|only| only == lang)
    }

    /// The thing that a page of a kind is about, then its pages; nothing where it has no kind.
    fn group(&mut self, ix: GroupIx) -> Vec<Resource> {
        let group = self.site.group(ix);
        let Some(kind) = kind_of(self.site, group) else { return Vec::new() };
        let mut resources = vec![self.thing(ix, kind)];
        let origin = original(self.site, ix).map(|ix| iri::page(self.site, self.site.page(ix)));
        for page in versions(self.site, ix) {
            if self.speaks(page.document.lang) {
                let version = self.version(page, origin.as_deref());
                resources.push(version);
            }
        }
        resources.extend(self.claims(ix));
        resources
    }

    fn thing(&mut self, ix: GroupIx, kind: &Kind) -> Resource {
        let site = self.site;
        let group = site.group(ix);
        let mut thing = self.named(ix);
        if is_work(&thing) {
            let names = thing.statements.iter().map(|(_, name)| name.clone());
            names.collect::<Vec<_>>().into_iter().for_each(|name| thing.say("headline", name));
        }
        for page in versions(site, ix).filter(|page| self.speaks(page.document.lang)) {
            let description = site.description(page);
            if !description.is_empty() {
                thing.say("description", self.tagged(&description, page.document.lang));
            }
        }
        let fields = &group.original.front.fields;
        let says = |property: &str| {
            fields_of(kind).any(|field| {
                field.property.as_deref() == Some(property) && fields.contains_key(&field.name)
            })
        };
        let about = (!says("url")).then_some("url");
        for page in versions(site, ix).filter(|page| self.speaks(page.document.lang)) {
            for property in about.into_iter().chain(["mainEntityOfPage"]) {
                thing.say(property, Object::Iri(iri::page(site, page)));
            }
        }
        self.date(group, kind, says("endDate"), &mut thing);
        // A page of such a kind is what it is about, so what changes it changes that.
        if kind.publication && is_work(&thing) {
            let modified = original(site, ix).and_then(|ix| site.updated(site.page(ix)));
            if let Some(date) = modified.and_then(|date| exact(&date)) {
                thing.say("dateModified", date);
            }
        }
        if let Some(page) = original(site, ix).map(|ix| site.page(ix)) {
            self.pictures(page, &mut thing);
        }
        self.fields(ix, kind, &mut thing);
        thing
    }

    /// A thing with its types and names alone.
    fn named(&self, ix: GroupIx) -> Resource {
        let site = self.site;
        let group = site.group(ix);
        let types = kind_of(site, group).map_or_else(Vec::new, |kind| types(group, kind));
        let mut thing = Resource::new(Some(iri::thing(site, group)), types);
        let mut names: Vec<&Page> =
            versions(site, ix).filter(|page| self.speaks(page.document.lang)).collect();
        if names.is_empty() {
            names.extend(original(site, ix).map(|ix| site.page(ix)));
        }
        for page in names {
            thing.say("name", self.tagged(&page.title, page.document.lang));
        }
        thing
    }

    /// The date of a page as its kind means it. One that is not exact is said in the site's own words, so that
    /// nobody takes it for more precise than it is.
    fn date(&self, group: &Group, kind: &Kind, ends: bool, thing: &mut Resource) {
        let Some(date) = group.facts.front.date else { return };
        let property = kind.date_property.clone();
        if let (Some(property), Some(value)) = (&property, exact(&date)) {
            return thing.say(property.clone(), value);
        }
        if let (Some("startDate"), Edtf::Between(from, to)) = (property.as_deref(), date) {
            let of = |moment| exact(&Edtf::At(moment));
            if let Some(start) = from.and_then(of) {
                thing.say("startDate", start);
            }
            if let Some(end) = to.and_then(of).filter(|_| !ends) {
                thing.say("endDate", end);
            }
        }
        let name = Name::Own(iri::local(&[&kind.name, "date"]));
        thing.statements.push((name, Object::Typed(date.to_string(), Datatype::Edtf)));
    }

    /// A page of a kind in one language.
    fn version(&mut self, page: &Page, origin: Option<&str>) -> Resource {
        let site = self.site;
        let address = iri::page(site, page);
        let mut version = Resource::new(Some(address.clone()), vec![Name::schema("WebPage")]);
        let lang = page.document.lang;
        version.say("name", self.tagged(&page.title, lang));
        version.say("inLanguage", Object::Text(site.language(lang).lang.to_string()));
        version.say("isPartOf", Object::Iri(self.whole()));
        self.history(page, &mut version);
        if let Some(origin) = origin.filter(|origin| *origin != address) {
            version.say("translationOfWork", Object::Iri(origin.to_owned()));
        }
        self.citations(page, &mut version);
        version
    }

    /// The sources that a page rests on: those that its text and its facts cite, then those that it names.
    fn citations(&mut self, page: &Page, version: &mut Resource) {
        let site = self.site;
        let cited = site.citations(page);
        let further = site.further_sources(page, &cited);
        for source in cited.iter().filter_map(|citing| citing.source).chain(further) {
            version.say("citation", Object::Iri(self.mention(source)));
        }
    }

    /// A page without a kind.
    fn plain(&mut self, page: &Page) -> Resource {
        let site = self.site;
        let group = site.group_of(page);
        if group.id.is_empty() {
            return self.website(true);
        }
        let front = &group.facts.front;
        let type_ = match group.shape {
            Shape::Page if front.date.is_some() => "Article",
            Shape::Page => "WebPage",
            _ => "CollectionPage",
        };
        let lang = page.document.lang;
        let mut plain = Resource::new(Some(iri::thing(site, group)), vec![Name::schema(type_)]);
        plain.say("name", self.tagged(&page.title, lang));
        if type_ == "Article" {
            plain.say("headline", self.tagged(&page.title, lang));
        }
        let description = site.description(page);
        if !description.is_empty() {
            plain.say("description", self.tagged(&description, lang));
        }
        plain.say("url", Object::Iri(iri::page(site, page)));
        plain.say("inLanguage", Object::Text(site.language(lang).lang.to_string()));
        plain.say("isPartOf", Object::Iri(self.whole()));
        if let Some(date) = front.date.filter(|_| type_ == "Article").and_then(|date| exact(&date))
        {
            plain.say("datePublished", date);
        }
        self.history(page, &mut plain);
        self.pictures(page, &mut plain);
        plain
    }

    /// The site, with what it is called in each language; the `whole` of it, or its name alone.
    fn website(&self, whole: bool) -> Resource {
        let site = self.site;
        let name = iri::website(site);
        let mut website = Resource::new(Some(name), vec![Name::schema("WebSite")]);
        let homes = site.versions(GroupIx::HOME).iter().flatten().map(|ix| site.page(*ix));
        for home in homes.filter(|home| self.speaks(home.lang)) {
            let language = site.language(home.lang);
            website.say("name", self.tagged(&language.title, home.lang));
            if !whole {
                continue;
            }
            if !language.description.is_empty() {
                website.say("description", self.tagged(&language.description, home.lang));
            }
            website.say("url", Object::Iri(iri::page(site, home)));
            website.say("inLanguage", Object::Text(language.lang.to_string()));
        }
        website
    }

    /// The IRI of the site, which something is part of.
    fn whole(&mut self) -> String {
        self.in_site = true;
        iri::website(self.site)
    }

    /// The IRI of a group that something refers to.
    pub(super) fn mention(&mut self, ix: GroupIx) -> String {
        self.mentioned.insert(ix);
        iri::thing(self.site, self.site.group(ix))
    }

    /// Adds the types and names of what was referred to, so that a reader need not look each up.
    fn add_mentioned(&mut self, own: GroupIx, resources: &mut Vec<Resource>) {
        if std::mem::take(&mut self.in_site) {
            resources.push(self.website(false));
        }
        for ix in std::mem::take(&mut self.mentioned).into_iter().filter(|ix| *ix != own) {
            if kind_of(self.site, self.site.group(ix)).is_some() {
                resources.push(self.named(ix));
            }
        }
    }
}

/// Whether a thing is a creative work, or of a type below that.
fn is_work(thing: &Resource) -> bool {
    thing.types.iter().any(|name| match name {
        Name::Schema(name) => vocabulary::is_a(name, "CreativeWork"),
        _ => false,
    })
}

/// The types of what a page of a kind is about: those of its words, else the kind's.
fn types(group: &Group, kind: &Kind) -> Vec<Name> {
    let mut types = Vec::new();
    for field in &kind.fields {
        let (FieldType::Enum(words), Some(value)) =
            (field.type_.item(), group.original.front.fields.get(&field.name))
        else {
            continue;
        };
        for (_, said) in items(value) {
            let word = words.iter().find(|word| said.as_str() == Some(&word.name));
            let type_ = word.and_then(|word| word.schema.clone()).map(Name::schema);
            types.extend(type_.filter(|type_| !types.contains(type_)));
        }
    }
    if types.is_empty() {
        types.push(Name::schema(kind.schema.clone().unwrap_or_else(|| "Thing".to_owned())));
    }
    types
}
