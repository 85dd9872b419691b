//! dhikra.
pub mod assets;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod document;
pub mod knowledge;
pub mod pipeline;
pub mod publish;
pub mod render;
pub mod site;
pub mod source;
pub mod template;
pub mod text;
