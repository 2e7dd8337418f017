//! What goes into a file comes out of it as it was, and nothing comes out by halves.

use proptest::prelude::*;
use waxwing_protocol::problem::Problem;

use super::*;
use crate::handling::stage::{Stage, at};

const FORMS: [ContactsFormat; 2] = [ContactsFormat::Csv, ContactsFormat::Vcard];

async fn exported(stage: &Stage, lead: AgentId, form: ContactsFormat) -> String {
    export(&mut stage.store.read().await.expect("reads"), lead, form).await.expect("exports")
}

async fn imported(stage: &Stage, form: ContactsFormat, dry_run: bool, file: &str) -> ImportReport {
    let mut change = stage.store.begin().await.expect("begins");
    let german = Phones::of("DE").expect("a country");
    let report = import(&mut change, (form, dry_run), (file.as_bytes(), german), at(5)).await.expect("reads");
    change.commit().await.expect("commits");
    report
}

/// Words with everything in them that could be taken for something else, tidy as they are kept.
fn words() -> impl Strategy<Value = String> {
    "(\\PC|[=+@'\"\\\\,;:^<>|＝＋－＠-]){1,60}"
        .prop_map(|words| words.trim().to_owned())
        .prop_filter("something", |words| !words.is_empty())
}

fn detail() -> impl Strategy<Value = ContactDetail> {
    let kind = prop::sample::select(vec![
        DetailKind::Phone,
        DetailKind::Email,
        DetailKind::Address,
        DetailKind::Url,
        DetailKind::Company,
    ]);
    (kind, words(), prop::option::of(words())).prop_map(|(kind, value, name)| ContactDetail {
        kind,
        value,
        name,
    })
}

fn row() -> impl Strategy<Value = Row> {
    (
        any::<[u8; 10]>(),
        prop::option::of("\\+[0-9]{5,15}"),
        (prop::option::of(words()), prop::option::of(words())),
        prop::collection::vec(detail(), 0..4),
        prop::collection::btree_map(words(), words(), 0..3),
        prop::collection::vec(words(), 0..3),
    )
        .prop_map(|(id, phone, (name, user_name), details, attributes, note)| Row {
            id: Some(ContactId::new(at(0), id)),
            phone,
            name: Some(name.unwrap_or_default()),
            user_name,
            details: Some(details),
            attributes: attributes.into_iter().map(|(key, value)| ContactAttribute { key, value }).collect(),
            note: Some(note.join("\n")),
        })
}

/// A row without what makes no difference: a spreadsheet has a cell for every attribute, and may have none for a number.
fn plain(mut row: Row) -> Row {
    row.attributes.retain(|one| !one.value.is_empty());
    row.phone = row.phone.filter(|phone| !phone.is_empty());
    row
}

proptest! {
    #[test]
    fn what_is_written_reads_back_as_it_was(rows in prop::collection::vec(row(), 0..4)) {
        // Columns of a table are told apart by their names in whatever case.
        let mut keys: Vec<String> =
            rows.iter().flat_map(|row| row.attributes.iter().map(|one| one.key.to_lowercase())).collect();
        keys.sort();
        keys.dedup();
        let exact: std::collections::BTreeSet<&String> =
            rows.iter().flat_map(|row| row.attributes.iter().map(|one| &one.key)).collect();
        prop_assume!(keys.len() == exact.len());
        for form in FORMS {
            let text = match form {
                ContactsFormat::Csv => csv::write(&rows).expect("writes"),
                ContactsFormat::Vcard => vcard::write(&rows),
            };
            let back = match read(form, text.as_bytes()) {
                Ok(back) => back.into_iter().map(|one| one.row.map(plain)).collect::<Result<Vec<_>, _>>(),
                Err(_) if rows.is_empty() => continue,
                Err(reason) => return Err(TestCaseError::fail(reason)),
            };
            prop_assert_eq!(back, Ok(rows.clone()), "{}", text);
            for line in text.split("\r\n").filter(|_line| form == ContactsFormat::Vcard) {
                prop_assert!(line.len() <= 75);
            }
        }
    }

    #[test]
    fn no_cell_is_a_formula(rows in prop::collection::vec(row(), 1..4)) {
        let text = csv::write(&rows).expect("writes");
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        for record in reader.records().skip(1) {
            for cell in &record.expect("a record") {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']), "{}", cell);
            }
        }
    }

    #[test]
    fn whatever_is_read_is_read_or_refused(text: String) {
        for form in FORMS {
            read(form, text.as_bytes()).map(|rows| rows.len()).unwrap_or_default();
        }
    }
}

const TABLE: &str = "phone,name,details,note,attribute:Segment,company\r\n\
    030 901820,Anna,\"email: anna@example.org\nphone: 030 901821\tBoris\",Likes tea,Gold,Example\r\n\
    +1 650 253 0000,Berta,,,,\r\n";

#[tokio::test]
async fn an_export_is_imported_without_a_change_and_anew_as_it_was() {
    let stage = Stage::new().await;
    let lead = stage.lead("lead").await;
    let report = imported(&stage, ContactsFormat::Csv, false, TABLE).await;
    assert_eq!((report.done, report.added, report.rejected.len()), (true, 2, 0), "{report:?}");
    for form in FORMS {
        let file = exported(&stage, lead, form).await;
        let report = imported(&stage, form, false, &file).await;
        assert_eq!((report.added, report.changed, report.unchanged), (0, 0, 2), "{report:?} {file}");
        let anew = Stage::new().await;
        let other_lead = anew.lead("lead").await;
        let report = imported(&anew, form, false, &file).await;
        assert_eq!((report.done, report.added), (true, 2), "{report:?}");
        assert_eq!(exported(&anew, other_lead, form).await, file);
    }
}

#[tokio::test]
async fn what_a_file_does_not_speak_of_stays_and_an_empty_cell_takes_away() {
    let stage = Stage::new().await;
    stage.lead("lead").await;
    imported(&stage, ContactsFormat::Csv, false, TABLE).await;
    let file = "phone;attribute:Segment;attribute:City\n+4930901820;;Berlin\n";
    let report = imported(&stage, ContactsFormat::Csv, false, file).await;
    assert_eq!((report.done, report.changed), (true, 1), "{report:?}");
    let mut change = stage.store.begin().await.expect("begins");
    let whatsapp = WhatsAppId { user_id: None, phone: Some("4930901820".to_owned()) };
    let anna = contacts::holders(change.db(), &whatsapp).await.expect("reads").1.expect("Anna").contact;
    let anna = contacts::get(change.db(), anna).await.expect("reads");
    assert_eq!(anna.name.as_deref(), Some("Anna"));
    assert_eq!(anna.attributes, [ContactAttribute { key: "City".to_owned(), value: "Berlin".to_owned() }]);
    assert_eq!(anna.details.len(), 3);
}

#[tokio::test]
async fn a_file_from_elsewhere_adds_and_takes_nothing_away() {
    let stage = Stage::new().await;
    stage.lead("lead").await;
    imported(&stage, ContactsFormat::Csv, false, TABLE).await;
    let whatsapp = WhatsAppId { user_id: None, phone: Some("4930901820".to_owned()) };
    let anna = async |stage: &Stage| {
        let mut change = stage.store.begin().await.expect("begins");
        let anna = contacts::holders(change.db(), &whatsapp).await.expect("reads").1.expect("Anna").contact;
        contacts::get(change.db(), anna).await.expect("reads")
    };
    let before = anna(&stage).await;
    for (form, file) in [
        (ContactsFormat::Csv, "Name,Phone,E-mail,Notes\n,+4930901820,anna@work.example.org,\n"),
        (
            ContactsFormat::Vcard,
            "BEGIN:VCARD\nVERSION:3.0\nFN:\nTEL;TYPE=CELL:+4930901820\nEMAIL:anna@work.example.org\nEND:VCARD\n",
        ),
    ] {
        assert!(imported(&stage, form, false, file).await.done);
        let after = anna(&stage).await;
        assert_eq!((&after.name, &after.note), (&before.name, &before.note), "{file}");
        assert_eq!(after.details[..before.details.len()], before.details, "{file}");
        let added = &after.details[before.details.len()..];
        assert_eq!(added.len(), 1, "once, whichever file says it again: {added:?}");
        assert_eq!(added[0].value, "anna@work.example.org");
    }
}

#[tokio::test]
async fn one_bad_row_and_nothing_is_done() {
    let stage = Stage::new().await;
    stage.lead("lead").await;
    let file = "phone,name,details\r\n030 901820,Anna,\r\ncall me,Berta,\r\n+49 30 901820,Anna again,\r\n\
                030 901822,Carla,email: carla\r\n030 901823,Dora,fax: 1\r\n,Emma,\r\n";
    let report = imported(&stage, ContactsFormat::Csv, false, file).await;
    let rows: Vec<(u32, &str)> = report.rejected.iter().map(|one| (one.row, one.name.as_str())).collect();
    assert_eq!(rows, [(3, "Berta"), (4, "Anna again"), (5, "Carla"), (6, ""), (7, "Emma")]);
    assert!(!report.done && report.added == 1);
    assert_eq!(stage.count("SELECT COUNT(*) FROM contacts").await, 0);
    let report = imported(&stage, ContactsFormat::Csv, true, TABLE).await;
    assert_eq!((report.done, report.added), (false, 2));
    assert_eq!(stage.count("SELECT COUNT(*) FROM contacts").await, 0);
    for (form, text) in [
        (ContactsFormat::Csv, ""),
        (ContactsFormat::Csv, "phone,colour\n"),
        (ContactsFormat::Csv, "name\nAnna\n"),
        (ContactsFormat::Csv, "phone,Phone\n"),
        (ContactsFormat::Vcard, ""),
        (ContactsFormat::Vcard, "hello"),
        (ContactsFormat::Vcard, "FN:Anna\n"),
        (ContactsFormat::Vcard, "BEGIN:VCARD\nVERSION:4.0\n"),
    ] {
        let report = imported(&stage, form, false, text).await;
        assert_eq!((report.done, report.rejected[0].row), (false, 0), "{text}");
    }
}

#[tokio::test]
async fn cards_from_elsewhere_are_read() {
    let stage = Stage::new().await;
    stage.lead("lead").await;
    let file = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Schmidt;Anna;;;\r\nFN:Anna Schm\r\n idt\r\nitem1.TEL;TYPE=HOME:030 901821\r\n\
                TEL;type=CELL;type=pref:+49 30 901820\r\nEMAIL;TYPE=INTERNET:anna@example.org\r\n\
                ADR;TYPE=HOME:;;Main Street 5;Berlin;;10115;Germany\r\nORG:Example\\, Inc.;Sales\r\nPHOTO;ENCODING=b:AAAA\r\n\
                NOTE:one\\ntwo\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nFN:Old\r\nEND:VCARD\r\n";
    let report = imported(&stage, ContactsFormat::Vcard, true, file).await;
    assert_eq!((report.added, report.rejected.len(), report.rejected[0].row), (1, 1, 2));
    let row = read(ContactsFormat::Vcard, file.as_bytes()).expect("cards").remove(0).row.expect("a row");
    assert_eq!((row.phone.as_deref(), row.name.as_deref()), (Some("+49 30 901820"), Some("Anna Schmidt")));
    let values: Vec<String> = row.details.into_iter().flatten().map(|one| one.value).collect();
    assert_eq!(
        values,
        ["030 901821", "anna@example.org", "Main Street 5, Berlin, 10115, Germany", "Example, Inc., Sales"]
    );
    assert_eq!(row.note.as_deref(), Some("one\ntwo"));
}

#[test]
fn address_books_that_know_no_whatsapp_find_the_number() {
    let row = Row { phone: Some("+4930901820".to_owned()), name: Some("Anna".to_owned()), ..Row::default() };
    let card = vcard::write(&[row]);
    assert!(
        card.lines().any(|line| line.starts_with("TEL;TYPE=cell") && line.ends_with(":+4930901820")),
        "{card}"
    );
}

#[tokio::test]
async fn to_take_all_contacts_along_is_for_whoever_leads() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    let refused = export(&mut stage.store.read().await.expect("reads"), agent, ContactsFormat::Csv).await;
    assert!(matches!(refused, Err(Refusal::Problem(Problem { code: ProblemCode::NotAllowed, .. }))));
}

#[tokio::test]
async fn what_somebody_calls_themselves_is_exported_and_stays_theirs() {
    let stage = Stage::new().await;
    let lead = stage.lead("lead").await;
    imported(&stage, ContactsFormat::Csv, false, "phone\n030 901820\n030 901821\n").await;
    let mut change = stage.store.begin().await.expect("begins");
    let whatsapp = WhatsAppId { user_id: None, phone: Some("4930901820".to_owned()) };
    let masha = contacts::holders(change.db(), &whatsapp).await.expect("reads").1.expect("her").contact;
    contacts::set_profile(change.db(), masha, Some("Маша"), None).await.expect("writes");
    change.commit().await.expect("commits");
    for form in FORMS {
        let file = exported(&stage, lead, form).await;
        assert!(file.contains("Маша"), "{file}");
        let report = imported(&stage, form, false, &file).await;
        assert_eq!((report.changed, report.unchanged), (0, 2), "{report:?} {file}");
        let given = file.replace("Маша", "Masha");
        let report = imported(&stage, form, true, &given).await;
        assert_eq!((report.changed, report.unchanged), (1, 1), "a name of ours is one: {report:?}");
    }
}

#[tokio::test]
async fn whoever_has_a_user_name_alone_is_exported_by_it() {
    let stage = Stage::new().await;
    let lead = stage.lead("lead").await;
    let mut change = stage.store.begin().await.expect("begins");
    let masha = contacts::add(change.db(), at(1)).await.expect("writes");
    let whatsapp = WhatsAppId { user_id: Some("US.13491208655302741918".to_owned()), phone: None };
    contacts::call(change.db(), masha, &whatsapp, at(1)).await.expect("writes");
    contacts::set_profile(change.db(), masha, None, Some("masha.i")).await.expect("writes");
    crate::store::directory::refresh(change.db(), masha).await.expect("writes");
    change.commit().await.expect("commits");
    for (form, line) in [
        (ContactsFormat::Csv, "'@masha.i,masha.i,"),
        (ContactsFormat::Vcard, "FN:@masha.i\r\nX-WAXWING-USER-NAME:masha.i\r\n"),
    ] {
        let file = exported(&stage, lead, form).await;
        assert!(file.contains(line), "{file}");
        let report = imported(&stage, form, false, &file).await;
        assert_eq!((report.changed, report.unchanged), (0, 1), "it is theirs, and stays so: {report:?}");
    }
}

#[tokio::test]
async fn columns_may_be_called_as_other_programs_call_them() {
    let stage = Stage::new().await;
    stage.lead("lead").await;
    let file = "Full name,Phone number,E-mail,Organization\nAnna,030 901820,anna@example.org,Example\n";
    let report = imported(&stage, ContactsFormat::Csv, true, file).await;
    assert_eq!((report.added, report.rejected.len()), (1, 0), "{report:?}");
    let twice = imported(&stage, ContactsFormat::Csv, true, "phone,Telephone\n030 901820,\n").await;
    assert_eq!(twice.rejected[0].row, 0);
}
