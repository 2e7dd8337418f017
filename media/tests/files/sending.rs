//! What can be sent, and as what.

use waxwing_media::{
    inspect::Found,
    kind::{CEILING, FileType, MEGABYTE},
    sending::{Accepted, AttachmentProblem, Outgoing, WayOut, check},
};
use waxwing_protocol::message::MediaKind;

use crate::samples::*;

fn sent(
    bytes: &[u8],
    name: &str,
    size_bytes: u64,
    as_kind: Option<MediaKind>,
) -> Result<Accepted, AttachmentProblem> {
    check(&Outgoing { found: &found(bytes), name, size_bytes, as_kind, video_ok: None })
}

#[test]
fn every_type_goes_as_what_whatsapp_takes_it_for() {
    use FileType as T;
    use MediaKind as K;
    for (file_type, bytes) in every() {
        let result = sent(&bytes, "a", 1000, None);
        let (kind, convert) = match file_type {
            T::Jpeg | T::Png => (K::Image, false),
            T::Webp | T::Gif => (K::Image, true),
            T::Mp4 | T::ThreeGpp => (K::Video, false),
            T::Aac | T::M4a | T::Amr | T::Mp3 | T::OggOpus => (K::Audio, false),
            T::Program | T::Script | T::Shortcut | T::WebPage | T::Svg | T::DiskImage => {
                assert_eq!(result, Err(AttachmentProblem::Dangerous { file_type }));
                continue;
            }
            _ => (K::Document, false),
        };
        let accepted = result.unwrap();
        assert_eq!((accepted.kind(), accepted.convert()), (kind, convert), "{file_type:?}");
        let mime = if convert { "image/jpeg" } else { file_type.mime() };
        assert_eq!(accepted.mime(), mime, "{file_type:?}");
    }
    let table = sent(b"a,b\n1,2\n", "a.csv", 8, None).unwrap();
    assert_eq!(
        (table.kind(), table.mime()),
        (K::Document, "text/plain"),
        "the only text that WhatsApp lists"
    );
}

#[test]
fn limits_are_those_of_the_kind() {
    use MediaKind as K;
    let limits: [(Vec<u8>, Option<K>, u64); 8] = [
        (png(8, 2), None, 5 * MEGABYTE),
        (jpeg(3), None, 5 * MEGABYTE),
        (mp3(), None, 16 * MEGABYTE),
        (mp4(*b"mp42", &[b"vide"]), None, 16 * MEGABYTE),
        (webp(0), Some(K::Sticker), 100 * 1024),
        (webp(2), Some(K::Sticker), 500 * 1024),
        (plain_pdf(), None, CEILING - 1),
        (jpeg(3), Some(K::Document), CEILING - 1),
    ];
    for (bytes, as_kind, limit) in limits {
        let kind = sent(&bytes, "a", limit, as_kind).unwrap().kind();
        let problem = sent(&bytes, "a", limit + 1, as_kind).unwrap_err();
        let expected = match kind {
            K::Document => AttachmentProblem::OverCeiling,
            kind => AttachmentProblem::TooLarge { kind, limit },
        };
        assert_eq!(problem, expected);
    }
    assert_eq!(sent(&plain_pdf(), "a.pdf", 0, None), Err(AttachmentProblem::Empty));
    assert_eq!(sent(&plain_pdf(), "a.pdf", CEILING, None), Err(AttachmentProblem::OverCeiling));
    assert!(
        sent(&webp(0), "a.webp", 20 * MEGABYTE, None).unwrap().convert(),
        "converted, then checked again"
    );
}

#[test]
fn problems_come_with_their_ways_out() {
    use MediaKind as K;
    let problem = |bytes: &[u8], size, kind| {
        let problem = sent(bytes, "a", size, kind).unwrap_err();
        (problem.to_string(), problem.ways_out())
    };
    let (said, ways) = problem(&png(8, 2), 6 * MEGABYTE, None);
    assert_eq!(said, "This file is too large to send as a picture. WhatsApp takes up to 5 MB.");
    assert_eq!(ways, [WayOut::MakeSmaller, WayOut::SendAsDocument]);
    let (said, ways) = problem(&gif(2), 1000, None);
    assert!(said.contains("moves"), "{said}");
    assert_eq!(ways, [WayOut::SendAsDocument]);
    let (said, ways) = problem(b"RIFF\x24\0\0\0WAVEfmt ", 1000, Some(K::Audio));
    assert_eq!(said, "This file is a WAV sound. WhatsApp does not take it as sound.");
    assert_eq!(ways, [WayOut::SendAsDocument]);
    assert_eq!(problem(&opus(2), 1000, None).1, [WayOut::SendAsDocument]);
    assert_eq!(problem(&jpeg(3), 1000, Some(K::Sticker)).1, [WayOut::Convert, WayOut::SendAsDocument]);
    assert_eq!(problem(b"#!/bin/sh", 1000, Some(K::Document)).1, []);
    assert_eq!(
        problem(&webp(0), 200 * 1024, Some(K::Sticker)).0,
        "This file is too large to send as a sticker. WhatsApp takes up to 100 KB."
    );
}

#[test]
fn a_film_in_another_codec_goes_as_a_document_only() {
    let found = Found::new(FileType::Mp4);
    let film = |video_ok, as_kind| {
        check(&Outgoing { found: &found, name: "a.mp4", size_bytes: 1000, as_kind, video_ok })
    };
    assert!(film(Some(true), None).is_ok() && film(None, None).is_ok());
    let problem = film(Some(false), None).unwrap_err();
    assert_eq!(problem, AttachmentProblem::Codec { kind: MediaKind::Video });
    assert_eq!(problem.ways_out(), [WayOut::SendAsDocument]);
    assert_eq!(film(Some(false), Some(MediaKind::Document)).unwrap().kind(), MediaKind::Document);
}

#[test]
fn pictures_in_odd_colours_are_converted() {
    for bytes in [png(16, 2), png(8, 3), jpeg(4)] {
        assert!(sent(&bytes, "a", 1000, None).unwrap().convert());
    }
    assert!(!sent(&png(8, 6), "a", 1000, None).unwrap().convert());
}
