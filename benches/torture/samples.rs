//! Files to send: the same from the same number, whoever asks.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use waxwing_gateway::random::Seeded;

/// The longest side of a picture.
const MAX_SIDE: u64 = 600;

/// What a file is called.
pub(crate) fn name(number: usize) -> String {
    format!("file-{number:06}.{}", if is_picture(number) { "png" } else { "txt" })
}

/// The number of a file that is called like this.
pub(crate) fn number(name: &str) -> Option<usize> {
    name.strip_prefix("file-")?.split('.').next()?.parse().ok()
}

/// Whether a file is a picture, whose pixels count, not its bytes.
pub(crate) const fn is_picture(number: usize) -> bool {
    number % 3 == 1
}

/// All of it: words, 1 byte to 3 MB of them and at times up to 12 MB, or a picture of noise.
pub(crate) fn bytes(number: usize) -> Vec<u8> {
    let mut chance = Seeded::new(number as u64);
    if is_picture(number) {
        let mut bytes = Cursor::new(Vec::new());
        picture(number).write_to(&mut bytes, ImageFormat::Png).expect("there is room");
        return bytes.into_inner();
    }
    let length = match chance.next() % 16 {
        0..=2 => 1 + chance.next() % 100,
        3 => chance.next() % 12_000_000,
        _ => 1 + chance.next() % 3_000_000,
    };
    words(length, &mut chance)
}

/// So many bytes of words that nobody reads.
pub(crate) fn words(length: u64, chance: &mut Seeded) -> Vec<u8> {
    let length = usize::try_from(length).expect("is a length");
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        bytes.extend(chance.next().to_le_bytes().map(|byte| b'a' + byte % 26));
    }
    bytes.truncate(length);
    bytes
}

fn picture(number: usize) -> RgbImage {
    let mut chance = Seeded::new(number as u64);
    let mut side = || u32::try_from(1 + chance.next() % MAX_SIDE).expect("is short");
    let (width, height) = (side(), side());
    RgbImage::from_fn(width, height, |_, _| {
        let [red, green, blue, ..] = chance.next().to_le_bytes();
        image::Rgb([red, green, blue])
    })
}

/// Whether what arrived is what was sent: byte for byte, and of a picture pixel for pixel.
pub(crate) fn is_same(number: usize, arrived: &[u8]) -> bool {
    if is_picture(number) {
        return image::load_from_memory(arrived).is_ok_and(|arrived| arrived.to_rgb8() == picture(number));
    }
    arrived == bytes(number)
}
