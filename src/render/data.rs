//! The outputs that are data: what is said of pages, tables of kinds, the dump of the site.

use std::collections::HashSet;

use rayon::prelude::*;

use super::plan::{Output, RdfFormat, TableFormat, What, file_path};
use crate::export::{self, FOLDER, describe, iri, table, vocabulary};
use crate::knowledge::graph::{Graph, jsonld, turtle};
use crate::site::{GroupIx, Site};

/// The outputs with their decoded addresses; hardly any where no page has a kind.
pub(super) fn outputs(site: &Site) -> Vec<(String, What)> {
    let mut outputs = Vec::new();
    for group in export::typed(site) {
        for format in RdfFormat::ALL {
            if let Some(url) = export::data_url(site, group, format.extension()) {
                outputs.push((url, What::Data(group, format)));
            }
        }
    }
    let is_recorded = |ix: GroupIx| {
        let front = &site.group(ix).facts.front;
        front.record.is_some() || !front.facts.is_empty()
    };
    if outputs.is_empty() {
        // Pages without a kind say things in the site's own words too, if only of their record.
        if site.config.output.linked_data && site.group_indices().any(is_recorded) {
            outputs.push((vocabulary_url(), What::Vocabulary));
        }
        return outputs;
    }
    for kind in table::kinds(site) {
        for (format, extension) in [(TableFormat::Csv, "csv"), (TableFormat::Json, "json")] {
            outputs.push((table::url(&kind, extension), What::Table(kind.clone(), format)));
        }
    }
    for format in RdfFormat::ALL {
        outputs.push((format!("{FOLDER}site.{}", format.extension()), What::Dump(format)));
    }
    outputs.push((vocabulary_url(), What::Vocabulary));
    outputs
}

fn vocabulary_url() -> String {
    format!("{FOLDER}{}", vocabulary::FILE)
}

/// The redirects from IRIs where no page is, since its slug or its section's pattern put it elsewhere. Where
/// there is something else, that stays.
pub(super) fn redirects(site: &Site, outputs: &[Output]) -> Vec<(String, What)> {
    let elsewhere = |group: &GroupIx| site.by_url(&iri::path(site.group(*group))).is_none();
    let moved: Vec<GroupIx> = export::typed(site).filter(elsewhere).collect();
    if moved.is_empty() {
        return Vec::new();
    }
    let taken: HashSet<String> =
        outputs.par_iter().map(|output| output.path.to_lowercase()).collect();
    let is_free = |url: &String| {
        let path = file_path(url).to_lowercase();
        let above = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        above.chain([&*path]).all(|path| !taken.contains(path))
    };
    let redirect = |group: GroupIx| {
        let url = iri::path(site.group(group));
        Some((url, What::Iri(export::original(site, group)?)))
    };
    moved.into_iter().filter_map(redirect).filter(|(url, _)| is_free(url)).collect()
}

/// What is said of a group.
pub(super) fn group(site: &Site, group: GroupIx, format: RdfFormat) -> String {
    let graph = describe::group(site, group);
    match format {
        RdfFormat::JsonLd => jsonld::write(&graph, None, true),
        RdfFormat::Turtle => turtle::write(&graph),
    }
}

/// What is said of the site and of every page.
pub(super) fn dump(site: &Site, format: RdfFormat) -> String {
    let own = iri::vocabulary(site);
    let groups: Vec<GroupIx> = export::typed(site).collect();
    let home = describe::site(site);
    if format == RdfFormat::JsonLd {
        let parts: Vec<_> = groups.par_iter().map(|ix| describe::alone(site, *ix)).collect();
        let resources = std::iter::once(home).chain(parts.into_iter().flatten()).collect();
        return jsonld::write(&Graph { own, resources }, None, true);
    }
    let mut out = turtle::head(&own);
    turtle::write_resource(&mut out, &home, &own);
    let write = |groups: &[GroupIx]| {
        let mut part = String::new();
        for resource in groups.iter().flat_map(|ix| describe::alone(site, *ix)) {
            turtle::write_resource(&mut part, &resource, &own);
        }
        part
    };
    let parts: Vec<String> = groups.par_chunks(256).map(write).collect();
    out.extend(parts);
    out
}

/// The terms of the site's own.
pub(super) fn terms(site: &Site) -> String {
    vocabulary::write(site)
}
