//! dhikra (ذِكرى) builds commemorative knowledge sites, Arabic first, from Markdown and Tera themes.
//!
//! The phases, in order; each is a type that the next is made from:
//!
//! ```text
//! SourceTree ─parse→ Document ─assemble→ Site ─plan→ [Output] ─render→ bytes ─→ publish
//! ```
//!
//! 1. [`source`] finds the files of a site and reads them. Nothing else reads the disk.
//! 2. [`document`] parses one file, knowing no other.
//! 3. [`site`] puts every document in its place. A [`site::Site`] is immutable.
//! 4. [`render::plan()`] says what files the site will have; [`render::Renderer`] makes one of them.
//! 5. [`publish`] writes what differs, whole or not at all. Nothing else writes outputs.
//!
//! [`pipeline`] runs them one after the other. Below them all stand [`text`] (what is true of
//! language), [`diagnostic`] (problems as data) and [`config`]. A module uses only those above it
//! in this list; `tests/architecture.rs` holds it so. ARCHITECTURE.md says why.

pub mod text;

pub mod diagnostic;

pub mod config;

pub mod source;

pub mod memo;

pub mod document;

pub mod knowledge;

pub mod site;

pub mod search;

pub mod translation;

pub mod export;

pub mod assets;

pub mod drawing;

pub mod card;

pub mod template;

pub mod render;

pub mod hosting;

pub mod publish;

pub mod pipeline;

pub mod check;

pub mod deploy;

pub mod serve;

pub mod cli;
