//! Contents, extensions and declared types against one another: a file is opened only where all three agree.

use waxwing_media::{
    kind::{FileType, Standing, is_dangerous_extension},
    verdict::{Claim, Handling, Policy, verdict},
};
use waxwing_protocol::attachment::Opening;

use crate::samples::{every, found};

/// A policy under which only disagreement and danger matter.
const LENIENT: Policy =
    Policy { macros: Handling::Allow, encrypted: Handling::Allow, archives: Handling::Allow };

fn reason(opening: &Opening) -> &str {
    match opening {
        Opening::Warned { reason } | Opening::SaveOnly { reason } => reason,
        Opening::Allowed | Opening::Unknown => "",
    }
}

#[test]
fn every_type_is_told_by_its_bytes() {
    for (file_type, bytes) in every() {
        let found = found(&bytes);
        assert_eq!(found.file_type, file_type, "{file_type:?}");
        assert_eq!((found.also, found.flaw), (None, None), "{file_type:?}");
    }
    let told: Vec<FileType> = every().into_iter().map(|(file_type, _bytes)| file_type).collect();
    let missing: Vec<FileType> = FileType::ALL.into_iter().filter(|it| !told.contains(it)).collect();
    assert_eq!(missing, [FileType::Csv], "only a name tells a table from text");
}

#[test]
fn files_open_only_where_content_name_and_declared_type_agree() {
    let extensions = FileType::ALL.into_iter().flat_map(FileType::extensions).copied();
    let extensions: Vec<&str> = extensions.chain(["exe", "js", "html", "xyz"]).collect();
    let mimes = FileType::ALL.into_iter().flat_map(FileType::mimes).copied();
    let mimes: Vec<&str> = mimes.chain(["text/html", "application/x-msdownload", "image/svg+xml"]).collect();
    let mut opened = 0;
    for (file_type, bytes) in every() {
        let found = found(&bytes);
        for extension in &extensions {
            for mime in &mimes {
                let name = format!("Offer.{extension}");
                let claim = Claim { declared_mime: Some(mime), name: Some(&name) };
                let agrees = |it: FileType| it.extensions().contains(extension) && it.mimes().contains(mime);
                let itself = matches!(file_type.standing(), Standing::Openable | Standing::Archive)
                    && !is_dangerous_extension(extension)
                    && (agrees(file_type) || file_type.readings().iter().copied().any(agrees));
                let is_allowed = verdict(&found, &claim, &LENIENT) == Opening::Allowed;
                assert_eq!(is_allowed, itself, "{file_type:?} as {name}, {mime}");
                opened += usize::from(is_allowed);
            }
        }
    }
    assert!(opened > 100, "the diagonal is opened: {opened}");
}

#[test]
fn every_type_of_the_product_is_opened_under_the_strictest_policy() {
    let strict = Policy::default();
    for (name, mime, at) in [
        ("a.jpg", "image/jpeg", FileType::Jpeg),
        ("a.PNG", "image/png", FileType::Png),
        ("a.webp", "image/webp", FileType::Webp),
        ("a.mp4", "video/mp4", FileType::Mp4),
        ("a.3gp", "video/3gpp", FileType::ThreeGpp),
        ("a.aac", "audio/aac", FileType::Aac),
        ("a.m4a", "audio/mp4", FileType::M4a),
        ("a.amr", "audio/amr", FileType::Amr),
        ("a.mp3", "audio/mpeg", FileType::Mp3),
        ("a.oga", "audio/ogg", FileType::OggVorbis),
        ("a.opus", "audio/ogg; codecs=opus", FileType::OggOpus),
        ("a.pdf", "Application/PDF", FileType::Pdf),
        ("a.doc", "application/msword", FileType::Doc),
        ("a.docx", FileType::Docx.mime(), FileType::Docx),
        ("a.xls", "application/vnd.ms-excel", FileType::Xls),
        ("a.xlsx", FileType::Xlsx.mime(), FileType::Xlsx),
        ("a.ppt", "application/vnd.ms-powerpoint", FileType::Ppt),
        ("a.pptx", FileType::Pptx.mime(), FileType::Pptx),
        ("a.txt", "text/plain;charset=utf-8", FileType::Text),
        ("a.csv", "text/csv", FileType::Text),
    ] {
        let bytes = every().into_iter().find(|(file_type, _bytes)| *file_type == at).unwrap().1;
        let claim = Claim { declared_mime: Some(mime), name: Some(name) };
        assert_eq!(verdict(&found(&bytes), &claim, &strict), Opening::Allowed, "{name}");
        // No name, no word on the type, or a name without an extension: the bytes are all there is.
        for (declared_mime, name) in
            [(None, None), (Some("application/octet-stream"), None), (Some(mime), Some("Offer of 12.5"))]
        {
            assert_eq!(
                verdict(&found(&bytes), &Claim { declared_mime, name }, &strict),
                Opening::Allowed,
                "{at:?}"
            );
        }
    }
}

#[test]
fn dangerous_types_are_never_opened_whatever_they_are_called() {
    for (file_type, bytes) in every().into_iter().filter(|it| it.0.standing() == Standing::Dangerous) {
        for (name, mime) in [(None, None), (Some("a.pdf"), Some("application/pdf")), (Some("a.txt"), None)] {
            let opening = verdict(&found(&bytes), &Claim { declared_mime: mime, name }, &LENIENT);
            assert!(matches!(&opening, Opening::SaveOnly { .. }), "{file_type:?}");
            assert!(reason(&opening).contains(file_type.label()), "{}", reason(&opening));
        }
    }
    let text = found(b"del *.*");
    for name in
        ["a.bat", "a.txt.exe", "a.exe ", "a.EXE.", "a.\u{202e}exe", "a.e\u{200b}xe", "../a.lnk", "x:a.js"]
    {
        let opening = verdict(&text, &Claim { declared_mime: None, name: Some(name) }, &LENIENT);
        assert!(reason(&opening).contains("can start programs"), "{name}: {opening:?}");
    }
}

#[test]
fn policies_decide_on_macros_encryption_and_archives() {
    let bytes = |wanted: FileType| every().into_iter().find(|(it, _bytes)| *it == wanted).unwrap().1;
    for (file_type, word) in
        [(FileType::Docm, "macros"), (FileType::EncryptedOffice, "encrypted"), (FileType::Zip, "archive")]
    {
        let found = found(&bytes(file_type));
        // The other two stay blocked.
        let policy = |handling| match word {
            "macros" => Policy { macros: handling, ..Policy::default() },
            "encrypted" => Policy { encrypted: handling, ..Policy::default() },
            _ => Policy { archives: handling, ..Policy::default() },
        };
        let verdict = |handling| verdict(&found, &Claim::default(), &policy(handling));
        assert_eq!(verdict(Handling::Allow), Opening::Allowed, "{file_type:?}");
        let warned = verdict(Handling::Warn);
        assert!(matches!(&warned, Opening::Warned { reason } if reason.contains(word)), "{warned:?}");
        let blocked = verdict(Handling::Block);
        assert!(matches!(&blocked, Opening::SaveOnly { reason } if reason.contains(word)), "{blocked:?}");
    }
    let policy: Policy = serde_json::from_str(r#"{"archives": "warn"}"#).unwrap();
    assert_eq!(policy, Policy { archives: Handling::Warn, ..Policy::default() });
    assert_eq!(policy.macros, Handling::Block, "off by default");
    assert!(serde_json::from_str::<Policy>(r#"{"archive": "warn"}"#).is_err(), "a misspelt policy is told");
}

#[test]
fn what_is_found_crosses_a_pipe() {
    for (_file_type, bytes) in every() {
        let found = found(&bytes);
        let json = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<waxwing_media::inspect::Found>(&json).unwrap(), found);
    }
    assert_eq!(serde_json::to_string(&FileType::OggOpus).unwrap(), r#""ogg_opus""#);
}
