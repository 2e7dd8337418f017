//! What a frame of a workbin costs in which fifty thousand interactions lie, while somebody scrolls through it and goes from row
//! to row; beside it, the same with fifty.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use egui::{Context, Event, Key, Modifiers, Pos2, RawInput, Rect, pos2, vec2};
use uuid::Uuid;
use waxwing::{
    config::Choices,
    desk::{
        Desk,
        chime::Settings,
        effect::{Call, Effect},
        input::{Input, Outcome},
        restore::Restored,
    },
    ui::{self, View, ViewState, language::Language, theme::Theme},
};
use waxwing_protocol::{
    agent::{Agent, AgentStatus, Role, StatusSince},
    contact::{BusinessNumber, Contact, ContactAttribute, WhatsAppId},
    event::{Cursor, EventPage},
    id::{AgentId, BusinessNumberId, ContactId, InteractionId, SessionId, WorkbinId},
    interaction::{Interaction, Origin, Phase, ServiceWindow, Stored},
    workbin::{Changes, LastMessage, Place, PlaceInfo, Places, Right, WorkbinItem, WorkbinKind},
};

use crate::{
    kit::wait::now as clock,
    report::{Row, percentile},
};

/// How many lie there.
const MANY: u32 = 50_000;
const FEW: u32 = 50;
/// How many frames are drawn.
const FRAMES: usize = 1_200;
/// What a frame may cost, in milliseconds: half of what there is at 60 Hz.
const LIMIT: f64 = 8.0;

/// The row.
pub(crate) fn row() -> Row {
    let (many, few) = (frames(MANY), frames(FEW));
    Row::new("workbin_frame_ms_p99_50000", percentile(&many, 99), "ms")
        .beside(percentile(&few, 99))
        .at_most(LIMIT)
}

fn at() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn uuid(number: u32) -> Uuid {
    Uuid::from_u128(u128::from(number))
}

fn frames(items: u32) -> Vec<Duration> {
    let (desk, ctx) = (desk(items), Context::default());
    ui::fonts::install(&ctx);
    Theme::install(&ctx);
    let (theme, choices) = (Theme::shipped(egui::Theme::Light), Choices::default());
    let (language, mut state) = (Language::first_of(["en"]), ViewState::default());
    let key =
        |key, modifiers| Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
    let middle = pos2(800.0, 240.0);
    let mut spans = Vec::new();
    for number in 0..FRAMES + 20 {
        let events = match number {
            0 => vec![key(Key::Num2, Modifiers::COMMAND)],
            1 => vec![Event::PointerMoved(middle)],
            _ if number % 3 == 0 => vec![key(Key::ArrowDown, Modifiers::NONE)],
            _ => vec![Event::MouseWheel {
                source: egui::MouseWheelSource::Trackpad,
                unit: egui::MouseWheelUnit::Point,
                delta: vec2(0.0, -97.0),
                phase: egui::TouchPhase::Move,
                modifiers: Modifiers::NONE,
            }],
        };
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0))),
            time: Some(f64::from(u32::try_from(number).unwrap_or(0)) / 60.0),
            focused: true,
            events,
            ..RawInput::default()
        };
        let view = View {
            desk: &desk,
            now: at(),
            theme: &theme,
            choices: &choices,
            language: &language,
            zone: ui::Zone::Utc,
            pictures: &NoPictures,
            files: &(),
            sound: &(),
            spelling: &(),
            gateway: "",
        };
        let began = clock();
        let output = ctx.run_ui(input, |ui| {
            ui::show(ui, view, &mut state);
        });
        let mut output = output;
        std::hint::black_box(ctx.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point));
        output.textures_delta.clear();
        // The first ones make the list and find their place.
        if number >= 20 {
            spans.push(began.elapsed());
        }
    }
    spans
}

/// There are none.
#[derive(Debug)]
struct NoPictures;

impl ui::Pictures for NoPictures {
    fn get(&self, _key: waxwing::desk::picture::PictureKey) -> waxwing::desk::picture::Fetched {
        waxwing::desk::picture::Fetched::default()
    }
}

/// A desk with so many things in the agent's workbin.
fn desk(items: u32) -> Desk {
    let agent = Agent {
        id: AgentId::from_uuid(uuid(1)),
        user_name: "jana".to_owned(),
        display_name: "Jana Roth".to_owned(),
        role: Role::Agent,
        capacity: 5,
        team: None,
    };
    let (workbin, owner) = (WorkbinId::from_uuid(uuid(2)), agent.id);
    let place = Place::Workbin { workbin };
    let whose = WorkbinKind::Personal {
        owner: waxwing_protocol::agent::Colleague { id: owner, display_name: "Jana Roth".to_owned() },
        team: None,
    };
    let info = PlaceInfo {
        place,
        name: "My workbin".to_owned(),
        whose: Some(whose),
        right: Right::Take,
        limit: None,
        stale_after_hours: Some(24),
    };
    let status = StatusSince { status: AgentStatus::Ready, since: at() };
    let cursor = Cursor { epoch: 1, number: 1 };
    let restored = Restored {
        has_token: true,
        account: Some((agent, status)),
        cursor: Some(cursor),
        ..Restored::default()
    };
    let mut desk = Desk::new(Settings::default(), |at| at.date_naive());
    desk.step(Input::Restored(Box::new(restored)), at());
    let page = EventPage::Events { events: Vec::new(), next: cursor, more: false, workbins: 1, now: at() };
    let effects = desk.step(Input::Outcome(Outcome::Polled(Ok(page))), at());
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Call(Call::Workbins(_)))));
    let changes = Changes {
        view: 1,
        whole: true,
        places: Some(Places { places: vec![info], own: Some(workbin) }),
        items: (0..items).map(|number| item(number, (place, workbin))).collect(),
        gone: Vec::new(),
        next: 1,
        more: false,
    };
    desk.step(Input::Outcome(Outcome::WorkbinsTold(Ok(Box::new(changes)))), at());
    desk
}

fn item(number: u32, (place, workbin): (Place, WorkbinId)) -> WorkbinItem {
    const NAMES: [&str; 6] =
        ["Elena Petrova", "Ahmed Hassan", "سارة العلي", "Grace Kim", "Tom Baker", "प्रिया शर्मा"];
    const LINES: [&str; 4] =
        ["Waits for the warehouse", "明日写真を送ります", "Will send the serial number", "شكرا"];
    let since = at() - TimeDelta::minutes(i64::from(number));
    let (names, lines) = (number as usize % NAMES.len(), number as usize % LINES.len());
    let contact = Contact {
        id: ContactId::from_uuid(uuid(number)),
        whatsapp: WhatsAppId { user_id: None, phone: Some(format!("49155{number:07}")) },
        profile_name: Some(format!("{} {number}", NAMES[names])),
        user_name: None,
        name: None,
        details: Vec::new(),
        attributes: vec![ContactAttribute { key: "Segment".to_owned(), value: "Gold".to_owned() }],
        note: None,
        blocked: false,
        revision: 0,
    };
    let interaction = Interaction {
        id: InteractionId::from_uuid(uuid(number)),
        session: SessionId::from_uuid(uuid(number)),
        contact,
        business_number: BusinessNumber {
            id: BusinessNumberId::from_uuid(uuid(3)),
            display_number: "+1 555 078 3881".to_owned(),
            name: "Shop".to_owned(),
        },
        origin: Origin::Inbound,
        phase: Phase::InWorkbin { workbin },
        owner: None,
        created_at: since,
        assigned_at: None,
        pending_since: number.is_multiple_of(3).then_some(since),
        window: ServiceWindow { last_inbound_at: Some(since) },
        case_data: Vec::new(),
        stored: Some(Stored { since, by: None, comment: None, remind_at: None }),
        ended_at: None,
        note: None,
        disposition: None,
        revision: 1,
    };
    let last = Some(LastMessage { line: LINES[lines].to_owned(), by_contact: true, at: since });
    WorkbinItem { interaction, place, last, unread: number % 2, last_agent: None }
}
