//! A row of the transcript laid out: how tall it is and what stands in it. Colours and places come when it is painted.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use egui::{Color32, FontFamily, FontId, Ui, Vec2, text::LayoutJob, vec2};
use waxwing_protocol::{
    api::SessionMark,
    delivery::{Delivery, DeliveryFailure, DeliveryState},
    id::MessageId,
    message::{Author, Body, Message, Quote, Reaction},
};

use super::{
    super::{
        View, icon,
        text::{self, Galley, Style, Words, Wrap, markup},
    },
    attachment::{looked_at, words::in_short},
    laid::{self, Laid, PieceKind},
    reading::Shown,
    script::Script,
    ticks,
};
use crate::desk::{
    conversation::{Conversation, Row, RowKind},
    outbox::{Outgoing, OutgoingState, asks_for_notification},
    phones,
    picture::PictureKey,
};

/// How wide a bubble is at most, as a part of the transcript.
const WIDEST: f32 = 0.66;
/// Between a bubble's edge and what stands in it.
pub(super) const PADDING: Vec2 = vec2(11.0, 7.0);
/// Between rows, in points.
const GAP: f32 = 6.0;
/// Above the first bubble of somebody else's, in points, on top of the gap.
const TURN: f32 = 4.0;
/// Between the last words and the time, in points.
const BEFORE_STAMP: f32 = 10.0;
/// How much of a reaction hangs below its bubble, in points.
pub(super) const REACTIONS: f32 = 20.0;
/// How high a row of buttons is, in points.
pub(super) const BUTTONS: f32 = 32.0;

/// A row, laid out.
#[derive(Debug)]
pub(super) struct LaidRow {
    /// How much of the transcript it takes, in points, with the gap above it.
    pub(super) height: f32,
    /// What it is.
    pub(super) kind: LaidKind,
}

/// What a row is.
#[derive(Debug)]
pub(super) enum LaidKind {
    /// A day.
    Pill(NaiveDate),
    /// A line in the middle, of our words and a contact's name.
    Centred(Arc<Galley>),
    /// From here on it is new.
    New,
    /// Somebody's words.
    Bubble(Box<Bubble>),
}

/// A bubble with what hangs on it.
#[derive(Debug)]
pub(super) struct Bubble {
    /// Whether it is one of us.
    pub(super) ours: bool,
    /// The gap above it.
    pub(super) above: f32,
    /// Of the bubble alone.
    pub(super) size: Vec2,
    /// What stands above the words: what they answer.
    pub(super) quote: Option<Quoted>,
    /// What it says, and where that stands.
    pub(super) laid: Laid,
    /// Time and tick.
    pub(super) stamp: Stamp,
    /// Emoji put on it.
    pub(super) reactions: Vec<Reaction>,
    /// What stands below it.
    pub(super) footer: Option<Footer>,
}

impl Bubble {
    /// Whether it is a sticker and nothing else, which stands on the ground itself.
    pub(super) fn is_bare(&self) -> bool {
        let only = self.laid.pieces.iter().all(|piece| matches!(piece.kind, PieceKind::Sticker(_)));
        only && self.quote.is_none()
    }
}

/// The message that another one answers, in short.
#[derive(Debug)]
pub(super) struct Quoted {
    /// Which, if it is known.
    pub(super) message: Option<MessageId>,
    /// Whose words.
    pub(super) author: Arc<Galley>,
    /// What they were.
    pub(super) excerpt: Arc<Galley>,
    /// The picture they were, and what that looks like from afar.
    pub(super) picture: Option<(PictureKey, Option<String>)>,
}

impl Quoted {
    /// Between its edge and its words.
    pub(super) const PADDING: Vec2 = vec2(10.0, 5.0);
    /// How large its picture is, in points.
    pub(super) const PICTURE: f32 = 36.0;

    /// How large it is, in points.
    pub(super) fn size(&self) -> Vec2 {
        let (author, excerpt) = (self.author.size(), self.excerpt.size());
        let picture = if self.picture.is_some() { Self::PICTURE + Self::PADDING.x } else { 0.0 };
        let height = (author.y + excerpt.y).max(if self.picture.is_some() { Self::PICTURE } else { 0.0 });
        vec2(author.x.max(excerpt.x) + picture, height) + 2.0 * Self::PADDING
    }
}

/// When, and how far it got.
#[derive(Debug)]
pub(super) struct Stamp {
    /// When it was said.
    pub(super) at: DateTime<Utc>,
    /// How far it got, if it is ours.
    pub(super) state: Option<DeliveryState>,
    /// Whether it was changed since.
    pub(super) edited: bool,
    /// How large it is, in points.
    pub(super) size: Vec2,
}

impl Stamp {
    /// What is painted.
    pub(super) fn job(&self, view: View<'_>) -> LayoutJob {
        let mut job = LayoutJob::default();
        let format = |font, colour| egui::TextFormat {
            valign: egui::Align::Center,
            ..egui::TextFormat::simple(font, colour)
        };
        let small = FontId::new(11.0, FontFamily::Proportional);
        let edited = if self.edited { "Edited · " } else { "" };
        job.append(&format!("{edited}{}", view.time(self.at)), 0.0, format(small, view.theme.muted));
        if let Some(state) = &self.state {
            let tick = ticks::of(&state.delivery, view.theme);
            job.append(&tick.icon.to_string(), 4.0, format(icon::font(13.0), tick.colour));
        }
        job
    }
}

/// What stands below a bubble.
#[derive(Debug)]
pub(super) enum Footer {
    /// It did not get through.
    Failed {
        /// Why, and what to do.
        words: Arc<egui::Galley>,
        /// What can be done with a click, from right to left.
        deeds: Vec<WayOn>,
    },
    /// It waits, and why is said when it is painted.
    Waits,
}

/// What can be done about a message that did not get through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WayOn {
    /// Does not send it; its words go back into the composer.
    TakeBack,
    /// Sends it once more.
    Retry,
    /// A notification can be sent instead.
    Notify,
    /// A new notification with the same values.
    Again,
}

/// The message of a row, if it is one that the gateway has.
pub(super) fn message_of(row: &Row) -> Option<&Message> {
    match &row.kind {
        RowKind::Message { message, .. } => Some(message),
        _ => None,
    }
}

/// Changes when a row has to be laid out anew: what waits says why, which depends on what stands before it.
pub(super) fn revision_of(conversation: &Conversation, row: &Row) -> u64 {
    match &row.kind {
        RowKind::Outgoing { outgoing, .. } => {
            let blocked =
                conversation.blocked_by().is_some_and(|head| head.client_ref != outgoing.client_ref);
            row.revision.wrapping_add(u64::from(blocked))
        }
        _ => row.revision,
    }
}

/// Lays a row out in `width` points.
pub(super) fn lay_out(
    ui: &Ui,
    view: View<'_>,
    conversation: &Conversation,
    (row, shown): (&Row, Shown),
    width: f32,
) -> LaidRow {
    match &row.kind {
        RowKind::Day(day) => LaidRow { height: 22.0 + GAP, kind: LaidKind::Pill(*day) },
        RowKind::New => LaidRow { height: 18.0 + GAP, kind: LaidKind::New },
        RowKind::Joined { name, at } => {
            let began = || "We began this session".to_owned();
            let joined = |name: &String| format!("{} joined the session", text::isolate::isolated(name));
            let words = name.as_ref().map_or_else(began, joined);
            centred(ui, &format!("{words} · {}", view.time(*at)), width)
        }
        RowKind::Message { message, .. } if matches!(message.author, Author::System) => {
            centred(ui, &message.fallback, width)
        }
        RowKind::Session { mark } => centred(ui, &session(view, mark), width),
        RowKind::Message { message, continues } => {
            of_message(ui, view, conversation, (message, *continues, shown), width)
        }
        RowKind::Outgoing { outgoing, continues } => {
            of_outgoing(ui, view, conversation, (outgoing, *continues, shown), width)
        }
    }
}

/// `Session · 14:05 to 15:10 · Nadia`; the day stands above it.
fn session(view: View<'_>, mark: &SessionMark) -> String {
    let from = view.time(mark.started_at);
    let to = mark.ended_at.map_or_else(String::new, |at| format!(" to {}", view.time(at)));
    let agent = mark
        .agent
        .as_ref()
        .map_or_else(String::new, |agent| format!(" · {}", text::isolate::isolated(agent)));
    format!("Session · {from}{to}{agent}")
}

fn centred(ui: &Ui, words: &str, width: f32) -> LaidRow {
    let galley = text::layout(ui.ctx(), &Words::plain(words, Style::new(12.0)), Wrap::at(width * 0.8));
    LaidRow { height: galley.size().y + GAP, kind: LaidKind::Centred(galley) }
}

fn of_message(
    ui: &Ui,
    view: View<'_>,
    conversation: &Conversation,
    (message, continues, shown): (&Message, bool, Shown),
    width: f32,
) -> LaidRow {
    let footer = match message.delivery.as_ref().map(|state| &state.delivery) {
        Some(Delivery::Failed(failure)) => {
            let again = matches!(message.body, Body::Notification(_)).then_some(WayOn::Again);
            Some(failed(ui, failure, width, again.as_slice()))
        }
        _ => None,
    };
    Draft {
        ours: matches!(message.author, Author::Agent { .. }),
        continues,
        shown,
        script: Script::shown(view, message, shown.earlier),
        quote: message.quote.as_ref().map(|quote| quoted(ui, conversation, quote, width)),
        stamp: (message.sent_at, message.delivery.clone(), !message.earlier.is_empty()),
        reactions: message.reactions.clone(),
        footer,
    }
    .lay_out(ui, view, width)
}

fn of_outgoing(
    ui: &Ui,
    view: View<'_>,
    conversation: &Conversation,
    (outgoing, continues, shown): (&Outgoing, bool, Shown),
    width: f32,
) -> LaidRow {
    let blocked = conversation.blocked_by().is_some_and(|head| head.client_ref != outgoing.client_ref);
    let (delivery, footer) = match &outgoing.state {
        OutgoingState::Refused(failure) => {
            let again = outgoing.notification().map(|_| WayOn::Again);
            let ways: Vec<_> = std::iter::once(WayOn::TakeBack).chain(again).collect();
            (Delivery::Failed(failure.clone()), Some(failed(ui, failure, width, &ways)))
        }
        OutgoingState::Waiting { tries, .. } if blocked || *tries > 0 => {
            (Delivery::Queued, Some(Footer::Waits))
        }
        OutgoingState::Waiting { .. } | OutgoingState::Uploading { .. } | OutgoingState::InFlight { .. } => {
            (Delivery::Queued, None)
        }
    };
    Draft {
        ours: true,
        continues,
        shown,
        script: Script::leaving(view, outgoing),
        quote: outgoing.quote.as_ref().map(|quote| quoted(ui, conversation, quote, width)),
        stamp: (outgoing.written_at, Some(DeliveryState::new(1, delivery, outgoing.written_at)), false),
        reactions: Vec::new(),
        footer,
    }
    .lay_out(ui, view, width)
}

/// What a bubble is made from.
struct Draft {
    ours: bool,
    continues: bool,
    shown: Shown,
    script: Script,
    quote: Option<Quoted>,
    stamp: (DateTime<Utc>, Option<DeliveryState>, bool),
    reactions: Vec<Reaction>,
    footer: Option<Footer>,
}

impl Draft {
    fn lay_out(self, ui: &Ui, view: View<'_>, width: f32) -> LaidRow {
        let inner = widest(width) - 2.0 * PADDING.x;
        let laid = laid::lay_out(ui.ctx(), &self.script, inner, self.shown.whole);
        let (at, state, edited) = self.stamp;
        let mut stamp = Stamp { at, state, edited, size: Vec2::ZERO };
        stamp.size = ui.painter().layout_job(stamp.job(view)).size();
        let quote = self.quote.as_ref().map_or(Vec2::ZERO, |quote| quote.size() + vec2(0.0, 5.0));
        let beside = laid.last_row.map(|last| last + BEFORE_STAMP + stamp.size.x).filter(|x| *x <= inner);
        let (wide, below) = match beside {
            Some(beside) => (laid.size.x.max(beside), 0.0),
            None => (laid.size.x.max(stamp.size.x), stamp.size.y + 2.0),
        };
        let content = vec2(wide.max(quote.x), quote.y + laid.size.y + below);
        let size = content + 2.0 * PADDING - vec2(0.0, 2.0);
        let above = if self.continues { GAP } else { GAP + TURN };
        let reactions = if self.reactions.is_empty() { 0.0 } else { REACTIONS };
        let footer = match &self.footer {
            None => 0.0,
            Some(Footer::Waits) => 18.0,
            Some(Footer::Failed { words, deeds }) => {
                words.size().y + 4.0 + if deeds.is_empty() { 0.0 } else { BUTTONS + 4.0 }
            }
        };
        let bubble = Bubble {
            ours: self.ours,
            above,
            size,
            quote: self.quote,
            laid,
            stamp,
            reactions: self.reactions,
            footer: self.footer,
        };
        LaidRow { height: above + size.y + reactions + footer, kind: LaidKind::Bubble(Box::new(bubble)) }
    }
}

/// How wide a bubble may be in a transcript of that width, in points.
fn widest(width: f32) -> f32 {
    (width * WIDEST).max(120.0)
}

fn quoted(ui: &Ui, conversation: &Conversation, quote: &Quote, width: f32) -> Quoted {
    let held = quote.message.and_then(|id| conversation.message(id));
    let file = held.and_then(|message| match &message.body {
        Body::Media(media) => Some(in_short(media).1),
        // A tap on a card quotes that card and not the whole.
        Body::Notification(notification)
            if message.fallback.starts_with(quote.excerpt.trim_end_matches('…')) =>
        {
            Some(notification.text.clone())
        }
        _ => None,
    });
    let picture = held
        .and_then(|message| looked_at(message))
        .map(|looked| (PictureKey::Preview(looked.attachment), looked.thumb_hash));
    let beside = if picture.is_some() { Quoted::PICTURE + Quoted::PADDING.x } else { 0.0 };
    let inner = widest(width) - 2.0 * PADDING.x - 2.0 * Quoted::PADDING.x - beside;
    let name = phones::title(&conversation.interaction().contact);
    let (author, excerpt) = match (quote.excerpt.as_str(), quote.by_contact) {
        // Whose it was is not known either.
        ("", _) => ("An earlier message", "It is not kept here"),
        (excerpt, true) => (name.as_str(), excerpt),
        (excerpt, false) => ("You", excerpt),
    };
    let author = Words::plain(author, Style::new(12.0).semibold());
    let excerpt = markup::plain(file.as_deref().unwrap_or(excerpt));
    let excerpt = Words::plain(&excerpt, Style::new(12.0));
    Quoted {
        message: quote.message,
        author: text::layout(ui.ctx(), &author, Wrap::one_row(inner)),
        excerpt: text::layout(ui.ctx(), &excerpt, Wrap::rows(inner, 2)),
        picture,
    }
}

/// Why it failed and what can be done: these ways, and those that come of the failure.
fn failed(ui: &Ui, failure: &DeliveryFailure, width: f32, ways: &[WayOn]) -> Footer {
    let code = failure.code.map_or(String::new(), |code| format!(" (WhatsApp error {code})"));
    let words = format!("{}{code} {}", failure.reason, failure.advice);
    let font = FontId::new(12.0, FontFamily::Proportional);
    let words = ui.painter().layout(words, font, Color32::PLACEHOLDER, widest(width));
    let retry = failure.can_retry.then_some(WayOn::Retry);
    let notify = asks_for_notification(failure).then_some(WayOn::Notify);
    let mut deeds = ways.to_vec();
    deeds.splice(deeds.len().min(1)..deeds.len().min(1), retry.into_iter().chain(notify));
    Footer::Failed { words, deeds }
}
