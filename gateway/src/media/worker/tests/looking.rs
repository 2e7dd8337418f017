//! What is seen in files that have come, and what becomes of them.

use super::*;

#[tokio::test]
async fn what_is_not_what_it_says_can_be_saved_and_no_more() {
    let play = Play::new().await;
    let id = play.add(b"MZ\x90\0this program can not be run", json!({})).await;
    play.send("image", &id, "wamid.1").await;
    work(&mut play.worker()).await;
    let AttachmentState::Ready { about: Some(about), .. } = play.state().await else { panic!("is ready") };
    assert!(matches!(about.opening, Opening::SaveOnly { .. }) && !about.preview, "{about:?}");
    let mut media = play.worker_with(MediaOptions { looking: Looking::default(), ..options() });
    play.send("sticker", samples::STICKER, "wamid.2").await;
    work(&mut media).await;
    let AttachmentState::Ready { about: Some(about), .. } = play.state().await else { panic!("is ready") };
    assert!(matches!(about.opening, Opening::SaveOnly { .. }) && !about.preview, "{about:?}");
}

#[tokio::test]
async fn a_type_that_the_administrator_does_not_take_is_not_kept() {
    let play = Play::new().await;
    let limits = toml::from_str("incoming = [{ type = 'image/webp', allow = false }]").expect("reads");
    let mut media = play.worker_with(MediaOptions { limits: Arc::new(limits), ..options() });
    play.send("sticker", samples::STICKER, "wamid.1").await;
    work(&mut media).await;
    let AttachmentState::Failed { reason } = play.state().await else { panic!("is refused") };
    assert!(reason.contains("administrator") && reason.contains("image/webp"), "{reason}");
    assert_eq!((play.kept(), play.tries().await), (0, 0));
}

#[tokio::test]
async fn what_an_earlier_gateway_fetched_is_looked_into_the_newest_first() {
    let play = Play::new().await;
    let mut media = play.worker();
    for (wamid, id) in [("wamid.1", samples::STICKER), ("wamid.2", samples::ANIMATED_STICKER)] {
        play.send("sticker", id, wamid).await;
        play.pass(TimeDelta::seconds(1));
        work(&mut media).await;
    }
    let mut change = play.stage.store.begin().await.expect("begins");
    sqlx::query("UPDATE attachments SET about = NULL, seen = NULL, announced_at = announced_at + rowid")
        .execute(change.db())
        .await
        .expect("writes");
    sqlx::query("UPDATE messages SET body = json_remove(body, '$.attachment.about')")
        .execute(change.db())
        .await
        .expect("writes");
    change.commit().await.expect("commits");
    let unseen = "SELECT COUNT(*) FROM attachments WHERE about IS NULL";
    assert_eq!((play.stage.count(unseen).await, size_of(&play.state().await)), (2, None));
    let mut under_way = JoinSet::new();
    media.pass(&mut under_way).await.expect("reads");
    assert_eq!(under_way.len(), 1, "one at a time");
    let ended = under_way.join_next().await.expect("one");
    media.note(ended).await;
    assert!(size_of(&play.state().await).is_some(), "the newest first");
    assert_eq!(play.stage.count(unseen).await, 1);
    let feed = play.stage.feed(play.masha).await;
    let Some(Event::MessageChanged { message }) = feed.last() else { panic!("{feed:?}") };
    assert!(size_of(&state_of(message)).is_some());
    work(&mut media).await;
    assert_eq!(play.stage.count(unseen).await, 0);
}
