//! `dhikra releases`

use serde_json::json;

use super::report::{self, counted};
use super::target::{self, Trouble};
use super::{Common, End, clock};
use crate::deploy::{For, Release};

/// List the releases that a target can serve again
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The target, as in [targets.NAME]; the only one by default
    target: Option<String>,
}

pub(super) fn run(common: &Common, args: &Args) -> End {
    target::end(common, whole(common, args))
}

fn whole(common: &Common, args: &Args) -> Result<End, Trouble> {
    let config = target::config(common)?;
    let target = target::find(&config, args.target.as_deref())?;
    let remote = target::remote(common, target)?;
    let held = target::with_means("", 0, |means| remote.look(means, target.keep, For::Itself))?;
    let (current, mut releases) = match held.state {
        Some(state) => (state.current.release.id, state.releases),
        None => (String::new(), Vec::new()),
    };
    releases.sort_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
    show(common, &current, &releases);
    if held.pending.is_some() {
        report::tell("A deploy did not come to its end; the next one goes on from there");
    }
    Ok(End::Done)
}

/// Shows releases, the youngest first.
pub(super) fn show(common: &Common, current: &str, releases: &[Release]) {
    if releases.is_empty() {
        report::summary_of(common, "Nothing was deployed yet", "releases", json!([]));
        return;
    }
    let line = |release: &Release| {
        let mark = if release.id == current { "*" } else { " " };
        let files = counted(release.files, "file", "files");
        let size = target::size(release.bytes);
        let time = clock::text(release.time);
        format!("{mark} {}  {time} UTC  {files}, {size}  {}", release.id, release.base_url)
    };
    let lines: Vec<String> = releases.iter().rev().map(line).collect();
    let objects: Vec<_> = releases
        .iter()
        .rev()
        .map(|release| {
            json!({
                "release": release.id, "current": release.id == current, "time": release.time,
                "base_url": release.base_url, "files": release.files, "bytes": release.bytes,
            })
        })
        .collect();
    report::summary_of(common, &lines.join("\n"), "releases", objects.into());
}
