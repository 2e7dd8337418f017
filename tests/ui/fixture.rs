//! A desk with something on it, and a window around it that collects what the agent asks for.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use egui::OutputCommand;
use egui_kittest::Harness;
use waxwing::{
    config::{
        Choices,
        emoji::{EmojiHabits, EmojiSet},
        layout::Layout,
    },
    desk::{
        Desk,
        chime::Settings,
        file::FileState,
        input::{Command, Input, Outcome, Password},
        picture::{Fetched, PictureKey},
        restore::Restored,
        sound::{Playing, Recording, SoundKey, Speed},
    },
    ui::{self, Action, Files, Pictures, Sound, Spelling, View, ViewState, language::Language, theme::Theme},
};
use waxwing_protocol::{
    agent::{Agent, AgentStatus, Role, StatusSince},
    api::{PROTOCOL, SignedIn},
    contact::{BusinessNumber, Contact, WhatsAppId},
    delivery::{Delivery, DeliveryState},
    event::{Cursor, EventPage, InteractionSnapshot, NumberAlert, Snapshot},
    id::{AgentId, AttachmentId, BusinessNumberId, ContactId, InteractionId, MessageId, SessionId},
    interaction::{CaseDatum, Interaction, Origin, Phase, ServiceWindow},
    library::LibraryPage,
    message::{Author, Body, Message},
    template::Template,
};

/// The fixed time of every panel test.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_778_688_000, 0).expect("a time")
}

fn agent() -> Agent {
    Agent {
        id: AgentId::new(now(), [9; 10]),
        user_name: "jana".to_owned(),
        display_name: "Jana Roth".to_owned(),
        role: Role::Agent,
        capacity: 6,
        team: None,
    }
}

fn status() -> StatusSince {
    StatusSince { status: AgentStatus::Ready, since: now() - TimeDelta::seconds(2467) }
}

/// The interaction of that number.
pub(crate) fn interaction_id(number: u8) -> InteractionId {
    InteractionId::new(now(), [number; 10])
}

/// One interaction: its number, who, how many seconds they have waited, and what was said.
pub(crate) fn interaction(
    number: u8,
    name: &str,
    waited: Option<i64>,
    said: Vec<Message>,
) -> InteractionSnapshot {
    let interaction = Interaction {
        id: interaction_id(number),
        session: SessionId::new(now(), [number; 10]),
        contact: Contact {
            id: ContactId::new(now(), [number; 10]),
            whatsapp: WhatsAppId { user_id: None, phone: Some(format!("1650555000{number}")) },
            profile_name: Some(name.to_owned()),
            user_name: None,
            details: Vec::new(),
            name: None,
            attributes: Vec::new(),
            note: None,
            blocked: false,
            revision: 0,
        },
        business_number: BusinessNumber {
            id: number_id(),
            display_number: "+1 555 078 3881".to_owned(),
            name: "Shop".to_owned(),
        },
        origin: Origin::Inbound,
        phase: Phase::Open,
        owner: Some(agent().id),
        created_at: now() - TimeDelta::seconds(300),
        assigned_at: Some(now() - TimeDelta::seconds(292)),
        pending_since: waited.map(|seconds| now() - TimeDelta::seconds(seconds)),
        window: ServiceWindow { last_inbound_at: Some(now() - TimeDelta::seconds(60)) },
        case_data: vec![CaseDatum { key: "Order".to_owned(), value: "#48213".to_owned() }],
        stored: None,
        ended_at: None,
        note: None,
        disposition: None,
        revision: 1,
    };
    InteractionSnapshot { interaction, transcript: said, older: false, draft: None }
}

/// A message in the interaction of that number: the contact's without a delivery, ours with one.
pub(crate) fn message(number: u8, seconds_ago: i64, body: Body, delivery: Option<Delivery>) -> Message {
    let at = now() - TimeDelta::seconds(seconds_ago);
    let author = match delivery {
        None => Author::Contact,
        Some(_) => Author::Agent { agent: agent().id, name: "Jana Roth".to_owned() },
    };
    let fallback = match &body {
        Body::Text { text } => text.clone(),
        _ => "[a kind of message that is shown in words]".to_owned(),
    };
    Message {
        id: MessageId::new(at, [number; 10]),
        interaction: interaction_id(number),
        session: SessionId::new(now(), [number; 10]),
        author,
        body,
        fallback,
        sent_at: at,
        stored_at: at,
        client_ref: None,
        delivery: delivery.map(|delivery| DeliveryState::new(1, delivery, at)),
        quote: None,
        forwarded: None,
        reactions: Vec::new(),
        earlier: Vec::new(),
        referral: None,
    }
}

/// Words of the contact.
pub(crate) fn wrote(number: u8, seconds_ago: i64, text: &str) -> Message {
    message(number, seconds_ago, Body::Text { text: text.to_owned() }, None)
}

/// Words of ours.
pub(crate) fn answered(number: u8, seconds_ago: i64, text: &str, delivery: Delivery) -> Message {
    message(number, seconds_ago, Body::Text { text: text.to_owned() }, Some(delivery))
}

/// A desk on which nobody is signed in.
pub(crate) fn empty_desk() -> Desk {
    Desk::new(Settings::default(), |at| at.date_naive())
}

/// A desk with these interactions and these alerts.
pub(crate) fn desk(interactions: Vec<InteractionSnapshot>, alerts: Vec<NumberAlert>) -> Desk {
    let mut desk = empty_desk();
    let sign_in =
        Command::SignIn { user_name: "jana".to_owned(), password: Password("a password".to_owned()) };
    let signed_in = SignedIn {
        token: "token".to_owned(),
        expires_at: now() + TimeDelta::hours(12),
        agent: agent(),
        status: status(),
        now: now(),
        protocol: PROTOCOL,
    };
    let snapshot =
        Snapshot { agent: agent(), status: status(), interactions, alerts, library: 0, workbins: 0 };
    let page = EventPage::Snapshot {
        snapshot: Box::new(snapshot),
        next: Cursor { epoch: 1, number: 1 },
        now: now(),
    };
    desk.step(Input::Command(sign_in), now());
    desk.step(Input::Outcome(Outcome::SignedIn(Ok(Box::new(signed_in)))), now());
    desk.step(Input::Outcome(Outcome::Polled(Ok(page))), now());
    desk
}

/// A desk with these interactions, the first in front, and these templates for their number.
pub(crate) fn desk_with_templates(interactions: Vec<InteractionSnapshot>, templates: Vec<Template>) -> Desk {
    let library = LibraryPage { whole: true, templates, next: 1, ..LibraryPage::default() };
    desk_with_library(interactions, library, Role::Agent)
}

/// A desk with these interactions, the first in front, and this library, before somebody of that role.
pub(crate) fn desk_with_library(
    interactions: Vec<InteractionSnapshot>,
    library: LibraryPage,
    role: Role,
) -> Desk {
    let active = interactions.first().map(|first| first.interaction.id);
    let restored = Restored {
        has_token: true,
        account: Some((Agent { role, ..agent() }, status())),
        cursor: Some(Cursor { epoch: 1, number: 1 }),
        interactions,
        active,
        library: Some(Box::new(library)),
        ..Restored::default()
    };
    let mut desk = empty_desk();
    desk.step(Input::Restored(Box::new(restored)), now());
    let next = Cursor { epoch: 1, number: 1 };
    let page = EventPage::Events { events: Vec::new(), next, more: false, workbins: 0, now: now() };
    desk.step(Input::Outcome(Outcome::Polled(Ok(page))), now());
    desk
}

/// The number of all interactions.
pub(crate) fn number_id() -> BusinessNumberId {
    BusinessNumberId::new(now(), [1; 10])
}

/// The same desk with a conversation in front.
pub(crate) fn with_active(mut desk: Desk, number: u8) -> Desk {
    desk.step(Input::Command(Command::Activate(Some(interaction_id(number)))), now());
    desk
}

/// Pictures as a test lays them out.
#[derive(Debug, Default)]
pub(crate) struct Album(pub(crate) BTreeMap<PictureKey, Fetched>);

impl Pictures for Album {
    fn get(&self, key: PictureKey) -> Fetched {
        self.0.get(&key).cloned().unwrap_or_default()
    }
}

/// Files as a test lays them out.
#[derive(Debug, Default)]
pub(crate) struct Shelf(pub(crate) BTreeMap<AttachmentId, FileState>);

impl Files for Shelf {
    fn get(&self, attachment: AttachmentId) -> FileState {
        self.0.get(&attachment).cloned().unwrap_or_default()
    }
}

/// Sound as a test lays it out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Booth {
    pub(crate) playing: Option<Playing>,
    pub(crate) left: BTreeMap<SoundKey, TimeDelta>,
    pub(crate) trouble: Option<(SoundKey, &'static str)>,
    pub(crate) speed: Speed,
    pub(crate) recording: (Option<InteractionId>, Recording),
}

impl Sound for Booth {
    fn playing(&self) -> Option<Playing> {
        self.playing
    }

    fn left_at(&self, key: SoundKey) -> TimeDelta {
        self.left.get(&key).copied().unwrap_or_default()
    }

    fn trouble(&self, key: SoundKey) -> Option<Arc<str>> {
        self.trouble.filter(|(troubled, _)| *troubled == key).map(|(_, why)| why.into())
    }

    fn speed(&self) -> Speed {
        self.speed
    }

    fn recording(&self) -> (Option<InteractionId>, Recording) {
        self.recording.clone()
    }
}

/// Words that count as misspelled, each with others instead of it.
#[derive(Debug, Default)]
pub(crate) struct WordList(pub(crate) BTreeMap<String, Vec<String>>);

impl Spelling for WordList {
    fn misspelled(&self, text: &str) -> Vec<Range<usize>> {
        let places = |word: &String| {
            text.match_indices(word.as_str()).map(|(at, word)| at..at + word.len()).collect::<Vec<_>>()
        };
        self.0.keys().flat_map(places).collect()
    }

    fn suggestions(&self, word: &str) -> Option<Vec<String>> {
        self.0.get(word).cloned()
    }
}

/// A window: the desk in it, the time, and what the agent has asked for.
pub(crate) struct Window {
    pub(crate) desk: Desk,
    pub(crate) now: DateTime<Utc>,
    pub(crate) choices: Choices,
    pub(crate) language: Language,
    pub(crate) album: Album,
    pub(crate) shelf: Shelf,
    pub(crate) sound: Booth,
    pub(crate) spelling: WordList,
    pub(crate) actions: Vec<Action>,
    /// What was put on the clipboard.
    pub(crate) copied: Vec<String>,
    /// How many events the gateway has told.
    pub(crate) told: u64,
    view_state: ViewState,
    theme: Theme,
}

impl Window {
    /// The windows as they are to be remembered.
    pub(crate) fn layout(&self) -> Layout {
        self.view_state.layout()
    }

    /// The program is started again on a desk, with the windows as they were.
    pub(crate) fn restart(&mut self, layout: Layout, desk: Desk) {
        (self.view_state, self.desk) = (ViewState::with_layout(layout), desk);
    }

    /// The program is started again with these emoji to pick from and that agent's habits.
    pub(crate) fn restart_with_emoji(&mut self, set: &EmojiSet, habits: EmojiHabits) {
        self.view_state = ViewState::default().with_emoji(set, habits);
    }

    /// Which emoji the agent is used to.
    pub(crate) fn emoji_habits(&self) -> &EmojiHabits {
        self.view_state.emoji_habits()
    }

    /// Goes to the conversation of that number.
    pub(crate) fn activate(&mut self, number: u8) {
        self.desk.step(Input::Command(Command::Activate(Some(interaction_id(number)))), now());
    }
}

/// Opens a window of that width on a desk.
pub(crate) fn window<'a>(desk: Desk, width: f32) -> Harness<'a, Window> {
    let window = Window {
        desk,
        now: now(),
        choices: Choices::default(),
        album: Album::default(),
        shelf: Shelf::default(),
        sound: Booth::default(),
        spelling: WordList::default(),
        actions: Vec::new(),
        copied: Vec::new(),
        told: 1,
        view_state: ViewState::default(),
        theme: Theme::shipped(egui::Theme::Light),
        language: Language::first_of([]),
    };
    let mut harness = Harness::builder()
        .with_size([width, 900.0])
        .with_max_steps(12)
        .with_context_setup(|ctx| {
            ui::fonts::install(ctx);
            Theme::install(ctx);
        })
        .build_ui_state(
            |ui, window: &mut Window| {
                let view = View {
                    desk: &window.desk,
                    now: window.now,
                    theme: &window.theme,
                    choices: &window.choices,
                    language: &window.language,
                    zone: ui::Zone::Utc,
                    pictures: &window.album,
                    files: &window.shelf,
                    sound: &window.sound,
                    spelling: &window.spelling,
                    gateway: "https://chat.example.com",
                };
                window.actions.extend(ui::show(ui, view, &mut window.view_state));
                let copied = |command: &OutputCommand| match command {
                    OutputCommand::CopyText(text) => Some(text.clone()),
                    _ => None,
                };
                window.copied.extend(ui.ctx().output(|output| output.commands.iter().rev().find_map(copied)));
            },
            window,
        );
    harness.run_steps(4);
    harness
}
