//! Reading the `[check]` table of `site.toml`.

use std::collections::HashMap;

use super::reader::{Reader, Step};
use crate::diagnostic::{Severity, rules};

/// What `dhikra check` is set to.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    /// The severity of rules that the site sets otherwise than they are; `None` where it switches
    /// one off.
    levels: HashMap<&'static str, Option<Severity>>,
    /// The longest title, in characters.
    pub max_title: usize,
    /// The longest description, in characters.
    pub max_description: usize,
    /// The data file that holds the names to use.
    pub names: String,
    /// Beginnings of external URLs that are not checked.
    pub ignore_links: Vec<String>,
    /// The address of an API that knows archived copies; empty for none.
    pub archive: String,
    /// The most time that a request for an external link may take, in seconds.
    pub timeout: usize,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            levels: HashMap::new(),
            max_title: 70,
            max_description: 200,
            names: "names".into(),
            ignore_links: Vec::new(),
            archive: "https://archive.org/wayback/available".into(),
            timeout: 20,
        }
    }
}

impl CheckOptions {
    /// How bad what a rule finds is; `None` where it is switched off.
    #[must_use]
    pub fn severity(&self, rule: &rules::Rule) -> Option<Severity> {
        self.levels.get(rule.code).copied().unwrap_or(Some(rule.severity))
    }
}

/// Reads the table.
pub(super) fn read(table: Option<Reader<'_>>) -> CheckOptions {
    let mut options = CheckOptions::default();
    let Some(mut table) = table else { return options };
    options.max_title = table.count("max_title", 1).unwrap_or(options.max_title);
    options.max_description = table.count("max_description", 1).unwrap_or(options.max_description);
    options.names = table.text("names").unwrap_or(options.names);
    options.ignore_links = table.texts("ignore_links").unwrap_or_default();
    options.timeout = table.count("timeout", 1).unwrap_or(options.timeout);
    if let Some(archive) = table.text("archive") {
        if !archive.is_empty()
            && !archive.starts_with("https://")
            && !archive.starts_with("http://")
        {
            let problem = table.input.bad_value(&table.path("archive"), "`archive` is a URL");
            table.input.problems.push(problem.hint("\"\" looks for no archived copies"));
        }
        options.archive = archive;
    }
    for (name, level) in table.map("rules").into_iter().flatten() {
        let mut path = table.path("rules");
        path.push(Step::Key(name.clone()));
        let Some(rule) = rules::find(name) else {
            let names: Vec<&str> = rules::all().map(|rule| rule.code).collect();
            let message = format!("there is no rule `{name}`");
            let problem = table.input.bad_value(&path, message).did_you_mean(name, names);
            table.input.problems.push(problem.at(table.input.key_span(&path)));
            continue;
        };
        let severity = match level.as_str() {
            Some("off") => None,
            Some("info") => Some(Severity::Info),
            Some("warning") => Some(Severity::Warning),
            Some("error") => Some(Severity::Error),
            _ => {
                let message = format!("`{name}` is one of off, info, warning, error");
                table.input.problems.push(table.input.bad_value(&path, message));
                continue;
            }
        };
        options.levels.insert(rule.code, severity);
    }
    table.finish();
    options
}
