//! The directory of contacts: at rest, searched, empty, away; somebody looked at, changed, made one with another; an import.

use egui::{Key, Modifiers};
use waxwing_protocol::{
    contact::{Contact, ContactAttribute, ContactDetail, DetailKind, WhatsAppId},
    directory::{ContactRecord, DirectoryEntry, DirectoryPage, MergeInfo},
    id::{ContactId, MergeId},
    library::{ImportReport, RejectedRow},
};

use super::Page;
use crate::{
    desk::{
        Desk,
        directory::{DirectoryTold, DirectoryWish, ImportStep},
        input::{CallError, Command, Outcome},
    },
    gallery::{
        desk::{Table, Thread, ago, ask, end, now, our_number},
        stage::Gesture,
    },
};

const SIZE: [f32; 2] = [1440.0, 900.0];
const HERE: Gesture = Gesture::Press(Modifiers::COMMAND, Key::Num4);

pub(super) fn pages() -> Vec<Page> {
    let edit = [HERE, Gesture::Click("Edit")];
    let advanced = [HERE, Gesture::Click("Advanced search")];
    let merge = [
        HERE,
        Gesture::Click("More with this contact"),
        Gesture::Click("Merge with…"),
        Gesture::Click("Daniel Okafor"),
    ];
    let history = [HERE, Gesture::Click("History")];
    vec![
        Page::new("directory", SIZE, found(people())).with([HERE]),
        Page::new("directory-details", SIZE, opened()).with([HERE]),
        Page::new("directory-history", SIZE, super::history::with_past(opened())).with(history),
        Page::new("directory-advanced", SIZE, found(people())).with(advanced),
        Page::new("directory-edit", SIZE, opened()).with(edit),
        Page::new("directory-new", SIZE, found(people())).with([HERE, Gesture::Click("New contact")]),
        Page::new("directory-merge", SIZE, opened()).with(merge),
        Page::new("directory-nobody", SIZE, found(Vec::new())).with([HERE]),
        Page::new("directory-away", SIZE, away()).with([HERE]),
        Page::new("directory-narrow", [900.0, 760.0], opened()).with([HERE]),
        Page::new("directory-import", SIZE, importing()).with([HERE]),
    ]
}

fn desk() -> Desk {
    let mut thread = Thread::new(1, "Masha Ivanova", 300).waiting(38);
    thread.wrote("Hi! My flowers have not arrived yet 🌷");
    Table::with(vec![thread]).led().laid()
}

pub(super) fn contact(number: u8, name: &str, phone: &str, segment: Option<&str>) -> Contact {
    let detail = |kind, value: String| ContactDetail { kind, value, name: None };
    let user = name.split(' ').next().unwrap_or_default().to_lowercase();
    let attribute = |value: &str| ContactAttribute { key: "Segment".to_owned(), value: value.to_owned() };
    Contact {
        id: ContactId::new(now(), [number; 10]),
        whatsapp: WhatsAppId { user_id: None, phone: Some(phone.to_owned()) },
        profile_name: Some(name.to_owned()),
        user_name: None,
        name: None,
        details: vec![detail(DetailKind::Email, format!("{user}@example.com"))],
        attributes: segment.map(attribute).into_iter().collect(),
        note: None,
        blocked: false,
        revision: 0,
    }
}

fn people() -> Vec<DirectoryEntry> {
    let contacts = [
        contact(1, "Masha Ivanova", "16505551234", Some("Gold")),
        contact(2, "Daniel Okafor", "2348015550123", None),
        contact(3, "سارة العلي", "201005550147", Some("Silver")),
        contact(4, "Priya Sharma", "919805550188", Some("Gold")),
        contact(5, "Lucas Carvalho", "5511955500199", None),
        contact(6, "Grace Kim 김은혜", "821055501881", Some("Silver")),
        Contact { blocked: true, ..contact(7, "Tom Baker", "447700900321", None) },
        contact(8, "田中 花子", "819055500101", Some("Gold")),
        Contact { profile_name: None, details: Vec::new(), ..contact(9, "", "447700900142", None) },
    ];
    let at = |number: i64| Some(ago(number * number * number * 400 + 60));
    let entry = |(number, contact): (i64, Contact)| DirectoryEntry {
        contact,
        last_at: at(number),
        favourite: number % 3 == 1,
    };
    (0..).zip(contacts).map(entry).collect()
}

fn told(desk: &mut Desk, told: DirectoryTold) {
    end(desk, Outcome::Directory(told));
}

fn found(entries: Vec<DirectoryEntry>) -> Desk {
    let mut desk = desk();
    ask(&mut desk, Command::Directory(DirectoryWish::Look(Box::default())));
    let page = DirectoryPage { entries, more: false };
    told(&mut desk, DirectoryTold::Found { number: 1, result: Ok(page) });
    desk
}

fn opened() -> Desk {
    let mut desk = found(people());
    let mut masha = contact(1, "Masha Ivanova", "16505551234", Some("Gold"));
    masha.details.push(ContactDetail {
        kind: DetailKind::Address,
        value: "101 Forest Ave, Palo Alto, CA 94301".to_owned(),
        name: None,
    });
    masha.details.push(ContactDetail {
        kind: DetailKind::Phone,
        value: "+1 650 555 0199".to_owned(),
        name: Some("Pyotr Ivanov".to_owned()),
    });
    masha.note =
        Some("Prefers to be called in the afternoon. Allergic to lilies: never offer them.".to_owned());
    let merge = MergeInfo {
        id: MergeId::new(now(), [1; 10]),
        name: "Maria Ivanova".to_owned(),
        at: ago(4 * 86_400),
        by: "Jo Reed".to_owned(),
    };
    ask(&mut desk, Command::Directory(DirectoryWish::Open(masha.id)));
    let contact = masha.id;
    let record = ContactRecord {
        contact: masha,
        former: vec!["Masha".to_owned(), "Mashenka 🌷".to_owned()],
        merges: vec![merge],
        favourite: true,
    };
    told(&mut desk, DirectoryTold::Record { contact, result: Ok(Box::new(record)) });
    desk
}

fn away() -> Desk {
    let mut desk = desk();
    ask(&mut desk, Command::Directory(DirectoryWish::Look(Box::default())));
    let result = Err(CallError::Unreachable("there is no connection to the gateway".to_owned()));
    told(&mut desk, DirectoryTold::Found { number: 1, result });
    desk
}

fn importing() -> Desk {
    let mut desk = found(people());
    let (name, form) = ("contacts.csv".to_owned(), waxwing_protocol::directory::ContactsFormat::Csv);
    ask(&mut desk, Command::Directory(DirectoryWish::TryImport { name, form, text: "phone\n".into() }));
    let rejected =
        |row, name: &str, reason: &str| RejectedRow { row, name: name.to_owned(), reason: reason.to_owned() };
    let report = ImportReport {
        done: false,
        added: 212,
        changed: 9,
        unchanged: 40,
        rejected: vec![
            rejected(17, "Erika Mustermann", "+49 30 12 is not a phone number of any country."),
            rejected(88, "", "There is no phone number."),
        ],
    };
    told(&mut desk, DirectoryTold::Imported { step: ImportStep::Try, result: Ok(report) });
    // The numbers a chat can be begun from are known, too.
    super::history::know_numbers(&mut desk, our_number());
    desk
}
