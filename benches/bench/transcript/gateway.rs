//! A gateway that tells what it is bidden to: the desktop signs in, polls, and hears of new messages.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, TimeDelta, Utc};
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::Instant,
};
use waxwing_protocol::{
    api::{EVENTS, HEALTH, Health, PROTOCOL, SIGN_IN, SignedIn},
    event::{Cursor, Event, EventPage, FeedEvent},
    message::Message,
    problem::{Problem, ProblemCode},
};

use super::{said, store::CURSOR};
use crate::kit::{http::head, wait::now};

/// How many events a page holds at most.
const PAGE: usize = 100;

/// A running gateway.
#[derive(Clone)]
pub(super) struct Gateway {
    pub(super) address: SocketAddr,
    events: Arc<Mutex<Vec<Event>>>,
    happened: Arc<Notify>,
    since: Instant,
}

impl Gateway {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
        let address = listener.local_addr().expect("it listens");
        let gateway = Self { address, events: Arc::default(), happened: Arc::default(), since: now() };
        let serving = gateway.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let gateway = serving.clone();
                tokio::spawn(async move { gateway.serve(stream).await });
            }
        });
        gateway
    }

    /// A message comes in.
    pub(super) fn hear(&self, message: Message) {
        let event = Event::MessageAdded { message: Box::new(message) };
        self.events.lock().expect("nobody panics").push(event);
        self.happened.notify_waiters();
    }

    /// Its clock.
    fn now(&self) -> DateTime<Utc> {
        said::now() + TimeDelta::from_std(self.since.elapsed()).expect("is short")
    }

    async fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let mut heard = Vec::new();
        loop {
            let (line, length) = loop {
                if let Some((line, length)) = head(&heard)
                    && heard.len() >= length
                {
                    break (line.to_owned(), length);
                }
                if stream.read_buf(&mut heard).await.ok()? == 0 {
                    return None;
                }
            };
            heard.drain(..length);
            let (status, body) = match self.answer(&line).await {
                Some(body) => ("200 OK", body),
                None => ("404 Not Found", unknown()),
            };
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(&[head.as_bytes(), &body].concat()).await.ok()?;
        }
    }

    /// None for what this gateway does not know.
    async fn answer(&self, line: &str) -> Option<Vec<u8>> {
        let path = line.split(' ').nth(1).unwrap_or_default();
        let (agent, status, now) = (said::agent(), said::status(), self.now());
        if path.ends_with("/preview") {
            return Some(preview());
        }
        let json = if path == SIGN_IN {
            let token = "a token".to_owned();
            let signed_in = SignedIn { token, expires_at: now, agent, status, now, protocol: PROTOCOL };
            json!(signed_in).to_string()
        } else if path.starts_with(EVENTS) {
            json!(self.page(path).await).to_string()
        } else if path == HEALTH {
            json!(Health { version: "0".to_owned(), protocol: PROTOCOL, now }).to_string()
        } else {
            return None;
        };
        Some(json.into_bytes())
    }

    /// What came after the cursor of a poll, as soon as there is anything if it waits.
    async fn page(&self, path: &str) -> EventPage {
        let of_query = |name: &str| path.split(['?', '&']).find_map(|part| part.strip_prefix(name));
        let after: Cursor = of_query("after=").and_then(|text| text.parse().ok()).expect("a cursor");
        let waits = of_query("wait_seconds=") != Some("0");
        let known = usize::try_from(after.number).expect("are few");
        loop {
            let happened = self.happened.notified();
            let events: Vec<Event> =
                self.events.lock().expect("nobody panics").iter().skip(known).take(PAGE).cloned().collect();
            if !waits || !events.is_empty() {
                let numbered = (after.number + 1..).zip(events);
                let events: Vec<_> = numbered
                    .map(|(number, event)| FeedEvent { cursor: Cursor { number, ..CURSOR }, event })
                    .collect();
                let next = events.last().map_or(after, |event| event.cursor);
                return EventPage::Events { events, next, more: false, workbins: 0, now: self.now() };
            }
            happened.await;
        }
    }
}

/// What every picture looks like.
fn preview() -> Vec<u8> {
    let shades = RgbImage::from_fn(640, 480, |x, y| Rgb([x, y, x ^ y].map(|shade| shade.to_le_bytes()[0])));
    let mut bytes = io::Cursor::new(Vec::new());
    shades.write_to(&mut bytes, ImageFormat::Jpeg).expect("there is room");
    bytes.into_inner()
}

/// What a gateway says of an address that it does not have.
fn unknown() -> Vec<u8> {
    json!(Problem::new(ProblemCode::NotFound, "There is nothing at this address.")).to_string().into_bytes()
}
