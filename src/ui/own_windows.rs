//! Conversations in windows of their own, for people with two screens: everything of a conversation is there, and the main
//! window only says where it is.
//!
//! There is still one composer, one place in the transcript, one search for each conversation, whichever window draws it.
//! Closing such a window brings the conversation back and ends nothing. Where a system can't open further windows, egui
//! draws them within the main one.

use std::collections::BTreeMap;

use egui::{
    CentralPanel, Context, Frame, Id, LayerId, Order, Pos2, RichText, Ui, Vec2, ViewportBuilder,
    ViewportClass, ViewportCommand, ViewportId, pos2, vec2,
};
use waxwing_protocol::id::InteractionId;

use super::{
    Action, View, ViewState, icon, interaction, shortcuts, text::isolate::isolated, theme, widgets::button,
};
use crate::{
    config::layout::Placement,
    desk::{
        Desk,
        conversation::Conversation,
        input::Command,
        link::{Account, Link},
        phones,
    },
};

/// How large a window is at first, and at least, in points.
const SIZE: Vec2 = vec2(640.0, 760.0);
const LEAST: Vec2 = vec2(420.0, 480.0);
/// What frames and a taskbar take of a screen, in points.
const BESIDE: Vec2 = vec2(16.0, 96.0);
/// What the window system knows these windows by, so that a taskbar does not take them for the main one.
const APP_ID: &str = "waxwing-conversation";

/// The conversations that are in windows of their own.
#[derive(Debug, Default)]
pub(super) struct OwnWindows {
    held: BTreeMap<InteractionId, OwnWindow>,
    /// What the agent asked for in this frame: true takes out, false brings back. It is done between two frames, so that
    /// none draws a conversation in two windows.
    asked: BTreeMap<InteractionId, bool>,
}

#[derive(Debug, Default)]
struct OwnWindow {
    /// Where it was last; none until it is known.
    placement: Option<Placement>,
    /// Where it was opened and how large, in points; none while it is not open.
    opened: Option<(Option<Pos2>, Vec2)>,
}

impl OwnWindows {
    /// Those that were out the last time, each where it was.
    pub(super) fn restored(placements: BTreeMap<InteractionId, Placement>) -> Self {
        let window = |placement| OwnWindow { placement: Some(placement), opened: None };
        let held = placements.into_iter().map(|(id, placement)| (id, window(placement))).collect();
        Self { held, asked: BTreeMap::new() }
    }

    /// Where they are, to be remembered.
    pub(super) fn placements(&self) -> BTreeMap<InteractionId, Placement> {
        let usual = Placement { position: None, size: SIZE.into(), maximized: false };
        self.held.iter().map(|(id, window)| (*id, window.placement.unwrap_or(usual))).collect()
    }

    /// Whether a conversation has a window of its own.
    pub(super) fn has(&self, id: InteractionId) -> bool {
        self.held.contains_key(&id)
    }

    /// The conversations whose windows are open.
    pub(super) fn open(&self) -> impl Iterator<Item = InteractionId> {
        self.held.iter().filter(|(_, window)| window.opened.is_some()).map(|(id, _)| *id)
    }

    /// Gives a conversation a window of its own.
    pub(super) fn take_out(&mut self, id: InteractionId) {
        self.asked.insert(id, true);
    }

    /// Takes its window away.
    pub(super) fn bring_back(&mut self, id: InteractionId) {
        self.asked.insert(id, false);
    }

    /// Does what was asked for; says whether something was brought back.
    pub(super) fn settle(&mut self) -> bool {
        let asked = std::mem::take(&mut self.asked);
        for (id, out) in &asked {
            if *out {
                self.held.entry(*id).or_default();
            } else {
                self.held.remove(id);
            }
        }
        asked.into_values().any(|out| !out)
    }

    /// Forgets interactions that are not here any more; while nothing is known of the gateway they may still come.
    fn forget_those_gone(&mut self, desk: &Desk) {
        if matches!(desk.account(), Account::SignedIn { .. }) && *desk.link() == Link::Online {
            self.held.retain(|id, _| desk.conversation(*id).is_some());
        }
    }
}

/// The window of a conversation.
#[must_use]
pub fn viewport_of(id: InteractionId) -> ViewportId {
    ViewportId::from_hash_of(("conversation", id))
}

/// Draws all of them.
pub(super) fn show(ctx: &Context, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    state.own_windows.forget_those_gone(view.desk);
    let is_in = matches!(view.desk.account(), Account::SignedIn { .. } | Account::SigningOut);
    let ids: Vec<_> = state.own_windows.held.keys().copied().collect();
    for id in ids {
        match view.desk.conversation(id).filter(|_| is_in) {
            Some(conversation) => window(ctx, view, conversation, state, actions),
            None => {
                if let Some(window) = state.own_windows.held.get_mut(&id) {
                    window.opened = None;
                }
            }
        }
    }
    if !state.own_windows.asked.is_empty() {
        ctx.request_repaint();
    }
}

fn window(
    ctx: &Context,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let id = conversation.interaction().id;
    let Some(window) = state.own_windows.held.get_mut(&id) else { return };
    if window.opened.is_none() {
        state.focus_composer = Some(id);
    }
    let zoom = ctx.zoom_factor();
    let (position, size) = *window.opened.get_or_insert_with(|| match window.placement {
        Some(Placement { position, size, .. }) => {
            (position.map(|[x, y]| pos2(x, y) / zoom), Vec2::from(size) / zoom)
        }
        None => (None, usual(ctx)),
    });
    let mut builder = ViewportBuilder::default()
        .with_title(title(conversation))
        .with_app_id(APP_ID)
        .with_inner_size(size)
        .with_min_inner_size(LEAST);
    if let Some(position) = position {
        builder = builder.with_position(position);
    }
    if let Some(Placement { maximized: true, .. }) = window.placement {
        builder = builder.with_maximized(true);
    }
    let asked_before = actions.len();
    ctx.show_viewport_immediate(viewport_of(id), builder, |ui, class| {
        content(ui, class, (view, conversation), state, actions);
    });
    if actions[asked_before..].iter().any(|action| matches!(action, Action::Command(Command::Activate(_)))) {
        put_in_front(ctx, ViewportId::ROOT);
    }
}

/// How large a window is at first: not higher than the screen has room for, with its frame and a taskbar.
fn usual(ctx: &Context) -> Vec2 {
    let screen = ctx.input(|input| input.viewport().monitor_size);
    screen.map_or(SIZE, |screen| SIZE.min(screen - BESIDE).max(LEAST))
}

/// What a taskbar says: how many messages were not seen, whose conversation it is, and whose window. It is one line, and a
/// stranger's name does not change its order.
fn title(conversation: &Conversation) -> String {
    let name = phones::title(&conversation.interaction().contact);
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name = if name.is_ascii() { name } else { isolated(&name) };
    match conversation.unread() {
        0 => format!("{name} – Waxwing"),
        unread => format!("({unread}) {name} – Waxwing"),
    }
}

fn content(
    ui: &mut Ui,
    class: ViewportClass,
    (view, conversation): (View<'_>, &Conversation),
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let id = conversation.interaction().id;
    shortcuts::collect_of_conversation(ui.ctx(), (view, id), state, actions);
    CentralPanel::default()
        .frame(Frame::new().fill(view.theme.bg))
        .show(ui, |ui| interaction::conversation(ui, view, conversation, state, actions));
    if class == ViewportClass::EmbeddedWindow {
        return;
    }
    if let Some(window) = state.own_windows.held.get_mut(&id) {
        window.placement = placement(ui.ctx(), window.placement);
    }
    if ui.input(|input| input.viewport().close_requested()) {
        state.own_windows.bring_back(id);
    }
}

/// Where this window is now; `before` as long as it is maximized or minimized.
pub(super) fn placement(ctx: &Context, before: Option<Placement>) -> Option<Placement> {
    let zoom = ctx.zoom_factor();
    ctx.input(|input| {
        let info = input.viewport();
        let maximized = info.maximized.unwrap_or(false) || info.fullscreen.unwrap_or(false);
        if maximized {
            return before.map(|before| Placement { maximized, ..before });
        }
        if info.minimized.unwrap_or(false) {
            return before;
        }
        let whole = |length: f32| (length * zoom).round();
        let corner = info.outer_rect.map(|rect| rect.min);
        let size = input.viewport_rect().size();
        Some(Placement {
            position: corner.map(|corner| [whole(corner.x), whole(corner.y)]),
            size: [whole(size.x), whole(size.y)],
            maximized,
        })
    })
}

/// In the main window, where the conversation would be.
pub(super) fn note(ui: &mut Ui, view: View<'_>, conversation: &Conversation, state: &mut ViewState) {
    let id = conversation.interaction().id;
    let came = state.focus_composer.take_if(|focused| *focused == id).is_some();
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.36).max(20.0));
        ui.label(icon::text(icon::WINDOW, 40.0).color(view.theme.faint));
        ui.add_space(8.0);
        let name = phones::title(&conversation.interaction().contact);
        ui.label(RichText::new(name).family(theme::semibold()).size(15.0));
        ui.label(RichText::new("It is in a window of its own").color(view.theme.muted));
        ui.add_space(12.0);
        let show = button::plain(ui, "Show it");
        if came {
            // Whoever came here by a key goes on with Enter.
            show.request_focus();
        }
        if show.clicked() {
            go_to(ui.ctx(), id);
        }
        ui.add_space(4.0);
        if button::plain(ui, "Bring it back").clicked() {
            state.own_windows.bring_back(id);
        }
    });
}

/// Puts the window of a conversation in front.
fn go_to(ctx: &Context, id: InteractionId) {
    let viewport = viewport_of(id);
    if ctx.embed_viewports() {
        ctx.move_to_top(LayerId::new(Order::Middle, Id::unique(viewport)));
    } else {
        put_in_front(ctx, viewport);
    }
}

fn put_in_front(ctx: &Context, viewport: ViewportId) {
    ctx.send_viewport_cmd_to(viewport, ViewportCommand::Minimized(false));
    ctx.send_viewport_cmd_to(viewport, ViewportCommand::Focus);
}
