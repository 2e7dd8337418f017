//! Two machines, one agent, and no words lost.

use proptest::prelude::*;
use waxwing_protocol::workbin::MoveToWorkbin;

use super::*;
use crate::handling::{
    due,
    stage::{Stage, at},
    workbins,
};

fn text(writer: &str, words: &str, seconds: i64) -> KeptText {
    let device = format!("machine {writer}");
    let written = Written { text: words.to_owned(), quote: None, at: at(seconds), device };
    KeptText { written, writer: writer.to_owned(), revision: 0 }
}

fn words(draft: &KeptDraft) -> (&str, Vec<&str>) {
    (&draft.stands.written.text, draft.aside.iter().map(|kept| &*kept.written.text).collect())
}

#[test]
fn who_has_seen_what_stands_replaces_it() {
    let mut draft = KeptDraft::default();
    assert!(write(&mut draft, text("a", "one", 10), 0, &[]));
    assert!(write(&mut draft, text("b", "two", 5), 1, &[]), "whatever its clock says");
    assert_eq!((words(&draft), draft.revision), (("two", vec![]), 2));
    assert!(write(&mut draft, text("b", "", 20), 2, &[]));
    assert_eq!(words(&draft), ("", vec![]));
}

#[test]
fn of_two_who_have_not_the_newer_stands_and_the_other_is_set_aside() {
    let mut draft = KeptDraft::default();
    write(&mut draft, text("a", "from a", 10), 0, &[]);
    write(&mut draft, text("b", "from b", 20), 0, &[]);
    assert_eq!(words(&draft), ("from b", vec!["from a"]));
    write(&mut draft, text("c", "from c", 15), 0, &[]);
    assert_eq!(words(&draft), ("from b", vec!["from c", "from a"]), "newest first");
    // a has not heard of it and writes on: what it wrote before, it has replaced itself.
    write(&mut draft, text("a", "more of a", 30), 1, &[]);
    assert_eq!(words(&draft), ("more of a", vec!["from b", "from c"]));
    // Now it has heard of it: what it set aside is there until it is settled.
    let revision = draft.revision;
    write(&mut draft, text("a", "new", 40), revision, &[at(20)]);
    assert_eq!(words(&draft), ("new", vec!["from c"]));
}

#[test]
fn a_call_that_is_repeated_or_late_changes_nothing() {
    let mut draft = KeptDraft::default();
    write(&mut draft, text("a", "first", 10), 0, &[]);
    write(&mut draft, text("a", "second", 20), 0, &[]);
    write(&mut draft, text("b", "other", 30), 0, &[]);
    let before = draft.clone();
    for repeated in [text("a", "first", 10), text("a", "second", 20), text("b", "other", 30)] {
        assert!(!write(&mut draft, repeated, 0, &[]));
    }
    assert_eq!(draft, before);
    assert_eq!(words(&draft), ("other", vec!["second"]));
}

#[test]
fn blanks_and_beginnings_are_not_set_aside() {
    let mut draft = KeptDraft::default();
    write(&mut draft, text("a", " \n", 10), 0, &[]);
    write(&mut draft, text("b", "Hello", 20), 0, &[]);
    write(&mut draft, text("c", "Hello there", 30), 0, &[]);
    assert_eq!(words(&draft), ("Hello there", vec![]));
    write(&mut draft, text("d", "Hello", 5), 0, &[]);
    assert_eq!(words(&draft), ("Hello there", vec![]));
}

#[test]
fn words_of_the_same_moment_can_be_settled_apart_and_only_so_many_are_kept() {
    let mut draft = KeptDraft::default();
    for writer in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        write(&mut draft, text(writer, writer, 10), 0, &[]);
    }
    assert_eq!(draft.aside.len(), MAX_ASIDE);
    let mut times: Vec<_> = draft.aside.iter().map(|kept| kept.written.at).collect();
    times.dedup();
    assert_eq!(times.len(), MAX_ASIDE, "each has a time of its own");
}

/// One thing that a machine does.
#[derive(Debug, Clone)]
struct Put {
    machine: usize,
    words: String,
    /// How long ago what it names as its screen was true.
    behind: u64,
    at: i64,
    settles: bool,
}

fn any_put() -> impl Strategy<Value = Put> {
    (0..3_usize, "[xyz]{0,3}", 0..4_u64, 0..40_i64, prop::bool::weighted(0.1))
        .prop_map(|(machine, words, behind, at, settles)| Put { machine, words, behind, at, settles })
}

proptest! {
    #[test]
    fn no_words_are_lost_whoever_writes_when(puts in prop::collection::vec(any_put(), 1..30)) {
        let mut draft = KeptDraft::default();
        for put in puts {
            let before = draft.clone();
            let new = text(&put.machine.to_string(), &put.words, put.at);
            let based_on = before.revision.saturating_sub(put.behind);
            let settled: Vec<_> = before.aside.first().filter(|_| put.settles).map(|kept| kept.written.at).into_iter().collect();
            let changed = write(&mut draft, new.clone(), based_on, &settled);
            prop_assert_eq!(changed, draft != before);
            prop_assert_eq!(draft.revision, before.revision + u64::from(changed));
            prop_assert!(draft.aside.len() <= MAX_ASIDE);
            let is_there = |lost: &str| {
                std::iter::once(&draft.stands).chain(&draft.aside).any(|kept| kept.written.text.starts_with(lost))
            };
            let on_screen = before.stands.revision <= based_on;
            let replaced_by_its_own = |kept: &KeptText| kept.writer == new.writer && kept.revision > based_on;
            for kept in before.aside.iter().filter(|kept| !is_there(&kept.written.text)) {
                let is_settled = settled.contains(&kept.written.at);
                let is_sixth = draft.aside.len() == MAX_ASIDE && draft.aside.iter().all(|other| other.written.at >= kept.written.at);
                prop_assert!(is_settled || is_sixth || replaced_by_its_own(kept), "{kept:?}");
            }
            if !before.stands.written.text.trim().is_empty() && !is_there(&before.stands.written.text) {
                let is_sixth = draft.aside.len() == MAX_ASIDE;
                prop_assert!(on_screen || is_sixth || replaced_by_its_own(&before.stands), "{before:?}");
            }
            if !new.written.text.trim().is_empty() && !is_there(&new.written.text) {
                let newer = std::iter::once(&before.stands).chain(&before.aside).any(|kept| {
                    replaced_by_its_own(kept) && kept.written.at >= new.written.at
                });
                let is_sixth = draft.aside.len() == MAX_ASIDE;
                prop_assert!(newer || is_sixth, "{new:?}");
            }
        }
    }
}

async fn typed(
    stage: &Stage,
    (agent, token): (AgentId, &str),
    id: InteractionId,
    wanted: PutDraft,
) -> Result<Draft, ProblemCode> {
    let mut change = stage.store.begin().await.expect("begins");
    match put(&mut change, (agent, &TokenHash::of(token)), id, wanted, at(100)).await {
        Ok(draft) => {
            change.commit().await.expect("commits");
            Ok(draft)
        }
        Err(Refusal::Problem(problem)) => Err(problem.code),
        Err(Refusal::Store(error)) => panic!("{error}"),
    }
}

fn wanted(words: &str, seconds: i64, based_on: u64) -> PutDraft {
    PutDraft { written: text("laptop", words, seconds).written, based_on, settled: Vec::new() }
}

#[tokio::test]
async fn a_draft_follows_its_agent_and_ends_with_the_interaction() {
    let stage = Stage::new().await;
    let (masha, pasha) = (stage.agent("masha", 5).await, stage.agent("pasha", 5).await);
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello?", 10).await;
    let id = stage.owned(masha).await[0].id;
    let mut first = wanted("Dear Ana", 5_000, 0);
    first.written.quote = Some(waxwing_protocol::id::MessageId::new(at(0), [3; 10]));
    first.written.device = format!("lap\u{7}top{}", "x".repeat(500));
    let kept = typed(&stage, (masha, "one"), id, first).await.expect("is kept");
    assert_eq!((kept.revision, kept.written.at, kept.written.quote), (1, at(100), None), "not of the future");
    assert_eq!(kept.written.device.chars().count(), MAX_DEVICE);
    let draft = typed(&stage, (masha, "two"), id, wanted("Hi!", 50, 0)).await.expect("is kept");
    assert_eq!(draft.aside[0].text, "Hi!", "two machines of the same name");
    let told = stage.feed(masha).await.into_iter().filter_map(|event| match event {
        Event::DraftChanged { draft, .. } => Some(draft.revision),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), [1, 2]);
    assert_eq!(typed(&stage, (pasha, "x"), id, wanted("mine", 1, 0)).await, Err(ProblemCode::NotFound));
    let huge = wanted(&"x".repeat(MAX_DRAFT_BYTES + 1), 60, 2);
    assert_eq!(typed(&stage, (masha, "one"), id, huge).await, Err(ProblemCode::TooLarge));
    let full = wanted(&"x".repeat(MAX_DRAFT_BYTES), 60, 2);
    typed(&stage, (masha, "one"), id, full).await.expect("just fits");

    stage.answer(masha, id, "Dear Ana, yes", 70).await.expect("sends");
    assert_eq!(stage.count("SELECT COUNT(*) FROM drafts").await, 1, "sending does not clear it");
    stage.done(masha, id, 80).await;
    for (seconds, left) in [(90, 1), (91, 0)] {
        let mut change = stage.store.begin().await.expect("begins");
        due::run(&mut change, at(0), at(seconds)).await.expect("runs");
        change.commit().await.expect("commits");
        let count = stage.count("SELECT COUNT(*) FROM drafts").await;
        assert_eq!(count, left, "until it can't be undone any more");
    }
    assert_eq!(typed(&stage, (masha, "one"), id, wanted("late", 90, 3)).await, Err(ProblemCode::Conflict));
}

#[tokio::test]
async fn a_draft_is_there_again_when_the_interaction_comes_back() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello?", 10).await;
    let id = stage.owned(masha).await[0].id;
    typed(&stage, (masha, "one"), id, wanted("Dear Ana", 20, 0)).await.expect("is kept");
    let mut change = stage.store.begin().await.expect("begins");
    let into = MoveToWorkbin { workbin: None, comment: None, remind_at: None };
    workbins::to_workbin(&mut change, masha, (id, &into), at(30)).await.expect("moves");
    workbins::open(&mut change, masha, id, at(31)).await.expect("opens");
    change.commit().await.expect("commits");
    let feed = stage.feed(masha).await;
    let Some(Event::InteractionAdded { draft: Some(draft), .. }) = feed.last() else { panic!("{feed:?}") };
    assert_eq!(draft.written.text, "Dear Ana");
}

#[tokio::test]
async fn what_was_written_to_two_contacts_who_are_one_is_kept() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "by phone", 10).await;
    let by_id = serde_json::json!({"from_user_id": "US.7", "id": "wamid.2", "timestamp": at(11).timestamp().to_string(), "type": "text", "text": {"body": "by id"}});
    stage.arrive(serde_json::json!({"messages": [by_id]}), 11).await;
    let owned = stage.owned(masha).await;
    assert_eq!(owned.len(), 2);
    typed(&stage, (masha, "one"), owned[0].id, wanted("to the phone", 20, 0)).await.expect("is kept");
    typed(&stage, (masha, "one"), owned[1].id, wanted("to the id", 21, 0)).await.expect("is kept");
    let both = serde_json::json!({"from": "15550000001", "from_user_id": "US.7", "id": "wamid.3", "timestamp": at(30).timestamp().to_string(), "type": "text", "text": {"body": "both"}});
    stage.arrive(serde_json::json!({"messages": [both]}), 30).await;
    let owned = stage.owned(masha).await;
    assert_eq!(owned.len(), 1);
    let mut read = stage.store.read().await.expect("reads");
    let draft = drafts::get(read.db(), masha, owned[0].id).await.expect("reads").expect("is there");
    let mut all = words(&draft).1;
    all.push(words(&draft).0);
    all.sort_unstable();
    assert_eq!(all, ["to the id", "to the phone"]);
}
