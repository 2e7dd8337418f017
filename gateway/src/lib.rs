//! The server between WhatsApp and the Waxwing desktops.
//!
//! Read in this order:
//!
//! 1. [`store`]: what is kept, in SQLite; [`feed`] wakes whoever waits for a change of it.
//! 2. [`whatsapp`]: WhatsApp's side of the wire. [`ingest`] keeps its webhooks before they are answered.
//! 3. [`handling`]: what the gateway decides; [`life`]: which way an interaction may go.
//! 4. [`routes`]: what desktops and WhatsApp call; [`auth`] says who may. [`app`] is what they all reach.
//! 5. [`outbox`]: sends what is stored, in order, with retries; [`media`]: fetches files before WhatsApp forgets them;
//!    [`templates`]: keeps what may be sent as a notification; [`timers`]: sees that what is due happens.
//! 6. [`server`] puts it together; [`config`], [`limits`], [`rules`] and [`cli`] are what the operator says; [`housekeeping`] and [`metrics`] are
//!    for whoever runs it.
//! 7. [`simulator`]: a WhatsApp network in a box; [`embedded`]: both in one process, for the demo.
//!
//! [`clock`] and [`random`] are the two places where time and chance come in.

pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
mod connections;
pub mod embedded;
pub mod feed;
pub mod handling;
pub mod housekeeping;
pub mod ingest;
pub mod life;
pub mod limits;
pub mod media;
pub mod metrics;
pub mod outbox;
pub mod random;
pub mod routes;
pub mod rules;
pub mod server;
pub mod simulator;
pub mod store;
pub mod templates;
pub mod timers;
pub mod whatsapp;

use std::{future::Future, io, time::Duration};

use tokio::{net::TcpListener, time::interval};

use crate::app::App;

/// How often the house is tidied.
const TIDY_EVERY: Duration = Duration::from_mins(1);

/// Serves until `shutdown` is done: then polls end at once, calls under way are finished, and nothing new is taken.
pub async fn run(
    listener: TcpListener,
    app: App,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = routes::router(app.clone());
    let stopping = app.clone();
    let shutdown = async move {
        shutdown.await;
        stopping.stop();
    };
    tokio::select! {
        () = connections::serve(listener, router, shutdown) => Ok(()),
        never = keep_house(&app) => never,
    }
}

async fn keep_house(app: &App) -> ! {
    let mut due = interval(TIDY_EVERY);
    loop {
        due.tick().await;
        if let Err(error) = housekeeping::tidy(app).await {
            tracing::error!(%error, "the house could not be tidied");
        }
    }
}
