//! `/dt` in the composer: the prepared replies of that shortcut, or else of that name, above the caret. Arrows choose, Tab and
//! Enter insert, Escape wants none of them; where nothing fits, a slash is a slash.

use std::{ops::Range, sync::Arc};

use egui::{
    Align2, Area, Context, CornerRadius, EventFilter, Frame, Id, Key, Margin, Order, Rect, RichText, Role,
    Sense, Ui, WidgetInfo, vec2,
};
use waxwing_protocol::response::{MAX_SHORTCUT_CHARS, ResponseContent, StandardResponse};

use super::{
    super::{
        Action, View,
        shortcuts::take_list_key,
        text::{Ink, Label, Style},
        theme,
        view_state::Composer,
    },
    insert,
};
use crate::desk::conversation::Conversation;

/// So many are offered.
const MOST: usize = 8;
/// How wide and high one of them is, in points.
const SIZE: egui::Vec2 = vec2(340.0, 50.0);

/// The list.
#[derive(Debug, Default)]
pub(in super::super) struct Shorthand {
    /// Best first; nothing while the list is not there.
    offered: Vec<Arc<StandardResponse>>,
    /// What was typed for it, and the library's revision.
    asked: (String, u64),
    /// The one that Enter takes.
    at: usize,
    /// Where the agent wanted none: the place of the slash, in bytes.
    declined: Option<usize>,
    /// One that was taken and carries a notification, which is filled in elsewhere.
    carries: Option<Arc<StandardResponse>>,
}

impl Shorthand {
    /// One that was taken in this frame and carries a notification.
    pub(in super::super) const fn take_carrier(&mut self) -> Option<Arc<StandardResponse>> {
        self.carries.take()
    }
}

/// The composer for which the list is.
#[derive(Clone, Copy)]
pub(in super::super) struct Place<'a> {
    pub(in super::super) view: View<'a>,
    pub(in super::super) conversation: &'a Conversation,
    /// The composer's field.
    pub(in super::super) field: Id,
}

/// Takes the keys for the list, before anybody else does.
pub(in super::super) fn take_keys(
    ctx: &Context,
    place: Place<'_>,
    (state, composer): (&mut Shorthand, &mut Composer),
    actions: &mut Vec<Action>,
) {
    let count = state.offered.len();
    let Some((range, begun)) = asked(composer) else { return };
    if count == 0 || state.asked.0 != begun || !ctx.memory(|memory| memory.has_focus(place.field)) {
        return;
    }
    let at = state.at;
    match ctx.input_mut(take_list_key) {
        Some(Key::ArrowDown) => state.at = (at + 1) % count,
        Some(Key::ArrowUp) => state.at = (at + count - 1) % count,
        Some(Key::Escape) => {
            state.declined = Some(range.start);
            state.offered.clear();
        }
        Some(_) => take(place, (state, composer), at, actions),
        None => {}
    }
}

/// What is typed before the caret, if that asks for a reply: where it stands with its slash, and what follows the slash.
fn asked(composer: &Composer) -> Option<(Range<usize>, &str)> {
    let editor = &composer.editor;
    if editor.is_composing() || !editor.selection().is_empty() {
        return None;
    }
    begun(editor.text(), editor.caret())
}

fn begun(text: &str, caret: usize) -> Option<(Range<usize>, &str)> {
    let before = text.get(..caret)?;
    let slash = before
        .rfind(char::is_whitespace)
        .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
    let word = before[slash..].strip_prefix('/')?;
    // Within a word that goes on behind the caret nothing is asked for.
    let goes_on = text[caret..].starts_with(|c: char| !c.is_whitespace());
    let is_word = word.chars().next().is_some_and(char::is_alphanumeric)
        && word.chars().take(MAX_SHORTCUT_CHARS + 1).count() <= MAX_SHORTCUT_CHARS;
    (is_word && !goes_on).then_some((slash..caret, word))
}

/// Inserts one of those that are offered in the place of what was typed.
fn take(
    Place { view, conversation, .. }: Place<'_>,
    (state, composer): (&mut Shorthand, &mut Composer),
    at: usize,
    actions: &mut Vec<Action>,
) {
    let Some((range, _)) = asked(composer) else { return };
    let Some(response) = state.offered.get(at).cloned() else { return };
    composer.editor.select(range);
    state.offered.clear();
    if response.content.notification.is_some() {
        composer.insert("", view.now);
        state.carries = Some(response);
    } else {
        insert(view, conversation, (composer, &response), actions);
    }
}

/// Looks at what was typed in this frame, and shows the list above the caret.
pub(in super::super) fn show(
    ui: &Ui,
    place: Place<'_>,
    (state, composer): (&mut Shorthand, &mut Composer),
    caret: Rect,
    actions: &mut Vec<Action>,
) {
    let Place { view, field, .. } = place;
    // A click on the list takes the focus away before it is one.
    let clicks = ui.input(|input| input.pointer.any_down() || input.pointer.any_released());
    let is_here = ui.memory(|memory| memory.has_focus(field)) || clicks && !state.offered.is_empty();
    let Some((range, begun)) = asked(composer).filter(|_| is_here) else {
        if is_here {
            *state = Shorthand { carries: state.carries.take(), ..Shorthand::default() };
        }
        return;
    };
    if state.declined.is_some_and(|declined| declined == range.start) {
        return;
    }
    let library = view.desk.library();
    if state.asked.0 != begun || state.asked.1 != library.revision() {
        let offered = library.completing(begun, view.now, MOST);
        let asked = (begun.to_owned(), library.revision());
        *state = Shorthand { offered, asked, ..Shorthand::default() };
    }
    if state.offered.is_empty() {
        return;
    }
    // Else Tab and Escape would lead out of the field.
    let ours = EventFilter { tab: true, escape: true, horizontal_arrows: true, vertical_arrows: true };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(field, ours));
    if let Some(clicked) = list(ui.ctx(), place, state, caret) {
        take(place, (state, composer), clicked, actions);
        ui.memory_mut(|memory| memory.request_focus(field));
    }
}

/// The list; gives the one that was clicked.
fn list(ctx: &Context, place: Place<'_>, state: &Shorthand, caret: Rect) -> Option<usize> {
    let view = place.view;
    let mut clicked = None;
    let area = Area::new(Id::unique("response completion"))
        .order(Order::Foreground)
        .pivot(Align2::LEFT_BOTTOM)
        .fixed_pos(caret.left_top() - vec2(20.0, 6.0))
        .constrain(true)
        .fade_in(false)
        .accessible_name("Responses of that shortcut or name");
    area.show(ctx, |ui| {
        Frame::popup(ui.style()).inner_margin(Margin::same(6)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (number, response) in state.offered.iter().enumerate() {
                let (rect, row) = ui.allocate_exact_size(SIZE, Sense::CLICK);
                let is_chosen = number == state.at;
                if is_chosen || row.hovered() {
                    let ground = if is_chosen { view.theme.accent_soft } else { view.theme.sunken };
                    ui.painter().rect_filled(rect, CornerRadius::same(theme::BUTTON_RADIUS), ground);
                }
                let content = &response.content;
                let shortcut = content.shortcut.as_ref().map(|shortcut| format!("/{shortcut}"));
                let builder = egui::UiBuilder::new().max_rect(rect.shrink2(vec2(8.0, 5.0)));
                words(&mut ui.new_child(builder), place, (content, shortcut.as_deref()));
                let told = shortcut
                    .map_or_else(|| content.name.clone(), |shortcut| format!("{} {shortcut}", content.name));
                row.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_chosen, &told));
                if row.clicked() {
                    clicked = Some(number);
                }
            }
        });
    });
    clicked
}

/// What one of them says: its name and shortcut, and how it begins for this contact.
fn words(
    ui: &mut Ui,
    Place { view, conversation, .. }: Place<'_>,
    (content, shortcut): (&ResponseContent, Option<&str>),
) {
    (ui.spacing_mut().interact_size.y, ui.spacing_mut().item_spacing.y) = (18.0, 2.0);
    ui.horizontal(|ui| {
        ui.add(Label::new(&content.name, Style::new(13.0).semibold(), Ink::of(view.theme)).one_row());
        if let Some(shortcut) = shortcut {
            ui.label(RichText::new(shortcut).size(11.0).color(view.theme.muted));
        }
    });
    let body = view.filled(conversation, &content.body);
    let ink = Ink::of(view.theme).with_text(view.theme.muted);
    ui.add(Label::new(&body, Style::new(12.0), ink).one_row());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_word_that_begins_with_a_slash_asks() {
        for (text, word) in [("/dt", "dt"), ("Hi /dt", "dt"), ("Hi\n/привет", "привет"), ("/a.b-c", "a.b-c")]
        {
            assert_eq!(begun(text, text.len()).map(|(_, word)| word), Some(word), "{text}");
        }
        for text in ["", "/", "and/or", "https://x", "5/6", "/ x", "//x", "/dt now"] {
            assert_eq!(begun(text, text.len()), None, "{text}");
        }
        assert_eq!(begun("/dtx", 3), None, "within a word");
        assert_eq!(begun("a /dt b", 5), Some((2..5, "dt")));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,12}", caret in 0_usize..40) {
            if let Some((range, word)) = begun(&text, caret) {
                prop_assert_eq!(text.get(range).map(str::to_owned), Some(format!("/{word}")));
            }
        }
    }
}
