//! The names of headers that a site cannot set.

use crate::config::Host;
use crate::diagnostic::{Diagnostic, codes};

/// How an answer is carried (RFC 9110 §7.6.1 and §8, RFC 9112 §6). Only what sends it can know; an answer of which
/// another thing is said is cut off, waited for, or not understood.
const CARRIAGE: [&str; 10] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What hosts say themselves, and leave out where a site does.
const FILLED_IN: [&str; 6] = ["accept-ranges", "age", "allow", "date", "location", "server"];

/// What Netlify leaves out beside, and others take.
const NOT_FOR_NETLIFY: [&str; 2] = ["alt-svc", "set-cookie"];

/// What is wrong with a header that is set, or taken back.
pub(super) enum Fault {
    /// It is not written to any file.
    LeftOut(Diagnostic),
    /// It is written, and one host leaves it out.
    Ignored(Diagnostic),
}

/// What is wrong with a header by its name; none where a site may set it.
pub(super) fn fault(name: &str, is_set: bool, hosts: &[Host]) -> Option<Fault> {
    let is_of = |names: &[&str]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
    if is_of(&CARRIAGE) {
        let message =
            format!("`{name}` is for the host alone to say: set by hand, it breaks answers");
        return Some(Fault::LeftOut(Diagnostic::error(codes::HOSTING, message).hint("delete it")));
    }
    if is_set && is_of(&FILLED_IN) {
        let message = format!("hosts say `{name}` themselves, and leave out what a site says");
        let hint = if name.eq_ignore_ascii_case("location") {
            "write a redirect into static/_redirects"
        } else {
            "delete it"
        };
        return Some(Fault::LeftOut(Diagnostic::warning(codes::HOSTING, message).hint(hint)));
    }
    if is_set && hosts.contains(&Host::Netlify) && is_of(&NOT_FOR_NETLIFY) {
        let message = format!("Netlify may leave `{name}` out, or say something else");
        let problem = Diagnostic::warning(codes::HOSTING, message);
        return Some(Fault::Ignored(problem.hint("delete it if Netlify is where readers are")));
    }
    None
}

/// Whether every host takes a name for that of a header.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_answers_is_refused() {
        for name in ["Content-Length", "transfer-encoding", "Upgrade", "Trailer"] {
            for is_set in [true, false] {
                let Some(Fault::LeftOut(problem)) = fault(name, is_set, &[]) else {
                    panic!("{name}")
                };
                assert_eq!(problem.severity.as_str(), "error");
            }
        }
        let Some(Fault::LeftOut(problem)) = fault("Server", true, &[]) else { panic!() };
        assert_eq!(problem.severity.as_str(), "warning");
        assert!(fault("server", false, &[]).is_none());
        assert!(fault("Set-Cookie", true, &[Host::Caddy]).is_none());
        assert!(matches!(fault("Set-Cookie", true, &[Host::Netlify]), Some(Fault::Ignored(_))));
        assert!(fault("Content-Type", true, &[Host::Netlify]).is_none());
    }
}
