//! What stands around the end of an interaction: its steps, its note and facts, what is offered, and the way back.
//!
//! `moving` chooses the workbin, `contact` and `note` are tabs of the side panel (`facts` and `disposition` are parts of
//! them), `offers` are cards and the pop-up of what is held out, `undo` is the line that takes *Done* back.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Context, Key, Modifiers, Ui};
use waxwing_protocol::{
    id::InteractionId,
    interaction::{Interaction, Phase},
};

use super::{
    Action, View, ViewState,
    shortcuts::{self, take_key},
    side_panel::Tab,
    workplace::Workplace,
};
use crate::desk::{
    conversation::Conversation,
    input::Command,
    phones,
    wrap_up::{Deed, Progress, WrapUp},
};

pub(super) mod contact;
mod disposition;
mod facts;
pub(super) mod moving;
pub(super) mod note;
pub(super) mod offers;
pub(super) mod undo;

use disposition::DispositionField;
use facts::FactField;
use moving::{Choice, Moving};
use note::NoteField;

/// What is told where one writes, when *Done* was held up because something there is not sent.
pub(super) const NOT_SENT: &str = "This is not sent. Done once more closes the conversation without it.";

/// What the agent made of it.
#[derive(Debug, Default)]
pub(super) struct WrapUpState {
    /// The workbin that is being chosen.
    moving: Option<Moving>,
    notes: BTreeMap<InteractionId, NoteField>,
    /// The facts that are being changed.
    facts: BTreeMap<InteractionId, FactField>,
    dispositions: BTreeMap<InteractionId, DispositionField>,
    /// The interactions whose dispositions were asked for already.
    asked: BTreeSet<InteractionId>,
    /// The interaction whose disposition is to get the keys.
    focus_disposition: Option<InteractionId>,
    /// How many interactions had come to the front by themselves in the last frame.
    fronts: u64,
}

impl WrapUpState {
    /// Forgets what belongs to interactions that are gone, but not words that are not kept.
    pub(super) fn retain(&mut self, is_here: impl Fn(&InteractionId) -> bool) {
        self.moving.take_if(|moving| !moving.interactions().iter().all(&is_here));
        self.facts.retain(|id, _| is_here(id));
        self.notes.retain(|id, note| is_here(id) || !note.is_kept());
        self.dispositions.retain(|id, _| is_here(id));
        self.asked.retain(is_here);
    }

    /// The fields of notes, each with its interaction.
    pub(super) fn notes(&mut self) -> impl Iterator<Item = (InteractionId, &mut NoteField)> {
        self.notes.iter_mut().map(|(id, note)| (*id, note))
    }
}

/// A command about the end of an interaction.
pub(super) const fn wants(wanted: WrapUp) -> Action {
    Action::Command(Command::WrapUp(wanted))
}

/// Takes a step; what was typed is kept first, so that nothing is left behind.
pub(super) fn take(interaction: InteractionId, deed: Deed, state: &mut ViewState, actions: &mut Vec<Action>) {
    state.keep_all_of(interaction, actions);
    actions.push(match deed {
        Deed::Done => Action::Command(Command::MarkDone(interaction)),
        deed => wants(WrapUp::Take(interaction, deed)),
    });
}

/// Lets the agent choose where an interaction is moved to.
pub(super) fn choose_workbin(interaction: InteractionId, state: &mut ViewState) {
    state.wrap_up.moving = Some(Moving::of(vec![interaction]));
}

/// How far the work with an interaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Its session goes on.
    Open,
    /// Its session is over, the work after it is not.
    AfterWork,
    /// There is nothing to be done.
    Other,
}

/// Which steps an interaction can take now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    stage: Stage,
    /// It was opened from a place.
    pub(super) can_be_put_back: bool,
    /// Nothing else can be wanted meanwhile.
    pub(super) is_busy: bool,
}

impl Steps {
    /// Whether it can be ended or put aside.
    pub(super) fn is_open(self) -> bool {
        self.stage == Stage::Open
    }

    /// Whether it can be done.
    pub(super) fn can_be_done(self) -> bool {
        self.stage != Stage::Other
    }
}

/// What may be done with an interaction.
pub(super) fn steps(view: View<'_>, interaction: &Interaction) -> Steps {
    let wrap_up = view.desk.wrap_up();
    let stage = match interaction.phase {
        Phase::Open => Stage::Open,
        Phase::Ended => Stage::AfterWork,
        _ => Stage::Other,
    };
    Steps {
        stage,
        can_be_put_back: stage == Stage::Open && wrap_up.opened_from(interaction.id).is_some(),
        is_busy: wrap_up.closing(interaction.id).is_some_and(|closing| match closing.progress {
            Progress::UnderWay | Progress::Waiting => true,
            Progress::Unheard | Progress::WantsDisposition => false,
        }),
    }
}

/// Keys that are about one conversation, in whichever window it is.
pub(super) fn keys_of_conversation(
    ctx: &Context,
    (view, id): (View<'_>, InteractionId),
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let Some(conversation) = view.desk.conversation(id) else { return };
    let pressed = |keys: egui::KeyboardShortcut| {
        ctx.input_mut(|input| take_key(input, keys.modifiers, keys.logical_key))
    };
    if pressed(shortcuts::CONTACT) {
        state.side_panel.toggle(Tab::Contact, id);
    }
    if pressed(shortcuts::NOTE) {
        state.side_panel.toggle(Tab::Note, id);
    }
    let steps = steps(view, conversation.interaction());
    let (done, away, end) = (pressed(shortcuts::DONE), pressed(shortcuts::MOVE), pressed(shortcuts::END));
    if steps.is_busy {
        return;
    }
    if done && steps.can_be_done() {
        take(id, Deed::Done, state, actions);
    }
    if away && steps.is_open() {
        choose_workbin(id, state);
    }
    if end && steps.is_open() {
        take(id, Deed::End, state, actions);
    }
}

/// Keys that work anywhere: the way back, and answering what is offered.
pub(super) fn keys(ctx: &Context, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let fronts = view.desk.wrap_up().fronts();
    if std::mem::replace(&mut state.wrap_up.fronts, fronts) < fronts {
        state.workplace = Workplace::Active;
    }
    let nothing_focused = ctx.memory(|memory| memory.focused().is_none());
    let undos = undo::all(view);
    // Whoever goes on to the next conversation has its empty composer under the keys.
    let is_untouched =
        view.desk.active().is_some_and(|active| state.is_untouched(ctx, active.interaction().id));
    if let Some(newest) = undos.first()
        && (nothing_focused || is_untouched)
        && ctx.input_mut(|input| take_key(input, Modifiers::COMMAND, Key::Z))
    {
        newest.take_back(actions);
    }
    let Some(offer) = offers::current(view).first().map(|offer| offer.interaction().id) else { return };
    if view.desk.wrap_up().is_asked(offer) {
        return;
    }
    let (accept, reject) = (shortcuts::ACCEPT, shortcuts::REJECT);
    let accepts = ctx.input_mut(|input| {
        take_key(input, accept.modifiers, accept.logical_key)
            || (nothing_focused && take_key(input, Modifiers::NONE, Key::Enter))
    });
    if accepts {
        actions.push(wants(WrapUp::Accept(offer)));
    } else if ctx.input_mut(|input| take_key(input, reject.modifiers, reject.logical_key)) {
        actions.push(wants(WrapUp::Reject(offer)));
    }
}

/// What lies in front of a conversation, and what is asked of the agent in it.
pub(super) fn dialogs(
    ui: &Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let id = conversation.interaction().id;
    let wants_disposition =
        view.desk.wrap_up().closing(id).is_some_and(|closing| closing.progress == Progress::WantsDisposition);
    if !wants_disposition {
        state.wrap_up.asked.remove(&id);
    } else if state.wrap_up.asked.insert(id) {
        state.side_panel.show(Tab::Note, id);
        (state.wrap_up.focus_disposition, state.focus_composer) = (Some(id), None);
    }
    let moving = state.wrap_up.moving.take_if(|moving| moving.interactions() == [id]);
    let Some(mut moving) = moving else { return };
    match moving.show(ui, view, &phones::title(&conversation.interaction().contact)) {
        Choice::GoesOn => state.wrap_up.moving = Some(moving),
        Choice::GivenUp => {}
        Choice::Made(wanted) => take(id, Deed::Move(wanted), state, actions),
    }
}
