//! Files on their way out while everything breaks: the desktop and the gateway are killed, the line between them is cut
//! anywhere, and WhatsApp loses uploads. Each file arrives once, as it was, or the agent is told that it did not.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    fs,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use waxwing_gateway::random::Seeded;
use waxwing_protocol::delivery::Delivery;

use crate::{
    desktop::{number_of, text},
    desktop_killed::{Life, Said, lock},
    files_desktop::{Orders, ROUND},
    kit::{
        agent::Agent,
        database::Database,
        house::{Gateway, House},
        programs,
        wait::{PATIENCE, pause, until, within},
    },
    line::Line,
    network::Network,
    samples,
    sending::{free_address, overtaken},
};

const CONVERSATIONS: usize = 4;
/// How many messages the last desktop sends that is not killed.
const AFTERWARDS: usize = 5 * ROUND;
/// How long a message may take until everything about it is known.
const SETTLED_WITHIN: Duration = Duration::from_mins(2);
/// How many uploads to WhatsApp may go wrong.
const FAULTS: usize = 2_000;

/// What is done to them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// How often the desktop is killed.
    pub(crate) desktops: usize,
    /// How often the gateway is killed.
    pub(crate) gateways: usize,
    pub(crate) seed: u64,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Messages that a desktop has shown as written, and how many of these are files.
    pub(crate) kept: usize,
    pub(crate) files: usize,
    /// Files that arrived.
    pub(crate) arrived: usize,
    /// What came of the messages.
    pub(crate) faults: Faults,
    /// What of this would not be noticed if it happened.
    pub(crate) unnoticed: usize,
    /// Copies that are left on the desktop's disk, and files on the gateway's that belong to nothing.
    pub(crate) copies_left: usize,
    pub(crate) pieces_left: usize,
    /// Kills of the desktop while something had not reached the gateway.
    pub(crate) desktop_hits: usize,
    /// Kills of the gateway, and those while it took a file in or had something to send.
    pub(crate) gateway_hits: usize,
    pub(crate) gateway_kills: usize,
    /// Connections that were cut, and those of them that were in the middle of something large.
    pub(crate) cuts: (usize, usize),
    /// Uploads to WhatsApp that came to nothing.
    pub(crate) failed_uploads: usize,
}

/// What must not happen to messages.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// Those that a customer got more than once.
    pub(crate) doubled: usize,
    /// Those that no customer got, and no agent is told of.
    pub(crate) lost_silently: usize,
    /// Those that never ended as sent, failed or uncertain.
    pub(crate) stuck: usize,
    /// Files that arrived as others than they were sent.
    pub(crate) damaged: usize,
    /// Those that overtook an earlier one to the same customer.
    pub(crate) overtaken: usize,
}

/// Everything there is.
struct Stage {
    network: Network,
    house: House,
    listen: SocketAddr,
    line: Line,
    database: Database,
    folder: tempfile::TempDir,
    decoder: std::path::PathBuf,
    said: Arc<Mutex<Said>>,
    plan: Plan,
}

/// Does it.
pub(crate) async fn run(program: &Path, plan: Plan) -> Outcome {
    let listen = free_address().await;
    let network = Network::start(Some(listen), plan.seed).await;
    let settings =
        [("graph_url", &*network.url()), ("graph_request_seconds", "1"), ("outbox_status_wait_seconds", "1")];
    let house = House::set_up(program, &settings);
    let gateway = house.start(listen).await;
    Agent::sign_in(&gateway.url()).await.greeted_by(CONVERSATIONS, listen).await;
    network.misbehave_with_files(FAULTS, &mut Seeded::new(plan.seed)).await;
    let (line, database) = (Line::start(listen, plan.seed).await, Database::open(&house.database()).await);
    let (folder, decoder, said) = (programs::folder(), program.to_owned(), Arc::default());
    let stage = Stage { network, house, listen, line, database, folder, decoder, said, plan };
    let is_over = Cell::new(false);
    let (mut outcome, (gateway, kills, hits)) =
        tokio::join!(stage.kill_desktops(&is_over), stage.kill_gateways(gateway, &is_over));
    (outcome.gateway_kills, outcome.gateway_hits) = (kills, hits);
    stage.conclude(gateway, outcome).await
}

impl Stage {
    fn desktop(&self, first: usize, end: usize) -> Life {
        let orders = Orders {
            gateway: format!("http://{}", self.line.address),
            folder: self.folder.path().to_owned(),
            decoder: self.decoder.clone(),
            conversations: CONVERSATIONS,
            first,
            end,
        };
        Life::begin(&orders.write(), self.folder.path(), &self.said)
    }

    /// Kills desktops and lets the last one live; then it is over.
    async fn kill_desktops(&self, is_over: &Cell<bool>) -> Outcome {
        let mut chance = Seeded::new(self.plan.seed.wrapping_add(1));
        let (mut first, mut outcome) = (0, Outcome::default());
        for _ in 0..self.plan.desktops {
            let mut life = self.desktop(first, usize::MAX);
            until("a desktop sends", PATIENCE * 4, async || {
                life.must_live();
                lock(&self.said).hands.last().is_some_and(|last| *last >= first).then_some(())
            })
            .await;
            self.line.cut(true);
            pause(Duration::from_micros(chance.next() % 2_500_000)).await;
            life.end();
            outcome.desktop_hits +=
                usize::from(self.database.count("receiving").await > 0 || self.waits().await);
            let last = lock(&self.said).hands.last().copied().unwrap_or_default();
            first = (last / ROUND + 1) * ROUND;
        }
        is_over.set(true);
        self.line.cut(false);
        self.network.behave().await;
        let mut life = self.desktop(first, first + AFTERWARDS);
        until("the last desktop is done", PATIENCE * 8, async || {
            let has_left = lock(&self.said).has_left;
            if !has_left {
                life.must_live();
            }
            has_left.then_some(())
        })
        .await;
        life.end();
        outcome
    }

    /// Whether something that a desktop has shown as written is not at the gateway.
    async fn waits(&self) -> bool {
        let there: BTreeSet<String> = self.database.ours().await.into_iter().map(|one| one.text).collect();
        lock(&self.said).keeps.iter().any(|number| !there.contains(&text(*number)))
    }

    /// Kills gateways until it is over; counts the kills, and those that interrupted something.
    async fn kill_gateways(&self, mut gateway: Gateway, is_over: &Cell<bool>) -> (Gateway, usize, usize) {
        let mut chance = Seeded::new(self.plan.seed.wrapping_add(2));
        let (mut kills, mut hits) = (0, 0);
        while kills < self.plan.gateways && !is_over.get() {
            pause(Duration::from_micros(chance.next() % 1_500_000)).await;
            let busy = async || {
                let busy = self.database.count("receiving").await + self.database.count("outbox").await;
                (busy > 0).then_some(())
            };
            hits += usize::from(within(Duration::from_secs(1), busy).await.is_some());
            gateway.kill();
            kills += 1;
            gateway = self.house.start(self.listen).await;
        }
        (gateway, kills, hits)
    }

    async fn conclude(self, mut gateway: Gateway, mut outcome: Outcome) -> Outcome {
        within(SETTLED_WITHIN, async || (self.database.count("outbox").await == 0).then_some(())).await;
        // Late statuses are posted again and again until the gateway has them.
        let mut letters = Letters::default();
        within(PATIENCE, async || {
            letters = self.letters().await;
            (letters.judge() == Faults::default()).then_some(())
        })
        .await;
        // A gateway that starts removes what the ones before were writing when they were killed.
        gateway.kill();
        let gateway = self.house.start(self.listen).await;
        within(PATIENCE, async || (self.pieces_left().await == 0).then_some(())).await;
        outcome.pieces_left = self.pieces_left().await;
        drop(gateway);
        outcome.copies_left = copies_left(self.folder.path());
        outcome.cuts = self.line.cuts();
        outcome.failed_uploads = self.house.log_lines("a file could not be given to WhatsApp");
        outcome.kept = letters.kept.len();
        outcome.files = letters.kept.iter().filter(|number| *number % ROUND != 0).count();
        outcome.arrived = letters.arrived.iter().filter(|one| one.is_file).count();
        outcome.faults = letters.judge();
        outcome.unnoticed = letters.unnoticed();
        self.database.close().await;
        outcome
    }

    /// What is known of the messages on both ends.
    async fn letters(&self) -> Letters {
        let taken = self.network.requests().into_iter().filter(|one| one.wamid.is_some());
        let mut arrived = Vec::new();
        for body in taken.map(|one| one.body) {
            let kind = body["type"].as_str().unwrap_or_default();
            let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let (to, media) = (word(&body["to"]), body[kind]["id"].as_str());
            let words = if media.is_some() { &body[kind]["caption"] } else { &body["text"]["body"] };
            let words = word(words);
            let is_same = match (media, number_of(&words)) {
                (Some(media), Some(number)) => samples::is_same(number, &self.network.file(media).await),
                (media, number) => media.is_none() && number.is_some(),
            };
            arrived.push(Arrived { to, words, is_same, is_file: media.is_some() });
        }
        let (kept, failed) = {
            let said = lock(&self.said);
            (said.keeps.clone(), said.fails.clone())
        };
        let states = self.database.ours().await.into_iter().map(|one| (one.text, one.delivery)).collect();
        Letters { kept, failed, states, arrived }
    }

    /// How many files on the gateway's disk belong to no message.
    async fn pieces_left(&self) -> usize {
        let known = self.database.files().await;
        let belongs = |file: &String| known.contains(file.strip_suffix("-preview").unwrap_or(file));
        self.house.files().iter().filter(|file| !belongs(file)).count()
    }
}

/// How many files are left in the folders of copies.
fn copies_left(folder: &Path) -> usize {
    let is_for_copies = |path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "outgoing");
    let all = fs::read_dir(folder).expect("can be read").flatten().map(|entry| entry.path());
    all.filter(is_for_copies).map(|copies| fs::read_dir(copies).expect("can be read").count()).sum()
}

/// A message that a customer got.
#[derive(Debug, Clone)]
struct Arrived {
    to: String,
    words: String,
    is_file: bool,
    /// Whether it is as it was sent.
    is_same: bool,
}

/// All messages: what desktops said of them, how the gateway says they stand, and what arrived, in order.
#[derive(Debug, Clone, Default)]
struct Letters {
    kept: BTreeSet<usize>,
    failed: BTreeSet<usize>,
    states: BTreeMap<String, Delivery>,
    arrived: Vec<Arrived>,
}

impl Letters {
    fn judge(&self) -> Faults {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for one in &self.arrived {
            *counts.entry(&one.words).or_default() += 1;
        }
        let told = |number: &usize| {
            self.failed.contains(number)
                || matches!(self.states.get(&text(*number)), Some(Delivery::Failed(_) | Delivery::Uncertain))
        };
        let is_lost = |number: &&usize| !counts.contains_key(&*text(**number)) && !told(number);
        let has_ended = |state: &&Delivery| state.rank() >= Delivery::Uncertain.rank();
        let order: Vec<_> = self.arrived.iter().map(|one| (one.to.clone(), one.words.clone())).collect();
        Faults {
            doubled: counts.values().filter(|times| **times > 1).count(),
            lost_silently: self.kept.iter().filter(is_lost).count(),
            stuck: self.states.values().filter(|state| !has_ended(state)).count(),
            damaged: self.arrived.iter().filter(|one| !one.is_same).count(),
            overtaken: overtaken(&order),
        }
    }

    /// How many of these would not be noticed: a message that comes twice, one that is lost, one that is stuck, one that is
    /// damaged, one that is overtaken.
    fn unnoticed(&self) -> usize {
        let wrong = |damage: &dyn Fn(&mut Self), count: fn(&Faults) -> usize| {
            let mut damaged = self.clone();
            damage(&mut damaged);
            usize::from(count(&damaged.judge()) != count(&self.judge()) + 1)
        };
        wrong(&|letters| letters.arrived.push(letters.arrived[letters.arrived.len() - 1].clone()), |f| {
            f.doubled
        }) + wrong(
            &|letters| {
                let kept = |one: &Arrived| {
                    number_of(&one.words).is_some_and(|number| letters.kept.contains(&number))
                };
                let lost = letters.arrived.iter().position(kept).expect("one that was kept has arrived");
                letters.arrived.remove(lost);
            },
            |f| f.lost_silently,
        ) + wrong(&|letters| drop(letters.states.insert(String::new(), Delivery::Accepted)), |f| f.stuck)
            + wrong(&|letters| letters.arrived[0].is_same = false, |f| f.damaged)
            + wrong(
                &|letters| {
                    let first = letters.arrived[0].clone();
                    let after = letters.arrived.iter().skip(1).position(|one| one.to == first.to);
                    letters.arrived.insert(after.expect("more than one") + 2, first);
                    letters.arrived.remove(0);
                },
                |f| f.overtaken,
            )
    }
}
