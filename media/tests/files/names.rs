//! Names of strangers, cleaned.

use std::path::{Component, Path};

use proptest::prelude::*;
use waxwing_media::{
    kind::{FileType, is_dangerous_extension},
    name::{CleanName, LONGEST_STEM, extension_of},
};

fn clean(name: &str, file_type: FileType) -> String {
    CleanName::new(Some(name), "Document", file_type).to_string()
}

#[test]
fn names_are_cleaned() {
    let pdf = |name| clean(name, FileType::Pdf);
    for (name, cleaned) in [
        ("Offer.pdf", "Offer.pdf"),
        ("Offer.PDF", "Offer.pdf"),
        ("Rechnung März 2026.pdf", "Rechnung März 2026.pdf"),
        ("Rechnung Ma\u{308}rz.pdf", "Rechnung März.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\a\\..\\Offer.pdf", "Offer.pdf"),
        ("invoice\u{202e}fdp.exe", "invoicefdp.exe.pdf"),
        ("Offer.pdf\0.exe", "Offer.pdf.exe.pdf"),
        ("Off\u{200b}er\u{feff}.pdf", "Offer.pdf"),
        ("Offer.pdf          .exe", "Offer.pdf .exe.pdf"),
        ("Offer.pdf. . ", "Offer.pdf"),
        ("...hidden.pdf", "hidden.pdf"),
        ("--version.pdf", "version.pdf"),
        ("Offer.pdf:evil.exe", "Offer.pdf_evil.exe.pdf"),
        ("a<b>c\"d|e?f*.pdf", "a_b_c_d_e_f_.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("com1.tar.pdf", "_com1.tar.pdf"),
        ("LPT³ .pdf", "_LPT³.pdf"),
        ("CONTRACT.pdf", "CONTRACT.pdf"),
        ("line\nbreak\u{2028}.pdf", "line break.pdf"),
        ("Offer of 12.5", "Offer of 12.5.pdf"),
    ] {
        assert_eq!(pdf(name), cleaned, "{name:?}");
    }
    assert_eq!(clean("holiday.jpeg", FileType::Jpeg), "holiday.jpg");
    assert_eq!(clean("setup.exe", FileType::Program), "setup.exe.bin");
    assert_eq!(clean("notes.bat", FileType::Text), "notes.bat.txt");
}

#[test]
fn what_has_no_name_gets_the_fallback() {
    for name in
        [None, Some(""), Some("..."), Some("\u{202e}\u{200b}"), Some("../"), Some(".jpg"), Some("- - .jpg")]
    {
        let cleaned = CleanName::new(name, "Picture 2026-11-22", FileType::Jpeg);
        assert_eq!(cleaned.to_string(), "Picture 2026-11-22.jpg", "{name:?}");
    }
    assert_eq!(CleanName::new(None, "", FileType::Jpeg).to_string(), "File.jpg");
}

#[test]
fn long_names_are_cut_between_letters() {
    let long = clean(&"👩‍👩‍👧‍👦".repeat(40), FileType::Png);
    assert!(long.len() <= LONGEST_STEM + 4 && !long.contains('\u{fffd}'));
    assert_eq!(clean(&"x".repeat(5000), FileType::Png), format!("{}.png", "x".repeat(LONGEST_STEM)));
    let accents = format!("a{}", "\u{301}".repeat(4000));
    assert!(!clean(&accents, FileType::Png).is_empty());
    assert_eq!(
        clean(&format!("{} .png", "y".repeat(119)), FileType::Png),
        format!("{}.png", "y".repeat(119))
    );
}

#[test]
fn what_follows_the_last_dot_may_be_an_extension() {
    for (name, extension) in [
        ("a.PDF", Some("pdf")),
        ("a.pdf.exe", Some("exe")),
        ("a.e\u{202e}xe", Some("exe")),
        ("a.exe. .", Some("exe")),
        ("a", None),
        ("Version 2.0", None),
        ("Dear Mr. Smith and Mrs. Jones", None),
        ("a.settingcontent-ms", Some("settingcontent-ms")),
    ] {
        assert_eq!(extension_of(name).as_deref(), extension, "{name:?}");
    }
}

#[test]
fn dangerous_extensions_are_known_in_any_case() {
    for extension in [
        "exe",
        "EXE",
        "js",
        "lnk",
        "html",
        "svg",
        "scr",
        "desktop",
        "ade",
        "zsh",
        "jar",
        "msi",
        "iso",
        "search-ms",
    ] {
        assert!(is_dangerous_extension(extension), "{extension}");
    }
    for file_type in FileType::ALL {
        for extension in file_type.extensions() {
            assert!(!is_dangerous_extension(extension), "{extension} of {file_type:?}");
        }
    }
}

/// Names out of pieces that have been used for mischief, and of anything else.
fn any_name() -> impl Strategy<Value = String> {
    let mischief = prop::sample::select(vec![
        "..",
        "/",
        "\\",
        "\0",
        "\u{202e}",
        "\u{2066}",
        "\u{200f}",
        "\u{61c}",
        "\u{200b}",
        "CON",
        "nul",
        "com1",
        ":",
        ".",
        " ",
        "-",
        "~",
        ".exe",
        ".pdf",
        "\r\n",
        "\u{85}",
        "e\u{301}",
        "👩‍👧",
        "中文",
        "%2e%2e%2f",
        "\u{feff}",
        "aux.h",
        "C:",
        "$",
        "`",
        "\u{3000}",
    ]);
    let piece = prop_oneof![3 => mischief.prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_clean_name_is_one_visible_component(name in any_name(), which in any::<prop::sample::Index>()) {
        let file_type = FileType::ALL[which.index(FileType::ALL.len())];
        let cleaned = CleanName::new(Some(&name), "Document", file_type);
        let shown = cleaned.to_string();
        let target = Path::new("/target").join(&shown);
        prop_assert_eq!(target.parent(), Some(Path::new("/target")));
        let components: Vec<Component<'_>> = Path::new(&shown).components().collect();
        prop_assert!(matches!(components.as_slice(), [Component::Normal(_)]));
        prop_assert!(!shown.contains(|c: char| c.is_control() || "/\\:<>\"|?*".contains(c)));
        let bidi = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let invisible = |c: char| bidi(c) || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
        prop_assert!(!shown.contains(invisible));
        prop_assert_eq!(cleaned.extension(), file_type.extension());
        let dotted = format!(".{}", file_type.extension());
        prop_assert!(shown.ends_with(&dotted));
        prop_assert!(!cleaned.stem().is_empty() && cleaned.stem().len() <= LONGEST_STEM);
        prop_assert!(!shown.starts_with(['.', '-', ' ']) && !cleaned.stem().ends_with(['.', ' ']));
        let device = cleaned.stem().split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
        prop_assert!(!["CON", "NUL", "AUX", "PRN", "COM1"].contains(&device.as_str()));
        let again = CleanName::new(Some(&shown), "Document", file_type);
        prop_assert_eq!(again.to_string(), shown, "cleaning twice changes nothing");
    }
}
