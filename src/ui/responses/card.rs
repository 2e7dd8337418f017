//! One response, or one template, in the tab: its name, its shortcut, what it says to this contact, what it carries.
//!
//! How high a card is follows from what it holds and not from how that is laid out; only the selected one shows all it says.

use egui::{
    Align, Align2, Color32, CornerRadius, Layout, Rect, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2,
};
use waxwing_protocol::{
    field_code::{self, Piece},
    library::ResponseUsage,
    message::MediaKind,
    response::{Prefilled, StandardResponse},
    template::{Part, Template, TemplateStatus, parts},
};

use super::{
    super::{
        View, icon,
        text::{self, Direction, Ink, Look, Span, Style, Words, Wrap},
        theme,
    },
    list::{Entry, Item},
    shown::Shown,
};
use crate::desk::conversation::Conversation;

/// Between a card's edge and what stands in it, in points.
pub(super) const INSIDE: f32 = 12.0;
/// Between one card and the next.
pub(super) const BETWEEN: f32 = 8.0;
const EDGE: f32 = 10.0;
const NAME: f32 = 20.0;
const ROW: f32 = 18.0;
const CARRIED: f32 = 20.0;
/// How many letters of a body stand in one row at most, as a part of its width: with more it has two rows.
const LETTERS: f32 = 1.0 / 5.8;
/// How many letters a value has as a rule.
const USUAL: usize = 8;
/// The most rows of what the selected one says.
const MOST_ROWS: usize = 30;

/// How the words of a card are written.
pub(super) const SAID: Style = Style { size: 12.5, line_height: ROW, weight: text::Weight::Regular };

/// What a card needs to know besides what it shows.
#[derive(Clone, Copy)]
pub(super) struct Card<'a> {
    pub(super) view: View<'a>,
    pub(super) conversation: &'a Conversation,
    pub(super) is_selected: bool,
    /// How often it was used, if that is to be told.
    pub(super) used: Option<&'a ResponseUsage>,
    pub(super) counts: bool,
}

/// How many rows of what it says a card shows that is not selected.
pub(super) fn rows(body: &str, width: f32) -> usize {
    let body = body.trim();
    // What is filled in is shorter than the code for it, as a rule.
    let usual = |piece: &Piece<'_>| match piece {
        Piece::Text(words) => words.chars().count(),
        Piece::Code(_) | Piece::Blank(_) => USUAL,
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "letters in a row")]
    let letters = (width * LETTERS).max(1.0) as usize;
    match body {
        "" => 0,
        body if body.contains('\n') => 2,
        body if !body.contains(['<', '{']) => 1 + usize::from(body.chars().nth(letters).is_some()),
        body => 1 + usize::from(field_code::pieces(body).iter().map(usual).sum::<usize>() > letters),
    }
}

/// How high something in the list is, with the room below it, if it is not selected.
#[expect(clippy::cast_precision_loss, reason = "a few rows")]
pub(super) fn height(item: &Item, width: f32, counts: bool) -> f32 {
    let inside = width - 2.0 * INSIDE;
    match item {
        Item::Heading(_) | Item::Category { .. } => 28.0,
        Item::Note(_) => 32.0,
        Item::Response(entry) => {
            let content = &entry.response.content;
            let said = ROW * rows(&content.body, inside) as f32;
            let carried = (usize::from(!content.files.is_empty())
                + usize::from(content.notification.is_some())
                + usize::from(counts)) as f32;
            2.0 * EDGE + NAME + said + CARRIED * carried + BETWEEN
        }
        Item::Template(_) => 2.0 * EDGE + NAME + ROW + BETWEEN,
    }
}

/// The ground of a card.
pub(super) fn ground(ui: &Ui, view: View<'_>, rect: Rect, (is_selected, hovered): (bool, bool)) {
    let (fill, edge) = match (is_selected, hovered) {
        (true, _) => (view.theme.accent_soft, view.theme.accent),
        (false, true) => (view.theme.surface, view.theme.muted),
        (false, false) => (view.theme.surface, view.theme.line),
    };
    let radius = CornerRadius::same(theme::CARD_RADIUS);
    ui.painter().rect(rect, radius, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
}

impl Card<'_> {
    /// Draws the lines of a response in its card, as far as they are not the selected one's; says where the next one goes, and
    /// whether the star was clicked.
    pub(super) fn response(
        self,
        ui: &mut Ui,
        rect: Rect,
        (entry, said): (&Entry, &Shown),
        hovered: bool,
    ) -> (Rect, bool) {
        let (view, content) = (self.view, &entry.response.content);
        let mut room = Rect::from_min_max(rect.min + vec2(INSIDE, EDGE), rect.max - vec2(INSIDE, EDGE));
        let line = take(&mut room, NAME);
        let (taken, starred) = self.at_the_right(ui, line, entry, hovered);
        let spans = found(&entry.marks.name);
        let name = Words { text: &content.name, spans: &spans, style: Style::new(14.0).semibold() };
        row(
            ui,
            view,
            Rect::from_min_max(line.min, pos2(line.right() - taken, line.bottom())),
            &name,
            view.theme.text,
        );
        if !self.is_selected {
            let rows = rows(&content.body, room.width());
            #[expect(clippy::cast_precision_loss, reason = "one or two")]
            let place = take(&mut room, ROW * rows as f32);
            if rows > 0 {
                let words = Words { text: &said.text, spans: &said.spans, style: SAID };
                paint(ui, view, place, (&words, Wrap::rows(place.width(), rows)), view.theme.muted);
            }
        }
        (room, starred)
    }

    /// Draws what a response carries, and how often it was used; says where the next line goes.
    pub(super) fn carried(self, ui: &mut Ui, mut room: Rect, response: &StandardResponse) -> Rect {
        let content = &response.content;
        if !content.files.is_empty() {
            let names = content.files.iter().map(|file| (sign(file.kind), file.file_name.as_str()));
            files(ui, self.view, take(&mut room, CARRIED), names);
        }
        if let Some(notification) = &content.notification {
            self.notification(ui, take(&mut room, CARRIED), notification);
        }
        if self.counts {
            let told = told_of(self.view, self.used);
            let words = Words::plain(&told, Style::new(12.0));
            row(ui, self.view, take(&mut room, CARRIED), &words, self.view.theme.faint);
        }
        room
    }

    fn notification(self, ui: &mut Ui, line: Rect, carried: &Prefilled) {
        let number = self.conversation.interaction().business_number.id;
        let called = (carried.name.as_str(), carried.language.as_str());
        let template = self.view.desk.library().template_called(called, number);
        let taken = chip(ui, self.view, line, template.map(AsRef::as_ref));
        let at = icon_at(ui, line, icon::NOTIFICATION, self.view.theme.muted);
        let room = Rect::from_min_max(pos2(at, line.top()), pos2(line.right() - taken, line.bottom()));
        row(ui, self.view, room, &Words::plain(&carried.name, Style::new(12.0)), self.view.theme.muted);
    }

    /// The shortcut, the star and whatever marks a response; says how much room that takes, and whether the star was clicked.
    fn at_the_right(self, ui: &mut Ui, line: Rect, entry: &Entry, hovered: bool) -> (f32, bool) {
        let view = self.view;
        let layout = Layout::right_to_left(Align::Center);
        let mut end = ui.new_child(UiBuilder::new().max_rect(line).layout(layout));
        end.spacing_mut().item_spacing.x = 6.0;
        end.spacing_mut().button_padding = vec2(0.0, 0.0);
        end.spacing_mut().interact_size.y = NAME;
        if let Some(shortcut) = &entry.response.content.shortcut {
            let words = egui::RichText::new(format!("/{shortcut}")).size(11.0).color(view.theme.muted);
            egui::Frame::new()
                .fill(view.theme.surface)
                .stroke(Stroke::new(1.0, view.theme.line))
                .corner_radius(4.0)
                .inner_margin(egui::Margin::symmetric(5, 0))
                .show(&mut end, |ui| ui.add(egui::Label::new(words).selectable(false)));
        }
        if let Some(relevance) = entry.relevance {
            relevance_bar(&mut end, view, relevance);
        }
        if entry.response.content.owner.is_some() {
            mark(&mut end, icon::USER, view.theme.muted).on_hover_text("Your own: nobody else sees it");
        }
        let is = view.desk.library().is_favourite(entry.response.id);
        let starred = (is || hovered || self.is_selected) && star(&mut end, view, &entry.response, is);
        let taken = end.min_rect().width();
        (if taken > 0.0 { taken + 6.0 } else { 0.0 }, starred)
    }

    /// Draws a template in its card.
    pub(super) fn template(self, ui: &mut Ui, rect: Rect, template: &Template) {
        let view = self.view;
        let mut room = Rect::from_min_max(rect.min + vec2(INSIDE, EDGE), rect.max - vec2(INSIDE, EDGE));
        let line = take(&mut room, NAME);
        let taken = chip(ui, view, line, Some(template));
        let name = Words::plain(&template.name, Style::new(14.0).semibold());
        row(
            ui,
            view,
            Rect::from_min_max(line.min, pos2(line.right() - taken, line.bottom())),
            &name,
            view.theme.text,
        );
        let (said, spans) = marked(&template.body.text);
        let words = Words { text: &said, spans: &spans, style: SAID };
        row(ui, view, take(&mut room, ROW), &words, view.theme.muted);
    }
}

/// How high all is that the selected one says, at most.
pub(super) fn whole(ui: &Ui, said: &Shown, width: f32) -> std::sync::Arc<text::Galley> {
    let words = Words { text: &said.text, spans: &said.spans, style: SAID };
    text::layout(ui.ctx(), &words, Wrap::rows(width, MOST_ROWS))
}

/// How often something was used, in words.
fn told_of(view: View<'_>, used: Option<&ResponseUsage>) -> String {
    let many = |count: u64, one: &str, more: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {more}"),
    };
    match used {
        None => "Never used".to_owned(),
        Some(used) => format!(
            "{} by {} · {}",
            many(used.uses, "use", "uses"),
            many(used.agents.into(), "agent", "agents"),
            view.date_and_time(used.last_used_at)
        ),
    }
}

/// The body of a template with its marks as `[1]`.
fn marked(text: &str) -> (String, Vec<Span>) {
    let (mut said, mut spans) = (String::new(), Vec::new());
    for part in parts(text) {
        match part {
            Part::Text(words) => said.push_str(words),
            Part::Mark(mark) => {
                let start = said.len();
                said.push('[');
                said.push_str(mark);
                said.push(']');
                for look in [Look::Blank, Look::Bold] {
                    spans.push(Span { range: start..said.len(), look });
                }
            }
        }
    }
    (said, spans)
}

/// Whether a template can be sent, as a word on a ground; says how much room that takes.
fn chip(ui: &mut Ui, view: View<'_>, line: Rect, template: Option<&Template>) -> f32 {
    let (words, front, ground) = standing(view, template);
    let font = egui::FontId::new(11.0, theme::medium());
    let galley = ui.painter().layout_no_wrap(words.to_owned(), font, front);
    let size = galley.size() + vec2(16.0, 4.0);
    let rect = Align2::RIGHT_CENTER.align_size_within_rect(size, line);
    ui.painter().rect_filled(rect, size.y / 2.0, ground);
    ui.painter().galley(rect.min + vec2(8.0, 2.0), galley, front);
    size.x + 8.0
}

/// How a template stands: a word, and its colours.
pub(super) fn standing(view: View<'_>, template: Option<&Template>) -> (&'static str, Color32, Color32) {
    let theme = view.theme;
    let Some(template) = template else { return ("Not here", theme.overdue, theme.overdue_soft) };
    match template.status {
        TemplateStatus::Approved if template.why_not().is_some() => ("Newer", theme.late, theme.late_soft),
        TemplateStatus::Approved => ("Approved", theme.fresh, theme.fresh_soft),
        TemplateStatus::Pending => ("In review", theme.late, theme.late_soft),
        TemplateStatus::InAppeal => ("In appeal", theme.late, theme.late_soft),
        TemplateStatus::Paused => ("Paused", theme.late, theme.late_soft),
        TemplateStatus::Rejected => ("Rejected", theme.overdue, theme.overdue_soft),
        TemplateStatus::Disabled => ("Disabled", theme.overdue, theme.overdue_soft),
        TemplateStatus::PendingDeletion | TemplateStatus::Deleted => {
            ("Deleted", theme.overdue, theme.overdue_soft)
        }
        TemplateStatus::LimitExceeded | TemplateStatus::Archived | TemplateStatus::Unknown => {
            ("Not approved", theme.late, theme.late_soft)
        }
    }
}

fn relevance_bar(ui: &mut Ui, view: View<'_>, per_cent: u32) {
    let (rect, response) = ui.allocate_exact_size(vec2(24.0, 4.0), egui::Sense::hover());
    ui.painter().rect_filled(rect, 2.0, view.theme.line);
    #[expect(clippy::cast_precision_loss, reason = "at most 100")]
    let part = per_cent.min(100) as f32 / 100.0;
    let filled = Rect::from_min_size(rect.min, vec2(rect.width() * part, rect.height()));
    ui.painter().rect_filled(filled, 2.0, view.theme.accent);
    response.on_hover_text(format!("Fits the contact's last words: {per_cent} %"));
}

fn files<'a>(ui: &Ui, view: View<'_>, line: Rect, names: impl Iterator<Item = (char, &'a str)>) {
    let mut at = line.left();
    for (sign, name) in names {
        if at > line.right() - 40.0 {
            let more = Words::plain("…", Style::new(12.0));
            let room = Rect::from_min_max(pos2(at, line.top()), line.max);
            row(ui, view, room, &more, view.theme.muted);
            return;
        }
        let room = Rect::from_min_max(pos2(at, line.top()), line.max);
        at = icon_at(ui, room, sign, view.theme.muted);
        let room = Rect::from_min_max(pos2(at, line.top()), line.max);
        at += row(ui, view, room, &Words::plain(name, Style::new(12.0)), view.theme.muted) + 10.0;
    }
}

/// The icon of a kind of file.
pub(super) const fn sign(kind: MediaKind) -> char {
    match kind {
        MediaKind::Image | MediaKind::Sticker => icon::IMAGE,
        MediaKind::Video => icon::FILM,
        MediaKind::Audio => icon::MUSIC,
        _ => icon::FILE,
    }
}

/// Paints an icon at the left of a line; says where the words go.
fn icon_at(ui: &Ui, line: Rect, sign: char, colour: Color32) -> f32 {
    let galley = ui.painter().layout_no_wrap(sign.to_string(), icon::font(13.0), colour);
    let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), line);
    ui.painter().galley(at.min, galley, colour);
    at.right() + 4.0
}

fn star(ui: &mut Ui, view: View<'_>, response: &StandardResponse, is: bool) -> bool {
    let colour = if is { view.theme.text } else { view.theme.faint };
    let name = if is { "Not a favourite any more" } else { "Make it a favourite" };
    let button = egui::Button::new(egui::RichText::new(icon::star(is)).size(14.0).color(colour)).frame(false);
    let response_of = ui.add(button.min_size(vec2(18.0, 18.0)));
    let told = format!("{name}: {}", response.content.name);
    response_of.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &told));
    response_of.on_hover_text(format!("{name} (Ctrl+D)")).clicked()
}

fn mark(ui: &mut Ui, sign: char, colour: Color32) -> egui::Response {
    ui.add(egui::Label::new(icon::text(sign, 13.0).color(colour)).selectable(false))
}

fn found(marks: &[std::ops::Range<usize>]) -> Vec<Span> {
    marks.iter().map(|range| Span { range: range.clone(), look: Look::Match }).collect()
}

/// Takes a line from the top of a room.
pub(super) fn take(room: &mut Rect, height: f32) -> Rect {
    let line = Rect::from_min_size(room.min, vec2(room.width(), height));
    room.min.y += height;
    line
}

/// One line that ends in an ellipsis where the room does; says how wide it is.
pub(super) fn row(ui: &Ui, view: View<'_>, line: Rect, words: &Words<'_>, colour: Color32) -> f32 {
    paint(ui, view, line, (words, Wrap::one_row(line.width().max(10.0))), colour)
}

fn paint(ui: &Ui, view: View<'_>, room: Rect, (words, wrap): (&Words<'_>, Wrap), colour: Color32) -> f32 {
    let galley = text::layout(ui.ctx(), words, wrap);
    let indent = match galley.direction() {
        Direction::RightToLeft => (room.width() - galley.size().x).max(0.0),
        Direction::LeftToRight => 0.0,
    };
    let above = if wrap.max_rows == Some(1) { (room.height() - galley.size().y) / 2.0 } else { 0.0 };
    galley.paint(ui.painter(), room.min + vec2(indent, above), &Ink::of(view.theme).with_text(colour));
    galley.size().x
}
