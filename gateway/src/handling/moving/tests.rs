//! The machine on the store: agents and contacts do whatever they like, and what everybody is told is what is true.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};
use waxwing_protocol::{
    agent::AgentStatus,
    event::Event,
    id::{AgentId, InteractionId},
    interaction::{Interaction, Phase},
    workbin::{ChangesQuery, MoveToWorkbin, Place, WorkbinItem},
};

use crate::{
    auth::TokenHash,
    handling::{Refusal, due, stage::*, status, workbins, workbins::changes, wrap_up},
    life::Standing,
    rules::{SessionRules, WorkbinRule, WrapUpRules, workbins::RuledKind},
    store::{Change, agents, interactions, lying, settings, workbins as kept},
};

/// What somebody does: which deed, which agent, which interaction or contact, and after how many seconds.
type Deed = (u8, usize, usize, i64);

/// What a desktop holds of workbins.
#[derive(Default)]
struct Held {
    items: BTreeMap<InteractionId, WorkbinItem>,
    after: u64,
    view: Option<u64>,
}

struct Play {
    stage: Stage,
    agents: Vec<AgentId>,
    held: Vec<Held>,
    now: i64,
    written: i64,
}

impl Play {
    async fn begin(offer_seconds: u32) -> Self {
        let stage = Stage::new().await;
        let agents =
            vec![stage.agent("masha", 2).await, stage.agent("pasha", 3).await, stage.lead("boss").await];
        let rules = SessionRules { offer_seconds, end_after_minutes: 3, ..SessionRules::default() };
        let late = WorkbinRule {
            name: "Late".to_owned(),
            kind: RuledKind::Shared,
            team: None,
            see: None,
            take: None,
            limit: Some(2),
            stale_after_hours: None,
        };
        let mut change = stage.store.begin().await.expect("begins");
        settings::keep(&mut change, &rules, &WrapUpRules::default()).await.expect("keeps");
        kept::configure(&mut change, &[late], at(0)).await.expect("configures");
        change.commit().await.expect("commits");
        let held = agents.iter().map(|_| Held::default()).collect();
        Self { stage, agents, held, now: 10, written: 0 }
    }

    async fn all(&self) -> Vec<Interaction> {
        let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM interactions ORDER BY created_at, id")
            .fetch_all(self.stage.store.reader())
            .await
            .expect("reads");
        let mut all = Vec::new();
        for id in ids {
            all.push(self.stage.interaction(id.parse().expect("an id")).await);
        }
        all
    }

    async fn act(&mut self, (deed, who, which, seconds): Deed) {
        self.now += seconds;
        let (agent, now) = (self.agents[who % self.agents.len()], at(self.now));
        if deed < 3 {
            self.written += 1;
            let (phone, wamid) = (format!("1555000000{}", which % 4), format!("wamid.{}", self.written));
            return self.stage.write(&phone, &wamid, "hello", self.now).await;
        }
        let known = self.all().await;
        let id = match known.len() {
            0 => InteractionId::new(at(0), [9; 10]),
            count => known[which % count].id,
        };
        if deed == 3 {
            let said = self.stage.answer(agent, id, "there", self.now).await;
            self.written += i64::from(said.is_ok());
            return;
        }
        let mut change = self.stage.store.begin().await.expect("begins");
        let to = self.agents[which % self.agents.len()];
        match perform(&mut change, deed, (agent, to, id), now).await {
            Ok(()) => change.commit().await.expect("commits"),
            Err(Refusal::Problem(_)) => drop(change),
            Err(Refusal::Store(error)) => panic!("{deed}: {error}"),
        }
    }

    /// Everything that must hold at every moment.
    async fn look(&mut self) {
        let all = self.all().await;
        let mut read = self.stage.store.read().await.expect("reads");
        for one in &all {
            let is_owned = matches!(one.phase, Phase::Offered { .. } | Phase::Open | Phase::Ended);
            assert!(one.phase == Phase::Done || is_owned == one.owner.is_some(), "{one:?}");
            let place = lying::of(read.db(), one.id).await.expect("reads").and_then(|lying| lying.place);
            assert_eq!(place, Standing::of(one).place(), "{one:?}");
            if let (true, Some(owner)) = (is_owned, one.owner) {
                let owner = agents::get(read.db(), owner).await.expect("reads").expect("is known");
                assert!(owner.is_at_work(), "{one:?}");
            }
            if let Phase::InWorkbin { .. } = one.phase {
                assert!(one.stored.is_some(), "{one:?}");
            }
        }
        drop(read);
        let lost = self
            .stage
            .count("SELECT COUNT(*) FROM messages WHERE interaction_id NOT IN (SELECT id FROM interactions)");
        assert_eq!(lost.await, 0);
        assert_eq!(self.stage.count("SELECT COUNT(*) FROM messages").await, self.written, "nothing is lost");
        for who in 0..self.agents.len() {
            self.sync(who).await;
        }
    }

    /// What a desktop is told in small pages is what it would be told anew.
    async fn sync(&mut self, who: usize) {
        let (agent, epoch) = (self.agents[who], self.stage.store.epoch());
        let held = &mut self.held[who];
        loop {
            let mut read = self.stage.store.read().await.expect("reads");
            let query = ChangesQuery { after: held.after, view: held.view };
            let page = changes::page(&mut read, agent, query, (epoch, 2)).await.expect("reads");
            if page.whole {
                held.items.clear();
            }
            for gone in page.gone {
                held.items.remove(&gone);
            }
            held.items.extend(page.items.into_iter().map(|item| (item.interaction.id, item)));
            (held.after, held.view) = (page.next, Some(page.view));
            if !page.more {
                break;
            }
        }
        let mut read = self.stage.store.read().await.expect("reads");
        let anew = ChangesQuery { after: 0, view: None };
        let whole = changes::page(&mut read, agent, anew, (epoch, 500)).await.expect("reads");
        let whole: BTreeMap<_, _> = whole.items.into_iter().map(|item| (item.interaction.id, item)).collect();
        assert_eq!(held.items, whole);
        if who == 2 {
            let queued = whole.values().filter(|item| matches!(item.place, Place::Queue { .. })).count();
            let count = "SELECT COUNT(*) FROM interactions WHERE phase = '{\"phase\":\"queued\"}'";
            assert_eq!(
                i64::try_from(queued),
                Ok(self.stage.count(count).await),
                "who leads sees every queue"
            );
        }
    }

    /// The feed of each agent, played from its beginning, is what they have.
    async fn replay(&self) {
        for agent in &self.agents {
            let mut has: BTreeMap<InteractionId, Interaction> = BTreeMap::new();
            for event in self.stage.feed(*agent).await {
                match event {
                    Event::InteractionAdded { interaction, .. } => {
                        assert!(has.insert(interaction.id, *interaction).is_none(), "added twice");
                    }
                    Event::InteractionChanged { interaction } => {
                        let held = has.insert(interaction.id, (*interaction).clone());
                        assert!(held.is_some_and(|held| held.revision < interaction.revision));
                    }
                    Event::InteractionRemoved { interaction, .. } => {
                        assert!(has.remove(&interaction).is_some(), "removed twice");
                    }
                    _ => {}
                }
            }
            let owned = self.stage.owned(*agent).await.into_iter().map(|one| (one.id, one)).collect();
            assert_eq!(has, owned);
        }
    }
}

async fn perform(
    change: &mut Change,
    deed: u8,
    (agent, to, id): (AgentId, AgentId, InteractionId),
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Refusal> {
    let late = kept::all(change.db()).await?.into_iter().find(|one| one.name == "Late").map(|one| one.id);
    let into = |workbin| MoveToWorkbin { workbin, comment: None, remind_at: None };
    match deed {
        4 => workbins::to_workbin(change, agent, (id, &into(None)), now).await.map(drop),
        5 => workbins::to_workbin(change, agent, (id, &into(late)), now).await.map(drop),
        6 => workbins::open(change, agent, id, now).await.map(drop),
        7 => workbins::put_back(change, agent, id, now).await.map(drop),
        8 => workbins::assign(change, agent, (id, to), now).await.map(drop),
        9 => workbins::accept(change, agent, id, now).await.map(drop),
        10 => workbins::reject(change, agent, id, now).await,
        11 => wrap_up::end(change, agent, id, now).await.map(drop),
        12 => wrap_up::done(change, agent, id, now).await,
        13 => wrap_up::undo_done(change, agent, id, now).await.map(drop),
        14 => Ok(status::sign_out(change, agent, &TokenHash::of("none"), now).await?),
        15 => {
            status::sign_in(change, agent, now).await?;
            status::set(change, agent, &AgentStatus::Ready, now).await.map(drop)
        }
        16 => {
            status::sign_in(change, agent, now).await?;
            status::set(change, agent, &AgentStatus::NotReady { reason: None }, now).await.map(drop)
        }
        _ => Ok(due::run(change, at(0), now).await?),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whoever_does_what_nothing_is_lost_and_everybody_is_told_what_is_true(
        deeds in vec((0u8..18, 0usize..3, 0usize..6, 0i64..40), 1..60),
        offer_seconds in prop_oneof![Just(0u32), Just(30)],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut play = Play::begin(offer_seconds).await;
            for deed in deeds {
                play.act(deed).await;
                play.look().await;
            }
            play.replay().await;
            let all = play.all().await;
            let mut read = play.stage.store.read().await.expect("reads");
            let (queued, held) = interactions::counts(read.db()).await.expect("counts");
            let count = |wanted: fn(&Interaction) -> bool| i64::try_from(all.iter().filter(|one| wanted(one)).count());
            assert_eq!(Ok(queued), count(|one| one.phase == Phase::Queued));
            assert_eq!(Ok(held), count(|one| one.phase != Phase::Done && one.owner.is_some()));
        });
    }
}
