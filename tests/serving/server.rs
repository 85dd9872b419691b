//! A preview server that runs, and a client that speaks HTTP to it, letter by letter where need be.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common;

/// The longest that anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status; 0 where the connection ended without one.
    pub(crate) status: u16,
    /// The headers, with their names in small letters.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The value of a header, empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The same as text.
    pub(crate) fn html(&self) -> String {
        String::from_utf8(self.published()).expect("text")
    }

    /// The bytes as they would be published: without the preview's tag.
    pub(crate) fn published(&self) -> Vec<u8> {
        let text = self.text();
        let Some(start) = text.find("<script src=\"/_dhikra/preview.js\"") else {
            return self.body.clone();
        };
        let end =
            text[start..].find("</script>").expect("the tag ends") + start + "</script>".len();
        [&text.as_bytes()[..start], &text.as_bytes()[end..]].concat()
    }
}

/// A server.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// The path that the site lives below.
    pub(crate) path: String,
    /// What it said when it was ready.
    pub(crate) ready: Value,
    /// Held open: a program whose output nobody takes could not tell of anything.
    _lines: BufReader<ChildStdout>,
    errors: Option<ChildStderr>,
}

impl Server {
    /// Starts a server for the site at `root`, on a port that is free.
    pub(crate) fn start(root: &Path, arguments: &[&str]) -> Self {
        Self::of(common::program(), root, arguments)
    }

    /// Starts a server by a command.
    pub(crate) fn of(mut command: Command, root: &Path, arguments: &[&str]) -> Self {
        command.args(["serve", "--message-format", "json", "--root"]).arg(root);
        if !arguments.contains(&"--port") {
            command.args(["--port", "0"]);
        }
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output"));
        let errors = child.stderr.take();
        let ready = loop {
            let mut line = String::new();
            let read = lines.read_line(&mut line).expect("a line");
            assert_ne!(read, 0, "the server ended: {:?}", child.wait());
            let line: Value = serde_json::from_str(&line).expect("JSON");
            if line.get("serving").is_some() {
                break line["serving"].clone();
            }
        };
        let url = ready["url"].as_str().expect("a URL").trim_start_matches("http://");
        let (address, path) = url.split_once('/').expect("a path");
        let (address, path) = (address.parse().expect("an address"), format!("/{path}"));
        Self { child, address, path, ready, _lines: lines, errors }
    }

    /// Sends bytes and reads the answer to its end, or for as long as `limit`.
    pub(crate) fn send(&self, bytes: &[u8], limit: Duration) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(limit)).expect("a time limit");
        // A server that refuses does not read to the end.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    }

    /// A request with these headers beside `Host`.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request += &format!("Host: {}\r\n", self.address);
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            request += &format!("Content-Length: {}\r\n", body.len());
        }
        request += "\r\n";
        request += body;
        parse(&self.send(request.as_bytes(), PATIENCE))
    }

    /// What a browser gets for a decoded path of the site.
    pub(crate) fn get(&self, path: &str) -> Answer {
        let path = dhikra::text::percent::encode_path(path);
        self.ask("GET", &format!("{}{path}", self.path.trim_end_matches('/')), &[], "")
    }

    /// What the script of the page at a decoded path is told.
    pub(crate) fn state(&self, path: &str) -> Value {
        let path = format!("{}{path}", self.path.trim_end_matches('/'));
        let twice = dhikra::text::percent::encode_path(&dhikra::text::percent::encode_path(&path));
        let answer = self.ask("GET", &format!("/_dhikra/state?path={twice}"), &[], "");
        serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("no state: {answer:?}"))
    }

    /// The number of the newest snapshot.
    pub(crate) fn generation(&self) -> u64 {
        self.state("/")["generation"].as_u64().expect("a number")
    }

    /// Waits until there is a snapshot after `generation`.
    pub(crate) fn after(&self, generation: u64) -> u64 {
        self.until("a newer snapshot", || {
            Some(self.generation()).filter(|newest| *newest > generation)
        })
    }

    /// Waits until `found` finds something.
    #[track_caller]
    pub(crate) fn until<T>(&self, what: &str, found: impl Fn() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = found() {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for a change to be seen that `edit` makes.
    pub(crate) fn edit(&self, edit: impl FnOnce()) -> u64 {
        let before = self.generation();
        edit();
        self.after(before)
    }

    /// Has it end as Ctrl-C does, and gives its exit code and what it said on standard error.
    #[cfg(unix)]
    pub(crate) fn interrupt(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        let kill = Command::new("kill").args(["-INT", &id]).status().expect("kill");
        assert!(kill.success());
        let code = self.child.wait().expect("it ends").code();
        let mut said = String::new();
        if let Some(mut errors) = self.errors.take() {
            errors.read_to_string(&mut said).expect("text");
        }
        (code, said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Takes an answer apart.
pub(crate) fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let Some(end) = end else {
        return Answer { status: 0, headers: Vec::new(), body: bytes.to_vec() };
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let body = bytes[end + 4..].to_vec();
    Answer { status: status.unwrap_or(0), headers, body }
}
