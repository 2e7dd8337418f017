//! How far a message of ours has got: a clock, one tick, two ticks, two blue ticks, a red mark.

use egui::Color32;
use waxwing_protocol::delivery::Delivery;

use super::super::{icon, theme::Theme};

/// The sign of a delivery, its colour, and what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tick {
    pub(super) icon: char,
    pub(super) colour: Color32,
    pub(super) words: &'static str,
}

/// The sign for a message that the gateway has.
pub(super) const fn of(delivery: &Delivery, theme: &Theme) -> Tick {
    let (icon, colour, words) = match delivery {
        Delivery::Queued => (icon::CLOCK, theme.muted, "Queued"),
        Delivery::Accepted => (icon::CLOCK, theme.muted, "Sending"),
        Delivery::Uncertain => (icon::HOURGLASS, theme.late, "Not confirmed yet"),
        Delivery::Sent => (icon::CHECK, theme.muted, "Sent"),
        Delivery::Delivered => (icon::CHECK_CHECK, theme.muted, "Delivered"),
        Delivery::Read => (icon::CHECK_CHECK, theme.tick, "Read"),
        Delivery::Played => (icon::CHECK_CHECK, theme.tick, "Played"),
        Delivery::Failed(_) => (icon::CIRCLE_ALERT, theme.overdue, "Failed"),
        Delivery::Unknown => (icon::CLOCK, theme.muted, "Unknown state"),
    };
    Tick { icon, colour, words }
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
            assert_ne!(a.words, b.words);
        }
    }
}
