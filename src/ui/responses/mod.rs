//! Prepared replies: to find, to look at, to insert, and to look after.
//!
//! To read it: `search_box` is what is looked for, `list` what stands below it (`tree` the categories), `card` one of these,
//! `preview` the one that is selected, `keys` how it is used without a mouse. What only some may do is under `care`.

use std::collections::BTreeSet;

use egui::{Id, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use waxwing_protocol::{
    agent::{Agent, Role},
    id::CategoryId,
    response::StandardResponse,
};

use super::{Action, View, ViewState, text::editor::EditorState};
use crate::desk::{
    conversation::Conversation,
    input::Command,
    library::{manage::Answer, search::Matching},
    link::Account,
};

mod card;
mod care;
mod keys;
mod list;
mod preview;
mod row;
mod search_box;
mod shown;
mod tree;

use care::Care;
pub(super) use care::show as show_care;
use list::{Asked, Item, List, Order, Spot};
use preview::Selecting;

/// How much room there is for the scroll bar beside the cards, in points.
const BAR: f32 = 12.0;

/// What the agent made of the tab.
#[derive(Debug, Default)]
pub(super) struct ResponsesState {
    search: EditorState,
    matching: Matching,
    favourites_only: bool,
    language: Option<String>,
    order: Order,
    /// The categories that are otherwise than they begin.
    turned: BTreeSet<CategoryId>,
    selected: Option<Spot>,
    /// Whether what is selected is to be brought into view.
    follow: bool,
    selecting: Selecting,
    list: List,
    care: Care,
}

impl ResponsesState {
    /// What is written of a response and not kept yet, for the moment at which the window closes.
    pub(super) fn keep_now(&mut self) -> Option<Command> {
        self.care.keep_now()
    }

    /// Whether somebody is at a window in which the library is looked after.
    pub(super) const fn is_looked_after(&self) -> bool {
        self.care.is_open()
    }
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
    let field = search_box::field(interaction);
    if state.side_panel.take_focus(interaction) {
        ui.memory_mut(|memory| memory.request_focus(field));
    }
    renew(view, conversation, state);
    keys::take(ui, (view, conversation), state, actions);
    search_box::show(ui, view, conversation, state, actions);
    care::show_unfinished(ui, view, &mut state.responses.care, actions);
    // What was typed in this frame is looked for in this frame.
    renew(view, conversation, state);
    ui.add_space(4.0);
    let mut list = std::mem::take(&mut state.responses.list);
    shelves(ui, (view, conversation), &mut list, state, actions);
    state.responses.list = list;
}

/// Makes the list anew if something it depends on has changed.
fn renew(view: View<'_>, conversation: &Conversation, state: &mut ViewState) {
    let library = view.desk.library();
    let suggested = state.suggestions(view, conversation);
    let responses = &mut state.responses;
    let uses = match view.desk.upkeep().uses() {
        Answer::Here(uses) => Some(uses.as_ref()),
        Answer::NotAsked | Answer::UnderWay | Answer::Failed(_) => None,
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    let per_cent = |relevance: f32| (relevance * 100.0).round() as u32;
    let asked = Asked {
        revision: library.revision(),
        words: responses.search.text().to_owned(),
        matching: responses.matching,
        favourites_only: responses.favourites_only,
        language: responses.language.clone(),
        order: responses.order,
        turned: responses.turned.clone(),
        number: Some(conversation.interaction().business_number.id),
        suggested: suggested.iter().map(|held| (held.response.id, per_cent(held.relevance))).collect(),
        counted: uses.is_some(),
        only_of: view.agent().filter(|_| !view.leads()).map(|agent| agent.id),
    };
    let words_changed = responses.list.words() != Some(asked.words.as_str());
    if responses.list.renew(asked, (library, uses), view.now) {
        let is_there = responses.selected.is_some_and(|spot| responses.list.position(spot).is_some());
        if !is_there || words_changed {
            // Enter then inserts what fits best.
            responses.selected = responses.list.first_card();
            responses.follow = words_changed;
            responses.selecting.end();
        }
    }
}

/// The list, of which only what is in view is laid out.
fn shelves(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    list: &mut List,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let width = ui.available_width();
    let counts = matches!(state.responses.order, Order::MostUsed | Order::NeverUsed);
    list.measure(width, counts);
    let (list, tops) = (&*list, list.tops());
    let selected = state.responses.selected.and_then(|spot| list.position(spot));
    // The selected one says all it has to say, so what stands below it begins further down.
    let taller = selected.map_or(0.0, |number| match &list.items[number] {
        Item::Response(entry) => {
            let height = preview::height(ui, (view, conversation), entry, (width, counts));
            height - (tops[number + 1] - tops[number])
        }
        _ => 0.0,
    });
    let top =
        |number: usize| tops[number] + if selected.is_some_and(|it| it < number) { taller } else { 0.0 };
    let follow = std::mem::take(&mut state.responses.follow);
    let id = Id::unique(("responses", conversation.interaction().id));
    // The bar stands in the margin at the right of the cards.
    let room = Rect::from_min_max(ui.cursor().min, ui.max_rect().max + vec2(BAR, 0.0));
    let mut room = ui.new_child(UiBuilder::new().max_rect(room));
    ScrollArea::vertical().id_salt(id).auto_shrink(false).show_viewport(&mut room, |ui, seen| {
        ui.set_height(top(list.items.len()));
        let origin = ui.max_rect().min;
        let place = |number: usize| {
            let bottom = pos2(origin.x + width, origin.y + top(number + 1));
            Rect::from_min_max(origin + vec2(0.0, top(number)), bottom)
        };
        if let Some(number) = selected.filter(|_| follow) {
            ui.scroll_to_rect(place(number).expand(4.0), None);
        }
        // A little more than is seen, for what a taller one has moved.
        let first = tops.partition_point(|top| *top + taller < seen.min.y).saturating_sub(1);
        let last = tops.partition_point(|top| *top < seen.max.y).min(list.items.len());
        for number in first..last {
            let rect = place(number);
            if rect.bottom() - origin.y < seen.min.y || seen.max.y < rect.top() - origin.y {
                continue;
            }
            let row = row::Row { view, conversation, rect, counts };
            row.show(ui, &list.items[number], selected == Some(number), (state, actions));
        }
    });
}

impl View<'_> {
    /// Who is signed in.
    pub(super) fn agent(&self) -> Option<&Agent> {
        match self.desk.account() {
            Account::SignedIn { agent, .. } => Some(agent),
            Account::SignedOut { .. } | Account::SigningIn | Account::SigningOut => None,
        }
    }

    /// Whether they look after what belongs to all.
    pub(super) fn leads(&self) -> bool {
        self.agent().is_some_and(|agent| agent.role == Role::TeamLead)
    }

    /// Whether they may change a response.
    fn may_change(&self, response: &StandardResponse) -> bool {
        let is_own = || self.agent().is_some_and(|agent| response.content.owner == Some(agent.id));
        self.leads() || is_own()
    }
}

impl ResponsesState {
    /// Folds a category, or opens it.
    fn turn(&mut self, category: CategoryId) {
        if !self.turned.remove(&category) {
            self.turned.insert(category);
        }
    }
}
