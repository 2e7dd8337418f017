//! When something breaks: a gateway that hangs, a desktop that is killed.

use std::time::Duration;

use crate::{
    scene::{BAR, RING, Scene, TOP_BAR, WORD},
    wait::until,
};

/// A desktop whose agent is at a customer who waits.
fn at_a_customer(name: &str) -> Scene {
    let mut scene = Scene::set(name);
    scene.open_desktop(&[]);
    scene.sign_in();
    scene.become_ready();
    scene.customer_writes("wamid.TROUBLE1", "Where is my parcel?");
    scene.until_seen("the customer waits", scene.theme.fresh, BAR, RING);
    scene.display.press("ctrl+j");
    scene.until_seen("the customer is looked at", scene.theme.accent_soft, BAR, 2_000);
    scene
}

#[test]
fn a_gateway_that_hangs_freezes_nothing_and_what_was_sent_meanwhile_leaves_once() {
    let scene = at_a_customer("gateway-hangs");
    scene.gateway.signal("STOP");
    let took = scene.write("It left our house this morning");
    println!(
        "with the gateway hanging, what is typed appears within {took:?}, the taking of the picture included"
    );
    assert!(took < Duration::from_secs(2), "the window freezes while the gateway hangs: {took:?}");
    scene.keep("typed-while-it-hangs");
    scene.display.type_text(".");
    scene.display.press("Return");
    until("the indicator is out", 10, || (scene.look().count(scene.theme.fresh, BAR) < RING).then_some(()));
    scene.keep("queued");
    // The long poll has its own patience: 25 s that were asked for and 15 for the way.
    let took = scene.until_strokes("the window says that it reconnects", 60, scene.theme.overdue, TOP_BAR);
    println!("the window says so {took:?} after the message was sent");
    scene.keep("reconnecting");
    let took = scene.write("Anything else?");
    assert!(took < Duration::from_secs(2), "the window freezes while it reconnects: {took:?}");

    scene.gateway.signal("CONT");
    let ((), took) = until("the window is connected again", 60, || {
        (scene.look().count_strokes(scene.theme.overdue, TOP_BAR) < WORD).then_some(())
    });
    println!("connected again after {took:?}");
    scene.until_received("It left our house this morning.", 60);
    scene.keep("connected-again");
}

#[test]
fn a_desktop_that_is_killed_comes_back_with_the_draft_and_the_queued_message() {
    let mut scene = at_a_customer("desktop-killed");
    scene.gateway.signal("STOP");
    scene.write("This one is queued");
    scene.display.press("Return");
    until("the indicator is out", 10, || (scene.look().count(scene.theme.fresh, BAR) < RING).then_some(()));
    scene.write("This one is a draft");
    scene.until_kept("This one is a draft");
    scene.keep("before-the-kill");
    scene.kill_desktop();
    assert_eq!(scene.received("This one is queued"), 0);

    scene.gateway.signal("CONT");
    scene.open_desktop(&[]);
    scene.sign_in();
    scene.until_received("This one is queued", 30);
    scene.until_written();
    scene.keep("after-the-restart");
    scene.display.type_text(", sent later.");
    scene.display.press("Return");
    scene.until_received("This one is a draft, sent later.", 30);
    assert_eq!(scene.received("This one is queued"), 1);
}
