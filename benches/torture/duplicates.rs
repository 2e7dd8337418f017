//! Messages and statuses come one to five times, in any order, several copies at the same moment. Each counts once, and a
//! status never goes back.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use waxwing_gateway::random::Seeded;
use waxwing_protocol::{
    delivery::{Delivery, DeliveryState},
    event::Event,
    id::MessageId,
};

use crate::{
    kit::{
        agent::Agent,
        database::Database,
        house::{ANY_PORT, Gateway, House},
        http::Connection,
        wait::{PATIENCE, until},
        webhook::{Writer, phone, wamid},
    },
    network::{CONTACTS, Network},
};

const CONNECTIONS: usize = 16;
const STATUSES: [&str; 3] = ["sent", "delivered", "read"];

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Webhooks posted, copies included.
    pub(crate) posted: usize,
    /// The most copies of one webhook that were under way at the same moment.
    pub(crate) most_at_once: usize,
    /// Messages missing or stored more than once.
    pub(crate) miscounted: usize,
    /// Statuses missing or stored more than once.
    pub(crate) miscounted_statuses: usize,
    /// Contacts with another number of open sessions than one.
    pub(crate) sessions_off: usize,
    /// How often an agent was told how far a message has got.
    pub(crate) told: usize,
    /// Times that it lay behind what they were told before.
    pub(crate) went_back: usize,
    /// Our messages that did not end as read.
    pub(crate) not_read: usize,
}

/// One webhook and how many copies of it are under way.
struct Post {
    request: Vec<u8>,
    under_way: AtomicUsize,
}

/// Does it with so many messages each way.
pub(crate) async fn run(program: &Path, messages: usize, seed: u64) -> Outcome {
    // Nobody but us sends statuses.
    let network = Network::start(None, seed).await;
    let house = House::set_up(program, &[("graph_url", &network.url())]);
    let gateway = house.start(ANY_PORT).await;
    send_ours(&gateway, messages).await;
    let database = Database::open(&house.database()).await;
    let ours = until("WhatsApp has taken every message", PATIENCE * 4, async || {
        let ours = database.ours().await;
        let named: Vec<String> = ours.into_iter().filter_map(|one| one.wamid).collect();
        (named.len() == messages).then_some(named)
    })
    .await;
    let posts = shuffled(messages, &ours, &mut Seeded::new(seed));
    let posted = posts.len();
    let most_at_once = post_all(gateway.address, posts).await;
    let mut outcome = judge(&database, messages, &network.texts()).await;
    (outcome.posted, outcome.most_at_once) = (posted, most_at_once);
    database.close().await;
    outcome
}

/// Each contact writes, and is answered until there are enough messages of ours.
async fn send_ours(gateway: &Gateway, messages: usize) {
    let agent = Agent::sign_in(&gateway.url()).await;
    let interactions = agent.greeted_by(CONTACTS, gateway.address).await;
    for number in 0..messages {
        agent.send(interactions[&phone(number % CONTACTS)], &format!("answer {number}")).await;
    }
}

/// Every webhook one to five times, in any order; of every fourth, all copies come together.
fn shuffled(messages: usize, ours: &[String], chance: &mut Seeded) -> Vec<Arc<Post>> {
    let writer = Writer::new();
    let inbound = (0..messages).map(|number| {
        writer.message(&wamid(&format!("in{number}")), number % CONTACTS, &format!("inbound {number}"))
    });
    let statuses = ours.iter().flat_map(|wamid| STATUSES.map(|status| writer.status(wamid, status)));
    let mut groups: Vec<(u64, Vec<Arc<Post>>)> = Vec::new();
    for request in inbound.chain(statuses) {
        let post = Arc::new(Post { request, under_way: AtomicUsize::new(0) });
        let together = chance.next().is_multiple_of(4);
        let copies = if together { 8 } else { 1 + chance.next() % 5 };
        let copies = (0..copies).map(|_| Arc::clone(&post));
        if together {
            groups.push((chance.next(), copies.collect()));
        } else {
            groups.extend(copies.map(|copy| (chance.next(), vec![copy])));
        }
    }
    groups.sort_by_key(|(place, _)| *place);
    groups.into_iter().flat_map(|(_, group)| group).collect()
}

/// Posts everything over several connections; says how many copies of one were under way at once.
async fn post_all(to: SocketAddr, posts: Vec<Arc<Post>>) -> usize {
    let (posts, next) = (Arc::new(posts), Arc::new(AtomicUsize::new(0)));
    let posting = (0..CONNECTIONS).map(|_| {
        let (posts, next) = (Arc::clone(&posts), Arc::clone(&next));
        tokio::spawn(async move {
            let mut connection = Connection::open(to).await.expect("the gateway listens");
            let mut most = 0;
            while let Some(post) = posts.get(next.fetch_add(1, Ordering::SeqCst)) {
                most = most.max(post.under_way.fetch_add(1, Ordering::SeqCst) + 1);
                let status = connection.exchange(&post.request).await.expect("answers");
                post.under_way.fetch_sub(1, Ordering::SeqCst);
                assert_eq!(status, 200);
            }
            most
        })
    });
    let mut most = 0;
    for one in posting.collect::<Vec<_>>() {
        most = most.max(one.await.expect("a sender ends"));
    }
    most
}

async fn judge(database: &Database, messages: usize, taken: &BTreeMap<String, usize>) -> Outcome {
    let stored = database.texts().await;
    let inbound = (0..messages).map(|number| format!("inbound {number}"));
    let answers = (0..messages).map(|number| format!("answer {number}"));
    let once = |counts: &BTreeMap<String, usize>, text: &str| counts.get(text) == Some(&1);
    let mut miscounted = inbound.filter(|text| !once(&stored, text)).count();
    miscounted += answers.filter(|text| !once(&stored, text) || !once(taken, text)).count();
    let statuses = usize::try_from(database.count("statuses").await).unwrap_or_default();
    let sessions = usize::try_from(database.count("sessions").await).unwrap_or_default();
    let ours = database.ours().await;
    let (told, went_back) = progress(&database.events().await);
    Outcome {
        posted: 0,
        most_at_once: 0,
        miscounted,
        miscounted_statuses: statuses.abs_diff(messages * STATUSES.len()),
        sessions_off: sessions.abs_diff(CONTACTS),
        told,
        went_back,
        not_read: ours.iter().filter(|one| one.delivery != Delivery::Read).count(),
    }
}

/// How often an agent was told of a message's state, and how often it lay not further than the one before.
fn progress(events: &[Event]) -> (usize, usize) {
    let mut reached: BTreeMap<MessageId, DeliveryState> = BTreeMap::new();
    let (mut told, mut back) = (0, 0);
    for event in events {
        let Event::DeliveryChanged { message, state, .. } = event else { continue };
        let before = reached.insert(*message, state.clone());
        let forward = before.is_none_or(|mut before| before.advance(state));
        told += 1;
        back += usize::from(!forward);
    }
    (told, back)
}
