//! What it costs to look into a file of a stranger: a child that is started, and a photo as telephones make them.

use std::{
    fs::File,
    io::{Cursor, Write as _},
    path::Path,
    process::Command,
    time::Duration,
};

use image::{RgbImage, codecs::jpeg::JpegEncoder};
use waxwing_gateway::random::Seeded;
use waxwing_media::{
    child::{Described, Workshop},
    verdict::{Claim, Policy},
};

use crate::{
    kit::wait::now,
    report::{Row, percentile},
};

/// Twelve megapixels.
const PHOTO: [u32; 2] = [4000, 3000];
/// How long its file is to be, more or less.
const PHOTO_BYTES: usize = 5 * 1024 * 1024;
/// How often each is tried.
const ROUNDS: usize = 20;
/// What starting a child may cost, in milliseconds.
const START_LIMIT: f64 = 50.0;
/// What looking into a photo may cost, in milliseconds.
const DESCRIBE_LIMIT: f64 = 1000.0;

/// Both rows.
pub(crate) fn rows(program: &Path) -> Vec<Row> {
    let (child, here) = (Workshop::of_program(program.to_owned()), Workshop::here());
    let photo = photo();
    let describe = |workshop: &Workshop, bytes: &[u8], name: &str| -> Described {
        let claim = Claim { name: Some(name), declared_mime: None };
        workshop.describe(file(bytes), &claim, Policy::default()).expect("nothing is wrong with it")
    };
    assert!(describe(&child, &photo, "photo.jpg").preview.is_some());
    let start = middle(|| drop(describe(&child, b"a", "a.txt")));
    let nothing = middle(|| assert!(Command::new("true").status().expect("it runs").success()));
    let photo_there = middle(|| drop(describe(&child, &photo, "photo.jpg")));
    let photo_here = middle(|| drop(describe(&here, &photo, "photo.jpg")));
    vec![
        Row::new("decode_child_start_ms", start, "ms").beside(nothing).at_most(START_LIMIT),
        Row::new("file_describe_ms_5mb_jpeg", photo_there, "ms").beside(photo_here).at_most(DESCRIBE_LIMIT),
    ]
}

/// How long the middle one of some rounds takes, in milliseconds.
fn middle(mut work: impl FnMut()) -> f64 {
    let spans: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let began = now();
            work();
            began.elapsed()
        })
        .collect();
    percentile(&spans, 50)
}

/// Shades with as much noise in them as makes a JPEG of the length that is wanted.
fn photo() -> Vec<u8> {
    let mut chance = Seeded::new(1);
    let [width, height] = PHOTO;
    let shades = RgbImage::from_fn(width, height, |x, y| {
        let noise = chance.next().to_le_bytes()[0] / 16;
        let shade = |part: u32, of: u32| u8::try_from(part * 200 / of).unwrap_or(u8::MAX);
        image::Rgb([shade(x, width) + noise, shade(y, height) + noise, 80 + noise])
    });
    let encoded = |quality| {
        let mut bytes = Cursor::new(Vec::new());
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&shades).expect("there is room");
        bytes.into_inner()
    };
    let qualities = [60, 70, 75, 80, 85, 90, 95];
    qualities
        .map(encoded)
        .into_iter()
        .min_by_key(|bytes| bytes.len().abs_diff(PHOTO_BYTES))
        .expect("there are qualities")
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("there is room for a file");
    file.write_all(bytes).expect("there is room in it");
    file
}
