//! Who may send which notification when, and what it does to the interaction.

use serde_json::{Value, json};
use waxwing_protocol::{
    api::{OutgoingBody, SendAccepted, SendMessage},
    delivery::{Delivery, DeliveryFailure, DeliveryState},
    id::{ClientRef, InteractionId, MessageId},
    problem::Problem,
    template::TemplateStatus,
};

use super::*;
use crate::{
    handling::{
        delivery, outbound,
        stage::{Stage, at},
        templates as taking,
    },
    store::{library::Span, sending::Attempt},
    whatsapp::templates::Listed,
};

const DAY: i64 = 24 * 3600;

/// A contact has written, and the account has one template with one mark.
async fn begin() -> (Stage, AgentId, InteractionId, Template) {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "keep me posted", 2).await;
    list(&stage, "APPROVED", 3).await;
    let mut read = stage.store.read().await.expect("reads");
    let (mut there, _) = templates::changed(read.db(), Span { after: 0, up_to: 100 }).await.expect("reads");
    let interaction = stage.owned(masha).await[0].id;
    (stage, masha, interaction, there.remove(0))
}

async fn list(stage: &Stage, status: &str, seconds: i64) {
    let object = json!({"name": "hello", "language": "en_US", "status": status, "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Hello {{1}}"}]});
    list_one(stage, object, seconds).await;
}

async fn list_one(stage: &Stage, template: Value, seconds: i64) {
    let listed = Listed::new(template).expect("has a name");
    let mut change = stage.store.begin().await.expect("begins");
    taking::take(&mut change, "900", &[listed], at(seconds)).await.expect("takes");
    change.commit().await.expect("commits");
}

async fn send(
    stage: &Stage,
    agent: AgentId,
    to: InteractionId,
    (template, words): (TemplateId, &str),
    seconds: i64,
) -> Result<SendAccepted, Refusal> {
    let values = SlotValues::from([("body.1".parse().expect("a slot"), SlotValue::text(words))]);
    let wanted = SendMessage {
        client_ref: ClientRef::new(at(seconds), [7; 10]),
        body: OutgoingBody::Notification { template, values },
        quote: None,
        responses: Vec::new(),
    };
    let mut change = stage.store.begin().await.expect("begins");
    let sent = outbound::send(&mut change, agent, (to, &wanted), &Limits::default(), at(seconds)).await?;
    change.commit().await.expect("commits");
    Ok(sent)
}

fn problem(refused: Result<SendAccepted, Refusal>) -> Problem {
    match refused {
        Err(Refusal::Problem(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

async fn fails(stage: &Stage, message: MessageId, code: u32, seconds: i64) {
    let failure = DeliveryFailure {
        code: Some(code),
        reason: "No.".to_owned(),
        advice: "Wait.".to_owned(),
        can_retry: true,
    };
    let mut change = stage.store.begin().await.expect("begins");
    let attempt = Attempt::of_message(message, 1);
    delivery::set(&mut change, attempt, Delivery::Failed(failure), at(seconds)).await.expect("sets");
    crate::store::sending::withdraw(change.db(), attempt).await.expect("withdraws");
    change.commit().await.expect("commits");
}

#[tokio::test]
async fn it_answers_the_contact_also_when_the_window_is_closed_and_can_be_tried_again_then() {
    let (stage, masha, interaction, template) = begin().await;
    let late = stage.answer(masha, interaction, "hello?", DAY + 10).await;
    assert!(matches!(late, Err(Refusal::Problem(Problem { code: ProblemCode::WindowClosed, .. }))));
    let sent = send(&stage, masha, interaction, (template.id, "Ana"), DAY + 11).await.expect("sends");
    let again = send(&stage, masha, interaction, (template.id, "Ana"), DAY + 11).await.expect("is known");
    assert_eq!(sent.message, again.message, "the same reference is taken in once");
    assert_eq!(sent.message.fallback, "Hello Ana");
    assert_eq!(sent.interaction.pending_since, None);
    let Body::Notification(made) = &sent.message.body else { panic!("{sent:?}") };
    assert_eq!((made.template, made.values.len()), (template.id, 1));

    fails(&stage, sent.message.id, 131_000, DAY + 12).await;
    assert!(stage.interaction(interaction).await.pending_since.is_some(), "nobody has answered after all");
    let mut change = stage.store.begin().await.expect("begins");
    let which = (interaction, sent.message.id);
    let retried = outbound::retry(&mut change, masha, which, at(DAY + 13)).await.expect("tries again");
    change.commit().await.expect("commits");
    assert!(matches!(retried.message.delivery, Some(DeliveryState { attempt: 2, .. })));
    assert_eq!(stage.count("SELECT COUNT(*) FROM outbox").await, 1);
}

#[tokio::test]
async fn it_is_refused_with_the_reason() {
    let (stage, masha, interaction, template) = begin().await;
    let blank = problem(send(&stage, masha, interaction, (template.id, "{{name}}"), 10).await);
    assert_eq!(blank.code, ProblemCode::UnacceptableBody);
    assert!(blank.detail.ends_with("1: Fill in what stands in {{ }} first."), "{}", blank.detail);
    list(&stage, "PAUSED", 11).await;
    let paused = problem(send(&stage, masha, interaction, (template.id, "Ana"), 12).await);
    assert!(paused.detail.contains("paused it for some hours"), "{}", paused.detail);
    let unknown = TemplateId::new(at(0), [1; 10]);
    let unknown = problem(send(&stage, masha, interaction, (unknown, "Ana"), 13).await);
    assert_eq!(unknown.code, ProblemCode::NotFound);
    list(&stage, "APPROVED", 14).await;
    stage.done(masha, interaction, 15).await;
    let closed = problem(send(&stage, masha, interaction, (template.id, "Ana"), 16).await);
    assert_eq!(closed.code, ProblemCode::Conflict, "it is closed for good");
    assert_eq!(stage.count("SELECT COUNT(*) FROM outbox").await, 0);
}

#[tokio::test]
async fn a_refusal_of_whatsapp_stops_the_template_for_everybody_until_the_list_knows_better() {
    let (stage, masha, interaction, template) = begin().await;
    let get = async || templates::get(stage.store.read().await.expect("reads").db(), template.id).await;
    for (seconds, code, status) in
        [(10, 132_015, TemplateStatus::Paused), (20, 132_016, TemplateStatus::Disabled)]
    {
        let sent = send(&stage, masha, interaction, (template.id, "Ana"), seconds).await.expect("sends");
        fails(&stage, sent.message.id, code, seconds + 1).await;
        assert_eq!(get().await.expect("reads").map(|template| template.status), Some(status));
        assert_eq!(stage.count("SELECT COUNT(*) FROM template_lists").await, 1, "it is looked up");
        list(&stage, "APPROVED", seconds + 2).await;
    }
    let sent = send(&stage, masha, interaction, (template.id, "Ana"), 30).await.expect("sends");
    fails(&stage, sent.message.id, 131_049, 31).await;
    assert_eq!(get().await.expect("reads").map(|template| template.status), Some(TemplateStatus::Approved));
}

#[tokio::test]
async fn a_tap_on_its_button_quotes_it() {
    let (stage, masha, interaction, template) = begin().await;
    let sent = send(&stage, masha, interaction, (template.id, "Ana"), 10).await.expect("sends");
    stage.took(Attempt::of_message(sent.message.id, 1), "wamid.out", 11).await;
    let tap = json!({"from": "15550000001", "id": "wamid.2", "timestamp": at(20).timestamp().to_string(),
        "type": "button", "button": {"payload": "keep-1", "text": "Keep one"}, "context": {"from": "1555", "id": "wamid.out"}});
    stage.arrive(json!({"messages": [tap]}), 20).await;
    let last = stage.transcript(interaction).await.pop().expect("something was said");
    assert!(matches!(&last.body, Body::Reply { title, .. } if title == "Keep one"), "{last:?}");
    let quote = last.quote.expect("quotes");
    assert_eq!((quote.message, quote.excerpt.as_str()), (Some(sent.message.id), "Hello Ana"));
}

#[tokio::test]
async fn a_tap_on_a_card_quotes_that_card() {
    let (stage, masha, interaction, hello) = begin().await;
    let button = json!({"type": "QUICK_REPLY", "text": "Keep one"});
    let card = |words: &str| json!({"components": [{"type": "BODY", "text": words}, {"type": "BUTTONS", "buttons": [button]}]});
    let cards = [card("The rain jacket"), card("Wool socks")];
    list_one(
        &stage,
        json!({"name": "hello", "language": "en_US", "status": "APPROVED", "category": "UTILITY",
            "components": [{"type": "BODY", "text": "New, {{1}}:"}, {"type": "CAROUSEL", "cards": cards}]}),
        5,
    )
    .await;
    let sent = send(&stage, masha, interaction, (hello.id, "Ana"), 10).await.expect("sends");
    stage.took(Attempt::of_message(sent.message.id, 1), "wamid.out", 11).await;
    for (seconds, payload, expected) in [
        (20, "card.0.button.0", "Card 1 of 2: The rain jacket"),
        (21, "card.1.button.0", "Card 2 of 2: Wool socks"),
        (22, "button.0", "New, Ana:\nThe rain jacket"),
        (23, "card.7.button.0", "New, Ana:\nThe rain jacket"),
        (24, "Keep one", "New, Ana:\nThe rain jacket"),
    ] {
        let tap = json!({"from": "15550000001", "id": format!("wamid.{seconds}"), "timestamp": at(seconds).timestamp().to_string(),
            "type": "button", "button": {"payload": payload, "text": "Keep one"}, "context": {"from": "1555", "id": "wamid.out"}});
        stage.arrive(json!({"messages": [tap]}), seconds).await;
        let last = stage.transcript(interaction).await.pop().expect("something was said");
        let quote = last.quote.expect("quotes");
        assert_eq!(quote.message, Some(sent.message.id));
        assert!(quote.excerpt.starts_with(expected), "{payload}: {}", quote.excerpt);
    }
}
