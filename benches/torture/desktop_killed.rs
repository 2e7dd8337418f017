//! The desktop is killed while it sends. Whatever it has shown as written reaches the customer, once and in order.

use std::{
    collections::BTreeSet,
    env,
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use waxwing_gateway::random::Seeded;

use crate::{
    desktop::{Orders, text},
    kit::{
        agent::Agent,
        database::Database,
        house::{ANY_PORT, House},
        programs,
        wait::{PATIENCE, pause, until, within},
    },
    network::Network,
    sending::overtaken,
};

const CONVERSATIONS: usize = 4;
/// How many messages the last desktop writes that is not killed.
const AFTERWARDS: usize = 30;

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Messages that a desktop has shown as written.
    pub(crate) kept: usize,
    /// Of these, how many no customer got.
    pub(crate) lost: usize,
    /// Texts that a customer got more than once.
    pub(crate) doubled: usize,
    /// Messages that overtook an earlier one to the same customer.
    pub(crate) overtaken: usize,
    /// Kills while something written had not reached the gateway.
    pub(crate) hits: usize,
}

/// What desktops have said so far.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// The messages that were handed to the service.
    pub(crate) hands: BTreeSet<usize>,
    /// Those that it has shown as written.
    pub(crate) keeps: BTreeSet<usize>,
    /// Those that it has shown as failed.
    pub(crate) fails: BTreeSet<usize>,
    /// Whether everything has left.
    pub(crate) has_left: bool,
}

/// A desktop's life.
pub(crate) struct Life {
    child: Child,
    /// Until it has ended.
    reader: Option<JoinHandle<()>>,
}

/// Does it.
pub(crate) async fn run(program: &Path, kills: usize, seed: u64) -> Outcome {
    let mut chance = Seeded::new(seed);
    let network = Network::start(None, seed).await;
    let house = House::set_up(program, &[("graph_url", &network.url())]);
    let gateway = house.start(ANY_PORT).await;
    let agent = Agent::sign_in(&gateway.url()).await;
    agent.greeted_by(CONVERSATIONS, gateway.address).await;
    let database = Database::open(&house.database()).await;
    let folder = programs::folder();
    let said = Arc::new(Mutex::new(Said::default()));
    let (mut first, mut hits) = (0, 0);
    let orders = |first, end| {
        let (gateway, folder) = (gateway.url(), folder.path().to_owned());
        Orders { gateway, folder, conversations: CONVERSATIONS, first, end }.write()
    };
    for _ in 0..kills {
        let mut life = Life::begin(&orders(first, usize::MAX), folder.path(), &said);
        until("a desktop writes", PATIENCE, async || {
            life.must_live();
            lock(&said).keeps.last().is_some_and(|last| *last >= first).then_some(())
        })
        .await;
        pause(Duration::from_micros(chance.next() % 150_000)).await;
        life.end();
        let stored = database.texts().await;
        hits += usize::from(lock(&said).hands.iter().any(|number| !stored.contains_key(&text(*number))));
        first = lock(&said).hands.last().map_or(0, |last| last + 1);
    }
    let mut life = Life::begin(&orders(first, first + AFTERWARDS), folder.path(), &said);
    until("the last desktop is done", PATIENCE * 2, async || {
        let has_left = lock(&said).has_left;
        if !has_left {
            life.must_live();
        }
        has_left.then_some(())
    })
    .await;
    life.end();
    within(PATIENCE, async || (database.count("outbox").await == 0).then_some(())).await;
    database.close().await;
    let (got, said) = (network.texts(), lock(&said));
    Outcome {
        kept: said.keeps.len(),
        lost: said.keeps.iter().filter(|number| !got.contains_key(&text(**number))).count(),
        doubled: got.values().filter(|times| **times > 1).count(),
        overtaken: overtaken(&network.taken()),
        hits,
    }
}

impl Life {
    /// Starts this very program as a desktop with this folder, out of reach of this machine's keyring.
    pub(crate) fn begin(arguments: &[String], folder: &Path, said: &Arc<Mutex<Said>>) -> Self {
        let nobody = format!("unix:path={}", folder.join("no-bus").display());
        let mut child = Command::new(env::current_exe().expect("a program has a file"))
            .args(arguments)
            .env("DBUS_SESSION_BUS_ADDRESS", nobody)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("this program runs");
        let (output, said) = (child.stdout.take().expect("is piped"), Arc::clone(said));
        let read = move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let Some((word, number)) = line.split_once(' ') else { continue };
                let Ok(number) = number.parse() else { continue };
                let mut said = lock(&said);
                match word {
                    "hands" => drop(said.hands.insert(number)),
                    "keeps" => drop(said.keeps.insert(number)),
                    "fails" => drop(said.fails.insert(number)),
                    _ => said.has_left = true,
                }
            }
        };
        let reader = std::thread::Builder::new().name("desktop-output".to_owned()).spawn(read);
        Self { child, reader: Some(reader.expect("there is room for a thread")) }
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Fails if it has ended by itself.
    pub(crate) fn must_live(&mut self) {
        assert!(self.child.try_wait().expect("is our child").is_none(), "the desktop ended by itself");
    }

    /// Kills it; returns when all that it had said was heard.
    pub(crate) fn end(mut self) {
        self.stop();
    }

    fn stop(&mut self) {
        self.child.kill().expect("is our child");
        self.child.wait().expect("is our child");
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the reader ends");
        }
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.stop();
    }
}

pub(crate) fn lock(said: &Mutex<Said>) -> MutexGuard<'_, Said> {
    said.lock().unwrap_or_else(PoisonError::into_inner)
}
