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
    /// Whether the agent was said to look at the main window, and what is active was to be seen there.
    looks: bool,
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
        Self { main: Told { focused: true, asking: false }, looks: true, own: BTreeMap::new() }
    }
}

impl Attention {
    /// Tells the window system who waits in which window, again if there is `news`; gives what the desk has to know. What is
    /// active is to be seen in the main window while that is at work with open interactions.
    pub(super) fn turn(
        &mut self,
        ctx: &Context,
        desk: &Desk,
        (own, shows_active): (impl Iterator<Item = InteractionId>, bool),
        news: bool,
    ) -> Vec<Command> {
        let mut commands = Vec::new();
        let focused = is_focused(ctx, ViewportId::ROOT);
        let looks = focused && shows_active;
        if std::mem::replace(&mut self.looks, looks) != looks {
            commands.push(Command::Focus(looks));
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

#[cfg(test)]
mod tests {
    use egui::{RawInput, ViewportInfo};

    use super::*;
    use crate::desk::{
        chime::Settings,
        input::{Input, Outcome},
        restore::Restored,
        tests::{at, held, int, pending, snapshot},
    };

    /// A desk with two who wait, the second in a window of its own, on a system of several windows.
    struct Bench {
        ctx: Context,
        desk: Desk,
        attention: Attention,
        shows_active: bool,
    }

    impl Bench {
        fn new() -> Self {
            let mut desk = Desk::new(Settings::default(), |at| at.date_naive());
            let restored = Restored { has_token: true, ..Restored::default() };
            desk.step(Input::Restored(Box::new(restored)), at(100));
            let page = snapshot(vec![held(pending(1, 50), vec![]), held(pending(2, 60), vec![])], 10);
            desk.step(Input::Outcome(Outcome::Polled(Ok(page))), at(100));
            let ctx = Context::default();
            ctx.set_embed_viewports(false);
            Self { ctx, desk, shows_active: true, attention: Attention::default() }
        }

        /// A frame while this window has the focus; what each of the two windows asks for in it.
        fn frame(&mut self, focused: Option<ViewportId>, news: bool) -> [Option<UserAttentionType>; 2] {
            let windows = [ViewportId::ROOT, viewport_of(int(2))];
            let info = |id| ViewportInfo { focused: Some(Some(id) == focused), ..ViewportInfo::default() };
            let viewports = windows.iter().map(|id| (*id, info(*id))).collect();
            let input = RawInput { viewports, ..RawInput::default() };
            let output = self.ctx.run_logic(&input, |ctx| {
                let own = std::iter::once(int(2));
                for command in self.attention.turn(ctx, &self.desk, (own, self.shows_active), news) {
                    self.desk.step(Input::Command(command), at(100));
                }
            });
            windows.map(|id| {
                let commands = output.viewport_commands.get(&id).into_iter().flatten();
                let mut asked = commands.filter_map(|command| match command {
                    ViewportCommand::RequestUserAttention(kind) => Some(*kind),
                    _ => None,
                });
                asked.next_back()
            })
        }

        /// The same, once the desk has been told.
        fn settled(&mut self, focused: Option<ViewportId>) -> [Option<UserAttentionType>; 2] {
            self.frame(focused, false);
            self.frame(focused, false)
        }
    }

    #[test]
    fn each_window_asks_once_and_stops_when_the_agent_is_there() {
        use UserAttentionType::{Critical, Reset};
        let mut bench = Bench::new();
        let own = viewport_of(int(2));
        assert_eq!(
            bench.frame(None, false),
            [Some(Critical), None],
            "the desk does not know of the window yet"
        );
        assert_eq!(bench.frame(None, false), [None, Some(Critical)]);
        assert_eq!(bench.frame(None, false), [None, None], "once is enough");
        assert_eq!(bench.frame(None, true), [Some(Critical), Some(Critical)], "but news are told");

        assert_eq!(bench.settled(Some(own)), [None, Some(Reset)], "to go to the window is to go there");
        assert_eq!(bench.settled(Some(ViewportId::ROOT)), [None, Some(Critical)]);
        bench.desk.step(Input::Command(Command::Activate(Some(int(1)))), at(100));
        assert_eq!(bench.frame(Some(ViewportId::ROOT), false), [Some(Reset), None]);
    }

    #[test]
    fn at_another_workplace_nobody_looks_at_the_active_conversation() {
        use UserAttentionType::{Critical, Reset};
        let mut bench = Bench::new();
        bench.desk.step(Input::Command(Command::Activate(Some(int(1)))), at(100));
        bench.settled(Some(ViewportId::ROOT));
        bench.shows_active = false;
        assert_eq!(bench.settled(Some(ViewportId::ROOT))[0], Some(Critical));
        bench.shows_active = true;
        assert_eq!(bench.settled(Some(ViewportId::ROOT))[0], Some(Reset));
    }

    #[test]
    fn within_the_main_window_that_one_asks_for_all() {
        let mut bench = Bench::new();
        bench.ctx.set_embed_viewports(true);
        bench.desk.step(Input::Command(Command::Activate(Some(int(1)))), at(100));
        bench.settled(Some(ViewportId::ROOT));
        assert!(!bench.desk.wants_attention());
        assert!(bench.attention.main.asking);
    }
}
