//! Feeds as they are kept: each agent's events, numbered without gaps, for as long as a desktop may be away.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    event::{Cursor, Event, FeedEvent},
    id::AgentId,
};

use super::{StoreError, codec};

/// How many events one page holds at most.
pub const PAGE: usize = 200;
/// How long events are kept.
const KEPT_FOR: TimeDelta = TimeDelta::days(3);
/// How many events of one agent are kept.
const KEPT: i64 = 10_000;

/// What follows a place in a feed.
#[derive(Debug, Clone, PartialEq)]
pub enum Following {
    /// The next events; empty if there are none yet.
    Events {
        /// In order.
        events: Vec<FeedEvent>,
        /// Whether there is more.
        more: bool,
    },
    /// The place is not one from which this feed can be continued.
    Lost,
}

/// The last number given out in an agent's feed.
pub async fn last_number(db: &mut SqliteConnection, agent: AgentId) -> Result<u64, StoreError> {
    let number: i64 = sqlx::query_scalar("SELECT feed_number FROM agents WHERE id = $1")
        .bind(agent.to_string())
        .fetch_one(db)
        .await?;
    u64::try_from(number).map_err(|_negative| StoreError::Unreadable { what: "agents.feed_number" })
}

/// Reads on from a place in an agent's feed.
pub async fn after(
    db: &mut SqliteConnection,
    agent: AgentId,
    cursor: Cursor,
    epoch: u32,
) -> Result<Following, StoreError> {
    let (last, floor): (i64, i64) =
        sqlx::query_as("SELECT feed_number, feed_floor FROM agents WHERE id = $1")
            .bind(agent.to_string())
            .fetch_one(&mut *db)
            .await?;
    let held = i64::try_from(cursor.number).unwrap_or(i64::MAX);
    if cursor.epoch != epoch || held < floor || held > last {
        return Ok(Following::Lost);
    }
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT number, payload FROM events WHERE agent_id = $1 AND number > $2 ORDER BY number LIMIT $3",
    )
    .bind(agent.to_string())
    .bind(held)
    .bind(i64::try_from(PAGE).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await?;
    let mut events = Vec::with_capacity(rows.len());
    for (number, payload) in rows {
        let number =
            u64::try_from(number).map_err(|_negative| StoreError::Unreadable { what: "events.number" })?;
        let event: Event = codec::from_json(&payload, "events.payload")?;
        events.push(FeedEvent { cursor: Cursor { epoch, number }, event });
    }
    let at = events.last().map_or(cursor.number, |event| event.cursor.number);
    let more = i64::try_from(at).is_ok_and(|at| at < last);
    Ok(Following::Events { events, more })
}

/// Forgets events that are too old or too many; whoever has not read them gets a snapshot. Says how many went.
pub async fn prune(db: &mut SqliteConnection, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let feeds: Vec<(String, i64, i64)> =
        sqlx::query_as("SELECT id, feed_number, feed_floor FROM agents ORDER BY id")
            .fetch_all(&mut *db)
            .await?;
    let mut pruned = 0;
    for (agent, last, floor) in feeds {
        let old: Option<i64> =
            sqlx::query_scalar("SELECT MAX(number) FROM events WHERE agent_id = $1 AND at < $2")
                .bind(&agent)
                .bind((now - KEPT_FOR).timestamp_millis())
                .fetch_one(&mut *db)
                .await?;
        let risen = floor.max(last - KEPT).max(old.unwrap_or(0));
        if risen == floor {
            continue;
        }
        sqlx::query("UPDATE agents SET feed_floor = $2 WHERE id = $1")
            .bind(&agent)
            .bind(risen)
            .execute(&mut *db)
            .await?;
        pruned += sqlx::query("DELETE FROM events WHERE agent_id = $1 AND number <= $2")
            .bind(&agent)
            .bind(risen)
            .execute(&mut *db)
            .await?
            .rows_affected();
    }
    Ok(pruned)
}

#[cfg(test)]
mod tests {
    use waxwing_protocol::{agent::Role, event::Event, id::BusinessNumberId};

    use super::*;
    use crate::store::{Store, agents};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    async fn add_masha(change: &mut crate::store::Change) -> AgentId {
        let new = agents::NewAgent {
            user_name: "masha".to_owned(),
            display_name: "Masha".to_owned(),
            role: Role::Agent,
            capacity: 1,
            team: None,
            password_hash: "none".to_owned(),
        };
        agents::add_agent(change, &new, at(0)).await.expect("adds").expect("a free name")
    }

    #[tokio::test]
    async fn old_and_supernumerary_events_go_and_the_feed_goes_on_without_a_gap() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("waxwing.db")).await.expect("opens");
        let mut change = store.begin().await.expect("begins");
        let masha = add_masha(&mut change).await;
        let event = Event::NumberAlertCleared { number: BusinessNumberId::new(at(0), [0; 10]) };
        for second in 0..=10_050 {
            change.emit(masha, &event, at(second)).await.expect("emits");
        }
        assert_eq!(prune(change.db(), at(20_000)).await.expect("prunes"), 51, "ten thousand stay");
        assert_eq!(prune(change.db(), at(20_000)).await.expect("prunes"), 0);
        let epoch = store.epoch();
        let from = async |change: &mut crate::store::Change, number| {
            after(change.db(), masha, Cursor { epoch, number }, epoch).await.expect("reads")
        };
        assert_eq!(from(&mut change, 50).await, Following::Lost);
        let Following::Events { events, more } = from(&mut change, 51).await else { panic!("lost") };
        assert_eq!((events.len(), events[0].cursor.number, more), (PAGE, 52, true));

        let late = at(10_040) + KEPT_FOR;
        assert_eq!(prune(change.db(), late).await.expect("prunes"), 9_989, "three days stay");
        assert_eq!(from(&mut change, 10_039).await, Following::Lost);
        change.emit(masha, &event, late).await.expect("emits");
        let Following::Events { events, more } = from(&mut change, 10_051).await else { panic!("lost") };
        assert_eq!((events.len(), events[0].cursor.number, more), (1, 10_052, false));
    }
}
