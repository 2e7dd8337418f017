//! A gateway on a real socket that can be told to misbehave.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use waxwing_protocol::{
    api::{self, Health, PROTOCOL, PutDraft, React, SearchHits, SendAccepted, SendMessage, SignedIn},
    delivery::Delivery,
    directory::{NUMBERS, Numbers},
    draft::Draft,
    event::{Event, EventPage, InteractionSnapshot},
    file_rule::{FILE_RULES, FileRules},
    history::{InteractionRecord, interaction as interaction_path},
    id::ClientRef,
    library::{LIBRARY, LibraryPage},
    message::{Author, Message, Reaction},
    problem::{Problem, ProblemCode},
    workbin::{self, Changes},
    wrap_up,
};

use crate::desk::{
    effect::{Load, Part},
    tests::{agent, answered, at, held, int, interaction, page, page_of, pending, said, snapshot, status},
};

mod files;

pub(super) use files::Uploaded;

/// How the gateway behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Well,
    /// Takes the call and never answers.
    Hangs,
    /// Answers with what is no JSON.
    Lies,
    /// Fails inside.
    Fails,
    /// Promises more than it sends.
    BreaksOff,
    /// Takes messages in, but the answer is lost.
    TakesInSilently,
    /// Has forgotten our token.
    Forgets,
    /// Is of another protocol.
    OtherProtocol,
}

/// What the gateway holds.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) manner: Manner,
    /// Messages taken in.
    pub(super) messages: Vec<Message>,
    /// Every call, by method and path.
    pub(super) calls: Vec<String>,
    /// Files, by the path of their call.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// After how many bytes each answer with a file breaks off, one after another.
    pub(super) cuts: VecDeque<usize>,
    /// Files that were announced.
    pub(super) uploads: BTreeMap<ClientRef, Uploaded>,
    /// Which files may be sent.
    pub(super) rules: FileRules,
    /// How many pieces are taken in before the gateway falls silent; none for all.
    pub(super) pieces_left: Option<usize>,
    /// What was said before the snapshot's part, oldest first.
    pub(super) history: Vec<Message>,
    /// What stands in the composer, as it was last told.
    pub(super) draft: Draft,
    /// The pages of the library, one after another, and the number of its newest change.
    pub(super) library: (VecDeque<LibraryPage>, u64),
    /// What lies in the workbins, as one page; none where there are none.
    pub(super) workbins: Option<Changes>,
    events: Vec<Event>,
}

/// A gateway on a real socket.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) url: String,
    held: Arc<Mutex<Held>>,
    changed: Arc<Notify>,
}

struct Request {
    line: String,
    /// The first byte that is asked for.
    from: usize,
    body: Vec<u8>,
}

impl Server {
    pub(super) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let held = Held {
            manner,
            messages: Vec::new(),
            calls: Vec::new(),
            files: BTreeMap::new(),
            cuts: VecDeque::new(),
            uploads: BTreeMap::new(),
            rules: FileRules::default(),
            pieces_left: None,
            history: Vec::new(),
            draft: Draft::default(),
            library: (VecDeque::new(), 0),
            workbins: None,
            events: Vec::new(),
        };
        let server = Self { url, held: Arc::new(Mutex::new(held)), changed: Arc::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                tokio::spawn(async move { server.serve(stream).await });
            }
        });
        server
    }

    pub(super) fn held<T>(&self, look: impl FnOnce(&mut Held) -> T) -> T {
        look(&mut self.held.lock().unwrap())
    }

    /// Behaves otherwise from now on; polls that wait are answered.
    pub(super) fn behave(&self, manner: Manner) {
        self.held(|held| held.manner = manner);
        self.changed.notify_waiters();
    }

    pub(super) fn happen(&self, event: Event) {
        self.held(|held| held.events.push(event));
        self.changed.notify_waiters();
    }

    async fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let request = read(&mut stream).await?;
        let manner = self.held(|held| {
            held.calls.push(request.line.clone());
            held.manner
        });
        let (status, body) = match manner {
            Manner::Hangs => std::future::pending().await,
            Manner::Lies => (200, "<html>".to_owned()),
            Manner::Fails => (500, "oops".to_owned()),
            Manner::BreaksOff => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"kind\"").await.ok()?;
                return None;
            }
            Manner::Forgets
                if !request.line.contains("/v1/health") && !request.line.contains("/v1/sign-in") =>
            {
                let problem = Problem::new(ProblemCode::SignedOut, "Sign in again.");
                (401, serde_json::to_string(&problem).unwrap())
            }
            _ if request.line.contains("/v1/attachments/") => {
                return self.give_file(&request, stream).await;
            }
            manner => self.answer(&request, manner).await,
        };
        if manner == Manner::TakesInSilently && request.line.starts_with("POST /v1/interactions") {
            return None;
        }
        let head =
            format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await.ok()?;
        stream.write_all(body.as_bytes()).await.ok()
    }

    async fn answer(&self, request: &Request, manner: Manner) -> (u16, String) {
        let protocol = if manner == Manner::OtherProtocol { 99 } else { PROTOCOL };
        let (now, token) = (at(100), "secret-token".to_owned());
        let line = request.line.as_str();
        if line.contains(api::HEALTH) {
            let health = Health { version: "0".to_owned(), protocol, now };
            (200, json!(health).to_string())
        } else if line.contains(api::SIGN_IN) {
            let (agent, status) = (agent(), status());
            let signed_in = SignedIn { token, expires_at: now, agent, status, now, protocol };
            (200, json!(signed_in).to_string())
        } else if line.contains(FILE_RULES) {
            (200, json!(self.held(|held| held.rules.clone())).to_string())
        } else if line.contains(LIBRARY) {
            self.give_library()
        } else if line.contains(workbin::CHANGES) {
            let whole = self.held(|held| held.workbins.clone()).unwrap_or_default();
            let (view, next) = (whole.view, whole.next);
            let nothing = Changes { view, next, ..Changes::default() };
            let is_held = line.contains(&format!("view={view}"));
            (200, json!(if is_held { nothing } else { whole }).to_string())
        } else if line.contains(wrap_up::RULES) {
            (200, json!(wrap_up::Rules::default()).to_string())
        } else if line.contains(NUMBERS) {
            (200, json!(Numbers { numbers: Vec::new() }).to_string())
        } else if line.contains("after=") {
            self.wait_for_events(line).await
        } else if line.contains(api::EVENTS) {
            let (older, draft) = self.held(|held| (!held.history.is_empty(), held.draft.clone()));
            let draft = (draft.revision > 0).then_some(draft);
            let placed = held(pending(1, 90), vec![said(1, int(1), 90)]);
            let placed = InteractionSnapshot { older, draft, ..placed };
            let mut page = snapshot(vec![placed], 10);
            if let EventPage::Snapshot { snapshot, .. } = &mut page {
                snapshot.library = self.held(|held| held.library.1);
                snapshot.workbins = self.newest_in_workbins();
            }
            (200, json!(page).to_string())
        } else if let Some(answer) = self.answer_conversation(request) {
            answer
        } else if line.contains("/messages") {
            (202, json!(self.take_in(&request.body)).to_string())
        } else {
            (204, String::new())
        }
    }

    fn newest_in_workbins(&self) -> u64 {
        self.held(|held| held.workbins.as_ref().map_or(0, |changes| changes.next))
    }

    /// The next page of the library; nothing new once all have been given, and no such route where there never was one.
    fn give_library(&self) -> (u16, String) {
        let (page, newest) = self.held(|held| (held.library.0.pop_front(), held.library.1));
        if newest == 0 {
            let problem = Problem::new(ProblemCode::NotFound, "There is nothing here.");
            return (404, json!(problem).to_string());
        }
        let nothing = LibraryPage { epoch: 1, next: newest, ..LibraryPage::default() };
        (200, json!(page.unwrap_or(nothing)).to_string())
    }

    /// Answers calls about what was said and written in a conversation.
    fn answer_conversation(&self, request: &Request) -> Option<(u16, String)> {
        let path = request.line.split(' ').nth(1)?;
        if path == interaction_path(int(1)) {
            let record = InteractionRecord { interaction: interaction(1), steps: Vec::new() };
            return Some((200, json!(record).to_string()));
        }
        if path.contains("/uploads") {
            return self.take_file(path, request);
        }
        if path.contains("/transcript?") {
            let all: Vec<_> =
                self.held(|held| held.history.iter().cloned().chain([said(1, int(1), 90)]).collect());
            return Some((200, json!(page_of(&all, &load(path))?).to_string()));
        }
        if path.contains("/search?") {
            let messages = self.held(|held| held.history.iter().take(2).map(|said| said.id).collect());
            return Some((200, json!(SearchHits { messages, more: false }).to_string()));
        }
        if path.ends_with("/draft") {
            let put: PutDraft = serde_json::from_slice(&request.body).unwrap();
            let draft = self.held(|held| {
                let revision = held.draft.revision + 1;
                held.draft = Draft { revision, written: put.written, aside: Vec::new() };
                held.draft.clone()
            });
            return Some((200, json!(draft).to_string()));
        }
        if path.ends_with("/reaction") {
            let React { emoji } = serde_json::from_slice(&request.body).unwrap();
            let author = Author::Agent { agent: agent().id, name: "Nadia".to_owned() };
            let sending = Some(Delivery::Accepted);
            let reactions = emoji.into_iter().map(|emoji| Reaction {
                author: author.clone(),
                emoji,
                sending: sending.clone(),
            });
            let message = Message { reactions: reactions.collect(), ..said(1, int(1), 90) };
            return Some((202, json!(message).to_string()));
        }
        None
    }

    /// Answers a poll as soon as there is something, or the manner changes.
    async fn wait_for_events(&self, line: &str) -> (u16, String) {
        let after = line.split("after=1.").nth(1).unwrap();
        let after: u64 = after.split(['&', ' ']).next().unwrap().parse().unwrap();
        loop {
            let changed = self.changed.notified();
            let (events, manner) = self.held(|held| (held.events.clone(), held.manner));
            let known = usize::try_from(after - 10).unwrap();
            if events.len() > known {
                return (200, json!(page(after + 1, events[known..].to_vec())).to_string());
            }
            if manner == Manner::Forgets {
                let problem = Problem::new(ProblemCode::SignedOut, "Sign in again.");
                return (401, json!(problem).to_string());
            }
            if line.contains("wait_seconds=0") {
                return (200, json!(page(after + 1, Vec::new())).to_string());
            }
            if !matches!(manner, Manner::Well | Manner::TakesInSilently) {
                return (500, "oops".to_owned());
            }
            changed.await;
        }
    }

    fn take_in(&self, body: &[u8]) -> SendAccepted {
        let sent: SendMessage = serde_json::from_slice(body).unwrap();
        let message = self.held(|held| {
            if let Some(known) = held.messages.iter().find(|known| known.client_ref == Some(sent.client_ref))
            {
                return known.clone();
            }
            let number = 100 + u32::try_from(held.messages.len()).unwrap();
            let message = Message { client_ref: Some(sent.client_ref), ..answered(number, int(1), 101, 0) };
            held.messages.push(message.clone());
            message
        });
        SendAccepted {
            message,
            interaction: waxwing_protocol::interaction::Interaction { revision: 5, ..interaction(1) },
        }
    }
}

/// What a path asks for of a transcript.
fn load(path: &str) -> Load {
    let query = path.split_once('?').unwrap().1;
    let value = |name: &str| {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|pair| pair.0 == name)
            .map(|pair| pair.1)
    };
    let message = || value("message").unwrap().parse().unwrap();
    let part = match (value("part").unwrap(), value("message")) {
        ("before", None) => Part::Newest,
        ("before", _) => Part::Before(message()),
        ("after", _) => Part::After(message()),
        (_, _) => Part::Around(message()),
    };
    let number = |name| value(name).map(|value| value.parse().unwrap());
    Load { interaction: int(1), part, limit: number("limit").unwrap(), sessions: number("sessions") }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break String::from_utf8(bytes.drain(..end + 4).collect()).unwrap();
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:").map(str::to_owned));
    let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
    while bytes.len() < length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let range = head.lines().find_map(|line| line.strip_prefix("range: bytes=")?.strip_suffix('-'));
    let from = range.map_or(0, |from| from.parse().unwrap());
    Some(Request { line: head.lines().next().unwrap().to_owned(), from, body: bytes })
}
