//! A few pages of the gallery as they looked when somebody last looked at them, with the shipped fonts alone.
//!
//! With `WRITE_SNAPSHOTS=1` in the environment the pictures are written anew; look at them before you commit them. What
//! differs is left in `target/snapshots`.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use egui::Theme;
use image::RgbImage;
use waxwing::{
    config::arguments::{Gallery, Themes},
    gallery::{self, Fonts, canvas::Frame},
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ui/snapshots");
/// By how much a pixel may differ in each of its colours: rounding is not the same on every processor.
const NEAR: u8 = 12;
/// How many pixels may differ by more, in a thousand.
const FEW: usize = 1;
/// How large a kept picture may be, in bytes: everybody who clones the project carries them.
const LARGEST: u64 = 30_000;

/// Says that a page looks as it did, in the part that begins at a place and has a size, all in pixels.
#[track_caller]
fn holds(page: &str, theme: Theme, (place, size): ([usize; 2], [usize; 2])) {
    let frame = part(&gallery::picture(page, theme, Fonts::Shipped).expect("is a page"), place, size);
    let suffix = if theme == Theme::Dark { "dark" } else { "light" };
    let name = format!("{page}-{suffix}.png");
    let path = Path::new(FOLDER).join(&name);
    if env::var_os("WRITE_SNAPSHOTS").is_some() {
        gallery::write(&frame, &path).expect("writes");
    }
    let size = fs::metadata(&path).expect("the snapshot is there").len();
    assert!(size <= LARGEST, "{name} takes {size} bytes");
    let kept = image::open(&path).expect("the snapshot is a picture").into_rgb8();
    let differing = differing(&frame, &kept);
    if differing * 1000 > frame.pixels.len() * FEW {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/snapshots");
        fs::create_dir_all(&folder).expect("can be made");
        let left = folder.join(&name);
        gallery::write(&frame, &left).expect("writes");
        panic!("{name}: {differing} pixels differ; now it looks like {}", left.display());
    }
}

fn part(frame: &Frame, [left, top]: [usize; 2], [width, height]: [usize; 2]) -> Frame {
    let row = |y: usize| (left..left + width).map(move |x| frame.at(x, y));
    Frame { width, height, pixels: (top..top + height).flat_map(row).collect() }
}

fn differing(frame: &Frame, kept: &RgbImage) -> usize {
    let [width, height] = [kept.width(), kept.height()].map(|side| side as usize);
    if (frame.width, frame.height) != (width, height) {
        return frame.pixels.len();
    }
    let far = |new: &egui::Color32, old: &image::Rgb<u8>| {
        new.to_array().into_iter().zip(old.0).any(|(new, old)| new.abs_diff(old) > NEAR)
    };
    frame.pixels.iter().zip(kept.pixels()).filter(|(new, old)| far(new, old)).count()
}

#[test]
fn a_reply_is_written() {
    holds("composer-reply", Theme::Light, ([296, 250], [704, 230]));
}

#[test]
fn a_queue_is_blocked() {
    holds("state-blocked", Theme::Dark, ([560, 250], [440, 250]));
}

#[test]
fn emoji_stand_alone() {
    holds("text-jumbo", Theme::Light, ([296, 420], [704, 280]));
}

#[test]
fn people_react() {
    holds("state-reactions", Theme::Light, ([296, 160], [704, 260]));
}

#[test]
fn a_form_is_filled_in() {
    holds("body-replies", Theme::Dark, ([296, 150], [480, 250]));
}

#[test]
fn documents_have_their_signs() {
    holds("file-documents", Theme::Dark, ([296, 240], [360, 260]));
}

#[test]
fn files_stand_on_a_strip() {
    holds("strip-states", Theme::Light, ([296, 300], [540, 180]));
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("writes");
    let told = |out: PathBuf, only: &str| {
        let wanted = Gallery { out, theme: Themes::Light, only: Some(only.to_owned()) };
        gallery::draw(&wanted).expect_err("there is nothing to draw").to_string()
    };
    let unknown = told(folder.path().join("pictures"), "text-nothing");
    assert!(unknown.contains("text-nothing") && unknown.contains("text-marks"), "{unknown}");
    assert!(!folder.path().join("pictures").exists());
    let nowhere = told(file.join("pictures"), "text-marks");
    assert!(nowhere.contains("can't be made"), "{nowhere}");
}

#[test]
fn a_picture_that_changed_is_seen() {
    let white = Frame { width: 2, height: 1, pixels: vec![egui::Color32::WHITE; 2] };
    let mut kept = RgbImage::from_pixel(2, 1, image::Rgb([250, 250, 250]));
    assert_eq!(differing(&white, &kept), 0);
    kept.put_pixel(1, 0, image::Rgb([255, 255, 200]));
    assert_eq!(differing(&white, &kept), 1);
    assert_eq!(differing(&white, &RgbImage::new(1, 1)), 2);
}
