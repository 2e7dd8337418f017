//! The file of a header: chosen on this machine, from the conversation, or from the prepared replies; with its picture.

use egui::{Align2, CornerRadius, Id, Popup, Rect, RichText, Sense, Ui, UiBuilder, vec2};
use waxwing_protocol::{
    id::AttachmentId,
    message::MediaKind,
    slot::{Slot, SlotWanted},
};

use super::{
    super::{
        Action, View, icon,
        text::isolate,
        widgets::{button, picture},
    },
    field::MediaField,
    form::media_of,
};
use crate::desk::{
    conversation::Conversation,
    file::{StripFile, StripState, WayOut},
    input::Command,
    picture::{Fetched, PictureKey},
};

/// The picture of a chosen file, in points.
const THUMB: f32 = 44.0;
/// How many files of the conversation, and of the prepared replies, are offered.
const OFFERED: usize = 12;

/// Draws it with what can be chosen; says whether somebody chooses.
pub(super) fn show(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    (wanted, held, told): (&SlotWanted, &mut Option<MediaField>, &str),
    actions: &mut Vec<Action>,
) -> bool {
    let Some(kind) = media_of(wanted) else { return false };
    let interaction = conversation.interaction().id;
    let slot = wanted.slot.clone();
    let here = conversation.form_files().iter().find(|file| file.slot == slot).map(|file| &file.file);
    match (here, held.as_ref()) {
        (Some(file), _) => of_this_machine(ui, (view, conversation), (&slot, file), actions),
        (None, Some(media)) => {
            let name = media.file_name.clone().unwrap_or_else(|| name_of(kind).to_owned());
            let remove = ui.horizontal(|ui| {
                thumb(ui, view, (PictureKey::Preview(media.attachment), kind), actions);
                ui.add(egui::Label::new(isolate::file_name(&name)).truncate());
                button::icon(ui, view.theme, icon::X, &format!("Remove the file of {told}")).clicked()
            });
            if remove.inner {
                *held = None;
            }
        }
        (None, None) => {}
    }
    // The keys stay where they are when a file comes to stand above.
    let scope = UiBuilder::new().scope_id(Id::unique(("choose", interaction, slot.to_string())));
    let mut inside = ui.new_child(scope.max_rect(ui.available_rect_before_wrap()));
    let chooses = inside.horizontal_wrapped(|ui| {
        let dialog = button::plain(ui, "Choose a file…").on_hover_text(takes(kind)).clicked();
        if dialog {
            actions.push(Action::PickForForm { interaction, slot: slot.clone(), wanted: kind });
        }
        let response = button::plain(ui, "Files at hand");
        Popup::menu(&response).show(|ui| {
            ui.set_max_width(280.0);
            if let Some(chosen) = at_hand(ui, (view, conversation), kind) {
                *held = Some(chosen);
                actions
                    .push(Action::Command(Command::DropFormFiles { interaction, slot: Some(slot.clone()) }));
                ui.close();
            }
        });
        dialog || response.clicked()
    });
    ui.advance_cursor_after_rect(inside.min_rect());
    chooses.inner
}

/// A file chosen on this machine, and how it stands.
fn of_this_machine(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    (slot, file): (&Slot, &StripFile),
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction().id;
    let StripFile { client_ref, name, state, .. } = file;
    let kind = match state {
        StripState::Ready(ready) => ready.kind,
        StripState::Checking | StripState::Refused { .. } => MediaKind::Document,
    };
    ui.horizontal(|ui| {
        if matches!(state, StripState::Ready(_)) {
            thumb(ui, view, (PictureKey::Ours(*client_ref), kind), actions);
        }
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add(egui::Label::new(isolate::file_name(name)).truncate());
            let (words, colour) = match state {
                StripState::Checking => ("Looking at it…".to_owned(), view.theme.muted),
                StripState::Ready(ready) => (size(ready.size_bytes), view.theme.muted),
                StripState::Refused { reason, .. } => (reason.clone(), view.theme.overdue),
            };
            ui.add(egui::Label::new(RichText::new(words).size(11.0).color(colour)).wrap());
        });
        if button::icon(ui, view.theme, icon::X, "Remove the file").clicked() {
            let slot = Some(slot.clone());
            actions.push(Action::Command(Command::DropFormFiles { interaction, slot }));
        }
    });
    if let StripState::Refused { ways_out, .. } = state
        && ways_out.contains(&WayOut::MakeSmaller)
        && button::plain(ui, "Make smaller").clicked()
    {
        let (client_ref, way) = (*client_ref, WayOut::MakeSmaller);
        actions.push(Action::Command(Command::Rework { interaction, client_ref, way }));
    }
}

/// The files that the gateway has: of this conversation and of the prepared replies.
fn at_hand(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    wanted: MediaKind,
) -> Option<MediaField> {
    let said = conversation.files().filter(|media| media.kind == wanted);
    let said = said.filter_map(|media| Some((media.attachment.as_ref()?.id, media.file_name.clone())));
    let said: Vec<(AttachmentId, Option<String>)> = said.take(OFFERED).collect();
    let prepared = view.desk.library().responses().flat_map(|response| &response.content.files);
    let prepared = prepared.filter(|file| file.kind == wanted).take(OFFERED);
    let prepared: Vec<_> = prepared.map(|file| (file.attachment, Some(file.file_name.clone()))).collect();
    let mut chosen = None;
    for (title, files) in [("In this conversation", said), ("In prepared replies", prepared)] {
        if files.is_empty() {
            continue;
        }
        ui.label(RichText::new(title).size(11.0).color(view.theme.muted));
        for (attachment, file_name) in files {
            let name = file_name.as_deref().map_or_else(|| name_of(wanted).to_owned(), isolate::file_name);
            if ui.button(name).clicked() {
                chosen = Some(MediaField { attachment, file_name });
            }
        }
    }
    if chosen.is_none() && ui.min_rect().height() < 4.0 {
        ui.label(
            RichText::new(format!("No {} here yet", name_of(wanted).to_lowercase())).color(view.theme.muted),
        );
    }
    chosen
}

/// The picture of a file, or the sign of its kind.
fn thumb(ui: &mut Ui, view: View<'_>, (key, kind): (PictureKey, MediaKind), actions: &mut Vec<Action>) {
    let (rect, _) = ui.allocate_exact_size(vec2(THUMB, THUMB), Sense::hover());
    face(ui, view, (rect, key, kind), actions);
}

/// Draws the picture of a file into a place, or the sign of its kind.
pub(super) fn face(
    ui: &Ui,
    view: View<'_>,
    (rect, key, kind): (Rect, PictureKey, MediaKind),
    actions: &mut Vec<Action>,
) {
    let theme = view.theme;
    if matches!(kind, MediaKind::Image | MediaKind::Video) {
        match view.pictures.get(key) {
            Fetched::Ready(ready) if picture::fill(ui, key, &ready, (rect, 6)) => return,
            Fetched::NotAsked => actions.push(Action::WantPicture(key)),
            Fetched::Ready(_) | Fetched::Pending | Fetched::Failed { .. } => {}
        }
    }
    sign(ui, view, rect, kind);
    if kind == MediaKind::Video {
        let centre = rect.center();
        ui.painter().text(centre, Align2::CENTER_CENTER, icon::PLAY, icon::font(16.0), theme.muted);
    }
}

/// The sign of a kind of file.
pub(super) fn sign(ui: &Ui, view: View<'_>, rect: Rect, kind: MediaKind) {
    let theme = view.theme;
    ui.painter().rect_filled(rect, CornerRadius::same(6), theme.text.gamma_multiply(0.06));
    let sign = match kind {
        MediaKind::Image => icon::IMAGE,
        MediaKind::Video => icon::FILM,
        _ => icon::FILE,
    };
    if kind != MediaKind::Video || rect.height() > 60.0 {
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, sign, icon::font(20.0), theme.muted);
    }
}

/// What a file of a kind is called.
pub(super) const fn name_of(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "Picture",
        MediaKind::Video => "Film",
        _ => "Document",
    }
}

/// What WhatsApp takes there.
const fn takes(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "A JPEG or PNG of 5 MB at most",
        MediaKind::Video => "An MP4 or 3GP of 16 MB at most",
        _ => "A document of less than 100 MB",
    }
}

fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        format!("{} kB", bytes.div_ceil(1_000))
    } else {
        format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
    }
}
