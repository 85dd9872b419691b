//! A web server on this machine that answers as a test tells it, and remembers what it was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path with the query, as it was sent.
    pub(crate) path: String,
    /// The host that it is for, without the port.
    pub(crate) host: String,
    /// Its headers, with small letters.
    pub(crate) headers: String,
    /// How many came for this path with this method before.
    pub(crate) before: usize,
    pub(crate) at: Instant,
}

/// What is sent back.
pub(crate) enum Reply {
    /// A status with headers and a body, after a while.
    Page { status: u16, headers: Vec<(&'static str, String)>, body: String, after: Duration },
    /// These bytes.
    Raw(Vec<u8>),
    /// A page of this many bytes.
    Huge(u64),
    /// Nothing: the connection is closed.
    Nothing,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::Page { status, headers: Vec::new(), body: String::new(), after: Duration::ZERO }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Page { headers, .. } = &mut self {
            headers.push((name, value.into()));
        }
        self
    }

    pub(crate) fn to(status: u16, location: impl Into<String>) -> Self {
        Self::status(status).with("Location", location)
    }

    pub(crate) fn saying(mut self, text: impl Into<String>) -> Self {
        if let Self::Page { body, .. } = &mut self {
            *body = text.into();
        }
        self
    }

    pub(crate) fn after(mut self, time: Duration) -> Self {
        if let Self::Page { after, .. } = &mut self {
            *after = time;
        }
        self
    }
}

#[derive(Default)]
struct Log {
    requests: Vec<Request>,
    /// Requests that are being answered, by host.
    active: BTreeMap<String, usize>,
    /// Hosts that were asked more than one thing at once.
    hurried: BTreeSet<String>,
    /// The bytes of huge pages that were sent.
    sent: u64,
    /// Huge pages that are being sent.
    sending: usize,
}

/// The server. It stops with the test's process.
#[derive(Clone)]
pub(crate) struct Server {
    port: u16,
    log: Arc<Mutex<Log>>,
}

impl Server {
    pub(crate) fn new(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), log: Arc::default() };
        let (this, answer) = (server.clone(), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (this, answer) = (this.clone(), Arc::clone(&answer));
                thread::spawn(move || this.serve(stream, &*answer));
            }
        });
        server
    }

    /// The URL of a path on a name of this machine.
    pub(crate) fn on(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.on("127.0.0.1", path)
    }

    /// All requests, in the order in which they came.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.log.lock().unwrap().requests.clone()
    }

    /// Methods and paths of all requests.
    pub(crate) fn asked(&self) -> Vec<String> {
        let requests = self.requests().into_iter();
        requests.map(|request| format!("{} {}", request.method, request.path)).collect()
    }

    /// The hosts that were asked more than one thing at once.
    pub(crate) fn hurried(&self) -> BTreeSet<String> {
        self.log.lock().unwrap().hurried.clone()
    }

    /// How much of huge pages was sent, once nothing more of them is.
    pub(crate) fn sent(&self) -> u64 {
        loop {
            let log = self.log.lock().unwrap();
            if log.sending == 0 {
                return log.sent;
            }
            drop(log);
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn serve(&self, mut stream: TcpStream, answer: &(dyn Fn(&Request) -> Reply + Send + Sync)) {
        let Some(request) = self.read(&stream) else { return };
        let reply = answer(&request);
        if let Reply::Page { after, .. } = &reply {
            thread::sleep(*after);
        }
        // Before the answer: with its last byte the client may ask again.
        *self.log.lock().unwrap().active.entry(request.host.clone()).or_default() -= 1;
        // Who hangs up early need not be answered.
        _ = match reply {
            Reply::Nothing => Ok(()),
            Reply::Raw(bytes) => stream.write_all(&bytes),
            Reply::Huge(length) => self.send(&mut stream, length),
            Reply::Page { status, headers, body, .. } => {
                let mut text = format!("HTTP/1.1 {status} Status\r\nConnection: close\r\n");
                text += &format!("Content-Length: {}\r\n", body.len());
                for (name, value) in headers {
                    text += &format!("{name}: {value}\r\n");
                }
                text += "\r\n";
                if request.method != "HEAD" {
                    text += &body;
                }
                stream.write_all(text.as_bytes())
            }
        };
    }

    fn read(&self, stream: &TcpStream) -> Option<Request> {
        let mut lines = BufReader::new(stream).lines();
        let first = lines.next()?.ok()?;
        let mut words = first.split(' ').map(str::to_owned);
        let (method, path) = (words.next()?, words.next()?);
        let headers: Vec<String> = lines
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
            .map(|line| line.to_lowercase())
            .collect();
        let host = headers.iter().find_map(|line| line.strip_prefix("host: "))?;
        let host = host.split(':').next()?.to_owned();
        let mut log = self.log.lock().unwrap();
        let same = |it: &&Request| it.method == method && it.path == path && it.host == host;
        let before = log.requests.iter().filter(same).count();
        let active = log.active.entry(host.clone()).or_default();
        *active += 1;
        if *active > 1 {
            log.hurried.insert(host.clone());
        }
        let headers = headers.join("\n");
        let request = Request { method, path, host, headers, before, at: Instant::now() };
        log.requests.push(request.clone());
        Some(request)
    }

    fn send(&self, stream: &mut TcpStream, length: u64) -> std::io::Result<()> {
        self.log.lock().unwrap().sending += 1;
        let chunk = vec![b'x'; 64 * 1024];
        let mut result = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
        let mut sent = 0;
        while result.is_ok() && sent < length {
            result = stream.write_all(&chunk);
            sent += chunk.len() as u64;
        }
        let mut log = self.log.lock().unwrap();
        (log.sent, log.sending) = (log.sent + sent, log.sending - 1);
        result
    }
}
