//! The addresses of links: which are asked, and what is the same one.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, ParseError, Url};

use super::Verdict;

/// The longest address that is followed, in bytes; browsers and servers stop earlier.
const MAX_LENGTH: usize = 8 * 1024;

/// Names of pages, without their extension, to which those are sent who have to log in first.
const LOGIN: &[&str] = &[
    "login",
    "log-in",
    "log_in",
    "signin",
    "sign-in",
    "sign_in",
    "signon",
    "logon",
    "wp-login",
    "servicelogin",
    "sso",
    "saml",
    "authwall",
    "oauth",
];

/// What a link leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A page of the web, without its fragment, and the fragment.
    Web { page: Url, fragment: Option<String> },
    /// What is no address, and why.
    Broken(String),
    /// What is not asked.
    Other,
}

impl Target {
    /// What a URL leads to, as an author wrote it. Arabic hosts become IDNA, Arabic paths UTF-8 in
    /// percent-encoding.
    pub(super) fn of(url: &str) -> Self {
        let url = url.trim();
        // What names no scheme is asked under the safer one.
        let whole = if url.starts_with("//") { format!("https:{url}") } else { url.to_owned() };
        let scheme = whole.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https") || scheme.len() == whole.len() {
            return Self::Other;
        }
        match Url::parse(&whole) {
            Ok(mut page) => {
                let fragment = page.fragment().map(str::to_owned);
                page.set_fragment(None);
                Self::Web { page, fragment }
            }
            Err(error) => Self::Broken(format!("is not a valid address: {error}")),
        }
    }

    /// What is known of the link.
    pub(super) fn verdict(&self, known: &BTreeMap<&Url, Option<Verdict>>) -> Verdict {
        match self {
            Self::Other => Verdict::Alive,
            Self::Broken(why) => Verdict::Dead { why: why.clone(), archived: None },
            Self::Web { page, fragment } => match known.get(page).cloned().flatten() {
                None => Verdict::Unsure("was not asked".to_owned()),
                Some(Verdict::Moved(to)) => match fragment {
                    Some(fragment) if !to.contains('#') => {
                        Verdict::Moved(format!("{to}#{fragment}"))
                    }
                    _ => Verdict::Moved(to),
                },
                Some(verdict) => verdict,
            },
        }
    }
}

/// Where a redirect leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Redirect {
    /// To a page of the web.
    To(Url),
    /// To nowhere, for anybody.
    Broken(String),
    /// To where this program does not follow.
    Closed(String),
}

impl Redirect {
    /// What a `Location` means on a page.
    pub(super) fn of(page: &Url, location: &str) -> Self {
        if location.len() > MAX_LENGTH {
            return Self::Broken(format!("redirects to an address of {} bytes", location.len()));
        }
        match page.join(location) {
            Err(ParseError::RelativeUrlWithoutBase) | Ok(_) if location.is_empty() => {
                Self::Broken("redirects to nowhere".to_owned())
            }
            Err(error) => Self::Broken(format!("redirects to no valid address: {error}")),
            Ok(to) if !matches!(to.scheme(), "http" | "https") => {
                Self::Closed(format!("redirects to an address of the scheme `{}:`", to.scheme()))
            }
            // A stranger's server must not send this machine to its neighbours.
            Ok(to) if is_inside(&to) && !is_inside(page) => {
                Self::Closed("redirects into this machine's own network".to_owned())
            }
            Ok(to) if is_login(&to) && !is_login(page) => Self::Closed("asks to log in".to_owned()),
            Ok(to) => Self::To(to),
        }
    }
}

/// The host that a request for a URL goes to; ports of one host share its patience.
pub(super) fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
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

/// Whether a URL names, by its number, a machine that only this network can reach.
fn is_inside(url: &Url) -> bool {
    let v4 = |ip: Ipv4Addr| ip.is_private() || ip.is_link_local() || ip.is_unspecified();
    let v6 =
        |ip: Ipv6Addr| ip.is_unicast_link_local() || ip.is_unique_local() || ip.is_unspecified();
    is_loopback(url)
        || match url.host() {
            Some(Host::Ipv4(ip)) => v4(ip),
            Some(Host::Ipv6(ip)) => match ip.to_canonical() {
                IpAddr::V4(ip) => v4(ip),
                IpAddr::V6(ip) => v6(ip),
            },
            _ => false,
        }
}

/// Whether a page looks like one to log in at.
fn is_login(url: &Url) -> bool {
    url.path_segments().into_iter().flatten().any(|part| {
        let name = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
        LOGIN.contains(&name.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(url: &str) -> Url {
        Url::parse(url).unwrap()
    }

    #[test]
    fn links_in_arabic_are_encoded() {
        let Target::Web { page, fragment } =
            Target::of(" HTTP://موقع.وزارة-الاتصالات.مصر/الميناء?س=١#قسم ")
        else {
            panic!("it is a page");
        };
        assert_eq!(page.host_str(), Some("xn--4gbrim.xn----ymcbaaajlc6dj7bxne2c.xn--wgbh1c"));
        assert_eq!(page.path(), "/%D8%A7%D9%84%D9%85%D9%8A%D9%86%D8%A7%D8%A1");
        assert_eq!(page.query(), Some("%D8%B3=%D9%A1"));
        assert_eq!(fragment.as_deref(), Some("%D9%82%D8%B3%D9%85"));
    }

    #[test]
    fn only_the_web_is_asked() {
        for other in ["mailto:a@b.c", "/about/", "tel:+1", "https", "", "ftp://x/", "data:,x", "#a"]
        {
            assert_eq!(Target::of(other), Target::Other, "{other}");
        }
        for broken in ["http://", "https://a b/", "http://[::1", "http://x:99999/"] {
            assert!(matches!(Target::of(broken), Target::Broken(_)), "{broken}");
        }
        assert!(
            matches!(Target::of("//example.org/x"), Target::Web { page, .. } if page.scheme() == "https")
        );
    }

    #[test]
    fn redirects_lead_where_they_may() {
        let from = page("https://example.org/a/b");
        let to = |location: &str| Redirect::of(&from, location);
        assert_eq!(to("../c"), Redirect::To(page("https://example.org/c")));
        assert_eq!(to("//other.example/"), Redirect::To(page("https://other.example/")));
        let closed = [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://127.0.0.1/",
            "http://localhost:8080/",
            "http://169.254.169.254/latest/",
            "http://[::ffff:10.0.0.1]/",
            "http://0x7f.1/",
            "http://[fe80::1]/",
            "/accounts/login?next=/a",
            "https://sso.example/wp-login.php",
        ];
        for location in closed {
            assert!(matches!(to(location), Redirect::Closed(_)), "{location}");
        }
        for location in ["", "http://", "https://exa mple.org/", &"x".repeat(9000)] {
            assert!(matches!(to(location), Redirect::Broken(_)), "{location}");
        }
        let own = page("http://127.0.0.1:1/");
        assert_eq!(Redirect::of(&own, "/x"), Redirect::To(page("http://127.0.0.1:1/x")));
        let login = page("https://example.org/login");
        assert!(matches!(Redirect::of(&login, "/login/"), Redirect::To(_)));
    }
}
