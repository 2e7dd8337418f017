//! Workbins: what nobody handles just now, where it lies, and what can be done with it. In the bar stands the tree of places,
//! beside it the list of one of them, below that what is chosen: its transcript, to be read, its notes and its case data.
//!
//! The list is made anew only when something it depends on has changed, and only the rows in view are laid out, so that fifty
//! thousand are as quick as fifty.

use std::collections::BTreeSet;

use egui::{CentralPanel, Frame, Modifiers, Panel, Ui};
use waxwing_protocol::id::InteractionId;

use super::{
    Action, View, ViewState,
    history::contact::Reading,
    icon, workplace,
    wrap_up::moving::{Choice, Moving},
};
use crate::{
    config::layout::WorkbinList,
    desk::{
        input::Command,
        link::Account,
        workbins::{deeds::Deed, list::Column, sync::Freshness},
    },
};

mod aside;
mod cells;
mod columns;
mod details;
mod facts;
mod head;
mod keys;
mod shown;
mod table;
mod tree;

use columns::Columns;
use facts::FactsForm;
pub(super) use keys::filter_id;
use shown::Shown;
use tree::Shelf;

/// How high the part below the list is as long as nobody has dragged its edge, as a part of the whole.
const DETAILS: f32 = 0.6;

/// What the agent made of workbins.
#[derive(Debug, Default)]
pub(super) struct WorkbinsState {
    /// What is chosen in the tree; none for the agent's own workbin.
    shelf: Option<Shelf>,
    /// The teams whose members' workbins are not shown.
    folded: BTreeSet<String>,
    filter: String,
    columns: Columns,
    shown: Shown,
    chosen: BTreeSet<InteractionId>,
    /// The row that the keys are at.
    cursor: Option<InteractionId>,
    /// The row from which more are chosen.
    anchor: Option<InteractionId>,
    /// Whether that row is to be brought into view.
    reveal: bool,
    tab: details::Tab,
    facts: Option<FactsForm>,
    /// Where what is chosen is to be moved, while that is being decided.
    moving: Option<Moving>,
    /// What was asked for to be read, until it is.
    asked: Option<InteractionId>,
    /// Whether it was asked that nothing be read any more.
    closing: bool,
    /// The past interaction that is read, and the one in whose place it is.
    past: Option<(InteractionId, Reading)>,
}

impl WorkbinsState {
    /// With columns as they were.
    pub(super) fn restored(kept: &WorkbinList) -> Self {
        Self { columns: Columns::restored(kept), ..Self::default() }
    }

    /// The columns as they are to be remembered.
    pub(super) fn layout(&self) -> WorkbinList {
        self.columns.layout()
    }

    /// Chooses this row alone.
    fn choose(&mut self, id: InteractionId) {
        self.chosen = BTreeSet::from([id]);
        (self.cursor, self.anchor) = (Some(id), Some(id));
    }

    /// Chooses one more, or one less.
    fn toggle(&mut self, id: InteractionId) {
        if !self.chosen.remove(&id) {
            self.chosen.insert(id);
        }
        (self.cursor, self.anchor) = (Some(id), Some(id));
    }

    /// Chooses all from the anchor to this row.
    fn choose_to(&mut self, id: InteractionId) {
        let anchor = self.anchor.or(self.cursor).unwrap_or(id);
        self.chosen = self.shown.between(anchor, id).collect();
        (self.cursor, self.anchor) = (Some(id), Some(anchor));
    }

    /// Chooses all from the anchor to this row besides what is chosen already.
    fn choose_more_to(&mut self, id: InteractionId) {
        let chosen = std::mem::take(&mut self.chosen);
        self.choose_to(id);
        self.chosen.extend(chosen);
    }

    /// What a click with these modifiers chooses, as in any list.
    fn click(&mut self, id: InteractionId, with: Modifiers) {
        match (with.shift, with.command) {
            (true, true) => self.choose_more_to(id),
            (true, false) => self.choose_to(id),
            (false, true) => self.toggle(id),
            (false, false) => self.choose(id),
        }
    }

    /// The past interaction that is read in the place of the one that is chosen.
    fn past(&self) -> Option<Reading> {
        let of = self.past.filter(|(beside, _)| self.only() == Some(*beside));
        of.map(|(_, reading)| reading)
    }

    /// Whether one is read.
    pub(in crate::ui) fn is_reading(&self) -> bool {
        self.only().is_some()
    }

    /// The one interaction that is chosen, if it is one.
    fn only(&self) -> Option<InteractionId> {
        self.chosen.first().copied().filter(|_| self.chosen.len() == 1)
    }
}

/// All of it, beside the bar.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    refresh(view, &mut state.workbins);
    ask_to_read(view, &mut state.workbins, actions);
    keys::take(ui, view, state, actions);
    CentralPanel::default().frame(Frame::new().fill(view.theme.bg)).show(ui, |ui| {
        if view.desk.workbins().places().is_empty() {
            nowhere(ui, view);
            return;
        }
        head::show(ui, view, &mut state.workbins, actions);
        let height = ui.available_height();
        let panel = Panel::bottom("workbin details").resizable(true).default_size(height * DETAILS);
        let frame = Frame::new().fill(view.theme.bg);
        panel.size_range(160.0..=(height - 120.0).max(170.0)).frame(frame).show(ui, |ui| {
            // Else it would become as small as what is in it.
            ui.set_min_size(ui.available_size());
            aside::show(ui, view, state, actions);
            details::show(ui, view, state, actions);
        });
        table::show(ui, view, &mut state.workbins, actions);
    });
    facts::show(ui.ctx(), view, &mut state.workbins, actions);
    moving(ui, view, &mut state.workbins, actions);
    // Times are told to the minute.
    ui.ctx().request_repaint_after(std::time::Duration::from_secs(20));
}

/// Where what is chosen is to be moved, if that is being decided.
fn moving(ui: &Ui, view: View<'_>, state: &mut WorkbinsState, actions: &mut Vec<Action>) {
    let Some(mut moving) = state.moving.take() else { return };
    let title = match moving.interactions() {
        [only] => view.desk.workbins().item(*only).map(|lying| lying.title.clone()).unwrap_or_default(),
        several => format!("{} interactions", several.len()),
    };
    match moving.show(ui, view, &title) {
        Choice::GoesOn => state.moving = Some(moving),
        Choice::GivenUp => {}
        Choice::Made(to) => {
            let interactions = moving.interactions().to_vec();
            actions.push(Action::Command(Command::InWorkbins { interactions, deed: Deed::Move(to) }));
        }
    }
}

/// The tree of places, in the bar below the switch.
pub(super) fn bar(ui: &mut Ui, view: View<'_>, state: &mut ViewState) {
    tree::show(ui, view, &mut state.workbins);
}

/// How many things lie unread in the agent's own workbins, and how many others are to be looked at again by now.
pub(super) fn unread_and_due(view: View<'_>) -> (usize, usize) {
    let Account::SignedIn { agent, .. } = view.desk.account() else { return (0, 0) };
    let workbins = view.desk.workbins();
    let due = workbins.due(agent.id, view.now).into_iter().filter(|lying| lying.item.unread == 0).count();
    (workbins.own_unread(agent.id), due)
}

/// Makes the list anew if something has changed, and lets go of what is not in it any more.
fn refresh(view: View<'_>, state: &mut WorkbinsState) {
    let workbins = view.desk.workbins();
    let places = tree::places(view, state);
    let (words, order) = (state.filter.as_str(), state.columns.order());
    if !state.shown.refresh(workbins, places, (words, order)) {
        return;
    }
    let shown = &state.shown;
    state.chosen.retain(|id| shown.position(*id).is_some());
    state.anchor = state.anchor.filter(|id| shown.position(*id).is_some());
    state.cursor = state.cursor.map(|id| shown.nearest(id)).unwrap_or_default();
}

/// Lets the one interaction that is chosen be read, and nothing if there is none.
fn ask_to_read(view: View<'_>, state: &mut WorkbinsState, actions: &mut Vec<Action>) {
    if state.past().is_some() {
        // It asks for itself, and what is chosen is asked for again after that.
        (state.asked, state.closing) = (None, false);
        return;
    }
    let read = view.desk.review_state().map(|read| read.interaction);
    let wanted = state.only();
    if read == wanted {
        (state.asked, state.closing) = (None, false);
        return;
    }
    match wanted {
        Some(wanted) if state.asked != Some(wanted) => {
            (state.asked, state.closing) = (Some(wanted), false);
            actions.push(Action::Command(Command::Review(wanted)));
        }
        None if !state.closing => {
            (state.asked, state.closing) = (None, true);
            actions.push(Action::Command(Command::CloseReview));
        }
        _ => {}
    }
}

/// There is no place to show, and why.
fn nowhere(ui: &mut Ui, view: View<'_>) {
    let words = match view.desk.workbins_freshness() {
        Freshness::Coming => ("Getting your workbins…", "They come from the gateway."),
        Freshness::Nothing => ("No workbins yet", "They are there as soon as the gateway has told of them."),
        Freshness::Fresh | Freshness::AsOf(_) => ("No workbins", "There is none that you may see."),
    };
    workplace::nothing(ui, view, icon::INBOX, words);
}

/// What a column is called.
const fn heading(column: Column) -> &'static str {
    match column {
        Column::Contact => "Contact",
        Column::Number => "Number",
        Column::Segment => "Segment",
        Column::LastMessage => "Last message",
        Column::InWorkbin => "In workbin",
        Column::ReplyWindow => "Reply window",
        Column::Pending => "Pending",
        Column::Owner => "Owner",
    }
}
