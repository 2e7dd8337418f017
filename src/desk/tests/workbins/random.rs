//! Workbins at random: whatever happens at the gateway and to the calls, the desk comes to hold what lies there, and so does
//! the journal.

use std::collections::BTreeMap;

use super::*;

/// What lies at a gateway in memory: everything with the number of its last change.
struct House {
    view: u64,
    change: u64,
    lying: BTreeMap<u32, (u64, Option<WorkbinItem>)>,
}

impl House {
    fn put(&mut self, number: u32, item: Option<WorkbinItem>) {
        self.change += 1;
        self.lying.insert(number, (self.change, item));
    }

    /// At most three things a page, as they changed.
    fn answer(&self, query: ChangesQuery) -> Changes {
        let whole = query.view != Some(self.view);
        let after = if whole { 0 } else { query.after };
        let mut newer: Vec<_> = self.lying.iter().filter(|(_, (change, _))| *change > after).collect();
        newer.sort_by_key(|(_, (change, _))| *change);
        let more = newer.len() > 3;
        newer.truncate(3);
        let next = if more { newer.last().map_or(after, |(_, (change, _))| *change) } else { self.change };
        let items = newer.iter().filter_map(|(_, (_, item))| item.clone()).collect();
        let gone = newer.iter().filter(|(_, (_, item))| item.is_none()).map(|(number, _)| int(**number));
        let gone = gone.collect();
        Changes { view: self.view, whole, items, gone, next, more, ..changes(1, Vec::new()) }
    }

    fn all(&self) -> BTreeMap<InteractionId, WorkbinItem> {
        let lying = self.lying.values().filter_map(|(_, item)| item.clone());
        lying.map(|item| (item.interaction.id, item)).collect()
    }
}

#[derive(Debug, Clone)]
enum Step {
    Put { number: u32, workbin: u32, second: i64 },
    Take(u32),
    ChangeView,
    Poll,
    Answer,
    Lose,
    Restart,
    Wait,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..8_u32, 1..3_u32, 0..90_i64).prop_map(|(number, workbin, second)| Step::Put { number: number + 20, workbin, second }),
        2 => (0..8_u32).prop_map(|number| Step::Take(number + 20)),
        1 => Just(Step::ChangeView),
        4 => Just(Step::Poll),
        6 => Just(Step::Answer),
        2 => Just(Step::Lose),
        1 => Just(Step::Restart),
        1 => Just(Step::Wait),
    ]
}

struct World {
    bench: Bench,
    house: House,
    memory: Memory,
    under_way: Vec<Call>,
}

impl World {
    fn note(&mut self, effects: &[Effect]) {
        self.memory.keep(effects);
        let ours = |call: &&Call| matches!(call, Call::Workbins(_) | Call::FetchTranscript { .. });
        self.under_way.extend(calls(effects).into_iter().filter(ours).cloned());
        let workbins = self.under_way.iter().filter(|call| matches!(call, Call::Workbins(_))).count();
        assert!(workbins <= 1 && self.under_way.len() <= 2, "one call at a time: {:?}", self.under_way);
    }

    fn poll(&mut self) {
        let effects = self.bench.hear(self.house.change);
        self.note(&effects);
    }

    fn end(&mut self, answered: bool) {
        let Some(call) = self.under_way.pop() else { return };
        let outcome = match call {
            Call::Workbins(_) if !answered => Outcome::WorkbinsTold(Err(unreachable())),
            Call::Workbins(query) => told(self.house.answer(query)),
            Call::FetchTranscript { load, up_to } => {
                let page = said_page(u32::try_from(load.interaction.uuid().as_u128() & 0xff).unwrap(), 5);
                let result = if answered { Ok(page) } else { Err(unreachable()) };
                Outcome::TranscriptFetched { interaction: load.interaction, up_to, result }
            }
            _ => unreachable!(),
        };
        let effects = self.bench.outcome(outcome);
        self.note(&effects);
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Put { number, workbin, second } => {
                self.house.put(number, Some(lying(number, workbin, second)));
            }
            Step::Take(number) => self.house.put(number, None),
            Step::ChangeView => {
                self.house.view += 1;
                self.house.change += 1;
                // What lies in the second workbin is not theirs to see any more.
                self.house
                    .lying
                    .retain(|_, (_, item)| item.as_ref().is_some_and(|item| item.place == place(1)));
            }
            Step::Poll => self.poll(),
            Step::Answer => self.end(true),
            Step::Lose => self.end(false),
            Step::Restart => {
                self.under_way.clear();
                self.bench = Bench::quiet();
                let kept = Box::new(self.memory.workbins.clone());
                if kept.changes.view > 0 {
                    let effects = self.bench.outcome(Outcome::WorkbinsKept(kept));
                    self.note(&effects);
                }
            }
            Step::Wait => {
                let effects = self.bench.wait(40);
                self.note(&effects);
            }
        }
    }
}

proptest! {
    #[test]
    fn the_desk_comes_to_hold_what_lies_there(steps in proptest::collection::vec(step(), 1..60)) {
        let house = House { view: 1, change: 1, lying: BTreeMap::new() };
        let mut world = World { bench: Bench::quiet(), house, memory: Memory::default(), under_way: Vec::new() };
        for step in steps {
            world.take(&step);
        }
        for _ in 0..60 {
            world.poll();
            world.take(&Step::Wait);
            world.end(true);
        }
        let desk = &world.bench.desk;
        let held: BTreeMap<_, _> = desk.workbins().whole().items.into_iter().map(|item| (item.interaction.id, item)).collect();
        prop_assert_eq!(&held, &world.house.all());
        let kept: BTreeMap<_, _> = world.memory.workbins.changes.items.iter().map(|item| (item.interaction.id, item.clone())).collect();
        prop_assert_eq!(&kept, &held);
        for number in [1, 2] {
            let there = held.values().filter(|item| item.place == place(number));
            let unread = there.clone().filter(|item| item.unread > 0).count();
            let count = desk.workbins().count(place(number));
            prop_assert_eq!((count.items, count.unread), (there.count(), unread));
        }
        let transcripts: BTreeSet<_> = world.memory.workbins.transcripts.iter().map(|(id, _)| *id).collect();
        prop_assert_eq!(transcripts, held.keys().copied().collect::<BTreeSet<_>>(), "every transcript is kept, and no other");
    }
}
