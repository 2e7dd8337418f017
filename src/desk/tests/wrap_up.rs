//! Ending, putting aside, taking up: nothing leaves before the gateway has said so, and nothing that was written is lost.

use waxwing_protocol::{
    event::Departure,
    history::{ChatBegun, NewChat},
    id::WorkbinId,
    interaction::{CaseDatum, Note},
    problem::Problem,
    workbin::MoveToWorkbin,
    wrap_up::{PutCaseData, Rules},
};

use super::{
    super::{
        chime::Chime,
        input::Password,
        wrap_up::{Deed, Keeping, Progress, Settle, WrapUp, WrapUpCall, WrapUpDone, note::NoteState},
    },
    memory::Memory,
    *,
};

impl Bench {
    fn wrap(&mut self, wanted: WrapUp) -> Vec<Effect> {
        self.command(Command::WrapUp(wanted))
    }

    fn wrapped(&mut self, done: WrapUpDone) -> Vec<Effect> {
        self.outcome(Outcome::WrapUp(done))
    }

    fn progress(&self, number: u32) -> Option<Progress> {
        self.desk.wrap_up().closing(int(number)).map(|closing| closing.progress)
    }

    fn done(&mut self, number: u32) {
        assert!(matches!(calls(&self.command(Command::MarkDone(int(number))))[..], [Call::MarkDone(_)]));
        self.outcome(Outcome::MarkedDone { interaction: int(number), result: Ok(()) });
    }
}

fn wrap_calls(effects: &[Effect]) -> Vec<WrapUpCall> {
    let call = |call: &&Call| match call {
        Call::WrapUp(call) => Some(call.clone()),
        _ => None,
    };
    calls(effects).iter().filter_map(call).collect()
}

fn moving() -> WrapUp {
    WrapUp::Take(int(1), Deed::Move(away()))
}

fn away() -> MoveToWorkbin {
    MoveToWorkbin { workbin: None, comment: Some("waits for the warehouse".to_owned()), remind_at: None }
}

fn bin() -> WorkbinId {
    WorkbinId::from_uuid(uuid(8, 0))
}

fn stored() -> Interaction {
    let phase = Phase::InWorkbin { workbin: bin() };
    Interaction { phase, owner: None, revision: 5, ..interaction(1) }
}

fn noted(text: &str, revision: u64, by: &str) -> Interaction {
    let note = Note { text: text.to_owned(), revision, by: by.to_owned(), at: at(0) };
    Interaction { note: Some(note), revision: revision + 10, ..interaction(1) }
}

fn removed(why: Departure) -> Event {
    Event::InteractionRemoved { interaction: int(1), why }
}

fn came(interaction: Interaction) -> Event {
    let interaction = Box::new(interaction);
    Event::InteractionAdded { interaction, transcript: vec![], older: false, draft: None }
}

#[test]
fn a_conversation_leaves_for_the_workbin_only_when_the_gateway_says_so_and_comes_back_with_its_draft() {
    let mut bench = Bench::quiet();
    bench.draft(int(1), "half a sentence");
    assert_eq!(wrap_calls(&bench.wrap(moving())), [WrapUpCall::Move(int(1), away())]);
    assert_eq!(bench.progress(1), Some(Progress::UnderWay));
    assert!(wrap_calls(&bench.wrap(moving())).is_empty(), "one is under way");
    assert_eq!(bench.desk.active().unwrap().interaction().id, int(1), "it is here until then");

    bench.wrapped(WrapUpDone::Taken(int(1), Ok(Box::new(stored()))));
    assert!(bench.desk.conversation(int(1)).is_none() && bench.desk.active().is_none());
    assert!(bench.desk.notices().is_empty(), "the agent wanted it");
    bench.events(vec![removed(Departure::ToWorkbin)]);
    bench.events(vec![came(Interaction { revision: 6, ..interaction(1) })]);
    assert_eq!(bench.drafted(int(1)), "half a sentence");
}

#[test]
fn an_answer_that_the_feed_has_overtaken_takes_nothing_away() {
    let mut bench = Bench::quiet();
    bench.wrap(moving());
    let back = Interaction { revision: 7, ..interaction(1) };
    bench.events(vec![removed(Departure::ToWorkbin), came(back)]);
    bench.wrapped(WrapUpDone::Taken(int(1), Ok(Box::new(stored()))));
    assert!(bench.desk.conversation(int(1)).is_some(), "the contact has written again");
}

#[test]
fn a_step_waits_for_messages_and_note_and_can_be_given_up() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    bench.wrap(WrapUp::Note { interaction: int(1), text: "wants a refund".to_owned() });
    assert!(wrap_calls(&bench.wrap(moving())).is_empty());
    assert_eq!(bench.progress(1), Some(Progress::Waiting));
    assert!(wrap_calls(&bench.sent(int(1), 1, Ok(answered(1, int(1), 101, 1)))).is_empty());
    let told = WrapUpDone::Note(int(1), Ok(Box::new(noted("wants a refund", 1, "Nadia"))));
    assert_eq!(wrap_calls(&bench.wrapped(told)), [WrapUpCall::Move(int(1), away())]);

    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    bench.wrap(moving());
    bench.wrap(WrapUp::Stay(int(1)));
    assert!(wrap_calls(&bench.sent(int(1), 1, Ok(answered(1, int(1), 101, 1)))).is_empty());
}

#[test]
fn a_message_that_was_refused_holds_a_step_up_and_the_agent_reads_why() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    bench.command(Command::MarkDone(int(1)));
    bench.sent(int(1), 1, Err(refused(ProblemCode::UnacceptableBody)));
    assert_eq!(bench.progress(1), None);
    assert!(bench.desk.notices()[0].text.contains("try again or remove it first"));
    assert!(bench.desk.conversation(int(1)).is_some());
}

#[test]
fn a_refused_step_is_told_and_one_without_an_answer_may_be_said_again() {
    let mut bench = Bench::quiet();
    bench.wrap(moving());
    let full = CallError::Refused(Problem::new(ProblemCode::Full, "Follow-ups is full."));
    bench.wrapped(WrapUpDone::Taken(int(1), Err(full)));
    assert!(bench.desk.notices()[0].text.contains("Follow-ups is full."));
    assert_eq!(bench.progress(1), None);

    bench.wrap(WrapUp::Take(int(1), Deed::End));
    bench.wrapped(WrapUpDone::Taken(int(1), Err(unreachable())));
    assert_eq!(bench.progress(1), Some(Progress::Unheard));
    assert_eq!(wrap_calls(&bench.wrap(WrapUp::Take(int(1), Deed::End))), [WrapUpCall::End(int(1))]);
    let ended = Interaction { phase: Phase::Ended, ended_at: Some(at(100)), revision: 5, ..interaction(1) };
    bench.wrapped(WrapUpDone::Taken(int(1), Ok(Box::new(ended))));
    assert_eq!(bench.desk.active().unwrap().interaction().phase, Phase::Ended, "it stays for after-work");
}

#[test]
fn done_can_be_taken_back_for_ten_seconds_with_draft_and_all() {
    let mut bench = Bench::quiet();
    bench.draft(int(1), "half");
    assert!(calls(&bench.command(Command::MarkDone(int(1)))).is_empty(), "what was written is not sent");
    bench.done(1);
    let (id, undo) = bench.desk.wrap_up().undos()[0];
    assert_eq!((id, undo.title.as_deref(), undo.until), (int(1), Some("Contact 1"), at(110)));
    assert_eq!(bench.desk.next_deadline(), Some(at(110)));
    assert_eq!(wrap_calls(&bench.wrap(WrapUp::Undo(int(1)))), [WrapUpCall::Undo(int(1))]);
    assert!(wrap_calls(&bench.wrap(WrapUp::Undo(int(1)))).is_empty());
    bench.wrapped(WrapUpDone::Undone(int(1), Ok(Box::new(interaction(1)))));
    assert!(bench.desk.active().is_none(), "the feed brings it");
    bench.events(vec![came(Interaction { revision: 8, ..interaction(1) })]);
    assert_eq!(bench.desk.active().unwrap().draft().text, "half");
    assert!(bench.desk.wrap_up().undos().is_empty());
}

#[test]
fn words_that_were_not_sent_are_told_of_before_the_conversation_is_closed() {
    let mut bench = Bench::quiet();
    bench.draft(int(1), "half");
    let done = Command::MarkDone(int(1));
    assert!(calls(&bench.command(done.clone())).is_empty());
    assert!(bench.desk.wrap_up().warns_of_unsent(int(1)) && !bench.desk.wrap_up().warns_of_unsent(int(2)));
    bench.draft(int(1), "half of it");
    assert!(!bench.desk.wrap_up().warns_of_unsent(int(1)));
    assert!(calls(&bench.command(done.clone())).is_empty(), "that is something else");
    assert!(matches!(calls(&bench.command(done))[..], [Call::MarkDone(_)]));
    bench.outcome(Outcome::MarkedDone { interaction: int(1), result: Ok(()) });
    assert!(!bench.desk.wrap_up().warns_of_unsent(int(1)));
    // Another conversation is closed at once.
    bench.done(2);
}

#[test]
fn after_ten_seconds_what_was_written_goes_also_where_the_desktop_was_killed() {
    let mut memory = Memory::default();
    let mut bench = Bench::quiet();
    memory.keep(&bench.draft(int(1), "half"));
    memory.keep(&bench.command(Command::MarkDone(int(1))));
    memory.keep(&bench.command(Command::MarkDone(int(1))));
    memory.keep(&bench.outcome(Outcome::MarkedDone { interaction: int(1), result: Ok(()) }));
    assert_eq!(memory.restored().drafts.len(), 1);
    let mut after = memory.clone();
    after.keep(&bench.wait(10));
    assert!(bench.desk.wrap_up().undos().is_empty());
    assert!(after.restored().drafts.is_empty() && after.restored().wrap_ups.is_empty());

    let mut again =
        Bench { desk: Desk::new(Settings::default(), |at| at.date_naive()), now: at(500), number: 10 };
    memory.keep(&again.step(Input::Restored(Box::new(memory.restored()))));
    assert!(memory.restored().drafts.is_empty() && memory.restored().wrap_ups.is_empty());
}

#[test]
fn done_that_the_feed_tells_first_can_be_taken_back_and_somebody_elses_cannot() {
    let mut bench = Bench::quiet();
    bench.command(Command::MarkDone(int(1)));
    bench.outcome(Outcome::MarkedDone { interaction: int(1), result: Err(unreachable()) });
    bench.events(vec![removed(Departure::Done)]);
    assert_eq!(bench.desk.wrap_up().undos().len(), 1, "it happened after all");
    bench.events(vec![Event::InteractionRemoved { interaction: int(2), why: Departure::Done }]);
    assert_eq!(bench.desk.wrap_up().undos().len(), 1);
}

#[test]
fn what_is_too_late_to_be_taken_back_is_told() {
    let mut bench = Bench::quiet();
    bench.done(1);
    bench.wrap(WrapUp::Undo(int(1)));
    bench.wrapped(WrapUpDone::Undone(int(1), Err(refused(ProblemCode::Conflict))));
    assert!(bench.desk.wrap_up().undos().is_empty());
    assert!(bench.desk.notices()[0].text.starts_with("It stays done"));
}

#[test]
fn done_asks_for_a_disposition_and_goes_on_by_itself() {
    for rules in [Rules { disposition_required: true, ..Rules::default() }, Rules::default()] {
        let mut bench = Bench::quiet();
        let is_known = rules.disposition_required;
        bench.wrapped(WrapUpDone::Rules(Ok(Box::new(rules))));
        let asked = bench.command(Command::MarkDone(int(1)));
        assert_eq!(calls(&asked).is_empty(), is_known);
        if !is_known {
            let result = Err(refused(ProblemCode::DispositionMissing));
            bench.outcome(Outcome::MarkedDone { interaction: int(1), result });
        }
        assert_eq!(bench.progress(1), Some(Progress::WantsDisposition));
        assert!(bench.desk.notices().is_empty(), "the picker says what is wanted");
        let code = Some("sold".to_owned());
        bench.wrap(WrapUp::Disposition { interaction: int(1), code: code.clone() });
        let said = Interaction { disposition: code, revision: 6, ..interaction(1) };
        let effects = bench.wrapped(WrapUpDone::Disposition(int(1), Ok(Box::new(said))));
        assert!(matches!(calls(&effects)[..], [Call::MarkDone(_)]));
    }
}

#[test]
fn a_new_session_comes_to_the_front_as_soon_as_it_is_here() {
    let mut bench = Bench::quiet();
    let (contact, number) = (interaction(1).contact.id, interaction(1).business_number.id);
    let chat = NewChat { contact, number, after: Some(int(1)) };
    assert_eq!(calls(&bench.wrap(WrapUp::NewSession(int(1)))), [&Call::NewChat(chat.clone())]);
    assert!(calls(&bench.wrap(WrapUp::NewSession(int(1)))).is_empty());
    let begun = ChatBegun { interaction: interaction(3), joined: false };
    bench.outcome(Outcome::ChatBegun { chat, result: Ok(Box::new(begun)) });
    assert_eq!(bench.desk.active().unwrap().interaction().id, int(1));
    bench.events(vec![came(Interaction { origin: Origin::Outbound, ..interaction(3) })]);
    assert_eq!(bench.desk.active().unwrap().interaction().id, int(3));
}

#[test]
fn a_note_is_told_at_each_pause_and_follows_the_gateway() {
    let mut bench = Bench::quiet();
    let put = |effects: &[Effect]| match &wrap_calls(effects)[..] {
        [WrapUpCall::Note(_, put)] => Some((put.text.clone(), put.based_on)),
        _ => None,
    };
    let write = |text: &str| WrapUp::Note { interaction: int(1), text: text.to_owned() };
    assert_eq!(put(&bench.wrap(write("a"))), Some(("a".to_owned(), 0)));
    assert_eq!(put(&bench.wrap(write("ab"))), None, "one call at a time");
    assert_eq!(bench.desk.note(int(1)).state, NoteState::Leaving);
    let told = bench.wrapped(WrapUpDone::Note(int(1), Ok(Box::new(noted("a", 1, "Nadia")))));
    assert_eq!(put(&told), Some(("ab".to_owned(), 1)));
    bench.events(vec![changed(noted("ab", 2, "Nadia"))]);
    assert_eq!(bench.desk.note(int(1)).state, NoteState::Kept, "the feed was first");
    bench.wrapped(WrapUpDone::Note(int(1), Ok(Box::new(noted("ab", 2, "Nadia")))));
    let seq = bench.desk.note(int(1)).seq;
    bench.events(vec![changed(noted("somebody else's", 3, "Omar"))]);
    let note = bench.desk.note(int(1));
    assert_eq!((note.text, note.state), ("somebody else's", NoteState::Kept));
    assert!(note.seq != seq, "the field takes it over");
}

#[test]
fn two_peoples_notes_are_both_shown_and_none_is_thrown_away() {
    for (with, text, told) in [
        (Settle::Mine, "mine", true),
        (Settle::Theirs, "theirs", false),
        (Settle::Both, "theirs\nmine", true),
    ] {
        let mut bench = Bench::quiet();
        bench.wrap(WrapUp::Note { interaction: int(1), text: "mine".to_owned() });
        bench.wrapped(WrapUpDone::Note(int(1), Err(refused(ProblemCode::Conflict))));
        assert_eq!(bench.desk.note(int(1)).state, NoteState::Overtaken(None));
        bench.wrap(WrapUp::Settle { interaction: int(1), with });
        assert_eq!(bench.desk.note(int(1)).state, NoteState::Overtaken(None), "theirs is not known yet");
        bench.events(vec![changed(noted("theirs", 4, "Omar"))]);
        let note = bench.desk.note(int(1));
        assert!(matches!(note.state, NoteState::Overtaken(Some(theirs)) if theirs.text == "theirs"));
        assert_eq!(note.text, "mine");
        assert!(bench.command(Command::MarkDone(int(1))).is_empty(), "it is to be settled first");

        let effects = bench.wrap(WrapUp::Settle { interaction: int(1), with });
        assert_eq!(bench.desk.note(int(1)).text, text);
        let put = wrap_calls(&effects);
        assert_eq!(!put.is_empty(), told);
        assert!(put.iter().all(|call| matches!(call, WrapUpCall::Note(_, put) if put.based_on == 4)));
    }
}

#[test]
fn words_of_a_note_survive_a_kill_and_a_log_off() {
    let mut memory = Memory::default();
    let mut bench = Bench::with(vec![]);
    memory.keep(&bench.polled(Ok(snapshot(vec![held(interaction(1), vec![])], 20))));
    memory.keep(&bench.wrap(WrapUp::Note { interaction: int(1), text: "unsaved".to_owned() }));
    let mut again =
        Bench { desk: Desk::new(Settings::default(), |at| at.date_naive()), now: at(500), number: 20 };
    let effects = again.step(Input::Restored(Box::new(memory.restored())));
    assert!(matches!(&wrap_calls(&effects)[..], [WrapUpCall::Note(_, put)] if put.text == "unsaved"));

    memory.keep(&again.command(Command::SignOut));
    assert_eq!(memory.restored().wrap_ups.len(), 1);
    again.outcome(Outcome::SignedOut);
    again.command(Command::SignIn { user_name: "nadia".to_owned(), password: Password("pass".to_owned()) });
    let signed_in = waxwing_protocol::api::SignedIn {
        token: "secret".to_owned(),
        expires_at: at(900),
        agent: agent(),
        status: status(),
        now: at(500),
        protocol: waxwing_protocol::api::PROTOCOL,
    };
    let effects = again.outcome(Outcome::SignedIn(Ok(Box::new(signed_in))));
    assert_eq!(wrap_calls(&effects).len(), 1, "it is told also where the interaction lies in a workbin");
    memory.keep(&again.wrapped(WrapUpDone::Note(int(1), Err(refused(ProblemCode::NotAllowed)))));
    assert!(again.desk.notices()[0].text.contains("“unsaved”"), "else the agent gets the words back");
    assert!(memory.restored().wrap_ups.is_empty());
}

#[test]
fn a_fact_says_how_keeping_it_went() {
    let mut bench = Bench::quiet();
    let datum = CaseDatum { key: "Order".to_owned(), value: "#2".to_owned() };
    let put = PutCaseData { put: vec![datum.clone()], remove: vec!["Old".to_owned()] };
    let wanted = WrapUp::Facts { interaction: int(1), put: put.clone() };
    assert_eq!(wrap_calls(&bench.wrap(wanted.clone())), [WrapUpCall::Facts(int(1), put.clone())]);
    assert_eq!(bench.desk.wrap_up().fact(int(1), "Old"), Some(&Keeping::UnderWay));
    bench.wrapped(WrapUpDone::Facts(int(1), put.clone(), Err(refused(ProblemCode::NotAllowed))));
    assert_eq!(bench.desk.wrap_up().fact(int(1), "Order"), Some(&Keeping::Failed("no".to_owned())));
    bench.wrap(wanted);
    let now = Interaction { case_data: vec![datum.clone()], revision: 9, ..interaction(1) };
    bench.wrapped(WrapUpDone::Facts(int(1), put, Ok(Box::new(now))));
    assert_eq!(bench.desk.wrap_up().fact(int(1), "Order"), None);
    assert_eq!(bench.desk.active().unwrap().interaction().case_data, [datum]);
}

#[test]
fn an_offer_is_taken_let_go_or_lapses() {
    let offered = |number| Interaction { phase: Phase::Offered { until: at(130) }, ..pending(number, 99) };
    let mut bench = Bench::quiet();
    bench.command(Command::Focus(false));
    bench.events(vec![came(offered(3))]);
    assert_eq!(bench.desk.last_chime().unwrap().chime, Chime::NewInteraction);
    assert!(bench.desk.wants_attention());
    assert_eq!((bench.desk.offers().len(), bench.desk.bar().waiting_for_you.len()), (1, 0));
    assert_eq!(wrap_calls(&bench.wrap(WrapUp::Accept(int(3)))), [WrapUpCall::Accept(int(3))]);
    assert!(wrap_calls(&bench.wrap(WrapUp::Reject(int(3)))).is_empty(), "one answer is under way");
    let ours = Interaction { revision: 6, ..pending(3, 99) };
    bench.wrapped(WrapUpDone::Accepted(int(3), Ok(Box::new(ours))));
    assert_eq!(bench.desk.active().unwrap().interaction().id, int(3));
    assert!(bench.desk.offers().is_empty());

    bench.events(vec![came(offered(4)), came(offered(5))]);
    bench.wrap(WrapUp::Reject(int(4)));
    bench.wrapped(WrapUpDone::Rejected(int(4), Ok(())));
    assert_eq!(bench.desk.offers().len(), 1);
    bench.events(vec![Event::InteractionRemoved { interaction: int(5), why: Departure::Lapsed }]);
    assert!(bench.desk.offers().is_empty());
    assert!(bench.desk.notices().last().unwrap().text.contains("the time to accept is over"));
}

#[test]
fn interactions_of_one_contact_stand_together() {
    let of_first = Interaction { contact: interaction(1).contact, ..pending(3, 90) };
    let bench =
        Bench::with(vec![held(pending(1, 70), vec![]), held(pending(2, 80), vec![]), held(of_first, vec![])]);
    let bar: Vec<_> = bench.desk.bar().waiting_for_you.iter().map(|held| held.interaction().id).collect();
    assert_eq!(bar, [int(1), int(3), int(2)]);
}

#[test]
fn what_was_opened_from_a_place_goes_back_there_also_after_a_restart() {
    let mut memory = Memory::default();
    let mut bench = Bench::with(vec![]);
    memory.keep(&bench.polled(Ok(snapshot(vec![held(interaction(1), vec![])], 20))));
    let place = waxwing_protocol::workbin::Place::Workbin { workbin: bin() };
    bench.desk.wrap_up.opened_from.insert(int(1), place);
    memory.keep(&bench.wrap(WrapUp::Note { interaction: int(1), text: "a".to_owned() }));
    let mut again =
        Bench { desk: Desk::new(Settings::default(), |at| at.date_naive()), now: at(500), number: 20 };
    again.step(Input::Restored(Box::new(memory.restored())));
    assert_eq!(again.desk.wrap_up().opened_from(int(1)), Some(place));
    again.wrapped(WrapUpDone::Note(int(1), Ok(Box::new(noted("a", 1, "Nadia")))));
    let effects = again.wrap(WrapUp::Take(int(1), Deed::PutBack));
    assert_eq!(wrap_calls(&effects), [WrapUpCall::PutBack(int(1))]);
    let back = Interaction { revision: 20, ..stored() };
    memory.keep(&again.wrapped(WrapUpDone::Taken(int(1), Ok(Box::new(back)))));
    assert!(again.desk.conversation(int(1)).is_none() && memory.restored().wrap_ups.is_empty());
}
