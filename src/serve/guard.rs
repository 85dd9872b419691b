//! Who may ask: pages that this server itself served, on the machine it was meant for.
//!
//! A draft is nobody's business, so that any web page that the editor happens to visit must not be able to
//! read it. `Host` is checked against DNS rebinding (a foreign name that resolves to this machine), `Origin`
//! and Fetch Metadata (<https://www.w3.org/TR/fetch-metadata/>) against requests from foreign pages. No answer
//! ever carries a CORS header.

use std::net::IpAddr;

use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, ORIGIN};
use hyper::http::uri::Authority;
use hyper::{Method, StatusCode, Uri};

/// Which hosts this server answers as.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// The name it was told to listen on, where that is no IP address.
    name: Option<String>,
    /// Whether it listens on this machine alone.
    loopback: bool,
}

/// Why a request is refused.
pub(super) type Refusal = (StatusCode, &'static str);

impl Guard {
    /// A guard for a server that was told to listen on `host`.
    pub(super) fn new(host: &str, loopback: bool) -> Self {
        let name = host.parse::<IpAddr>().is_err().then(|| host.to_ascii_lowercase());
        Self { name, loopback }
    }

    /// Checks who asks.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn check(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<(), Refusal> {
        let mut hosts = headers.get_all(HOST).iter();
        let host = hosts.next().and_then(|host| host.to_str().ok()).unwrap_or_default();
        if host.is_empty() || hosts.next().is_some() {
            return Err((StatusCode::BAD_REQUEST, "one Host is needed"));
        }
        if !self.is_own(host) || uri.authority().is_some_and(|own| !self.is_own(own.as_str())) {
            return Err((
                StatusCode::FORBIDDEN,
                "this preview answers only as the host that it listens on; name another with --host",
            ));
        }
        let acts = *method == Method::POST;
        let mut origins = headers.get_all(ORIGIN).iter();
        match origins.next() {
            Some(origin) if !is_origin_of(origin.as_bytes(), host) || origins.next().is_some() => {
                return Err((StatusCode::FORBIDDEN, "this request comes from another site"));
            }
            None if acts => return Err((StatusCode::FORBIDDEN, "an Origin is needed")),
            _ => {}
        }
        if is_foreign_fetch(headers) {
            return Err((StatusCode::FORBIDDEN, "this request comes from another site"));
        }
        let json =
            |value: &hyper::header::HeaderValue| value.as_bytes().starts_with(b"application/json");
        if acts && !headers.get(CONTENT_TYPE).is_some_and(json) {
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "JSON is needed"));
        }
        Ok(())
    }

    /// Whether a `Host` is one that nobody else can have: an address, or a name of this machine.
    fn is_own(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else { return false };
        // A user part is no part of Host (RFC 9110 §7.2).
        if host.contains('@') {
            return false;
        }
        let name = authority.host().to_ascii_lowercase();
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            // A name can be made to lead here, an address cannot.
            return !self.loopback || address.is_loopback();
        }
        name == "localhost" || self.name.as_deref() == Some(&*name)
    }
}

fn is_origin_of(origin: &[u8], host: &str) -> bool {
    let Ok(origin) = std::str::from_utf8(origin) else { return false };
    // Behind a proxy that speaks HTTPS the scheme is another; the host is what tells pages apart.
    ["http://", "https://"]
        .iter()
        .any(|scheme| origin.strip_prefix(scheme).is_some_and(|own| own.eq_ignore_ascii_case(host)))
}

/// Whether a foreign page asks for something to use in itself. A link that leads here may be followed.
fn is_foreign_fetch(headers: &HeaderMap) -> bool {
    let value = |name: &str| headers.get(name).map_or(&b""[..], |value| value.as_bytes());
    let foreign = matches!(value("sec-fetch-site"), b"cross-site" | b"same-site");
    let followed = value("sec-fetch-mode") == b"navigate" && value("sec-fetch-dest") == b"document";
    foreign && !followed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(guard: &Guard, method: Method, headers: &[(&'static str, &str)]) -> u16 {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("a value"));
        }
        match guard.check(&method, &Uri::from_static("/"), &map) {
            Ok(()) => 200,
            Err((status, _)) => status.as_u16(),
        }
    }

    #[test]
    fn only_own_hosts_are_answered() {
        let guard = Guard::new("127.0.0.1", true);
        for host in ["localhost", "LOCALHOST:8000", "127.0.0.1:1951", "[::1]:1951", "127.0.0.2"] {
            assert_eq!(ask(&guard, Method::GET, &[("host", host)]), 200, "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "192.168.1.9", "x@localhost", "a b"]
        {
            assert_ne!(ask(&guard, Method::GET, &[("host", host)]), 200, "{host}");
        }
        assert_eq!(ask(&guard, Method::GET, &[]), 400);
        assert_eq!(ask(&guard, Method::GET, &[("host", "localhost"), ("host", "evil")]), 400);
        let open = Guard::new("desk.example", false);
        for host in ["desk.example", "192.168.1.9:80", "localhost"] {
            assert_eq!(ask(&open, Method::GET, &[("host", host)]), 200, "{host}");
        }
        assert_eq!(ask(&open, Method::GET, &[("host", "evil.example")]), 403);
    }

    #[test]
    fn foreign_pages_read_nothing() {
        let guard = Guard::new("127.0.0.1", true);
        let host = ("host", "localhost:1951");
        let get =
            |more: &[(&'static str, &str)]| ask(&guard, Method::GET, &[&[host], more].concat());
        assert_eq!(get(&[("origin", "http://localhost:1951")]), 200);
        for origin in
            ["http://localhost:3000", "http://evil.example", "null", "http://127.0.0.1:1951"]
        {
            assert_eq!(get(&[("origin", origin)]), 403, "{origin}");
        }
        assert_eq!(get(&[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")]), 200);
        assert_eq!(get(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")]), 403);
        assert_eq!(get(&[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "cors")]), 403);
        let follow = [("sec-fetch-mode", "navigate"), ("sec-fetch-site", "cross-site")];
        assert_eq!(get(&[follow[0], follow[1], ("sec-fetch-dest", "document")]), 200);
        assert_eq!(get(&[follow[0], follow[1], ("sec-fetch-dest", "iframe")]), 403);
    }

    #[test]
    fn to_act_takes_an_origin_and_json() {
        let guard = Guard::new("127.0.0.1", true);
        let (host, json) = (("host", "localhost"), ("content-type", "application/json"));
        let origin = ("origin", "http://localhost");
        assert_eq!(ask(&guard, Method::POST, &[host, origin, json]), 200);
        assert_eq!(ask(&guard, Method::POST, &[host, json]), 403);
        assert_eq!(ask(&guard, Method::POST, &[host, ("origin", "null"), json]), 403);
        assert_eq!(ask(&guard, Method::POST, &[host, origin, ("content-type", "text/plain")]), 415);
    }
}
