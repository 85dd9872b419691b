//! Social cards: the picture that is shown where a page is shared. A theme writes it as SVG; here its text is
//! set in the fonts of the site, in the order of its own script, and the whole is drawn and written as PNG.
//!
//! No system has a say in it: no font is taken from the machine, and nothing is loaded but assets.

mod draw;
mod face;
mod fonts;
mod lines;
mod outline;
mod png;
mod set;
mod svg;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock};

use crate::diagnostic::{Diagnostic, Span, codes};
use crate::source::{SourceFile, SourceTree};
use crate::text::segments;

use self::draw::Ground;
pub use self::draw::Pictures;
pub use self::fonts::Fonts;
pub use self::lines::{Broken, Frame, Line};
pub use self::set::Style;
pub use self::svg::{Drawing, Fault};

/// The template that a theme writes cards with.
pub const TEMPLATE: &str = "card.svg";

/// The name of a card, below its page.
pub const FILE_NAME: &str = "card.png";

/// The size of every card, in pixels.
pub const SIZE: (u32, u32) = (1200, 630);

/// A part of the key of every card: another number where the same SVG is drawn otherwise.
const VERSION: u8 = 1;

/// How many grounds are kept drawn: a theme has one or two for each direction, and each is 3 MB.
const MOST_GROUNDS: usize = 8;

/// What cards are drawn with. Shared by every thread; the fonts are read when the first is asked for.
#[derive(Debug, Default)]
pub struct Cards {
    files: Vec<SourceFile>,
    fonts: OnceLock<Fonts>,
    grounds: Mutex<Vec<Ground>>,
}

impl Cards {
    /// What the cards of a site are drawn with: the fonts among the assets of every layer.
    #[must_use]
    pub fn of(tree: &SourceTree) -> Self {
        let is_font = |path: &str| {
            let name = path.to_ascii_lowercase();
            name.ends_with(".ttf") || name.ends_with(".otf")
        };
        let files = tree.layered("assets/").into_iter().filter(|(path, _)| is_font(path));
        Self { files: files.map(|(_, file)| file.clone()).collect(), ..Self::default() }
    }

    /// The fonts.
    #[must_use]
    pub fn fonts(&self) -> &Fonts {
        self.fonts.get_or_init(|| Fonts::read(&self.files))
    }
}

/// What is wrong with letters that no font has, said once for each script.
#[must_use]
pub fn missing(letters: &BTreeSet<char>, template: Option<&Arc<str>>) -> Vec<Diagnostic> {
    let names: BTreeSet<Option<&str>> = letters.iter().map(|c| segments::script_name(*c)).collect();
    let problem = |name: Option<&str>| {
        let what = match name {
            Some(name) => format!("letters of the script {}", name.replace('_', " ")),
            None => "signs (such as emoji)".to_owned(),
        };
        let message = format!("no font has some {what} in the titles of cards, which lack there");
        let problem = Diagnostic::warning(codes::CARD, message)
            .hint("put a font that has them into assets/fonts/, as .ttf or .otf");
        match template {
            Some(file) => problem.at(Span::file(file)),
            None => problem,
        }
    };
    names.into_iter().map(problem).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What the cards of a site with the default theme are drawn with.
    pub(crate) fn cards() -> &'static Cards {
        static CARDS: OnceLock<Cards> = OnceLock::new();
        CARDS.get_or_init(|| {
            let folder = tempfile::tempdir().expect("a folder");
            #[allow(clippy::disallowed_methods)]
            std::fs::write(folder.path().join("site.toml"), "").expect("written");
            let problems = crate::diagnostic::Problems::new();
            Cards::of(&SourceTree::open(folder.path(), &problems).expect("a site"))
        })
    }

    /// The fonts of the default theme.
    pub(crate) fn fonts() -> &'static Fonts {
        cards().fonts()
    }
}
