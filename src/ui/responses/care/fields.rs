//! The fields of a response that is being written, each with what is wrong with it beside it.

use egui::{ComboBox, Frame, Id, Margin, Popup, RichText, Stroke, TextEdit, Ui, vec2};
use waxwing_protocol::{message::MAX_TEXT_BYTES, response::ResponseProblem};

use super::{
    super::super::{
        Action, View, icon,
        text::{
            Ink, Style,
            editor::{Editor, EditorState},
        },
        theme,
        widgets::button,
    },
    Front, files,
    form::{Form, Moment},
    menus::shelves,
    notification,
};

/// Draws them.
pub(super) fn show(ui: &mut Ui, (view, front): Front<'_>, form: &mut Form, actions: &mut Vec<Action>) {
    let problem = form.problem(view.zone);
    let wrong = |which: ResponseProblem| problem.filter(|problem| *problem == which);
    ui.spacing_mut().item_spacing.y = 4.0;
    let width = ui.available_width() - 8.0;
    ui.set_max_width(width);
    caption(ui, view, "Name");
    words(ui, view, (&mut form.name, "form name"), ("Name", ""), 1);
    told(ui, view, wrong(ResponseProblem::Name));
    ui.columns(2, |sides| {
        if let [left, right] = sides {
            caption(left, view, "Shortcut");
            line(left, &mut form.shortcut, "Shortcut", "dt");
            caption(right, view, "Language");
            line(right, &mut form.language, "Language", "en");
        }
    });
    told(ui, view, wrong(ResponseProblem::Shortcut).or_else(|| wrong(ResponseProblem::Language)));
    caption(ui, view, "Category");
    category(ui, view, form);
    body(ui, (view, front), form);
    told(ui, view, wrong(ResponseProblem::BodyTooLong).or_else(|| wrong(ResponseProblem::Empty)));
    files::show(ui, view, form, actions);
    told(ui, view, wrong(ResponseProblem::TooManyFiles).or_else(|| wrong(ResponseProblem::CaptionTooLong)));
    notification::show(ui, (view, front), form);
    offered(ui, view, form);
    told(ui, view, wrong(ResponseProblem::NeverOffered));
}

/// When it is offered, and to whom.
fn offered(ui: &mut Ui, view: View<'_>, form: &mut Form) {
    ui.columns(2, |sides| {
        if let [left, right] = sides {
            moment(left, view, (&mut form.starts, "Offered from"));
            moment(right, view, (&mut form.expires, "Offered until"));
        }
    });
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.checkbox(&mut form.content.active, "Active");
        if view.leads() {
            let mut is_shared = form.content.owner.is_none();
            if ui.checkbox(&mut is_shared, "For all agents").changed() {
                form.content.owner = if is_shared { None } else { view.agent().map(|agent| agent.id) };
            }
        }
    });
}

fn moment(ui: &mut Ui, view: View<'_>, (moment, name): (&mut Moment, &str)) {
    caption(ui, view, name);
    line(ui, &mut moment.0, name, "always");
    if let Err(why) = moment.read(view.zone) {
        ui.label(RichText::new(why).size(12.0).color(view.theme.overdue));
    }
}

fn category(ui: &mut Ui, view: View<'_>, form: &mut Form) {
    let library = view.desk.library();
    let chosen = &mut form.content.category;
    let name = chosen.map_or_else(|| "Without a category".to_owned(), |id| library.path(id).join(" › "));
    let combo = ComboBox::from_id_salt("form category").width(ui.available_width()).selected_text(name);
    let shown = combo.show_ui(ui, |ui| {
        ui.selectable_value(chosen, None, "Without a category");
        for (id, path) in shelves(library) {
            ui.selectable_value(chosen, Some(id), path);
        }
    });
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Category"));
}

/// What it says, with what can be put into it.
fn body(ui: &mut Ui, (view, front): Front<'_>, form: &mut Form) {
    ui.add_space(2.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 22.0;
        caption(ui, view, "Text");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().button_padding = vec2(8.0, 2.0);
            let put = ui.button(RichText::new("Put in ⌄").size(12.0));
            Popup::menu(&put).show(|ui| put_in(ui, front, &mut form.body));
            let (length, most) = (form.body.text().len(), MAX_TEXT_BYTES);
            let colour = if length > most { view.theme.overdue } else { view.theme.muted };
            let count = RichText::new(format!("{length} / {most}")).size(12.0).color(colour);
            ui.label(count).on_hover_text("Bytes of the text before it is filled in; WhatsApp takes 4,096");
        });
    });
    words(ui, view, (&mut form.body, "form body"), ("Text", ""), 6);
}

/// What the program fills in, and blanks for the agent.
fn put_in(ui: &mut Ui, front: Option<&crate::desk::conversation::Conversation>, body: &mut EditorState) {
    const CODES: &[(&str, &str)] = &[
        ("The contact's first name", "<$Contact.FirstName$>"),
        ("The contact's name", "<$Contact.FullName$>"),
        ("The contact's phone number", "<$Contact.PhoneNumber$>"),
        ("Your first name", "<$Agent.FirstName$>"),
        ("Your name", "<$Agent.FullName$>"),
        ("The name of our number", "<$Interaction.BusinessName$>"),
        ("Today's date", "<$Interaction.Date$>"),
        ("The time", "<$Interaction.Time$>"),
    ];
    let mut put = |ui: &mut Ui, name: &str, code: &str| {
        if ui.button(name).on_hover_text(code).clicked() {
            body.insert(code);
        }
    };
    put(ui, "A blank to fill in", "{{what}}");
    ui.separator();
    for (name, code) in CODES {
        put(ui, name, code);
    }
    let data = front.map(|held| held.interaction().case_data.as_slice()).unwrap_or_default();
    if !data.is_empty() {
        ui.separator();
    }
    for datum in data {
        let key = datum.key.replace('"', "");
        put(ui, &format!("Case: {key}"), &format!("<$Interaction.AttachedData(\"{key}\")$>"));
    }
}

/// The id of the field for a response's name.
pub(super) fn name_id() -> Id {
    words_id("form name")
}

fn words_id(name: &str) -> Id {
    Id::unique(("library", name))
}

/// A field for words in any script.
pub(super) fn words(
    ui: &mut Ui,
    view: View<'_>,
    (state, id): (&mut EditorState, &str),
    (name, hint): (&str, &str),
    rows: usize,
) {
    let id = words_id(id);
    if rows == 1 && ui.memory(|memory| memory.has_focus(id)) {
        // A name is one line.
        ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Enter));
    }
    let edge = if ui.memory(|memory| memory.has_focus(id)) { view.theme.accent } else { view.theme.line };
    let frame = Frame::new()
        .fill(view.theme.surface)
        .stroke(Stroke::new(1.0, edge))
        .corner_radius(theme::BUTTON_RADIUS)
        .inner_margin(Margin::symmetric(10, 6));
    frame.show(ui, |ui| {
        let editor = Editor::new(state, id, Style::new(14.0), Ink::of(view.theme)).label(name).hint(hint);
        if rows == 1 { editor.one_row() } else { editor.min_rows(rows).max_height(180.0) }.show(ui);
    });
}

/// A field for a word.
pub(super) fn line(ui: &mut Ui, text: &mut String, name: &str, hint: &str) {
    let field = TextEdit::singleline(text).desired_width(f32::INFINITY).hint_text(hint);
    let field = ui.add(field.margin(Margin::symmetric(10, 6)));
    let typed = text.clone();
    field.widget_info(|| {
        let mut info = egui::WidgetInfo::text_edit(true, &typed, &typed, hint);
        info.label = Some(name.to_owned());
        info
    });
}

/// What a field is called, above it.
pub(super) fn caption(ui: &mut Ui, view: View<'_>, name: &str) {
    ui.add_space(2.0);
    ui.label(RichText::new(name).size(12.0).family(theme::medium()).color(view.theme.muted));
}

/// What is wrong, below the field.
fn told(ui: &mut Ui, view: View<'_>, problem: Option<ResponseProblem>) {
    if let Some(problem) = problem {
        ui.label(RichText::new(problem.to_string()).size(12.0).color(view.theme.overdue));
    }
}

/// A small button that takes something away.
pub(super) fn cross(ui: &mut Ui, view: View<'_>, name: &str) -> bool {
    button::icon(ui, view.theme, icon::X, name).clicked()
}
