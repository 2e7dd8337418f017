//! The main job, seen from outside: a customer writes, the agent sees them wait, answers, and sees it read.

use egui::Color32;

use crate::{
    display::Hints,
    scene::{BAR, CONVERSATION, HEADER, RING, Scene},
    wait::until,
};

const CALM: Hints = Hints { urgent: false, demands_attention: false };
const ALARMED: Hints = Hints { urgent: true, demands_attention: true };

#[test]
fn a_customer_who_waits_is_seen_in_another_program_answered_once_and_sees_it_read() {
    let mut scene = Scene::set("answering");
    scene.open_desktop(&["--late-after", "3", "--overdue-after", "6"]);
    scene.sign_in();
    scene.become_ready();
    scene.keep("ready");
    let (fresh, late, overdue) = (scene.theme.fresh, scene.theme.late_ring, scene.theme.overdue);

    let another = scene.turn_to_another_program();
    assert_eq!(scene.display.hints(scene.window()), CALM);
    scene.customer_writes("wamid.WINDOW1", "Does the rain jacket come in another colour?");
    scene.until_seen("the indicator is green", fresh, BAR, RING);
    scene.keep("waiting");
    until_hints(&scene, ALARMED);
    assert!(scene.display.has_focus(&another), "the request for attention must not take the focus");
    scene.until_seen("the indicator is yellow", late, BAR, RING);
    scene.keep("waiting-long");
    scene.until_seen("the indicator is red", overdue, BAR, RING);
    scene.keep("overdue");
    until("the red indicator is dimmed", 5, || (scene.look().count(overdue, BAR) < RING).then_some(()));
    scene.until_seen("it is bright again: it flashes", overdue, BAR, RING);

    // To look at the window is not yet to look at the customer.
    scene.display.focus(scene.window());
    until("the window manager has noticed", 5, || {
        (!scene.display.hints(scene.window()).demands_attention).then_some(())
    });
    let card = scene.until_seen("the customer still waits", overdue, BAR, RING);
    assert!(scene.display.hints(scene.window()).urgent, "the focus alone must not end the request");
    scene.display.click(scene.window(), card.middle);
    until_hints(&scene, CALM);
    scene.until_seen("the customer, looked at, still waits", overdue, BAR, RING);
    scene.keep("looked-at");

    let answer = "It does: green, blue and a warm red.";
    scene.write(answer);
    scene.keep("answer-typed");
    scene.display.press("Return");
    scene.until_received(answer, 10);
    until("the indicator is out", 10, || {
        let picture = scene.look();
        let lit = |colour: Color32, at| picture.count(colour, at) >= RING;
        let theme = &scene.theme;
        let on_the_card = [fresh, late, overdue].into_iter().any(|colour| lit(colour, BAR));
        let in_the_header = [theme.fresh_soft, theme.late_soft, overdue, theme.overdue_soft];
        (!on_the_card && !in_the_header.into_iter().any(|colour| lit(colour, HEADER))).then_some(())
    });
    scene.keep("answered");
    scene.until_strokes("the ticks are blue", 15, scene.theme.tick, CONVERSATION);
    scene.keep("read");
    assert_eq!(scene.received(answer), 1);
    assert_eq!(scene.display.hints(scene.window()), CALM);
}

#[track_caller]
fn until_hints(scene: &Scene, wanted: Hints) {
    until(&format!("a taskbar reads {wanted:?}"), 10, || {
        (scene.display.hints(scene.window()) == wanted).then_some(())
    });
}
