//! RDF: what is written in each format is what the model says, and nothing is said in words that do not exist.

use std::collections::BTreeSet;

use dhikra::export::{self, describe, iri};
use dhikra::knowledge::graph::{Graph as Model, Object, Resource};
use dhikra::knowledge::vocabulary::{self, SCHEMA};
use dhikra::pipeline::Loaded;
use dhikra::render::What;
use dhikra::site::Site;
use oxjsonld::JsonLdParser;
use oxrdf::graph::CanonicalizationAlgorithm;
use oxrdf::{BlankNode, Graph, GraphName, Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use oxttl::TurtleParser;

use super::{load, output};

/// The sites that are looked at: every form of a value, relations, a record, and the repository's own.
const SITES: [&str; 4] =
    ["tests/sites/linked-data/site", "tests/sites/relations/site", "tests/sites/record/site", "."];

/// The triples of a model, made here and not by its writers.
fn triples(model: &Model) -> Graph {
    let mut graph = Graph::new();
    for resource in &model.resources {
        add(&mut graph, resource, &model.own);
    }
    graph.canonicalize(CanonicalizationAlgorithm::Unstable);
    graph
}

fn add(graph: &mut Graph, resource: &Resource, own: &str) -> NamedOrBlankNode {
    let name = |iri: &str| NamedNode::new(iri).unwrap_or_else(|e| panic!("«{iri}» is no IRI: {e}"));
    let subject: NamedOrBlankNode = match &resource.iri {
        Some(iri) => name(iri).into(),
        None => BlankNode::default().into(),
    };
    for type_ in &resource.types {
        let object = name(&type_.iri(own));
        graph.insert(&Triple::new(subject.clone(), oxrdf::vocab::rdf::TYPE, object));
    }
    for (property, object) in &resource.statements {
        let object: Term = match object {
            Object::Iri(iri) => name(iri).into(),
            Object::Text(text) => Literal::new_simple_literal(text).into(),
            Object::Tagged(text, lang) => {
                Literal::new_language_tagged_literal(text, lang).expect("a language").into()
            }
            Object::Typed(text, datatype) => {
                Literal::new_typed_literal(text, name(&datatype.iri())).into()
            }
            Object::Node(inner) => add(graph, inner, own).into(),
        };
        graph.insert(&Triple::new(subject.clone(), name(&property.iri(own)), object));
    }
    subject
}

/// Reads JSON-LD. The parser has no door to the network: a context that is not written out is an error.
fn json_ld(bytes: &[u8], what: &str) -> Graph {
    let mut graph = Graph::new();
    for quad in JsonLdParser::new().for_slice(bytes) {
        let quad = quad.unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!(quad.graph_name, GraphName::DefaultGraph, "{what}");
        graph.insert(&Triple::new(quad.subject, quad.predicate, quad.object));
    }
    graph.canonicalize(CanonicalizationAlgorithm::Unstable);
    graph
}

fn turtle(bytes: &[u8], what: &str) -> Graph {
    let mut graph = Graph::new();
    for triple in TurtleParser::new().for_slice(bytes) {
        graph.insert(&triple.unwrap_or_else(|e| panic!("{what}: {e}")));
    }
    graph.canonicalize(CanonicalizationAlgorithm::Unstable);
    graph
}

#[track_caller]
fn same(found: &Graph, expected: &Graph, what: &str) {
    let lines = |graph: &Graph| graph.iter().map(|t| t.to_string()).collect::<BTreeSet<_>>();
    let (found, expected) = (lines(found), lines(expected));
    let more: Vec<_> = found.difference(&expected).collect();
    let less: Vec<_> = expected.difference(&found).collect();
    assert!(more.is_empty() && less.is_empty(), "{what}\nmore: {more:#?}\nless: {less:#?}");
}

/// The path of an output at an address.
fn path(url: &str) -> &str {
    url.trim_start_matches('/')
}

fn site(loaded: &Loaded) -> &Site {
    &loaded.renderer.world().site
}

/// The script in a page.
fn script(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once("<script type=\"application/ld+json\">")?;
    Some(rest.split_once("</script>")?.0)
}

#[test]
fn every_format_says_what_the_model_says() {
    for root in SITES {
        let loaded = load(root);
        let site = site(&loaded);
        let mut count = 0;
        for group in export::typed(site) {
            let model = triples(&describe::group(site, group));
            let url = |extension| export::data_url(site, group, extension).expect("it has data");
            let (json, ttl) = (url("jsonld"), url("ttl"));
            same(&json_ld(&output(&loaded, path(&json)), &json), &model, &json);
            same(&turtle(&output(&loaded, path(&ttl)), &ttl), &model, &ttl);
            count += 1;
        }
        assert!(count > 0 || root.contains("record"), "{root} has pages of a kind");
    }
}

#[test]
fn every_page_says_what_the_model_says_of_it() {
    let mut count = 0;
    for root in ["tests/sites/linked-data/site", "."] {
        let loaded = load(root);
        let site = site(&loaded);
        for found in loaded.outputs.iter() {
            let What::Page(ix, 1) = found.what else { continue };
            let html = String::from_utf8(output(&loaded, &found.path)).expect("pages are UTF-8");
            let json = script(&html).unwrap_or_else(|| panic!("{} says nothing", found.path));
            assert!(!json.contains(['<', '\u{2028}', '\u{2029}']), "{}", found.path);
            let (model, lang) = describe::page(site, ix);
            assert!(html.contains(&format!("\"@language\":\"{lang}\"")), "{}", found.path);
            let said = json_ld(json.as_bytes(), &found.path);
            same(&said, &triples(&model), &found.path);
            // What a page says in its language, its data says among others.
            let group = triples(&describe::group(site, site.page(ix).group));
            for triple in said.iter().filter(|_| !group.is_empty()) {
                let named = !triple.subject.is_blank_node() && !triple.object.is_blank_node();
                assert!(!named || group.contains(triple), "{}: {triple}", found.path);
            }
            count += 1;
        }
    }
    assert!(count > 100);
}

#[test]
fn the_dump_says_what_all_pages_say() {
    for root in ["tests/sites/linked-data/site", "."] {
        let loaded = load(root);
        let site = site(&loaded);
        let resources = |ix| describe::group(site, ix).resources;
        let all: Vec<Resource> = export::typed(site).flat_map(resources).collect();
        // Things without names are told apart by where they are, so each thing is taken once.
        let mut once = Vec::new();
        let mut seen = BTreeSet::new();
        for resource in all.iter().filter(|r| r.statements.len() > 1) {
            if resource.statements.iter().any(|(_, o)| matches!(o, Object::Node(_)))
                && !seen.insert(resource.iri.clone())
            {
                continue;
            }
            once.push(resource.clone());
        }
        once.push(describe::site(site));
        let union = triples(&Model { own: iri::vocabulary(site), resources: once });
        for (found, what) in [
            (turtle(&output(&loaded, "data/site.ttl"), "site.ttl"), "site.ttl"),
            (json_ld(&output(&loaded, "data/site.jsonld"), "site.jsonld"), "site.jsonld"),
        ] {
            same(&found, &union, what);
        }
    }
}

#[test]
fn only_words_that_exist_are_used() {
    for root in SITES {
        let loaded = load(root);
        let site = site(&loaded);
        let own = iri::vocabulary(site);
        let mut described = BTreeSet::new();
        if loaded.outputs.iter().any(|output| &*output.path == "data/vocabulary.ttl") {
            let terms = turtle(&output(&loaded, "data/vocabulary.ttl"), "vocabulary.ttl");
            described.extend(terms.iter().map(|triple| triple.subject.to_string()));
        }
        for ix in site.page_indices() {
            let group = describe::group(site, site.page(ix).group);
            for graph in [triples(&group), triples(&describe::page(site, ix).0)] {
                for triple in graph.iter() {
                    let name = triple.predicate.as_str();
                    if let Some(property) = name.strip_prefix(SCHEMA) {
                        assert!(vocabulary::has_property(property), "{triple}");
                    } else if name.starts_with(&own) {
                        assert!(described.contains(&triple.predicate.to_string()), "{triple}");
                    } else {
                        assert_eq!(triple.predicate, oxrdf::vocab::rdf::TYPE, "{triple}");
                        let type_ = triple.object.to_string();
                        let type_ = type_.trim_matches(['<', '>']).strip_prefix(SCHEMA);
                        assert!(type_.is_some_and(vocabulary::has_type), "{triple}");
                    }
                }
            }
        }
    }
}

#[test]
fn hostile_texts_survive() {
    let loaded = load("tests/sites/linked-data/site");
    let title = "</script><script>alert(1)</script> «\u{2028}» \" \\ \u{202E} \u{1F54A} <!-- %s";
    let html = String::from_utf8(output(&loaded, "أحداث/حوار/index.html")).unwrap();
    assert_eq!(html.matches("<script").count(), 1, "only ours");
    let name = Literal::new_language_tagged_literal(title, "ar").unwrap();
    for (graph, what) in [
        (json_ld(script(&html).unwrap().as_bytes(), "script"), "script"),
        (json_ld(&output(&loaded, "أحداث/حوار/index.jsonld"), "jsonld"), "jsonld"),
        (turtle(&output(&loaded, "أحداث/حوار/index.ttl"), "ttl"), "ttl"),
    ] {
        let said = graph.iter().any(|triple| triple.object == name.as_ref().into());
        assert!(said, "{what}");
    }
}

#[test]
fn what_is_for_editors_alone_stays_with_them() {
    let loaded = load("tests/sites/linked-data/site");
    for found in loaded.outputs.iter() {
        let bytes = loaded.renderer.render(found).0.expect("it can be rendered");
        let text = String::from_utf8_lossy(&bytes);
        let secret = text.contains("for editors alone") || text.contains("secret");
        assert!(!secret, "{}", found.path);
    }
}

#[test]
fn iris_stay_and_lead_somewhere() {
    let loaded = load("tests/sites/linked-data/site");
    let site = site(&loaded);
    let mut known = BTreeSet::new();
    for group in export::typed(site) {
        let group = site.group(group);
        assert!(known.insert(iri::thing(site, group)), "{} has an IRI of its own", group.id);
        let file = format!("{}index.html", path(&iri::path(group)));
        assert!(loaded.outputs.iter().any(|output| *output.path == *file), "{file}");
    }
    // A slug or the pattern of a section moves the page and not the IRI.
    let moved = String::from_utf8(output(&loaded, "notes/first/index.html")).unwrap();
    assert!(moved.contains("/2026/first/"));
}
