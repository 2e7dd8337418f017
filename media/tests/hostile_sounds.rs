//! Sounds that were cut off and tampered with: none of these crashes or stalls what decodes them. What still might costs only
//! the child process it runs in.

use std::io::Write as _;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use waxwing_media::audio::{self, Speed};

const SOUNDS: [&str; 11] = [
    "stereo.aac",
    "narrow.aac",
    "chapters.m4a",
    "film.mp4",
    "stereo.mp3",
    "narrow.mp3",
    "cover.mp3",
    "stereo_vorbis.ogg",
    "voice.ogg",
    "stereo.opus",
    "long_frames.oga",
];

/// How often each is damaged.
const CASES: usize = 200;

/// The same numbers every time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("less than a usize")
    }
}

/// Cut off, with bits turned over, with bytes overwritten, or with a piece repeated.
fn tampered(sound: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut sound = sound.to_vec();
    match dice.below(4) {
        0 => sound.truncate(dice.below(sound.len())),
        1 => {
            for _ in 0..=dice.below(8) {
                let bit = dice.below(sound.len() * 8);
                sound[bit / 8] ^= 1 << (bit % 8);
            }
        }
        2 => {
            let at = dice.below(sound.len());
            let end = (at + 1 + dice.below(16)).min(sound.len());
            sound[at..end].fill([0, 0xff, 0x7f, 0x80][dice.below(4)]);
        }
        _ => {
            let from = dice.below(sound.len());
            let to = (from + dice.below(400)).min(sound.len());
            let part = sound[from..to].to_vec();
            let at = dice.below(sound.len());
            sound.splice(at..at, part);
        }
    }
    mend_checksums(&mut sound);
    sound
}

/// Gives every Ogg page its right checksum again (RFC 3533, section 6), or else nobody would look into it.
fn mend_checksums(sound: &mut [u8]) {
    let mut at = 0;
    while let Some(found) = sound[at..].windows(4).position(|four| four == b"OggS") {
        at += found;
        let Some(segments) = sound.get(at + 26).map(|segments| usize::from(*segments)) else { return };
        let Some(table) = sound.get(at + 27..at + 27 + segments) else { return };
        let end = at + 27 + segments + table.iter().map(|segment| usize::from(*segment)).sum::<usize>();
        let Some(page) = sound.get_mut(at..end) else { return };
        page[22..26].fill(0);
        let checksum = page.iter().fold(0_u32, |checksum, byte| {
            (0..8).fold(checksum ^ u32::from(*byte) << 24, |sum, _| {
                sum << 1 ^ if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 }
            })
        });
        page[22..26].copy_from_slice(&checksum.to_le_bytes());
        at = end;
    }
}

/// Decodes it in both ways; what comes out may be an error.
fn decode(sound: &[u8]) {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(sound).expect("room for it");
    let about = audio::about(file.try_clone().expect("another handle"));
    let mut pcm = Vec::new();
    let played = audio::play(file, 300, Speed::X1_5, &mut pcm);
    // A sound of less than a second can't become minutes by damage.
    assert!(pcm.len() < 16_000_000, "{} bytes", pcm.len());
    assert_eq!(about.is_ok(), played.is_ok(), "{about:?}, {played:?}");
}

#[test]
fn damage_is_survived_in_time() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for name in SOUNDS {
        let sound = std::fs::read(folder.join(name)).expect("a fixture");
        let (tell, told) = mpsc::channel();
        let decoding = move || {
            let mut dice = Dice(0x5eed);
            for case in 0..CASES {
                decode(&tampered(&sound, &mut dice));
                if tell.send(case).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().name(name.to_owned()).spawn(decoding).expect("a thread");
        for case in 0..CASES {
            // Each takes some milliseconds; a stalled one never ends.
            let done = told.recv_timeout(Duration::from_mins(1));
            assert_eq!(done, Ok(case), "{name}: stalled or crashed");
        }
    }
}
