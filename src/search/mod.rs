//! Finding pages by words: what an index knows, and what a query finds in it.
//!
//! [`Index`] is made of the texts of a language's pages. [`shards`] writes it in pieces, of which a reader's
//! browser fetches those that a query needs, and reads them; [`query`] is what is done with them, here and in
//! the theme's script alike.

pub mod excerpt;
pub mod files;
pub mod index;
pub mod query;
pub mod shards;
pub mod site;

pub use index::{Field, Index};
pub use query::{Dictionary, Entry, Found, Hit, search};
pub use shards::Shards;
pub use site::Built;
