//! All that was said, oldest at the top: days, joins, bubbles, the line above what is new. Only what is in view is laid out.

use std::rc::Rc;

use chrono::TimeDelta;
use egui::{
    Align2, CornerRadius, FontId, Key, Modifiers, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2,
    text::LayoutJob, vec2,
};

use waxwing_protocol::{message::Body, notification::Notification};

use super::{
    super::{
        Action, View, ViewState, notification,
        side_panel::Tab,
        text::{self, Ink},
        theme,
    },
    attachment::opening,
    bubble::Scene,
    edges,
    forward::Forwarding,
    menu::{self, Chosen},
    reading::{LaidFor, Lit, Purpose, Reading},
    roll::{Item, Room, Spread},
    row::{self, LaidKind, LaidRow, message_of},
    selecting::{self, Seen},
};
use crate::desk::{
    conversation::{Conversation, Edge, RowKey, RowKind},
    input::Command,
};

/// At the left and right of the rows, in points.
const MARGIN: f32 = 20.0;
/// Below the last row, in points.
const BOTTOM: f32 = 12.0;
/// How long the goal of a jump is lit up.
const LIT: TimeDelta = TimeDelta::seconds(2);
/// Where the goal of a jump comes to stand, as a part of the view.
const GOAL: f32 = 0.3;

/// The transcript of a conversation that the agent answers.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    show_for(ui, (view, conversation, Purpose::Answering), state, actions);
}

/// The transcript of one that is only read.
pub(super) fn read(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    show_for(ui, (view, conversation, Purpose::Reading), state, actions);
}

fn show_for(
    ui: &mut Ui,
    (view, conversation, purpose): (View<'_>, &Conversation, Purpose),
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction().id;
    let mut reading = state.readings.remove(&interaction).unwrap_or_default();
    reading.purpose = purpose;
    if std::mem::take(&mut state.to_newest) {
        edges::go_to_newest(&mut reading, conversation, actions);
    }
    let rect = ui.available_rect_before_wrap();
    let mut inner = ui.new_child(UiBuilder::new().id_salt(("transcript", interaction)).max_rect(rect));
    inner.set_clip_rect(rect.intersect(ui.clip_rect()));
    let asked = actions.len();
    let quick = state.emoji.quick();
    let mut transcript =
        Transcript { view, conversation, quick: &quick, reading: &mut reading, actions, rect };
    let chosen = transcript.show(&mut inner);
    ui.advance_cursor_after_rect(rect);
    take_back(state, view, conversation, &actions[asked..]);
    match chosen {
        Some(Chosen::React(message)) => {
            let at = ui.ctx().pointer_latest_pos().unwrap_or(rect.center());
            state.emoji.open_for(interaction, message, Rect::from_min_size(at, vec2(0.0, 0.0)));
        }
        Some(Chosen::Reply(message)) => {
            state.composer(interaction, conversation).answer(Some(message), view.now);
            state.focus_composer = Some(interaction);
        }
        Some(Chosen::Forward(message)) => reading.forwarding = Some(Forwarding::of(message)),
        Some(Chosen::View(message)) => state.viewers.open(interaction, message),
        Some(Chosen::Ask(file, reason)) => reading.asking = Some((file, reason)),
        Some(Chosen::Unfold(message)) => {
            if !reading.unfolded.remove(&message) {
                reading.unfolded.insert(message);
            }
            reading.forget(message, conversation.rows());
        }
        Some(Chosen::Details(message)) => reading.details = Some(message),
        Some(Chosen::ShowAll(row)) => {
            reading.whole.insert(row);
            reading.forget_row(row);
        }
        Some(Chosen::Again(row)) => {
            if let Some(notification) = notification_of(conversation, row) {
                notification::begin_again(state, view, conversation, notification, actions);
            }
        }
        Some(Chosen::Notify) => state.side_panel.show(Tab::Notification, interaction),
        None => {}
    }
    state.readings.insert(interaction, reading);
}

/// The notification of a row, also of one that is on its way.
fn notification_of(conversation: &Conversation, key: RowKey) -> Option<&Notification> {
    let row = conversation.rows().iter().find(|row| row.key == key)?;
    match &row.kind {
        RowKind::Message { message, .. } => match &message.body {
            Body::Notification(notification) => Some(notification),
            _ => None,
        },
        RowKind::Outgoing { outgoing, .. } => outgoing.notification().map(|leaving| &leaving.shown),
        _ => None,
    }
}

/// What was opened about messages, in front of all.
pub(super) fn dialogs(
    ui: &Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let Some(reading) = state.readings.get_mut(&conversation.interaction().id) else { return };
    if let Some(message) = reading.details.and_then(|id| conversation.message(id))
        && !menu::details(ui.ctx(), view, message)
    {
        reading.details = None;
    }
    if let Some((file, reason)) = &reading.asking
        && !opening::ask(ui, view, (file, reason), actions)
    {
        reading.asking = None;
    }
    if let Some(forwarding) = &mut reading.forwarding
        && !forwarding.show(ui, view, conversation, actions)
    {
        reading.forwarding = None;
    }
}

/// Puts the words of messages that are given up back into the composer.
fn take_back(state: &mut ViewState, view: View<'_>, conversation: &Conversation, asked: &[Action]) {
    for row in conversation.rows() {
        let RowKind::Outgoing { outgoing, .. } = &row.kind else { continue };
        let is_given_up = |action: &Action| matches!(action, Action::Command(Command::Discard { client_ref, .. }) if *client_ref == outgoing.client_ref);
        let has_words = outgoing.notification().is_none() && !outgoing.text().is_empty();
        if asked.iter().any(is_given_up) && has_words {
            let quote = outgoing.quote.as_ref().and_then(|quote| quote.message);
            let interaction = conversation.interaction().id;
            state.put_back(interaction, (outgoing.text(), quote), view.now);
            state.focus_composer = Some(interaction);
        }
    }
}

/// One transcript while it is drawn.
struct Transcript<'a, 'b> {
    view: View<'a>,
    conversation: &'a Conversation,
    quick: &'a [String],
    reading: &'b mut Reading,
    actions: &'b mut Vec<Action>,
    rect: Rect,
}

/// What stands in the list: the rows, and above them what leads to older ones.
type ItemKey = Option<RowKey>;

impl Transcript<'_, '_> {
    fn show(&mut self, ui: &mut Ui) -> Option<Chosen> {
        let width = (self.rect.width() - 2.0 * MARGIN).max(160.0);
        let frame = ui.ctx().cumulative_frame_nr();
        let laid_for = LaidFor {
            fonts: text::generation(ui.ctx()),
            scale: ui.ctx().pixels_per_point(),
            width,
            language: self.view.language.tag().to_owned(),
        };
        self.reading.tidy(laid_for, frame);
        let was_at_newest = self.reading.roll.is_at_newest();
        self.jump(ui);
        self.scroll(ui);
        let items = self.items();
        let room = Room {
            width,
            height: self.rect.height() - BOTTOM,
            ends: matches!(self.conversation.newer(), Edge::End),
        };
        let spread = self.spread(ui, &items, room);
        if self.reading.roll.is_at_newest() && !was_at_newest {
            edges::go_to_newest(self.reading, self.conversation, self.actions);
        }
        let below = edges::below(self.conversation, self.reading);
        let chosen = self.rows(ui, &items, &spread, width);
        edges::ask_for_more(self.conversation, self.reading, (&spread, items.len()), self.actions, self.view);
        edges::newer(ui, (self.view, self.conversation), self.rect, self.actions);
        edges::scroll_bar(ui, self.view, self.reading, (&items, &spread, self.rect));
        if !self.reading.roll.is_at_newest() && edges::to_newest(ui, self.view, below, self.rect) {
            edges::go_to_newest(self.reading, self.conversation, self.actions);
            ui.ctx().request_repaint();
        }
        chosen
    }

    /// Goes where a jump has led.
    fn jump(&mut self, ui: &Ui) {
        let Some(goal) = self.conversation.goal() else { return };
        if self.reading.lit.is_none_or(|lit| lit.number < goal.number) {
            let rows = self.conversation.rows();
            let row = rows.iter().find(|row| message_of(row).is_some_and(|held| held.id == goal.message));
            if let Some(row) = row {
                self.reading.roll.go_to_row(Some(row.key), self.rect.height() * GOAL);
                let (number, message) = (goal.number, goal.message);
                self.reading.lit = Some(Lit { number, message, since: self.view.now });
            }
        }
        if let Some(lit) = self.reading.lit
            && let Ok(left) = (LIT - (self.view.now - lit.since)).to_std()
        {
            ui.ctx().request_repaint_after(left);
        }
    }

    /// Moves with the wheel and the keys.
    fn scroll(&mut self, ui: &Ui) {
        let page = self.rect.height() * 0.9;
        let (mut by, to_end) = ui.input_mut(|input| {
            let up = input.consume_key(Modifiers::NONE, Key::PageUp);
            let down = input.consume_key(Modifiers::NONE, Key::PageDown);
            let end = input.consume_key(Modifiers::ALT, Key::End);
            let by = if up { page } else { 0.0 } - if down { page } else { 0.0 };
            (by, end)
        });
        if ui.rect_contains_pointer(self.rect) {
            by += ui.input(|input| input.smooth_scroll_delta().y);
        }
        if by != 0.0 {
            self.reading.roll.scroll(by);
        }
        if to_end {
            edges::go_to_newest(self.reading, self.conversation, self.actions);
        }
    }

    fn items(&self) -> Vec<Item<ItemKey>> {
        let older = match self.conversation.older() {
            Edge::End => None,
            Edge::More => Some(1),
            Edge::Loading => Some(2),
            Edge::Failed { .. } => Some(3),
        };
        let older = older.map(|revision| Item { key: None, revision, holds: false });
        let rows = self.conversation.rows().iter().map(|row| Item {
            key: Some(row.key),
            revision: row::revision_of(self.conversation, row),
            holds: matches!(row.kind, RowKind::Message { .. } | RowKind::Outgoing { .. }),
        });
        older.into_iter().chain(rows).collect()
    }

    /// The number of the first row among the items.
    fn first(items: &[Item<ItemKey>]) -> usize {
        usize::from(items.first().is_some_and(|item| item.key.is_none()))
    }

    fn spread(&mut self, ui: &Ui, items: &[Item<ItemKey>], room: Room) -> Spread {
        let first = Self::first(items);
        let mut roll = std::mem::take(&mut self.reading.roll);
        let spread = roll.spread(items, room, &mut |index| match index.checked_sub(first) {
            None => edges::HEIGHT,
            Some(number) => self.laid(ui, number, room.width).height,
        });
        self.reading.roll = roll;
        spread
    }

    /// A row as it is laid out.
    fn laid(&mut self, ui: &Ui, number: usize, width: f32) -> Rc<LaidRow> {
        let (view, conversation) = (self.view, self.conversation);
        let row = &conversation.rows()[number];
        let shown = self.reading.shown(row);
        let lay_out = || row::lay_out(ui, view, conversation, (row, shown), width);
        let frame = ui.ctx().cumulative_frame_nr();
        self.reading.laid((row.key, row::revision_of(conversation, row)), frame, lay_out)
    }

    fn rows(&mut self, ui: &mut Ui, items: &[Item<ItemKey>], spread: &Spread, width: f32) -> Option<Chosen> {
        let (view, conversation) = (self.view, self.conversation);
        let first = Self::first(items);
        let (mut chosen, mut seen) = (None, Vec::new());
        for (index, top) in spread.rows.clone().zip(&spread.tops) {
            let at = pos2(self.rect.left() + MARGIN, self.rect.top() + top);
            let Some(number) = index.checked_sub(first) else {
                let rect = Rect::from_min_size(at, vec2(width, edges::HEIGHT));
                edges::older(ui, (view, conversation), self.reading, rect, self.actions);
                continue;
            };
            let laid = self.laid(ui, number, width);
            let rect = Rect::from_min_size(at, vec2(width, laid.height));
            let lit = self.reading.lit.filter(|lit| view.now - lit.since < LIT).map(|lit| lit.message);
            let said = message_of(&conversation.rows()[number]);
            let is_lit = lit.is_some() && said.map(|message| message.id) == lit;
            let (selection, unfolded) = (self.reading.selection.as_ref(), &self.reading.unfolded);
            let (quick, purpose) = (self.quick, self.reading.purpose);
            let scene =
                Scene { view, conversation, purpose, number, rect, selection, unfolded, quick, is_lit };
            seen.extend(draw(ui, &scene, &laid, self.actions, &mut chosen));
        }
        if self.reading.purpose == Purpose::Answering {
            edges::note_seen(conversation, self.reading, (&seen, self.rect), (view, self.actions), ui);
        }
        selecting::select(ui, view, conversation, self.reading, (&seen, self.rect));
        chosen
    }
}

/// Draws a row, and says where its bubble is if it has one.
fn draw(
    ui: &mut Ui,
    scene: &Scene<'_>,
    laid: &Rc<LaidRow>,
    actions: &mut Vec<Action>,
    chosen: &mut Option<Chosen>,
) -> Option<Seen> {
    let view = scene.view;
    match &laid.kind {
        LaidKind::Pill(day) => pill(ui, view, &view.day(*day), scene.rect),
        LaidKind::New => new_divider(ui, view, scene.rect),
        LaidKind::Centred(galley) => {
            let at =
                pos2(scene.rect.center().x - galley.size().x * 0.5, scene.rect.bottom() - galley.size().y);
            galley.paint(ui.painter(), at, &Ink::of(view.theme).with_text(view.theme.muted));
            label(ui, Rect::from_min_size(at, galley.size()), galley.text());
        }
        LaidKind::Bubble(bubble) => {
            let painted = scene.paint(ui, bubble, actions);
            let choice = menu::show(&painted.response, scene, actions, false).or(painted.chosen);
            *chosen = choice.or(chosen.take());
            return Some(Seen {
                key: scene.row().key,
                number: scene.number,
                rect: painted.response.rect,
                inside: painted.inside,
                laid: Rc::clone(laid),
                response: painted.response,
            });
        }
    }
    None
}

fn label(ui: &Ui, rect: Rect, text: &str) {
    let id = ui.scope_id().with(("line", text, rect.top().to_bits()));
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
}

fn pill(ui: &Ui, view: View<'_>, text: &str, row: Rect) {
    let font = FontId::new(12.0, egui::FontFamily::Proportional);
    let galley =
        ui.painter().layout_job(LayoutJob::simple_singleline(text.to_owned(), font, view.theme.muted));
    let row = Rect::from_min_max(pos2(row.left(), row.bottom() - 22.0), row.max);
    let rect = Align2::CENTER_CENTER.align_size_within_rect(galley.size() + vec2(20.0, 4.0), row);
    ui.painter().rect_filled(rect, CornerRadius::same(10), view.theme.sunken);
    let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect);
    ui.painter().galley(at.min, galley, view.theme.muted);
    label(ui, rect, text);
}

fn new_divider(ui: &Ui, view: View<'_>, row: Rect) {
    let galley = ui.painter().layout_no_wrap(
        "NEW".to_owned(),
        FontId::new(11.0, theme::semibold()),
        view.theme.overdue,
    );
    let row = Rect::from_min_max(pos2(row.left(), row.bottom() - 18.0), row.max);
    let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), row);
    let stroke = Stroke::new(1.0, view.theme.overdue.gamma_multiply(0.5));
    ui.painter().hline(row.left()..=at.left() - 10.0, row.center().y, stroke);
    ui.painter().hline(at.right() + 10.0..=row.right(), row.center().y, stroke);
    ui.painter().galley(at.min, galley, view.theme.overdue);
    label(ui, row, "New");
}
