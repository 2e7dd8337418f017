//! Everything with one contact: at the side of a conversation and in the directory. What is chosen is read in its place, so the
//! conversation and what is being written in it stay as they are.

use std::collections::HashMap;

use egui::{Frame, Margin, RichText, Ui, ViewportId};
use waxwing_protocol::{
    contact::Contact,
    id::{ContactId, InteractionId},
};

use super::{
    super::{Action, View, ViewState, icon, theme, widgets::button},
    card::Heading,
    list, reading,
};
use crate::desk::{
    input::Command,
    past::{PastList, PastWish},
};

/// What the window remembers of it.
#[derive(Debug, Default)]
pub(in crate::ui) struct ContactHistory {
    /// What is read, and of whom.
    reading: Option<(ContactId, InteractionId)>,
    sight: reading::Sight,
    asked: reading::Asked,
    /// In which frame of which window whose history was seen last.
    seen: HashMap<(ContactId, ViewportId), u64>,
}

/// With whom, and from where it is looked at.
#[derive(Debug, Clone, Copy)]
pub(in crate::ui) struct Whose<'a> {
    pub(in crate::ui) contact: &'a Contact,
    /// The interaction beside which it stands.
    pub(in crate::ui) beside: Option<InteractionId>,
}

/// Draws it.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    view: View<'_>,
    whose: Whose<'_>,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let contact = whose.contact.id;
    look(ui, view, contact, &mut state.history.of_contact, actions);
    let reading = state.history.of_contact.reading.filter(|(held, _)| *held == contact);
    let Some((_, id)) = reading else {
        sessions(ui, view, whose, state, actions);
        return;
    };
    ui.horizontal(|ui| {
        if button::icon(ui, view.theme, icon::CHEVRON_LEFT, "Back to all interactions").clicked() {
            state.history.of_contact.reading = None;
            actions.push(Action::Command(Command::CloseReview));
        }
        ui.label(RichText::new("Past interaction").family(theme::semibold()));
    });
    if state.history.of_contact.reading.is_some() {
        let ContactHistory { mut sight, mut asked, .. } = state.history.of_contact;
        let one = reading::One { id, hit: None, sight: &mut sight, asked: &mut asked };
        reading::show_one(ui, view, one, state, actions);
        let of_contact = &mut state.history.of_contact;
        (of_contact.sight, of_contact.asked) = (sight, asked);
    }
}

/// Asks for it, when it is somebody else's or the agent comes back.
fn look(ui: &Ui, view: View<'_>, contact: ContactId, state: &mut ContactHistory, actions: &mut Vec<Action>) {
    let frame = ui.ctx().cumulative_frame_nr();
    let list = PastList::Of(contact);
    let before = state.seen.insert((contact, ui.ctx().viewport_id()), frame);
    let goes_on = before.is_some_and(|seen| seen + 1 >= frame);
    if view.desk.past().list(list).is_none() {
        actions.push(Action::Command(Command::Past(PastWish::Look { list, wanted: Box::default() })));
    } else if !goes_on {
        actions.push(Action::Command(Command::Past(PastWish::LookAgain(list))));
    }
}

fn sessions(ui: &mut Ui, view: View<'_>, whose: Whose<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let words = RichText::new("PAST INTERACTIONS").size(11.0).family(theme::semibold());
        ui.label(words.color(view.theme.faint));
    });
    let shown = list::Shown {
        list: PastList::Of(whose.contact.id),
        heading: Heading::About,
        selected: whose.beside,
        words: "",
    };
    if let Some((interaction, hit)) = list::show(ui, view, shown, actions)
        && Some(interaction) != whose.beside
    {
        let of_contact = &mut state.history.of_contact;
        of_contact.reading = Some((whose.contact.id, interaction));
        (of_contact.sight, of_contact.asked) = (reading::Sight::Transcript, reading::Asked::now(ui));
        reading::ask(interaction, hit, actions);
    }
}

/// The same with a margin of its own, as a tab of the directory.
pub(in crate::ui) fn show_framed(
    ui: &mut Ui,
    view: View<'_>,
    whose: Whose<'_>,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    Frame::new().inner_margin(Margin::symmetric(16, 12)).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        show(ui, view, whose, state, actions);
    });
}
