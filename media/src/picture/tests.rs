//! Files that are pictures, and files that only say so.

use proptest::prelude::*;

use super::*;

const STILL: &[u8] = include_bytes!("../../tests/fixtures/still.webp");
const MOVING: &[u8] = include_bytes!("../../tests/fixtures/moving.webp");
const MOVING_LOSSY: &[u8] = include_bytes!("../../tests/fixtures/moving-lossy.webp");
const PNG: &[u8] = include_bytes!("../../tests/fixtures/still.png");
const JPEG: &[u8] = include_bytes!("../../tests/fixtures/still.jpg");
const GIF: &[u8] = include_bytes!("../../tests/fixtures/still.gif");
const MOVING_GIF: &[u8] = include_bytes!("../../tests/fixtures/moving.gif");
const TURNED: &[u8] = include_bytes!("../../tests/fixtures/turned.jpg");

fn opened(bytes: &[u8]) -> Result<Picture, Trouble> {
    decode(bytes, Fit::BUBBLE)
}

fn pixel(picture: &Picture, frame: usize, [x, y]: [usize; 2]) -> [u8; 4] {
    let at = (y * picture.size[0] as usize + x) * 4;
    picture.frames[frame].rgba[at..at + 4].try_into().unwrap()
}

/// The chunks of a WebP file: their names and what is in them.
fn chunks(file: &[u8]) -> Vec<([u8; 4], Vec<u8>)> {
    let (mut left, mut found) = (&file[12..], Vec::new());
    while let Some((head, after)) = left.split_at_checked(8) {
        let length = u32::from_le_bytes(head[4..].try_into().unwrap()) as usize;
        found.push((head[..4].try_into().unwrap(), after[..length].to_vec()));
        left = after.get(length + length % 2..).unwrap_or_default();
    }
    found
}

fn file(chunks: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, content) in chunks {
        body.extend(name);
        body.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        body.extend(content);
        body.extend(vec![0; content.len() % 2]);
    }
    let mut file = b"RIFF".to_vec();
    file.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
    file.extend(body);
    file
}

/// The moving sticker, changed.
fn changed(change: impl FnOnce(&mut Vec<([u8; 4], Vec<u8>)>)) -> Vec<u8> {
    let mut parts = chunks(MOVING);
    change(&mut parts);
    file(&parts)
}

#[test]
fn every_kind_is_opened() {
    for still in [STILL, PNG, JPEG] {
        let picture = opened(still).unwrap();
        assert_eq!((picture.size, picture.frames.len()), ([128, 96], 1));
        let [r, g, b, a] = pixel(&picture, 0, [64, 24]);
        assert!(r > 200 && (100..140).contains(&g) && b < 80 && a == 255, "{r} {g} {b} {a}");
    }
    assert_eq!(pixel(&opened(STILL).unwrap(), 0, [0, 0])[3], 0, "the ground is transparent");
}

#[test]
fn an_animation_keeps_its_times_and_clears_up_behind_itself() {
    for moving in [MOVING, MOVING_LOSSY] {
        let picture = opened(moving).unwrap();
        let millis: Vec<_> = picture.frames.iter().map(|f| f.millis).collect();
        assert_eq!(millis, [40, 80, 120]);
        for frame in 0..3 {
            let squares = [18, 48, 78].map(|x| pixel(&picture, frame, [x, 32])[3]);
            let mut expected = [0; 3];
            expected[frame] = 255;
            assert_eq!(squares, expected, "frame {frame}");
        }
    }
}

#[test]
fn a_gif_moves_or_stands() {
    let still = opened(GIF).unwrap();
    assert_eq!((still.size, still.frames.len()), ([60, 40], 1));
    let moving = opened(MOVING_GIF).unwrap();
    let colours: Vec<_> = (0..moving.frames.len()).map(|frame| pixel(&moving, frame, [30, 20])).collect();
    assert_eq!(colours, [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]]);
    assert!(moving.frames.iter().all(|frame| frame.millis == 50));
    // The frame of one colour, many times over.
    let at = MOVING_GIF.windows(2).position(|bytes| bytes == [0x21, 0xf9]).unwrap();
    let next = at + 2 + MOVING_GIF[at + 2..].windows(2).position(|bytes| bytes == [0x21, 0xf9]).unwrap();
    let repeated = |times| [&MOVING_GIF[..at], &MOVING_GIF[at..next].repeat(times), b";"].concat();
    assert_eq!(opened(&repeated(200)).unwrap().frames.len(), 200);
    assert_eq!(opened(&repeated(201)), Err(Trouble::TooManyFrames));
    let mut huge = MOVING_GIF.to_vec();
    huge[6..10].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert_eq!(opened(&huge), Err(Trouble::TooLarge), "65,535 × 65,535");
}

#[test]
fn a_part_outside_its_picture_is_damage() {
    let outside = changed(|parts| parts[2].1[0] = 60);
    assert_eq!(opened(&outside), Err(Trouble::Damaged));
    let not_as_said = changed(|parts| parts[2].1[6] = 20);
    assert_eq!(opened(&not_as_said), Err(Trouble::Damaged));
    let empty = changed(|parts| parts.truncate(2));
    assert_eq!(opened(&empty), Err(Trouble::Damaged), "no frames");
}

#[test]
fn a_part_shines_through_or_covers() {
    // The second part over the first one, half of which it covers: once blended, once not.
    let over = |flags: u8| {
        changed(|parts| {
            parts[2].1[15] = 0b10;
            parts[3].1[0] = parts[2].1[0] + 7;
            parts[3].1[15] = flags;
        })
    };
    for flags in [0b00, 0b10] {
        let picture = opened(&over(flags)).unwrap();
        assert_eq!(pixel(&picture, 1, [8, 32])[0], 200, "the first one is still there");
        assert_eq!(pixel(&picture, 1, [24, 32])[1], 160, "the second one covers it");
    }
}

#[test]
fn hasty_frames_are_slowed_down() {
    let hasty = changed(|parts| {
        for (_name, content) in parts.iter_mut().filter(|(name, _)| name == b"ANMF") {
            content[12..15].copy_from_slice(&[10, 0, 0]);
        }
    });
    let picture = opened(&hasty).unwrap();
    assert!(picture.frames.iter().all(|frame| frame.millis == 100));
}

#[test]
fn a_turned_photo_is_put_upright() {
    let picture = opened(TURNED).unwrap();
    assert_eq!(picture.size, [32, 64]);
    let [top, bottom] = [8, 56].map(|y| pixel(&picture, 0, [16, y]));
    assert!(top[0] > 150 && top[2] < 90 && bottom[2] > 150 && bottom[0] < 90, "{top:?} {bottom:?}");
}

#[test]
fn what_is_no_picture_is_told_from_what_is_damaged() {
    for bytes in [b"".as_slice(), b"<html>no</html>", b"<svg/>", b"%PDF-1.7"] {
        assert_eq!(opened(bytes), Err(Trouble::NotAPicture));
    }
    for good in [STILL, MOVING, PNG, JPEG] {
        let cut = &good[..good.len() / 2];
        // A JPEG that ends early is shown as far as it goes, as browsers do.
        assert!(opened(cut) == Err(Trouble::Damaged) || good == JPEG);
    }
}

#[test]
fn bombs_are_refused_by_their_headers() {
    // A PNG that says it is 65,535 × 65,535, and one that is narrow and long; the check sum of the header is right.
    let png = |width: u32, height: u32| {
        let mut bytes = PNG.to_vec();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = crc(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        bytes
    };
    for (width, height) in [(65_535, 65_535), (8193, 1), (1, 8193), (8000, 8000)] {
        assert_eq!(opened(&png(width, height)), Err(Trouble::TooLarge), "{width} × {height}");
    }
    let mut huge = chunks(MOVING);
    huge[0].1[4..7].copy_from_slice(&[0xff, 0x3f, 0]);
    assert_eq!(opened(&file(&huge)), Err(Trouble::TooLarge), "16,384 wide");
}

/// The check sum of a PNG chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum: u32, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _bit| {
                if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 }
            },
        )
    })
}

#[test]
fn animations_are_bounded_in_frames_and_in_pixels() {
    let repeated = |times: usize| {
        changed(|parts| {
            let frame = parts.pop().unwrap();
            parts.truncate(2);
            parts.extend(vec![frame; times]);
        })
    };
    assert_eq!(opened(&repeated(200)).unwrap().frames.len(), 200);
    assert_eq!(opened(&repeated(201)), Err(Trouble::TooManyFrames));
    let mut many = chunks(&repeated(100));
    many[0].1[4..10].copy_from_slice(&[0xff, 0x07, 0, 0xff, 0x07, 0]);
    assert_eq!(opened(&file(&many)), Err(Trouble::TooLarge), "100 frames of 2,048 × 2,048");
}

#[test]
fn a_bitstream_may_not_be_larger_than_its_picture() {
    let mut lossy = chunks(MOVING_LOSSY);
    let frame = &mut lossy.iter_mut().find(|(name, _)| name == b"ANMF").unwrap().1;
    let stream = frame.windows(3).position(|bytes| bytes == [0x9d, 0x01, 0x2a]).unwrap();
    frame[stream + 3..stream + 7].copy_from_slice(&[0, 0x10, 0, 0x10]);
    assert_eq!(opened(&file(&lossy)), Err(Trouble::Damaged), "4,096 × 4,096 in a part of 28 × 32");
    let mut hidden = chunks(MOVING_LOSSY);
    hidden[0].1[0] = 0;
    let frame = &mut hidden[2].1;
    let stream = frame.windows(3).position(|bytes| bytes == [0x9d, 0x01, 0x2a]).unwrap();
    frame[stream + 3..stream + 7].copy_from_slice(&[0xff, 0x3f, 0xff, 0x3f]);
    assert_eq!(opened(&file(&hidden)), Err(Trouble::Damaged), "in one that says it does not move");
}

#[test]
fn many_frames_are_kept_smaller() {
    assert_eq!(Fit::BUBBLE.of([512, 512], 1), [320, 320]);
    assert_eq!(Fit::BUBBLE.of([100, 50], 1), [100, 50]);
    assert_eq!(Fit::BUBBLE.of([8192, 1], 1), [320, 1]);
    for frames in 1..=MAX_FRAMES {
        let [width, height] = Fit::BUBBLE.of([512, 512], frames);
        assert!(width * height * 4 * frames <= Fit::BUBBLE.bytes && width >= 100, "{frames}: {width}");
    }
}

#[test]
fn what_is_transparent_leaves_no_colour_at_the_edges() {
    let mut sharp = RgbaImage::from_pixel(640, 640, image::Rgba([255, 0, 255, 0]));
    for pixel in sharp.pixels_mut().take(640 * 321) {
        pixel.0 = [10, 200, 30, 255];
    }
    let small = shrink(sharp.into(), [320, 320]).into_rgba8();
    let half = small.pixels().filter(|pixel| (1..255).contains(&pixel.0[3])).count();
    assert!(half > 0, "there is an edge");
    assert!(small.pixels().all(|p| p.0[3] == 0 || p.0[0].abs_diff(10) < 8 && p.0[2].abs_diff(30) < 8));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// A decoder that panics ends its child alone; none of ours should hang or take endless memory either.
    #[test]
    fn damage_anywhere_ends_soon(
        which in 0_usize..8,
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = [STILL, MOVING, MOVING_LOSSY, PNG, JPEG, TURNED, GIF, MOVING_GIF][which].to_vec();
        for (at, byte) in hits {
            *at.get_mut(&mut bytes) = byte;
        }
        let done = std::panic::catch_unwind(|| opened(&bytes));
        if let Ok(Ok(picture)) = done {
            let length: usize = picture.frames.iter().map(|frame| frame.rgba.len()).sum();
            prop_assert!(length <= Fit::BUBBLE.bytes as usize);
        }
    }
}
