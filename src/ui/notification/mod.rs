//! Notifications: to choose, to fill in, to look at as the contact will, and to send.
//!
//! What is filled in belongs to its conversation and stays while the agent looks at others; it is nowhere but in the window
//! until it is sent. The files chosen for it wait on the desk, which copies them at once.

use std::{collections::BTreeMap, sync::Arc};

use egui::{Event, Frame, Layout, Margin, Panel, RichText, ScrollArea, Stroke, Ui};
use waxwing_protocol::{
    id::{InteractionId, ResponseId},
    interaction::Phase,
    notification::Notification,
    response::Prefilled,
    slot::SlotValue,
    template::Template,
};

use super::{
    Action, View, ViewState,
    side_panel::Tab,
    text::{Ink, Label, Style},
    theme::{self, CARD_RADIUS},
    widgets::button,
};
use crate::desk::{conversation::Conversation, input::Command};

pub(super) mod choosing;
pub(super) mod field;
mod form;
mod list;
mod marked;
mod media;
mod place;
mod preview;
mod rows;
mod words;

use form::{Form, Heights, Held};
use list::List;
use marked::Marked;
use preview::Preview;
use rows::{Keyed, Rows};

/// The most of the room that what the contact will see takes, where it stays in view below the fields.
const PREVIEW: f32 = 0.45;

/// What is being filled in, and what is searched for.
#[derive(Debug, Default)]
pub(super) struct NotificationForms {
    open: BTreeMap<InteractionId, Form>,
    list: List,
    /// A template that a conversation asked for and that is not here.
    missing: Option<(InteractionId, String)>,
}

impl NotificationForms {
    /// Forgets what belongs to interactions that are gone.
    pub(super) fn retain(&mut self, is_here: impl Fn(&InteractionId) -> bool) {
        self.open.retain(|id, _| is_here(id));
    }

    fn begin(&mut self, interaction: InteractionId, form: Form, actions: &mut Vec<Action>) {
        self.missing = None;
        self.open.insert(interaction, form);
        actions.push(Action::Command(Command::DropFormFiles { interaction, slot: None }));
    }
}

/// Begins an empty one, in place of what was being filled in.
pub(super) fn begin(
    state: &mut ViewState,
    conversation: &Conversation,
    template: &Arc<Template>,
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction().id;
    state.notifications.begin(interaction, Form::new(Arc::clone(template)), actions);
    state.side_panel.show(Tab::Notification, interaction);
}

/// Begins the one that a prepared reply carries: field codes are filled in, and what has no value is left to the agent. It
/// counts as a use of `response` once it is sent.
pub(super) fn begin_from(
    state: &mut ViewState,
    (view, conversation): (View<'_>, &Conversation),
    (prefilled, response): (&Prefilled, Option<ResponseId>),
    actions: &mut Vec<Action>,
) {
    let filled = |value: &SlotValue| match value {
        SlotValue::Text { text } => SlotValue::text(view.filled(conversation, text)),
        value => value.clone(),
    };
    let values = prefilled.values.iter().map(|(slot, value)| (slot.clone(), filled(value))).collect();
    let called = (prefilled.name.as_str(), prefilled.language.as_str());
    begin_called(state, (view, conversation), called, actions, |form| {
        form.response = response;
        form.put(&values, view.zone);
        form.leave_blanks();
    });
}

/// Begins a new one with the values of one that was sent, or could not be.
pub(super) fn begin_again(
    state: &mut ViewState,
    view: View<'_>,
    conversation: &Conversation,
    notification: &Notification,
    actions: &mut Vec<Action>,
) {
    let called = (notification.name.as_str(), notification.language.as_str());
    begin_called(state, (view, conversation), called, actions, |form| {
        form.put(&notification.values, view.zone);
    });
}

fn begin_called(
    state: &mut ViewState,
    (view, conversation): (View<'_>, &Conversation),
    (name, language): (&str, &str),
    actions: &mut Vec<Action>,
    fill_in: impl FnOnce(&mut Form),
) {
    let interaction = conversation.interaction();
    state.side_panel.show(Tab::Notification, interaction.id);
    let found = view.desk.library().template_called((name, language), interaction.business_number.id);
    if let Some(template) = found {
        let mut form = Form::new(Arc::clone(template));
        fill_in(&mut form);
        form.begin_at_first_gap(view.zone);
        state.notifications.begin(interaction.id, form, actions);
    } else {
        state.notifications.open.remove(&interaction.id);
        let language = super::languages::name(language);
        state.notifications.missing = Some((interaction.id, format!("{name} in {language}")));
    }
}

/// What comes of a frame of a form.
enum Ended {
    /// It goes on.
    Not,
    /// It is given up.
    Cancelled,
    /// It is sent as it stands.
    Sent(Held),
}

/// Draws the tab.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction().id;
    let takes_focus = state.side_panel.take_focus(interaction);
    let Some(mut form) = state.notifications.open.remove(&interaction) else {
        choose(ui, (view, conversation), state, takes_focus, actions);
        return;
    };
    if takes_focus && form.focus.is_none() {
        form.begin_at_first_gap(view.zone);
    }
    hold_keys(ui, &mut form);
    let escaped = state.side_panel.takes_escape(ui.ctx());
    let ended = fill_in(ui, (view, conversation), &mut form, actions);
    let ended = if escaped { Ended::Cancelled } else { ended };
    match ended {
        Ended::Not => {
            state.notifications.open.insert(interaction, form);
            return;
        }
        Ended::Cancelled => {
            actions.push(Action::Command(Command::DropFormFiles { interaction, slot: None }));
        }
        Ended::Sent(held) => {
            let notification = Box::new(form.filled(held));
            actions.push(Action::SendNotification { interaction, notification });
            state.to_newest = true;
        }
    }
    state.side_panel.make_room();
    state.focus_composer = Some(interaction);
}

/// Keys that are pressed while the focus goes from one field to the next wait for that field, however slow a frame is.
fn hold_keys(ui: &Ui, form: &mut Form) {
    if form.focus.is_some() && !form.entries.is_empty() {
        ui.input_mut(|input| {
            let (typed, others) = std::mem::take(&mut input.events).into_iter().partition(is_typed);
            input.events = others;
            form.later.extend::<Vec<_>>(typed);
        });
    } else {
        ui.input_mut(|input| drop(input.events.splice(0..0, form.later.drain(..))));
    }
    if !form.later.is_empty() {
        ui.ctx().request_repaint();
    }
}

const fn is_typed(event: &Event) -> bool {
    matches!(event, Event::Text(_) | Event::Key { .. } | Event::Ime(_) | Event::Paste(_))
}

fn choose(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    state: &mut ViewState,
    mut takes_focus: bool,
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction().id;
    if let Some((_, name)) = state.notifications.missing.as_ref().filter(|(held, _)| *held == interaction) {
        let words = format!("The template {name} is not there for this number.");
        banner(ui, view, &words);
        ui.add_space(8.0);
    }
    if state.notifications.list.is_searched() && state.side_panel.takes_escape(ui.ctx()) {
        state.notifications.list.forget_words();
        takes_focus = true;
    }
    let chosen = state.notifications.list.show(ui, (view, conversation), takes_focus, actions);
    if let Some(template) = chosen {
        begin(state, conversation, &template, actions);
    }
}

/// A sentence that stands out.
fn banner(ui: &mut Ui, view: View<'_>, words: &str) {
    let frame =
        Frame::new().fill(view.theme.late_soft).corner_radius(8).inner_margin(Margin::symmetric(10, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.add(egui::Label::new(RichText::new(words).size(12.0).color(view.theme.late)).wrap());
    });
}

fn heading(ui: &mut Ui, view: View<'_>, name: &str) {
    ui.add_space(8.0);
    let words = RichText::new(name.to_uppercase()).size(11.0).family(theme::semibold());
    ui.label(words.color(view.theme.faint));
}

/// The form: what it is, its text, its fields, how it will look, and the way out.
fn fill_in(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    form: &mut Form,
    actions: &mut Vec<Action>,
) -> Ended {
    let held = form.held(view, conversation);
    let foot = Panel::bottom("notification foot")
        .frame(Frame::new().inner_margin(Margin { top: 10, ..Margin::ZERO }));
    let ended = foot.show_separator_line(false).show(ui, |ui| ways_out(ui, (view, conversation), form, held));
    let (mut ended, held) = ended.inner;
    let mut keyed = Keyed::Nothing;
    let follows = form.card.filter(|card| form.shown != Some(*card));
    form.shown = form.card;
    let room = ui.available_height();
    let Heights { fields, preview } = form.heights;
    // Where not all of it is seen at once, what the contact will see stays in view below the fields.
    let stays = fields + preview > room;
    if stays {
        let height = preview.min((room * PREVIEW).round());
        let frame = Frame::new().inner_margin(Margin { top: 4, ..Margin::ZERO });
        Panel::bottom("notification preview").frame(frame).exact_size(height).show(ui, |ui| {
            ScrollArea::vertical().id_salt("preview").auto_shrink(false).show(ui, |ui| {
                form.heights.preview = seen(ui, (view, conversation), (form, &held, follows), actions);
            });
        });
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        let top = ui.cursor().top();
        title(ui, (view, conversation), form);
        heading(ui, view, "Body");
        body(ui, view, form);
        if !form.entries.is_empty() {
            heading(ui, view, "Parameters");
            let later = Vec::new();
            let mut rows = Rows { view, conversation, held: &held, keyed: Keyed::Nothing, later };
            rows.show(ui, form, actions);
            keyed = rows.keyed;
            form.later.append(&mut rows.later);
        }
        form.heights.fields = ui.cursor().top() - top;
        if !stays {
            form.heights.preview = seen(ui, (view, conversation), (form, &held, follows), actions);
        }
    });
    if stays != (form.heights.fields + form.heights.preview > room) {
        ui.ctx().request_discard("what the contact will see has another place");
    }
    match keyed {
        Keyed::Next(entry) => form.go_to(entry),
        // Of the values as they are now: the last letter may have been typed in this frame.
        Keyed::Send => ended = send(form, (view, conversation)),
        Keyed::Nothing => {}
    }
    ended
}

/// What the contact will see; says how high that is, in points.
fn seen(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    (form, held, follows): (&Form, &Held, Option<u8>),
    actions: &mut Vec<Action>,
) -> f32 {
    let top = ui.cursor().top();
    ui.spacing_mut().item_spacing.y = 6.0;
    heading(ui, view, "What the contact will see");
    Preview { view, conversation, form, held, follows }.show(ui, actions);
    ui.add_space(4.0);
    ui.cursor().top() - top
}

/// Sends it if nothing stands in the way, else says what does.
fn send(form: &mut Form, (view, conversation): (View<'_>, &Conversation)) -> Ended {
    let held = form.held(view, conversation);
    if form.obstacle(&held).is_none() && conversation.interaction().phase == Phase::Open {
        return Ended::Sent(held);
    }
    form.tried = true;
    let first = held.problems.first().map(|(slot, _)| slot);
    if let Some(entry) =
        first.and_then(|slot| form.entries.iter().position(|entry| entry.wanted.slot == *slot))
    {
        form.go_to(entry);
    }
    Ended::Not
}

fn title(ui: &mut Ui, (view, conversation): (View<'_>, &Conversation), form: &Form) {
    let theme = view.theme;
    ui.add(Label::new(&form.template.name, Style::new(15.0).semibold(), Ink::of(theme)));
    let number = &conversation.interaction().business_number;
    let about = words::whole_line(&form.template, number);
    let line = ui.add(Label::new(&about, Style::new(12.0), Ink::of(theme).with_text(theme.muted)));
    line.on_hover_text(words::cost(form.template.category));
    if let Some(why) = words::why_not(&form.template) {
        banner(ui, view, &why);
    }
}

/// The text of the template with its places numbered.
fn body(ui: &mut Ui, view: View<'_>, form: &Form) {
    use waxwing_protocol::slot::{Mark, Place};
    let frame = Frame::new()
        .stroke(Stroke::new(1.0, view.theme.line))
        .corner_radius(CARD_RADIUS)
        .inner_margin(Margin::symmetric(12, 9));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        let place = |mark: &str| {
            let entry = form.entry_of(None, &Place::Body(Mark::new(mark)));
            let number = entry.and_then(|entry| entry.number).map(|number| number.to_string());
            marked::Place::Blank(number.unwrap_or_else(|| mark.to_owned()))
        };
        Marked::formatted(&form.template.body.text, &place).show(ui, view, Style::new(14.0));
    });
}

/// *Cancel* and *Send*, and what still stands in the way.
fn ways_out(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    form: &mut Form,
    held: Held,
) -> (Ended, Held) {
    let obstacle = match conversation.interaction().phase {
        Phase::Open => form.obstacle(&held),
        _ => Some("This interaction is not open.".to_owned()),
    };
    if let Some(obstacle) = &obstacle {
        let ink = Ink::of(view.theme).with_text(view.theme.muted);
        ui.add(Label::new(obstacle, Style::new(12.0), ink));
    }
    let layout = Layout::right_to_left(egui::Align::Center);
    let (sent, cancelled) = ui
        .with_layout(layout, |ui| {
            let send = button::primary(ui, view.theme, "Send", obstacle.is_none());
            let send = match &obstacle {
                Some(obstacle) => send.on_disabled_hover_text(obstacle),
                None => send.on_hover_text(words::cost(form.template.category)),
            };
            let cancel = button::plain(ui, "Cancel");
            if form.entries.iter().all(|entry| !entry.takes_keys()) && form.focus.take().is_some() {
                // There is nothing to type, and no letter is to go to the contact unseen.
                cancel.request_focus();
            }
            (send.clicked(), cancel.clicked())
        })
        .inner;
    match (sent && obstacle.is_none(), cancelled) {
        (true, _) => (Ended::Sent(held), Held::default()),
        (false, true) => (Ended::Cancelled, held),
        (false, false) => (Ended::Not, held),
    }
}
