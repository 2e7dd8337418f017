//! Pictures, from a gateway on a real socket to what the window reads.

use std::{fs, path::PathBuf};

use tempfile::TempDir;
use waxwing_protocol::{api, id::AttachmentId};

use super::*;
use crate::desk::picture::{Fetched, Picture};

const STICKER: &[u8] = include_bytes!("../../../tests/fixtures/moving.webp");

fn attachment(number: u8) -> AttachmentId {
    AttachmentId::new(at(0), [number; 10])
}

impl Desktop {
    /// Asks for a sticker and waits until it is there or can't be had.
    async fn picture(&self, attachment: AttachmentId) -> Result<Arc<Picture>, String> {
        self.picture_of(PictureKey::Sticker(attachment)).await
    }

    /// The same for any picture.
    pub(super) async fn picture_of(&self, key: PictureKey) -> Result<Arc<Picture>, String> {
        self.handle.want_picture(key);
        assert_ne!(self.handle.pictures().get(key), Fetched::NotAsked, "noted at once");
        let told = async {
            loop {
                match self.handle.pictures().get(key) {
                    Fetched::Ready(picture) => return Ok(picture),
                    Fetched::Failed { why } => return Err(why.to_string()),
                    Fetched::NotAsked | Fetched::Pending => self.woken.notified().await,
                }
            }
        };
        tokio::time::timeout(LIMIT, told).await.unwrap()
    }
}

impl Server {
    fn keep(&self, number: u8, bytes: &[u8]) {
        self.held(|held| held.files.insert(api::attachment(attachment(number)), bytes.to_vec()));
    }

    fn asked(&self, number: u8) -> usize {
        let path = api::attachment(attachment(number));
        self.held(|held| held.calls.iter().filter(|call| call.contains(&path)).count())
    }
}

/// A gateway, and the desktop of somebody who has just signed in there, with its folder.
async fn begin() -> (Server, TempDir, Desktop) {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    (server, folder, desktop)
}

/// The files of pictures that are kept.
fn kept(folder: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let folders = folders.filter(|path| path.extension().is_some_and(|end| end == "pictures"));
    folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn a_sticker_is_fetched_once_and_found_after_a_restart() {
    let (server, folder, desktop) = begin().await;
    server.keep(1, STICKER);
    let picture = desktop.picture(attachment(1)).await.unwrap();
    assert_eq!((picture.size(), picture.frames().len()), ([96, 64], 3));
    desktop.picture(attachment(1)).await.unwrap();
    desktop.stop();
    assert_eq!(kept(folder.path()).len(), 1);

    let desktop = Desktop::start(&server.url, folder.path());
    assert_eq!(desktop.picture(attachment(1)).await.unwrap(), picture);
    assert_eq!(server.asked(1), 1);
    desktop.stop();
}

#[tokio::test]
async fn what_the_disk_has_spoilt_is_fetched_again() {
    let (server, folder, desktop) = begin().await;
    server.keep(1, STICKER);
    desktop.picture(attachment(1)).await.unwrap();
    desktop.stop();
    for damage in [STICKER[..60].to_vec(), Vec::new(), vec![0; 2 * 1024 * 1024]] {
        let asked = server.asked(1);
        fs::write(&kept(folder.path())[0], damage).unwrap();
        let desktop = Desktop::start(&server.url, folder.path());
        assert!(desktop.picture(attachment(1)).await.is_ok());
        assert_eq!(server.asked(1), asked + 1);
        desktop.stop();
        assert_eq!(fs::read(&kept(folder.path())[0]).unwrap(), STICKER);
    }
}

#[tokio::test]
async fn what_can_t_be_shown_says_why_and_can_be_tried_again() {
    let (server, folder, desktop) = begin().await;
    server.keep(2, b"<html>the hotel's sign-in page</html>");
    server.keep(3, &STICKER[..100]);
    server.keep(4, &vec![0; 1024 * 1024 + 1]);
    let expected = [
        "There is no such file",
        "its file is not a picture of a kind that Waxwing knows",
        "its file is damaged",
        "its file is larger than 1 MB",
    ];
    for (number, why) in (1..).zip(expected) {
        assert_eq!(desktop.picture(attachment(number)).await.unwrap_err(), why);
    }
    assert!(kept(folder.path()).is_empty(), "nothing of that is kept");
    server.keep(1, STICKER);
    assert!(desktop.picture(attachment(1)).await.is_ok(), "tried again");
    desktop.stop();
}

#[tokio::test]
async fn when_the_gateway_answers_again_what_failed_may_be_asked_for_anew() {
    let (server, _folder, desktop) = begin().await;
    server.keep(1, STICKER);
    server.behave(Manner::BreaksOff);
    let why = desktop.picture(attachment(1)).await.unwrap_err();
    assert!(why.starts_with("the line broke"), "{why}");
    desktop.until(|desk| matches!(desk.link(), Link::Retrying { .. })).await;
    server.behave(Manner::Well);
    desktop.command(Command::ReconnectNow);
    desktop.until(|desk| *desk.link() == Link::Online).await;
    assert_eq!(desktop.handle.pictures().get(PictureKey::Sticker(attachment(1))), Fetched::NotAsked);
    assert!(desktop.picture(attachment(1)).await.is_ok());
    desktop.stop();
}

#[tokio::test]
async fn logging_off_leaves_no_picture_behind() {
    let (server, folder, desktop) = begin().await;
    server.keep(1, STICKER);
    desktop.picture(attachment(1)).await.unwrap();
    desktop.command(Command::SignOut);
    desktop.until(|desk| matches!(desk.account(), Account::SignedOut { .. })).await;
    assert_eq!(desktop.handle.pictures().get(PictureKey::Sticker(attachment(1))), Fetched::NotAsked);
    assert!(kept(folder.path()).is_empty());
    desktop.stop();
}

#[tokio::test]
async fn pictures_that_belong_to_nobody_go_at_the_start() {
    let (server, folder, desktop) = begin().await;
    server.keep(1, STICKER);
    desktop.picture(attachment(1)).await.unwrap();
    desktop.stop();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::remove_file(path).unwrap();
        }
    }
    Desktop::start(&server.url, folder.path()).stop();
    assert!(kept(folder.path()).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_file_that_does_not_come_is_given_up_in_time() {
    let server = Server::start(Manner::Well).await;
    let client = client(&server.url);
    client.check_protocol().await.unwrap();
    server.behave(Manner::Hangs);
    let told = client.bytes(&api::attachment(attachment(1)), 1000).await.unwrap_err();
    assert!(matches!(told, CallError::Unreachable(_)), "{told:?}");
}

#[tokio::test]
async fn a_file_is_read_up_to_its_limit() {
    let server = Server::start(Manner::Well).await;
    server.keep(1, &[7; 1000]);
    let client = client(&server.url);
    assert_eq!(client.bytes(&api::attachment(attachment(1)), 1000).await.unwrap().unwrap(), [7; 1000]);
    assert_eq!(client.bytes(&api::attachment(attachment(1)), 999).await.unwrap(), None);
}
