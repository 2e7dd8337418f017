//! A conversation in a window of its own: its title, its place in the taskbar, who asks for attention, and that it is
//! there again where it was.

use crate::{
    display::{Hints, Window},
    scene::{BAR, CONTACT, HEADER, RING, Scene},
    wait::until,
};

const CALM: Hints = Hints { urgent: false, demands_attention: false };
const ALARMED: Hints = Hints { urgent: true, demands_attention: true };

#[test]
fn a_conversation_is_taken_out_answered_asks_for_attention_itself_and_comes_back_after_a_restart() {
    let mut scene = Scene::set("own-window");
    scene.open_desktop(&[]);
    scene.sign_in();
    scene.become_ready();
    scene.customer_writes("wamid.OWN1", "Does the rain jacket come in another colour?");
    scene.until_seen("the customer waits", scene.theme.fresh, BAR, RING);
    scene.display.press("ctrl+j");
    scene.until_seen("the conversation is in front", scene.theme.fresh_soft, HEADER, RING);
    scene.display.press("ctrl+shift+o");
    let own = own_window(&scene);
    assert_ne!(&own, scene.window());
    until("the new window has the focus", 10, || scene.display.has_focus(&own).then_some(()));
    let answer = "It does: green, blue and a warm red.";
    scene.display.type_text(answer);
    scene.display.press("Return");
    scene.until_received(answer, 10);
    scene.keep_of(&own, "answered");
    scene.keep("the-main-window-says-where-it-is");

    scene.display.focus(scene.window());
    scene.customer_writes("wamid.OWN2", "The blue one, please.");
    until_hints(&scene, &own, ALARMED);
    assert_eq!(scene.display.hints(scene.window()), CALM, "the main window asks for others only");
    // Only now it is certain that the program has noticed where the focus is.
    scene.customer_writes("wamid.OWN3", "In size M.");
    until("its title counts what is unseen", 10, || scene.display.title(&own).starts_with('(').then_some(()));
    scene.keep("asks-for-attention");
    scene.display.focus(&own);
    until_hints(&scene, &own, CALM);
    until("nothing is unseen", 10, || (!scene.display.title(&own).starts_with('(')).then_some(()));

    scene.display.move_to(&own, (1180, 60));
    scene.until_kept("1180.0");
    let place = scene.display.place(&own);
    scene.kill_desktop();
    scene.open_desktop(&[]);
    scene.sign_in();
    let again = own_window(&scene);
    until("the window is where it was", 10, || (scene.display.place(&again) == place).then_some(()));

    scene.display.close(&again);
    until("its window has gone", 10, || scene.display.find(CONTACT).is_none().then_some(()));
    scene.until_seen("the conversation is still there", scene.theme.fresh, BAR, RING);
    scene.keep("brought-back");
}

fn own_window(scene: &Scene) -> Window {
    scene.display.window(&format!("{CONTACT} .* Waxwing$"))
}

#[track_caller]
fn until_hints(scene: &Scene, window: &Window, wanted: Hints) {
    until(&format!("a taskbar reads {wanted:?}"), 10, || {
        (scene.display.hints(window) == wanted).then_some(())
    });
}
