//! An address in a message: where it really leads is shown before the click; what isn't safe to follow says why not.

use egui::{CursorIcon, Id, Popup, Pos2, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo};

use super::{
    super::{
        Action,
        text::links::{Link, Target as Address, Verdict},
        theme,
    },
    bubble::Scene,
    laid::{Passage, Target},
};

/// Makes an address of a passage, painted already at `at`, usable.
pub(super) fn show(
    ui: &Ui,
    scene: &Scene<'_>,
    (id, at): (Id, Pos2),
    (passage, target): (&Passage, &Target),
    actions: &mut Vec<Action>,
) {
    let range = match target {
        Target::Found(link) => link.range.clone(),
        Target::Ours(_) => 0..passage.galley.text().len(),
    };
    let text = passage.galley.text().get(range.clone()).unwrap_or_default();
    for (number, rect) in passage.galley.rects(range).into_iter().enumerate() {
        let rect = rect.translate(at.to_vec2());
        // The first of its rows speaks for the whole.
        let told = (number == 0).then_some(text);
        part(ui, scene, (id.with(number), rect, told), target, actions);
    }
}

fn part(
    ui: &Ui,
    scene: &Scene<'_>,
    (id, rect, told): (Id, Rect, Option<&str>),
    target: &Target,
    actions: &mut Vec<Action>,
) {
    let follow = |sense| {
        let response = ui.interact(rect, id, sense);
        if let (Some(told), true) = (told, sense == Sense::click()) {
            response.widget_info(|| WidgetInfo::labeled(Role::Link, true, told));
        }
        response
    };
    match target {
        Target::Ours(url) => {
            let response = follow(Sense::click()).on_hover_cursor(CursorIcon::PointingHand);
            if response.on_hover_text(url).clicked() {
                actions.push(Action::OpenLink(url.clone()));
            }
        }
        Target::Found(Link { verdict: Verdict::Open(address), .. }) => {
            let response = follow(Sense::click()).on_hover_cursor(CursorIcon::PointingHand);
            if on_hover(response, scene, address).clicked() {
                actions.push(Action::OpenLink(address.url.clone()));
            }
        }
        Target::Found(Link { verdict: Verdict::Ask(address), .. }) => {
            let response = follow(Sense::click()).on_hover_cursor(CursorIcon::PointingHand);
            let response = on_hover(response, scene, address);
            Popup::menu(&response).show(|ui| {
                let is_mail = address.url.starts_with("mailto:");
                let question = if is_mail { "Write an e-mail to" } else { "Call" };
                ui.label(format!("{question} {}?", address.shown));
                if ui.button(if is_mail { "Write" } else { "Call" }).clicked() {
                    actions.push(Action::OpenLink(address.url.clone()));
                }
                if ui.button("Copy").clicked() {
                    ui.copy_text(address.shown.clone());
                }
            });
        }
        Target::Found(Link { verdict: Verdict::Plain(reason), .. }) => {
            follow(Sense::hover()).on_hover_text(reason.sentence());
        }
    }
}

/// Shows where an address really leads, its owner stressed, and what is odd about it.
pub(super) fn on_hover(response: Response, scene: &Scene<'_>, address: &Address) -> Response {
    let theme = scene.view.theme;
    response.on_hover_ui(|ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let part = |range: std::ops::Range<usize>| address.shown.get(range).unwrap_or_default();
            ui.label(RichText::new(part(0..address.owner.start)).color(theme.muted));
            ui.label(RichText::new(part(address.owner.clone())).family(theme::semibold()));
            ui.label(RichText::new(part(address.owner.end..address.shown.len())).color(theme.muted));
        });
        for warning in &address.warnings {
            ui.label(RichText::new(warning.sentence()).color(theme.late));
        }
    })
}
