//! The service against a gateway that misbehaves, and over a restart.

use std::path::Path;

use chrono::TimeDelta;
use tokio::sync::Notify;
use waxwing_protocol::event::Event;

use super::*;
use crate::desk::{
    input::{CallError, Password},
    link::{Account, Link},
    tests::{added, at, client_ref, int, said},
};
use server::{Manner, Server};

mod downloads;
mod library;
mod outgoing;
mod past;
mod pictures;
mod server;
mod transcript;
mod workbins;

const LIMIT: Duration = Duration::from_secs(20);

/// A service with the gateway that it talks to.
struct Desktop {
    handle: ServiceHandle,
    /// Told whenever there is something new to draw.
    woken: Arc<Notify>,
}

impl Desktop {
    fn start(url: &str, folder: &Path) -> Self {
        Self::start_with(url, folder, AtLogOff::default())
    }

    /// The same where that becomes of workbins at log-off.
    fn start_with(url: &str, folder: &Path, at_log_off: AtLogOff) -> Self {
        let config = ServiceConfig {
            gateway_url: url.to_owned(),
            ca_file: None,
            data_folder: folder.to_path_buf(),
            token_keeping: TokenKeeping::Memory,
            device: "test".to_owned(),
            settings: crate::config::Config::default().settings(),
            local_day: |at| at.date_naive(),
            seed: 1,
            workshop: Workshop::here(),
            at_log_off,
            cache: Cache { max_bytes: 4 * 1024 * 1024, keep_after_log_off: false },
        };
        let woken = Arc::new(Notify::new());
        let wake = Arc::clone(&woken);
        let handle = SessionService::start(config, Arc::new(move || wake.notify_one())).unwrap();
        Self { handle, woken }
    }

    fn command(&self, command: Command) {
        self.handle.send(command).unwrap();
    }

    async fn sign_in(&self) {
        self.command(Command::SignIn {
            user_name: "nadia".to_owned(),
            password: Password("pass-word".to_owned()),
        });
        self.until(|desk| desk.conversation(int(1)).is_some() && *desk.link() == Link::Online).await;
    }

    fn write(&self, number: u32) {
        let (text, quote) = (format!("answer {number}"), None);
        self.command(Command::Send { interaction: int(1), client_ref: client_ref(number), text, quote });
    }

    /// Waits until the gateway has a message.
    async fn until_sent(&self, number: u32) {
        self.until(|desk| {
            let last = desk.conversation(int(1)).and_then(|held| held.last_message());
            desk.unsent() == 0 && last.is_some_and(|last| last.client_ref == Some(client_ref(number)))
        })
        .await;
    }

    /// Waits for a picture.
    async fn until(&self, good: impl FnMut(&Arc<Desk>) -> bool) {
        let mut pictures = self.handle.published.clone();
        let seen = tokio::time::timeout(LIMIT, pictures.wait_for(good)).await;
        assert!(seen.is_ok(), "it never came to that: {:?}", self.handle.desk());
    }

    fn stop(mut self) {
        assert!(self.handle.stop(LIMIT));
    }
}

fn client(url: &str) -> GatewayClient {
    GatewayClient::new(url, None, "test".to_owned(), GatewayClock::new()).unwrap()
}

#[tokio::test]
async fn lies_and_failures_mean_that_there_was_no_answer() {
    for manner in [Manner::Lies, Manner::Fails, Manner::BreaksOff] {
        let server = Server::start(manner).await;
        let client = client(&server.url);
        let told = poll::poll(&client, (None, 0), false).await.unwrap_err();
        assert!(matches!(told, CallError::Unreachable(_)), "{manner:?}: {told:?}");
    }
    let told = poll::poll(&client("http://127.0.0.1:1"), (None, 0), false).await.unwrap_err();
    assert!(told.to_string().contains("no connection"), "{told}");
}

#[tokio::test]
async fn another_protocol_is_noticed_before_anything_is_told() {
    let server = Server::start(Manner::OtherProtocol).await;
    let client = client(&server.url);
    let told = client.sign_in("nadia".to_owned(), Password("pass".to_owned())).await.unwrap_err();
    assert_eq!(told, CallError::WrongProtocol(99));
    assert_eq!(poll::poll(&client, (None, 0), false).await.unwrap_err(), CallError::WrongProtocol(99));
    assert!(server.held(|held| held.calls.iter().all(|call| call.contains("health"))));
}

#[tokio::test]
async fn a_gateway_that_comes_back_as_another_one_is_noticed() {
    let server = Server::start(Manner::Well).await;
    let client = client(&server.url);
    poll::poll(&client, (None, 0), false).await.unwrap();
    server.behave(Manner::Fails);
    poll::poll(&client, (None, 0), false).await.unwrap_err();
    server.behave(Manner::OtherProtocol);
    assert_eq!(poll::poll(&client, (None, 0), false).await.unwrap_err(), CallError::WrongProtocol(99));
}

#[tokio::test(start_paused = true)]
async fn a_silent_gateway_is_given_up_in_time() {
    let server = Server::start(Manner::Hangs).await;
    let client = client(&server.url);
    let before = tokio::time::Instant::now();
    let told = poll::poll(&client, (None, 0), true).await.unwrap_err();
    assert!(matches!(told, CallError::Unreachable(_)));
    assert!(before.elapsed() <= Duration::from_secs(41));
}

#[tokio::test]
async fn from_signing_in_to_the_answer() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    assert!(matches!(desktop.handle.desk().account(), Account::SignedOut { why: None }));
    desktop.sign_in().await;
    let now = desktop.handle.clock().now();
    assert!((now - at(100)).abs() < TimeDelta::seconds(10), "by the gateway's clock");
    desktop.write(1);
    desktop.until_sent(1).await;
    assert_eq!(server.held(|held| held.messages.len()), 1);
    server.happen(added(said(2, int(1), 101)));
    desktop.until(|desk| desk.conversation(int(1)).is_some_and(|held| held.unread() == 2)).await;
    desktop.command(Command::SignOut);
    desktop.until(|desk| matches!(desk.account(), Account::SignedOut { .. })).await;
    assert!(server.held(|held| held.calls.iter().any(|call| call.contains("sign-out"))));
    desktop.stop();
}

#[tokio::test]
async fn what_was_written_survives_a_restart_and_arrives_once() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    server.behave(Manner::TakesInSilently);
    desktop.write(1);
    desktop.write(2);
    desktop.command(Command::KeepDraft { interaction: int(1), text: "half".to_owned(), quote: None, seq: 0 });
    desktop.stop();

    server.behave(Manner::Well);
    let desktop = Desktop::start(&server.url, folder.path());
    assert_eq!(desktop.handle.desk().unsent(), 2, "there at once");
    assert_eq!(desktop.handle.desk().conversation(int(1)).unwrap().draft().text, "half");
    desktop.sign_in().await;
    desktop.until_sent(2).await;
    let sent: Vec<_> =
        server.held(|held| held.messages.iter().filter_map(|message| message.client_ref).collect());
    assert_eq!(sent, [client_ref(1), client_ref(2)]);
    desktop.stop();
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_under_the_same_name() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    server.behave(Manner::TakesInSilently);
    desktop.write(1);
    let tries = |held: &mut server::Held| held.calls.iter().filter(|call| call.contains("/messages")).count();
    desktop.until(|_| server.held(tries) > 0).await;
    server.behave(Manner::Well);
    desktop.until_sent(1).await;
    assert_eq!(server.held(|held| held.messages.len()), 1);
    desktop.stop();
}

#[tokio::test]
async fn an_expired_session_asks_to_sign_in_and_goes_on() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    server.behave(Manner::Forgets);
    desktop.write(1);
    desktop.until(|desk| matches!(desk.account(), Account::SignedOut { why: Some(_) })).await;
    desktop.until(|desk| desk.unsent() == 1).await;
    server.behave(Manner::Well);
    desktop.sign_in().await;
    desktop.until_sent(1).await;
    desktop.stop();
}

#[tokio::test]
async fn an_outage_is_told_and_ends() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    server.behave(Manner::Fails);
    desktop.until(|desk| matches!(desk.link(), Link::Retrying { .. })).await;
    server.behave(Manner::Well);
    server.happen(Event::Unknown);
    server.happen(added(said(2, int(1), 101)));
    desktop.command(Command::ReconnectNow);
    desktop.until(|desk| *desk.link() == Link::Online).await;
    assert_eq!(desktop.handle.desk().conversation(int(1)).unwrap().unread(), 2);
    desktop.stop();
}

#[tokio::test]
async fn after_the_end_commands_come_back() {
    let (server, folder) = (Server::start(Manner::Hangs).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    let commands = desktop.handle.commands.clone();
    desktop.command(Command::SignIn { user_name: "nadia".to_owned(), password: Password("pass".to_owned()) });
    desktop.stop();
    assert!(commands.try_send(Command::ReconnectNow).is_err());
}
