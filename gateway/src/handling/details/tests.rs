//! What is added to a contact, once, and for everybody to see.

use serde_json::{Value, json};
use waxwing_protocol::{event::Event, id::MessageId};

use super::*;
use crate::handling::stage::{Stage, at};

/// A stage with an agent to whom `cards` were sent.
async fn begin(cards: Value) -> (Stage, AgentId, InteractionId, MessageId) {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "here they are", 9).await;
    send(&stage, "wamid.2", cards, 10).await;
    let id = stage.owned(masha).await[0].id;
    let message = stage.transcript(id).await[1].id;
    (stage, masha, id, message)
}

async fn send(stage: &Stage, wamid: &str, cards: Value, seconds: i64) {
    let message = json!({"from": "15550000001", "id": wamid, "timestamp": at(seconds).timestamp().to_string(), "type": "contacts", "contacts": cards});
    let contact = json!({"wa_id": "15550000001", "profile": {"name": "Ana"}});
    stage.arrive(json!({"contacts": [contact], "messages": [message]}), seconds).await;
}

async fn put(
    stage: &Stage,
    (agent, id): (AgentId, InteractionId),
    message: MessageId,
    card: u32,
) -> Result<Contact, ProblemCode> {
    let mut change = stage.store.begin().await.expect("begins");
    match add(&mut change, agent, id, AddCard { message, card }, at(20)).await {
        Ok(contact) => {
            change.commit().await.expect("commits");
            Ok(contact)
        }
        Err(Refusal::Problem(problem)) => Err(problem.code),
        Err(Refusal::Store(error)) => panic!("{error}"),
    }
}

fn told(contact: &Contact) -> Vec<(DetailKind, &str, Option<&str>)> {
    contact.details.iter().map(|one| (one.kind, &*one.value, one.name.as_deref())).collect()
}

#[tokio::test]
async fn what_stands_on_a_card_is_added_once_and_told_to_the_owner() {
    let cards = json!([
        {"name": {"formatted_name": "Léa Martin"}, "org": {"company": "Atelier"},
            "phones": [{"phone": "+33 6 55"}, {"phone": "+33-655"}, {"phone": "+1 555 000 0001"}],
            "emails": [{"email": "lea@atelier.example"}], "urls": [{"url": "https://atelier.example/"}],
            "addresses": [{"street": "Rue 1", "city": "Paris"}]},
        {"name": {"formatted_name": "ana"}, "phones": [{"phone": "(33) 655"}, {"phone": "+34 1"}]},
    ]);
    let (stage, masha, id, message) = begin(cards).await;
    let lea = Some("Léa Martin");
    let expected = [
        (DetailKind::Phone, "+33 6 55", lea),
        (DetailKind::Email, "lea@atelier.example", lea),
        (DetailKind::Address, "Rue 1, Paris", lea),
        (DetailKind::Url, "https://atelier.example/", lea),
        (DetailKind::Company, "Atelier", lea),
    ];
    let contact = put(&stage, (masha, id), message, 0).await.expect("is added");
    assert_eq!(told(&contact), expected, "their own number is known");
    assert_eq!(put(&stage, (masha, id), message, 0).await, Ok(contact.clone()), "twice is fine");
    let changes =
        stage.feed(masha).await.into_iter().filter(
            |event| matches!(event, Event::ContactChanged { contact: changed } if **changed == contact),
        );
    assert_eq!(changes.count(), 1);
    assert_eq!(stage.interaction(id).await.contact, contact);
    let contact = put(&stage, (masha, id), message, 1).await.expect("is added");
    assert_eq!(
        told(&contact)[5..],
        [(DetailKind::Phone, "+34 1", None)],
        "a card of their own has no other name"
    );
}

#[tokio::test]
async fn no_card_of_somebody_elses_and_none_that_is_not_there() {
    let (stage, masha, id, message) = begin(json!([{"phones": [{"phone": "+33"}]}])).await;
    let text = stage.transcript(id).await[0].id;
    let unknown = MessageId::new(at(0), [9; 10]);
    for (message, card) in [(message, 1), (message, u32::MAX), (text, 0), (unknown, 0)] {
        assert_eq!(put(&stage, (masha, id), message, card).await, Err(ProblemCode::NotFound));
    }
    let pasha = stage.agent("pasha", 5).await;
    assert_eq!(put(&stage, (pasha, id), message, 0).await, Err(ProblemCode::NotFound));
    stage.write("15550000002", "wamid.9", "somebody else", 15).await;
    let other = stage.owned(masha).await[1].id;
    assert_eq!(put(&stage, (masha, other), message, 0).await, Err(ProblemCode::NotFound));
}

#[tokio::test]
async fn only_so_much_is_kept_of_one_contact() {
    let cards: Vec<Value> = (0..6)
        .map(|card| {
            let phones: Vec<Value> = (0..20).map(|n| json!({"phone": format!("{card}00{n}")})).collect();
            json!({"phones": phones})
        })
        .collect();
    let (stage, masha, id, message) = begin(json!(cards)).await;
    for card in 0..5 {
        put(&stage, (masha, id), message, card).await.expect("fits");
    }
    assert_eq!(put(&stage, (masha, id), message, 5).await, Err(ProblemCode::UnacceptableBody));
    assert_eq!(stage.interaction(id).await.contact.details.len(), MAX_DETAILS, "nothing of it was added");
}

#[tokio::test]
async fn contacts_who_turn_out_to_be_one_have_the_details_of_both() {
    let (stage, masha, id, message) = begin(json!([{"phones": [{"phone": "+33"}]}])).await;
    put(&stage, (masha, id), message, 0).await.expect("is added");
    let by_id = json!({"from_user_id": "US.7", "id": "wamid.3", "timestamp": at(30).timestamp().to_string(), "type": "contacts", "contacts": [{"phones": [{"phone": "+33"}, {"phone": "+44"}]}]});
    stage.arrive(json!({"messages": [by_id]}), 30).await;
    let other = stage.owned(masha).await[1].id;
    let card = stage.transcript(other).await[0].id;
    put(&stage, (masha, other), card, 0).await.expect("is added");
    let both = json!({"from": "15550000001", "from_user_id": "US.7", "id": "wamid.4", "timestamp": at(40).timestamp().to_string(), "type": "text", "text": {"body": "both"}});
    stage.arrive(json!({"messages": [both]}), 40).await;
    let contact = stage.owned(masha).await[0].contact.clone();
    let mut numbers: Vec<&str> = told(&contact).into_iter().map(|(_, value, _)| value).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, ["+33", "+44"]);
}
