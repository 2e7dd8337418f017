//! What a test does to a window: scrolls, drags, picks from menus, and lets the gateway tell and answer.

use egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, Rect, TouchPhase, vec2,
};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    desk::{
        effect::{Call, Effect, Load},
        input::{CallError, Command, Input, Outcome},
    },
    ui::Action,
};
use waxwing_protocol::{
    api::TranscriptPage,
    event::{Cursor, Event as Told, EventPage, FeedEvent},
    message::Message,
};

use crate::fixture::{Window, desk, interaction, now, window, with_active, wrote};

/// A place in the middle of the transcript of a wide window.
pub(crate) const MIDDLE: Pos2 = Pos2::new(860.0, 400.0);

/// A window on a conversation with Ada in which this was said.
pub(crate) fn open<'a>(said: Vec<Message>) -> Harness<'a, Window> {
    window(with_active(desk(vec![interaction(1, "Ada", None, said)], Vec::new()), 1), 1440.0)
}

/// So many messages of Ada's, each in words of its own: `message 0` is the oldest.
pub(crate) fn many(count: i64) -> Vec<Message> {
    (0..count).map(|n| wrote(1, 60 * (count - n), &format!("message {n}"))).collect()
}

/// The place of something with this label.
#[track_caller]
pub(crate) fn place(harness: &Harness<'_, Window>, label: &str) -> Rect {
    harness.get_by_label(label).rect()
}

/// The messages of [`many`] that are laid out, by their numbers.
pub(crate) fn laid_out(harness: &Harness<'_, Window>) -> Vec<i64> {
    let texts = harness.query_all_by_label_contains("message ").filter_map(|node| node.value());
    texts.filter_map(|text| text.strip_prefix("message ")?.parse().ok()).collect()
}

/// Turns the wheel over the transcript: up for more than nothing.
pub(crate) fn wheel(harness: &mut Harness<'_, Window>, points: f32) {
    harness.hover_at(MIDDLE);
    harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, points),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(8);
}

/// Clicks so many times in a row, in no time.
pub(crate) fn clicks(harness: &mut Harness<'_, Window>, at: Pos2, times: usize) {
    harness.hover_at(at);
    harness.run_steps(1);
    let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
    let click = [true, false].map(|pressed| Event::PointerButton { pos: at, button, pressed, modifiers });
    for _ in 0..times {
        harness.input_mut().events.extend(click.clone());
    }
    harness.run_steps(2);
}

/// Presses a key.
pub(crate) fn key(harness: &mut Harness<'_, Window>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(2);
}

/// Types into whatever has the focus.
pub(crate) fn type_in(harness: &mut Harness<'_, Window>, text: &str) {
    harness.event(Event::Text(text.to_owned()));
    harness.run_steps(2);
}

/// Clicks what has this label.
#[track_caller]
pub(crate) fn click(harness: &mut Harness<'_, Window>, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(3);
}

/// Opens the context menu of what has this label, and picks from it.
#[track_caller]
pub(crate) fn pick(harness: &mut Harness<'_, Window>, label: &str, choice: &str) {
    harness.get_by_label(label).click_secondary();
    harness.run_steps(3);
    click(harness, choice);
}

/// Drags from one place to another.
pub(crate) fn drag(harness: &mut Harness<'_, Window>, from: Pos2, to: Pos2) {
    harness.hover_at(from);
    harness.drag_at(from);
    harness.hover_at(from.lerp(to, 0.5));
    harness.hover_at(to);
    harness.run_steps(1);
    harness.drop_at(to);
    harness.run_steps(2);
}

/// Copies, and says what came on the clipboard.
pub(crate) fn copy(harness: &mut Harness<'_, Window>, modifiers: Modifiers) -> String {
    harness.state_mut().copied.clear();
    harness.event_modifiers(Event::Copy, modifiers);
    harness.run_steps(1);
    harness.state().copied.last().cloned().unwrap_or_default()
}

/// What the agent has asked for since this was asked last.
pub(crate) fn asked(harness: &mut Harness<'_, Window>) -> Vec<Action> {
    std::mem::take(&mut harness.state_mut().actions)
}

/// The desk does what the agent asks.
pub(crate) fn command(harness: &mut Harness<'_, Window>, command: Command) -> Vec<Effect> {
    let now = harness.state().now;
    let effects = harness.state_mut().desk.step(Input::Command(command), now);
    harness.run_steps(3);
    effects
}

/// A call ends.
pub(crate) fn outcome(harness: &mut Harness<'_, Window>, outcome: Outcome) -> Vec<Effect> {
    let now = harness.state().now;
    let effects = harness.state_mut().desk.step(Input::Outcome(outcome), now);
    harness.run_steps(3);
    effects
}

/// The gateway tells something.
pub(crate) fn tell(harness: &mut Harness<'_, Window>, event: Told) {
    let number = harness.state().told + 1;
    harness.state_mut().told = number;
    let next = Cursor { epoch: 1, number };
    let events = vec![FeedEvent { cursor: next, event }];
    let page = EventPage::Events { events, next, more: false, workbins: 0, now: now() };
    outcome(harness, Outcome::Polled(Ok(page)));
}

/// Ada, or whoever it is, says something, or we do elsewhere.
pub(crate) fn arrives(harness: &mut Harness<'_, Window>, message: Message) {
    tell(harness, Told::MessageAdded { message: Box::new(message) });
}

/// The load among these effects.
#[track_caller]
pub(crate) fn load(effects: &[Effect]) -> Load {
    let load = |effect: &Effect| match effect {
        Effect::Load(load) => Some(load.clone()),
        _ => None,
    };
    effects.iter().find_map(load).expect("something is loaded")
}

/// The calls among these effects.
pub(crate) fn calls(effects: &[Effect]) -> Vec<Call> {
    let call = |effect: &Effect| match effect {
        Effect::Call(call) => Some(call.clone()),
        _ => None,
    };
    effects.iter().filter_map(call).collect()
}

/// The gateway answers a load.
pub(crate) fn loaded(
    harness: &mut Harness<'_, Window>,
    load: Load,
    result: Result<TranscriptPage, CallError>,
) {
    outcome(harness, Outcome::Loaded { load, kept: false, result });
}

/// A part of a transcript with nothing to be told of its sessions.
pub(crate) fn page(messages: Vec<Message>, older: bool) -> TranscriptPage {
    TranscriptPage { messages, sessions: Vec::new(), older, newer: false }
}
