//! Files in bubbles: pictures, films, sound and documents; received, sent, and on their way.
//!
//! A [`File`] is what a row says of one, whoever sends it. [`lay_out`] gives it its room from what is known of it before
//! anything is loaded, so that nothing moves later; [`show`] draws it with what can be done to it just now.

use std::sync::Arc;

use egui::{Context, Id, Rect, Ui, Vec2, vec2};
use waxwing_protocol::{
    attachment::{About, Attachment, AttachmentState},
    id::{AttachmentId, ClientRef},
    message::{Body, Media, MediaKind, Message},
    notification::NotificationHeader,
};

use super::{
    super::{
        Action, FileAsk, FileDeed,
        text::{self, Galley, Style, Words, Wrap},
    },
    bubble::Scene,
    menu::Chosen,
};
use crate::desk::{
    notification::SlotFile,
    outbox::{FileAt, Outgoing, OutgoingContent},
    picture::PictureKey,
};

mod audio;
mod card;
mod document;
mod image;
mod kind;
pub(super) mod opening;
mod progress;
mod track;
mod video;
pub(super) mod words;

pub(super) use document::{BESIDE_SIGN, sign_of};
pub(super) use track::Track;

use opening::May;

/// A file of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct File {
    /// Where it is.
    pub(super) at: Place,
    /// Its picture, if it has one.
    pub(super) picture: PictureKey,
    /// What it was sent as.
    pub(super) kind: MediaKind,
    /// What its sender called it; not to be trusted.
    pub(super) name: Option<String>,
    /// What it was declared to be.
    pub(super) mime: Option<String>,
    /// Whether it was recorded as a voice note.
    pub(super) voice: bool,
    /// How long it is.
    pub(super) size_bytes: u64,
    /// What it really is, if somebody has looked.
    pub(super) about: Option<Box<About>>,
}

/// What was announced of the file of a message; that of a notification stands above its body.
fn media_of(body: &Body) -> Option<&Media> {
    match body {
        Body::Media(media) => Some(media),
        Body::Notification(notification) => match &notification.header {
            Some(NotificationHeader::Media(media)) => Some(media),
            _ => None,
        },
        _ => None,
    }
}

/// Where a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// At the gateway, with its message.
    Kept(AttachmentId),
    /// With a message of ours that has not left this machine.
    Ours(ClientRef),
}

/// How a file is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// As the picture it is.
    Picture,
    /// As a picture of it, with a sign to play it.
    Film,
    /// As something to listen to.
    Sound,
    /// By its sign, its name and what is known of it.
    Card,
}

impl File {
    /// The file of a message, if it can be had and is not a sticker.
    pub(super) fn of(message: &Message) -> Option<Self> {
        Self::of_media(media_of(&message.body)?)
    }

    /// The file of this machine that stands in a notification.
    pub(super) fn of_slot(slot: &SlotFile) -> Self {
        Self {
            at: Place::Ours(slot.client_ref),
            picture: PictureKey::Ours(slot.client_ref),
            kind: slot.file.kind,
            name: Some(slot.file.name.clone()),
            mime: Some(slot.file.about.mime.clone()),
            voice: slot.file.voice,
            size_bytes: slot.file.size_bytes,
            about: Some(slot.file.about.clone()),
        }
    }

    /// The file that was announced, if it can be had and is not a sticker.
    pub(super) fn of_media(media: &Media) -> Option<Self> {
        let Attachment { id, state: AttachmentState::Ready { size_bytes, about } } =
            media.attachment.as_ref()?
        else {
            return None;
        };
        let Media { kind, mime, file_name, voice, .. } = media;
        (*kind != MediaKind::Sticker).then(|| Self {
            at: Place::Kept(*id),
            picture: PictureKey::Preview(*id),
            kind: *kind,
            name: file_name.clone(),
            mime: mime.clone(),
            voice: *voice,
            size_bytes: *size_bytes,
            about: about.clone(),
        })
    }

    /// The file of a message that has not left this machine.
    pub(super) fn leaving(outgoing: &Outgoing) -> Option<Self> {
        let OutgoingContent::File { file, at, .. } = &outgoing.content else { return None };
        let picture = match at {
            FileAt::Here | FileAt::Uploaded(_) => PictureKey::Ours(outgoing.client_ref),
            FileAt::Forwarded(attachment) => PictureKey::Preview(*attachment),
        };
        Some(Self {
            at: Place::Ours(outgoing.client_ref),
            picture,
            kind: file.kind,
            name: Some(file.name.clone()),
            mime: Some(file.about.mime.clone()),
            voice: file.voice,
            size_bytes: file.size_bytes,
            about: Some(file.about.clone()),
        })
    }

    /// How it is drawn.
    pub(super) fn shape(&self) -> Shape {
        let is_ours = matches!(self.at, Place::Ours(_));
        let is_seen =
            self.about.as_ref().is_some_and(|about| about.size.is_some() && (about.preview || is_ours));
        match self.kind {
            MediaKind::Image if is_seen => Shape::Picture,
            MediaKind::Video if is_seen => Shape::Film,
            MediaKind::Audio => Shape::Sound,
            _ => Shape::Card,
        }
    }

    /// What may be asked for with it; nothing of what has not left yet.
    pub(super) fn ask(&self, deed: FileDeed) -> Option<FileAsk> {
        let Place::Kept(attachment) = self.at else { return None };
        Some(FileAsk { attachment, name: self.name.clone(), mime: self.mime.clone(), deed })
    }

    /// What comes of a click: it is opened, or something is asked first, or nothing happens.
    pub(super) fn open(&self, actions: &mut Vec<Action>) -> Option<Chosen> {
        let ask = self.ask(FileDeed::Open)?;
        match opening::may_open(self) {
            May::Open => {
                actions.push(Action::File(ask));
                None
            }
            May::Ask(reason) => Some(Chosen::Ask(ask, reason.to_owned())),
            May::Save(_) => None,
        }
    }
}

/// A picture that can be looked at in full.
#[derive(Debug)]
pub(in crate::ui) struct Looked {
    /// What it is called by.
    pub(in crate::ui) attachment: AttachmentId,
    /// How large it is, in pixels.
    pub(in crate::ui) pixels: Vec2,
    /// What it looks like from afar.
    pub(in crate::ui) thumb_hash: Option<String>,
    /// Whether it may be opened in another program.
    pub(in crate::ui) may_open: bool,
    /// What a screen reader is told of it.
    pub(in crate::ui) told: String,
    file: File,
}

impl Looked {
    /// What is to be asked for.
    pub(in crate::ui) fn ask(&self, deed: FileDeed) -> Option<FileAsk> {
        self.file.ask(deed)
    }
}

/// The picture of a message, if it has one that can be looked at.
pub(in crate::ui) fn looked_at(message: &Message) -> Option<Looked> {
    let file = File::of(message).filter(|file| file.shape() == Shape::Picture)?;
    let Place::Kept(attachment) = file.at else { return None };
    let about = file.about.as_ref()?;
    #[expect(clippy::cast_precision_loss, reason = "the sides of a picture")]
    let [width, height] = about.size?.map(|side| side.max(1) as f32);
    Some(Looked {
        attachment,
        pixels: vec2(width, height),
        thumb_hash: about.thumb_hash.clone(),
        may_open: opening::may_open(&file) == May::Open,
        told: format!("Picture, {}", file.facts()),
        file,
    })
}

/// A file that has its room.
#[derive(Debug)]
pub(super) struct LaidFile {
    /// Which.
    pub(super) file: File,
    /// How it is drawn.
    pub(super) shape: Shape,
    /// The room of its picture or sign, in points.
    picture: Vec2,
    /// Why it can't just be opened.
    reason: Option<Arc<Galley>>,
    /// The room of all of it, in points.
    pub(super) size: Vec2,
}

/// Gives a file its room, at most `widest` points wide. `title` is how large its name is, where that is drawn beside it.
pub(super) fn lay_out(ctx: &Context, file: &File, widest: f32, title: Vec2) -> LaidFile {
    let shape = file.shape();
    let pixels = file.about.as_ref().and_then(|about| about.size).unwrap_or_default();
    let picture = match shape {
        Shape::Picture | Shape::Film => image::room(pixels, widest),
        Shape::Sound => audio::SIGN,
        Shape::Card => document::SIGN,
    };
    let mut size = match shape {
        Shape::Picture => picture,
        Shape::Film => vec2(picture.x.max(card::LINE.x.min(widest)), picture.y + card::LINE.y),
        Shape::Sound => audio::room(file, widest),
        Shape::Card => document::room(title, widest),
    };
    let reason = opening::reason(file).map(|reason| {
        let words = Words::plain(&reason, Style::new(12.0));
        text::layout(ctx, &words, Wrap::rows(size.x.max(card::LINE.x).min(widest), 6))
    });
    if let Some(reason) = &reason {
        size = vec2(size.x.max(reason.size().x), size.y + card::BEFORE_REASON + reason.size().y);
    }
    LaidFile { file: file.clone(), shape, picture, reason, size }
}

/// Draws a file and lets it be used.
pub(super) fn show(
    ui: &mut Ui,
    scene: &Scene<'_>,
    (id, rect): (Id, Rect),
    laid: &LaidFile,
    actions: &mut Vec<Action>,
) -> Option<Chosen> {
    let mut part = card::Part { scene, id, rect, laid, actions, chosen: None };
    match laid.shape {
        Shape::Picture => image::show(ui, &mut part),
        Shape::Film => video::show(ui, &mut part),
        Shape::Sound => audio::show(ui, &mut part),
        Shape::Card => document::show(ui, &mut part),
    }
    part.reason(ui);
    part.chosen
}
