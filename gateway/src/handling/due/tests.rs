//! What happens when nobody does anything.

use waxwing_protocol::{
    agent::AgentStatus,
    delivery::Delivery,
    event::{Departure, Event},
    history::LifeReason,
    id::{AgentId, InteractionId},
    interaction::Phase,
    workbin::MoveToWorkbin,
};

use super::*;
use crate::{
    auth::{AuthLimits, TokenHash},
    handling::{stage::*, workbins},
    rules::{SessionRules, WrapUpRules},
    store::{tokens, workbins as kept},
};

impl Stage {
    async fn set(&self, rules: &SessionRules) {
        let mut change = self.store.begin().await.expect("begins");
        settings::keep(&mut change, rules, &WrapUpRules::default()).await.expect("keeps");
        change.commit().await.expect("commits");
    }

    async fn tick(&self, seconds: i64) {
        let mut change = self.store.begin().await.expect("begins");
        run(&mut change, at(0), at(seconds)).await.expect("runs");
        change.commit().await.expect("commits");
    }

    async fn next_due(&self, seconds: i64) -> Option<DateTime<Utc>> {
        next(&mut self.store.read().await.expect("reads"), at(0), at(seconds)).await.expect("reads")
    }

    async fn status_of(&self, agent: AgentId) -> AgentStatus {
        let mut read = self.store.read().await.expect("reads");
        agents::get(read.db(), agent).await.expect("reads").expect("is known").status.status
    }
}

async fn offered() -> (Stage, AgentId, AgentId, InteractionId) {
    let stage = Stage::new().await;
    stage.set(&SessionRules { offer_seconds: 20, ..SessionRules::default() }).await;
    let (masha, pasha) = (stage.agent("masha", 1).await, stage.agent("pasha", 1).await);
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello", 10).await;
    let offered = stage.owned(masha).await.remove(0);
    assert_eq!(offered.phase, Phase::Offered { until: at(30) });
    (stage, masha, pasha, offered.id)
}

#[tokio::test]
async fn an_offer_is_taken_let_go_or_lapses() {
    let (stage, masha, pasha, id) = offered().await;
    assert_eq!(stage.next_due(11).await, Some(at(30)));
    stage.write("15550000001", "wamid.2", "anybody?", 12).await;
    assert_eq!(stage.interaction(id).await.owner, Some(masha), "it stays offered to her");
    stage.ready(pasha, 13).await;
    let mut change = stage.store.begin().await.expect("begins");
    workbins::reject(&mut change, masha, id, at(14)).await.expect("rejects");
    workbins::reject(&mut change, masha, id, at(14)).await.expect("twice is fine");
    assert!(workbins::accept(&mut change, masha, id, at(14)).await.is_err());
    change.commit().await.expect("commits");
    assert_eq!(stage.interaction(id).await.owner, Some(pasha));

    stage.tick(33).await;
    assert_eq!(stage.interaction(id).await.owner, Some(pasha));
    stage.tick(34).await;
    let unanswered = AgentStatus::NotReady { reason: Some("Did not answer".to_owned()) };
    assert_eq!(stage.status_of(pasha).await, unanswered);
    assert_eq!(stage.interaction(id).await.owner, Some(masha), "she has room");
    let lapsed = Event::InteractionRemoved { interaction: id, why: Departure::Lapsed };
    assert!(stage.feed(pasha).await.contains(&lapsed));
    let mut change = stage.store.begin().await.expect("begins");
    let accepted = workbins::accept(&mut change, masha, id, at(40)).await.expect("accepts");
    assert_eq!(accepted, workbins::accept(&mut change, masha, id, at(41)).await.expect("twice is fine"));
    change.commit().await.expect("commits");
    assert_eq!((accepted.phase, accepted.owner), (Phase::Open, Some(masha)));
    assert_eq!(stage.next_due(50).await, None);
}

#[tokio::test]
async fn an_offer_that_nobody_wants_waits_in_the_queue() {
    let (stage, masha, _, id) = offered().await;
    stage.tick(30).await;
    assert_eq!(stage.interaction(id).await.phase, Phase::Queued);
    assert!(!stage.status_of(masha).await.is_ready());
}

#[tokio::test]
async fn a_desktop_that_is_gone_counts_as_logged_off_and_comes_back_not_ready() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    let token = TokenHash::of("a desktop");
    let mut change = stage.store.begin().await.expect("begins");
    tokens::add(change.db(), &token, masha, "test", (at(1), at(100_000))).await.expect("adds");
    change.commit().await.expect("commits");
    stage.write("15550000001", "wamid.1", "hello", 10).await;
    let id = stage.owned(masha).await[0].id;
    stage.answer(masha, id, "there", 20).await.expect("sends");
    assert_eq!(stage.next_due(20).await, Some(at(301)));
    let mut change = stage.store.begin().await.expect("begins");
    run(&mut change, at(200), at(400)).await.expect("runs");
    change.commit().await.expect("commits");
    assert_eq!(
        stage.interaction(id).await.owner,
        Some(masha),
        "nobody can be heard of while the gateway is away"
    );
    stage.tick(300).await;
    assert_eq!(stage.interaction(id).await.owner, Some(masha));
    stage.tick(301).await;
    assert_eq!(stage.interaction(id).await.phase, Phase::InWorkbin { workbin: kept::own(masha) });
    assert_eq!(stage.status_of(masha).await, AgentStatus::SignedOut);
    let mut change = stage.store.begin().await.expect("begins");
    let limits = AuthLimits::default();
    assert!(tokens::holder(change.db(), &token, limits, at(400)).await.expect("reads").is_some());
    status::seen(&mut change, masha, &token, at(400)).await.expect("notes");
    change.commit().await.expect("commits");
    assert_eq!(stage.status_of(masha).await, AgentStatus::NotReady { reason: None });
}

#[tokio::test]
async fn a_silent_contact_is_reminded_once_and_the_session_ends() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello", 10).await;
    let id = stage.owned(masha).await[0].id;
    stage.answer(masha, id, "there", 20).await.expect("sends");
    assert_eq!(stage.next_due(20).await, None, "off by default");
    let rules = SessionRules {
        remind_after_minutes: 10,
        remind_text: "Are you still there?".to_owned(),
        end_after_minutes: 30,
        ..SessionRules::default()
    };
    stage.set(&rules).await;
    assert_eq!(stage.next_due(20).await, Some(at(620)));
    for seconds in [619, 620, 621, 900] {
        stage.tick(seconds).await;
    }
    let transcript = stage.transcript(id).await;
    let said: Vec<_> = transcript.iter().map(|message| &*message.fallback).collect();
    assert_eq!(said, ["hello", "there", "Are you still there?"]);
    assert!(transcript[2].delivery.as_ref().is_some_and(|state| state.delivery == Delivery::Accepted));
    assert_eq!(stage.next_due(900).await, Some(at(1_820)));
    stage.tick(1_820).await;
    let ended = stage.interaction(id).await;
    assert_eq!((ended.phase, ended.owner, ended.ended_at), (Phase::Ended, Some(masha), Some(at(1_820))));

    stage.write("15550000001", "wamid.2", "yes!", 1_900).await;
    assert_eq!(
        stage.owned(masha).await.len(),
        2,
        "another session begins, and the work of this one is still there"
    );
    stage.tick(90_000).await;
    assert_eq!(stage.owned(masha).await[1].ended_at, None, "who waits for an answer is not silent");
}

#[tokio::test]
async fn what_an_earlier_gateway_left_with_somebody_who_is_gone_is_put_away() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello", 10).await;
    let id = stage.owned(masha).await[0].id;
    stage.answer(masha, id, "there", 20).await.expect("sends");
    let mut change = stage.store.begin().await.expect("begins");
    let gone = waxwing_protocol::agent::StatusSince { status: AgentStatus::SignedOut, since: at(21) };
    agents::set_status(change.db(), masha, &gone).await.expect("keeps");
    change.commit().await.expect("commits");
    assert_eq!(stage.next_due(22).await, Some(at(22)));
    stage.tick(22).await;
    assert_eq!(stage.interaction(id).await.phase, Phase::InWorkbin { workbin: kept::own(masha) });
    assert_eq!(stage.next_due(23).await, None);
    let mut read = stage.store.read().await.expect("reads");
    let steps = crate::store::life::steps(read.db(), id).await.expect("reads");
    assert_eq!(steps.last().map(|step| step.why), Some(LifeReason::LoggedOff));
}

#[tokio::test]
async fn what_was_kept_for_somebody_goes_to_another_when_the_time_is_over_though_nothing_else_happens() {
    let stage = Stage::new().await;
    let (masha, pasha) = (stage.agent("masha", 5).await, stage.agent("pasha", 5).await);
    stage.ready(masha, 1).await;
    for (number, begun) in [(1, 10), (2, 11)] {
        let phone = format!("1555000000{number}");
        stage.write(&phone, &format!("wamid.{number}"), "hello", begun).await;
    }
    let ids: Vec<_> = stage.owned(masha).await.iter().map(|one| one.id).collect();
    let own = MoveToWorkbin { workbin: None, comment: None, remind_at: None };
    for id in &ids {
        stage.answer(masha, *id, "there", 20).await.expect("sends");
        let mut change = stage.store.begin().await.expect("begins");
        workbins::to_workbin(&mut change, masha, (*id, &own), at(21)).await.expect("moves");
        change.commit().await.expect("commits");
    }
    stage.pause(masha, 22).await;
    stage.write("15550000001", "wamid.3", "me again", 30).await;
    stage.ready(pasha, 31).await;
    assert_eq!(stage.interaction(ids[0]).await.phase, Phase::Queued, "it is kept for her");
    assert_eq!(stage.next_due(31).await, Some(at(90)));
    assert_eq!(stage.next_due(90).await, Some(at(90)), "as long as it was not done it is due");
    stage.tick(90).await;
    assert_eq!(stage.interaction(ids[0]).await.owner, Some(pasha));
    assert_eq!(stage.next_due(91).await, None);

    stage.pause(pasha, 100).await;
    stage.write("15550000002", "wamid.4", "me, too", 101).await;
    stage.tick(161).await;
    assert_eq!(stage.interaction(ids[1]).await.phase, Phase::Queued, "nobody is ready");
    assert_eq!(stage.next_due(161).await, None, "there is nothing that could be done about it");
}
