//! Documents and archives to spoil: a small one of every type, made by the same code as those of the tests, and some that mean
//! harm before anything is done to them.

use std::io::{Cursor, Read as _, Write as _};

use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

#[expect(dead_code, reason = "the tests need more of it")]
#[expect(clippy::unwrap_used, reason = "they are tests'")]
#[path = "../../media/tests/files/samples.rs"]
mod made;

use made::{EXCEL, SHEET, WORD, office};

/// How deep what is nested goes.
const DEPTH: usize = 50_000;
/// An archive of more parts than this is spoilt as a whole.
pub(crate) const MOST_PARTS: usize = 16;
/// How much of a part is kept, in bytes.
const MOST_BYTES: u64 = 8 << 20;

/// All of them, by name.
pub(crate) fn samples() -> Vec<(String, Vec<u8>)> {
    let every = made::every().into_iter();
    let every = every.map(|(of, bytes)| (format!("small.{}", of.extension()), bytes));
    every.chain(harmful().into_iter().map(|(name, bytes)| (name.to_owned(), bytes))).collect()
}

fn harmful() -> Vec<(&'static str, Vec<u8>)> {
    let laughs = laughs();
    let deep = ["<a>".repeat(DEPTH), "</a>".repeat(DEPTH)].concat();
    let inner = archive(&[("a.txt", &vec![0; 4 << 20])]);
    let nested = (0..8).fold(inner.clone(), |inside, _| archive(&[("inside.zip", &inside)]));
    let names: Vec<String> = (0..20_000).map(|number| format!("{number}.xml")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    let types = |content: &str| archive(&[("[Content_Types].xml", content.as_bytes())]);
    let relations =
        r#"<Relationships><Relationship Type="attachedTemplate" TargetMode="External" Target="\\host\a"/>"#;
    vec![
        ("bomb.zip", inner),
        ("nested.zip", nested),
        ("many.zip", archive(&many)),
        ("up.zip", archive(&[("../../a.txt", b"a"), ("/etc/passwd", b"a"), ("a\\..\\b", b"a")])),
        ("laughs.docx", types(&laughs)),
        ("deep.docx", types(&deep)),
        ("long.xlsx", types(&["<a b=\"", &"x".repeat(1 << 20), "\"/>"].concat())),
        (
            "template.docx",
            office(("word/document.xml", WORD), &[("word/_rels/settings.xml.rels", "", relations)]),
        ),
        ("dde.xlsx", office(("xl/workbook.xml", EXCEL), &[("xl/worksheets/sheet1.xml", SHEET, &laughs)])),
        ("pages.pdf", made::pdf(&[&"<< /Kids [".repeat(DEPTH), "<< /Type /Pages /Count 99999999999 >>"])),
    ]
}

/// Entities that would be a thousand million words.
fn laughs() -> String {
    let each = |n: u32| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10));
    let all: String = (1..10).map(each).collect();
    format!("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY l0 \"ha\">{all}]><a>&l9;</a>")
}

/// An archive of these, packed as small as it goes.
pub(crate) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, packed).expect("there is room");
        writer.write_all(content).expect("there is room");
    }
    writer.finish().expect("there is room").into_inner()
}

/// The same archive with one part changed; none if it can't be read or has more parts than [`MOST_PARTS`].
pub(crate) fn change(bytes: &[u8], which: usize, change: impl FnOnce(&mut Vec<u8>)) -> Option<Vec<u8>> {
    let mut opened = ZipArchive::new(Cursor::new(bytes)).ok().filter(|opened| opened.len() <= MOST_PARTS)?;
    let mut parts = Vec::new();
    for number in 0..opened.len() {
        let part = opened.by_index(number).ok()?;
        let (name, mut content) = (part.name().ok()?.into_owned(), Vec::new());
        part.take(MOST_BYTES).read_to_end(&mut content).ok()?;
        parts.push((name, content));
    }
    let which = which.checked_rem(parts.len())?;
    change(&mut parts[which].1);
    let parts: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    Some(archive(&parts))
}
