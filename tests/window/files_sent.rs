//! Files to customers: chosen, pasted, sent, and not lost when the desktop is killed.

use std::{fs, io::Cursor, path::Path, process::Stdio};

use egui::Color32;
use image::{ImageFormat, Rgb, RgbImage};

use crate::{
    picture::Area,
    process::{Running, run},
    scene::{BAR, RING, Scene},
    wait::until,
};

/// Where the strip stands; what was sent stands further right.
const STRIP: Area = Area { x: (300, 1100), y: (600, 790) };
/// Where the button is that sends.
const SEND: Area = Area { x: (1340, 1440), y: (850, 890) };
/// What attaches files.
const PAPERCLIP: (usize, usize) = (333, 871);
/// So many pixels of a colour are a picture on the strip.
pub(crate) const FACE: usize = 1_000;

fn at_a_customer(name: &str) -> Scene {
    let mut scene = Scene::set(name);
    scene.stand_in("zenity");
    scene.open_desktop(&[]);
    scene.sign_in();
    scene.become_ready();
    scene.customer_writes("wamid.FILES2", "Can you show me the jacket?");
    scene.until_seen("the customer waits", scene.theme.fresh, BAR, RING);
    scene.turn_to_the_next();
    scene
}

/// A picture of a colour, with a few pixels that make it unlike any other.
pub(crate) fn picture(colour: Color32) -> RgbImage {
    let mut picture = RgbImage::from_pixel(120, 120, Rgb([colour.r(), colour.g(), colour.b()]));
    for (x, y, pixel) in picture.enumerate_pixels_mut().filter(|(_, y, _)| *y < 2) {
        pixel.0 = [u8::try_from(2 * x).expect("is less than 256"), u8::try_from(y).expect("is 0 or 1"), 7];
    }
    picture
}

pub(crate) fn png(picture: &RgbImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).expect("a picture can be written");
    file.into_inner()
}

/// The pixels of a picture as it arrived.
pub(crate) fn pixels(file: &[u8]) -> RgbImage {
    image::load_from_memory(file).expect("a picture").into_rgb8()
}

/// Puts something on the clipboard, as another program that owns it as long as this lives.
fn copy(scene: &Scene, mime: &str, bytes: &[u8]) -> Running {
    let path = scene.path("copied");
    fs::write(&path, bytes).expect("a file can be written");
    let mut command = scene.display.command("xclip");
    command.args(["-quiet", "-selection", "clipboard", "-target", mime, "-in"]).arg(path);
    let owner = Running::start("xclip", command.stdout(Stdio::null()), &scene.path(""));
    until("it is on the clipboard", 10, || {
        let mut command = scene.display.command("xclip");
        command.args(["-selection", "clipboard", "-target", mime, "-out"]);
        run(&mut command, b"").filter(|there| there == bytes)
    });
    owner
}

#[test]
fn what_is_chosen_and_pasted_stands_on_the_strip_and_arrives_behind_the_words() {
    let scene = at_a_customer("files-sent");
    let theme = &scene.theme;
    let (chosen, pasted) = (picture(theme.late_ring), picture(theme.link));
    let (photo, notes) = (scene.path("jacket.png"), scene.path("sizes.txt"));
    fs::write(&photo, png(&chosen)).unwrap();
    fs::write(&notes, "S, M and L\n").unwrap();
    scene.lets_say("zenity", &format!("{}|{}\n", photo.display(), notes.display()));
    scene.display.click(scene.window(), PAPERCLIP);
    let asked = scene.until_called("zenity", 1).arguments;
    assert!(asked.contains(&"--multiple".to_owned()) && !asked.contains(&"--save".to_owned()), "{asked:?}");
    scene.until_seen("the picture is on the strip", theme.late_ring, STRIP, FACE);
    scene.keep("chosen");

    let owner = copy(&scene, "image/png", &png(&pasted));
    scene.display.press("ctrl+v");
    scene.until_seen("the other picture is there, too", theme.link, STRIP, FACE);
    scene.keep("a-picture-pasted");
    owner.kill();
    let owner = copy(&scene, "UTF8_STRING", b"All sizes, in blue.");
    scene.display.press("ctrl+v");
    scene.until_written();
    owner.kill();
    scene.keep("words-pasted");
    scene.display.press("Return");
    scene.until_received("All sizes, in blue.", 20);
    let images = scene.until_received_as("image", 2, 30);
    let documents = scene.until_received_as("document", 1, 30);
    assert_eq!(pixels(&scene.bytes_of(&images[0])), chosen);
    assert_eq!(pixels(&scene.bytes_of(&images[1])), pasted);
    assert_eq!(documents[0]["filename"], "sizes.txt");
    assert_eq!(scene.bytes_of(&documents[0]), b"S, M and L\n");
    assert_eq!(scene.order(), ["text", "image", "document", "image"]);
    let empty = || (scene.look().count(theme.link, STRIP) < FACE).then_some(());
    until("the strip is empty", 10, empty);
    scene.keep("sent");
}

/// How many pieces of files the gateway has.
fn pieces(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let count = |entry: fs::DirEntry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => pieces(&entry.path()),
        _ => usize::from(entry.file_name().to_string_lossy().contains('-')),
    };
    entries.filter_map(Result::ok).map(count).sum()
}

/// Chooses a file and waits until it can be sent; where to click for that.
fn attach(scene: &Scene, path: &Path) -> (usize, usize) {
    scene.lets_say("zenity", &format!("{}\n", path.display()));
    scene.display.click(scene.window(), PAPERCLIP);
    scene.until_seen("the file can be sent", scene.theme.accent, SEND, 500).middle
}

#[test]
fn a_desktop_killed_while_a_file_leaves_sends_it_once_and_still_has_the_one_on_the_strip() {
    const MEGABYTES: usize = 48;
    let mut scene = at_a_customer("files-killed");
    let (list, photo) = (scene.path("catalogue.txt"), scene.path("jacket.png"));
    let catalogue = b"A jacket for the rain, in blue.\n".repeat(MEGABYTES * 1024 * 1024 / 32);
    fs::write(&list, &catalogue).unwrap();
    let shown = picture(scene.theme.late_ring);
    fs::write(&photo, png(&shown)).unwrap();

    attach(&scene, &list);
    scene.keep("before-it-leaves");
    // The key that sends does so right after the dialog.
    scene.display.press("Return");
    let media = scene.path("gateway/media");
    until("a part of it is at the gateway", 30, || (pieces(&media) > 2).then_some(()));
    scene.gateway.signal("STOP");
    let there = pieces(&media);
    assert!((3..MEGABYTES).contains(&there), "{there} of {MEGABYTES} pieces are there");
    attach(&scene, &photo);
    scene.until_seen("the other one is on the strip", scene.theme.late_ring, STRIP, FACE);
    scene.until_kept("jacket.png");
    scene.keep("before-the-kill");
    scene.kill_desktop();

    scene.gateway.signal("CONT");
    scene.open_desktop(&[]);
    scene.sign_in();
    let document = scene.until_received_as("document", 1, 60);
    assert_eq!(document[0]["filename"], "catalogue.txt");
    assert!(scene.bytes_of(&document[0]) == catalogue, "it is not what was sent");
    scene.until_seen("the other one is still there", scene.theme.late_ring, STRIP, FACE);
    scene.keep("after-the-restart");
    let send = scene.until_seen("it can be sent", scene.theme.accent, SEND, 500).middle;
    scene.display.click(scene.window(), send);
    let image = scene.until_received_as("image", 1, 30);
    assert_eq!(pixels(&scene.bytes_of(&image[0])), shown);
    assert_eq!(scene.order(), ["document", "image"]);
    scene.keep("sent");
}
