//! `dhikra import`

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::new::{hands_down, language, write};
use super::report::{self, counted};
use super::{Common, End};
use crate::diagnostic::{Diagnostic, Problems, Quotes, Span, codes};
use crate::document::{Document, Name, Role};
use crate::knowledge::bibliography::{Entries, Record, from_bibtex, from_csl, page};
use crate::knowledge::{Kind, Kinds};
use crate::site;
use crate::source::{Folder, SourceTree};
use crate::text::{nfc, slug};

/// The largest file that is read, in bytes.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// Make pages of sources from a BibTeX or CSL-JSON file
///
/// Each entry becomes a page of kind `source`, named by its key. A page that is there already is never
/// touched. Entries that cannot be read are reported with their line and left out.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file, which ends in .bib or .json
    file: PathBuf,
    /// The section that the pages go to
    #[arg(long, default_value = "sources", value_name = "SECTION")]
    section: String,
    /// The language of the pages [default: the site's first]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

/// The file that is read, for what problems quote.
struct Imported {
    name: Arc<str>,
    text: String,
}

impl Quotes for Imported {
    fn text(&self, file: &str) -> Option<String> {
        (file == &*self.name).then(|| self.text.clone())
    }
}

pub(super) fn run(common: &Common, args: &Args) -> End {
    let problems = Problems::new();
    let Some(tree) = SourceTree::open(&common.root, &problems) else {
        report::problems(common, &Folder(&common.root), problems.into_vec());
        return End::Problems;
    };
    let imported = match read(&args.file) {
        Ok(imported) => imported,
        Err(problem) => {
            report::problems(common, &tree, vec![*problem]);
            return End::Usage;
        }
    };
    match import(&tree, args, &imported) {
        Ok(Done { made, there, problems }) => {
            if common.message_format == super::MessageFormat::Human {
                for path in &made {
                    report::say(&format!("{}\n", tree.root().join(path).display()));
                }
            }
            let (errors, warnings) = report::problems(common, &imported, problems);
            let mut text = format!("{} made", counted(made.len(), "page", "pages"));
            if there > 0 {
                text.push_str(&format!(", {there} there already"));
            }
            text.push_str(&report::troubles(errors, warnings));
            let object = json!({
                "made": made, "there": there, "errors": errors, "warnings": warnings,
            });
            report::summary(common, &text, object);
            if errors > 0 { End::Problems } else { End::Done }
        }
        Err(problem) => {
            report::problems(common, &tree, vec![*problem]);
            End::Usage
        }
    }
}

fn read(path: &Path) -> Result<Imported, Box<Diagnostic>> {
    let name: Arc<str> = path.to_string_lossy().replace('\\', "/").into();
    let wrong = |code, message: String| Box::new(Diagnostic::error(code, message));
    let unreadable =
        |error: std::io::Error| wrong(codes::UNREADABLE, format!("{name} cannot be read: {error}"));
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > MAX_FILE {
        let message = format!("{name} has {size} bytes; the limit is {MAX_FILE}");
        return Err(wrong(codes::TOO_LARGE, message));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        let problem = wrong(codes::NOT_UTF8, format!("{name} is not UTF-8, in line {line}"));
        Box::new(problem.hint("save the file as UTF-8"))
    })?;
    let text = text.strip_prefix('\u{FEFF}').map_or_else(|| text.clone(), str::to_owned);
    Ok(Imported { name, text })
}

/// What came of an import.
struct Done {
    /// The paths of the pages that were made.
    made: Vec<String>,
    /// How many entries had a page already.
    there: usize,
    problems: Vec<Diagnostic>,
}

fn import(tree: &SourceTree, args: &Args, imported: &Imported) -> Result<Done, Box<Diagnostic>> {
    let kinds = Kinds::load(tree, &Problems::new());
    let kind = kinds.get("source").ok_or_else(|| {
        let message = "the site has no kind `source`, which citations lead to";
        Box::new(Diagnostic::error(codes::UNKNOWN_KIND, message))
    })?;
    let lang = language(&tree.config, args.lang.as_deref())?;
    let extension = args.file.extension().map(|extension| extension.to_ascii_lowercase());
    let entries = match extension.as_ref().and_then(|extension| extension.to_str()) {
        Some("bib" | "bibtex" | "biblatex") => from_bibtex(&imported.text),
        Some("json") => from_csl(&imported.text),
        _ => {
            let message = format!("{} is no file of sources", imported.name);
            let problem = Diagnostic::error(codes::BAD_VALUE, message);
            return Err(Box::new(problem.hint("BibTeX ends in .bib, CSL-JSON in .json")));
        }
    };
    let documents = site::parse(tree, &Problems::new());
    let section = args.section.trim_matches('/');
    if !is_section(section, tree) {
        let message = format!("`{}` cannot be a section", args.section);
        let problem = Diagnostic::error(codes::BAD_ID, message);
        return Err(Box::new(
            problem.hint("give `--section` the id of a section, such as `sources`"),
        ));
    }
    let suffix = match tree.config.languages.get(lang) {
        Some(language) if lang > 0 => format!(".{}", language.lang),
        _ => String::new(),
    };
    let mut import = Import {
        tree,
        kind,
        documents: &documents,
        taken: documents.iter().map(|d| (folded(&d.id), d.file.path.to_string())).collect(),
        section,
        lang,
        suffix,
        file: &imported.name,
        text: &imported.text,
        done: Done { made: Vec::new(), there: 0, problems: Vec::new() },
    };
    import.all(entries)?;
    Ok(import.done)
}

struct Import<'a> {
    tree: &'a SourceTree,
    kind: &'a Kind,
    documents: &'a [Arc<Document>],
    /// The files of the pages that there are, by their ids [`folded`].
    taken: HashMap<String, String>,
    section: &'a str,
    lang: usize,
    suffix: String,
    file: &'a Arc<str>,
    text: &'a str,
    done: Done,
}

/// Whether pages can be in a section: its id leads out of no folder.
fn is_section(id: &str, tree: &SourceTree) -> bool {
    let path: Arc<str> = format!("content/{id}/_index.md").into();
    let is_bad = |part: &str| matches!(part, "" | "." | "..");
    id.is_empty() || !id.split('/').any(is_bad) && Name::of(&path, &tree.config).is_ok()
}

/// Whether a key can be the name of a file and be cited.
fn is_name(key: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
    let begins = key.chars().next().is_some_and(char::is_alphanumeric);
    let ends = !key.ends_with('.') && key.len() <= slug::MAX_BYTES;
    begins && ends && key.chars().all(fits) && *nfc(key) == *key
}

/// An id as file systems and addresses may take it, to which letter case and signs are one.
fn folded(id: &str) -> String {
    id.split('/').map(slug::of).collect::<Vec<_>>().join("/")
}

/// A place that begins and ends between characters of a text.
fn sound(text: &str, place: &Range<usize>) -> Range<usize> {
    let mut start = place.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = place.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

impl Import<'_> {
    fn all(&mut self, entries: Entries) -> Result<(), Box<Diagnostic>> {
        for mistake in entries.mistakes {
            let span = Span::new(self.file, sound(self.text, &mistake.place));
            let code = if mistake.minor { codes::BAD_VALUE } else { codes::DATA_SYNTAX };
            let make = if mistake.minor { Diagnostic::warning } else { Diagnostic::error };
            let mut problem = make(code, mistake.message).at(span);
            problem.hints.extend(mistake.hint);
            self.done.problems.push(problem);
        }
        for (record, place) in entries.records {
            self.one(&record, Span::new(self.file, place))?;
        }
        Ok(())
    }

    /// Where the page of a key goes, with its id: the key names it as it is where it can, so that citations
    /// of it hold; else what is left of it in a slug does.
    fn place(&self, key: &str) -> Option<(String, Arc<str>)> {
        let slug = slug::of(key);
        let keyed = Some(key).filter(|key| is_name(key));
        keyed.into_iter().chain([&*slug]).find_map(|name| {
            let id = match self.section {
                "" => name.to_owned(),
                section => format!("{section}/{name}"),
            };
            let path: Arc<str> = format!("content/{id}{}.md", self.suffix).into();
            let named = Name::of(&path, &self.tree.config).ok()?;
            let is_page = named.role == Role::Page && named.lang == self.lang && *named.id == *id;
            is_page.then_some((id, path))
        })
    }

    fn one(&mut self, record: &Record, span: Span) -> Result<(), Box<Diagnostic>> {
        let key = &record.key;
        let Some((id, path)) = self.place(key) else {
            let message = format!("the key `{key}` cannot be the name of a page");
            let problem = Diagnostic::error(codes::BAD_ID, message).at(span);
            self.done.problems.push(problem.hint("give the entry another key"));
            return Ok(());
        };
        match self.taken.entry(folded(&id)) {
            Entry::Occupied(taken) => {
                let taken = taken.get().clone();
                return self.there(&taken, span);
            }
            Entry::Vacant(free) => _ = free.insert(path.to_string()),
        }
        let name = id.rsplit('/').next().unwrap_or_default();
        if name != key {
            let message =
                format!("the key `{key}` cannot be the name of a page, which is `{name}`");
            let problem = Diagnostic::warning(codes::BAD_ID, message).at(span.clone());
            self.done.problems.push(problem.hint(format!("cite it as `[@{name}]`")));
        }
        let says_kind = !hands_down(self.kind, &id, self.documents);
        let (text, left_out) = page(record, self.kind, says_kind);
        match write(&self.tree.root().join(&*path), &text) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return self.there(&path, span);
            }
            Err(error) => {
                let message = format!("{path} cannot be written: {error}");
                return Err(Box::new(Diagnostic::error(codes::OUTPUT, message)));
            }
        }
        if !left_out.is_empty() {
            let message =
                format!("the kind `source` of the site has no field for {}", left_out.join(", "));
            self.done.problems.push(Diagnostic::warning(codes::UNKNOWN_KEY, message).at(span));
        }
        self.done.made.push(path.to_string());
        Ok(())
    }

    fn there(&mut self, path: &str, span: Span) -> Result<(), Box<Diagnostic>> {
        let message = if self.done.made.iter().any(|made| made == path) {
            format!("another entry became {path}; this one was left out")
        } else {
            self.done.there += 1;
            format!("{path} is there already and was left as it is")
        };
        self.done.problems.push(Diagnostic::warning(codes::PATH_COLLISION, message).at(span));
        Ok(())
    }
}
