//! Notifications in the real window: chosen and filled in with the keyboard, with pictures from the dialog, sent, seen to be read,
//! tapped.

use std::fs;

use serde_json::{Value, json};

use crate::{
    files_sent::{FACE, picture, pixels, png},
    picture::Area,
    scene::{BAR, CONVERSATION, RING, Scene, WORD},
    wait::until,
};

/// The panel at the side of the conversation.
const PANEL: Area = Area { x: (1094, 1440), y: (110, 900) };
/// Where its buttons are.
const FOOT: Area = Area { x: (1300, 1440), y: (840, 900) };
/// So many pixels are the mark of one template that can be sent, and not of two.
const ONE_MARK: std::ops::Range<usize> = 12..60;

/// The second line of the Arabic template's text.
const SECOND_LINE: (usize, usize) = (230, 252);

/// Where a field of the form is.
const fn field(number: usize) -> Area {
    let middle = 376 + 39 * number;
    Area { x: (1256, 1424), y: (middle - 19, middle + 19) }
}

/// A desktop whose agent fills in a template for a customer.
fn filling_in(name: &str, template: &str) -> Scene {
    let mut scene = Scene::set(name);
    scene.stand_in("zenity");
    scene.open_desktop(&[]);
    scene.sign_in();
    scene.become_ready();
    scene.customer_writes("wamid.NOTIFY1", "Did you get my payment?");
    let card = scene.until_seen("the customer waits", scene.theme.fresh, BAR, RING);
    scene.display.click(scene.window(), card.middle);

    scene.display.press("ctrl+shift+n");
    scene.until_seen("templates are listed", scene.theme.fresh, PANEL, ONE_MARK.start);
    scene.keep("list");
    scene.display.type_text(template);
    until("one template is found", 15, || {
        ONE_MARK.contains(&scene.look().count(scene.theme.fresh, PANEL)).then_some(())
    });
    scene.display.press("Return");
    scene.until_strokes("its places are marked", 15, scene.theme.late, PANEL);
    scene.keep("form");
    scene
}

#[test]
fn the_payment_confirmation_is_filled_in_and_sent() {
    let scene = filling_in("notifying", "HSM_payment");
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

/// Types a value into the field that has the keys, and goes on to the next one.
fn fill_in(scene: &Scene, value: &str) {
    scene.write_at(value, PANEL);
    scene.press_and_see("Return", PANEL);
}

/// Chooses a picture for the place before the field that has the keys, without the mouse, and comes back to that field; it is
/// the picture of this number.
fn choose_picture(scene: &Scene, number: usize) {
    let (colour, path) = (scene.theme.link, scene.path(&format!("{number}.png")));
    fs::write(&path, png(&picture(colour))).expect("a file can be written");
    scene.lets_say("zenity", &format!("{}\n", path.display()));
    let before = scene.look().count(colour, PANEL);
    scene.press_and_see("shift+Tab", PANEL);
    scene.press_and_see("shift+Tab", PANEL);
    scene.display.press("Return");
    let asked = scene.until_called("zenity", number).arguments;
    assert!(!asked.contains(&"--multiple".to_owned()), "{asked:?}");
    until("the picture is there", 20, || (scene.look().count(colour, PANEL) > before + FACE).then_some(()));
    scene.press_and_see("Tab", PANEL);
    scene.press_and_see("Tab", PANEL);
}

/// Sends it with Enter in its last field; gives what WhatsApp got.
fn send(scene: &Scene) -> Value {
    scene.until_seen("it can be sent", scene.theme.accent, FOOT, 300);
    scene.keep("filled-in");
    scene.display.press("Return");
    scene.until_received_as("template", 1, 20).remove(0)
}

/// The file of a header is the picture that was chosen.
#[track_caller]
fn assert_pictured(scene: &Scene, header: &Value) {
    assert_eq!(header["type"], "header");
    let there = scene.bytes_of(&header["parameters"][0]["image"]);
    assert_eq!(pixels(&there), picture(scene.theme.link));
}

#[test]
fn a_picture_is_chosen_for_the_header_and_arrives_with_it() {
    let scene = filling_in("notifying-picture", "autumn");
    choose_picture(&scene, 1);
    scene.keep("picture");
    for value in ["Ana", "25%", "sheena"] {
        fill_in(&scene, value);
    }
    scene.write_at("AUTUMN25", PANEL);
    let sent = send(&scene);
    assert_pictured(&scene, &sent["components"][0]);
    assert_eq!(
        sent["components"][3]["parameters"],
        json!([{"type": "coupon_code", "coupon_code": "AUTUMN25"}])
    );
    scene.until_strokes("the ticks are blue", 15, scene.theme.tick, CONVERSATION);
    scene.keep("read");
}

#[test]
fn a_carousel_arrives_card_by_card_and_a_tap_says_which_card_was_meant() {
    let scene = filling_in("notifying-carousel", "new_coll");
    fill_in(&scene, "Ana");
    for (number, (price, address)) in (1..).zip([("$89", "jacket"), ("$19", "socks")]) {
        choose_picture(&scene, number);
        fill_in(&scene, price);
        scene.keep("card");
        if number == 1 {
            fill_in(&scene, address);
        } else {
            scene.write_at(address, PANEL);
        }
    }
    let sent = send(&scene);
    let cards = sent["components"][1]["cards"].as_array().expect("cards");
    assert_eq!(cards.len(), 2);
    for (number, card) in cards.iter().enumerate() {
        assert_pictured(&scene, &card["components"][0]);
        let tap = json!([{"type": "payload", "payload": format!("card.{number}.button.0")}]);
        assert_eq!(card["components"][2]["parameters"], tap);
    }
    scene.until_strokes("the ticks are blue", 15, scene.theme.tick, CONVERSATION);
    scene.keep("read");
    scene.customer_taps("Keep one for me", 1);
    scene.until_kept("Card 2 of 2: Wool socks, now $19.");
    scene.until_seen("the customer waits again", scene.theme.fresh, BAR, RING);
    scene.keep("tapped");
}

#[test]
fn an_offer_that_ends_arrives_with_its_end() {
    let scene = filling_in("notifying-offer", "weekend");
    choose_picture(&scene, 1);
    for value in ["2030-05-20 18:00", "Ana", "20%", "BOOTS20"] {
        fill_in(&scene, value);
    }
    scene.write_at("BOOTS20", PANEL);
    let sent = send(&scene);
    let ends = json!({"expiration_time_ms": 1_905_530_400_000_i64});
    assert_eq!(sent["components"][2]["parameters"][0]["limited_time_offer"], ends);
    scene.until_strokes("the ticks are blue", 15, scene.theme.tick, CONVERSATION);
    scene.keep("read");
}

#[test]
fn an_arabic_template_is_seen_from_right_to_left() {
    let scene = filling_in("notifying-arabic", "appoint");
    let strokes = |x| scene.look().count_strokes(scene.theme.text, Area { x, y: SECOND_LINE });
    assert_eq!(strokes((1112, 1250)), 0, "the second line is short");
    assert!(strokes((1300, 1425)) > WORD, "it stands at the right");
    for value in ["Amina", "Monday"] {
        fill_in(&scene, value);
    }
    scene.write_at("18:30", PANEL);
    let sent = send(&scene);
    assert_eq!(sent["components"][0]["parameters"][0]["text"], "Amina");
    scene.until_strokes("the ticks are blue", 15, scene.theme.tick, CONVERSATION);
    scene.keep("read");
}
