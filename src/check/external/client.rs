//! One request to one server. This module alone uses the network.

use std::io::{self, Read};
use std::time::Duration;

use ureq::http::header::{DATE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER, SET_COOKIE};
use ureq::{Agent, Error};
use url::{Position, Url};

use super::address;
use super::ask::Job;
use super::wait;
use crate::text::percent;

/// Says who asks, and why.
const USER_AGENT: &str = concat!("dhikra/", env!("CARGO_PKG_VERSION"), " (link check)");

/// The most that is read of what an archive answers, in bytes.
const MAX_ANSWER: u64 = 64 * 1024;

/// What a server answered.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Where it sends on to; empty where that is not UTF-8.
    pub(super) location: Option<String>,
    /// How long it wants to be left alone.
    pub(super) retry_after: Option<Duration>,
    /// Whether it gave a cookie, and may want it back.
    pub(super) cookie: bool,
    /// The beginning of the body, where the job wants it.
    pub(super) body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There is no host of that name.
    NoHost,
    /// It took too long.
    Slow,
    /// Nothing listens there.
    Refused,
    /// The connection broke, or could not be made.
    Cut(String),
    /// No trusted connection can be made.
    Tls(String),
    /// What came is not HTTP.
    Garbled(String),
    /// The host was not asked, because of what it did before.
    LeftAlone(String),
}

/// Sends requests.
pub(super) struct Client {
    /// Through the proxy that the environment names, if any.
    outward: Agent,
    /// To this machine itself, which no proxy reaches.
    inward: Agent,
    now: u64,
}

impl Client {
    /// A client whose requests take no longer than a time.
    pub(super) fn new(timeout: Duration, now: u64) -> Self {
        let config = || {
            Agent::config_builder()
                .user_agent(USER_AGENT)
                .timeout_global(Some(timeout))
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
        };
        let outward = Agent::new_with_config(config().build());
        let inward = Agent::new_with_config(config().proxy(None).build());
        Self { outward, inward, now }
    }

    /// Asks what a job has to ask next.
    pub(super) fn ask(&self, job: &Job) -> Result<Answer, Trouble> {
        let agent = if address::is_loopback(&job.at) { &self.inward } else { &self.outward };
        let url = written(&job.at);
        let request = if job.get { agent.get(&url) } else { agent.head(&url) };
        let response = request.call().map_err(|error| trouble(&error))?;
        let headers = response.headers();
        let mut answer = Answer {
            status: response.status().as_u16(),
            location: text(headers, &LOCATION),
            retry_after: text(headers, &RETRY_AFTER)
                .and_then(|it| wait::asked_for(&it, text(headers, &DATE).as_deref(), self.now)),
            cookie: headers.contains_key(SET_COOKIE),
            body: Vec::new(),
        };
        if job.wants_body() {
            let mut body = response.into_body().into_reader().take(MAX_ANSWER);
            body.read_to_end(&mut answer.body).map_err(|error| trouble(&error.into()))?;
        }
        // Else the connection is closed on a body that nobody has read: that the server has begun
        // to send it is all that was asked.
        Ok(answer)
    }
}

/// A URL as it is sent: a few characters that browsers send as they are are encoded.
fn written(url: &Url) -> String {
    let path = &url[Position::BeforePath..Position::AfterQuery];
    format!("{}{}", &url[..Position::BeforePath], percent::encode_written(path))
}

/// A header's value; empty where it is not UTF-8.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.as_bytes();
    Some(std::str::from_utf8(value).unwrap_or_default().trim().to_owned())
}

fn trouble(error: &Error) -> Trouble {
    match error {
        Error::HostNotFound => Trouble::NoHost,
        Error::Timeout(_) => Trouble::Slow,
        Error::Io(error) => io_trouble(error),
        Error::ConnectionFailed | Error::ConnectProxyFailed(_) => Trouble::Cut(error.to_string()),
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) | Error::TlsRequired => {
            Trouble::Tls(error.to_string())
        }
        _ => Trouble::Garbled(error.to_string()),
    }
}

fn io_trouble(error: &io::Error) -> Trouble {
    let said = error.to_string();
    // The library hands on what the system's resolver says, which has no kind of its own: on Unix
    // a text that begins so, on Windows a number.
    let resolver = said.starts_with("failed to lookup address information");
    match (error.kind(), error.raw_os_error()) {
        (_, Some(11_001 | 11_004)) if cfg!(windows) => Trouble::NoHost,
        (io::ErrorKind::ConnectionRefused, _) => Trouble::Refused,
        (io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock, _) => Trouble::Slow,
        // So the TLS library reports what it cannot trust or read.
        (io::ErrorKind::InvalidData, _) => Trouble::Tls(said),
        // The resolver itself cannot be reached, or knows nothing for the moment.
        _ if resolver && (said.contains("emporary") || said.contains("Try again")) => {
            Trouble::Cut("its host cannot be looked up for the moment".to_owned())
        }
        _ if resolver => Trouble::NoHost,
        _ => Trouble::Cut(said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_host_is_not_an_unreachable_resolver() {
        let said = |detail: &str| {
            io_trouble(&io::Error::other(format!("failed to lookup address information: {detail}")))
        };
        for unknown in [
            "Name or service not known",
            "Name does not resolve",
            "No address associated with hostname",
            "nodename nor servname provided, or not known",
        ] {
            assert_eq!(said(unknown), Trouble::NoHost);
        }
        for passing in ["Temporary failure in name resolution", "Try again"] {
            assert!(matches!(said(passing), Trouble::Cut(_)));
        }
    }

    #[test]
    fn what_is_sent_is_a_uri() {
        for (url, sent) in [
            (
                "http://[::1]:8/a|b[c]^{d}?x=[1]|\\",
                "http://[::1]:8/a%7Cb%5Bc%5D%5E%7Bd%7D?x=%5B1%5D%7C%5C",
            ),
            ("https://example.org/ميناء#x", "https://example.org/%D9%85%D9%8A%D9%86%D8%A7%D8%A1"),
            ("http://example.org", "http://example.org/"),
            ("http://example.org/100%?%zz", "http://example.org/100%?%zz"),
        ] {
            let written = written(&Url::parse(url).unwrap());
            assert_eq!(written, sent);
            assert!(written.parse::<ureq::http::Uri>().is_ok(), "{written}");
        }
    }
}
