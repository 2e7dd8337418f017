//! Keys that work anywhere in the window.

use egui::{Context, Event, InputState, Key, KeyboardShortcut, Modifiers};

use waxwing_protocol::{agent::AgentStatus, id::InteractionId};

use super::{
    Action, View, ViewState, directory, history, interaction::recorder, side_panel::Tab, workbins,
    workplace::Workplace, wrap_up,
};
use crate::desk::{input::Command, link::Account};

/// To the contact who has waited longest.
pub(super) const LONGEST_WAITING: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::J);
/// To the interaction below in the bar.
pub(super) const NEXT: KeyboardShortcut = KeyboardShortcut::new(Modifiers::ALT, Key::ArrowDown);
/// To the interaction above in the bar.
pub(super) const PREVIOUS: KeyboardShortcut = KeyboardShortcut::new(Modifiers::ALT, Key::ArrowUp);

/// To each workplace, in their order.
pub(super) const WORKPLACES: [KeyboardShortcut; 4] = [
    KeyboardShortcut::new(Modifiers::COMMAND, Key::Num1),
    KeyboardShortcut::new(Modifiers::COMMAND, Key::Num2),
    KeyboardShortcut::new(Modifiers::COMMAND, Key::Num3),
    KeyboardShortcut::new(Modifiers::COMMAND, Key::Num4),
];

/// Look for words in the conversation.
pub(super) const FIND: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::F);

/// Choose files to attach.
pub(super) const ATTACH: KeyboardShortcut =
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::A);

/// Record a voice message, or finish it.
pub(super) const RECORD: KeyboardShortcut =
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::M);

/// Pick an emoji.
pub(super) const EMOJI: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Period);

/// Prepared replies.
pub(super) const RESPONSES: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::L);

/// Structured messages.
pub(super) const NOTIFICATION: KeyboardShortcut =
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::N);

/// Take the conversation out into a window of its own, or bring it back.
pub(super) const OWN_WINDOW: KeyboardShortcut =
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::O);

/// From Ready to Not Ready, and from anything else to Ready.
pub(super) const READY: KeyboardShortcut =
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::R);

/// Close the interaction for good.
pub(super) const DONE: KeyboardShortcut = shifted(Key::D);

/// Put the interaction aside.
pub(super) const MOVE: KeyboardShortcut = shifted(Key::W);

/// End the session.
pub(super) const END: KeyboardShortcut = shifted(Key::S);

/// Who the contact is, and the facts of the case.
pub(super) const CONTACT: KeyboardShortcut = shifted(Key::I);

/// What was noted, and what came of it.
pub(super) const NOTE: KeyboardShortcut = shifted(Key::T);

/// Take what is offered.
pub(super) const ACCEPT: KeyboardShortcut = shifted(Key::Y);

/// Let what is offered go on to somebody else.
pub(super) const REJECT: KeyboardShortcut = shifted(Key::J);

/// *Done* was not meant.
pub(super) const UNDO: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Z);

const fn shifted(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

/// Takes a key with exactly these modifiers out of the input (egui's own way lets further ones pass); says whether it
/// was pressed.
pub(super) fn take_key(input: &mut InputState, with: Modifiers, wanted: Key) -> bool {
    let before = input.events.len();
    input.events.retain(|event| {
        !matches!(event, Event::Key { key, pressed: true, modifiers, .. }
            if *key == wanted && modifiers.matches_exact(with))
    });
    input.events.len() < before
}

/// The first key that is meant for a list above the composer, taken out of the input.
pub(super) fn take_list_key(input: &mut InputState) -> Option<Key> {
    let keys = [Key::ArrowDown, Key::ArrowUp, Key::Escape, Key::Tab, Key::Enter];
    keys.into_iter().find(|key| take_key(input, Modifiers::NONE, *key))
}

/// What [`READY`] makes of a status.
pub(super) const fn toggled(status: &AgentStatus) -> AgentStatus {
    if status.is_ready() { AgentStatus::NotReady { reason: None } } else { AgentStatus::Ready }
}

/// Those that are about one conversation, in whichever window it is.
pub(super) fn collect_of_conversation(
    ctx: &Context,
    (view, interaction): (View<'_>, InteractionId),
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    wrap_up::keys_of_conversation(ctx, (view, interaction), state, actions);
    let pressed = |shortcut: &KeyboardShortcut| ctx.input_mut(|input| input.consume_shortcut(shortcut));
    if pressed(&FIND) {
        state.finds.open(interaction);
    }
    if pressed(&ATTACH) {
        actions.push(Action::PickFiles(interaction));
    }
    if pressed(&RECORD) {
        actions.extend(recorder::toggled(view, interaction));
    }
    if pressed(&EMOJI) {
        state.emoji.toggle(interaction);
    }
    if pressed(&RESPONSES) {
        state.side_panel.toggle(Tab::Responses, interaction);
    }
    if pressed(&NOTIFICATION) {
        state.side_panel.toggle(Tab::Notification, interaction);
    }
    if pressed(&OWN_WINDOW) {
        state.toggle_own_window(interaction, actions);
    }
}

pub(super) fn collect(ctx: &Context, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let pressed = |shortcut: &KeyboardShortcut| ctx.input_mut(|input| input.consume_shortcut(shortcut));
    wrap_up::keys(ctx, view, state, actions);
    if pressed(&READY)
        && let Account::SignedIn { status, .. } = view.desk.account()
    {
        actions.push(Action::Command(Command::SetStatus(toggled(&status.status))));
    }
    for workplace in Workplace::ALL {
        if pressed(&workplace.keys()) && state.workplace != workplace {
            state.workplace = workplace;
            // What had the keys may be here, too, and then the list that has come would not get them.
            ctx.memory_mut(|memory| memory.focused().into_iter().for_each(|id| memory.surrender_focus(id)));
        }
    }
    if state.workplace != Workplace::Active {
        // What is read can be searched, and else the list; everything else is for whoever answers.
        let list = match state.workplace {
            Workplace::History if !state.history.is_reading() => Some(history::words_id()),
            Workplace::Workbins if !state.workbins.is_reading() => Some(workbins::filter_id()),
            Workplace::Contacts => Some(directory::words_id()),
            Workplace::Active | Workplace::History | Workplace::Workbins => None,
        };
        if pressed(&FIND) {
            match (list, view.desk.review()) {
                (Some(list), _) => ctx.memory_mut(|memory| memory.request_focus(list)),
                (None, Some(read)) => state.finds.open(read.interaction().id),
                (None, None) => {}
            }
        }
    } else if let Some(active) = view.desk.active() {
        collect_of_conversation(ctx, (view, active.interaction().id), state, actions);
    }
    let (longest, next, previous) = (pressed(&LONGEST_WAITING), pressed(&NEXT), pressed(&PREVIOUS));
    if !(longest || next || previous) {
        return;
    }
    let bar = view.desk.bar();
    let order: Vec<_> = bar.all().map(|held| held.interaction().id).collect();
    let here =
        view.desk.active().and_then(|active| order.iter().position(|id| *id == active.interaction().id));
    let target = match here {
        _ if longest => order.first().filter(|_| !bar.waiting_for_you.is_empty()),
        Some(at) if next => order.get(at + 1),
        Some(at) => at.checked_sub(1).and_then(|above| order.get(above)),
        None => order.first(),
    };
    if let Some(target) = target {
        state.workplace = Workplace::Active;
        state.focus_composer = Some(*target);
        actions.push(Action::Command(Command::Activate(Some(*target))));
    }
}
