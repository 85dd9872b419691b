//! `dhikra schema`

use std::sync::Arc;

use super::report;
use super::{Common, End, SiteOptions};
use crate::diagnostic::{Diagnostic, Problems, codes, has_errors};
use crate::export::schema::{self, Subject};
use crate::site;
use crate::source::{Folder, SourceTree};

/// Print a JSON Schema of front matter, with which editors complete and check it
///
/// It knows the kinds, taxonomies and pages of the site, so make it again when those change. docs/linked-data.md
/// says how editors find it. For a whole site: dhikra schema > front-matter.schema.json
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only for pages of this kind, which then need not name it
    #[arg(value_name = "KIND")]
    kind: Option<String>,
    /// For tables: YAML files in which each entry of a list is a page
    #[arg(long)]
    table: bool,
    /// For translations, which hold no facts
    #[arg(long, conflicts_with = "table")]
    translation: bool,
}

pub(super) fn run(common: &Common, args: &Args) -> End {
    let problems = Problems::new();
    let Some(tree) = SourceTree::open(&common.root, &problems) else {
        report::problems(common, &Folder(&common.root), problems.into_vec());
        return End::Problems;
    };
    let frame = Arc::new(site::Frame::load(&tree, &problems));
    // What is wrong with settings and kinds is wrong with the schema; what is wrong with pages is what the schema
    // is there to mend.
    if problems.has_errors() {
        report::problems(common, &tree, problems.into_vec());
        return End::Problems;
    }
    let kinds = frame.kinds.clone();
    let kind = match args.kind.as_deref().map(|name| (name, kinds.get(name))) {
        None => None,
        Some((_, Some(kind))) => Some(&**kind),
        Some((name, None)) => {
            let message = format!("there is no kind `{name}`");
            let problem = Diagnostic::error(codes::UNKNOWN_KIND, message);
            let names = kinds.names().collect::<Vec<_>>().join(", ");
            let problem = problem.did_you_mean(name, kinds.names()).hint(format!("kinds: {names}"));
            report::problems(common, &tree, vec![problem]);
            return End::Usage;
        }
    };
    let quiet = Problems::new();
    let documents = site::parse(&tree, &quiet);
    // Every page can be referred to, whatever its day.
    let clock = SiteOptions { base_url: None, drafts: true }.overrides().clock;
    let site = site::assemble(&tree, frame, documents, clock, &quiet);
    let subject = Subject { kind, translation: args.translation, table: args.table };
    let text = serde_json::to_string_pretty(&schema::write(&site, subject)).unwrap_or_default();
    report::say(&format!("{text}\n"));
    if has_errors(&quiet.into_vec()) {
        report::tell("Some pages have problems: dhikra build shows them");
    }
    End::Done
}
