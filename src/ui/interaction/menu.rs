//! What can be done with a message: its context menu, and the details it opens.

use egui::{
    Button, CornerRadius, Popup, Response, RichText, Role, Sense, SetOpenCommand, Ui, WidgetInfo, Window,
    vec2,
};
use waxwing_protocol::{
    attachment::AttachmentState,
    delivery::Delivery,
    id::MessageId,
    message::{Author, Body, Message},
};

use super::{
    super::{
        Action, FileAsk, FileDeed, View,
        text::{self, Ink, Style, Words, Wrap},
    },
    attachment::{
        File,
        opening::{self, May},
    },
    bubble::Scene,
    reading::{self, Purpose, Selection},
    script::Script,
    ticks,
};
use crate::desk::{
    conversation::{Conversation, RowKey},
    input::Command,
    phones,
};

/// What was chosen that only the window itself needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chosen {
    /// Look for an emoji to put on this message.
    React(MessageId),
    /// Answer this message.
    Reply(MessageId),
    /// Say it in other conversations.
    Forward(MessageId),
    /// Look at its picture.
    View(MessageId),
    /// Ask whether this file is to be opened although something is said of it.
    Ask(FileAsk, String),
    /// Show or hide what it said before.
    Unfold(MessageId),
    /// Show its details.
    Details(MessageId),
    /// Show all of this row, however long it is.
    ShowAll(RowKey),
    /// Begin a new notification with the values of this row's.
    Again(RowKey),
    /// Choose a notification.
    Notify,
}

/// The context menu of a bubble or of something in it; `asked` opens it without the mouse.
pub(super) fn show(
    response: &Response,
    scene: &Scene<'_>,
    actions: &mut Vec<Action>,
    asked: bool,
) -> Option<Chosen> {
    let mut chosen = None;
    let mut popup = Popup::context_menu(response);
    let place = Popup::position_of_id(&response.ctx, Popup::default_response_id(response));
    if place.is_none() && !response.secondary_clicked() {
        // No mouse says where.
        popup = popup.at_position(response.rect.center());
    }
    if asked {
        popup = popup.open_memory(Some(SetOpenCommand::Bool(true)));
    }
    popup.show(|ui| {
        chosen = of_file(ui, scene, actions);
        copying(ui, scene, scene.selection.filter(|selection| !selection.is_empty()));
        let answers = scene.purpose == Purpose::Answering;
        let leaves = scene.outgoing().is_some_and(|outgoing| outgoing.notification().is_some());
        let is_notification = |message: &Message| matches!(message.body, Body::Notification(_));
        if answers
            && (leaves || scene.said().is_some_and(is_notification))
            && ui.button("Edit as new notification").clicked()
        {
            chosen = Some(Chosen::Again(scene.row().key));
        }
        let Some(message) = scene.said() else { return };
        if answers && has_failed_file(message) && ui.button("Get the file again").clicked() {
            let interaction = scene.conversation.interaction().id;
            actions.push(Action::Command(Command::FetchAgain { interaction, message: message.id }));
        }
        if answers && !matches!(message.body, Body::Deleted) {
            if react(ui, scene, message, actions) {
                chosen = Some(Chosen::React(message.id));
            }
            if can_be_answered(message) && ui.button("Reply").clicked() {
                chosen = Some(Chosen::Reply(message.id));
            }
            if ui.button("Forward…").clicked() {
                chosen = Some(Chosen::Forward(message.id));
            }
        }
        if !message.earlier.is_empty() && ui.button("Earlier words").clicked() {
            chosen = Some(Chosen::Unfold(message.id));
        }
        if ui.button("Details").clicked() {
            chosen = Some(Chosen::Details(message.id));
        }
    });
    chosen
}

/// Whether WhatsApp knows the message, so that it can be quoted or reacted to.
fn can_be_answered(message: &Message) -> bool {
    match &message.delivery {
        None => true,
        Some(state) => {
            matches!(state.delivery, Delivery::Sent | Delivery::Delivered | Delivery::Read | Delivery::Played)
        }
    }
}

/// Whether a contact sent a file that the gateway could not get.
fn has_failed_file(message: &Message) -> bool {
    let Body::Media(media) = &message.body else { return false };
    let state = media.attachment.as_ref().map(|attachment| &attachment.state);
    message.is_by_contact() && matches!(state, Some(AttachmentState::Failed { .. }))
}

/// What can be done with the file of a message.
fn of_file(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) -> Option<Chosen> {
    let file = File::of(scene.said()?)?;
    let mut chosen = None;
    let may = opening::may_open(&file);
    if !matches!(may, May::Save(_))
        && ui.button("Open").on_hover_text("In the program it belongs to").clicked()
    {
        chosen = file.open(actions);
    }
    for (name, deed) in
        [("Save as…", FileDeed::SaveAs), ("Open folder", FileDeed::OpenFolder), ("Copy file", FileDeed::Copy)]
    {
        let hint =
            if deed == FileDeed::OpenFolder { "Saves it among the downloads and shows it there" } else { "" };
        let button = ui.button(name);
        let button = if hint.is_empty() { button } else { button.on_hover_text(hint) };
        if button.clicked() {
            actions.extend(file.ask(deed).map(Action::File));
        }
    }
    ui.separator();
    chosen
}

fn copying(ui: &mut Ui, scene: &Scene<'_>, selection: Option<&Selection>) {
    let what = if selection.is_some() { "Copy selection" } else { "Copy" };
    let script = |message: &Message| Script::shown(scene.view, message, scene.unfolded.contains(&message.id));
    let whole = || match (&scene.said(), selection) {
        (_, Some(selection)) => reading::copied((scene.view, scene.conversation), selection, &script, None),
        (Some(message), None) => Script::of(scene.view, message).copy(None, None),
        (None, None) => {
            scene.outgoing().map(|it| Script::leaving(scene.view, it).copy(None, None)).unwrap_or_default()
        }
    };
    if ui.button(what).clicked() {
        ui.copy_text(whole());
    }
    if scene.said().is_some() && ui.button("Copy with names and times").clicked() {
        let name = |message: &Message| name_and_time(scene.view, scene.conversation, message);
        let text = match (selection, scene.said()) {
            (Some(selection), _) => {
                reading::copied((scene.view, scene.conversation), selection, &script, Some(&name))
            }
            (None, Some(message)) => {
                format!("{}{}", name(message), Script::of(scene.view, message).copy(None, None))
            }
            (None, None) => String::new(),
        };
        ui.copy_text(text);
    }
}

/// `[22.11.2026, 14:05] Ada: `, as WhatsApp itself copies several messages.
pub(super) fn name_and_time(view: View<'_>, conversation: &Conversation, message: &Message) -> String {
    let name = match &message.author {
        Author::Contact => phones::title(&conversation.interaction().contact),
        Author::Agent { name, .. } => name.clone(),
        Author::System => "WhatsApp".to_owned(),
    };
    format!("[{}] {name}: ", view.date_and_time(message.sent_at))
}

/// The emoji that are offered first; says whether the agent wants another one.
fn react(ui: &mut Ui, scene: &Scene<'_>, message: &Message, actions: &mut Vec<Action>) -> bool {
    if !can_be_answered(message) {
        return false;
    }
    let owner = scene.conversation.interaction().owner;
    let ours = message
        .reactions
        .iter()
        .find(|reaction| matches!(reaction.author, Author::Agent { agent, .. } if Some(agent) == owner));
    let interaction = scene.conversation.interaction().id;
    let more = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for emoji in scene.quick {
            let is_ours = ours.is_some_and(|reaction| reaction.emoji == *emoji);
            let hint = if is_ours { "Take it off" } else { "React" };
            if emoji_button(ui, scene.view, emoji, is_ours).on_hover_text(hint).clicked() {
                let emoji = (!is_ours).then(|| emoji.clone());
                actions.push(Action::Command(Command::React { interaction, message: message.id, emoji }));
                ui.close();
            }
        }
        let more = another(ui, scene.view).clicked();
        if more {
            ui.close();
        }
        more
    });
    ui.separator();
    more.inner
}

/// Leads to all emoji.
fn another(ui: &mut Ui, view: View<'_>) -> Response {
    let plus = RichText::new("+").size(18.0).color(view.theme.muted);
    let response = ui.add(Button::new(plus).frame_when_inactive(false).min_size(vec2(30.0, 30.0)));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Another emoji"));
    response.on_hover_text("Another emoji")
}

/// An emoji that can be clicked, in its colours.
fn emoji_button(ui: &mut Ui, view: View<'_>, emoji: &str, selected: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(30.0, 30.0), Sense::click());
    if selected || response.hovered() || response.has_focus() {
        let ground = if selected { view.theme.accent_soft } else { view.theme.sunken };
        ui.painter().rect_filled(rect, CornerRadius::same(8), ground);
    }
    let words = Words::plain(emoji, Style::new(18.0));
    let galley = text::layout(ui.ctx(), &words, Wrap::one_row(f32::INFINITY));
    galley.paint(ui.painter(), rect.center() - galley.size() * 0.5, &Ink::of(view.theme));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, emoji));
    response
}

/// The details of a message; says whether they stay open.
pub(super) fn details(ctx: &egui::Context, view: View<'_>, message: &Message) -> bool {
    let mut open = true;
    let window = Window::new("Details of the message").collapsible(false).resizable(false);
    window.open(&mut open).show(ctx, |ui| {
        let row = |ui: &mut Ui, name: &str, value: String| {
            ui.label(RichText::new(name).color(view.theme.muted));
            ui.label(value);
            ui.end_row();
        };
        egui::Grid::new("details").num_columns(2).spacing([16.0, 6.0]).show(ui, |ui| {
            row(ui, "Written", view.exact(message.sent_at));
            row(ui, "Stored", view.exact(message.stored_at));
            if let Some(state) = &message.delivery {
                for reached in &state.reached {
                    row(ui, ticks::step(reached.step), view.exact(reached.at));
                }
                row(ui, "Attempts", state.attempt.to_string());
            }
            for earlier in &message.earlier {
                row(ui, "Changed", view.exact(earlier.until));
            }
            row(ui, "Message", message.id.to_string());
        });
    });
    open
}
