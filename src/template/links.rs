//! Functions that lead somewhere: URLs, pages, menus, assets.

use tera::value::Key;
use tera::{Error, Kwargs, Map, State, TeraResult, Value};

use super::arguments::{only, optional, text};
use super::scope::Scope;
use super::values::{map_value, put};
use crate::config::{MenuItem, MenuTarget};
use crate::diagnostic::nearest;
use crate::document::LinkKind;
use crate::site::{GroupIx, PageIx, Resolved, Site, Target};
use crate::text::{escape, percent};

/// Finds a page for a function by its id.
pub(super) fn find(scope: &Scope, function: &str, id: &str) -> TeraResult<GroupIx> {
    find_of(scope, function, id, &[])
}

/// The same, if need be among the pages of some kinds.
pub(super) fn find_of(
    scope: &Scope,
    function: &str,
    id: &str,
    kinds: &[String],
) -> TeraResult<GroupIx> {
    scope.site().find_of(id, kinds).map_err(|problem| {
        let problem = scope.site().with_suggestion(problem, LinkKind::Wiki, id);
        let (message, hint) = problem.explain(id);
        let hint = hint.map_or(String::new(), |hint| format!(": {hint}"));
        Error::message(format!("{function}(): {message}{hint}"))
    })
}

/// `url(to)`: the URL of a page or path.
pub(super) fn url(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("url", &kwargs, &["to"])?;
    let scope = Scope::current()?;
    let to = text("url", &kwargs, "to")?;
    let site = scope.site();
    if let Some(path) = to.strip_prefix('/') {
        return Ok(site.config.base.path(&format!("/{path}")).into());
    }
    let group = find(&scope, "url", to)?;
    let ix = site.best_version(group, scope.lang);
    Ok(ix.map_or_else(Value::none, |ix| site.config.base.path(&site.page(ix).url).into()))
}

/// `get(id)`: the summary of a page.
pub(super) fn get(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("get", &kwargs, &["id"])?;
    let scope = Scope::current()?;
    let group = find(&scope, "get", text("get", &kwargs, "id")?)?;
    let ix = scope.site().best_version(group, scope.lang);
    Ok(ix.map_or_else(Value::none, |ix| scope.world.summary(ix)))
}

/// `exists(id)`: whether there is such a page.
pub(super) fn exists(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("exists", &kwargs, &["id"])?;
    let scope = Scope::current()?;
    Ok(scope.site().find(text("exists", &kwargs, "id")?).is_ok().into())
}

/// `asset(path)`: the URL of an asset.
pub(super) fn asset(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("asset", &kwargs, &["path"])?;
    let scope = Scope::current()?;
    let path = text("asset", &kwargs, "path")?;
    match scope.world.assets.get(path) {
        Some(asset) => Ok(scope.site().config.base.path(&asset.url).into()),
        None => Err(Error::message(match scope.world.assets.why_unpublished(path) {
            Some(why) => format!("the asset `{path}` is not published: {why}"),
            None => {
                let near = nearest(path, scope.world.assets.paths());
                format!("there is no asset `{path}`{}", suggestion(near))
            }
        })),
    }
}

fn suggestion(near: Option<&str>) -> String {
    near.map_or(String::new(), |near| format!(": did you mean `{near}`?"))
}

/// `fonts(path)`: the URLs of the web fonts made of a font that every page in this language needs.
pub(super) fn fonts(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("fonts", &kwargs, &["path"])?;
    let scope = Scope::current()?;
    let path = text("fonts", &kwargs, "path")?;
    let (assets, base) = (&scope.world.assets, &scope.site().config.base);
    if let Some(urls) = assets.fonts(path, scope.lang) {
        return Ok(Value::from(urls.iter().map(|url| base.path(url)).collect::<Vec<_>>()));
    }
    Err(Error::message(if assets.font_paths().any(|font| font == path) {
        format!("no style sheet that is published names the font `{path}` in an `@font-face` rule")
    } else {
        format!(
            "there is no font `{path}` in assets/{}",
            suggestion(nearest(path, assets.font_paths()))
        )
    }))
}

/// `link(page, text)`: a link to a summary, marked with its language where that is another.
pub(super) fn link(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("link", &kwargs, &["page", "text"])?;
    let scope = Scope::current()?;
    let page = kwargs.must_get::<&Value>("page")?;
    match anchor(&scope, page, optional(&kwargs, "text")?) {
        Some(html) => Ok(Value::safe_string(&html)),
        None => Err(Error::message("link(): `page` must be a page")),
    }
}

/// A link to a summary with its title or other words, apart in their own direction; `None` where the
/// value is no summary.
pub(super) fn anchor(scope: &Scope, page: &Value, words: Option<&str>) -> Option<String> {
    let map = page.as_map()?;
    let field = |key: &'static str| map.get(&Key::Str(key)).and_then(Value::as_str);
    let (url, title) = (field("url")?, field("title")?);
    let own = scope.site().language(scope.lang);
    let mut html = String::from("<a href=\"");
    escape::html_into(&mut html, url);
    html.push('"');
    let lang = field("lang").filter(|lang| *lang != own.lang.as_str());
    let mut dir = own.direction.as_str();
    if let Some(lang) = lang {
        html.extend([" hreflang=\"", lang, "\""]);
        // Words of the page's own say nothing of the target's language.
        if words.is_none() {
            dir = field("dir").unwrap_or_default();
            html.extend([" lang=\"", lang, "\""]);
        }
    }
    html.extend([" dir=\"", dir, "\">"]);
    escape::html_into(&mut html, words.unwrap_or(title));
    html.push_str("</a>");
    Some(html)
}

/// `translations()`: this page in every language of the site.
pub(super) fn translations(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("translations", &kwargs, &[])?;
    let scope = Scope::current()?;
    let site = scope.site();
    let entries = site.config.languages.iter().enumerate().map(|(lang, language)| {
        let version = scope.page().and_then(|page| site.version(page.group, lang));
        let own = version.filter(|ix| !site.page(*ix).is_untranslated() || is_home(site, *ix));
        let shown = version.or_else(|| site.home(lang));
        let mut map = Map::with_capacity(8);
        put(&mut map, "lang", language.lang.as_str());
        put(&mut map, "dir", language.direction.as_str());
        put(&mut map, "label", language.label.as_str());
        let url = shown.map(|ix| site.config.base.path(&site.page(ix).url));
        put(&mut map, "url", url);
        put(&mut map, "title", shown.map(|ix| site.page(ix).title.to_string()));
        put(&mut map, "current", lang == scope.lang);
        put(&mut map, "exists", own.is_some());
        map_value(map)
    });
    Ok(Value::from(entries.collect::<Vec<_>>()))
}

fn is_home(site: &Site, ix: PageIx) -> bool {
    site.page(ix).section.is_none()
}

/// `menu(name)`: the entries of a menu.
pub(super) fn menu(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("menu", &kwargs, &["name"])?;
    let scope = Scope::current()?;
    let name = text("menu", &kwargs, "name")?;
    let language = scope.site().language(scope.lang);
    let items = language.menus.iter().find(|(n, _)| n == name).map(|(_, items)| items.as_slice());
    Ok(Value::from(entries(&scope, items.unwrap_or_default())))
}

fn entries(scope: &Scope, items: &[MenuItem]) -> Vec<Value> {
    let site = scope.site();
    let here = scope.page.map(|ix| {
        let mut chain = site.ancestors(site.page(ix));
        chain.push(ix);
        chain
    });
    let entry = |item: &MenuItem| {
        let mut map = Map::with_capacity(8);
        let own = site.language(scope.lang);
        let (mut title, mut lang, mut dir) =
            (item.title.clone(), own.lang.as_str(), own.direction.as_str());
        match menu_target(site, scope.lang, &item.target) {
            Some(MenuUrl::Page(ix)) => {
                let page = site.page(ix);
                if title.is_none() {
                    title = Some(page.title.to_string());
                    let language = site.language(page.document.lang);
                    if !page.document.is_synthetic() {
                        (lang, dir) = (language.lang.as_str(), language.direction.as_str());
                    }
                }
                put(&mut map, "url", site.config.base.path(&page.url));
                // The home is above every page; its entry is active on the home alone.
                let above = here.as_ref().is_some_and(|chain| chain.contains(&ix));
                let active = if is_home(site, ix) { scope.page == Some(ix) } else { above };
                put(&mut map, "active", active);
                put(&mut map, "external", false);
            }
            Some(MenuUrl::Other { url, external }) => {
                put(&mut map, "url", url);
                put(&mut map, "active", false);
                put(&mut map, "external", external);
            }
            None => return None,
        }
        put(&mut map, "title", title);
        put(&mut map, "lang", lang);
        put(&mut map, "dir", dir);
        put(&mut map, "children", entries(scope, &item.children));
        Some(map_value(map))
    };
    items.iter().filter_map(entry).collect()
}

enum MenuUrl {
    Page(PageIx),
    Other { url: String, external: bool },
}

/// Where a menu entry leads; `None` where its page is not there, which [`crate::render`] reports.
fn menu_target(site: &Site, lang: usize, target: &MenuTarget) -> Option<MenuUrl> {
    match target {
        MenuTarget::Page(id) => {
            let group = site.find(id).ok()?;
            site.best_version(group, lang).map(MenuUrl::Page)
        }
        MenuTarget::Url(url) if url.starts_with('/') && !url.starts_with("//") => {
            let home = site.page(site.home(lang)?);
            let resolved = site.resolve(home, LinkKind::Link, url);
            Some(match resolved {
                Ok(Resolved { target: Target::Page(ix), anchor: None, query })
                    if query.is_empty() =>
                {
                    MenuUrl::Page(ix)
                }
                Ok(resolved) => MenuUrl::Other { url: site.href(&resolved), external: false },
                // What leads nowhere was reported when the site was assembled.
                Err(_) => MenuUrl::Other { url: site.config.base.path(url), external: false },
            })
        }
        MenuTarget::Url(url) => {
            Some(MenuUrl::Other { url: percent::encode_written(url), external: true })
        }
    }
}
