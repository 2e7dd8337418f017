//! Emoji put on a message: below its bubble, each once with how many put it there, who did on hover; a click puts ours on or
//! takes it off.

use egui::{CornerRadius, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use waxwing_protocol::{
    delivery::Delivery,
    message::{Author, Reaction},
};

use super::{
    super::{
        Action,
        text::{self, Ink, Style, Words, Wrap},
    },
    bubble::Scene,
    reading::Purpose,
};
use crate::desk::{input::Command, phones};

/// One emoji and who put it there.
struct Chip<'a> {
    emoji: &'a str,
    who: Vec<String>,
    ours: bool,
    failed: Option<&'a str>,
    pending: bool,
}

/// Paints the reactions of a bubble.
pub(super) fn show(
    ui: &Ui,
    scene: &Scene<'_>,
    (reactions, bubble): (&[Reaction], Rect),
    actions: &mut Vec<Action>,
) {
    let theme = scene.view.theme;
    let mut left = bubble.left() + 10.0;
    for (number, chip) in gather(scene, reactions).into_iter().enumerate() {
        let count = if chip.who.len() > 1 {
            format!("{} {}", chip.emoji, chip.who.len())
        } else {
            chip.emoji.to_owned()
        };
        let words = Words::plain(&count, Style::new(13.0));
        let galley = text::layout(ui.ctx(), &words, Wrap::one_row(f32::INFINITY));
        let rect = Rect::from_min_size(pos2(left, bubble.bottom() - 2.0), galley.size() + vec2(12.0, 4.0));
        left = rect.right() + 4.0;
        let edge = match (&chip.failed, chip.ours) {
            (Some(_), _) => theme.overdue,
            (None, true) => theme.accent,
            (None, false) => theme.line,
        };
        ui.painter().rect_filled(rect, CornerRadius::same(10), theme.surface);
        ui.painter().rect_stroke(rect, CornerRadius::same(10), Stroke::new(1.0, edge), StrokeKind::Inside);
        let strength = if chip.pending { 0.5 } else { 1.0 };
        let ink = Ink::of(theme).with_text(theme.text.gamma_multiply(strength));
        galley.paint(ui.painter(), rect.min + vec2(6.0, 2.0), &ink);
        let id = ui.scope_id().with(("reaction", scene.row().key, number));
        let told = told(&chip);
        if scene.purpose == Purpose::Reading {
            let response = ui.interact(rect, id, Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &told));
            response.on_hover_text(&told);
            continue;
        }
        let response = ui.interact(rect, id, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &told));
        if let (true, Some(message)) = (response.on_hover_text(&told).clicked(), scene.message()) {
            let emoji = (!chip.ours || chip.failed.is_some()).then(|| chip.emoji.to_owned());
            let interaction = scene.conversation.interaction().id;
            actions.push(Action::Command(Command::React { interaction, message, emoji }));
        }
    }
}

/// The emoji in order of arrival; forms that differ in how they ask to be drawn alone are one.
fn gather<'a>(scene: &Scene<'_>, reactions: &'a [Reaction]) -> Vec<Chip<'a>> {
    let contact = phones::title(&scene.conversation.interaction().contact);
    let owner = scene.conversation.interaction().owner;
    let mut chips: Vec<Chip<'a>> = Vec::new();
    for reaction in reactions {
        let bare = |emoji: &str| emoji.replace('\u{fe0f}', "");
        let ours = matches!(&reaction.author, Author::Agent { agent, .. } if Some(*agent) == owner);
        let who = match &reaction.author {
            Author::Contact => contact.clone(),
            Author::Agent { .. } if ours => "You".to_owned(),
            Author::Agent { name, .. } => name.clone(),
            Author::System => "WhatsApp".to_owned(),
        };
        let failed = match &reaction.sending {
            Some(Delivery::Failed(failure)) => Some(failure.reason.as_str()),
            _ => None,
        };
        let pending = matches!(reaction.sending, Some(Delivery::Queued | Delivery::Accepted));
        match chips.iter_mut().find(|chip| bare(chip.emoji) == bare(&reaction.emoji)) {
            Some(chip) => {
                chip.who.push(who);
                chip.ours |= ours;
                chip.failed = chip.failed.or(failed);
                chip.pending &= pending;
            }
            None => chips.push(Chip { emoji: &reaction.emoji, who: vec![who], ours, failed, pending }),
        }
    }
    chips
}

fn told(chip: &Chip<'_>) -> String {
    let by = format!("{} by {}", chip.emoji, chip.who.join(", "));
    match chip.failed {
        Some(reason) => format!("{by}; not sent: {reason}"),
        None if chip.pending => format!("{by}; on its way"),
        None => by,
    }
}
