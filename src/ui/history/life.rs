//! What happened to an interaction, step by step, in words.

use egui::{Margin, RichText, ScrollArea, Ui, pos2, vec2};
use waxwing_protocol::history::{LifeReason, LifeStep};

use super::super::{
    View,
    text::{self, Ink, Label, Style},
};

/// What a step was, in a sentence.
#[must_use]
pub fn sentence(step: &LifeStep) -> String {
    let name = |who: &Option<waxwing_protocol::agent::Colleague>| {
        who.as_ref().map(|who| text::isolate::isolated(&who.display_name))
    };
    let (owner, by) = (name(&step.owner), name(&step.by));
    let owner = owner.unwrap_or_else(|| "nobody".to_owned());
    let by = by.unwrap_or_else(|| "An agent".to_owned());
    match step.why {
        LifeReason::ContactWrote => "The contact wrote.".to_owned(),
        LifeReason::ContactResumed => "The contact wrote again while it lay in a workbin.".to_owned(),
        LifeReason::AgentBegan => format!("{by} began it."),
        LifeReason::Routed if step.phase == "offered" => format!("It was offered to {owner}."),
        LifeReason::Routed => format!("It was given to {owner}."),
        LifeReason::NobodyFree => "Nobody had room: it waited.".to_owned(),
        LifeReason::Accepted => format!("{owner} took it."),
        LifeReason::Rejected => format!("{by} did not take it."),
        LifeReason::Lapsed => "Nobody took it in time.".to_owned(),
        LifeReason::TakenUp => format!("{owner} took it up."),
        LifeReason::PutAway => format!("{by} put it into a workbin."),
        LifeReason::PutBack => format!("{by} put it back."),
        LifeReason::Assigned => format!("{by} gave it to {owner}."),
        LifeReason::LoggedOff => format!("{by} logged off: it went into a workbin."),
        LifeReason::AgentEnded => format!("{by} ended the session."),
        LifeReason::WentQuiet => "Nobody said anything for too long: the session ended.".to_owned(),
        LifeReason::MarkedDone => format!("{by} marked it done."),
        LifeReason::Undone => format!("{by} took that back."),
        LifeReason::Unknown => "Something happened that this version has no words for.".to_owned(),
    }
}

/// Draws the steps, oldest first.
pub(super) fn show(ui: &mut Ui, view: View<'_>, steps: &[LifeStep]) {
    let frame = egui::Frame::new().inner_margin(Margin::symmetric(20, 16));
    ScrollArea::vertical().id_salt("life").auto_shrink(false).show(ui, |ui| {
        frame.show(ui, |ui| {
            if steps.is_empty() {
                ui.label(RichText::new("Nothing is known of it.").color(view.theme.muted));
            }
            for step in steps {
                ui.horizontal(|ui| {
                    let (dot, _) = ui.allocate_exact_size(vec2(12.0, 20.0), egui::Sense::hover());
                    ui.painter().circle_filled(
                        pos2(dot.left() + 4.0, dot.center().y),
                        3.5,
                        view.theme.accent,
                    );
                    ui.vertical(|ui| {
                        ui.spacing_mut().item_spacing.y = 1.0;
                        let words = sentence(step);
                        ui.add(Label::new(&words, Style::new(14.0), Ink::of(view.theme)));
                        let at = RichText::new(view.date_and_time(step.at)).size(12.0);
                        ui.label(at.color(view.theme.muted)).on_hover_text(view.exact(step.at));
                    });
                });
                ui.add_space(6.0);
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use waxwing_protocol::{agent::Colleague, id::AgentId};

    use super::*;

    #[test]
    fn a_step_is_a_sentence_also_where_nobody_is_known() {
        let rita =
            Colleague { id: AgentId::new(DateTime::UNIX_EPOCH, [1; 10]), display_name: "Rita".to_owned() };
        let step = |why, phase: &str, owner, by| LifeStep {
            at: DateTime::UNIX_EPOCH,
            phase: phase.to_owned(),
            owner,
            by,
            why,
        };
        let told = |why, phase| sentence(&step(why, phase, Some(rita.clone()), Some(rita.clone())));
        assert!(told(LifeReason::Routed, "offered").starts_with("It was offered to"));
        assert!(told(LifeReason::Routed, "open").contains("Rita"));
        assert_eq!(sentence(&step(LifeReason::MarkedDone, "done", None, None)), "An agent marked it done.");
        assert!(sentence(&step(LifeReason::Unknown, "dreaming", None, None)).ends_with('.'));
    }
}
