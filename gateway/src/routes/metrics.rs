//! Counts and gauges in the Prometheus text format, on an address of their own if at all.

use axum::{Router, extract::State, http::header::CONTENT_TYPE, response::IntoResponse, routing};

use super::problem::ProblemReply;
use crate::{app::App, metrics::Gauge, store::interactions};

/// `GET /metrics`, to be served where only whoever runs the gateway can reach it.
pub fn metrics_router(app: App) -> Router {
    Router::new().route("/metrics", routing::get(metrics)).with_state(app)
}

async fn metrics(State(app): State<App>) -> Result<impl IntoResponse, ProblemReply> {
    let (queued, assigned) = interactions::counts(app.store.read().await?.db()).await?;
    let gauges = [
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
    ];
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render(&gauges)))
}
