//! Workbins against the scripted gateway: they come, can be read while it is away, and nothing of them is readable on disk.

use std::fs;

use waxwing_protocol::workbin::Changes;

use super::*;
use crate::desk::{
    conversation::{Conversation, RowKind},
    tests::{lying, page_changes},
    workbins::sync::Freshness,
};

/// Words of what lies there, which must not be found in any file.
const MARKED: [&str; 3] = ["Zyxwina", "49155099887", "qwertzuiop"];

fn marked() -> Changes {
    let mut item = lying(7, 1, 10);
    item.interaction.contact.profile_name = Some("Zyxwina Marked".to_owned());
    item.interaction.contact.whatsapp.phone = Some("49155099887".to_owned());
    item.last.as_mut().unwrap().line = "qwertzuiop".to_owned();
    page_changes(1, vec![item])
}

fn said_in(read: &Conversation) -> usize {
    read.rows().iter().filter(|row| matches!(row.kind, RowKind::Message { .. })).count()
}

fn is_anywhere(folder: &Path, word: &str) -> bool {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut read = files.filter(|file| file.is_file()).map(|file| fs::read(file).unwrap());
    read.any(|bytes| bytes.windows(word.len()).any(|part| part == word.as_bytes()))
}

#[tokio::test]
async fn what_lies_there_can_be_read_while_the_gateway_is_away_and_nobody_else_can_read_it() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    server.held(|held| held.workbins = Some(marked()));
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    desktop.until(|desk| desk.keeps_transcript_of(int(7))).await;
    desktop.command(Command::Review(int(7)));
    desktop.until(|desk| desk.review().is_some_and(|read| said_in(read) > 0)).await;
    desktop.until(|desk| desk.review_state().is_some_and(|read| read.as_of.is_none())).await;
    desktop.command(Command::CloseReview);
    server.behave(Manner::Fails);
    server.happen(Event::LibraryChanged { revision: 0 });
    desktop.until(|desk| matches!(desk.workbins_freshness(), Freshness::AsOf(_))).await;
    desktop.command(Command::Review(int(7)));
    desktop
        .until(|desk| {
            let is_old = desk.review_state().is_some_and(|read| read.as_of.is_some());
            is_old && desk.review().is_some_and(|read| said_in(read) > 0)
        })
        .await;
    for word in MARKED {
        assert!(!is_anywhere(folder.path(), word), "{word}");
    }
    desktop.stop();
}

#[tokio::test]
async fn logging_off_leaves_nothing_of_them_unless_it_is_to_stay() {
    for (at_log_off, stays) in [(AtLogOff::Forget, false), (AtLogOff::Keep, true)] {
        let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
        server.held(|held| held.workbins = Some(marked()));
        let desktop = Desktop::start_with(&server.url, folder.path(), at_log_off);
        desktop.sign_in().await;
        desktop.until(|desk| desk.keeps_transcript_of(int(7))).await;
        desktop.command(Command::SignOut);
        desktop.until(|desk| matches!(desk.account(), Account::SignedOut { .. })).await;
        assert!(desktop.handle.desk().workbins().is_empty());
        let asked = server.held(|held| {
            // Nothing but what is kept can bring it back.
            held.workbins = Some(Changes { items: Vec::new(), ..marked() });
            held.calls.len()
        });
        desktop.sign_in().await;
        desktop.until(|desk| desk.workbins_freshness() == Freshness::Fresh).await;
        assert_eq!(desktop.handle.desk().workbins().len(), usize::from(stays));
        assert!(server.held(|held| held.calls.len()) > asked);
        desktop.stop();
    }
}
