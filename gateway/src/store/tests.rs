//! What a database keeps from one gateway to the next.

use super::*;

#[tokio::test]
async fn a_database_keeps_its_epoch_and_a_newer_one_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("deep/waxwing.db");
    let store = Store::open(&path).await.expect("opens");
    let epoch = store.epoch();
    let mut change = store.begin().await.expect("begins");
    sqlx::query("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)")
        .execute(change.db())
        .await
        .expect("writes");
    drop(change);
    store.close().await;

    let store = Store::open(&path).await.expect("the dropped change left nothing");
    assert_eq!(store.epoch(), epoch);
    let mut change = store.begin().await.expect("begins");
    sqlx::query("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)")
        .execute(change.db())
        .await
        .expect("writes");
    change.commit().await.expect("commits");
    store.close().await;
    let refused = Store::open(&path).await.expect_err("refuses");
    assert!(matches!(refused, StoreError::Newer { version: 9999, .. }), "{refused}");
}

/// A database as an earlier gateway has left it: up to that migration.
async fn older(path: &Path, version: i64) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let older = SqlitePool::connect_with(options).await.expect("opens");
    let all = sqlx::migrate!("migrations/sqlite");
    let first = all.migrations.iter().filter(|one| one.version <= version).cloned().collect::<Vec<_>>();
    let migrator = sqlx::migrate::Migrator { migrations: first.into(), ..sqlx::migrate::Migrator::DEFAULT };
    migrator.run(&older).await.expect("migrates");
    older
}

#[tokio::test]
async fn files_in_an_older_database_are_there_after_an_upgrade_and_are_looked_into() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("waxwing.db");
    let older = older(&path, 5).await;
    sqlx::raw_sql(
        "INSERT INTO business_numbers (id, name, display_number, phone_number_id, account_id, token, app_secret, verify_token)
             VALUES ('num_1', 'Shop', '+1', '1', '1', 't', 's', 'v');
         INSERT INTO contacts (id) VALUES ('con_1');
         INSERT INTO sessions VALUES ('ses_1', 'con_1', 'num_1', 1, NULL);
         INSERT INTO interactions (id, session_id, contact_id, business_number_id, origin, phase, is_open, created_at)
             VALUES ('int_1', 'ses_1', 'con_1', 'num_1', '', '', 1, 1);
         INSERT INTO messages (id, interaction_id, session_id, author, body, fallback, sent_at, stored_at)
             VALUES ('msg_00000000000000000000000000000001', 'int_1', 'ses_1', '', '', '', 1, 1);
         INSERT INTO attachments
             (id, message_id, business_number_id, media_id, kind, sha256, file, state, size_bytes, announced_at, tries, next_try_at)
             VALUES ('att_00000000000000000000000000000001', 'msg_00000000000000000000000000000001', 'num_1', '7', '\"image\"', 'ab', '0a', 'ready', 5, 1, 2, 3),
                    ('att_00000000000000000000000000000002', 'msg_00000000000000000000000000000001', 'num_1', '8', '\"image\"', NULL, '0b', 'fetching', NULL, 4, 5, 6),
                    ('att_00000000000000000000000000000003', 'msg_00000000000000000000000000000001', 'num_1', '9', '\"image\"', NULL, '0c', 'erased', 5, 4, 5, 6);",
    )
    .execute(&older)
    .await
    .expect("writes");
    older.close().await;

    let store = Store::open(&path).await.expect("opens");
    let mut read = store.read().await.expect("reads");
    let unseen = attachments::unseen(read.db()).await.expect("reads").expect("one");
    assert_eq!((unseen.file.as_str(), unseen.size_bytes), ("0a", 5));
    assert_eq!(attachments::counts(read.db()).await.expect("counts"), (1, 1));
    let erased = attachments::erased(read.db()).await.expect("reads");
    assert_eq!(erased.len(), 1);
    let row: (String, String, i64, i64, i64) = sqlx::query_as(
        "SELECT media_id, file, announced_at, tries, next_try_at FROM attachments WHERE state = 'fetching'",
    )
    .fetch_one(read.db())
    .await
    .expect("is there");
    assert_eq!(row, ("8".to_owned(), "0b".to_owned(), 4, 5, 6));
}

#[tokio::test]
async fn what_waits_in_an_older_database_still_leaves_after_an_upgrade() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("waxwing.db");
    let older = older(&path, 3).await;
    sqlx::raw_sql(
        "INSERT INTO business_numbers (id, name, display_number, phone_number_id, account_id, token, app_secret, verify_token)
             VALUES ('num_1', 'Shop', '+1', '1', '1', 't', 's', 'v');
         INSERT INTO contacts (id) VALUES ('con_1');
         INSERT INTO sessions VALUES ('ses_1', 'con_1', 'num_1', 1, NULL);
         INSERT INTO interactions (id, session_id, contact_id, business_number_id, origin, phase, is_open, created_at)
             VALUES ('int_1', 'ses_1', 'con_1', 'num_1', '', '', 1, 1);
         INSERT INTO messages (id, interaction_id, session_id, author, body, fallback, sent_at, stored_at)
             VALUES ('msg_1', 'int_1', 'ses_1', '', '', '', 1, 1);
         INSERT INTO attempts VALUES ('msg_1', 1, 'wamid.1'), ('msg_1', 2, NULL);
         INSERT INTO outbox VALUES ('msg_1', 7, 'num_1', 'con_1', 2, 'uncertain', 3, 4000, 5000);",
    )
    .execute(&older)
    .await
    .expect("writes");
    older.close().await;

    let store = Store::open(&path).await.expect("opens");
    let row: (String, String, i64, String, i64) =
        sqlx::query_as("SELECT message_id, kind, attempt, state, left_at FROM outbox")
            .fetch_one(store.reader())
            .await
            .expect("is there");
    let expected = ("msg_1".to_owned(), "message".to_owned(), 2, "uncertain".to_owned(), 5000);
    assert_eq!(row, expected);
    let named: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM attempts WHERE kind = 'message' AND attempt = 1 AND wamid = 'wamid.1'",
    )
    .fetch_one(store.reader())
    .await
    .expect("counts");
    assert_eq!(named, 1);
}

#[tokio::test]
async fn what_stood_in_an_older_database_stands_there_after_an_upgrade_and_lies_where_it_can_be_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("waxwing.db");
    let older = older(&path, 8).await;
    let id = |prefix: &str, number: u8| format!("{prefix}0000000000000000000000000000000{number}");
    let sql = format!(
        r#"INSERT INTO business_numbers (id, name, display_number, phone_number_id, account_id, token, app_secret, verify_token)
             VALUES ('{number}', 'Shop', '+1', '1', '1', 't', 's', 'v');
         INSERT INTO installation (one, epoch) VALUES (1, 7);
         INSERT INTO agents (id, user_name, display_name, role, capacity, password_hash, status, status_since)
             VALUES ('{masha}', 'masha', 'Masha', '"agent"', 4, 'x', '{{"status":"ready"}}', 1);
         INSERT INTO contacts (id) VALUES ('{contact}');
         INSERT INTO sessions VALUES ('{s1}', '{contact}', '{number}', 1, 5), ('{s2}', '{contact}', '{number}', 6, NULL);
         INSERT INTO interactions (id, session_id, contact_id, business_number_id, origin, phase, is_open, owner_id, created_at)
             VALUES ('{done}', '{s1}', '{contact}', '{number}', '"inbound"', '{{"phase":"done"}}', 0, '{masha}', 1),
                    ('{queued}', '{s2}', '{contact}', '{number}', '"inbound"', '{{"phase":"queued"}}', 1, NULL, 6);"#,
        number = id("num_", 1),
        masha = id("agt_", 1),
        contact = id("con_", 1),
        s1 = id("ses_", 1),
        s2 = id("ses_", 2),
        done = id("int_", 1),
        queued = id("int_", 2),
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&older).await.expect("writes");
    older.close().await;

    let store = Store::open(&path).await.expect("opens");
    let mut read = store.read().await.expect("reads");
    let masha: AgentId = id("agt_", 1).parse().expect("an id");
    let own =
        workbins::get(read.db(), workbins::own(masha)).await.expect("reads").expect("everybody has one");
    assert_eq!((own.name.as_str(), own.state), ("Masha", workbins::WorkbinState::InUse));
    let lying = lying::after(read.db(), 0, 10).await.expect("reads");
    let queued = id("int_", 2).parse().expect("an id");
    assert_eq!(lying.iter().map(|one| (one.change, one.interaction)).collect::<Vec<_>>(), [(1, queued)]);
    assert_eq!(lying::newest(read.db()).await.expect("reads"), 1);
    let steps = life::steps(read.db(), id("int_", 1).parse().expect("an id")).await.expect("reads");
    assert_eq!(steps.iter().map(|step| &*step.phase).collect::<Vec<_>>(), ["done"]);
    let done = interactions::known(read.db(), id("int_", 1).parse().expect("an id")).await.expect("reads");
    assert!(done.ended_at.is_some());
}

#[tokio::test]
async fn contacts_and_words_of_an_older_database_are_found_after_an_upgrade() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("waxwing.db");
    let older = older(&path, 9).await;
    let (contact, masha) = ("con_00000000000000000000000000000001", "agt_00000000000000000000000000000001");
    let (early, late) = ("int_00000000000000000000000000000002", "int_00000000000000000000000000000001");
    let sql = format!(
        "INSERT INTO business_numbers (id, name, display_number, phone_number_id, account_id, token, app_secret, verify_token)
             VALUES ('num_00000000000000000000000000000001', 'Shop', '+1', '1', '1', 't', 's', 'v');
         INSERT INTO agents (id, user_name, display_name, role, capacity, password_hash, status, status_since)
             VALUES ('{masha}', 'masha', 'Masha', '\"agent\"', 1, '', '{{\"status\":\"ready\"}}', 0);
         INSERT INTO contacts (id, profile_name) VALUES ('{contact}', 'Anna');
         INSERT INTO contact_names VALUES ('phone', '4930901820', '{contact}', 1, 0);
         INSERT INTO sessions VALUES ('ses_00000000000000000000000000000001', '{contact}', 'num_00000000000000000000000000000001', 1, 5);
         INSERT INTO sessions VALUES ('ses_00000000000000000000000000000002', '{contact}', 'num_00000000000000000000000000000001', 2, 5);
         INSERT INTO interactions (id, session_id, contact_id, business_number_id, origin, phase, is_open, created_at, owner_id, assigned_at)
             VALUES ('{late}', 'ses_00000000000000000000000000000002', '{contact}', 'num_00000000000000000000000000000001', '', '', 0, 9, NULL, NULL),
                    ('{early}', 'ses_00000000000000000000000000000001', '{contact}', 'num_00000000000000000000000000000001', '', '', 0, 1, '{masha}', 2);
         INSERT INTO messages (id, interaction_id, session_id, author, body, fallback, sent_at, stored_at, folded, attempt)
             VALUES ('msg_00000000000000000000000000000001', '{early}', 'ses_00000000000000000000000000000001', '{{\"author\":\"contact\"}}', '', 'Hello', 1, 1, 'hello', NULL),
                    ('msg_00000000000000000000000000000002', '{late}', 'ses_00000000000000000000000000000002',
                     '{{\"author\":\"agent\",\"agent\":\"{masha}\",\"name\":\"Masha\"}}', '', 'Hello', 1, 7, 'hello', 1);",
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&older).await.expect("writes");
    older.close().await;

    let store = Store::open(&path).await.expect("opens");
    assert_eq!(directory::catch_up(&store).await.expect("catches up"), 1);
    assert_eq!(said::catch_up(&store).await.expect("catches up"), 2);
    assert_eq!(said::catch_up(&store).await.expect("catches up"), 0);
    let mut read = store.read().await.expect("reads");
    let mut finder = said::Finder::new("hello", 100).expect("words");
    assert_eq!(finder.next(read.db()).await.expect("finds"), Some(2), "numbers follow the time, not the id");
    assert_eq!(finder.next(read.db()).await.expect("finds"), Some(1));
    assert_eq!(finder.next(read.db()).await.expect("finds"), None);
    for (id, number) in [(early, 1), (late, 2)] {
        let id = id.parse().expect("an id");
        assert_eq!(past::number_of(read.db(), id).await.expect("reads"), Some(number));
        let by = handled::by(read.db(), [id]).await.expect("reads");
        assert_eq!(by[&id].len(), 1, "whoever has it, or wrote in it");
    }
}
