//! Chats that agents begin.

use waxwing_protocol::{
    event::Event,
    history::LifeReason,
    id::{BusinessNumberId, ContactId},
    interaction::{CaseDatum, Phase},
    workbin::MoveToWorkbin,
};

use super::*;
use crate::handling::{
    directory::changing,
    past::record,
    stage::{Stage, at},
};

const MASHA: &str = "16505551234";

fn number() -> BusinessNumberId {
    BusinessNumberId::new(at(0), [1; 10])
}

async fn chat(
    stage: &Stage,
    agent: AgentId,
    (contact, after): (ContactId, Option<InteractionId>),
    seconds: i64,
) -> Result<ChatBegun, Refusal> {
    let mut change = stage.store.begin().await.expect("begins");
    let wanted = NewChat { contact, number: number(), after };
    let begun = begin(&mut change, agent, &wanted, at(seconds)).await?;
    change.commit().await.expect("commits");
    Ok(begun)
}

fn why<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> (ProblemCode, String) {
    match refused {
        Err(Refusal::Problem(Problem { code, detail, .. })) => (code, detail),
        other => panic!("{other:?}"),
    }
}

/// An interaction with Masha that an agent has had and done.
async fn past(stage: &Stage, agent: AgentId) -> Interaction {
    stage.ready(agent, 1).await;
    stage.write(MASHA, "wamid.1", "hello", 2).await;
    let first = stage.owned(agent).await[0].clone();
    stage.done(agent, first.id, 3).await;
    stage.interaction(first.id).await
}

#[tokio::test]
async fn a_chat_is_begun_once_and_works_on_like_any_other() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    let first = past(&stage, agent).await;
    let mut change = stage.store.begin().await.expect("begins");
    let mut changed = first.clone();
    changed.case_data = vec![CaseDatum { key: "Order".to_owned(), value: "4711".to_owned() }];
    interactions::save(&mut change, &mut changed).await.expect("saves");
    change.commit().await.expect("commits");

    let begun = chat(&stage, agent, (first.contact.id, Some(first.id)), 10).await.expect("begins");
    let one = &begun.interaction;
    assert!(!begun.joined && one.id != first.id && one.session != first.session);
    assert_eq!((one.origin, &one.phase, one.owner), (Origin::Outbound, &Phase::Open, Some(agent)));
    assert_eq!(one.case_data, changed.case_data);
    assert_eq!(one.window, first.window, "they wrote a moment ago");
    assert_eq!(one.pending_since, None);
    let added =
        stage.feed(agent).await.into_iter().filter(|event| matches!(event, Event::InteractionAdded { .. }));
    assert_eq!(added.count(), 2);

    let again = chat(&stage, agent, (first.contact.id, Some(first.id)), 11).await.expect("joins");
    assert!(again.joined && again.interaction.id == one.id);
    assert_eq!(stage.count("SELECT COUNT(*) FROM interactions").await, 2);
    stage.said(agent, one.id, "wamid.2", 12).await;
    stage.write(MASHA, "wamid.3", "thank you", 13).await;
    assert_eq!(stage.transcript(one.id).await.len(), 2);
    let steps = record(&mut stage.store.read().await.expect("reads"), one.id).await.expect("a record").steps;
    assert_eq!((steps.len(), steps[0].why, steps[0].phase.as_str()), (1, LifeReason::AgentBegan, "open"));
    assert_eq!(steps[0].by.as_ref().map(|by| by.id), Some(agent));
}

#[tokio::test]
async fn whoever_never_wrote_can_be_sent_notifications_alone() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    let mut change = stage.store.begin().await.expect("begins");
    let contact = contacts::add(change.db(), at(1)).await.expect("adds");
    change.commit().await.expect("commits");
    let begun = chat(&stage, agent, (contact, None), 2).await.expect("begins").interaction;
    assert_eq!(begun.window.left(at(2)), None);
    assert_eq!(why(stage.answer(agent, begun.id, "hello", 3).await).0, ProblemCode::WindowClosed);
}

#[tokio::test]
async fn what_is_under_way_is_joined_wherever_it_lies() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.write(MASHA, "wamid.1", "hello", 1).await;
    let contact: String =
        sqlx::query_scalar("SELECT id FROM contacts").fetch_one(stage.store.reader()).await.expect("reads");
    let contact: ContactId = contact.parse().expect("an id");
    let begun = chat(&stage, agent, (contact, None), 2).await.expect("joins");
    assert!(begun.joined);
    assert_eq!((&begun.interaction.phase, begun.interaction.owner), (&Phase::Open, Some(agent)));
    assert_eq!(begun.interaction.origin, Origin::Inbound);

    let mut change = stage.store.begin().await.expect("begins");
    let away = MoveToWorkbin { workbin: None, comment: None, remind_at: None };
    workbins::to_workbin(&mut change, agent, (begun.interaction.id, &away), at(3)).await.expect("puts away");
    change.commit().await.expect("commits");
    let other = stage.agent("other", 5).await;
    let (code, detail) = why(chat(&stage, other, (contact, None), 4).await);
    assert_eq!(code, ProblemCode::Conflict);
    assert!(detail.starts_with("AGENT "), "{detail}");
    let again = chat(&stage, agent, (contact, None), 5).await.expect("joins");
    assert!(again.joined && again.interaction.id == begun.interaction.id);
    assert_eq!(again.interaction.owner, Some(agent));
    let (code, detail) = why(chat(&stage, other, (contact, None), 6).await);
    assert_eq!(code, ProblemCode::Conflict);
    assert!(detail.starts_with("AGENT "), "{detail}");
}

#[tokio::test]
async fn what_is_not_there_and_who_is_blocked_is_refused() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    let first = past(&stage, agent).await;
    let contact = first.contact.id;
    let nobody = ContactId::new(at(0), [9; 10]);
    assert_eq!(why(chat(&stage, agent, (nobody, None), 4).await).0, ProblemCode::NotFound);
    let nothing = InteractionId::new(at(0), [9; 10]);
    assert_eq!(why(chat(&stage, agent, (contact, Some(nothing)), 4).await).0, ProblemCode::NotFound);
    let mut change = stage.store.begin().await.expect("begins");
    let wanted = NewChat { contact, number: BusinessNumberId::new(at(0), [9; 10]), after: None };
    assert_eq!(why(begin(&mut change, agent, &wanted, at(4)).await).0, ProblemCode::NotFound);
    changing::block(&mut change, contact, true, at(5)).await.expect("blocks");
    change.commit().await.expect("commits");
    assert_eq!(why(chat(&stage, agent, (contact, None), 6).await).0, ProblemCode::Conflict);
    let numbers = numbers(&mut stage.store.read().await.expect("reads")).await.expect("reads");
    assert_eq!(numbers.numbers[0].id, number());
}
