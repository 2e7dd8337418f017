//! Who may call what: a row for each call that there is. What is not theirs looks to agents as if it were not there.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use waxwing_protocol::{
    id::{
        AgentId, AttachmentId, BusinessNumberId, CategoryId, ClientRef, ContactId, InteractionId, MergeId,
        MessageId, ResponseId,
    },
    library,
    upload::Upload,
};

use crate::support::{Desktop, Gateway, envelope, start_of_play, text};

/// Whom a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    /// Everybody.
    All,
    /// Whoever is signed in.
    Agents,
    /// The agent whose interaction, message, file or response it is about.
    Owner,
    /// Whoever leads a team.
    Leads,
}

/// Each call, whom it is for, and a body that it takes.
fn rows() -> Vec<(&'static str, &'static str, For, Value)> {
    let client_ref = ClientRef::new(start_of_play(), [9; 10]);
    let upload = json!({"client_ref": client_ref, "kind": "document", "file_name": "a.txt", "size_bytes": 5,
        "sha256": "0a".repeat(32)});
    vec![
        ("post", "/v1/sign-in", For::All, json!({"user_name": "x", "password": "x"})),
        ("post", "/v1/sign-out", For::Agents, Value::Null),
        ("get", "/v1/events", For::Agents, Value::Null),
        ("put", "/v1/status", For::Agents, json!({"status": "ready"})),
        ("get", "/v1/health", For::All, Value::Null),
        ("get", "/v1/ready", For::All, Value::Null),
        (
            "post",
            "/v1/interactions/{interaction}/messages",
            For::Owner,
            json!({"client_ref": client_ref, "body": {"type": "text", "text": "x"}}),
        ),
        ("post", "/v1/interactions/{interaction}/messages/{message}/retry", For::Owner, Value::Null),
        (
            "put",
            "/v1/interactions/{interaction}/messages/{message}/reaction",
            For::Owner,
            json!({"emoji": "👍"}),
        ),
        ("post", "/v1/interactions/{interaction}/done", For::Owner, Value::Null),
        ("get", "/v1/interactions/{interaction}/transcript", For::Agents, Value::Null),
        ("get", "/v1/interactions/{interaction}/search", For::Agents, Value::Null),
        (
            "put",
            "/v1/interactions/{interaction}/read",
            For::Owner,
            json!({"up_to": MessageId::new(start_of_play(), [0; 10])}),
        ),
        ("post", "/v1/interactions/{interaction}/typing", For::Owner, Value::Null),
        (
            "put",
            "/v1/interactions/{interaction}/draft",
            For::Owner,
            json!({"text": "x", "at": start_of_play(), "based_on": 0}),
        ),
        (
            "post",
            "/v1/interactions/{interaction}/contact/details",
            For::Owner,
            json!({"message": MessageId::new(start_of_play(), [0; 10]), "card": 0}),
        ),
        ("post", "/v1/interactions/{interaction}/messages/{message}/attachment", For::Owner, Value::Null),
        ("post", "/v1/interactions/{interaction}/uploads", For::Owner, upload),
        ("put", "/v1/uploads/{upload}/{piece}", For::Owner, Value::Null),
        ("delete", "/v1/uploads/{upload}", For::Owner, Value::Null),
        ("get", "/v1/file-rules", For::Agents, Value::Null),
        ("get", "/v1/attachments/{attachment}", For::Owner, Value::Null),
        ("get", "/v1/attachments/{attachment}/preview", For::Owner, Value::Null),
    ]
    .into_iter()
    .chain(of_library())
    .chain(of_workbins())
    .chain(of_contacts())
    .collect()
}

/// The same for contacts and the history, which everybody who works here may read.
fn of_contacts() -> Vec<(&'static str, &'static str, For, Value)> {
    let (one, other) = (ContactId::new(start_of_play(), [9; 10]), ContactId::new(start_of_play(), [8; 10]));
    let number = BusinessNumberId::new(start_of_play(), [9; 10]);
    vec![
        ("get", "/v1/contacts", For::Agents, Value::Null),
        ("post", "/v1/contacts", For::Agents, json!({"phone": "+49 30 901820"})),
        ("get", "/v1/contacts/{contact}", For::Agents, Value::Null),
        ("put", "/v1/contacts/{contact}", For::Agents, json!({"based_on": 0})),
        ("put", "/v1/contacts/{contact}/block", For::Agents, json!({"blocked": false})),
        ("put", "/v1/contacts/favourites", For::Agents, json!({"contacts": []})),
        ("post", "/v1/contacts/import", For::Leads, Value::Null),
        ("get", "/v1/contacts/export", For::Leads, Value::Null),
        ("post", "/v1/contacts/merges", For::Agents, json!({"from": one, "into": other})),
        ("delete", "/v1/contacts/merges/{merge}", For::Agents, Value::Null),
        ("get", "/v1/numbers", For::Agents, Value::Null),
        ("get", "/v1/history", For::Agents, Value::Null),
        ("get", "/v1/interactions/{interaction}", For::Agents, Value::Null),
        ("post", "/v1/chats", For::Agents, json!({"contact": one, "number": number})),
    ]
}

/// The same for what is done with interactions besides talking.
fn of_workbins() -> Vec<(&'static str, &'static str, For, Value)> {
    let agent = AgentId::new(start_of_play(), [9; 10]);
    vec![
        ("get", "/v1/workbins/changes", For::Agents, Value::Null),
        ("get", "/v1/colleagues", For::Agents, Value::Null),
        ("get", "/v1/wrap-up", For::Agents, Value::Null),
        ("post", "/v1/interactions/{interaction}/workbin", For::Owner, json!({})),
        ("post", "/v1/interactions/{interaction}/open", For::Owner, Value::Null),
        ("post", "/v1/interactions/{interaction}/put-back", For::Owner, Value::Null),
        ("post", "/v1/interactions/{interaction}/assign", For::Owner, json!({"agent": agent})),
        ("post", "/v1/interactions/{interaction}/accept", For::Owner, Value::Null),
        ("post", "/v1/interactions/{interaction}/reject", For::Owner, Value::Null),
        ("post", "/v1/interactions/{interaction}/end", For::Owner, Value::Null),
        ("post", "/v1/interactions/{interaction}/done/undo", For::Owner, Value::Null),
        ("put", "/v1/interactions/{interaction}/note", For::Owner, json!({"text": "x", "based_on": 0})),
        (
            "put",
            "/v1/interactions/{interaction}/case-data",
            For::Owner,
            json!({"put": [{"key": "x", "value": "x"}]}),
        ),
        ("put", "/v1/interactions/{interaction}/disposition", For::Owner, json!({"code": null})),
    ]
}

/// The same for the library.
fn of_library() -> Vec<(&'static str, &'static str, For, Value)> {
    let client_ref = ClientRef::new(start_of_play(), [10; 10]);
    let upload = json!({"client_ref": client_ref, "kind": "document", "file_name": "a.txt", "size_bytes": 5,
        "sha256": "0a".repeat(32)});
    let changed = json!({"based_on": 1, "name": "x", "body": "x", "active": true});
    vec![
        ("get", "/v1/library", For::Agents, Value::Null),
        ("post", "/v1/library/import", For::Leads, Value::Null),
        ("get", "/v1/library/export", For::Agents, Value::Null),
        ("get", "/v1/library/usage", For::Leads, Value::Null),
        ("post", "/v1/templates/refresh", For::Agents, Value::Null),
        ("put", "/v1/library/favourites", For::Agents, json!({"responses": []})),
        ("post", "/v1/library/uploads", For::Agents, upload),
        ("put", "/v1/library/categories/{category}", For::Leads, json!({"name": "x"})),
        ("delete", "/v1/library/categories/{category}", For::Leads, Value::Null),
        ("put", "/v1/library/responses/{response}", For::Owner, changed),
        ("delete", "/v1/library/responses/{response}", For::Owner, Value::Null),
        ("get", "/v1/library/responses/{response}/versions", For::Owner, Value::Null),
    ]
}

#[tokio::test]
async fn every_call_has_its_row() {
    let gateway = Gateway::start().await;
    let described: Value = gateway
        .client
        .get(format!("{}/openapi.json", gateway.url))
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    let mut there = BTreeSet::new();
    for (path, calls) in described["paths"].as_object().expect("paths") {
        there.extend(calls.as_object().expect("calls").keys().map(|method| (method.clone(), path.clone())));
    }
    let rows: BTreeSet<_> =
        rows().into_iter().map(|(method, path, ..)| (method.to_owned(), path.to_owned())).collect();
    assert_eq!(there, rows);
}

/// What there is of one agent's.
struct Things {
    interaction: InteractionId,
    message: MessageId,
    upload: AttachmentId,
    response: ResponseId,
}

impl Things {
    /// What there is not.
    fn none() -> Self {
        let seed = [200; 10];
        Self {
            interaction: InteractionId::new(start_of_play(), seed),
            message: MessageId::new(start_of_play(), seed),
            upload: AttachmentId::new(start_of_play(), seed),
            response: ResponseId::new(start_of_play(), seed),
        }
    }

    async fn of(desktop: &Desktop<'_>) -> Self {
        desktop.ready().await;
        let body = envelope(json!({"messages": [text("15550000001", "wamid.1", "hello?")]}));
        assert_eq!(desktop.gateway.webhook(body).await, StatusCode::OK);
        let (snapshot, _) = desktop.snapshot().await;
        let interaction = snapshot.interactions[0].interaction.id;
        let client_ref = ClientRef::new(start_of_play(), [1; 10]);
        let announced = json!({"client_ref": client_ref, "kind": "document", "file_name": "a.txt", "size_bytes": 5,
            "sha256": "0a".repeat(32)});
        let path = format!("/v1/interactions/{interaction}/uploads");
        let begun = desktop.call(Method::POST, &path).json(&announced).send().await.expect("answers");
        let upload: Upload = begun.json().await.expect("an upload");
        let response = ResponseId::new(start_of_play(), [1; 10]);
        let own =
            json!({"based_on": 0, "name": "x", "body": "x", "active": true, "owner": snapshot.agent.id});
        let put = desktop.call(Method::PUT, &library::response(response)).json(&own).send().await;
        assert_eq!(put.expect("answers").status(), StatusCode::OK);
        let message = snapshot.interactions[0].transcript[0].id;
        Self { interaction, message, upload: upload.attachment, response }
    }

    fn path(&self, path: &str) -> String {
        path.replace("{interaction}", &self.interaction.to_string())
            .replace("{message}", &self.message.to_string())
            .replace("{upload}", &self.upload.to_string())
            .replace("{attachment}", &self.upload.to_string())
            .replace("{piece}", "0")
            .replace("{contact}", &ContactId::new(start_of_play(), [9; 10]).to_string())
            .replace("{merge}", &MergeId::new(start_of_play(), [9; 10]).to_string())
            .replace("{response}", &self.response.to_string())
            .replace("{category}", &CategoryId::new(start_of_play(), [1; 10]).to_string())
    }
}

#[tokio::test]
async fn what_is_not_theirs_is_not_there() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let pasha = gateway.desktop("pasha").await;
    let (things, none) = (Things::of(&masha).await, Things::none());
    for (method, path, whom, body) in rows() {
        let method: Method = method.to_uppercase().parse().expect("a method");
        let ask = async |token: Option<&str>, things: &Things| {
            let url = format!("{}{}", gateway.url, things.path(path));
            let mut call = gateway.client.request(method.clone(), url);
            if path.ends_with("/search") {
                call = call.query(&[("words", "hello")]);
            }
            if path.ends_with("/contacts/export") {
                call = call.query(&[("form", "csv")]);
            }
            if path.ends_with("/transcript") {
                call = call.query(&[("part", "before"), ("limit", "5")]);
            }
            if !body.is_null() {
                call = call.json(&body);
            }
            if let Some(token) = token {
                call = call.bearer_auth(token);
            }
            let answer = call.send().await.expect("answers");
            (answer.status(), answer.text().await.expect("text"))
        };
        if whom == For::All {
            let (status, _) = ask(None, &things).await;
            assert_ne!(status, StatusCode::NOT_FOUND, "{path}");
            continue;
        }
        for token in [None, Some("not a token")] {
            assert_eq!(ask(token, &things).await.0, StatusCode::UNAUTHORIZED, "{path}");
        }
        if whom == For::Leads {
            let (status, told) = ask(Some(&pasha.signed_in.token), &things).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path}: {told}");
        }
        if whom == For::Owner {
            let foreign = ask(Some(&pasha.signed_in.token), &things).await;
            assert_eq!(foreign.0, StatusCode::NOT_FOUND, "{method} {path}: {}", foreign.1);
            assert_eq!(foreign, ask(Some(&pasha.signed_in.token), &none).await, "{method} {path}");
        }
    }
}
