//! What is counted for whoever runs the gateway, in the Prometheus text format (version 0.0.4). No customer data.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Things that are counted while the gateway runs. Clones share the counts.
#[derive(Clone, Debug, Default)]
pub struct Metrics(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    taken: AtomicU64,
    unsigned: AtomicU64,
    turned_away: AtomicU64,
    sign_in_failures: AtomicU64,
    polls: AtomicU64,
}

/// Something that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// A webhook was kept and answered with 200.
    WebhookTaken,
    /// A webhook had no signature of ours.
    WebhookUnsigned,
    /// A webhook could not be kept.
    WebhookTurnedAway,
    /// Somebody could not sign in.
    SignInFailure,
    /// A desktop asked for events.
    Poll,
}

/// A number that is read when it is asked for.
#[derive(Debug, Clone)]
pub struct Gauge {
    /// What it is called.
    pub name: &'static str,
    /// What it says.
    pub help: &'static str,
    /// How much it is, by the label that it has, if it has one: `{state="waiting"}`.
    pub values: Vec<(&'static str, i64)>,
}

impl Metrics {
    /// Counts one more.
    pub fn add(&self, what: Count) {
        self.of(what).fetch_add(1, Ordering::Relaxed);
    }

    fn of(&self, what: Count) -> &AtomicU64 {
        match what {
            Count::WebhookTaken => &self.0.taken,
            Count::WebhookUnsigned => &self.0.unsigned,
            Count::WebhookTurnedAway => &self.0.turned_away,
            Count::SignInFailure => &self.0.sign_in_failures,
            Count::Poll => &self.0.polls,
        }
    }

    /// Everything as text.
    #[must_use]
    pub fn render(&self, gauges: &[Gauge]) -> String {
        let counters = [
            (Count::WebhookTaken, "waxwing_webhooks_taken_total", "Webhooks kept and answered with 200."),
            (
                Count::WebhookUnsigned,
                "waxwing_webhooks_unsigned_total",
                "Webhooks without a signature of ours.",
            ),
            (
                Count::WebhookTurnedAway,
                "waxwing_webhooks_turned_away_total",
                "Webhooks that could not be kept.",
            ),
            (Count::SignInFailure, "waxwing_sign_in_failures_total", "Sign-ins that were refused."),
            (Count::Poll, "waxwing_polls_total", "Polls for events."),
        ];
        let mut text = String::new();
        // Writing to a String can't fail.
        for (count, name, help) in counters {
            let value = self.of(count).load(Ordering::Relaxed);
            write!(text, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {value}\n").unwrap_or_default();
        }
        for Gauge { name, help, values } in gauges {
            write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n").unwrap_or_default();
            for (label, value) in values {
                writeln!(text, "{name}{label} {value}").unwrap_or_default();
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_in_the_text_format() {
        let metrics = Metrics::default();
        metrics.add(Count::WebhookTaken);
        metrics.clone().add(Count::WebhookTaken);
        let text = metrics.render(&[Gauge {
            name: "waxwing_queued",
            help: "Waiting.",
            values: vec![("{of=\"a\"}", 3), ("{of=\"b\"}", 4)],
        }]);
        assert!(
            text.contains("# TYPE waxwing_webhooks_taken_total counter\nwaxwing_webhooks_taken_total 2\n"),
            "{text}"
        );
        assert!(
            text.ends_with("# HELP waxwing_queued Waiting.\n# TYPE waxwing_queued gauge\nwaxwing_queued{of=\"a\"} 3\nwaxwing_queued{of=\"b\"} 4\n"),
            "{text}"
        );
    }
}
