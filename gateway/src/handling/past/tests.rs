//! What is found again, and by whom.

use chrono::TimeDelta;
use serde_json::json;
use waxwing_protocol::{
    history::HistoryState, id::BusinessNumberId, interaction::CaseDatum, problem::Problem,
};

use super::*;
use crate::handling::stage::{Stage, at};

/// Conversations that agents have had, each with one contact and these words, and done.
async fn had(stage: &Stage, agent: AgentId, all: &[(&str, &[&str])], mut seconds: i64) -> Vec<InteractionId> {
    let mut ids = Vec::new();
    for (phone, words) in all {
        for words in *words {
            seconds += 1;
            stage.write(phone, &format!("wamid.{seconds}"), words, seconds).await;
        }
        let id = stage.owned(agent).await[0].id;
        stage.done(agent, id, seconds + 1).await;
        ids.push(id);
    }
    ids
}

async fn ask(stage: &Stage, agent: AgentId, query: &HistoryQuery) -> Result<HistoryPage, Refusal> {
    page(&mut stage.store.read().await.expect("reads"), agent, query, Phones::default()).await
}

async fn found(stage: &Stage, agent: AgentId, query: &HistoryQuery) -> Vec<InteractionId> {
    let page = ask(stage, agent, query).await.expect("a page");
    page.entries.into_iter().map(|entry| entry.interaction.id).collect()
}

fn all() -> HistoryQuery {
    HistoryQuery { limit: 50, ..HistoryQuery::default() }
}

fn words(words: &str) -> HistoryQuery {
    HistoryQuery { words: Some(words.to_owned()), ..all() }
}

const ONE: &str = "16505550001";
const TWO: &str = "16505550002";

#[tokio::test]
async fn interactions_are_found_by_everything_that_is_given() {
    let stage = Stage::new().await;
    let (agent, lead) = (stage.agent("agent", 5).await, stage.lead("lead").await);
    stage.ready(agent, 1).await;
    let ids = had(&stage, agent, &[(ONE, &["first"]), (TWO, &["second"]), (ONE, &["third"])], 10).await;
    stage.write(TWO, "wamid.live", "fourth", 30).await;
    let live = stage.owned(agent).await[0].clone();
    let mut change = stage.store.begin().await.expect("begins");
    let mut second = interactions::known(change.db(), ids[1]).await.expect("reads");
    second.case_data = vec![CaseDatum { key: "Order".to_owned(), value: "4711".to_owned() }];
    second.disposition = Some("sold".to_owned());
    interactions::save(&mut change, &mut second).await.expect("saves");
    change.commit().await.expect("commits");

    let some = |text: &str| Some(text.to_owned());
    let contact = Some(stage.interaction(ids[0]).await.contact.id);
    let nowhere = Some(BusinessNumberId::new(at(0), [9; 10]));
    for (query, expected) in [
        (all(), vec![live.id, ids[2], ids[1], ids[0]]),
        (HistoryQuery { contact, ..all() }, vec![ids[2], ids[0]]),
        (HistoryQuery { who: some("+1 650 555 0001"), ..all() }, vec![ids[2], ids[0]]),
        (HistoryQuery { who: some("nobody at all"), ..all() }, vec![]),
        (
            HistoryQuery { who: some("650555"), agent: Some(agent), ..all() },
            vec![live.id, ids[2], ids[1], ids[0]],
        ),
        (HistoryQuery { who: some("650555"), ..words("third") }, vec![ids[2]]),
        (HistoryQuery { agent: Some(agent), ..all() }, vec![live.id, ids[2], ids[1], ids[0]]),
        (HistoryQuery { agent: Some(lead), contact, ..all() }, vec![]),
        (HistoryQuery { number: nowhere, ..all() }, vec![]),
        (HistoryQuery { number: Some(live.business_number.id), contact, ..all() }, vec![ids[2], ids[0]]),
        (HistoryQuery { state: Some(HistoryState::Live), ..all() }, vec![live.id]),
        (HistoryQuery { state: Some(HistoryState::Ended), ..all() }, vec![]),
        (HistoryQuery { state: Some(HistoryState::Done), contact, ..all() }, vec![ids[2], ids[0]]),
        (HistoryQuery { from: Some(at(12)), to: Some(at(30)), ..all() }, vec![ids[2], ids[1]]),
        (HistoryQuery { disposition: some("sold"), ..all() }, vec![ids[1]]),
        (HistoryQuery { case_key: some("order"), ..all() }, vec![ids[1]]),
        (HistoryQuery { case_key: some("Order"), case_value: some("4711"), ..all() }, vec![ids[1]]),
        (HistoryQuery { case_key: some("Order"), case_value: some("471"), ..all() }, vec![]),
        (HistoryQuery { state: Some(HistoryState::Done), ..words("second") }, vec![ids[1]]),
        (HistoryQuery { contact, ..words("third") }, vec![ids[2]]),
        (HistoryQuery { contact, ..words("second") }, vec![]),
        (HistoryQuery { agent: Some(agent), from: Some(at(12)), ..words("fi") }, vec![]),
    ] {
        assert_eq!(found(&stage, agent, &query).await, expected, "{query:?}");
    }
    let page = ask(&stage, agent, &HistoryQuery { contact, ..all() }).await.expect("a page");
    let entry = &page.entries[0];
    assert_eq!((entry.messages, entry.about.as_str(), entry.agents[0].id), (1, "third", agent));
    assert!(entry.hits.is_empty());
}

#[tokio::test]
async fn pages_go_on_without_gaps_or_doubles() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    let said: &[&str] = &["a word"];
    let mut ids = had(&stage, agent, &[(ONE, said); 7], 10).await;
    ids.reverse();
    let contact = Some(stage.interaction(ids[0]).await.contact.id);
    for query in [
        all(),
        HistoryQuery { agent: Some(agent), ..all() },
        HistoryQuery { contact, ..all() },
        words("word"),
        HistoryQuery { contact, ..words("wor") },
    ] {
        let (mut told, mut after) = (Vec::new(), None);
        loop {
            let page =
                ask(&stage, agent, &HistoryQuery { after, limit: 3, ..query.clone() }).await.expect("a page");
            told.extend(page.entries.iter().map(|entry| entry.interaction.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(told, ids, "{query:?}");
    }
}

#[tokio::test]
async fn words_are_found_wherever_in_an_interaction_they_were_said() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    let said: [(&str, &[&str]); 3] = [
        (ONE, &["My parcel is broken", "I want a refund", "and a parcel"]),
        (TWO, &["Where is my parcel?"]),
        (ONE, &["Refund me: João"]),
    ];
    let ids = had(&stage, agent, &said, 10).await;
    for (typed, expected) in [
        ("parcel", vec![ids[1], ids[0]]),
        ("PARCEL refu", vec![ids[0]]),
        ("refund", vec![ids[2], ids[0]]),
        ("refu parcel", vec![]),
        ("joao", vec![ids[2]]),
        ("missing", vec![]),
        ("\"", vec![]),
        ("parcel\" OR \"refund", vec![]),
    ] {
        assert_eq!(found(&stage, agent, &words(typed)).await, expected, "{typed}");
    }
    let page = ask(&stage, agent, &words("parcel refund")).await.expect("a page");
    let hits: Vec<&str> = page.entries[0].hits.iter().map(|hit| hit.excerpt.as_str()).collect();
    assert_eq!(hits, ["and a parcel", "I want a refund", "My parcel is broken"]);
}

#[tokio::test]
async fn what_was_edited_or_taken_back_is_not_found_any_more() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    stage.write(ONE, "wamid.1", "my password is xyzzy", 2).await;
    stage.write(ONE, "wamid.2", "and plugh", 3).await;
    let id = stage.owned(agent).await[0].id;
    assert_eq!(found(&stage, agent, &words("xyzzy plugh")).await, [id]);
    let edit = json!({"messages": [{"from": ONE, "id": "wamid.3", "timestamp": at(4).timestamp().to_string(), "type": "edit",
        "edit": {"original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "never mind"}}}}]});
    stage.arrive(edit, 4).await;
    let revoke = json!({"messages": [{"from": ONE, "id": "wamid.4", "timestamp": at(5).timestamp().to_string(), "type": "revoke",
        "revoke": {"original_message_id": "wamid.2"}}]});
    stage.arrive(revoke, 5).await;
    assert_eq!(found(&stage, agent, &words("xyzzy")).await, []);
    assert_eq!(found(&stage, agent, &words("plugh")).await, []);
    assert_eq!(found(&stage, agent, &words("mind")).await, [id]);
    let traces = "SELECT COUNT(*) FROM message_words_data WHERE instr(CAST(block AS TEXT), 'yzzy') > 0
                      OR instr(CAST(block AS TEXT), 'lugh') > 0";
    assert_eq!(stage.count(traces).await, 0);
}

#[tokio::test]
async fn what_others_handled_is_for_whoever_leads_and_what_a_contact_said_for_everybody() {
    let stage = Stage::new().await;
    let (agent, other, lead) =
        (stage.agent("agent", 5).await, stage.agent("other", 5).await, stage.lead("lead").await);
    stage.ready(agent, 1).await;
    let id = had(&stage, agent, &[(ONE, &["hello"])], 10).await[0];
    let contact = Some(stage.interaction(id).await.contact.id);
    let theirs = HistoryQuery { agent: Some(agent), ..all() };
    let refused = ask(&stage, other, &theirs).await;
    assert!(matches!(refused, Err(Refusal::Problem(Problem { code: ProblemCode::NotAllowed, .. }))));
    assert_eq!(found(&stage, lead, &theirs).await, [id]);
    assert_eq!(found(&stage, other, &HistoryQuery { contact, ..all() }).await, [id]);
    assert_eq!(found(&stage, other, &all()).await, [id]);
    let record = record(&mut stage.store.read().await.expect("reads"), id).await.expect("a record");
    let phases: Vec<&str> = record.steps.iter().map(|step| step.phase.as_str()).collect();
    assert_eq!((phases, record.interaction.id), (vec!["open", "done"], id));
}

#[tokio::test]
async fn a_query_has_its_limits() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    for wrong in [
        HistoryQuery { limit: 0, ..all() },
        HistoryQuery { limit: MAX_HISTORY_PAGE + 1, ..all() },
        words(&"x".repeat(501)),
        words(&"x ".repeat(21)),
        HistoryQuery { after: Some(InteractionId::new(at(0), [9; 10])), ..all() },
    ] {
        let refused = ask(&stage, agent, &wrong).await;
        assert!(matches!(refused, Err(Refusal::Problem(Problem { code: ProblemCode::BadRequest, .. }))));
    }
    let late = HistoryQuery { from: Some(at(0) + TimeDelta::days(1)), ..all() };
    assert_eq!(found(&stage, agent, &late).await, []);
}
