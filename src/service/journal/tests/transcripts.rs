//! Transcripts in the journal: pages, what joins and what does not, a journal of the former version.

use sqlx::AssertSqlSafe;
use waxwing_protocol::{
    api::SessionMark,
    delivery::{Delivery, DeliveryState},
    id::{MessageId, SessionId},
    interaction::Origin,
    message::{Message, Quote},
};

use super::*;
use crate::desk::{
    effect::Part,
    tests::{answered, interaction, msg},
};

fn session(number: u32) -> SessionId {
    SessionId::from_uuid(int(number).uuid())
}

/// A message of a session, ten seconds after the one before.
fn of_session(number: u32, of: u32) -> Message {
    Message { session: session(of), ..said(number, int(1), i64::from(number) * 10) }
}

/// Thirty messages in three sessions, the newest twenty of which the snapshot told.
async fn thirty(folder: &Path) -> Journal {
    let messages = (11..=30).map(|number| Arc::new(of_session(number, number.div_ceil(10)))).collect();
    let newest = Entry::Newest { interaction: int(1), messages, older: true };
    opened_with(folder, vec![Entry::Interaction(Box::new(interaction(1))), newest]).await
}

fn load(part: Part, limit: u32, sessions: Option<u32>) -> Load {
    Load { interaction: int(1), part, limit, sessions }
}

/// The numbers of the messages on a page, and whether there is more on either side.
async fn read(journal: &mut Journal, load: Load) -> Option<(Vec<MessageId>, bool, bool)> {
    let page = journal.read(&load).await?;
    Some((page.messages.iter().map(|message| message.id).collect(), page.older, page.newer))
}

/// These messages, and whether there is more on either side.
fn told(
    numbers: std::ops::RangeInclusive<u32>,
    (older, newer): (bool, bool),
) -> (Vec<MessageId>, bool, bool) {
    (numbers.map(msg).collect(), older, newer)
}

#[tokio::test]
async fn a_page_is_read_where_it_is_kept_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = thirty(folder.path()).await;
    let of = |part| load(part, 4, None);
    assert_eq!(read(&mut journal, of(Part::Newest)).await, Some(told(27..=30, (true, false))));
    assert_eq!(read(&mut journal, of(Part::Before(msg(27)))).await, Some(told(23..=26, (true, true))));
    assert_eq!(read(&mut journal, of(Part::Before(msg(13)))).await, Some(told(11..=12, (true, true))));
    assert_eq!(read(&mut journal, of(Part::Before(msg(11)))).await, None, "the gateway has it");
    assert_eq!(read(&mut journal, of(Part::Before(msg(5)))).await, None);
    assert_eq!(read(&mut journal, of(Part::After(msg(24)))).await, Some(told(25..=28, (true, true))));
    assert_eq!(read(&mut journal, of(Part::After(msg(28)))).await, Some(told(29..=30, (true, false))));
    assert_eq!(read(&mut journal, of(Part::Around(msg(20)))).await, Some(told(18..=22, (true, true))));
    assert_eq!(read(&mut journal, of(Part::Around(msg(5)))).await, None);
    assert_eq!(read(&mut journal, of(Part::At(at(195)))).await, Some(told(18..=22, (true, true))));
    assert_eq!(read(&mut journal, of(Part::At(at(900)))).await, Some(told(27..=30, (true, false))));
    assert_eq!(read(&mut journal, of(Part::At(at(100)))).await, None, "there may be an earlier one");
}

#[tokio::test]
async fn a_page_goes_into_as_many_sessions_as_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = thirty(folder.path()).await;
    let before = |number, sessions| load(Part::Before(msg(number)), 100, Some(sessions));
    assert_eq!(read(&mut journal, before(25, 0)).await, Some(told(21..=24, (true, true))));
    assert_eq!(
        read(&mut journal, before(21, 0)).await,
        Some((vec![], true, true)),
        "the session begins here"
    );
    assert_eq!(read(&mut journal, before(21, 1)).await, Some(told(11..=20, (true, true))));
    assert_eq!(read(&mut journal, before(25, 7)).await, Some(told(11..=24, (true, true))));
}

fn page(numbers: std::ops::RangeInclusive<u32>, (older, newer): (bool, bool)) -> TranscriptPage {
    let mark = SessionMark {
        session: session(1),
        interaction: int(9),
        origin: Origin::Inbound,
        started_at: at(0),
        ended_at: Some(at(100)),
        agent: None,
    };
    let messages = numbers.map(|number| of_session(number, number.div_ceil(10))).collect();
    TranscriptPage { messages, sessions: vec![mark], older, newer }
}

#[tokio::test]
async fn a_page_that_joins_is_kept_and_another_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = thirty(folder.path()).await;
    let keep = |part, page| vec![Entry::Page { interaction: int(1), part, page }];
    journal.commit(keep(Part::Around(msg(2)), page(1..=4, (false, true)))).await.unwrap();
    assert_eq!(read(&mut journal, load(Part::Around(msg(2)), 4, None)).await, None, "there is a gap");
    journal.commit(keep(Part::Before(msg(11)), page(6..=10, (true, true)))).await.unwrap();
    assert_eq!(
        read(&mut journal, load(Part::Before(msg(11)), 100, None)).await,
        Some(told(6..=10, (true, true)))
    );
    journal.commit(keep(Part::Around(msg(5)), page(1..=8, (false, true)))).await.unwrap();
    let all = journal.read(&load(Part::Before(msg(11)), 100, None)).await.unwrap();
    assert_eq!((all.messages.len(), all.older), (10, false), "it overlaps");
    assert_eq!(all.sessions.len(), 1);
    journal.close().await;

    let restored = open(folder.path()).await.restored;
    assert_eq!(restored.sessions, [(int(1), all.sessions)]);
    assert_eq!((restored.interactions[0].transcript.len(), restored.interactions[0].older), (30, false));
}

#[tokio::test]
async fn only_the_newest_are_laid_out_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let messages = (1..=250).map(|number| Arc::new(of_session(number, 3))).collect();
    let newest = Entry::Newest { interaction: int(1), messages, older: false };
    let interaction = Entry::Interaction(Box::new(interaction(1)));
    opened_with(folder.path(), vec![interaction, newest]).await.close().await;
    let restored = open(folder.path()).await.restored;
    let placed = &restored.interactions[0];
    assert_eq!((placed.transcript.len(), placed.older), (100, true));
    assert_eq!((placed.transcript[0].id, placed.transcript[99].id), (msg(151), msg(250)));
}

#[tokio::test]
async fn what_changes_changes_also_where_nobody_looks() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = thirty(folder.path()).await;
    let ours = Message { session: session(3), ..answered(31, int(1), 310, 7) };
    let late = of_session(31, 1);
    let changed = Message { fallback: "changed".to_owned(), ..of_session(12, 2) };
    let state = DeliveryState::new(1, Delivery::Read, at(400));
    let told = vec![
        Entry::Message(int(1), Arc::new(ours)),
        Entry::Message(int(1), Arc::new(Message { id: msg(99), ..late })),
        Entry::Changed(Arc::new(changed.clone())),
        Entry::Delivery { message: msg(31), state: state.clone() },
        Entry::Delivery { message: msg(99), state },
    ];
    journal.commit(told).await.unwrap();
    let all = journal.read(&load(Part::Newest, 100, None)).await.unwrap();
    assert_eq!(all.messages.len(), 21, "what is older than the part without gaps is not kept");
    assert_eq!(all.messages[1], changed);
    assert_eq!(all.messages[20].delivery.as_ref().unwrap().delivery, Delivery::Read);
    journal.commit(vec![Entry::InteractionGone(int(1))]).await.unwrap();
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM message").fetch_one(&mut journal.connection).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn no_page_costs_more_in_a_long_conversation() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = thirty(folder.path()).await;
    for sql in pages::PAGES {
        let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sql).fetch_all(&mut journal.connection).await.unwrap();
        for (.., step) in plan {
            let walks = step.contains("SCAN message")
                || step.contains("TEMP B-TREE FOR ORDER BY")
                || step.contains("session USING INDEX sqlite_autoindex_session_1 (conversation=?)");
            assert!(!walks, "{step}");
        }
    }
}

#[tokio::test]
async fn damage_that_is_met_in_a_transcript_is_mended_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let messages = (1..=1000).map(|number| Arc::new(of_session(number, 3))).collect();
    let newest = Entry::Newest { interaction: int(1), messages, older: false };
    let interaction = Entry::Interaction(Box::new(interaction(1)));
    let mut entries = a_day();
    entries.extend([interaction, newest]);
    opened_with(folder.path(), entries).await.close().await;
    let mut bytes = fs::read(file(folder.path())).unwrap();
    let said = br#""text":"text 500""#;
    let place = bytes.windows(said.len()).position(|window| window == said).unwrap();
    bytes[place / 4096 * 4096] = 0xFF;
    fs::write(file(folder.path()), bytes).unwrap();

    let Opened { mut journal, trouble, .. } = open(folder.path()).await;
    assert_eq!(trouble, None, "nobody looked there");
    assert_eq!(journal.read(&load(Part::Around(msg(500)), 4, None)).await, None, "the gateway has it");
    journal.close().await;
    let Opened { journal, restored, trouble } = open(folder.path()).await;
    assert!(trouble.unwrap().contains("3 drafts and unsent"));
    assert_eq!((restored.interactions.len(), restored.outgoing.len()), (0, 2));
    journal.close().await;
    assert_eq!(open(folder.path()).await.trouble, None);
}

#[tokio::test]
async fn a_journal_of_the_former_version_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    files::private_folder(folder.path()).unwrap();
    let former = tempfile::tempdir().unwrap();
    let sql = include_str!("../../migrations/0001_start.sql");
    fs::write(former.path().join("0001_start.sql"), sql).unwrap();
    files::private_file(&file(folder.path())).unwrap();
    let mut connection = connect(&file(folder.path())).await.unwrap();
    Migrator::new(former.path()).await.unwrap().run(&mut connection).await.unwrap();
    let mut fraction = said(2, int(1), 6);
    fraction.stored_at += chrono::TimeDelta::nanoseconds(120_450_000);
    let earlier = said(1, int(1), 6);
    let kept = r#"{"client_ref":"ref_00000000000000030000000000000001","text":"answer 1","quote":"msg_00000000000000020000000000000001","written_at":"2026-09-21T14:13:20Z","refused":null}"#;
    for (sql, values) in [
        (
            "INSERT INTO interaction VALUES ($1, $2)",
            vec![int(1).to_string(), tables::json(&pending(1, 5)).unwrap()],
        ),
        (
            "INSERT INTO message VALUES ($1, $2, $3)",
            vec![msg(2).to_string(), int(1).to_string(), tables::json(&fraction).unwrap()],
        ),
        (
            "INSERT INTO message VALUES ($1, $2, $3)",
            vec![msg(1).to_string(), int(1).to_string(), tables::json(&earlier).unwrap()],
        ),
        ("INSERT INTO draft VALUES ($1, $2)", vec![int(1).to_string(), "half".to_owned()]),
        (
            "INSERT INTO outgoing (client_ref, interaction, body) VALUES ('r', $1, $2)",
            vec![int(1).to_string(), kept.to_owned()],
        ),
    ] {
        let mut query = sqlx::query(sql);
        for value in values {
            query = query.bind(value);
        }
        query.execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();

    let Opened { mut journal, restored, trouble } = open(folder.path()).await;
    assert_eq!(trouble, None);
    let placed = &restored.interactions[0];
    assert_eq!((&placed.interaction, &placed.transcript), (&pending(1, 5), &vec![earlier, fraction.clone()]));
    let (_, kept) = &restored.drafts[0];
    assert_eq!((kept.draft.text.as_str(), kept.unsynced), ("half", true), "it was never told");
    let quote = Quote { message: Some(msg(1)), excerpt: String::new(), by_contact: false };
    assert_eq!(restored.outgoing[0].1.quote, Some(quote));
    journal.commit(vec![Entry::Message(int(1), Arc::new(fraction))]).await.unwrap();
    let all = journal.read(&load(Part::Newest, 100, None)).await.unwrap();
    assert_eq!(all.messages.len(), 2, "in the same place as before");
}
