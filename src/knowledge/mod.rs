//! Kinds of pages as data: what an event, a person or a place may say of itself, from
//! `kinds.toml`. One validator serves every kind; a site adds one without touching Rust.

pub mod bibliography;
pub mod graph;
mod kinds;
mod read;
mod terms;
mod typing;
mod validate;
mod values;
pub mod vocabulary;

pub use kinds::{Field, FieldType, Kind, Kinds, Labels, Word};
pub use typing::typed;
pub use validate::{Found, References, unknown, validate};
pub use values::{Reference, items, references};
