//! The site's own vocabulary: what its kinds say that schema.org has no word for, described for whoever looks a
//! term up.

use super::{claims, fields_of, iri, record};
use crate::knowledge::graph::{Graph, Name, Object, Resource, turtle};
use crate::knowledge::{Field, FieldType};
use crate::site::Site;

/// The name of its file.
pub const FILE: &str = "vocabulary.ttl";

/// The vocabulary as Turtle.
#[must_use]
pub fn write(site: &Site) -> String {
    let terms = [record::AS_OF, record::MEDIA_SOURCE, "media.date", "correction.date"];
    let names = terms.iter().chain(&claims::TERMS);
    let mut resources: Vec<Resource> = names.map(|name| term(site, name)).collect();
    for kind in site.frame.kinds.iter() {
        let mut date = term(site, &iri::local(&[&kind.name, "date"]));
        if let Some(property) = &kind.date_property {
            date.statements.push(see(property));
        }
        resources.push(date);
        for field in fields_of(kind) {
            describe(site, field, &[&kind.name], &mut resources);
        }
    }
    turtle::write(&Graph { own: iri::vocabulary(site), resources })
}

fn describe(site: &Site, field: &Field, above: &[&str], resources: &mut Vec<Resource>) {
    let names: Vec<&str> = above.iter().copied().chain([&*field.name]).collect();
    let mut resource = term(site, &iri::local(&names));
    for (lang, language) in site.config.languages.iter().enumerate() {
        let message = format!("field-{}", field.name);
        if let Some(label) = site.label(&field.labels, &message, lang) {
            let label = Object::Tagged(label, language.lang.to_string());
            resource.statements.push((Name::Rdfs("label"), label));
        }
    }
    if let Some(property) = &field.property {
        resource.statements.push(see(property));
    }
    resources.push(resource);
    if let FieldType::Record(fields) = field.type_.item() {
        let shown = fields.iter().filter(|inner| !inner.private);
        shown.for_each(|inner| describe(site, inner, &names, resources));
    }
}

fn term(site: &Site, name: &str) -> Resource {
    let name = Name::Own(name.to_owned());
    Resource::new(Some(name.iri(&iri::vocabulary(site))), vec![Name::Rdf("Property")])
}

/// What says the same where it can be said in the words of schema.org.
fn see(property: &str) -> (Name, Object) {
    let name = Name::schema(property.to_owned());
    (Name::Rdfs("seeAlso"), Object::Iri(name.iri("")))
}
