//! Problems as data: severity, code, place, message, hints. The terminal, JSON and the browser
//! overlay render the same values; nothing here prints.

pub mod codes;
mod excerpt;
mod github;
mod human;
mod json;
pub mod rules;
mod suggest;

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

pub use excerpt::Excerpt;
pub use github::github;
pub use human::human;
pub use json::{json, position};
pub use suggest::{Names, nearest};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing may be published.
    Error,
    /// The site is published; somebody should look.
    Warning,
    /// Worth a look, and no fault.
    Info,
}

impl Severity {
    /// The word for it in every output format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// A place in a source file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Path relative to the site's root, with `/` between its parts.
    pub file: Arc<str>,
    /// Byte offsets in the file's text.
    pub range: (usize, usize),
}

impl Span {
    /// A place in a file.
    #[must_use]
    pub fn new(file: &Arc<str>, range: Range<usize>) -> Self {
        Self { file: Arc::clone(file), range: (range.start, range.end.max(range.start)) }
    }

    /// The file as a whole.
    #[must_use]
    pub fn file(file: &Arc<str>) -> Self {
        Self::new(file, 0..0)
    }

    /// Whether it names no place inside the file.
    #[must_use]
    pub fn is_whole_file(&self) -> bool {
        self.range == (0, 0)
    }
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name from [`codes`].
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, if it has a place.
    pub span: Option<Span>,
    /// Further places that belong to it, each with what it has to do with it.
    pub related: Vec<(Span, String)>,
    /// What to do about it.
    pub hints: Vec<String>,
    /// The changes to its file that mend it; none where it must be mended by hand.
    pub fix: Vec<Edit>,
    /// Whether its line may hold a secret: of that no more than the key is shown.
    pub masked: bool,
}

/// A change to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Byte offsets of what is replaced.
    pub range: (usize, usize),
    /// What it is replaced by.
    pub new: String,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            span: None,
            related: Vec::new(),
            hints: Vec::new(),
            fix: Vec::new(),
            masked: false,
        }
    }

    /// A warning.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// The problem, with its place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The problem, with a further place.
    #[must_use]
    pub fn related(mut self, span: Span, what: impl Into<String>) -> Self {
        self.related.push((span, what.into()));
        self
    }

    /// The problem, with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Gives its places as people know them.
    fn move_to_origin(&mut self, quotes: &dyn Quotes) {
        if let Some(origin) = self.span.as_ref().and_then(|span| quotes.origin(span)) {
            self.span = Some(origin);
            // What would be right in a file is not what is right in a cell.
            self.fix.clear();
        }
        for (span, _) in &mut self.related {
            if let Some(origin) = quotes.origin(span) {
                *span = origin;
            }
        }
    }

    /// The problem, with «did you mean …» where one of `candidates` is near to `written`.
    #[must_use]
    pub fn did_you_mean<'a>(
        self,
        written: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        match nearest(written, candidates) {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

/// Collects the problems of one piece of work, in the order they are found.
#[derive(Default)]
pub struct Problems(RefCell<Vec<Diagnostic>>);

impl Problems {
    /// An empty collection.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a problem.
    pub fn push(&self, diagnostic: Diagnostic) {
        self.0.borrow_mut().push(diagnostic);
    }

    /// Adds the problems of another collection.
    pub fn extend(&self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.0.borrow_mut().extend(diagnostics);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Whether an error is among them.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        has_errors(&self.0.borrow())
    }

    /// The problems, in the order they were found.
    #[must_use]
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0.into_inner()
    }
}

impl fmt::Debug for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.borrow().fmt(f)
    }
}

/// Whether an error is among the diagnostics.
#[must_use]
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

/// Makes diagnostics ready to be shown: gives those in the row of a table their places in the table, puts
/// all in their order (by file and place, those without a place last) and drops repetitions, so that a
/// report does not depend on threads. What is shown of diagnostics, in whatever form, goes through here.
pub fn sort(diagnostics: &mut Vec<Diagnostic>, quotes: &dyn Quotes) {
    for diagnostic in diagnostics.iter_mut() {
        diagnostic.move_to_origin(quotes);
    }
    diagnostics.sort_by(|a, b| {
        let place = |d: &Diagnostic| (d.span.is_none(), d.span.clone());
        place(a)
            .cmp(&place(b))
            .then(a.severity.cmp(&b.severity))
            .then_with(|| a.code.cmp(b.code))
            .then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup_by(|later, first| {
        let same = Diagnostic { related: Vec::new(), ..later.clone() }
            == Diagnostic { related: Vec::new(), ..first.clone() };
        // A picture is one thing that several pages show.
        let merges = same && (later.related == first.related || later.code == codes::PICTURE);
        if merges && later.related != first.related {
            first.related.append(&mut later.related);
            first.related.sort();
            first.related.dedup();
        }
        merges
    });
}

/// The texts that diagnostics quote from.
pub trait Quotes {
    /// The text of a file, by its path relative to the site's root; `None` where it cannot be read
    /// as text.
    fn text(&self, file: &str) -> Option<String>;

    /// Where a place is that is in no file of its own but made from a part of one, as a page is from a row of
    /// a table; `None` for a place in a file.
    fn origin(&self, _span: &Span) -> Option<Span> {
        None
    }
}
