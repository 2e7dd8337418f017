//! What goes and what stays.

use super::*;
use crate::picture::{Fit, still};

const JPEG: &[u8] = include_bytes!("../../tests/fixtures/still.jpg");
const TURNED: &[u8] = include_bytes!("../../tests/fixtures/turned.jpg");
const PNG: &[u8] = include_bytes!("../../tests/fixtures/still.png");
const WEBP: &[u8] = include_bytes!("../../tests/fixtures/still.webp");
const FILM: &[u8] = include_bytes!("../../tests/fixtures/talk.mp4");

/// What may not be found afterwards.
const SECRET: &[u8] = b"48.8584N 2.2945E, by Jane Doe";

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Red, green, blue and alpha of a picture as it is shown.
fn pixels(bytes: &[u8]) -> (Vec<u8>, [u32; 2]) {
    let still = still(bytes, Fit::VIEWER).unwrap();
    (still.image.into_rgba8().into_raw(), still.size)
}

/// EXIF with an orientation and an author, as a camera writes it: high byte first.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0]);
    exif.extend(b"\x01\x3b\0\x02\0\0\0\x1d\0\0\0\x26\0\0\0\0");
    exif.extend(SECRET);
    exif
}

fn jpeg_segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], length.as_slice(), content].concat()
}

fn jpeg_with(segments: &[u8]) -> Vec<u8> {
    [&JPEG[..2], segments, &JPEG[2..]].concat()
}

fn png_with(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [name.as_slice(), content].concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let chunk = [length.as_slice(), &named, &png::check_sum(&named).to_be_bytes()].concat();
    // Behind the header, which is 8 bytes of signature and a chunk of 25.
    [&PNG[..33], &chunk, &PNG[33..]].concat()
}

#[test]
fn a_jpeg_loses_what_it_says_and_keeps_its_pixels() {
    for told in [
        jpeg_segment(0xe1, &[b"Exif\0\0", exif(1).as_slice()].concat()),
        jpeg_segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()),
        jpeg_segment(0xed, &[b"Photoshop 3.0\0", SECRET].concat()),
        jpeg_segment(0xe2, &[b"MPF\0", SECRET].concat()),
        jpeg_segment(0xfe, SECRET),
    ] {
        let file = jpeg_with(&told);
        let clean = stripped(file.clone()).unwrap();
        assert!(holds(&file, SECRET) && !holds(&clean, SECRET));
        assert_eq!(pixels(&clean), pixels(&file));
    }
    let profile = jpeg_segment(0xe2, b"ICC_PROFILE\0\x01\x01of colours");
    assert!(holds(&stripped(jpeg_with(&profile)).unwrap(), b"of colours"));
    let behind = [JPEG, &jpeg_with(&jpeg_segment(0xfe, SECRET))].concat();
    assert!(!holds(&stripped(behind).unwrap(), SECRET), "a second picture behind the end");
}

#[test]
fn a_turned_picture_stays_turned() {
    assert_eq!(pixels(&stripped(TURNED.to_vec()).unwrap()), pixels(TURNED));
    for orientation in 1..=8 {
        let file = jpeg_with(&jpeg_segment(0xe1, &[b"Exif\0\0", exif(orientation).as_slice()].concat()));
        let clean = stripped(file.clone()).unwrap();
        assert!(!holds(&clean, SECRET));
        assert_eq!(pixels(&clean), pixels(&file), "JPEG, {orientation}");
        let file = png_with(*b"eXIf", &exif(orientation));
        let clean = stripped(file.clone()).unwrap();
        assert!(!holds(&clean, SECRET));
        assert_eq!(pixels(&clean), pixels(&file), "PNG, {orientation}");
    }
    let upright = pixels(JPEG).1;
    let file = jpeg_with(&jpeg_segment(0xe1, &[b"Exif\0\0", exif(6).as_slice()].concat()));
    assert_eq!(pixels(&stripped(file).unwrap()).1, [upright[1], upright[0]], "it was turned at all");
}

#[test]
fn a_png_loses_its_texts_and_its_time() {
    for name in [b"tEXt", b"zTXt", b"iTXt", b"tIME", b"prVt"] {
        let file = png_with(*name, SECRET);
        let clean = stripped(file.clone()).unwrap();
        assert!(!holds(&clean, SECRET) && !holds(&clean, name));
        assert_eq!(pixels(&clean), pixels(PNG));
    }
    let clean = stripped([PNG, SECRET].concat()).unwrap();
    assert!(!holds(&clean, SECRET), "behind the end");
}

#[test]
fn a_webp_loses_its_exif_and_xmp() {
    // A file with nothing but pixels becomes one with a header, EXIF and XMP.
    let chunk = |name: &[u8], content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        [name, &length, content, vec![0; content.len() % 2].as_slice()].concat()
    };
    let [width, height] = pixels(WEBP).1;
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    let header = [vec![0x1c, 0, 0, 0], side(width), side(height)].concat();
    let image = if &WEBP[12..16] == b"VP8X" { &WEBP[30..] } else { &WEBP[12..] };
    let body = [
        b"WEBP".to_vec(),
        chunk(b"VP8X", &header),
        image.to_vec(),
        chunk(b"EXIF", &exif(8)),
        chunk(b"XMP ", SECRET),
    ]
    .concat();
    let file = chunk(b"RIFF", &body);
    let clean = stripped(file.clone()).unwrap();
    assert!(holds(&file, SECRET) && !holds(&clean, SECRET));
    assert_eq!(pixels(&clean), pixels(&file));
    assert_eq!(pixels(&clean).1, [height, width], "it was turned, and still is");
}

#[test]
fn a_film_loses_its_place_and_nothing_moves() {
    assert!(holds(FILM, b"loci") && holds(FILM, b"Secret title"));
    let clean = stripped(FILM.to_vec()).unwrap();
    for told in [b"Secret title".as_slice(), b"udta", b"loci"] {
        assert!(!holds(&clean, told), "{}", String::from_utf8_lossy(told));
    }
    assert_eq!(clean.len(), FILM.len());
    let content = FILM.windows(4).position(|window| window == b"mdat").unwrap();
    assert_eq!(clean[content..], FILM[content..]);
}

#[test]
fn what_is_none_of_these_is_refused() {
    assert_eq!(stripped(b"GIF89a".to_vec()), Err(Trouble::NotAPicture));
    for cut in [&JPEG[..20], &PNG[..40], &WEBP[..40], &FILM[..36]] {
        assert_eq!(stripped(cut.to_vec()), Err(Trouble::Damaged));
    }
}

#[test]
fn no_byte_of_damage_breaks_it() {
    for good in [JPEG, TURNED, PNG, WEBP, FILM] {
        for at in 0..good.len().min(3000) {
            let mut bytes = good.to_vec();
            bytes[at] ^= 0xff;
            let _done: Result<_, _> = stripped(bytes);
            let _done: Result<_, _> = stripped(good[..at].to_vec());
        }
    }
}
