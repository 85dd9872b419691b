//! `dhikra build`

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::report::{self, counted, troubles};
use super::{Common, End, SiteOptions};
use crate::pipeline::{self, Loaded};
use crate::publish::{self, Options, Outcome};
use crate::render::What;
use crate::source::Folder;

/// Build the site into a folder, ready for any static host
///
/// Only files that differ are written. Files of an earlier build that are no longer part of the
/// site are deleted; files that no build made are left alone. With an error anywhere, nothing is
/// changed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder to build into [default: public, in the site's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Put what is good in place though there are errors
    #[arg(long)]
    keep_going: bool,
    #[command(flatten)]
    site: SiteOptions,
}

/// The folder of the site that it is built into, where no other is named.
pub(super) const PUBLIC: &str = "public";

/// How long a build may take before progress is shown.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) fn run(common: &Common, args: &Args) -> End {
    let start = Instant::now();
    let out = args.out.clone().unwrap_or_else(|| common.root.join(PUBLIC));
    if let Some(clash) = publish::clash(&common.root, &out) {
        report::tell(&format!("error: {clash}; choose another folder with --out"));
        return End::Usage;
    }
    let mut loaded = match pipeline::load(&common.root, &args.site.overrides()) {
        Ok(loaded) => loaded,
        Err(problems) => {
            report::problems(common, &Folder(&common.root), problems);
            return End::Problems;
        }
    };
    let mut problems = std::mem::take(&mut loaded.problems);
    let failed = crate::diagnostic::has_errors(&problems);
    let (outcome, found) = publish(&loaded, failed, args.keep_going, &out);
    problems.extend(found);
    if outcome.published {
        loaded.renderer.memo().tidy();
    }
    let (errors, warnings) = report::problems(common, &*loaded.tree, problems);
    summarise(common, &loaded, outcome, (errors, warnings), &out, start.elapsed());
    // The process ends here: freeing a hundred thousand documents would take a while for nothing.
    std::mem::forget(loaded);
    if errors > 0 { End::Problems } else { End::Done }
}

/// Publishes with progress on a terminal where it takes its time.
fn publish(
    loaded: &Loaded,
    failed: bool,
    keep_going: bool,
    out: &Path,
) -> (Outcome, Vec<crate::diagnostic::Diagnostic>) {
    let made = AtomicUsize::new(0);
    let done = AtomicBool::new(false);
    let total = loaded.outputs.len();
    std::thread::scope(|scope| {
        let ticker = scope.spawn(|| progress(&made, &done, total));
        let count = || {
            made.fetch_add(1, Ordering::Relaxed);
        };
        let options = Options { out, keep_going, made: &count };
        let result = publish::publish(&loaded.renderer, &loaded.outputs, failed, &options);
        done.store(true, Ordering::Relaxed);
        ticker.thread().unpark();
        result
    })
}

/// Draws a bar until `done`, if that takes longer than [`PATIENCE`] and somebody is watching.
fn progress(made: &AtomicUsize, done: &AtomicBool, total: usize) {
    use std::io::IsTerminal;
    if !std::io::stderr().is_terminal() {
        return;
    }
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if done.load(Ordering::Relaxed) {
            return;
        }
        std::thread::park_timeout(PATIENCE.saturating_sub(start.elapsed()));
    }
    let bar = ProgressBar::new(total as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    while !done.load(Ordering::Relaxed) {
        bar.set_position(made.load(Ordering::Relaxed) as u64);
        std::thread::park_timeout(Duration::from_millis(100));
    }
    bar.finish_and_clear();
}

fn summarise(
    common: &Common,
    loaded: &Loaded,
    outcome: Outcome,
    (errors, warnings): (usize, usize),
    out: &Path,
    took: Duration,
) {
    let pages = loaded.outputs.iter().filter(|o| matches!(o.what, What::Page(..))).count();
    let languages = loaded.tree.config.languages.len();
    let seconds = took.as_secs_f64();
    let not_shown = loaded.renderer.world().site.not_shown.len();
    let text = if outcome.published {
        format!(
            "Built {} in {} to {} in {seconds:.2} s: {} written, {} unchanged, {} deleted{}{}",
            counted(pages, "page", "pages"),
            counted(languages, "language", "languages"),
            out.display(),
            counted(outcome.written, "file", "files"),
            outcome.unchanged,
            outcome.deleted,
            left_out(not_shown),
            troubles(errors, warnings),
        )
    } else {
        format!("Nothing was changed in {}{}", out.display(), troubles(errors, warnings))
    };
    let object = json!({
        "published": outcome.published, "pages": pages, "languages": languages,
        "written": outcome.written, "unchanged": outcome.unchanged, "deleted": outcome.deleted,
        "not_shown": not_shown, "errors": errors, "warnings": warnings, "seconds": seconds,
    });
    report::summary(common, &text, object);
}

/// What an editor may look for in vain.
fn left_out(pages: usize) -> String {
    match pages {
        0 => String::new(),
        n => format!(
            "; {} not shown (drafts, of the future or expired; --drafts shows them)",
            counted(n, "page", "pages")
        ),
    }
}
