//! Conversations in windows of their own: who is looked at, who is counted, which window asks for attention.

use super::{
    super::chime::{Chime, ChimeSeq},
    *,
};

/// A desk with two who wait, the first one active, and these windows.
fn waiting(windows: &[(u32, bool)]) -> Bench {
    let mut bench = Bench::with(vec![held(pending(1, 50), vec![]), held(pending(2, 60), vec![])]);
    bench.command(Command::Activate(Some(int(1))));
    arrange(&mut bench, windows);
    bench
}

fn arrange(bench: &mut Bench, windows: &[(u32, bool)]) -> Vec<Effect> {
    let windows = windows.iter().map(|(number, focused)| (int(*number), *focused)).collect();
    bench.command(Command::OwnWindows(windows))
}

/// What the main window asks for, and the windows of the two.
fn asks(bench: &Bench) -> (bool, [bool; 2]) {
    let desk = &bench.desk;
    (desk.wants_attention(), [desk.wants_attention_of(int(1)), desk.wants_attention_of(int(2))])
}

#[test]
fn each_window_asks_for_those_it_shows() {
    let mut bench = waiting(&[]);
    assert_eq!(asks(&bench), (true, [false, false]), "the second one waits, in the main window");
    arrange(&mut bench, &[(2, false)]);
    assert_eq!(asks(&bench), (false, [false, true]));
    bench.command(Command::Focus(false));
    assert_eq!(asks(&bench), (true, [false, true]));
    arrange(&mut bench, &[(2, true)]);
    assert_eq!(asks(&bench), (true, [false, false]), "its window has the focus: the agent is there");
    arrange(&mut bench, &[]);
    bench.command(Command::Focus(true));
    assert_eq!(asks(&bench), (true, [false, false]), "brought back, it is not the active one");
}

#[test]
fn the_main_window_does_not_look_at_what_is_taken_out_of_it() {
    let mut bench = waiting(&[(1, false), (2, false)]);
    assert_eq!(asks(&bench), (false, [true, true]), "active, but in a window without the focus");
    bench.command(Command::Activate(Some(int(2))));
    assert_eq!(asks(&bench), (false, [true, true]), "its card leads to a note, not to the conversation");
}

#[test]
fn nobody_is_asked_for_once_the_agent_is_signed_out() {
    let mut bench = waiting(&[(2, false)]);
    bench.command(Command::SignOut);
    bench.outcome(Outcome::SignedOut);
    assert_eq!(asks(&bench), (false, [false, false]));
}

#[test]
fn what_comes_into_a_window_with_the_focus_is_seen_and_not_heard() {
    let mut bench = Bench::quiet();
    bench.command(Command::Focus(false));
    arrange(&mut bench, &[(2, true)]);
    bench.events(vec![added(said(1, int(2), 101))]);
    assert_eq!(bench.desk.conversation(int(2)).unwrap().unread(), 0);
    assert_eq!(bench.desk.last_chime(), None);

    arrange(&mut bench, &[(2, false)]);
    bench.events(vec![added(said(2, int(2), 102))]);
    assert_eq!(bench.desk.conversation(int(2)).unwrap().unread(), 1);
    assert_eq!(bench.desk.last_chime(), Some(ChimeSeq { number: 1, chime: Chime::NewMessage }));

    let effects = arrange(&mut bench, &[(2, true)]);
    assert_eq!(bench.desk.conversation(int(2)).unwrap().unread(), 0);
    assert!(entries(&effects).contains(&&Entry::Unread(int(2), 0)));
}

#[test]
fn the_line_above_what_was_new_stays_until_the_window_goes() {
    let mut bench = Bench::quiet();
    arrange(&mut bench, &[(2, false)]);
    bench.events(vec![added(said(1, int(2), 101))]);
    let with_line = bench.keys(int(2));
    arrange(&mut bench, &[(2, true)]);
    arrange(&mut bench, &[(2, false)]);
    assert_eq!(bench.keys(int(2)), with_line, "turning to another program is not leaving");
    arrange(&mut bench, &[]);
    assert_eq!(bench.keys(int(2)).len(), with_line.len() - 1);
}

#[test]
fn windows_outlive_a_session() {
    let mut bench = waiting(&[(2, false)]);
    bench.command(Command::SignOut);
    bench.outcome(Outcome::SignedOut);
    assert_eq!(bench.desk.own_windows.keys().copied().collect::<Vec<_>>(), [int(2)]);
}
