//! What agents do with workbins, played on the stage.

mod feed;

use waxwing_protocol::{
    event::{Departure, Event},
    history::LifeReason,
    id::{AgentId, InteractionId},
    interaction::{Interaction, Phase},
    problem::ProblemCode,
    workbin::{Changes, ChangesQuery, MoveToWorkbin, Place},
};

use super::*;
use crate::{
    auth::TokenHash,
    handling::{stage::*, status},
    rules::{SessionRules, WorkbinRule, WrapUpRules},
    store::agents as kept_agents,
};

fn code<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> ProblemCode {
    problem(refused).code
}

fn problem<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> waxwing_protocol::problem::Problem {
    match refused.expect_err("refused") {
        Refusal::Problem(problem) => problem,
        Refusal::Store(error) => panic!("{error}"),
    }
}

/// A stage with an interaction in Masha's hands, whose contact has been answered.
async fn answered() -> (Stage, AgentId, InteractionId) {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello", 10).await;
    let id = stage.owned(masha).await[0].id;
    stage.answer(masha, id, "there", 20).await.expect("sends");
    (stage, masha, id)
}

fn into(workbin: Option<WorkbinId>) -> MoveToWorkbin {
    MoveToWorkbin { workbin, comment: None, remind_at: None }
}

impl Stage {
    async fn put_away(
        &self,
        agent: AgentId,
        id: InteractionId,
        wanted: &MoveToWorkbin,
        seconds: i64,
    ) -> Result<Interaction, Refusal> {
        let mut change = self.store.begin().await.expect("begins");
        let moved = to_workbin(&mut change, agent, (id, wanted), at(seconds)).await?;
        change.commit().await.expect("commits");
        Ok(moved)
    }

    async fn take_up(&self, agent: AgentId, id: InteractionId, seconds: i64) -> Result<Interaction, Refusal> {
        let mut change = self.store.begin().await.expect("begins");
        let opened = open(&mut change, agent, id, at(seconds)).await?;
        change.commit().await.expect("commits");
        Ok(opened)
    }

    async fn give(
        &self,
        agent: AgentId,
        id: InteractionId,
        to: AgentId,
        seconds: i64,
    ) -> Result<Interaction, Refusal> {
        let mut change = self.store.begin().await.expect("begins");
        let given = assign(&mut change, agent, (id, to), at(seconds)).await?;
        change.commit().await.expect("commits");
        Ok(given)
    }

    async fn leave(&self, agent: AgentId, seconds: i64) {
        let mut change = self.store.begin().await.expect("begins");
        status::sign_out(&mut change, agent, &TokenHash::of("none"), at(seconds)).await.expect("signs out");
        change.commit().await.expect("commits");
    }

    pub(crate) async fn rule(&self, sessions: SessionRules, rules: &[WorkbinRule]) {
        let mut change = self.store.begin().await.expect("begins");
        settings::keep(&mut change, &sessions, &WrapUpRules::default()).await.expect("keeps");
        kept::configure(&mut change, rules, at(0)).await.expect("configures");
        change.commit().await.expect("commits");
    }

    pub(crate) async fn changes(&self, agent: AgentId, after: u64, view: Option<u64>) -> Changes {
        let mut read = self.store.read().await.expect("reads");
        let query = ChangesQuery { after, view };
        changes::page(&mut read, agent, query, (self.store.epoch(), 500)).await.expect("reads")
    }

    async fn steps(&self, id: InteractionId) -> Vec<(String, LifeReason)> {
        let mut read = self.store.read().await.expect("reads");
        let steps = steps::steps(read.db(), id).await.expect("reads");
        steps.into_iter().map(|step| (step.phase, step.why)).collect()
    }

    async fn join_team(&self, agent: AgentId, team: &str) {
        let mut change = self.store.begin().await.expect("begins");
        let mut who = kept_agents::get(change.db(), agent).await.expect("reads").expect("is known").agent;
        who.team = Some(team.to_owned());
        kept_agents::set(&mut change, &who).await.expect("keeps");
        change.commit().await.expect("commits");
    }

    async fn workbin(&self, name: &str) -> WorkbinId {
        let mut read = self.store.read().await.expect("reads");
        let all = kept::all(read.db()).await.expect("reads");
        all.into_iter().find(|one| one.name == name).expect("is there").id
    }
}

fn rules(text: &str) -> Vec<WorkbinRule> {
    let table: toml::Table = text.parse().expect("reads");
    table["workbins"].clone().try_into().expect("is of the form")
}

#[tokio::test]
async fn what_is_put_away_lives_on_and_is_taken_up_again() {
    let (stage, masha, id) = answered().await;
    let wanted = MoveToWorkbin {
        comment: Some(" Call on Monday ".to_owned()),
        remind_at: Some(at(900)),
        workbin: None,
    };
    let moved = stage.put_away(masha, id, &wanted, 30).await.expect("moves");
    assert_eq!(moved, stage.put_away(masha, id, &wanted, 31).await.expect("twice is fine"));
    assert_eq!((moved.phase.clone(), moved.owner), (Phase::InWorkbin { workbin: kept::own(masha) }, None));
    let stored = moved.stored.clone().expect("is stored");
    assert_eq!(
        (stored.since, stored.comment.as_deref(), stored.remind_at),
        (at(30), Some("Call on Monday"), Some(at(900)))
    );
    assert_eq!(stored.by.expect("by somebody").id, masha);
    assert_eq!(moved.ended_at, None, "the session goes on");
    let gone = Event::InteractionRemoved { interaction: id, why: Departure::ToWorkbin };
    assert_eq!(stage.feed(masha).await.last(), Some(&gone));
    assert_eq!(code(stage.answer(masha, id, "late", 32).await), ProblemCode::NotFound);

    let opened = stage.take_up(masha, id, 40).await.expect("opens");
    assert_eq!((opened.phase.clone(), opened.owner), (Phase::Open, Some(masha)));
    assert_eq!(opened.stored, moved.stored, "what was said is for whoever opens it");
    assert_eq!(opened, stage.take_up(masha, id, 41).await.expect("twice is fine"));
    assert!(
        matches!(stage.feed(masha).await.last(), Some(Event::InteractionAdded { transcript, .. }) if transcript.len() == 2)
    );
    let mut change = stage.store.begin().await.expect("begins");
    let back = put_back(&mut change, masha, id, at(50)).await.expect("puts back");
    assert_eq!(back, put_back(&mut change, masha, id, at(51)).await.expect("twice is fine"));
    change.commit().await.expect("commits");
    assert_eq!(back.phase, Phase::InWorkbin { workbin: kept::own(masha) });
    assert_eq!(back.stored, moved.stored, "as if it had not been opened");
    let whys: Vec<_> = stage.steps(id).await.into_iter().map(|(_, why)| why).collect();
    let [wrote, put] = [LifeReason::ContactWrote, LifeReason::PutAway];
    assert_eq!(whys, [wrote, put, LifeReason::TakenUp, LifeReason::PutBack]);
}

#[tokio::test]
async fn what_was_said_of_it_stays_until_something_else_is_said() {
    let (stage, masha, id) = answered().await;
    stage.rule(SessionRules::default(), &rules(r#"workbins = [{ name = "Late" }]"#)).await;
    let comment = Some("Call on Monday".to_owned());
    let wanted = MoveToWorkbin { comment: comment.clone(), remind_at: Some(at(900)), workbin: None };
    let moved = stage.put_away(masha, id, &wanted, 30).await.expect("moves");
    stage.done(masha, id, 31).await;
    let mut change = stage.store.begin().await.expect("begins");
    let undone = crate::handling::wrap_up::undo_done(&mut change, masha, id, at(32)).await.expect("undoes");
    change.commit().await.expect("commits");
    assert_eq!(undone.stored, moved.stored, "where it lay, as it lay");

    let late = stage.workbin("Late").await;
    let moved = stage.put_away(masha, id, &into(Some(late)), 33).await.expect("moves");
    let stored = moved.stored.expect("is stored");
    assert_eq!((stored.comment, stored.remind_at, stored.since), (comment.clone(), None, at(33)));
    stage.take_up(masha, id, 34).await.expect("opens");
    let given = stage.give(masha, id, masha, 35).await.expect("gives");
    assert_eq!(given.stored.and_then(|stored| stored.comment), comment);
    let wanted = MoveToWorkbin { comment: Some("Called".to_owned()), remind_at: None, workbin: Some(late) };
    let moved = stage.put_away(masha, id, &wanted, 36).await.expect("moves");
    assert_eq!(moved.stored.and_then(|stored| stored.comment).as_deref(), Some("Called"));
    stage.take_up(masha, id, 37).await.expect("opens");
    let moved = stage.put_away(masha, id, &into(Some(late)), 38).await.expect("moves");
    assert_eq!(moved.stored.and_then(|stored| stored.comment), None, "they had it before them");
}

#[tokio::test]
async fn of_two_who_open_one_wins_and_the_other_reads_who() {
    let (stage, masha, id) = answered().await;
    let pasha = stage.agent("pasha", 5).await;
    stage.rule(SessionRules::default(), &rules(r#"workbins = [{ name = "Late" }]"#)).await;
    let late = stage.workbin("Late").await;
    stage.put_away(masha, id, &into(Some(late)), 30).await.expect("moves");
    assert_eq!(stage.take_up(pasha, id, 31).await.expect("opens").owner, Some(pasha));
    let refused = problem(stage.take_up(masha, id, 31).await);
    assert_eq!((refused.code, refused.detail.contains("PASHA")), (ProblemCode::Conflict, true), "{refused}");
    let refused = problem(stage.put_away(masha, id, &into(None), 32).await);
    assert_eq!(refused.code, ProblemCode::Conflict);
    let stranger = stage.agent("sasha", 5).await;
    stage.put_away(pasha, id, &into(None), 33).await.expect("moves");
    stage.take_up(pasha, id, 34).await.expect("opens");
    assert_eq!(
        code(stage.give(stranger, InteractionId::new(at(0), [9; 10]), pasha, 35).await),
        ProblemCode::NotFound
    );
}

#[tokio::test]
async fn a_contact_who_writes_leaves_the_workbin_by_themselves() {
    let (stage, masha, id) = answered().await;
    let pasha = stage.agent("pasha", 5).await;
    stage.ready(pasha, 2).await;
    stage.put_away(masha, id, &into(None), 30).await.expect("moves");
    stage.write("15550000001", "wamid.2", "me again", 40).await;
    let resumed = stage.interaction(id).await;
    assert_eq!(resumed.owner, Some(masha), "the last agent first");
    assert_eq!(stage.steps(id).await.last(), Some(&("open".to_owned(), LifeReason::ContactResumed)));

    stage.answer(masha, id, "there", 41).await.expect("sends");
    stage.put_away(masha, id, &into(None), 42).await.expect("moves");
    stage.pause(masha, 43).await;
    stage.write("15550000001", "wamid.3", "and again", 50).await;
    assert_eq!(stage.interaction(id).await.phase, Phase::Queued, "kept for the last agent for a while");
    stage.ready(pasha, 51).await;
    assert_eq!(stage.interaction(id).await.phase, Phase::Queued);
    stage.ready(masha, 60).await;
    assert_eq!(stage.interaction(id).await.owner, Some(masha));

    stage.answer(masha, id, "there", 61).await.expect("sends");
    stage.put_away(masha, id, &into(None), 62).await.expect("moves");
    stage.pause(masha, 63).await;
    stage.write("15550000001", "wamid.4", "hm", 70).await;
    let mut change = stage.store.begin().await.expect("begins");
    routing::offer_queued(&mut change, at(129)).await.expect("offers");
    assert_eq!(interactions::known(change.db(), id).await.expect("reads").owner, None);
    routing::offer_queued(&mut change, at(130)).await.expect("offers");
    assert_eq!(interactions::known(change.db(), id).await.expect("reads").owner, Some(pasha));
}

#[tokio::test]
async fn nobody_waits_for_an_agent_who_has_left() {
    let (stage, masha, id) = answered().await;
    let pasha = stage.agent("pasha", 5).await;
    stage.put_away(masha, id, &into(None), 30).await.expect("moves");
    stage.pause(masha, 31).await;
    stage.ready(pasha, 32).await;
    stage.write("15550000001", "wamid.2", "me again", 40).await;
    assert_eq!(stage.interaction(id).await.phase, Phase::Queued, "kept for the last agent");
    stage.leave(masha, 45).await;
    assert_eq!(stage.interaction(id).await.owner, Some(pasha));
}

#[tokio::test]
async fn logging_off_puts_everything_into_the_agents_workbin_and_nobody_waits_unseen() {
    let (stage, masha, id) = answered().await;
    stage.write("15550000002", "wamid.2", "waits", 22).await;
    stage.write("15550000003", "wamid.3", "waits, too", 21).await;
    let waiting: Vec<_> =
        stage.owned(masha).await.iter().map(|one| one.id).filter(|one| *one != id).collect();
    let pasha = stage.agent("pasha", 1).await;
    stage.ready(pasha, 25).await;
    stage.leave(masha, 30).await;
    assert!(stage.owned(masha).await.is_empty());
    assert_eq!(stage.interaction(id).await.phase, Phase::InWorkbin { workbin: kept::own(masha) });
    let phases: Vec<_> = [stage.interaction(waiting[0]).await, stage.interaction(waiting[1]).await]
        .into_iter()
        .map(|one| (one.phase, one.owner, one.pending_since))
        .collect();
    assert!(phases.contains(&(Phase::Open, Some(pasha), Some(at(21)))), "who waits longest: {phases:?}");
    assert!(phases.contains(&(Phase::Queued, None, Some(at(22)))), "{phases:?}");
    assert_eq!(stage.steps(id).await.last(), Some(&("in_workbin".to_owned(), LifeReason::LoggedOff)));
}

#[tokio::test]
async fn work_is_given_to_whoever_is_there_and_into_the_workbin_of_whoever_is_not() {
    let (stage, masha, id) = answered().await;
    let pasha = stage.agent("pasha", 1).await;
    assert_eq!(stage.give(masha, id, pasha, 30).await.expect("gives").owner, Some(pasha));
    stage.give(masha, id, pasha, 31).await.expect("twice is fine");
    let gone = Event::InteractionRemoved { interaction: id, why: Departure::Reassigned };
    assert!(stage.feed(masha).await.contains(&gone));
    stage.leave(masha, 40).await;
    let stored = stage.give(pasha, id, masha, 41).await.expect("gives");
    assert_eq!(stored.phase, Phase::InWorkbin { workbin: kept::own(masha) });
    assert_eq!(code(stage.take_up(pasha, id, 42).await), ProblemCode::NotFound, "it is a colleague's now");
    assert_eq!(code(stage.give(pasha, id, AgentId::new(at(0), [7; 10]), 43).await), ProblemCode::NotFound);
}

#[tokio::test]
async fn a_workbin_that_is_full_takes_nothing_but_what_a_leaving_agent_has() {
    let (stage, masha, id) = answered().await;
    stage
        .rule(
            SessionRules { personal_limit: 1, ..SessionRules::default() },
            &rules(r#"workbins = [{ name = "Late", limit = 1 }]"#),
        )
        .await;
    stage.write("15550000002", "wamid.2", "two", 22).await;
    stage.write("15550000003", "wamid.3", "three", 23).await;
    let late = into(Some(stage.workbin("Late").await));
    let [_, two, three] = &*stage.owned(masha).await else { panic!("three") };
    stage.put_away(masha, id, &late, 30).await.expect("moves");
    assert_eq!(code(stage.put_away(masha, two.id, &late, 31).await), ProblemCode::Full);
    stage.put_away(masha, two.id, &into(None), 32).await.expect("moves");
    assert_eq!(code(stage.put_away(masha, three.id, &into(None), 33).await), ProblemCode::Full);
    let long = MoveToWorkbin { comment: Some("x".repeat(501)), ..late };
    assert_eq!(code(stage.put_away(masha, three.id, &long, 34).await), ProblemCode::UnacceptableBody);
    stage.answer(masha, three.id, "there", 35).await.expect("sends");
    stage.leave(masha, 36).await;
    assert_eq!(stage.interaction(three.id).await.phase, Phase::InWorkbin { workbin: kept::own(masha) });
}

#[tokio::test]
async fn what_somebody_may_do_where_is_as_the_table_says() {
    let stage = Stage::new().await;
    let (masha, pasha, boss, chief) = (
        stage.agent("masha", 5).await,
        stage.agent("pasha", 5).await,
        stage.lead("boss").await,
        stage.lead("chief").await,
    );
    for agent in [masha, boss] {
        stage.join_team(agent, "Support").await;
    }
    let configured = rules(
        r#"workbins = [{ name = "All" }, { name = "Support", kind = "team", team = "Support" },
           { name = "Watched", kind = "team", team = "Sales", see = ["Support"] }, { name = "Named", take = ["Support"], see = ["*"] }]"#,
    );
    stage.rule(SessionRules::default(), &configured).await;
    let of = async |agent| {
        let mut read = stage.store.read().await.expect("reads");
        let places = places::of(read.db(), agent).await.expect("reads");
        let told = places.places.into_iter().map(|info| format!("{} {:?}", info.name, info.right));
        told.collect::<Vec<_>>().join(", ")
    };
    for (agent, told) in [
        (masha, "All Take, Named Take, Support Take, Watched See, BOSS Put, CHIEF Put, PASHA Put"),
        (pasha, "All Take, Named See, Support Put, Watched Put, BOSS Put, CHIEF Put, MASHA Put"),
        (
            boss,
            "All Take, Named Take, Support Take, Watched See, CHIEF Put, MASHA Take, PASHA Put, Shop Take",
        ),
        (
            chief,
            "All Take, Named Take, Support Take, Watched Take, BOSS Take, MASHA Take, PASHA Take, Shop Take",
        ),
    ] {
        assert_eq!(of(agent).await, format!("My WhatsApp workbin Take, {told}"));
    }
}
