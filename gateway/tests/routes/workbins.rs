//! Workbins and the end of work over the wire: two desktops, one gateway.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use waxwing_gateway::{
    handling::due,
    rules::{SessionRules, WorkbinRule, WrapUpRules},
    store::{agents, settings, workbins},
};
use waxwing_protocol::{
    api::{self, TranscriptPage},
    event::{Departure, Event, EventPage},
    id::{InteractionId, WorkbinId},
    interaction::{Interaction, Phase},
    problem::{Problem, ProblemCode},
    workbin::{self, Changes, Colleagues, Place, Right},
    wrap_up::{self, Rules},
};

use crate::support::{Desktop, Gateway, envelope, text};

async fn told<T: DeserializeOwned>(desktop: &Desktop<'_>, path: &str) -> T {
    let answer = desktop.call(Method::GET, path).send().await.expect("answers");
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.json().await.expect("is of the form")
}

async fn post(desktop: &Desktop<'_>, path: &str, body: &Value) -> Result<Interaction, Problem> {
    let call = desktop.call(Method::POST, path);
    let call = if body.is_null() { call } else { call.json(body) };
    let answer = call.send().await.expect("answers");
    if answer.status() == StatusCode::OK {
        Ok(answer.json().await.expect("an interaction"))
    } else {
        Err(answer.json().await.expect("a problem"))
    }
}

/// A gateway with a shared workbin, and with an interaction in this agent's hands.
async fn begun<'a>(gateway: &'a Gateway, user_name: &str) -> (Desktop<'a>, InteractionId, WorkbinId) {
    let mut change = gateway.app.store.begin().await.expect("begins");
    let rules = "dispositions = [{ code = \"sold\", name = \"Sold\" }]\nrequired = true";
    let rules: WrapUpRules = toml::from_str(rules).expect("reads");
    settings::keep(&mut change, &SessionRules::default(), &rules).await.expect("keeps");
    let late: WorkbinRule = toml::from_str("name = \"Late\"").expect("reads");
    workbins::configure(&mut change, &[late], gateway.app.clock.now()).await.expect("configures");
    change.commit().await.expect("commits");
    let desktop = gateway.desktop(user_name).await;
    desktop.ready().await;
    let body = envelope(json!({"messages": [text("15550000001", "wamid.1", "hello")]}));
    assert_eq!(gateway.webhook(body).await, StatusCode::OK);
    let id = desktop.snapshot().await.0.interactions[0].interaction.id;
    let held: Changes = told(&desktop, &format!("{}?after=0", workbin::CHANGES)).await;
    let places = held.places.expect("they are told at the beginning");
    let late = places.places.iter().find(|place| place.name == "Late").expect("is there");
    assert_eq!(late.right, Right::Take);
    let Place::Workbin { workbin } = late.place else { panic!("{late:?}") };
    assert_eq!(
        places.own,
        places.places.first().and_then(|place| match place.place {
            Place::Workbin { workbin } => Some(workbin),
            Place::Queue { .. } => None,
        })
    );
    (desktop, id, workbin)
}

#[tokio::test]
async fn of_two_desktops_that_open_at_once_one_wins_and_the_other_reads_who() {
    let gateway = Gateway::start().await;
    let (masha, id, late) = begun(&gateway, "masha").await;
    let pasha = gateway.desktop("pasha").await;
    let moved = post(&masha, &workbin::to_workbin(id), &json!({"workbin": late, "comment": "Later"})).await;
    assert_eq!(moved.expect("moves").phase, Phase::InWorkbin { workbin: late });
    let path = workbin::open(id);
    let (one, other) = tokio::join!(post(&masha, &path, &Value::Null), post(&pasha, &path, &Value::Null));
    let (won, lost, winner) = match (one, other) {
        (Ok(won), Err(lost)) => (won, lost, "masha"),
        (Err(lost), Ok(won)) => (won, lost, "pasha"),
        both => panic!("{both:?}"),
    };
    assert_eq!(won.phase, Phase::Open);
    assert_eq!(lost.code, ProblemCode::Conflict);
    assert!(lost.detail.contains(winner), "{lost}");
    let winner = if winner == "masha" { &masha } else { &pasha };
    assert_eq!(post(winner, &path, &Value::Null).await, Ok(won));
    let back = post(winner, &workbin::put_back(id), &Value::Null).await.expect("puts back");
    assert_eq!(back.phase, Phase::InWorkbin { workbin: late });
}

#[tokio::test]
async fn whoever_looks_at_workbins_is_woken_and_nobody_else() {
    let gateway = Gateway::start().await;
    let (masha, id, late) = begun(&gateway, "masha").await;
    let pasha = gateway.desktop("pasha").await;
    let (snapshot, cursor) = pasha.snapshot().await;
    let held: Changes = told(&pasha, &format!("{}?after=0", workbin::CHANGES)).await;
    assert!(held.whole && held.items.is_empty() && held.places.is_some() && held.next >= snapshot.workbins);
    let heard = held.next.to_string();
    let query = [("wait_seconds", "50"), ("after", &cursor.to_string()), ("workbins", &heard)];
    let poll = pasha.call(Method::GET, api::EVENTS).query(&query).send();
    let path = workbin::to_workbin(id);
    let wanted = json!({"workbin": late});
    let (page, moved) = tokio::join!(poll, post(&masha, &path, &wanted));
    moved.expect("moves");
    let page: EventPage = page.expect("answers").json().await.expect("a page");
    let EventPage::Events { events, workbins, .. } = page else { panic!("{page:?}") };
    assert!(events.is_empty() && workbins > held.next);
    let path = format!("{}?after={}&view={}", workbin::CHANGES, held.next, held.view);
    let changed: Changes = told(&pasha, &path).await;
    assert_eq!((changed.whole, changed.items.len(), changed.next), (false, 1, workbins));
    assert_eq!(changed.items[0].interaction.id, id);
    let EventPage::Events { events, .. } = pasha.poll(Some(cursor), 0).await else { panic!("events") };
    assert!(events.is_empty(), "nothing of it is in anybody's feed");

    let transcript = format!("{}?part=before&limit=5", api::transcript(id));
    let page: TranscriptPage = told(&pasha, &transcript).await;
    assert_eq!(page.messages.len(), 1, "whoever sees where it lies reads what was said");
    let bad =
        pasha.call(Method::GET, &format!("{}?after=x", workbin::CHANGES)).send().await.expect("answers");
    assert_eq!(bad.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn logging_off_leaves_everything_in_the_workbin_until_the_contact_writes() {
    let gateway = Gateway::start().await;
    let (masha, id, _) = begun(&gateway, "masha").await;
    let pasha = gateway.desktop("pasha").await;
    let said = json!({"client_ref": waxwing_protocol::id::ClientRef::new(gateway.app.clock.now(), [1; 10]), "body": {"type": "text", "text": "there"}});
    let sent = masha.call(Method::POST, &api::messages(id)).json(&said).send().await.expect("answers");
    assert_eq!(sent.status(), StatusCode::ACCEPTED);
    let out = masha.call(Method::POST, api::SIGN_OUT).send().await.expect("answers");
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    pasha.ready().await;
    assert!(pasha.snapshot().await.0.interactions.is_empty());
    let body = envelope(json!({"messages": [text("15550000001", "wamid.2", "me again")]}));
    assert_eq!(gateway.webhook(body).await, StatusCode::OK);
    let (snapshot, _) = pasha.snapshot().await;
    assert_eq!(snapshot.interactions[0].interaction.id, id, "whoever is there gets it");
    assert_eq!(snapshot.interactions[0].transcript.len(), 3);
    let colleagues: Colleagues = told(&pasha, workbin::COLLEAGUES).await;
    let open: Vec<_> =
        colleagues.colleagues.iter().map(|one| (&*one.colleague.display_name, one.open)).collect();
    assert_eq!(open, [("masha", 0), ("pasha", 1)]);
    assert_eq!(colleagues.former, []);
    let mut change = gateway.app.store.begin().await.expect("begins");
    agents::disable_agent(&mut change, "masha").await.expect("disables");
    change.commit().await.expect("commits");
    let colleagues: Colleagues = told(&pasha, workbin::COLLEAGUES).await;
    let here: Vec<_> = colleagues.colleagues.iter().map(|one| &*one.colleague.display_name).collect();
    let former: Vec<_> = colleagues.former.iter().map(|one| &*one.display_name).collect();
    assert_eq!((here, former), (vec!["pasha"], vec!["masha"]), "what she handled is still found by her");
}

#[tokio::test]
async fn a_desktop_that_is_not_heard_of_loses_its_work_and_is_back_with_its_next_call() {
    let gateway = Gateway::start().await;
    let (masha, id, _) = begun(&gateway, "masha").await;
    let began = gateway.app.clock.now();
    gateway.pass(TimeDelta::seconds(300));
    let mut change = gateway.app.store.begin().await.expect("begins");
    due::run(&mut change, began, gateway.app.clock.now()).await.expect("runs");
    change.commit().await.expect("commits");
    let mut read = gateway.app.store.read().await.expect("reads");
    let left = waxwing_gateway::store::interactions::known(read.db(), id).await.expect("reads");
    drop(read);
    assert_eq!((left.phase, left.owner), (Phase::Queued, None), "the contact waits, and not unseen");
    let (snapshot, _) = masha.snapshot().await;
    let not_ready = waxwing_protocol::agent::AgentStatus::NotReady { reason: None };
    assert_eq!((snapshot.status.status, snapshot.interactions.len()), (not_ready, 0));
}

#[tokio::test]
async fn work_is_wrapped_up_as_the_house_wants_it() {
    let gateway = Gateway::start().await;
    let (masha, id, _) = begun(&gateway, "masha").await;
    let rules: Rules = told(&masha, wrap_up::RULES).await;
    assert!(rules.disposition_required && rules.dispositions[0].code == "sold");
    let put = async |path: String, body: Value| {
        let answer = masha.call(Method::PUT, &path).json(&body).send().await.expect("answers");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json::<Interaction>().await.expect("an interaction")
    };
    let noted = put(wrap_up::note(id), json!({"text": "Wants a bell", "based_on": 0})).await;
    assert_eq!(noted.note.expect("is there").text, "Wants a bell");
    put(wrap_up::case_data(id), json!({"put": [{"key": "Order", "value": "7"}]})).await;
    let ended = post(&masha, &wrap_up::end(id), &Value::Null).await.expect("ends");
    assert_eq!(ended.phase, Phase::Ended);
    let close = async || masha.call(Method::POST, &api::done(id)).send().await.expect("answers");
    let refused: Problem = close().await.json().await.expect("a problem");
    assert_eq!(refused.code, ProblemCode::DispositionMissing);
    let unknown =
        masha.call(Method::PUT, &wrap_up::disposition(id)).json(&json!({"code": "lost"})).send().await;
    assert_eq!(unknown.expect("answers").status(), StatusCode::UNPROCESSABLE_ENTITY);
    put(wrap_up::disposition(id), json!({"code": "sold"})).await;
    let (_, cursor) = masha.snapshot().await;
    assert_eq!(close().await.status(), StatusCode::NO_CONTENT);
    assert_eq!(close().await.status(), StatusCode::NO_CONTENT);
    let EventPage::Events { events, .. } = masha.poll(Some(cursor), 0).await else { panic!("events") };
    let gone = Event::InteractionRemoved { interaction: id, why: Departure::Done };
    assert!(events.iter().any(|event| event.event == gone));
    let undone = post(&masha, &wrap_up::undo_done(id), &Value::Null).await.expect("is undone");
    assert_eq!((undone.phase, undone.disposition.as_deref()), (Phase::Ended, Some("sold")));
    assert_eq!(close().await.status(), StatusCode::NO_CONTENT);
    gateway.pass(TimeDelta::seconds(11));
    let late = post(&masha, &wrap_up::undo_done(id), &Value::Null).await.expect_err("too late");
    assert_eq!(late.code, ProblemCode::Conflict);
}
