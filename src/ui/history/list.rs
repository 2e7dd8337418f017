//! A list of past interactions: only the cards in view are laid out, and more is asked for as its end comes near.

use egui::{Rect, ScrollArea, Ui, pos2, vec2};
use waxwing_protocol::id::{InteractionId, MessageId};

use super::{
    super::{
        Action, View,
        widgets::{anchor::Anchor, list_foot},
    },
    card::{self, Card, GAP, Heading},
};
use crate::desk::{
    input::Command,
    listing::{Further, Listed as _, Listing},
    past::{PastList, PastWish},
};

/// So many cards before the end more is asked for.
const AHEAD: usize = 10;
/// How much room there is for what stands behind the list.
const FOOT: f32 = 80.0;

/// Which list, and how it is shown.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) list: PastList,
    pub(super) heading: Heading,
    pub(super) selected: Option<InteractionId>,
    /// The one that is to be brought into view.
    pub(super) reveal: Option<InteractionId>,
    /// What is looked for.
    pub(super) words: &'a str,
}

/// Draws it; says what was chosen.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    shown: Shown<'_>,
    actions: &mut Vec<Action>,
) -> Option<(InteractionId, Option<MessageId>)> {
    let listing = view.desk.past().list(shown.list);
    let entries = listing.map(Listing::items).unwrap_or_default();
    let further = listing.map_or(&Further::NotAsked, Listing::further);
    let margin = if shown.heading == Heading::Contact { 12.0 } else { 0.0 };
    let mut tops = Vec::with_capacity(entries.len() + 1);
    let mut top = 0.0;
    for entry in entries {
        tops.push(top);
        top += card::height(entry, shown.heading) + GAP;
    }
    tops.push(top);
    let mut chosen = None;
    let id = ("past", shown.list == PastList::All, listing.map_or(0, Listing::number) == 0);
    let anchor = Anchor { id: ui.scope_id().with(id), list: listing.map_or(0, Listing::beginnings) };
    let stays = anchor.offset(ui, |row| Some(tops[entries.iter().position(|entry| entry.key() == row)?]));
    let mut scroll = ScrollArea::vertical().id_salt(id).auto_shrink(false);
    if let Some(offset) = stays {
        scroll = scroll.vertical_scroll_offset(offset);
    }
    scroll.show_viewport(ui, |ui, seen| {
        ui.set_height(top + FOOT);
        let (origin, width) = (ui.max_rect().min, ui.available_width());
        let first = tops.partition_point(|top| *top < seen.min.y).saturating_sub(1);
        let last = tops.partition_point(|top| *top < seen.max.y).min(entries.len());
        for number in first..last {
            let entry = &entries[number];
            let rect = Rect::from_min_size(
                pos2(origin.x, origin.y + tops[number]),
                vec2(width, tops[number + 1] - tops[number] - GAP),
            );
            let is_selected = shown.selected == Some(entry.interaction.id);
            let Shown { heading, words, .. } = shown;
            let card = Card { view, entry, heading, words, is_selected };
            chosen = card.show(ui, card::room_for(rect, margin)).or(chosen);
        }
        let revealed =
            shown.reveal.and_then(|id| entries.iter().position(|entry| entry.interaction.id == id));
        if let Some(number) = revealed {
            let at = pos2(origin.x, origin.y + tops[number]);
            ui.scroll_to_rect(Rect::from_min_size(at, vec2(width, tops[number + 1] - tops[number])), None);
        }
        let ask = |wish| Action::Command(Command::Past(wish));
        if *further == Further::More && last + AHEAD >= entries.len() {
            actions.push(ask(PastWish::More(shown.list)));
        }
        if seen.max.y >= top {
            let foot = Rect::from_min_size(pos2(origin.x, origin.y + top), vec2(width, FOOT));
            let mut foot = ui.new_child(egui::UiBuilder::new().max_rect(foot));
            let nothing = "No interaction was found.";
            if list_foot::show(&mut foot, view, (further, entries.len()), nothing) {
                actions.push(ask(PastWish::More(shown.list)));
            }
        }
        anchor.hold(ui, entries.get(first).map(|entry| (entry.key(), tops[first])), seen.min.y);
    });
    chosen
}
