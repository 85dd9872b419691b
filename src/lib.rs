//! dhikra.
pub mod text;
pub mod diagnostic;
pub mod config;
pub mod source;
pub mod document;
pub mod knowledge;
pub mod site;
pub mod assets;
pub mod template;
pub mod render;
pub mod publish;
pub mod pipeline;
pub mod cli;
