//! Paints a bubble that has been laid out: the contact's left, ours right; and lets its parts be used.

use std::{collections::BTreeSet, fmt::Write as _};

use chrono::{DateTime, Utc};
use egui::{
    Align2, Color32, CornerRadius, CursorIcon, FontFamily, FontId, Id, Pos2, Rect, Response, Role, Sense,
    Stroke, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use waxwing_protocol::{
    id::MessageId,
    message::{Author, Message},
};

use super::{
    super::{
        Action, View,
        text::{Direction, Ink},
        time,
        widgets::picture,
    },
    attachment, button, found,
    laid::{Passage, Piece, PieceKind},
    link,
    menu::Chosen,
    reactions,
    reading::{Purpose, Selection},
    row::{Bubble, Footer, PADDING, Quoted, REACTIONS, WayOn, message_of},
    ticks,
};
use crate::desk::{
    conversation::{Conversation, Row, RowKey, RowKind},
    input::Command,
    outbox::{Outgoing, OutgoingState},
    picture::Fetched,
};

/// Where a bubble is painted, and what about.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) view: View<'a>,
    pub(super) conversation: &'a Conversation,
    /// What it is looked at for.
    pub(super) purpose: Purpose,
    /// The row's number among the conversation's rows.
    pub(super) number: usize,
    /// The room of the whole row, with the gap above it.
    pub(super) rect: Rect,
    pub(super) selection: Option<&'a Selection>,
    /// The messages whose earlier words are shown.
    pub(super) unfolded: &'a BTreeSet<MessageId>,
    /// The emoji that are offered first for a reaction.
    pub(super) quick: &'a [String],
    /// Whether a jump led here just now.
    pub(super) is_lit: bool,
}

/// What came of painting a bubble.
pub(super) struct Painted {
    /// The whole bubble: clicks, drags and its menu.
    pub(super) response: Response,
    /// The top left corner of its words.
    pub(super) inside: Rect,
    /// What was chosen in it that only the window needs to know.
    pub(super) chosen: Option<Chosen>,
}

impl<'a> Scene<'a> {
    pub(super) fn row(&self) -> &'a Row {
        &self.conversation.rows()[self.number]
    }

    /// The message, if the gateway has it.
    pub(super) fn said(&self) -> Option<&'a Message> {
        message_of(self.row())
    }

    /// The message, if the gateway does not have it yet.
    pub(super) fn outgoing(&self) -> Option<&'a Outgoing> {
        match &self.row().kind {
            RowKind::Outgoing { outgoing, .. } => Some(outgoing),
            _ => None,
        }
    }

    fn key(&self) -> RowKey {
        self.row().key
    }

    /// The message's id, if the gateway has it.
    pub(super) fn message(&self) -> Option<MessageId> {
        self.said().map(|message| message.id)
    }

    /// The edges of the bubble itself.
    pub(super) fn bubble_rect(&self, bubble: &Bubble) -> Rect {
        let left = if bubble.ours { self.rect.right() - bubble.size.x } else { self.rect.left() };
        Rect::from_min_size(pos2(left, self.rect.top() + bubble.above), bubble.size)
    }

    /// Where the words stand in the bubble.
    pub(super) fn inside(&self, bubble: &Bubble) -> Rect {
        let quote = bubble.quote.as_ref().map_or(0.0, |quote| quote.size().y + 5.0);
        let rect = self.bubble_rect(bubble).shrink2(PADDING);
        Rect::from_min_max(rect.min + vec2(0.0, quote), rect.max)
    }

    /// Paints it.
    pub(super) fn paint(&self, ui: &mut Ui, bubble: &Bubble, actions: &mut Vec<Action>) -> Painted {
        let rect = self.bubble_rect(bubble);
        let id = ui.scope_id().with(("bubble", self.key()));
        let response = ui.interact(rect, id, Sense::click_and_drag());
        self.ground(ui, bubble, rect);
        if let Some(quote) = &bubble.quote {
            self.quote(ui, quote, rect, actions);
        }
        let inside = self.inside(bubble);
        let mut chosen = None;
        for (number, piece) in bubble.laid.pieces.iter().enumerate() {
            chosen = self.piece(ui, (id.with(number), piece), inside, actions).or(chosen);
        }
        self.stamp(ui, bubble, rect);
        if !bubble.reactions.is_empty() {
            reactions::show(ui, self, (&bubble.reactions, rect), actions);
        }
        if let Some(footer) = &bubble.footer {
            chosen = self.footer(ui, footer, rect, actions).or(chosen);
        }
        Painted { response, inside, chosen }
    }

    fn ground(&self, ui: &Ui, bubble: &Bubble, rect: Rect) {
        let theme = self.view.theme;
        let round = 12;
        let corners = if bubble.ours {
            CornerRadius { nw: round, ne: round, sw: round, se: 4 }
        } else {
            CornerRadius { nw: round, ne: round, sw: 4, se: round }
        };
        if bubble.is_bare() {
            return;
        }
        let fill = if bubble.ours { theme.bubble_out } else { theme.bubble_in };
        ui.painter().rect_filled(rect.translate(vec2(0.0, 1.0)), corners, theme.shadow.gamma_multiply(0.6));
        ui.painter().rect_filled(rect, corners, fill);
        if self.is_lit {
            let stroke = Stroke::new(2.0, theme.accent);
            ui.painter().rect_stroke(rect, corners, stroke, egui::StrokeKind::Outside);
        }
    }

    /// What the message answers; a click leads there.
    fn quote(&self, ui: &Ui, quote: &Quoted, bubble: Rect, actions: &mut Vec<Action>) {
        let theme = self.view.theme;
        let size = vec2(bubble.width() - 2.0 * PADDING.x, quote.size().y);
        let rect = Rect::from_min_size(bubble.min + PADDING, size);
        ui.painter().rect_filled(rect, CornerRadius::same(6), theme.accent.gamma_multiply(0.12));
        let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
        ui.painter().rect_filled(edge, CornerRadius::same(1), theme.accent);
        let at = rect.min + Quoted::PADDING;
        quote.author.paint(ui.painter(), at, &Ink::of(theme).with_text(theme.accent));
        let below = at + vec2(0.0, quote.author.size().y);
        quote.excerpt.paint(ui.painter(), below, &Ink::of(theme).with_text(theme.muted));
        if let Some((key, hash)) = &quote.picture {
            let side = Quoted::PICTURE;
            let at = pos2(rect.right() - side - Quoted::PADDING.y, rect.top() + Quoted::PADDING.y);
            let place = (Rect::from_min_size(at, Vec2::splat(side)), 5);
            match self.view.pictures.get(*key) {
                Fetched::Ready(ready) if picture::fill(ui, *key, &ready, place) => {}
                fetched => {
                    if fetched == Fetched::NotAsked && ui.is_rect_visible(place.0) {
                        actions.push(Action::WantPicture(*key));
                    }
                    if let Some(hash) = hash {
                        picture::blur(ui, hash, place);
                    }
                }
            }
        }
        let sense = if quote.message.is_some() { Sense::click() } else { Sense::hover() };
        let response = ui.interact(rect, ui.scope_id().with(("quote", self.key())), sense);
        let role = if quote.message.is_some() { Role::Button } else { Role::Label };
        let told = format!("Answers {}: {}", quote.author.text(), quote.excerpt.text());
        response.widget_info(|| WidgetInfo::labeled(role, true, &told));
        if let Some(message) = quote.message {
            let interaction = self.conversation.interaction().id;
            let response = response.on_hover_cursor(CursorIcon::PointingHand);
            if response.on_hover_text("Go to the message").clicked() {
                actions.push(Action::Command(Command::GoTo { interaction, message }));
            }
        }
    }

    /// Paints a piece; gives what was chosen in it.
    fn piece(
        &self,
        ui: &mut Ui,
        (id, piece): (Id, &Piece),
        inside: Rect,
        actions: &mut Vec<Action>,
    ) -> Option<Chosen> {
        let theme = self.view.theme;
        let rect = Rect::from_min_size(inside.min + piece.at, piece.size);
        let across = Rect::from_min_size(rect.min, vec2(inside.width() - piece.at.x, piece.size.y));
        match &piece.kind {
            PieceKind::Words(passage) => self.words(ui, (id, piece, passage), inside, actions),
            PieceKind::Marker(galley, direction) => {
                let at = beginning(*direction, galley.size(), rect, inside).min;
                galley.paint(ui.painter(), at, &Ink::of(theme));
            }
            PieceKind::Warning(galley) => {
                galley.paint(ui.painter(), rect.min, &Ink::of(theme).with_text(theme.late));
                let response = ui.interact(rect, id, Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::Label, true, galley.text()));
            }
            PieceKind::Bar(direction) => {
                let rect = beginning(*direction, piece.size, rect, inside);
                ui.painter().rect_filled(rect, CornerRadius::same(1), theme.faint);
            }
            PieceKind::Ground => {
                ui.painter().rect_filled(across, CornerRadius::same(6), theme.text.gamma_multiply(0.06));
            }
            PieceKind::Rule => {
                let stroke = Stroke::new(1.0, theme.muted.gamma_multiply(0.4));
                ui.painter().hline(across.x_range(), rect.center().y, stroke);
            }
            PieceKind::Sticker(attachment) => super::sticker::show(ui, self.view, *attachment, rect, actions),
            PieceKind::File(laid) => return attachment::show(ui, self, (id, rect), laid, actions),
            PieceKind::AddCard(card) => {
                let answers = self.purpose == Purpose::Answering;
                let button = egui::Button::new("Add to contact");
                let clicked = ui.add_enabled_ui(answers, |ui| ui.put(rect, button).clicked()).inner;
                if let Some(message) = self.message().filter(|_| clicked) {
                    let interaction = self.conversation.interaction().id;
                    actions.push(Action::Command(Command::AddCard { interaction, message, card: *card }));
                }
            }
            PieceKind::Button(laid) => button::show(ui, self, (id, across), laid, actions),
            PieceKind::ShowAll => {
                let clicked = ui.put(rect, egui::Button::new("Show all")).clicked();
                return clicked.then(|| Chosen::ShowAll(self.key()));
            }
        }
        None
    }

    fn words(
        &self,
        ui: &Ui,
        (id, piece, passage): (Id, &Piece, &Passage),
        inside: Rect,
        actions: &mut Vec<Action>,
    ) {
        let at = words_at(piece, passage, inside);
        let galley = &passage.galley;
        let theme = self.view.theme;
        let colour = if passage.is_muted { theme.muted } else { theme.text };
        let mut ink = Ink::of(theme).with_text(colour);
        if passage.has_ground {
            ink.code = Color32::TRANSPARENT;
        }
        if let Some(search) = self.conversation.search() {
            for range in found::in_text(galley.text(), &search.words) {
                galley.paint_behind(ui.painter(), at, range, ink.found);
            }
        }
        if let Some(selection) = self.selection {
            let part = selection.part(self.conversation.rows(), self.number, piece.item);
            let part = part.start..part.end.min(galley.text().len());
            if !part.is_empty() {
                galley.paint_selection(ui.painter(), at, part, &ink);
            }
        }
        galley.paint(ui.painter(), at, &ink);
        let rect = Rect::from_min_size(at, galley.size());
        let response = ui.interact(rect, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, galley.text()));
        response.on_hover_cursor(CursorIcon::Text);
        for (number, target) in passage.links.iter().enumerate() {
            link::show(ui, self, (id.with(("link", number)), at), (passage, target), actions);
        }
    }

    fn stamp(&self, ui: &Ui, bubble: &Bubble, rect: Rect) {
        let galley = ui.painter().layout_job(bubble.stamp.job(self.view));
        let at = rect.max - PADDING - galley.size() + vec2(0.0, 3.0);
        let stamp = Rect::from_min_size(at, galley.size());
        ui.painter().galley(at, galley, self.view.theme.muted);
        let response = ui.interact(stamp, ui.scope_id().with(("stamp", self.key())), Sense::hover());
        let told = || told(bubble.stamp.at, self);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, told()));
        response.on_hover_ui(|ui| {
            ui.label(told());
        });
    }

    /// Below a message that did not get through, or waits: why, what to do, and the buttons for it.
    fn footer(
        &self,
        ui: &mut Ui,
        footer: &Footer,
        bubble: Rect,
        actions: &mut Vec<Action>,
    ) -> Option<Chosen> {
        let row = self.key();
        match footer {
            Footer::Waits => {
                let text = self.why_it_waits();
                let font = FontId::new(12.0, FontFamily::Proportional);
                let at = pos2(self.rect.right(), bubble.bottom() + 2.0);
                let painted = ui.painter().text(at, Align2::RIGHT_TOP, &text, font, self.view.theme.muted);
                let response = ui.interact(painted, ui.scope_id().with(("footer", row)), Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
            }
            Footer::Failed { words, deeds } => {
                let hangs =
                    if self.said().is_some_and(|said| !said.reactions.is_empty()) { REACTIONS } else { 0.0 };
                let at = pos2(self.rect.right() - words.size().x, bubble.bottom() + hangs + 4.0);
                ui.painter().galley(at, words.clone(), self.view.theme.overdue);
                let rect = Rect::from_min_size(at, words.size());
                let response = ui.interact(rect, ui.scope_id().with(("footer", row)), Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.text()));
                if self.purpose == Purpose::Answering {
                    return self.ways_on(ui, deeds, actions);
                }
            }
        }
        None
    }

    /// The buttons for what can be done about a message that did not get through, from right to left.
    fn ways_on(&self, ui: &mut Ui, ways: &[WayOn], actions: &mut Vec<Action>) -> Option<Chosen> {
        let (interaction, row) = (self.conversation.interaction().id, self.key());
        let mut right = self.rect.right();
        let mut chosen = None;
        for way in ways {
            let (name, hint, wide) = self.words_of(*way);
            let size = vec2(wide, super::row::BUTTONS - 2.0);
            let rect = Rect::from_min_size(pos2(right - size.x, self.rect.bottom() - size.y - 2.0), size);
            right -= size.x + 8.0;
            if !ui.put(rect, egui::Button::new(name)).on_hover_text(hint).clicked() {
                continue;
            }
            match way {
                WayOn::TakeBack => {
                    let discard =
                        |ours: &Outgoing| Command::Discard { interaction, client_ref: ours.client_ref };
                    actions.extend(self.outgoing().map(discard).map(Action::Command));
                }
                WayOn::Retry => actions.push(Action::Command(Command::Retry { interaction, row })),
                WayOn::Notify => chosen = Some(Chosen::Notify),
                WayOn::Again => chosen = Some(Chosen::Again(row)),
            }
        }
        chosen
    }

    /// What a way on is called, what it does, and how wide its button is.
    fn words_of(&self, way: WayOn) -> (&'static str, &'static str, f32) {
        let ours = self.outgoing();
        match way {
            WayOn::TakeBack if ours.is_some_and(|ours| ours.file_name().is_some()) => {
                ("Remove", "Does not send it; the words under it go back into the composer", 92.0)
            }
            WayOn::TakeBack if ours.is_some_and(|ours| ours.notification().is_some()) => {
                ("Remove", "Does not send it", 92.0)
            }
            WayOn::TakeBack => ("Take back", "Puts the words back into the composer", 92.0),
            WayOn::Retry => ("Try again", "Sends it once more", 92.0),
            WayOn::Notify => {
                ("Send a notification", "A notification can also be sent while the window is closed", 148.0)
            }
            WayOn::Again => ("Edit", "A new notification with the same values", 72.0),
        }
    }

    fn why_it_waits(&self) -> String {
        let Some(outgoing) = self.outgoing() else { return String::new() };
        if self.conversation.blocked_by().is_some_and(|head| head.client_ref != outgoing.client_ref) {
            return "Waits for the message above: try that again or take it back.".to_owned();
        }
        match &outgoing.state {
            OutgoingState::Waiting { next_at, .. } => {
                format!("Kept here; {}", time::next_try(*next_at, self.view.now))
            }
            _ => String::new(),
        }
    }
}

/// The top left corner of words: at the right if they run from right to left.
pub(super) fn words_at(piece: &Piece, passage: &Passage, inside: Rect) -> Pos2 {
    let at = inside.min + piece.at;
    match passage.galley.direction() {
        Direction::LeftToRight => at,
        Direction::RightToLeft => pos2((inside.right() - piece.at.x - piece.size.x).max(inside.left()), at.y),
    }
}

/// The edge at which rows of this direction begin: what stands at the left of `rect`, or at the right of all.
fn beginning(direction: Direction, size: Vec2, rect: Rect, inside: Rect) -> Rect {
    match direction {
        Direction::LeftToRight => Rect::from_min_size(rect.min, size),
        Direction::RightToLeft => Rect::from_min_size(pos2(inside.right() - size.x, rect.top()), size),
    }
}

/// When it was said and how far it got, exactly.
fn told(at: DateTime<Utc>, scene: &Scene<'_>) -> String {
    let view = scene.view;
    let exact = view.exact(at);
    let Some(message) = scene.said() else { return format!("Queued · {exact}") };
    let edited = if message.earlier.is_empty() { "" } else { "Edited · " };
    let Some(state) = &message.delivery else {
        return match message.author {
            Author::Contact => format!("{edited}Received · {exact}"),
            _ => format!("{edited}{exact}"),
        };
    };
    let mut told = format!("{edited}{} · {}", ticks::words(&state.delivery), view.exact(state.at));
    if state.reached.len() > 1 {
        for reached in &state.reached {
            let _written = write!(told, "\n{} · {}", ticks::step(reached.step), view.exact(reached.at));
        }
    }
    told
}
