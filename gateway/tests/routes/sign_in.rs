//! Who gets in, for how long, and how often they may try.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use waxwing_gateway::{handling::status, housekeeping, store::agents};
use waxwing_protocol::{
    agent::AgentStatus,
    api,
    problem::{Problem, ProblemCode},
};

use crate::support::{Desktop, Gateway, PASSWORD};

async fn poll(desktop: &Desktop<'_>) -> StatusCode {
    desktop.poll_raw(None, 0).await.status()
}

#[tokio::test]
async fn a_token_ends_by_age_by_idleness_and_by_signing_out() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    assert!(!format!("{:?}", masha.signed_in).contains(&masha.signed_in.token));
    assert_eq!(masha.signed_in.status.status, AgentStatus::NotReady { reason: None });
    for _half_hour in 0..24 {
        assert_eq!(poll(&masha).await, StatusCode::OK);
        gateway.pass(TimeDelta::minutes(29));
    }
    gateway.pass(TimeDelta::minutes(25));
    assert_eq!(poll(&masha).await, StatusCode::UNAUTHORIZED, "twelve hours are over");

    let pasha = gateway.desktop("pasha").await;
    pasha.ready().await;
    gateway.pass(TimeDelta::minutes(30));
    assert_eq!(poll(&pasha).await, StatusCode::UNAUTHORIZED, "nothing was heard for half an hour");
    housekeeping::tidy(&gateway.app).await.expect("tidies");
    let record =
        agents::get(gateway.app.store.read().await.expect("reads").db(), pasha.signed_in.agent.id).await;
    assert_eq!(record.expect("reads").expect("an agent").status.status, AgentStatus::SignedOut);

    let dasha = gateway.desktop("dasha").await;
    let answer = dasha.call(Method::POST, api::SIGN_OUT).send().await.expect("answers");
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(poll(&dasha).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn another_password_and_a_disabled_account_end_every_token() {
    let gateway = Gateway::start().await;
    let (masha, pasha) = (gateway.desktop("masha").await, gateway.desktop("pasha").await);
    let mut change = gateway.app.store.begin().await.expect("begins");
    let hash = waxwing_gateway::auth::hash_password("a warm dark night");
    agents::set_password(&mut change, "masha", &hash).await.expect("changes").expect("is known");
    status::disable(&mut change, "pasha", gateway.app.clock.now())
        .await
        .expect("disables")
        .expect("is known");
    assert!(agents::set_password(&mut change, "nobody", &hash).await.expect("asks").is_none());
    change.commit().await.expect("commits");
    assert_eq!(poll(&masha).await, StatusCode::UNAUTHORIZED);
    assert_eq!(poll(&pasha).await, StatusCode::UNAUTHORIZED);
    assert_eq!(gateway.try_sign_in("masha", PASSWORD).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(gateway.try_sign_in(" Masha ", "a warm dark night").await.status(), StatusCode::OK);
    assert_eq!(gateway.try_sign_in("pasha", PASSWORD).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn guessing_has_to_wait() {
    let gateway = Gateway::start().await;
    gateway.add_agent("masha").await;
    for user_name in ["masha", "nobody"] {
        for _failure in 0..5 {
            let answer = gateway.try_sign_in(user_name, "a wrong password").await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
            assert_eq!(
                answer.json::<Problem>().await.expect("a problem").code,
                ProblemCode::WrongCredentials
            );
        }
        let answer = gateway.try_sign_in(user_name, PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(
            answer.headers()["retry-after"].to_str().expect("a text").parse::<u32>().expect("seconds") > 60
        );
    }
    gateway.pass(TimeDelta::minutes(15));
    assert_eq!(gateway.try_sign_in("masha", PASSWORD).await.status(), StatusCode::OK);
}
