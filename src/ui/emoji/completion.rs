//! `:smi` in the composer: a short list of what could be meant, above the caret. Arrows choose, Tab and Enter take, Escape
//! wants none of them; `:smile:` is taken at once.

use egui::{Context, Event, Id, ImeEvent, Rect, RichText, Ui, vec2};

use super::{
    super::{
        View,
        completing::{self, Asked, Look, MOST},
        text::{Ink, Label, Style},
        view_state::Composer,
    },
    state::EmojiState,
    typed,
};

/// The list; of numbers in the catalogue.
pub(super) type Completion = completing::Completion<usize>;

const LOOK: Look = Look { id: "emoji completion", name: "Emoji of that name", size: vec2(280.0, 32.0) };

/// Takes the keys for the list, before anybody else does.
pub(in super::super) fn take_keys(
    ctx: &Context,
    view: View<'_>,
    state: &mut EmojiState,
    (composer, field): (&mut Composer, Id),
) {
    let Some(asked) = asked(composer) else { return };
    if let Some(taken) = state.completion.take_keys(ctx, field, &asked) {
        take(view, state, composer, taken);
    }
}

fn asked(composer: &Composer) -> Option<Asked<'_>> {
    completing::asked(composer, typed::begun)
}

/// Puts one of those that are offered in the place of what was typed.
fn take(view: View<'_>, state: &mut EmojiState, composer: &mut Composer, at: usize) {
    let Some((range, _)) = asked(composer) else { return };
    let entry = state.completion.offered.get(at).and_then(|entry| state.catalogue.entries().get(*entry));
    let Some(emoji) = entry.map(|entry| entry.in_tone(state.habits.tone).as_str()) else { return };
    composer.editor.select(range);
    composer.insert(emoji, view.now);
    state.habits.note(emoji);
    state.completion.offered.clear();
}

/// Looks at what was typed in this frame, and shows the list above the caret.
pub(in super::super) fn show(
    ui: &Ui,
    view: View<'_>,
    state: &mut EmojiState,
    (composer, field): (&mut Composer, Id),
    caret: Rect,
) {
    close(ui, view, state, composer);
    let mut list = std::mem::take(&mut state.completion);
    let is_stale = list.offered.is_empty();
    let shows = list.renew((ui, field), asked(composer), is_stale, |code| find(state, view, code));
    let clicked = if shows {
        list.show(ui.ctx(), (view, &LOOK), caret, |ui, entry, rect| draw(ui, view, state, (*entry, rect)))
    } else {
        None
    };
    state.completion = list;
    if let Some(clicked) = clicked {
        take(view, state, composer, clicked);
        ui.memory_mut(|memory| memory.request_focus(field));
    }
}

/// What could be meant: first those whose short code begins so.
fn find(state: &mut EmojiState, view: View<'_>, code: &str) -> Vec<usize> {
    let mut found = state.index(view.language.tag()).find(code);
    let (catalogue, code) = (&state.catalogue, code.to_lowercase());
    found.sort_by_key(|entry| {
        catalogue.entries().get(*entry).is_none_or(|entry| !entry.shortcode.starts_with(&code))
    });
    found.truncate(MOST);
    found
}

/// What was typed with both its colons becomes an emoji; undone, it stays as it was typed.
fn close(ui: &Ui, view: View<'_>, state: &mut EmojiState, composer: &mut Composer) {
    let closes = |event: &Event| match event {
        Event::Text(text) | Event::Ime(ImeEvent::Commit(text)) => text.ends_with(':'),
        _ => false,
    };
    if !ui.input(|input| input.events.iter().any(closes)) || composer.editor.is_composing() {
        return;
    }
    let Some((range, code)) = typed::closed(composer.text(), composer.editor.caret()) else { return };
    let Some(entry) = state.catalogue.by_shortcode(&code.to_lowercase()) else { return };
    let emoji = entry.in_tone(state.habits.tone).as_str();
    composer.editor.select(range);
    composer.insert(emoji, view.now);
    state.habits.note(emoji);
}

/// Draws one of them, with its picture; says what it is called.
fn draw(ui: &mut Ui, view: View<'_>, state: &mut EmojiState, (entry, rect): (usize, Rect)) -> String {
    let index = state.index(view.language.tag());
    let Some(held) = state.catalogue.entries().get(entry) else { return String::new() };
    let emoji = held.in_tone(state.habits.tone).as_str();
    let (name, code) = (index.name(entry), format!(":{}:", held.shortcode));
    let sign = Rect::from_min_size(rect.min, vec2(rect.height() + 4.0, rect.height()));
    state.sheet.paint(ui, view.theme, emoji, sign);
    let words = rect.with_min_x(sign.right() + 2.0).shrink2(vec2(4.0, 6.0));
    ui.scope_builder(egui::UiBuilder::new().max_rect(words), |ui| {
        ui.horizontal_centered(|ui| {
            ui.add(Label::new(name, Style::new(13.0), Ink::of(view.theme)).one_row());
            let code = RichText::new(&code).size(11.0).color(view.theme.muted);
            ui.add(egui::Label::new(code).truncate());
        });
    });
    format!("{name} {code}")
}
