//! Scripts for a server's shell, and what they answer.

use super::sums::{self, Found};

/// The line that a script's own answer begins after: start-up files of a login shell may write before it.
const BEGIN: &str = "dhikra:begin";

/// The line that a long answer ends with, which tells it from one that was cut.
const END: &str = "dhikra:end";

/// What a script ends with where another deploy holds the lock.
pub(super) const HELD: i32 = 75;

/// What a script ends with where the lock is no longer that of whoever runs it.
pub(super) const TAKEN: i32 = 76;

/// A text as one word of a shell.
pub(super) fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A script as a command for a login shell, whichever that is. It ends at the first failure, and what it makes can
/// be read by a web server that runs as somebody else.
pub(super) fn command(body: &str) -> String {
    let script = format!("set -eu; umask 022; export LC_ALL=C; printf '\\n%s\\n' {BEGIN}; {body}");
    format!("exec sh -c {}", quote(&script))
}

/// What a script itself wrote.
pub(super) fn answer(written: &[u8]) -> Option<&[u8]> {
    let begin = format!("\n{BEGIN}\n");
    let at = memchr::memmem::find(written, begin.as_bytes())?;
    written.get(at + begin.len()..)
}

/// Sets `now` to the time at the server, which is one for all who deploy there; or to ours.
pub(super) fn clock(ours: u64) -> String {
    format!(
        "now=$(date +%s 2>/dev/null) || now=; case \"$now\" in ''|*[!0-9]*) now={ours};; esac; "
    )
}

/// What writes the state of the target, and with `deep` what is in the release that is served.
pub(super) fn look(folder: &str, deep: bool) -> String {
    let deep = if deep {
        format!(
            "id=$(readlink current 2>/dev/null) || id=; id=${{id##*/}}; if [ -n \"$id\" ]; then {}{}fi; ",
            show(".dhikra/releases/\"$id\".sha256"),
            contents("releases/\"$id\"", Some(".dhikra/releases/\"$id\".sha256"))
        )
    } else {
        String::new()
    };
    format!(
        "cd {folder} 2>/dev/null || {{ echo {END}; exit 0; }}; \
         if [ -e current ] && [ ! -L current ]; then echo foreign; echo {END}; exit 0; fi; \
         printf 'current %s\\n' \"$(readlink current 2>/dev/null || :)\"; \
         for f in .dhikra/releases/*.json; do {}done; {deep}echo {END}",
        show("\"$f\"")
    )
}

/// What writes a file, if there is one.
pub(super) fn show(file: &str) -> String {
    format!(
        "if [ -f {file} ]; then printf 'file %s %s\\n' \"$(wc -c < {file} | tr -d ' ')\" {file}; cat {file}; fi; "
    )
}

/// What writes which files are in a folder: with their SHA-256 hashes, where the server can make them and there is
/// something to compare them with (`with`); with their sizes otherwise. What cannot be read is left out.
pub(super) fn contents(folder: &str, with: Option<&str>) -> String {
    let with = with.map_or_else(String::new, |with| format!("[ -f {with} ] || tool=; "));
    format!(
        "tool=; if command -v sha256sum >/dev/null 2>&1; then tool=sha256sum; \
         elif command -v shasum >/dev/null 2>&1; then tool='shasum -a 256'; fi; {with}\
         if [ ! -d {folder} ]; then echo 'found gone'; \
         elif [ -n \"$tool\" ]; then echo 'found sums'; \
           (cd {folder} && find . -type f -exec $tool {{}} + 2>/dev/null) || :; \
         else echo 'found sizes'; (cd {folder} && find . -type f -exec wc -c {{}} + 2>/dev/null) || :; fi; "
    )
}

/// The end of an answer.
pub(super) fn end() -> String {
    format!("echo {END}")
}

/// What scripts tell of a target.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Where the link leads that says what is served.
    pub(super) link: String,
    /// Whether something else is in its place.
    pub(super) foreign: bool,
    /// Files by their names.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// What is in the folder that was asked for.
    pub(super) found: Found,
}

impl Told {
    /// What an answer says; none where it was cut.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let mut told = Self::default();
        loop {
            let first = line(&mut rest)?;
            if first == END {
                return Some(told);
            } else if first == "foreign" {
                told.foreign = true;
            } else if let Some(link) = first.strip_prefix("current ") {
                link.clone_into(&mut told.link);
            } else if let Some((size, name)) =
                first.strip_prefix("file ").and_then(|it| it.split_once(' '))
            {
                let (bytes, after) = rest.split_at_checked(size.parse().ok()?)?;
                told.files.push((name.to_owned(), bytes.to_owned()));
                rest = after;
            } else if let Some(what) = first.strip_prefix("found ") {
                let list = rest.strip_suffix(format!("{END}\n").as_bytes())?;
                told.found = Found::read(what, list);
                return Some(told);
            } else {
                return None;
            }
        }
    }

    /// The hashes that are written down of a release.
    pub(super) fn sums(&self, id: &str) -> sums::Sums {
        let name = sums::file(id);
        let found = self.files.iter().find(|(file, _)| *file == name);
        found.map_or_else(sums::Sums::new, |(_, bytes)| sums::read(bytes))
    }
}

/// Takes a line from the beginning of bytes.
fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let at = rest.iter().position(|byte| *byte == b'\n')?;
    let (line, after) = rest.split_at_checked(at)?;
    *rest = after.get(1..).unwrap_or_default();
    std::str::from_utf8(line).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_login_shell_writes_is_no_part_of_an_answer() {
        let written = b"Welcome!\ncurrent nowhere\n no line\ndhikra:begin\ncurrent releases/a\n";
        assert_eq!(answer(written), Some(&b"current releases/a\n"[..]));
        assert_eq!(answer(b"\ndhikra:begin\n"), Some(&b""[..]));
        assert_eq!(answer(b"This account is not available.\n"), None);
    }

    #[test]
    fn an_answer_that_was_cut_is_known() {
        let whole =
            b"current releases/a\nfile 3 .dhikra/x.json\n{}\nfound sizes\n 2 ./a b\ndhikra:end\n";
        let told = Told::read(whole).unwrap();
        assert_eq!(told.link, "releases/a");
        assert_eq!(told.files, [(".dhikra/x.json".to_owned(), b"{}\n".to_vec())]);
        assert_eq!(told.found, Found::read("sizes", b" 2 ./a b\n"));
        for end in 0..whole.len() {
            assert_eq!(Told::read(&whole[..end]), None, "{end}");
        }
    }

    #[test]
    fn words_of_a_shell_hold_anything() {
        assert_eq!(quote("a 'b' $c"), r"'a '\''b'\'' $c'");
    }
}
