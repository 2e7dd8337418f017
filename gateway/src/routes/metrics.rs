//! Counts and gauges in the Prometheus text format, on an address of their own if at all.

use axum::{Router, extract::State, http::header::CONTENT_TYPE, response::IntoResponse, routing};

use super::problem::ProblemReply;
use crate::{
    app::App,
    metrics::Gauge,
    store::{accounts, interactions, outbox},
};

/// The states of a row of the outbox, and what they are called here.
const OUTBOX: [(&str, &str, &str); 4] = [
    ("waiting", "waxwing_outbox_waiting", "Messages that wait for their turn or for another try."),
    ("in_flight", "waxwing_outbox_in_flight", "Messages on their way to WhatsApp."),
    ("uncertain", "waxwing_outbox_uncertain", "Messages whose answer got lost and whose status is awaited."),
    ("held", "waxwing_outbox_held", "Messages held because their number can't send."),
];

/// `GET /metrics`, to be served where only whoever runs the gateway can reach it.
pub fn metrics_router(app: App) -> Router {
    Router::new().route("/metrics", routing::get(metrics)).with_state(app)
}

async fn metrics(State(app): State<App>) -> Result<impl IntoResponse, ProblemReply> {
    let mut read = app.store.read().await?;
    let (queued, assigned) = interactions::counts(read.db()).await?;
    let stopped = accounts::alerts(read.db()).await?.len();
    let mut gauges = vec![
        Gauge {
            name: "waxwing_interactions_queued",
            help: "Interactions that wait for an agent.",
            value: queued,
        },
        Gauge {
            name: "waxwing_interactions_assigned",
            help: "Open interactions in agents' hands.",
            value: assigned,
        },
        Gauge {
            name: "waxwing_numbers_stopped",
            help: "Numbers that can't send.",
            value: i64::try_from(stopped).unwrap_or(i64::MAX),
        },
    ];
    for (state, name, help) in OUTBOX {
        gauges.push(Gauge { name, help, value: outbox::count(read.db(), state).await? });
    }
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render(&gauges)))
}
