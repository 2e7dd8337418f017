//! What finds which interactions: the same as if every one were looked through.

use proptest::{prelude::*, test_runner::TestRunner};

use super::*;
use crate::store::words::Matcher;

async fn opened() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    (Store::open(&folder.path().join("waxwing.db")).await.expect("opens"), folder)
}

/// The numbers of the interactions in which each of the words was said, newest first.
async fn found(db: &mut SqliteConnection, typed: &str) -> Vec<i64> {
    let mut found = Vec::new();
    let Some(mut finder) = Finder::new(typed, 1_000) else { return found };
    while let Some(number) = finder.next(db).await.expect("finds") {
        found.push(number);
    }
    found
}

#[test]
fn the_index_finds_what_looking_through_everything_finds() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (store, _folder) = runtime.block_on(opened());
    let mut runner = TestRunner::new(ProptestConfig::with_cases(64));
    let text = "[ab東]{1,2}( [ab東]{1,2}){0,3}";
    let said = prop::collection::vec(prop::collection::vec(text, 0..4), 0..12);
    let tried = runner.run(&(said, "[ab東]{1,2}( [ab東]{1,2}){0,2}"), |(said, typed)| {
        runtime.block_on(async {
            let mut change = store.begin().await.expect("begins");
            for (number, messages) in (1_i64..).zip(&said) {
                for (own, text) in (1_i64..).zip(messages) {
                    put(change.db(), (number << OWN_BITS) + own, text).await.expect("puts");
                }
            }
            let matcher = Matcher::new(&typed).expect("words");
            let holds = |messages: &Vec<String>| {
                let each: Vec<Vec<bool>> = messages.iter().map(|text| matcher.found_in(text)).collect();
                let first = each.first().map_or(0, Vec::len);
                !each.is_empty() && (0..first).all(|word| each.iter().any(|found| found[word]))
            };
            let mut expected: Vec<i64> = (1_i64..)
                .zip(&said)
                .filter(|(_, messages)| holds(messages))
                .map(|(number, _)| number)
                .collect();
            expected.reverse();
            prop_assert_eq!(found(change.db(), &typed).await, expected);
            Ok(())
        })
    });
    tried.expect("they agree");
}

#[tokio::test]
async fn many_places_are_read_part_by_part() {
    let (store, _folder) = opened().await;
    let mut change = store.begin().await.expect("begins");
    for number in 1..900_i64 {
        let text = if number % 300 == 0 { "common rare" } else { "common" };
        put(change.db(), (number << OWN_BITS) + 1, text).await.expect("puts");
    }
    assert_eq!(found(change.db(), "common rare").await, [600, 300]);
    assert_eq!(found(change.db(), "rare common").await, [600, 300]);
    assert_eq!(found(change.db(), "comm").await.len(), 899);
}
