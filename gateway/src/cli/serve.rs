//! `serve`: runs the gateway until it is told to stop.

use clap::Args;
use tokio::net::TcpListener;
use tracing::info;
use waxwing_media::child::Workshop;

use super::{Failure, open_store, say};
use crate::{clock::Clock, config::Config, server};

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Where to listen for desktops and webhooks.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) listen: Option<String>,
}

impl Serve {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let listener = bind("listen", config.listen).await?;
        let metrics = match config.metrics_address()? {
            Some(address) => Some(bind("metrics_listen", address).await?),
            None => None,
        };
        let store = open_store(config).await?;
        let address = listener.local_addr()?;
        say(format_args!("Listening on http://{address}"));
        info!(listen = %address, data_folder = %config.data_folder.display(), "the gateway serves");
        let workshop = Workshop::of_program(std::env::current_exe()?);
        let with = (store, Clock::system());
        server::serve(config, with, workshop, (listener, metrics), stop_signal()).await?;
        info!("the gateway stopped");
        Ok(())
    }
}

async fn bind(key: &str, address: std::net::SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| Failure::of(key, format!("{address}: {error}")))
}

/// Ends when the process is asked to stop (SIGTERM, SIGINT).
#[cfg(unix)]
pub(super) async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};

    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals can't be listened for; only SIGKILL will stop this");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// Ends when the process is asked to stop (Ctrl-C).
#[cfg(not(unix))]
pub(super) async fn stop_signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        tracing::error!("Ctrl-C can't be listened for");
        std::future::pending().await
    }
}
