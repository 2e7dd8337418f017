//! Notifications from the list of templates to the contact's tap, as they go over the wire.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use waxwing_gateway::{clock::Clock, store::templates};
use waxwing_protocol::{
    api::{self, SendAccepted},
    delivery::Delivery,
    event::Event,
    id::{BusinessNumberId, ClientRef, InteractionId},
    library::{LIBRARY, LibraryPage, REFRESH_TEMPLATES},
    message::Body,
    template::{Template, TemplateQuality, TemplateStatus},
};

use crate::bench::Bench;

const ANA: &str = "15550100999";

/// Waits until a template is as `wanted` says; the news that there is something comes over the feed.
pub(crate) async fn template(
    bench: &mut Bench,
    (name, language): (&str, &str),
    wanted: impl Fn(&Template) -> bool,
) -> Template {
    let mut seen = 0;
    loop {
        let page: LibraryPage = bench.desktop.call(Method::GET, LIBRARY, None).await;
        let mut found = page.templates.into_iter();
        let found = found.find(|template| template.name == name && template.language == language);
        if let Some(found) = found.filter(&wanted) {
            return found;
        }
        let is_newer = |event: &Event| match event {
            Event::LibraryChanged { revision } if *revision > seen => Some(*revision),
            _ => None,
        };
        seen = bench.desktop.wait(is_newer).await;
    }
}

/// Asks the gateway to send a notification, and says what it answers.
pub(crate) async fn ask(
    bench: &Bench,
    to: InteractionId,
    (template, values): (&Template, &Value),
    seed: u8,
) -> (StatusCode, Value) {
    let client_ref = ClientRef::new(Clock::system().now(), [200 + seed; 10]);
    let body = json!({"type": "notification", "template": template.id, "values": values});
    let url = format!("{}{}", bench.desktop.url, api::messages(to));
    let call = json!({"client_ref": client_ref, "body": body});
    let answer = bench.desktop.http.post(url).bearer_auth(&bench.desktop.token).json(&call).send().await;
    let answer = answer.expect("answers");
    (answer.status(), answer.json().await.expect("JSON"))
}

pub(crate) fn text(text: &str) -> Value {
    json!({"value": "text", "text": text})
}

/// Ana has written, and then been silent for so long that both sides know it.
async fn with_closed_window(bench: &mut Bench) -> InteractionId {
    let to = bench.hear(ANA, "please keep me posted").await.id;
    bench.control("silence", &json!({"contact": ANA})).await;
    let late = bench.send(to, "are you still there?").await;
    bench.delivered(late, Delivery::is_failed).await;
    to
}

#[tokio::test(flavor = "multi_thread")]
async fn the_payment_confirmation_of_the_help_page_arrives_though_the_window_is_closed_and_its_tap_leads_back()
 {
    let mut bench = Bench::start().await;
    let template = template(&mut bench, ("HSM_payment_confirmation", "en_US"), |_| true).await;
    assert_eq!(template.numbers.len(), 1);
    let to = with_closed_window(&mut bench).await;

    let said = json!({"client_ref": ClientRef::new(Clock::system().now(), [7; 10]),
        "body": {"type": "text", "text": "hello?"}});
    let url = format!("{}{}", bench.desktop.url, api::messages(to));
    let refused = bench.desktop.http.post(url).bearer_auth(&bench.desktop.token).json(&said).send().await;
    let refused: Value = refused.expect("answers").json().await.expect("JSON");
    assert_eq!(refused["code"], "window_closed");
    assert!(refused["detail"].as_str().is_some_and(|detail| detail.contains("notification")), "{refused}");

    let words = ["Ana", "a rain jacket", "$89.90", "Visa 4242", "the jacket on Thursday"];
    let values = json!({"body.1": text(words[0]), "body.2": text(words[1]), "body.3": text(words[2]),
        "body.4": text(words[3]), "body.5": text(words[4])});
    let (status, accepted) = ask(&bench, to, (&template, &values), 1).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{accepted}");
    let accepted: SendAccepted = serde_json::from_value(accepted).expect("is accepted");
    let message = accepted.message;
    assert_eq!(accepted.interaction.pending_since, None, "it answers the contact");
    let Body::Notification(sent) = &message.body else { panic!("{message:?}") };
    let filled = "Hello Ana.\nHave you ordered a rain jacket?\nIf yes, please, confirm $89.90 payment issued to your \
                  Visa 4242 card.\nWe will send you the jacket on Thursday.\nThanks, Ana.";
    assert_eq!((sent.text.as_str(), sent.values.len()), (filled, 5));
    assert_eq!(message.fallback, format!("{filled}\n[Confirm]\n[It was not me]"));

    bench.delivered(message.id, |delivery| *delivery == Delivery::Read).await;
    let received = bench.received(2).await;
    let parameters: Vec<Value> = words.iter().map(|text| json!({"type": "text", "text": text})).collect();
    assert_eq!(
        received[1].body,
        json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": format!("+{ANA}"),
            "biz_opaque_callback_data": format!("{}:1", message.id),
            "type": "template",
            "template": {
                "name": "HSM_payment_confirmation",
                "language": {"code": "en_US"},
                "components": [
                    {"type": "body", "parameters": parameters},
                    {"type": "button", "sub_type": "quick_reply", "index": "0",
                        "parameters": [{"type": "payload", "payload": "button.0"}]},
                    {"type": "button", "sub_type": "quick_reply", "index": "1",
                        "parameters": [{"type": "payload", "payload": "button.1"}]},
                ],
            },
        })
    );

    bench.control("tap", &json!({"contact": ANA, "button": "Confirm"})).await;
    let tapped = bench.said("Confirm").await;
    assert!(matches!(&tapped.body, Body::Reply { title, .. } if title == "Confirm"), "{tapped:?}");
    let quote = tapped.quote.expect("quotes what was tapped");
    assert_eq!((quote.message, quote.by_contact), (Some(message.id), false));
    assert!(quote.excerpt.starts_with("Hello Ana."), "{}", quote.excerpt);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_wrong_or_stopped_is_refused_in_words_and_leaves_no_trace() {
    let mut bench = Bench::start().await;
    let payment = template(&mut bench, ("HSM_payment_confirmation", "en_US"), |_| true).await;
    let paused = template(&mut bench, ("feedback_request", "en_US"), |_| true).await;
    let to = bench.hear(ANA, "please keep me posted").await.id;
    let four = json!({"body.1": text("Ana"), "body.2": text("a"), "body.3": text("b"), "body.4": text("c")});
    let mut broken = four.clone();
    broken["body.5"] = text("two\nlines");
    for (seed, (template, values, words)) in [
        (&payment, four, "5: Needed before you can send"),
        (&payment, broken, "5: WhatsApp takes no line break"),
        (&paused, json!({"body.1": text("Ana"), "body.2": text("a")}), "paused it for some hours"),
    ]
    .into_iter()
    .enumerate()
    {
        let (status, refused) = ask(&bench, to, (template, &values), u8::try_from(seed).expect("few")).await;
        assert_eq!(
            (status, &refused["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("unacceptable_body"))
        );
        assert!(refused["detail"].as_str().is_some_and(|detail| detail.contains(words)), "{refused}");
    }
    assert!(bench.simulator.received().0.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_and_refusals_change_a_template_at_once_and_the_list_has_the_last_word() {
    let mut bench = Bench::start().await;
    let hello = ("hello_world", "en_US");
    let first = template(&mut bench, hello, |template| template.quality == TemplateQuality::Green).await;
    // The list that is asked for then comes at the second try, so that what was told is seen meanwhile.
    bench.control("faults", &json!({"fault": "fail_with", "code": 2, "to": "templates"})).await;
    let news = json!({"name": "hello_world", "language": "en_US", "quality": "RED", "only_told": true});
    bench.control("template_news", &news).await;
    let red = template(&mut bench, hello, |template| template.quality == TemplateQuality::Red).await;
    assert_eq!(red.id, first.id);
    // The list knows better; it is asked for without anybody's doing.
    template(&mut bench, hello, |template| template.quality == TemplateQuality::Green).await;

    let to = bench.hear(ANA, "hello?").await.id;
    let mut listed = json!({"name": "hello_world", "language": "en_US", "status": "PAUSED", "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Hello"}]});
    bench.control("templates", &listed).await;
    let (status, accepted) = ask(&bench, to, (&first, &json!({})), 1).await;
    assert_eq!(status, StatusCode::ACCEPTED, "the gateway can't know yet");
    let accepted: SendAccepted = serde_json::from_value(accepted).expect("is accepted");
    let failed = bench.delivered(accepted.message.id, Delivery::is_failed).await;
    let Delivery::Failed(failure) = failed else { panic!("{failed:?}") };
    assert_eq!((failure.code, failure.can_retry), (Some(132_015), false));
    template(&mut bench, hello, |template| template.status == TemplateStatus::Paused).await;

    listed["status"] = json!("APPROVED");
    bench.control("templates", &listed).await;
    // A cursor that WhatsApp has forgotten lets the list begin again.
    bench.control("faults", &json!({"fault": "fail_with", "code": 131_059, "to": "templates"})).await;
    let _: Value = bench.desktop.call(Method::POST, REFRESH_TEMPLATES, None).await;
    let _: Value = bench.desktop.call(Method::POST, REFRESH_TEMPLATES, None).await;
    let again = template(&mut bench, hello, |template| template.status == TemplateStatus::Approved).await;
    assert_eq!((again.id, again.body.text.as_str()), (first.id, "Hello"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_comes_whole_and_what_is_gone_from_it_goes() {
    let mut bench = Bench::start().await;
    template(&mut bench, ("invoice", "en_US"), |_| true).await;
    for number in 0..210 {
        let one = json!({"name": format!("t{number}"), "language": "de", "status": "APPROVED", "category": "UTILITY",
            "components": [{"type": "BODY", "text": "Hallo {{1}}"}]});
        bench.control("templates", &one).await;
    }
    let url = format!("{}/control/templates/invoice/en_US", bench.simulator.url());
    assert!(bench.desktop.http.delete(url).send().await.expect("answers").status().is_success());
    let _: Value = bench.desktop.call(Method::POST, REFRESH_TEMPLATES, None).await;
    template(&mut bench, ("t209", "de"), |_| true).await;
    let page: LibraryPage = bench.desktop.call(Method::GET, LIBRARY, None).await;
    assert_eq!(page.templates.iter().filter(|one| one.language == "de").count(), 210);
    assert!(page.templates.iter().all(|one| one.name != "invoice"));
    let before = page.next;
    let path = format!("{LIBRARY}?after=0&epoch={}", page.epoch);
    let whole: LibraryPage = bench.desktop.call(Method::GET, &path, None).await;
    assert!(whole.whole && whole.templates_removed.is_empty() && whole.next == before);
    let path = format!("{LIBRARY}?after=1&epoch={}", page.epoch);
    let rest: LibraryPage = bench.desktop.call(Method::GET, &path, None).await;
    assert_eq!((rest.whole, rest.templates_removed.len()), (false, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_no_longer_good_is_an_alert_for_everybody_and_a_new_one_lists_again() {
    let mut bench = Bench::start_with(|config| config.outbox_probe_seconds = 1).await;
    template(&mut bench, ("invoice", "en_US"), |_| true).await;
    let good = bench.simulator.config().token.clone();
    bench.control("token", &json!({"token": "another"})).await;
    let _: Value = bench.desktop.call(Method::POST, REFRESH_TEMPLATES, None).await;
    let alert = |event: &Event| match event {
        Event::NumberAlertRaised { alert } => Some(alert.text.clone()),
        _ => None,
    };
    let alert = bench.desktop.wait(alert).await;
    assert!(alert.contains("token"), "{alert}");
    bench.control("token", &json!({"token": good})).await;
    bench.desktop.wait(|event| matches!(event, Event::NumberAlertCleared { .. }).then_some(())).await;
    let one = json!({"name": "fresh", "language": "en", "status": "APPROVED", "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Hello"}]});
    bench.control("templates", &one).await;
    let _: Value = bench.desktop.call(Method::POST, REFRESH_TEMPLATES, None).await;
    template(&mut bench, ("fresh", "en"), |_| true).await;
    assert!(!bench.log().contains(&good), "no secret is logged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_another_account_sends_none_of_these() {
    let mut bench = Bench::start().await;
    let hello = template(&mut bench, ("hello_world", "en_US"), |_| true).await;
    let other = BusinessNumberId::new(Clock::system().now(), [3; 10]);
    assert!(!hello.numbers.contains(&other));
    let to = bench.hear(ANA, "hello?").await.id;
    let store = bench.store().await;
    let mut change = store.begin().await.expect("begins");
    let of_other = Template { numbers: vec![other], ..hello.clone() };
    templates::put(&mut change, &bench.simulator.config().account_id, &of_other).await.expect("writes");
    change.commit().await.expect("commits");
    store.close().await;
    let (status, refused) = ask(&bench, to, (&hello, &json!({})), 1).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused["detail"].as_str().is_some_and(|detail| detail.contains("another business number")));
}
