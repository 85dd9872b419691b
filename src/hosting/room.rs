//! How much the hosts take: how many files, how large each, how large all together.

use super::own::name;
use crate::config::Host;
use crate::diagnostic::{Diagnostic, Span, codes};

const MIB: u64 = 1024 * 1024;

/// What a host takes. What it says of no limit is none.
struct Room {
    host: Host,
    files: Option<usize>,
    /// The bytes of one file, and whether nothing at all is published with a larger one.
    file: Option<(u64, bool)>,
    /// The bytes of all files.
    site: Option<u64>,
    /// What can be done where there are more files.
    files_hint: &'static str,
    file_hint: &'static str,
}

const FEWER: &str =
    "`cards = false` or `linked_data = false` under [output] make fewer; paid plans take more";

const ROOMS: [Room; 3] = [
    Room {
        host: Host::Cloudflare,
        files: Some(20_000),
        file: Some((25 * MIB, true)),
        site: None,
        files_hint: FEWER,
        file_hint: "make it smaller, or link to it on a host for large files; with this one nothing is published",
    },
    Room {
        host: Host::Github,
        files: None,
        // What is published by an action and not by git may be larger.
        file: Some((100 * MIB, false)),
        site: Some(1024 * MIB),
        files_hint: FEWER,
        file_hint: "make it smaller, or link to it on a host for large files; git is refused with this one",
    },
    Room {
        host: Host::Gitlab,
        files: Some(200_000),
        file: None,
        // On gitlab.com; other instances have their own.
        site: Some(1024 * MIB),
        files_hint: "`cards = false` or `linked_data = false` under [output] make fewer",
        file_hint: "",
    },
];

/// A file of the site.
pub(super) struct File<'a> {
    pub(super) path: &'a str,
    /// Where it comes from, if it is a file as it is.
    pub(super) source: Option<Span>,
    pub(super) bytes: u64,
}

/// What does not fit; `packed` are the packed copies, how many and of how many bytes.
pub(super) fn check(hosts: &[Host], files: &[File<'_>], packed: (usize, u64)) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let count = files.len() + packed.0;
    let bytes = files.iter().map(|file| file.bytes).sum::<u64>() + packed.1;
    for room in ROOMS.iter().filter(|room| hosts.contains(&room.host)) {
        let name = name(room.host);
        if let Some(most) = room.files.filter(|most| count > *most) {
            let message = format!("{name} takes {most} files and the site has {count}");
            problems.push(Diagnostic::warning(codes::HOSTING, message).hint(room.files_hint));
        }
        for file in files {
            let Some((_, refuses)) = room.file.filter(|(most, _)| file.bytes > *most) else {
                continue;
            };
            problems.push(large(room, file, refuses));
        }
        if let Some(most) = room.site.filter(|most| bytes > *most) {
            let message =
                format!("{name} takes a site of {} and this one has {}", size(most), size(bytes));
            let largest = files.iter().max_by_key(|file| file.bytes).map_or("", |file| file.path);
            let hint = format!("the largest file is {largest}; put large files on another host");
            problems.push(Diagnostic::warning(codes::HOSTING, message).hint(hint));
        }
    }
    problems
}

fn large(room: &Room, file: &File<'_>, refuses: bool) -> Diagnostic {
    let most = room.file.map_or(0, |(most, _)| most);
    let message = format!(
        "{} has {}; {} takes no file of more than {}",
        file.path,
        size(file.bytes),
        name(room.host),
        size(most)
    );
    let problem = if refuses {
        Diagnostic::error(codes::HOSTING, message)
    } else {
        Diagnostic::warning(codes::HOSTING, message)
    };
    file.source.iter().cloned().fold(problem.hint(room.file_hint), Diagnostic::at)
}

/// Bytes in MiB, rounded up to a tenth, so that what is too large never looks as if it fitted.
fn size(bytes: u64) -> String {
    let tenths = (bytes * 10).div_ceil(MIB);
    match tenths % 10 {
        0 => format!("{} MiB", tenths / 10),
        tenth => format!("{}.{tenth} MiB", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_for_a_host_is_named() {
        let film = "static/film.mp4".into();
        let file = |bytes| File { path: "film.mp4", source: Some(Span::file(&film)), bytes };
        let said = |host, bytes, packed| {
            let problems = check(&[host], &[file(bytes)], packed);
            let said = problems.iter().map(|problem| {
                assert!(problem.hints.iter().all(|hint| !hint.is_empty()));
                format!("{}: {}", problem.severity.as_str(), problem.message)
            });
            said.collect::<Vec<_>>().join("\n")
        };
        assert_eq!(said(Host::Cloudflare, 25 * MIB, (19_999, 0)), "");
        assert_eq!(
            said(Host::Cloudflare, 25 * MIB + 1, (20_000, 0)),
            "warning: Cloudflare Pages takes 20000 files and the site has 20001\n\
             error: film.mp4 has 25.1 MiB; Cloudflare Pages takes no file of more than 25 MiB"
        );
        assert_eq!(said(Host::Github, 100 * MIB, (500_000, 924 * MIB)), "");
        assert_eq!(
            said(Host::Github, 101 * MIB, (0, 924 * MIB)),
            "warning: film.mp4 has 101 MiB; GitHub Pages takes no file of more than 100 MiB\n\
             warning: GitHub Pages takes a site of 1024 MiB and this one has 1025 MiB"
        );
        assert_eq!(
            said(Host::Gitlab, 1025 * MIB, (0, 0)),
            "warning: GitLab Pages takes a site of 1024 MiB and this one has 1025 MiB"
        );
        assert_eq!(said(Host::Netlify, 1025 * MIB, (500_000, 0)), "");
    }
}
