//! The account's message templates: the list, what can be done to it from outside with the webhooks that WhatsApp would post, and
//! which quick reply a contact can tap.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    routing::{delete, get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    graph::{Refusal, authorise, refusal},
    network::Network,
    webhooks,
};

/// The templates that are there from the start.
pub(super) fn samples() -> Vec<Value> {
    serde_json::from_str(include_str!("../../assets/templates.json")).expect("our own file is JSON")
}

pub(super) fn router() -> Router<Arc<Network>> {
    Router::new()
        .route("/{version}/{account}/message_templates", get(list))
        .route("/control/templates", post(put))
        .route("/control/templates/{name}/{language}", delete(remove))
        .route("/control/template_news", post(tell))
        .route("/control/tap", post(tap))
}

#[derive(Deserialize)]
struct Page {
    limit: Option<usize>,
    after: Option<String>,
    fields: Option<String>,
    status: Option<String>,
    name: Option<String>,
}

async fn list(
    State(network): State<Arc<Network>>,
    Path((_version, account)): Path<(String, String)>,
    Query(page): Query<Page>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    authorise(&network, &headers)?;
    if account != network.config.account_id {
        return Err(refusal(100, "Object with this id does not exist"));
    }
    if let Some(code) = network.state().faults.for_templates() {
        return Err(refusal(code, "Asked for"));
    }
    let is = |template: &Value, key: &str, wanted: &Option<String>| {
        wanted.as_ref().is_none_or(|wanted| {
            template[key].as_str().is_some_and(|value| value.eq_ignore_ascii_case(wanted))
        })
    };
    let all = network.state().templates.clone();
    let all: Vec<Value> = all
        .into_iter()
        .filter(|template| is(template, "status", &page.status) && is(template, "name", &page.name))
        .collect();
    let start: usize = page.after.as_deref().map_or(Ok(0), |after| {
        after.parse().map_err(|_invalid| refusal(131_059, "The cursor is not valid"))
    })?;
    let limit = page.limit.unwrap_or(25).max(1);
    let end = all.len().min(start.saturating_add(limit));
    let shown = all.get(start..end).unwrap_or_default();
    let data: Vec<Value> = shown.iter().map(|template| only(template, page.fields.as_deref())).collect();
    let mut paging = json!({"cursors": {"before": start.to_string(), "after": end.to_string()}});
    if end < all.len() {
        paging["next"] = json!(format!("{}/{account}/message_templates?after={end}", network.url));
    }
    Ok(Json(json!({"data": data, "paging": paging})))
}

/// The fields that were asked for; those that come without being asked for are the Graph API's own.
fn only(template: &Value, fields: Option<&str>) -> Value {
    const UNASKED: &str = "id,name,parameter_format,components,language,status,category";
    let wanted: Vec<&str> = fields.unwrap_or(UNASKED).split(',').collect();
    let mut shown = template.clone();
    if let Some(shown) = shown.as_object_mut() {
        shown.retain(|key, _| key == "id" || wanted.contains(&key.as_str()));
    }
    shown
}

fn is_called(template: &Value, name: &str, language: &str) -> bool {
    template["name"] == name && template["language"] == language
}

/// A template by its name and language.
pub(super) fn called<'a>(templates: &'a [Value], name: &str, language: &str) -> Option<&'a Value> {
    templates.iter().find(|template| is_called(template, name, language))
}

/// Adds a template, or puts it in the place of the one with its name and language.
async fn put(State(network): State<Arc<Network>>, Json(mut template): Json<Value>) -> StatusCode {
    let (Some(name), Some(language)) = (template["name"].as_str(), template["language"].as_str()) else {
        return StatusCode::UNPROCESSABLE_ENTITY;
    };
    let (name, language) = (name.to_owned(), language.to_owned());
    let mut state = network.state();
    if template["id"].is_null() {
        template["id"] = json!(state.draw_digits());
    }
    match state.templates.iter_mut().find(|template| is_called(template, &name, &language)) {
        Some(known) => *known = template,
        None => state.templates.push(template),
    }
    StatusCode::NO_CONTENT
}

async fn remove(
    State(network): State<Arc<Network>>,
    Path((name, language)): Path<(String, String)>,
) -> StatusCode {
    network.state().templates.retain(|template| !is_called(template, &name, &language));
    StatusCode::NO_CONTENT
}

/// What is to change about a template, with the webhook about it.
#[derive(Deserialize)]
struct News {
    name: String,
    language: String,
    /// Another status: `PAUSED`, `APPROVED`, …
    #[serde(default)]
    event: Option<String>,
    /// Why.
    #[serde(default)]
    reason: Option<String>,
    /// Another quality: `GREEN`, `YELLOW`, `RED`.
    #[serde(default)]
    quality: Option<String>,
    /// Another category.
    #[serde(default)]
    category: Option<String>,
    /// Another body.
    #[serde(default)]
    body: Option<String>,
    /// Whether the list goes on saying what it said.
    #[serde(default)]
    only_told: bool,
}

async fn tell(State(network): State<Arc<Network>>, Json(news): Json<News>) -> StatusCode {
    let mut state = network.state();
    let found = state.templates.iter_mut().find(|template| is_called(template, &news.name, &news.language));
    let Some(template) = found else { return StatusCode::NOT_FOUND };
    let mut changed = template.clone();
    let (field, mut value) = news.change(&mut changed);
    value["message_template_id"] =
        json!(template["id"].as_str().and_then(|id| id.parse::<u64>().ok()).unwrap_or_default());
    value["message_template_name"] = json!(news.name);
    // In webhooks WhatsApp writes a hyphen.
    value["message_template_language"] = json!(news.language.replace('_', "-"));
    if !news.only_told {
        *template = changed;
    }
    drop(state);
    webhooks::post_management(&network, field, &value);
    StatusCode::ACCEPTED
}

impl News {
    /// Changes a template and says which webhook tells of it, and how.
    fn change(&self, template: &mut Value) -> (&'static str, Value) {
        if let Some(quality) = &self.quality {
            let before = template["quality_score"]["score"].clone();
            template["quality_score"] = json!({"score": quality});
            let value = json!({"previous_quality_score": before, "new_quality_score": quality});
            return ("message_template_quality_update", value);
        }
        if let Some(category) = &self.category {
            let before = std::mem::replace(&mut template["category"], json!(category));
            let value = json!({"previous_category": before, "new_category": category});
            return ("template_category_update", value);
        }
        if let Some(body) = &self.body {
            let components = template["components"].as_array_mut();
            let part = components.and_then(|parts| parts.iter_mut().find(|part| part["type"] == "BODY"));
            if let Some(part) = part {
                part["text"] = json!(body);
            }
            return ("message_template_components_update", json!({"message_template_element": body}));
        }
        let event = self.event.as_deref().unwrap_or("APPROVED");
        template["status"] = json!(event);
        let mut value =
            json!({"event": event, "reason": "NONE", "message_template_category": template["category"]});
        if let Some(reason) = &self.reason {
            template["rejected_reason"] = json!("INVALID_FORMAT");
            value["reason"] = json!("INVALID_FORMAT");
            value["rejection_info"] = json!({"reason": reason, "recommendation": "Make it anew."});
        }
        ("message_template_status_update", value)
    }
}

/// Who taps, and what; the first quick reply if it is not said.
#[derive(Deserialize)]
struct Tap {
    contact: String,
    #[serde(default)]
    button: Option<String>,
    /// On which card of a carousel, from 0; on the first that has it if it is not said.
    #[serde(default)]
    card: Option<usize>,
}

async fn tap(State(network): State<Arc<Network>>, Json(tap): Json<Tap>) -> Result<Json<Value>, StatusCode> {
    let found = quick_reply(&network, &tap.contact, (tap.card, tap.button.as_deref()))
        .ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({"wamid": webhooks::say(&network, &tap.contact, &found)})))
}

/// What a contact sends by tapping a quick reply of the last notification that they got; none if there is none.
pub(super) fn quick_reply(
    network: &Network,
    contact: &str,
    (card, button): (Option<usize>, Option<&str>),
) -> Option<Value> {
    let display_number = network.config.display_number.clone();
    let mut state = network.state();
    let inbox = state.find(contact)?.inbox.clone();
    let (wamid, sent) = inbox.iter().rev().find_map(|wamid| {
        let received = state.received.iter().find(|one| one.wamid.as_ref() == Some(wamid))?;
        (received.body["type"] == "template").then_some((wamid, &received.body["template"]))
    })?;
    let language = sent["language"]["code"].as_str()?;
    let template = called(&state.templates, sent["name"].as_str()?, language)?;
    let mut found = match card {
        None => quick_replies(template["components"].as_array()?, &sent["components"]),
        Some(_) => Vec::new(),
    };
    for component in template["components"].as_array()? {
        let cards = component["cards"].as_array().into_iter().flatten().enumerate();
        for (number, card) in cards.filter(|(number, _)| card.is_none_or(|wanted| wanted == *number)) {
            let carousel = sent["components"].as_array()?.iter().find(|part| part["type"] == "carousel")?;
            let filled = &carousel["cards"][number]["components"];
            found.extend(quick_replies(card["components"].as_array()?, filled));
        }
    }
    let (text, payload) = found.into_iter().find(|(text, _)| button.is_none_or(|wanted| wanted == text))?;
    Some(json!({
        "type": "button",
        "button": {"text": text, "payload": payload},
        "context": {"from": display_number, "id": wamid},
    }))
}

/// Whether a component is the one of that place: samples write it as a text, some as a number.
pub(super) fn is_at(component: &Value, place: usize) -> bool {
    let index = &component["index"];
    index.as_str().map_or_else(|| *index == place, |text| text.parse() == Ok(place))
}

/// The labels of quick replies, each with what a tap on it sends: what was given with the message, else the label.
fn quick_replies(components: &[Value], filled: &Value) -> Vec<(String, String)> {
    let buttons = components.iter().find(|part| part["type"] == "BUTTONS");
    let buttons = buttons.and_then(|part| part["buttons"].as_array()).into_iter().flatten().enumerate();
    let filled = filled.as_array().map(Vec::as_slice).unwrap_or_default();
    let replies = buttons.filter(|(_, button)| button["type"] == "QUICK_REPLY").filter_map(|(at, button)| {
        let text = button["text"].as_str()?.to_owned();
        let given = filled.iter().find(|part| part["sub_type"] == "quick_reply" && is_at(part, at));
        let payload = given.and_then(|part| part["parameters"][0]["payload"].as_str()).unwrap_or(&text);
        Some((text.clone(), payload.to_owned()))
    });
    replies.collect()
}
