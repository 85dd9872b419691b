//! Rows of tables that cannot say of what type their values are: their kinds do, once these are known.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::versions::above;
use crate::document::{Document, Role};
use crate::knowledge::{Kinds, typed};

/// Gives the fields of such rows the types of their kinds. `groups` are the documents of each id.
pub(super) fn give_types(
    documents: &mut [Arc<Document>],
    groups: impl Iterator<Item = Range<usize>> + Clone,
    kinds: &Kinds,
) {
    let is_untyped =
        |document: &Arc<Document>| document.file.is_untyped() && !document.front.fields.is_empty();
    if !documents.iter().any(is_untyped) {
        return;
    }
    let originals = groups.clone().filter_map(|group| documents.get(group.start));
    let handed_down: HashMap<Arc<str>, Box<str>> = originals
        .filter(|document| document.role == Role::Section)
        .filter_map(|document| {
            let kind = document.front.cascade.as_ref()?.kind.clone()?;
            Some((Arc::clone(&document.id), kind))
        })
        .collect();
    for group in groups {
        let Some(documents) = documents.get_mut(group) else { continue };
        let Some(original) = documents.first().filter(|_| documents.iter().any(is_untyped)) else {
            continue;
        };
        let given = || above(&original.id).find_map(|id| handed_down.get(id));
        let kind = original.front.kind.as_ref().or_else(given).and_then(|name| kinds.get(name));
        let Some(kind) = kind.cloned() else { continue };
        for document in documents.iter_mut().filter(|document| is_untyped(document)) {
            if let Some(fields) = typed(&kind, &document.front.fields) {
                *document = Arc::new((**document).clone().with_fields(fields));
            }
        }
    }
}
