//! The history: what the agent handled, and everything they may see; what is chosen is read beside it.
//!
//! `filters` say what is looked for, `list` and `card` draw what was found, `reading` is the interaction that is read, `life` says
//! what happened to it, `keys` lead through the list, `contact` is the same of one contact, at the side of a conversation and in the directory.

use std::collections::BTreeMap;

use egui::{CentralPanel, Frame, Margin, Panel, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use waxwing_protocol::{
    history::HistoryQuery,
    id::{AgentId, InteractionId, MessageId},
};

use super::{Action, View, ViewState, icon, list_keys, rules, theme, widgets::focus_ring};
use crate::desk::{
    input::Command,
    listing::Listing,
    past::{PastList, PastWish},
};

mod card;
pub(in crate::ui) mod contact;
mod filters;
mod keys;
mod life;
mod list;
mod reading;
mod who;

use filters::Filters;
pub(super) use filters::words_id;
pub use life::sentence as life_sentence;
use reading::{Asked, Sight};

/// How wide the list is as long as the agent has not dragged its edge, in points.
const LIST: f32 = 400.0;
/// Below this width there is room for one of both: the list, or what is read.
const ONE_BELOW: f32 = 700.0;

/// Which history is looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::ui) enum Scope {
    /// The agent's own.
    #[default]
    Mine,
    /// All that they may see.
    All,
}

impl Scope {
    const BOTH: [Self; 2] = [Self::Mine, Self::All];

    const fn name(self) -> &'static str {
        match self {
            Self::Mine => "My History",
            Self::All => "Interaction Search",
        }
    }

    const fn icon(self) -> char {
        match self {
            Self::Mine => icon::HISTORY,
            Self::All => icon::SEARCH,
        }
    }

    const fn list(self) -> PastList {
        match self {
            Self::Mine => PastList::Mine,
            Self::All => PastList::All,
        }
    }
}

/// What the agent made of the history.
#[derive(Debug, Default)]
pub(in crate::ui) struct HistoryState {
    scope: Scope,
    filters: Filters,
    /// What was asked for last.
    asked: Option<(PastList, HistoryQuery)>,
    /// What is read.
    selected: Option<InteractionId>,
    /// The card that the keys are at, and whether it is to be brought into view.
    cursor: Option<InteractionId>,
    reveal: bool,
    /// Whether the transcript has the keys that go by the page.
    has_entered: bool,
    /// The hit that is wanted in view.
    hit: Option<MessageId>,
    sight: Sight,
    reading: Asked,
    /// The frame in which it was seen last: whoever comes back sees what is new.
    seen: u64,
    /// Everybody who was met in a list, to choose from besides those whom the gateway names.
    agents: BTreeMap<AgentId, String>,
    /// The history of a contact, at the side, in a workbin or in the directory.
    pub(in crate::ui) of_contact: contact::ContactHistory,
}

impl HistoryState {
    /// The list that is looked at.
    pub(in crate::ui) const fn list(&self) -> PastList {
        self.scope.list()
    }

    /// Whether one is read.
    pub(in crate::ui) const fn is_reading(&self) -> bool {
        self.selected.is_some()
    }

    /// Reads one, with a hit in view.
    fn choose(&mut self, ui: &Ui, (id, hit): contact::Chosen, actions: &mut Vec<Action>) {
        (self.selected, self.cursor, self.hit) = (Some(id), Some(id), hit);
        (self.sight, self.reading) = (Sight::Transcript, Asked::now(ui));
        reading::ask(id, hit, actions);
    }
}

/// All of it, beside the bar.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    look(ui, view, &mut state.history, actions);
    let frame = Frame::new().fill(view.theme.bg);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        let is_wide = ui.available_width() >= ONE_BELOW;
        keys::take(ui, view, is_wide, state, actions);
        if !is_wide && state.history.selected.is_some() {
            reading::back(ui, view, state);
            reading::show(ui, view, state, actions);
            return;
        }
        if is_wide {
            let frame = Frame::new().fill(view.theme.surface);
            let panel = Panel::left("history list").default_size(LIST).size_range(280.0..=620.0);
            panel.resizable(true).frame(frame).show(ui, |ui| found(ui, view, &mut state.history, actions));
            reading::show(ui, view, state, actions);
        } else {
            found(ui, view, &mut state.history, actions);
        }
    });
}

/// Asks for what the filters say, when they say something else or the agent comes back.
fn look(ui: &Ui, view: View<'_>, state: &mut HistoryState, actions: &mut Vec<Action>) {
    let list = state.scope.list();
    let query = state.filters.query(state.scope, view.zone, &rules(view).case_fields);
    let frame = ui.ctx().cumulative_frame_nr();
    let was_away = std::mem::replace(&mut state.seen, frame) + 1 < frame;
    let is_held = view.desk.past().list(list);
    let asked = state.asked.as_ref().is_some_and(|(held, asked)| *held == list && *asked == query);
    if !asked || is_held.is_none() {
        state.asked = Some((list, query.clone()));
        let wanted = Box::new(query);
        actions.push(Action::Command(Command::Past(PastWish::Look { list, wanted })));
    } else if was_away {
        actions.push(Action::Command(Command::Past(PastWish::LookAgain(list))));
    }
    let entries = is_held.map(Listing::items).unwrap_or_default();
    let agents = entries.iter().flat_map(|entry| &entry.agents);
    for agent in agents {
        state.agents.entry(agent.id).or_insert_with(|| agent.display_name.clone());
    }
}

/// The list with its words field.
fn found(ui: &mut Ui, view: View<'_>, state: &mut HistoryState, actions: &mut Vec<Action>) {
    let list = state.scope.list();
    Frame::new().inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 10 }).show(ui, |ui| {
        ui.label(RichText::new(state.scope.name()).family(theme::semibold()).size(15.0));
        state.filters.words(ui, view);
    });
    let words = state.filters.typed_words();
    let shown = list::Shown {
        list,
        heading: card::Heading::Contact,
        selected: state.selected.or(state.cursor),
        reveal: state.cursor.filter(|_| std::mem::take(&mut state.reveal)),
        words: &words,
    };
    if let Some(chosen) = list::show(ui, view, shown, actions) {
        list_keys::give_to_list(ui);
        state.has_entered = false;
        state.choose(ui, chosen, actions);
    }
}

/// What stands in the bar below the switch: which history, and what of it.
pub(super) fn bar(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let compact = ui.available_width() < 120.0;
    ui.add_space(8.0);
    for scope in Scope::BOTH {
        let is_here = state.history.scope == scope;
        if entry(ui, view, (scope.icon(), scope.name()), (is_here, compact)) && !is_here {
            state.history.scope = scope;
        }
    }
    if !compact {
        let HistoryState { scope, filters, agents, .. } = &mut state.history;
        filters.show(ui, view, (*scope, agents), actions);
    }
}

/// A line of the bar that leads somewhere; says whether it was clicked.
pub(in crate::ui) fn entry(
    ui: &mut Ui,
    view: View<'_>,
    (sign, name): (char, &str),
    (is_here, compact): (bool, bool),
) -> bool {
    let theme = view.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 34.0), Sense::click());
    let room = Rect::from_min_max(pos2(rect.left() + 10.0, rect.top() + 1.0), rect.max - vec2(10.0, 1.0));
    let ground = match (is_here, response.hovered() || response.has_focus()) {
        (true, _) => theme.accent_soft,
        (false, true) => theme.sunken,
        (false, false) => theme.surface,
    };
    ui.painter().rect_filled(room, egui::CornerRadius::same(theme::BUTTON_RADIUS), ground);
    let colour = if is_here { theme.accent } else { theme.text };
    let font = if is_here { theme::semibold() } else { egui::FontFamily::Proportional };
    let (middle, painter) = (room.center(), ui.painter());
    if compact {
        painter.text(middle, egui::Align2::CENTER_CENTER, sign, icon::font(18.0), colour);
    } else {
        let at = pos2(room.left() + 18.0, middle.y);
        painter.text(at, egui::Align2::CENTER_CENTER, sign, icon::font(16.0), colour);
        let at = pos2(room.left() + 34.0, middle.y);
        painter.text(at, egui::Align2::LEFT_CENTER, name, egui::FontId::new(13.0, font), colour);
    }
    focus_ring(ui, view, &response, (room, theme::BUTTON_RADIUS));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_here, name));
    let response = if compact { response.on_hover_text(name) } else { response };
    response.clicked()
}
