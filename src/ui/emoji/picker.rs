//! The picker: a search field, tabs, emoji in rows of which only those in view are drawn, and what the chosen one is called.
//!
//! The search field keeps the focus, so that one types on at any time; the keys that move go through the emoji. It is
//! drawn with its conversation, in whichever window that is.

use egui::{
    Align2, Area, Context, CornerRadius, Event, Frame, Id, InputState, Key, Margin, Modifiers, Order, Rect,
    Role, Sense, Stroke, TextEdit, Ui, WidgetInfo, pos2, vec2,
};
use waxwing_protocol::id::InteractionId;

use super::{
    super::{Action, View, ViewState, icon, shortcuts, theme, widgets::button},
    body,
    grid::CELL,
    state::{EmojiState, Open, Showing, tone},
};
use crate::desk::{conversation::Conversation, input::Command};

/// Within its frame, in points; the scroll bar has its place at the right of the cells.
pub(super) const WIDTH: f32 = 9.0 * CELL + 10.0;
/// From the button it was opened with, in points.
const DISTANCE: f32 = 6.0;

/// What was done in the picker in this frame.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The cell that was picked.
    pub(super) picked: Option<usize>,
    /// Whether the picker stays open then.
    pub(super) stays: bool,
    /// The cell of which the tones are asked for.
    pub(super) tones: Option<usize>,
    /// Whether the picker is to be closed.
    pub(super) closed: bool,
}

/// The button in the line below a composer's field.
pub(in super::super) fn button(
    ui: &mut Ui,
    view: View<'_>,
    interaction: InteractionId,
    state: &mut EmojiState,
) {
    let response = button::icon_with_keys(ui, view.theme, icon::SMILE, "Insert emoji", shortcuts::EMOJI);
    state.anchor(interaction, response.rect);
    if response.hovered() || ui.input(|input| input.modifiers.command_only()) {
        state.warm(ui.ctx());
    }
    if response.clicked() {
        state.toggle(interaction);
        state.anchor(interaction, response.rect);
    }
}

/// The keys are the picker's while it is open; to be called before anything else of the conversation takes them.
pub(in super::super) fn take_keys(ctx: &Context, interaction: InteractionId, state: &mut EmojiState) {
    let Some(open) = state.open.as_mut().filter(|open| open.interaction == interaction) else { return };
    let keys = ctx.input_mut(|input| {
        let composes = input.events.iter().any(|event| matches!(event, Event::Ime(_)));
        if composes { Vec::new() } else { keys(input) }
    });
    for (key, modifiers) in keys {
        open.pressed.push((key, modifiers));
    }
}

/// Takes the keys out of the input that mean something here.
fn keys(input: &mut InputState) -> Vec<(Key, Modifiers)> {
    let mut taken = Vec::new();
    input.events.retain(|event| {
        let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
        let shift = modifiers.matches_exact(Modifiers::SHIFT);
        let is_ours = match key {
            Key::ArrowUp
            | Key::ArrowDown
            | Key::ArrowLeft
            | Key::ArrowRight
            | Key::PageUp
            | Key::PageDown
            | Key::Home
            | Key::End
            | Key::Escape => modifiers.is_none(),
            Key::Enter => modifiers.is_none() || shift,
            Key::F10 => shift,
            _ => false,
        };
        if is_ours {
            taken.push((*key, *modifiers));
        }
        !is_ours
    });
    taken
}

/// Draws the picker if it is open in this conversation, and does what was picked.
pub(in super::super) fn show(
    ui: &Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction().id;
    let Some(mut open) = state.emoji.open.take_if(|open| open.interaction == interaction) else { return };
    open.seen = true;
    if open.frames == 0 {
        // What emoji are called takes a while to read: after the frame in which the picker appears.
        ui.ctx().request_repaint();
    } else {
        state.emoji.index(view.language.tag());
    }
    let mut done = Done::default();
    press(&mut open, &mut done);
    make(view, &mut open, &mut state.emoji);
    if let Some(anchor) = open.anchor {
        window(ui.ctx(), view, (&mut open, anchor), &mut state.emoji, &mut done);
    }
    open.frames += 1;
    if let Some(cell) = done.tones.and_then(|cell| open.grid.cells().get(cell)) {
        open.show(Showing::TonesOf(cell.entry));
    }
    let picked = done.picked.and_then(|cell| open.grid.cells().get(cell).copied());
    let mut closed = done.closed;
    match (picked, open.showing) {
        (Some(_), Showing::Tones) => {
            state.emoji.habits.tone = tone(done.picked.unwrap_or_default());
            open.show(Showing::All);
        }
        (Some(cell), _) => {
            let text = cell.emoji.as_str();
            state.emoji.habits.note(text);
            match open.message {
                Some(message) => {
                    let emoji = Some(text.to_owned());
                    actions.push(Action::Command(Command::React { interaction, message, emoji }));
                }
                None => state.composer(interaction, conversation).insert(text, view.now),
            }
            if open.showing != Showing::All {
                open.show(Showing::All);
            }
            closed |= !done.stays || open.message.is_some();
        }
        (None, _) => {}
    }
    if closed {
        state.focus_composer = Some(interaction);
        ui.ctx().request_repaint();
    } else {
        state.emoji.open = Some(open);
    }
}

/// Does what the keys say.
fn press(open: &mut Open, done: &mut Done) {
    for (key, modifiers) in std::mem::take(&mut open.pressed) {
        match key {
            Key::Escape if open.showing != Showing::All => open.show(Showing::All),
            Key::Escape if !open.query.is_empty() => open.query.clear(),
            Key::Escape => done.closed = true,
            Key::Enter => (done.picked, done.stays) = (Some(open.at), modifiers.shift),
            Key::F10 => done.tones = open.has_tones(open.at).then_some(open.at),
            _ => {
                if let Some(at) = open.grid.step(open.at, key) {
                    (open.at, open.follow) = (at, true);
                }
            }
        }
    }
}

/// Lays out what is to be shown, if that has changed.
fn make(view: View<'_>, open: &mut Open, state: &mut EmojiState) {
    let wanted = (open.showing, open.query.clone(), state.habits.clone());
    if open.made_for.as_ref() == Some(&wanted) {
        return;
    }
    let searches = open.showing == Showing::All && !open.query.trim().is_empty();
    let query = open.query.trim().trim_matches(':');
    let found = searches.then(|| state.index(view.language.tag()).find(query));
    open.grid = state.lay_out(open.showing, found.as_deref());
    if open
        .made_for
        .as_ref()
        .is_none_or(|(showing, query, _)| (*showing, query) != (open.showing, &open.query))
    {
        (open.at, open.follow) = (0, true);
    }
    open.at = open.at.min(open.grid.cells().len().saturating_sub(1));
    open.made_for = Some(wanted);
}

fn window(
    ctx: &Context,
    view: View<'_>,
    (open, anchor): (&mut Open, Rect),
    state: &mut EmojiState,
    done: &mut Done,
) {
    let id = Id::unique(("emoji picker", open.interaction));
    let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(10));
    let area = Area::new(id)
        .order(Order::Foreground)
        .pivot(Align2::LEFT_BOTTOM)
        .fixed_pos(pos2(anchor.left() - 12.0, anchor.top() - DISTANCE))
        .constrain(true)
        .fade_in(false)
        .accessible_name("Emoji");
    let shown = area.show(ctx, |ui| {
        frame.show(ui, |ui| {
            ui.set_width(WIDTH);
            ui.spacing_mut().item_spacing.y = 6.0;
            search(ui, view, open, state);
            body::show(ui, view, open, state, done);
        });
    });
    let pressed =
        ctx.input(|input| input.pointer.any_pressed().then(|| input.pointer.interact_pos()).flatten());
    let is_outside = |at| !shown.response.rect.contains(at) && !anchor.contains(at);
    if open.frames > 0 && pressed.is_some_and(is_outside) {
        done.closed = true;
    }
}

/// The search field, and beside it the tone that emoji come in.
fn search(ui: &mut Ui, view: View<'_>, open: &mut Open, state: &mut EmojiState) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let id = field_id(open.interaction);
        let field = TextEdit::singleline(&mut open.query)
            .id(id)
            .desired_width(WIDTH - CELL - 8.0)
            .margin(Margin::symmetric(10, 7))
            .hint_text("Search emoji, or type :heart");
        let response = ui.add(field);
        response.widget_info(|| {
            let mut info = WidgetInfo::text_edit(true, "", open.query.as_str(), "");
            info.label = Some("Search emoji".to_owned());
            info
        });
        if open.frames == 0 || ui.memory(|memory| memory.focused().is_none()) {
            response.request_focus();
        }
        if response.changed() {
            open.showing = Showing::All;
        }
        let selected = body::cell_id(open.interaction, open.at);
        if !open.grid.cells().is_empty() {
            ui.ctx().accesskit_node_builder(id, |node| node.set_active_descendant(selected.accesskit_id()));
        }
        tone_button(ui, view, open, state);
    });
}

pub(super) fn field_id(interaction: InteractionId) -> Id {
    Id::unique(("emoji search", interaction))
}

/// Shows the tone, and leads to the others.
fn tone_button(ui: &mut Ui, view: View<'_>, open: &mut Open, state: &mut EmojiState) {
    let (rect, response) = ui.allocate_exact_size(vec2(CELL, 32.0), Sense::CLICK);
    let is_open = open.showing == Showing::Tones;
    if is_open || response.hovered() {
        let ground = if is_open { view.theme.accent_soft } else { view.theme.sunken };
        ui.painter().rect_filled(rect, CornerRadius::same(theme::BUTTON_RADIUS), ground);
    }
    let hand =
        state.catalogue.entry_of("✋").map_or("✋", |entry| entry.in_tone(state.habits.tone).as_str());
    state.sheet.paint(ui, view.theme, hand, rect);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_open, "Skin tone of all emoji"));
    if response.on_hover_text("Skin tone of all emoji").clicked() {
        open.show(if is_open { Showing::All } else { Showing::Tones });
    }
}

/// The line under a tab that is in view.
pub(super) fn underline(ui: &Ui, view: View<'_>, rect: Rect) {
    ui.painter().hline(rect.x_range().shrink(6.0), rect.bottom(), Stroke::new(2.0, view.theme.accent));
}
