//! Running one case.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use dhikra::check;
use dhikra::diagnostic::{self, Diagnostic, Quotes, has_errors};
use dhikra::pipeline::{self, Overrides};
use dhikra::publish::{self, Options};
use dhikra::site::Clock;
use dhikra::source::Folder;
use similar::TextDiff;

/// What `case.toml` may set.
#[derive(Default)]
struct Settings {
    drafts: bool,
    base_url: Option<String>,
    keep_going: bool,
}

impl Settings {
    fn overrides(&self) -> Overrides {
        let clock = Clock { today: (2026, 1, 10), drafts: self.drafts };
        Overrides { clock, base_url: self.base_url.clone() }
    }

    fn read(case: &Path) -> Result<Self, String> {
        let Ok(text) = fs::read_to_string(case.join("case.toml")) else {
            return Ok(Self::default());
        };
        let table: toml::Table = text.parse().map_err(|e| format!("case.toml: {e}"))?;
        let mut settings = Self::default();
        for (key, value) in table {
            match (key.as_str(), value) {
                ("drafts", toml::Value::Boolean(b)) => settings.drafts = b,
                ("keep_going", toml::Value::Boolean(b)) => settings.keep_going = b,
                ("base_url", toml::Value::String(url)) => settings.base_url = Some(url),
                (key, _) => {
                    return Err(format!("case.toml: `{key}` is unknown or of a wrong type"));
                }
            }
        }
        Ok(settings)
    }
}

/// Builds the case's site and compares. With `update`, expectations become what there is.
pub(crate) fn run(case: &Path, update: bool) -> Result<(), String> {
    let settings = Settings::read(case)?;
    let out = tempfile::tempdir().map_err(|e| e.to_string())?;
    let site = case.join("site");
    let (problems, published) = build(&site, out.path(), &settings, 0);
    let mut wrong = String::new();
    compare_problems(case, &problems, update, &mut wrong)?;
    if published {
        compare_outputs(case, out.path(), update, &mut wrong)?;
        rebuild(&site, out.path(), &settings, &mut wrong);
    } else if has_files(&case.join("expected")) {
        wrong.push_str("nothing was published, but there is an expected output\n");
    }
    if case.join("check.txt").exists() {
        compare_check(case, &site, &settings, update, &mut wrong)?;
    }
    if case.join("fixed").exists() {
        compare_fixed(case, &settings, update, &mut wrong)?;
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Compares what `dhikra check` says with `check.txt`.
fn compare_check(
    case: &Path,
    site: &Path,
    settings: &Settings,
    update: bool,
    wrong: &mut String,
) -> Result<(), String> {
    let (found, tree) = match pipeline::load(site, &settings.overrides()) {
        Ok(loaded) => (check::check(&loaded, None).problems, loaded.tree),
        Err(_) => return Err("there is no site to check".into()),
    };
    let text = show(found, &*tree, Path::new("[OUT]"));
    let path = case.join("check.txt");
    if update {
        return fs::write(&path, text).map_err(|e| e.to_string());
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    difference("check.txt", &expected, &text, wrong);
    Ok(())
}

/// Mends a copy of the site and compares the files that are in `fixed/`.
fn compare_fixed(
    case: &Path,
    settings: &Settings,
    update: bool,
    wrong: &mut String,
) -> Result<(), String> {
    let copy = tempfile::tempdir().map_err(|e| e.to_string())?;
    let site = case.join("site");
    for file in files(&site) {
        let name = file.strip_prefix(&site).map_err(|e| e.to_string())?;
        let to = copy.path().join(name);
        fs::create_dir_all(to.parent().unwrap_or(&to)).map_err(|e| e.to_string())?;
        fs::copy(&file, &to).map_err(|e| e.to_string())?;
    }
    let mended = check::mend(copy.path(), &settings.overrides());
    if mended.map_err(|_| "there is no site to mend")?.problems == 0 {
        wrong.push_str("nothing was mended\n");
    }
    let fixed = case.join("fixed");
    for path in files(&fixed) {
        let name = path.strip_prefix(&fixed).map_err(|e| e.to_string())?;
        let have = fs::read(copy.path().join(name)).map_err(|e| e.to_string())?;
        let want = fs::read(&path).map_err(|e| e.to_string())?;
        if update {
            fs::write(&path, &have).map_err(|e| e.to_string())?;
        } else if want != have {
            let (want, have) = (String::from_utf8_lossy(&want), String::from_utf8_lossy(&have));
            difference(&name.display().to_string(), &want, &have, wrong);
        }
    }
    Ok(())
}

/// Builds a site; gives its problems as text, and whether it was published.
fn build(site: &Path, out: &Path, settings: &Settings, threads: usize) -> (String, bool) {
    let overrides = settings.overrides();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let work = || {
        let mut loaded = match pipeline::load(site, &overrides) {
            Ok(loaded) => loaded,
            Err(problems) => return (show(problems, &Folder(site), out), false),
        };
        let mut problems = std::mem::take(&mut loaded.problems);
        let failed = has_errors(&problems);
        let options = Options { out, keep_going: settings.keep_going, made: &|| {} };
        let (outcome, found) =
            publish::publish(&loaded.renderer, &loaded.outputs, failed, &options);
        problems.extend(found);
        (show(problems, &*loaded.tree, out), outcome.published)
    };
    match pool {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// Problems as people see them, without the paths of the machine.
fn show(mut problems: Vec<Diagnostic>, quotes: &(dyn Quotes + Sync), out: &Path) -> String {
    diagnostic::sort(&mut problems, quotes);
    let mut text = String::new();
    for problem in problems {
        let shown = diagnostic::human(&problem, quotes, false);
        let _ = writeln!(text, "{}\n", shown.replace(&out.display().to_string(), "[OUT]"));
    }
    // Trailing spaces are not worth a difference.
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn compare_problems(
    case: &Path,
    problems: &str,
    update: bool,
    wrong: &mut String,
) -> Result<(), String> {
    let path = case.join("problems.txt");
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if expected == problems {
        return Ok(());
    }
    if update {
        let written =
            if problems.is_empty() { fs::remove_file(&path) } else { fs::write(&path, problems) };
        return written.map_err(|e| e.to_string());
    }
    difference("problems.txt", &expected, problems, wrong);
    Ok(())
}

/// Compares each file of `expected/`; one that the site does not have is wrong. With `update`, an
/// empty file asks for the output of its name.
fn compare_outputs(
    case: &Path,
    out: &Path,
    update: bool,
    wrong: &mut String,
) -> Result<(), String> {
    let expected = case.join("expected");
    for path in files(&expected) {
        let name = path.strip_prefix(&expected).map_err(|e| e.to_string())?.to_owned();
        let want = fs::read(&path).map_err(|e| e.to_string())?;
        if name.ends_with("outputs.txt") {
            let list = list(out);
            if update {
                fs::write(&path, &list).map_err(|e| e.to_string())?;
            } else {
                difference("outputs.txt", &String::from_utf8_lossy(&want), &list, wrong);
            }
            continue;
        }
        let Ok(have) = fs::read(out.join(&name)) else {
            let _ = writeln!(wrong, "{} is expected and was not built", name.display());
            continue;
        };
        if update {
            fs::write(&path, &have).map_err(|e| e.to_string())?;
        } else if want != have {
            let (want, have) = (String::from_utf8_lossy(&want), String::from_utf8_lossy(&have));
            difference(&name.display().to_string(), &want, &have, wrong);
        }
    }
    Ok(())
}

/// Every case also holds that a second build writes nothing, and that one thread makes the same.
fn rebuild(site: &Path, out: &Path, settings: &Settings, wrong: &mut String) {
    let before = contents(out);
    let (_, published) = build(site, out, settings, 1);
    if !published || contents(out) != before {
        wrong.push_str("a second build, on one thread, changed the output\n");
    }
}

/// The names, times and bytes of all files.
fn contents(folder: &Path) -> Vec<(PathBuf, Option<std::time::SystemTime>, Vec<u8>)> {
    let visible = files(folder).into_iter().filter(|path| !path.ends_with(".dhikra/lock"));
    visible
        .map(|path| {
            let time = fs::metadata(&path).and_then(|meta| meta.modified()).ok();
            let bytes = fs::read(&path).unwrap_or_default();
            (path, time, bytes)
        })
        .collect()
}

/// The paths of all outputs, a line each.
fn list(out: &Path) -> String {
    files(out)
        .iter()
        .filter_map(|path| path.strip_prefix(out).ok())
        .filter(|path| !path.starts_with(".dhikra"))
        .map(|path| format!("{}\n", path.display()))
        .collect()
}

fn has_files(folder: &Path) -> bool {
    !files(folder).is_empty()
}

/// All files below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                found.insert(entry.path());
            }
        }
    }
    found.into_iter().collect()
}

fn difference(name: &str, expected: &str, found: &str, wrong: &mut String) {
    if expected == found {
        return;
    }
    let diff = TextDiff::from_lines(expected, found);
    let shown = diff.unified_diff().context_radius(2).header("expected", "found").to_string();
    let _ = writeln!(wrong, "{name} differs (UPDATE=1 accepts it):\n{shown}");
}
