//! What finds whom, and that the index holds nothing but what is so.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use waxwing_protocol::{
    contact::{ContactAttribute, ContactDetail, WhatsAppId},
    directory::DirectoryQuery,
};

use super::*;
use crate::store::{Change, attributes, details};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

async fn opened() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    (Store::open(&folder.path().join("waxwing.db")).await.expect("opens"), folder)
}

/// A contact: their name, their number, their details and attributes.
type Somebody<'a> = (&'a str, &'a str, &'a [(DetailKind, &'a str)], &'a [(&'a str, &'a str)]);

async fn add(change: &mut Change, (name, phone, further, known): Somebody<'_>) -> ContactId {
    let id = contacts::add(change.db(), NOW).await.expect("adds");
    let phone = WhatsAppId { user_id: None, phone: Some(phone.to_owned()).filter(|phone| !phone.is_empty()) };
    contacts::call(change.db(), id, &phone, NOW).await.expect("calls");
    contacts::set_said(change.db(), id, (Some(name), None)).await.expect("says");
    for (kind, value) in further {
        let detail = ContactDetail { kind: *kind, value: (*value).to_owned(), name: None };
        details::add(change.db(), id, &detail, &digits_in(value)).await.expect("adds");
    }
    let known: Vec<_> = known
        .iter()
        .map(|(key, value)| ContactAttribute { key: (*key).to_owned(), value: (*value).to_owned() })
        .collect();
    attributes::set(change.db(), id, &known).await.expect("sets");
    refresh(change.db(), id).await.expect("writes the line");
    id
}

/// The names of those who are found, in their order.
async fn found(change: &mut Change, query: &DirectoryQuery) -> Vec<String> {
    let Some(sought) = Sought::of(query, |typed| vec![digits_in(typed)]) else { return Vec::new() };
    let window = (query.offset, 100);
    let ids = if sought.is_words_alone() {
        by_words(change.db(), &sought, window).await
    } else {
        by_name(change.db(), &sought, window).await
    };
    let mut names = Vec::new();
    for id in ids.expect("finds") {
        names.push(contacts::get(change.db(), id).await.expect("is there").title());
    }
    names
}

fn words(words: &str) -> DirectoryQuery {
    DirectoryQuery { words: Some(words.to_owned()), limit: 50, ..DirectoryQuery::default() }
}

const EVERYBODY: [Somebody<'_>; 6] = [
    ("Anna Schmidt", "4915112345678", &[(DetailKind::Email, "anna.s@example.org")], &[("Segment", "Gold")]),
    ("Annabel O'Neil", "16502530000", &[(DetailKind::Phone, "(030) 90 18-20")], &[("Segment", "Gold class")]),
    ("Zoë Anders", "33142685300", &[(DetailKind::Company, "Schmidt & Söhne")], &[]),
    ("田中 東京", "81312345678", &[], &[]),
    ("Иван Петров", "74951234567", &[(DetailKind::Address, "Annaweg 5")], &[]),
    ("\" OR names:* --", "12025550123", &[], &[]),
];

#[tokio::test]
async fn words_find_by_the_beginnings_of_everything_that_is_known() {
    let (store, _folder) = opened().await;
    let mut change = store.begin().await.expect("begins");
    for somebody in EVERYBODY {
        add(&mut change, somebody).await;
    }
    for (typed, expected) in [
        // Whose title begins so come first, by name; then the newest.
        ("anna", &["Anna Schmidt", "Annabel O'Neil", "Иван Петров"][..]),
        ("ANNA schm", &["Anna Schmidt"]),
        ("schmidt", &["Zoë Anders", "Anna Schmidt"]),
        ("zoe", &["Zoë Anders"]),
        ("o'ne", &["Annabel O'Neil"]),
        ("neil", &["Annabel O'Neil"]),
        ("eil", &[]),
        ("иван", &["Иван Петров"]),
        ("東京", &["田中 東京"]),
        ("京", &["田中 東京"]),
        ("京東", &[]),
        ("anna.s@exam", &["Anna Schmidt"]),
        ("example", &["Anna Schmidt"]),
        ("gold", &["Annabel O'Neil", "Anna Schmidt"]),
        ("345", &["Иван Петров", "田中 東京", "Anna Schmidt"]),
        ("1234567", &["Иван Петров", "田中 東京", "Anna Schmidt"]),
        ("+49 151 123-456 78", &["Anna Schmidt"]),
        ("030901820", &["Annabel O'Neil"]),
        ("anna 0000", &["Annabel O'Neil"]),
        ("12", &[]),
        ("0000000", &[]),
        ("\" or", &["\" OR names:* --", "Anna Schmidt"]),
        ("names:anna", &[]),
        ("*", &[]),
        ("anna*", &["Anna Schmidt"]),
        ("^anna NOT schmidt", &[]),
    ] {
        assert_eq!(found(&mut change, &words(typed)).await, expected, "{typed}");
    }
}

#[tokio::test]
async fn filters_hold_together_and_sort_by_name() {
    let (store, _folder) = opened().await;
    let mut change = store.begin().await.expect("begins");
    for somebody in EVERYBODY {
        add(&mut change, somebody).await;
    }
    let some = |text: &str| Some(text.to_owned());
    let all = DirectoryQuery { limit: 50, ..DirectoryQuery::default() };
    for (query, expected) in [
        (DirectoryQuery { name: some("s"), ..all.clone() }, &["Anna Schmidt"][..]),
        (DirectoryQuery { email: some("anna.s@e"), ..all.clone() }, &["Anna Schmidt"]),
        (DirectoryQuery { email: some("s@example"), ..all.clone() }, &[]),
        (DirectoryQuery { email: some("anna s"), ..all.clone() }, &[]),
        (DirectoryQuery { phone: some("901820"), ..all.clone() }, &["Annabel O'Neil"]),
        (
            DirectoryQuery { attribute_key: some("segment"), ..all.clone() },
            &["Anna Schmidt", "Annabel O'Neil"],
        ),
        (
            DirectoryQuery { attribute_key: some("Segment"), attribute_value: some("gold"), ..all.clone() },
            &["Anna Schmidt"],
        ),
        (DirectoryQuery { attribute_key: some("Seg"), ..all.clone() }, &[]),
        (DirectoryQuery { words: some("gold"), name: some("annabel"), ..all.clone() }, &["Annabel O'Neil"]),
        (DirectoryQuery { offset: 4, ..all.clone() }, &["Иван Петров", "田中 東京"]),
        (DirectoryQuery { offset: 1, ..words("anna") }, &["Annabel O'Neil", "Иван Петров"]),
        (DirectoryQuery { offset: 2, ..words("anna") }, &["Иван Петров"]),
        (DirectoryQuery { offset: 3, ..words("anna") }, &[]),
    ] {
        assert_eq!(found(&mut change, &query).await, expected, "{query:?}");
    }
}

#[tokio::test]
async fn what_was_said_before_leaves_no_trace_in_the_index() {
    let (store, _folder) = opened().await;
    let mut change = store.begin().await.expect("begins");
    let id = add(&mut change, ("Xaverine", "4915112345678", &[], &[])).await;
    contacts::set_said(change.db(), id, (Some("Berta"), None)).await.expect("says");
    refresh(change.db(), id).await.expect("writes the line");
    assert_eq!(found(&mut change, &words("xaver")).await, [""; 0]);
    assert_eq!(found(&mut change, &words("bert")).await, ["Berta"]);
    change.commit().await.expect("commits");
    let pages: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM contact_words_data WHERE instr(CAST(block AS TEXT), 'averine') > 0",
    )
    .fetch_one(store.reader())
    .await
    .expect("counts");
    assert_eq!(pages, 0);
}

#[tokio::test]
async fn contacts_of_an_earlier_gateway_are_gone_through_once() {
    let (store, _folder) = opened().await;
    let mut change = store.begin().await.expect("begins");
    for number in 0..450_u32 {
        let id = contacts::add(change.db(), NOW).await.expect("adds");
        let name = format!("Person {number:03}");
        contacts::set_said(change.db(), id, (Some(&name), None)).await.expect("says");
    }
    change.commit().await.expect("commits");
    assert_eq!(catch_up(&store).await.expect("catches up"), 450);
    assert_eq!(catch_up(&store).await.expect("catches up"), 0);
    let mut change = store.begin().await.expect("begins");
    assert_eq!(found(&mut change, &words("person 449")).await, ["Person 449"]);
}

proptest! {
    #[test]
    fn every_run_of_three_digits_or_more_stands_in_its_number(number in "[0-9]{3,15}", from in 0_usize..13, length in 3_usize..16) {
        let from = from.min(number.len() - 3);
        let run = &number[from..(from + length).min(number.len())];
        let places = places(&number);
        let sought = words(run);
        let Some(Sought { expression: Some(expression), .. }) = Sought::of(&sought, |typed| vec![digits_in(typed)]) else {
            return Err(TestCaseError::fail("nothing is looked for"));
        };
        let phrase = expression.split("digits : \"").nth(1).and_then(|rest| rest.split('"').next()).expect("a phrase");
        prop_assert!(places.contains(phrase));
    }
}

#[test]
fn whatever_is_typed_can_be_looked_for() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // The change goes back to its pool when it is dropped.
    let _inside = runtime.enter();
    let (store, _folder) = runtime.block_on(opened());
    let mut change = runtime.block_on(store.begin()).expect("begins");
    let change = std::cell::RefCell::new(&mut change);
    let typed: (BoxedStrategy<String>, BoxedStrategy<String>, BoxedStrategy<String>) =
        (any::<String>().boxed(), any::<String>().boxed(), any::<String>().boxed());
    let mut runner = proptest::test_runner::TestRunner::default();
    let tried = runner.run(&typed, |(words, name, email)| {
        let query = DirectoryQuery {
            words: Some(words),
            name: Some(name),
            email: Some(email),
            limit: 50,
            ..DirectoryQuery::default()
        };
        runtime.block_on(found(&mut change.borrow_mut(), &query));
        Ok(())
    });
    tried.expect("can be looked for");
}
