//! `dhikra rollback`

use serde_json::json;

use super::report::{self, counted};
use super::target::{self, Allow, Trouble};
use super::{Common, End};
use crate::deploy::{self, Failure, For, Guard, Source, Wish};

/// Serve an older release again, byte for byte
///
/// Nothing is built: what was served is kept at the target.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The target, as in [targets.NAME]; the only one by default
    target: Option<String>,
    /// The release, as `dhikra releases` names it; the one before what is served by default
    #[arg(long, value_name = "RELEASE")]
    to: Option<String>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Do it without asking
    #[arg(long, short)]
    yes: bool,
    /// Do what looks like a mistake and is refused otherwise
    #[arg(long, value_enum, value_name = "WHAT")]
    allow: Vec<Allow>,
}

pub(super) fn run(common: &Common, args: &Args) -> End {
    target::end(common, whole(common, args))
}

fn whole(common: &Common, args: &Args) -> Result<End, Trouble> {
    let config = target::config(common)?;
    let target = target::find(&config, args.target.as_deref())?;
    let remote = target::remote(common, target)?;
    let local = target::hold(common, target)?;
    let (held, release) = target::with_means(&local.place, 0, |means| {
        let held = remote.look(means, target.keep, For::Itself)?;
        let mut release = deploy::release(&held, args.to.as_deref())?;
        release.release.served = (means.now)();
        let held = remote.look(means, target.keep, For::Release(&release))?;
        Ok::<_, Failure>((held, release))
    })?;
    let (id, base_url) = (release.release.id.clone(), release.release.base_url.clone());
    let headers = remote.keeps_headers();
    let (keep, files) = (target.keep, &release.files);
    let wish = Wish { files, base_url: &base_url, keep, headers, alone: false };
    let plan = deploy::plan(wish, &held);
    // That much goes, and that it was made for another address, is what going back can mean.
    let foreign: Vec<_> =
        plan.guards.iter().filter(|(guard, _)| *guard == Guard::Foreign).cloned().collect();
    let refused = target::refused(&foreign, &args.allow);
    if !refused.is_empty() {
        return Err(refused.into());
    }
    super::deploy::show(target, &plan);
    let (uploads, deletions) = (plan.uploads.len(), plan.deletions.len());
    let what = format!("{} brought back, {deletions} deleted", counted(uploads, "file", "files"));
    if args.dry_run {
        let text = format!("`{}` would serve {id} again: {what}", target.name);
        let object = json!({ "target": target.name, "release": id, "uploads": uploads, "deletions": deletions });
        report::summary(common, &text, object);
        return Ok(End::Done);
    }
    if !args.yes {
        match target::confirm(&format!("Serve {id} again at `{}`: {what}?", target.name)) {
            Some(true) => {}
            Some(false) => {
                report::tell("Nothing was changed");
                return Ok(End::Problems);
            }
            None => {
                let refused = Failure::new("nobody is there to confirm the rollback");
                return Err(refused.hint("run it again with --yes").into());
            }
        }
    }
    let force = target::allows(&args.allow, Guard::Lock);
    let done = target::with_means(&local.place, plan.bytes(), |means| {
        let keep = (target.keep, force);
        remote.deploy(means, (&held, &plan), release, Source::Kept, keep)
    })?;
    target::tell_of_rest(done);
    let text = format!("`{}` serves {id} again: {what}", target.name);
    let object = json!({
        "target": target.name, "release": id, "uploads": done.uploaded, "deletions": done.deleted,
    });
    report::summary(common, &text, object);
    Ok(End::Done)
}
