//! `dhikra new`

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::{Common, End, report};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Problems, codes};
use crate::document::{Document, Name, Role};
use crate::knowledge::{FieldType, Kind, Kinds};
use crate::site;
use crate::source::{Folder, SourceFile, SourceTree};

/// Make a new page with the front matter that its kind wants
///
/// With --lang, for a page that is there in another language, it makes a translation.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The kind, such as article, event or place
    kind: String,
    /// The id, such as gwadar-port or places/gwadar-port
    id: String,
    /// The language [default: the site's first]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

pub(super) fn run(common: &Common, args: &Args) -> End {
    let problems = Problems::new();
    let tree = SourceTree::open(&common.root, &problems);
    let Some(tree) = tree else {
        report::problems(common, &Folder(&common.root), problems.into_vec());
        return End::Problems;
    };
    match make(&tree, args) {
        Ok(path) => {
            report::say(&format!("{}\n", tree.root().join(path).display()));
            End::Done
        }
        Err(problem) => {
            report::problems(common, &tree, vec![*problem]);
            End::Usage
        }
    }
}

fn make(tree: &SourceTree, args: &Args) -> Result<String, Box<Diagnostic>> {
    let config = &tree.config;
    let quiet = Problems::new();
    let kinds = Kinds::load(tree, &quiet);
    let kind = kinds.get(&args.kind).ok_or_else(|| {
        let names = kinds.names().collect::<Vec<_>>().join(", ");
        let message = format!("there is no kind `{}`", args.kind);
        let problem = Diagnostic::error(codes::UNKNOWN_KIND, message);
        Box::new(problem.did_you_mean(&args.kind, kinds.names()).hint(format!("kinds: {names}")))
    })?;
    let lang = language(config, args.lang.as_deref())?;
    let documents = site::parse(tree, &quiet);
    // A section is named by its folder, the home by `_index`.
    let wanted = args.id.strip_suffix("_index").unwrap_or(&args.id).trim_matches('/');
    let tail = format!("/{wanted}");
    let exact = documents.iter().find(|d| *d.id == *wanted);
    // A translation is made beside its page, which is named as in a wikilink.
    let there = exact.or_else(|| documents.iter().find(|d| d.id.ends_with(&tail)));
    let there = there.filter(|_| lang > 0);
    let (id, stem) = match (there, &kind.section) {
        (Some(original), _) => (original.id.to_string(), stem(original)),
        (None, Some(section)) if !wanted.contains('/') => {
            let id = format!("{section}/{wanted}");
            (id.clone(), id)
        }
        (None, _) => (wanted.to_owned(), wanted.to_owned()),
    };
    let suffix = match config.languages.get(lang) {
        Some(language) if lang > 0 => format!(".{}", language.lang),
        _ => String::new(),
    };
    let path: Arc<str> = format!("content/{stem}{suffix}.md").into();
    let name = Name::of(&path, config).map_err(Box::new)?;
    let is_bad = |part: &str| matches!(part, "" | "." | "..");
    if stem.split('/').any(is_bad) || *name.id != *id {
        let message = format!("«{}» cannot be an id", args.id);
        return Err(Box::new(Diagnostic::error(codes::BAD_ID, message)));
    }
    if let Some(table) = tree.file(&path).and_then(SourceFile::table) {
        let message = format!("{path} is there already, as a row of {table}");
        return Err(Box::new(Diagnostic::error(codes::OUTPUT, message)));
    }
    let is_translation = documents.iter().any(|d| *d.id == *id && d.lang != lang);
    let text = if is_translation {
        "---\ntitle: \"\"\ndescription: \"\"\n---\n".to_owned()
    } else {
        original(kind, &id, &documents)
    };
    write(&tree.root().join(&*path), &text).map_err(|error| {
        let problem = |message: String| Box::new(Diagnostic::error(codes::OUTPUT, message));
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => problem(format!("{path} is there already")),
            _ => problem(format!("{path} cannot be written: {error}")),
        }
    })?;
    Ok(path.to_string())
}

/// The path of a document's files in `content/`, without language and extension.
fn stem(document: &Document) -> String {
    let (folder, name) = match document.role {
        Role::Page => return document.id.to_string(),
        Role::Bundle => (&document.id, "index"),
        Role::Section => (&document.id, "_index"),
    };
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

pub(super) fn language(config: &Config, tag: Option<&str>) -> Result<usize, Box<Diagnostic>> {
    let Some(tag) = tag else { return Ok(0) };
    config.language_index(tag).ok_or_else(|| {
        let message = format!("`{tag}` is not a language of this site");
        let tags = config.languages.iter().map(|l| l.lang.as_str());
        Box::new(Diagnostic::error(codes::UNKNOWN_LANGUAGE, message).did_you_mean(tag, tags))
    })
}

/// Writes a file that is not there yet.
pub(super) fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    std::io::Write::write_all(&mut file, text.as_bytes())
}

/// The front matter of a new page: what it must say, and as comments what it can.
fn original(kind: &Kind, id: &str, documents: &[Arc<Document>]) -> String {
    let mut text = String::from("---\ntitle: \"\"\ndescription: \"\"\n");
    // Writing to a String cannot fail.
    if !hands_down(kind, id, documents) {
        let _ = writeln!(text, "kind: {}", kind.name);
    }
    if kind.requires.iter().any(|key| key == "date") || kind.publication {
        text.push_str("date: \"\"  # 1951-05-21, 1951-05, 1951, 1951~ or 2025/2029\n");
    }
    for field in &kind.fields {
        let mark = if field.required { "" } else { "# " };
        let (example, help) = example(&field.type_);
        let _ = writeln!(text, "{mark}{}: {example}{help}", field.name);
    }
    text.push_str("# sources: []\n---\n");
    text
}

/// Whether a section above the page gives it its kind.
pub(super) fn hands_down(kind: &Kind, id: &str, documents: &[Arc<Document>]) -> bool {
    let mut at = id;
    while let Some((parent, _)) = at.rsplit_once('/') {
        let cascades = documents.iter().filter(|d| *d.id == *parent);
        let given = cascades.filter_map(|d| d.front.cascade.as_ref()?.kind.as_deref()).next();
        if let Some(given) = given {
            return given == kind.name;
        }
        at = parent;
    }
    false
}

fn example(type_: &FieldType) -> (&'static str, String) {
    let of = |kinds: &[String]| match kinds {
        [] => "  # the id of a page".to_owned(),
        kinds => format!("  # the id of a page of kind {}", kinds.join(" or ")),
    };
    match type_ {
        FieldType::Text | FieldType::Localized => ("\"\"", String::new()),
        FieldType::Number => ("0", String::new()),
        FieldType::Boolean => ("false", String::new()),
        FieldType::Date => ("\"\"", "  # 1951-05-21, 1951-05, 1951, 1951~ or 2025/2029".to_owned()),
        FieldType::Url => ("\"https://\"", String::new()),
        FieldType::Language => ("ar", String::new()),
        FieldType::Enum(words) => {
            let names: Vec<&str> = words.iter().map(|word| &*word.name).collect();
            ("\"\"", format!("  # {}", names.join(", ")))
        }
        FieldType::Coordinates => ("[0.0, 0.0]", "  # latitude, longitude".to_owned()),
        FieldType::Reference(kinds) => ("\"\"", of(kinds)),
        FieldType::List(inner) => ("[]", example(inner).1),
        FieldType::Record(fields) => {
            let names: Vec<&str> = fields.iter().map(|field| &*field.name).collect();
            ("{}", format!("  # with {}", names.join(", ")))
        }
    }
}
