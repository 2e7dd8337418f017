//! Which window has the focus, for the desk; and whom each window asks the taskbar's attention for.

use std::collections::BTreeMap;

use egui::{Context, UserAttentionType, ViewportCommand, ViewportId};
use waxwing_protocol::id::InteractionId;

use crate::{
    desk::{Desk, input::Command},
    ui::viewport_of,
};

/// What the desk and the window system were last told.
#[derive(Debug)]
pub(super) struct Attention {
    main: Told,
    own: BTreeMap<InteractionId, Told>,
}

/// What was last told of one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    focused: bool,
    asking: bool,
}

impl Default for Attention {
    fn default() -> Self {
        Self { main: Told { focused: true, asking: false }, own: BTreeMap::new() }
    }
}

impl Attention {
    /// Tells the window system who waits in which window, again if there is `news`; gives what the desk has to know.
    pub(super) fn turn(
        &mut self,
        ctx: &Context,
        desk: &Desk,
        own: impl Iterator<Item = InteractionId>,
        news: bool,
    ) -> Vec<Command> {
        let mut commands = Vec::new();
        let focused = is_focused(ctx, ViewportId::ROOT);
        if focused != self.main.focused {
            commands.push(Command::Focus(focused));
        }
        let own: BTreeMap<_, _> = own.map(|id| (id, is_focused(ctx, viewport_of(id)))).collect();
        let told: BTreeMap<_, _> = self.own.iter().map(|(id, told)| (*id, told.focused)).collect();
        if own != told {
            commands.push(Command::OwnWindows(own.clone()));
        }
        // Within the main window there is only that one to ask.
        let embedded = ctx.embed_viewports() && own.keys().any(|id| desk.wants_attention_of(*id));
        self.main = self.main.ask(ctx, ViewportId::ROOT, (focused, desk.wants_attention() || embedded), news);
        let before = std::mem::take(&mut self.own);
        for (id, focused) in own {
            let told = before.get(&id).copied().unwrap_or(Told { focused, asking: false });
            let wanted = desk.wants_attention_of(id);
            self.own.insert(id, told.ask(ctx, viewport_of(id), (focused, wanted), news));
        }
        commands
    }
}

impl Told {
    /// Asks for attention or gives that up, if it changes anything. Turning to a window or away from it ends what the
    /// window manager shows, so it is asked again then.
    fn ask(self, ctx: &Context, window: ViewportId, (focused, wanted): (bool, bool), news: bool) -> Self {
        let kind = match (wanted, self.asking) {
            (true, asking) if !asking || news || focused != self.focused => Some(UserAttentionType::Critical),
            (false, true) => Some(UserAttentionType::Reset),
            _ => None,
        };
        if let Some(kind) = kind {
            ctx.send_viewport_cmd_to(window, ViewportCommand::RequestUserAttention(kind));
        }
        Self { focused, asking: wanted }
    }
}

/// Whether a window has the focus. One that nothing is known of is new, or lies within the main window: it has what that has.
fn is_focused(ctx: &Context, window: ViewportId) -> bool {
    let known = |input: &egui::InputState, id| input.raw.viewports.get(&id).and_then(|info| info.focused);
    ctx.input(|input| known(input, window).or_else(|| known(input, ViewportId::ROOT)).unwrap_or(true))
}
