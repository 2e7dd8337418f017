//! `waxwing --demo`: the real gateway and a WhatsApp network in a box, inside this process, on a thread of their own.

use std::{path::PathBuf, sync::mpsc, thread::JoinHandle};

use tokio::sync::oneshot;
use waxwing_gateway::embedded::{self, EmbeddedError, Options};

/// A running demo.
#[derive(Debug)]
pub struct Demo {
    /// Where the gateway is.
    pub gateway_url: String,
    /// What the demo agent signs in with.
    pub user_name: String,
    /// Their password.
    pub password: String,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// Why the demo could not begin.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The gateway could not begin.
    #[error("the demo's gateway: {0}")]
    Gateway(#[from] EmbeddedError),
    /// There is no thread or no runtime for it.
    #[error("the demo's thread: {0}")]
    Thread(#[from] std::io::Error),
    /// The thread ended before it said anything.
    #[error("the demo ended at once")]
    Ended,
}

impl Demo {
    /// Starts gateway and network; the database lies in `data_folder`.
    pub fn start(data_folder: PathBuf) -> Result<Self, DemoError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("demo")
            .enable_all()
            .build()?;
        let options = Options { data_folder, decoder: std::env::current_exe()?, speed: 1.0 };
        let (tell, told) = mpsc::sync_channel(1);
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("demo".to_owned()).spawn(move || {
            runtime.block_on(async {
                match embedded::start(&options).await {
                    Ok(running) => {
                        tracing::info!(simulator = running.simulator_url, "the demo is running");
                        let login = (
                            running.gateway_url.clone(),
                            running.user_name.clone(),
                            running.password.clone(),
                        );
                        tell.send(Ok(login)).unwrap_or_default();
                        // A sender that is gone has stopped, too.
                        stopped.await.unwrap_or_default();
                        running.stop().await;
                    }
                    Err(error) => tell.send(Err(error)).unwrap_or_default(),
                }
            });
        })?;
        let (gateway_url, user_name, password) = told.recv().map_err(|_ended| DemoError::Ended)??;
        Ok(Self { gateway_url, user_name, password, stop, thread })
    }

    /// Stops it; returns when its database is closed.
    pub fn stop(self) {
        self.stop.send(()).unwrap_or_default();
        if self.thread.join().is_err() {
            tracing::error!("the demo broke off");
        }
    }
}
