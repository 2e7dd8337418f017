//! How fast the gateway takes webhooks in, beside what SQLite alone can do on the same disk.

use std::{
    fs::File,
    os::unix::fs::FileExt as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sqlx::{
    ConnectOptions as _, Connection as _,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::time::{Instant, sleep_until};

use crate::{
    kit::{
        database::Database,
        house::{ANY_PORT, Gateway, House},
        http::Connection,
        programs,
        wait::now,
        webhook::{Writer, wamid},
    },
    report::{Row, percentile},
};

/// How long each of it runs.
const SPAN: Duration = Duration::from_secs(5);
const CONNECTIONS: usize = 32;
/// Contacts that the messages come from.
const CONTACTS: usize = 500;
/// Webhooks a second where the time of an answer is measured: Meta's own rule asks for 320 with one number.
const STEADY: u32 = 300;

/// All rows about ingest.
pub(crate) async fn rows(program: &Path) -> Vec<Row> {
    let (fsync, bare) = (fsync(), bare_inserts().await);
    let house = House::set_up(program, &[]);
    let gateway = house.start(ANY_PORT).await;
    let per_second = flood(&gateway).await;
    let answers = steady(&gateway).await;
    assert!(gateway.faults().is_empty(), "{:?}", gateway.faults());
    drop(gateway);
    assert!(Database::open(&house.database()).await.is_sound().await, "the database is sound");
    vec![
        Row::new("fsync_ms_p50", percentile(&fsync, 50), "ms"),
        Row::new("fsync_ms_p99", percentile(&fsync, 99), "ms"),
        Row::new("ingest_per_second", per_second, "webhooks/s").beside(bare).at_least(500.0),
        Row::new("webhook_ack_ms_p50", percentile(&answers, 50), "ms").at_most(20.0),
        Row::new("webhook_ack_ms_p99", percentile(&answers, 99), "ms").at_most(250.0),
    ]
}

/// How long the disk takes to have a page for certain.
fn fsync() -> Vec<Duration> {
    let folder = programs::folder();
    let file = File::create(folder.path().join("pages")).expect("a file can be made");
    let page = [7; 4096];
    let sync = |number: u64| {
        file.write_all_at(&page, number * 4096).expect("can be written");
        let began = now();
        file.sync_data().expect("can be synced");
        began.elapsed()
    };
    (0..500).map(sync).collect()
}

/// Rows of the size of a webhook, one a commit, with the gateway's durability and nothing else.
async fn bare_inserts() -> f64 {
    let folder = programs::folder();
    let mut database = SqliteConnectOptions::new()
        .filename(folder.path().join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await
        .expect("opens");
    let table = "CREATE TABLE webhooks (id INTEGER PRIMARY KEY, body BLOB NOT NULL)";
    sqlx::query(table).execute(&mut database).await.expect("is made");
    let body = vec![b'x'; 600];
    let (began, mut count) = (now(), 0_u32);
    while began.elapsed() < SPAN {
        let insert = sqlx::query("INSERT INTO webhooks (body) VALUES ($1)").bind(&body);
        insert.execute(&mut database).await.expect("is kept");
        count += 1;
    }
    let per_second = f64::from(count) / began.elapsed().as_secs_f64();
    database.close().await.expect("closes");
    per_second
}

/// Posts as fast as answers come, over several connections; counts what was answered with 200, each second.
async fn flood(gateway: &Gateway) -> f64 {
    let (next, began, to) = (Arc::new(AtomicUsize::new(0)), now(), gateway.address);
    let posting = (0..CONNECTIONS).map(|_| {
        let next = Arc::clone(&next);
        tokio::spawn(async move {
            let writer = Writer::new();
            let mut connection = Connection::open(to).await.expect("the gateway listens");
            let mut taken = 0_u32;
            while began.elapsed() < SPAN {
                let request = post(&writer, "flood", next.fetch_add(1, Ordering::Relaxed));
                taken += u32::from(connection.exchange(&request).await.expect("answers") == 200);
            }
            taken
        })
    });
    let mut taken = 0;
    for one in posting.collect::<Vec<_>>() {
        taken += one.await.expect("a sender ends");
    }
    f64::from(taken) / began.elapsed().as_secs_f64()
}

/// Posts at a steady rate over one connection, and measures each answer from when its webhook was due: one that has to
/// wait for the one before it has waited all the same.
async fn steady(gateway: &Gateway) -> Vec<Duration> {
    let writer = Writer::new();
    let mut connection = Connection::open(gateway.address).await.expect("the gateway listens");
    let count = STEADY * u32::try_from(SPAN.as_secs()).unwrap_or(1);
    let requests: Vec<_> = (0..count as usize).map(|number| post(&writer, "steady", number)).collect();
    let began = now();
    let mut spans = Vec::with_capacity(requests.len());
    for (number, request) in (0..).zip(&requests) {
        let due: Instant = began + Duration::from_secs(1) * number / STEADY;
        sleep_until(due).await;
        assert_eq!(connection.exchange(request).await.expect("answers"), 200);
        spans.push(due.elapsed());
    }
    spans
}

fn post(writer: &Writer, name: &str, number: usize) -> Vec<u8> {
    let text =
        format!("{name} {number:06}: good morning, my parcel has not come yet. Where is it? {:.<120}", "");
    writer.message(&wamid(&format!("{name}{number:06}")), number % CONTACTS, &text)
}
