//! Films, real ones. How they were made stands beside them.

use std::io::Write as _;

use super::*;

const FILM: &[u8] = include_bytes!("../../tests/fixtures/talk.mp4");
const TURNED: &[u8] = include_bytes!("../../tests/fixtures/turned.mp4");
const FRAGMENTED: &[u8] = include_bytes!("../../tests/fixtures/fragmented.mp4");
const HEVC: &[u8] = include_bytes!("../../tests/fixtures/hevc.mp4");
const PHONE: &[u8] = include_bytes!("../../tests/fixtures/film.3gp");
const OLD_PHONE: &[u8] = include_bytes!("../../tests/fixtures/old.3gp");

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn film(bytes: &[u8]) -> Film {
    Film::read(&file(bytes)).unwrap()
}

#[test]
fn a_film_says_how_long_and_large_it_is() {
    let said = |bytes| {
        let film = film(bytes);
        (film.duration_ms(), film.size(), film.has_sound())
    };
    assert_eq!(said(FILM), (Some(2000), Some([160, 96]), true));
    assert_eq!(said(TURNED), (Some(1000), Some([32, 64]), false));
    assert_eq!(said(PHONE), (Some(1000), Some([96, 80]), true));
    assert_eq!(said(OLD_PHONE), (Some(600), Some([128, 96]), true));
    assert_eq!(said(HEVC), (Some(1000), Some([96, 80]), false));
}

#[test]
fn whatsapp_takes_h264_with_aac_or_nothing_the_index_first() {
    assert!(film(FILM).is_as_whatsapp_takes_it());
    assert!(!film(TURNED).is_as_whatsapp_takes_it(), "the index stands behind the content");
    assert!(!film(OLD_PHONE).is_as_whatsapp_takes_it(), "H.263 and AMR");
    assert!(!film(HEVC).is_as_whatsapp_takes_it());
}

#[test]
fn a_film_begins_with_its_first_key_frame() {
    let poster = film(FILM).poster(&file(FILM)).unwrap();
    let image = poster.image.to_rgb8();
    assert_eq!((poster.size, image.dimensions()), ([160, 96], (160, 96)));
    let colours: std::collections::HashSet<_> =
        image.pixels().map(|pixel| pixel.0.map(|value| value / 64)).collect();
    assert!(colours.len() > 10, "a test picture of many colours: {}", colours.len());
    let turned = film(TURNED).poster(&file(TURNED)).unwrap();
    assert_eq!([turned.image.width(), turned.image.height()], [32, 64]);
    let red = turned.image.to_rgb8();
    assert!(red.pixels().all(|pixel| pixel.0[0] > 200 && pixel.0[1] < 60 && pixel.0[2] < 60));
    assert!(film(PHONE).poster(&file(PHONE)).is_ok());
    for without in [OLD_PHONE, HEVC, FRAGMENTED] {
        assert!(film(without).poster(&file(without)).is_err());
    }
}

#[test]
fn a_film_in_fragments_has_a_size() {
    assert_eq!(film(FRAGMENTED).size(), Some([160, 96]));
}

#[test]
fn no_damage_to_an_index_breaks_it() {
    for good in [FILM, TURNED, PHONE, OLD_PHONE] {
        let moov = good.windows(4).position(|window| window == b"moov").unwrap();
        for at in (moov..good.len().min(moov + 2000)).step_by(3) {
            let mut bytes = good.to_vec();
            bytes[at] ^= 0xff;
            for bytes in [bytes.as_slice(), &good[..at]] {
                if let Ok(film) = Film::read(&file(bytes)) {
                    film.size();
                    film.is_as_whatsapp_takes_it();
                    for track in &film.tracks {
                        assert!(track.key_frames(MAX_TRIES).count() <= MAX_TRIES);
                    }
                }
            }
        }
    }
}
