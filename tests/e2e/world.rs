//! Everything outside the window: gateway, database, WhatsApp.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use base64::Engine as _;
use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime, sync::oneshot, task::JoinHandle};
use waxwing_gateway::{
    auth,
    clock::Clock,
    config::Config,
    embedded,
    media::Workshop,
    server::{self, ServerError},
    simulator::{Simulator, SimulatorConfig, script::Script},
    store::{
        Store,
        agents::{self, NewAgent},
        numbers,
    },
};
use waxwing_protocol::{agent::Role, api};

/// Who signs in.
pub(crate) const USER_NAME: &str = "ana";
/// With what.
pub(crate) const PASSWORD: &str = "a long walk on a grey beach";
/// Who leads the team, with the same password.
pub(crate) const LEAD: &str = "leo";
/// A contact that nobody scripted.
pub(crate) const CONTACT: &str = "15550100999";

/// Gateway, database and WhatsApp, running until dropped.
pub(crate) struct World {
    runtime: Runtime,
    folder: TempDir,
    config: Config,
    simulator: Simulator,
    gateway: Option<Serving>,
    /// How many seconds the clock of this world is ahead of the machine's.
    ahead: Arc<AtomicI64>,
}

/// A gateway that serves: how to stop it, and its end.
struct Serving {
    stop: oneshot::Sender<()>,
    end: JoinHandle<Result<(), ServerError>>,
}

impl World {
    /// Starts everything, with one business number, an agent and a lead.
    pub(crate) fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// The same with a gateway that is set otherwise.
    pub(crate) fn start_with(adjust: impl FnOnce(&mut Config)) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let ahead = Arc::default();
        let (config, simulator) = runtime.block_on(async {
            let (network_at, gateway_at) = (port().await, port().await);
            let listen = gateway_at.local_addr().expect("an address");
            let network = SimulatorConfig {
                speed: 50.0,
                script: Script::default(),
                ..SimulatorConfig::sample(format!("http://{listen}/webhooks/whatsapp"))
            };
            let mut config = Config {
                listen,
                data_folder: folder.path().join("gateway"),
                graph_url: format!("http://{}", network_at.local_addr().expect("an address")),
                ..Config::default()
            };
            adjust(&mut config);
            let store = Store::open(&config.database()).await.expect("opens");
            prepare(&store, &network).await;
            store.close().await;
            (config, Simulator::start(network_at, network, clock(&ahead)).expect("starts"))
        });
        let mut world = Self { runtime, folder, config, simulator, gateway: None, ahead };
        world.start_gateway();
        world
    }

    /// Where desktops connect.
    pub(crate) fn gateway_url(&self) -> String {
        format!("http://{}", self.config.listen)
    }

    /// A folder for the desktop on a machine.
    pub(crate) fn folder_of(&self, machine: &str) -> std::path::PathBuf {
        self.folder.path().join(machine)
    }

    /// Stops the gateway in good order.
    pub(crate) fn stop_gateway(&mut self) {
        let Serving { stop, end } = self.gateway.take().expect("it runs");
        stop.send(()).expect("it listens");
        self.runtime.block_on(end).expect("it ends").expect("it ends well");
    }

    /// Which files may go in and out from the gateway's next start on.
    pub(crate) fn limit_files(&mut self, limits: &str) {
        self.config.attachments = toml::from_str(limits).expect("reads");
    }

    /// Starts the gateway where it was.
    pub(crate) fn start_gateway(&mut self) {
        let (config, clock) = (self.config.clone(), clock(&self.ahead));
        let (stop, stopped) = oneshot::channel();
        let (store, listener) = self.runtime.block_on(async {
            let store = Store::open(&config.database()).await.expect("opens");
            (store, TcpListener::bind(config.listen).await.expect("the port is free"))
        });
        let end = self.runtime.spawn(async move {
            let stopped = async move { stopped.await.unwrap_or_default() };
            server::serve(&config, (store, clock), Workshop::here(), (listener, None), stopped).await
        });
        self.gateway = Some(Serving { stop, end });
    }

    /// Lets a contact write.
    pub(crate) fn say(&self, contact: &str, text: &str) {
        self.say_payload(contact, &json!({"type": "text", "text": {"body": text}}));
    }

    /// Lets a contact send anything that the Cloud API knows, or does not; says its id.
    pub(crate) fn say_payload(&self, contact: &str, payload: &Value) -> String {
        let _guard = self.runtime.enter();
        self.simulator.say(contact, payload)
    }

    /// Directs the network, as over its control surface.
    pub(crate) fn control(&self, path: &str, body: &Value) {
        let url = format!("{}/control/{path}", self.simulator.url());
        let answer = self.runtime.block_on(reqwest::Client::new().post(url).json(body).send());
        assert!(answer.expect("it answers").status().is_success(), "{path}");
    }

    /// Adds a file that contacts can send, and says its id.
    pub(crate) fn add_file(&self, mime: &str, base64: &str) -> String {
        let url = format!("{}/control/media", self.simulator.url());
        let file = json!({"mime": mime, "base64": base64});
        let answer: Value = self.runtime.block_on(async {
            let sent = reqwest::Client::new().post(url).json(&file).send().await;
            sent.expect("it answers").json().await.expect("JSON")
        });
        answer["id"].as_str().expect("an id").to_owned()
    }

    /// Adds a file that contacts can send, and says its id.
    pub(crate) fn add_bytes(&self, mime: &str, bytes: &[u8]) -> String {
        self.add_file(mime, &base64::engine::general_purpose::STANDARD.encode(bytes))
    }

    /// The bytes of a file that WhatsApp has.
    pub(crate) fn file(&self, id: &str) -> Vec<u8> {
        let url = format!("{}/control/media/{id}", self.simulator.url());
        self.runtime.block_on(async {
            let answer =
                reqwest::get(url).await.expect("it answers").error_for_status().expect("it is there");
            answer.bytes().await.expect("all of it").to_vec()
        })
    }

    /// Everything that WhatsApp took, in order: messages and reactions.
    pub(crate) fn sent(&self) -> Vec<Value> {
        let all = self.simulator.received().0.into_iter();
        all.filter(|one| one.wamid.is_some()).map(|one| one.body).collect()
    }

    /// The words of these, in order.
    pub(crate) fn received(&self) -> Vec<String> {
        let words = |body: &Value| body["text"]["body"].as_str().map(str::to_owned);
        self.sent().iter().filter_map(words).collect()
    }

    /// Lets time pass, for the gateway and for WhatsApp; desktops hear of it with what they hear next. What is due then is done as
    /// soon as somebody signs in.
    pub(crate) fn pass(&self, seconds: i64) {
        self.ahead.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Does something while nothing can be written into the database: what is asked of the gateway meanwhile waits.
    pub(crate) fn while_nothing_is_written(&self, act: impl FnOnce()) {
        let (store, change) = self.runtime.block_on(async {
            let store = Store::open(&self.config.database()).await.expect("opens");
            let change = store.begin().await.expect("begins");
            (store, change)
        });
        act();
        self.runtime.block_on(async {
            drop(change);
            store.close().await;
        });
    }

    /// Everything that lies before the agent, as the gateway tells a fresh desktop.
    pub(crate) fn snapshot(&self) -> Value {
        self.asks(USER_NAME, Method::GET, api::EVENTS, Vec::new()).1["snapshot"].take()
    }

    /// What the gateway answers the agent who reads something there.
    pub(crate) fn reads(&self, path: &str) -> Value {
        self.asks(USER_NAME, Method::GET, path, Vec::new()).1
    }

    /// The lead of the team asks the gateway for something, with bytes or JSON.
    pub(crate) fn as_lead(&self, method: Method, path: &str, body: Vec<u8>) -> Value {
        let (status, answer) = self.asks(LEAD, method, path, body);
        assert!(status.is_success(), "{path}: {status}");
        answer
    }

    /// Somebody signs in on one more desktop and asks the gateway for something, with bytes or JSON; what it answers.
    pub(crate) fn asks(&self, who: &str, method: Method, path: &str, body: Vec<u8>) -> (StatusCode, Value) {
        let (sign_in, url) = (self.gateway_url() + api::SIGN_IN, self.gateway_url() + path);
        let client = reqwest::Client::new();
        let credentials = json!({"user_name": who, "password": PASSWORD});
        self.runtime.block_on(async {
            let answer = client.post(sign_in).json(&credentials).send().await.expect("it answers");
            let signed_in: Value = answer.json().await.expect("JSON");
            let token = signed_in["token"].as_str().expect("a token");
            let request = client.request(method, url).bearer_auth(token);
            let request = request.header("content-type", "application/json").body(body);
            let answer = request.send().await.expect("it answers");
            // Some answers have no body.
            (answer.status(), answer.json().await.unwrap_or_default())
        })
    }

    /// What WhatsApp was told otherwise, as its control surface lists it: `reads` or `typing`.
    pub(crate) fn told(&self, what: &str) -> Vec<Value> {
        let url = format!("{}/control/{what}", self.simulator.url());
        self.runtime
            .block_on(async { reqwest::get(url).await.expect("it answers").json().await.expect("JSON") })
    }
}

/// The clock of a world that is so far ahead.
fn clock(ahead: &Arc<AtomicI64>) -> Clock {
    let (machine, ahead) = (Clock::system(), Arc::clone(ahead));
    Clock::from_fn(move || machine.now() + TimeDelta::seconds(ahead.load(Ordering::SeqCst)))
}

async fn port() -> TcpListener {
    TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a port")
}

async fn prepare(store: &Store, network: &SimulatorConfig) {
    let now = Clock::system().now();
    let agent = NewAgent {
        user_name: USER_NAME.to_owned(),
        display_name: "Ana Ruiz".to_owned(),
        role: Role::Agent,
        capacity: 6,
        team: None,
        password_hash: auth::hash_password(PASSWORD),
    };
    let mut change = store.begin().await.expect("begins");
    numbers::add_number(&mut change, &embedded::number_of(network), now).await.expect("adds the number");
    let lead = NewAgent {
        user_name: LEAD.to_owned(),
        display_name: "Leo Lind".to_owned(),
        role: Role::TeamLead,
        ..agent.clone()
    };
    agents::add_agent(&mut change, &agent, now).await.expect("adds the agent");
    agents::add_agent(&mut change, &lead, now).await.expect("adds the lead");
    change.commit().await.expect("commits");
}
