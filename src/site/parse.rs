//! The documents of a tree, parsed in parallel.

use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Problems};
use crate::document::Document;
use crate::source::{SourceFile, SourceTree};

/// Parses every document of a tree, front matter and body, in the order of their paths.
#[must_use]
pub fn parse(tree: &SourceTree, problems: &Problems) -> Vec<Arc<Document>> {
    let documents = load(tree, problems, Document::load);
    parse_bodies(&documents, &tree.config, problems);
    documents
}

/// Parses every body that was not asked for yet, and reports what is wrong with any.
pub fn parse_bodies(documents: &[Arc<Document>], config: &Config, problems: &Problems) {
    // None of them waits for another, so that a worker is never kept waiting by itself.
    let found: Vec<&[Diagnostic]> = documents
        .par_iter()
        .map(|document| document.body(config).problems.as_slice())
        .filter(|found| !found.is_empty())
        .collect();
    problems.extend(found.into_iter().flatten().cloned());
}

/// Reads a document; `None` where the file is none.
pub type Load = fn(&SourceFile, &Config, &Problems) -> Option<Document>;

fn load(tree: &SourceTree, problems: &Problems, load: Load) -> Vec<Arc<Document>> {
    let files: Vec<&SourceFile> =
        tree.under("content/").filter(|file| file.path.ends_with(".md")).collect();
    let parsed: Vec<(Option<Arc<Document>>, Vec<Diagnostic>)> = files
        .par_iter()
        .map(|file| {
            let problems = Problems::new();
            (load(file, &tree.config, &problems).map(Arc::new), problems.into_vec())
        })
        .collect();
    let mut documents = Vec::with_capacity(parsed.len());
    for (document, found) in parsed {
        documents.extend(document);
        problems.extend(found);
    }
    documents
}
