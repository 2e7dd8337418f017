//! Counts and gauges in the Prometheus text format, on an address of their own if at all.

use axum::{Router, extract::State, http::header::CONTENT_TYPE, response::IntoResponse, routing};

use super::problem::ProblemReply;
use crate::{
    app::App,
    metrics::Gauge,
    store::{accounts, attachments, interactions, outbox, reads, templates, uploads},
};

/// The states of a row of the outbox, each as the label of a gauge.
const OUTBOX: [(&str, &str); 4] = [
    ("waiting", "{state=\"waiting\"}"),
    ("in_flight", "{state=\"in_flight\"}"),
    ("uncertain", "{state=\"uncertain\"}"),
    ("held", "{state=\"held\"}"),
];

/// `GET /metrics`, to be served where only whoever runs the gateway can reach it.
pub fn metrics_router(app: App) -> Router {
    Router::new().route("/metrics", routing::get(metrics)).with_state(app)
}

async fn metrics(State(app): State<App>) -> Result<impl IntoResponse, ProblemReply> {
    let mut read = app.store.read().await?;
    let (queued, assigned) = interactions::counts(read.db()).await?;
    let stopped = accounts::alerts(read.db()).await?.len();
    let mut outbox = Vec::new();
    for (state, label) in OUTBOX {
        outbox.push((label, outbox::count(read.db(), state).await?));
    }
    let (to_fetch, to_look_into) = attachments::counts(read.db()).await?;
    let (templates, sendable) = templates::counts(read.db()).await?;
    let gauges = [
        Gauge {
            name: "waxwing_interactions",
            help: "Open interactions: waiting for an agent, and in agents' hands.",
            values: vec![("{state=\"queued\"}", queued), ("{state=\"assigned\"}", assigned)],
        },
        Gauge {
            name: "waxwing_numbers_stopped",
            help: "Numbers that can't send.",
            values: vec![("", i64::try_from(stopped).unwrap_or(i64::MAX))],
        },
        Gauge {
            name: "waxwing_outbox_messages",
            help: "Messages that have still to leave: waiting for their turn or another try, on their way, without an \
                   answer until a status comes, held because their number can't send.",
            values: outbox,
        },
        Gauge {
            name: "waxwing_reads_untold",
            help: "Conversations of which WhatsApp has still to be told how far they were read.",
            values: vec![("", reads::count(read.db()).await?)],
        },
        Gauge {
            name: "waxwing_files",
            help: "Files of contacts: to be fetched from WhatsApp, and to be looked into.",
            values: vec![("{state=\"fetching\"}", to_fetch), ("{state=\"unseen\"}", to_look_into)],
        },
        Gauge {
            name: "waxwing_uploads_open",
            help: "Files of agents that are on their way from desktops, or wait to be sent.",
            values: vec![("", uploads::count(read.db()).await?)],
        },
        Gauge {
            name: "waxwing_templates",
            help: "Templates of notifications: those that can be sent, and those that can't.",
            values: vec![("{can=\"send\"}", sendable), ("{can=\"not\"}", templates - sendable)],
        },
    ];
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render(&gauges)))
}
