//! `dhikra deploy`

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::report::{self, counted, troubles};
use super::target::{self, Allow, Trouble};
use super::{Common, End, SiteOptions};
use crate::check;
use crate::config::{BaseUrl, Config, Target};
use crate::deploy::{self, Build, Done, Failure, For, Guard, Plan, Source, Why, Wish};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::pipeline;
use crate::publish;

/// Build the site, check it, and publish it to a target of site.toml
///
/// What is to be done is shown first. Content hashes decide what is uploaded; nothing is deleted before all
/// else succeeded; an interrupted run is continued by the next. What looks like a mistake is refused.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The target, as in [targets.NAME]; the only one by default
    target: Option<String>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Do it without asking
    #[arg(long, short)]
    yes: bool,
    /// Do what looks like a mistake and is refused otherwise
    #[arg(long, value_enum, value_name = "WHAT")]
    allow: Vec<Allow>,
    #[command(flatten)]
    site: SiteOptions,
}

/// How many uploads and deletions are named one by one.
const NAMED: usize = 20;

pub(super) fn run(common: &Common, args: &Args) -> End {
    target::end(common, whole(common, args))
}

fn whole(common: &Common, args: &Args) -> Result<End, Trouble> {
    let start = Instant::now();
    let config = target::config(common)?;
    let target = target::find(&config, args.target.as_deref())?;
    let base_url = base_url(args, &config, target)?;
    let remote = target::remote(common, target)?;
    let local = target::hold(common, target)?;
    let Some(mut build) = build(common, args, target, base_url.as_ref())? else {
        return Ok(End::Problems);
    };
    if !remote.serves_packed() {
        build.leave_packed_out();
    }
    if remote.is_server() {
        build.add_server_files()?;
    }
    let base = base_url.as_deref().map_or_else(|| Ok(config.base.clone()), BaseUrl::parse);
    let base = base.map_or_else(|_| config.base.permalink("/"), |base| base.permalink("/"));
    let (held, plan) = target::with_means(&local.place, 0, |means| {
        let held = remote.look(means, target.keep, For::Build(&build))?;
        let headers = remote.keeps_headers();
        let (keep, alone) = (target.keep, remote.is_alone());
        let wish = Wish { files: &build.files, base_url: &base, keep, headers, alone };
        let plan = deploy::plan(wish, &held);
        Ok::<_, Failure>((held, plan))
    })?;
    show(target, &plan);
    let refused = target::refused(&plan.guards, &args.allow);
    if !refused.is_empty() {
        return Err(refused.into());
    }
    if args.dry_run {
        summarise(common, target, &plan, None, start.elapsed());
        return Ok(End::Done);
    }
    if !args.yes && !plan.is_idle() {
        match target::confirm("Deploy this?") {
            Some(true) => {}
            Some(false) => {
                report::tell("Nothing was changed");
                return Ok(End::Problems);
            }
            None => {
                let refused = Failure::new("nobody is there to confirm the plan");
                return Err(refused.hint("run it again with --yes").into());
            }
        }
    }
    let force = target::allows(&args.allow, Guard::Lock);
    let done = target::with_means(&local.place, plan.bytes(), |means| {
        let next = deploy::next(&held, &build.files, &base, (means.now)());
        let source = Source::Build(&build);
        remote.deploy(means, (&held, &plan), next, source, (target.keep, force))
    })?;
    target::tell_of_rest(done);
    summarise(common, target, &plan, Some(done), start.elapsed());
    Ok(End::Done)
}

/// The base URL to build for, where it is another than the site's own.
fn base_url(args: &Args, config: &Config, target: &Target) -> Result<Option<String>, Diagnostic> {
    let asked = args.site.base_url.as_ref();
    let of = |url: &String| BaseUrl::parse(url).ok();
    let differ = asked.zip(target.base_url.as_ref()).is_some_and(|(a, b)| of(a) != of(b));
    let allowed = target::allows(&args.allow, Guard::BaseUrl);
    if differ && !allowed {
        let message = format!(
            "--base-url is {}, and the target `{}` is for {}",
            asked.map_or("", String::as_str),
            target.name,
            target.base_url.as_deref().unwrap_or_default()
        );
        return Err(Guard::BaseUrl.refuse(message));
    }
    let url = asked.or(target.base_url.as_ref()).cloned();
    let origin = url.as_ref().and_then(of).unwrap_or_else(|| config.base.clone()).origin;
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if matches!(name, "localhost" | "127.0.0.1" | "[::1]") && !allowed {
        let message = format!("the site is built for {origin}, which is this machine alone");
        return Err(Guard::BaseUrl.refuse(message).hint("set base_url at the top of site.toml"));
    }
    Ok(url)
}

/// Builds and checks. Gives nothing where the site may not be published, which is then reported.
fn build(
    common: &Common,
    args: &Args,
    target: &Target,
    base_url: Option<&String>,
) -> Result<Option<Build>, Trouble> {
    let overrides = pipeline::Overrides { base_url: base_url.cloned(), ..args.site.overrides() };
    let loaded = pipeline::load(&common.root, &overrides)?;
    let mut found = check::check(&loaded, None).problems;
    diagnostic::sort(&mut found, &*loaded.tree);
    // Whoever deploys is told what is wrong; what is only worth a look is told by `check`.
    found.retain(|problem| problem.severity != Severity::Info);
    let failed = diagnostic::has_errors(&found);
    // A folder of the target's own: `public/` may be built for another address, or being looked at.
    let out = common.root.join(publish::OWN_FOLDER).join("deploy").join(&target.name);
    let mut published = false;
    if !failed {
        let made = AtomicUsize::new(0);
        let count = || _ = made.fetch_add(1, Ordering::Relaxed);
        let options = publish::Options { out: &out, keep_going: false, made: &count };
        let (outcome, problems) =
            publish::publish(&loaded.renderer, &loaded.outputs, false, &options);
        published = outcome.published;
        found.extend(problems);
        if published {
            loaded.renderer.memo().tidy();
        }
    }
    let (errors, warnings) = report::problems(common, &*loaded.tree, found);
    if errors > 0 || !published {
        let object = json!({ "deployed": false, "errors": errors, "warnings": warnings });
        let text = format!("Nothing was deployed{}", troubles(errors, warnings));
        report::summary(common, &text, object);
        return Ok(None);
    }
    let paths = publish::owned(&out)?;
    Ok(Some(Build::read(&out, &paths, &loaded.outputs)?))
}

/// Shows what has to be done.
pub(super) fn show(target: &Target, plan: &Plan) {
    if plan.is_idle() {
        return;
    }
    report::tell(&format!("To be done at `{}`:", target.name));
    for why in Why::ALL {
        let paths: Vec<(&str, u64)> = plan
            .uploads
            .iter()
            .filter(|upload| upload.why == why)
            .map(|upload| (&*upload.path, upload.size))
            .collect();
        list("upload", why.as_str(), &paths);
    }
    let deletions: Vec<(&str, u64)> = plan.deletions.iter().map(|path| (&**path, 0)).collect();
    list("delete", "no longer part of the site", &deletions);
    let mut rest = vec![format!("{} unchanged", counted(plan.unchanged, "file", "files"))];
    if !plan.kept.is_empty() {
        let assets = counted(plan.kept.len(), "asset", "assets");
        rest.push(format!("{assets} of older releases kept for pages in caches"));
    }
    if plan.foreign > 0 {
        let files = counted(plan.foreign, "file", "files");
        rest.push(format!("{files} that are not ours left alone"));
    }
    report::tell(&format!("  {}", rest.join(", ")));
    if let Some(first) = plan.lost.first() {
        report::tell(&format!(
            "  somebody else changed what was deployed, so that older releases cannot be served as they were: \
             `{first}`, {} in all",
            counted(plan.lost.len(), "file", "files")
        ));
    }
}

/// Shows files that something is done with for one reason.
fn list(what: &str, why: &str, paths: &[(&str, u64)]) {
    if paths.is_empty() {
        return;
    }
    let bytes: u64 = paths.iter().map(|(_, size)| size).sum();
    let size = if bytes > 0 { format!(", {}", target::size(bytes)) } else { String::new() };
    report::tell(&format!("  {what} {}{size}: {why}", counted(paths.len(), "file", "files")));
    for (path, _) in paths.iter().take(NAMED) {
        report::tell(&format!("    {path}"));
    }
    if let Some(more) = paths.len().checked_sub(NAMED).filter(|more| *more > 0) {
        report::tell(&format!("    … and {more} more"));
    }
}

fn summarise(common: &Common, target: &Target, plan: &Plan, done: Option<Done>, took: Duration) {
    let seconds = took.as_secs_f64();
    let (uploads, deletions) = (plan.uploads.len(), plan.deletions.len());
    let text = match done {
        None if plan.is_idle() => format!("`{}` is as it should be", target.name),
        None => format!(
            "Nothing was changed at `{}`: {} would be uploaded ({}), {deletions} deleted",
            target.name,
            counted(uploads, "file", "files"),
            target::size(plan.bytes())
        ),
        Some(done) => format!(
            "Deployed to `{}` in {seconds:.1} s: {} uploaded ({}), {} unchanged, {} deleted",
            target.name,
            counted(done.uploaded, "file", "files"),
            target::size(plan.bytes()),
            plan.unchanged,
            done.deleted
        ),
    };
    let reasons: serde_json::Map<String, serde_json::Value> =
        Why::ALL.iter().map(|why| (why.as_str().into(), plan.count(*why).into())).collect();
    let object = json!({
        "deployed": done.is_some(), "target": target.name, "uploads": uploads, "bytes": plan.bytes(),
        "reasons": reasons, "deletions": deletions, "unchanged": plan.unchanged, "kept": plan.kept.len(),
        "foreign": plan.foreign, "seconds": seconds,
    });
    report::summary(common, &text, object);
}
