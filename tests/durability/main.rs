//! A short `make torture`: the real gateway as a process of its own is killed while webhooks come in.

#[expect(dead_code, reason = "bench and torture need more of it")]
#[path = "../../benches/kit/mod.rs"]
mod kit;

#[path = "../../benches/torture/gateway_killed.rs"]
mod gateway_killed;

#[path = "../../benches/torture/hasty.rs"]
mod hasty;

use std::time::Duration;

use gateway_killed::Plan;
use kit::programs::Programs;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_with_200_survives_the_death_of_the_gateway_once() {
    let programs = Programs::build(&["waxwing-gateway"]);
    let seed = u64::from(u32::from_be_bytes(waxwing_gateway::random::bytes()));
    let plan = Plan { webhooks: 300, kills: 10, connections: 8, seed, is_hasty: false };
    println!("{plan:?}");
    let came = gateway_killed::run(&programs.at("waxwing-gateway"), plan).await;
    println!("{came:?}");
    assert_eq!(came.answered, plan.webhooks);
    assert_eq!((came.lost, came.doubled), (0, 0));
    assert!(came.is_sound);
    assert!(came.faults.is_empty(), "{:?}", came.faults);
    // On a machine with much else to do a start takes its time; `make torture` holds it to two seconds.
    assert!(came.slowest_return < Duration::from_secs(10), "{:?}", came.slowest_return);
    assert!(came.repeated > 0, "every request had its answer");
    assert!(came.hits >= plan.kills / 2, "only {} of {} kills hit", came.hits, plan.kills);
    assert_eq!(came.control, (1, 1), "the verdict does not see what is wrong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_answers_before_it_keeps_would_be_noticed() {
    let programs = Programs::build(&["waxwing-gateway"]);
    let plan = Plan { webhooks: 300, kills: 3, connections: 8, seed: 1, is_hasty: true };
    let came = gateway_killed::run(&programs.at("waxwing-gateway"), plan).await;
    assert_eq!(came.answered, plan.webhooks);
    assert!(came.lost > 0, "{came:?}");
}
