//! A gateway and a WhatsApp network in a box, both inside this process: what the desktop's demo runs on.
//!
//! It is the real gateway on a real database; only the Graph API is played. The contacts begin to write when the demo
//! agent first becomes ready.

mod workbins;

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use waxwing_media::child::Workshop;
use waxwing_protocol::{agent::Role, id::AgentId};

use crate::{
    auth,
    clock::Clock,
    config::Config,
    random,
    server::{self, ServerError},
    simulator::{Simulator, SimulatorConfig},
    store::{
        Store, StoreError,
        agents::{self, NewAgent},
        numbers::{self, NumberSettings},
    },
};

/// What the demo agent signs in with.
pub const USER_NAME: &str = "demo";

/// How the demo runs.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the database lies; made if it is not there, kept afterwards.
    pub data_folder: PathBuf,
    /// The program that looks into files when it is run as `<program> decode <job>`: usually this one.
    pub decoder: PathBuf,
    /// How many times faster than life the contacts are; more than 0.
    pub speed: f64,
}

/// Why the demo could not begin.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No port of this machine could be used.
    #[error("no port of this machine can be used: {0}")]
    Port(#[from] io::Error),
    /// The database can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A running demo. Dropped without [`Embedded::stop`], it goes on until the runtime ends.
#[derive(Debug)]
pub struct Embedded {
    /// Where desktops connect.
    pub gateway_url: String,
    /// Where the Graph API is played, and directed under `/control`.
    pub simulator_url: String,
    /// What the demo agent signs in with.
    pub user_name: String,
    /// Their password, drawn anew at each start.
    pub password: String,
    simulator: Arc<Simulator>,
    stop: oneshot::Sender<()>,
    gateway: JoinHandle<Result<(), ServerError>>,
}

impl Embedded {
    /// The network, to direct it from inside the process.
    #[must_use]
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// Stops both; returns when the database is closed.
    pub async fn stop(self) {
        self.simulator.stop();
        // Nobody hears it if the gateway has ended by itself.
        self.stop.send(()).unwrap_or_default();
        match self.gateway.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the embedded gateway ended badly"),
            Err(error) => tracing::error!(%error, "the embedded gateway broke off"),
        }
    }
}

/// Starts gateway and network on free ports of this machine, with one business number and one agent, who leads a team: all that
/// there is can be tried.
pub async fn start(options: &Options) -> Result<Embedded, EmbeddedError> {
    let clock = Clock::system();
    let (gateway_at, gateway_url) = free_port().await?;
    let (simulator_at, simulator_url) = free_port().await?;
    let config = Config {
        data_folder: options.data_folder.clone(),
        graph_url: simulator_url.clone(),
        workbins: workbins::rules(),
        wrap_up: workbins::wrap_up_rules(),
        ..Config::default()
    };
    let store = Store::open(&config.database()).await?;
    let mut network = SimulatorConfig {
        token: draw_secret(),
        app_secret: draw_secret(),
        seed: u64::from_be_bytes(random::bytes()),
        speed: options.speed,
        ..SimulatorConfig::sample(format!("{gateway_url}/webhooks/whatsapp"))
    };
    network.script.people.extend(workbins::people());
    let password = draw_secret();
    let (agent, is_new) = prepare(&store, &clock, &network, &password).await?;
    let simulator = Arc::new(Simulator::start(simulator_at, network, clock.clone())?);
    let (stop, stopped) = oneshot::channel();
    let workshop = Workshop::of_program(options.decoder.clone());
    let serving = (store.clone(), clock.clone());
    let gateway = tokio::spawn(async move {
        let stopped = async move { stopped.await.unwrap_or_default() };
        server::serve(&config, serving, workshop, (gateway_at, None), stopped).await
    });
    if is_new {
        workbins::fill((&store, &clock), &simulator, agent).await?;
    }
    tokio::spawn(play_when_ready(store, agent, Arc::clone(&simulator)));
    Ok(Embedded {
        gateway_url,
        simulator_url,
        user_name: USER_NAME.to_owned(),
        password,
        simulator,
        stop,
        gateway,
    })
}

async fn free_port() -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((listener, url))
}

fn draw_secret() -> String {
    URL_SAFE_NO_PAD.encode(random::bytes::<18>())
}

/// The business number that a network in a box answers for; its verify token is drawn anew.
#[must_use]
pub fn number_of(network: &SimulatorConfig) -> NumberSettings {
    NumberSettings {
        name: "Waxwing Supplies".to_owned(),
        display_number: "+1 555 078 3881".to_owned(),
        phone_number_id: network.phone_number_id.clone(),
        account_id: network.account_id.clone(),
        token: network.token.clone(),
        app_secret: network.app_secret.clone(),
        verify_token: draw_secret(),
    }
}

/// Puts number and agents into the database, or gives those of an earlier run their new secrets. Says whether they are new.
async fn prepare(
    store: &Store,
    clock: &Clock,
    network: &SimulatorConfig,
    password: &str,
) -> Result<(AgentId, bool), StoreError> {
    let (now, password_hash) = (clock.now(), auth::hash_password(password));
    let mut change = store.begin().await?;
    numbers::add_number(&mut change, &number_of(network), now).await?;
    let agent = NewAgent {
        user_name: USER_NAME.to_owned(),
        display_name: "Demo Agent".to_owned(),
        role: Role::TeamLead,
        capacity: 20,
        team: None,
        password_hash: password_hash.clone(),
    };
    let added = agents::add_agent(&mut change, &agent, now).await?;
    let id = match added {
        Some(id) => Some(id),
        None => agents::set_password(&mut change, USER_NAME, &password_hash).await?,
    };
    if let Some(id) = id {
        agents::set_role(change.db(), id, agent.role).await?;
    }
    workbins::employ(&mut change, now).await?;
    change.commit().await?;
    let id = id.ok_or(StoreError::Unreadable { what: "demo agent" })?;
    Ok((id, added.is_some()))
}

/// Lets the contacts begin once the agent is ready; every change of their status rings their bell.
async fn play_when_ready(store: Store, agent: AgentId, simulator: Arc<Simulator>) {
    let mut bell = store.feed().listen(agent);
    loop {
        match is_ready(&store, agent).await {
            Ok(true) => return simulator.play(),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the demo agent's status can't be read"),
        }
        if bell.changed().await.is_err() {
            return;
        }
    }
}

async fn is_ready(store: &Store, agent: AgentId) -> Result<bool, StoreError> {
    let mut read = store.read().await?;
    let record = agents::get(read.db(), agent).await?;
    Ok(record.is_some_and(|record| record.status.status.is_ready()))
}
