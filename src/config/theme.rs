//! Reading `theme.toml`.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::images::{self, ImageOptions};
use super::reader::{Input, Reader};
use super::toml::TomlFile;
use crate::diagnostic::Problems;

/// What a theme says of itself.
#[derive(Clone, Debug, Default)]
pub struct ThemeConfig {
    /// The theme whose files are used where this one has none.
    pub extends: Option<String>,
    /// Its settings and their defaults; a site overrides them under `[settings]`.
    pub settings: Map<String, Value>,
    /// What it says of pictures.
    pub images: ImageOptions,
}

impl ThemeConfig {
    /// Reads a `theme.toml`; what is wrong is in `problems`.
    #[must_use]
    pub fn parse(text: &str, file: &Arc<str>, problems: &Problems) -> Self {
        let toml = TomlFile::parse(text, file, problems);
        let input = Input { file, places: &toml, problems };
        let mut reader = Reader::new(input, &toml.values, Vec::new());
        reader.text("name");
        reader.text("description");
        reader.text("license");
        let config = Self {
            extends: reader.text("extends"),
            settings: reader.map("settings").cloned().unwrap_or_default(),
            images: images::read(reader.table("images")),
        };
        reader.finish();
        config
    }
}
