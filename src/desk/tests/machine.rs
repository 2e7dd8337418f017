//! Everything at random: an agent, contacts, a gateway, a line that loses calls and answers, a machine that is killed.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use waxwing_protocol::workbin::MoveToWorkbin;

use super::{
    super::{
        conversation::RowKey,
        outbox::OutgoingState,
        pending::PendingResponse,
        transcript::order,
        wrap_up::{Deed, WrapUp, WrapUpCall, WrapUpDone},
    },
    gateway::Gateway,
    memory::Memory,
    *,
};

const CONVERSATIONS: u32 = 3;

/// What may happen next.
#[derive(Debug, Clone)]
enum Op {
    ContactWrites(u32),
    AgentSends(u32),
    AgentDecides(u32, bool),
    AgentLooks(Option<u32>, bool),
    AgentArranges(BTreeMap<InteractionId, bool>),
    AgentDrafts(u32, u8),
    AgentPutsAside(u32),
    AnswerStep(Fate),
    Deliver(u32, usize, Delivery),
    TakeAway(u32),
    GiveBack(u32),
    AnswerSend(usize, Fate),
    AnswerPoll(PollFate),
    Wait(i64),
    Reconnect,
    Kill,
}

/// How a call ends.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Accepted,
    AcceptedUnheard,
    Unheard,
    Passing,
    Refused,
}

/// How a poll ends.
#[derive(Debug, Clone, Copy)]
enum PollFate {
    Page(usize),
    Repeated(u64),
    Gap(u64),
    Snapshot,
    Lost,
}

fn any_op() -> impl Strategy<Value = Op> {
    let which = || 0..CONVERSATIONS;
    let fate = prop::sample::select(vec![
        Fate::Accepted,
        Fate::Accepted,
        Fate::AcceptedUnheard,
        Fate::Unheard,
        Fate::Passing,
        Fate::Refused,
    ]);
    let step_fate = fate.clone();
    let delivery =
        prop::sample::select(vec![Delivery::Sent, Delivery::Delivered, Delivery::Read, Delivery::Accepted]);
    let poll = prop_oneof![
        4 => (1..4_usize).prop_map(PollFate::Page),
        1 => (1..4_u64).prop_map(PollFate::Repeated),
        1 => (1..3_u64).prop_map(PollFate::Gap),
        1 => Just(PollFate::Snapshot),
        1 => Just(PollFate::Lost),
    ];
    prop_oneof![
        4 => which().prop_map(Op::ContactWrites),
        5 => which().prop_map(Op::AgentSends),
        2 => (which(), any::<bool>()).prop_map(|(which, retry)| Op::AgentDecides(which, retry)),
        2 => (prop::option::of(which()), any::<bool>()).prop_map(|(which, focus)| Op::AgentLooks(which, focus)),
        1 => prop::collection::btree_map(which().prop_map(int), any::<bool>(), 0..3).prop_map(Op::AgentArranges),
        1 => (which(), any::<u8>()).prop_map(|(which, text)| Op::AgentDrafts(which, text)),
        1 => which().prop_map(Op::AgentPutsAside),
        2 => step_fate.prop_map(Op::AnswerStep),
        2 => (which(), 0..4_usize, delivery).prop_map(|(which, n, delivery)| Op::Deliver(which, n, delivery)),
        1 => which().prop_map(Op::TakeAway),
        1 => which().prop_map(Op::GiveBack),
        6 => (0..3_usize, fate).prop_map(|(n, fate)| Op::AnswerSend(n, fate)),
        8 => poll.prop_map(Op::AnswerPoll),
        2 => (0..40_i64).prop_map(Op::Wait),
        1 => Just(Op::Reconnect),
        1 => Just(Op::Kill),
    ]
}

/// A desk and everything around it.
struct World {
    desk: Desk,
    gateway: Gateway,
    memory: Memory,
    now: DateTime<Utc>,
    /// Calls under way.
    under_way: Vec<Call>,
    /// Every message the agent has sent, with its conversation, in order.
    written: Vec<(InteractionId, ClientRef)>,
    /// Removed by the agent, or shown to them as refused.
    given_up: BTreeSet<ClientRef>,
    drafts: BTreeMap<InteractionId, String>,
    furthest: BTreeMap<MessageId, (u32, u8)>,
}

fn put_aside(id: InteractionId) -> WrapUp {
    let wanted = MoveToWorkbin { workbin: None, comment: None, remind_at: None };
    WrapUp::Take(id, Deed::Move(wanted))
}

fn fresh_desk() -> Desk {
    Desk::new(Settings::default(), |at| at.date_naive()).with_seed(3)
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            desk: fresh_desk(),
            gateway: Gateway::new(CONVERSATIONS),
            memory: Memory::default(),
            now: at(0),
            under_way: Vec::new(),
            written: Vec::new(),
            given_up: BTreeSet::new(),
            drafts: BTreeMap::new(),
            furthest: BTreeMap::new(),
        };
        world.step(Input::Restored(Box::new(Restored { has_token: true, ..Restored::default() })));
        world.answer_poll(PollFate::Snapshot);
        world
    }

    fn step(&mut self, input: Input) {
        let effects = self.desk.step(input, self.now);
        let call = effects.iter().position(|effect| matches!(effect, Effect::Call(_)));
        let entry = effects.iter().rposition(|effect| matches!(effect, Effect::Journal(_)));
        assert!(call.zip(entry).is_none_or(|(call, entry)| entry < call), "written down before done");
        self.memory.keep(&effects);
        self.under_way.extend(calls(&effects).into_iter().cloned());
        for call in calls(&effects) {
            if let Call::WrapUp(WrapUpCall::Move(id, _)) = call {
                assert_eq!(self.desk.conversation(*id).unwrap().unsent(), 0, "all has left before");
            }
        }
        self.read_notices();
        self.check();
    }

    fn command(&mut self, command: Command) {
        self.step(Input::Command(command));
    }

    fn run(&mut self, op: Op) {
        self.now += TimeDelta::milliseconds(700);
        match op {
            Op::ContactWrites(which) => self.gateway.contact_writes(int(which), self.now),
            Op::AgentSends(which) => self.send(int(which)),
            Op::AgentDecides(which, retry) => self.decide(int(which), retry),
            Op::AgentLooks(which, focus) => {
                self.command(Command::Activate(which.map(int)));
                self.command(Command::Focus(focus));
            }
            Op::AgentArranges(windows) => self.command(Command::OwnWindows(windows)),
            Op::AgentDrafts(which, text) => {
                let (interaction, text) = (int(which), text.to_string());
                let seq = self.desk.conversation(interaction).map_or(0, |held| held.draft_seq().number);
                self.drafts.insert(interaction, text.clone());
                self.command(Command::KeepDraft { interaction, text, quote: None, seq });
            }
            Op::AgentPutsAside(which) => self.command(Command::WrapUp(put_aside(int(which)))),
            Op::AnswerStep(fate) => self.answer_step(fate),
            Op::Deliver(which, n, delivery) => self.gateway.deliver(int(which), n, delivery, self.now),
            Op::TakeAway(which) => self.gateway.take_away(int(which)),
            Op::GiveBack(which) => self.gateway.give_back(int(which)),
            Op::AnswerSend(n, fate) => self.answer_send(n, fate),
            Op::AnswerPoll(fate) => self.answer_poll(fate),
            Op::Wait(seconds) => self.wait(seconds),
            Op::Reconnect => self.command(Command::ReconnectNow),
            Op::Kill => self.kill(),
        }
    }

    fn send(&mut self, interaction: InteractionId) {
        let client_ref = client_ref(u32::try_from(self.written.len()).unwrap());
        self.written.push((interaction, client_ref));
        self.drafts.insert(interaction, String::new());
        self.command(Command::Send { interaction, client_ref, text: client_ref.to_string(), quote: None });
    }

    fn decide(&mut self, id: InteractionId, retry: bool) {
        let Some(refused) = self.desk.conversation(id).and_then(|held| held.blocked_by()) else { return };
        let client_ref = refused.client_ref;
        if retry {
            self.command(Command::Retry { interaction: id, row: RowKey::Ours(client_ref) });
        } else {
            self.given_up.insert(client_ref);
            self.command(Command::Discard { interaction: id, client_ref });
        }
    }

    fn wait(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
        self.step(Input::Clock);
    }

    fn answer_send(&mut self, n: usize, fate: Fate) {
        let is_send = |call: &Call| matches!(call, Call::Send { .. });
        let places: Vec<_> = (0..self.under_way.len()).filter(|n| is_send(&self.under_way[*n])).collect();
        let Some(place) = places.get(n % places.len().max(1)) else { return };
        let Call::Send { interaction, message } = self.under_way.remove(*place) else { unreachable!() };
        let result = match fate {
            Fate::Accepted => self.gateway.take_in(interaction, &message, self.now),
            Fate::AcceptedUnheard => {
                self.gateway.take_in(interaction, &message, self.now).and(Err(unreachable()))
            }
            Fate::Unheard => Err(unreachable()),
            Fate::Passing => Err(refused(ProblemCode::Unavailable)),
            Fate::Refused if self.gateway.ours(interaction).contains(&message.client_ref) => {
                self.gateway.take_in(interaction, &message, self.now)
            }
            Fate::Refused => Err(refused(ProblemCode::WindowClosed)),
        };
        let client_ref = message.client_ref;
        self.step(Input::Outcome(Outcome::Sent { interaction, client_ref, result }));
    }

    /// *Move to workbin* is answered.
    fn answer_step(&mut self, fate: Fate) {
        let is_step = |call: &Call| matches!(call, Call::WrapUp(WrapUpCall::Move(..)));
        let Some(place) = self.under_way.iter().position(is_step) else { return };
        let Call::WrapUp(WrapUpCall::Move(id, _)) = self.under_way.remove(place) else { unreachable!() };
        let result = match fate {
            Fate::Accepted => Ok(self.gateway.put_aside(id)),
            Fate::AcceptedUnheard => {
                self.gateway.put_aside(id);
                Err(unreachable())
            }
            Fate::Unheard => Err(unreachable()),
            Fate::Passing => Err(refused(ProblemCode::Unavailable)),
            Fate::Refused => Err(refused(ProblemCode::Full)),
        };
        self.step(Input::Outcome(Outcome::WrapUp(WrapUpDone::Taken(id, result))));
    }

    fn answer_poll(&mut self, fate: PollFate) {
        let Some(place) = self.under_way.iter().position(|call| matches!(call, Call::Poll { .. })) else {
            return;
        };
        let Call::Poll { after, .. } = self.under_way.remove(place) else { unreachable!() };
        let moved =
            |by: i64| after.map(|at| cursor(at.number.saturating_add_signed(by).min(self.gateway.number())));
        let result = match fate {
            PollFate::Page(length) => Ok(self.gateway.page(after, length)),
            PollFate::Repeated(by) => Ok(self.gateway.page(moved(-by.cast_signed()), 9)),
            PollFate::Gap(by) => Ok(self.gateway.page(moved(by.cast_signed()), 9)),
            PollFate::Snapshot => Ok(self.gateway.page(None, 0)),
            PollFate::Lost => Err(unreachable()),
        };
        self.step(Input::Outcome(Outcome::Polled(result)));
    }

    /// The machine dies; calls under way may have arrived or not.
    fn kill(&mut self) {
        let under_way = std::mem::take(&mut self.under_way);
        for call in under_way.into_iter().step_by(2) {
            match call {
                Call::Send { interaction, message } => {
                    drop(self.gateway.take_in(interaction, &message, self.now));
                }
                Call::WrapUp(WrapUpCall::Move(id, _)) => drop(self.gateway.put_aside(id)),
                _ => {}
            }
        }
        self.desk = fresh_desk();
        self.step(Input::Restored(Box::new(self.memory.restored())));
    }

    /// Lets everything come to rest: every call is answered, every refusal tried again, every interaction is ours.
    fn settle(&mut self) {
        for which in 0..CONVERSATIONS {
            self.gateway.give_back(int(which));
        }
        for _ in 0..200 {
            self.answer_send(0, Fate::Accepted);
            self.answer_poll(PollFate::Page(50));
            for which in 0..CONVERSATIONS {
                self.decide(int(which), true);
            }
            self.wait(31);
        }
    }

    fn check(&mut self) {
        let polls = self.under_way.iter().filter(|call| matches!(call, Call::Poll { .. })).count();
        assert!(polls <= 1, "one poll at a time");
        for conversation in self.desk.conversations.values() {
            let outbox: Vec<_> = conversation.outbox.iter().collect();
            let waits = |state: &OutgoingState| matches!(state, OutgoingState::Waiting { .. });
            assert!(
                outbox.iter().skip(1).all(|outgoing| waits(&outgoing.state)),
                "only the head is in flight"
            );
            let blocked = conversation.blocked_by().is_some();
            let expected = conversation.interaction.pending_since.is_some() && (outbox.is_empty() || blocked);
            assert_eq!(matches!(conversation.pending(), PendingResponse::Waiting { .. }), expected);

            let orders: Vec<_> = conversation.transcript.messages().map(|message| order(message)).collect();
            assert!(orders.is_sorted(), "in order");
            let keys: BTreeSet<_> = conversation.rows().iter().map(|row| row.key).collect();
            assert_eq!(keys.len(), conversation.rows().len(), "no row twice");
            for message in conversation.transcript.messages() {
                let Some(state) = &message.delivery else { continue };
                let reached = (state.attempt, state.delivery.rank());
                let before = self.furthest.insert(message.id, reached);
                assert!(before.is_none_or(|before| before <= reached), "delivery never goes back");
            }
        }
        self.check_words();
    }

    /// Every message is accepted, given up, told, or still queued, here and in the journal.
    fn check_words(&self) {
        let queued: BTreeSet<_> =
            self.desk.outboxes().flat_map(|(_, outbox)| outbox.iter()).map(|held| held.client_ref).collect();
        let kept: BTreeSet<_> = self.memory.outgoing().map(|held| held.client_ref).collect();
        assert_eq!(queued, kept, "the journal holds what the desk holds");
        for (id, client_ref) in &self.written {
            let accepted = self.gateway.ours(*id).contains(client_ref);
            assert!(
                accepted || queued.contains(client_ref) || self.given_up.contains(client_ref),
                "{client_ref} is lost"
            );
        }
        let put_away =
            self.desk.shelf.iter().map(|(id, shelved)| (*id, shelved.draft.kept.draft.text.as_str()));
        let held = self.desk.conversations.iter().map(|(id, held)| (*id, held.draft().text.as_str()));
        let drafts: BTreeMap<_, _> = put_away.chain(held).filter(|(_, draft)| !draft.is_empty()).collect();
        let expected = self.drafts.iter().map(|(id, draft)| (*id, draft.as_str()));
        assert_eq!(drafts, expected.filter(|(_, draft)| !draft.is_empty()).collect());
    }

    fn read_notices(&mut self) {
        let texts: Vec<_> = self.desk.notices().iter().map(|notice| notice.text.as_str()).collect();
        for (_, client_ref) in &self.written {
            if texts.iter().any(|text| text.contains(&client_ref.to_string())) {
                self.given_up.insert(*client_ref);
            }
        }
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_doubled_or_turned_round(ops in prop::collection::vec(any_op(), 0..120)) {
        let mut world = World::new();
        for op in ops {
            world.run(op);
        }
        world.settle();
        for which in 0..CONVERSATIONS {
            let conversation = world.desk.conversation(int(which)).unwrap();
            let shown: Vec<_> = conversation.transcript.messages().map(|message| message.id).collect();
            let truth: Vec<_> = world.gateway.transcripts[&int(which)].iter().map(|message| message.id).collect();
            prop_assert_eq!(shown, truth);
            prop_assert_eq!(conversation.last_outgoing(), None);
            prop_assert_eq!(conversation.interaction(), &world.gateway.interactions[&int(which)]);
            prop_assert!(world.gateway.ours(int(which)).is_sorted(), "in the order of writing");
        }
    }
}
