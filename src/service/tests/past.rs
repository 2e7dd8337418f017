//! An interaction that is written down is fetched whole, however many pages that takes.

use super::*;
use crate::desk::past::{PaperForm, PastWish};

#[tokio::test]
async fn all_of_an_interaction_is_gathered_page_by_page() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let history = (0..1200).map(|n| said(1000 + n, int(1), i64::from(n) - 10_000)).collect();
    server.held(|held| held.history = history);
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    desktop.command(Command::Past(PastWish::Write { interaction: int(1), form: PaperForm::Json }));
    desktop.until(|desk| desk.past().paper().is_some()).await;
    let desk = desktop.handle.desk();
    let whole = &desk.past().paper().unwrap().whole;
    assert_eq!(whole.messages.len(), 1201);
    assert!(whole.messages.is_sorted_by_key(|message| message.sent_at), "oldest first, each once");
    desktop.stop();
}

#[tokio::test]
async fn a_gateway_that_fails_is_told_and_nothing_is_written_down() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    server.behave(Manner::Fails);
    desktop.command(Command::Past(PastWish::Write { interaction: int(1), form: PaperForm::Html }));
    desktop.until(|desk| desk.notices().iter().any(|notice| notice.text.contains("written down"))).await;
    assert!(desktop.handle.desk().past().paper().is_none());
    desktop.stop();
}
