//! The files that go with the next message, above the field: seen, named, put in order, each with its own words.

use egui::{
    Align, Button, CornerRadius, Frame, Key, Layout, Margin, Modifiers, Rect, Response, RichText, Role,
    ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};
use waxwing_protocol::{
    id::InteractionId,
    message::{MAX_CAPTION_CHARS, MediaKind},
};

use super::{
    super::{
        Action, View, icon,
        text::{self, Ink, Style, editor::Editor, isolate},
        theme,
        view_state::Composer,
        widgets::{button, picture},
    },
    attachment::{Track, sign_of, words},
    composer::{take_enter, thousands},
};
use crate::desk::{
    conversation::Conversation,
    file::{ReadyFile, StripFile, StripSource, StripState, WayOut},
    input::Command,
    picture::{Fetched, PictureKey},
    sound::SoundKey,
};

/// How wide a card is, in points.
const CARD: f32 = 236.0;
/// The room of a picture or sign, in points.
const FACE: Vec2 = vec2(44.0, 44.0);
/// How high the words under a file grow, in points.
const CAPTION: f32 = 58.0;
/// From how many characters on they are counted.
const COUNTED_FROM: usize = 900;

/// Shows the strip, if something stands on it; says whether the agent pressed the key that sends.
pub(super) fn show(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    composer: &mut Composer,
    actions: &mut Vec<Action>,
) -> bool {
    let strip = conversation.strip();
    composer.captions.retain(strip);
    if strip.is_empty() {
        return false;
    }
    let interaction = conversation.interaction().id;
    if strip.len() > 1 {
        head(ui, view, (interaction, strip), actions);
    }
    let mut sent = false;
    let mut cards = Vec::with_capacity(strip.len());
    let area = ScrollArea::horizontal().id_salt(("strip", interaction)).auto_shrink([false, true]);
    area.show(ui, |ui| {
        ui.horizontal_top(|ui| {
            for (place, file) in strip.iter().enumerate() {
                let mut card =
                    Card { view, interaction, file, place, count: strip.len(), actions, sent: false };
                cards.push(card.show(ui, composer));
                sent |= card.sent;
            }
        });
        drag(ui, view, (interaction, strip), &cards, actions);
    });
    ui.add_space(4.0);
    sent
}

/// How many there are, and a way to be rid of all.
fn head(
    ui: &mut Ui,
    view: View<'_>,
    (interaction, strip): (InteractionId, &[StripFile]),
    actions: &mut Vec<Action>,
) {
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 24.0;
        ui.spacing_mut().button_padding = vec2(8.0, 3.0);
        ui.label(RichText::new(format!("{} files", strip.len())).size(12.0).color(view.theme.muted));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let button = Button::new(RichText::new("Remove all").size(12.0)).min_size(vec2(0.0, 24.0));
            if ui.add(button).clicked() {
                let remove = |file: &StripFile| Command::Detach { interaction, client_ref: file.client_ref };
                actions.extend(strip.iter().map(remove).map(Action::Command));
            }
        });
    });
}

/// Lets cards be dragged into another order.
fn drag(
    ui: &Ui,
    view: View<'_>,
    (interaction, strip): (InteractionId, &[StripFile]),
    cards: &[Response],
    actions: &mut Vec<Action>,
) {
    let moved = cards.iter().position(|card| card.dragged() || card.drag_stopped());
    let (Some(moved), Some(pointer)) = (moved, ui.input(|input| input.pointer.latest_pos())) else { return };
    let others = cards.iter().enumerate().filter(|(place, _)| *place != moved);
    let place = others.filter(|(_, card)| card.rect.center().x < pointer.x).count();
    if cards[moved].drag_stopped() {
        if place != moved {
            let client_ref = strip[moved].client_ref;
            actions.push(Action::Command(Command::Reorder { interaction, client_ref, place }));
        }
        return;
    }
    // Where it would go.
    let at = if place > moved { cards[place].rect.right() + 4.0 } else { cards[place].rect.left() - 4.0 };
    let line =
        Rect::from_center_size(pos2(at, cards[moved].rect.center().y), vec2(3.0, cards[moved].rect.height()));
    ui.painter().rect_filled(line, CornerRadius::same(1), view.theme.accent);
}

/// One file while it is drawn.
struct Card<'a> {
    view: View<'a>,
    interaction: InteractionId,
    file: &'a StripFile,
    place: usize,
    count: usize,
    actions: &'a mut Vec<Action>,
    sent: bool,
}

impl Card<'_> {
    fn show(&mut self, ui: &mut Ui, composer: &mut Composer) -> Response {
        let theme = self.view.theme;
        let salt = ("strip card", self.file.client_ref);
        let builder = UiBuilder::new().id_salt(salt).sense(Sense::click_and_drag());
        let card = ui.scope_builder(builder, |ui| {
            let frame = Frame::new()
                .fill(theme.sunken)
                .corner_radius(theme::CARD_RADIUS)
                .inner_margin(Margin::same(8));
            frame.show(ui, |ui| {
                ui.vertical(|ui| {
                    ui.set_width(CARD - 16.0);
                    ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
                    self.top(ui);
                    self.below(ui, composer);
                });
            });
        });
        let response = card.response;
        let told = self.told();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &told));
        if response.clicked() {
            response.request_focus();
        }
        if response.has_focus() || response.dragged() {
            let (corners, stroke) = (CornerRadius::same(theme::CARD_RADIUS), Stroke::new(2.0, theme.accent));
            ui.painter().rect_stroke(response.rect, corners, stroke, StrokeKind::Inside);
        }
        if response.has_focus() {
            self.keys(ui);
        }
        response
    }

    /// What a screen reader is told.
    fn told(&self) -> String {
        let state = match &self.file.state {
            StripState::Checking => "looking at it".to_owned(),
            StripState::Ready(file) => words::size(file.size_bytes),
            StripState::Refused { reason, .. } => reason.clone(),
        };
        let name = isolate::file_name(&self.file.name);
        format!("File {} of {}: {name}, {state}", self.place + 1, self.count)
    }

    fn command(&mut self, command: Command) {
        self.actions.push(Action::Command(command));
    }

    fn keys(&mut self, ui: &Ui) {
        let (left, right, gone) = ui.input_mut(|input| {
            let left = input.consume_key(Modifiers::ALT, Key::ArrowLeft);
            let right = input.consume_key(Modifiers::ALT, Key::ArrowRight);
            let gone = input.consume_key(Modifiers::NONE, Key::Delete);
            (left, right, gone || input.consume_key(Modifiers::NONE, Key::Backspace))
        });
        let (interaction, client_ref) = (self.interaction, self.file.client_ref);
        let place = match (left, right) {
            (true, false) => self.place.checked_sub(1),
            (false, true) => Some(self.place + 1).filter(|place| *place < self.count),
            _ => None,
        };
        if let Some(place) = place {
            self.command(Command::Reorder { interaction, client_ref, place });
        }
        if gone {
            self.command(Command::Detach { interaction, client_ref });
        }
    }

    /// What it looks like, its name, what is known of it, and the way to be rid of it.
    fn top(&mut self, ui: &mut Ui) {
        let theme = self.view.theme;
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(FACE, Sense::hover());
            self.face(ui, rect);
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                let name = isolate::file_name(&self.file.name);
                if button::icon(ui, theme, icon::X, &format!("Remove {name}")).clicked() {
                    let (interaction, client_ref) = (self.interaction, self.file.client_ref);
                    self.command(Command::Detach { interaction, client_ref });
                }
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    ui.add_space(2.0);
                    let style = Style::new(13.0).semibold();
                    ui.add(text::Label::new(&name, style, Ink::of(theme)).one_row());
                    let facts = match &self.file.state {
                        StripState::Checking => "Looking at it…".to_owned(),
                        StripState::Ready(file) => facts(file),
                        StripState::Refused { .. } => "Can't be sent".to_owned(),
                    };
                    let refused = matches!(self.file.state, StripState::Refused { .. });
                    let colour = if refused { theme.overdue } else { theme.muted };
                    ui.label(RichText::new(facts).size(12.0).color(colour));
                });
            });
        });
    }

    fn face(&mut self, ui: &Ui, rect: Rect) {
        let theme = self.view.theme;
        let StripState::Ready(file) = &self.file.state else {
            return sign_of(ui.painter(), theme, rect, "");
        };
        if file.kind == MediaKind::Audio {
            let key = match self.file.source {
                StripSource::Copy => SoundKey::Ours(self.file.client_ref),
                StripSource::Response { attachment, .. } => SoundKey::Attachment(attachment),
            };
            let track = Track::of(self.view, key, (self.interaction, file.voice));
            let name = isolate::file_name(&self.file.name);
            if track.button(ui, theme, (rect.shrink(3.0), egui::Id::unique(("play", key))), &name) {
                self.actions.push(track.toggle());
            }
            return track.keep_moving(ui, self.view.choices.window.reduced_motion);
        }
        if !matches!(file.kind, MediaKind::Image | MediaKind::Video) {
            return sign_of(ui.painter(), theme, rect, &file.about.mime);
        }
        let key = match self.file.source {
            StripSource::Copy => PictureKey::Ours(self.file.client_ref),
            StripSource::Response { attachment, .. } if file.about.preview => PictureKey::Preview(attachment),
            StripSource::Response { .. } => return sign_of(ui.painter(), theme, rect, &file.about.mime),
        };
        match self.view.pictures.get(key) {
            Fetched::Ready(ready) if picture::fill(ui, key, &ready, (rect, 6)) => {}
            fetched => {
                if fetched == Fetched::NotAsked && ui.is_rect_visible(rect) {
                    self.actions.push(Action::WantPicture(key));
                }
                sign_of(ui.painter(), theme, rect, &file.about.mime);
            }
        }
    }

    /// The words under it, or why it can't be sent and how it can after all.
    fn below(&mut self, ui: &mut Ui, composer: &mut Composer) {
        match &self.file.state {
            StripState::Checking => {}
            StripState::Ready(file) if file.kind == MediaKind::Audio => {}
            StripState::Ready(_) => self.caption(ui, composer),
            StripState::Refused { reason, ways_out } => {
                ui.label(RichText::new(reason).size(12.0).color(self.view.theme.overdue));
                ui.spacing_mut().button_padding = vec2(7.0, 4.0);
                ui.spacing_mut().item_spacing.x = 6.0;
                ui.spacing_mut().interact_size.y = 26.0;
                ui.horizontal_wrapped(|ui| {
                    for way in ways_out {
                        self.way_out(ui, *way);
                    }
                });
            }
        }
    }

    fn way_out(&mut self, ui: &mut Ui, way: WayOut) {
        let name = match way {
            WayOut::MakeSmaller => "Make smaller",
            WayOut::SendAsDocument => "Send as document",
        };
        if ui.button(RichText::new(name).size(12.0)).clicked() {
            let (interaction, client_ref) = (self.interaction, self.file.client_ref);
            self.command(Command::Rework { interaction, client_ref, way });
        }
    }

    fn caption(&mut self, ui: &mut Ui, composer: &mut Composer) {
        let theme = self.view.theme;
        let client_ref = self.file.client_ref;
        let id = caption_id(self.file);
        if ui.memory(|memory| memory.has_focus(id)) {
            self.sent |= ui.input_mut(|input| take_enter(input, self.view.choices.window.enter_sends));
        }
        let label = format!("Caption of {}", isolate::file_name(&self.file.name));
        let editor = composer.captions.editor(self.file);
        let frame = Frame::new()
            .fill(theme.surface)
            .stroke(Stroke::new(1.0, theme.line))
            .corner_radius(6)
            .inner_margin(Margin::symmetric(8, 4));
        let shown = frame.show(ui, |ui| {
            Editor::new(editor, id, Style::new(13.0), Ink::of(theme))
                .label(&label)
                .hint("Caption")
                .max_height(CAPTION)
                .show(ui)
        });
        let length = editor.text().chars().count();
        if length > COUNTED_FROM {
            let count = format!("{} / {}", thousands(length), thousands(MAX_CAPTION_CHARS));
            let colour = if length > MAX_CAPTION_CHARS { theme.overdue } else { theme.muted };
            ui.label(RichText::new(count).size(11.0).color(colour))
                .on_hover_text("Characters of the caption");
        }
        if shown.inner.response.changed() {
            composer.captions.touch(client_ref, self.view.now);
        }
    }
}

/// What the field for the words under a file is called by.
pub(super) fn caption_id(file: &StripFile) -> egui::Id {
    egui::Id::unique(("caption", file.client_ref))
}

/// `1.2 MB · as a document`.
fn facts(file: &ReadyFile) -> String {
    let size = words::size(file.size_bytes);
    match (file.kind, file.about.duration_ms) {
        (_, Some(millis)) => format!("{} · {size}", words::length_of(millis)),
        (MediaKind::Document, None) if file.about.mime.starts_with("image/") => {
            format!("{size} · as a document")
        }
        _ => size,
    }
}

/// Why the files on a strip can't be sent now, if they can't; `words` says whether there are some to be sent with them.
pub(super) fn refusal(strip: &[StripFile], composer: &Composer, words: bool) -> Option<String> {
    let is = |wanted: fn(&StripState) -> bool| strip.iter().any(|file| wanted(&file.state));
    if is(|state| *state == StripState::Checking) {
        return Some("Wait a moment: a file is still being looked at.".to_owned());
    }
    if composer.captions.texts().any(|caption| caption.chars().count() > MAX_CAPTION_CHARS) {
        return Some(format!("A caption holds {} characters at most.", thousands(MAX_CAPTION_CHARS)));
    }
    let has_ready = is(|state| matches!(state, StripState::Ready(_)));
    match (words || has_ready, strip.is_empty()) {
        (true, _) => None,
        (false, true) => Some(String::new()),
        (false, false) => Some("None of the files can be sent as it is.".to_owned()),
    }
}
