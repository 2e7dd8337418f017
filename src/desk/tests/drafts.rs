//! Drafts on two machines of one agent, at random: nothing that was typed is ever lost, and in the end both show the same.

use std::collections::BTreeSet;

use proptest::prelude::*;
use waxwing_protocol::{
    api::PutDraft,
    draft::{Draft, Written},
};

use super::{
    super::conversation::{DraftOrigin, DraftSeq, DraftText},
    memory::Memory,
    *,
};

/// Words and the machine that wrote them, as a gateway keeps them.
#[derive(Debug, Clone, Default, PartialEq)]
struct Text {
    written: Written,
    writer: usize,
    revision: u64,
}

/// The draft at the gateway: the newer words stand, the others are set aside.
#[derive(Debug, Clone, Default, PartialEq)]
struct Shelf {
    revision: u64,
    stands: Text,
    aside: Vec<Text>,
}

impl Shelf {
    fn draft(&self) -> Draft {
        let aside = self.aside.iter().map(|text| text.written.clone()).collect();
        Draft { revision: self.revision, written: self.stands.written.clone(), aside }
    }

    fn put(&mut self, writer: usize, put: &PutDraft, now: DateTime<Utc>) {
        let before = self.clone();
        let revision = before.revision + 1;
        let mut written = put.written.clone();
        written.at = written.at.min(now);
        let at = written.at;
        let same = |text: &Text| (&text.written.text, text.written.quote) == (&written.text, written.quote);
        let is_own = |text: &Text| text.writer == writer && text.revision > put.based_on;
        let has_seen = self.stands.revision <= put.based_on;
        let is_late = [&self.stands]
            .into_iter()
            .chain(&self.aside)
            .any(|text| is_own(text) && (text.written.at > at || (text.written.at == at && same(text))));
        self.aside.retain(|text| !put.settled.contains(&text.written.at));
        if !is_late && !same(&self.stands) {
            self.aside.retain(|text| !is_own(text));
            let new = Text { written: written.clone(), writer, revision };
            if has_seen || is_own(&self.stands) {
                self.stands = new;
            } else if at > self.stands.written.at {
                let overtaken = std::mem::replace(&mut self.stands, new);
                self.set_aside(overtaken, revision);
            } else {
                self.set_aside(new, revision);
            }
        }
        if *self != before {
            self.revision = revision;
        }
    }

    fn set_aside(&mut self, mut text: Text, revision: u64) {
        if text.written.text.is_empty() {
            return;
        }
        while self.aside.iter().any(|other| other.written.at == text.written.at) {
            text.written.at += TimeDelta::milliseconds(1);
        }
        text.revision = revision;
        self.aside.insert(0, text);
    }
}

/// A machine with its composer.
struct Machine {
    desk: Desk,
    memory: Memory,
    /// What stands in the composer.
    typed: String,
    /// The change that it has taken over.
    seq: u64,
    /// Whether something was typed since it was kept.
    touched: bool,
    /// How many events of the feed it has heard.
    heard: usize,
    /// Tellings under way, with the gateway's answer once they have arrived.
    under_way: Vec<(PutDraft, Option<Draft>)>,
}

fn fresh_desk() -> Desk {
    Desk::new(Settings::default(), |at| at.date_naive()).with_seed(3)
}

impl Machine {
    fn new(now: DateTime<Utc>) -> Self {
        let mut machine = Self {
            desk: fresh_desk(),
            memory: Memory::default(),
            typed: String::new(),
            seq: 0,
            touched: false,
            heard: 0,
            under_way: Vec::new(),
        };
        let restored = Restored { has_token: true, ..Restored::default() };
        machine.step(Input::Restored(Box::new(restored)), now);
        let placed = vec![held(interaction(1), vec![])];
        machine.step(Input::Outcome(Outcome::Polled(Ok(snapshot(placed, 0)))), now);
        machine
    }

    fn step(&mut self, input: Input, now: DateTime<Utc>) {
        let effects = self.desk.step(input, now);
        self.memory.keep(&effects);
        for call in calls(&effects) {
            if let Call::PutDraft { draft, .. } = call {
                assert!(self.under_way.is_empty(), "one telling at a time");
                self.under_way.push((draft.clone(), None));
            }
        }
    }

    fn draft(&self) -> (&DraftText, DraftSeq, &[Written]) {
        let held = self.desk.conversation(int(1)).unwrap();
        (held.draft(), held.draft_seq(), held.set_aside())
    }

    /// A frame is drawn: the composer takes over what it is to.
    fn draw(&mut self) {
        let (draft, seq, _) = self.draft();
        let (text, is_wanted) = (draft.text.clone(), seq.origin == DraftOrigin::TakenUp || !self.touched);
        if seq.number != self.seq && is_wanted {
            (self.typed, self.seq, self.touched) = (text, seq.number, false);
        }
    }

    fn keep(&mut self, now: DateTime<Utc>) {
        self.touched = false;
        let (interaction, text, seq) = (int(1), self.typed.clone(), self.seq);
        let command = Command::KeepDraft { interaction, text, quote: None, seq };
        self.step(Input::Command(command), now);
    }

    fn kill(&mut self, now: DateTime<Utc>) {
        self.under_way.clear();
        self.desk = fresh_desk();
        let restored = self.memory.restored();
        self.step(Input::Restored(Box::new(restored)), now);
        (self.typed, self.seq, self.touched) = (self.draft().0.text.clone(), 0, false);
    }

    /// All words that are here.
    fn words(&self) -> String {
        let (draft, _, aside) = self.draft();
        let aside: Vec<_> = aside.iter().map(|written| written.text.as_str()).collect();
        format!("{} {} {}", draft.text, aside.join(" "), self.typed)
    }
}

#[derive(Debug, Clone)]
enum Op {
    Type,
    Clear,
    Keep,
    Draw,
    Send,
    TakeUp(usize),
    Drop(usize),
    Hear,
    /// The telling under way arrives at the gateway.
    Arrive,
    Answer,
    Lose,
    Wait,
    Kill,
}

fn any_op() -> impl Strategy<Value = (usize, Op)> {
    let op = prop_oneof![
        5 => Just(Op::Type),
        1 => Just(Op::Clear),
        4 => Just(Op::Keep),
        4 => Just(Op::Draw),
        1 => Just(Op::Send),
        1 => (0..2_usize).prop_map(Op::TakeUp),
        1 => (0..2_usize).prop_map(Op::Drop),
        4 => Just(Op::Hear),
        4 => Just(Op::Arrive),
        4 => Just(Op::Answer),
        1 => Just(Op::Lose),
        2 => Just(Op::Wait),
        1 => Just(Op::Kill),
    ];
    (0..2_usize, op)
}

/// Two machines and the gateway between them.
struct World {
    machines: [Machine; 2],
    shelf: Shelf,
    feed: Vec<Draft>,
    now: DateTime<Utc>,
    words: u32,
    /// Words that were kept and that nobody has sent or given up.
    live: BTreeSet<String>,
}

fn words_of(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

impl World {
    fn new() -> Self {
        let machines = [Machine::new(at(100)), Machine::new(at(100))];
        Self {
            machines,
            shelf: Shelf::default(),
            feed: Vec::new(),
            now: at(100),
            words: 0,
            live: BTreeSet::new(),
        }
    }

    fn run(&mut self, which: usize, op: &Op) {
        self.now += TimeDelta::milliseconds(300);
        let now = self.now;
        let machine = &mut self.machines[which];
        match *op {
            Op::Type => {
                self.words += 1;
                machine.typed = format!("{} w{}.", machine.typed, self.words);
                machine.touched = true;
            }
            Op::Clear => {
                let gone = words_of(&std::mem::take(&mut machine.typed));
                self.live.retain(|word| !gone.contains(word));
                machine.touched = true;
            }
            Op::Keep => {
                if machine.touched {
                    machine.keep(now);
                    self.live.extend(words_of(&machine.typed));
                }
            }
            Op::Draw => machine.draw(),
            Op::Send => self.send(which),
            Op::TakeUp(place) => self.settle_aside(which, place, true),
            Op::Drop(place) => self.settle_aside(which, place, false),
            Op::Hear => self.hear(which),
            Op::Arrive => self.arrive(which),
            Op::Answer => {
                self.arrive(which);
                self.answer(which);
            }
            Op::Lose => {
                if machine.under_way.pop().is_some() {
                    let (interaction, result) = (int(1), Err(unreachable()));
                    machine.step(Input::Outcome(Outcome::DraftPut { interaction, result }), now);
                }
            }
            Op::Wait => {
                self.now += TimeDelta::seconds(30);
                machine.step(Input::Clock, self.now);
            }
            Op::Kill => machine.kill(now),
        }
        self.check();
    }

    fn send(&mut self, which: usize) {
        let machine = &mut self.machines[which];
        if machine.typed.trim().is_empty() {
            return;
        }
        let text = std::mem::take(&mut machine.typed);
        let gone = words_of(&text);
        self.live.retain(|word| !gone.contains(word));
        self.words += 1;
        machine.touched = false;
        let (interaction, client_ref) = (int(1), client_ref(self.words));
        machine.step(Input::Command(Command::Send { interaction, client_ref, text, quote: None }), self.now);
    }

    fn settle_aside(&mut self, which: usize, place: usize, take_up: bool) {
        let machine = &mut self.machines[which];
        if take_up && machine.touched {
            machine.keep(self.now);
            self.live.extend(words_of(&machine.typed));
        }
        let Some(written) = machine.draft().2.get(place).cloned() else { return };
        let (interaction, at) = (int(1), written.at);
        if take_up {
            machine.step(Input::Command(Command::TakeUp { interaction, at }), self.now);
        } else {
            let gone = words_of(&written.text);
            self.live.retain(|word| !gone.contains(word));
            machine.step(Input::Command(Command::Drop { interaction, at }), self.now);
        }
    }

    fn hear(&mut self, which: usize) {
        let machine = &mut self.machines[which];
        let Some(draft) = self.feed.get(machine.heard).cloned() else { return };
        machine.heard += 1;
        let event = Event::DraftChanged { interaction: int(1), draft: Box::new(draft) };
        let page = page(u64::try_from(machine.heard).unwrap(), vec![event]);
        machine.step(Input::Outcome(Outcome::Polled(Ok(page))), self.now);
    }

    fn arrive(&mut self, which: usize) {
        let Some((put, answer @ None)) = self.machines[which].under_way.first_mut() else { return };
        let before = self.shelf.revision;
        self.shelf.put(which, put, self.now);
        *answer = Some(self.shelf.draft());
        if self.shelf.revision != before {
            self.feed.push(self.shelf.draft());
        }
    }

    fn answer(&mut self, which: usize) {
        let machine = &mut self.machines[which];
        let Some((_, Some(draft))) = machine.under_way.pop() else { return };
        let (interaction, result) = (int(1), Ok(Box::new(draft)));
        machine.step(Input::Outcome(Outcome::DraftPut { interaction, result }), self.now);
    }

    fn settle(&mut self) {
        for _ in 0..12 {
            for which in 0..2 {
                if self.machines[which].touched {
                    self.run(which, &Op::Keep);
                }
                self.run(which, &Op::Wait);
                self.run(which, &Op::Answer);
                while self.machines[which].heard < self.feed.len() {
                    self.run(which, &Op::Hear);
                }
                self.run(which, &Op::Draw);
            }
        }
    }

    fn check(&self) {
        let aside: Vec<_> = self.shelf.aside.iter().map(|text| text.written.text.as_str()).collect();
        let shelf = format!("{} {}", self.shelf.stands.written.text, aside.join(" "));
        let all = format!("{} {} {shelf}", self.machines[0].words(), self.machines[1].words());
        let there = words_of(&all);
        let lost: Vec<_> = self.live.difference(&there).collect();
        assert!(lost.is_empty(), "{lost:?} are lost");
    }
}

proptest! {
    #[test]
    fn nothing_that_was_typed_is_lost(ops in prop::collection::vec(any_op(), 0..80)) {
        let mut world = World::new();
        for (which, op) in ops {
            world.run(which, &op);
        }
        world.settle();
        let [one, other] = &world.machines;
        let words = |machine: &Machine| {
            let (draft, _, aside) = machine.draft();
            (draft.text.clone(), aside.iter().map(|written| written.text.clone()).collect::<Vec<_>>())
        };
        prop_assert_eq!(words(one), words(other));
        prop_assert_eq!(&one.typed, &words(one).0, "the composer shows what stands");
        prop_assert_eq!(&other.typed, &words(other).0);
        prop_assert_eq!(&words(one).0, &world.shelf.stands.written.text);
    }
}
