//! All that was said, oldest at the top: days, joins, bubbles, the line above what is new.

use egui::{
    Align, Align2, CornerRadius, FontId, Frame, Layout, Margin, RichText, ScrollArea, Sense, Stroke, Ui, vec2,
};

use waxwing_protocol::message::Author;

use super::{
    super::{Action, View, ViewState, icon, theme, time},
    bubble,
};
use crate::desk::{
    conversation::{Conversation, Row, RowKind},
    outbox::Outgoing,
};

pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction().id;
    let mut area =
        ScrollArea::vertical().id_salt(("transcript", interaction)).auto_shrink(false).stick_to_bottom(true);
    if std::mem::take(&mut state.to_newest) {
        area = area.vertical_scroll_offset(f32::MAX);
    }
    let room = ui.available_height();
    let scroll = area.show(ui, |ui| {
        ui.add_space((room - state.transcript_height).max(0.0));
        let frame = Frame::new().inner_margin(Margin { left: 20, right: 20, top: 14, bottom: 14 });
        let rows = frame.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            let mut shown = Rows { view, conversation, state, actions };
            for row in conversation.rows() {
                ui.push_id(row.key, |ui| shown.show(ui, row));
            }
        });
        rows.response.rect.height()
    });
    // A transcript that is shorter than its room stands at the bottom; how high it is, is known once it is laid out.
    if (scroll.inner - state.transcript_height).abs() > 0.5 {
        state.transcript_height = scroll.inner;
        ui.ctx().request_discard("the transcript has another height");
    }
    let below = scroll.content_size.y - scroll.state.unclamped_offset().y - scroll.inner_rect.height();
    if below > 80.0 {
        state.to_newest = to_newest(ui, view, scroll.inner_rect);
    }
}

/// Draws the rows of one transcript.
struct Rows<'a> {
    view: View<'a>,
    conversation: &'a Conversation,
    state: &'a mut ViewState,
    actions: &'a mut Vec<Action>,
}

impl Rows<'_> {
    fn show(&mut self, ui: &mut Ui, row: &Row) {
        let view = self.view;
        match &row.kind {
            RowKind::Day(day) => pill(ui, view, &time::day(*day)),
            RowKind::Joined { name, at } => {
                centred(ui, view, &format!("{name} joined the session · {}", time::of_day(*at)));
            }
            RowKind::Session { mark } => {
                let by = mark.agent.as_ref().map_or(String::new(), |agent| format!(" with {agent}"));
                centred(ui, view, &format!("Session{by} · {}", time::exact(mark.started_at)));
            }
            RowKind::New => new_divider(ui, view),
            RowKind::Message { message, continues } => {
                space_between_authors(ui, *continues);
                match message.author {
                    Author::System => centred(ui, view, &message.fallback),
                    Author::Contact | Author::Agent { .. } => {
                        bubble::message(ui, view, row.key, message, self.actions);
                    }
                }
            }
            RowKind::Outgoing { outgoing, continues } => {
                space_between_authors(ui, *continues);
                self.outgoing(ui, outgoing);
            }
        }
    }

    fn outgoing(&mut self, ui: &mut Ui, outgoing: &Outgoing) {
        let interaction = self.conversation.interaction().id;
        let before = self.actions.len();
        bubble::outgoing(ui, self.view, interaction, outgoing, self.actions);
        if self.actions[before..].iter().any(|action| matches!(action, Action::Discard { .. })) {
            self.state.put_back(interaction, &outgoing.text, self.view.now);
        }
        if let Some(head) = self.conversation.blocked_by()
            && head.client_ref != outgoing.client_ref
        {
            let text = "Waits for the message above: try that again or take it back.";
            ui.with_layout(Layout::top_down(Align::Max), |ui| {
                ui.label(RichText::new(text).size(12.0).color(self.view.theme.muted));
            });
        }
    }
}

fn space_between_authors(ui: &mut Ui, continues: bool) {
    if !continues {
        ui.add_space(4.0);
    }
}

fn centred(ui: &mut Ui, view: View<'_>, text: &str) {
    ui.vertical_centered(|ui| ui.label(RichText::new(text).size(12.0).color(view.theme.muted)));
}

fn pill(ui: &mut Ui, view: View<'_>, text: &str) {
    let galley = ui.painter().layout_no_wrap(
        text.to_owned(),
        FontId::new(12.0, egui::FontFamily::Proportional),
        view.theme.muted,
    );
    let (row, response) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    let rect = Align2::CENTER_CENTER.align_size_within_rect(galley.size() + vec2(20.0, 4.0), row);
    ui.painter().rect_filled(rect, CornerRadius::same(10), view.theme.sunken);
    let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect);
    ui.painter().galley(at.min, galley, view.theme.muted);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, text));
}

fn new_divider(ui: &mut Ui, view: View<'_>) {
    let galley = ui.painter().layout_no_wrap(
        "NEW".to_owned(),
        FontId::new(11.0, theme::semibold()),
        view.theme.overdue,
    );
    let (row, response) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
    let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), row);
    let stroke = Stroke::new(1.0, view.theme.overdue.gamma_multiply(0.5));
    ui.painter().hline(row.left()..=at.left() - 10.0, row.center().y, stroke);
    ui.painter().hline(at.right() + 10.0..=row.right(), row.center().y, stroke);
    ui.painter().galley(at.min, galley, view.theme.overdue);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, "New"));
}

/// A button that leads to the newest message, while the agent reads further up; says whether it was clicked.
fn to_newest(ui: &Ui, view: View<'_>, transcript: egui::Rect) -> bool {
    let centre = transcript.right_bottom() - vec2(40.0, 36.0);
    let rect = egui::Rect::from_center_size(centre, vec2(36.0, 36.0));
    let response = ui.interact(rect, ui.scope_id().with("to newest"), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "To the newest message"));
    ui.painter().circle(centre, 18.0, view.theme.surface, Stroke::new(1.0, view.theme.line));
    ui.painter().text(centre, Align2::CENTER_CENTER, icon::ARROW_DOWN, icon::font(18.0), view.theme.text);
    response.on_hover_text("To the newest message").clicked()
}
