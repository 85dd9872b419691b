//! Reading the `[targets.NAME]` tables of `site.toml`: where the site is deployed to. No secret is among the keys:
//! credentials come from the environment.

use super::BaseUrl;
use super::reader::{Reader, Step};
use crate::diagnostic::{Diagnostic, Problems, codes};

/// A place that the site is deployed to.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// The base URL that the site has there, where it is another than the site's own.
    pub base_url: Option<String>,
    /// How many older releases stay ready to be served again.
    pub keep: usize,
    /// What it is.
    pub host: Destination,
}

/// What a target is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A folder of this machine.
    Directory {
        /// The folder, relative to the site's.
        path: String,
    },
    /// A bucket of a store that speaks the language of S3.
    S3 {
        /// The address of the store.
        endpoint: String,
        /// The bucket.
        bucket: String,
        /// The part of it that the site is in: empty, or a path that ends in `/`.
        prefix: String,
        /// Where it is.
        region: String,
        /// What the names of the credentials in the environment begin with.
        credentials: String,
    },
    /// A container of Azure Blob Storage.
    Azure {
        /// The address of the account.
        endpoint: String,
        /// The container.
        container: String,
        /// The part of it that the site is in: empty, or a path that ends in `/`.
        prefix: String,
        /// What the name of the signature in the environment begins with.
        credentials: String,
    },
    /// A server over SSH.
    Ssh {
        /// The host, with a user if need be.
        host: String,
        /// The folder on it.
        path: String,
        /// The port, where it is not the user's own setting.
        port: Option<u16>,
    },
    /// A branch of a repository of git.
    Git {
        /// The repository.
        remote: String,
        /// The branch.
        branch: String,
        /// The host name for `CNAME`.
        domain: Option<String>,
    },
}

/// The words for kinds of targets.
const KINDS: [&str; 6] = ["directory", "s3", "gcs", "azure", "ssh", "git"];

/// How many older releases stay ready where a target does not say.
const KEEP: usize = 3;

/// Reads the tables.
pub(super) fn read(reader: &mut Reader<'_>) -> Vec<Target> {
    let tables = reader.tables("targets");
    tables.into_iter().filter_map(|(name, table)| target(name, table)).collect()
}

/// The keys whose values are shown where something is wrong with them. What stands at any other may be a secret in the
/// wrong place, and what is said of it ends up in the logs of whoever builds.
const SHOWN: [&str; 8] = ["branch", "domain", "keep", "kind", "path", "port", "prefix", "region"];

fn target(name: &str, table: Reader<'_>) -> Option<Target> {
    let (input, found) = (table.input, Problems::new());
    let ok = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(ok) {
        let path = [Step::Key("targets".into()), Step::Key(name.into())];
        let message = format!("`{name}` is no name of a target");
        let problem = Diagnostic::error(codes::BAD_VALUE, message).at(input.key_span(&path));
        input.problems.push(problem.hint("use letters, digits, - and _"));
    }
    let target = {
        let mut table = table;
        table.input.problems = &found;
        read_target(name, table)
    };
    for problem in found.into_vec() {
        let key = problem.message.split('`').nth(1).and_then(|key| key.rsplit('.').next());
        // What is missing is told at the name of the table.
        let shown = problem.code == codes::MISSING_KEY || key.is_some_and(|it| SHOWN.contains(&it));
        input.problems.push(Diagnostic { masked: !shown, ..problem });
    }
    target
}

fn read_target(name: &str, mut table: Reader<'_>) -> Option<Target> {
    let base_url = checked(&mut table, "base_url", "", |url| BaseUrl::parse(url).map(|_| ()));
    let keep = table.count("keep", 1).unwrap_or(KEEP);
    let kind = if table.has("kind") {
        table.word("kind", &KINDS, |word| KINDS.iter().copied().find(|kind| *kind == word))
    } else {
        table.required_text("kind");
        None
    };
    let host = match kind {
        Some("directory") => directory(&mut table),
        Some("s3") => s3(&mut table, "AWS", None),
        Some("gcs") => s3(&mut table, "GCS", Some("https://storage.googleapis.com")),
        Some("azure") => azure(&mut table),
        Some("ssh") => ssh(&mut table),
        Some("git") => git(&mut table),
        _ => None,
    };
    // Which other keys are right follows from the kind.
    if kind.is_some() {
        table.finish();
    }
    Some(Target { name: name.to_owned(), base_url, keep, host: host? })
}

/// A text that may be there and then has to be right.
fn checked(
    table: &mut Reader<'_>,
    key: &'static str,
    hint: &str,
    check: impl Fn(&str) -> Result<(), String>,
) -> Option<String> {
    let text = table.text(key)?;
    match check(&text) {
        Ok(()) => Some(text),
        Err(why) => {
            let problem = table.input.bad_value(&table.path(key), format!("`{key}` {why}"));
            table.input.problems.push(if hint.is_empty() { problem } else { problem.hint(hint) });
            None
        }
    }
}

/// A text that has to be there and right.
fn required(
    table: &mut Reader<'_>,
    key: &'static str,
    hint: &str,
    check: impl Fn(&str) -> Result<(), String>,
) -> Option<String> {
    if !table.has(key) {
        return table.required_text(key);
    }
    checked(table, key, hint, check)
}

fn is_path(path: &str) -> Result<(), String> {
    let bad = path.trim().is_empty() || path.contains(['\0', '\n']);
    if bad { Err("is the path of a folder".into()) } else { Ok(()) }
}

fn directory(table: &mut Reader<'_>) -> Option<Destination> {
    let hint = "a folder beside the site's is ../NAME";
    Some(Destination::Directory { path: required(table, "path", hint, is_path)? })
}

/// Whether a text is part of a name as stores have them.
fn is_name(name: &str) -> Result<(), String> {
    let ok = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'$');
    if !name.is_empty() && name.bytes().all(ok) { Ok(()) } else { Err("is a name in ASCII".into()) }
}

fn is_endpoint(url: &str) -> Result<(), String> {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let rest = local.iter().find_map(|start| url.strip_prefix(start));
    let is_local = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']));
    if url.contains('@') {
        return Err("holds a user or a password, which belong into the environment".into());
    }
    if is_local || url.starts_with("https://") {
        Ok(())
    } else {
        Err("starts with https://".into())
    }
}

/// The prefix of a bucket, with a slash at its end where there is one.
fn prefix(table: &mut Reader<'_>) -> String {
    let check = |text: &str| {
        let bad = |part: &str| matches!(part, "" | "." | "..") || part.contains(['\\', '\0', '\n']);
        if text.trim_matches('/').split('/').any(bad) {
            Err("is a path such as site/ar".into())
        } else {
            Ok(())
        }
    };
    let prefix = checked(table, "prefix", "leave it out for the whole bucket", check);
    prefix.map_or_else(String::new, |prefix| format!("{}/", prefix.trim_matches('/')))
}

/// What the names of credentials in the environment begin with.
fn credentials(table: &mut Reader<'_>, own: &str) -> String {
    let check = |name: &str| {
        let ok = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        if !name.is_empty() && name.bytes().all(ok) {
            return Ok(());
        }
        Err("is the beginning of names in the environment, and no credential".into())
    };
    let hint = "with \"BACKUP\" they are BACKUP_ACCESS_KEY_ID and BACKUP_SECRET_ACCESS_KEY";
    checked(table, "credentials", hint, check).unwrap_or_else(|| own.into())
}

fn s3(table: &mut Reader<'_>, own: &str, store: Option<&str>) -> Option<Destination> {
    let bucket = required(table, "bucket", "", is_name);
    let prefix = prefix(table);
    let credentials = credentials(table, own);
    let region = checked(table, "region", "such as eu-central-1", is_name);
    let endpoint = checked(table, "endpoint", "such as https://s3.example.org", is_endpoint);
    let region = region.unwrap_or_else(|| {
        if store.is_some() || endpoint.is_some() { "auto".into() } else { "us-east-1".into() }
    });
    let endpoint = endpoint.or_else(|| store.map(str::to_owned));
    let endpoint = endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
    Some(Destination::S3 { endpoint, bucket: bucket?, prefix, region, credentials })
}

fn azure(table: &mut Reader<'_>) -> Option<Destination> {
    let endpoint =
        checked(table, "endpoint", "such as https://ACCOUNT.blob.core.windows.net", is_endpoint);
    let account = if endpoint.is_some() {
        checked(table, "account", "", is_name)
    } else {
        required(table, "account", "", is_name)
    };
    let container = checked(table, "container", "", is_name).unwrap_or_else(|| "$web".into());
    let prefix = prefix(table);
    let credentials = credentials(table, "AZURE_STORAGE");
    let endpoint =
        endpoint.or_else(|| account.map(|name| format!("https://{name}.blob.core.windows.net")))?;
    Some(Destination::Azure { endpoint, container, prefix, credentials })
}

fn ssh(table: &mut Reader<'_>) -> Option<Destination> {
    let check_host = |host: &str| {
        let ok = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '@');
        let bad = host.is_empty() || host.starts_with(['-', '@']) || !host.chars().all(ok);
        if bad {
            Err("is a host as `ssh` knows it, such as web@example.org".into())
        } else {
            Ok(())
        }
    };
    // The path is part of a command on the server, and of an argument of rsync's.
    let check_path = |path: &str| {
        let ok = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '/' | '+');
        let bad = path.trim_matches('/').is_empty()
            || path.starts_with('-')
            || !path.chars().all(ok)
            || path.split('/').any(|part| part == "..");
        if bad { Err("is a path of letters, digits, - _ + . and /".into()) } else { Ok(()) }
    };
    let host =
        required(table, "host", "a port goes into `port`, or into ~/.ssh/config", check_host);
    let hint = "a path without a slash at its beginning is below the user's home";
    let path = required(table, "path", hint, check_path);
    let port = table.count("port", 1);
    let port = port.and_then(|port| {
        let small = u16::try_from(port).ok();
        if small.is_none() {
            let problem = table.input.bad_value(&table.path("port"), "`port` is at most 65535");
            table.input.problems.push(problem);
        }
        small
    });
    Some(Destination::Ssh { host: host?, path: path?.trim_end_matches('/').to_owned(), port })
}

fn git(table: &mut Reader<'_>) -> Option<Destination> {
    let check_remote = |remote: &str| {
        if remote.trim().is_empty() || remote.starts_with('-') || remote.contains(['\n', '\0']) {
            return Err("is the address of a repository".to_owned());
        }
        if let Some((scheme, rest)) = remote.split_once("://") {
            let authority = rest.split('/').next().unwrap_or_default();
            let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
            // With `https` a user is as a rule a token.
            if user.contains(':') || (scheme != "ssh" && !user.is_empty()) {
                return Err("holds a user or a password, which have no place in a file".to_owned());
            }
            let local = host.starts_with("[::1]")
                || matches!(host.split(':').next(), Some("localhost" | "127.0.0.1"));
            match scheme {
                "https" | "ssh" | "file" => {}
                "http" if local => {}
                _ => return Err("begins with https:// or ssh://, or is NAME@HOST:PATH".to_owned()),
            }
        }
        // `ext::` and the like run commands.
        if remote.split_once("::").is_some_and(|(name, _)| name.chars().all(char::is_alphanumeric))
        {
            return Err("may not name a helper of git's".to_owned());
        }
        Ok(())
    };
    let check_branch = |branch: &str| {
        let bad = branch.is_empty()
            || branch.starts_with(['-', '/', '.'])
            || branch.ends_with(['/', '.'])
            || branch.contains("..")
            || branch.contains([' ', '~', '^', ':', '?', '*', '[', '\\', '\n', '\0'])
            || branch.contains("//")
            || branch.contains("@{");
        if bad { Err("is no name of a branch".to_owned()) } else { Ok(()) }
    };
    let check_domain = |domain: &str| {
        let ok = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
        if !domain.is_empty() && domain.bytes().all(ok) {
            return Ok(());
        }
        Err("is a host name in ASCII (an Arabic one in Punycode: xn--…)".to_owned())
    };
    let hint = "such as git@github.com:NAME/NAME.git; git's own helpers know passwords";
    let remote = required(table, "remote", hint, check_remote);
    let has_branch = table.has("branch");
    let branch = checked(table, "branch", "", check_branch);
    let branch = if has_branch { branch } else { Some("gh-pages".into()) };
    let domain = checked(table, "domain", "", check_domain);
    Some(Destination::Git { remote: remote?, branch: branch?, domain })
}
