//! One copy for all that need it: it goes with the last of them.

use waxwing_protocol::id::AttachmentId;

use super::*;
use crate::store::library_files;

#[tokio::test]
async fn a_file_that_a_message_and_the_library_share_goes_with_the_last_of_them() {
    let play = Play::new().await;
    let mut media = play.worker();
    play.send("sticker", samples::STICKER, "wamid.1").await;
    work(&mut media).await;
    let mut change = play.stage.store.begin().await.expect("begins");
    sqlx::query(
        "INSERT INTO library_files (id, file, kind, file_name, size_bytes, state, about, seen)
         SELECT $1, file, kind, 'sticker.webp', size_bytes, 'ready', about, seen FROM attachments",
    )
    .bind(AttachmentId::new(at(0), [1; 10]).to_string())
    .execute(change.db())
    .await
    .expect("adds");
    change.commit().await.expect("commits");
    play.act("revoke", "wamid.2", json!({"original_message_id": "wamid.1"})).await;
    work(&mut media).await;
    let rows = "SELECT (SELECT COUNT(*) FROM attachments) + (SELECT COUNT(*) FROM library_files)";
    assert_eq!((play.kept(), play.stage.count(rows).await), (2, 1), "the library has it still");
    let mut change = play.stage.store.begin().await.expect("begins");
    assert!(library_files::erase_unneeded(change.db()).await.expect("erases"));
    change.commit().await.expect("commits");
    work(&mut media).await;
    assert_eq!((play.kept(), play.stage.count(rows).await), (0, 0));
}
