//! The gateway is killed while webhooks come in. Whatever it has answered with 200 is stored, once.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Mutex, watch};
use waxwing_gateway::random::Seeded;

use crate::{
    hasty,
    kit::{
        database::Database,
        house::{ANY_PORT, House},
        http::Connection,
        wait::{now, pause},
        webhook::{Writer, wamid},
    },
};

/// How much is sent and killed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) webhooks: usize,
    pub(crate) kills: usize,
    pub(crate) connections: usize,
    pub(crate) seed: u64,
    /// Whether webhooks go through a front that answers before anything is kept.
    pub(crate) is_hasty: bool,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Webhooks answered with 200.
    pub(crate) answered: usize,
    /// Of these, how many are not stored.
    pub(crate) lost: usize,
    /// Texts stored more than once.
    pub(crate) doubled: usize,
    /// Kills while at least one request was without its answer.
    pub(crate) hits: usize,
    /// How often a webhook was posted again because its answer never came.
    pub(crate) repeated: usize,
    /// Whether SQLite finds the database in order.
    pub(crate) is_sound: bool,
    /// The longest time from a kill until the gateway was ready again.
    pub(crate) slowest_return: Duration,
    /// Lost and doubled as they are counted after one message was taken out and another one put in twice on purpose.
    pub(crate) control: (usize, usize),
    /// What the gateways logged of faults.
    pub(crate) faults: Vec<String>,
}

/// What senders and killer know of one another.
struct Traffic {
    /// Where the gateway is now; none while it is dead.
    address: watch::Sender<Option<SocketAddr>>,
    waiting: Mutex<VecDeque<usize>>,
    under_way: AtomicUsize,
    answered: AtomicUsize,
    repeated: AtomicUsize,
}

/// Does it.
pub(crate) async fn run(program: &Path, plan: Plan) -> Outcome {
    let house = House::set_up(program, &[]);
    let traffic = Arc::new(Traffic {
        address: watch::Sender::new(None),
        waiting: Mutex::new((0..plan.webhooks).collect()),
        under_way: AtomicUsize::new(0),
        answered: AtomicUsize::new(0),
        repeated: AtomicUsize::new(0),
    });
    let mut addresses = traffic.address.subscribe();
    if plan.is_hasty {
        let front = hasty::start(addresses).await;
        // The front is always there; that is what is wrong with it.
        addresses = watch::Sender::new(Some(front)).subscribe();
    }
    let sender = |_| tokio::spawn(send(Arc::clone(&traffic), addresses.clone()));
    let senders: Vec<_> = (0..plan.connections).map(sender).collect();
    let (mut hits, mut slowest_return, mut faults) = (0, Duration::ZERO, Vec::new());
    let mut chance = Seeded::new(plan.seed);
    let mut gateway = house.start(ANY_PORT).await;
    for at in kills(plan, &mut chance) {
        traffic.address.send_replace(Some(gateway.address));
        while traffic.answered.load(Ordering::SeqCst) < at {
            pause(Duration::from_micros(200)).await;
        }
        // Where in the life of a request it hits is left to chance, too.
        pause(Duration::from_micros(chance.next() % 4000)).await;
        hits += usize::from(traffic.under_way.load(Ordering::SeqCst) > 0);
        let killed = now();
        gateway.kill();
        traffic.address.send_replace(None);
        faults.append(&mut gateway.faults());
        gateway = house.start(ANY_PORT).await;
        slowest_return = slowest_return.max(killed.elapsed());
    }
    traffic.address.send_replace(Some(gateway.address));
    for sender in senders {
        sender.await.expect("a sender ends");
    }
    gateway.kill();
    let answered = traffic.answered.load(Ordering::SeqCst);
    let gateway = house.start(ANY_PORT).await;
    faults.append(&mut gateway.faults());
    drop(gateway);
    let database = Database::open(&house.database()).await;
    let is_sound = database.is_sound().await;
    let (lost, doubled) = verdict(&database, plan).await;
    let control = control(&database, plan).await;
    database.close().await;
    Outcome {
        answered,
        lost,
        doubled,
        hits,
        repeated: traffic.repeated.load(Ordering::SeqCst),
        is_sound,
        slowest_return,
        control,
        faults,
    }
}

/// After how many answers each kill comes: all over the run, and never after its end.
fn kills(plan: Plan, chance: &mut Seeded) -> Vec<usize> {
    let below = u64::try_from(plan.webhooks.saturating_sub(plan.connections)).unwrap_or(1).max(1);
    let drawn = (0..plan.kills).map(|_| usize::try_from(chance.next() % below).unwrap_or(0));
    let mut kills: Vec<usize> = drawn.collect();
    kills.sort_unstable();
    kills
}

fn text(number: usize) -> String {
    format!("webhook {number:06}: good morning, my parcel has not come. Where is it? {:.<160}", "")
}

/// One connection: posts what waits, again whatever got no 200.
async fn send(traffic: Arc<Traffic>, mut addresses: watch::Receiver<Option<SocketAddr>>) {
    let writer = Writer::new();
    let mut open: Option<(SocketAddr, Connection)> = None;
    loop {
        let Some(number) = traffic.waiting.lock().await.pop_front() else { return };
        let request = writer.message(&wamid(&format!("{number:06}")), number % 50, &text(number));
        loop {
            let at = *addresses.wait_for(Option::is_some).await.expect("the killer lives");
            let Some(at) = at else { continue };
            if open.as_ref().is_none_or(|(to, _)| *to != at) {
                open = Connection::open(at).await.ok().map(|connection| (at, connection));
            }
            let Some((_, connection)) = &mut open else {
                pause(Duration::from_millis(1)).await;
                continue;
            };
            traffic.under_way.fetch_add(1, Ordering::SeqCst);
            let answer = connection.exchange(&request).await;
            traffic.under_way.fetch_sub(1, Ordering::SeqCst);
            match answer {
                Ok(200) => {
                    traffic.answered.fetch_add(1, Ordering::SeqCst);
                    break;
                }
                Ok(503) => pause(Duration::from_millis(20)).await,
                Ok(status) => panic!("the gateway answers {status}"),
                Err(_gone) => open = None,
            }
            traffic.repeated.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// How many of the texts are missing, and how many are there more than once.
async fn verdict(database: &Database, plan: Plan) -> (usize, usize) {
    let stored = database.texts().await;
    let lost = (0..plan.webhooks).filter(|number| !stored.contains_key(&text(*number))).count();
    (lost, stored.values().filter(|times| **times > 1).count())
}

/// Whether the verdict sees what is wrong: takes one message out and makes another one twice.
async fn control(database: &Database, plan: Plan) -> (usize, usize) {
    let damage = "PRAGMA foreign_keys = OFF;
        DELETE FROM messages WHERE rowid = (SELECT MIN(rowid) FROM messages);
        INSERT INTO messages (id, interaction_id, session_id, author, body, fallback, sent_at, stored_at)
            SELECT id || 'x', interaction_id, session_id, author, body, fallback, sent_at, stored_at
            FROM messages WHERE rowid = (SELECT MAX(rowid) FROM messages);";
    database.damage(damage).await;
    verdict(database, plan).await
}
