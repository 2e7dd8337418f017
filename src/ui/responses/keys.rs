//! The keys of the tab: from the search box through the cards, and back to the composer.

use egui::{Key, Modifiers, Ui};

use super::{
    super::{Action, View, ViewState},
    list::{Item, Spot},
    row, search_box,
};
use crate::desk::{conversation::Conversation, input::Command, library::manage::Manage};

/// Takes those that are meant for the tab, while its search box has the focus.
pub(super) fn take(
    ui: &Ui,
    (view, conversation): (View<'_>, &Conversation),
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let field = search_box::field(conversation.interaction().id);
    if !state.responses.search.text().is_empty() && state.side_panel.takes_escape(ui.ctx()) {
        state.responses.search.take();
        ui.memory_mut(|memory| memory.request_focus(field));
    }
    if !ui.memory(|memory| memory.has_focus(field)) {
        return;
    }
    let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    for (key, down) in [(Key::ArrowDown, true), (Key::ArrowUp, false)] {
        if pressed(Modifiers::NONE, key) {
            let responses = &mut state.responses;
            responses.selected = responses.list.step(responses.selected, down);
            responses.follow = true;
            responses.selecting.end();
        }
    }
    // Also where nothing is found: a search is one line.
    let (send, insert) = (pressed(Modifiers::COMMAND, Key::Enter), pressed(Modifiers::NONE, Key::Enter));
    let Some(spot) = state.responses.selected else { return };
    if let Spot::Category(id) = spot
        && (insert || send)
    {
        state.responses.turn(id);
        return;
    }
    if state.responses.search.text().is_empty() {
        fold(ui, spot, state);
    }
    if (send || insert)
        && let Some(item) =
            state.responses.list.position(spot).map(|at| state.responses.list.items[at].clone())
    {
        row::use_it(view, conversation, &item, send, (state, actions));
    }
    if pressed(Modifiers::COMMAND, Key::D)
        && let Spot::Response(_, response) = spot
    {
        let is = !view.desk.library().is_favourite(response);
        actions.push(Action::Command(Command::Manage(Manage::Favourite { response, is })));
    }
}

/// Left folds a category, right opens it.
fn fold(ui: &Ui, spot: Spot, state: &mut ViewState) {
    let Spot::Category(id) = spot else { return };
    let responses = &mut state.responses;
    let Some(Item::Category { folded, .. }) =
        responses.list.position(spot).map(|at| &responses.list.items[at])
    else {
        return;
    };
    let key = if *folded { Key::ArrowRight } else { Key::ArrowLeft };
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
        responses.turn(id);
    }
}
