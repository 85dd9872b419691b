//! Data files: `data/` as values for templates.

use serde_json::{Map, Value};

use crate::config::reader::{Locate as _, Step};
use crate::config::toml::TomlFile;
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::document::{YamlPlaces, parse_yaml};
use crate::source::{SourceFile, SourceTree, read_text};
use crate::text::search::tokens;

/// Reads every data file. The key of `data/trade/years.csv` is `trade/years`.
pub(super) fn load(tree: &SourceTree, problems: &Problems) -> Map<String, Value> {
    let mut data = Map::new();
    for file in tree.under("data/") {
        let path = file.path.strip_prefix("data/").unwrap_or(&file.path);
        let Some((key, extension)) = path.rsplit_once('.') else {
            continue;
        };
        let text = match read_text(file) {
            Ok(text) => text,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let value = match extension {
            "yaml" | "yml" => match parse_yaml(&text) {
                Ok(map) => Ok(Value::Object(map)),
                // A data file may also be a list.
                Err(problem) => crate::document::parse_yaml_list(&text)
                    .ok_or_else(|| problem.diagnostic(codes::DATA_SYNTAX, &file.path)),
            },
            "json" => serde_json::from_str(&text).map_err(|error| {
                let message = error.to_string();
                let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
                let at = offset(&text, error.line(), error.column());
                syntax(file, &text, message, at)
            }),
            "toml" => Ok(Value::Object(TomlFile::parse(&text, &file.path, problems).values)),
            "csv" => csv(&text).map_err(|(message, at)| syntax(file, &text, message, at)),
            _ => continue,
        };
        match value {
            Ok(value) => {
                if key == SYNONYMS {
                    check_synonyms(file, &text, &value, problems);
                }
                if data.insert(key.to_owned(), value).is_some() {
                    let message = format!("two data files are called `{key}`");
                    let problem = Diagnostic::error(codes::PATH_COLLISION, message);
                    problems.push(problem.at(Span::file(&file.path)).hint("rename one of them"));
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    data
}

/// The data file in which a site lists words that mean the same when they are searched for.
pub const SYNONYMS: &str = "search-synonyms";

/// Reports what is no list of lists of words.
fn check_synonyms(file: &SourceFile, text: &str, value: &Value, problems: &Problems) {
    let places = YamlPlaces { text, base: 0 };
    let problem = |message: String, at: &[Step]| {
        let span = Span::new(&file.path, places.value(at));
        let hint = "write a list for each thing, with its words: - [جوادر, غوادر, Gwadar]";
        problems.push(Diagnostic::error(codes::SYNONYMS, message).at(span).hint(hint));
    };
    let Some(groups) = value.as_array() else {
        return problem("this is not a list of lists of words".into(), &[]);
    };
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    for (n, group) in groups.iter().enumerate() {
        let Some(words) = group.as_array() else {
            problem(format!("«{}» is not a list of words", shown(group)), &[Step::Index(n)]);
            continue;
        };
        for (m, word) in words.iter().enumerate() {
            if word.as_str().is_none_or(|word| tokens(word).count() != 1) {
                let message = format!("«{}» is not one word", shown(word));
                problem(message, &[Step::Index(n), Step::Index(m)]);
            }
        }
        if let [only] = words.as_slice() {
            let message = format!("«{}» has no word beside it that means the same", shown(only));
            problem(message, &[Step::Index(n), Step::Index(0)]);
        }
    }
}

fn syntax(file: &SourceFile, text: &str, message: String, at: usize) -> Diagnostic {
    let end = text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |n| at + n);
    Diagnostic::error(codes::DATA_SYNTAX, message).at(Span::new(&file.path, at..end.max(at)))
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}

/// Rows as mappings by the header's names.
fn csv(text: &str) -> Result<Value, (String, usize)> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let failed = |error: csv::Error| {
        let at = error.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
        let message = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("this row has {len} values, the first has {expected_len}")
            }
            _ => error.to_string(),
        };
        (message, at.min(text.len()))
    };
    let header = reader.headers().map_err(failed)?.clone();
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(failed)?;
        let cells = header.iter().zip(row.iter());
        rows.push(Value::Object(cells.map(|(k, v)| (k.to_owned(), Value::from(v))).collect()));
    }
    Ok(Value::from(rows))
}
