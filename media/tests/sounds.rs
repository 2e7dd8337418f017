//! Sounds that real encoders made, against what the reference decoder makes of them; see `fixtures/README.md`.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use waxwing_media::audio::{self, Codec, RATE, Speed};
use waxwing_protocol::attachment::WAVEFORM_BARS;

/// Name, codec, channels, and how many frames of an encoder's lead-in are played: MP4 says in an edit list that they are not
/// to be heard, which symphonia doesn't read.
const SOUNDS: [(&str, Codec, usize, usize); 11] = [
    ("stereo.aac", Codec::Aac, 2, 0),
    ("narrow.aac", Codec::Aac, 1, 0),
    ("chapters.m4a", Codec::Aac, 2, 1024),
    ("film.mp4", Codec::Aac, 1, 1024),
    ("stereo.mp3", Codec::Mp3, 2, 0),
    ("narrow.mp3", Codec::Mp3, 1, 0),
    ("cover.mp3", Codec::Mp3, 2, 0),
    ("stereo_vorbis.ogg", Codec::Vorbis, 2, 0),
    ("voice.ogg", Codec::Opus, 1, 0),
    ("stereo.opus", Codec::Opus, 2, 0),
    ("long_frames.oga", Codec::Opus, 1, 0),
];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn open(name: &str) -> File {
    File::open(fixture(name)).expect("a fixture")
}

fn samples(bytes: &[u8]) -> Vec<f64> {
    bytes.chunks_exact(2).map(|two| f64::from(i16::from_le_bytes([two[0], two[1]])) / 32768.0).collect()
}

fn played(name: &str, from_ms: u64, speed: Speed) -> Vec<f64> {
    let mut pcm = Vec::new();
    audio::play(open(name), from_ms, speed, &mut pcm).expect("sound");
    samples(&pcm)
}

/// How much louder the reference is than what `ours` makes wrong, in decibels.
fn decibels(ours: &[f64], reference: &[f64]) -> f64 {
    let signal: f64 = reference.iter().map(|sample| sample * sample).sum();
    let noise: f64 = reference.iter().zip(ours).map(|(a, b)| (a - b) * (a - b)).sum();
    10.0 * (signal / noise.max(1e-12)).log10()
}

#[test]
fn every_sound_is_what_the_reference_decodes() {
    for (name, _, channels, lead_in) in SOUNDS {
        let reference = samples(&std::fs::read(fixture(&format!("{name}.pcm"))).unwrap());
        // The reference begins a tenth of a second later.
        let from = (RATE as usize / 10 + lead_in) * channels;
        let ours = &played(name, 0, Speed::X1)[from..][..reference.len()];
        let decibels = decibels(ours, &reference);
        assert!(decibels > 80.0, "{name}: {decibels} dB");
    }
}

#[test]
fn what_is_known_of_a_sound() {
    for (name, codec, channels, _) in SOUNDS {
        let about = audio::about(open(name)).unwrap();
        assert_eq!((about.codec, about.channels), (codec, channels), "{name}");
        // Encoders without a word for it add up to two packets of theirs, of 64 ms each at the slowest rate here.
        assert!((600..=730).contains(&about.duration_ms), "{name}: {} ms", about.duration_ms);
        assert_eq!(about.waveform.len(), WAVEFORM_BARS, "{name}");
        assert_eq!(about.waveform.iter().max(), Some(&255), "{name}");
        // The sound is equally loud from beginning to end.
        assert!(about.waveform[8..54].iter().all(|bar| *bar > 100), "{name}: {:?}", about.waveform);

        let head = audio::head(open(name)).unwrap();
        assert_eq!((head.rate, head.channels), (RATE, channels), "{name}");
        assert!(head.duration_ms.abs_diff(about.duration_ms) <= 25, "{name}: {} ms", head.duration_ms);
    }
}

#[test]
fn sound_goes_on_anywhere() {
    for (name, _, channels, _) in SOUNDS {
        let whole = played(name, 0, Speed::X1);
        for from_ms in [1, 90, 250, 500_usize] {
            let rest = played(name, from_ms as u64, Speed::X1);
            let expected = &whole[from_ms * 48 * channels..];
            // At 44.1 kHz not every millisecond begins with a sample.
            assert!(
                rest.len().abs_diff(expected.len()) <= 2 * channels,
                "{name}: {} of {}",
                rest.len(),
                expected.len()
            );
            let decibels = decibels(&rest, expected);
            assert!(decibels > 30.0, "{name} from {from_ms} ms: {decibels} dB");
        }
        assert!(played(name, 60_000, Speed::X1).is_empty(), "{name}");
    }
}

#[test]
fn faster_is_shorter() {
    for (name, _, channels, _) in SOUNDS {
        let whole = played(name, 0, Speed::X1).len() / channels;
        assert_eq!(played(name, 0, Speed::X1_5).len() / channels, whole * 2 / 3, "{name}");
        assert_eq!(played(name, 0, Speed::X2).len() / channels, whole / 2, "{name}");
    }
}

#[test]
fn what_is_no_sound_is_refused_with_the_reason() {
    let reason = |bytes: &[u8]| {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let played = audio::play(file.try_clone().unwrap(), 0, Speed::X1, &mut Vec::new()).unwrap_err();
        let about = audio::about(file).unwrap_err();
        assert_eq!(played.to_string(), about.to_string());
        about.to_string()
    };
    assert_eq!(reason(b"#!AMR\n\x3c\x91\x17\x16"), "Waxwing has no decoder for AMR");
    assert_eq!(reason(b"#!AMR-WB\n\x3c\x91\x17\x16"), "Waxwing has no decoder for AMR");
    assert_eq!(reason(b""), "it holds no sound");
    assert_eq!(reason(b"Dear Sir or Madam, "), "it holds no sound");
    let mut head_only = std::fs::read(fixture("voice.ogg")).unwrap();
    head_only.truncate(200);
    assert_eq!(reason(&head_only), "it holds no sound");
}
