//! A past interaction as a card: with whom or what about, when, what became of it, where the words were found.

use egui::{CornerRadius, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use waxwing_protocol::{
    history::HistoryEntry,
    id::{InteractionId, MessageId},
    interaction::Phase,
};

use super::super::{
    View,
    interaction::found_in_text,
    text::{self, Ink, Look, Span, Style, Words, Wrap},
    theme,
    widgets::focus_ring,
};
use crate::desk::phones;

/// How high a line is, and how much room there is above and below them, in points.
const LINE: f32 = 19.0;
const MARGIN: f32 = 11.0;
/// Between two cards.
pub(super) const GAP: f32 = 8.0;

/// What the first line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Heading {
    /// With whom it was.
    Contact,
    /// What it was about: with whom is known.
    About,
}

/// A card, with the words that are looked for.
#[derive(Clone, Copy)]
pub(super) struct Card<'a> {
    pub(super) view: View<'a>,
    pub(super) entry: &'a HistoryEntry,
    pub(super) heading: Heading,
    pub(super) words: &'a str,
    pub(super) is_selected: bool,
}

/// How high the card of an entry is.
pub(super) fn height(entry: &HistoryEntry, heading: Heading) -> f32 {
    let lines = match heading {
        Heading::Contact => 3,
        Heading::About => 2,
    };
    #[expect(clippy::cast_precision_loss, reason = "a few lines")]
    let lines = (lines + entry.hits.len()) as f32;
    lines * LINE + 2.0 * MARGIN
}

/// What an interaction was about, in a line.
pub(in crate::ui) fn about(entry: &HistoryEntry) -> String {
    let line = entry.about.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { "Nothing was said".to_owned() } else { line }
}

/// What became of it, by whom, and how much was said.
fn outcome(view: View<'_>, entry: &HistoryEntry) -> String {
    let mut parts = vec![phase(&entry.interaction.phase).to_owned()];
    if let Some(agent) = entry.agents.first() {
        let others = entry.agents.len() - 1;
        let name = text::isolate::isolated(&agent.display_name);
        parts.push(if others == 0 { name } else { format!("{name} + {others}") });
    }
    parts.push(match entry.messages {
        1 => "1 message".to_owned(),
        count => format!("{count} messages"),
    });
    if let Some(code) = &entry.interaction.disposition {
        parts.push(super::super::disposition_name(view, code).to_owned());
    }
    parts.join(" · ")
}

/// Where an interaction stands, in a word.
pub(in crate::ui) const fn phase(phase: &Phase) -> &'static str {
    match phase {
        Phase::Queued => "Waits for an agent",
        Phase::Offered { .. } => "Offered",
        Phase::Open => "Open",
        Phase::Ended => "Ended",
        Phase::InWorkbin { .. } => "In a workbin",
        Phase::Done => "Done",
        Phase::Unknown => "Unknown",
    }
}

impl Card<'_> {
    /// Draws it there; says what was clicked: the interaction, or a hit of it.
    pub(super) fn show(self, ui: &mut Ui, rect: Rect) -> Option<(InteractionId, Option<MessageId>)> {
        let Self { view, entry, .. } = self;
        let id = entry.interaction.id;
        let response = ui.interact(rect, ui.scope_id().with(("past", id)), Sense::click());
        self.ground(ui, rect, response.hovered() || response.has_focus());
        focus_ring(ui, view, &response, (rect, theme::CARD_RADIUS));
        let title = match self.heading {
            Heading::Contact => phones::title(&entry.interaction.contact),
            Heading::About => about(entry),
        };
        let when = view.ago(entry.interaction.created_at);
        let told = format!("{title}, {when}");
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, self.is_selected, &told));
        let mut chosen = response.clicked().then_some((id, None));
        let (left, right) = (rect.left() + 12.0, rect.right() - 12.0);
        let mut top = rect.top() + MARGIN;
        let wide = self.right(ui, (right, top), &when);
        self.line(
            ui,
            (left, right - wide - 8.0, top),
            &Words::plain(&title, Style::new(14.0).semibold()),
            false,
        );
        top += LINE;
        if self.heading == Heading::Contact {
            let about = about(entry);
            self.line(ui, (left, right, top), &Words::plain(&about, Style::new(13.0)), false);
            top += LINE;
        }
        let outcome = outcome(view, entry);
        self.line(ui, (left, right, top), &Words::plain(&outcome, Style::new(12.0)), true);
        for hit in &entry.hits {
            top += LINE;
            let room = Rect::from_min_max(pos2(left, top), pos2(right, top + LINE));
            if self.hit(ui, room, (&hit.excerpt, hit.message)) {
                chosen = Some((id, Some(hit.message)));
            }
        }
        chosen
    }

    fn ground(self, ui: &Ui, rect: Rect, pointed_at: bool) {
        let theme = self.view.theme;
        let (ground, edge) = match (self.is_selected, pointed_at) {
            (true, _) => (theme.accent_soft, theme.accent),
            (false, true) => (theme.sunken, theme.line),
            (false, false) => (theme.surface, theme.line),
        };
        let radius = CornerRadius::same(theme::CARD_RADIUS);
        ui.painter().rect(rect, radius, ground, Stroke::new(1.0, edge), StrokeKind::Inside);
    }

    /// Paints a line at the right end; says how wide it is.
    fn right(self, ui: &Ui, (right, top): (f32, f32), words: &str) -> f32 {
        let font = egui::FontId::proportional(12.0);
        let galley = ui.painter().layout_no_wrap(words.to_owned(), font, self.view.theme.muted);
        let wide = galley.size().x;
        ui.painter().galley(pos2(right - wide, top + 1.0), galley, self.view.theme.muted);
        wide
    }

    fn line(self, ui: &Ui, (left, right, top): (f32, f32, f32), words: &Words<'_>, is_muted: bool) {
        let theme = self.view.theme;
        let colour = if is_muted { theme.muted } else { theme.text };
        let galley = text::layout(ui.ctx(), words, Wrap::one_row((right - left).max(20.0)));
        galley.paint(ui.painter(), pos2(left, top), &Ink::of(theme).with_text(colour));
    }

    /// A place where the words were found; says whether it was clicked.
    fn hit(self, ui: &mut Ui, room: Rect, (excerpt, message): (&str, MessageId)) -> bool {
        let theme = self.view.theme;
        let line: String = excerpt.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let ranges = found_in_text(&line, self.words);
        let spans: Vec<_> = ranges.into_iter().map(|range| Span { range, look: Look::Match }).collect();
        let words = Words { text: &line, spans: &spans, style: Style::new(12.0) };
        let mut inside = ui.new_child(UiBuilder::new().id_salt(message).max_rect(room));
        let label = text::Label::of(words, Ink::of(theme).with_text(theme.accent)).one_row();
        let response = inside.add(label.full_width().sense(Sense::click()));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Hit: {line}")));
        response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
    }
}

/// So that a card is as wide as the room but for its margins.
pub(super) fn room_for(rect: Rect, margin: f32) -> Rect {
    Rect::from_min_size(rect.min + vec2(margin, 0.0), vec2(rect.width() - 2.0 * margin, rect.height()))
}
