//! The library on disk: a row for each thing in it, and a fact that says up to where it is held. It is a copy of the gateway's:
//! where a row can't be read, nothing of it is taken and it is asked for from its beginning.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::SqliteConnection;
use waxwing_protocol::{id::ResponseId, library::LibraryPage};

use super::tables::{json, read_fact, run, write_fact};

/// The fact's name.
const HELD: &str = "library";
const CATEGORY: &str = "category";
const RESPONSE: &str = "response";
const TEMPLATE: &str = "template";

/// Up to where it is held, and what is this agent's own about it.
#[derive(Serialize, Deserialize)]
struct Held {
    epoch: u32,
    next: u64,
    favourites: Vec<ResponseId>,
    recent: Vec<ResponseId>,
}

/// Keeps what a page brought.
pub(super) async fn keep(to: &mut SqliteConnection, page: &LibraryPage) -> Result<(), sqlx::Error> {
    if page.whole {
        run(sqlx::query("DELETE FROM library"), to).await?;
    }
    for category in &page.categories {
        put(to, CATEGORY, category.id.to_string(), json(category)?).await?;
    }
    for response in &page.responses {
        put(to, RESPONSE, response.id.to_string(), json(response)?).await?;
    }
    for template in &page.templates {
        put(to, TEMPLATE, template.id.to_string(), json(template)?).await?;
    }
    let categories = page.categories_removed.iter().map(|id| (CATEGORY, id.to_string()));
    let responses = page.responses_removed.iter().map(|id| (RESPONSE, id.to_string()));
    let templates = page.templates_removed.iter().map(|id| (TEMPLATE, id.to_string()));
    for (kind, id) in categories.chain(responses).chain(templates) {
        run(sqlx::query("DELETE FROM library WHERE kind = $1 AND id = $2").bind(kind).bind(id), to).await?;
    }
    let LibraryPage { epoch, next, favourites, recent, .. } = page;
    let (favourites, recent) = (favourites.clone(), recent.clone());
    write_fact(to, HELD, &Held { epoch: *epoch, next: *next, favourites, recent }).await
}

async fn put(
    to: &mut SqliteConnection,
    kind: &'static str,
    id: String,
    body: String,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO library (kind, id, body) VALUES ($1, $2, $3)
               ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body";
    run(sqlx::query(sql).bind(kind).bind(id).bind(body), to).await
}

/// All that is kept; none if nothing is, or not all of it can be read.
pub(super) async fn read(from: &mut SqliteConnection) -> Result<Option<Box<LibraryPage>>, sqlx::Error> {
    let Some(held) = read_fact::<Held>(from, HELD).await? else { return Ok(None) };
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT kind, body FROM library ORDER BY kind, id").fetch_all(from).await?;
    let page = laid_out(held, &rows);
    if page.is_none() {
        tracing::warn!("the library that was kept can't be read; it is asked for anew");
    }
    Ok(page.map(Box::new))
}

fn laid_out(held: Held, rows: &[(String, String)]) -> Option<LibraryPage> {
    let Held { epoch, next, favourites, recent } = held;
    let mut page = LibraryPage { epoch, next, favourites, recent, whole: true, ..LibraryPage::default() };
    for (kind, body) in rows {
        match kind.as_str() {
            CATEGORY => page.categories.push(parse(body)?),
            RESPONSE => page.responses.push(parse(body)?),
            TEMPLATE => page.templates.push(parse(body)?),
            _ => return None,
        }
    }
    Some(page)
}

fn parse<T: DeserializeOwned>(body: &str) -> Option<T> {
    serde_json::from_str(body).ok()
}
