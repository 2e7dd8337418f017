//! What is not settled of interactions' ends: it is there after a kill, and goes when it is settled.

use waxwing_protocol::{
    id::WorkbinId,
    workbin::Place,
    wrap_up::{Disposition, Rules},
};

use super::*;
use crate::desk::wrap_up::{KeptNote, KeptWrapUp};

fn kept() -> KeptWrapUp {
    let note = KeptNote { text: "wants a refund \u{1f337}".to_owned(), based_on: 3, unsynced: true };
    let workbin = WorkbinId::new(at(0), [1; 10]);
    KeptWrapUp { note: Some(note), opened_from: Some(Place::Workbin { workbin }), done_until: Some(at(9)) }
}

#[tokio::test]
async fn words_of_a_note_stay_until_they_are_settled_also_over_a_log_off_and_a_damaged_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = open(folder.path()).await;
    let disposition = Disposition { code: "sold".to_owned(), name: "Sold".to_owned(), parent: None };
    let rules = Rules { dispositions: vec![disposition], ..Rules::default() };
    let entries = [Entry::Rules(Box::new(rules.clone())), Entry::WrapUp(int(1), Box::new(kept()))];
    opened.journal.commit(a_day().into_iter().chain(entries).collect()).await.unwrap();
    opened.journal.close().await;

    let mut opened = open(folder.path()).await;
    assert_eq!(opened.restored.rules, Some(Box::new(rules)));
    assert_eq!(opened.restored.wrap_ups, [(int(1), kept())]);
    let salvaged = tables::salvage(&mut opened.journal.connection).await;
    assert_eq!(salvaged.wrap_ups, [(int(1), kept())]);
    assert!(tables::entries_of(&salvaged).contains(&Entry::WrapUp(int(1), Box::new(kept()))));
    opened.journal.commit(vec![Entry::ForgetContacts]).await.unwrap();
    opened.journal.close().await;

    let mut opened = open(folder.path()).await;
    assert_eq!(opened.restored.rules, None);
    assert_eq!(opened.restored.wrap_ups, [(int(1), kept())], "the agent's own words");
    opened.journal.commit(vec![Entry::WrapUp(int(1), Box::default())]).await.unwrap();
    opened.journal.commit(vec![Entry::WrapUp(int(2), Box::new(kept())), Entry::Wipe]).await.unwrap();
    opened.journal.close().await;
    assert!(open(folder.path()).await.restored.wrap_ups.is_empty());
}
