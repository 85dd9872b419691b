//! Listening, accepting, and the limits of a connection.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use super::connections::{Connections, Place};
use super::guard::Guard;
use super::preview::Preview;
use super::{is_loopback, respond};

/// How long a client may take for the head of a request, or be silent between two.
const HEAD: Duration = Duration::from_secs(15);
/// The most bytes of the head of a request.
const MAX_HEAD: usize = 32 * 1024;
/// How many ports after the one that is wanted are tried.
const PORTS: u16 = 100;

/// Where a preview listens.
#[derive(Clone, Debug)]
pub struct Listening {
    /// The address and the port.
    pub address: SocketAddr,
    /// The port that was wanted, where another program has it.
    pub taken: Option<u16>,
}

/// Sockets that listen, all on one port.
#[derive(Debug)]
pub(super) struct Listeners {
    pub(super) at: Listening,
    sockets: Vec<TcpListener>,
}

/// Listens on the first free port from `port` on.
///
/// # Errors
/// Where the host has no address of this machine, or no port is free.
pub(super) async fn bind(host: &str, port: u16) -> io::Result<Listeners> {
    let addresses = addresses(host).await?;
    let mut taken = None;
    for wanted in (0..=PORTS).map(|more| if port == 0 { 0 } else { port.saturating_add(more) }) {
        match bind_all(&addresses, wanted).await {
            Ok(sockets) => {
                let first = sockets.first().map(TcpListener::local_addr);
                let address =
                    first.unwrap_or_else(|| Err(io::ErrorKind::AddrNotAvailable.into()))?;
                return Ok(Listeners { at: Listening { address, taken }, sockets });
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => taken = Some(port),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AddrInUse, "no port from it on is free"))
}

async fn addresses(host: &str) -> io::Result<Vec<IpAddr>> {
    // A browser may take either for `localhost`.
    let (v4, v6) = (IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST));
    if host == "localhost" || host.parse() == Ok(v4) {
        return Ok(vec![v4, v6]);
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse() {
        return Ok(vec![address]);
    }
    let mut found: Vec<IpAddr> =
        tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect();
    found.dedup();
    Ok(found)
}

/// Listens on all addresses that can be had; the first must be among them, and none may be another's.
async fn bind_all(addresses: &[IpAddr], port: u16) -> io::Result<Vec<TcpListener>> {
    let mut sockets: Vec<TcpListener> = Vec::new();
    for address in addresses {
        let port = match sockets.first() {
            Some(first) => first.local_addr()?.port(),
            None => port,
        };
        match TcpListener::bind((*address, port)).await {
            Ok(socket) => sockets.push(socket),
            // A machine without IPv6 has no such address.
            Err(error) if !sockets.is_empty() && error.kind() != io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sockets)
}

/// Serves until the process is told to end.
///
/// # Errors
/// Where no signal can be waited for, or the preview failed.
pub(super) async fn run(
    listeners: Listeners,
    preview: &Arc<Preview>,
    host: &str,
) -> io::Result<()> {
    let guard = Guard::new(host, is_loopback(&listeners.at.address));
    let connections = Connections::default();
    for socket in listeners.sockets {
        let (preview, guard) = (Arc::clone(preview), guard.clone());
        tokio::spawn(accept(socket, connections.clone(), preview, guard));
    }
    let failed = async {
        preview.failed().await;
        Err(io::Error::other("the preview failed, which is a fault of dhikra: please report it"))
    };
    let result = first(ended(), failed).await;
    connections.close();
    result
}

/// What ends first of two.
async fn first<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> T {
    let (mut one, mut other) = (pin!(one), pin!(other));
    std::future::poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Pending => other.as_mut().poll(context),
        ready @ Poll::Ready(_) => ready,
    })
    .await
}

/// Waits until the process is told to end.
#[cfg(unix)]
async fn ended() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    first(interrupt.recv(), terminate.recv()).await;
    Ok(())
}

#[cfg(not(unix))]
async fn ended() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

async fn accept(
    socket: TcpListener,
    connections: Connections,
    preview: Arc<Preview>,
    guard: Guard,
) {
    loop {
        let Ok((stream, _)) = socket.accept().await else {
            // Too many open files, or a client that went away: neither is a reason to end.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let place = Arc::new(connections.take());
        let task =
            tokio::spawn(serve(stream, Arc::clone(&place), Arc::clone(&preview), guard.clone()));
        place.held_by(task.abort_handle());
    }
}

/// Serves one connection to its end.
async fn serve(stream: TcpStream, place: Arc<Place>, preview: Arc<Preview>, guard: Guard) {
    // A small answer goes out at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request: Request<Incoming>| {
        place.alive();
        let (preview, guard, place) = (Arc::clone(&preview), guard.clone(), Arc::clone(&place));
        async move { Ok::<_, Infallible>(respond::respond(request, &preview, &guard, place).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(MAX_HEAD)
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    // What goes wrong on a connection is the client's to notice.
    let _ = connection.await;
}
