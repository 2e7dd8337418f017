//! `simulate`: a WhatsApp network in a box, as a program of its own.

use std::net::SocketAddr;

use clap::Args;
use tokio::net::TcpListener;

use super::{Failure, say, serve::stop_signal};
use crate::{
    clock::Clock,
    simulator::{Simulator, SimulatorConfig},
};

#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// Where to serve the Graph API and /control.
    #[arg(long, default_value = "127.0.0.1:8490")]
    listen: SocketAddr,
    /// Where the gateway takes webhooks.
    #[arg(long, default_value = "http://127.0.0.1:8480/webhooks/whatsapp")]
    webhook_url: String,
    /// How many times faster than life everything runs.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Makes ids the same from run to run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Let the contacts begin to write at once, instead of at `POST /control/play`.
    #[arg(long)]
    play: bool,
}

impl Simulate {
    pub(super) async fn run(self) -> Result<(), Failure> {
        if !(self.speed.is_finite() && self.speed > 0.0) {
            return Err(Failure::of("speed", "must be more than 0"));
        }
        let listener = TcpListener::bind(self.listen)
            .await
            .map_err(|error| Failure::of("listen", format!("{}: {error}", self.listen)))?;
        let config = SimulatorConfig {
            seed: self.seed,
            speed: self.speed,
            ..SimulatorConfig::sample(self.webhook_url)
        };
        let (token, secret) = (config.token.clone(), config.app_secret.clone());
        let (phone_number_id, account_id) = (config.phone_number_id.clone(), config.account_id.clone());
        let simulator = Simulator::start(listener, config, Clock::system())?;
        say(format_args!("graph_url          {}", simulator.url()));
        say(format_args!("phone number id    {phone_number_id}"));
        say(format_args!("account id         {account_id}"));
        say(format_args!("token              {token}"));
        say(format_args!("app secret         {secret}"));
        if self.play {
            simulator.play();
        }
        stop_signal().await;
        simulator.stop();
        Ok(())
    }
}
