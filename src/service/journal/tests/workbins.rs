//! Workbins in the journal: sealed, there after a restart, and nowhere once they are to be forgotten.

use super::*;
use crate::desk::tests::lying;
use waxwing_protocol::{api::TranscriptPage, workbin::Changes};

/// Words that must not be found in any file.
const MARKED: [&str; 4] = ["Zyxwina", "49155099887", "qwertzuiop", "asdfghjkl"];

fn marked() -> Vec<Entry> {
    let mut item = lying(1, 1, 10);
    item.interaction.contact.profile_name = Some("Zyxwina Marked".to_owned());
    item.interaction.contact.whatsapp.phone = Some("49155099887".to_owned());
    item.last.as_mut().unwrap().line = "qwertzuiop".to_owned();
    let mut message = said(1, int(1), 10);
    message.fallback = "asdfghjkl".to_owned();
    let page = TranscriptPage { messages: vec![message], sessions: Vec::new(), older: false, newer: false };
    vec![
        Entry::Account(Box::new(agent())),
        Entry::Status(status()),
        Entry::Workbins(Box::new(changes(3, vec![item, lying(2, 1, 20)]))),
        Entry::WorkbinsAsOf(at(30)),
        Entry::KeptTranscript { interaction: int(1), up_to: at(10), as_of: at(31), page: Box::new(page) },
    ]
}

fn changes(next: u64, items: Vec<waxwing_protocol::workbin::WorkbinItem>) -> Changes {
    Changes { view: 5, whole: next == 3, items, next, ..Changes::default() }
}

async fn sealed_with(folder: &Path, key: &SealKey, entries: Vec<Entry>) -> Journal {
    let mut journal = open(folder).await.journal;
    journal.unlock(key).await;
    journal.commit(entries).await.unwrap();
    journal
}

/// Whether a word is in any file of a folder.
fn is_anywhere(folder: &Path, word: &str) -> bool {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut read = files.filter(|file| file.is_file()).map(|file| fs::read(file).unwrap());
    read.any(|bytes| bytes.windows(word.len()).any(|part| part == word.as_bytes()))
}

#[tokio::test]
async fn no_name_number_or_text_is_readable_in_any_file_and_all_is_there_with_the_key() {
    let (folder, key) = (tempfile::tempdir().unwrap(), SealKey::draw());
    let journal = sealed_with(folder.path(), &key, marked()).await;
    for word in MARKED {
        assert!(!is_anywhere(folder.path(), word), "{word} while it is open");
    }
    journal.close().await;
    for word in MARKED {
        assert!(!is_anywhere(folder.path(), word), "{word} after it was closed");
    }
    let mut journal = open(folder.path()).await.journal;
    let kept = journal.unlock(&key).await.unwrap();
    assert_eq!(kept.changes.items.len(), 2);
    assert_eq!((kept.changes.view, kept.changes.next, kept.as_of), (5, 3, Some(at(30))));
    assert_eq!(kept.transcripts, [(int(1), at(10))]);
    let (page, as_of) = journal.unseal(int(1)).await.unwrap();
    assert_eq!((page.messages[0].fallback.as_str(), as_of), ("asdfghjkl", at(31)));
    assert_eq!(journal.unseal(int(2)).await, None);
}

#[tokio::test]
async fn what_changes_is_kept_and_what_is_gone_goes_with_its_transcript() {
    let (folder, key) = (tempfile::tempdir().unwrap(), SealKey::draw());
    let mut journal = sealed_with(folder.path(), &key, marked()).await;
    let page = Changes { gone: vec![int(1)], ..changes(4, vec![lying(3, 1, 5)]) };
    journal.commit(vec![Entry::Workbins(Box::new(page))]).await.unwrap();
    let kept = journal.workbins().await.unwrap();
    let ids: Vec<_> = kept.changes.items.iter().map(|item| item.interaction.id).collect();
    assert_eq!((ids, kept.changes.next), (vec![int(2), int(3)], 4));
    assert!(kept.transcripts.is_empty() && journal.unseal(int(1)).await.is_none());
    let whole = Changes { view: 6, whole: true, ..changes(9, Vec::new()) };
    journal.commit(vec![Entry::Workbins(Box::new(whole))]).await.unwrap();
    assert!(journal.workbins().await.unwrap().changes.items.is_empty(), "another view");
}

#[tokio::test]
async fn with_another_key_nothing_opens_and_all_of_it_is_thrown_away() {
    let (folder, key) = (tempfile::tempdir().unwrap(), SealKey::draw());
    sealed_with(folder.path(), &key, marked()).await.close().await;
    let mut journal = open(folder.path()).await.journal;
    assert_eq!(journal.unlock(&SealKey::draw()).await, None);
    assert_eq!(journal.unlock(&key).await, None);
}

#[tokio::test]
async fn logging_off_forgets_it_unless_it_is_to_stay_and_another_agent_never_finds_it() {
    for (at_log_off, stays) in [(AtLogOff::Forget, false), (AtLogOff::Keep, true)] {
        let (folder, key) = (tempfile::tempdir().unwrap(), SealKey::draw());
        let mut journal = open(folder.path()).await.with_at_log_off(at_log_off).journal;
        journal.unlock(&key).await;
        journal.commit(marked()).await.unwrap();
        journal.commit(vec![Entry::ForgetContacts]).await.unwrap();
        assert_eq!(journal.workbins().await.is_some(), stays);
        journal.commit(vec![Entry::Wipe]).await.unwrap();
        assert_eq!(journal.workbins().await, None);
    }
}
