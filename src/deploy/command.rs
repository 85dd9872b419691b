//! Programs of the user's that a deploy is done with: their keys, agents and settings are theirs.

use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use super::Failure;

/// What a program came to.
#[derive(Debug)]
pub(super) struct Output {
    /// Its exit code; none where a signal ended it.
    pub(super) code: Option<i32>,
    pub(super) stdout: Vec<u8>,
    /// What it said, without secrets.
    pub(super) said: String,
}

impl Output {
    /// What it wrote, as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).trim_end().to_owned()
    }
}

/// Runs a program to its end, with these bytes on its standard input.
pub(super) fn run(
    program: &str,
    arguments: &[OsString],
    variables: &[(&str, OsString)],
    input: &[u8],
) -> Result<Output, Failure> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => Failure::new(format!("the program `{program}` is not installed"))
            .hint(format!("install {program}, and make sure that it is found by its name")),
        _ => Failure::new(format!("`{program}` cannot be run: {error}")),
    };
    let mut command = Command::new(program);
    // Of a repository that the program may have been started in: from a hook, in a test.
    for name in
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"]
    {
        command.env_remove(name);
    }
    let mut child = command
        .args(arguments)
        .envs(variables.iter().map(|(name, value)| (*name, value.as_os_str())))
        // What programs say is looked at.
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // A program that ends early reads no more, which its exit code says better.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output()
    });
    let output = output.map_err(failed)?;
    let said = redact(&String::from_utf8_lossy(&output.stderr));
    Ok(Output { code: output.status.code(), stdout: output.stdout, said })
}

/// The last lines of what a program said, without what stands between `//` and `@` of a URL.
fn redact(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(6)..).unwrap_or_default();
    let hide = |line: &&str| {
        let mut parts = line.split("://");
        let mut hidden = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let host = part.find(['/', ' ', '\'', '"']).unwrap_or(part.len());
            let user = part.get(..host).and_then(|host| host.rfind('@')).map_or(0, |at| at + 1);
            hidden.push_str("://");
            hidden.push_str(part.get(user..).unwrap_or_default());
        }
        hidden
    };
    let text = last.iter().map(hide).collect::<Vec<_>>().join("; ");
    text.chars().take(600).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_say_holds_no_password() {
        let said =
            "fatal: unable to access 'https://me:s3cr3t@example.org/x.git/': no\n\nhint: a://b";
        let told = redact(said);
        assert_eq!(told, "fatal: unable to access 'https://example.org/x.git/': no; hint: a://b");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = run("dhikra-no-such-program", &[], &[], b"").unwrap_err();
        assert!(failure.what.contains("not installed") && failure.hints.len() == 1);
    }
}
