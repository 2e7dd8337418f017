//! What the administrator does not let out is told before anything is uploaded.

use waxwing_protocol::file_rule::FileRule;

use super::*;

const LIMIT_BYTES: u64 = 1024 * 1024;

#[tokio::test]
async fn a_picture_is_held_to_the_gateway_s_rules_and_made_as_small_as_they_want_it() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let rule = FileRule { types: vec!["image/*".to_owned()], allow: true, max_bytes: LIMIT_BYTES };
    let desktop = signed_in(&server, folder.path()).await;
    let mut jpeg = std::io::Cursor::new(Vec::new());
    noise().write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    desktop.attach(1, bytes("noise.jpg", jpeg.get_ref()));
    assert!(desktop.ready(1).await.size_bytes > LIMIT_BYTES);
    desktop.stop();

    // The gateway comes back with a rule, and the file stands on the strip already.
    server.held(|held| held.rules.outgoing.push(rule));
    let desktop = signed_in(&server, folder.path()).await;
    let stopped = |desk: &Arc<Desk>| {
        let strip = desk.conversation(int(1)).map(Conversation::strip).unwrap_or_default();
        strip.iter().any(|file| matches!(file.state, StripState::Refused { .. }))
    };
    desktop.until(stopped).await;
    let (reason, ways_out) = desktop.refused(1).await;
    assert!(reason.contains("administrator") && reason.contains("1 MB"), "{reason}");
    assert_eq!(ways_out, [WayOut::MakeSmaller]);
    let StripState::Ready(smaller) = desktop.rework(1, WayOut::MakeSmaller).await else { panic!() };
    assert!(smaller.size_bytes <= LIMIT_BYTES, "{smaller:?}");
    desktop.send_files();
    desktop.until_sent(1).await;
    assert_eq!(uploaded(&server, 1).begin.size_bytes, smaller.size_bytes);
    desktop.stop();
}
