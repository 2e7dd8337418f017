//! What is written reads back as it was, in every form; what is none is told.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use waxwing_protocol::{
    id::{AttachmentId, ResponseId},
    message::MediaKind,
    response::Prefilled,
    slot::SlotValue,
};

use super::{super::row::RowFile, *};
use crate::handling::cells::{bare, disarmed};

const FORMS: [LibraryForm; 3] = [LibraryForm::Csv, LibraryForm::Json, LibraryForm::Toml];

/// Words with everything in them that could be taken for something else.
fn words() -> impl Strategy<Value = String> {
    "(\\PC|[=+@'\"\\\\,;<>${}\\-\t\r\n\u{feff}\u{0}＝＋－＠#\\[\\]]){0,12}"
}

/// The same that is not nothing: in a CSV that is the same as not being there.
fn some_words() -> impl Strategy<Value = Option<String>> {
    prop::option::of(words().prop_filter("something", |words| !words.is_empty()))
}

fn moments() -> impl Strategy<Value = Option<DateTime<Utc>>> {
    prop::option::of(
        (0..4_000_000_000_000_i64)
            .prop_map(|millis| DateTime::from_timestamp_millis(millis).expect("a time")),
    )
}

fn seeds() -> impl Strategy<Value = [u8; 10]> {
    prop::array::uniform10(any::<u8>())
}

fn values() -> impl Strategy<Value = SlotValue> {
    prop_oneof![
        words().prop_map(SlotValue::text),
        (words(), "[A-Z]{3}", any::<i64>()).prop_map(|(fallback, code, amount_1000)| SlotValue::Currency {
            fallback,
            code,
            amount_1000
        }),
        (words(), some_words(), -720..720_i32).prop_map(|(name, address, eighths)| SlotValue::Location {
            latitude: f64::from(eighths) / 8.0,
            longitude: f64::from(eighths) / 4.0,
            name,
            address: address.unwrap_or_default(),
        }),
        (some_words(), prop::collection::vec(words(), 0..3))
            .prop_map(|(catalog, products)| SlotValue::Products { catalog, products }),
        (seeds(), some_words()).prop_map(|(seed, file_name)| SlotValue::Media {
            attachment: AttachmentId::new(DateTime::UNIX_EPOCH, seed),
            file_name,
        }),
        moments().prop_map(|at| SlotValue::Expires { at: at.unwrap_or_default() }),
    ]
}

fn notifications() -> impl Strategy<Value = Option<Prefilled>> {
    let slots = prop::sample::select(vec![
        "body.1",
        "body.name",
        "header.{media}",
        "card.2.button.0",
        "offer.expires",
    ]);
    let values =
        prop::collection::btree_map(slots.prop_map(|slot| slot.parse().expect("a slot")), values(), 0..4);
    prop::option::of((words(), words(), values).prop_map(|(name, language, values)| Prefilled {
        name,
        language,
        values,
    }))
}

fn files() -> impl Strategy<Value = Vec<RowFile>> {
    let kinds = prop::sample::select(vec![MediaKind::Image, MediaKind::Video, MediaKind::Document]);
    let file = (seeds(), kinds, words(), some_words()).prop_map(|(seed, kind, file_name, caption)| RowFile {
        attachment: AttachmentId::new(DateTime::UNIX_EPOCH, seed),
        kind,
        file_name,
        caption,
    });
    prop::collection::vec(file, 0..3)
}

fn rows() -> impl Strategy<Value = Row> {
    let texts = (words(), words(), some_words(), some_words(), words(), some_words());
    let rest = (prop::option::of(seeds()), any::<bool>(), moments(), moments(), files(), notifications());
    (texts, rest).prop_map(|((category, name, shortcut, language, body, owner), rest)| {
        let (id, active, starts_at, expires_at, files, notification) = rest;
        Row {
            id: id.map(|seed| ResponseId::new(DateTime::UNIX_EPOCH, seed)),
            category,
            name,
            shortcut,
            language,
            body,
            active,
            starts_at,
            expires_at,
            owner,
            files,
            notification,
        }
    })
}

/// What a spreadsheet would see: no cell is taken for a formula.
fn has_formula(text: &str) -> bool {
    let text = text.strip_prefix(BYTE_ORDER_MARK).expect("it says that it is UTF-8");
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let starts = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    reader.records().any(|record| record.expect("reads").iter().any(|cell| cell.starts_with(starts)))
}

proptest! {
    #[test]
    fn what_is_written_reads_back_as_it_was(rows in prop::collection::vec(rows(), 0..4)) {
        for form in FORMS {
            let text = write(form, &rows).expect("writes");
            let read = read(form, text.as_bytes()).expect("is of its form");
            let read: Vec<Row> = read.into_iter().map(|one| *one.row.expect("is a row")).collect();
            prop_assert_eq!(&read, &rows, "{:?}", form);
        }
    }

    #[test]
    fn no_cell_is_a_formula(rows in prop::collection::vec(rows(), 1..4)) {
        prop_assert!(!has_formula(&write(LibraryForm::Csv, &rows).expect("writes")));
    }

    #[test]
    fn a_cell_is_disarmed_and_bare_again(cell in words()) {
        let armed = disarmed(&cell);
        prop_assert_eq!(bare(&armed), cell);
    }

    #[test]
    fn nothing_panics(text: String, bytes: Vec<u8>) {
        for form in FORMS {
            drop(read(form, text.as_bytes()));
            drop(read(form, &bytes));
        }
    }

    #[test]
    fn nothing_that_is_nearly_right_panics(rows in prop::collection::vec(rows(), 1..3), at: prop::sample::Index, byte: u8) {
        for form in FORMS {
            let mut bytes = write(form, &rows).expect("writes").into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            drop(read(form, &bytes));
            drop(read(form, &bytes[..at]));
        }
    }
}

fn read_row(form: LibraryForm, text: &str) -> Result<Row, String> {
    let mut rows = read(form, text.as_bytes()).expect("is of its form");
    assert_eq!(rows.len(), 1, "{text}");
    rows.remove(0).row.map(|row| *row)
}

#[test]
fn what_people_and_spreadsheets_write_is_read() {
    for text in [
        "name,body,active,starts_at\r\nHours,\"9 to 5,\nMondays\",TRUE,2026-12-01\r\n\r\n,,,\r\n",
        "\u{feff}Name;Body;ACTIVE;starts_at\nHours;\"9 to 5,\nMondays\";yes;2026-12-01T00:00:00Z\n",
        "name,body,active,starts_at,owner\nHours,\"9 to 5,\nMondays\",1,2026-12-01 00:00\n",
    ] {
        let row = read_row(LibraryForm::Csv, text).expect("is a row");
        assert_eq!((&*row.name, &*row.body, row.active), ("Hours", "9 to 5,\nMondays", true), "{text}");
        assert_eq!(row.starts_at.map(|at| at.to_rfc3339()), Some("2026-12-01T00:00:00+00:00".to_owned()));
    }
    let tis = read_row(LibraryForm::Csv, "name,body\n'tis,'=1\n").expect("is a row");
    assert_eq!((&*tis.name, &*tis.body), ("'tis", "=1"));
    let toml =
        "[[responses]]\nname = 'Hours'\nexpires_at = 2026-12-01\nstarts_at = 2026-11-01T01:00:00+01:00\n";
    let row = read_row(LibraryForm::Toml, toml).expect("is a row");
    assert_eq!(row.starts_at.map(|at| at.to_rfc3339()), Some("2026-11-01T00:00:00+00:00".to_owned()));
    assert!(row.active && row.expires_at.is_some());
    assert_eq!(read_row(LibraryForm::Json, "[{\"name\": \"Hours\"}]").expect("is a row").name, "Hours");
}

#[test]
fn what_is_of_no_form_is_told_in_words() {
    for (form, text, part) in [
        (LibraryForm::Csv, "", "empty"),
        (LibraryForm::Csv, "name,colour\n", "“colour”"),
        (LibraryForm::Csv, "body\nx\n", "no column “name”"),
        (LibraryForm::Csv, "name,name\n", "twice"),
        (LibraryForm::Json, "{", "not JSON"),
        (LibraryForm::Json, "{\"a\": 1}", "“responses”"),
        (LibraryForm::Json, "7", "“responses”"),
        (LibraryForm::Toml, "a = 1\nb = = 2", "line 2"),
        (LibraryForm::Toml, "a = 1", "“responses”"),
    ] {
        let refused = read(form, text.as_bytes()).expect_err("is refused");
        assert!(refused.contains(part), "{text}: {refused}");
    }
    assert!(read(LibraryForm::Csv, b"name\n\xff").expect_err("is refused").contains("UTF-8"));
    for (form, text, part) in [
        (LibraryForm::Csv, "name,active\nx,maybe\n", "“active”"),
        (LibraryForm::Csv, "name,id\nx,7\n", "“id”"),
        (LibraryForm::Csv, "name,files\nx,nonsense\n", "“files”"),
        (LibraryForm::Csv, "name,starts_at\nx,tomorrow\n", "2026-12-31"),
        (LibraryForm::Csv, "name\nx,y\n", "more cells"),
        (LibraryForm::Json, "[{\"name\": \"x\", \"colour\": 1}]", "colour"),
        (LibraryForm::Json, "[7]", "can't be read"),
        (LibraryForm::Toml, "[[responses]]\nbody = 'x'", "name"),
    ] {
        let refused = read_row(form, text).expect_err("is refused");
        assert!(refused.contains(part), "{text}: {refused}");
    }
    let rows = read(LibraryForm::Csv, b"name,body\na,\"1\n2\"\nb,\nc,\n").expect("reads");
    let lines: Vec<_> = rows.iter().map(|row| (row.number, &*row.name)).collect();
    assert_eq!(lines, [(2, "a"), (4, "b"), (5, "c")]);
}
