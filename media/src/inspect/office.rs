//! Office documents since 2007 (ECMA-376): ZIP files whose content types and relations say what is in them.
//!
//! Names of parts are only a habit; what counts is what they are declared as. What is looked for is what `oletools` calls
//! active: macros, controls and objects, DDE, and whatever is fetched from elsewhere.

use std::{
    collections::HashMap,
    io::{Read, Seek},
};

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

use super::{ActiveContent, Flaw, Found, archive::part};
use crate::kind::FileType;

/// How many bytes of one part are read.
const PART: u64 = 8 * 1024 * 1024;
/// How many bytes are read of all parts together.
const PARTS: usize = 64 * 1024 * 1024;

/// Looks into an office document whose parts have these names, in lower case.
pub(super) fn look<R: Read + Seek>(archive: &mut ZipArchive<R>, names: &[String], found: &mut Found) {
    found.file_type = FileType::OtherDocument;
    let types = index_of(names, "[content_types].xml")
        .and_then(|index| part(archive, index, PART))
        .and_then(|xml| content_types(&xml, names));
    let Some(types) = types else {
        found.flaw = Some(Flaw::Damaged);
        return;
    };
    let mut mains = types.iter().filter_map(|it| main_type(it)).collect::<Vec<_>>();
    mains.sort_unstable();
    mains.dedup();
    match mains.as_slice() {
        [main] => found.file_type = *main,
        [] => {}
        _ => found.flaw = Some(Flaw::Damaged),
    }
    for (name, content_type) in names.iter().zip(&types) {
        by_type(name, content_type, found);
    }
    let mut left = PARTS;
    for (index, name) in names.iter().enumerate() {
        if !is_read(name, &types[index], found.file_type) {
            continue;
        }
        let scanned = part(archive, index, PART).filter(|xml| xml.len() <= left).and_then(|xml| {
            left -= xml.len();
            scan(&xml, found)
        });
        if scanned.is_none() {
            found.mark(ActiveContent::HiddenParts);
        }
    }
    let count = |wanted: &str| u32::try_from(types.iter().filter(|it| it.ends_with(wanted)).count()).ok();
    found.pages = match found.file_type {
        FileType::Xlsx | FileType::Xlsm => count("spreadsheetml.worksheet+xml"),
        FileType::Pptx | FileType::Pptm => count("presentationml.slide+xml"),
        _ => index_of(names, "docprops/app.xml")
            .and_then(|index| part(archive, index, PART))
            .and_then(|xml| pages(&xml)),
    };
}

fn index_of(names: &[String], wanted: &str) -> Option<usize> {
    names.iter().position(|name| name == wanted)
}

/// Whether a part is read: relations, the text of Word with its fields, and links of Excel.
fn is_read(name: &str, content_type: &str, file_type: FileType) -> bool {
    let word = matches!(file_type, FileType::Docx | FileType::Docm);
    let text = content_type.contains("wordprocessingml") || content_type.contains("ms-word");
    name.rsplit('.').next() == Some("rels")
        || (word && text && content_type.ends_with("+xml"))
        || content_type.ends_with("externallink+xml")
}

/// What a part is by its declared type and its usual name.
fn by_type(name: &str, content_type: &str, found: &mut Found) {
    let declared = |word: &str| content_type.contains(word);
    if declared("vbaproject") || declared("macrosheet") || name.ends_with("vbaproject.bin") {
        found.mark(ActiveContent::Macros);
    }
    if declared("oleobject") || declared("activex") || name.contains("/embeddings/oleobject") {
        found.mark(ActiveContent::EmbeddedFiles);
    }
}

/// The document that a part of this type is the main part of.
fn main_type(content_type: &str) -> Option<FileType> {
    const MAINS: [(&str, FileType); 6] = [
        ("officedocument.wordprocessingml.document.main+xml", FileType::Docx),
        ("ms-word.document.macroenabled.main+xml", FileType::Docm),
        ("officedocument.spreadsheetml.sheet.main+xml", FileType::Xlsx),
        ("ms-excel.sheet.macroenabled.main+xml", FileType::Xlsm),
        ("officedocument.presentationml.presentation.main+xml", FileType::Pptx),
        ("ms-powerpoint.presentation.macroenabled.main+xml", FileType::Pptm),
    ];
    MAINS.iter().find(|(main, _type)| content_type.ends_with(main)).map(|(_main, file_type)| *file_type)
}

/// The type of each part, in lower case: its own, or that of its extension (ECMA-376-2, 6.2.3); none where the table can't
/// be read.
fn content_types(xml: &str, names: &[String]) -> Option<Vec<String>> {
    let (mut defaults, mut overrides) = (Vec::new(), Vec::new());
    each(xml, |element| match element.local_name().as_ref() {
        b"Default" => defaults.push((attribute(element, "Extension"), attribute(element, "ContentType"))),
        b"Override" => overrides.push((attribute(element, "PartName"), attribute(element, "ContentType"))),
        _ => {}
    })?;
    let own: HashMap<&str, &str> = overrides
        .iter()
        .map(|(part, content_type)| (part.trim_start_matches('/'), content_type.as_str()))
        .collect();
    let by_extension = |name: &str| {
        let extension = name.rsplit_once('.').map_or("", |(_stem, extension)| extension);
        defaults.iter().find(|(of, _type)| of == extension).map_or("", |(_of, content_type)| content_type)
    };
    let of = |name: &String| (*own.get(name.as_str()).unwrap_or(&by_extension(name))).to_owned();
    Some(names.iter().map(of).collect())
}

/// Looks for what a part refers to or commands; none where it can't be read.
fn scan(xml: &str, found: &mut Found) -> Option<()> {
    let mut instructions = String::new();
    let mut reader = Reader::from_str(xml);
    let mut in_instruction = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) | Event::Empty(element) => {
                let name = element.local_name();
                in_instruction = name.as_ref() == b"instrText";
                match name.as_ref() {
                    b"Relationship" => relation(&element, found),
                    b"ddeLink" => found.mark(ActiveContent::Commands),
                    // One field's instruction ends where the next begins; within one, it may stand in pieces.
                    b"fldChar" => instructions.push(' '),
                    b"fldSimple" => {
                        instructions.extend([" ", &attribute(&element, "instr"), " "]);
                    }
                    _ => {}
                }
            }
            Event::Text(text) if in_instruction => instructions.push_str(&text.decode().ok()?.to_lowercase()),
            // Letters written as references stand between the texts.
            Event::GeneralRef(reference) if in_instruction => {
                instructions.extend(reference.resolve_char_ref().ok()?.map(|c| c.to_ascii_lowercase()));
            }
            Event::End(_) => in_instruction = false,
            Event::DocType(_) => return None,
            Event::Eof => break,
            _ => {}
        }
    }
    let mut words = instructions.split(|c: char| !c.is_alphanumeric());
    if words.any(|word| matches!(word, "dde" | "ddeauto")) {
        found.mark(ActiveContent::Commands);
    }
    Some(())
}

/// What a relation brings in.
fn relation(element: &BytesStart<'_>, found: &mut Found) {
    let relation = attribute(element, "Type");
    let kind = relation.rsplit('/').next().unwrap_or_default();
    // Links that a reader has to click are no part of the document.
    if attribute(element, "TargetMode") == "external" && kind != "hyperlink" {
        found.mark(ActiveContent::RemoteParts);
    }
    match kind {
        "vbaproject" | "wordvbadata" | "xlmacrosheet" | "xlintlmacrosheet" => {
            found.mark(ActiveContent::Macros);
        }
        "oleobject" | "activexcontrol" | "activexcontrolbinary" | "control" | "afchunk" => {
            found.mark(ActiveContent::EmbeddedFiles);
        }
        _ => {}
    }
}

/// The number of pages that a document's properties tell.
fn pages(xml: &str) -> Option<u32> {
    let mut reader = Reader::from_str(xml);
    let mut in_pages = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => in_pages = element.local_name().as_ref() == b"Pages",
            Event::Text(text) if in_pages => return text.decode().ok()?.trim().parse().ok(),
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// Shows every element to somebody; none where the text is no XML.
fn each(xml: &str, mut see: impl FnMut(&BytesStart<'_>)) -> Option<()> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) | Event::Empty(element) => see(&element),
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

/// An attribute in lower case; empty where there is none.
fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    let attribute = element.attributes().flatten().find(|it| it.key.local_name().as_ref() == name.as_bytes());
    let value = attribute
        .and_then(|it| it.normalized_value(XmlVersion::Implicit1_0).ok().map(|it| it.to_lowercase()));
    value.unwrap_or_default()
}
