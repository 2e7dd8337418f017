//! The library of prepared replies looked after in the real window: imported, written, given files, and brought back as it was.

use std::fs;

use crate::{
    picture::Area,
    scene::{BAR, RING, Scene, WORD},
    wait::until,
};

/// The panel at the side of the conversation.
const PANEL: Area = Area { x: (1094, 1440), y: (110, 900) };
/// What opens the menu of the library, and what stands in that.
const MENU: (usize, usize) = (1406, 169);
const NEW_FOR_ALL: (usize, usize) = (1254, 251);
const IMPORT: (usize, usize) = (1254, 345);
/// The order that is chosen there, in its colour.
const ORDER: Area = Area { x: (1222, 1320), y: (425, 455) };
/// Where the report of an import stands, the form of a reply, and what is in that.
const REPORT: Area = Area { x: (484, 956), y: (324, 576) };
const NAME: Area = Area { x: (328, 692), y: (152, 190) };
const TEXT: Area = Area { x: (328, 692), y: (344, 480) };
const CLIP: (usize, usize) = (667, 497);
/// The first file, below the paper clip.
const FILE: Area = Area { x: (345, 640), y: (510, 540) };
/// What saves it.
const SAVE: Area = Area { x: (325, 385), y: (655, 690) };
/// Where its versions stand beside it.
const VERSIONS: Area = Area { x: (730, 900), y: (160, 240) };
const FIRST_VERSION: (usize, usize) = (798, 218);
const RESTORE: Area = Area { x: (725, 800), y: (250, 280) };
/// Where replies are searched for.
const SEARCH: Area = Area { x: (1100, 1430), y: (110, 150) };
/// The only card that is found, and where there is nothing below it but its menu.
const CARD: (usize, usize) = (1150, 255);
const BELOW_CARD: Area = Area { x: (1150, 1300), y: (500, 680) };

/// A desktop of a team lead who looks at the prepared replies, with a customer in front.
fn at_the_library(name: &str) -> Scene {
    let mut scene = Scene::led(name);
    scene.stand_in("zenity");
    scene.open_desktop(&[]);
    scene.sign_in();
    scene.become_ready();
    scene.customer_writes("wamid.LIBRARY1", "Which sizes are there?");
    scene.until_seen("the customer waits", scene.theme.fresh, BAR, RING);
    scene.display.press("ctrl+j");
    scene.until_seen("the customer is looked at", scene.theme.accent_soft, BAR, 2_000);
    scene.display.press("ctrl+l");
    scene.until_seen("prepared replies are there", scene.theme.accent, PANEL, 1_000);
    scene
}

/// Takes something from the menu of the library.
fn from_menu(scene: &Scene, item: (usize, usize)) {
    scene.display.click(scene.window(), MENU);
    scene.until_strokes("the menu is open", 10, scene.theme.accent, ORDER);
    scene.display.click(scene.window(), item);
}

#[test]
fn a_file_with_a_bad_row_is_reported_and_nothing_of_it_is_imported() {
    let scene = at_the_library("import-bad-row");
    let file = scene.path("replies.csv");
    fs::write(&file, "name,shortcut,body\nSizes,sizes,We have S and M\n,wrong one,No name\n").unwrap();
    scene.lets_say("zenity", &format!("{}\n", file.display()));
    let is_imported = || scene.library().contains("We have S and M");
    from_menu(&scene, IMPORT);
    scene.until_called("zenity", 1);
    scene.until_strokes("the row is told", 10, scene.theme.overdue, REPORT);
    scene.keep("report");
    assert!(!is_imported(), "it was only tried");
    scene.display.press("Escape");
    until("the report is closed", 10, || {
        (scene.look().count_strokes(scene.theme.overdue, REPORT) < WORD).then_some(())
    });
    scene.keep("closed");
    assert!(!is_imported(), "nothing was imported");

    from_menu(&scene, IMPORT);
    let good = scene.until_seen("the good rows can be imported", scene.theme.accent, REPORT, 1_500);
    scene.display.click(scene.window(), good.middle);
    until("they are imported", 10, || is_imported().then_some(()));
    scene.keep("imported");
    assert!(!scene.library().contains("No name"));
}

#[test]
fn a_reply_is_given_a_file_and_brought_back_as_it_was() {
    let scene = at_the_library("reply-with-a-file");
    let file = scene.path("sizes.txt");
    fs::write(&file, "S, M and L\n").unwrap();
    scene.lets_say("zenity", &format!("{}\n", file.display()));
    from_menu(&scene, NEW_FOR_ALL);
    scene.until_seen("its first field has the keys", scene.theme.accent, NAME, 200);
    scene.write_at("Sizes", NAME);
    scene.display.click(scene.window(), (508, 411));
    scene.until_seen("its text has the keys", scene.theme.accent, TEXT, 200);
    scene.write_at("We have S and M", TEXT);
    scene.display.click(scene.window(), CLIP);
    scene.until_called("zenity", 1);
    scene.until_strokes("the file is there", 10, scene.theme.text, FILE);
    scene.keep("file");
    save(&scene, "We have S and M");
    scene.keep("saved");

    search(&scene);
    scene.display.type_text("Sizes");
    until("it is found", 10, || {
        (scene.look().count_strokes(scene.theme.text, BELOW_CARD) < WORD).then_some(())
    });
    scene.keep("found");
    of_the_card(&scene, 159);
    scene.until_seen("its name has the keys", scene.theme.accent, NAME, 200);
    scene.display.click(scene.window(), (508, 411));
    scene.until_seen("its text has the keys", scene.theme.accent, TEXT, 200);
    scene.display.press("ctrl+a");
    scene.write_at("We have only L", TEXT);
    save(&scene, "We have only L");
    scene.keep("changed");

    of_the_card(&scene, 360);
    scene.until_strokes("the versions are listed", 10, scene.theme.text, VERSIONS);
    scene.display.click(scene.window(), FIRST_VERSION);
    let restore = scene.until_strokes_at("it can be restored", scene.theme.text, RESTORE).middle;
    scene.keep("versions");
    let only_l = scene.look().count_strokes(scene.theme.text, TEXT);
    scene.display.click(scene.window(), restore);
    until("it is in the form", 10, || {
        (scene.look().count_strokes(scene.theme.text, TEXT) != only_l).then_some(())
    });
    scene.keep("restored");
    save(&scene, "We have S and M");
    search(&scene);
    scene.display.press("Return");
    scene.until_written();
    scene.keep("inserted");
    scene.display.press("Return");
    scene.until_received("We have S and M", 20);
    let files = scene.until_received_as("document", 1, 20);
    assert_eq!(
        (files[0]["filename"].as_str(), scene.bytes_of(&files[0])),
        (Some("sizes.txt"), b"S, M and L\n".to_vec())
    );
}

/// Saves the reply that is edited, and waits until the library has its text and the form is gone.
#[track_caller]
fn save(scene: &Scene, text: &str) {
    let save = scene.until_seen("it can be saved", scene.theme.accent, SAVE, 500).middle;
    scene.display.click(scene.window(), save);
    until("the library has it", 10, || scene.library().contains(text).then_some(()));
    until("the form is gone", 10, || (scene.look().count(scene.theme.accent, SAVE) < 100).then_some(()));
}

/// Gives the keys to the search.
#[track_caller]
fn search(scene: &Scene) {
    scene.display.click(scene.window(), (1250, 130));
    scene.until_seen("the search has the keys", scene.theme.accent, SEARCH, 200);
}

/// Takes an entry from the menu of the first card: so far below the click.
fn of_the_card(scene: &Scene, below: usize) {
    scene.display.right_click(scene.window(), CARD);
    scene.until_strokes("its menu is open", 10, scene.theme.text, BELOW_CARD);
    scene.display.click(scene.window(), (CARD.0 + 30, CARD.1 + below));
}
