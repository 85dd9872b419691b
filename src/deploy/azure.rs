//! Containers of Azure Blob Storage, in the name of a shared access signature (SAS).

use std::collections::BTreeMap;

use url::Url;

use super::http::{self, Answer, Client, encode, refusal};
use super::store::{Page, Read};
use super::{Condition, Entry, Failure, Headers, Put, Store};

/// The version of the language that is spoken.
const VERSION: &str = "2021-12-02";

/// The name that a file's stamp is kept under.
const STAMP: &str = "x-ms-meta-dhikra";

/// Where a container is.
#[derive(Clone, Debug)]
pub struct Container {
    /// The address of the account, such as `https://ACCOUNT.blob.core.windows.net`.
    pub endpoint: String,
    /// The container's name; `$web` for the one that Azure serves as a site.
    pub name: String,
    /// The part of the container that the site is in: empty, or a path that ends in `/`.
    pub prefix: String,
}

/// A container that is asked over HTTP.
pub struct Azure {
    client: Client,
    /// The address of the container.
    base: String,
    prefix: String,
    /// The signature: parameters of a URL.
    sas: String,
}

impl std::fmt::Debug for Azure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Azure({})", self.base)
    }
}

impl Azure {
    /// The container, asked in the name of a signature.
    ///
    /// # Errors
    /// Where its address is none, or not safe.
    pub fn new(container: Container, sas: &str) -> Result<Self, Failure> {
        let url: Url = http::endpoint(&container.endpoint)?;
        let base = url.as_str().trim_end_matches('/');
        let base = format!("{base}/{}", encode(&container.name, true));
        let sas = sas.trim().trim_start_matches('?').to_owned();
        if sas.is_empty() || !sas.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'#' | b'"'))
        {
            return Err(Failure::new("the shared access signature has no form")
                .hint("it looks like sv=2021-12-02&ss=b&…&sig=…"));
        }
        Ok(Self { client: Client::new(&url), base, prefix: container.prefix, sas })
    }

    fn ask(
        &self,
        method: &str,
        (key, query): (Option<&str>, &str),
        mut headers: Vec<(String, String)>,
        body: Option<&[u8]>,
    ) -> Result<Answer, Failure> {
        headers.push(("x-ms-version".into(), VERSION.into()));
        let path = key.map_or_else(String::new, |key| {
            format!("/{}", encode(&format!("{}{key}", self.prefix), false))
        });
        let url = format!("{}{path}?{query}{}", self.base, self.sas);
        self.client.send(method, &url, &headers, body).map_err(|failure| self.redact(failure))
    }

    fn refuse(&self, answer: &Answer, doing: &str) -> Failure {
        self.redact(refusal(answer, doing))
    }

    fn redact(&self, failure: Failure) -> Failure {
        let signature = self.sas.split('&').find_map(|part| part.strip_prefix("sig="));
        http::redact(failure, &[&self.sas, signature.unwrap_or_default()])
    }
}

/// The version of a file that an answer tells, as lists have it: without quotation marks.
fn version(answer: &Answer) -> Option<String> {
    let tag = answer.header("etag")?;
    let tag = tag.trim().trim_matches('"');
    (!tag.is_empty()).then(|| tag.to_owned())
}

/// Whether there is no such file, in a container that is there.
fn is_absent(answer: &Answer) -> bool {
    let code = answer.header("x-ms-error-code").or_else(|| answer.element("Code"));
    answer.status == 404 && code.is_none_or(|code| code != "ContainerNotFound")
}

/// The files of a page of a list below a prefix, and where the next page begins.
fn parse_page(body: &[u8], prefix: &str) -> Result<Page, Failure> {
    let bad = |why: &str| Failure::new(format!("the store's list of files cannot be read: {why}"));
    let text = std::str::from_utf8(body).map_err(|_| bad("it is not UTF-8"))?;
    let document = roxmltree::Document::parse(text.trim_start_matches('\u{FEFF}'))
        .map_err(|error| bad(&error.to_string()))?;
    let root = document.root_element().tag_name().name();
    if root != "EnumerationResults" {
        return Err(bad(&format!("it is a `{root}`"))
            .hint("look at `endpoint` and `container` in site.toml"));
    }
    let mut files = Vec::new();
    for node in document.descendants().filter(|node| node.tag_name().name() == "Blob") {
        let find = |name: &str| {
            let found = node.descendants().find(|child| child.tag_name().name() == name)?;
            Some((found, found.text().unwrap_or_default().to_owned()))
        };
        let (element, name) = find("Name").ok_or_else(|| bad("a file has no name"))?;
        let name = if element.attribute("Encoded") == Some("true") {
            crate::text::percent::decode(&name).ok_or_else(|| bad("a name is not UTF-8"))?
        } else {
            name
        };
        let size = find("Content-Length").and_then(|(_, size)| size.trim().parse().ok());
        let size = size.ok_or_else(|| bad("a file has no size"))?;
        let version = find("Etag").map(|(_, tag)| tag.trim_matches('"').to_owned());
        let Some(key) = name.strip_prefix(prefix).filter(|key| !key.is_empty()) else { continue };
        files.push((key.to_owned(), Entry { size, version, hash: None }));
    }
    let mut nodes = document.descendants();
    let next = nodes.find(|node| node.tag_name().name() == "NextMarker");
    let next = next.and_then(|node| node.text()).map(str::trim).filter(|text| !text.is_empty());
    Ok((files, next.map(str::to_owned)))
}

impl Store for Azure {
    fn list(&self) -> Result<BTreeMap<String, Entry>, Failure> {
        let mut all = BTreeMap::new();
        let mut marker: Option<String> = None;
        loop {
            let from = marker
                .as_ref()
                .map_or_else(String::new, |marker| format!("marker={}&", encode(marker, true)));
            let prefix = encode(&self.prefix, true);
            let query = format!("restype=container&comp=list&{from}prefix={prefix}&");
            let answer = self.ask("GET", (None, &query), Vec::new(), None)?;
            if answer.status != 200 {
                return Err(self.refuse(&answer, "listing the container"));
            }
            let (files, next) = parse_page(&answer.body, &self.prefix)?;
            all.extend(files);
            if next.is_none() {
                return Ok(all);
            }
            if next == marker {
                return Err(Failure::new("the store's list of files does not come to its end"));
            }
            marker = next;
        }
    }

    fn get(&self, key: &str) -> Result<Option<Read>, Failure> {
        let answer = self.ask("GET", (Some(key), ""), Vec::new(), None)?;
        match answer.status {
            200 => {
                let version = version(&answer);
                Ok(Some((answer.body, version)))
            }
            _ if is_absent(&answer) => Ok(None),
            _ => Err(self.refuse(&answer, &format!("reading `{key}`"))),
        }
    }

    fn put(
        &self,
        key: &str,
        bytes: &[u8],
        headers: &Headers,
        stamp: &str,
        condition: Condition<'_>,
    ) -> Result<Put, Failure> {
        let mut all = vec![
            ("x-ms-blob-type".to_owned(), "BlockBlob".to_owned()),
            ("x-ms-blob-content-type".into(), headers.content_type.clone()),
            ("x-ms-blob-cache-control".into(), headers.cache_control.clone()),
        ];
        if let Some(encoding) = &headers.content_encoding {
            all.push(("x-ms-blob-content-encoding".into(), encoding.clone()));
        }
        if !stamp.is_empty() {
            all.push((STAMP.into(), stamp.to_owned()));
        }
        match condition {
            Condition::Always => {}
            Condition::Absent => all.push(("if-none-match".into(), "*".into())),
            Condition::Version(version) => all.push(("if-match".into(), format!("\"{version}\""))),
        }
        let answer = self.ask("PUT", (Some(key), ""), all, Some(bytes))?;
        match answer.status {
            200 | 201 => Ok(Put::Done(version(&answer))),
            409 | 412 if condition != Condition::Always => Ok(Put::Refused),
            _ => Err(self.refuse(&answer, &format!("putting `{key}`"))),
        }
    }

    /// Through this machine: a copy by the store would keep the old headers.
    fn copy(
        &self,
        (from, wanted): (&str, Option<&str>),
        to: &str,
        headers: &Headers,
        stamp: &str,
    ) -> Result<Put, Failure> {
        match self.get(from)? {
            Some((bytes, found)) if wanted.is_none() || found.as_deref() == wanted => {
                self.put(to, &bytes, headers, stamp, Condition::Always)
            }
            _ => Ok(Put::Refused),
        }
    }

    fn delete(&self, key: &str) -> Result<(), Failure> {
        let answer = self.ask("DELETE", (Some(key), ""), Vec::new(), None)?;
        match answer.status {
            200 | 202 => Ok(()),
            _ if is_absent(&answer) => Ok(()),
            _ => Err(self.refuse(&answer, &format!("deleting `{key}`"))),
        }
    }

    fn stamp(&self, key: &str) -> Result<Option<String>, Failure> {
        let answer = self.ask("HEAD", (Some(key), ""), Vec::new(), None)?;
        match answer.status {
            200 => Ok(answer.header(STAMP)),
            _ if is_absent(&answer) => Ok(None),
            _ => Err(self.refuse(&answer, &format!("looking at `{key}`"))),
        }
    }

    fn keeps_headers(&self) -> bool {
        true
    }

    fn has_folders(&self) -> bool {
        false
    }

    fn serves_packed(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        let page = "<?xml version=\"1.0\"?><EnumerationResults><Blobs><Blob><Name>s/ميناء/a b.html</Name>\
            <Properties><Etag>0x1</Etag><Content-Length>7</Content-Length></Properties></Blob></Blobs>\
            <NextMarker>2!x</NextMarker></EnumerationResults>";
        let (files, next) = parse_page(page.as_bytes(), "s/").unwrap();
        let entry = Entry { size: 7, version: Some("0x1".into()), hash: None };
        assert_eq!(files, [("ميناء/a b.html".to_owned(), entry)]);
        assert_eq!(next.as_deref(), Some("2!x"));
        let broken = b"<EnumerationResults><Blob/></EnumerationResults>";
        assert!(parse_page(broken, "").is_err() && parse_page(b"<html/>", "").is_err());
    }

    #[test]
    fn a_signature_is_told_to_nobody() {
        let container = Container {
            endpoint: "https://x.blob.core.windows.net".into(),
            name: "$web".into(),
            prefix: String::new(),
        };
        let azure = Azure::new(container.clone(), "?sv=1&sig=s3cr3t%3D").unwrap();
        assert!(!format!("{azure:?}").contains("s3cr3t") && azure.base.ends_with("/%24web"));
        let told = azure.redact(Failure::new("http://x/?sv=1&sig=s3cr3t%3D was refused"));
        assert!(!told.what.contains("s3cr3t"), "{told:?}");
        assert!(Azure::new(container, " ").is_err());
    }
}
