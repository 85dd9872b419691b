//! Values out of CSV tables, which cannot say whether `2026` is a text or a number: each becomes what its
//! field is.

use serde_json::{Map, Number, Value};

use super::{Field, FieldType, Kind};

/// The fields of a page with the types that its kind gives them; `None` where they have them.
#[must_use]
pub fn typed(kind: &Kind, fields: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut changed: Option<Map<String, Value>> = None;
    for (key, value) in fields {
        let field = kind.field(key);
        if let Some(new) = field.and_then(|field| as_type(&field.type_, value)) {
            changed.get_or_insert_with(|| fields.clone()).insert(key.clone(), new);
        }
    }
    changed
}

/// The value as one of the type; `None` where it is one, or cannot be.
fn as_type(type_: &FieldType, value: &Value) -> Option<Value> {
    match (type_, value) {
        (FieldType::List(of), Value::Array(items)) => list(items, |item| as_type(of, item)),
        (FieldType::List(of), single) => as_type(of, single),
        (FieldType::Coordinates, Value::Array(items)) => list(items, number),
        (FieldType::Coordinates, _) => None,
        (FieldType::Number, _) => number(value),
        (FieldType::Boolean, Value::String(text)) => match text.trim() {
            text if text.eq_ignore_ascii_case("true") => Some(true.into()),
            text if text.eq_ignore_ascii_case("false") => Some(false.into()),
            _ => None,
        },
        (FieldType::Boolean, _) => None,
        (FieldType::Record(fields), Value::Object(map)) => record(fields, map),
        (FieldType::Record(fields), single) => as_type(&fields.first()?.type_, single),
        // All else is written as text.
        (_, Value::Number(n)) => Some(n.to_string().into()),
        (_, Value::Bool(b)) => Some(b.to_string().into()),
        _ => None,
    }
}

fn list(items: &[Value], change: impl Fn(&Value) -> Option<Value>) -> Option<Value> {
    let changed: Vec<Option<Value>> = items.iter().map(change).collect();
    let any = changed.iter().any(Option::is_some);
    let pairs = changed.into_iter().zip(items);
    any.then(|| pairs.map(|(new, old)| new.unwrap_or_else(|| old.clone())).collect())
}

fn record(fields: &[Field], map: &Map<String, Value>) -> Option<Value> {
    let mut changed: Option<Map<String, Value>> = None;
    for field in fields {
        let new = map.get(&field.name).and_then(|value| as_type(&field.type_, value));
        if let Some(new) = new {
            changed.get_or_insert_with(|| map.clone()).insert(field.name.clone(), new);
        }
    }
    changed.map(Value::Object)
}

/// A number from a text of digits.
fn number(value: &Value) -> Option<Value> {
    let text = value.as_str()?.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !plain {
        return None;
    }
    let whole = text.parse::<i64>().ok().map(Number::from);
    whole.or_else(|| Number::from_f64(text.parse().ok()?)).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_become_what_their_fields_are() {
        let list = |of| FieldType::List(Box::new(of));
        let cases = [
            (FieldType::Text, json!(7), Some(json!("7"))),
            (FieldType::Text, json!(true), Some(json!("true"))),
            (FieldType::Text, json!("007"), None),
            (FieldType::Number, json!("1.50"), Some(json!(1.5))),
            (FieldType::Number, json!("007"), Some(json!(7))),
            (FieldType::Number, json!("٧"), None),
            (FieldType::Number, json!(7), None),
            (FieldType::Boolean, json!("TRUE"), Some(json!(true))),
            (FieldType::Date, json!(1951), Some(json!("1951"))),
            (FieldType::Coordinates, json!(["33.70", 73]), Some(json!([33.7, 73]))),
            (list(FieldType::Text), json!([1, "ب"]), Some(json!(["1", "ب"]))),
            (list(FieldType::Number), json!("5.0"), Some(json!(5.0))),
        ];
        for (type_, value, wanted) in cases {
            assert_eq!(as_type(&type_, &value), wanted, "{type_:?} {value}");
        }
    }
}
