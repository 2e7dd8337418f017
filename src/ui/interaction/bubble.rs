//! One message in its bubble: the contact's left, ours right, the time and the ticks at the end of the last line.

use chrono::{DateTime, Utc};
use egui::{
    Align, CornerRadius, FontFamily, FontId, Label, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, Vec2,
    WidgetInfo, pos2, text::LayoutJob, vec2,
};
use waxwing_protocol::{
    delivery::{Delivery, DeliveryFailure},
    id::InteractionId,
    message::{Author, Body, Forwarded, Message},
};

use super::{
    super::{Action, View, icon, theme, time, widgets::button},
    ticks,
};
use crate::desk::{
    conversation::RowKey,
    outbox::{Outgoing, OutgoingState},
};

/// How wide a bubble is at most, as a part of the transcript.
const WIDEST: f32 = 0.66;
const PADDING: Vec2 = vec2(11.0, 7.0);

/// What a bubble shows, whichever kind of message it comes from.
struct Bubble<'a> {
    ours: bool,
    text: &'a str,
    /// Above the text: who is quoted, what was forwarded.
    quote: Option<&'a str>,
    hint: Option<&'static str>,
    at: DateTime<Utc>,
    tick: Option<ticks::Tick>,
    reactions: String,
    plain: bool,
}

/// Draws a message that the gateway has.
pub(super) fn message(
    ui: &mut Ui,
    view: View<'_>,
    key: RowKey,
    message: &Message,
    actions: &mut Vec<Action>,
) {
    let ours = matches!(message.author, Author::Agent { .. });
    let failure = match message.delivery.as_ref().map(|state| &state.delivery) {
        Some(Delivery::Failed(failure)) => Some(failure),
        _ => None,
    };
    let bubble = Bubble {
        ours,
        text: words(message),
        quote: message.quote.as_ref().map(|quote| quote.excerpt.as_str()),
        hint: message.forwarded.map(|forwarded| match forwarded {
            Forwarded::Forwarded => "Forwarded",
            Forwarded::Frequently => "Forwarded many times",
        }),
        at: message.sent_at,
        tick: message.delivery.as_ref().map(|state| ticks::of(&state.delivery, view.theme)),
        reactions: message.reactions.iter().map(|reaction| reaction.emoji.as_str()).collect(),
        plain: matches!(message.body, Body::Text { .. }),
    };
    bubble.show(ui, view);
    if let Some(failure) = failure {
        failed(ui, view, failure, |ui| {
            if failure.can_retry && button::plain(ui, "Try again").clicked() {
                actions.push(Action::Retry { interaction: message.interaction, row: key });
            }
        });
    }
}

/// Draws a message that the gateway does not have yet.
pub(super) fn outgoing(
    ui: &mut Ui,
    view: View<'_>,
    to: InteractionId,
    outgoing: &Outgoing,
    actions: &mut Vec<Action>,
) {
    let row = RowKey::Ours(outgoing.client_ref);
    let delivery = match &outgoing.state {
        OutgoingState::Refused(failure) => Delivery::Failed(failure.clone()),
        OutgoingState::Waiting { .. } | OutgoingState::InFlight { .. } => Delivery::Queued,
    };
    Bubble {
        ours: true,
        text: &outgoing.text,
        quote: outgoing.quote.as_ref().map(|quote| quote.excerpt.as_str()),
        hint: None,
        at: outgoing.written_at,
        tick: Some(ticks::of(&delivery, view.theme)),
        reactions: String::new(),
        plain: true,
    }
    .show(ui, view);
    match &outgoing.state {
        OutgoingState::Refused(failure) => failed(ui, view, failure, |ui| {
            if failure.can_retry && button::plain(ui, "Try again").clicked() {
                actions.push(Action::Retry { interaction: to, row });
            }
            if button::plain(ui, "Take back").on_hover_text("Puts the words back into the composer").clicked()
            {
                actions.push(Action::Discard { interaction: to, row });
            }
        }),
        OutgoingState::Waiting { tries, next_at } if *tries > 0 => {
            ui.with_layout(Layout::top_down(Align::Max), |ui| {
                let text = format!("Kept here; {}", time::next_try(*next_at, view.now));
                ui.label(RichText::new(text).size(12.0).color(view.theme.muted));
            });
        }
        OutgoingState::Waiting { .. } | OutgoingState::InFlight { .. } => {}
    }
}

/// What stands in the bubble: the words, or what the gateway wrote for kinds that are not drawn yet.
fn words(message: &Message) -> &str {
    match &message.body {
        Body::Text { text } => text,
        _ => &message.fallback,
    }
}

/// Under a message that did not get through: why, what to do, and the buttons for it.
fn failed(ui: &mut Ui, view: View<'_>, failure: &DeliveryFailure, buttons: impl FnOnce(&mut Ui)) {
    let widest = ui.available_width() * WIDEST;
    ui.with_layout(Layout::top_down(Align::Max), |ui| {
        ui.set_max_width(widest);
        let code = failure.code.map_or(String::new(), |code| format!(" (WhatsApp error {code})"));
        let text = format!("{}{code} {}", failure.reason, failure.advice);
        ui.add(Label::new(RichText::new(text).size(12.0).color(view.theme.overdue)).wrap());
        ui.with_layout(Layout::right_to_left(Align::Min), buttons);
    });
}

impl Bubble<'_> {
    fn show(&self, ui: &mut Ui, view: View<'_>) {
        let widest = (ui.available_width() * WIDEST).max(120.0);
        let inner_widest = widest - 2.0 * PADDING.x;
        let stamp = self.stamp(view);
        let stamp = ui.painter().layout_job(stamp);
        let body = ui.painter().layout_job(self.job(view, inner_widest));
        let last_row = body.rows.last().map_or(0.0, |row| row.rect().width());
        let gap = 10.0;
        let beside =
            body.rows.len() <= 1 || last_row + gap + stamp.size().x <= body.size().x.max(inner_widest * 0.5);
        let fits = last_row + gap + stamp.size().x <= inner_widest;
        let inline = beside && fits;
        let width = if inline {
            body.size().x.max(last_row + gap + stamp.size().x)
        } else {
            body.size().x.max(stamp.size().x)
        };
        let head = self.head_height();
        let below = if inline { 0.0 } else { stamp.size().y + 2.0 };
        let size = vec2(width + 2.0 * PADDING.x, head + body.size().y + below + 2.0 * PADDING.y - 2.0);
        let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), size.y), Sense::hover());
        let left = if self.ours { row.right() - size.x } else { row.left() };
        let rect = Rect::from_min_size(pos2(left, row.top()), size);
        self.ground(ui, view, rect);
        let mut top = rect.top() + PADDING.y;
        top += self.head(ui, view, pos2(rect.left() + PADDING.x, top), width);
        let text_rect = Rect::from_min_size(pos2(rect.left() + PADDING.x, top), body.size() + vec2(1.0, 0.0));
        ui.scope_builder(UiBuilder::new().max_rect(text_rect), |ui| {
            ui.add(Label::new(body).selectable(true))
        });
        let stamp_at = rect.max - PADDING - stamp.size() + vec2(0.0, 3.0);
        self.stamp_at(ui, view, Rect::from_min_size(stamp_at, stamp.size()), stamp);
        self.reactions(ui, view, rect);
    }

    fn ground(&self, ui: &Ui, view: View<'_>, rect: Rect) {
        let round = theme::BUBBLE_RADIUS;
        let corners = if self.ours {
            CornerRadius { nw: round, ne: round, sw: round, se: 4 }
        } else {
            CornerRadius { nw: round, ne: round, sw: 4, se: round }
        };
        let fill = if self.ours { view.theme.bubble_out } else { view.theme.bubble_in };
        ui.painter().rect_filled(
            rect.translate(vec2(0.0, 1.0)),
            corners,
            view.theme.shadow.gamma_multiply(0.6),
        );
        ui.painter().rect_filled(rect, corners, fill);
    }

    fn job(&self, view: View<'_>, widest: f32) -> LayoutJob {
        let colour = if self.plain { view.theme.text } else { view.theme.muted };
        let mut job = LayoutJob::simple(
            self.text.to_owned(),
            FontId::new(14.0, FontFamily::Proportional),
            colour,
            widest,
        );
        for section in &mut job.sections {
            section.format.line_height = Some(20.0);
        }
        job
    }

    const fn head_height(&self) -> f32 {
        let quote = if self.quote.is_some() { 28.0 } else { 0.0 };
        let hint = if self.hint.is_some() { 16.0 } else { 0.0 };
        quote + hint
    }

    fn head(&self, ui: &Ui, view: View<'_>, at: egui::Pos2, width: f32) -> f32 {
        let mut top = 0.0;
        let small = FontId::new(12.0, FontFamily::Proportional);
        if let Some(hint) = self.hint {
            ui.painter().text(at, egui::Align2::LEFT_TOP, hint, small.clone(), view.theme.muted);
            top += 16.0;
        }
        if let Some(quote) = self.quote {
            let rect = Rect::from_min_size(at + vec2(0.0, top), vec2(width, 24.0));
            ui.painter().rect_filled(rect, CornerRadius::same(6), view.theme.accent.gamma_multiply(0.12));
            let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            ui.painter().rect_filled(edge, CornerRadius::same(1), view.theme.accent);
            let mut job = LayoutJob::simple_singleline(quote.to_owned(), small, view.theme.muted);
            job.wrap = egui::text::TextWrapping::truncate_at_width(width - 16.0);
            let galley = ui.painter().layout_job(job);
            ui.painter().galley(rect.min + vec2(9.0, 4.0), galley, view.theme.muted);
            top += 28.0;
        }
        top
    }

    fn stamp(&self, view: View<'_>) -> LayoutJob {
        let mut job = LayoutJob::default();
        let format = |font, colour| egui::TextFormat {
            valign: Align::Center,
            ..egui::TextFormat::simple(font, colour)
        };
        let small = FontId::new(11.0, FontFamily::Proportional);
        job.append(&time::of_day(self.at), 0.0, format(small, view.theme.muted));
        if let Some(tick) = self.tick {
            job.append(&tick.icon.to_string(), 4.0, format(icon::font(13.0), tick.colour));
        }
        job
    }

    fn stamp_at(&self, ui: &mut Ui, view: View<'_>, rect: Rect, galley: std::sync::Arc<egui::Galley>) {
        ui.painter().galley(rect.min, galley, view.theme.muted);
        let id = ui.next_auto_id().with("stamp");
        ui.skip_ahead_auto_ids(1);
        let response = ui.interact(rect, id, Sense::hover());
        let exact = time::exact(self.at);
        let told = self.tick.map_or_else(|| exact.clone(), |tick| format!("{} · {exact}", tick.words));
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &told));
        response.on_hover_text(told);
    }

    fn reactions(&self, ui: &mut Ui, view: View<'_>, rect: Rect) {
        if self.reactions.is_empty() {
            return;
        }
        let font = FontId::new(13.0, FontFamily::Proportional);
        let galley = ui.painter().layout_no_wrap(self.reactions.clone(), font, view.theme.text);
        ui.add_space(12.0);
        let at = pos2(rect.left() + 12.0, rect.bottom() - 6.0);
        let pill = Rect::from_min_size(at, galley.size() + vec2(12.0, 4.0));
        ui.painter().rect_filled(pill, CornerRadius::same(10), view.theme.surface);
        let stroke = egui::Stroke::new(1.0, view.theme.line);
        ui.painter().rect_stroke(pill, CornerRadius::same(10), stroke, egui::StrokeKind::Inside);
        ui.painter().galley(pill.min + vec2(6.0, 2.0), galley, view.theme.text);
    }
}
