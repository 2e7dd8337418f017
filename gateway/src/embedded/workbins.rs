//! What lies in the demo's workbins when it first starts, so that there is something to look at: people who wrote before and were
//! put aside. They are real contacts of the network in a box and can be answered.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::time::timeout;
use waxwing_protocol::{
    agent::Role,
    id::{AgentId, InteractionId},
    interaction::CaseDatum,
    workbin::{ChangesQuery, MAX_CHANGES, MoveToWorkbin, Place},
    wrap_up::{Disposition, Field, FieldKind, PutCaseData, PutNote},
};

use super::EmbeddedError;
use crate::{
    auth,
    clock::Clock,
    handling::{
        Refusal,
        workbins::{self, changes},
        wrap_up,
    },
    rules::{WorkbinRule, WrapUpRules, workbins::RuledKind},
    simulator::{
        Simulator,
        script::{Identity, ScriptedPerson},
    },
    store::{
        Change, Store, StoreError,
        agents::{self, NewAgent},
        workbins as kept,
    },
};

/// The team of the demo's colleagues.
const TEAM: &str = "Support";
/// What the shared workbin is called.
const FOLLOW_UPS: &str = "Follow-ups";
/// How long the network in a box may take to bring what they wrote.
const PATIENCE: Duration = Duration::from_secs(10);

/// Somebody who wrote before.
struct Earlier {
    name: &'static str,
    phone: &'static str,
    said: &'static str,
    /// In which workbin they lie; none for that of a colleague.
    workbin: Option<&'static str>,
    comment: &'static str,
    note: &'static str,
    order: &'static str,
}

const EARLIER: [Earlier; 4] = [
    Earlier {
        name: "Grace Okafor",
        phone: "15550100301",
        said: "My bicycle bell arrived without its screw. Could you send me one?",
        workbin: Some(FOLLOW_UPS),
        comment: "The screws come in on Monday",
        note: "Has the old model, needs the short screw.",
        order: "48120",
    },
    Earlier {
        name: "Jonas Weber",
        phone: "15550100302",
        said: "Wann ist das Ersatzrad wieder da?",
        workbin: Some(FOLLOW_UPS),
        comment: "Ask the warehouse first",
        note: "",
        order: "48133",
    },
    Earlier {
        name: "Leila Haddad",
        phone: "15550100303",
        said: "The invoice has my old address on it, can that be changed?",
        workbin: Some(TEAM),
        comment: "",
        note: "Address is right in the shop; the invoice is from before.",
        order: "47995",
    },
    Earlier {
        name: "Tomás Vega",
        phone: "15550100304",
        said: "Thanks, I'll measure the frame tonight and write again.",
        workbin: None,
        comment: "Waits for the frame's size",
        note: "",
        order: "",
    },
];

/// The demo's workbins.
pub(super) fn rules() -> Vec<WorkbinRule> {
    let rule = |name: &str, kind, team: Option<&str>| WorkbinRule {
        name: name.to_owned(),
        kind,
        team: team.map(str::to_owned),
        see: None,
        take: None,
        limit: Some(200),
        stale_after_hours: Some(48),
    };
    vec![rule(FOLLOW_UPS, RuledKind::Shared, None), rule(TEAM, RuledKind::Team, Some(TEAM))]
}

/// How work ends in the demo.
pub(super) fn wrap_up_rules() -> WrapUpRules {
    let one = |code: &str, name: &str, parent: Option<&str>| Disposition {
        code: code.to_owned(),
        name: name.to_owned(),
        parent: parent.map(str::to_owned),
    };
    let field = |key: &str, name: &str, kind| Field { key: key.to_owned(), name: name.to_owned(), kind };
    let segments = ["Gold", "Silver", "Standard"].map(str::to_owned).to_vec();
    WrapUpRules {
        dispositions: vec![
            one("sale", "Sale", None),
            one("sold", "Sold", Some("sale")),
            one("offer-sent", "Offer sent", Some("sale")),
            one("service", "Service", None),
            one("answered", "Question answered", Some("service")),
            one("complaint", "Complaint settled", Some("service")),
            one("no-answer", "Contact did not answer", None),
        ],
        case_fields: vec![
            field("Order", "Order number", FieldKind::Number),
            field("Callback", "Call back on", FieldKind::Date),
        ],
        contact_fields: vec![field("Segment", "Segment", FieldKind::Choice { choices: segments })],
        ..WrapUpRules::default()
    }
}

/// Those who wrote before, as people of the network: they say nothing by themselves.
pub(super) fn people() -> Vec<ScriptedPerson> {
    let person = |(number, one): (usize, &Earlier)| {
        let identity = Identity {
            name: one.name.to_owned(),
            phone: Some(one.phone.to_owned()),
            user_id: format!("US.8030010000000{number}"),
            user_name: None,
        };
        ScriptedPerson { identity, looks: false, steps: Vec::new() }
    };
    EARLIER.iter().enumerate().map(person).collect()
}

/// Adds the demo's colleagues, who never sign in.
pub(super) async fn employ(change: &mut Change, now: DateTime<Utc>) -> Result<(), StoreError> {
    for (user_name, display_name) in [("mia", "Mia Brandt"), ("tom", "Tom Lindqvist")] {
        let colleague = NewAgent {
            user_name: user_name.to_owned(),
            display_name: display_name.to_owned(),
            role: Role::Agent,
            capacity: 4,
            team: Some(TEAM.to_owned()),
            password_hash: auth::hash_password(&super::draw_secret()),
        };
        agents::add_agent(change, &colleague, now).await?;
    }
    kept::configure(change, &rules(), now).await
}

/// Lets those who wrote before write, and puts them aside as the demo's agent, who leads a team and is not there yet.
pub(super) async fn fill(
    (store, clock): (&Store, &Clock),
    simulator: &Simulator,
    lead: AgentId,
) -> Result<(), EmbeddedError> {
    for one in &EARLIER {
        simulator.say(one.name, &json!({"type": "text", "text": {"body": one.said}}));
    }
    let Ok(queued) = timeout(PATIENCE, all_queued(store, lead)).await else {
        tracing::warn!("the demo's workbins stay empty: nothing came from its network");
        return Ok(());
    };
    let (queued, now) = (queued?, clock.now());
    let mut change = store.begin().await?;
    for (one, id) in EARLIER.iter().zip(queued) {
        match put_aside(&mut change, (lead, id), one, now).await {
            Ok(()) => {}
            Err(Refusal::Store(error)) => return Err(error.into()),
            Err(Refusal::Problem(problem)) => {
                tracing::warn!(%problem, "something of the demo stays in the queue")
            }
        }
    }
    Ok(change.commit().await?)
}

/// Waits until all of them wait in the queue, and says as what.
async fn all_queued(store: &Store, lead: AgentId) -> Result<Vec<InteractionId>, StoreError> {
    let mut bell = store.feed().listen_to_workbins();
    loop {
        bell.borrow_and_update();
        let mut read = store.read().await?;
        let anew = ChangesQuery { after: 0, view: None };
        let page = changes::page(&mut read, lead, anew, (store.epoch(), MAX_CHANGES)).await?;
        drop(read);
        let of = |one: &Earlier| {
            let is_theirs = |name: Option<&str>| name == Some(one.name);
            page.items.iter().find(|item| {
                matches!(item.place, Place::Queue { .. })
                    && is_theirs(item.interaction.contact.profile_name.as_deref())
            })
        };
        let queued: Vec<_> = EARLIER.iter().filter_map(of).map(|item| item.interaction.id).collect();
        if queued.len() == EARLIER.len() {
            return Ok(queued);
        }
        // The bell hangs in the store for as long as there is one.
        bell.changed().await.unwrap_or_default();
    }
}

async fn put_aside(
    change: &mut Change,
    (lead, id): (AgentId, InteractionId),
    one: &Earlier,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let all = kept::all(change.db()).await?;
    let named = |name: &str| all.iter().find(|workbin| workbin.name == name).map(|workbin| workbin.id);
    if !one.note.is_empty() {
        let note = PutNote { text: one.note.to_owned(), based_on: 0 };
        wrap_up::note(change, lead, (id, &note), now).await?;
    }
    if !one.order.is_empty() {
        let put = vec![CaseDatum { key: "Order".to_owned(), value: one.order.to_owned() }];
        wrap_up::case_data(change, lead, (id, &PutCaseData { put, remove: Vec::new() }), now).await?;
    }
    let into = MoveToWorkbin {
        workbin: named(one.workbin.unwrap_or("Mia Brandt")),
        comment: Some(one.comment.to_owned()),
        remind_at: one.comment.contains("Monday").then(|| now + TimeDelta::days(1)),
    };
    workbins::to_workbin(change, lead, (id, &into), now).await.map(drop)
}
