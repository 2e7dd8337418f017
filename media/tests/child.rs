//! The child as the programs run it: real files, and hundreds of hostile ones.

use std::{
    fs::File,
    io::{Read as _, Seek as _, Write as _},
    path::PathBuf,
};

use image::{GenericImageView as _, ImageFormat};
use waxwing_media::{
    audio::{RATE, Speed},
    child::{Described, Trouble, Workshop},
    picture::{Fit, Picture},
    verdict::{Claim, Policy},
};
use waxwing_protocol::attachment::{Opening, WAVEFORM_BARS};

/// Every sample, with the type it is said to be of.
const SAMPLES: [(&str, &str); 20] = [
    ("still.jpg", "image/jpeg"),
    ("turned.jpg", "image/jpeg"),
    ("still.png", "image/png"),
    ("still.webp", "image/webp"),
    ("moving.webp", "image/webp"),
    ("moving-lossy.webp", "image/webp"),
    ("still.gif", "image/gif"),
    ("moving.gif", "image/gif"),
    ("talk.mp4", "video/mp4"),
    ("turned.mp4", "video/mp4"),
    ("fragmented.mp4", "video/mp4"),
    ("hevc.mp4", "video/mp4"),
    ("film.3gp", "video/3gpp"),
    ("old.3gp", "video/3gpp"),
    ("voice.ogg", "audio/ogg"),
    ("stereo.opus", "audio/ogg"),
    ("stereo_vorbis.ogg", "audio/ogg"),
    ("stereo.mp3", "audio/mpeg"),
    ("stereo.aac", "audio/aac"),
    ("chapters.m4a", "audio/mp4"),
];

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).expect("can be read")
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("there is room for a file");
    file.write_all(bytes).expect("there is room in it");
    file
}

/// With the program of this crate's own.
fn workshop() -> Workshop {
    Workshop::of_program(env!("CARGO_BIN_EXE_waxwing-decode").into())
}

fn describe(workshop: &Workshop, bytes: &[u8], name: &str, mime: &str) -> Result<Described, Trouble> {
    let claim = Claim { name: Some(name), declared_mime: Some(mime) };
    workshop.describe(file(bytes), &claim, Policy::default())
}

#[test]
fn what_a_child_says_is_what_is_said_here() {
    for (name, mime) in SAMPLES {
        let bytes = sample(name);
        let said = describe(&workshop(), &bytes, name, mime).unwrap();
        assert_eq!(said, describe(&Workshop::here(), &bytes, name, mime).unwrap(), "{name}");
        assert_eq!(said.about.mime, mime, "{name}");
        assert_eq!(said.about.opening, Opening::Allowed, "{name}");
        let picture = workshop().picture(file(&bytes), Fit::BUBBLE);
        assert_eq!(picture, Workshop::here().picture(file(&bytes), Fit::BUBBLE), "{name}");
        assert_eq!(picture.is_ok(), mime.starts_with("image/"), "{name}");
    }
}

#[test]
fn a_picture_has_a_preview_of_the_right_size() {
    for (name, mime) in SAMPLES.iter().filter(|(_, mime)| mime.starts_with("image/")) {
        let said = describe(&workshop(), &sample(name), name, mime).unwrap();
        let preview = image::load_from_memory(&said.preview.unwrap()).unwrap();
        assert_eq!(
            said.about.size,
            Some([preview.width(), preview.height()]),
            "{name}: small ones stay as they are"
        );
        assert!(said.about.preview && said.about.thumb_hash.is_some_and(|hash| hash.len() <= 36), "{name}");
    }
    let large =
        image::RgbImage::from_fn(3000, 2000, |x, y| image::Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 80]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    large.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let said = describe(&workshop(), bytes.get_ref(), "large.png", "image/png").unwrap();
    let preview = said.preview.unwrap();
    assert_eq!(image::guess_format(&preview).unwrap(), ImageFormat::Jpeg, "nothing shines through");
    assert_eq!(image::load_from_memory(&preview).unwrap().dimensions(), (640, 426));
    assert_eq!(said.about.size, Some([3000, 2000]));
    let Picture { size, frames } = workshop().picture(file(bytes.get_ref()), Fit::VIEWER).unwrap();
    assert_eq!((size, frames.len()), ([3000, 2000], 1));
    assert_eq!(frames[0].rgba[..4], [0, 0, 80, 255]);
}

#[test]
fn a_film_has_a_poster_and_a_length() {
    let said = describe(&workshop(), &sample("talk.mp4"), "talk.mp4", "video/mp4").unwrap();
    let preview = image::load_from_memory(&said.preview.unwrap()).unwrap();
    assert_eq!((said.about.size, preview.dimensions()), (Some([160, 96]), (160, 96)));
    assert_eq!((said.about.duration_ms, said.about.has_sound, said.video_ok), (Some(2000), true, Some(true)));
    let silent = describe(&workshop(), &sample("turned.mp4"), "turned.mp4", "video/mp4").unwrap();
    assert!(!silent.about.has_sound && silent.about.size == Some([32, 64]));
}

#[test]
fn nothing_is_shown_of_what_may_only_be_saved() {
    for (name, mime) in [("still.png", "image/jpeg"), ("still.png.exe", "image/png")] {
        let said = describe(&workshop(), &sample("still.png"), name, mime).unwrap();
        assert!(matches!(said.about.opening, Opening::SaveOnly { .. }), "{name}");
        assert!(said.preview.is_none() && said.about.thumb_hash.is_none() && !said.about.preview, "{name}");
    }
}

#[test]
fn a_picture_is_made_as_small_as_asked() {
    // Noise, which no format makes small.
    let mut seed = 1_u32;
    let noise = image::RgbImage::from_fn(900, 700, |_x, _y| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb(seed.to_be_bytes()[..3].try_into().unwrap())
    });
    let mut png = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut png, ImageFormat::Png).unwrap();
    for most in [1_000_000, 100_000, 20_000] {
        let made = workshop().converted(file(png.get_ref()), most).unwrap();
        assert!(made.bytes.len() <= most as usize && made.mime == "image/jpeg", "{most}");
    }
    assert_eq!(workshop().converted(file(png.get_ref()), 100), Err(Trouble::TooLarge));
    let made = workshop().converted(file(&sample("still.webp")), 5_000_000).unwrap();
    assert_eq!(made.mime, "image/png", "its ground is transparent");
    assert_eq!(image::load_from_memory(&made.bytes).unwrap().to_rgba8().get_pixel(0, 0).0[3], 0);
    let made = workshop().converted(file(&sample("turned.jpg")), 5_000_000).unwrap();
    assert_eq!(image::load_from_memory(&made.bytes).unwrap().dimensions(), (32, 64), "upright");
}

#[test]
fn what_is_stripped_comes_whole() {
    for name in ["still.jpg", "still.png", "still.webp", "talk.mp4"] {
        let bytes = sample(name);
        let clean = workshop().without_location(file(&bytes), 1_000_000).unwrap();
        assert_eq!(clean, Workshop::here().without_location(file(&bytes), 1_000_000).unwrap(), "{name}");
        let length = u32::try_from(bytes.len()).unwrap();
        assert!(workshop().without_location(file(&bytes), length).is_ok());
        assert_eq!(workshop().without_location(file(&bytes), length - 1), Err(Trouble::TooLarge), "{name}");
    }
}

#[test]
fn a_file_is_read_from_its_beginning() {
    let mut stands_anywhere = file(&sample("still.png"));
    stands_anywhere.seek(std::io::SeekFrom::Start(7)).unwrap();
    assert!(workshop().picture(stands_anywhere, Fit::BUBBLE).is_ok());
    let only_to_be_read = File::open(fixture("still.png")).unwrap();
    assert!(workshop().picture(only_to_be_read, Fit::BUBBLE).is_ok());
}

/// Numbers that look like chance and are the same every time (PCG, with a fixed seed).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// Cuts and flips, many of them near the beginning, where headers are.
fn damaged(good: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = good.to_vec();
    if chance.below(4) == 0 {
        bytes.truncate(chance.below(good.len()));
        return bytes;
    }
    for _ in 0..=chance.below(8) {
        let end = if chance.below(2) == 0 { good.len().min(256) } else { good.len() };
        bytes[chance.below(end)] ^= 1 << chance.below(8);
    }
    bytes
}

/// What may come back; whatever comes, this process is still there to see it.
#[track_caller]
fn ended_well<T>(done: &Result<T, Trouble>, what: &str) {
    if let Err(trouble) = done {
        assert!(*trouble != Trouble::TookTooLong, "{what}: hangs");
    }
}

/// Listens to all of it.
fn heard(workshop: &Workshop, bytes: &[u8]) -> Result<u64, Trouble> {
    let mut playing = workshop.play(file(bytes), 0, Speed::X2)?;
    std::io::copy(&mut playing, &mut std::io::sink()).map_err(|_error| Trouble::Broken)
}

#[test]
fn hostile_files_cost_their_own_preview_at_most() {
    const SEED: u64 = 20_261_122;
    const EACH: usize = 40;
    let workshop = workshop();
    let mut broken = 0;
    for (name, mime) in SAMPLES {
        let good = sample(name);
        let mut chance = Chance(SEED);
        for round in 0..EACH {
            let what = format!("{name}, seed {SEED}, round {round}");
            let bytes = damaged(&good, &mut chance);
            let said = describe(&workshop, &bytes, name, mime);
            ended_well(&said, &what);
            broken += usize::from(said == Err(Trouble::Broken));
            match round % 4 {
                0 => ended_well(&workshop.picture(file(&bytes), Fit::BUBBLE), &what),
                1 => ended_well(&workshop.converted(file(&bytes), 100_000), &what),
                2 if mime.starts_with("audio/") => ended_well(&heard(&workshop, &bytes), &what),
                2 => ended_well(&workshop.without_location(file(&bytes), 100_000), &what),
                _ => {}
            }
        }
    }
    assert_eq!(broken, 0, "what a file is, is known of every one");
}

/// A PNG that says it is so large and holds nothing.
fn empty_png(width: u32, height: u32) -> Vec<u8> {
    let header = [b"IHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let bit = |sum: u32| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
    let sum = !header.iter().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _bit| bit(sum)));
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0d".as_slice(), &header, &sum.to_be_bytes(), b"\0\0\0\0IDAT\x35\xaf\x06\x1e"]
        .concat()
}

#[test]
fn bombs_of_pixels_are_refused() {
    // 64 MB of grey in a file a thousand times shorter.
    let mut flood = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(8192, 8192).write_to(&mut flood, ImageFormat::Png).unwrap();
    for bomb in [empty_png(100_000, 100_000), empty_png(8192, 8192), flood.into_inner()] {
        let said = describe(&workshop(), &bomb, "bomb.png", "image/png").unwrap();
        assert_eq!((said.about.size, said.preview), (None, None));
        assert_eq!(workshop().picture(file(&bomb), Fit::BUBBLE), Err(Trouble::TooLarge));
        assert_eq!(workshop().converted(file(&bomb), 5_000_000), Err(Trouble::TooLarge));
    }
}

/// Bits, the highest first, as H.264 writes its numbers (ISO/IEC 14496-10, 9.1).
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn plain(mut self, value: u32, length: u32) -> Self {
        self.0.extend((0..length).rev().map(|bit| value >> bit & 1 == 1));
        self
    }

    fn number(self, value: u32) -> Self {
        let length = (value + 1).ilog2();
        self.plain(0, length).plain(value + 1, length + 1)
    }

    fn bytes(&self) -> Vec<u8> {
        let byte =
            |bits: &[bool]| (0..8).fold(0, |byte, bit| byte << 1 | u8::from(bits.get(bit) == Some(&true)));
        self.0.chunks(8).map(byte).collect()
    }
}

#[test]
fn a_film_that_wants_gigabytes_has_no_poster() {
    // The parameters of its pictures say 16,384 × 16,384 and sixteen of them kept: 6 GB.
    let parameters = Bits::default()
        .plain(0x67, 8)
        .plain(66, 8)
        .plain(0, 8)
        .plain(62, 8)
        .number(0)
        .number(0)
        .number(2)
        .number(16)
        .plain(0, 1)
        .number(1023)
        .number(1023)
        .plain(0b1100, 4)
        .plain(1, 1)
        .bytes();
    let mut bomb = sample("talk.mp4");
    let at = bomb.windows(4).position(|window| window == b"avcC").unwrap() + 4 + 6;
    let room = usize::from(u16::from_be_bytes([bomb[at], bomb[at + 1]]));
    bomb[at + 2..at + 2 + room].fill(0);
    bomb[at + 2..at + 2 + parameters.len()].copy_from_slice(&parameters);
    let said = describe(&workshop(), &bomb, "talk.mp4", "video/mp4").unwrap();
    assert!(said.preview.is_none(), "{:?}", said.about);
}

#[test]
fn without_its_program_nothing_is_known() {
    let nowhere = Workshop::of_program("/nowhere/waxwing".into());
    assert_eq!(nowhere.picture(file(&sample("still.png")), Fit::BUBBLE), Err(Trouble::Broken));
    let another = Workshop::of_program("/bin/true".into());
    assert_eq!(another.picture(file(&sample("still.png")), Fit::BUBBLE), Err(Trouble::Broken));
}

#[test]
fn what_has_no_sound_is_not_played() {
    for workshop in [workshop(), Workshop::here()] {
        let trouble = workshop.play(file(&sample("still.png")), 0, Speed::X1).map(|_playing| ()).unwrap_err();
        assert_eq!(trouble, Trouble::NotSound);
    }
}

#[test]
fn sound_is_measured_and_played_through_the_child() {
    for (name, mime) in
        [("voice.ogg", "audio/ogg"), ("stereo.mp3", "audio/mpeg"), ("stereo.aac", "audio/aac")]
    {
        let bytes = sample(name);
        let said = describe(&workshop(), &bytes, name, mime).unwrap();
        assert_eq!(said, describe(&Workshop::here(), &bytes, name, mime).unwrap(), "{name}");
        assert!(said.about.duration_ms.is_some_and(|millis| millis > 0), "{name}");
        assert_eq!(said.about.waveform.len(), WAVEFORM_BARS, "{name}");
        let [there, here] = [workshop(), Workshop::here()].map(|workshop| {
            let mut playing = workshop.play(file(&bytes), 100, Speed::X1_5).unwrap();
            let mut samples = Vec::new();
            playing.read_to_end(&mut samples).unwrap();
            (playing.rate, playing.channels, playing.duration_ms, samples)
        });
        assert!(there == here && there.3.len() > 1000, "{name}");
        assert_eq!(there.0, RATE, "{name}");
    }
}

#[test]
fn nobody_has_to_listen_to_the_end() {
    let mut playing = workshop().play(file(&sample("voice.ogg")), 0, Speed::X1).unwrap();
    playing.read_exact(&mut [0; 64]).unwrap();
    playing.stopper().stop();
    // What stood in the pipe may still come; then it ends.
    std::io::copy(&mut playing, &mut std::io::sink()).unwrap();
}
