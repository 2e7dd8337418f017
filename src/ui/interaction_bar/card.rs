//! One interaction in the bar: avatar with a ring while the contact waits, name, last line, indicator or time, count.

use egui::{
    Align, Align2, Color32, CornerRadius, Layout, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};

use waxwing_protocol::{interaction::Phase, message::Body};

use super::super::{
    Action, View, ViewState, icon,
    interaction::{in_short, leaving_in_short, notification_in_short},
    text::{self, Ink, Style, Words, Wrap, markup},
    time,
    widgets::{avatar, count_badge, focus_ring, pending_badge},
};
use crate::desk::{conversation::Conversation, input::Command, phones};

const HEIGHT: f32 = 61.0;

/// One interaction in the bar.
#[derive(Clone, Copy)]
pub(super) struct Card<'a> {
    pub(super) view: View<'a>,
    pub(super) conversation: &'a Conversation,
    /// Whether it is in a window of its own.
    pub(super) is_out: bool,
    /// Only the avatar.
    pub(super) compact: bool,
    /// Of which number of ours it is, where the contact has several open ones.
    pub(super) number: Option<&'a str>,
}

impl Card<'_> {
    /// Draws it; a click goes to the interaction.
    pub(super) fn show(self, ui: &mut Ui, state: &mut ViewState, actions: &mut Vec<Action>) {
        let Self { view, conversation, is_out, compact, number } = self;
        let interaction = conversation.interaction();
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
        let name = phones::title(&interaction.contact);
        let title = number.map_or_else(|| name.clone(), |number| format!("{name} · {number}"));
        let told = match pending_badge::waiting(view, conversation) {
            Some((waited, stage)) => {
                format!("{title}, {} {}", pending_badge::words(stage), time::clock(waited))
            }
            None if self.has_ended() => format!("{title}, ended"),
            None => title.clone(),
        };
        let told = if is_out { format!("{told}, in a window of its own") } else { told };
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, self.is_active(), &told));
        if response.clicked() {
            state.focus_composer = Some(interaction.id);
            actions.push(Action::Command(Command::Activate(Some(interaction.id))));
        }
        self.ground(ui, rect, response.hovered() || response.has_focus());
        focus_ring(ui, self.view, &response, (rect, 0));
        self.face(ui, pos2(rect.left() + 33.0, rect.center().y), &name);
        if compact {
            response.on_hover_text(told);
        } else {
            self.words(ui, rect, &title, state.typed(interaction.id));
        }
    }

    fn is_active(self) -> bool {
        self.view
            .desk
            .active()
            .is_some_and(|active| active.interaction().id == self.conversation.interaction().id)
    }

    /// Whether there is only the work after it.
    fn has_ended(self) -> bool {
        self.conversation.interaction().phase == Phase::Ended
    }

    fn ground(self, ui: &Ui, rect: Rect, pointed_at: bool) {
        let theme = self.view.theme;
        let ground = match (self.is_active(), pointed_at) {
            (true, _) => theme.accent_soft,
            (false, true) => theme.sunken,
            (false, false) => theme.surface,
        };
        ui.painter().rect_filled(rect, CornerRadius::ZERO, ground);
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line));
        if self.is_active() {
            let edge = Rect::from_min_max(rect.min, pos2(rect.left() + 3.0, rect.bottom()));
            ui.painter().rect_filled(edge, CornerRadius::ZERO, theme.accent);
        }
    }

    fn face(self, ui: &Ui, centre: egui::Pos2, name: &str) {
        let view = self.view;
        let ring = pending_badge::waiting(view, self.conversation).map(|(_, stage)| {
            let colour = pending_badge::ring(view, stage);
            if pending_badge::is_dimmed(ui, view, stage) { colour.gamma_multiply(0.35) } else { colour }
        });
        let ground = view.theme.avatar(self.conversation.interaction().contact.id.uuid().as_u128());
        let front = Ink::of(view.theme).with_text(view.theme.on_avatar);
        avatar::paint(ui, centre, avatar::Avatar { name, ground, front, ring, size: 40.0 });
    }

    fn words(self, ui: &mut Ui, rect: Rect, title: &str, typed: Option<&str>) {
        let Self { view, conversation, .. } = self;
        let inner = Rect::from_min_max(
            pos2(rect.left() + 63.0, rect.top() + 10.0),
            pos2(rect.right() - 12.0, rect.bottom() - 9.0),
        );
        let top = Rect::from_min_max(inner.min, pos2(inner.right(), inner.top() + 20.0));
        let bottom = Rect::from_min_max(pos2(inner.left(), inner.top() + 21.0), inner.max);
        let badge_width = right_end(ui, top, |ui| {
            if pending_badge::show(ui, view, conversation).is_none() {
                self.when(ui);
            }
            if self.is_out {
                ui.label(icon::text(icon::WINDOW, 14.0).color(view.theme.muted))
                    .on_hover_text("In a window of its own");
            }
        });
        let unread = conversation.unread();
        let count_width = right_end(ui, bottom, |ui| {
            if unread > 0 {
                let told = format!("{unread} not seen");
                let badge = count_badge::show(ui, view, unread);
                badge.widget_info(|| WidgetInfo::labeled(Role::Label, true, &told));
            }
        });
        let name = Words::plain(title, Style::new(14.0).semibold());
        line(ui, top, badge_width, &name, Ink::of(view.theme));
        let LastLine { icon, said, colour } = self.last_line(typed);
        let mut room = bottom;
        if let Some(icon) = icon {
            let galley = ui.painter().layout_no_wrap(icon.to_string(), icon::font(14.0), colour);
            let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), bottom);
            room.min.x = at.right() + 5.0;
            ui.painter().galley(at.min, galley, colour);
        }
        let small = Words::plain(&said, Style::new(13.0));
        line(ui, room, count_width, &small, Ink::of(view.theme).with_text(colour));
    }

    /// When something was said last, or that there is only the work after it.
    fn when(self, ui: &mut Ui) {
        let Self { view, conversation, .. } = self;
        let small = |words: String| RichText::new(words).size(12.0).color(view.theme.muted);
        if self.has_ended() {
            let told = "The session has ended; the interaction is not done yet";
            ui.label(small("Ended".to_owned())).on_hover_text(told);
        } else if let Some(message) = conversation.last_message() {
            let when = ui.label(small(view.ago(message.sent_at)));
            when.on_hover_text(view.exact(message.sent_at));
        }
    }

    /// What the card says under the name.
    fn last_line(self, typed: Option<&str>) -> LastLine {
        let (conversation, theme) = (self.conversation, self.view.theme);
        let words = |said: String, colour| LastLine { icon: None, said, colour };
        let draft = typed.unwrap_or_else(|| conversation.draft().text.as_str());
        if !self.is_active() && !draft.trim().is_empty() {
            return words(format!("Draft: {}", one_line(draft)), theme.accent);
        }
        let files = conversation.strip().len();
        if !self.is_active() && files > 0 {
            let said = if files == 1 { "Draft: a file".to_owned() } else { format!("Draft: {files} files") };
            return LastLine { icon: Some(icon::PAPERCLIP), said, colour: theme.accent };
        }
        if let Some(outgoing) = conversation.last_outgoing() {
            let (icon, said) = match leaving_in_short(outgoing) {
                Some((icon, said)) => (Some(icon), said),
                None => (None, outgoing.text().to_owned()),
            };
            return LastLine { icon, said: format!("You: {}", one_line(&said)), colour: theme.muted };
        }
        let Some(message) = conversation.last_message() else { return words(String::new(), theme.muted) };
        let failed = message.delivery.as_ref().is_some_and(|state| state.delivery.is_failed());
        let (icon, said) = match &message.body {
            Body::Media(media) => {
                let (icon, said) = in_short(media);
                (Some(icon), one_line(&said))
            }
            Body::Notification(notification) => {
                let (icon, said) = notification_in_short(notification);
                (Some(icon), one_line(&said))
            }
            _ => (None, one_line(&message.fallback)),
        };
        let is_closed = conversation.interaction().window.left(self.view.now).is_none();
        let (said, colour) = match (message.is_by_contact(), failed) {
            (_, false) if is_closed => (format!("Window closed · {said}"), theme.muted),
            (_, true) => (format!("Not sent: {said}"), theme.overdue),
            (true, _) => (said, theme.muted),
            (false, _) => (format!("You: {said}"), theme.muted),
        };
        LastLine { icon, said, colour }
    }
}

/// What a card says under the name.
struct LastLine {
    /// What stands before it.
    icon: Option<char>,
    said: String,
    colour: Color32,
}

/// Draws something at the right end of a line and says how wide it is.
fn right_end(ui: &mut Ui, line: Rect, add: impl FnOnce(&mut Ui)) -> f32 {
    let layout = Layout::right_to_left(Align::Center);
    let mut end = ui.new_child(egui::UiBuilder::new().max_rect(line).layout(layout));
    add(&mut end);
    end.min_rect().width()
}

fn one_line(text: &str) -> String {
    let start: String = text.chars().take(400).collect();
    markup::plain(&start).chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// One line of text that ends in an ellipsis where the room does; `taken` is what stands at its right end.
fn line(ui: &Ui, rect: Rect, taken: f32, words: &Words<'_>, ink: Ink) {
    let galley = text::layout(ui.ctx(), words, Wrap::one_row((rect.width() - taken - 6.0).max(10.0)));
    let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect);
    galley.paint(ui.painter(), at.min, &ink);
}
