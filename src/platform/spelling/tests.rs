//! Small dictionaries in a folder, and what is marked by them.

use std::{
    fs,
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

const AFFIXES: &str = "SET UTF-8\nTRY esianrtolcdugmphbyfvkwz\nSFX S Y 1\nSFX S 0 s .\n";
/// An answer that takes longer isn't coming.
const PATIENCE: Duration = Duration::from_secs(20);

/// A folder with dictionaries by name: their affixes and words.
fn folder(dictionaries: &[(&str, &[u8], &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, affixes, words) in dictionaries {
        fs::write(folder.path().join(format!("{name}.aff")), affixes).expect("can be written");
        fs::write(folder.path().join(format!("{name}.dic")), words).expect("can be written");
    }
    folder
}

fn english() -> TempDir {
    folder(&[("en_US", AFFIXES.as_bytes(), b"5\nhello\nworld/S\ndon't\nit\nis\n")])
}

/// A speller, and what rings when it has an answer.
struct Desk {
    speller: Speller,
    rings: Receiver<()>,
    _folder: TempDir,
}

impl Desk {
    fn new(folder: TempDir, languages: &[&str]) -> Self {
        let (ring, rings) = mpsc::channel();
        let languages: Vec<String> = languages.iter().map(|&tag| tag.to_owned()).collect();
        // At the end of a test nobody listens any more.
        let wake = move || {
            let _is_heard = ring.send(());
        };
        let speller = Speller::start_in(vec![folder.path().to_owned()], &languages, wake);
        Self { speller, rings, _folder: folder }
    }

    /// Asks until there is an answer.
    fn until<T>(&mut self, mut ask: impl FnMut(&mut Speller) -> Option<T>) -> T {
        loop {
            if let Some(answer) = ask(&mut self.speller) {
                return answer;
            }
            self.rings.recv_timeout(PATIENCE).expect("an answer");
        }
    }

    fn misspelled<'t>(&mut self, text: &'t str) -> Vec<&'t str> {
        let marks = self.until(|speller| speller.check(text).map(<[_]>::to_vec));
        marks.into_iter().map(|range| &text[range]).collect()
    }
}

#[test]
fn what_the_dictionary_does_not_know_is_marked() {
    let mut desk = Desk::new(english(), &["en-US"]);
    assert_eq!(desk.misspelled("Hello, helos! It is hello worlds helo."), ["helos", "helo"]);
    assert_eq!(desk.misspelled("*helo* _helos_ ~is~"), ["helo", "helos"]);
    assert_eq!(desk.misspelled("don't don\u{2019}t"), Vec::<&str>::new());
    assert_eq!(desk.misspelled(""), Vec::<&str>::new());
}

#[test]
fn what_is_no_word_of_a_language_is_left_alone() {
    let mut desk = Desk::new(english(), &["en"]);
    let text = "https://helo.com/helo www.helo.com me@helo.com helo.com /usr/helo C:\\helo #helo \
        K5 R2D2 4th 12.5 snake_helo a I FRA EUR XXL 😀 helo你好 你好 مرحبا Привет";
    assert_eq!(desk.misspelled(text), ["helo"]);
    assert_eq!(desk.misspelled("HELOHELO is hello.world is HELLO"), ["HELOHELO"]);
    assert_eq!(desk.misspelled("is it,helo...helo/is (helo)"), ["helo", "helo", "helo"]);
}

#[test]
fn a_word_that_is_right_in_one_language_is_right() {
    let german: (&str, &[u8], &[u8]) = ("de_DE", b"SET UTF-8\n", "2\nHallo\nGr\u{fc}\u{df}e\n".as_bytes());
    let english: (&str, &[u8], &[u8]) = ("en_US", AFFIXES.as_bytes(), b"1\nhello\n");
    let mut desk = Desk::new(folder(&[german, english]), &["de-DE", "en-US"]);
    assert_eq!(desk.misspelled("hello Hallo Grüße helo Grüsse"), ["helo", "Grüsse"]);
    let mut desk = Desk::new(folder(&[german, english]), &["de-DE"]);
    assert_eq!(desk.misspelled("hello Hallo"), ["hello"]);
}

#[test]
fn older_encodings_are_read() {
    let latin: (&str, &[u8], &[u8]) = ("de_DE", b"SET ISO8859-1\n", b"1\nGr\xfc\xdfe\n");
    assert_eq!(Desk::new(folder(&[latin]), &["de"]).misspelled("Grüße Grüsse"), ["Grüsse"]);
    let russian: (&str, &[u8], &[u8]) = ("ru_RU", b"SET KOI8-R\n", b"1\n\xd0\xd2\xc9\xd7\xc5\xd4\n");
    assert_eq!(Desk::new(folder(&[russian]), &["ru-RU"]).misspelled("привет превет hello"), ["превет"]);
}

#[test]
fn suggestions_are_few_and_the_best_first() {
    let mut desk = Desk::new(english(), &["en-US"]);
    assert_eq!(desk.until(|speller| speller.suggest("helo").map(<[_]>::to_vec)), ["hello"]);
    let german: (&str, &[u8], &[u8]) = ("de_DE", AFFIXES.as_bytes(), b"2\nhello\nhelm\n");
    let english: (&str, &[u8], &[u8]) = ("en_US", AFFIXES.as_bytes(), b"2\nhello\nhelp\n");
    let folder = folder(&[german, english]);
    let languages = ["de".to_owned(), "en".to_owned()];
    let (dictionaries, _) = Dictionaries::load(&[folder.path().to_owned()], &languages);
    let all = dictionaries.suggest("helo", MOST_SUGGESTIONS);
    assert_eq!(all.iter().filter(|word| *word == "hello").count(), 1, "{all:?}");
    assert!(["helm", "help"].iter().all(|word| all.iter().any(|other| other == word)), "{all:?}");
    assert_eq!(dictionaries.suggest("helo", 2), all[..2]);
}

#[test]
fn the_dictionary_of_the_nearest_region_is_taken() {
    let with = |region: &str| -> Vec<u8> { format!("1\n{region}word\n").into_bytes() };
    let regions = ["en_AU", "en_GB", "en_US", "de_AT", "de_DE_frami", "de_DE", "pt_BR"];
    let words: Vec<Vec<u8>> = regions.iter().map(|region| with(&region.replace('_', ""))).collect();
    let all: Vec<(&str, &[u8], &[u8])> =
        regions.iter().zip(&words).map(|(&region, words)| (region, AFFIXES.as_bytes(), &words[..])).collect();
    let folder = folder(&all);
    let taken = |language: &str| {
        let (dictionaries, _) = Dictionaries::load(&[folder.path().to_owned()], &[language.to_owned()]);
        let known = |region: &&&str| dictionaries.knows(&format!("{}word", region.replace('_', "")));
        regions.iter().find(known).copied()
    };
    for (language, wanted) in [
        ("en-GB", Some("en_GB")),
        ("en_gb", Some("en_GB")),
        ("en", Some("en_US")),
        ("en-NZ", Some("en_US")),
        ("de", Some("de_DE")),
        ("de-AT", Some("de_AT")),
        ("pt-PT", Some("pt_BR")),
        ("fr", None),
        ("", None),
        ("../en", None),
    ] {
        assert_eq!(taken(language), wanted, "{language}");
    }
}

#[test]
fn without_a_dictionary_nothing_is_marked_and_nothing_is_wrong() {
    let mut desk = Desk::new(english(), &["fr"]);
    // The thread ends: its bell is gone.
    while desk.rings.recv_timeout(PATIENCE) != Err(mpsc::RecvTimeoutError::Disconnected) {}
    assert_eq!(desk.speller.check("helo"), None);
    assert_eq!(desk.speller.suggest("helo"), None);
    assert_eq!(desk.speller.take_problem(), None);
}

#[test]
fn a_damaged_dictionary_is_told_once_and_the_others_are_used() {
    let damaged: &[(&[u8], &[u8])] = &[
        (b"SET UTF-8\nSFX S Y 9\nSFX S 0 s .\n", b"1\nhello\n"),
        (b"SET UTF-8\n", b"not a number\nhello\n"),
        (b"SET NO-SUCH-SET\n", b"1\nhello\n"),
        (b"SET UTF-8\nFLAG nothing\n", b"1\nhello\n"),
        (b"SET UTF-8\n", b""),
    ];
    for (affixes, words) in damaged {
        let english: (&str, &[u8], &[u8]) = ("en_US", AFFIXES.as_bytes(), b"1\nhello\n");
        let mut desk = Desk::new(folder(&[("de_DE", affixes, words), english]), &["de", "en"]);
        let problem = desk.until(Speller::take_problem);
        assert!(problem.to_string().contains("de_DE"), "{problem}");
        assert_eq!(desk.misspelled("hello helo"), ["helo"]);
        assert_eq!(desk.speller.take_problem(), None);
    }
}

#[test]
fn questions_that_find_no_place_are_asked_again() {
    let mut desk = Desk::new(english(), &["en-US"]);
    let texts: Vec<String> = (0..3 * MOST_QUESTIONS).map(|number| format!("helo {number}")).collect();
    for text in &texts {
        desk.speller.check(text);
    }
    for text in texts.iter().rev() {
        assert_eq!(desk.misspelled(text), ["helo"]);
    }
    assert!(desk.speller.checked.len() <= MOST_ANSWERS && desk.speller.asked.is_empty());
}

proptest! {
    #[test]
    fn words_stand_where_they_are_said_to(text in "(\\PC{0,8}|[a-zäа_'’.@/ ]{1,6}|\n){0,8}") {
        let mut at = 0;
        for (word, range) in words::words(&text) {
            prop_assert_eq!(text.get(range.clone()), Some(word));
            prop_assert!(range.start >= at);
            at = range.end;
        }
    }

    #[test]
    fn a_damaged_dictionary_never_panics(
        affixes in "(SET (UTF-8|KOI8-R)|[SP]FX [A-Z] [YN] [0-9]|[SP]FX [A-Z] 0 [a-zß]{1,3}(/[A-Z])? (\\.|\\[[^a]b)|REP [a-z0-9]+|FLAG \\PC{1,5}|\\PC{0,9}|\n){0,12}",
        words in "([0-9]{0,20}|[a-zäß]{0,5}(/[A-Z]{0,3})?|\\PC{0,6}|\n){0,12}",
        text in "[a-zäß' ]{0,20}",
    ) {
        let folder = folder(&[("en", affixes.as_bytes(), words.as_bytes())]);
        let (dictionaries, problems) = Dictionaries::load(&[folder.path().to_owned()], &["en".to_owned()]);
        prop_assert!(dictionaries.is_empty() != problems.is_empty());
        words::misspelled(&text, &dictionaries);
    }
}
