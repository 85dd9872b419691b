//! `dhikra translations`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::report::{self, counted};
use super::{Common, End, MessageFormat, SiteOptions};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::document::Document;
use crate::publish::replace;
use crate::site::{self, Site};
use crate::source::{self, Folder, SourceTree, is_table};
use crate::translation::{Coverage, Entry, Fingerprint, Status, fingerprint, mark};

/// The most changed lines of one original that are shown to people.
const MAX_LINES: usize = 8;
/// The most pages of one status and language that are listed for people, without `--all`.
const MAX_PAGES: usize = 20;

/// Show what is translated, what is missing and what is older than its original
///
/// A translation that was marked remembers the original that it was made from; when that changes, the
/// lines that are new are shown.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Only this language
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Only this section and those below it
    #[arg(long, value_name = "ID")]
    section: Option<String>,
    /// List every page, however many there are
    #[arg(long)]
    all: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Record that translations are up to date with their originals
    Mark {
        /// The translations' files
        #[arg(required_unless_present = "all", value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Every translation of the site that was never marked
        #[arg(long, conflicts_with = "files")]
        all: bool,
    },
}

/// A site with its documents.
struct Read {
    tree: SourceTree,
    documents: Vec<Arc<Document>>,
    site: Site,
}

pub(super) fn run(common: &Common, args: &Args) -> End {
    let problems = Problems::new();
    let Some(tree) = SourceTree::open(&common.root, &problems) else {
        report::problems(common, &Folder(&common.root), problems.into_vec());
        return End::Problems;
    };
    let documents = site::parse(&tree, &problems);
    // Everything counts, whatever its day.
    let clock = SiteOptions { base_url: None, drafts: true }.overrides().clock;
    let frame = Arc::new(site::Frame::load(&tree, &problems));
    let site = site::assemble(&tree, frame, documents.clone(), clock, &problems);
    problems.extend(site.links().problems.iter().cloned());
    let read = Read { tree, documents, site };
    if problems.has_errors() {
        report::problems(common, &read.tree, problems.into_vec());
        return End::Problems;
    }
    match &args.command {
        Some(Command::Mark { files, all }) => mark_files(common, &read, files, *all),
        None => show(common, &read, args),
    }
}

fn show(common: &Common, read: &Read, args: &Args) -> End {
    let config = &read.tree.config;
    let lang = match args.lang.as_deref().map(|tag| (tag, config.language_index(tag))) {
        None => None,
        Some((_, Some(lang))) => Some(lang),
        Some((tag, None)) => {
            let message = format!("`{tag}` is not a language of this site");
            let tags = config.languages.iter().map(|l| l.lang.as_str());
            let problem = Diagnostic::error(codes::UNKNOWN_LANGUAGE, message);
            report::problems(common, &read.tree, vec![problem.did_you_mean(tag, tags)]);
            return End::Usage;
        }
    };
    let coverage = Coverage::of(&read.documents, &read.site);
    let in_section = |entry: &&Entry| {
        args.section.as_deref().is_none_or(|section| {
            let rest = entry.id.strip_prefix(section.trim_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let in_lang = |entry: &&Entry| lang.is_none_or(|lang| entry.lang == lang);
    let entries: Vec<&Entry> =
        coverage.entries().iter().filter(in_section).filter(in_lang).collect();
    match common.message_format {
        MessageFormat::Json => report::say(&format!("{}\n", as_json(&entries, config))),
        MessageFormat::Human | MessageFormat::Github => {
            report::say(&as_text(&entries, config, if args.all { usize::MAX } else { MAX_PAGES }));
        }
    }
    End::Done
}

/// How many pages of some entries have each status.
#[derive(Clone, Copy, Default)]
struct Counts {
    there: usize,
    stale: usize,
    unrecorded: usize,
    missing: usize,
}

impl Counts {
    fn add(&mut self, status: Status) {
        match status {
            Status::Missing => self.missing += 1,
            Status::Stale => self.stale += 1,
            Status::Unrecorded => self.unrecorded += 1,
            Status::Original | Status::Current => {}
        }
        self.there += usize::from(status != Status::Missing);
    }

    fn json(self) -> Value {
        json!({
            "pages": self.there + self.missing, "translated": self.there, "missing": self.missing,
            "stale": self.stale, "unrecorded": self.unrecorded,
        })
    }
}

/// The counts by section and language; the sum of a language under no section.
fn count(entries: &[&Entry]) -> BTreeMap<(Option<String>, usize), Counts> {
    let mut counts = BTreeMap::<(Option<String>, usize), Counts>::new();
    for entry in entries {
        for section in [None, Some(entry.section().to_owned())] {
            counts.entry((section, entry.lang)).or_default().add(entry.status);
        }
    }
    counts
}

fn as_json(entries: &[&Entry], config: &Config) -> Value {
    let tag = |lang: usize| config.languages.get(lang).map(|l| l.lang.to_string());
    let mut languages = Vec::new();
    let mut sections = Vec::new();
    for ((section, lang), counts) in count(entries) {
        let mut object = json!({ "lang": tag(lang) });
        if let (Some(object), Some(counts)) = (object.as_object_mut(), counts.json().as_object()) {
            object.extend(section.iter().map(|id| ("section".to_owned(), json!(id))));
            object.extend(counts.clone());
        }
        if section.is_none() { languages.push(object) } else { sections.push(object) }
    }
    let shown = |entry: &&&Entry| !matches!(entry.status, Status::Original | Status::Current);
    let pages = entries.iter().filter(shown).map(|entry| {
        let lines = entry.changed.iter().map(|l| json!({ "line": l.number, "text": l.text }));
        json!({
            "id": &*entry.id, "lang": tag(entry.lang), "status": entry.status.as_str(),
            "file": entry.document.as_ref().map(|document| &**document.file.written_in()),
            "original": &**entry.original.file.written_in(),
            "original_lang": tag(entry.original.lang),
            "changed": lines.collect::<Vec<_>>(), "removed": entry.removed,
            "lines_known": !entry.unknown,
        })
    });
    json!({ "languages": languages, "sections": sections, "pages": pages.collect::<Vec<_>>() })
}

fn as_text(entries: &[&Entry], config: &Config, most: usize) -> String {
    let mut text = table(entries, config);
    for (lang, language) in config.languages.iter().enumerate() {
        let of = |status| {
            let same = move |e: &&&Entry| e.lang == lang && e.status == status;
            entries.iter().filter(same).copied().collect::<Vec<_>>()
        };
        for (status, what) in [
            (Status::Stale, "older than the original"),
            (Status::Unrecorded, "never marked as up to date"),
            (Status::Missing, "missing"),
        ] {
            let pages = of(status);
            if pages.is_empty() {
                continue;
            }
            // Writing to a String cannot fail.
            let count = counted(pages.len(), "page", "pages");
            let _ = writeln!(text, "\n{} ({}): {count} {what}", language.label, language.lang);
            for entry in pages.iter().take(most) {
                page_text(&mut text, entry);
            }
            if let Some(more) = pages.len().checked_sub(most).filter(|n| *n > 0) {
                let _ = writeln!(text, "  … and {more} more; --all lists them");
            }
        }
    }
    text
}

/// The file of a document; of a row also which it is.
fn listed(document: &Document) -> String {
    match document.file.table() {
        Some(table) => format!("{table} ({})", document.id),
        None => document.file.path.to_string(),
    }
}

fn page_text(text: &mut String, entry: &Entry) {
    let original = entry.original.file.written_in();
    let Some(document) = &entry.document else {
        let _ = writeln!(text, "  {}", listed(&entry.original));
        return;
    };
    let _ = writeln!(text, "  {}", listed(document));
    if entry.status != Status::Stale {
        return;
    }
    let removed = counted(entry.removed, "line", "lines");
    let changed = counted(entry.changed.len(), "line", "lines");
    let _ = match (entry.unknown, entry.changed.len(), entry.removed) {
        (true, ..) => writeln!(text, "    {original} has changed"),
        (_, 0, _) => writeln!(text, "    {original}: {removed} taken out"),
        (_, _, 0) => writeln!(text, "    {original}: {changed} changed"),
        _ => writeln!(text, "    {original}: {changed} changed, {removed} taken out"),
    };
    for line in entry.changed.iter().take(MAX_LINES) {
        let _ = writeln!(text, "    {:>5} │ {}", line.number, line.text);
    }
    if let Some(more) = entry.changed.len().checked_sub(MAX_LINES).filter(|n| *n > 0) {
        let _ = writeln!(text, "          … and {more} more");
    }
}

/// How much of each section is in each language.
fn table(entries: &[&Entry], config: &Config) -> String {
    let counts = count(entries);
    let mut sections: Vec<&Option<String>> = counts.keys().map(|(section, _)| section).collect();
    sections.dedup();
    let first = usize::from(!sections.is_empty());
    sections.rotate_left(first);
    let name = |section: &Option<String>| match section.as_deref() {
        None => "all".to_owned(),
        Some("") => "(no section)".to_owned(),
        Some(section) => section.to_owned(),
    };
    let width = sections.iter().map(|s| name(s).chars().count()).max().unwrap_or(0);
    let mut text = format!("{:width$}", "");
    for language in &config.languages {
        let _ = write!(text, "  {:>12}", language.lang.as_str());
    }
    text.push('\n');
    for section in sections {
        let _ = write!(text, "{:width$}", name(section));
        for lang in 0..config.languages.len() {
            let cell = match counts.get(&(section.clone(), lang)) {
                Some(Counts { there, missing, .. }) => {
                    let all = there + missing;
                    format!("{there}/{all} {:>3}%", there * 100 / all.max(1))
                }
                None => "–".to_owned(),
            };
            let _ = write!(text, "  {cell:>12}");
        }
        text.push('\n');
    }
    text
}

/// Marks files, all that can be; what cannot be is reported.
fn mark_files(common: &Common, read: &Read, files: &[PathBuf], all: bool) -> End {
    let (mut done, mut problems) = (0, Vec::new());
    let chosen: Vec<Result<Arc<Document>, Diagnostic>> = if all {
        let coverage = Coverage::of(&read.documents, &read.site);
        let new = coverage.entries().iter().filter(|entry| entry.status == Status::Unrecorded);
        let new = new.filter_map(|entry| entry.document.clone());
        // What is in a table is marked by hand, and nobody named it here.
        new.filter(|document| document.file.table().is_none()).map(Ok).collect()
    } else {
        files.iter().map(|file| document(read, file)).collect()
    };
    for document in chosen {
        match document.and_then(|document| mark_one(read, &document)) {
            Ok(()) => done += 1,
            Err(problem) => problems.push(problem),
        }
    }
    let failed = !problems.is_empty();
    report::problems(common, &read.tree, problems);
    let text = format!("Marked {}", counted(done, "translation", "translations"));
    report::summary(common, &text, json!({ "marked": done }));
    if failed { End::Problems } else { End::Done }
}

/// The document of a file, named from the site's folder or from here.
fn document(read: &Read, file: &Path) -> Result<Arc<Document>, Diagnostic> {
    let named = |path: &Path| {
        let path = path.to_string_lossy().replace('\\', "/");
        let path = crate::text::nfc(path.trim_start_matches("./")).into_owned();
        read.documents.iter().find(|document| *document.file.path == *path)
    };
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (from_here, root) = (absolute(file), absolute(read.tree.root()));
    let found = named(file).or_else(|| from_here.strip_prefix(root).ok().and_then(named));
    found.cloned().ok_or_else(|| {
        let written = file.display().to_string();
        let paths = read.documents.iter().map(|document| &*document.file.path);
        let message = format!("there is no page in «{written}»");
        if is_table(&written.replace('\\', "/")) {
            let hint = "a row is named as if it were a file: its folder, its id, its language";
            return Diagnostic::error(codes::BAD_REFERENCE, message).hint(hint);
        }
        Diagnostic::error(codes::BAD_REFERENCE, message).did_you_mean(&written, paths)
    })
}

/// That a translation is in a table, which is not written to, and what to write there.
fn in_table(table: &str, config: &Config, lang: usize, now: &Fingerprint) -> Diagnostic {
    let tag = config.languages.get(lang).map_or("", |language| language.lang.as_str());
    let message = format!("the translation is a row of {table}, and tables are marked by hand");
    let place = if table.to_ascii_lowercase().ends_with("csv") {
        format!("in its column `translated_from.{tag}`")
    } else {
        format!("as `translated_from` under its `translations`, `{tag}`")
    };
    Diagnostic::error(codes::OUTPUT, message).hint(format!("write {now} {place}"))
}

fn mark_one(read: &Read, document: &Document) -> Result<(), Diagnostic> {
    let span = || Span::file(&document.file.path);
    let fail = |message: String| Diagnostic::error(codes::OUTPUT, message).at(span());
    let group = read.site.find(&document.id).ok().map(|group| read.site.group(group));
    let group = group.ok_or_else(|| fail(format!("there is no page `{}`", document.id)))?;
    if group.original.lang == document.lang {
        let message = "this is the original, and translates nothing";
        return Err(Diagnostic::error(codes::BAD_REFERENCE, message).at(span()));
    }
    let now = fingerprint(&group.original.file, group.facts.kind.as_deref())
        .ok_or_else(|| fail("the original cannot be read".into()))?;
    if let Some(table) = document.file.table() {
        return Err(in_table(table, &read.tree.config, document.lang, &now).at(span()));
    }
    let text = source::read_text(&document.file)?;
    let marked = mark(&text, &now).map_err(|why| fail(format!("{why} to record it in")))?;
    let path = document.file.disk_path().ok_or_else(|| fail("it is no file".into()))?;
    if marked == text {
        return Ok(());
    }
    replace(path, &marked).map_err(|error| fail(format!("cannot be written: {error}")))
}
