//! The gateway is killed while it sends, and the network drops answers, hangs and fails. No customer gets a message twice,
//! and none is lost without the agent being told.

use std::{cell::Cell, collections::BTreeMap, path::Path, time::Duration};

use waxwing_gateway::random::Seeded;
use waxwing_protocol::delivery::Delivery;

use crate::{
    kit::{
        agent::Agent,
        database::Database,
        house::{ANY_PORT, House},
        wait::{PATIENCE, pause, until, within},
        webhook::phone,
    },
    network::{CONTACTS, Network},
};

/// How long a kill waits for a request to WhatsApp that it can interrupt.
const LEAVES_WITHIN: Duration = Duration::from_secs(1);

/// How long a message may take until everything about it is known.
const SETTLED_WITHIN: Duration = Duration::from_mins(2);

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Messages the gateway took in.
    pub(crate) accepted: usize,
    /// Texts that a customer got more than once.
    pub(crate) doubled: usize,
    /// Messages that no customer got, and no agent is told of.
    pub(crate) lost_silently: usize,
    /// Messages that never ended as sent, failed or uncertain.
    pub(crate) stuck: usize,
    /// Messages that arrived, and the agent does not know.
    pub(crate) unresolved: usize,
    /// Messages that overtook an earlier one to the same customer.
    pub(crate) overtaken: usize,
    /// Messages that arrived.
    pub(crate) arrived: usize,
    /// Messages that the agent was told have failed.
    pub(crate) failed: usize,
    /// Kills while a request to WhatsApp was under way.
    pub(crate) hits: usize,
    /// Requests to WhatsApp that got no answer that says anything.
    pub(crate) unanswered: usize,
}

/// Does it.
pub(crate) async fn run(program: &Path, messages: usize, kills: usize, seed: u64) -> Outcome {
    let mut chance = Seeded::new(seed);
    let listen = free_address().await;
    let network = Network::start(Some(listen), seed).await;
    let settings =
        [("graph_url", &*network.url()), ("graph_request_seconds", "1"), ("outbox_status_wait_seconds", "1")];
    let house = House::set_up(program, &settings);
    let mut gateway = house.start(listen).await;
    let agent = Agent::sign_in(&gateway.url()).await;
    let interactions = agent.greeted_by(CONTACTS, listen).await;
    network.misbehave(messages * 2, &mut chance).await;
    let database = Database::open(&house.database()).await;
    // Each life of the gateway has its share of the messages, so that there is something to send in all of them.
    let allowed = Cell::new(0);
    let sending = async {
        for number in 0..messages {
            until("the next life begins", PATIENCE, async || (number < allowed.get()).then_some(())).await;
            agent.send(interactions[&phone(number % CONTACTS)], &text(number)).await;
        }
    };
    let mut hits = 0;
    let killing = async {
        for kill in 1..=kills {
            allowed.set(messages * kill / kills);
            let leaves = async || (database.count("in_flight").await > 0).then_some(());
            within(LEAVES_WITHIN, leaves).await;
            pause(Duration::from_micros(chance.next() % 20_000)).await;
            hits += usize::from(database.count("in_flight").await > 0);
            gateway.kill();
            gateway = house.start(listen).await;
        }
    };
    tokio::join!(sending, killing);
    within(SETTLED_WITHIN, async || (database.count("outbox").await == 0).then_some(())).await;
    // Late statuses are posted again and again until the gateway has them.
    let mut outcome = judge(&database, &network, messages).await;
    within(PATIENCE, async || {
        outcome = judge(&database, &network, messages).await;
        (outcome.unresolved == 0).then_some(())
    })
    .await;
    database.close().await;
    network.behave().await;
    Outcome { hits, ..outcome }
}

/// An address that nobody has now: the network must know it before the gateway starts.
pub(crate) async fn free_address() -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind(ANY_PORT).await.expect("a port");
    listener.local_addr().expect("has an address")
}

fn text(number: usize) -> String {
    format!("answer {number:05}")
}

async fn judge(database: &Database, network: &Network, messages: usize) -> Outcome {
    let got = network.texts();
    let states: BTreeMap<String, Delivery> =
        database.ours().await.into_iter().map(|one| (one.text, one.delivery)).collect();
    let all = || (0..messages).map(text);
    let knows = |text: &String| states.get(text).is_some_and(|state| state.rank() >= Delivery::Sent.rank());
    let told = |text: &String| {
        matches!(states.get(text), Some(Delivery::Failed(_) | Delivery::Uncertain | Delivery::Accepted))
    };
    let ended =
        |text: &String| states.get(text).is_some_and(|state| state.rank() >= Delivery::Uncertain.rank());
    let failed = |text: &String| states.get(text).is_some_and(Delivery::is_failed);
    Outcome {
        accepted: states.len(),
        doubled: got.values().filter(|times| **times > 1).count(),
        lost_silently: all().filter(|text| !got.contains_key(text) && !told(text)).count(),
        stuck: all().filter(|text| !ended(text)).count(),
        unresolved: all().filter(|text| got.contains_key(text) && (!knows(text) || failed(text))).count(),
        overtaken: overtaken(&network.taken()),
        arrived: got.len(),
        failed: all().filter(failed).count(),
        hits: 0,
        unanswered: network
            .requests()
            .iter()
            .filter(|one| one.wamid.is_none() && one.refused.is_none())
            .count(),
    }
}

/// How many messages came after a later one to the same customer. Texts sort as they were written.
pub(crate) fn overtaken(taken: &[(String, String)]) -> usize {
    let mut last: BTreeMap<&str, &str> = BTreeMap::new();
    let mut count = 0;
    for (to, text) in taken {
        let before = last.insert(to, text);
        count += usize::from(before.is_some_and(|before| before > text.as_str()));
    }
    count
}
