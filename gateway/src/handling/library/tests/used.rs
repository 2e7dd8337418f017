//! Favourites, what was used last, and how often by how many.

use waxwing_protocol::{
    api::{OutgoingBody, SendMessage},
    id::ClientRef,
};

use super::*;
use crate::{
    handling::{library::uses::set_favourites, outbound},
    limits::Limits,
};

async fn favour(stage: &Stage, agent: AgentId, seeds: &[u8]) {
    let mut change = stage.store.begin().await.expect("begins");
    let wanted = Favourites { responses: seeds.iter().copied().map(response).collect() };
    set_favourites(&mut change, agent, &wanted, at(10)).await.expect("keeps");
    change.commit().await.expect("commits");
}

/// Sends a message that some responses went into.
async fn send(stage: &Stage, agent: AgentId, seed: u8, used: &[u8], seconds: i64) {
    let interaction = stage.owned(agent).await[0].id;
    let wanted = SendMessage {
        client_ref: ClientRef::new(at(0), [seed; 10]),
        body: OutgoingBody::Text { text: "Thank you".to_owned() },
        quote: None,
        responses: used.iter().copied().map(response).collect(),
    };
    let mut change = stage.store.begin().await.expect("begins");
    let sent =
        outbound::send(&mut change, agent, (interaction, &wanted), &Limits::default(), at(seconds)).await;
    sent.expect("sends");
    change.commit().await.expect("commits");
}

#[tokio::test]
async fn favourites_are_an_agents_own_and_only_what_they_see() {
    let stage = Stage::new().await;
    let (lead, masha) = (stage.lead("lead").await, stage.agent("masha", 5).await);
    for seed in 1..=3 {
        stage.writes(lead, seed, (0, shared("x"))).await.expect("writes");
    }
    stage.writes(lead, 4, (0, own("x", lead))).await.expect("writes");
    let (told, leads) = (stage.told(masha).await.len(), stage.told(lead).await);
    favour(&stage, masha, &[3, 1, 4, 3, 9]).await;
    let page = stage.page(masha, 4).await;
    assert_eq!(page.favourites, [response(3), response(1)]);
    assert_eq!((page.responses.len(), page.next), (0, 5));
    assert_eq!((stage.told(masha).await.len(), stage.told(lead).await), (told + 1, leads));
    favour(&stage, masha, &[3, 1]).await;
    assert_eq!(stage.revision().await, 5, "nothing has changed");
    stage.removes(lead, 3).await.expect("removes");
    assert_eq!(stage.page(masha, 0).await.favourites, [response(1)]);
    let mut change = stage.store.begin().await.expect("begins");
    let many = Favourites { responses: vec![response(1); 501] };
    let refused = set_favourites(&mut change, masha, &many, at(10)).await.expect_err("too many");
    assert_eq!(code(refused), ProblemCode::UnacceptableBody);
}

#[tokio::test]
async fn a_message_counts_each_response_once_however_often_it_comes() {
    let stage = Stage::new().await;
    let (lead, masha) = (stage.lead("lead").await, stage.agent("masha", 5).await);
    for seed in 1..=2 {
        stage.writes(lead, seed, (0, shared("x"))).await.expect("writes");
    }
    stage.writes(lead, 3, (0, own("x", lead))).await.expect("writes");
    stage.writes(masha, 4, (0, own("x", masha))).await.expect("writes");
    stage.ready(masha, 11).await;
    stage.write("15550000001", "wamid.1", "hello", 12).await;
    let (before, leads) = (stage.revision().await, stage.told(lead).await);
    send(&stage, masha, 1, &[1, 1, 3, 9], 20).await;
    send(&stage, masha, 1, &[1, 1, 3, 9], 21).await;
    let page = stage.page(masha, before).await;
    assert_eq!((page.recent, page.next), (vec![response(1)], before + 1));
    assert_eq!(stage.told(masha).await.last(), Some(&(before + 1)));
    assert_eq!(stage.told(lead).await, leads, "it is nobody else's business");
    send(&stage, masha, 2, &[], 30).await;
    assert_eq!(stage.revision().await, before + 1);
    send(&stage, masha, 3, &[1, 2, 4], 40).await;
    assert_eq!(stage.page(masha, 0).await.recent, [response(1), response(2), response(4)]);

    let mut read = stage.store.read().await.expect("reads");
    let refused = uses::usage(&mut read, masha).await.expect_err("not for her");
    assert_eq!(code(refused), ProblemCode::NotAllowed);
    let usage = uses::usage(&mut read, lead).await.expect("reads").responses;
    let told: Vec<_> =
        usage.iter().map(|one| (one.response, one.uses, one.agents, one.last_used_at)).collect();
    assert_eq!(told, [(response(1), 2, 1, at(40)), (response(2), 1, 1, at(40))]);
}
