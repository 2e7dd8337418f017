//! Labels for text that people wrote; use them where egui's own would be fed with a stranger's words.

use egui::{Response, Role, Sense, Ui, Widget, WidgetInfo, vec2};

use super::{
    layout,
    words::{Direction, Ink, Style, Words, Wrap},
};

/// A text on the screen: read aloud as it was written, shown whole on hover where it was cut.
#[must_use = "put it on the screen with ui.add"]
#[derive(Debug, Clone)]
pub struct Label<'a> {
    words: Words<'a>,
    ink: Ink,
    max_rows: Option<usize>,
    sense: Sense,
    full_width: bool,
}

impl<'a> Label<'a> {
    /// All rows it takes.
    pub fn new(text: &'a str, style: Style, ink: Ink) -> Self {
        Self::of(Words::plain(text, style), ink)
    }

    /// With marks.
    pub fn of(words: Words<'a>, ink: Ink) -> Self {
        Self { words, ink, max_rows: None, sense: Sense::hover(), full_width: false }
    }

    /// In one row, cut with an ellipsis.
    pub fn one_row(self) -> Self {
        self.rows(1)
    }

    /// In so many rows at most, cut with an ellipsis.
    pub fn rows(self, most: usize) -> Self {
        Self { max_rows: Some(most), ..self }
    }

    /// Can be clicked or dragged; without this it can only be hovered.
    pub fn sense(self, sense: Sense) -> Self {
        Self { sense, ..self }
    }

    /// Takes the whole width, and stands at its start: at the left, or at the right if it runs from right to left.
    pub fn full_width(self) -> Self {
        Self { full_width: true, ..self }
    }
}

impl Widget for Label<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let available = ui.available_width();
        let galley = layout(ui.ctx(), &self.words, Wrap { max_width: available, max_rows: self.max_rows });
        let width = if self.full_width { available.max(galley.size().x) } else { galley.size().x };
        let (rect, response) = ui.allocate_exact_size(vec2(width, galley.size().y), self.sense);
        let (enabled, text) = (ui.is_enabled(), self.words.text);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, enabled, text));
        if ui.is_rect_visible(rect) {
            let indent = match galley.direction() {
                Direction::RightToLeft => width - galley.size().x,
                Direction::LeftToRight => 0.0,
            };
            let ink =
                if enabled { self.ink } else { self.ink.with_text(ui.visuals().disable(self.ink.text)) };
            galley.paint(ui.painter(), rect.min + vec2(indent, 0.0), &ink);
        }
        if galley.is_cut() { on_hover_whole(response, &self.words, self.ink) } else { response }
    }
}

/// Shows a text whole when it is hovered: for widgets that paint a cut galley themselves.
pub fn on_hover_whole(response: Response, words: &Words<'_>, ink: Ink) -> Response {
    response.on_hover_ui(|ui| {
        ui.set_max_width(ui.spacing().tooltip_width);
        ui.add(Label::of(*words, ink).rows(40));
    })
}
