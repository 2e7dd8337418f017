//! Workbins in the real window: put into one, seen there, taken up with the mouse, put back; and what is left by a desktop that is
//! killed.

use crate::{
    picture::Area,
    scene::{BAR, CONVERSATION, FIELD, RING, Scene, WORD},
    wait::until,
};

/// The rows of the list; so high is one.
const ROWS: Area = Area { x: (340, 1080), y: (150, 186) };
const ROW: usize = 36;
/// Where the own workbin stands in the tree, with how much lies there.
const OWN: Area = Area { x: (10, 290), y: (110, 160) };
const PUT_BACK: (usize, usize) = (1092, 78);

fn row(number: usize) -> Area {
    Area { y: (ROWS.y.0 + ROW * number, ROWS.y.1 + ROW * number), ..ROWS }
}

/// A customer who was answered is put into the agent's own workbin with the keyboard.
fn put_away(scene: &Scene) {
    scene.press_and_see("ctrl+shift+w", CONVERSATION);
    scene.display.press("Return");
    until("it lies in the workbin", 15, || (scene.in_workbins() == 1).then_some(()));
    assert!(scene.before_them().is_empty());
}

fn until_open(scene: &Scene) {
    until("it is the agent's", 15, || (scene.before_them() == ["open"]).then_some(()));
}

#[test]
fn an_interaction_is_put_away_leaves_by_itself_is_opened_with_a_double_click_and_put_back() {
    let mut scene = Scene::set("workbins");
    scene.open_desktop(&[]);
    scene.sign_in();
    scene.become_ready();
    scene.customer_writes("wamid.WORKBIN1", "Is the warm red back?");
    scene.until_seen("the customer waits", scene.theme.fresh, BAR, RING);
    scene.answer("I am asking the warehouse.");
    put_away(&scene);
    scene.display.press("ctrl+2");
    scene.until_strokes("it stands in the list", 10, scene.theme.text, row(0));
    scene.keep("in-the-workbin");

    // The agent looks on while the customer takes it up.
    let with_one = scene.look().part(OWN);
    scene.customer_writes("wamid.WORKBIN2", "And in size M?");
    let ((), took) = until("the row goes by itself", 10, || {
        (scene.look().count_strokes(scene.theme.text, row(0)) < WORD).then_some(())
    });
    println!("the row went {took:?} after the customer wrote, the taking of pictures included");
    until("it is counted no more", 10, || (scene.look().part(OWN) != with_one).then_some(()));
    scene.keep("taken-up-by-the-customer");
    until_open(&scene);

    scene.answer("In M, too.");
    put_away(&scene);
    scene.display.press("ctrl+2");
    scene.until_strokes("it stands in the list", 10, scene.theme.text, row(0));
    let (left, top) = (ROWS.x.0 + 60, ROWS.y.0 + ROW / 2);
    scene.display.double_click(scene.window(), (left, top));
    until_open(&scene);
    scene.until_seen("the conversation is in front", scene.theme.accent, FIELD, 1_000);
    scene.keep("opened");
    scene.display.click(scene.window(), PUT_BACK);
    until("it lies there again", 15, || (scene.in_workbins() == 1).then_some(()));
    assert!(scene.before_them().is_empty());
    scene.keep("put-back");
}

#[test]
fn a_desktop_that_is_killed_with_five_conversations_leaves_all_of_them_in_the_workbin() {
    let mut scene = Scene::set("workbins-killed");
    scene.open_desktop(&[]);
    scene.sign_in();
    scene.become_ready();
    scene.talk_to(5);
    assert_eq!(scene.before_them(), ["open"; 5]);
    scene.press_and_see("alt+Down", CONVERSATION);
    scene.keep("before-the-kill");
    scene.kill_desktop();
    scene.goes_unheard();
    assert_eq!((scene.in_workbins(), scene.before_them().len()), (5, 0));

    scene.open_desktop(&[]);
    scene.sign_in();
    scene.display.press("ctrl+2");
    for number in 0..5 {
        scene.until_strokes("it stands in the list", 10, scene.theme.text, row(number));
    }
    assert!(scene.look().count_strokes(scene.theme.text, row(5)) < WORD, "and nothing else");
    scene.keep("after-the-restart");
    scene.display.press("Down");
    scene.display.press("Return");
    until_open(&scene);
    assert_eq!(scene.in_workbins(), 4);
    scene.keep("opened");
}
