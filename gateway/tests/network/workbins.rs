//! Two desktops, one gateway: work is put away, taken up, left behind, and taken up by the contact.

use std::{collections::BTreeSet, time::Duration};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::Instant;
use waxwing_gateway::{
    auth,
    clock::Clock,
    store::{
        agents::{self, NewAgent},
        interactions, lying,
    },
};
use waxwing_protocol::{
    agent::Role,
    api,
    event::{Departure, Event},
    id::InteractionId,
    interaction::{Interaction, Phase},
    problem::{Problem, ProblemCode},
    workbin::{self, Changes, Place},
};

use crate::{
    bench::{Bench, PATIENCE},
    desktop::Desktop,
};

const ANA: &str = "15550100999";
const PASSWORD: &str = "two for joy";

/// Somebody who leads every team, signed in and ready.
async fn lead(bench: &Bench, capacity: u32) -> Desktop {
    let store = bench.store().await;
    let mut change = store.begin().await.expect("begins");
    let new = NewAgent {
        user_name: "boss".to_owned(),
        display_name: "Boss".to_owned(),
        role: Role::TeamLead,
        capacity,
        team: None,
        password_hash: auth::hash_password(PASSWORD),
    };
    agents::add_agent(&mut change, &new, Clock::system().now()).await.expect("adds").expect("is new");
    change.commit().await.expect("commits");
    store.close().await;
    Desktop::sign_in(&bench.desktop.url, "boss", PASSWORD).await
}

/// Takes an interaction up, or reads why not.
async fn open(desktop: &Desktop, id: InteractionId) -> Result<Interaction, Problem> {
    let url = format!("{}{}", desktop.url, workbin::open(id));
    let answer = desktop.http.post(url).bearer_auth(&desktop.token).send().await.expect("answers");
    if answer.status() == StatusCode::OK {
        Ok(answer.json().await.expect("an interaction"))
    } else {
        Err(answer.json().await.expect("a problem"))
    }
}

async fn added(desktop: &mut Desktop, id: InteractionId, text: &str) -> Interaction {
    let is_it = |event: &Event| match event {
        Event::InteractionAdded { interaction, transcript, .. } if interaction.id == id => {
            transcript.iter().any(|message| message.fallback == text).then(|| (**interaction).clone())
        }
        _ => None,
    };
    desktop.wait(is_it).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_open_at_once_one_wins_and_the_other_reads_who() {
    let mut bench = Bench::start().await;
    let id = bench.hear(ANA, "Hi").await.id;
    let boss = lead(&bench, 5).await;
    for _ in 0..5 {
        let moved: Interaction =
            bench.desktop.call(Method::POST, &workbin::to_workbin(id), Some(&json!({}))).await;
        assert!(matches!(moved.phase, Phase::InWorkbin { .. }));
        let (one, other) = tokio::join!(open(&bench.desktop, id), open(&boss, id));
        let (lost, winner, by) = match (one, other) {
            (Ok(_), Err(lost)) => (lost, "Ana", &bench.desktop),
            (Err(lost), Ok(_)) => (lost, "Boss", &boss),
            both => panic!("{both:?}"),
        };
        assert_eq!((lost.code, lost.detail.contains(winner)), (ProblemCode::Conflict, true), "{lost}");
        let path = format!("{}?after=0", workbin::CHANGES);
        let held: Changes = bench.desktop.call(Method::GET, &path, None).await;
        let own = json!({"workbin": held.places.and_then(|places| places.own)});
        let _: Interaction = by.call(Method::POST, &workbin::to_workbin(id), Some(&own)).await;
        assert!(open(&bench.desktop, id).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_logs_off_leaves_it_in_the_workbin_and_the_contact_takes_it_to_whoever_is_there() {
    let mut bench = Bench::start().await;
    let interaction = bench.hear(ANA, "Hi").await;
    let message = bench.send(interaction.id, "Hello").await;
    bench.delivered(message, |_any| true).await;
    let mut boss = lead(&bench, 5).await;
    let _: Value = bench.desktop.call(Method::POST, api::SIGN_OUT, None).await;
    let changes: Changes = boss.call(Method::GET, &format!("{}?after=0", workbin::CHANGES), None).await;
    assert_eq!(changes.items.iter().map(|item| item.interaction.id).collect::<Vec<_>>(), [interaction.id]);
    bench.simulator.say(ANA, &json!({"type": "text", "text": {"body": "One more thing"}}));
    let resumed = added(&mut boss, interaction.id, "One more thing").await;
    assert_eq!((resumed.phase, resumed.session), (Phase::Open, interaction.session));
    assert!(resumed.pending_since.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_who_writes_again_gets_the_agent_they_had() {
    let mut bench = Bench::start().await;
    let mut boss = lead(&bench, 50).await;
    let first = bench.simulator.say(ANA, &json!({"type": "text", "text": {"body": "Hi"}}));
    assert!(!first.is_empty());
    let is_new = |event: &Event| match event {
        Event::InteractionAdded { interaction, .. } => Some(interaction.id),
        _ => None,
    };
    // Whoever has waited longest for work gets it: one of the two.
    let id = tokio::select! {
        id = bench.desktop.wait(is_new) => id,
        id = boss.wait(is_new) => id,
    };
    let theirs = if open(&boss, id).await.is_ok() { &mut boss } else { &mut bench.desktop };
    let _: Interaction = theirs.call(Method::POST, &workbin::to_workbin(id), Some(&json!({}))).await;
    let gone = Event::InteractionRemoved { interaction: id, why: Departure::ToWorkbin };
    theirs.wait(|event| (*event == gone).then_some(())).await;
    bench.simulator.say(ANA, &json!({"type": "text", "text": {"body": "Me again"}}));
    added(theirs, id, "Me again").await;
}

/// How the interactions of an agent lie: so many are theirs, each other one lies where somebody sees it.
async fn owned(bench: &Bench, ids: &[InteractionId]) -> usize {
    let store = bench.store().await;
    let mut read = store.read().await.expect("reads");
    let mut owned = 0;
    for id in ids {
        let left = interactions::known(read.db(), *id).await.expect("reads");
        let lies = lying::of(read.db(), *id).await.expect("reads").is_some_and(|one| one.place.is_some());
        assert_eq!(lies, left.owner.is_none(), "{left:?}");
        owned += usize::from(left.owner.is_some());
    }
    drop(read);
    store.close().await;
    owned
}

/// An agent with five interactions: the contacts of three were answered, two wait.
async fn five(bench: &mut Bench) -> Vec<InteractionId> {
    let mut ids = Vec::new();
    for contact in 0..5 {
        let id = bench.hear(&format!("1555010080{contact}"), &format!("Hi {contact}")).await.id;
        if contact < 3 {
            let message = bench.send(id, "Hello").await;
            bench.delivered(message, |_any| true).await;
        }
        ids.push(id);
    }
    ids
}

/// A gateway is killed so much after a log-off was asked for: whether that happened. Either way the next one goes on.
async fn is_logged_off_within(span: Duration) -> bool {
    let mut bench = Bench::start().await;
    let ids = five(&mut bench).await;
    let url = format!("{}{}", bench.desktop.url, api::SIGN_OUT);
    let call = tokio::spawn(bench.desktop.http.post(url).bearer_auth(&bench.desktop.token).send());
    let began = Instant::now();
    while began.elapsed() < span {
        tokio::task::yield_now().await;
    }
    bench.kill_gateway();
    // Answered or cut off: either is fine.
    drop(call.await.expect("ends"));
    let held = owned(&bench, &ids).await;
    println!("killed {span:?} after the call: {held} of five were hers");
    assert!(held == 0 || held == ids.len(), "{held} of five");
    goes_on(&mut bench, &ids, held).await;
    held == 0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_killed_during_a_log_off_has_moved_everything_or_nothing_and_the_next_one_goes_on()
{
    // Ever later, until it comes too late to hinder anything; then between the last two.
    let (mut early, mut late) = (Duration::ZERO, Duration::from_millis(5));
    while !is_logged_off_within(late).await {
        assert!(late < PATIENCE, "a log-off never happens");
        (early, late) = (late, 2 * late);
    }
    for _ in 0..3 {
        let between = (early + late) / 2;
        if is_logged_off_within(between).await {
            late = between;
        } else {
            early = between;
        }
    }
}

/// The next gateway is asked once more, and everything is where somebody sees it.
async fn goes_on(bench: &mut Bench, ids: &[InteractionId], held: usize) {
    bench.start_gateway();
    let url = format!("{}{}", bench.desktop.url, api::SIGN_OUT);
    let again = bench.desktop.http.post(url).bearer_auth(&bench.desktop.token).send().await.expect("answers");
    let wanted = if held == 0 { StatusCode::UNAUTHORIZED } else { StatusCode::NO_CONTENT };
    assert_eq!(again.status(), wanted, "a log-off that happened takes the token with it");
    assert_eq!(owned(bench, ids).await, 0);

    let boss = lead(bench, 5).await;
    let told: Changes = boss.call(Method::GET, &format!("{}?after=0", workbin::CHANGES), None).await;
    let items = told.items.iter().map(|item| item.interaction.id);
    let waited = boss.snapshot().await.into_iter().map(|one| one.id);
    let all: BTreeSet<_> = items.chain(waited).collect();
    assert_eq!(all, ids.iter().copied().collect(), "each lies in the workbin, or is with whoever is there");
    let in_workbin = |item: &&workbin::WorkbinItem| matches!(item.place, Place::Workbin { .. });
    assert_eq!(told.items.iter().filter(in_workbin).count(), 3, "whoever waits does not lie there");
}
