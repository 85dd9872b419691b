//! Pictures as template values, and the function that asks for one.

use std::sync::Arc;

use tera::value::Key;
use tera::{Error, Kwargs, Map, State, TeraResult, Value};

use super::arguments::{only, optional};
use super::links::find;
use super::scope::{Scope, World};
use super::values::{map_value, put};
use crate::assets::pictures::{Cut, Picture, Shown};
use crate::config::Crop;
use crate::diagnostic::{Diagnostic, nearest};
use crate::document::{LinkKind, Localized, Media};
use crate::site::{Page, Site, Target};

/// A text in the page's language, or another that it is there in.
#[must_use]
pub fn localized(site: &Site, page: &Page, text: &Localized, original: usize) -> Value {
    let Some((lang, text)) = text.get(page.lang, original) else { return Value::none() };
    let language = site.language(lang);
    let mut map = Map::with_capacity(4);
    put(&mut map, "text", text);
    put(&mut map, "lang", language.lang.as_str());
    put(&mut map, "dir", language.direction.as_str());
    map_value(map)
}

/// What a page records of a picture or recording.
#[must_use]
pub fn media(site: &Site, page: &Page, media: &Media, url: String) -> Map {
    let original = site.group_of(page).original.lang;
    let mut map = Map::with_capacity(16);
    let localized = |text: &Localized| localized(site, page, text, original);
    put(&mut map, "url", url);
    put(&mut map, "alt", localized(&media.alt));
    put(&mut map, "caption", media.caption.as_ref().map_or_else(Value::none, localized));
    put(&mut map, "creator", &*media.creator);
    put(&mut map, "licence", &*media.licence);
    put(&mut map, "licence_url", media.licence_url());
    put(&mut map, "source", &*media.source);
    put(&mut map, "source_url", media.source_url());
    put(&mut map, "date", media.date.map(|date| date.to_string()));
    map
}

impl World {
    /// The picture that a page's text names, with the decoded path that it is published at; `None` for what is
    /// no picture of the site's content.
    #[must_use]
    pub fn picture(&self, page: &Page, destination: &str) -> Option<(Arc<Picture>, Arc<str>)> {
        match self.site.resolve(page, LinkKind::Image, destination).ok()?.target {
            Target::File(url) => Some((self.picture_at(&url)?, url)),
            _ => None,
        }
    }

    fn picture_at(&self, url: &str) -> Option<Arc<Picture>> {
        let file = self.site.content_file(url)?;
        self.pictures.content(&file.file.path).cloned()
    }

    /// How a picture at a decoded path is shown; as it is, where it cannot be read, which `report` is told.
    #[must_use]
    pub fn shown(
        &self,
        picture: &Arc<Picture>,
        url: &str,
        cut: Option<Cut<'_>>,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Shown {
        let base = &self.site.config.base;
        self.pictures.shown(picture, url, cut, base).unwrap_or_else(|problem| {
            report(problem);
            Shown { url: base.path(url), ..Shown::default() }
        })
    }

    /// The same as a template value, with a drawing that stands in its place until it comes.
    #[must_use]
    pub fn picture_value(
        &self,
        picture: &Arc<Picture>,
        url: &str,
        cut: Option<Cut<'_>>,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Map {
        let shown = self.shown(picture, url, cut, report);
        let mut map = Map::with_capacity(16);
        let placeholder = match shown.srcset.is_empty() {
            true => None,
            false => self.pictures.placeholder(picture, cut).unwrap_or_else(|problem| {
                report(problem);
                None
            }),
        };
        let placeholder = placeholder.map_or_else(Value::none, |svg| Value::safe_string(&svg));
        put(&mut map, "placeholder", placeholder);
        put(&mut map, "original", self.site.config.base.path(url));
        put(&mut map, "sizes", self.pictures.images().sizes.as_str());
        fill(&mut map, &shown);
        map
    }
}

/// A picture of the page being rendered as a template value; what is wrong with it is reported there.
#[must_use]
pub fn value(world: &World, picture: &Arc<Picture>, url: &str) -> Value {
    let mut report = |problem| {
        if let Ok(scope) = Scope::current() {
            scope.problems.push(problem);
        }
    };
    map_value(world.picture_value(picture, url, None, &mut report))
}

fn fill(map: &mut Map, shown: &Shown) {
    put(map, "url", shown.url.as_str());
    put(map, "width", shown.width);
    put(map, "height", shown.height);
    put(map, "type", shown.media_type);
    put(map, "srcset", shown.srcset.as_str());
    let sources = shown.sources.iter().map(|source| {
        let mut map = Map::with_capacity(2);
        put(&mut map, "type", source.media_type);
        put(&mut map, "srcset", source.srcset.as_str());
        map_value(map)
    });
    put(map, "sources", sources.collect::<Vec<_>>());
}

/// The picture that stands for a page, for those who share it: its widest variant in its own format, with a
/// whole URL. None where there is no such picture, or it cannot be read, which is reported.
#[must_use]
pub fn image(world: &World, page: &Page) -> Value {
    let site = &world.site;
    let lead = site
        .lead_picture(page)
        .and_then(|(media, url)| Some((media, world.picture_at(&url)?, url)));
    let Some((media, picture, url)) = lead else { return Value::none() };
    let shown = match world.pictures.shown(&picture, &url, None, &site.config.base) {
        Ok(shown) => shown,
        Err(problem) => {
            if let Ok(scope) = Scope::current() {
                scope.problems.push(problem);
            }
            return Value::none();
        }
    };
    let mut map = Map::with_capacity(8);
    fill(&mut map, &shown);
    put(&mut map, "url", format!("{}{}", site.config.base.origin, shown.url));
    put(&mut map, "alt", localized(site, page, &media.alt, site.group_of(page).original.lang));
    map_value(map)
}

/// `picture(path, asset, page, crop, sizes)`: what a template needs to show a picture.
pub(super) fn picture(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("picture", &kwargs, &["path", "asset", "page", "crop", "sizes"])?;
    let scope = Scope::current()?;
    let page = kwargs.get::<&Value>("page")?.filter(|page| !page.is_none() && !page.is_undefined());
    let given = (optional(&kwargs, "path")?, optional(&kwargs, "asset")?, page);
    let crop = match optional(&kwargs, "crop")? {
        Some(name) => Some(crop(&scope, name)?),
        None => None,
    };
    let map = match given {
        (Some(path), None, None) => of_path(&scope, path, crop)?,
        (None, Some(asset), None) if crop.is_none() => Some(of_asset(&scope, asset)?),
        (None, Some(_), None) => {
            return Err(Error::message(
                "picture(): an asset cannot be cropped: pictures that stand for pages can",
            ));
        }
        (None, None, Some(page)) => of_page(&scope, page, crop)?,
        _ => {
            return Err(Error::message(
                "picture() needs one of the arguments `path`, `asset` and `page`",
            ));
        }
    };
    let Some(mut map) = map else { return Ok(Value::none()) };
    if let Some(sizes) = optional(&kwargs, "sizes")? {
        put(&mut map, "sizes", sizes);
    }
    Ok(map_value(map))
}

/// The crop of a name, which a theme or the site has to have declared.
fn crop<'a>(scope: &'a Scope, name: &str) -> TeraResult<&'a Crop> {
    let images = scope.world.pictures.images();
    images.crop(name).ok_or_else(|| {
        let names = images.crops.iter().map(|crop| &*crop.name);
        let hint = match nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "declare it under [images.crops] in theme.toml".to_owned(),
        };
        Error::message(format!("picture(): there is no crop `{name}`: {hint}"))
    })
}

fn of_path(scope: &Scope, path: &str, crop: Option<&Crop>) -> TeraResult<Option<Map>> {
    let Some(page) = scope.page() else {
        return Err(Error::message("picture(): there is no page for `path` to be of"));
    };
    let (world, site) = (&scope.world, scope.site());
    let resolved = site.resolve(page, LinkKind::Image, path).map_err(|problem| {
        let (message, _) = problem.explain(path);
        Error::message(format!("picture(): {message}"))
    })?;
    let recorded = |url: &str| site.media_at(page, url);
    let Target::File(url) = &resolved.target else {
        let mut map = Map::new();
        fill(&mut map, &Shown { url: path.to_owned(), ..Shown::default() });
        return Ok(Some(described(site, page, recorded(path), map)));
    };
    let href = site.config.base.path(url);
    let Some(picture) = world.picture_at(url) else {
        let mut map = Map::new();
        fill(&mut map, &Shown { url: href.clone(), ..Shown::default() });
        return Ok(Some(described(site, page, recorded(&href), map)));
    };
    let lead = site.lead_picture(page).filter(|(_, lead)| lead == url);
    let cut = match (crop, lead) {
        (None, _) => None,
        (Some(crop), Some((media, _))) => Some(Cut { crop, focus: media.focus }),
        (Some(_), None) => {
            let message = format!(
                "picture(): «{path}» cannot be cropped: it is not the first of the page's `media`"
            );
            return Err(Error::message(message));
        }
    };
    let map = world.picture_value(&picture, url, cut, &mut |problem| scope.problems.push(problem));
    Ok(Some(described(site, page, recorded(&href), map)))
}

fn of_asset(scope: &Scope, path: &str) -> TeraResult<Map> {
    let world = &scope.world;
    let (picture, asset) = (world.pictures.asset(path), world.assets.get(path));
    let Some((picture, asset)) = picture.zip(asset) else {
        let near = nearest(path, world.assets.paths());
        let hint = near.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
        return Err(Error::message(format!("picture(): there is no picture `{path}`{hint}")));
    };
    Ok(world.picture_value(picture, &asset.url, None, &mut |problem| scope.problems.push(problem)))
}

/// The picture that stands for a page, given by its summary or id; none where there is none.
fn of_page(scope: &Scope, page: &Value, crop: Option<&Crop>) -> TeraResult<Option<Map>> {
    let (world, site) = (&scope.world, scope.site());
    let id = page.as_map().and_then(|map| map.get(&Key::Str("id"))).unwrap_or(page);
    let Some(id) = id.as_str() else {
        return Err(Error::message("picture(): `page` must be a page"));
    };
    let group = find(scope, "picture", id)?;
    let Some(page) = site.best_version(group, scope.lang).map(|ix| site.page(ix)) else {
        return Ok(None);
    };
    let lead = site
        .lead_picture(page)
        .and_then(|(media, url)| Some((media, world.picture_at(&url)?, url)));
    let Some((media, picture, url)) = lead else { return Ok(None) };
    let cut = crop.map(|crop| Cut { crop, focus: media.focus });
    let map = world.picture_value(&picture, &url, cut, &mut |problem| scope.problems.push(problem));
    Ok(Some(described(site, page, Some(media), map)))
}

/// A picture with what its page records of it.
fn described(site: &Site, page: &Page, recorded: Option<&Media>, mut map: Map) -> Map {
    let original = site.group_of(page).original.lang;
    let alt = recorded.map_or_else(Value::none, |m| localized(site, page, &m.alt, original));
    put(&mut map, "alt", alt);
    let url = map.get(&Key::Str("original")).or(map.get(&Key::Str("url")));
    let url = url.and_then(Value::as_str).unwrap_or_default().to_owned();
    let media = recorded.map(|recorded| map_value(media(site, page, recorded, url)));
    put(&mut map, "media", media.unwrap_or_else(Value::none));
    map
}
