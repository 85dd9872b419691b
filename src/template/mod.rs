//! Tera behind one door: the set of templates, the scope that a render runs in, the functions that
//! templates call, and Tera's errors as diagnostics. `docs/templates.md` is for theme authors.

mod arguments;
mod bibliography;
mod card;
mod choose;
mod conditions;
mod errors;
mod fields;
mod functions;
mod labels;
mod letters;
mod links;
mod lists;
mod machine;
mod map;
pub mod pictures;
mod queries;
mod related;
mod scope;
mod set;
pub mod sources;
mod timeline;
pub mod values;

pub use scope::{Scope, World};
pub use set::{TemplateSet, asking};
