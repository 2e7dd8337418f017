//! What is over, in the real window: found by words that were said, read, and gone on with in a new chat and a new session.

use crate::{
    picture::Area,
    scene::{BAR, FIELD, RING, Scene, WORD},
    wait::until,
};

/// Where *Done* is taken back, above the notices at the foot of the bar; right of the signs that notices begin with.
const UNDO: Area = Area { x: (36, 250), y: (560, 900) };
/// Where words are looked for, and what was found with them.
const SEARCH: (usize, usize) = (480, 104);
const WORDS: Area = Area { x: (306, 690), y: (80, 122) };
const FOUND: Area = Area { x: (300, 690), y: (130, 400) };
/// Where the transcript stands that is read, and above it what can be done with it.
const READ: Area = Area { x: (710, 1430), y: (190, 890) };
const DEEDS: Area = Area { x: (1150, 1440), y: (50, 130) };
/// What goes on with a session that has ended.
const NEW_SESSION: (usize, usize) = (540, 860);

#[test]
fn words_lead_to_what_is_over_and_from_there_to_a_new_chat_and_a_new_session() {
    let mut scene = Scene::set("past");
    scene.open_desktop(&[]);
    scene.sign_in();
    scene.become_ready();
    scene.customer_writes("wamid.PAST1", "My tulips came too late");
    scene.until_seen("the customer waits", scene.theme.fresh, BAR, RING);
    scene.answer("We are sorry.");
    scene.display.press("ctrl+shift+d");
    until("it is done", 15, || scene.before_them().is_empty().then_some(()));

    // Until that is certain it can be undone, in a card that moves nothing else.
    scene.until_strokes("it can be undone", 10, scene.theme.accent, UNDO);
    scene.keep("done");
    until("it stays done", 20, || {
        (scene.look().count_strokes(scene.theme.accent, UNDO) < WORD).then_some(())
    });

    scene.display.press("ctrl+3");
    scene.until_strokes("it stands in the history", 15, scene.theme.text, FOUND);
    scene.keep("history");
    scene.display.click(scene.window(), SEARCH);
    scene.until_seen("words can be typed", scene.theme.accent, WORDS, 200);
    scene.display.type_text("tulips");
    let hit = scene.until_strokes_at("the words are found", scene.theme.accent, FOUND);
    scene.keep("found");
    scene.display.click(scene.window(), hit.middle);
    scene.until_strokes("it is read", 15, scene.theme.text, READ);
    let new_chat = scene.until_seen("a chat can be begun", scene.theme.accent, DEEDS, 800);
    scene.keep("read");
    scene.display.click(scene.window(), new_chat.middle);
    scene.until_seen("the new chat is in front", scene.theme.accent, FIELD, 1_000);
    assert_eq!(scene.before_them(), ["open"]);
    scene.write("Here is a voucher.");
    scene.display.press("Return");
    scene.until_received("Here is a voucher.", 15);
    scene.keep("new-chat");

    scene.display.press("ctrl+shift+s");
    until("the session has ended", 15, || (scene.before_them() == ["ended"]).then_some(()));
    scene.keep("ended");
    scene.display.click(scene.window(), NEW_SESSION);
    until("the next one is begun", 15, || (scene.before_them() == ["ended", "open"]).then_some(()));
    scene.until_seen("it is in front", scene.theme.accent, FIELD, 1_000);
    scene.write("It is valid for a year.");
    scene.display.press("Return");
    scene.until_received("It is valid for a year.", 15);
    scene.keep("new-session");
}
