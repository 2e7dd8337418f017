//! What finds what, in many scripts, and what a search reads.

use proptest::prelude::*;

use super::*;

/// Whether a message that says `said` is found by `word`.
fn finds(said: &str, word: &str) -> bool {
    fold(said).contains(&fold(word))
}

#[test]
fn case_accents_and_forms_make_no_difference() {
    for (said, word) in [
        ("Where is my ORDER?", "order"),
        ("Straße 5", "STRASSE"),
        ("STRASSE 5", "straße"),
        ("João, café", "JOAO"),
        ("Joao", "joão"),
        ("Jo\u{e3}o", "joa\u{303}o"),
        ("ΟΔΟΣ", "οδος"),
        ("Ένα", "ενα"),
        ("МОСКВА", "москва"),
        ("ёлка", "Елка"),
        ("IŞIK", "ışık"),
        ("İstanbul", "istanbul"),
        ("ﬁnal", "FINAL"),
        ("ＷＡＸ１２", "wax12"),
        ("السَّلامُ عليكم", "السلام"),
        ("مرحـــبا", "مرحبا"),
        ("שָׁלוֹם", "שלום"),
        ("प्रिया शर्मा", "शर्मा"),
        ("ありがとうございます", "がとう"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("감사합니다", "감사"),
        ("谢谢您的帮助", "帮助"),
        ("ไม่เป็นไร", "เป็น"),
        ("so\u{ad}ft hy\u{200b}phen", "soft"),
        ("I ❤\u{fe0f} it", "❤"),
        ("👋🏽 hi", "👋🏽"),
    ] {
        assert!(finds(said, word), "{said:?} has {word:?}");
    }
    for (said, word) in [
        ("감사합니다", "가"),
        ("か", "が"),
        ("ไม่", "ไมั"),
        ("कि", "की"),
        ("order", "orders"),
        ("100%", "100 %"),
    ] {
        assert!(!finds(said, word), "{said:?} lacks {word:?}");
    }
}

proptest! {
    #[test]
    fn what_is_folded_is_folded_for_good(text: String) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn whatever_was_said_finds_itself(before: String, word: String, after: String) {
        // A word that joins what stands beside it into one letter is not that word any more.
        let (said, word) = (format!("{before} {word} {after}"), format!(" {word} "));
        prop_assert!(finds(&said, &word));
    }
}

#[tokio::test]
async fn a_search_reads_one_index_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("waxwing.db")).await.expect("opens");
    let patterns = [pattern("a"), pattern("b")];
    let sql = format!("EXPLAIN QUERY PLAN {}", query("ses_1", &patterns, 5).sql().as_str());
    let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind("ses_1")
        .bind(&patterns[0])
        .bind(&patterns[1])
        .bind(5)
        .fetch_all(store.reader())
        .await
        .expect("plans");
    let plan: Vec<&str> = steps.iter().map(|(.., step)| &**step).collect();
    assert_eq!(plan, ["SEARCH messages USING COVERING INDEX messages_by_session (session_id=?)"]);
}
