//! What a page costs: each of its queries reads an index from a place on, and nothing is sorted or gone through.

use super::*;
use crate::store::Store;

async fn plan(store: &Store, sql: &str) -> String {
    let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(plan)
        .bind("a")
        .bind("b")
        .bind("c")
        .bind("d")
        .bind("e")
        .fetch_all(store.reader())
        .await
        .expect("plans");
    rows.into_iter().map(|(.., step)| step + "\n").collect()
}

#[tokio::test]
async fn pages_are_read_off_an_index() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("waxwing.db")).await.expect("opens");
    for (sql, index) in [
        (OLDER_IN_SESSION, "messages_by_session (session_id=? AND (sent_at,stored_at,id)<(?,?,?))"),
        (NEWER_IN_SESSION, "messages_by_session (session_id=? AND (sent_at,stored_at,id)>(?,?,?))"),
        (
            OLDER_SESSION,
            "sessions_by_contact (contact_id=? AND business_number_id=? AND (started_at,id)<(?,?))",
        ),
        (
            NEWER_SESSION,
            "sessions_by_contact (contact_id=? AND business_number_id=? AND (started_at,id)>(?,?))",
        ),
        (FIRST_SESSION_SINCE, "COVERING INDEX sessions_by_contact (contact_id=? AND business_number_id=?)"),
        (FIRST_SESSION_SINCE, "COVERING INDEX messages_by_session (session_id=? AND sent_at>?)"),
        (FIRST_SINCE, "messages_by_session (session_id=? AND sent_at>?)"),
        (NEWEST, "messages_by_interaction (interaction_id=?)"),
    ] {
        let plan = plan(&store, sql).await;
        assert!(plan.contains(index), "{sql}\n{plan}");
        assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{sql}\n{plan}");
    }
}
