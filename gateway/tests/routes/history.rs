//! Transcripts and searches over the wire: in the address and out as JSON.

use reqwest::{Method, StatusCode};
use serde_json::json;
use waxwing_protocol::{
    api::{self, SearchHits, TranscriptPage},
    id::InteractionId,
    problem::{Problem, ProblemCode},
};

use crate::support::{Desktop, Gateway, envelope, text};

/// An agent with an interaction in which the contact has said these words.
async fn told<'a>(gateway: &'a Gateway, words: &[&str]) -> (Desktop<'a>, InteractionId) {
    let desktop = gateway.desktop("masha").await;
    desktop.ready().await;
    for (number, words) in words.iter().enumerate() {
        let message = text("15550000001", &format!("wamid.{number}"), words);
        assert_eq!(gateway.webhook(envelope(json!({"messages": [message]}))).await, StatusCode::OK);
    }
    let id = desktop.snapshot().await.0.interactions[0].interaction.id;
    (desktop, id)
}

#[tokio::test]
async fn a_transcript_is_asked_for_by_the_page() {
    let gateway = Gateway::start().await;
    let (desktop, id) = told(&gateway, &["one", "two", "three"]).await;
    let ask = async |query: &str| {
        let path = format!("{}?{query}", api::transcript(id));
        desktop.call(Method::GET, &path).send().await.expect("answers")
    };
    let page: TranscriptPage = ask("part=before&limit=2").await.json().await.expect("a page");
    let said: Vec<&str> = page.messages.iter().map(|message| &*message.fallback).collect();
    assert_eq!((said, page.older, page.newer), (vec!["two", "three"], true, false));
    let from = page.messages[0].id;
    let page: TranscriptPage =
        ask(&format!("part=around&message={from}&limit=2&sessions=0")).await.json().await.expect("a page");
    let said: Vec<&str> = page.messages.iter().map(|message| &*message.fallback).collect();
    assert_eq!((said, page.older, page.newer), (vec!["one", "two"], false, true));
    let page: TranscriptPage =
        ask("part=around&at=2020-01-01T00:00:00Z&limit=1").await.json().await.expect("a page");
    assert_eq!(page.messages[0].fallback, "one");
    for (query, code) in [
        ("part=before&limit=0", ProblemCode::BadRequest),
        ("part=before", ProblemCode::BadRequest),
        ("part=sideways&limit=1", ProblemCode::BadRequest),
        ("part=around&limit=1", ProblemCode::BadRequest),
        ("part=before&limit=1&message=msg_1", ProblemCode::BadRequest),
        ("part=before&limit=1&message=msg_00000000000000000000000000000000", ProblemCode::NotFound),
    ] {
        let problem: Problem = ask(query).await.json().await.expect("a problem");
        assert_eq!(problem.code, code, "{query}");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn words_are_looked_for_as_typed() {
    let gateway = Gateway::start().await;
    let (desktop, id) = told(&gateway, &["Olá, João!", "50 % off?", "joao again"]).await;
    let said = desktop.transcripts().await;
    let ask = async |words: &str| {
        let call = desktop.call(Method::GET, &api::search(id)).query(&[("words", words)]);
        call.send().await.expect("answers")
    };
    let found = async |words: &str| {
        let hits: SearchHits = ask(words).await.json().await.expect("hits");
        assert!(!hits.more);
        hits.messages
    };
    assert_eq!(found("  JOAO ").await, [said[2].id, said[0].id]);
    assert_eq!(found("joão olá").await, [said[0].id]);
    assert_eq!(found("%").await, [said[1].id]);
    assert_eq!(found("maria").await, []);
    for words in ["", "   ", &"a".repeat(501), &"a ".repeat(21)] {
        let problem: Problem = ask(words).await.json().await.expect("a problem");
        assert_eq!(problem.code, ProblemCode::BadRequest);
    }
    let boris = gateway.desktop("boris").await;
    let call = boris.call(Method::GET, &api::search(id)).query(&[("words", "joao")]);
    assert_eq!(
        call.send().await.expect("answers").status(),
        StatusCode::OK,
        "history is everybody's to read"
    );
    let nothing = InteractionId::new(crate::support::start_of_play(), [9; 10]);
    let call = boris.call(Method::GET, &format!("{}?part=before&limit=1", api::transcript(nothing)));
    assert_eq!(call.send().await.expect("answers").status(), StatusCode::NOT_FOUND);
    gateway.stop().await;
}
