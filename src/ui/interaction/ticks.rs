//! How far a message of ours has got: a clock, one tick, two ticks, two blue ticks, a red mark.

use egui::Color32;
use waxwing_protocol::delivery::{Delivery, Step};

use super::super::{icon, theme::Theme};

/// The sign of a delivery and its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tick {
    pub(super) icon: char,
    pub(super) colour: Color32,
}

/// What it says.
pub(super) const fn words(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Queued => "Queued",
        Delivery::Accepted => "Sending",
        Delivery::Uncertain => "Not confirmed yet",
        Delivery::Sent => "Sent",
        Delivery::Delivered => "Delivered",
        Delivery::Read => "Read",
        Delivery::Played => "Played",
        Delivery::Failed(_) => "Failed",
        Delivery::Unknown => "Unknown state",
    }
}

/// What a step on the way is called.
pub(super) const fn step(step: Step) -> &'static str {
    match step {
        Step::Accepted => "At the gateway",
        Step::Sent => "Sent",
        Step::Failed => "Failed",
        Step::Delivered => "Delivered",
        Step::Read => "Read",
        Step::Played => "Played",
        Step::Unknown => "Further",
    }
}

/// The sign for a message that the gateway has.
pub(super) const fn of(delivery: &Delivery, theme: &Theme) -> Tick {
    let (icon, colour) = match delivery {
        Delivery::Queued | Delivery::Accepted | Delivery::Unknown => (icon::CLOCK, theme.muted),
        Delivery::Uncertain => (icon::HOURGLASS, theme.late),
        Delivery::Sent => (icon::CHECK, theme.muted),
        Delivery::Delivered => (icon::CHECK_CHECK, theme.muted),
        Delivery::Read | Delivery::Played => (icon::CHECK_CHECK, theme.tick),
        Delivery::Failed(_) => (icon::CIRCLE_ALERT, theme.overdue),
    };
    Tick { icon, colour }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_that_matters_looks_different_from_the_one_before() {
        let theme = Theme::shipped(egui::Theme::Light);
        let steps = [Delivery::Queued, Delivery::Sent, Delivery::Delivered, Delivery::Read];
        for pair in steps.windows(2) {
            let (a, b) = (of(&pair[0], &theme), of(&pair[1], &theme));
            assert!(a.icon != b.icon || a.colour != b.colour, "{pair:?}");
            assert_ne!(words(&pair[0]), words(&pair[1]));
        }
    }
}
