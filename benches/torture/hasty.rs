//! What the gateway must not be: it answers 200 as soon as it has read a webhook, and keeps it afterwards. Put before the
//! real gateway it shows that the run would notice: whatever it had taken when the gateway died is lost.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
};

use crate::kit::{
    house::ANY_PORT,
    http::{Connection, head},
};

/// How many webhooks it has answered and not passed on.
const WAITING: usize = 64;

/// A webhook that was answered, and by which life of the gateway: with that it is lost.
type Answered = (SocketAddr, Vec<u8>);

/// Listens before the gateway, wherever that is at the moment.
pub(crate) async fn start(gateway: watch::Receiver<Option<SocketAddr>>) -> SocketAddr {
    let listener = TcpListener::bind(ANY_PORT).await.expect("a port");
    let address = listener.local_addr().expect("has an address");
    let (give, waiting) = mpsc::channel(WAITING);
    tokio::spawn(keep(waiting, gateway.clone()));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, gateway.clone(), give.clone()));
        }
    });
    address
}

/// Answers while the gateway lives.
async fn answer(
    mut stream: TcpStream,
    mut gateway: watch::Receiver<Option<SocketAddr>>,
    give: mpsc::Sender<Answered>,
) {
    let mut buffer = Vec::new();
    while stream.read_buf(&mut buffer).await.is_ok_and(|read| read > 0) {
        let Some((_, length)) = head(&buffer).filter(|(_, length)| buffer.len() >= *length) else { continue };
        let request = buffer.drain(..length).collect();
        let at = gateway.wait_for(Option::is_some).await.ok().and_then(|at| *at);
        let Some(at) = at else { return };
        let answered = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
        if answered.is_err() || give.send((at, request)).await.is_err() {
            return;
        }
    }
}

/// Keeps what was answered, one after the other, unless the gateway has died since.
async fn keep(mut waiting: mpsc::Receiver<Answered>, gateway: watch::Receiver<Option<SocketAddr>>) {
    let mut open: Option<(SocketAddr, Connection)> = None;
    while let Some((at, request)) = waiting.recv().await {
        if *gateway.borrow() != Some(at) {
            continue;
        }
        if open.as_ref().is_none_or(|(to, _)| *to != at) {
            open = Connection::open(at).await.ok().map(|connection| (at, connection));
        }
        // Who answers first has nobody left to ask for it again.
        if let Some((_, connection)) = &mut open
            && connection.exchange(&request).await.is_err()
        {
            open = None;
        }
    }
}
