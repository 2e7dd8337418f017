//! `:smi` in the composer: a short list of what could be meant, above the caret. Arrows choose, Tab and Enter take, Escape
//! wants none of them; `:smile:` is taken at once.

use egui::{
    Align2, Area, Context, CornerRadius, Event, EventFilter, Frame, Id, ImeEvent, Key, Margin, Order, Rect,
    RichText, Role, Sense, Ui, WidgetInfo, vec2,
};

use super::{
    super::{
        View,
        shortcuts::take_list_key,
        text::{Ink, Label, Style},
        theme,
        view_state::Composer,
    },
    state::EmojiState,
    typed,
};

/// So many are offered.
const MOST: usize = 8;
/// How wide and high one of them is, in points.
const SIZE: egui::Vec2 = vec2(280.0, 32.0);

/// The list.
#[derive(Debug, Default)]
pub(super) struct Completion {
    /// Numbers in the catalogue, best first; nothing while the list is not there.
    offered: Vec<usize>,
    /// What was typed for it.
    query: String,
    /// The one that Enter takes.
    at: usize,
    /// Where the agent wanted none: the place of the colon, in bytes.
    declined: Option<usize>,
}

/// Takes the keys for the list, before anybody else does.
pub(in super::super) fn take_keys(
    ctx: &Context,
    view: View<'_>,
    state: &mut EmojiState,
    (composer, field): (&mut Composer, Id),
) {
    let count = state.completion.offered.len();
    let Some((range, code)) = asked(composer) else { return };
    if count == 0 || state.completion.query != code || !ctx.memory(|memory| memory.has_focus(field)) {
        return;
    }
    let at = state.completion.at;
    match ctx.input_mut(take_list_key) {
        Some(Key::ArrowDown) => state.completion.at = (at + 1) % count,
        Some(Key::ArrowUp) => state.completion.at = (at + count - 1) % count,
        Some(Key::Escape) => {
            state.completion.declined = Some(range.start);
            state.completion.offered.clear();
        }
        Some(_) => take(view, state, composer, at),
        None => {}
    }
}

/// What is typed before the caret, if that asks for emoji.
fn asked(composer: &Composer) -> Option<(std::ops::Range<usize>, &str)> {
    let editor = &composer.editor;
    if editor.is_composing() || !editor.selection().is_empty() {
        return None;
    }
    typed::begun(editor.text(), editor.caret())
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
    // A click on the list takes the focus away before it is one.
    let clicks = ui.input(|input| input.pointer.any_down() || input.pointer.any_released());
    let is_here =
        ui.memory(|memory| memory.has_focus(field)) || clicks && !state.completion.offered.is_empty();
    let Some((range, code)) = asked(composer).filter(|_| is_here) else {
        if is_here {
            state.completion = Completion::default();
        }
        return;
    };
    if state.completion.declined.is_some_and(|declined| declined == range.start) {
        return;
    }
    if state.completion.query != code || state.completion.offered.is_empty() {
        let found = find(state, view, code);
        state.completion = Completion { offered: found, query: code.to_owned(), at: 0, declined: None };
    }
    if state.completion.offered.is_empty() {
        return;
    }
    // Else Tab and Escape would lead out of the field.
    let ours = EventFilter { tab: true, escape: true, horizontal_arrows: true, vertical_arrows: true };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(field, ours));
    if let Some(clicked) = list(ui.ctx(), view, state, caret) {
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

/// The list; gives the one that was clicked.
fn list(ctx: &Context, view: View<'_>, state: &mut EmojiState, caret: Rect) -> Option<usize> {
    let index = state.index(view.language.tag());
    let mut clicked = None;
    let area = Area::new(Id::unique("emoji completion"))
        .order(Order::Foreground)
        .pivot(Align2::LEFT_BOTTOM)
        .fixed_pos(caret.left_top() - vec2(20.0, 6.0))
        .constrain(true)
        .fade_in(false)
        .accessible_name("Emoji of that name");
    area.show(ctx, |ui| {
        Frame::popup(ui.style()).inner_margin(Margin::same(6)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (number, entry) in state.completion.offered.clone().into_iter().enumerate() {
                let Some(held) = state.catalogue.entries().get(entry) else { continue };
                let emoji = held.in_tone(state.habits.tone).as_str();
                let (name, code) = (index.name(entry), format!(":{}:", held.shortcode));
                let (rect, response) = ui.allocate_exact_size(SIZE, Sense::CLICK);
                let is_chosen = number == state.completion.at;
                if is_chosen || response.hovered() {
                    let ground = if is_chosen { view.theme.accent_soft } else { view.theme.sunken };
                    ui.painter().rect_filled(rect, CornerRadius::same(theme::BUTTON_RADIUS), ground);
                }
                let sign = Rect::from_min_size(rect.min, vec2(SIZE.y + 4.0, SIZE.y));
                state.sheet.paint(ui, view.theme, emoji, sign);
                let words = rect.with_min_x(sign.right() + 2.0).shrink2(vec2(4.0, 6.0));
                ui.scope_builder(egui::UiBuilder::new().max_rect(words), |ui| {
                    ui.horizontal_centered(|ui| {
                        ui.add(Label::new(name, Style::new(13.0), Ink::of(view.theme)).one_row());
                        ui.add(
                            egui::Label::new(RichText::new(&code).size(11.0).color(view.theme.muted))
                                .truncate(),
                        );
                    });
                });
                response.widget_info(|| {
                    WidgetInfo::selected(Role::ListItem, true, is_chosen, format!("{name} {code}"))
                });
                if response.clicked() {
                    clicked = Some(number);
                }
            }
        });
    });
    clicked
}
