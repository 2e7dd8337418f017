//! What is chosen: its transcript, to be read; what was noted about it; the facts attached to it.

use egui::{Frame, Layout, Margin, Panel, RichText, ScrollArea, Stroke, Ui, vec2};
use waxwing_protocol::interaction::Interaction;

use super::{
    super::{
        Action, View, ViewState,
        history::contact::Reading,
        icon, interaction, rules,
        text::{self, Ink, Style},
        theme,
        widgets::button,
        workplace,
    },
    WorkbinsState,
    facts::FactsForm,
    head,
};
use crate::desk::{conversation::Edge, wrap_up::facts};

/// What is shown of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Tab {
    /// What was said.
    #[default]
    Transcript,
    /// What was noted.
    Notes,
    /// The facts attached to it.
    CaseData,
}

impl Tab {
    const ALL: [Self; 3] = [Self::Transcript, Self::Notes, Self::CaseData];

    const fn name(self) -> &'static str {
        match self {
            Self::Transcript => "Transcript",
            Self::Notes => "Notes",
            Self::CaseData => "Case data",
        }
    }
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    ui.painter().hline(ui.max_rect().x_range(), ui.max_rect().top(), Stroke::new(1.0, view.theme.line));
    if state.workbins.chosen.len() > 1 {
        let title = format!("{} interactions chosen", state.workbins.chosen.len());
        workplace::nothing(ui, view, icon::INBOX, (&title, "What you do now is done with all of them."));
        return;
    }
    if state.workbins.only().is_none() {
        let words = ("Nothing chosen", "Choose an interaction to read it; double-click or Enter opens it.");
        workplace::nothing(ui, view, icon::INBOX, words);
        return;
    }
    if let Some(reading) = state.workbins.past() {
        past(ui, view, reading, state, actions);
        return;
    }
    tabs(ui, view, &mut state.workbins);
    let Some(read) = view.desk.review() else {
        let trouble = view.desk.review_state().and_then(|read| read.trouble);
        match trouble {
            Some(why) => workplace::nothing(ui, view, icon::CIRCLE_ALERT, ("It can't be read", why)),
            None => workplace::nothing(ui, view, icon::CLOCK, ("Getting it…", "")),
        }
        return;
    };
    match state.workbins.tab {
        Tab::Transcript => {
            age(ui, view, read.rows().is_empty() && *read.older() == Edge::End);
            interaction::read_only(ui, view, read, state, actions);
        }
        Tab::Notes => notes(ui, view, read.interaction()),
        Tab::CaseData => case_data(ui, view, read.interaction(), &mut state.workbins),
    }
}

/// A past interaction of the contact, in the place of the one that lies there.
fn past(ui: &mut Ui, view: View<'_>, reading: Reading, state: &mut ViewState, actions: &mut Vec<Action>) {
    let mut reading = reading;
    let frame =
        Frame::new().fill(view.theme.surface).inner_margin(Margin { top: 6, ..Margin::symmetric(8, 0) });
    let goes_back =
        frame.show(ui, |ui| reading.show(ui, (view, "Back to what lies in the workbin"), state, actions));
    let beside = state.workbins.only().filter(|_| !goes_back.inner);
    state.workbins.past = beside.map(|beside| (beside, reading));
}

/// The line with the tabs.
fn tabs(ui: &mut Ui, view: View<'_>, state: &mut WorkbinsState) {
    let frame =
        Frame::new().fill(view.theme.surface).inner_margin(Margin { left: 16, right: 8, top: 4, bottom: 0 });
    Panel::top("workbin tabs").exact_size(46.0).frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 16.0;
            for tab in Tab::ALL {
                let is_open = tab == state.tab;
                let colour = if is_open { view.theme.accent } else { view.theme.muted };
                let words = RichText::new(tab.name()).size(13.0).family(theme::medium()).color(colour);
                let tab_button =
                    egui::Button::selectable(is_open, words).frame(false).min_size(vec2(0.0, 36.0));
                let response = ui.add(tab_button);
                if is_open {
                    let rect = response.rect;
                    let stroke = Stroke::new(2.0, view.theme.accent);
                    ui.painter().hline(rect.x_range(), rect.bottom() + 4.0, stroke);
                }
                if response.clicked() {
                    state.tab = tab;
                }
            }
        });
    });
}

/// Of when a transcript is, where the gateway can't be asked; or that nothing was said.
fn age(ui: &mut Ui, view: View<'_>, is_empty: bool) {
    let as_of = view.desk.review_state().and_then(|read| read.as_of);
    let words = match as_of {
        Some(as_of) => format!("As of {}", head::moment(view, as_of)),
        None if is_empty => "Nothing was said yet".to_owned(),
        None => return,
    };
    let frame = Frame::new().fill(view.theme.late_soft).inner_margin(Margin::symmetric(16, 5));
    Panel::top("transcript age").frame(frame).show(ui, |ui| {
        ui.label(RichText::new(words).size(12.0).color(view.theme.late));
    });
}

fn body(ui: &mut Ui, id: &str, add: impl FnOnce(&mut Ui)) {
    Frame::new().inner_margin(Margin::symmetric(16, 14)).show(ui, |ui| {
        ScrollArea::vertical().id_salt(id).auto_shrink(false).show(ui, add);
    });
}

/// What was noted, and what was said when it was put away.
fn notes(ui: &mut Ui, view: View<'_>, interaction: &Interaction) {
    let ink = Ink::of(view.theme);
    let small = |text: String| RichText::new(text).size(12.0).color(view.theme.muted);
    body(ui, "workbin notes", |ui| {
        let comment = interaction.stored.as_ref().and_then(|stored| Some((stored, stored.comment.as_ref()?)));
        if let Some((stored, comment)) = comment {
            let by = stored.by.as_ref().map_or_else(|| "Put away".to_owned(), |by| by.display_name.clone());
            ui.label(small(format!("{by}, {}", view.date_and_time(stored.since))));
            ui.add(text::Label::new(comment, Style::new(14.0), ink));
            ui.add_space(12.0);
        }
        let remind_at = interaction.stored.as_ref().and_then(|stored| stored.remind_at);
        if let Some(at) = remind_at {
            ui.label(small(format!("Reminder: {}", view.date_and_time(at))));
            ui.add_space(12.0);
        }
        if let Some(note) = &interaction.note {
            ui.label(small(format!("{}, {}", note.by, view.date_and_time(note.at))));
            ui.add(text::Label::new(&note.text, Style::new(14.0), ink));
        }
        if comment.is_none() && interaction.note.is_none() && remind_at.is_none() {
            ui.label(small("Nothing was noted.".to_owned()));
        }
    });
}

/// The facts attached to it.
fn case_data(ui: &mut Ui, view: View<'_>, interaction: &Interaction, state: &mut WorkbinsState) {
    let ink = Ink::of(view.theme);
    let fields = &rules(view).case_fields;
    body(ui, "workbin case data", |ui| {
        egui::Grid::new("case data").num_columns(2).min_col_width(130.0).spacing([24.0, 8.0]).show(
            ui,
            |ui| {
                for datum in &interaction.case_data {
                    let name = facts::name(fields, &datum.key);
                    ui.add(text::Label::new(name, Style::new(13.0), ink.with_text(view.theme.muted)));
                    ui.add(text::Label::new(&datum.value, Style::new(13.0).medium(), ink));
                    ui.end_row();
                }
            },
        );
        if interaction.case_data.is_empty() {
            ui.label(RichText::new("No facts are attached.").size(12.0).color(view.theme.muted));
        }
        ui.add_space(12.0);
        let may = head::may_act(view, state);
        ui.with_layout(Layout::top_down(egui::Align::Min), |ui| {
            ui.add_enabled_ui(may.is_ok(), |ui| {
                if button::plain(ui, "Edit case data…").clicked() {
                    state.facts = Some(FactsForm::new(state.chosen.iter().copied().collect()));
                }
            });
        });
    });
}
