//! The interaction that is read beside the list: who, when, what became of it; its transcript, what happened, note and facts.

use egui::{Align, CentralPanel, Frame, Layout, Margin, Panel, Popup, RichText, Sense, Stroke, Ui, vec2};
use waxwing_protocol::{
    id::{InteractionId, MessageId},
    interaction::Interaction,
};

use super::{
    super::{
        Action, View, ViewState, icon, interaction, new_chat, rules,
        text::{self, Ink, Label, Style},
        theme,
        widgets::{avatar, button},
        workplace::{self, Workplace},
    },
    card, life,
};
use crate::desk::{
    conversation::Conversation,
    input::Command,
    past::{PaperForm, PastWish},
    phones,
};

/// What of an interaction is seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::ui) enum Sight {
    /// What was said.
    #[default]
    Transcript,
    /// What happened to it.
    Happened,
    /// What was noted about it.
    Facts,
}

impl Sight {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Transcript, "Transcript"),
        (Self::Happened, "What happened"),
        (Self::Facts, "Note and facts"),
    ];
}

/// How many frames the desk may take until what was asked for is what is read.
const PATIENCE: u64 = 90;

/// When a place of the window asked for what it shows: one interaction is read at a time, wherever that is.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::ui) struct Asked {
    /// The frame in which it asked last.
    at: u64,
    /// The frame in which it was seen last.
    seen: u64,
}

impl Asked {
    /// It asks just now.
    pub(super) fn now(ui: &Ui) -> Self {
        let frame = ui.ctx().cumulative_frame_nr();
        Self { at: frame, seen: frame }
    }
}

/// Asks for an interaction to be read, with a hit in view.
pub(super) fn ask(interaction: InteractionId, hit: Option<MessageId>, actions: &mut Vec<Action>) {
    actions.push(Action::Command(Command::Review(interaction)));
    let goal = hit.map(|message| Command::GoTo { interaction, message });
    actions.extend(goal.map(Action::Command));
}

/// The way back to the list, where there is room for one of both.
pub(super) fn back(ui: &mut Ui, view: View<'_>, state: &mut ViewState) {
    let frame = Frame::new().fill(view.theme.surface).inner_margin(Margin::symmetric(16, 6));
    Panel::top("back to the list").frame(frame).show(ui, |ui| {
        if button::plain(ui, "‹ Back to the list").clicked() {
            state.history.selected = None;
        }
    });
}

/// Draws what is chosen in the list.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let Some(id) = state.history.selected else {
        let words = ("Nothing chosen", "Choose an interaction to read it here.");
        workplace::nothing(ui, view, icon::HISTORY, words);
        return;
    };
    let mut sight = state.history.sight;
    let (hit, mut asked) = (state.history.hit, state.history.reading);
    show_one(ui, view, One { id, hit, sight: &mut sight, asked: &mut asked }, state, actions);
    (state.history.sight, state.history.reading) = (sight, asked);
}

/// What is read in a place of the window.
pub(super) struct One<'a> {
    pub(super) id: InteractionId,
    /// The message that is wanted in view.
    pub(super) hit: Option<MessageId>,
    pub(super) sight: &'a mut Sight,
    pub(super) asked: &'a mut Asked,
}

/// Something else is read just now: it is asked for where the agent comes back to it, else on a click.
fn elsewhere(ui: &mut Ui, view: View<'_>, one: &mut One<'_>, was_away: bool, actions: &mut Vec<Action>) {
    let frame = ui.ctx().cumulative_frame_nr();
    ui.add_space(40.0);
    ui.vertical_centered(|ui| {
        let mut asks = was_away;
        if was_away || frame < one.asked.at + PATIENCE {
            ui.add(egui::Spinner::new().size(18.0));
        } else {
            let words = "Another interaction is read elsewhere in the window.";
            ui.label(RichText::new(words).color(view.theme.muted));
            asks = button::plain(ui, "Read it here").clicked();
        }
        if asks {
            one.asked.at = frame;
            ask(one.id, one.hit, actions);
        }
    });
}

/// Draws an interaction, wherever it is read.
pub(super) fn show_one(
    ui: &mut Ui,
    view: View<'_>,
    mut one: One<'_>,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let frame = ui.ctx().cumulative_frame_nr();
    let was_away = std::mem::replace(&mut one.asked.seen, frame) + 1 < frame;
    let held = view.desk.review_state().filter(|held| held.interaction == one.id);
    let Some(held) = held else {
        elsewhere(ui, view, &mut one, was_away, actions);
        return;
    };
    let One { id, hit, sight, .. } = one;
    if let Some(why) = held.trouble {
        ui.add_space(40.0);
        ui.vertical_centered(|ui| {
            ui.label(RichText::new(why).color(view.theme.overdue));
            if button::plain(ui, "Try again").clicked() {
                ask(id, hit, actions);
            }
        });
        return;
    }
    let Some(read) = view.desk.review() else {
        ui.add_space(40.0);
        ui.vertical_centered(|ui| ui.add(egui::Spinner::new().size(18.0)));
        return;
    };
    let before = *sight;
    head(ui, view, read, (&mut *sight, &mut *state), actions);
    if *sight == Sight::Happened && before != *sight {
        actions.push(Action::Command(Command::AskLife));
    }
    let frame = Frame::new().fill(view.theme.bg);
    CentralPanel::default().frame(frame).show(ui, |ui| match sight {
        Sight::Transcript => interaction::read_only(ui, view, read, state, actions),
        Sight::Happened => life::show(ui, view, held.steps),
        Sight::Facts => facts(ui, view, read.interaction()),
    });
}

fn head(
    ui: &mut Ui,
    view: View<'_>,
    read: &Conversation,
    (sight, state): (&mut Sight, &mut ViewState),
    actions: &mut Vec<Action>,
) {
    let interaction = read.interaction();
    let frame =
        Frame::new().fill(view.theme.surface).inner_margin(Margin { left: 16, right: 16, top: 8, bottom: 0 });
    Panel::top(("past head", interaction.id)).frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            let title = phones::title(&interaction.contact);
            if ui.available_width() > 420.0 {
                let (rect, _) = ui.allocate_exact_size(vec2(40.0, 40.0), Sense::hover());
                let face = avatar::Avatar {
                    name: &title,
                    ground: view.theme.avatar(interaction.contact.id.uuid().as_u128()),
                    front: Ink::of(view.theme).with_text(view.theme.on_avatar),
                    ring: None,
                    size: 40.0,
                };
                avatar::paint(ui, rect.center(), face);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                deeds(ui, view, interaction, state, actions);
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    ui.add(Label::new(&title, Style::new(15.0).semibold(), Ink::of(view.theme)).one_row());
                    let line = RichText::new(when(view, interaction)).size(12.0).color(view.theme.muted);
                    ui.add(egui::Label::new(line).truncate());
                });
            });
        });
        tabs(ui, view, sight);
    });
}

/// When it was, on which number, what became of it.
fn when(view: View<'_>, interaction: &Interaction) -> String {
    let begun = view.date_and_time(interaction.created_at);
    let ended = interaction.ended_at.map(|at| format!(" – {}", view.time(at))).unwrap_or_default();
    let phase = card::phase(&interaction.phase);
    let name = text::isolate::isolated(&interaction.business_number.name);
    format!("{begun}{ended} · {name} · {phase}")
}

/// What can be done with it.
fn deeds(
    ui: &mut Ui,
    view: View<'_>,
    interaction: &Interaction,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let id = interaction.id;
    if view.desk.conversation(id).is_some() {
        if button::primary(ui, view.theme, "Go to it", true).clicked() {
            (state.workplace, state.focus_composer) = (Workplace::Active, Some(id));
            actions.push(Action::Command(Command::Activate(Some(id))));
        }
    } else {
        let with = new_chat::With {
            contact: &interaction.contact,
            number: Some(interaction.business_number.id),
            after: Some(id),
        };
        new_chat::button(ui, view, with, actions);
    }
    let save = button::icon(ui, view.theme, icon::DOWNLOAD, "Save or print");
    Popup::menu(&save).show(|ui| {
        ui.set_min_width(230.0);
        let forms = [
            ("Save as a PDF…", PaperForm::Pdf),
            ("Open as a PDF, to print it", PaperForm::Print),
            ("Save as a page (HTML)…", PaperForm::Html),
            ("Save everything (JSON)…", PaperForm::Json),
        ];
        for (name, form) in forms {
            if ui.button(name).clicked() {
                let wish = PastWish::Write { interaction: id, form };
                actions.push(Action::Command(Command::Past(wish)));
            }
        }
    });
}

fn tabs(ui: &mut Ui, view: View<'_>, sight: &mut Sight) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        for (which, name) in Sight::ALL {
            let is_open = *sight == which;
            let colour = if is_open { view.theme.accent } else { view.theme.muted };
            let words = RichText::new(name).size(13.0).family(theme::medium()).color(colour);
            let tab = egui::Button::selectable(is_open, words).frame(false).min_size(vec2(0.0, 32.0));
            let response = ui.add(tab);
            if is_open {
                let line = Stroke::new(2.0, view.theme.accent);
                ui.painter().hline(response.rect.x_range(), response.rect.bottom(), line);
            }
            if response.clicked() {
                *sight = which;
            }
        }
    });
}

/// What was noted about it, what came of it, and its facts.
fn facts(ui: &mut Ui, view: View<'_>, interaction: &Interaction) {
    let frame = Frame::new().inner_margin(Margin::symmetric(20, 16));
    egui::ScrollArea::vertical().id_salt("past facts").auto_shrink(false).show(ui, |ui| {
        frame.show(ui, |ui| {
            if let Some(code) = &interaction.disposition {
                fact(ui, view, "What came of it", super::super::disposition_name(view, code));
            }
            if let Some(note) = &interaction.note {
                fact(ui, view, "Note", &note.text);
                let by = text::isolate::isolated(&note.by);
                let told = format!("{by}, {}", view.date_and_time(note.at));
                ui.label(RichText::new(told).size(12.0).color(view.theme.muted));
                ui.add_space(6.0);
            }
            for datum in &interaction.case_data {
                let field = rules(view).case_fields.iter().find(|field| field.key == datum.key);
                fact(ui, view, field.map_or(datum.key.as_str(), |field| field.name.as_str()), &datum.value);
            }
            if interaction.disposition.is_none()
                && interaction.note.is_none()
                && interaction.case_data.is_empty()
            {
                ui.label(RichText::new("Nothing was noted about it.").color(view.theme.muted));
            }
        });
    });
}

fn fact(ui: &mut Ui, view: View<'_>, name: &str, value: &str) {
    ui.spacing_mut().item_spacing.y = 2.0;
    let ink = Ink::of(view.theme);
    ui.add(Label::new(name, Style::new(12.0).medium(), ink.with_text(view.theme.muted)));
    ui.add(Label::new(value, Style::new(14.0), ink).rows(200));
    ui.add_space(8.0);
}
