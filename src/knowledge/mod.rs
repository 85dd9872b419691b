//! Kinds of pages as data: what an event, a person or a place may say of itself, from
//! `kinds.toml`. One validator serves every kind; a site adds one without touching Rust.

pub mod bibliography;
mod kinds;
mod read;
mod typing;
mod validate;
mod values;

pub use kinds::{Field, FieldType, Kind, Kinds, Labels, Word};
pub use typing::typed;
pub use validate::{Found, References, unknown, validate};
pub use values::{Reference, items, references};
