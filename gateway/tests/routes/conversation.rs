//! What agents do in a conversation beside writing: theirs alone, and refused with a code to act upon.

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use waxwing_protocol::{
    api::{self, SendAccepted},
    contact::Contact,
    delivery::{Delivery, Step},
    draft::{Draft, MAX_DRAFT_BYTES},
    event::{Event, EventPage},
    id::{ClientRef, InteractionId, MessageId},
    message::Message,
    problem::{Problem, ProblemCode},
};

use crate::support::{Desktop, Gateway, PASSWORD, envelope, start_of_play};

const NOT_FOUND: (StatusCode, ProblemCode) = (StatusCode::NOT_FOUND, ProblemCode::NotFound);

/// The agent's interaction and what the contact has sent in it: a card.
async fn with_an_interaction(masha: &Desktop<'_>) -> (InteractionId, MessageId) {
    masha.ready().await;
    let card = json!({"from": "15550000001", "id": "wamid.1", "timestamp": "1780000100", "type": "contacts",
        "contacts": [{"name": {"formatted_name": "Piet"}, "phones": [{"phone": "+31 6 1234"}]}]});
    assert_eq!(masha.gateway.webhook(envelope(json!({"messages": [card]}))).await, StatusCode::OK);
    let snapshot = masha.snapshot().await.0;
    (snapshot.interactions[0].interaction.id, snapshot.interactions[0].transcript[0].id)
}

async fn ask(desktop: &Desktop<'_>, (method, path): (Method, &str), body: &Value) -> Response {
    desktop.call(method, path).json(body).send().await.expect("answers")
}

async fn refusal(answer: Response) -> (StatusCode, ProblemCode) {
    let status = answer.status();
    (status, answer.json::<Problem>().await.expect("a problem").code)
}

/// Every call about an interaction, each with a body that its owner may send.
fn calls(interaction: InteractionId, message: MessageId) -> Vec<(Method, String, Value)> {
    vec![
        (Method::PUT, api::reaction(interaction, message), json!({"emoji": "👍"})),
        (Method::PUT, api::draft(interaction), draft("Dear Ana", 0)),
        (Method::PUT, api::read(interaction), json!({"up_to": message})),
        (Method::POST, api::typing(interaction), json!(null)),
        (Method::POST, api::contact_details(interaction), json!({"message": message, "card": 0})),
    ]
}

fn draft(words: &str, based_on: u64) -> Value {
    json!({"text": words, "at": start_of_play(), "device": "laptop", "based_on": based_on})
}

#[tokio::test]
async fn what_is_not_ones_own_looks_as_if_it_were_not_there() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let pasha = gateway.desktop("pasha").await;
    let (interaction, message) = with_an_interaction(&masha).await;
    let nowhere = InteractionId::new(start_of_play(), [9; 10]);
    for ((method, path, body), (_, missing, _)) in
        calls(interaction, message).into_iter().zip(calls(nowhere, message))
    {
        let theirs = ask(&pasha, (method.clone(), &path), &body).await.text().await.expect("a body");
        let none = ask(&masha, (method.clone(), &missing), &body).await;
        assert_eq!(none.status(), StatusCode::NOT_FOUND, "{missing}");
        assert_eq!(theirs, none.text().await.expect("a body"), "{path} says the same of both");
        let request = gateway.client.request(method.clone(), format!("{}{path}", gateway.url)).json(&body);
        let nobody = request.send().await.expect("answers");
        assert_eq!(refusal(nobody).await, (StatusCode::UNAUTHORIZED, ProblemCode::SignedOut), "{path}");
        let nonsense = path.replace("int_", "int");
        assert_eq!(refusal(ask(&masha, (method.clone(), &nonsense), &body).await).await, NOT_FOUND);
        let own = ask(&masha, (method, &path), &body).await;
        assert!(own.status().is_success(), "{path}: {}", own.status());
    }
}

#[tokio::test]
async fn a_reaction_is_taken_in_and_refused_in_words() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let (interaction, message) = with_an_interaction(&masha).await;
    let path = api::reaction(interaction, message);
    let put = async |body: Value| ask(&masha, (Method::PUT, &path), &body).await;
    let answer = put(json!({"emoji": "👍🏽"})).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let reacted: Message = answer.json().await.expect("a message");
    assert_eq!(reacted.reactions[0].emoji, "👍🏽");
    assert_eq!(masha.transcripts().await, [reacted]);
    let unacceptable = (StatusCode::UNPROCESSABLE_ENTITY, ProblemCode::UnacceptableBody);
    for wrong in ["", "a", "👍👍", &"👍".repeat(10_000)] {
        assert_eq!(refusal(put(json!({"emoji": wrong})).await).await, unacceptable);
    }
    assert_eq!(refusal(put(json!([7])).await).await, (StatusCode::BAD_REQUEST, ProblemCode::BadRequest));
    assert_eq!(put(json!({})).await.status(), StatusCode::ACCEPTED, "none takes it off");
    assert!(masha.transcripts().await[0].reactions.is_empty());
    let unknown = api::reaction(interaction, MessageId::new(start_of_play(), [9; 10]));
    assert_eq!(refusal(ask(&masha, (Method::PUT, &unknown), &json!({"emoji": "👍"})).await).await, NOT_FOUND);
}

#[tokio::test]
async fn a_draft_is_on_the_agents_other_machine_and_nothing_is_thrown_away() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let (interaction, _message) = with_an_interaction(&masha).await;
    let signed_in = gateway.try_sign_in("masha", PASSWORD).await.json().await.expect("a sign-in");
    let elsewhere = Desktop { gateway: &gateway, signed_in };
    let (_, cursor) = elsewhere.snapshot().await;
    let path = api::draft(interaction);
    let put = async |desktop: &Desktop<'_>, body: Value| ask(desktop, (Method::PUT, &path), &body).await;
    let first: Draft = put(&masha, draft("Dear Ana", 0)).await.json().await.expect("a draft");
    let EventPage::Events { events, .. } = elsewhere.poll(Some(cursor), 5).await else { panic!("events") };
    let told = Event::DraftChanged { interaction, draft: Box::new(first.clone()) };
    assert_eq!(events.into_iter().map(|event| event.event).collect::<Vec<_>>(), [told]);

    gateway.pass(chrono::TimeDelta::seconds(10));
    let mut later = draft("Hello!", 0);
    later["at"] = json!(gateway.app.clock.now());
    let second: Draft = put(&elsewhere, later).await.json().await.expect("a draft");
    assert_eq!((&*second.written.text, &*second.aside[0].text), ("Hello!", "Dear Ana"));
    assert_eq!(masha.snapshot().await.0.interactions[0].draft.as_ref(), Some(&second));

    let too_large = (StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::TooLarge);
    for bytes in [MAX_DRAFT_BYTES + 1, 300 * 1024] {
        assert_eq!(refusal(put(&masha, draft(&"x".repeat(bytes), 2)).await).await, too_large);
    }
    let bad = (StatusCode::BAD_REQUEST, ProblemCode::BadRequest);
    assert_eq!(refusal(put(&masha, json!({"text": "no time", "based_on": 0})).await).await, bad);
    let done = masha.call(Method::POST, &api::done(interaction)).send().await.expect("answers");
    assert_eq!(done.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        refusal(put(&masha, draft("late", 2)).await).await,
        (StatusCode::CONFLICT, ProblemCode::Conflict)
    );
}

#[tokio::test]
async fn what_was_read_is_kept_and_only_what_the_contact_wrote_can_be() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let (interaction, message) = with_an_interaction(&masha).await;
    let path = api::read(interaction);
    let put = async |up_to: Value| ask(&masha, (Method::PUT, &path), &json!({"up_to": up_to})).await;
    for _twice in 0..2 {
        assert_eq!(put(json!(message)).await.status(), StatusCode::NO_CONTENT);
    }
    assert_eq!(gateway.count("SELECT COUNT(*) FROM reads WHERE told = 0").await, 1);
    let bad = (StatusCode::BAD_REQUEST, ProblemCode::BadRequest);
    assert_eq!(refusal(put(json!("everything")).await).await, bad);
    let unknown = MessageId::new(start_of_play(), [9; 10]);
    assert_eq!(refusal(put(json!(unknown)).await).await, NOT_FOUND);
    let answer = json!({"client_ref": ClientRef::new(start_of_play(), [1; 10]),
        "body": {"type": "text", "text": "Yes"}});
    ask(&masha, (Method::POST, &api::messages(interaction)), &answer).await;
    let ours = masha.transcripts().await[1].id;
    assert_eq!(refusal(put(json!(ours)).await).await, bad);
}

#[tokio::test]
async fn writing_where_nothing_can_be_sent_is_fine_and_shown_to_nobody() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let (interaction, _message) = with_an_interaction(&masha).await;
    gateway.pass(chrono::TimeDelta::hours(25));
    let signed_in = gateway.try_sign_in("masha", PASSWORD).await.json().await.expect("a sign-in");
    let masha = Desktop { gateway: &gateway, signed_in };
    let answer = masha.call(Method::POST, &api::typing(interaction)).send().await.expect("answers");
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(gateway.count("SELECT COUNT(*) FROM reads").await, 0, "nothing of it is kept");
}

#[tokio::test]
async fn a_card_is_added_to_the_contact_and_every_desktop_sees_it() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let (interaction, message) = with_an_interaction(&masha).await;
    let path = api::contact_details(interaction);
    let post = async |card: Value| {
        ask(&masha, (Method::POST, &path), &json!({"message": message, "card": card})).await
    };
    let answer = post(json!(0)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let contact: Contact = answer.json().await.expect("a contact");
    assert_eq!(
        (&*contact.details[0].value, contact.details[0].name.as_deref()),
        ("+31 6 1234", Some("Piet"))
    );
    assert_eq!(masha.snapshot().await.0.interactions[0].interaction.contact, contact);
    assert_eq!(refusal(post(json!(1)).await).await, NOT_FOUND);
    assert_eq!(refusal(post(json!(-1)).await).await, (StatusCode::BAD_REQUEST, ProblemCode::BadRequest));
}

#[tokio::test]
async fn each_step_of_a_message_is_told_with_whatsapps_time_in_whatever_order_it_comes() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let (interaction, _message) = with_an_interaction(&masha).await;
    let wanted = json!({"client_ref": ClientRef::new(start_of_play(), [1; 10]), "body": {"type": "text", "text": "Yes"}});
    let answer = ask(&masha, (Method::POST, &api::messages(interaction)), &wanted).await;
    let message = answer.json::<SendAccepted>().await.expect("accepted").message.id;
    let after = |seconds| start_of_play() + chrono::TimeDelta::seconds(seconds);
    for (status, seconds) in [("read", 9), ("sent", 2), ("delivered", 5), ("read", 9)] {
        let update = json!({"id": "wamid.ours", "status": status, "timestamp": after(seconds).timestamp().to_string(),
            "recipient_id": "15550000001", "biz_opaque_callback_data": format!("{message}:1")});
        assert_eq!(gateway.webhook(envelope(json!({"statuses": [update]}))).await, StatusCode::OK);
    }
    let delivery = masha.transcripts().await.pop().and_then(|message| message.delivery).expect("a state");
    assert_eq!((&delivery.delivery, delivery.at), (&Delivery::Read, after(9)));
    let reached: Vec<_> = delivery.reached.iter().map(|one| (one.step, one.at)).collect();
    let told = [(Step::Accepted, 0), (Step::Sent, 2), (Step::Delivered, 5), (Step::Read, 9)];
    assert_eq!(reached, told.map(|(step, seconds)| (step, after(seconds))));
}
