//! Requests to stores that are asked over HTTP.

use std::io::Read as _;
use std::time::Duration;

use ureq::Agent;
use ureq::http::{HeaderMap, Request};
use url::{Host, Url};

use super::Failure;

/// Says who asks.
const USER_AGENT: &str = concat!("dhikra/", env!("CARGO_PKG_VERSION"));

/// The most that is read of what a store answers: a list of a hundred thousand files has some 30 MB.
const MAX_ANSWER: u64 = 4 * 1024 * 1024 * 1024;

/// How long each part of a request may take.
const CONNECT: Duration = Duration::from_secs(15);
const ANSWER: Duration = Duration::from_secs(90);
const WHOLE: Duration = Duration::from_secs(300);

/// The slowest line that is waited for, in bytes a second.
const SLOWEST: u64 = 16 * 1024;

/// What a store answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// A header's value, where it is text.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name)?.to_str().ok().map(str::to_owned)
    }

    /// The text of the first element of a name in an answer in XML.
    pub(super) fn element(&self, name: &str) -> Option<String> {
        let text = std::str::from_utf8(&self.body).ok()?;
        let document = roxmltree::Document::parse(text.trim_start_matches('\u{FEFF}')).ok()?;
        let mut nodes = document.descendants();
        let node = nodes.find(|node| node.tag_name().name() == name)?;
        node.text().map(str::to_owned)
    }
}

/// Sends requests to one store.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
}

/// Whether a URL names this machine itself.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.to_canonical().is_loopback(),
        None => false,
    }
}

/// The address of a store: over TLS, unless it is this machine.
///
/// # Errors
/// Where it is none.
pub(super) fn endpoint(text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text)
        .map_err(|error| Failure::new(format!("«{text}» is no address of a store: {error}")))?;
    let is_plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !is_plain || !url.has_host() {
        return Err(Failure::new(
            "the address of a store has no user, password, query or fragment",
        ));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => {
            let what =
                format!("{text} would send what is deployed, and who may, over an open line");
            Err(Failure::new(what).hint("use https://"))
        }
    }
}

impl Client {
    /// A client for a store; the proxy that the environment names never reaches this machine.
    pub(super) fn new(endpoint: &Url) -> Self {
        let mut config = Agent::config_builder()
            .user_agent(USER_AGENT)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false);
        if is_loopback(endpoint) {
            config = config.proxy(None);
        }
        Self { agent: Agent::new_with_config(config.build()) }
    }

    /// Sends a request. `headers` hold what the library does not set by itself.
    pub(super) fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(String, String)],
        body: Option<&[u8]>,
    ) -> Result<Answer, Failure> {
        let mut builder = Request::builder().method(method).uri(url);
        for (name, value) in headers.iter().filter(|(name, _)| name != "host") {
            builder = builder.header(name, value);
        }
        let wrong =
            |error: ureq::http::Error| Failure::new(format!("a request has no form: {error}"));
        let length = body.map_or(0, |body| body.len() as u64);
        let limit = Some(WHOLE + Duration::from_secs(length / SLOWEST));
        let response = match body {
            Some(body) => {
                let request = builder.body(body).map_err(wrong)?;
                self.agent.run(self.agent.configure_request(request).timeout_global(limit).build())
            }
            None => {
                let request = builder.body(()).map_err(wrong)?;
                self.agent.run(self.agent.configure_request(request).timeout_global(limit).build())
            }
        };
        let response = response.map_err(|error| trouble(&error))?;
        let (parts, body) = response.into_parts();
        let mut answer =
            Answer { status: parts.status.as_u16(), headers: parts.headers, body: Vec::new() };
        let length = answer.header("content-length").and_then(|it| it.parse::<u64>().ok());
        body.into_reader().take(MAX_ANSWER).read_to_end(&mut answer.body).map_err(|error| {
            Failure::passing(format!("the answer of the store was cut: {error}"))
        })?;
        if method != "HEAD" && length.is_some_and(|length| length != answer.body.len() as u64) {
            return Err(Failure::passing("the answer of the store was cut"));
        }
        Ok(answer)
    }
}

fn trouble(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::HostNotFound => Failure::passing("there is no host of the store's name")
            .hint("look at `endpoint` in site.toml, and at the network"),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => {
            Failure::new(format!("no trusted connection to the store can be made: {error}"))
        }
        // So the TLS library reports what it cannot trust.
        ureq::Error::Io(io) if io.kind() == std::io::ErrorKind::InvalidData => {
            Failure::new(format!("no trusted connection to the store can be made: {io}"))
        }
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            Failure::new(format!("a request has no form: {error}"))
        }
        _ => Failure::passing(format!("the store cannot be reached: {error}")),
    }
}

/// Whether a status may be another one if it is asked again.
pub(super) fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 409 | 425 | 429 | 500 | 502 | 503 | 504)
}

/// What a store refused.
pub(super) fn refusal(answer: &Answer, doing: &str) -> Failure {
    let code = answer.element("Code").unwrap_or_default();
    let message = answer.element("Message").unwrap_or_default();
    let message = message.lines().next().unwrap_or_default();
    let said: String = format!("{code} {message}").trim().chars().take(300).collect();
    let said = if said.is_empty() { String::new() } else { format!(" ({said})") };
    let what = format!("the store answers {} to {doing}{said}", answer.status);
    let failure = Failure { passing: may_pass(answer.status), ..Failure::new(what) };
    match code.as_str() {
        "RequestTimeTooSkewed" => failure.hint("set the clock of this machine right"),
        "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "AuthenticationFailed"
        | "AuthorizationFailure" => failure.hint("look at the credentials in the environment"),
        "AccessDenied" | "AuthorizationPermissionMismatch" => {
            failure.hint("the credentials need the right to list, read, write and delete there")
        }
        "NoSuchBucket" | "ContainerNotFound" => {
            failure.hint("make the bucket first, and look at its name")
        }
        "PermanentRedirect" | "AuthorizationHeaderMalformed" | "TemporaryRedirect" => {
            failure.hint("look at `region` and `endpoint` in site.toml")
        }
        _ => failure,
    }
}

/// Keeps secrets out of what is told.
pub(super) fn redact(mut failure: Failure, secrets: &[&str]) -> Failure {
    let hide = |text: &str| {
        let secrets = secrets.iter().filter(|secret| secret.len() > 3);
        secrets.fold(text.to_owned(), |text, secret| text.replace(*secret, "•••"))
    };
    failure.what = hide(&failure.what);
    failure.hints = failure.hints.iter().map(|hint| hide(hint)).collect();
    failure
}

/// A text as part of a URL: everything but letters, digits and `-._~` is encoded, and `/` if that is wished.
pub(super) fn encode(text: &str, slash: bool) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            b'/' if !slash => encoded.push('/'),
            // Writing to a String cannot fail.
            _ => _ = write!(encoded, "%{byte:02X}"),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_line_is_for_this_machine_alone() {
        for good in ["https://s3.example.org", "http://127.0.0.1:9000", "http://localhost:1/"] {
            assert!(endpoint(good).is_ok(), "{good}");
        }
        for bad in [
            "http://s3.example.org",
            "https://user:word@s3.example.org",
            "ftp://x",
            "s3",
            "http://127.0.0.1.example.org",
            "https://x/?a=b",
        ] {
            assert!(endpoint(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn secrets_are_told_to_nobody() {
        let failure = Failure::new("denied for s3cr3t").hint("was s3cr3t right?");
        let told = redact(failure, &["s3cr3t", ""]);
        assert_eq!((told.what.as_str(), told.hints.len()), ("denied for •••", 1));
        assert!(!told.hints[0].contains("s3cr3t"));
    }
}
