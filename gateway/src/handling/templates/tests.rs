//! What becomes of lists, webhooks and refusals: a number of the library where something has changed, and nothing else.

use serde_json::{Value, json};
use waxwing_protocol::{event::Event, template::TemplateQuality};

use super::*;
use crate::{
    handling::stage::{Stage, at},
    store::{library::Span, templates as kept},
};

const ACCOUNT: &str = "900";

fn listed(name: &str, change: impl FnOnce(&mut Value)) -> Listed {
    let mut object = json!({"name": name, "language": "en_US", "status": "APPROVED", "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Hello {{1}}"}], "quality_score": {"score": "GREEN"}});
    change(&mut object);
    Listed::new(object).expect("has name and language")
}

fn plain(name: &str) -> Listed {
    listed(name, |_| {})
}

async fn take_list(stage: &Stage, list: &[Listed], seconds: i64) -> usize {
    let mut change = stage.store.begin().await.expect("begins");
    let changes = take(&mut change, ACCOUNT, list, at(seconds)).await.expect("takes");
    change.commit().await.expect("commits");
    changes
}

async fn changed(stage: &Stage, after: u64) -> (Vec<Template>, Vec<TemplateId>, u64) {
    let mut read = stage.store.read().await.expect("reads");
    let newest = library::revision(read.db()).await.expect("reads");
    let number = |revision: u64| i64::try_from(revision).expect("fits");
    let span = Span { after: number(after), up_to: number(newest) };
    let (there, gone) = kept::changed(read.db(), span).await.expect("reads");
    (there, gone, newest)
}

/// A webhook of the account arrives.
async fn told(stage: &Stage, field: &str, mut value: Value, seconds: i64) {
    value["message_template_name"] = json!("hello");
    value["message_template_language"] = json!("en-US");
    let body = json!({"object": "whatsapp_business_account",
        "entry": [{"id": ACCOUNT, "changes": [{"field": field, "value": value}]}]});
    let mut change = stage.store.begin().await.expect("begins");
    for inbound in crate::whatsapp::webhook::read(body.to_string().as_bytes()).expect("an envelope") {
        crate::handling::inbound::accept(&mut change, &inbound, at(seconds)).await.expect("accepts");
    }
    change.commit().await.expect("commits");
}

async fn due(stage: &Stage, seconds: i64) -> usize {
    let mut read = stage.store.read().await.expect("reads");
    let due = template_lists::due(read.db(), chrono::TimeDelta::zero(), at(seconds)).await;
    due.expect("reads").len()
}

#[tokio::test]
async fn only_what_has_really_changed_gets_a_number_and_ids_stay() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    let list = [plain("hello"), plain("bye"), listed("hello", |one| one["language"] = json!("pt-BR"))];
    assert_eq!(take_list(&stage, &list, 1).await, 3);
    let (there, gone, first) = changed(&stage, 0).await;
    assert_eq!((there.len(), gone.len(), first), (3, 0, 3));
    assert!(there.iter().all(|template| template.numbers.len() == 1));
    assert_eq!(take_list(&stage, &list, 2).await, 0);
    assert_eq!(changed(&stage, first).await, (Vec::new(), Vec::new(), first));

    let paused = [listed("hello", |one| one["status"] = json!("PAUSED")), list[2].clone()];
    assert_eq!(take_list(&stage, &paused, 3).await, 2, "one is stopped, one is gone");
    let (now, gone, second) = changed(&stage, first).await;
    let id_of = |all: &[Template], name: &str| {
        all.iter().find(|one| one.name == name && one.language == "en_US").map(|one| one.id)
    };
    assert_eq!((now.len(), id_of(&now, "hello")), (1, id_of(&there, "hello")));
    assert_eq!(gone, [id_of(&there, "bye").expect("was there")]);
    assert_eq!(take_list(&stage, &list, 4).await, 2, "it is back");
    let (back, _, _) = changed(&stage, second).await;
    assert_eq!(id_of(&back, "bye"), id_of(&there, "bye"));
    let announced = stage.feed(masha).await;
    let announced = announced.iter().filter(|event| matches!(event, Event::LibraryChanged { .. })).count();
    assert_eq!(announced, 3, "and nobody hears of the rest");
}

#[tokio::test]
async fn what_a_webhook_tells_holds_at_once_and_the_rest_is_looked_up() {
    let stage = Stage::new().await;
    take_list(&stage, &[plain("hello")], 1).await;
    assert_eq!(due(&stage, 9).await, 0);
    let get = async || changed(&stage, 0).await.0.remove(0);
    // The published sample of this one comes under the field of another.
    let quality = json!({"previous_quality_score": "GREEN", "new_quality_score": "YELLOW"});
    told(&stage, "message_template_status_update", quality, 10).await;
    assert_eq!(get().await.quality, TemplateQuality::Yellow);
    assert_eq!(due(&stage, 10).await, 1);
    let rejected = json!({"event": "REJECTED", "reason": "INVALID_FORMAT", "rejection_info": {"reason": "Two marks side by side."}});
    told(&stage, "message_template_status_update", rejected, 11).await;
    let template = get().await;
    assert_eq!(
        (template.status, template.reason.as_deref()),
        (TemplateStatus::Rejected, Some("Two marks side by side."))
    );
    let word = |one: &mut Value| {
        one["status"] = json!("REJECTED");
        one["rejected_reason"] = json!("INVALID_FORMAT");
    };
    take_list(&stage, &[listed("hello", word)], 12).await;
    assert_eq!(get().await.reason.as_deref(), Some("Two marks side by side."), "the sentence says more");
    take_list(&stage, &[plain("hello")], 13).await;
    assert_eq!(get().await.reason, None);
    told(&stage, "message_template_components_update", json!({"message_template_element": "Bye {{1}}"}), 14)
        .await;
    told(&stage, "template_category_update", json!({"new_category": "MARKETING"}), 15).await;
    let template = get().await;
    assert_eq!(template.body.text, "Bye {{1}}");
    assert_eq!(template.category, waxwing_protocol::template::TemplateCategory::Marketing);
    let before = changed(&stage, 0).await.2;
    told(&stage, "template_category_update", json!({"new_category": "MARKETING"}), 16).await;
    assert_eq!(changed(&stage, 0).await.2, before, "the same twice is nothing new");
}

#[tokio::test]
async fn a_webhook_about_another_account_is_nothing() {
    let stage = Stage::new().await;
    let news = TemplateNews {
        account: "901".to_owned(),
        name: "hello".to_owned(),
        language: "en_US".to_owned(),
        change: TemplateChange::Quality(TemplateQuality::Red),
    };
    let mut change = stage.store.begin().await.expect("begins");
    apply(&mut change, &news, at(1)).await.expect("passes over it");
    change.commit().await.expect("commits");
    assert_eq!(due(&stage, 2).await, 0);
}

#[tokio::test]
async fn a_list_that_is_wanted_while_it_comes_is_asked_for_once_more_unless_an_agent_wants_it() {
    let stage = Stage::new().await;
    let mut change = stage.store.begin().await.expect("begins");
    template_lists::want_all(change.db(), at(0)).await.expect("writes");
    template_lists::begin(change.db(), ACCOUNT, at(3600), at(0)).await.expect("writes");
    refresh(&mut change, at(1)).await.expect("writes");
    template_lists::settle(change.db(), ACCOUNT).await.expect("writes");
    change.commit().await.expect("commits");
    assert_eq!(due(&stage, 3599).await, 0, "the agent's wish is fulfilled by what is under way");
    assert_eq!(due(&stage, 3600).await, 1);

    let mut change = stage.store.begin().await.expect("begins");
    template_lists::begin(change.db(), ACCOUNT, at(7200), at(3600)).await.expect("writes");
    template_lists::want(change.db(), ACCOUNT, at(3601)).await.expect("writes");
    template_lists::settle(change.db(), ACCOUNT).await.expect("writes");
    change.commit().await.expect("commits");
    assert_eq!(due(&stage, 3602).await, 1, "the list may have been made before the change");

    let mut change = stage.store.begin().await.expect("begins");
    template_lists::begin(change.db(), ACCOUNT, at(7200), at(3602)).await.expect("writes");
    template_lists::try_again(change.db(), ACCOUNT, at(3700)).await.expect("writes");
    change.commit().await.expect("commits");
    assert_eq!((due(&stage, 3699).await, due(&stage, 3700).await), (0, 1));
    let mut read = stage.store.read().await.expect("reads");
    let apart = chrono::TimeDelta::seconds(200);
    let next = template_lists::next_due(read.db(), apart).await.expect("reads");
    assert_eq!(next, Some(at(3802)), "not sooner than so long after it was last asked");
    assert!(template_lists::due(read.db(), apart, at(3801)).await.expect("reads").is_empty());
}
