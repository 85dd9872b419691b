//! The scripts of a site as they are published.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Bundles, Fault, Reference, minify, module_word, references, tokens, wrapped};
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::text::{join, percent};

/// A script as it is written.
#[derive(Debug)]
pub(in crate::assets) struct Source {
    /// Its path below `assets/`.
    pub(in crate::assets) path: String,
    /// Its path in the site.
    pub(in crate::assets) file: Arc<str>,
    pub(in crate::assets) text: String,
}

/// What scripts may refer to beside each other.
pub(in crate::assets) struct Others<'a> {
    /// The URL of another asset by its path below `assets/`.
    pub(in crate::assets) url: &'a dyn Fn(&str) -> Option<String>,
    /// The URL of an asset with these bytes.
    pub(in crate::assets) named: &'a dyn Fn(&str, &[u8]) -> String,
    /// The paths of all assets, for suggestions.
    pub(in crate::assets) paths: Vec<&'a str>,
}

/// Makes scripts smaller, leads them to the names of what they import, and bundles them. Gives each with its path
/// below `assets/`, in the order of these.
pub(in crate::assets) fn publish(
    sources: Vec<Source>,
    bundles: &Bundles,
    others: &Others<'_>,
    problems: &Problems,
) -> BTreeMap<String, Vec<u8>> {
    let waiting = sources.into_iter().map(|source| (source.path.clone(), source)).collect();
    let mut scripts = Scripts { waiting, made: BTreeMap::new(), others, problems };
    scripts.bundle(bundles);
    while let Some(path) = scripts.waiting.keys().next().cloned() {
        scripts.make(&path);
    }
    scripts.made.into_iter().map(|(path, made)| (path, made.bytes)).collect()
}

/// A script that is done.
struct Made {
    file: Arc<str>,
    url: String,
    bytes: Vec<u8>,
    /// The word by which it is a module.
    module: Option<Range<usize>>,
}

struct Scripts<'a> {
    waiting: BTreeMap<String, Source>,
    made: BTreeMap<String, Made>,
    others: &'a Others<'a>,
    problems: &'a Problems,
}

impl Scripts<'_> {
    /// Makes a script, and first those that it imports; gives its URL. `None` where there is none, or where it is
    /// being made: scripts that import each other in a ring.
    fn make(&mut self, path: &str) -> Option<String> {
        if let Some(made) = self.made.get(path) {
            return Some(made.url.clone());
        }
        let source = self.waiting.remove(path)?;
        let (text, module) = match tokens(&source.text) {
            Ok(tokens) => {
                let found = references(&source.text, &tokens);
                let module = module_word(&source.text, &tokens);
                (self.follow(&source, found), module)
            }
            Err(fault) => {
                self.wrong(&source, fault);
                (source.text, None)
            }
        };
        // What cannot be told apart, or was just reported, stays as it is.
        let bytes = minify(&text).unwrap_or(text).into_bytes();
        let url = (self.others.named)(path, &bytes);
        let made = Made { file: source.file, url: url.clone(), bytes, module };
        self.made.insert(path.to_owned(), made);
        Some(url)
    }

    fn wrong(&self, source: &Source, fault: Fault) {
        let problem = match fault {
            Fault::Wrong(range, message) => Diagnostic::error(codes::SCRIPT, message)
                .at(Span::new(&source.file, range))
                .hint("the browser would not run this script"),
            Fault::Unsure(at) if source.text.contains("import") => {
                let message = "what this script imports is not found: whether a sign here begins a regular expression or a comment takes a whole parser to tell";
                Diagnostic::warning(codes::SCRIPT, message)
                    .at(Span::new(&source.file, at..at + 1))
                    .hint("put a regular expression into parentheses")
            }
            Fault::Unsure(_) => return,
        };
        self.problems.push(problem);
    }

    /// A script with its references led to the names of the assets that they mean.
    fn follow(&mut self, source: &Source, found: Vec<Reference>) -> String {
        let mut out = String::with_capacity(source.text.len() + 64);
        let mut from = 0;
        for reference in found {
            let Some((target, tail)) = target(&source.path, &reference.written) else { continue };
            let url = self.make(&target).or_else(|| (self.others.url)(&target));
            let Some(url) = url else {
                self.missing(source, &reference, &target);
                continue;
            };
            out.push_str(source.text.get(from..reference.range.start).unwrap_or_default());
            let way = way(&source.path, &url);
            if reference.is_module && !way.starts_with("../") {
                out.push_str("./");
            }
            out.push_str(&way);
            out.push_str(tail);
            from = reference.range.end;
        }
        out.push_str(source.text.get(from..).unwrap_or_default());
        out
    }

    fn missing(&self, source: &Source, reference: &Reference, target: &str) {
        let written = &reference.written;
        let is_ring = self.others.paths.contains(&target);
        let message = if is_ring {
            format!(
                "«{written}» leads back to this script, so that neither can have a name that holds its digest"
            )
        } else {
            format!("there is no asset «{written}»")
        };
        let problem = Diagnostic::error(codes::BROKEN_LINK, message)
            .at(Span::new(&source.file, reference.range.clone()));
        self.problems.push(if is_ring {
            problem.hint("put what both need into a third script")
        } else {
            problem.did_you_mean(target, self.others.paths.iter().copied())
        });
    }

    /// Makes scripts of several.
    fn bundle(&mut self, bundles: &Bundles) {
        for bundle in bundles.0.values() {
            let error = |message: String, place: &Span| {
                Diagnostic::error(codes::SCRIPT, message).at(place.clone())
            };
            if self.waiting.contains_key(&bundle.name) || self.made.contains_key(&bundle.name) {
                let message = format!("the bundle «{}» has the name of a script", bundle.name);
                let problem = error(message, &bundle.place);
                self.problems.push(problem.hint("give the bundle another name"));
                continue;
            }
            let mut text = String::new();
            for (part, place) in &bundle.parts {
                if self.make(part).is_none() {
                    let message = format!("there is no script «{part}»");
                    let scripts = self.others.paths.iter().copied().filter(|p| super::is_script(p));
                    self.problems.push(error(message, place).did_you_mean(part, scripts));
                    continue;
                }
                let Some(made) = self.made.get(part) else { continue };
                if let Some(word) = &made.module {
                    let message = format!("«{part}» is a module, and cannot be part of a bundle");
                    self.problems.push(
                        error(message, place)
                            .related(Span::new(&made.file, word.clone()), "it is one by this")
                            .hint("ask for it with a <script type=\"module\"> of its own"),
                    );
                    continue;
                }
                text.push_str(&wrapped(&String::from_utf8_lossy(&made.bytes)));
            }
            let bytes = minify(&text).unwrap_or(text).into_bytes();
            let url = (self.others.named)(&bundle.name, &bytes);
            let file = Arc::clone(&bundle.place.file);
            self.made.insert(bundle.name.clone(), Made { file, url, bytes, module: None });
        }
    }
}

/// The path that a relative reference means, and what follows a `?` or `#`; `None` for what is no path.
fn target<'a>(from: &str, reference: &'a str) -> Option<(String, &'a str)> {
    let end = reference.find(['?', '#']).unwrap_or(reference.len());
    let (path, tail) = reference.split_at_checked(end)?;
    if path.is_empty() || path.starts_with('/') || path.contains(':') {
        return None;
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = path.strip_prefix("./").unwrap_or(path);
    Some((join(folder, path)?, tail))
}

/// The way from a published script to another asset.
fn way(from: &str, url: &str) -> String {
    let up = "../".repeat(from.matches('/').count());
    let path = url.strip_prefix("/assets/").unwrap_or(url);
    format!("{up}{}", percent::encode_path(path))
}
