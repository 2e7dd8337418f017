//! Files from customers: opened, saved, looked at; and those that aren't what they say left alone.

use std::{fs, path::Path};

use image::{ImageFormat, Rgb, RgbImage};

use crate::{
    outside::{Call, Sent, rights},
    picture::{Area, Spot},
    scene::{BAR, CONVERSATION, RING, Scene, WORD},
    wait::until,
};

const BILL: &[u8] = include_bytes!("../../gateway/assets/media/order.pdf");
const SCRIPT: &[u8] = b"#!/bin/sh\necho gotcha\n";
/// The foot of the conversation, where what came last stands.
const NEWEST: Area = Area { x: (300, 700), y: (660, 755) };

/// Where the menu of what came last opens.
const MENU: Area = Area { x: (330, 700), y: (200, 620) };

/// A desktop whose programs are stand-ins, and whose agent is at a customer who wrote.
fn at_a_customer(name: &str) -> Scene {
    let mut scene = Scene::set(name);
    scene.stand_in("xdg-open");
    scene.stand_in("zenity");
    scene.open_desktop(&[]);
    scene.sign_in();
    scene.become_ready();
    scene.customer_writes("wamid.FILES1", "Here is what I have.");
    scene.until_seen("the customer waits", scene.theme.fresh, BAR, RING);
    scene.display.press("ctrl+j");
    scene.until_seen("the customer is looked at", scene.theme.accent_soft, BAR, 2_000);
    scene
}

/// Where the things to click stand of the file that came last.
#[track_caller]
fn links(scene: &Scene) -> Spot {
    until("something can be done with the file", 20, || {
        scene.look().find_strokes(scene.theme.link, NEWEST, WORD)
    })
    .0
}

/// The name that a dialog for saving proposes.
#[track_caller]
fn proposed(call: &Call) -> &str {
    assert!(call.arguments.contains(&"--save".to_owned()), "{call:?}");
    let mut arguments = call.arguments.iter().skip_while(|argument| *argument != "--filename");
    arguments.nth(1).expect("a name is proposed")
}

#[test]
fn a_file_is_opened_in_its_program_and_saved_where_the_agent_wants_it() {
    let scene = at_a_customer("file-opened");
    let name = Some("../../Bill\u{202e} of: May.pdf");
    scene.customer_sends(&Sent { kind: "document", mime: "application/pdf", name, bytes: BILL });
    let links = links(&scene);
    scene.keep("it-has-come");
    scene.display.click(scene.window(), (345, links.area.y.0));
    let opened = scene.until_called("xdg-open", 1);
    let [path] = &opened.arguments[..] else { panic!("{opened:?}") };
    let copy = Path::new(path);
    assert!(copy.is_absolute(), "{path}");
    assert_eq!(copy.file_name().unwrap(), "Bill of_ May.pdf");
    assert_eq!((opened.folder.as_str(), opened.libraries.as_str()), ("/", ""));
    assert_eq!((fs::read(copy).unwrap(), rights(copy)), (BILL.to_vec(), 0o400));

    scene.display.click(scene.window(), (links.area.x.0 + 4, links.middle.1));
    let again = scene.until_called("xdg-open", 2);
    assert_ne!(again, opened, "each program has a copy of its own");

    let to = scene.path("bill.pdf");
    fs::write(&to, "an older one, and a program").unwrap();
    scene.lets_say("zenity", &format!("{}\n", to.display()));
    scene.display.click(scene.window(), (links.area.x.1 - 4, links.middle.1));
    assert_eq!(proposed(&scene.until_called("zenity", 1)), "Bill of_ May.pdf");
    until("the file is saved", 10, || (fs::read(&to).unwrap() == BILL).then_some(()));
    assert_eq!(rights(&to) & 0o111, 0, "what came from a stranger is no program");
    scene.keep("saved");
    scene.until_called("xdg-open", 2);
}

#[test]
fn a_file_that_is_not_what_it_says_is_opened_by_nothing_one_can_press() {
    let scene = at_a_customer("file-lies");
    let name = Some("../../\u{202e}fdp.bill.sh");
    scene.customer_sends(&Sent { kind: "document", mime: "application/pdf", name, bytes: SCRIPT });
    let links = links(&scene);
    let sign = (345, links.area.y.0);
    scene.keep("it-has-come");
    scene.display.click(scene.window(), sign);
    // Now nothing has the focus; what stands last gets it first.
    scene.display.press("shift+Tab");
    let underlined = |spot: &Spot| spot.pixels > links.pixels;
    until("the focus is on what saves it", 10, || {
        scene.look().find_strokes(scene.theme.link, NEWEST, WORD).filter(underlined)
    });
    let to = scene.path("saved.sh");
    scene.lets_say("zenity", &format!("{}\n", to.display()));
    scene.display.press("Return");
    assert_eq!(proposed(&scene.until_called("zenity", 1)), "fdp.bill.sh.bin");
    until("the file is saved", 10, || (fs::read(&to).ok()? == SCRIPT).then_some(()));
    assert_eq!(rights(&to) & 0o111, 0, "it is no program");

    scene.display.press("shift+Tab");
    scene.until_seen("the focus is on the file", scene.theme.accent, NEWEST, RING);
    scene.keep("the-focus-is-on-it");
    scene.display.press("Return");
    scene.display.press("space");
    scene.display.press("shift+F10");
    scene.until_seen("its menu is open", scene.theme.surface, MENU, 40_000);
    scene.display.press("Escape");
    until("its menu is closed", 10, || {
        (scene.look().count(scene.theme.surface, MENU) < 20_000).then_some(())
    });
    scene.display.right_click(scene.window(), sign);
    let menu = scene.until_seen("its menu is open", scene.theme.surface, MENU, 40_000);
    scene.keep("its-menu");
    // What stands first, where files that may be opened have *Open*.
    scene.display.click(scene.window(), (sign.0 + 40, menu.area.y.0 + 24));
    scene.until_called("zenity", 2);

    scene.customer_sends(&Sent { kind: "document", mime: "application/pdf", name: None, bytes: BILL });
    let pages = || scene.look().find_strokes(scene.theme.overdue, NEWEST, WORD);
    let (pdf, _) = until("another file has come", 20, pages);
    scene.keep("another-has-come");
    scene.display.click(scene.window(), pdf.middle);
    let opened = scene.until_called("xdg-open", 1);
    assert_eq!(Path::new(&opened.arguments[0]).extension(), Some("pdf".as_ref()), "{opened:?}");
    assert_eq!(fs::read(&opened.arguments[0]).unwrap(), BILL);
}

#[test]
fn a_picture_is_looked_at_over_the_whole_window() {
    let scene = at_a_customer("picture-viewed");
    let colour = scene.theme.late_ring;
    let picture = RgbImage::from_pixel(400, 300, Rgb([colour.r(), colour.g(), colour.b()]));
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).unwrap();
    let bytes = &file.into_inner();
    scene.customer_sends(&Sent { kind: "image", mime: "image/png", name: None, bytes });
    let preview = scene.until_seen("the picture is there", colour, CONVERSATION, 60_000);
    scene.keep("it-has-come");
    scene.display.click(scene.window(), preview.middle);
    until("nothing else is seen", 10, || (scene.look().count(scene.theme.fresh, BAR) == 0).then_some(()));
    let all = Area { x: (0, 1440), y: (52, 900) };
    scene.until_seen("it is as large as it fits", colour, all, 119_000);
    scene.keep("looked-at");
    scene.display.press("Escape");
    scene.until_seen("the desk is there again", scene.theme.fresh, BAR, RING);
    scene.keep("closed");
    scene.write("Thank you.");
    scene.display.press("Return");
    scene.until_received("Thank you.", 10);
}
