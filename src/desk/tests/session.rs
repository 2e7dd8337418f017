//! Signing in, losing the session, logging off, coming back after a restart.

use super::{
    super::{
        input::Password,
        link::{Account, Link},
        notices::Gravity,
    },
    memory::Memory,
    *,
};
use waxwing_protocol::api::{PROTOCOL, SignedIn};

fn signed_in(agent: Agent) -> Outcome {
    let now = at(100);
    let token = "secret".to_owned();
    Outcome::SignedIn(Ok(Box::new(SignedIn {
        token,
        expires_at: now,
        agent,
        status: status(),
        now,
        protocol: PROTOCOL,
    })))
}

fn sign_in() -> Command {
    Command::SignIn { user_name: "nadia".to_owned(), password: Password("pass".to_owned()) }
}

fn lost() -> Result<EventPage, CallError> {
    Err(refused(ProblemCode::SignedOut))
}

#[test]
fn signing_in_begins_with_a_snapshot() {
    let mut bench = Bench::quiet();
    bench.desk = Desk::new(bench.desk.settings(), |at| at.date_naive());
    assert!(matches!(calls(&bench.command(sign_in()))[..], [Call::SignIn { .. }]));
    assert!(bench.command(sign_in()).is_empty(), "one is under way");
    let effects = bench.outcome(signed_in(agent()));
    assert_eq!(polls(&effects), [(None, false)]);
    assert!(matches!(bench.desk.account(), Account::SignedIn { .. }));
    assert!(!format!("{effects:?}").contains("secret"));
}

#[test]
fn a_refused_sign_in_says_why() {
    let mut bench = Bench::quiet();
    bench.desk = Desk::new(bench.desk.settings(), |at| at.date_naive());
    bench.command(sign_in());
    bench.outcome(Outcome::SignedIn(Err(refused(ProblemCode::WrongCredentials))));
    assert_eq!(*bench.desk.account(), Account::SignedOut { why: Some("no".to_owned()) });
}

#[test]
fn a_lost_session_keeps_what_was_written() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    bench.send(int(1), 2);
    bench.draft(int(2), "half");
    let effects = bench.polled(lost());
    assert!(effects.is_empty(), "nothing is wiped, nothing called");
    assert!(matches!(bench.desk.account(), Account::SignedOut { why: Some(_) }));
    assert_eq!(bench.desk.next_deadline(), None);
    assert!(bench.wait(60).is_empty());

    bench.command(sign_in());
    let effects = bench.outcome(signed_in(agent()));
    assert_eq!(sends(&effects), [client_ref(1)], "under the same name");
    assert_eq!(polls(&effects), [(Some(cursor(10)), false)]);
    assert_eq!(bench.drafted(int(2)), "half");
}

#[test]
fn another_agent_finds_nothing_of_the_one_before() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    bench.polled(lost());
    bench.command(sign_in());
    let other = Agent { id: AgentId::from_uuid(uuid(4, 1)), ..agent() };
    let effects = bench.outcome(signed_in(other));
    let wiped = effects.iter().position(|effect| *effect == Effect::Journal(Entry::Wipe)).unwrap();
    let began =
        effects.iter().position(|effect| matches!(effect, Effect::Journal(Entry::Account(_)))).unwrap();
    assert!(wiped < began);
    assert!(sends(&effects).is_empty());
    assert_eq!((bench.desk.unsent(), polls(&effects)), (0, vec![(None, false)]));
    assert_eq!(bench.desk.notices().len(), 1, "that something was lost is told");
}

#[test]
fn logging_off_leaves_nothing_of_the_contacts() {
    let mut bench = Bench::quiet();
    let effects = bench.command(Command::SignOut);
    assert_eq!(effects, [Effect::Journal(Entry::ForgetContacts), Effect::Call(Call::SignOut)]);
    assert!(bench.desk.bar().waiting_for_the_contact.is_empty());
    assert!(bench.events(vec![added(said(1, int(1), 101))]).is_empty(), "a late page says nothing");
    bench.outcome(Outcome::SignedOut);
    assert_eq!(*bench.desk.account(), Account::SignedOut { why: None });
}

#[test]
fn what_was_written_waits_for_the_next_sign_in() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    bench.draft(int(2), "half");
    let effects = bench.command(Command::SignOut);
    assert!(sends(&effects).is_empty());
    bench.outcome(Outcome::SignedOut);
    assert_eq!(bench.desk.unsent(), 1);
    assert!(bench.wait(60).is_empty(), "nothing leaves while nobody is signed in");

    bench.command(sign_in());
    let effects = bench.outcome(signed_in(agent()));
    assert_eq!(sends(&effects), [client_ref(1)], "under the same name");
    let held = |n| InteractionSnapshot {
        interaction: interaction(n),
        transcript: vec![],
        older: false,
        draft: None,
    };
    bench.polled(Ok(snapshot(vec![held(1), held(2)], 20)));
    assert_eq!(bench.drafted(int(2)), "half");
}

#[test]
fn after_a_restart_everything_is_where_it_was_and_goes_out_again() {
    let mut memory = Memory::default();
    let mut bench = Bench::with(vec![]);
    memory.keep(&bench.polled(Ok(snapshot(vec![held(pending(1, 90), vec![said(1, int(1), 90)])], 20))));
    memory.keep(&bench.command(Command::Activate(Some(int(1)))));
    memory.keep(&bench.send(int(1), 1));
    memory.keep(&bench.send(int(1), 2));
    memory.keep(&bench.draft(int(1), "half"));

    let mut again =
        Bench { desk: Desk::new(bench.desk.settings(), |at| at.date_naive()), now: at(500), number: 20 };
    let effects = again.step(Input::Restored(Box::new(memory.restored())));
    assert_eq!(sends(&effects), [client_ref(1)]);
    assert_eq!(polls(&effects), [(Some(cursor(20)), false)]);
    assert_eq!(*again.desk.link(), Link::Connecting);
    let active = again.desk.active().unwrap();
    assert_eq!(active.draft().text, "half");
    assert_eq!(active.rows().len(), bench.desk.active().unwrap().rows().len());
    assert_eq!(again.desk.last_chime(), None, "what was there rings no more");
}

#[test]
fn notices_of_the_service_and_the_window_are_told_once() {
    let mut bench = Bench::quiet();
    for _ in 0..2 {
        bench.outcome(Outcome::TokenNotKept { why: "the keyring is locked".to_owned() });
        bench.outcome(Outcome::JournalTrouble { why: "The disk is full.".to_owned() });
        bench.command(Command::Notify { gravity: Gravity::Info, text: "It was saved.".to_owned() });
    }
    assert_eq!(bench.desk.notices().len(), 3);
    let number = bench.desk.notices()[0].number;
    bench.command(Command::DismissNotice(number));
    assert_eq!(bench.desk.notices().len(), 2);
}

#[test]
fn a_newer_status_stays() {
    let mut bench = Bench::quiet();
    let newer = StatusSince { status: AgentStatus::DoNotDisturb, since: at(200) };
    bench.events(vec![Event::StatusChanged { status: newer.clone() }]);
    bench.outcome(Outcome::StatusSet(Ok(StatusSince { status: AgentStatus::Ready, since: at(150) })));
    assert!(matches!(bench.desk.account(), Account::SignedIn { status, .. } if *status == newer));
}

#[test]
fn a_call_without_an_answer_casts_doubt_on_the_connection_until_a_poll_is_answered() {
    let mut bench = Bench::quiet();
    assert_eq!(*bench.desk.link(), Link::Online);
    bench.send(int(1), 1);
    let lost = Err(CallError::Unreachable("no answer".to_owned()));
    bench.outcome(Outcome::Sent { interaction: int(1), client_ref: client_ref(1), result: lost });
    assert!(matches!(bench.desk.link(), Link::Retrying { .. }));
    bench.events(vec![]);
    assert_eq!(*bench.desk.link(), Link::Online);
}
