//! Files that are dragged over the window: where they would go, and that they went there.

use egui::{
    Align2, Color32, CornerRadius, Id, LayerId, Order, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, vec2,
};

use super::super::{
    Action, View, icon,
    text::{self, Ink, Style, Words, Wrap, isolate::isolated},
};
use crate::desk::{conversation::Conversation, file::FileSource, phones};

/// What was dragged over a place in this frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dragged {
    Nothing,
    /// It hangs over it.
    Over,
    /// It was let go.
    Dropped,
}

/// Takes files that are dropped onto a conversation, which takes `rect` of the window.
pub(super) fn show(
    ui: &Ui,
    view: View<'_>,
    conversation: &Conversation,
    rect: Rect,
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction();
    match dragged(ui, rect) {
        Dragged::Nothing => {}
        Dragged::Over => {
            let name = phones::title(&interaction.contact);
            let words = format!("Drop to attach to {}", isolated(&name));
            target(ui, view, rect, (&words, icon::PAPERCLIP));
        }
        Dragged::Dropped => {
            let dropped = ui.input(|input| input.raw.dropped_files.clone());
            let files: Vec<_> = dropped
                .iter()
                .map(|file| file.path())
                .filter(|path| !path.as_os_str().is_empty())
                .map(|path| FileSource::Path(path.to_owned()))
                .collect();
            if !files.is_empty() {
                actions.push(Action::Attach { interaction: interaction.id, files });
            }
        }
    }
}

/// What is said where nobody is to get a file.
const NOWHERE: &str = "Open a conversation first, then drop the files there.";

/// Whether files were dropped where no conversation was open to take them.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::ui) struct Misdropped(bool);

impl Misdropped {
    /// Says where files can be dropped while some hang over the window, and notes if they are let go.
    pub(super) fn take(&mut self, ui: &Ui, view: View<'_>) {
        let rect = ui.max_rect();
        match dragged(ui, rect) {
            Dragged::Nothing => {}
            Dragged::Over => target(ui, view, rect, (NOWHERE, icon::INFO)),
            Dragged::Dropped => self.0 = true,
        }
    }

    /// Says what to do about files that were.
    pub(super) fn tell(self, ui: &mut Ui, view: View<'_>) {
        if self.0 {
            ui.add_space(8.0);
            ui.label(RichText::new(NOWHERE).color(view.theme.late));
        }
    }
}

fn dragged(ui: &Ui, rect: Rect) -> Dragged {
    // Where all windows are drawn in one, the pointer says which of them is meant; elsewhere each hears of its own, and
    // the pointer is not told while something is dragged.
    if ui.ctx().embed_viewports() && !ui.rect_contains_pointer(rect) {
        return Dragged::Nothing;
    }
    ui.input(|input| {
        if !input.raw.dropped_files.is_empty() {
            Dragged::Dropped
        } else if input.raw.hovered_files.is_empty() {
            Dragged::Nothing
        } else {
            Dragged::Over
        }
    })
}

fn target(ui: &Ui, view: View<'_>, rect: Rect, (words, sign): (&str, char)) {
    let theme = view.theme;
    let id = Id::unique(("drop", ui.scope_id()));
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Foreground, id)).with_clip_rect(rect);
    painter.rect_filled(rect, CornerRadius::ZERO, theme.bg.gamma_multiply(0.9));
    let inner = rect.shrink(16.0);
    let corners = CornerRadius::same(12);
    painter.rect_filled(inner, corners, theme.accent_soft);
    painter.rect_stroke(inner, corners, Stroke::new(2.0, theme.accent), StrokeKind::Inside);
    let plain = Words::plain(words, Style::new(15.0).semibold());
    let galley = text::layout(ui.ctx(), &plain, Wrap::rows(inner.width() - 32.0, 3));
    let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), inner);
    let above = painter.layout_no_wrap(sign.to_string(), icon::font(36.0), theme.accent);
    let place = at.center_top() - vec2(above.size().x / 2.0, above.size().y + 10.0);
    painter.galley(place, above, Color32::PLACEHOLDER);
    galley.paint(&painter, at.min, &Ink::of(theme).with_text(theme.accent));
    let response = ui.interact(inner, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}
