//! `/dt` in the composer: the prepared replies of that shortcut, or else of that name, above the caret. Arrows choose, Tab and
//! Enter insert, Escape wants none of them; where nothing fits, a slash is a slash.

use std::{ops::Range, sync::Arc};

use egui::{Context, Id, Rect, RichText, Ui, vec2};
use waxwing_protocol::response::{MAX_SHORTCUT_CHARS, ResponseContent, StandardResponse};

use super::{
    super::{
        Action, View,
        completing::{self, Asked, Completion, Look, MOST},
        text::{Ink, Label, Style},
        view_state::Composer,
    },
    insert,
};
use crate::desk::conversation::Conversation;

const LOOK: Look =
    Look { id: "response completion", name: "Responses of that shortcut or name", size: vec2(340.0, 50.0) };

/// The list.
#[derive(Debug, Default)]
pub(in super::super) struct Shorthand {
    list: Completion<Arc<StandardResponse>>,
    /// The library's revision of what it offers.
    revision: u64,
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
    let Some(asked) = asked(composer) else { return };
    if let Some(taken) = state.list.take_keys(ctx, place.field, &asked) {
        take(place, (state, composer), taken, actions);
    }
}

fn asked(composer: &Composer) -> Option<Asked<'_>> {
    completing::asked(composer, begun)
}

/// What is typed before the caret, if that asks for a reply: where it stands with its slash, and what follows the slash.
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
    let Some(response) = state.list.offered.get(at).cloned() else { return };
    composer.editor.select(range);
    state.list.offered.clear();
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
    let library = view.desk.library();
    let is_stale = std::mem::replace(&mut state.revision, library.revision()) != library.revision();
    let find = |begun: &str| library.completing(begun, view.now, MOST);
    if !state.list.renew((ui, field), asked(composer), is_stale, find) {
        return;
    }
    let draw = |ui: &mut Ui, response: &Arc<StandardResponse>, rect: Rect| {
        let content = &response.content;
        let shortcut = content.shortcut.as_ref().map(|shortcut| format!("/{shortcut}"));
        let builder = egui::UiBuilder::new().max_rect(rect.shrink2(vec2(8.0, 5.0)));
        words(&mut ui.new_child(builder), place, (content, shortcut.as_deref()));
        shortcut.map_or_else(|| content.name.clone(), |shortcut| format!("{} {shortcut}", content.name))
    };
    if let Some(clicked) = state.list.show(ui.ctx(), (view, &LOOK), caret, draw) {
        take(place, (state, composer), clicked, actions);
        ui.memory_mut(|memory| memory.request_focus(field));
    }
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
