//! A gateway, a network and a signed-in agent, and what a test does with them.

use std::{
    fs::OpenOptions,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, time::timeout};
use waxwing_gateway::{
    auth,
    clock::Clock,
    config::Config,
    embedded,
    simulator::{Received, Simulator, SimulatorConfig, script::Script},
    store::{
        Store,
        agents::{self, NewAgent},
        numbers::{self, NumberSettings},
    },
};
use waxwing_protocol::{
    agent::Role,
    delivery::Delivery,
    event::Event,
    id::{InteractionId, MessageId},
    interaction::Interaction,
    message::Message,
};

pub(crate) use crate::desktop::Desktop;

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
const PASSWORD: &str = "a long walk on a grey beach";

/// Everything that runs.
pub(crate) struct Bench {
    _folder: TempDir,
    pub(crate) simulator: Simulator,
    pub(crate) desktop: Desktop,
    config: Config,
    gateway: Option<Running>,
}

/// The program itself, as an operator runs it: it can be stopped, and it can be killed.
struct Running(Child);

impl Running {
    /// Starts `waxwing-gateway serve` and waits until it says that it listens.
    fn start(config: &Config) -> Self {
        let log = OpenOptions::new().create(true).append(true).open(log_of(config)).expect("a file");
        let mut program = Command::new(env!("CARGO_BIN_EXE_waxwing-gateway"));
        program.arg("serve").env_remove("WAXWING_GATEWAY_CONFIG").stdout(Stdio::piped()).stderr(log);
        for (key, value) in [
            ("LISTEN", config.listen.to_string()),
            ("DATA_FOLDER", config.data_folder.display().to_string()),
            ("GRAPH_URL", config.graph_url.clone()),
            ("GRAPH_REQUEST_SECONDS", config.graph_request_seconds.to_string()),
            ("OUTBOX_STATUS_WAIT_SECONDS", config.outbox_status_wait_seconds.to_string()),
            ("LOG_LEVEL", config.log_level.to_string()),
            ("OUTBOX_PROBE_SECONDS", config.outbox_probe_seconds.to_string()),
        ] {
            program.env(format!("WAXWING_GATEWAY_{key}"), value);
        }
        let mut child = program.spawn().expect("starts");
        let mut line = String::new();
        let told = child.stdout.as_mut().expect("is piped");
        BufReader::new(told).read_line(&mut line).expect("speaks");
        assert!(line.starts_with("Listening"), "{line}");
        Self(child)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.0.kill().unwrap_or_default();
        self.0.wait().expect("ends");
    }
}

impl Bench {
    /// Gateway and network run, the agent is signed in and ready.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(adjust: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let network_at = port().await;
        let listen = port().await.local_addr().expect("an address");
        let gateway_url = format!("http://{listen}");
        let network = SimulatorConfig {
            speed: 50.0,
            script: Script::default(),
            ..SimulatorConfig::sample(format!("{gateway_url}/webhooks/whatsapp"))
        };
        let mut config = Config {
            listen,
            data_folder: folder.path().to_owned(),
            graph_url: format!("http://{}", network_at.local_addr().expect("an address")),
            graph_request_seconds: 2,
            ..Config::default()
        };
        adjust(&mut config);
        let store = Store::open(&config.database()).await.expect("opens");
        prepare(&store, &network).await;
        store.close().await;
        let simulator = Simulator::start(network_at, network, Clock::system()).expect("starts");
        let gateway = Some(Running::start(&config));
        let desktop = Desktop::sign_in(&gateway_url, "ana", PASSWORD).await;
        Self { _folder: folder, simulator, desktop, config, gateway }
    }

    /// Stops the gateway in good order.
    pub(crate) fn stop_gateway(&mut self) {
        let mut running = self.gateway.take().expect("runs");
        let process = running.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &process]).status().expect("signals").success());
        assert!(running.0.wait().expect("ends").success());
    }

    /// Kills the gateway wherever it is.
    pub(crate) fn kill_gateway(&mut self) {
        self.gateway.take().expect("runs");
    }

    /// The database, as another process opens it.
    pub(crate) async fn store(&self) -> Store {
        Store::open(&self.config.database()).await.expect("opens")
    }

    /// Everything that the gateway has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(log_of(&self.config)).expect("text")
    }

    /// Where the database lies.
    pub(crate) fn database(&self) -> PathBuf {
        self.config.database()
    }

    /// Starts the gateway again at the address where it was, as webhooks go there.
    pub(crate) fn start_gateway(&mut self) {
        self.gateway = Some(Running::start(&self.config));
    }

    /// Directs the network.
    pub(crate) async fn control(&self, path: &str, body: &Value) {
        let url = format!("{}/control/{path}", self.simulator.url());
        let answer = self.desktop.http.post(url).json(body).send().await.expect("answers");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }

    /// Lets a contact write and waits until the agent has the message.
    pub(crate) async fn hear(&mut self, contact: &str, text: &str) -> Interaction {
        self.simulator.say(contact, &json!({"type": "text", "text": {"body": text}}));
        self.desktop
            .wait(|event| match event {
                Event::InteractionAdded { interaction, transcript, .. } => {
                    transcript.iter().any(|message| message.fallback == text).then(|| (**interaction).clone())
                }
                _ => None,
            })
            .await
    }

    /// Sends as a desktop does.
    pub(crate) async fn send(&mut self, interaction: InteractionId, text: &str) -> MessageId {
        self.desktop.send(interaction, text).await
    }

    /// Sends an answer to a message.
    pub(crate) async fn reply(&mut self, interaction: InteractionId, text: &str, to: MessageId) -> MessageId {
        self.desktop.send_with(interaction, text, Some(to)).await
    }

    /// Waits until a message has got as far as `wanted` says.
    pub(crate) async fn delivered(
        &mut self,
        message: MessageId,
        wanted: impl Fn(&Delivery) -> bool,
    ) -> Delivery {
        self.desktop.delivered(message, wanted).await
    }

    /// Waits until somebody has said `text`, and gives the message.
    pub(crate) async fn said(&mut self, text: &str) -> Message {
        let is_it = |message: &&Message| message.fallback == text;
        self.desktop
            .wait(|event| match event {
                Event::InteractionAdded { transcript, .. } => transcript.iter().find(is_it).cloned(),
                Event::MessageAdded { message } => Some(&**message).filter(is_it).cloned(),
                _ => None,
            })
            .await
    }

    /// Waits until a message has changed as `wanted` says, and gives it.
    pub(crate) async fn changed(&mut self, wanted: impl Fn(&Message) -> bool) -> Message {
        self.desktop
            .wait(|event| match event {
                Event::MessageChanged { message } if wanted(message) => Some((**message).clone()),
                _ => None,
            })
            .await
    }

    /// Waits until our reaction to a message is what `wanted` says, and gives its emoji and how far it got.
    pub(crate) async fn reacted(
        &mut self,
        message: MessageId,
        wanted: impl Fn(Option<(&str, &Delivery)>) -> bool,
    ) -> Option<(String, Delivery)> {
        let changed = self.changed(|changed| changed.id == message && wanted(our_reaction(changed))).await;
        our_reaction(&changed).map(|(emoji, sending)| (emoji.to_owned(), sending.clone()))
    }

    /// What the network was asked: `sent`, `reads` or `typing`.
    pub(crate) async fn asked(&self, what: &str) -> Vec<Value> {
        let url = format!("{}/control/{what}", self.simulator.url());
        let answer = self.desktop.http.get(url).send().await.expect("answers");
        answer.json().await.expect("a list")
    }

    /// Waits until the network has got `count` requests to send, and gives them.
    pub(crate) async fn received(&self, count: usize) -> Vec<Received> {
        let (_, mut bell) = self.simulator.received();
        let enough = bell.wait_for(|received| *received >= count);
        timeout(PATIENCE, enough).await.expect("they come").expect("the network runs");
        self.simulator.received().0
    }
}

fn our_reaction(message: &Message) -> Option<(&str, &Delivery)> {
    message.reactions.iter().find_map(|one| Some((&*one.emoji, one.sending.as_ref()?)))
}

/// The words of what the network took, in order.
pub(crate) fn words(received: &[Received]) -> Vec<&str> {
    received
        .iter()
        .filter(|one| one.wamid.is_some())
        .filter_map(|one| one.body["text"]["body"].as_str())
        .collect()
}

fn log_of(config: &Config) -> PathBuf {
    config.data_folder.join("gateway.log")
}

async fn port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a port")
}

async fn prepare(store: &Store, network: &SimulatorConfig) {
    let now = Clock::system().now();
    let mut change = store.begin().await.expect("begins");
    numbers::add_number(&mut change, &number(network, &network.token), now).await.expect("adds");
    let agent = NewAgent {
        user_name: "ana".to_owned(),
        display_name: "Ana".to_owned(),
        role: Role::Agent,
        capacity: 50,
        team: None,
        password_hash: auth::hash_password(PASSWORD),
    };
    agents::add_agent(&mut change, &agent, now).await.expect("adds").expect("is new");
    change.commit().await.expect("commits");
}

/// The network's number with another token.
pub(crate) fn number(network: &SimulatorConfig, token: &str) -> NumberSettings {
    NumberSettings { token: token.to_owned(), ..embedded::number_of(network) }
}
