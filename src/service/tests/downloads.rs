//! Files of messages, from a gateway on a real socket to the disk.

use std::{fs, path::PathBuf};

use waxwing_protocol::{api, id::AttachmentId};

use super::*;
use crate::desk::file::FileState;

const MEGABYTE: usize = 1024 * 1024;

fn attachment(number: u8) -> AttachmentId {
    AttachmentId::new(at(0), [number; 10])
}

/// So many bytes, no two neighbours alike.
fn content(number: u8, length: usize) -> Vec<u8> {
    (0..=250).cycle().map(|byte: u8| byte.wrapping_add(number)).take(length).collect()
}

impl Desktop {
    /// Asks for a file and waits until it is here or can't be had.
    async fn file(&self, number: u8) -> Result<Vec<u8>, String> {
        self.handle.files().want(attachment(number));
        match self.settled(number).await {
            FileState::Here => {
                Ok(fs::read(self.handle.files().lease(attachment(number)).unwrap().path()).unwrap())
            }
            FileState::Failed { why } => Err(why.to_string()),
            other => panic!("{other:?}"),
        }
    }

    /// Waits until a file is not on its way any more.
    async fn settled(&self, number: u8) -> FileState {
        let told = async {
            loop {
                match self.handle.files().get(attachment(number)) {
                    FileState::Coming { .. } => self.woken.notified().await,
                    state => return state,
                }
            }
        };
        tokio::time::timeout(LIMIT, told).await.unwrap()
    }
}

impl Server {
    fn give(&self, number: u8, length: usize) {
        self.held(|held| held.files.insert(api::attachment(attachment(number)), content(number, length)));
    }

    fn times_asked(&self, number: u8) -> usize {
        let path = api::attachment(attachment(number));
        self.held(|held| held.calls.iter().filter(|call| call.contains(&path)).count())
    }
}

fn kept(folder: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let folders = folders.filter(|path| path.extension().is_some_and(|end| end == "files"));
    folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path()).collect()
}

async fn signed_in(server: &Server, folder: &Path) -> Desktop {
    let desktop = Desktop::start(&server.url, folder);
    desktop.sign_in().await;
    desktop
}

#[tokio::test]
async fn a_file_is_got_once_and_found_after_a_restart() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    server.give(1, MEGABYTE);
    let desktop = signed_in(&server, folder.path()).await;
    assert_eq!(desktop.handle.files().get(attachment(1)), FileState::NotHere);
    assert!(desktop.handle.files().lease(attachment(1)).is_none());
    assert_eq!(desktop.file(1).await.unwrap(), content(1, MEGABYTE));
    desktop.stop();
    let desktop = Desktop::start(&server.url, folder.path());
    assert_eq!(desktop.handle.files().get(attachment(1)), FileState::Here, "at once");
    assert_eq!(desktop.file(1).await.unwrap(), content(1, MEGABYTE));
    assert_eq!(server.times_asked(1), 1);
    desktop.stop();
}

#[tokio::test]
async fn where_it_breaks_off_it_goes_on() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    server.give(1, MEGABYTE);
    server.held(|held| held.cuts = [1, 4096, MEGABYTE - 5000].into());
    let desktop = signed_in(&server, folder.path()).await;
    assert_eq!(desktop.file(1).await.unwrap(), content(1, MEGABYTE));
    assert_eq!(server.times_asked(1), 4);
    desktop.stop();
}

#[tokio::test]
async fn what_came_before_a_restart_is_not_got_again() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    server.give(1, MEGABYTE);
    server.held(|held| held.cuts = [MEGABYTE / 2, 0].into());
    let desktop = signed_in(&server, folder.path()).await;
    let why = desktop.file(1).await.unwrap_err();
    assert!(why.contains("the line broke"), "{why}");
    desktop.stop();
    let part = kept(folder.path()).pop().unwrap();
    assert_eq!(fs::read(&part).unwrap(), content(1, MEGABYTE / 2));

    let desktop = signed_in(&server, folder.path()).await;
    assert_eq!(desktop.file(1).await.unwrap(), content(1, MEGABYTE));
    desktop.stop();
    assert_eq!(kept(folder.path()).len(), 1);
}

#[tokio::test]
async fn more_than_the_gateway_has_begins_anew() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    server.give(1, 5000);
    server.held(|held| held.cuts = [4000, 0].into());
    let desktop = signed_in(&server, folder.path()).await;
    desktop.file(1).await.unwrap_err();
    fs::write(kept(folder.path()).pop().unwrap(), content(9, 6000)).unwrap();
    assert_eq!(desktop.file(1).await.unwrap(), content(1, 5000));
    desktop.stop();
}

#[tokio::test]
async fn what_can_t_be_had_says_why_and_can_be_tried_again() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    assert_eq!(desktop.file(1).await.unwrap_err(), "There is no such file.");
    server.give(1, 10);
    assert_eq!(desktop.file(1).await.unwrap(), content(1, 10));
    server.give(2, FILE_BYTES_TOO_MANY);
    assert_eq!(desktop.file(2).await.unwrap_err(), "The file is larger than 100 MB.");
    desktop.stop();
}

const FILE_BYTES_TOO_MANY: usize = 100 * MEGABYTE + 1;

#[tokio::test]
async fn a_file_that_is_cancelled_does_not_come() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    server.behave(Manner::Hangs);
    desktop.handle.files().want(attachment(1));
    assert_eq!(desktop.handle.files().get(attachment(1)), FileState::Coming { got_bytes: 0 });
    desktop.handle.files().cancel(attachment(1));
    assert_eq!(desktop.settled(1).await, FileState::NotHere);
    server.behave(Manner::Well);
    server.give(1, 10);
    assert_eq!(desktop.file(1).await.unwrap(), content(1, 10));
    desktop.stop();
}

#[tokio::test]
async fn what_was_used_least_goes_but_never_what_is_in_use() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    for number in 1..=4 {
        server.give(number, MEGABYTE);
        desktop.file(number).await.unwrap();
    }
    // Used in another order than they came, and the one that was used first is still read.
    let held = desktop.handle.files().lease(attachment(3)).unwrap();
    for number in [1, 2, 4] {
        drop(desktop.handle.files().lease(attachment(number)).unwrap());
    }
    server.give(5, 2 * MEGABYTE);
    desktop.file(5).await.unwrap();
    let stands = |number: &u8| desktop.handle.files().get(attachment(*number)) == FileState::Here;
    assert_eq!((1..=5).filter(stands).collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!(fs::read(held.path()).unwrap(), content(3, MEGABYTE));
    assert_eq!(kept(folder.path()).len(), 3);
    desktop.stop();
}

#[tokio::test]
async fn logging_off_leaves_no_file_behind() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    server.give(1, 10);
    let desktop = signed_in(&server, folder.path()).await;
    desktop.file(1).await.unwrap();
    server.held(|held| held.cuts = [5, 0].into());
    server.give(2, 10);
    desktop.file(2).await.unwrap_err();
    desktop.command(Command::SignOut);
    desktop.until(|desk| matches!(desk.account(), Account::SignedOut { .. })).await;
    assert_eq!(desktop.handle.files().get(attachment(1)), FileState::NotHere);
    assert!(kept(folder.path()).is_empty());
    desktop.stop();
}

#[tokio::test]
async fn a_picture_is_seen_in_full_once_its_file_is_here() {
    const PICTURE: &[u8] = include_bytes!("../../../media/tests/fixtures/still.png");
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    server.held(|held| {
        held.files.insert(api::attachment(attachment(1)), PICTURE.to_vec());
        held.files.insert(api::attachment_preview(attachment(1)), PICTURE.to_vec());
    });
    let desktop = signed_in(&server, folder.path()).await;
    let preview = desktop.picture_of(PictureKey::Preview(attachment(1))).await.unwrap();
    assert_eq!(desktop.handle.files().get(attachment(1)), FileState::NotHere, "a preview takes no file");
    let whole = desktop.picture_of(PictureKey::Whole(attachment(1))).await.unwrap();
    assert_eq!(whole, preview);
    assert_eq!(desktop.handle.files().get(attachment(1)), FileState::Here);
    let why = desktop.picture_of(PictureKey::Whole(attachment(2))).await.unwrap_err();
    assert_eq!(why, "There is no such file");
    desktop.stop();
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    server.give(1, 10);
    let desktop = signed_in(&server, folder.path()).await;
    desktop.file(1).await.unwrap();
    let path = kept(folder.path()).pop().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(path.parent().unwrap()), mode(&path)), (0o700, 0o600));
    desktop.stop();
}
