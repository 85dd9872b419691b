//! Arguments of template functions, with a clear word for the wrong ones.

use tera::{Error, Kwargs, TeraResult, Value};

use crate::diagnostic::nearest;
use crate::text::Quantity;

/// Refuses arguments that a function does not have.
pub(super) fn only(function: &str, kwargs: &Kwargs, known: &[&str]) -> TeraResult<()> {
    for (key, _) in kwargs.iter() {
        let Some(key) = key.as_str().filter(|key| !known.contains(key)) else {
            continue;
        };
        let hint = match nearest(key, known.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None if known.is_empty() => "it takes none".to_owned(),
            None => format!("it takes {}", known.join(", ")),
        };
        return Err(Error::message(format!("{function}() has no argument `{key}`: {hint}")));
    }
    Ok(())
}

/// A text argument that must be there.
pub(super) fn text<'k>(function: &str, kwargs: &'k Kwargs, key: &'k str) -> TeraResult<&'k str> {
    optional(kwargs, key)?
        .ok_or_else(|| Error::message(format!("{function}() needs the argument `{key}`")))
}

/// A text argument that may be absent or none.
pub(super) fn optional<'k>(kwargs: &'k Kwargs, key: &'k str) -> TeraResult<Option<&'k str>> {
    match kwargs.get::<&Value>(key)? {
        Some(value) if !value.is_none() && !value.is_undefined() => match value.as_str() {
            Some(text) => Ok(Some(text)),
            None => Err(Error::message(format!("the argument `{key}` must be text"))),
        },
        _ => Ok(None),
    }
}

/// A whole-number argument that may be absent.
pub(super) fn integer(kwargs: &Kwargs, key: &str) -> TeraResult<Option<i64>> {
    match kwargs.get::<&Value>(key)? {
        Some(value) if !value.is_none() => value
            .as_i64()
            .map(Some)
            .ok_or_else(|| Error::message(format!("the argument `{key}` must be a whole number"))),
        _ => Ok(None),
    }
}

/// A number argument, whole or not, that may be absent. A text such as `"1.50"` is taken too, which
/// keeps its last zero.
pub(super) fn quantity(kwargs: &Kwargs, key: &str) -> TeraResult<Option<Quantity>> {
    let Some(value) = kwargs.get::<&Value>(key)?.filter(|value| !value.is_none()) else {
        return Ok(None);
    };
    match value.as_i64() {
        Some(n) => Ok(Some(n.into())),
        None => Quantity::parse(&value.to_string())
            .map(Some)
            .ok_or_else(|| Error::message(format!("the argument `{key}` must be a number"))),
    }
}

/// An argument that is true or false, with its default.
pub(super) fn boolean(kwargs: &Kwargs, key: &str, default: bool) -> TeraResult<bool> {
    match kwargs.get::<&Value>(key)? {
        Some(value) if !value.is_none() && !value.is_undefined() => {
            Ok(kwargs.get::<bool>(key)?.unwrap_or(default))
        }
        _ => Ok(default),
    }
}
