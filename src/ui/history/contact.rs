//! Everything with one contact: at the side of a conversation, of a workbin and in the directory. What is chosen is read in its place, so the
//! conversation and what is being written in it stay as they are.

use std::collections::HashMap;

use egui::{Frame, Margin, RichText, Ui, ViewportId};
use waxwing_protocol::{
    contact::Contact,
    id::{ContactId, InteractionId, MessageId},
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
    reading: Option<(ContactId, Reading)>,
    /// In which frame of which window whose history was seen last.
    seen: HashMap<(ContactId, ViewportId), u64>,
}

/// A past interaction that is read in the place of what stands there else.
#[derive(Debug, Clone, Copy)]
pub(in crate::ui) struct Reading {
    interaction: InteractionId,
    sight: reading::Sight,
    asked: reading::Asked,
}

impl Reading {
    /// Asks for an interaction to be read.
    pub(in crate::ui) fn ask(ui: &Ui, (interaction, hit): Chosen, actions: &mut Vec<Action>) -> Self {
        reading::ask(interaction, hit, actions);
        Self { interaction, sight: reading::Sight::Transcript, asked: reading::Asked::now(ui) }
    }

    /// Which.
    pub(in crate::ui) const fn interaction(&self) -> InteractionId {
        self.interaction
    }

    /// Draws it, under a line that leads back; says whether the agent goes back.
    pub(in crate::ui) fn show(
        &mut self,
        ui: &mut Ui,
        (view, back): (View<'_>, &str),
        state: &mut ViewState,
        actions: &mut Vec<Action>,
    ) -> bool {
        let line = ui.horizontal(|ui| {
            let goes_back = button::icon(ui, view.theme, icon::CHEVRON_LEFT, back).clicked();
            ui.label(RichText::new("Past interaction").family(theme::semibold()));
            goes_back
        });
        let Self { interaction, sight, asked } = self;
        if !line.inner {
            let one = reading::One { id: *interaction, hit: None, sight, asked };
            reading::show_one(ui, view, one, state, actions);
        }
        line.inner
    }
}

/// What was chosen in a list, and the hit in it.
pub(in crate::ui) type Chosen = (InteractionId, Option<MessageId>);

/// With whom, and from where it is looked at.
#[derive(Debug, Clone, Copy)]
pub(in crate::ui) struct Whose<'a> {
    pub(in crate::ui) contact: &'a Contact,
    /// The interaction that is seen already.
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
    let reading = state.history.of_contact.reading.filter(|(held, _)| *held == contact);
    let Some((_, mut reading)) = reading else {
        if let Some(chosen) = sessions(ui, view, whose, &mut state.history.of_contact, actions) {
            state.history.of_contact.reading = Some((contact, Reading::ask(ui, chosen, actions)));
        }
        return;
    };
    look(ui, view, contact, &mut state.history.of_contact, actions);
    let goes_back = reading.show(ui, (view, "Back to all interactions"), state, actions);
    state.history.of_contact.reading = (!goes_back).then_some((contact, reading));
    if goes_back {
        actions.push(Action::Command(Command::CloseReview));
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

/// The list of them; says what was chosen that is not seen already.
pub(in crate::ui) fn sessions(
    ui: &mut Ui,
    view: View<'_>,
    whose: Whose<'_>,
    state: &mut ContactHistory,
    actions: &mut Vec<Action>,
) -> Option<Chosen> {
    look(ui, view, whose.contact.id, state, actions);
    ui.horizontal(|ui| {
        let words = RichText::new("PAST INTERACTIONS").size(11.0).family(theme::semibold());
        ui.label(words.color(view.theme.faint));
    });
    let list = PastList::Of(whose.contact.id);
    let (heading, selected) = (Heading::About, whose.beside);
    let shown = list::Shown { list, heading, selected, reveal: None, words: "" };
    list::show(ui, view, shown, actions).filter(|(chosen, _)| Some(*chosen) != whose.beside)
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
