//! Buckets of Amazon S3 and of all who speak its language: Cloudflare R2, Backblaze, Google Cloud Storage with
//! HMAC keys, Garage, Ceph …
//!
//! Every body is sent with its SHA-256, which the store compares. A file's stamp is kept with it, so that an
//! interrupted deploy is continued without sending anything twice.

mod sign;

use std::collections::BTreeMap;

use url::Url;

use super::http::{self, Answer, Client, encode, refusal};
use super::store::{Page, Read};
use super::{Condition, Entry, Failure, Headers, Put, Store};
use crate::text::percent;

pub use sign::Credentials;

/// The name that a file's stamp is kept under.
const STAMP: &str = "x-amz-meta-dhikra";

/// Where a bucket is.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// The address of the store.
    pub endpoint: String,
    /// The bucket's name.
    pub name: String,
    /// The part of the bucket that the site is in: empty, or a path that ends in `/`.
    pub prefix: String,
    /// Where it is, in the words of the store.
    pub region: String,
}

/// A bucket that is asked over HTTP.
#[derive(Debug)]
pub struct S3 {
    client: Client,
    credentials: Credentials,
    bucket: Bucket,
    /// The scheme and host, without a slash at the end.
    origin: String,
    host: String,
    /// The path of the bucket on its host: `/name/`, or `/` where the host is the bucket's.
    base: String,
    now: fn() -> u64,
}

impl S3 {
    /// The bucket, asked in the name of these credentials.
    ///
    /// # Errors
    /// Where its address is none, or not safe.
    pub fn new(
        bucket: Bucket,
        credentials: Credentials,
        now: fn() -> u64,
    ) -> Result<Self, Failure> {
        let url = http::endpoint(&bucket.endpoint)?;
        let host = authority(&url);
        let path = url.path().trim_end_matches('/');
        // Amazon gives every bucket a host, whose certificate is for names without dots.
        let own_host = host.ends_with(".amazonaws.com") && !bucket.name.contains('.');
        let host = if own_host { format!("{}.{host}", bucket.name) } else { host };
        let base = if own_host {
            format!("{path}/")
        } else {
            format!("{path}/{}/", encode(&bucket.name, true))
        };
        let origin = format!("{}://{host}", url.scheme());
        Ok(Self { client: Client::new(&url), credentials, bucket, origin, host, base, now })
    }

    /// The path of a key, encoded.
    fn path(&self, key: &str) -> String {
        format!("{}{}", self.base, encode(&format!("{}{key}", self.bucket.prefix), false))
    }

    fn ask(
        &self,
        method: &str,
        (path, query): (&str, &str),
        headers: Vec<(String, String)>,
        body: Option<&[u8]>,
    ) -> Result<Answer, Failure> {
        let payload = sign::sha256(body.unwrap_or_default());
        let mut all = headers;
        all.push(("host".into(), self.host.clone()));
        let request = sign::Request { method, path, query, headers: all, payload: &payload };
        let signed = request.sign(&self.credentials, &self.bucket.region, &time((self.now)()));
        let mark = if query.is_empty() { "" } else { "?" };
        let url = format!("{}{path}{mark}{query}", self.origin);
        self.client.send(method, &url, &signed, body).map_err(|failure| self.redact(failure))
    }

    fn refuse(&self, answer: &Answer, doing: &str) -> Failure {
        self.redact(refusal(answer, doing))
    }

    fn redact(&self, failure: Failure) -> Failure {
        let token = self.credentials.token.as_deref().unwrap_or_default();
        http::redact(failure, &[&self.credentials.secret, token, &self.credentials.id])
    }

    fn page(&self, token: Option<&str>) -> Result<Page, Failure> {
        let token = token.map_or_else(String::new, |token| {
            format!("continuation-token={}&", encode(token, true))
        });
        let prefix = encode(&self.bucket.prefix, true);
        let query = format!("{token}encoding-type=url&list-type=2&max-keys=1000&prefix={prefix}");
        let base = self.base.trim_end_matches('/');
        let path = if base.is_empty() { "/" } else { base };
        let answer = self.ask("GET", (path, &query), Vec::new(), None)?;
        if answer.status != 200 {
            return Err(self.refuse(&answer, "listing the bucket"));
        }
        parse_page(&answer.body, &self.bucket.prefix)
    }
}

/// The host with its port, as a request names it.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A version as it is compared: without the quotation marks, which not every answer has.
fn version(tag: &str) -> Option<String> {
    let tag = tag.trim().trim_matches('"');
    (!tag.is_empty()).then(|| tag.to_owned())
}

/// `20130524T000000Z` for a time in seconds since 1970.
fn time(seconds: u64) -> String {
    format!("{}Z", super::manifest::stamp_of_time(seconds).replace('-', "T"))
}

/// The files of a page of a list below a prefix, and where the next page begins.
fn parse_page(body: &[u8], prefix: &str) -> Result<Page, Failure> {
    let bad = |why: &str| Failure::new(format!("the store's list of files cannot be read: {why}"));
    let text = std::str::from_utf8(body).map_err(|_| bad("it is not UTF-8"))?;
    let document = roxmltree::Document::parse(text.trim_start_matches('\u{FEFF}'))
        .map_err(|error| bad(&error.to_string()))?;
    let root = document.root_element();
    if root.tag_name().name() != "ListBucketResult" {
        return Err(bad(&format!("it is a `{}`", root.tag_name().name()))
            .hint("look at `endpoint` and `bucket` in site.toml"));
    }
    let child = |node: roxmltree::Node<'_, '_>, name: &str| {
        let found = node.children().find(|child| child.tag_name().name() == name)?;
        Some(found.text().unwrap_or_default().to_owned())
    };
    let encoded = child(root, "EncodingType").is_some_and(|it| it == "url");
    let mut files = Vec::new();
    for node in root.children().filter(|node| node.tag_name().name() == "Contents") {
        let key = child(node, "Key").ok_or_else(|| bad("a file has no key"))?;
        let key = if encoded {
            percent::decode(&key.replace('+', " ")).ok_or_else(|| bad("a key is not UTF-8"))?
        } else {
            key
        };
        let size = child(node, "Size").and_then(|size| size.trim().parse().ok());
        let size = size.ok_or_else(|| bad("a file has no size"))?;
        let version = child(node, "ETag").and_then(|tag| version(&tag));
        // A folder of some consoles is a file whose name ends in a slash.
        let Some(key) = key.strip_prefix(prefix).filter(|key| !key.is_empty()) else { continue };
        files.push((key.to_owned(), Entry { size, version, hash: None }));
    }
    let truncated = child(root, "IsTruncated").is_some_and(|it| it.trim() == "true");
    let next = child(root, "NextContinuationToken").filter(|token| !token.is_empty());
    match (truncated, next) {
        (false, _) => Ok((files, None)),
        (true, Some(next)) => Ok((files, Some(next))),
        (true, None) => Err(bad("it is cut, and does not say where it goes on")),
    }
}

/// The headers that a file is put with.
fn stored(headers: &Headers, stamp: &str) -> Vec<(String, String)> {
    let mut all = vec![
        ("content-type".to_owned(), headers.content_type.clone()),
        ("cache-control".to_owned(), headers.cache_control.clone()),
    ];
    if let Some(encoding) = &headers.content_encoding {
        all.push(("content-encoding".into(), encoding.clone()));
    }
    if !stamp.is_empty() {
        all.push((STAMP.into(), stamp.to_owned()));
    }
    all
}

impl Store for S3 {
    fn list(&self) -> Result<BTreeMap<String, Entry>, Failure> {
        let mut all = BTreeMap::new();
        let mut token = None;
        loop {
            let (files, next) = self.page(token.as_deref())?;
            all.extend(files);
            if next.is_none() {
                return Ok(all);
            }
            if next == token {
                return Err(Failure::new("the store's list of files does not come to its end"));
            }
            token = next;
        }
    }

    fn get(&self, key: &str) -> Result<Option<Read>, Failure> {
        let answer = self.ask("GET", (&self.path(key), ""), Vec::new(), None)?;
        match answer.status {
            200 => {
                let version = answer.header("etag").and_then(|tag| version(&tag));
                Ok(Some((answer.body, version)))
            }
            404 if answer.element("Code").is_none_or(|code| code != "NoSuchBucket") => Ok(None),
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
        let mut all = stored(headers, stamp);
        match condition {
            Condition::Always => {}
            Condition::Absent => all.push(("if-none-match".into(), "*".into())),
            Condition::Version(version) => all.push(("if-match".into(), format!("\"{version}\""))),
        }
        let answer = self.ask("PUT", (&self.path(key), ""), all, Some(bytes))?;
        match answer.status {
            200 | 201 | 204 => Ok(Put::Done(answer.header("etag").and_then(|tag| version(&tag)))),
            412 if condition != Condition::Always => Ok(Put::Refused),
            // A store that says that it knows no conditions.
            501 if condition != Condition::Always => {
                self.put(key, bytes, headers, stamp, Condition::Always)
            }
            _ => Err(self.refuse(&answer, &format!("putting `{key}`"))),
        }
    }

    fn copy(
        &self,
        (from, wanted): (&str, Option<&str>),
        to: &str,
        headers: &Headers,
        stamp: &str,
    ) -> Result<Put, Failure> {
        let mut all = stored(headers, stamp);
        let name = encode(&self.bucket.name, true);
        let source = encode(&format!("{}{from}", self.bucket.prefix), false);
        all.push(("x-amz-copy-source".into(), format!("/{name}/{source}")));
        all.push(("x-amz-metadata-directive".into(), "REPLACE".into()));
        if let Some(wanted) = wanted {
            all.push(("x-amz-copy-source-if-match".into(), format!("\"{wanted}\"")));
        }
        let answer = self.ask("PUT", (&self.path(to), ""), all, Some(&[]))?;
        let code = answer.element("Code");
        match answer.status {
            // A copy that fails after it began is said to have been a success.
            200 if code.is_some() => Err(Failure {
                passing: true,
                ..self.refuse(&answer, &format!("copying `{from}` to `{to}`"))
            }),
            200 => Ok(Put::Done(answer.element("ETag").and_then(|tag| version(&tag)))),
            404 if code.is_none_or(|code| code != "NoSuchBucket") => Ok(Put::Refused),
            412 if wanted.is_some() => Ok(Put::Refused),
            _ => Err(self.refuse(&answer, &format!("copying `{from}` to `{to}`"))),
        }
    }

    fn delete(&self, key: &str) -> Result<(), Failure> {
        let answer = self.ask("DELETE", (&self.path(key), ""), Vec::new(), None)?;
        match answer.status {
            200 | 202 | 204 => Ok(()),
            404 if answer.element("Code").is_none_or(|code| code != "NoSuchBucket") => Ok(()),
            _ => Err(self.refuse(&answer, &format!("deleting `{key}`"))),
        }
    }

    fn stamp(&self, key: &str) -> Result<Option<String>, Failure> {
        let answer = self.ask("HEAD", (&self.path(key), ""), Vec::new(), None)?;
        match answer.status {
            200 => Ok(answer.header(STAMP)),
            404 => Ok(None),
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
    fn lists_are_read_with_encoded_keys() {
        let page = "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\"><EncodingType>url</EncodingType>\
            <IsTruncated>true</IsTruncated><NextContinuationToken>a/b=</NextContinuationToken>\
            <Contents><Key>s/%D9%85%D9%8A%D9%86%D8%A7%D8%A1/a+b%2B.html</Key><Size>7</Size><ETag>\"x\"</ETag></Contents>\
            <Contents><Key>s/</Key><Size>0</Size></Contents></ListBucketResult>";
        let (files, next) = parse_page(page.as_bytes(), "s/").unwrap();
        assert_eq!(next.as_deref(), Some("a/b="));
        let entry = Entry { size: 7, version: Some("x".into()), hash: None };
        assert_eq!(files, [("ميناء/a b+.html".to_owned(), entry)]);
        let list = |inside: &str| format!("<ListBucketResult>{inside}</ListBucketResult>");
        let cut = list("<IsTruncated>true</IsTruncated>");
        for bad in ["", "<a", "<html/>", &list("<Contents/>"), &cut] {
            assert!(parse_page(bad.as_bytes(), "").is_err(), "{bad}");
        }
    }

    #[test]
    fn a_bucket_is_at_its_host_or_its_path() {
        let credentials = Credentials { id: "a".into(), secret: "b".into(), token: None };
        let at = |endpoint: &str, name: &str| {
            let (name, prefix) = (name.to_owned(), "site/".to_owned());
            let bucket = Bucket { endpoint: endpoint.into(), name, prefix, region: "r".into() };
            let s3 = S3::new(bucket, credentials.clone(), || 0).unwrap();
            format!("{}{}", s3.origin, s3.path("ميناء/a b.html"))
        };
        let path = "site/%D9%85%D9%8A%D9%86%D8%A7%D8%A1/a%20b.html";
        let amazon = "https://s3.eu-west-1.amazonaws.com";
        assert_eq!(at(amazon, "web"), format!("https://web.s3.eu-west-1.amazonaws.com/{path}"));
        assert_eq!(at(amazon, "a.b"), format!("{amazon}/a.b/{path}"));
        assert_eq!(at("http://127.0.0.1:5/", "web"), format!("http://127.0.0.1:5/web/{path}"));
    }
}
