//! Who gets in, for how long, and how often they may try.

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
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

#[tokio::test]
async fn an_old_hash_is_made_anew_at_the_next_sign_in() {
    let params = Params::new(256, 1, 1, None).expect("parameters");
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(PASSWORD.as_bytes(), &[7; 16])
        .expect("hashes")
        .to_string();
    let gateway = Gateway::start().await;
    gateway.add_agent("masha").await;
    let hash = async || {
        sqlx::query_scalar::<_, String>("SELECT password_hash FROM agents")
            .fetch_one(gateway.app.store.reader())
            .await
            .expect("reads")
    };
    let strong = hash().await;
    assert_eq!(gateway.try_sign_in("masha", PASSWORD).await.status(), StatusCode::OK);
    assert_eq!(hash().await, strong, "a good one stays");
    let mut change = gateway.app.store.begin().await.expect("begins");
    agents::set_password(&mut change, "masha", &weak).await.expect("sets").expect("is known");
    change.commit().await.expect("commits");
    assert_eq!(gateway.try_sign_in("masha", "a wrong password").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(hash().await, weak);
    assert_eq!(gateway.try_sign_in("masha", PASSWORD).await.status(), StatusCode::OK);
    assert!(hash().await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_eq!(gateway.try_sign_in("masha", PASSWORD).await.status(), StatusCode::OK);
}

/// Everybody's calls come from the proxy; whoever guesses must not lock the others out.
#[tokio::test]
async fn behind_a_trusted_proxy_one_guesser_does_not_lock_the_house_out() {
    for trusted in [true, false] {
        let gateway = Gateway::start_with(|app| {
            if trusted {
                app.trusted_proxies = [std::net::IpAddr::from([127, 0, 0, 1])].into();
            }
        })
        .await;
        gateway.add_agent("masha").await;
        let sign_in = async |from: &str, user_name: &str, password: &str| {
            let asked = serde_json::json!({"user_name": user_name, "password": password, "device": "test"});
            let request = gateway.client.post(format!("{}{}", gateway.url, api::SIGN_IN)).json(&asked);
            request.header("x-forwarded-for", from).send().await.expect("answers").status()
        };
        for n in 0..20 {
            sign_in("192.0.2.66", &format!("nobody{n}"), "a wrong password").await;
        }
        assert_eq!(sign_in("192.0.2.66", "masha", PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
        let expected = if trusted { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(sign_in("192.0.2.1", "masha", PASSWORD).await, expected);
    }
}
