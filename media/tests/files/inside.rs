//! What stands in documents and archives.

use std::io::Write as _;

use flate2::{Compression, write::ZlibEncoder};
use waxwing_media::{
    inspect::{ActiveContent, Flaw, PictureForm},
    kind::FileType,
    verdict::{Claim, Handling, Policy, verdict},
};
use waxwing_protocol::attachment::Opening;

use crate::samples::*;

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn relations(kind: &str, target: &str, mode: &str) -> String {
    format!(
        r#"<Relationships><Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/></Relationships>"#
    )
}

fn word(further: &[(&str, &str, &str)]) -> Vec<ActiveContent> {
    let found = found(&office(("word/document.xml", WORD), further));
    assert_eq!((found.file_type, found.flaw), (FileType::Docx, None));
    found.active
}

#[test]
fn a_plain_document_has_nothing_active() {
    let link = relations("hyperlink", "https://example.org", r#" TargetMode="External""#);
    let picture = relations("image", "media/image1.png", "");
    let field =
        r#"<w:p><w:instrText>PAGE</w:instrText><w:instrText>HYPERLINK "hidden/added"</w:instrText></w:p>"#;
    let header = "vnd.openxmlformats-officedocument.wordprocessingml.header+xml";
    assert_eq!(word(&[]), []);
    let further =
        [("word/_rels/document.xml.rels", "", link.as_str()), ("word/_rels/header1.xml.rels", "", &picture)];
    assert_eq!(word(&further), []);
    assert_eq!(word(&[("word/header1.xml", header, field)]), []);
    assert_eq!(found(&plain_pdf()).active, []);
}

#[test]
fn active_content_of_office_documents_is_found() {
    use ActiveContent as A;
    let external = r#" TargetMode="External""#;
    let rels = "word/_rels/settings.xml.rels";
    let header = "vnd.openxmlformats-officedocument.wordprocessingml.header+xml";
    let vba = "vnd.ms-office.vbaProject";
    assert_eq!(word(&[("word/vbaProject.bin", "", "x")]), [A::Macros]);
    assert_eq!(word(&[("word/harmless.bin", vba, "x")]), [A::Macros], "by its type, whatever its name");
    let template = relations("attachedTemplate", "http://10.0.0.1/a.dotm", external);
    assert_eq!(word(&[(rels, "", &template)]), [A::RemoteParts]);
    // The letters of the type may be written as references.
    let hidden = relations("&#111;leObject", "embeddings/x.bin", "");
    assert_eq!(word(&[(rels, "", &hidden)]), [A::EmbeddedFiles]);
    let chunk = relations("aFChunk", "x.html", "");
    assert_eq!(word(&[("word/_rels/document.xml.rels", "", &chunk)]), [A::EmbeddedFiles]);
    for field in [
        r#"<w:instrText>DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"</w:instrText>"#,
        "<w:r><w:instrText>D</w:instrText></w:r><w:r><w:instrText>&#68;E</w:instrText><w:instrText> x</w:instrText></w:r>",
        r#"<w:fldSimple w:instr='dde "excel"'/>"#,
        "<w:instrText>PAGE</w:instrText><w:fldChar/><w:instrText>DDE x</w:instrText>",
    ] {
        let field = format!("<w:hdr>{field}</w:hdr>");
        assert_eq!(word(&[("word/header1.xml", header, &field)]), [A::Commands], "{field}");
    }
    let link = "vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml";
    let book = office(
        ("xl/workbook.xml", EXCEL),
        &[
            (
                "xl/externalLinks/externalLink1.xml",
                link,
                "<externalLink><ddeLink ddeService=\"cmd\"/></externalLink>",
            ),
            ("xl/macrosheets/sheet1.xml", "vnd.ms-excel.macrosheet+xml", "<xm:macrosheet/>"),
        ],
    );
    assert_eq!(found(&book).active, [A::Macros, A::Commands]);
    // What can't be read is not called harmless.
    let utf16 = [("word/_rels/a.rels", "", "\u{fffd}<!DOCTYPE x>")];
    assert_eq!(word(&utf16), [A::HiddenParts]);
}

#[test]
fn a_document_with_macros_in_disguise_is_not_opened() {
    let bytes = office(("word/document.xml", "vnd.ms-word.document.macroEnabled.main+xml"), &[]);
    let found = found(&bytes);
    let policy = Policy { macros: Handling::Allow, ..Policy::default() };
    let as_docx = Claim { declared_mime: None, name: Some("Offer.docx") };
    let as_docm = Claim { declared_mime: None, name: Some("Offer.docm") };
    assert!(matches!(verdict(&found, &as_docx, &policy), Opening::SaveOnly { .. }));
    assert_eq!(verdict(&found, &as_docm, &policy), Opening::Allowed);
}

#[test]
fn office_documents_that_contradict_themselves_are_damaged() {
    let two = office(("word/document.xml", WORD), &[("xl/workbook.xml", EXCEL, "<workbook/>")]);
    assert_eq!(found(&two).flaw, Some(Flaw::Damaged));
    let twice = office(("word/document.xml", WORD), &[("Word/Document.xml", "", "<other/>")]);
    assert_eq!(found(&twice).flaw, Some(Flaw::Damaged));
    let both = compound(&[("/WordDocument", &word_stream(0)), ("/Workbook", &record(10, &[]))]);
    assert_eq!(found(&both).flaw, Some(Flaw::Damaged));
}

#[test]
fn pages_sheets_and_slides_are_counted() {
    let properties_xml = "<Properties><Template>Normal</Template><Pages>12</Pages></Properties>";
    let document = office(("word/document.xml", WORD), &[("docProps/app.xml", "", properties_xml)]);
    assert_eq!(found(&document).pages, Some(12));
    let sheets =
        ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"].map(|it| (it, SHEET, "<worksheet/>"));
    assert_eq!(found(&office(("xl/workbook.xml", EXCEL), &sheets)).pages, Some(2));
    let slides = ["ppt/slides/slide1.xml", "ppt/slides/slide2.xml", "ppt/slides/slide3.xml"];
    let slides = slides.map(|it| (it, SLIDE, "<sld/>"));
    assert_eq!(found(&office(("ppt/presentation.xml", POWERPOINT), &slides)).pages, Some(3));
    assert_eq!(found(&plain_pdf()).pages, Some(3));
    let linearized = pdf(&["<< /Linearized 1 /L 100 /N 7 /O 5 >>", "<< /Type /Pages /Count 3 >>"]);
    assert_eq!(found(&linearized).pages, Some(7));
    let outlines =
        pdf(&["<< /Type /Outlines /Count 99 >>", "<< /Count 4 /Type /Pages /Resources << /N 8 >> >>"]);
    assert_eq!(found(&outlines).pages, Some(4), "an outline has a count as well");
    let doc =
        compound(&[("/WordDocument", &word_stream(0)), ("/\u{5}SummaryInformation", &properties(0x0e, 9))]);
    assert_eq!(found(&doc).pages, Some(9));
    let ppt = [
        ("/PowerPoint Document", [0; 16].as_slice()),
        ("/\u{5}DocumentSummaryInformation", &properties(7, 5)),
    ];
    assert_eq!(found(&compound(&ppt)).pages, Some(5));
    let sheet = record(0x0085, &[0; 12]);
    assert_eq!(found(&compound(&[("/Workbook", &[sheet.clone(), sheet].concat())])).pages, Some(2));
}

#[test]
fn active_content_of_older_documents_is_found() {
    use ActiveContent as A;
    let word =
        |further: (&str, &[u8])| found(&compound(&[("/WordDocument", &word_stream(0)), further])).active;
    assert_eq!(word(("/1Table", &[0; 16])), []);
    assert_eq!(word(("/Macros/VBA/dir", &[0; 16])), [A::Macros]);
    assert_eq!(word(("/ObjectPool/_1/\u{1}Ole10Native", &[0; 16])), [A::EmbeddedFiles]);
    let field = [word_stream(0), b"\x13 DDEAUTO c:\\cmd.exe\x14".to_vec()].concat();
    assert_eq!(found(&compound(&[("/WordDocument", &field)])).active, [A::Commands]);
    let wide = [word_stream(0), b"\x13\0 \0d\0D\0e\0 \0x\0".to_vec()].concat();
    assert_eq!(found(&compound(&[("/WordDocument", &wide)])).active, [A::Commands]);
    let excel = |records: &[u8]| found(&compound(&[("/Workbook", records)])).active;
    assert_eq!(excel(&record(0x0085, &[0, 0, 0, 0, 0, 1, 1, 0, b'M'])), [A::Macros]);
    assert_eq!(excel(&record(0x01ae, b"\0\0\x0a\0\0cmd\x03/c calc")), [A::Commands]);
    assert_eq!(excel(&record(0x01ae, b"\0\0\x0a\0\0\x01\x01C\x03dir\x03a.xls")), [], "a path to a workbook");
    let atom =
        |has: u8| [[2, 0, 0, 4, 12, 0, 0, 0].as_slice(), &[1, 0, 0, 0, has, 0, 0, 0, 2, 0, 0, 0]].concat();
    let slides = |has| found(&compound(&[("/PowerPoint Document", &atom(has))])).active;
    assert_eq!((slides(0), slides(1)), (vec![], vec![A::Macros]));
}

#[test]
fn what_a_presentation_of_before_2007_holds_of_other_programs_is_found() {
    use ActiveContent as A;
    let of = |version: u16, kind: u16, bytes: &[u8]| {
        let len = u32::try_from(bytes.len()).unwrap();
        [&version.to_le_bytes()[..], &kind.to_le_bytes(), &len.to_le_bytes(), bytes].concat()
    };
    let slides = |records: &[u8]| found(&compound(&[("/PowerPoint Document", records)])).active;
    let words = of(0, 0x0fa0, b"\xcc\x0f\xcc\x0f");
    for (kind, active) in [(0x0fcc, A::EmbeddedFiles), (0x0fee, A::EmbeddedFiles), (0x0fce, A::RemoteParts)] {
        let list = of(15, 0x0409, &of(15, kind, &of(1, 0x0fcd, &[0; 8])));
        let document = of(15, 0x03e8, &[words.clone(), list].concat());
        assert_eq!(slides(&document), [active]);
        assert_eq!(slides(&document[..document.len() - 4]), [active], "also where the end is missing");
    }
    assert_eq!(slides(&of(15, 0x03e8, &words)), [], "words are no records");
    assert_eq!(slides(&of(0, 0x0fa0, &[]).repeat(100_000)), []);
    assert_eq!(slides(&[0, 0, 0xa0, 0x0f, 255, 255, 255, 255]), [], "a length that leads out of it");
}

#[test]
fn encryption_is_found() {
    let every = every();
    let encrypted: Vec<FileType> = every
        .iter()
        .filter(|(_type, bytes)| found(bytes).encrypted)
        .map(|(file_type, _bytes)| *file_type)
        .collect();
    assert_eq!(encrypted, [FileType::EncryptedOffice]);
    assert!(found(&pdf(&["<< /Type /Catalog >>", "<< /Encrypt 9 0 R >>"])).encrypted);
    assert!(found(&compound(&[("/WordDocument", &word_stream(0x0100))])).encrypted);
    assert!(found(&compound(&[("/Workbook", &record(0x002f, &[0; 6]))])).encrypted);
    let user = [[0; 12].as_slice(), &0xf3d1_c4df_u32.to_le_bytes()].concat();
    assert!(found(&compound(&[("/PowerPoint Document", &[0; 16]), ("/Current User", &user)])).encrypted);
}

#[test]
fn active_content_of_pdf_is_found_also_where_it_is_packed() {
    use ActiveContent as A;
    let one = |object: &str| found(&pdf(&[object])).active;
    assert_eq!(one("<< /S /JavaScript /JS (app.alert\\(1\\)) >>"), [A::Scripts]);
    assert_eq!(one("<< /S /J#61va#53cript /JS 3 0 R >>"), [A::Scripts]);
    assert_eq!(one("<< /S/Launch/F(cmd.exe) >>"), [A::Commands]);
    assert_eq!(one("<< /Type /EmbeddedFile >>"), [A::EmbeddedFiles]);
    assert_eq!(one("<< /Title (JavaScript Launch) >>"), []);
    let packed = |content: &[u8], dictionary: &str| {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).unwrap();
        let stream = encoder.finish().unwrap();
        let begins = format!("%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 2 {dictionary} >>\nstream\r\n");
        found(&[begins.as_bytes(), &stream, b"\nendstream\nendobj\n"].concat())
    };
    let script =
        packed(b"5 0 6 40 << /S /JavaScript /JS (x) >> << /Type /Pages /Count 6 >>", "/Filter /FlateDecode");
    assert_eq!((script.active, script.pages), (vec![A::Scripts], Some(6)));
    let plain = packed(b"5 0 << /Type /Page >>", "/Filter /FlateDecode");
    assert_eq!(plain.active, []);
    for filter in
        ["/Filter [/ASCIIHexDecode /FlateDecode]", "/Filter 7 0 R", "/Filter [/FlateDecode/FlateDecode]"]
    {
        assert_eq!(packed(b"x", filter).active, [A::HiddenParts], "{filter}");
    }
}

#[test]
fn a_table_that_commands_programs_is_no_harmless_table() {
    let table = found(b"name,amount\r\nMiller,\"=cmd|' /C calc'!A0\"\r\n");
    let as_named =
        |name| verdict(&table, &Claim { declared_mime: None, name: Some(name) }, &Policy::default());
    assert!(matches!(as_named("a.csv"), Opening::SaveOnly { .. }));
    assert_eq!(as_named("a.txt"), Opening::Allowed, "a line of text to an editor");
    assert_eq!(found(b"a;b\n-5;+49 170|x\n=SUM(A1:B2)!;x\n").active, []);
}

#[test]
fn programs_in_archives_are_never_opened() {
    let policy = Policy { macros: Handling::Allow, encrypted: Handling::Allow, archives: Handling::Allow };
    for name in [
        "setup.exe",
        "a/b/c.JS",
        "photo.jpg.scr ",
        "x.lnk",
        "META-INF/MANIFEST.MF",
        "classes.dex",
        "a\\b.bat",
    ] {
        let opening = verdict(&found(&zip(&[("a.txt", b"a"), (name, b"b")])), &Claim::default(), &policy);
        assert!(matches!(opening, Opening::SaveOnly { .. }), "{name}");
    }
    assert_eq!(verdict(&found(&zip(&[("a.txt", b"a")])), &Claim::default(), &policy), Opening::Allowed);
}

#[test]
fn pictures_and_sound_are_looked_at_as_far_as_sending_needs_it() {
    use PictureForm as P;
    let form = |bytes: &[u8]| found(bytes).picture;
    assert_eq!([form(&gif(1)), form(&gif(2))], [P::Plain, P::Animated]);
    assert_eq!([form(&webp(0)), form(&webp(2))], [P::Plain, P::Animated]);
    assert_eq!(
        [form(&png(8, 2)), form(&png(16, 2)), form(&png(8, 3))],
        [P::Plain, P::OddColours, P::OddColours]
    );
    assert_eq!([form(&jpeg(3)), form(&jpeg(4))], [P::Plain, P::OddColours]);
    assert_eq!([found(&opus(1)).channels, found(&opus(2)).channels], [Some(1), Some(2)]);
}
