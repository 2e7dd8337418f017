//! Files of contacts on their way in, while downloads are cut anywhere, addresses are not good, hashes lie and the gateway is
//! killed: each is there as it was sent, or the agent is told why it is not.

use std::{cell::Cell, collections::BTreeMap, path::Path, time::Duration};

use serde_json::{Value, json};
use waxwing_gateway::random::Seeded;

use crate::{
    kit::{
        agent::Agent,
        database::{Database, OfContact},
        house::House,
        wait::{PATIENCE, pause, until, within},
        webhook::phone,
    },
    network::{CONTACTS, Network},
    samples,
    sending::free_address,
};

/// One of so many files is announced with a hash that it has not.
const LIES: u64 = 20;
/// How often the gateway starts anew while files still wait: a number that has had fifteen errors rests for an hour, as Meta
/// blocks it at twenty, and a start forgets them.
const LAST_LIVES: u32 = 12;
/// How long a file may take until everything about it is known: one with a false hash is tried five times, with pauses of
/// three minutes in all.
const SETTLED_WITHIN: Duration = Duration::from_mins(6);

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Files that no agent hears of, that never ended, or whose bytes are gone.
    pub(crate) lost: usize,
    /// Files that are there, and are others than WhatsApp announced.
    pub(crate) damaged: usize,
    /// Files that failed, and nobody says why.
    pub(crate) speechless: usize,
    /// Files that failed, though nothing was wrong with them in the end.
    pub(crate) given_up: usize,
    /// Files on the gateway's disk that belong to nothing.
    pub(crate) left_over: usize,
    /// Files that are there.
    pub(crate) ready: usize,
    /// Files that failed.
    pub(crate) failed: usize,
    /// Kills while files were being fetched.
    pub(crate) hits: usize,
    /// Downloads that came to nothing.
    pub(crate) broken_off: usize,
    /// Of the files that are there, those whose bytes can be others without being noticed.
    pub(crate) unnoticed: usize,
}

/// Does it.
pub(crate) async fn run(program: &Path, files: usize, kills: usize, seed: u64) -> Outcome {
    let mut chance = Seeded::new(seed);
    let listen = free_address().await;
    let network = Network::start(Some(listen), seed).await;
    let house = House::set_up(program, &[("graph_url", &network.url())]);
    let mut gateway = house.start(listen).await;
    Agent::sign_in(&gateway.url()).await.greeted_by(CONTACTS, listen).await;
    let database = Database::open(&house.database()).await;
    let mut odd = Seeded::new(seed.wrapping_add(1));
    let lies: Vec<bool> = (0..files).map(|_| odd.next().is_multiple_of(LIES)).collect();
    // Each life of the gateway has its share of the files.
    let allowed = Cell::new(0);
    let sending = async {
        for (number, lie) in lies.iter().enumerate() {
            until("the next life begins", PATIENCE, async || (number < allowed.get()).then_some(())).await;
            let (name, bytes) = (samples::name(number), samples::bytes(number));
            network
                .sends(&phone(number % CONTACTS), (&name, &bytes), &oddity(*lie, bytes.len(), &mut odd))
                .await;
        }
    };
    let mut hits = 0;
    let killing = async {
        for kill in 1..=kills {
            allowed.set(files * kill / kills);
            within(Duration::from_secs(1), async || (database.count("fetching").await > 0).then_some(()))
                .await;
            pause(Duration::from_micros(chance.next() % 150_000)).await;
            hits += usize::from(database.count("fetching").await > 0);
            gateway.kill();
            gateway = house.start(listen).await;
        }
    };
    tokio::join!(sending, killing);
    for _life in 0..LAST_LIVES {
        let settled = within(SETTLED_WITHIN / LAST_LIVES, async || {
            let known = database.contacts_files().await;
            (known.len() >= files && known.iter().all(|file| file.state != "fetching")).then_some(())
        });
        if settled.await.is_some() {
            break;
        }
        gateway.kill();
        gateway = house.start(listen).await;
    }
    // One that starts removes what the ones before were writing when they were killed.
    gateway.kill();
    let _gateway = house.start(listen).await;
    let known = database.contacts_files().await;
    let belongs = |file: &String| {
        known
            .iter()
            .any(|one| one.state == "ready" && one.file == file.strip_suffix("-preview").unwrap_or(file))
    };
    let outcome = judge(&house, &known, &lies);
    let left_over = house.files().iter().filter(|file| !belongs(file)).count();
    let broken_off = house.log_lines("a file could not be had");
    database.close().await;
    Outcome { left_over, hits, broken_off, ..outcome }
}

/// What is wrong with a file, on its way or for good: of twelve, one is cut, one is not to be had at first, and one has an
/// address that is not good at first.
fn oddity(lie: bool, length: usize, chance: &mut Seeded) -> Value {
    if lie {
        return json!({"sha256": "0".repeat(64)});
    }
    match chance.next() % 12 {
        0 => json!({"cuts": 1, "cut_after": chance.next() % length as u64}),
        1 => json!({"broken": 1}),
        2 => json!({"stale": 1}),
        _ => json!({}),
    }
}

fn judge(house: &House, known: &[OfContact], lies: &[bool]) -> Outcome {
    let mut outcome = Outcome::default();
    let known: BTreeMap<_, _> =
        known.iter().filter_map(|file| Some((samples::number(&file.name)?, file))).collect();
    for (number, lie) in lies.iter().enumerate() {
        match known.get(&number) {
            Some(file) if file.state == "ready" => {
                outcome.ready += 1;
                let Some(mut bytes) = house.file(&file.file) else {
                    outcome.lost += 1;
                    continue;
                };
                let is_same = |bytes: &[u8]| bytes == samples::bytes(number);
                outcome.damaged += usize::from(*lie || !is_same(&bytes));
                bytes[0] ^= 1;
                outcome.unnoticed += usize::from(is_same(&bytes));
            }
            Some(file) if file.state == "failed" => {
                outcome.failed += 1;
                outcome.speechless += usize::from(file.reason.is_empty());
                outcome.given_up += usize::from(!lie);
            }
            _ => outcome.lost += 1,
        }
    }
    outcome
}
