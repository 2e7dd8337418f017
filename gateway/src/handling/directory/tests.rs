//! Contacts are made, changed and blocked, by the rules.

use serde_json::json;
use waxwing_protocol::{
    contact::{Contact, ContactAttribute, ContactDetail, DetailKind},
    directory::{ContactContent, DirectoryQuery, NewContact, PutContact, Shelf},
    event::Event,
    problem::{Problem, ProblemCode},
    wrap_up::{Field, FieldKind},
};

use super::{changing, *};
use crate::{
    handling::stage::{Stage, at},
    rules::{SessionRules, WrapUpRules},
    store::settings,
};

const MASHA: &str = "16505551234";

fn fields() -> Vec<Field> {
    let field = |key: &str, kind| Field { key: key.to_owned(), name: key.to_owned(), kind };
    vec![
        field("Age", FieldKind::Number),
        field("Since", FieldKind::Date),
        field("Member", FieldKind::YesNo),
        field("Segment", FieldKind::Choice { choices: vec!["Gold".to_owned(), "Silver".to_owned()] }),
        field("Shop", FieldKind::Link),
    ]
}

/// Has the house want these fields.
async fn set(stage: &Stage) {
    let mut change = stage.store.begin().await.expect("begins");
    let rules = WrapUpRules { contact_fields: fields(), ..WrapUpRules::default() };
    settings::keep(&mut change, &SessionRules::default(), &rules).await.expect("keeps");
    change.commit().await.expect("commits");
}

fn german() -> Phones {
    Phones::of("DE").expect("a country")
}

async fn create(
    stage: &Stage,
    phone: &str,
    content: ContactContent,
    seconds: i64,
) -> Result<Contact, Refusal> {
    let mut change = stage.store.begin().await.expect("begins");
    let wanted = NewContact { phone: phone.to_owned(), content };
    let contact = changing::create(&mut change, &wanted, german(), at(seconds)).await?;
    change.commit().await.expect("commits");
    Ok(contact)
}

async fn put(
    stage: &Stage,
    id: ContactId,
    based_on: u64,
    content: ContactContent,
) -> Result<Contact, Refusal> {
    let mut change = stage.store.begin().await.expect("begins");
    let wanted = PutContact { based_on, content };
    let contact = changing::put(&mut change, (id, &wanted), german(), at(50)).await?;
    change.commit().await.expect("commits");
    Ok(contact)
}

async fn block(stage: &Stage, id: ContactId, blocked: bool, seconds: i64) -> Contact {
    let mut change = stage.store.begin().await.expect("begins");
    let contact = changing::block(&mut change, id, blocked, at(seconds)).await.expect("blocks");
    change.commit().await.expect("commits");
    contact
}

async fn found(stage: &Stage, agent: AgentId, query: &DirectoryQuery) -> Vec<String> {
    let mut read = stage.store.read().await.expect("reads");
    let page = page(&mut read, agent, query, german()).await.expect("a page");
    page.entries.into_iter().map(|entry| entry.contact.title()).collect()
}

fn words(words: &str) -> DirectoryQuery {
    DirectoryQuery { words: Some(words.to_owned()), limit: 50, ..DirectoryQuery::default() }
}

fn named(name: &str) -> ContactContent {
    ContactContent { name: Some(name.to_owned()), ..ContactContent::default() }
}

fn code<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> ProblemCode {
    match refused {
        Err(Refusal::Problem(Problem { code, .. })) => code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_contact_is_made_once_for_a_number_in_whatever_notation_and_is_whoever_writes_from_it() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    let anna = create(&stage, "030 / 90 18 20", named(" Anna  "), 1).await.expect("makes");
    assert_eq!(anna.whatsapp.phone.as_deref(), Some("4930901820"));
    assert_eq!((anna.name.as_deref(), anna.revision, anna.blocked), (Some("Anna"), 1, false));
    assert_eq!(code(create(&stage, "+49 30 901820", named("Berta"), 2).await), ProblemCode::Conflict);
    assert_eq!(code(create(&stage, "12", named("Berta"), 2).await), ProblemCode::UnacceptableBody);

    stage.ready(agent, 3).await;
    stage.write("4930901820", "wamid.1", "hello", 4).await;
    assert_eq!(stage.owned(agent).await[0].contact.id, anna.id);
    assert_eq!(found(&stage, agent, &words("ann")).await, ["Anna"]);
    for typed in ["+49 30 90", "030 90", "0049 30", "901820", "018"] {
        assert_eq!(found(&stage, agent, &words(typed)).await, ["Anna"], "{typed}");
    }
}

#[tokio::test]
async fn a_change_that_is_based_on_an_older_picture_is_refused_and_owners_hear_of_the_others() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    stage.write(MASHA, "wamid.1", "hello", 2).await;
    let id = stage.owned(agent).await[0].contact.id;
    let renamed = put(&stage, id, 0, named("Masha")).await.expect("changes");
    assert_eq!(renamed.revision, 1);
    let told = stage.feed(agent).await;
    assert!(told.contains(&Event::ContactChanged { contact: Box::new(renamed.clone()) }));
    assert_eq!(code(put(&stage, id, 0, named("Dasha")).await), ProblemCode::Conflict);
    assert_eq!(put(&stage, id, 0, named("Masha")).await.expect("is so already"), renamed);
    assert_eq!(found(&stage, agent, &words("mash")).await, ["Masha"]);
    let nobody = ContactId::new(at(0), [9; 10]);
    assert_eq!(code(put(&stage, nobody, 0, named("Nobody")).await), ProblemCode::NotFound);
}

#[tokio::test]
async fn what_is_said_is_checked_and_what_is_there_may_stay() {
    let stage = Stage::new().await;
    set(&stage).await;
    let detail = |kind, value: &str| ContactDetail { kind, value: value.to_owned(), name: None };
    let known = |key: &str, value: &str| ContactAttribute { key: key.to_owned(), value: value.to_owned() };
    let good = ContactContent {
        details: vec![
            detail(DetailKind::Phone, "030 901821"),
            detail(DetailKind::Phone, "+49 (0)30 901821"),
            detail(DetailKind::Email, "anna@example.org"),
            detail(DetailKind::Url, "https://example.org"),
            detail(DetailKind::Company, " Example "),
        ],
        attributes: vec![
            known("Age", "41"),
            known("Since", "2026-11-28"),
            known("Member", "yes"),
            known("Segment", "Gold"),
            known("Shop", "https://example.org/shop"),
            known("Anything", "goes"),
        ],
        note: Some("Likes tea.\nNo calls.\n".to_owned()),
        ..named("Anna")
    };
    let anna = create(&stage, "+49 30 901820", good.clone(), 1).await.expect("makes");
    assert_eq!(anna.details.len(), 4, "the same number twice is one: {:?}", anna.details);
    assert_eq!(anna.attributes, good.attributes);
    assert_eq!(anna.note.as_deref(), Some("Likes tea.\nNo calls."));
    for wrong in [
        ContactContent { details: vec![detail(DetailKind::Phone, "call me")], ..named("A") },
        ContactContent { details: vec![detail(DetailKind::Email, "anna")], ..named("A") },
        ContactContent { details: vec![detail(DetailKind::Url, "javascript:alert(1)")], ..named("A") },
        ContactContent { details: vec![detail(DetailKind::Unknown, "x")], ..named("A") },
        ContactContent { attributes: vec![known("Age", "old")], ..named("A") },
        ContactContent { attributes: vec![known("Since", "yesterday")], ..named("A") },
        ContactContent { attributes: vec![known("Member", "perhaps")], ..named("A") },
        ContactContent { attributes: vec![known("Segment", "Bronze")], ..named("A") },
        ContactContent { attributes: vec![known("Shop", "example.org")], ..named("A") },
        ContactContent { attributes: vec![known("a", "1"), known("a", "2")], ..named("A") },
        ContactContent { attributes: vec![known(" ", "1")], ..named("A") },
        ContactContent { attributes: vec![known("a", &"x".repeat(1025))], ..named("A") },
        ContactContent { note: Some("x".repeat(4097)), ..named("A") },
        named("two\nlines"),
        named(&"x".repeat(201)),
    ] {
        assert_eq!(
            code(put(&stage, anna.id, 1, wrong.clone()).await),
            ProblemCode::UnacceptableBody,
            "{wrong:?}"
        );
    }
}

#[tokio::test]
async fn what_a_blocked_contact_writes_reaches_nobody_and_stands_in_the_transcript_afterwards() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    stage.write(MASHA, "wamid.1", "hello", 2).await;
    let first = stage.owned(agent).await[0].clone();
    stage.done(agent, first.id, 3).await;
    let heard = stage.feed(agent).await.len();
    assert!(block(&stage, first.contact.id, true, 4).await.blocked);

    stage.write(MASHA, "wamid.2", "let me in", 5).await;
    stage.write(MASHA, "wamid.2", "let me in", 5).await;
    stage.write(MASHA, "wamid.3", "a mistke", 6).await;
    let edit = json!({"messages": [{"from": MASHA, "id": "wamid.4", "timestamp": at(7).timestamp().to_string(), "type": "edit",
        "edit": {"original_message_id": "wamid.3", "message": {"type": "text", "text": {"body": "a mistake"}}}}]});
    stage.arrive(edit, 7).await;
    assert!(stage.owned(agent).await.is_empty());
    assert_eq!(stage.feed(agent).await.len(), heard);
    assert_eq!(stage.count("SELECT COUNT(*) FROM interactions").await, 1);
    let blocked = DirectoryQuery { shelf: Shelf::Blocked, limit: 50, ..DirectoryQuery::default() };
    assert_eq!(found(&stage, agent, &blocked).await.len(), 1);

    assert!(!block(&stage, first.contact.id, false, 8).await.blocked);
    let said: Vec<String> = stage.transcript(first.id).await.into_iter().map(|one| one.fallback).collect();
    assert_eq!(said, ["hello", "let me in", "a mistake"]);
    assert!(stage.owned(agent).await.is_empty(), "nobody is made to answer");
    assert_eq!(stage.interaction(first.id).await.pending_since, None);

    stage.write(MASHA, "wamid.5", "thank you", 9).await;
    assert_eq!(stage.owned(agent).await.len(), 1);
}

#[tokio::test]
async fn who_was_blocked_before_they_ever_wrote_has_a_transcript_afterwards() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    let anna = create(&stage, "+49 30 901820", named("Anna"), 1).await.expect("makes");
    block(&stage, anna.id, true, 2).await;
    stage.write("4930901820", "wamid.1", "hello", 3).await;
    block(&stage, anna.id, false, 4).await;
    assert!(stage.owned(agent).await.is_empty());
    assert_eq!(stage.count("SELECT COUNT(*) FROM messages").await, 1);
    assert_eq!(stage.count("SELECT COUNT(*) FROM interactions WHERE is_open = 1").await, 0);
    assert_eq!(stage.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await, 0);
}

#[tokio::test]
async fn an_agent_has_favourites_and_those_they_had_to_do_with() {
    let stage = Stage::new().await;
    let (agent, other) = (stage.agent("agent", 5).await, stage.agent("other", 5).await);
    stage.ready(agent, 1).await;
    stage.write("16505550001", "wamid.1", "hello", 2).await;
    stage.write("16505550002", "wamid.2", "hello", 3).await;
    let ids: Vec<ContactId> = stage.owned(agent).await.iter().map(|one| one.contact.id).collect();
    let shelf = |shelf| DirectoryQuery { shelf, limit: 50, ..DirectoryQuery::default() };
    assert_eq!(found(&stage, agent, &shelf(Shelf::Recent)).await, ["+16505550002", "+16505550001"]);
    assert_eq!(found(&stage, other, &shelf(Shelf::Recent)).await, [""; 0]);
    let mut change = stage.store.begin().await.expect("begins");
    let nobody = ContactId::new(at(0), [9; 10]);
    let wanted = FavouriteContacts { contacts: vec![ids[1], nobody, ids[0], ids[1]] };
    set_favourites(&mut change, agent, &wanted).await.expect("keeps");
    change.commit().await.expect("commits");
    assert_eq!(found(&stage, agent, &shelf(Shelf::Favourites)).await, ["+16505550002", "+16505550001"]);
    let query = DirectoryQuery { shelf: Shelf::Favourites, ..words("0001") };
    assert_eq!(found(&stage, agent, &query).await, ["+16505550001"]);
    let mut read = stage.store.read().await.expect("reads");
    let page = page(&mut read, other, &shelf(Shelf::All), german()).await.expect("a page");
    assert!(page.entries.iter().all(|entry| !entry.favourite && entry.last_at.is_some()));
    let record = record(&mut read, agent, ids[0]).await.expect("a record");
    assert!(record.favourite && record.former.is_empty() && record.merges.is_empty());
}

#[tokio::test]
async fn a_page_says_whether_there_is_more_and_has_its_limits() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    for (number, name) in ["Anna", "Berta", "Carla"].into_iter().enumerate() {
        create(&stage, &format!("+49 30 90182{number}"), named(name), 1).await.expect("makes");
    }
    let ask = async |query: &DirectoryQuery| {
        page(&mut stage.store.read().await.expect("reads"), agent, query, german()).await
    };
    let query = DirectoryQuery { limit: 2, ..DirectoryQuery::default() };
    let first = ask(&query).await.expect("a page");
    assert_eq!((first.entries.len(), first.more), (2, true));
    let last = ask(&DirectoryQuery { offset: 2, ..query.clone() }).await.expect("a page");
    assert_eq!((last.entries[0].contact.title().as_str(), last.more), ("Carla", false));
    for limit in [0, MAX_DIRECTORY_PAGE + 1] {
        assert_eq!(code(ask(&DirectoryQuery { limit, ..query.clone() }).await), ProblemCode::BadRequest);
    }
    assert_eq!(code(ask(&words(&"x".repeat(501))).await), ProblemCode::BadRequest);
}
