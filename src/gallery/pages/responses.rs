//! Prepared replies: the tab at rest, searched, empty and from right to left; a response being written; an import.

use std::sync::Arc;

use egui::{Key, Modifiers};
use waxwing_protocol::{
    delivery::Delivery,
    id::{AttachmentId, CategoryId, ResponseId, TemplateId},
    library::{ImportReport, LibraryForm, LibraryPage, RejectedRow, ResponseUsage, Usage},
    message::MediaKind,
    response::{Category, Prefilled, ResponseContent, ResponseFile, ResponseProblem, StandardResponse},
    slot::SlotValues,
    template::{Marked, ParameterFormat, Template, TemplateCategory, TemplateQuality, TemplateStatus},
};

use super::Page;
use crate::{
    desk::{
        Desk,
        input::{Command, Outcome},
        library::manage::{ImportStep, Manage, Managed},
    },
    gallery::{
        desk::{Table, Thread, ago, ask, end, now, our_number},
        stage::Gesture,
    },
};

const SIZE: [f32; 2] = [1440.0, 900.0];

pub(super) fn pages() -> Vec<Page> {
    let search = |words: &str| vec![OPEN, Gesture::Write(words.to_owned())];
    let mut pages = vec![
        Page::new("responses", SIZE, desk(library())).with([OPEN]),
        Page::new("responses-search", SIZE, desk(library())).with(search("deliv")),
        Page::new("responses-nothing", SIZE, desk(library())).with(search("zebra")),
        Page::new("responses-empty", SIZE, desk(LibraryPage::default())).with([OPEN]),
        Page::new("responses-right-to-left", SIZE, right_to_left()).with([OPEN]),
        Page::new("responses-narrow", [900.0, 760.0], desk(library())).with([OPEN]),
        Page::new("responses-zoom-2.0", [1440.0, 900.0], desk(library())).with([OPEN]).zoomed(2.0),
        Page::new("responses-uses", SIZE, counted()).with([
            OPEN,
            Gesture::Click("More with responses"),
            Gesture::Click("Most used first"),
        ]),
    ];
    pages.extend(cared_for());
    pages
}

const OPEN: Gesture = Gesture::Press(Modifiers::COMMAND, Key::L);

/// What is looked after by whoever leads a team.
fn cared_for() -> Vec<Page> {
    let edit = |wanted: &'static str| vec![OPEN, Gesture::Menu(wanted), Gesture::Click("Edit…")];
    let mut wrong = edit("Delivery today, /dt");
    wrong.extend([
        Gesture::Click("Shortcut"),
        Gesture::Press(Modifiers::COMMAND, Key::A),
        Gesture::Write("d t".to_owned()),
        Gesture::Click("Save"),
    ]);
    let menu = [OPEN, Gesture::Click("More with responses")];
    vec![
        Page::new("responses-menu", SIZE, led(library())).with(menu),
        Page::new("responses-menu-of-one", SIZE, led(library()))
            .with([OPEN, Gesture::Menu("Delivery today, /dt")]),
        Page::new("responses-editor", SIZE, led(library())).with(edit("Delivery today, /dt")),
        Page::new("responses-editor-wrong", SIZE, led(library())).with(wrong),
        Page::new("responses-import", SIZE, importing()),
    ]
}

fn thread() -> Thread {
    let mut thread = Thread::new(1, "Masha Ivanova", 300).waiting(38);
    thread.wrote("Hi! My flowers have not arrived yet 🌷");
    thread.answered("Sorry to hear that. Is this the right order?", Delivery::Read);
    thread.wrote("Yes, that is the one. When will the delivery come today?");
    thread
}

fn desk(library: LibraryPage) -> Desk {
    Table::with(vec![thread()]).with_library(library).laid()
}

fn led(library: LibraryPage) -> Desk {
    Table::with(vec![thread()]).led().with_library(library).laid()
}

fn category(number: u8, parent: Option<u8>, name: &str) -> Category {
    let id = |number| CategoryId::new(now(), [number; 10]);
    Category { id: id(number), parent: parent.map(id), name: name.to_owned() }
}

fn response(number: u8, category: u8, (name, shortcut): (&str, &str), body: &str) -> StandardResponse {
    StandardResponse {
        id: ResponseId::new(now(), [number; 10]),
        content: ResponseContent {
            category: Some(CategoryId::new(now(), [category; 10])),
            name: name.to_owned(),
            shortcut: Some(shortcut.to_owned()).filter(|shortcut| !shortcut.is_empty()),
            language: Some("en".to_owned()),
            body: body.to_owned(),
            active: true,
            ..ResponseContent::default()
        },
        version: 1,
        changed_at: ago(86_400),
        changed_by: "Jo Reed".to_owned(),
    }
}

fn file(number: u8, kind: MediaKind, name: &str) -> ResponseFile {
    ResponseFile {
        attachment: AttachmentId::new(now(), [number; 10]),
        kind,
        file_name: name.to_owned(),
        size_bytes: 92_000,
        caption: None,
        about: None,
    }
}

fn template(number: u8, name: &str, status: TemplateStatus, body: &str) -> Template {
    Template {
        id: TemplateId::new(now(), [number; 10]),
        name: name.to_owned(),
        language: "en_US".to_owned(),
        status,
        reason: None,
        category: TemplateCategory::Utility,
        quality: TemplateQuality::Green,
        parameter_format: ParameterFormat::Positional,
        header: None,
        body: Marked { text: body.to_owned(), examples: Vec::new() },
        footer: None,
        offer: None,
        buttons: Vec::new(),
        cards: Vec::new(),
        unknown_parts: Vec::new(),
        numbers: vec![our_number()],
    }
}

fn library() -> LibraryPage {
    let mut today = response(
        1,
        2,
        ("Delivery today", "dt"),
        "Thank you, <$Contact.FirstName$>. The courier will be with you before {{time}} today; you can follow it with the link above.",
    );
    today.content.files =
        vec![file(1, MediaKind::Document, "refund-policy.pdf"), file(2, MediaKind::Image, "bouquet.jpg")];
    let delayed = response(
        2,
        2,
        ("Delivery delayed", "dd"),
        "I am sorry for the delay with order <$Interaction.AttachedData(\"Order\")$>. It left our house this morning.",
    );
    let address = response(
        3,
        2,
        ("Ask for the address", "addr"),
        "Could you share the delivery address, or send us your location?",
    );
    let hello =
        response(4, 3, ("Hello", "hi"), "Good afternoon, this is <$Agent.FirstName$>. How may I help?");
    let mut confirm = response(5, 4, ("Payment confirmed", "pay"), "");
    confirm.content.notification = Some(Prefilled {
        name: "HSM_payment_confirmation".to_owned(),
        language: "en_US".to_owned(),
        values: SlotValues::new(),
    });
    let mut own =
        response(6, 3, ("My goodbye", "bye"), "Have a lovely day!\n<$Agent.FirstName$> from the flower shop");
    own.content.owner = Some(crate::gallery::desk::agent().id);
    let favourites = vec![today.id, hello.id];
    let templates = vec![
        template(
            1,
            "HSM_payment_confirmation",
            TemplateStatus::Approved,
            "Hello {{1}}. Have you ordered {{2}}? If yes, please confirm {{3}}.",
        ),
        template(2, "delivery_survey", TemplateStatus::Paused, "How was the delivery, {{1}}?"),
    ];
    LibraryPage {
        whole: true,
        categories: vec![
            category(1, None, "Orders"),
            category(2, Some(1), "Delivery"),
            category(3, None, "Greetings"),
            category(4, Some(1), "Payment"),
        ],
        recent: vec![address.id],
        responses: vec![today, delayed, address, hello, confirm, own],
        templates,
        favourites,
        next: 1,
        ..LibraryPage::default()
    }
}

fn right_to_left() -> Desk {
    let mut thread = Thread::new(1, "سارة العلي", 300).waiting(9);
    thread.wrote("مرحبا، أين طلبي؟");
    let mut library = library();
    let mut where_is = response(
        7,
        2,
        ("أين الطلب", "ayn"),
        "شكرا <$Contact.FirstName$>. سيصل الطلب <$Interaction.AttachedData(\"Order\")$> قبل {{الوقت}} اليوم، ويمكنك تتبعه عبر الرابط.",
    );
    where_is.content.language = Some("ar".to_owned());
    library.favourites = vec![where_is.id];
    library.responses.push(where_is);
    Table::with(vec![thread]).with_library(library).laid()
}

fn counted() -> Desk {
    let library = library();
    let used = |number: usize, uses: u64, agents: u32| ResponseUsage {
        response: library.responses[number].id,
        uses,
        agents,
        last_used_at: ago(4000),
    };
    let usage = Usage { responses: vec![used(0, 214, 9), used(3, 96, 7), used(1, 1, 1)] };
    let mut desk = led(library);
    ask(&mut desk, Command::Manage(Manage::CountUses));
    end(&mut desk, Outcome::Managed(Managed::Usage(Ok(usage))));
    desk
}

fn importing() -> Desk {
    let mut desk = led(library());
    let text: Arc<str> = "name,body".into();
    let (name, form) = ("responses-spring.csv".to_owned(), LibraryForm::Csv);
    ask(&mut desk, Command::Manage(Manage::TryImport { name, form, text }));
    let rejected = |row, name: &str, why: ResponseProblem| RejectedRow {
        row,
        name: name.to_owned(),
        reason: why.to_string(),
    };
    let report = ImportReport {
        done: false,
        added: 37,
        changed: 4,
        unchanged: 112,
        rejected: vec![
            rejected(17, "Returns within 14 days", ResponseProblem::Shortcut),
            rejected(58, "", ResponseProblem::Name),
            rejected(91, "توصيل", ResponseProblem::BodyTooLong),
        ],
    };
    end(&mut desk, Outcome::Managed(Managed::Imported { step: ImportStep::Try, result: Ok(report) }));
    desk
}
