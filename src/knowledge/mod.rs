//! Kinds of pages as data: what an event, a person or a place may say of itself, from
//! `kinds.toml`. One validator serves every kind; a site adds one without touching Rust.

mod kinds;
mod validate;

pub use kinds::{Field, FieldType, Kind, Kinds};
pub use validate::{Found, References, unknown, validate};
