//! A PDF is read back by somebody else's reader: poppler's `pdftotext` and `pdfinfo`, Debian's `poppler-utils`.

use std::process::Command;

use waxwing_protocol::message::{Author, Body, Media, MediaKind, Message};

use super::{
    super::tests::{made, message, sheet, whole},
    *,
};
use crate::desk::past::Whole;

const ARABIC: &[u8] = include_bytes!("../../../../tests/fixtures/fonts/Arabic.ttf");
const DEVANAGARI: &[u8] = include_bytes!("../../../../tests/fixtures/fonts/Devanagari.ttf");
const THAI: &[u8] = include_bytes!("../../../../tests/fixtures/fonts/Thai.ttf");
const HAN: &[u8] = include_bytes!("../../../../tests/fixtures/fonts/Han.otf");

/// The shipped fonts and those of the tests, whatever this machine has.
fn press() -> Press {
    [ARABIC, DEVANAGARI, THAI, HAN]
        .into_iter()
        .fold(Press::shipped(), |press, file| press.with_font(file.into()))
}

/// What a program of poppler's makes of it; `-enc UTF-8 -` and the like come behind the file.
fn read_by(program: &str, arguments: &[&str], file: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, file).unwrap();
    let started = Command::new(program).arg(&path).args(arguments).output();
    let output = started.unwrap_or_else(|error| {
        panic!(
            "{program}: {error}: install Debian's package `poppler-utils` (scripts/system-packages.sh test)"
        )
    });
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && complaints.is_empty(), "{program}: {complaints}");
    String::from_utf8(output.stdout).unwrap()
}

/// What can be copied out of it.
fn text(file: &[u8]) -> String {
    read_by("pdftotext", &["-enc", "UTF-8", "-"], file)
}

fn written(whole: &Whole, language: &str) -> Vec<u8> {
    made(whole, language, |sheet| write(sheet, &mut press()))
}

/// Words as they are compared: however they were broken into rows, and whatever only says how they are ordered.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{200e}'..='\u{200f}' | '\u{2066}'..='\u{2069}')
        })
        .collect()
}

#[test]
fn every_script_can_be_searched_and_copied() {
    for words in [
        "Zażółć gęślą jaźń, fine office",
        "Привет, где мой заказ?",
        "नमस्ते, मेरा ऑर्डर कहाँ है? क्षत्रिय श्रद्धा किताब हिन्दी",
        "สวัสดีครับ ออเดอร์ของผมอยู่ที่ไหน น้ำ ที่ ปั้น ก็",
        "你好，我的订单在哪里？",
        "こんにちは、注文はどこですか",
        "😀 👍🏽 👨‍👩‍👧‍👦 🇩🇪 ❤️ 1️⃣",
    ] {
        let file = written(&whole(vec![message(1, 0, words)]), "en-GB");
        let read = text(&file);
        assert!(bare(&read).contains(&bare(words)), "{words}: {read}");
    }
}

#[test]
fn words_from_right_to_left_are_whole() {
    let words = "مرحبا أين طلبي الطلب رقم لم يصل بعد السلام لا";
    let read = text(&written(&whole(vec![message(1, 0, words)]), "en-GB"));
    for word in words.split(' ') {
        assert!(read.contains(word), "{word}: {read}");
    }
    let row = read.lines().find(|row| row.contains("مرحبا")).unwrap();
    assert!(bare(row).contains(&bare(words)), "in their order: {row}");
}

#[test]
fn letters_that_no_font_has_are_not_lost() {
    let file = written(&whole(vec![message(1, 0, "ᚠᚢᚦᚨᚱᚲ end")]), "en-GB");
    assert!(bare(&text(&file)).contains("ᚠᚢᚦᚨᚱᚲend"), "{}", text(&file));
}

#[test]
fn who_said_what_and_when_is_told_and_what_happened() {
    let read = text(&sheet(|sheet| write(sheet, &mut press())));
    for words in [
        "<i>Masha</i>",
        "Shop +1 555 078 3881",
        "Agent",
        "Monday, 21 September 2026",
        "<script>alert('x')</script> & \"quoted\"",
        "O'Neil <b> · 14:14",
        "second line",
        "Until Monday",
        "marhaba",
        "read ·",
        "👍",
        "marked it done.",
        "Page 1 of 1",
    ] {
        assert!(bare(&read).contains(&bare(words)), "{words}: {read}");
    }
}

#[test]
fn what_was_taken_back_and_files_are_named() {
    let mut deleted = message(1, 0, "");
    deleted.body = Body::Deleted;
    let mut document = message(2, 10, "");
    document.fallback = "[Document: offer.pdf] as promised".to_owned();
    document.body = Body::Media(Media {
        kind: MediaKind::Document,
        mime: None,
        caption: Some("as promised".to_owned()),
        file_name: Some("offer.pdf".to_owned()),
        voice: false,
        animated: false,
        attachment: None,
    });
    let read = text(&written(&whole(vec![deleted, document]), "en-GB"));
    assert!(
        read.contains("This message was deleted") && read.contains("[Document: offer.pdf] as promised"),
        "{read}"
    );
}

#[test]
fn the_file_says_what_it_is_and_has_the_paper_that_people_have() {
    let messages = || whole(vec![message(1, 0, "words")]);
    let about = |language| read_by("pdfinfo", &[], &written(&messages(), language));
    let british = about("en-GB");
    assert!(british.contains("<i>Masha</i>") && british.contains("(A4)"), "{british}");
    assert!(about("en-US").contains("(letter)"));
    let fonts = read_by("pdffonts", &[], &written(&whole(vec![message(1, 0, "नमस्ते 你好 😀")]), "en-GB"));
    for (name, kind) in [
        ("InterTabular", "CID TrueType"),
        ("Devanagari", "CID TrueType"),
        ("CJK", "CID Type 0C"),
        ("", "Type 3"),
    ] {
        let row = fonts.lines().find(|row| row.contains(name) && row.contains(kind));
        assert!(row.is_some_and(|row| row.contains("yes yes yes") || kind == "Type 3"), "{name}: {fonts}");
    }
}

#[test]
fn a_long_message_goes_on_on_the_next_page_and_none_of_it_is_lost() {
    let words: Vec<String> = (0..3000).map(|number| format!("word{number}")).collect();
    let file = written(&whole(vec![message(1, 0, &words.join(" ")), message(2, 0, "the end")]), "en-GB");
    let (read, about) = (text(&file), read_by("pdfinfo", &[], &file));
    let read: Vec<&str> = read.split_whitespace().filter(|word| word.starts_with("word")).collect();
    assert_eq!(read, words);
    let pages = about.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim();
    assert!((4..20).contains(&pages.parse::<u32>().unwrap()), "{pages}");
    assert!(text(&file).contains(&format!("Page {pages} of {pages}")));
}

#[test]
fn a_font_that_can_not_be_put_in_is_drawn_and_says_the_same() {
    let whole = whole(vec![message(1, 0, "Some words, and more")]);
    let (fonts, file) = made(&whole, "en-GB", |sheet| {
        let mut press = press();
        let mut fonts = Fonts::default();
        for row in press.rows(&crate::ui::text::Words::plain("a", Style::new(10.5)), 100.0) {
            fonts.hold(&row.runs[0].font);
        }
        let unfit: HashSet<Font> = fonts.sources.iter().map(|source| source.font.clone()).collect();
        let file = attempt(sheet, &mut press, Fonts::without(unfit)).unwrap();
        (read_by("pdffonts", &[], &file), file)
    });
    assert!(fonts.contains("Type 3") && text(&file).contains("Some words, and more"), "{fonts}");
}

#[test]
fn thousands_of_messages_are_written_and_none_is_lost() {
    const COUNT: u32 = 2_500;
    let one = |number: u32| -> Message {
        let mut message =
            message(number, i64::from(number) * 60, &format!("This is number n{number}, أين طلبي؟"));
        if number.is_multiple_of(3) {
            message.author = Author::Agent { agent: crate::desk::tests::agent().id, name: "Jana".to_owned() };
        }
        message
    };
    let file = written(&whole((0..COUNT).map(one).collect()), "en-GB");
    assert!(file.len() < 400 * COUNT as usize, "{} bytes", file.len());
    let read = text(&file);
    let numbers = read
        .split_whitespace()
        .filter_map(|word| word.strip_prefix('n')?.strip_suffix(',')?.parse::<u32>().ok());
    assert!(numbers.eq(0..COUNT), "each once, in order");
}
