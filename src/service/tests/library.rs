//! The library against the scripted gateway: it comes page by page, changes come at once, and it is there after a restart.

use waxwing_protocol::{
    event::Event,
    id::ResponseId,
    library::LibraryPage,
    response::{ResponseContent, StandardResponse},
};

use super::*;

fn response(number: u128, name: &str) -> StandardResponse {
    let name = name.to_owned();
    StandardResponse {
        id: ResponseId::from_uuid(uuid::Uuid::from_u128(number)),
        content: ResponseContent {
            name,
            body: "Thank you".to_owned(),
            active: true,
            ..ResponseContent::default()
        },
        version: 1,
        changed_at: at(1),
        changed_by: "Jo Reed".to_owned(),
    }
}

fn page(responses: Vec<StandardResponse>, next: u64, more: bool) -> LibraryPage {
    LibraryPage { epoch: 1, whole: next == 1, responses, next, more, ..LibraryPage::default() }
}

fn names(desk: &Desk) -> Vec<String> {
    desk.library().responses().map(|held| held.content.name.clone()).collect()
}

#[tokio::test]
async fn the_library_comes_by_pages_follows_changes_and_outlives_a_restart() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    server.held(|held| {
        held.library.0.push_back(page(vec![response(1, "One")], 1, true));
        held.library.0.push_back(page(vec![response(2, "Two")], 2, false));
        held.library.1 = 2;
    });
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    desktop.until(|desk| names(desk) == ["One", "Two"]).await;
    server.held(|held| {
        held.library.0.push_back(page(vec![response(1, "First")], 3, false));
        held.library.1 = 3;
    });
    server.happen(Event::LibraryChanged { revision: 3 });
    desktop.until(|desk| names(desk) == ["First", "Two"]).await;
    desktop.stop();
    server.behave(Manner::Fails);
    let desktop = Desktop::start(&server.url, folder.path());
    assert_eq!(names(&desktop.handle.desk()), ["First", "Two"], "it is there while the gateway is away");
    assert_eq!(desktop.handle.desk().library().held(), (Some(1), 3));
    desktop.stop();
}

#[tokio::test]
async fn a_gateway_without_a_library_is_not_asked_for_one() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    desktop.write(1);
    desktop.until_sent(1).await;
    assert!(server.held(|held| held.calls.iter().all(|call| !call.contains("/v1/library"))));
    desktop.stop();
}

#[tokio::test]
async fn logging_off_leaves_nothing_of_it() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    server.held(|held| {
        held.library.0.push_back(page(vec![response(1, "One")], 1, false));
        held.library.1 = 1;
    });
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    desktop.until(|desk| names(desk) == ["One"]).await;
    desktop.command(Command::SignOut);
    desktop.until(|desk| names(desk).is_empty() && matches!(desk.account(), Account::SignedOut { .. })).await;
    desktop.stop();
    let desktop = Desktop::start(&server.url, folder.path());
    assert!(names(&desktop.handle.desk()).is_empty());
    desktop.stop();
}
