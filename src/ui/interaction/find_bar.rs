//! Looking for words in a conversation, stepping through where they were said, and going to a day.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, TimeDelta, Utc};
use egui::{
    Align, Button, Frame, Id, Key, Layout, Margin, Modifiers, Panel, Popup, RichText, TextEdit, Ui, vec2,
};
use waxwing_protocol::id::InteractionId;

use super::super::{Action, View, ViewState, icon, widgets::button};
use crate::desk::{
    conversation::{Conversation, Search, SearchState},
    input::Command,
};

/// How long typing pauses before it is looked for.
const PAUSE: TimeDelta = TimeDelta::milliseconds(300);

/// The open search of one conversation.
#[derive(Debug)]
struct Find {
    /// Where.
    interaction: InteractionId,
    words: String,
    /// When the words changed, if they have not been looked for yet.
    changed: Option<DateTime<Utc>>,
    /// Whether the field is to get the focus.
    wants_focus: bool,
    /// A day of the month that is shown for choosing one.
    month: Option<NaiveDate>,
}

impl Find {
    fn new(interaction: InteractionId) -> Self {
        Self { interaction, words: String::new(), changed: None, wants_focus: true, month: None }
    }
}

/// The open searches, at most one of each conversation.
#[derive(Debug, Default)]
pub(in crate::ui) struct Finds(BTreeMap<InteractionId, Find>);

impl Finds {
    /// Opens the search of a conversation, or begins it anew.
    pub(in crate::ui) fn open(&mut self, interaction: InteractionId) {
        self.0.insert(interaction, Find::new(interaction));
    }

    /// Forgets those of conversations that are gone.
    pub(in crate::ui) fn retain(&mut self, is_here: impl Fn(&InteractionId) -> bool) {
        self.0.retain(|id, _| is_here(id));
    }
}

/// Shows the bar if it is open for this conversation.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction().id;
    let Some(mut find) = state.finds.0.remove(&interaction) else { return };
    let frame = Frame::new().fill(view.theme.surface).inner_margin(Margin::symmetric(16, 6));
    let stays = Panel::top(("find", interaction)).frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            field(ui, view, &mut find, actions);
            let search = conversation.search();
            ui.label(RichText::new(tally(search)).size(12.0).color(view.theme.muted));
            let step = |older| Action::Command(Command::SearchStep { interaction, older });
            if button::icon(ui, view.theme, icon::CHEVRON_UP, "Older hit").clicked() {
                actions.push(step(true));
            }
            if button::icon(ui, view.theme, icon::CHEVRON_DOWN, "Newer hit").clicked() {
                actions.push(step(false));
            }
            let calendar = button::icon(ui, view.theme, icon::CALENDAR, "Go to a day");
            Popup::menu(&calendar).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
                if let Some(day) = choose_day(ui, view, &mut find.month) {
                    actions
                        .push(Action::Command(Command::GoToDay { interaction, at: view.zone.begin_of(day) }));
                    ui.close();
                }
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let escape = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
                !(button::icon(ui, view.theme, icon::X, "Close the search").clicked() || escape)
            })
            .inner
        })
        .inner
    });
    if stays.inner {
        state.finds.0.insert(interaction, find);
    } else {
        actions.push(Action::Command(Command::Search { interaction, words: String::new() }));
        state.focus_composer = Some(interaction);
    }
}

fn field(ui: &mut Ui, view: View<'_>, find: &mut Find, actions: &mut Vec<Action>) {
    let interaction = find.interaction;
    let id = Id::unique(("find field", interaction));
    let focused = ui.memory(|memory| memory.has_focus(id));
    let (enter, back) = if focused {
        ui.input_mut(|input| {
            let back = input.consume_key(Modifiers::SHIFT, Key::Enter);
            (input.consume_key(Modifiers::NONE, Key::Enter), back)
        })
    } else {
        (false, false)
    };
    let edit = TextEdit::singleline(&mut find.words)
        .id(id)
        .desired_width(260.0)
        .hint_text("Find in this conversation");
    let response = ui.add(edit);
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::text_edit(true, "", find.words.as_str(), "");
        info.label = Some("Find in this conversation".to_owned());
        info
    });
    if std::mem::take(&mut find.wants_focus) {
        response.request_focus();
    }
    if response.changed() {
        find.changed = Some(view.now);
    }
    let Some(changed) = find.changed else {
        if enter || back {
            actions.push(Action::Command(Command::SearchStep { interaction, older: enter }));
        }
        return;
    };
    match (changed + PAUSE - view.now).to_std() {
        Ok(left) if !left.is_zero() && !enter => ui.ctx().request_repaint_after(left),
        _ => {
            find.changed = None;
            actions
                .push(Action::Command(Command::Search { interaction, words: find.words.trim().to_owned() }));
        }
    }
}

/// `3 of 17`.
fn tally(search: Option<&Search>) -> String {
    let Some(search) = search else { return String::new() };
    match &search.state {
        SearchState::Looking => "Looking…".to_owned(),
        SearchState::Failed { why } => format!("The search failed: {why}"),
        SearchState::Done { .. } if search.hits.is_empty() => "Nothing found".to_owned(),
        SearchState::Done { more } => {
            let more = if *more { "+" } else { "" };
            format!("{} of {}{more}", search.at + 1, search.hits.len())
        }
    }
}

/// A month with its days; gives the day that was clicked.
fn choose_day(ui: &mut Ui, view: View<'_>, month: &mut Option<NaiveDate>) -> Option<NaiveDate> {
    let today = view.zone.day(view.now);
    let first = month.unwrap_or(today).with_day(1).unwrap_or(today);
    let mut chosen = None;
    ui.horizontal(|ui| {
        if button::icon(ui, view.theme, icon::CHEVRON_LEFT, "Month before").clicked() {
            *month = first.checked_sub_months(Months::new(1));
        }
        ui.label(first.format("%B %Y").to_string());
        if button::icon(ui, view.theme, icon::CHEVRON_RIGHT, "Month after").clicked() {
            *month = first.checked_add_months(Months::new(1)).filter(|next| *next <= today);
        }
    });
    let monday = first - Days::new(first.weekday().num_days_from_monday().into());
    egui::Grid::new("days").num_columns(7).spacing(vec2(2.0, 2.0)).show(ui, |ui| {
        for day in monday.iter_days().take(42) {
            let name = day.day().to_string();
            let colour = if day.month() == first.month() { view.theme.text } else { view.theme.faint };
            let text = RichText::new(name).color(colour);
            let button = Button::new(text).min_size(vec2(30.0, 26.0)).selected(day == today);
            let response = ui.add_enabled(day <= today, button.frame_when_inactive(day == today));
            let told = view.day(day);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, day <= today, &told));
            if response.clicked() {
                chosen = Some(day);
            }
            if day.weekday() == chrono::Weekday::Sun {
                ui.end_row();
            }
        }
    });
    chosen
}
