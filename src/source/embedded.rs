//! The default theme, part of the program, so that a site needs no theme folder of its own.

use std::borrow::Cow;

use rust_embed::RustEmbed;

/// The name of the embedded theme.
pub(super) const NAME: &str = "dhikra";

#[derive(RustEmbed)]
#[folder = "themes/dhikra/"]
struct Theme;

/// The theme's files, with their paths below the theme's folder.
pub(super) fn files() -> impl Iterator<Item = (String, &'static [u8])> {
    Theme::iter().filter_map(|path| match Theme::get(&path)?.data {
        Cow::Borrowed(bytes) => Some((path.into_owned(), bytes)),
        // Only a build without `debug-embed` reads files; it has no embedded theme.
        Cow::Owned(_) => None,
    })
}
