//! The line between desktops and the gateway: it passes bytes on until it is cut, anywhere.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};
use waxwing_gateway::random::Seeded;

use crate::kit::house::ANY_PORT;

/// How much is passed on at a time.
const BLOCK: usize = 16 * 1024;
/// A connection that lasts no longer than this is cut in what surrounds files.
const SHORT: i64 = 4_000;
/// The longest that a connection lasts that is cut.
const LONG: u64 = 3_000_000;

/// A line. Its connections end with the program.
pub(crate) struct Line {
    /// Where desktops connect.
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    cutting: AtomicBool,
    cuts: AtomicUsize,
    cuts_within_files: AtomicUsize,
}

impl Line {
    /// A line to the gateway that nothing cuts yet.
    pub(crate) async fn start(gateway: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind(ANY_PORT).await.expect("a port");
        let line = Self { address: listener.local_addr().expect("has an address"), shared: Arc::default() };
        let (shared, chance) = (Arc::clone(&line.shared), Mutex::new(Seeded::new(seed)));
        tokio::spawn(async move {
            while let Ok((desktop, _)) = listener.accept().await {
                let lasts = length(&chance, shared.cutting.load(Ordering::Relaxed));
                tokio::spawn(connect(desktop, gateway, lasts, Arc::clone(&shared)));
            }
        });
        line
    }

    /// Whether connections that begin from now on are cut: two of three.
    pub(crate) fn cut(&self, cutting: bool) {
        self.shared.cutting.store(cutting, Ordering::Relaxed);
    }

    /// How many connections were cut, and of these how many within what may have been a file.
    pub(crate) fn cuts(&self) -> (usize, usize) {
        let shared = &self.shared;
        (shared.cuts.load(Ordering::Relaxed), shared.cuts_within_files.load(Ordering::Relaxed))
    }
}

/// After how many bytes, both ways together, a connection is cut.
fn length(chance: &Mutex<Seeded>, cutting: bool) -> i64 {
    let mut chance = chance.lock().unwrap_or_else(PoisonError::into_inner);
    let drawn = match chance.next() % 6 {
        0 => chance.next() % 4_000,
        1..=3 => chance.next() % LONG,
        _ => u64::MAX,
    };
    if cutting { i64::try_from(drawn).unwrap_or(i64::MAX) } else { i64::MAX }
}

async fn connect(desktop: TcpStream, gateway: SocketAddr, lasts: i64, shared: Arc<Shared>) {
    let Ok(gateway) = TcpStream::connect(gateway).await else { return };
    let left = AtomicI64::new(lasts);
    let (from_desktop, to_desktop) = desktop.into_split();
    let (from_gateway, to_gateway) = gateway.into_split();
    let up = pass_on(from_desktop, to_gateway, &left);
    let down = pass_on(from_gateway, to_desktop, &left);
    // Whichever way ends first ends the other.
    let cut = tokio::select! { cut = up => cut, cut = down => cut };
    if cut {
        shared.cuts.fetch_add(1, Ordering::Relaxed);
        shared.cuts_within_files.fetch_add(usize::from(lasts > SHORT), Ordering::Relaxed);
    }
}

/// Passes on what comes until there is no more of it, or the line is cut: true.
async fn pass_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, left: &AtomicI64) -> bool {
    let mut block = vec![0; BLOCK];
    loop {
        let Ok(read @ 1..) = from.read(&mut block).await else { return false };
        let length = i64::try_from(read).unwrap_or(i64::MAX);
        let may_pass = left.fetch_sub(length, Ordering::Relaxed).clamp(0, length);
        let part = usize::try_from(may_pass).unwrap_or(read);
        if to.write_all(&block[..part]).await.is_err() {
            return false;
        }
        if may_pass < length {
            return true;
        }
    }
}
