//! Voice notes that we record ourselves: what is in the file, and what is heard of it.

use std::f64::consts::TAU;
use std::io::Write as _;
use std::time::Duration;

use proptest::prelude::{ProptestConfig, prop, proptest};
use waxwing_media::audio::{self, Codec, RATE, Speed};
use waxwing_media::voice::{BITRATE, PLAY_ICON_BYTES, VoiceEncoder, VoiceInput, length_within};

/// Something like a voice: the harmonics of a tone, which rises, swells and pauses.
#[expect(clippy::cast_possible_truncation, reason = "a sample has 24 bits")]
fn voice(rate: u32, seconds: f64) -> Vec<f32> {
    (0..=u32::MAX)
        .take_while(|sample| f64::from(*sample) < f64::from(rate) * seconds)
        .map(|sample| {
            let at = f64::from(sample) / f64::from(rate);
            let turns = 300.0 * at - 60.0 / (TAU * 0.7) * (TAU * 0.7 * at).cos();
            let swell = (TAU * 1.3 * at).sin().max(0.0);
            let harmonics: f64 = (1..9).map(|n| (TAU * turns * f64::from(n)).sin() / f64::from(n)).sum();
            (0.3 * swell * harmonics) as f32
        })
        .collect()
}

fn encode(samples: &[f32], bitrate: u32) -> Vec<u8> {
    let mut encoder = VoiceEncoder::new(bitrate).expect("a bitrate");
    // In pieces as a microphone gives them, of no helpful length.
    for piece in samples.chunks(1023) {
        encoder.push(piece).expect("samples");
    }
    encoder.finish().expect("an end")
}

fn played(file: &[u8]) -> Vec<f32> {
    let mut on_disk = tempfile::tempfile().expect("a file");
    on_disk.write_all(file).expect("room for it");
    let mut pcm = Vec::new();
    audio::play(on_disk, 0, Speed::X1, &mut pcm).expect("sound");
    pcm.chunks_exact(2).map(|two| f32::from(i16::from_le_bytes([two[0], two[1]])) / 32768.0).collect()
}

fn decibels(ours: &[f32], original: &[f32]) -> f32 {
    let signal: f32 = original.iter().map(|sample| sample * sample).sum();
    let noise: f32 = original.iter().zip(ours).map(|(a, b)| (a - b) * (a - b)).sum();
    10.0 * (signal / noise.max(1e-12)).log10()
}

#[test]
fn what_was_said_is_heard() {
    let said = voice(RATE, 3.0);
    let file = encode(&said, BITRATE);
    let heard = played(&file);
    assert_eq!(heard.len(), said.len(), "nothing is added and nothing is missing");
    // The reference encoder reaches 7 at this bitrate: it makes what sounds alike, not what looks alike.
    let decibels = decibels(&heard, &said);
    assert!(decibels > 6.0, "{decibels} dB");
    let with_more_bits = self::decibels(&played(&encode(&said, 96_000)), &said);
    assert!(with_more_bits > 30.0, "{with_more_bits} dB");

    let mut on_disk = tempfile::tempfile().unwrap();
    on_disk.write_all(&file).unwrap();
    let about = audio::about(on_disk).unwrap();
    assert_eq!((about.codec, about.channels, about.duration_ms), (Codec::Opus, 1, 3000));
}

#[test]
fn the_file_is_as_its_documents_say() {
    let file = encode(&voice(RATE, 3.0), BITRATE);
    let mut granule = 0;
    let mut pages = 0;
    let mut rest = &file[..];
    while !rest.is_empty() {
        // RFC 3533, section 6.
        assert_eq!(&rest[..5], b"OggS\0");
        let segments = usize::from(rest[26]);
        let body: usize = rest[27..27 + segments].iter().map(|segment| usize::from(*segment)).sum();
        let (head, payload) = rest.split_at(27 + segments);
        granule = u64::from_le_bytes(head[6..14].try_into().unwrap());
        match pages {
            0 => {
                assert_eq!(head[5], 2, "the stream begins");
                // RFC 7845, section 5.1: version 1, one channel, pre-skip, 48 kHz, no gain, mapping family 0.
                assert_eq!(&payload[..19], b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0");
                assert_eq!((body, granule), (19, 0));
            }
            1 => assert_eq!((&payload[..8], granule), (&b"OpusTags"[..], 0)),
            _ => {}
        }
        pages += 1;
        rest = &payload[body..];
        assert_eq!(head[5] & 4 != 0, rest.is_empty(), "only the last page is the end");
    }
    // RFC 7845, section 4.4: what was encoded beyond the end isn't counted.
    assert_eq!(granule, 3 * u64::from(RATE) + 312);
}

#[test]
fn nearly_three_minutes_are_shown_with_a_play_icon() {
    let longest = length_within(PLAY_ICON_BYTES, BITRATE);
    assert!(longest >= Duration::from_secs(165), "{longest:?}");

    // A smaller limit, for the encoder's sake.
    let limit = PLAY_ICON_BYTES / 4;
    let mut said = voice(RATE, length_within(limit, BITRATE).as_secs_f64());
    // Nothing is harder to encode than noise.
    let mut noise = 1_u32;
    for sample in &mut said {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *sample += f32::from((noise >> 16) as u16) / 65536.0 - 0.5;
    }
    let bytes = encode(&said, BITRATE).len() as u64;
    assert!(bytes <= limit, "{bytes} bytes");
    assert!(bytes > limit / 10 * 9, "{bytes} bytes");
}

#[test]
fn any_microphone_will_do() {
    let expected = voice(RATE, 0.5);
    for (rate, channels) in [
        (8_000, 1),
        (16_000, 1),
        (22_050, 2),
        (44_100, 1),
        (44_100, 2),
        (48_000, 2),
        (96_000, 4),
        (192_000, 2),
    ] {
        let given: Vec<f32> =
            voice(rate, 0.5).iter().flat_map(|sample| vec![*sample; usize::from(channels)]).collect();
        let mut input = VoiceInput::new(rate, channels);
        let mut samples = Vec::new();
        for piece in given.chunks(usize::from(channels) * 441) {
            input.push(piece, &mut samples);
        }
        input.finish(&mut samples);
        assert_eq!(samples.len(), expected.len(), "{rate} Hz, {channels} channels");
        let decibels = decibels(&samples, &expected);
        assert!(decibels > 85.0, "{rate} Hz, {channels} channels: {decibels} dB");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    #[test]
    fn every_length_comes_back(length in 0..4000_usize, bitrate in 0..600_000_u32, sample in prop::num::f32::ANY) {
        let said = vec![sample; length];
        let file = encode(&said, bitrate);
        if length > 0 {
            assert_eq!(played(&file).len(), length);
        }
    }
}
