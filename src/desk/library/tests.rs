//! Rules of the library: what is found, in which order, and that it does not matter how the library came.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use waxwing_protocol::{
    id::{CategoryId, ResponseId},
    library::LibraryPage,
    response::{Category, ResponseContent, StandardResponse},
};

use super::{
    Library,
    search::{Hit, Matching, Wanted},
};

mod fields;

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn id(number: u32) -> ResponseId {
    ResponseId::from_uuid(uuid::Uuid::from_u128(u128::from(number)))
}

fn category(number: u32) -> CategoryId {
    CategoryId::from_uuid(uuid::Uuid::from_u128(u128::from(number)))
}

fn response(number: u32, name: &str, body: &str) -> StandardResponse {
    let (name, body) = (name.to_owned(), body.to_owned());
    StandardResponse {
        id: id(number),
        content: ResponseContent { name, body, active: true, ..ResponseContent::default() },
        version: 1,
        changed_at: NOW,
        changed_by: "Jo Reed".to_owned(),
    }
}

fn shelf(number: u32, parent: Option<u32>, name: &str) -> Category {
    Category { id: category(number), parent: parent.map(category), name: name.to_owned() }
}

fn library(responses: Vec<StandardResponse>) -> Library {
    let mut library = Library::default();
    library.take(LibraryPage { whole: true, responses, ..LibraryPage::default() });
    library
}

fn shop() -> Library {
    let mut library = Library::default();
    let with = |mut response: StandardResponse, shortcut: &str, language: Option<&str>, at: u32| {
        response.content.shortcut = Some(shortcut.to_owned());
        response.content.language = language.map(str::to_owned);
        response.content.category = Some(category(at));
        response
    };
    let responses = vec![
        with(
            response(
                1,
                "Delivery today",
                "Thank you, <$Contact.FirstName$>. The courier comes before {{time}}.",
            ),
            "dt",
            Some("en"),
            2,
        ),
        with(
            response(
                2,
                "Delivery delayed",
                "I am sorry for the delay with order <$Interaction.AttachedData(\"Order\")$>.",
            ),
            "dd",
            Some("en-GB"),
            2,
        ),
        with(
            response(3, "Refund", "Your money comes back within three days of the delivery of the goods."),
            "refund",
            Some("en"),
            1,
        ),
        with(
            response(4, "Entrega hoje", "Olá João, o entregador chega antes das {{hora}}."),
            "hoje",
            Some("pt-BR"),
            2,
        ),
        with(response(5, "配送状況", "ご注文の配送状況をお知らせします。"), "haiso", Some("ja"), 2),
        with(response(6, "Доставка", "Курьер приедет сегодня."), "dost", None, 1),
    ];
    let categories = vec![shelf(1, None, "Orders"), shelf(2, Some(1), "Shipping")];
    library.take(LibraryPage { whole: true, categories, responses, ..LibraryPage::default() });
    library
}

fn find(library: &Library, words: &str) -> Vec<u32> {
    numbers(&library.search(&Wanted { words: words.to_owned(), ..Wanted::default() }, NOW))
}

fn numbers(hits: &[Hit]) -> Vec<u32> {
    hits.iter().map(|hit| u32::try_from(uuid_of(hit.response.id)).unwrap()).collect()
}

fn uuid_of(id: ResponseId) -> u128 {
    (1..200_000).find(|number| ResponseId::from_uuid(uuid::Uuid::from_u128(*number)) == id).unwrap()
}

#[test]
fn a_name_a_shortcut_and_a_beginning_lead_to_it() {
    let shop = shop();
    assert_eq!(find(&shop, "deliv"), [1, 2, 3]);
    assert_eq!(find(&shop, "Delivery today")[0], 1);
    assert_eq!(find(&shop, "dd")[0], 2);
    assert_eq!(find(&shop, "/dd")[0], 2);
    assert_eq!(find(&shop, "REFUND")[0], 3);
    assert!(find(&shop, "").is_empty());
    assert!(find(&shop, "  ").is_empty());
    assert_eq!(find(&shop, "shipping").len(), 4);
}

#[test]
fn every_script_is_found_without_its_accents_and_case() {
    let shop = shop();
    assert_eq!(find(&shop, "joao"), [4]);
    assert_eq!(find(&shop, "ДОСТАВ"), [6]);
    assert_eq!(find(&shop, "курьер"), [6]);
    assert_eq!(find(&shop, "配送"), [5]);
    assert_eq!(find(&shop, "注文"), [5]);
    assert_eq!(find(&shop, "送"), [5]);
}

#[test]
fn a_slip_of_the_fingers_is_forgiven() {
    let shop = shop();
    for words in ["delivry", "dleivery", "deliveri", "delvi", "refnud", "curier", "доставкк"] {
        assert!(!find(&shop, words).is_empty(), "{words}");
    }
    assert!(find(&shop, "xyzzy").is_empty());
    assert!(find(&shop, "dz").is_empty(), "short words are taken as they are");
}

#[test]
fn words_are_matched_as_asked() {
    let shop = shop();
    let asked = |words: &str, matching| {
        numbers(&shop.search(&Wanted { words: words.to_owned(), matching, ..Wanted::default() }, NOW))
    };
    assert_eq!(asked("courier delivery", Matching::AllWords), [1]);
    assert!(asked("money courier", Matching::AllWords).is_empty());
    let mut any = asked("money courier", Matching::AnyWord);
    any.sort_unstable();
    assert_eq!(any, [1, 3]);
    assert_eq!(asked("within three", Matching::Exact), [3]);
    assert!(asked("three within", Matching::Exact).is_empty());
    assert_eq!(asked("three within", Matching::AllWords), [3]);
}

#[test]
fn language_and_category_narrow_it() {
    let shop = shop();
    let wanted = Wanted { words: "deliver".to_owned(), language: Some("en".to_owned()), ..Wanted::default() };
    assert_eq!(numbers(&shop.search(&wanted, NOW)), [1, 2, 3]);
    let wanted = Wanted { language: Some("en-GB".to_owned()), ..wanted };
    assert_eq!(numbers(&shop.search(&wanted, NOW)), [2]);
    let wanted = Wanted { words: "delivery".to_owned(), category: Some(category(2)), ..Wanted::default() };
    assert_eq!(numbers(&shop.search(&wanted, NOW)), [1, 2]);
    let wanted = Wanted { category: Some(category(1)), ..wanted };
    assert_eq!(numbers(&shop.search(&wanted, NOW)), [1, 2, 3]);
}

#[test]
fn what_was_found_is_marked_where_it_stands() {
    let shop = shop();
    let hit = &shop.search(&Wanted { words: "courier del".to_owned(), ..Wanted::default() }, NOW)[0];
    let content = &hit.response.content;
    let marked = |text: &str, ranges: &[std::ops::Range<usize>]| {
        ranges.iter().map(|range| text[range.clone()].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(marked(&content.name, &hit.marks.name), ["Del"]);
    assert_eq!(marked(&content.body, &hit.marks.body), ["courier"]);
    let hit = &shop.search(&Wanted { words: "配送状".to_owned(), ..Wanted::default() }, NOW)[0];
    assert_eq!(marked(&hit.response.content.name, &hit.marks.name), ["配送状"]);
}

#[test]
fn field_codes_are_not_words() {
    assert!(find(&shop(), "contact").is_empty());
    assert!(find(&shop(), "attacheddata").is_empty());
}

#[test]
fn what_is_not_offered_is_not_found() {
    let mut gone = response(1, "Old", "Old offer");
    gone.content.expires_at = Some(NOW);
    let mut later = response(2, "Old but coming", "Old offer");
    later.content.starts_at = Some(NOW + TimeDelta::seconds(1));
    let library = library(vec![gone, later]);
    assert!(find(&library, "old").is_empty());
    let wanted = Wanted { words: "old".to_owned(), ..Wanted::default() };
    assert_eq!(numbers(&library.search(&wanted, NOW + TimeDelta::seconds(1))), [2]);
}

#[test]
fn signs_that_are_no_words_are_found_as_they_are() {
    let library = library(vec![response(1, "Flowers", "Here they are 🌷"), response(2, "🌷", "no more")]);
    assert_eq!(find(&library, "🌷"), [2, 1]);
}

#[test]
fn a_category_that_is_renamed_is_found_by_its_new_name() {
    let mut shop = shop();
    let categories = vec![shelf(2, Some(1), "Transport")];
    shop.take(LibraryPage { categories, ..LibraryPage::default() });
    assert!(find(&shop, "shipping").is_empty());
    assert_eq!(find(&shop, "transport").len(), 4);
}

#[test]
fn what_the_contact_wrote_brings_what_may_answer_it() {
    let mut responses: Vec<_> = (10..60)
        .map(|number| {
            response(number, &format!("Note {number}"), "Thank you for your message, have a nice day")
        })
        .collect();
    responses.extend(shop().responses().map(|held| (**held).clone()));
    let library = library(responses);
    let suggested = library.suggest("Hello! When does the courier come? My delivery is delayed", NOW);
    assert_eq!(suggested.first().map(|first| uuid_of(first.response.id)), Some(2));
    assert!(suggested.iter().all(|one| (0.3..=1.0).contains(&one.relevance)), "{suggested:?}");
    assert!(library.suggest("thank you, have a nice day", NOW).is_empty(), "these words stand everywhere");
    assert!(library.suggest("", NOW).is_empty());
    assert!(library.suggest("12345", NOW).is_empty());
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof!["[a-d]{1,9}", "[à-ï]{1,5}", "[а-г]{1,6}", "[一-三]{1,4}", "[ก-ค]{1,4}", "\\PC{1,6}"]
}

fn text(words: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(word(), words).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn no_words_panic(words in "\\PC{0,30}", names in prop::collection::vec((text(1..4), text(0..6)), 0..12), any: bool) {
        let responses = (1..).zip(&names).map(|(number, (name, body))| response(number, name, body)).collect();
        let library = library(responses);
        let matching = if any { Matching::AnyWord } else { Matching::Exact };
        for hit in library.search(&Wanted { words: words.clone(), matching, ..Wanted::default() }, NOW) {
            let content = &hit.response.content;
            prop_assert!(hit.marks.name.iter().all(|mark| content.name.get(mark.clone()).is_some_and(|found| !found.is_empty())));
            prop_assert!(hit.marks.body.iter().all(|mark| content.body.get(mark.clone()).is_some_and(|found| !found.is_empty())));
        }
        prop_assert!(library.suggest(&words, NOW).len() <= 5);
    }

    #[test]
    fn an_exact_name_is_found_and_comes_first(names in prop::collection::vec((text(1..4), text(0..6)), 1..12), which: prop::sample::Index) {
        let responses: Vec<_> = (1..).zip(&names).map(|(number, (name, body))| response(number, name, body)).collect();
        let name = names[which.index(names.len())].0.trim().to_owned();
        prop_assume!(!name.is_empty() && !name.starts_with('/'));
        let library = library(responses);
        let hits = library.search(&Wanted { words: name.clone(), ..Wanted::default() }, NOW);
        prop_assert_eq!(hits.first().map(|hit| hit.response.content.name.trim()), Some(name.as_str()));
    }

    #[test]
    fn it_does_not_matter_how_the_library_came(
        steps in prop::collection::vec((1_u32..8, text(1..3), text(0..5), 0_u32..3, prop::bool::weighted(0.2)), 1..25),
        words in text(1..3),
    ) {
        let mut grown = Library::default();
        grown.take(LibraryPage { categories: vec![shelf(1, None, "aa bb"), shelf(2, Some(1), "cc")], ..LibraryPage::default() });
        for (number, name, body, at, gone) in &steps {
            let mut page = LibraryPage::default();
            if *gone {
                page.responses_removed.push(id(*number));
            } else {
                let mut response = response(*number, name, body);
                response.content.category = (*at > 0).then(|| category(*at));
                page.responses.push(response);
            }
            grown.take(page);
        }
        let mut anew = Library::default();
        let responses: Vec<_> = grown.responses().map(|held| (**held).clone()).collect();
        let categories = grown.categories().cloned().collect();
        anew.take(LibraryPage { whole: true, responses, categories, ..LibraryPage::default() });
        for matching in [Matching::AllWords, Matching::AnyWord, Matching::Exact] {
            let wanted = Wanted { words: words.clone(), matching, ..Wanted::default() };
            prop_assert_eq!(grown.search(&wanted, NOW), anew.search(&wanted, NOW));
        }
        prop_assert_eq!(grown.suggest(&words, NOW), anew.suggest(&words, NOW));
    }
}
