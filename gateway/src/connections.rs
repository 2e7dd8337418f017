//! Takes connections and hands their calls to the routes. Whoever dawdles over the head of a request is cut off, so that idle
//! connections can't pile up; one connection never waits for another.

use std::{future::Future, net::SocketAddr, pin::pin, time::Duration};

use axum::{Extension, Router, extract::ConnectInfo};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};

/// How long the head of a request may take.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait after a connection could not be taken, usually for want of file descriptors.
const BREATH: Duration = Duration::from_millis(100);
/// How long calls under way may take after the stop.
const FAREWELL: Duration = Duration::from_secs(30);

/// Serves until `shutdown` is done, then finishes what is under way.
pub(crate) async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    let under_way = GracefulShutdown::new();
    // The connections end with this future, however it ends: none goes on with a gateway that is gone.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_ended) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    connections.spawn(attend(stream, from, &router, &under_way));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    sleep(BREATH).await;
                }
            },
        }
    }
    drop(listener);
    if timeout(FAREWELL, under_way.shutdown()).await.is_err() {
        tracing::warn!("some calls were still under way when the gateway stopped");
    }
}

fn attend(
    stream: TcpStream,
    from: SocketAddr,
    router: &Router,
    under_way: &GracefulShutdown,
) -> impl Future<Output = ()> + Send + use<> {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "small packets will wait");
    }
    let service = TowerToHyperService::new(router.clone().layer(Extension(ConnectInfo(from))));
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let connection = under_way.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned());
    async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}
