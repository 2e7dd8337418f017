//! Files that were made or broken to do harm: each costs at most itself.

use proptest::{prelude::*, test_runner::RngSeed};
use waxwing_media::{
    inspect::Flaw,
    kind::{FileType, Standing},
    verdict::{Claim, Handling, Policy, verdict},
};
use waxwing_protocol::attachment::Opening;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use std::io::{Cursor, Write as _};

use crate::samples::*;

const LENIENT: Policy =
    Policy { macros: Handling::Allow, encrypted: Handling::Allow, archives: Handling::Allow };

fn opens(bytes: &[u8]) -> bool {
    verdict(&found(bytes), &Claim::default(), &LENIENT) == Opening::Allowed
}

#[test]
fn cut_files_are_looked_at_wherever_they_are_cut() {
    for (file_type, bytes) in every() {
        let step = (bytes.len() / 200).max(1);
        for len in (0..bytes.len()).step_by(step) {
            let found = found(&bytes[..len]);
            let dangerous = found.file_type.standing() == Standing::Dangerous;
            // What remains of the signature of AMR begins like a script.
            let expected = file_type.standing() == Standing::Dangerous || file_type == FileType::Amr;
            assert!(!dangerous || expected, "{file_type:?} cut at {len}");
        }
    }
    assert!(!opens(b""), "nothing is not a file to open");
}

#[test]
fn a_cut_archive_is_damaged() {
    let bytes = office(("word/document.xml", WORD), &[]);
    assert!(opens(&bytes));
    for len in (4..bytes.len()).step_by(7) {
        assert_eq!(found(&bytes[..len]).flaw, Some(Flaw::Damaged), "cut at {len}");
    }
}

/// The same two thousand files in every run.
fn seeded() -> ProptestConfig {
    let rng_seed = RngSeed::Fixed(0x2026_1122);
    ProptestConfig { cases: 2000, failure_persistence: None, rng_seed, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(seeded())]

    #[test]
    fn flipped_bits_do_no_harm(which in any::<prop::sample::Index>(), flips in prop::collection::vec(any::<(prop::sample::Index, u8)>(), 1..12)) {
        let (_file_type, mut bytes) = every().swap_remove(which.index(every().len()));
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << (bit % 8);
        }
        let found = found(&bytes);
        prop_assert!(found.active.len() <= 6);
    }

    #[test]
    fn bytes_behind_a_signature_do_no_harm(which in any::<prop::sample::Index>(), junk in prop::collection::vec(any::<u8>(), 0..512)) {
        let (_file_type, mut bytes) = every().swap_remove(which.index(every().len()));
        bytes.truncate(16);
        bytes.extend(junk);
        let found = found(&bytes);
        prop_assert!(found.pages.is_none_or(|pages| pages > 0) || found.file_type == FileType::Pdf);
    }
}

#[test]
fn bombs_are_told_by_their_directory() {
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("a.txt", deflated).unwrap();
    writer.write_all(&vec![0; 4 << 20]).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    assert_eq!(found(&bytes).flaw, Some(Flaw::TooMuch), "a ratio of a thousand");

    let of = |entries: usize| {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for number in 0..entries {
            writer.start_file(format!("{number}.txt"), deflated).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    assert_eq!(found(&of(10_000)).flaw, None);
    assert_eq!(found(&of(10_001)).flaw, Some(Flaw::TooMuch));
}

#[test]
fn entries_that_share_their_bytes_are_a_bomb() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("a.txt", stored).unwrap();
    writer.write_all(&[b'a'; 64]).unwrap();
    writer.shallow_copy_file("a.txt", "b.txt").unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    assert_eq!(found(&bytes).flaw, Some(Flaw::TooMuch));
}

#[test]
fn sizes_that_lie_are_not_believed() {
    let mut bytes = zip(&[("a.txt", b"hello")]);
    let directory = bytes.windows(4).rposition(|it| it == b"PK\x01\x02").unwrap();
    bytes[directory + 24..directory + 28].copy_from_slice(&(600_u32 << 20).to_le_bytes());
    assert_eq!(found(&bytes).flaw, Some(Flaw::TooMuch), "600 MB of five bytes");
}

#[test]
fn two_files_in_one_are_the_worse_one() {
    let archive = zip(&[("setup.exe", b"MZ")]);
    let page = b"<html><script>alert(1)</script></html>".as_slice();
    let program = b"This program cannot be run in DOS mode.".as_slice();
    for (file_type, bytes) in every() {
        let binary = matches!(file_type.standing(), Standing::Openable | Standing::Archive)
            && !matches!(file_type, FileType::Text);
        if !binary {
            continue;
        }
        let with_archive = [bytes.as_slice(), &archive].concat();
        assert!(!opens(&with_archive), "{file_type:?} with an archive behind it");
        let media = file_type.sent_as() != waxwing_protocol::message::MediaKind::Document;
        if media {
            assert_eq!(found(&with_archive).also, Some(FileType::Zip), "{file_type:?}");
            for (behind, worse) in [(page, FileType::WebPage), (program, FileType::Program)] {
                let both = [bytes.as_slice(), behind].concat();
                assert_eq!(found(&both).also, Some(worse), "{file_type:?}");
                assert!(!opens(&both));
            }
        }
    }
    let pdf_within = [jpeg(3), plain_pdf()].concat();
    assert_eq!(found(&pdf_within).also, Some(FileType::Pdf));
    let mut comment = gif(1);
    comment[6..8].copy_from_slice(b"/*");
    assert_eq!(found(&comment).also, Some(FileType::Script));
    let image = [jpeg(3), vec![0; 0x8001 - jpeg(3).len()], b"CD001".to_vec()].concat();
    assert_eq!(found(&image).also, Some(FileType::DiskImage));
    let before = [b"#!/bin/sh\n".as_slice(), &archive].concat();
    assert!(!opens(&before), "a script with an archive behind it");
    assert_eq!(found(&[archive.clone(), zip(&[("a.txt", b"a")])].concat()).flaw, Some(Flaw::Damaged));
}

#[test]
fn text_is_told_from_what_runs() {
    for (text, file_type) in [
        ("  \n<HTML>", FileType::WebPage),
        ("<!-- x --><p>", FileType::WebPage),
        ("<?xml version='1.0'?><svg:svg/>", FileType::Svg),
        ("<?xml version='1.0'?><!DOCTYPE html><html/>", FileType::WebPage),
        ("<?xml version='1.0'?><?mso-application progid='Word.Document'?><x/>", FileType::OtherDocument),
        ("@ECHO off\r\ndel *.*", FileType::Script),
        ("<?php system($_GET['c']);", FileType::Script),
        ("MIME-Version: 1.0\nContent-Type: multipart/related", FileType::WebPage),
        ("[Desktop Entry]\nExec=sh", FileType::Shortcut),
        ("ID;PWXL;N;E", FileType::OtherDocument),
        ("MZ is the code of our branch in Mainz", FileType::Text),
        ("<andy> at 5 <p.m.>", FileType::Text),
    ] {
        assert_eq!(found(text.as_bytes()).file_type, file_type, "{text}");
        let wide: Vec<u8> =
            "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(found(&wide).file_type, file_type, "{text} in UTF-16");
    }
    assert_eq!(found(b"Gr\xfc\xdfe aus K\xf6ln").file_type, FileType::Text, "in an older character set");
    assert_eq!(found(b"a\0b").file_type, FileType::Unknown);
}
