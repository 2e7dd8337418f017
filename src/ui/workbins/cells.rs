//! What a row says in each column.

use chrono::{DateTime, TimeDelta, Utc};
use egui::{
    Align2, Color32, CornerRadius, FontFamily, FontId, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};
use waxwing_protocol::workbin::PlaceInfo;

use super::super::{
    View, icon,
    text::{self, Ink, Style, Words, Wrap, markup},
    theme, time,
    widgets::{count_badge, pending_badge},
};
use crate::desk::{
    pending::PendingResponse,
    phones,
    workbins::{Lying, list::Column},
};

/// At the left of what stands in a cell, in points.
const INSET: f32 = 4.0;
/// So little of the reply window left is shown as too little.
const SHORT: TimeDelta = TimeDelta::hours(2);

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) view: View<'a>,
    pub(super) lying: &'a Lying,
    pub(super) place: Option<&'a PlaceInfo>,
}

impl Cells<'_> {
    /// All of it in words.
    pub(super) fn told(self) -> String {
        let line = self.lying.item.last.as_ref().map_or("", |last| last.line.as_str());
        let address = phones::grouped(&self.lying.address);
        let mut told = format!("{}, {address}, {line}", self.lying.title);
        if let Some(trouble) = self.view.desk.deed_trouble(self.lying.id()) {
            told = format!("{told}. {trouble}");
        }
        match self.remind_at() {
            Some(_) if self.is_due() => told.push_str(", reminder due"),
            Some(at) => told = format!("{told}, reminder {}", self.view.date_and_time(at)),
            None => {}
        }
        if self.is_stale() {
            told.push_str(", lies here for too long");
        }
        told
    }

    fn remind_at(self) -> Option<DateTime<Utc>> {
        self.lying.item.interaction.stored.as_ref()?.remind_at
    }

    fn is_due(self) -> bool {
        self.lying.is_due(self.view.now)
    }

    fn is_stale(self) -> bool {
        self.place.is_some_and(|place| self.lying.is_stale(place, self.view.now))
    }

    /// Paints a column of it.
    pub(super) fn paint(self, ui: &Ui, column: Column, rect: Rect) {
        let (theme, item) = (self.view.theme, &self.lying.item);
        match column {
            Column::Contact => self.contact(ui, rect),
            Column::Number => plain(ui, rect, &phones::grouped(&self.lying.address), theme.text),
            Column::Segment => match self.lying.segment() {
                Some(segment) => self.people(ui, rect, segment, (Style::new(13.0), theme.text)),
                None => plain(ui, rect, "—", theme.faint),
            },
            Column::LastMessage => self.last_message(ui, rect),
            Column::InWorkbin => self.in_workbin(ui, rect),
            Column::ReplyWindow => self.reply_window(ui, rect),
            Column::Pending => {
                let pending = match item.interaction.pending_since {
                    Some(since) => PendingResponse::Waiting { since },
                    None => PendingResponse::None,
                };
                let Some((waited, stage)) = pending.at(self.view.now, self.view.desk.settings().thresholds)
                else {
                    return;
                };
                let colour = pending_badge::ring(self.view, stage);
                let mark = pos2(rect.left() + INSET + 4.0, rect.center().y);
                ui.painter().circle_filled(mark, 3.5, colour);
                let rect = Rect::from_min_max(rect.min + vec2(14.0, 0.0), rect.max);
                let waited = match waited.num_minutes() {
                    0 => "< 1 m".to_owned(),
                    _ => time::lain(waited),
                };
                plain(ui, rect, &waited, theme.text);
            }
            Column::Owner => match self.lying.owner() {
                Some(owner) => self.people(ui, rect, owner, (Style::new(13.0), theme.text)),
                None => plain(ui, rect, "—", theme.faint),
            },
        }
    }

    fn contact(self, ui: &Ui, rect: Rect) {
        let mut rect = rect;
        if self.lying.item.unread > 0 {
            let unread = usize::try_from(self.lying.item.unread).unwrap_or(usize::MAX);
            count_badge::paint(ui, self.view, unread, pos2(rect.right() - 18.0, rect.center().y));
            rect.max.x -= 32.0;
        }
        let style = Style::new(13.0).semibold();
        self.people(ui, rect, &self.lying.title, (style, self.view.theme.text));
    }

    /// What was said last; or what is being done with it, or what went wrong with that.
    fn last_message(self, ui: &Ui, rect: Rect) {
        let theme = self.view.theme;
        let id = self.lying.id();
        if let Some(trouble) = self.view.desk.deed_trouble(id) {
            let at = pos2(rect.left() + INSET, rect.center().y);
            let sign = icon::TRIANGLE_ALERT;
            ui.painter().text(at, Align2::LEFT_CENTER, sign, icon::font(14.0), theme.overdue);
            let words = Rect::from_min_max(rect.min + vec2(18.0, 0.0), rect.max);
            self.people(ui, words, trouble, (Style::new(12.0), theme.overdue));
            ui.interact(rect, ui.scope_id().with(("trouble", id)), Sense::hover()).on_hover_text(trouble);
            return;
        }
        if self.view.desk.is_busy(id) {
            return plain(ui, rect, "On its way…", theme.faint);
        }
        let Some(last) = &self.lying.item.last else { return };
        let line = markup::plain(&last.line);
        let us = super::tree::agent(self.view);
        let by_us = us.is_some() && self.lying.item.last_agent.as_ref().map(|agent| agent.id) == us;
        let said = match (last.by_contact, by_us) {
            (true, _) => line,
            (false, true) => format!("You: {line}"),
            (false, false) => format!("Answer: {line}"),
        };
        self.people(ui, rect, &said, (Style::new(13.0), theme.muted));
    }

    fn in_workbin(self, ui: &Ui, rect: Rect) {
        let theme = self.view.theme;
        let lain = time::lain(self.view.now - self.lying.since());
        let colour = if self.is_stale() { theme.late } else { theme.text };
        let right = plain_right(ui, rect, &lain, colour);
        if let Some(remind_at) = self.remind_at() {
            let at = pos2(right + 6.0, rect.center().y);
            let colour = if self.is_due() { theme.late } else { theme.faint };
            let painted = ui.painter().text(at, Align2::LEFT_CENTER, icon::TIMER, icon::font(15.0), colour);
            let id = ui.scope_id().with(("reminder", self.lying.id()));
            let told = self.view.date_and_time(remind_at);
            ui.interact(painted, id, Sense::hover()).on_hover_text(format!("To be looked at again: {told}"));
        }
    }

    fn reply_window(self, ui: &Ui, rect: Rect) {
        let theme = self.view.theme;
        let left = self.lying.item.interaction.window.left(self.view.now);
        let (words, front, ground) = match left {
            Some(left) if left > SHORT => (time::left(left), theme.fresh, theme.fresh_soft),
            Some(left) => (time::left(left), theme.late, theme.late_soft),
            None => ("closed".to_owned(), theme.late, theme.late_soft),
        };
        let font = FontId::new(12.0, theme::semibold());
        let galley = ui.painter().layout_no_wrap(words, font, front);
        let size = vec2(galley.size().x + 16.0, 18.0);
        let pill = Rect::from_min_size(pos2(rect.left() + INSET, rect.center().y - 9.0), size);
        ui.painter().rect_filled(pill, CornerRadius::same(9), ground);
        let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), pill);
        ui.painter().galley(at.min, galley, front);
    }

    /// What people wrote, in one row.
    fn people(self, ui: &Ui, rect: Rect, words: &str, (style, colour): (Style, Color32)) {
        let room = rect.width() - INSET - 10.0;
        let galley = text::layout(ui.ctx(), &Words::plain(words, style), Wrap::one_row(room.max(10.0)));
        let at = pos2(rect.left() + INSET, rect.center().y - galley.size().y * 0.5);
        galley.paint(ui.painter(), at, &Ink::of(self.view.theme).with_text(colour));
    }
}

/// Words of ours.
fn plain(ui: &Ui, rect: Rect, words: &str, colour: Color32) {
    plain_right(ui, rect, words, colour);
}

/// The same; says how far to the right they reach.
fn plain_right(ui: &Ui, rect: Rect, words: &str, colour: Color32) -> f32 {
    let font = FontId::new(13.0, FontFamily::Proportional);
    let at = pos2(rect.left() + INSET, rect.center().y);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.text(at, Align2::LEFT_CENTER, words, font, colour).right()
}

/// The box at the left of a row; says whether it was clicked.
pub(super) fn tick(ui: &Ui, view: View<'_>, (rect, is_on): (Rect, bool), name: &str) -> bool {
    let theme = view.theme;
    let response =
        ui.interact(rect, ui.scope_id().with(("tick", name, rect.top().to_bits())), Sense::click());
    let square = Rect::from_center_size(pos2(rect.left() + 22.0, rect.center().y), vec2(15.0, 15.0));
    let (ground, edge) = if is_on { (theme.accent, theme.accent) } else { (theme.surface, theme.muted) };
    ui.painter().rect_filled(square, 4, ground);
    ui.painter().rect_stroke(square, 4, Stroke::new(1.0, edge), StrokeKind::Inside);
    if is_on {
        let font = icon::font(12.0);
        ui.painter().text(square.center(), Align2::CENTER_CENTER, icon::CHECK, font, theme.on_accent);
    }
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_on, name));
    response.clicked()
}
