//! A WhatsApp network in a box: the Graph API as the gateway calls it, contacts who write and answer, and the webhooks
//! that come of it.
//!
//! The gateway has no test mode: its `graph_url` points here instead of at Meta. The demo, the end-to-end tests and the
//! load tests all use it.
//!
//! * `graph`: the endpoints, with the documented errors and limits; `media`: files; `outgoing`: those that are sent; [`samples`]: some
//!   that are there from the start.
//! * `templates`: the account's message templates and their list; `template_rules`: whether a message is made of one as it has to be.
//! * `webhooks`: what is posted to the gateway: signed, ASCII only, repeated until it is answered with 200.
//! * [`script`]: contacts who write by themselves; `control`: an HTTP surface to direct everything from outside.
//! * `network`: who there is and what was sent; `faults`: what goes wrong on demand.
//!
//! The odd thing about it: it must not share code with the gateway beyond clock and chance, or a misreading of the
//! wire would be made twice and never seen.

mod control;
mod faults;
mod form;
mod graph;
mod limits;
mod media;
mod network;
mod outgoing;
pub mod samples;
pub mod script;
mod template_rules;
mod templates;
mod webhooks;

use std::{io, net::SocketAddr, sync::Arc};

use axum::Router;
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub use self::{limits::Limits, network::Received};
use self::{network::Network, script::Script};
use crate::clock::Clock;

/// What the box is told about the number it plays, and the gateway it talks to.
#[derive(Debug, Clone)]
pub struct SimulatorConfig {
    /// WhatsApp's id of the business number.
    pub phone_number_id: String,
    /// The number in digits, without `+`.
    pub display_number: String,
    /// WhatsApp's id of the account.
    pub account_id: String,
    /// The only bearer token that is accepted.
    pub token: String,
    /// With which webhooks are signed.
    pub app_secret: String,
    /// Where webhooks are posted.
    pub webhook_url: String,
    /// Makes ids and choices the same from run to run.
    pub seed: u64,
    /// How many times faster than life scripts and statuses run; more than 0.
    pub speed: f64,
    /// How much may be sent.
    pub limits: Limits,
    /// Who there is, and what they do once [`Simulator::play`] is called.
    pub script: Script,
}

impl SimulatorConfig {
    /// A box that posts to `webhook_url`, with sample ids, secrets, limits and people.
    #[must_use]
    pub fn sample(webhook_url: String) -> Self {
        Self {
            phone_number_id: "106540352242922".to_owned(),
            display_number: "15550783881".to_owned(),
            account_id: "102290129340398".to_owned(),
            token: "simulator-token".to_owned(),
            app_secret: "simulator-app-secret".to_owned(),
            webhook_url,
            seed: 1,
            speed: 1.0,
            limits: Limits::default(),
            script: script::sample(),
        }
    }
}

/// A running box. It stops when it is dropped or told to.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    network: Arc<Network>,
    server: JoinHandle<()>,
}

impl Simulator {
    /// Starts serving on `listener`. The contacts wait for [`Simulator::play`].
    pub fn start(listener: TcpListener, config: SimulatorConfig, clock: Clock) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let network = Network::new(config, clock, format!("http://{address}"));
        let service: Router = graph::router()
            .merge(media::router())
            .merge(templates::router())
            .merge(control::router())
            .with_state(Arc::clone(&network));
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, service).await {
                tracing::error!(%error, "the simulator stopped serving");
            }
        });
        Ok(Self { address, network, server })
    }

    /// What the gateway's `graph_url` is to be.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was told about number and gateway.
    #[must_use]
    pub fn config(&self) -> &SimulatorConfig {
        &self.network.config
    }

    /// Lets the contacts begin to write. Told twice, they begin once.
    pub fn play(&self) {
        script::play(&self.network);
    }

    /// Lets a contact (name, phone number, user id, or a phone number nobody has yet) send `payload`, a message of the
    /// Cloud API without id, sender and time. Says the id of the message.
    pub fn say(&self, contact: &str, payload: &Value) -> String {
        webhooks::say(&self.network, contact, payload)
    }

    /// Everything the Graph API was asked to send, in order, and a bell that rings with each more.
    pub fn received(&self) -> (Vec<Received>, watch::Receiver<usize>) {
        self.network.received()
    }

    /// Stops at once, whatever is under way.
    pub fn stop(&self) {
        self.server.abort();
        self.network.stop();
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop();
    }
}
