//! What stands around the end of an interaction: the contact, the facts, the note, the disposition, and the steps.

use chrono::TimeDelta;
use egui::{Key, Modifiers};
use waxwing_protocol::{
    agent::Colleague,
    contact::{ContactAttribute, ContactDetail, DetailKind},
    delivery::Delivery,
    id::{AgentId, WorkbinId},
    interaction::{CaseDatum, Interaction, Note, Phase},
    workbin::{Place, PlaceInfo, Places, Right, WorkbinKind},
    wrap_up::{Disposition, Field, FieldKind, Rules},
};

use super::Page;
use crate::{
    desk::{
        Desk,
        input::{Command, Outcome},
        wrap_up::WrapUp,
    },
    gallery::{
        desk::{Table, Thread, ago, ask, end, interaction, now},
        stage::Gesture,
    },
};

const SIZE: [f32; 2] = [1440.0, 900.0];
const SHIFTED: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

pub(super) fn pages() -> Vec<Page> {
    vec![
        Page::new("wrap-up-contact", SIZE, table().laid()).with([contact()]),
        Page::new("wrap-up-fact", SIZE, table().laid())
            .with([contact(), Gesture::Click("Edit Order number")]),
        Page::new("wrap-up-note", SIZE, noted("Promised to send the voucher by Friday.").laid())
            .with([note()]),
        Page::new("wrap-up-disposition", SIZE, table().laid()).with([
            note(),
            Gesture::Click("Look for a disposition"),
            Gesture::Write("deliv".to_owned()),
        ]),
        overtaken(),
        asked(),
        undo(),
        moving(),
        waiting(),
        ended(),
        offered(),
    ]
}

fn contact() -> Gesture {
    Gesture::Press(SHIFTED, Key::I)
}

fn note() -> Gesture {
    Gesture::Press(SHIFTED, Key::T)
}

fn rules() -> Rules {
    let disposition = |code: &str, name: &str, parent: Option<&str>| Disposition {
        code: code.to_owned(),
        name: name.to_owned(),
        parent: parent.map(str::to_owned),
    };
    let field =
        |key: &str, name: &str, kind: FieldKind| Field { key: key.to_owned(), name: name.to_owned(), kind };
    Rules {
        dispositions: vec![
            disposition("delivery", "Delivery", None),
            disposition("late", "Delivered late", Some("delivery")),
            disposition("lost", "Lost on its way", Some("delivery")),
            disposition("money", "Money", None),
            disposition("refund", "Refunded", Some("money")),
            disposition("voucher", "Voucher given", Some("money")),
            disposition("question", "Question answered", None),
        ],
        disposition_required: true,
        case_fields: vec![
            field("Order", "Order number", FieldKind::Text),
            field("Tracking", "Tracking page", FieldKind::Link),
            field("Due", "To be delivered on", FieldKind::Date),
        ],
        contact_fields: vec![field("since", "Customer since", FieldKind::Date)],
        farewell: None,
    }
}

/// A conversation with somebody of whom much is known.
fn table() -> Table {
    let mut first = Thread::new(1, "Masha Ivanova", 292).waiting(38);
    first.wrote("Hi! My flowers have not arrived yet \u{1f337}");
    first.answered("Sorry to hear that. Is this the right order?", Delivery::Read);
    first.wrote("Yes, that is the one.");
    let mut second = Thread::new(2, "Daniel Okafor", 500).waiting(72);
    second.wrote("Is anybody there?");
    let mut third = Thread::new(3, "Priya Sharma", 900);
    third.answered("Your refund is on its way.", Delivery::Delivered);
    Table::with(vec![first, second, third]).with_rules(rules()).where_first(known)
}

fn known(interaction: &mut Interaction) {
    let attribute =
        |key: &str, value: &str| ContactAttribute { key: key.to_owned(), value: value.to_owned() };
    let detail = |kind, value: &str| ContactDetail { kind, value: value.to_owned(), name: None };
    let datum = |key: &str, value: &str| CaseDatum { key: key.to_owned(), value: value.to_owned() };
    let contact = &mut interaction.contact;
    contact.user_name = Some("masha.flowers".to_owned());
    contact.attributes = vec![attribute("Segment", "Gold"), attribute("since", "2019-04-02")];
    contact.details = vec![
        detail(DetailKind::Email, "masha@example.com"),
        detail(DetailKind::Url, "https://flowers.example/masha"),
    ];
    contact.note = Some("Prefers to be called after five.".to_owned());
    interaction.case_data = vec![
        datum("Order", "#48213"),
        datum("Tracking", "https://shop.example/o/48213"),
        datum("Courier", "الشحن السريع"),
    ];
}

fn noted(text: &str) -> Table {
    let note = Note { text: text.to_owned(), revision: 3, by: "Omar Haddad".to_owned(), at: ago(400) };
    table().where_first(|interaction| {
        interaction.note = Some(note);
        interaction.disposition = Some("voucher".to_owned());
    })
}

/// Both have written.
fn overtaken() -> Page {
    let desk =
        noted("Wants the money back instead.").with_note("Promised to send the voucher by Friday.").laid();
    Page::new("wrap-up-overtaken", SIZE, desk).with([note()])
}

/// *Done* waits for what came of it.
fn asked() -> Page {
    let mut desk = table().laid();
    ask(&mut desk, Command::MarkDone(interaction(1)));
    Page::new("wrap-up-asked", SIZE, desk)
}

fn undo() -> Page {
    let mut desk = noted("").laid();
    ask(&mut desk, Command::MarkDone(interaction(1)));
    end(&mut desk, Outcome::MarkedDone { interaction: interaction(1), result: Ok(()) });
    ask(&mut desk, Command::Activate(Some(interaction(2))));
    Page::new("wrap-up-undo", SIZE, desk)
}

fn with_places(mut desk: Desk) -> Desk {
    let workbin = |number: u8| WorkbinId::new(now(), [number; 10]);
    let place = |number: u8, name: &str, whose: WorkbinKind| PlaceInfo {
        place: Place::Workbin { workbin: workbin(number) },
        name: name.to_owned(),
        whose: Some(whose),
        right: Right::Take,
        limit: None,
        stale_after_hours: None,
    };
    let colleague = |number: u8, name: &str| Colleague {
        id: AgentId::new(now(), [number; 10]),
        display_name: name.to_owned(),
    };
    let personal = |number, name| WorkbinKind::Personal { owner: colleague(number, name), team: None };
    let places = Places {
        places: vec![
            place(1, "My WhatsApp workbin", personal(9, "Jana Roth")),
            place(2, "Follow-ups", WorkbinKind::Shared),
            place(3, "Support", WorkbinKind::Team { team: "Support".to_owned() }),
            place(4, "M. Duarte", personal(8, "Marco Duarte")),
        ],
        own: Some(workbin(1)),
    };
    super::workbins::held(&mut desk, places, Vec::new());
    desk
}

fn moving() -> Page {
    Page::new("move-to-workbin", SIZE, with_places(table().laid())).with([
        Gesture::Press(SHIFTED, Key::W),
        Gesture::Press(Modifiers::NONE, Key::ArrowDown),
        Gesture::Click("In an hour"),
        Gesture::Click("Comment"),
        Gesture::Write("The warehouse answers tomorrow.".to_owned()),
    ])
}

/// A step waits for a message that has not left.
fn waiting() -> Page {
    let mut desk = with_places(table().with_outgoing(&["Here is the voucher."]).laid());
    let away = crate::desk::wrap_up::Deed::Move(waxwing_protocol::workbin::MoveToWorkbin {
        workbin: None,
        comment: None,
        remind_at: None,
    });
    ask(&mut desk, Command::WrapUp(WrapUp::Take(interaction(1), away)));
    Page::new("move-to-workbin-waits", SIZE, desk)
}

fn ended() -> Page {
    let table = table().where_first(|interaction| {
        (interaction.phase, interaction.pending_since) = (Phase::Ended, None);
        interaction.ended_at = Some(ago(45));
    });
    Page::new("ended", SIZE, table.laid())
}

fn offered() -> Page {
    let table = table().where_first(|interaction| {
        interaction.phase = Phase::Offered { until: now() + TimeDelta::seconds(24) };
    });
    let mut desk = table.laid();
    ask(&mut desk, Command::Activate(Some(interaction(2))));
    Page::new("offered", SIZE, desk)
}
