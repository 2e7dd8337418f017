//! The directory, the history and new chats over the wire.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use waxwing_protocol::{
    api::{self, TranscriptPage},
    contact::Contact,
    directory::{self, ContactRecord, DirectoryPage, Merged, Numbers},
    history::{self, ChatBegun, HistoryPage, InteractionRecord},
    library::ImportReport,
    problem::{Problem, ProblemCode},
};

use crate::support::{Desktop, Gateway, envelope, text};

async fn call<T: serde::de::DeserializeOwned>(
    desktop: &Desktop<'_>,
    (method, path): (Method, &str),
    body: Option<Value>,
) -> T {
    let mut request = desktop.call(method, path);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.expect("answers");
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.json().await.expect("an answer")
}

async fn refused(desktop: &Desktop<'_>, (method, path): (Method, &str), body: Option<Value>) -> ProblemCode {
    let mut request = desktop.call(method, path);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let problem: Problem = request.send().await.expect("answers").json().await.expect("a problem");
    problem.code
}

#[tokio::test]
async fn a_contact_is_made_found_changed_blocked_and_made_one_with_another() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let new = json!({"phone": "+49 30 901820", "name": "Anna", "attributes": [{"key": "Segment", "value": "Gold"}]});
    let anna: Contact = call(&masha, (Method::POST, directory::CONTACTS), Some(new.clone())).await;
    assert_eq!(refused(&masha, (Method::POST, directory::CONTACTS), Some(new)).await, ProblemCode::Conflict);
    let found = async |query: &str| -> DirectoryPage {
        call(&masha, (Method::GET, &format!("{}?{query}", directory::CONTACTS)), None).await
    };
    assert_eq!(found("words=ann%2030901820&limit=10").await.entries[0].contact, anna);
    assert_eq!(found("attribute_key=Segment&attribute_value=Gold&limit=10").await.entries.len(), 1);
    assert_eq!(found("shelf=blocked&limit=10").await, DirectoryPage::default());
    let path = format!("{}?words=ann", directory::CONTACTS);
    assert_eq!(refused(&masha, (Method::GET, &path), None).await, ProblemCode::BadRequest);

    let put = json!({"based_on": anna.revision, "name": "Anna S."});
    let path = directory::contact(anna.id);
    let changed: Contact = call(&masha, (Method::PUT, &path), Some(put)).await;
    assert_eq!((changed.name.as_deref(), changed.attributes.len()), (Some("Anna S."), 0));
    let stale = json!({"based_on": 0, "name": "Berta"});
    assert_eq!(refused(&masha, (Method::PUT, &path), Some(stale)).await, ProblemCode::Conflict);
    let block = directory::block(anna.id);
    let blocked: Contact = call(&masha, (Method::PUT, &block), Some(json!({"blocked": true}))).await;
    assert!(blocked.blocked);
    let _: Contact = call(&masha, (Method::PUT, &block), Some(json!({"blocked": false}))).await;
    let favourites = json!({"contacts": [anna.id]});
    let kept = masha.call(Method::PUT, directory::FAVOURITE_CONTACTS).json(&favourites).send().await;
    assert_eq!(kept.expect("answers").status(), StatusCode::NO_CONTENT);
    assert!(found("shelf=favourites&limit=10").await.entries[0].favourite);

    let new = json!({"phone": "+49 30 901821"});
    let other: Contact = call(&masha, (Method::POST, directory::CONTACTS), Some(new)).await;
    let merge = json!({"from": other.id, "into": anna.id});
    let merged: Merged = call(&masha, (Method::POST, directory::MERGES), Some(merge)).await;
    assert_eq!(merged.contact.id, anna.id);
    let record: ContactRecord = call(&masha, (Method::GET, &directory::contact(other.id)), None).await;
    assert_eq!((record.contact.id, record.merges[0].id), (anna.id, merged.id));
    let undone = masha.call(Method::DELETE, &directory::merge(merged.id)).send().await.expect("answers");
    assert_eq!(undone.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        refused(&masha, (Method::DELETE, &directory::merge(merged.id)), None).await,
        ProblemCode::NotFound
    );
    gateway.stop().await;
}

#[tokio::test]
async fn contacts_come_and_go_as_a_file_for_whoever_leads() {
    let gateway = Gateway::start().await;
    let (lead, masha) = (gateway.lead("lead").await, gateway.desktop("masha").await);
    let file = "phone,name\r\n+49 30 901820,Anna\r\n";
    let import = async |desktop: &Desktop<'_>, query: &str| {
        let path = format!("{}?form=csv{query}", directory::IMPORT_CONTACTS);
        desktop.call(Method::POST, &path).body(file).send().await.expect("answers")
    };
    assert_eq!(import(&masha, "").await.status(), StatusCode::FORBIDDEN);
    let report: ImportReport = import(&lead, "&dry_run=true").await.json().await.expect("a report");
    assert_eq!((report.done, report.added), (false, 1));
    let report: ImportReport = import(&lead, "").await.json().await.expect("a report");
    assert_eq!((report.done, report.added), (true, 1));
    let export = async |desktop: &Desktop<'_>, form: &str| {
        let path = format!("{}?form={form}", directory::EXPORT_CONTACTS);
        desktop.call(Method::GET, &path).send().await.expect("answers")
    };
    assert_eq!(export(&masha, "csv").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(export(&lead, "xml").await.status(), StatusCode::BAD_REQUEST);
    let card = export(&lead, "vcard").await.text().await.expect("a text");
    assert!(card.starts_with("BEGIN:VCARD\r\n") && card.contains("FN:Anna\r\n"), "{card}");
    gateway.stop().await;
}

#[tokio::test]
async fn what_was_is_found_read_by_everybody_and_gone_on_with() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    masha.ready().await;
    let message = text("16505550001", "wamid.1", "where is my parcel");
    gateway.webhook(envelope(json!({"messages": [message]}))).await;
    let first = masha.snapshot().await.0.interactions[0].interaction.clone();
    let done = masha.call(Method::POST, &api::done(first.id)).send().await.expect("answers");
    assert_eq!(done.status(), StatusCode::NO_CONTENT);

    let boris = gateway.desktop("boris").await;
    let path = format!("{}?words=parc&limit=10", history::HISTORY);
    let page: HistoryPage = call(&boris, (Method::GET, &path), None).await;
    assert_eq!((page.entries.len(), page.entries[0].interaction.id), (1, first.id));
    assert_eq!(page.entries[0].hits[0].excerpt, "where is my parcel");
    let theirs = format!("{}?agent={}&limit=10", history::HISTORY, masha.signed_in.agent.id);
    assert_eq!(refused(&boris, (Method::GET, &theirs), None).await, ProblemCode::NotAllowed);
    let record: InteractionRecord = call(&boris, (Method::GET, &history::interaction(first.id)), None).await;
    assert_eq!(record.steps.last().map(|step| step.phase.as_str()), Some("done"));
    let transcript = format!("{}?part=before&limit=10", api::transcript(first.id));
    let read: TranscriptPage = call(&boris, (Method::GET, &transcript), None).await;
    assert_eq!(read.messages.len(), 1);

    let numbers: Numbers = call(&boris, (Method::GET, directory::NUMBERS), None).await;
    let chat = json!({"contact": first.contact.id, "number": numbers.numbers[0].id, "after": first.id});
    let begun: ChatBegun = call(&boris, (Method::POST, history::CHATS), Some(chat.clone())).await;
    assert!(!begun.joined);
    assert_eq!(boris.snapshot().await.0.interactions[0].interaction.id, begun.interaction.id);
    let again: ChatBegun = call(&boris, (Method::POST, history::CHATS), Some(chat.clone())).await;
    assert!(again.joined && again.interaction.id == begun.interaction.id);
    let taken: Problem = {
        let call = masha.call(Method::POST, history::CHATS).json(&chat);
        call.send().await.expect("answers").json().await.expect("a problem")
    };
    assert_eq!(taken.code, ProblemCode::Conflict);
    assert!(taken.detail.contains("boris"), "{}", taken.detail);
    gateway.stop().await;
}

#[tokio::test]
async fn nobody_who_is_not_signed_in_sees_a_contact() {
    let gateway = Gateway::start().await;
    for path in [directory::CONTACTS, history::HISTORY, directory::NUMBERS, directory::EXPORT_CONTACTS] {
        let answer = gateway.client.get(format!("{}{path}?limit=1&form=csv", gateway.url)).send().await;
        assert_eq!(answer.expect("answers").status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    gateway.stop().await;
}
