//! `dhikra check`

use std::time::Duration;

use serde_json::json;

use super::report::{self, counted};
use super::{Common, End, SiteOptions, clock};
use crate::check::{self, Checked, External, Mended, external};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::pipeline::{self, Loaded};
use crate::source::{Folder, SourceTree};

/// How many hosts are asked at once for external links, and how long each is left in peace between
/// two requests.
const WORKERS: usize = 8;
const PEACE: Duration = Duration::from_millis(500);
const RETRIES: u32 = 2;
const RETRY_WAIT: Duration = Duration::from_secs(2);

/// Say whether the site may be published
///
/// Looks at everything that a build looks at, and at language, links, pages and translations. Nothing
/// is published. Rules are set in site.toml under [check.rules] and silenced in a file by a comment.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Mend what can be mended without thinking
    #[arg(long)]
    fix: bool,
    /// Also ask whether external links are alive; what is found is remembered for a week
    #[arg(long)]
    external: bool,
    /// Fail on warnings too
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    site: SiteOptions,
}

pub(super) fn run(common: &Common, args: &Args) -> End {
    match check_site(common, args) {
        Ok(end) => end,
        Err(problems) => {
            report::problems(common, &Folder(&common.root), problems);
            End::Problems
        }
    }
}

fn check_site(common: &Common, args: &Args) -> Result<End, Vec<Diagnostic>> {
    let overrides = args.site.overrides();
    let mended = if args.fix { Some(check::mend(&common.root, &overrides)?) } else { None };
    let loaded = pipeline::load(&common.root, &overrides)?;
    let checked =
        if args.external { with_external(common, &loaded) } else { check::check(&loaded, None) };
    Ok(finish(common, args, checked, &loaded.tree, mended))
}

fn with_external(common: &Common, loaded: &Loaded) -> Checked {
    let settings = &loaded.tree.config.check;
    let timeout = u64::try_from(settings.timeout).unwrap_or(20);
    let options = external::Options {
        cache: common.root.join(".dhikra").join("links.json"),
        now: clock::seconds(),
        archive: Some(settings.archive.clone()).filter(|archive| !archive.is_empty()),
        timeout: Duration::from_secs(timeout),
        workers: WORKERS,
        per_host_delay: PEACE,
        retries: RETRIES,
        retry_wait: RETRY_WAIT,
    };
    let bar = report::bar();
    let mut progress = |done: usize, all: usize| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    };
    let external = External { options: &options, progress: &mut progress };
    let checked = check::check(loaded, Some(external));
    bar.finish_and_clear();
    checked
}

fn finish(
    common: &Common,
    args: &Args,
    mut checked: Checked,
    tree: &SourceTree,
    mended: Option<Mended>,
) -> End {
    diagnostic::sort(&mut checked.problems, tree);
    let Mended { problems: fixed, unwritten } = mended.unwrap_or_default();
    for why in &unwritten {
        report::tell(&format!("error: {why}"));
    }
    let fixable = checked.problems.iter().filter(|problem| !problem.fix.is_empty()).count();
    let infos = count(&checked.problems, Severity::Info);
    let (errors, warnings) = report::problems(common, tree, checked.problems);
    let mut parts = vec![
        counted(errors, "error", "errors"),
        counted(warnings, "warning", "warnings"),
        counted(infos, "remark", "remarks"),
    ];
    if let Some(links) = checked.external {
        parts.push(format!("{} asked for", counted(links, "external link", "external links")));
    }
    if args.fix {
        parts.push(format!("{} mended", counted(fixed, "problem", "problems")));
    } else if fixable > 0 {
        parts.push(format!("--fix mends {fixable} of them"));
    }
    let failed = errors > 0 || !unwritten.is_empty() || (args.strict && warnings > 0);
    let verdict =
        if failed { "The site may not be published" } else { "The site may be published" };
    let object = json!({
        "passed": !failed, "errors": errors, "warnings": warnings, "infos": infos,
        "fixable": fixable, "fixed": fixed, "external_links": checked.external,
    });
    report::summary(common, &format!("{verdict}: {}", parts.join(", ")), object);
    if failed { End::Problems } else { End::Done }
}

fn count(problems: &[Diagnostic], severity: Severity) -> usize {
    problems.iter().filter(|problem| problem.severity == severity).count()
}
