//! Who hears how fetching a file ended.

use serde_json::json;

use super::*;
use crate::handling::stage::{Stage, at};

const PHONE: &str = "15550000001";

#[tokio::test]
async fn a_file_of_an_earlier_session_is_told_to_whoever_has_the_conversation_now() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    let sticker = json!({"from": PHONE, "id": "wamid.1", "timestamp": at(5).timestamp().to_string(),
        "type": "sticker", "sticker": {"id": "media.1", "mime_type": "image/webp"}});
    stage.arrive(json!({"messages": [sticker]}), 5).await;
    let before = stage.owned(masha).await.remove(0);
    stage.done(masha, before.id, 10).await;
    stage.pause(masha, 11).await;
    let pasha = stage.agent("pasha", 5).await;
    stage.ready(pasha, 12).await;
    stage.write(PHONE, "wamid.2", "me again", 20).await;

    let mut change = stage.store.begin().await.expect("begins");
    let number = before.business_number.id;
    let wanted = attachments::due(change.db(), number, at(30), 1).await.expect("reads").remove(0);
    let reason = "WhatsApp does not have it any more.";
    assert!(settle(&mut change, &wanted, Err(reason), at(30)).await.expect("settles"));
    change.commit().await.expect("commits");

    let feed = stage.feed(pasha).await;
    let Some(Event::MessageChanged { message }) = feed.last() else { panic!("{feed:?}") };
    let failed = AttachmentState::Failed { reason: reason.to_owned() };
    let Body::Media(media) = &message.body else { panic!("{:?}", message.body) };
    assert_eq!(media.attachment.as_ref().map(|file| &file.state), Some(&failed));
    assert_eq!(message.interaction, before.id);

    let mut change = stage.store.begin().await.expect("begins");
    let now = stage.owned(pasha).await.remove(0).id;
    let theirs = (now, message.id);
    assert!(
        fetch_again(&mut change, masha, theirs, at(40)).await.is_err(),
        "she has no conversation with them now"
    );
    let again = fetch_again(&mut change, pasha, theirs, at(40)).await.expect("is tried again");
    let Body::Media(media) = &again.body else { panic!("{again:?}") };
    assert_eq!(media.attachment.as_ref().map(|file| &file.state), Some(&AttachmentState::Fetching));
    assert_eq!(attachments::due(change.db(), number, at(40), 1).await.expect("reads").len(), 1);
    let twice = fetch_again(&mut change, pasha, theirs, at(41)).await.expect_err("it is on its way");
    assert!(matches!(twice, Refusal::Problem(problem) if problem.code == ProblemCode::Conflict));
}
