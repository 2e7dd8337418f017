//! Above the list: what it is called and how much is in it, words to look for, how old it is, and what can be done with what
//! is chosen.

use chrono::{DateTime, Utc};
use egui::{Align, Frame, Label, Layout, Margin, Panel, Popup, RichText, ScrollArea, TextEdit, Ui, vec2};
use waxwing_protocol::{
    agent::AgentStatus,
    id::InteractionId,
    workbin::{Assign, ColleagueState},
};

use super::{
    super::{
        Action, View, icon, shortcuts, theme, top_bar,
        widgets::{button, tick_box},
        wrap_up::moving::Moving,
    },
    WorkbinsState,
    columns::may_go,
    facts::FactsForm,
    heading, keys, tree,
};
use crate::desk::{
    input::Command,
    link::Link,
    workbins::{deeds::Deed, list::Column, sync::Freshness},
};

/// Below this width what can be done stands in a line of its own.
const ONE_LINE: f32 = 800.0;

/// Draws it.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut WorkbinsState, actions: &mut Vec<Action>) {
    let frame = Frame::new().fill(view.theme.surface).inner_margin(Margin::symmetric(16, 0));
    let one_line = ui.available_width() >= ONE_LINE;
    Panel::top("workbin head").exact_size(60.0).frame(frame).show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            title(ui, view, state, if one_line { 470.0 } else { 60.0 });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                columns(ui, view, state);
                if one_line {
                    deeds(ui, view, state, actions);
                }
            });
        });
    });
    if !one_line {
        Panel::top("workbin deeds").exact_size(48.0).frame(frame).show(ui, |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| deeds(ui, view, state, actions));
        });
    }
    age(ui, view);
    troubles(ui, view, actions);
}

/// What it is called, how much is in it, and words to look for; so much room is left for what stands beside that.
fn title(ui: &mut Ui, view: View<'_>, state: &mut WorkbinsState, beside: f32) {
    let name = tree::name(view, state);
    ui.add(Label::new(RichText::new(name).family(theme::semibold()).size(15.0)).truncate());
    let count = match state.shown.list().len() {
        1 => "1 interaction".to_owned(),
        count => format!("{count} interactions"),
    };
    ui.label(RichText::new(count).color(view.theme.muted).size(13.0));
    let filter = TextEdit::singleline(&mut state.filter).id(keys::filter_id()).hint_text("Filter");
    let width = (ui.available_width() - beside).clamp(70.0, 230.0);
    let response = ui.add_sized(vec2(width, 32.0), filter.margin(Margin::symmetric(10, 6)));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Filter the list"));
}

/// A moment that something is of: the time, and the day if it is not today.
pub(super) fn moment(view: View<'_>, at: DateTime<Utc>) -> String {
    let is_today = view.zone.day(at) == view.zone.day(view.now);
    if is_today { view.time(at) } else { view.date_and_time(at) }
}

/// Of when it is, where the gateway can't be asked.
fn age(ui: &mut Ui, view: View<'_>) {
    let words = match view.desk.workbins_freshness() {
        Freshness::AsOf(as_of) => {
            format!("As of {}; the gateway can't be reached", moment(view, as_of))
        }
        Freshness::Coming if view.desk.workbins().is_empty() => "Getting what lies here…".to_owned(),
        Freshness::Coming | Freshness::Fresh | Freshness::Nothing => return,
    };
    let frame = Frame::new().fill(view.theme.late_soft).inner_margin(Margin::symmetric(16, 6));
    Panel::top("workbin age").frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(icon::text(icon::CLOUD_OFF, 14.0).color(view.theme.late));
            ui.label(RichText::new(words).size(12.0).color(view.theme.late));
        });
    });
}

/// With how many something went wrong.
fn troubles(ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) {
    let count = view.desk.deed_troubles();
    if count == 0 {
        return;
    }
    let frame = Frame::new().fill(view.theme.overdue_soft).inner_margin(Margin::symmetric(16, 4));
    Panel::top("workbin troubles").frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            let words = match count {
                1 => "With one interaction something went wrong: see its row.".to_owned(),
                _ => format!("With {count} interactions something went wrong: see their rows."),
            };
            ui.label(RichText::new(words).size(12.0).color(view.theme.overdue));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if button::icon(ui, view.theme, icon::X, "I have read it").clicked() {
                    actions.push(Action::Command(Command::DismissWorkbinTroubles));
                }
            });
        });
    });
}

/// Whether something can be done with what is chosen; if not, why.
pub(super) fn may_act(view: View<'_>, state: &WorkbinsState) -> Result<(), &'static str> {
    if state.chosen.is_empty() {
        return Err("Choose interactions first");
    }
    if *view.desk.link() != Link::Online {
        return Err("The gateway can't be reached");
    }
    if !state.chosen.iter().all(|id| view.desk.workbins().may_take(*id)) {
        return Err("You may read these, but not take them");
    }
    Ok(())
}

/// What is done with all that is chosen.
pub(super) fn act(state: &WorkbinsState, deed: Deed, actions: &mut Vec<Action>) {
    let interactions: Vec<InteractionId> = state.chosen.iter().copied().collect();
    actions.push(Action::Command(Command::InWorkbins { interactions, deed }));
}

/// Lets the agent choose where what is chosen is moved to.
pub(super) fn choose_workbin(state: &mut WorkbinsState) {
    state.moving = Some(Moving::of(state.chosen.iter().copied().collect()));
}

/// The buttons, from right to left.
fn deeds(ui: &mut Ui, view: View<'_>, state: &mut WorkbinsState, actions: &mut Vec<Action>) {
    let may = may_act(view, state);
    ui.add_enabled_ui(may.is_ok(), |ui| {
        let why = |response: egui::Response| match may {
            Ok(()) => response,
            Err(why) => response.on_disabled_hover_text(why),
        };
        if why(button::plain(ui, "Mark done")).clicked() {
            act(state, Deed::Done, actions);
        }
        let assign = why(button::plain(ui, "Assign to…"));
        if assign.clicked() {
            actions.push(Action::Command(Command::AskColleagues));
        }
        Popup::menu(&assign).show(|ui| colleagues(ui, view, state, actions));
        let keys = ui.ctx().format_shortcut(&shortcuts::MOVE);
        if why(button::plain(ui, "Move to…")).on_hover_text(format!("To another workbin ({keys})")).clicked()
        {
            choose_workbin(state);
        }
        if why(button::primary(ui, view.theme, "Open", may.is_ok())).clicked() {
            act(state, Deed::Open, actions);
        }
    });
}

/// To whom it can be given.
fn colleagues(ui: &mut Ui, view: View<'_>, state: &WorkbinsState, actions: &mut Vec<Action>) {
    ui.set_min_width(240.0);
    if view.desk.colleagues().is_empty() {
        ui.label(RichText::new("Asking who is there…").color(view.theme.muted));
        return;
    }
    // A menu keeps the height of its first frame, when nobody had answered yet, unless it is told what it may take.
    ScrollArea::vertical().max_height(340.0).min_scrolled_height(340.0).show(ui, |ui| {
        for ColleagueState { colleague, status, open, .. } in view.desk.colleagues() {
            let hint = match status {
                AgentStatus::SignedOut => "into their workbin".to_owned(),
                status => format!("{} · {open} open", top_bar::status_name(status)),
            };
            let button =
                egui::Button::new(&colleague.display_name).right_text(RichText::new(hint).size(11.0));
            if ui.add(button).clicked() {
                act(state, Deed::Assign(Assign { agent: colleague.id }), actions);
                ui.close();
            }
        }
    });
}

/// Which columns there are, and what else can be done.
fn columns(ui: &mut Ui, view: View<'_>, state: &mut WorkbinsState) {
    let more = button::icon(ui, view.theme, icon::ELLIPSIS, "More with workbins");
    Popup::menu(&more).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.set_min_width(200.0);
        let may = may_act(view, state);
        if ui.add_enabled(may.is_ok(), egui::Button::new("Edit case data…")).clicked() {
            state.facts = Some(FactsForm::new(state.chosen.iter().copied().collect()));
            ui.close();
        }
        ui.separator();
        for column in Column::ALL.into_iter().filter(|column| may_go(*column)) {
            let mut is_shown = state.columns.is_shown(column);
            if tick_box::tick_box(ui, view.theme, &mut is_shown, heading(column)).changed() {
                state.columns.toggle(column);
            }
        }
    });
}
