//! What is held of a long transcript, at random: people who scroll, jump and go back, messages that come meanwhile, pages
//! that come late or not at all, a machine that is killed.

use std::collections::{BTreeSet, VecDeque};

use proptest::prelude::*;
use waxwing_protocol::api::TranscriptPage;

use super::{
    super::{
        conversation::{Conversation, Edge, HELD},
        effect::Load,
        transcript::{Order, order},
    },
    memory::{Memory, page_of},
    *,
};

/// What may happen next.
#[derive(Debug, Clone)]
enum Op {
    /// So many messages are said, each up to so many seconds late.
    Say(u32, u8),
    /// A message changes.
    Change(usize),
    /// The feed tells so many events.
    Tell(usize),
    Snapshot,
    Older(u32),
    Newer,
    Newest,
    GoTo(usize),
    GoToDay(usize),
    /// One of the loads under way is answered: by what the gateway holds by then, or held when it was asked.
    Answer(usize, bool),
    Lose(usize),
    Kill,
}

fn any_op() -> impl Strategy<Value = Op> {
    let place = || 0..2000_usize;
    prop_oneof![
        3 => (1..120_u32, 0..40_u8).prop_map(|(count, late)| Op::Say(count, late)),
        2 => place().prop_map(Op::Change),
        4 => (1..200_usize).prop_map(Op::Tell),
        1 => Just(Op::Snapshot),
        6 => (0..3_u32).prop_map(Op::Older),
        4 => Just(Op::Newer),
        2 => Just(Op::Newest),
        2 => place().prop_map(Op::GoTo),
        1 => place().prop_map(Op::GoToDay),
        14 => (0..3_usize, any::<bool>()).prop_map(|(which, late)| Op::Answer(which, late)),
        1 => (0..3_usize).prop_map(Op::Lose),
        1 => Just(Op::Kill),
    ]
}

/// A load under way, with what was read for it when it was asked for.
struct Asked {
    load: Load,
    kept: bool,
    page: Option<TranscriptPage>,
}

/// One conversation, and the gateway that has all of it.
struct World {
    desk: Desk,
    memory: Memory,
    /// All that was said, in order.
    truth: Vec<Message>,
    /// What the feed has still to tell.
    untold: VecDeque<Event>,
    number: u64,
    now: DateTime<Utc>,
    asked: Vec<Asked>,
    /// Messages that a snapshot passed over, or their changes: where the agent reads, they may be missing until that part
    /// is read again.
    missed: BTreeSet<MessageId>,
}

/// A message of an earlier session, or of the present one.
fn message(number: u32, session: u32, at: DateTime<Utc>) -> Message {
    let session_id = SessionId::from_uuid(uuid(5, session));
    Message { sent_at: at, stored_at: at, session: session_id, ..said(number, int(session), 0) }
}

impl World {
    /// Sessions of these lengths, the last one the present one, which is interaction 1.
    fn new(sessions: &[u32]) -> Self {
        let (mut truth, mut number) = (Vec::new(), 0);
        let first = 2 + u32::try_from(sessions.len()).unwrap();
        for (session, length) in (0..).zip(sessions) {
            let is_present = session + 1 == sessions.len();
            for _ in 0..*length {
                number += 1;
                let at = at(i64::from(number) * 10);
                let earlier = u32::try_from(session).unwrap();
                let mut said = message(number, earlier, at);
                said.interaction = if is_present { int(1) } else { int(first + earlier) };
                truth.push(said);
            }
        }
        let desk = Desk::new(Settings::default(), |at| at.date_naive()).with_seed(3);
        let now = at(i64::from(number) * 10 + 10);
        let (memory, untold, asked, missed) =
            (Memory::default(), VecDeque::new(), Vec::new(), BTreeSet::new());
        let mut world = Self { desk, memory, truth, untold, number: 10, now, asked, missed };
        world.step(Input::Restored(Box::new(Restored { has_token: true, ..Restored::default() })));
        world.snapshot();
        world
    }

    fn conversation(&self) -> &Conversation {
        self.desk.conversation(int(1)).unwrap()
    }

    fn step(&mut self, input: Input) {
        let effects = self.desk.step(input, self.now);
        self.memory.keep(&effects);
        for effect in effects {
            let Effect::Load(load) = effect else { continue };
            let kept = self.memory.read(&load);
            let (kept, page) = (kept.is_some(), kept.or_else(|| page_of(&self.truth, &load)));
            self.asked.push(Asked { load, kept, page });
        }
    }

    fn command(&mut self, command: Command) {
        self.step(Input::Command(command));
    }

    /// A poll is answered, once the desk has asked.
    fn polled(&mut self, page: EventPage) {
        self.now += TimeDelta::seconds(31);
        self.step(Input::Clock);
        self.step(Input::Outcome(Outcome::Polled(Ok(page))));
    }

    fn run(&mut self, op: &Op) {
        self.now += TimeDelta::seconds(10);
        let interaction = int(1);
        let any = |place: usize| self.truth.get(place % self.truth.len().max(1)).cloned();
        match *op {
            Op::Say(count, late) => self.say(count, late),
            Op::Change(place) => {
                if let Some(message) = any(place) {
                    self.change(message.id);
                }
            }
            Op::Tell(count) => self.tell(count),
            Op::Snapshot => self.snapshot(),
            Op::Older(sessions) => self.command(Command::ShowOlder { interaction, sessions }),
            Op::Newer => self.command(Command::ShowNewer { interaction }),
            Op::Newest => self.command(Command::ShowNewest { interaction }),
            Op::GoTo(place) => {
                if let Some(message) = any(place) {
                    self.command(Command::GoTo { interaction, message: message.id });
                }
            }
            Op::GoToDay(place) => {
                if let Some(message) = any(place) {
                    self.command(Command::GoToDay { interaction, at: message.sent_at });
                }
            }
            Op::Answer(which, late) => self.answer(which, late),
            Op::Lose(which) => {
                if which < self.asked.len() {
                    let Asked { load, kept, .. } = self.asked.remove(which);
                    let result = Err(unreachable());
                    self.step(Input::Outcome(Outcome::Loaded { load, kept, result }));
                }
            }
            Op::Kill => self.kill(),
        }
        self.check();
    }

    fn say(&mut self, count: u32, late: u8) {
        for nth in 0..count {
            let number = u32::try_from(self.truth.len()).unwrap() + 1;
            let late = i64::from(u32::from(late) * nth % 7);
            let session = self.truth.last().map_or(SessionId::from_uuid(uuid(5, 0)), |last| last.session);
            self.now += TimeDelta::seconds(1);
            let sent_at = self.now - TimeDelta::seconds(late);
            let said = Message { session, sent_at, stored_at: self.now, ..said(number, int(1), 0) };
            let place = self.truth.partition_point(|other| order(other) < order(&said));
            self.truth.insert(place, said.clone());
            self.untold.push_back(added(said));
        }
    }

    fn change(&mut self, id: MessageId) {
        let message = self.truth.iter_mut().find(|message| message.id == id).unwrap();
        message.fallback.push('+');
        self.untold.push_back(Event::MessageChanged { message: Box::new(message.clone()) });
    }

    fn tell(&mut self, count: usize) {
        let count = count.min(self.untold.len());
        let events: Vec<_> = self.untold.drain(..count).collect();
        let first = self.number + 1;
        self.number += u64::try_from(events.len()).unwrap();
        if !events.is_empty() {
            self.polled(page(first, events));
        }
    }

    fn snapshot(&mut self) {
        self.number += u64::try_from(self.untold.len()).unwrap();
        for event in std::mem::take(&mut self.untold) {
            if let Event::MessageChanged { message } | Event::MessageAdded { message } = event {
                self.missed.insert(message.id);
            }
        }
        let rest = self.truth.len().saturating_sub(100);
        let placed = held(pending(1, 50), self.truth[rest..].to_vec());
        let placed = InteractionSnapshot { older: rest > 0, ..placed };
        self.polled(snapshot(vec![placed], self.number));
    }

    fn answer(&mut self, which: usize, late: bool) {
        if which >= self.asked.len() {
            return;
        }
        let Asked { load, kept, page } = self.asked.remove(which);
        let page = if late && !kept { page_of(&self.truth, &load) } else { page };
        let result = page.ok_or_else(|| refused(ProblemCode::NotFound));
        self.step(Input::Outcome(Outcome::Loaded { load, kept, result }));
    }

    fn kill(&mut self) {
        self.asked.clear();
        self.desk = Desk::new(Settings::default(), |at| at.date_naive()).with_seed(3);
        self.step(Input::Restored(Box::new(self.memory.restored())));
    }

    /// What was told by the feed, or by a snapshot.
    fn told(&self) -> BTreeSet<Order> {
        let untold = self.untold.iter().filter_map(|event| match event {
            Event::MessageAdded { message } => Some(message.id),
            _ => None,
        });
        let untold: BTreeSet<_> = untold.collect();
        self.truth.iter().filter(|message| !untold.contains(&message.id)).map(order).collect()
    }

    fn check(&self) {
        let conversation = self.conversation();
        let held: Vec<_> = conversation.transcript.messages().map(|message| order(message)).collect();
        assert!(held.len() <= HELD, "{}", held.len());
        let told = self.told();
        let sure = told.iter().filter(|(.., id)| !self.missed.contains(id)).copied().collect();
        let ends = (*conversation.older() == Edge::End, *conversation.newer() == Edge::End);
        without_gaps(&held, &sure, ends);
        let keys: BTreeSet<_> = conversation.rows().iter().map(|row| row.key).collect();
        assert_eq!(keys.len(), conversation.rows().len(), "no row twice");
        let newest = conversation.last_message().map(order);
        assert!(newest >= told.last().copied(), "the newest is known: {newest:?} {:?}", told.last());
        if *conversation.newer() == Edge::End {
            assert_eq!(conversation.below(), 0);
        }
        let (kept, older) = self.memory.transcript(int(1));
        let kept: Vec<_> = kept.iter().map(order).collect();
        without_gaps(&kept, &told, (!older, true));
    }

    /// Every load is answered, everything is told.
    fn settle(&mut self) {
        self.tell(usize::MAX);
        while !self.asked.is_empty() {
            self.answer(0, true);
        }
        self.check();
    }

    /// What is held says what was said.
    fn check_words(&self) {
        for message in self.conversation().transcript.messages() {
            let is_known = self.truth.contains(message) || self.missed.contains(&message.id);
            assert!(is_known, "{message:?}");
        }
        for message in self.memory.transcript(int(1)).0 {
            assert!(self.truth.contains(&message), "the journal is up to date");
        }
    }
}

/// Says that a list is in order and lacks nothing of what was told between its ends, nor beyond those that are ends.
fn without_gaps(list: &[Order], told: &BTreeSet<Order>, (from_start, to_end): (bool, bool)) {
    assert!(list.windows(2).all(|pair| pair[0] < pair[1]), "in order, nothing twice");
    let (Some(first), Some(last)) = (list.first(), list.last()) else {
        assert!(!(from_start && to_end) || told.is_empty(), "nothing is held and there is something");
        return;
    };
    let within = |place: &&Order| (from_start || *place >= first) && (to_end || *place <= last);
    let held: BTreeSet<_> = list.iter().collect();
    let missing: Vec<_> = told.iter().filter(within).filter(|place| !held.contains(place)).collect();
    assert!(missing.is_empty(), "{} of {} are missing: {missing:?}", missing.len(), told.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn nothing_is_missing_doubled_or_turned_round(
        sessions in prop::collection::vec(1..400_u32, 1..6),
        ops in prop::collection::vec(any_op(), 0..60),
    ) {
        let mut world = World::new(&sessions);
        world.check();
        for op in ops {
            world.run(&op);
        }
        world.settle();
        world.check_words();

        world.command(Command::ShowNewest { interaction: int(1) });
        world.settle();
        prop_assert_eq!(world.conversation().newer(), &Edge::End);
        let mut seen: BTreeSet<MessageId> = BTreeSet::new();
        while *world.conversation().older() != Edge::End {
            seen.extend(world.conversation().transcript.messages().map(|message| message.id));
            world.command(Command::ShowOlder { interaction: int(1), sessions: 1 });
            world.settle();
        }
        seen.extend(world.conversation().transcript.messages().map(|message| message.id));
        prop_assert_eq!(world.conversation().older(), &Edge::End);
        let unseen = world.truth.iter().filter(|message| !seen.contains(&message.id));
        let lost: Vec<_> = unseen.filter(|message| !world.missed.contains(&message.id)).collect();
        prop_assert!(lost.is_empty(), "reading up loses {lost:?}");
        while *world.conversation().newer() != Edge::End {
            world.command(Command::ShowNewer { interaction: int(1) });
            world.settle();
        }
        prop_assert_eq!(world.conversation().newer(), &Edge::End, "and down again");
        world.check_words();
    }
}
