//! Values of fields, as their types say: single values as lists of one, and values for records.

use serde_json::{Map, Value};

use super::{Field, FieldType, Kind};

/// A reference that a page makes.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// The number of the field among the kind's that it is in.
    pub field: usize,
    /// What says where it may lead: that field, or one of its record's.
    pub of: &'a Field,
    /// What is written.
    pub to: &'a str,
}

/// The items of a list, of which a single value is one, with their indices; nothing for `null`.
pub fn items(value: &Value) -> impl Iterator<Item = (Option<usize>, &Value)> {
    let (list, single) = match value {
        Value::Array(items) => (items.as_slice(), None),
        Value::Null => (&[][..], None),
        single => (&[][..], Some(single)),
    };
    list.iter().enumerate().map(|(n, item)| (Some(n), item)).chain(single.map(|v| (None, v)))
}

/// Gives every reference in the fields of a page of a kind, in the order of the kind's fields.
pub fn references<'a>(
    kind: &'a Kind,
    fields: &'a Map<String, Value>,
    found: &mut impl FnMut(Reference<'a>),
) {
    for (n, field) in kind.fields.iter().enumerate() {
        if let Some(value) = fields.get(&field.name).filter(|_| field.type_.refers()) {
            collect(n, field, value, found);
        }
    }
}

fn collect<'a>(
    n: usize,
    field: &'a Field,
    value: &'a Value,
    found: &mut impl FnMut(Reference<'a>),
) {
    if value.is_array() && !matches!(field.type_, FieldType::List(_)) {
        return;
    }
    for (_, item) in items(value) {
        match (field.type_.item(), item) {
            (FieldType::Reference(_), Value::String(to)) => {
                found(Reference { field: n, of: field, to });
            }
            (FieldType::Record(fields), Value::Object(map)) => {
                for inner in fields.iter().filter(|inner| inner.type_.refers()) {
                    if let Some(value) = map.get(&inner.name) {
                        collect(n, inner, value, found);
                    }
                }
            }
            (FieldType::Record(fields), single) => {
                if let Some(first) = fields.first() {
                    collect(n, first, single, found);
                }
            }
            _ => {}
        }
    }
}
