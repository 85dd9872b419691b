//! Signatures of requests: AWS Signature Version 4, which every store of this sort asks for.

use std::fmt::Write as _;

use ring::{digest, hmac};

/// Who asks. What is in it is told to nobody.
#[derive(Clone)]
pub struct Credentials {
    /// The name of the key.
    pub id: String,
    /// The key.
    pub secret: String,
    /// A token that goes with a key for some hours.
    pub token: Option<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials")
    }
}

/// A request to be signed.
pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    /// The path, encoded.
    pub(super) path: &'a str,
    /// The parameters, encoded, in the order of their names.
    pub(super) query: &'a str,
    /// The headers that are signed, by their names in small letters; `host` among them.
    pub(super) headers: Vec<(String, String)>,
    /// The hash of the body.
    pub(super) payload: &'a str,
}

/// Bytes in hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The SHA-256 hash of bytes, in hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

impl Request<'_> {
    /// Signs the request; gives its headers with the signature. `time` is like `20130524T000000Z`.
    pub(super) fn sign(
        mut self,
        credentials: &Credentials,
        region: &str,
        time: &str,
    ) -> Vec<(String, String)> {
        self.headers.push(("x-amz-date".into(), time.into()));
        self.headers.push(("x-amz-content-sha256".into(), self.payload.into()));
        if let Some(token) = &credentials.token {
            self.headers.push(("x-amz-security-token".into(), token.clone()));
        }
        self.headers.sort();
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        let mut canonical = format!("{}\n{}\n{}\n", self.method, self.path, self.query);
        for (name, value) in &self.headers {
            let _ = writeln!(canonical, "{name}:{}", value.trim());
        }
        let _ = write!(canonical, "\n{names}\n{}", self.payload);
        let day = time.get(..8).unwrap_or(time);
        let scope = format!("{day}/{region}/s3/aws4_request");
        let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", sha256(canonical.as_bytes()));
        let key = mac(format!("AWS4{}", credentials.secret).as_bytes(), day);
        let key = mac(&mac(&mac(&key, region), "s3"), "aws4_request");
        let signature = hex(&mac(&key, &text));
        self.headers.push((
            "authorization".into(),
            format!(
                "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
                credentials.id
            ),
        ));
        self.headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of Amazon's documentation of the signature.
    #[test]
    fn signatures_are_those_of_the_documentation() {
        let credentials = Credentials {
            id: "AKIAIOSFODNN7EXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
            token: None,
        };
        let sign = |method, path, query, headers: &[(&str, &str)], body: &str| {
            let mut all = vec![("host".to_owned(), "examplebucket.s3.amazonaws.com".to_owned())];
            all.extend(headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
            let payload = sha256(body.as_bytes());
            let request = Request { method, path, query, headers: all, payload: &payload };
            let signed = request.sign(&credentials, "us-east-1", "20130524T000000Z");
            signed.last().unwrap().1.rsplit_once('=').unwrap().1.to_owned()
        };
        assert_eq!(
            sign("GET", "/test.txt", "", &[("range", "bytes=0-9")], ""),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
        assert_eq!(
            sign(
                "PUT",
                "/test%24file.text",
                "",
                &[
                    ("date", "Fri, 24 May 2013 00:00:00 GMT"),
                    ("x-amz-storage-class", "REDUCED_REDUNDANCY")
                ],
                "Welcome to Amazon S3."
            ),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        );
        assert_eq!(
            sign("GET", "/", "max-keys=2&prefix=J", &[], ""),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
        );
        assert_eq!(format!("{credentials:?}"), "Credentials");
    }
}
