//! Small files of every type, made in code.

use std::{
    io::{Cursor, Write as _},
    sync::LazyLock,
};

use waxwing_media::{
    inspect::{Found, look},
    kind::FileType,
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// What is found in these bytes.
pub(crate) fn found(bytes: &[u8]) -> Found {
    look(&mut Cursor::new(bytes)).expect("bytes in memory can be read")
}

/// A ZIP file of these parts.
pub(crate) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The content types of an office document: of parts, and of its main one by their full types.
pub(crate) fn content_types(overrides: &[(&str, &str)]) -> String {
    let each = |(part, of): &(&str, &str)| {
        [r#"<Override PartName="/"#, part, r#"" ContentType="application/"#, of, r#""/>"#].concat()
    };
    let overrides = overrides.iter().map(each).collect::<Vec<_>>().concat();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>"#
    )
}

pub(crate) const WORD: &str = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
pub(crate) const EXCEL: &str = "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
pub(crate) const SHEET: &str = "vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
pub(crate) const POWERPOINT: &str = "vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";
pub(crate) const SLIDE: &str = "vnd.openxmlformats-officedocument.presentationml.slide+xml";

/// An office document with this main part, and further parts with their types.
pub(crate) fn office(main: (&str, &str), further: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut overrides = vec![main];
    overrides.extend(further.iter().filter(|it| !it.1.is_empty()).map(|(name, of, _content)| (*name, *of)));
    let types = content_types(&overrides);
    let mut parts: Vec<(&str, &[u8])> =
        vec![("[Content_Types].xml", types.as_bytes()), (main.0, b"<document><body>Hello</body></document>")];
    parts.extend(further.iter().map(|(name, _of, content)| (*name, content.as_bytes())));
    zip(&parts)
}

/// A compound file of these streams.
pub(crate) fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, content) in streams {
        let parent = path.rsplit_once('/').map_or("", |(parent, _name)| parent);
        if !parent.is_empty() {
            file.create_storage_all(parent).unwrap();
        }
        file.create_stream(path).unwrap().write_all(content).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// The first bytes of Word's main stream, with these flags.
pub(crate) fn word_stream(flags: u16) -> Vec<u8> {
    let mut stream = vec![0; 64];
    stream[..2].copy_from_slice(&[0xec, 0xa5]);
    stream[10..12].copy_from_slice(&flags.to_le_bytes());
    stream
}

/// A record of Excel's main stream.
pub(crate) fn record(id: u16, content: &[u8]) -> Vec<u8> {
    let len = u16::try_from(content.len()).unwrap();
    [&id.to_le_bytes(), &len.to_le_bytes(), content].concat()
}

/// A property set with one whole number in it.
pub(crate) fn properties(id: u32, number: u32) -> Vec<u8> {
    let mut set = vec![0; 44];
    set[..2].copy_from_slice(&[0xfe, 0xff]);
    for value in [48, 24, 1, id, 16, 3, number] {
        set.extend_from_slice(&u32::to_le_bytes(value));
    }
    set
}

/// A PDF of these objects.
pub(crate) fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut text = "%PDF-1.7\n%\u{e4}\u{fc}\u{f6}\n".to_owned();
    for (number, object) in (1_u32..).zip(objects) {
        text += &[&number.to_string(), " 0 obj\n", object, "\nendobj\n"].concat();
    }
    (text + "trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF\n").into_bytes()
}

/// A PDF of three pages.
pub(crate) fn plain_pdf() -> Vec<u8> {
    pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 3 >>",
        "<< /Type /Page >>",
    ])
}

/// A box of MP4.
pub(crate) fn part(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let len = u32::try_from(content.len() + 8).unwrap();
    [&len.to_be_bytes(), kind.as_slice(), content].concat()
}

/// A file of this brand with tracks for these.
pub(crate) fn mp4(brand: [u8; 4], tracks: &[&[u8; 4]]) -> Vec<u8> {
    let track = |handler: &&[u8; 4]| {
        part(*b"trak", &part(*b"mdia", &part(*b"hdlr", &[&[0; 8], handler.as_slice(), &[0; 13]].concat())))
    };
    let brands = [brand.as_slice(), &[0; 4], b"isom"].concat();
    let movie = tracks.iter().flat_map(track).collect::<Vec<u8>>();
    [part(*b"ftyp", &brands), part(*b"moov", &movie), part(*b"mdat", &[7; 64])].concat()
}

/// A page of Ogg that begins a stream with this packet, and one that goes on.
pub(crate) fn ogg(packet: &[u8]) -> Vec<u8> {
    let page = |flags: u8, packet: &[u8]| {
        let mut page = [b"OggS\0", [flags].as_slice(), &[0; 20], &[1]].concat();
        page.push(u8::try_from(packet.len()).unwrap());
        [&page, packet].concat()
    };
    [page(2, packet), page(0, &[5; 40])].concat()
}

/// An Opus file of so many channels.
pub(crate) fn opus(channels: u8) -> Vec<u8> {
    ogg(&[b"OpusHead\x01".as_slice(), &[channels], &[0; 9]].concat())
}

/// A WebP picture with these flags.
pub(crate) fn webp(flags: u8) -> Vec<u8> {
    [b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0".as_slice(), &[flags], &[0; 43]].concat()
}

/// A PNG picture of this bit depth and colour type.
pub(crate) fn png(depth: u8, colours: u8) -> Vec<u8> {
    let header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01".as_slice();
    [header, &[depth, colours, 0, 0, 0], &[9; 4], b"\0\0\0\0IDAT", &[9; 32]].concat()
}

/// A JPEG picture of so many components.
pub(crate) fn jpeg(components: u8) -> Vec<u8> {
    let application = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".as_slice();
    [
        application,
        &[0xff, 0xc0, 0, 17, 8, 0, 1, 0, 1, components],
        &[0; 9],
        &[0xff, 0xda],
        &[1; 40],
        b"\xff\xd9",
    ]
    .concat()
}

/// A GIF of so many pictures.
pub(crate) fn gif(pictures: usize) -> Vec<u8> {
    let header = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff".as_slice();
    let picture = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0".as_slice();
    [header, &picture.repeat(pictures), b";"].concat()
}

/// Three frames of ADTS.
pub(crate) fn adts() -> Vec<u8> {
    let frame = [[0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc].as_slice(), &[0; 9]].concat();
    frame.repeat(3)
}

/// Three frames of MPEG 1, layer III, of 128 kbit/s at 44,100 Hz.
pub(crate) fn mp3() -> Vec<u8> {
    [[0xff, 0xfb, 0x90, 0x00].as_slice(), &[0; 413]].concat().repeat(3)
}

/// A small file of every type that can be told by its bytes.
pub(crate) fn every() -> Vec<(FileType, Vec<u8>)> {
    static EVERY: LazyLock<Vec<(FileType, Vec<u8>)>> = LazyLock::new(make_every);
    EVERY.clone()
}

fn make_every() -> Vec<(FileType, Vec<u8>)> {
    use FileType as T;
    vec![
        (T::Jpeg, jpeg(3)),
        (T::Png, png(8, 6)),
        (T::Webp, webp(0)),
        (T::Gif, gif(1)),
        (T::Mp4, mp4(*b"mp42", &[b"vide", b"soun"])),
        (T::ThreeGpp, mp4(*b"3gp4", &[b"vide", b"soun"])),
        (T::Aac, adts()),
        (T::M4a, mp4(*b"M4A ", &[b"soun"])),
        (T::Amr, [b"#!AMR\n".as_slice(), &[0x3c; 32]].concat()),
        (T::Mp3, mp3()),
        (T::OggVorbis, ogg(b"\x01vorbis\0\0\0\0\x02")),
        (T::OggOpus, opus(1)),
        (T::Wav, b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec()),
        (T::Flac, b"fLaC\0\0\0\x22\0".to_vec()),
        (T::Pdf, plain_pdf()),
        (T::Doc, compound(&[("/WordDocument", &word_stream(0)), ("/1Table", &[0; 32])])),
        (T::Docx, office(("word/document.xml", WORD), &[])),
        (T::Docm, office(("word/document.xml", "vnd.ms-word.document.macroEnabled.main+xml"), &[])),
        (T::Xls, compound(&[("/Workbook", &record(0x0085, &[0; 16]))])),
        (T::Xlsx, office(("xl/workbook.xml", EXCEL), &[("xl/worksheets/sheet1.xml", SHEET, "<worksheet/>")])),
        (T::Xlsm, office(("xl/workbook.xml", "vnd.ms-excel.sheet.macroEnabled.main+xml"), &[])),
        (T::Ppt, compound(&[("/PowerPoint Document", &[0; 64]), ("/Current User", &[0; 32])])),
        (T::Pptx, office(("ppt/presentation.xml", POWERPOINT), &[])),
        (T::Pptm, office(("ppt/p.xml", "vnd.ms-powerpoint.presentation.macroEnabled.main+xml"), &[])),
        (T::Text, "Guten Tag, Frau Müller.\nBis morgen!\n".into()),
        (T::EncryptedOffice, compound(&[("/EncryptedPackage", &[7; 64]), ("/EncryptionInfo", &[4; 32])])),
        (T::OtherDocument, b"{\\rtf1\\ansi Hello}".to_vec()),
        (T::Zip, zip(&[("photos/one.jpg", b"1"), ("photos/two.jpg", b"2")])),
        (T::Archive, b"Rar!\x1a\x07\x01\0\x33\x92\xb5\xe5".to_vec()),
        (T::Program, [b"MZ\x90\0\x03\0\0\0".as_slice(), &[0; 60]].concat()),
        (T::Script, b"#!/bin/sh\nrm -rf ~\n".to_vec()),
        (T::Shortcut, b"[InternetShortcut]\r\nURL=https://example.org\r\n".to_vec()),
        (T::WebPage, b"<!DOCTYPE html><html><body>Hi</body></html>".to_vec()),
        (T::Svg, br#"<svg xmlns="http://www.w3.org/2000/svg"/>"#.to_vec()),
        (T::DiskImage, [vec![0; 0x8001], b"CD001\x01".to_vec()].concat()),
        (T::Unknown, b"\x01\x02\x03\x04\x05".to_vec()),
    ]
}
