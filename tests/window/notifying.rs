//! A notification in the real window: chosen and filled in with the keyboard, sent with the mouse, seen to be read.

use crate::{
    picture::Area,
    scene::{BAR, CONVERSATION, RING, Scene},
    wait::until,
};

/// The panel at the side of the conversation.
const PANEL: Area = Area { x: (1094, 1440), y: (110, 900) };
/// Where its buttons are.
const FOOT: Area = Area { x: (1300, 1440), y: (840, 900) };
/// So many pixels are the mark of one template that can be sent, and not of two.
const ONE_MARK: std::ops::Range<usize> = 12..60;

/// Where a field of the form is, with a notice above all.
const fn field(number: usize) -> Area {
    let middle = 420 + 39 * number;
    Area { x: (1256, 1424), y: (middle - 19, middle + 19) }
}

#[test]
fn the_payment_confirmation_is_filled_in_and_sent() {
    let mut scene = Scene::set("notifying");
    scene.open_desktop(&[]);
    scene.sign_in();
    scene.become_ready();
    scene.customer_writes("wamid.NOTIFY1", "Did you get my payment?");
    let card = scene.until_seen("the customer waits", scene.theme.fresh, BAR, RING);
    scene.display.click(scene.window(), card.middle);

    scene.display.press("ctrl+shift+n");
    scene.until_seen("templates are listed", scene.theme.fresh, PANEL, ONE_MARK.start);
    scene.keep("list");
    scene.display.type_text("HSM_payment");
    until("one template is found", 15, || {
        ONE_MARK.contains(&scene.look().count(scene.theme.fresh, PANEL)).then_some(())
    });
    scene.display.press("Return");
    scene.until_strokes("its places are marked", 15, scene.theme.late, PANEL);
    scene.keep("form");
    for (number, value) in ["Masha Ivanova", "flowers", "$10", "credit"].into_iter().enumerate() {
        scene.display.type_text(value);
        scene.display.press("Return");
        // What is typed in the frame of the key still goes to the field before it.
        scene.until_seen("the next field has the keys", scene.theme.accent, field(number + 1), 100);
    }
    scene.keep("four-of-five");
    assert!(scene.look().find(scene.theme.accent, FOOT, 300).is_none(), "it can't be sent with a gap");
    scene.display.type_text("on Monday");
    let send = scene.until_seen("it can be sent", scene.theme.accent, FOOT, 300);
    scene.keep("filled-in");
    scene.display.click(scene.window(), send.middle);
    until("WhatsApp has it", 15, || {
        (scene.received_notifications("HSM_payment_confirmation") == 1).then_some(())
    });
    scene.until_strokes("the ticks are blue", 15, scene.theme.tick, CONVERSATION);
    scene.keep("read");
    assert_eq!(scene.received_notifications("HSM_payment_confirmation"), 1);
}
