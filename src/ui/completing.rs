//! A short list of what could be meant by what is typed before the caret, above it. Arrows choose, Tab and Enter take, Escape wants
//! none of them. What is offered, and how one of them looks, is an argument: emoji, prepared replies.

use std::ops::Range;

use egui::{
    Align2, Area, Context, CornerRadius, EventFilter, Frame, Id, Key, Margin, Order, Rect, Role, Sense, Ui,
    Vec2, WidgetInfo, vec2,
};

use super::{View, shortcuts::take_list_key, theme, view_state::Composer};

/// So many are offered.
pub(super) const MOST: usize = 8;

/// What is typed that asks for something: where it stands, and its words.
pub(super) type Asked<'a> = (Range<usize>, &'a str);

/// The list.
#[derive(Debug)]
pub(super) struct Completion<T> {
    /// Best first; nothing while the list is not there.
    pub(super) offered: Vec<T>,
    /// What was typed for it.
    query: String,
    /// The one that Enter takes.
    at: usize,
    /// Where the agent wanted none: where what asks begins, in bytes.
    declined: Option<usize>,
}

impl<T> Default for Completion<T> {
    fn default() -> Self {
        Self { offered: Vec::new(), query: String::new(), at: 0, declined: None }
    }
}

/// How the list looks.
pub(super) struct Look {
    /// Its own.
    pub(super) id: &'static str,
    /// What a screen reader calls it.
    pub(super) name: &'static str,
    /// How wide and high one of them is, in points.
    pub(super) size: Vec2,
}

/// What is typed before the caret, if `begun` says that it asks for something.
pub(super) fn asked(
    composer: &Composer,
    begun: impl for<'t> FnOnce(&'t str, usize) -> Option<Asked<'t>>,
) -> Option<Asked<'_>> {
    let editor = &composer.editor;
    if editor.is_composing() || !editor.selection().is_empty() {
        return None;
    }
    begun(editor.text(), editor.caret())
}

impl<T> Completion<T> {
    /// Takes the keys for the list, before anybody else does; gives the one that is taken.
    pub(super) fn take_keys(
        &mut self,
        ctx: &Context,
        field: Id,
        (range, words): &Asked<'_>,
    ) -> Option<usize> {
        let count = self.offered.len();
        if count == 0 || self.query != *words || !ctx.memory(|memory| memory.has_focus(field)) {
            return None;
        }
        match ctx.input_mut(take_list_key)? {
            Key::ArrowDown => self.at = (self.at + 1) % count,
            Key::ArrowUp => self.at = (self.at + count - 1) % count,
            Key::Escape => {
                self.declined = Some(range.start);
                self.offered.clear();
            }
            _ => return Some(self.at),
        }
        None
    }

    /// Looks for what is asked for, if that is not what was asked before or `is_stale`; says whether there is something to show.
    pub(super) fn renew(
        &mut self,
        (ui, field): (&Ui, Id),
        asked: Option<Asked<'_>>,
        is_stale: bool,
        find: impl FnOnce(&str) -> Vec<T>,
    ) -> bool {
        // A click on the list takes the focus away before it is one.
        let clicks = ui.input(|input| input.pointer.any_down() || input.pointer.any_released());
        let is_here = ui.memory(|memory| memory.has_focus(field)) || clicks && !self.offered.is_empty();
        let Some((range, words)) = asked.filter(|_| is_here) else {
            if is_here {
                *self = Self::default();
            }
            return false;
        };
        if self.declined.is_some_and(|declined| declined == range.start) {
            return false;
        }
        if self.query != words || is_stale {
            *self = Self { offered: find(words), query: words.to_owned(), at: 0, declined: None };
        }
        if self.offered.is_empty() {
            return false;
        }
        // Else Tab and Escape would lead out of the field.
        let ours = EventFilter { tab: true, escape: true, horizontal_arrows: true, vertical_arrows: true };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(field, ours));
        true
    }

    /// Draws it; `draw` draws one of them and says what it is called. Gives the one that was clicked.
    pub(super) fn show(
        &self,
        ctx: &Context,
        (view, look): (View<'_>, &Look),
        caret: Rect,
        mut draw: impl FnMut(&mut Ui, &T, Rect) -> String,
    ) -> Option<usize> {
        let mut clicked = None;
        let area = Area::new(Id::unique(look.id))
            .order(Order::Foreground)
            .pivot(Align2::LEFT_BOTTOM)
            .fixed_pos(caret.left_top() - vec2(20.0, 6.0))
            .constrain(true)
            .fade_in(false)
            .accessible_name(look.name);
        area.show(ctx, |ui| {
            Frame::popup(ui.style()).inner_margin(Margin::same(6)).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for (number, one) in self.offered.iter().enumerate() {
                    let (rect, row) = ui.allocate_exact_size(look.size, Sense::CLICK);
                    let is_chosen = number == self.at;
                    if is_chosen || row.hovered() {
                        let ground = if is_chosen { view.theme.accent_soft } else { view.theme.sunken };
                        ui.painter().rect_filled(rect, CornerRadius::same(theme::BUTTON_RADIUS), ground);
                    }
                    let told = draw(ui, one, rect);
                    row.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_chosen, &told));
                    if row.clicked() {
                        clicked = Some(number);
                    }
                }
            });
        });
        clicked
    }
}
