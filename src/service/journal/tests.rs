//! The journal against everything that befalls a file: kill, damage, other versions, a full disk.

use std::{
    env,
    io::{BufRead, BufReader, Write as _},
    process::{Command, Stdio},
    sync::Arc,
};

use chrono::DateTime;
use waxwing_protocol::{id::ResponseId, library::PutResponse, response::ResponseContent};

use super::*;
use crate::desk::{
    draft::{DraftText, KeptDraft},
    library::manage::Begun,
    outbox::{Outgoing, OutgoingContent, OutgoingState},
    tests::{agent, at, client_ref, cursor, held, int, pending, said, status},
};

mod transcripts;
mod unsent;
mod wrap_up;

const GATEWAY: &str = "https://gateway.example.com";

fn outgoing(number: u32) -> Outgoing {
    let state = OutgoingState::Waiting { tries: 0, next_at: at(0) };
    let text = format!("answer {number}");
    Outgoing {
        client_ref: client_ref(number),
        content: OutgoingContent::Text(text),
        quote: None,
        written_at: at(0),
        state,
        responses: Vec::new(),
    }
}

fn draft(text: &str) -> KeptDraft {
    let draft = DraftText { text: text.to_owned(), quote: None };
    KeptDraft { draft, at: at(5), unsynced: true, ..KeptDraft::default() }
}

/// What an agent's day leaves behind.
fn a_day() -> Vec<Entry> {
    vec![
        Entry::Account(Box::new(agent())),
        Entry::Status(status()),
        Entry::Interaction(Box::new(pending(1, 5))),
        Entry::Message(int(1), Arc::new(said(1, int(1), 5))),
        Entry::Unread(int(1), 1),
        Entry::Active(Some(int(1))),
        Entry::Draft(int(1), Box::new(draft("half a thought"))),
        Entry::Begun(Some(begun())),
        Entry::Outgoing(int(1), outgoing(2)),
        Entry::Outgoing(int(1), outgoing(1)),
        Entry::Cursor(cursor(7)),
    ]
}

async fn open(folder: &Path) -> Opened {
    Journal::open(folder, GATEWAY).await.unwrap()
}

/// A response that is being written.
fn begun() -> Begun {
    let id = ResponseId::new(DateTime::UNIX_EPOCH, [1; 10]);
    let content = ResponseContent { name: "Sizes".to_owned(), ..ResponseContent::default() };
    (id, Box::new(PutResponse { based_on: 2, content }))
}

fn file(folder: &Path) -> PathBuf {
    folder.join(format!("{}.journal", files::name_of(GATEWAY)))
}

async fn opened_with(folder: &Path, entries: Vec<Entry>) -> Journal {
    let mut journal = open(folder).await.journal;
    journal.commit(entries).await.unwrap();
    journal
}

#[tokio::test]
async fn everything_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    opened_with(folder.path(), a_day()).await.close().await;
    let Opened { restored, trouble, .. } = open(folder.path()).await;
    assert_eq!(trouble, None);
    assert_eq!(restored.account, Some((agent(), status())));
    assert_eq!(restored.interactions, [held(pending(1, 5), vec![said(1, int(1), 5)])]);
    assert_eq!(restored.unread, [(int(1), 1)]);
    assert_eq!((restored.active, restored.cursor), (Some(int(1)), Some(cursor(7))));
    assert_eq!(restored.drafts, [(int(1), draft("half a thought"))]);
    assert_eq!(restored.begun, Some(begun()));
    assert_eq!(restored.outgoing, [(int(1), outgoing(2)), (int(1), outgoing(1))], "in the order of writing");
}

#[tokio::test]
async fn what_is_gone_is_gone_but_words_outlive_their_interaction() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = opened_with(folder.path(), a_day()).await;
    let gone = vec![Entry::InteractionGone(int(1)), Entry::OutgoingGone(client_ref(2))];
    journal.commit(gone).await.unwrap();
    journal.close().await;
    let Opened { journal, restored, .. } = open(folder.path()).await;
    assert!(restored.interactions.is_empty() && restored.unread.is_empty());
    assert_eq!((restored.drafts.len(), restored.outgoing), (1, vec![(int(1), outgoing(1))]));
    journal.close().await;

    opened_with(folder.path(), vec![Entry::Draft(int(1), Box::default())]).await.close().await;
    assert!(open(folder.path()).await.restored.drafts.is_empty());
}

#[tokio::test]
async fn another_gateway_has_another_journal() {
    let folder = tempfile::tempdir().unwrap();
    opened_with(folder.path(), a_day()).await.close().await;
    let other = Journal::open(folder.path(), "https://other.example.com").await.unwrap();
    assert_eq!(other.restored, Restored::default());
}

#[tokio::test]
async fn wiped_means_not_a_word_is_left_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = opened_with(folder.path(), a_day()).await;
    journal.commit(vec![Entry::Wipe]).await.unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for word in ["half a thought", "answer 1", "text 1", "nadia"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
        }
    }
}

#[tokio::test]
async fn logging_off_forgets_the_contacts_and_keeps_the_agent_s_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = opened_with(folder.path(), a_day()).await;
    journal.commit(vec![Entry::ForgetContacts]).await.unwrap();
    journal.close().await;
    let restored = open(folder.path()).await.restored;
    assert!(restored.interactions.is_empty() && restored.cursor.is_none() && restored.unread.is_empty());
    assert!(restored.account.is_some());
    assert!(!restored.drafts.is_empty() && !restored.outgoing.is_empty() && restored.begun.is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn it_is_its_owner_s_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("waxwing");
    let _journal = opened_with(&folder, a_day()).await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for entry in fs::read_dir(&folder).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

#[tokio::test]
async fn a_file_that_is_no_journal_is_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    for number in 1..=2 {
        fs::write(file(folder.path()), "nonsense ".repeat(1000)).unwrap();
        let opened = open(folder.path()).await;
        assert_eq!(opened.restored, Restored::default());
        assert!(opened.trouble.unwrap().contains(&format!("damaged-{number}")));
        opened.journal.close().await;
    }
}

#[tokio::test]
async fn the_agent_s_words_are_taken_out_of_a_damaged_journal() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = opened_with(folder.path(), a_day()).await;
    sqlx::query("UPDATE message SET body = '{'").execute(&mut journal.connection).await.unwrap();
    journal.close().await;
    let opened = open(folder.path()).await;
    assert!(opened.trouble.unwrap().contains("3 drafts and unsent"));
    assert_eq!((opened.restored.outgoing.len(), opened.restored.drafts.len()), (2, 1));
    opened.journal.close().await;
    let again = open(folder.path()).await;
    assert_eq!((again.trouble, again.restored.outgoing.len()), (None, 2), "they are in the new one");
}

#[tokio::test]
async fn a_newer_journal_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = opened_with(folder.path(), a_day()).await;
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
               VALUES (99, 'later', 1, x'00', 0)";
    sqlx::query(sql).execute(&mut journal.connection).await.unwrap();
    journal.close().await;
    let refused = Journal::open(folder.path(), GATEWAY).await.unwrap_err();
    assert!(matches!(refused, ServiceError::JournalNewer(_)), "{refused}");
}

#[tokio::test]
async fn two_at_once_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let _first = opened_with(folder.path(), a_day()).await;
    let refused = Journal::open(folder.path(), GATEWAY).await.unwrap_err();
    assert!(matches!(refused, ServiceError::JournalInUse(_)), "{refused}");
}

#[tokio::test]
async fn where_nothing_can_be_written_it_works_in_memory_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    fs::write(&blocked, "").unwrap();
    let mut opened = open(&blocked.join("waxwing")).await;
    assert!(opened.trouble.is_some());
    opened.journal.commit(a_day()).await.unwrap();
}

#[tokio::test]
async fn what_a_full_disk_did_not_take_goes_with_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = opened_with(folder.path(), a_day()).await;
    let pages: i64 =
        sqlx::query_scalar("PRAGMA max_page_count = 1").fetch_one(&mut journal.connection).await.unwrap();
    let told = journal
        .commit(vec![Entry::Draft(int(2), Box::new(draft(&"long ".repeat(20_000))))])
        .await
        .unwrap_err();
    assert!(told.contains("full"), "{told} ({pages} pages)");
    sqlx::query("PRAGMA max_page_count = 100000").fetch_one(&mut journal.connection).await.unwrap();
    journal.commit(vec![Entry::Draft(int(3), Box::new(draft("short")))]).await.unwrap();
    journal.close().await;
    assert_eq!(open(folder.path()).await.restored.drafts.len(), 3);
}

/// Not a test: the child of the one below, which is killed while it writes.
#[tokio::test]
async fn writes_until_killed() {
    let Some(folder) = env::var_os("WAXWING_TEST_FOLDER") else { return };
    let mut journal = open(Path::new(&folder)).await.journal;
    for number in 0.. {
        journal.commit(vec![Entry::Outgoing(int(1), outgoing(number))]).await.unwrap();
        let mut told = io::stderr();
        writeln!(told, "written {number}").unwrap();
    }
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_written() {
    for kill_after in [1, 7, 40] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "--nocapture", "service::journal::tests::writes_until_killed"])
            .env("WAXWING_TEST_FOLDER", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let written = lines.filter(|line| line.starts_with("written")).take(kill_after).count();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(written, kill_after);
        let Opened { restored, trouble, .. } = open(folder.path()).await;
        assert_eq!(trouble, None);
        assert!(restored.outgoing.len() >= kill_after);
        for (number, (_, kept)) in (0..).zip(&restored.outgoing) {
            assert_eq!(*kept, outgoing(number), "in order, without gaps");
        }
    }
}
