//! The variants of pictures as outputs.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::plan::{Output, What};
use crate::assets::Derived;
use crate::assets::pictures::{Cut, Picture, Pictures};
use crate::diagnostic::{Diagnostic, Problems};
use crate::document::Focus;
use crate::site::Site;
use crate::source::SourceFile;
use crate::template::World;

/// The variants of all pictures of a site, each once. Reads them.
pub(super) fn all(site: &Site, pictures: &Pictures, problems: &Problems) -> Vec<Derived> {
    let cuts = cuts(site, pictures);
    let content = site.files.iter().filter_map(|file| pictures.content(&file.file.path));
    let all: Vec<&Arc<Picture>> = content.chain(pictures.assets()).collect();
    let made: Vec<(Vec<Derived>, Option<Diagnostic>)> = all
        .par_iter()
        .map(|picture| match of(pictures, picture, &cuts) {
            Ok(derived) => (derived, None),
            Err(problem) => (Vec::new(), Some(problem)),
        })
        .collect();
    // One picture can be at two places; its variants are equal then, and so are their names.
    let mut by_url = BTreeMap::new();
    for (derived, problem) in made {
        by_url.extend(derived.into_iter().map(|derived| (derived.url.clone(), derived)));
        problems.extend(problem);
    }
    by_url.into_values().collect()
}

/// The variant at a path in the output folder, where [`super::plan()`] left them out. Reads the pictures that
/// it could be one of.
#[must_use]
pub fn variant(world: &World, path: &str) -> Option<Output> {
    let url = format!("/{path}");
    let (site, pictures) = (&world.site, &world.pictures);
    let mut near = pictures.near(&url).peekable();
    near.peek()?;
    let cuts = cuts(site, pictures);
    let shown = |picture: &&Arc<Picture>| {
        let path = &picture.file().path;
        // What waits for its day with its page is not to be seen.
        pictures.content(path).is_none() || site.files.iter().any(|file| file.file.path == *path)
    };
    let mut found = near.filter(shown).filter_map(|picture| of(pictures, picture, &cuts).ok());
    let derived = found.find_map(|list| list.into_iter().find(|derived| derived.url == url))?;
    Some(Output { path: path.into(), what: What::Derived(Arc::new(derived)) })
}

/// The paths in the output folder of the variants of a picture of `content/`; none where it cannot be read.
#[must_use]
pub fn variants(world: &World, file: &SourceFile) -> Vec<String> {
    let (site, pictures) = (&world.site, &world.pictures);
    let picture = pictures.content(&file.path);
    let all = picture.and_then(|picture| of(pictures, picture, &cuts(site, pictures)).ok());
    let paths = all.into_iter().flatten();
    paths.map(|derived| derived.url.trim_start_matches('/').to_owned()).collect()
}

/// For pictures that stand for pages, by the paths of their files: what must be seen of them.
type Cuts = BTreeMap<Arc<str>, Vec<Focus>>;

fn cuts(site: &Site, pictures: &Pictures) -> Cuts {
    let mut cuts = Cuts::new();
    if pictures.images().crops.is_empty() {
        return cuts;
    }
    for (url, focus) in site.lead_pictures() {
        if let Some(file) = site.content_file(&url) {
            cuts.entry(Arc::clone(&file.file.path)).or_default().push(focus);
        }
    }
    cuts
}

/// The variants of a picture, whole and cut.
fn of(
    pictures: &Pictures,
    picture: &Arc<Picture>,
    cuts: &Cuts,
) -> Result<Vec<Derived>, Diagnostic> {
    let mut all = pictures.derived(picture, None)?;
    for focus in cuts.get(&picture.file().path).into_iter().flatten() {
        for crop in &pictures.images().crops {
            all.extend(pictures.derived(picture, Some(Cut { crop, focus: *focus }))?);
        }
    }
    Ok(all)
}
