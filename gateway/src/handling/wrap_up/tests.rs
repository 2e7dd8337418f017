//! How work ends, played on the stage.

use waxwing_protocol::{
    event::{Departure, Event},
    interaction::CaseDatum,
    workbin::MoveToWorkbin,
};

use super::*;
use crate::{
    handling::{stage::*, workbins as deeds},
    rules::{SessionRules, WrapUpRules},
};

const RULES: &str = r#"
    dispositions = [{ code = "sale", name = "Sale" }, { code = "sold", name = "Sold", parent = "sale" }]
    required = true
    case_fields = [{ key = "order", name = "Order number", type = "number" }]
    farewell = "Thank you for writing"
"#;

fn code<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> ProblemCode {
    match refused.expect_err("refused") {
        Refusal::Problem(problem) => problem.code,
        Refusal::Store(error) => panic!("{error}"),
    }
}

/// A stage with these rules, and an interaction in Masha's hands.
async fn begun(rules: &str) -> (Stage, AgentId, InteractionId) {
    let stage = Stage::new().await;
    let mut change = stage.store.begin().await.expect("begins");
    let rules: WrapUpRules = toml::from_str(rules).expect("reads");
    settings::keep(&mut change, &SessionRules::default(), &rules).await.expect("keeps");
    change.commit().await.expect("commits");
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello", 10).await;
    let id = stage.owned(masha).await[0].id;
    (stage, masha, id)
}

macro_rules! change {
    ($stage:expr, $deed:expr) => {{
        let mut change = $stage.store.begin().await.expect("begins");
        let done = $deed(&mut change).await;
        if done.is_ok() {
            change.commit().await.expect("commits");
        }
        done
    }};
}

#[tokio::test]
async fn a_session_that_ends_says_farewell_and_stays_for_the_work_after_it() {
    let (stage, masha, id) = begun(RULES).await;
    let ended =
        change!(stage, async |change: &mut Change| end(change, masha, id, at(20)).await).expect("ends");
    assert_eq!((ended.phase.clone(), ended.owner, ended.ended_at), (Phase::Ended, Some(masha), Some(at(20))));
    assert_eq!(ended.pending_since, None);
    let again = change!(stage, async |change: &mut Change| end(change, masha, id, at(21)).await)
        .expect("twice is fine");
    assert_eq!(again, ended);
    let said: Vec<_> = stage.transcript(id).await.into_iter().map(|message| message.fallback).collect();
    assert_eq!(said, ["hello", "Thank you for writing"]);
    assert_eq!(stage.count("SELECT COUNT(*) FROM outbox").await, 1);
    assert_eq!(code(stage.answer(masha, id, "late", 22).await), ProblemCode::Conflict);
    assert!(
        matches!(stage.feed(masha).await.last(), Some(Event::InteractionChanged { interaction }) if **interaction == ended)
    );

    stage.write("15550000001", "wamid.2", "one more thing", 30).await;
    let owned = stage.owned(masha).await;
    assert_eq!(owned.len(), 2, "a new session");
    assert_eq!((owned[0].id, owned[1].contact.id), (id, ended.contact.id));
    let feed = stage.feed(masha).await;
    assert!(
        matches!(feed.last(), Some(Event::InteractionAdded { older: true, .. })),
        "what was said before is there"
    );
}

#[tokio::test]
async fn nothing_is_said_once_the_window_is_closed() {
    let (stage, masha, id) = begun(RULES).await;
    change!(stage, async |change: &mut Change| end(change, masha, id, at(90_000)).await).expect("ends");
    assert_eq!(stage.transcript(id).await.len(), 1);
}

#[tokio::test]
async fn what_came_of_it_must_be_said_before_done_where_the_house_wants_it() {
    let (stage, masha, id) = begun(RULES).await;
    let close = async |seconds| {
        change!(stage, async |change: &mut Change| done(change, masha, id, at(seconds)).await)
    };
    assert_eq!(code(close(20).await), ProblemCode::DispositionMissing);
    let put = async |code: Option<&str>| {
        change!(stage, async |change: &mut Change| disposition(change, masha, (id, code), at(21)).await)
    };
    assert_eq!(code(put(Some("sale")).await), ProblemCode::UnacceptableBody, "only a heading");
    assert_eq!(code(put(Some("lost")).await), ProblemCode::UnacceptableBody);
    assert_eq!(put(Some("sold")).await.expect("is given").disposition.as_deref(), Some("sold"));
    assert_eq!(put(None).await.expect("is taken back").disposition, None);
    put(Some("sold")).await.expect("is given");
    close(22).await.expect("closes");
    close(23).await.expect("twice is fine");
    assert_eq!(code(put(None).await), ProblemCode::Conflict, "it is done");
    let gone = Event::InteractionRemoved { interaction: id, why: Departure::Done };
    assert_eq!(stage.feed(masha).await.last(), Some(&gone));
    let closed = stage.interaction(id).await;
    assert_eq!(
        (closed.phase, closed.ended_at, closed.disposition.as_deref()),
        (Phase::Done, Some(at(22)), Some("sold"))
    );
}

#[tokio::test]
async fn done_is_undone_for_ten_seconds_and_not_once_a_later_session_has_begun() {
    let (stage, masha, id) = begun("").await;
    let undo = async |seconds| {
        change!(stage, async |change: &mut Change| undo_done(change, masha, id, at(seconds)).await)
    };
    stage.done(masha, id, 20).await;
    assert_eq!(code(undo(31).await), ProblemCode::Conflict);
    let undone = undo(30).await.expect("is undone");
    assert_eq!((undone.phase.clone(), undone.owner, undone.ended_at), (Phase::Open, Some(masha), None));
    assert_eq!(undone.pending_since, Some(at(10)), "they wait still");
    assert_eq!(undo(30).await.expect("twice is fine"), undone);
    assert!(matches!(stage.feed(masha).await.last(), Some(Event::InteractionAdded { .. })));
    stage.answer(masha, id, "there", 32).await.expect("sends");

    change!(stage, async |change: &mut Change| end(change, masha, id, at(35)).await).expect("ends");
    stage.done(masha, id, 40).await;
    let ended = undo(41).await.expect("is undone");
    assert_eq!((ended.phase, ended.ended_at, ended.pending_since), (Phase::Ended, Some(at(35)), None));
    stage.done(masha, id, 42).await;
    let pasha = stage.agent("pasha", 5).await;
    let theirs = change!(stage, async |change: &mut Change| undo_done(change, pasha, id, at(43)).await);
    assert_eq!(code(theirs), ProblemCode::NotFound);

    stage.write("15550000001", "wamid.2", "again", 50).await;
    let other = stage.owned(masha).await[0].id;
    stage.done(masha, other, 51).await;
    stage.write("15550000001", "wamid.3", "and again", 52).await;
    let late = change!(stage, async |change: &mut Change| undo_done(change, masha, other, at(53)).await);
    assert_eq!(code(late), ProblemCode::Conflict, "a later session goes on");
}

#[tokio::test]
async fn a_note_that_somebody_else_has_changed_is_not_overwritten() {
    let (stage, masha, id) = begun("").await;
    let put = async |text: &str, based_on| {
        let wanted = PutNote { text: text.to_owned(), based_on };
        change!(stage, async |change: &mut Change| note(change, masha, (id, &wanted), at(20)).await)
    };
    let noted = put("Wants a bell", 0).await.expect("is kept").note.expect("is there");
    assert_eq!((&*noted.text, &*noted.by, noted.at), ("Wants a bell", "MASHA", at(20)));
    assert_eq!(put("Wants a bell", 0).await.expect("twice is fine").note, Some(noted.clone()));
    assert_eq!(code(put("Wants two", 0).await), ProblemCode::Conflict);
    assert_eq!(code(put(&"x".repeat(4_097), noted.revision).await), ProblemCode::UnacceptableBody);
    assert_eq!(put("", noted.revision).await.expect("is emptied").note, None);
    let again = put("Anew", 0).await.expect("is kept").note.expect("is there");
    assert!(again.revision > noted.revision, "an old picture of it never counts as this one");
}

#[tokio::test]
async fn facts_are_put_and_taken_away_and_are_of_their_type() {
    let (stage, masha, id) = begun(RULES).await;
    let datum = |key: &str, value: &str| CaseDatum { key: key.to_owned(), value: value.to_owned() };
    let put = async |put: Vec<CaseDatum>, remove: &[&str]| {
        let wanted = PutCaseData { put, remove: remove.iter().map(|key| (*key).to_owned()).collect() };
        change!(stage, async |change: &mut Change| case_data(change, masha, (id, &wanted), at(20)).await)
    };
    let both = vec![datum("order", "7"), datum("Voucher", "X")];
    assert_eq!(put(both.clone(), &[]).await.expect("are kept").case_data, both);
    let changed = put(vec![datum("order", "8")], &["Voucher"]).await.expect("is kept").case_data;
    assert_eq!(changed, [datum("order", "8")]);
    assert_eq!(code(put(vec![datum("order", "eight")], &[]).await), ProblemCode::UnacceptableBody);
    let many = (0..100).map(|n| datum(&n.to_string(), "x")).collect();
    assert_eq!(code(put(many, &[]).await), ProblemCode::UnacceptableBody);
    assert_eq!(stage.interaction(id).await.case_data, [datum("order", "8")]);
}

#[tokio::test]
async fn what_lies_in_a_workbin_is_wrapped_up_by_whoever_may_take_it_from_there() {
    let (stage, masha, id) = begun("").await;
    let (pasha, boss) = (stage.agent("pasha", 5).await, stage.lead("boss").await);
    let into = MoveToWorkbin { workbin: None, comment: None, remind_at: None };
    change!(stage, async |change: &mut Change| deeds::to_workbin(change, masha, (id, &into), at(20)).await)
        .expect("moves");
    let wanted = PutNote { text: "Seen".to_owned(), based_on: 0 };
    let noted = async |agent| {
        change!(stage, async |change: &mut Change| note(change, agent, (id, &wanted), at(21)).await)
    };
    assert_eq!(code(noted(pasha).await), ProblemCode::NotFound);
    assert_eq!(noted(boss).await.expect("is kept").note.expect("is there").by, "BOSS");
    let ended =
        change!(stage, async |change: &mut Change| end(change, boss, id, at(22)).await).expect("ends");
    assert!(
        matches!(ended.phase, Phase::InWorkbin { .. }) && ended.stored.is_some() && ended.ended_at.is_some()
    );
    change!(stage, async |change: &mut Change| done(change, boss, id, at(23)).await).expect("closes");
    let undone = change!(stage, async |change: &mut Change| undo_done(change, boss, id, at(24)).await)
        .expect("undoes");
    assert!(matches!(undone.phase, Phase::InWorkbin { .. }) && undone.ended_at.is_some());
}
