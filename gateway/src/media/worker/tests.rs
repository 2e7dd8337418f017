//! Files against the network in a box: what goes wrong with them, and that each ends as it should.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::Url;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use waxwing_media::{child::Workshop, verdict::Policy};
use waxwing_protocol::{
    attachment::{AttachmentState, Opening},
    event::Event,
    id::AgentId,
    message::{Body, Message},
};

use super::*;
use crate::{
    handling::stage::{PHONE_NUMBER_ID, Stage, at},
    simulator::{Simulator, SimulatorConfig, samples, script::Script},
    whatsapp::{cloud_api::CloudApiOptions, hosts::Hosts},
};

mod looking;
mod shared;

const PHONE: &str = "15550000001";

/// A stage, a network that has files, and the folder where ours lie.
struct Play {
    stage: Stage,
    simulator: Simulator,
    folder: tempfile::TempDir,
    clock: Arc<AtomicI64>,
    masha: AgentId,
}

impl Play {
    async fn new() -> Self {
        let stage = Stage::new().await;
        let masha = stage.agent("masha", 5).await;
        stage.ready(masha, 1).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let clock = Arc::new(AtomicI64::new(at(10).timestamp_millis()));
        let config = SimulatorConfig {
            phone_number_id: PHONE_NUMBER_ID.to_owned(),
            token: "token".to_owned(),
            script: Script::default(),
            ..SimulatorConfig::sample("http://127.0.0.1:1".to_owned())
        };
        let simulator = Simulator::start(listener, config, clock_of(&clock)).expect("starts");
        Self { stage, simulator, folder: tempfile::tempdir().expect("a folder"), clock, masha }
    }

    fn pass(&self, time: TimeDelta) {
        self.clock.fetch_add(time.num_milliseconds(), Ordering::SeqCst);
    }

    fn worker(&self) -> Media {
        self.worker_with(options())
    }

    fn worker_with(&self, options: MediaOptions) -> Media {
        let url = Url::parse(&self.simulator.url()).expect("an address");
        let hosts = Hosts::read("lookaside.fbsbx.com, localhost", &url).expect("hosts");
        let seconds = Duration::from_secs(5);
        let options_of_calls = CloudApiOptions {
            url,
            version: "v26.0".to_owned(),
            connect_timeout: seconds,
            request_timeout: seconds,
        };
        let api = MediaApi::new(&options_of_calls, hosts).expect("a client");
        let files = Files::open(self.folder.path()).expect("opens");
        Media::new(self.stage.store.clone(), files, api, clock_of(&self.clock), options)
    }

    async fn control(&self, path: &str, body: &Value) -> reqwest::Response {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let url = format!("{}/control/{path}", self.simulator.url());
        let answer = client.post(url).json(body).send().await.expect("answers");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer
    }

    /// Puts a file on the network and says its id.
    async fn add(&self, bytes: &[u8], odd: Value) -> String {
        let mut file = json!({"mime": "image/webp", "base64": STANDARD.encode(bytes)});
        for (key, value) in odd.as_object().expect("an object") {
            file[key] = value.clone();
        }
        let added: Value = self.control("media", &file).await.json().await.expect("JSON");
        added["id"].as_str().expect("an id").to_owned()
    }

    /// Has the contact send a file of a kind.
    async fn send(&self, kind: &str, media_id: &str, wamid: &str) {
        let mut message =
            json!({"from": PHONE, "id": wamid, "timestamp": at(5).timestamp().to_string(), "type": kind});
        message[kind] = json!({"id": media_id, "mime_type": "image/webp"});
        self.stage.arrive(json!({"messages": [message]}), 5).await;
    }

    async fn act(&self, kind: &str, wamid: &str, part: Value) {
        let mut message =
            json!({"from": PHONE, "id": wamid, "timestamp": at(9).timestamp().to_string(), "type": kind});
        message[kind] = part;
        self.stage.arrive(json!({"messages": [message]}), 9).await;
    }

    async fn messages(&self) -> Vec<Message> {
        let id = self.stage.owned(self.masha).await[0].id;
        self.stage.transcript(id).await
    }

    /// How the file of the newest message stands.
    async fn state(&self) -> AttachmentState {
        state_of(self.messages().await.last().expect("a message"))
    }

    async fn tries(&self) -> i64 {
        self.stage.count("SELECT SUM(tries) FROM attachments").await
    }

    fn kept(&self) -> usize {
        count(self.folder.path())
    }
}

fn options() -> MediaOptions {
    let looking = Looking::new(Workshop::here(), Policy::default());
    MediaOptions { looking, ..MediaOptions::default() }
}

fn clock_of(clock: &Arc<AtomicI64>) -> Clock {
    let clock = Arc::clone(clock);
    Clock::from_fn(move || DateTime::from_timestamp_millis(clock.load(Ordering::SeqCst)).expect("a time"))
}

fn state_of(message: &Message) -> AttachmentState {
    let Body::Media(media) = &message.body else { panic!("{:?}", message.body) };
    media.attachment.clone().expect("an attachment").state
}

fn count(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("reads");
    entries
        .map(|entry| entry.expect("reads").path())
        .map(|path| if path.is_dir() { count(&path) } else { 1 })
        .sum()
}

/// How long a file is that is ready and was looked into.
fn size_of(state: &AttachmentState) -> Option<u64> {
    match state {
        AttachmentState::Ready { size_bytes, about: Some(_) } => Some(*size_bytes),
        _ => None,
    }
}

fn is_failed(state: &AttachmentState) -> bool {
    matches!(state, AttachmentState::Failed { .. })
}

/// Does everything that is due now.
async fn work(media: &mut Media) {
    let mut under_way = JoinSet::new();
    loop {
        media.pass(&mut under_way).await.expect("reads");
        let Some(ended) = under_way.join_next().await else { return };
        media.note(ended).await;
    }
}

#[tokio::test]
async fn a_sticker_is_fetched_and_told_when_it_is_there() {
    let play = Play::new().await;
    play.send("sticker", samples::STICKER, "wamid.1").await;
    assert_eq!(play.state().await, AttachmentState::Fetching);
    let mut media = play.worker();
    work(&mut media).await;
    let bytes = include_bytes!("../../../assets/media/sticker.webp");
    let ready = play.state().await;
    assert_eq!(size_of(&ready), Some(bytes.len() as u64));
    let AttachmentState::Ready { about: Some(about), .. } = &ready else { panic!("{ready:?}") };
    assert_eq!((about.mime.as_str(), &about.opening, about.preview), ("image/webp", &Opening::Allowed, true));
    assert!(about.size.is_some() && about.thumb_hash.is_some());
    let feed = play.stage.feed(play.masha).await;
    let Some(Event::MessageChanged { message }) = feed.last() else { panic!("{feed:?}") };
    assert_eq!(state_of(message), ready);
    let name: String = sqlx::query_scalar("SELECT file FROM attachments")
        .fetch_one(play.stage.store.reader())
        .await
        .expect("a row");
    let kept = media.files.read(&name).await.expect("reads").expect("is there").bytes().await.expect("reads");
    assert_eq!(&kept[..], bytes);
    assert!(!name.contains(samples::STICKER) && name.len() == 32);
    let preview = media.files.read(&preview_of(&name)).await.expect("reads").expect("is there");
    let preview = preview.bytes().await.expect("reads");
    assert!(preview.starts_with(b"\x89PNG") || preview.starts_with(&[0xff, 0xd8]), "a picture");
}

#[tokio::test]
async fn a_refused_token_raises_the_alert_and_fetching_goes_on_with_another() {
    let play = Play::new().await;
    play.control("token", &json!({"token": "another"})).await;
    play.send("sticker", samples::STICKER, "wamid.1").await;
    let mut media = play.worker();
    let mut under_way = JoinSet::new();
    media.pass(&mut under_way).await.expect("reads");
    let ended = under_way.join_next().await.expect("one");
    media.note(ended).await;
    let raised = play.stage.feed(play.masha).await;
    assert!(matches!(raised.last(), Some(Event::NumberAlertRaised { .. })), "{raised:?}");
    let pause = media.pass(&mut under_way).await.expect("reads");
    assert_eq!((under_way.len(), pause), (0, LOOK_AGAIN), "it waits for the number");
    let mut change = play.stage.store.begin().await.expect("begins");
    sqlx::query("UPDATE business_numbers SET token = 'another', alert = NULL, alert_since = NULL")
        .execute(change.db())
        .await
        .expect("writes");
    change.commit().await.expect("commits");
    work(&mut media).await;
    assert!(matches!(play.state().await, AttachmentState::Ready { .. }));
}

#[tokio::test]
async fn an_old_address_is_asked_for_once_more_at_once_and_then_later() {
    let play = Play::new().await;
    let mut media = play.worker();
    let id = play.add(b"bytes", json!({"stale": 1})).await;
    play.send("document", &id, "wamid.1").await;
    work(&mut media).await;
    assert_eq!((size_of(&play.state().await), play.tries().await), (Some(5), 0));
    let id = play.add(b"bytes", json!({"stale": 2})).await;
    play.send("document", &id, "wamid.2").await;
    work(&mut media).await;
    assert_eq!((play.state().await, play.tries().await), (AttachmentState::Fetching, 1));
    play.pass(TimeDelta::seconds(13));
    work(&mut media).await;
    assert_eq!(size_of(&play.state().await), Some(5));
}

#[tokio::test]
async fn what_is_not_what_was_announced_is_not_kept() {
    let play = Play::new().await;
    let id = play.add(b"bytes", json!({"sha256": STANDARD.encode(Sha256::digest(b"other bytes"))})).await;
    play.send("document", &id, "wamid.1").await;
    let mut media = play.worker();
    for tries in 1..5 {
        work(&mut media).await;
        assert_eq!((play.state().await, play.tries().await), (AttachmentState::Fetching, tries));
        play.pass(TimeDelta::minutes(10));
    }
    work(&mut media).await;
    assert!(is_failed(&play.state().await));
    drop(media);
    let _reopened = Files::open(play.folder.path()).expect("opens");
    assert_eq!(play.kept(), 0);
}

#[tokio::test]
async fn what_is_too_large_elsewhere_or_gone_fails_for_good() {
    let play = Play::new().await;
    let mut media = play.worker();
    let large = play.add(&vec![7; 1024 * 1024 + 1], json!({})).await;
    let mut elsewhere = Vec::new();
    for url in [
        "https://evil.example/file",
        "http://lookaside.fbsbx.com/file",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "not an address",
    ] {
        elsewhere.push(play.add(b"bytes", json!({"url": url})).await);
    }
    let unknown = ["1".to_owned(), "../../me".to_owned(), "a/b?c#d".to_owned()];
    let all: Vec<String> = [large].into_iter().chain(elsewhere).chain(unknown).collect();
    for (number, id) in all.iter().enumerate() {
        play.send("sticker", id, &format!("wamid.{number}")).await;
    }
    work(&mut media).await;
    for message in play.messages().await {
        assert!(is_failed(&state_of(&message)), "{message:?}");
    }
    assert_eq!(play.tries().await, 0);
    assert_eq!(play.stage.count("SELECT COUNT(*) FROM attachments WHERE state = 'failed'").await, 10);
}

#[tokio::test]
async fn a_listed_name_that_leads_into_our_own_network_is_not_followed() {
    let play = Play::new().await;
    let id = play.add(b"bytes", json!({"url": "https://localhost/file"})).await;
    play.send("sticker", &id, "wamid.1").await;
    let mut media = play.worker();
    let mut under_way = JoinSet::new();
    media.pass(&mut under_way).await.expect("reads");
    let ended = under_way.join_next().await.expect("one").expect("ends");
    let Ended::Fetched(_, Err(FetchFailure::WhatsApp(MediaFailure::Passing { cause, .. }))) = ended else {
        panic!("it was fetched")
    };
    assert!(cause.contains("leads nowhere"), "{cause}");
}

#[tokio::test]
async fn a_file_that_takes_too_long_is_left_and_tried_again() {
    let play = Play::new().await;
    let id = play.add(&[7; 4 * 1024], json!({"slow_ms": 60_000})).await;
    play.send("document", &id, "wamid.1").await;
    let mut media =
        play.worker_with(MediaOptions { at_most: Duration::from_millis(50), at_once: 1, ..options() });
    work(&mut media).await;
    assert_eq!((play.state().await, play.tries().await), (AttachmentState::Fetching, 1));
    let id = play.add(&[7; 4 * 1024], json!({"slow_ms": 1})).await;
    play.send("document", &id, "wamid.2").await;
    let mut media = play.worker();
    work(&mut media).await;
    assert_eq!(size_of(&play.state().await), Some(4 * 1024));
}

#[tokio::test]
async fn what_was_under_way_at_a_stop_begins_anew() {
    let play = Play::new().await;
    let slow = play.add(&vec![7; 64 * 1024], json!({"slow_ms": 60_000})).await;
    play.send("document", &slow, "wamid.1").await;
    play.send("sticker", samples::ANIMATED_STICKER, "wamid.2").await;
    let mut media = play.worker_with(MediaOptions { at_once: 1, ..options() });
    let mut under_way = JoinSet::new();
    media.pass(&mut under_way).await.expect("reads");
    assert_eq!(under_way.len(), 1, "one at a time, the oldest first");
    assert!(media.busy.len() == 1 && play.state().await == AttachmentState::Fetching);
    drop((media, under_way));
    let mut media = play.worker();
    let mut under_way = JoinSet::new();
    media.pass(&mut under_way).await.expect("reads");
    assert_eq!(under_way.len(), 2);
    let ended = under_way.join_next().await.expect("one");
    media.note(ended).await;
    assert!(matches!(play.state().await, AttachmentState::Ready { .. }), "the other one is not held up");
}

#[tokio::test]
async fn the_file_of_what_was_taken_back_goes_whenever_that_was() {
    let play = Play::new().await;
    let mut media = play.worker();
    play.send("sticker", samples::STICKER, "wamid.1").await;
    work(&mut media).await;
    assert_eq!(play.kept(), 2, "the file and its preview");
    play.act("revoke", "wamid.2", json!({"original_message_id": "wamid.1"})).await;
    work(&mut media).await;
    assert_eq!((play.kept(), play.stage.count("SELECT COUNT(*) FROM attachments").await), (0, 0));

    play.send("sticker", samples::STICKER, "wamid.3").await;
    let mut under_way = JoinSet::new();
    media.pass(&mut under_way).await.expect("reads");
    play.act("revoke", "wamid.4", json!({"original_message_id": "wamid.3"})).await;
    let ended = under_way.join_next().await.expect("one");
    media.note(ended).await;
    work(&mut media).await;
    assert_eq!((play.kept(), play.stage.count("SELECT COUNT(*) FROM attachments").await), (0, 0));
    assert_eq!(play.messages().await.last().expect("a message").body, Body::Deleted);
}

#[tokio::test]
async fn an_edited_caption_keeps_the_picture() {
    let play = Play::new().await;
    play.send("image", samples::PICTURE, "wamid.1").await;
    let edited = json!({"type": "image", "image": {"id": "another", "caption": "a parcel"}});
    play.act("edit", "wamid.2", json!({"original_message_id": "wamid.1", "message": edited})).await;
    work(&mut play.worker()).await;
    let messages = play.messages().await;
    let Body::Media(media) = &messages[0].body else { panic!("{messages:?}") };
    assert_eq!(media.caption.as_deref(), Some("a parcel"));
    assert!(matches!(state_of(&messages[0]), AttachmentState::Ready { .. }));
}

#[tokio::test]
async fn a_number_rests_before_meta_blocks_it() {
    let play = Play::new().await;
    for number in 0..30 {
        play.send("sticker", "1", &format!("wamid.{number}")).await;
    }
    let failed = "SELECT COUNT(*) FROM attachments WHERE state = 'failed'";
    let mut media = play.worker();
    work(&mut media).await;
    let tried = play.stage.count(failed).await;
    assert!((15..20).contains(&tried), "{tried}");
    play.pass(TimeDelta::minutes(59));
    work(&mut media).await;
    assert_eq!(play.stage.count(failed).await, tried);
    play.pass(TimeDelta::minutes(1));
    work(&mut media).await;
    assert_eq!(play.stage.count(failed).await, 30);
}

#[tokio::test]
async fn a_file_without_an_id_fails_at_once() {
    let play = Play::new().await;
    let message = json!({"from": PHONE, "id": "wamid.1", "timestamp": "1780000005", "type": "image", "image": {"caption": "x"}});
    play.stage.arrive(json!({"messages": [message]}), 5).await;
    assert!(is_failed(&play.state().await));
    assert_eq!(play.stage.count("SELECT COUNT(*) FROM attachments").await, 0);
}
