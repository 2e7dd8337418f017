//! Files on their way out: copied, looked into, brought to a gateway on a real socket.

use std::{collections::BTreeSet, fs, path::PathBuf};

use waxwing_protocol::{
    id::ClientRef,
    message::MediaKind,
    upload::{FILE_BYTES_BELOW, PIECE_BYTES},
};

use super::*;
use crate::desk::{
    conversation::Conversation,
    file::{FileSource, ReadyFile, StripFile, StripState, WayOut},
    picture::Fetched,
};

mod rules;

const STICKER: &[u8] = include_bytes!("../../../media/tests/fixtures/still.webp");
const TURNED: &[u8] = include_bytes!("../../../media/tests/fixtures/turned.jpg");

/// As long as three pieces, the last of which is short.
fn long_text() -> Vec<u8> {
    let line = |n: u64| format!("{n:07}\n").into_bytes();
    (0..(2 * PIECE_BYTES + 800) / 8).flat_map(line).collect()
}

fn bytes(name: &str, bytes: &[u8]) -> FileSource {
    FileSource::Bytes { name: name.to_owned(), bytes: bytes.into(), voice: false }
}

impl Desktop {
    fn attach(&self, number: u32, source: FileSource) {
        let files = vec![(client_ref(number), source)];
        self.command(Command::Attach { interaction: int(1), files });
    }

    /// Waits until a file was looked into.
    async fn looked_into(&self, number: u32) -> StripState {
        let found = |desk: &Arc<Desk>| {
            let strip = desk.conversation(int(1)).map(Conversation::strip).unwrap_or_default();
            strip.iter().find(|file| file.client_ref == client_ref(number)).cloned()
        };
        let checked = |file: StripFile| file.state != StripState::Checking;
        self.until(|desk| found(desk).is_some_and(checked)).await;
        found(&self.handle.desk()).unwrap().state
    }

    async fn ready(&self, number: u32) -> ReadyFile {
        match self.looked_into(number).await {
            StripState::Ready(ready) => ready,
            other => panic!("{other:?}"),
        }
    }

    async fn refused(&self, number: u32) -> (String, Vec<WayOut>) {
        match self.looked_into(number).await {
            StripState::Refused { reason, ways_out } => (reason, ways_out),
            other => panic!("{other:?}"),
        }
    }

    fn send_files(&self) {
        let (text, quote) = (String::new(), None);
        self.command(Command::Send { interaction: int(1), client_ref: client_ref(999), text, quote });
    }

    async fn rework(&self, number: u32, way: WayOut) -> StripState {
        self.command(Command::Rework { interaction: int(1), client_ref: client_ref(number), way });
        // Queued behind the wish, so that what is seen next is its end.
        self.command(Command::Caption {
            interaction: int(1),
            client_ref: client_ref(number),
            caption: format!("{way:?}"),
        });
        let reworked = |desk: &Arc<Desk>| {
            desk.conversation(int(1))
                .is_some_and(|held| held.strip().iter().any(|file| file.caption == format!("{way:?}")))
        };
        self.until(reworked).await;
        self.looked_into(number).await
    }

    /// Waits until no copy of a file is left.
    async fn until_gone(&self, folder: &Path, number: u32) {
        self.until_copies(folder, |copies| !copies.contains(&client_ref(number))).await;
    }

    /// Waits for what is on the disk; the desk changes with it, or a moment before.
    async fn until_copies(&self, folder: &Path, good: impl Fn(&BTreeSet<ClientRef>) -> bool) {
        let looked = async {
            while !good(&copies(folder)) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LIMIT, looked).await.unwrap();
    }
}

fn outgoing(folder: &Path) -> Option<PathBuf> {
    let folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    folders.into_iter().find(|path| path.extension().is_some_and(|end| end == "outgoing"))
}

/// The files of which there is a copy.
fn copies(folder: &Path) -> BTreeSet<ClientRef> {
    let Some(entries) = outgoing(folder).and_then(|folder| fs::read_dir(folder).ok()) else {
        return BTreeSet::new();
    };
    entries.map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap()).collect()
}

fn uploaded(server: &Server, number: u32) -> server::Uploaded {
    server.held(|held| held.uploads.get(&client_ref(number)).cloned().unwrap())
}

async fn signed_in(server: &Server, folder: &Path) -> Desktop {
    let desktop = Desktop::start(&server.url, folder);
    desktop.sign_in().await;
    desktop
}

#[tokio::test]
async fn a_file_goes_out_byte_for_byte_and_leaves_no_copy() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    let path = folder.path().join("list.txt");
    fs::write(&path, long_text()).unwrap();
    desktop.attach(1, FileSource::Path(path.clone()));
    let ready = desktop.ready(1).await;
    assert_eq!((ready.name.as_str(), ready.kind), ("list.txt", MediaKind::Document));
    fs::write(&path, "changed a moment later").unwrap();
    desktop.send_files();
    desktop.until_sent(1).await;
    let sent = uploaded(&server, 1);
    assert_eq!(sent.bytes, long_text());
    assert_eq!((sent.begin.file_name.as_str(), sent.begin.size_bytes), ("list.txt", ready.size_bytes));
    desktop.until_gone(folder.path(), 1).await;
    assert!(server.held(|held| held.uploads.contains_key(&client_ref(1))), "it was sent, so it stays there");
    desktop.stop();
}

#[tokio::test]
async fn what_can_t_be_sent_says_why() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("empty.txt"), "").unwrap();
    fs::File::create(at("large.txt")).unwrap().set_len(FILE_BYTES_BELOW).unwrap();
    fs::write(at("program.exe"), b"MZ\x90\0").unwrap();
    let expected = [
        ("folder", "This is a folder."),
        ("empty.txt", "This file is empty."),
        ("large.txt", "This file is too large."),
        ("gone.txt", "This file can't be read"),
        #[cfg(unix)]
        ("/dev/null", "This is not a file"),
    ];
    for (number, (name, why)) in (1..).zip(expected) {
        desktop.attach(number, FileSource::Path(at(name)));
        let (reason, ways_out) = desktop.refused(number).await;
        assert!(reason.starts_with(why), "{name}: {reason}");
        assert_eq!(ways_out, [], "{name}");
    }
    assert_eq!(copies(folder.path()), BTreeSet::new(), "nothing of that is kept");
    desktop.stop();
}

#[tokio::test]
async fn a_webp_becomes_a_picture_that_whatsapp_takes_and_is_seen_before() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    desktop.attach(1, bytes("../../a\u{202e}b.webp", STICKER));
    let ready = desktop.ready(1).await;
    assert_eq!(ready.kind, MediaKind::Image);
    assert!(["image/png", "image/jpeg"].contains(&ready.about.mime.as_str()), "{}", ready.about.mime);
    assert!(["ab.png", "ab.jpg"].contains(&ready.name.as_str()), "{}", ready.name);
    let picture = desktop.picture_of(PictureKey::Ours(client_ref(1))).await.unwrap();
    assert_eq!(Some(picture.size()), ready.about.size);
    desktop.send_files();
    desktop.until_sent(1).await;
    assert_eq!(uploaded(&server, 1).begin.size_bytes, ready.size_bytes);
    desktop.stop();
}

#[tokio::test]
async fn a_picture_goes_without_its_metadata_as_it_is_seen() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    desktop.attach(1, bytes("turned.jpg", TURNED));
    let ready = desktop.ready(1).await;
    let document = desktop.rework(1, WayOut::SendAsDocument).await;
    let StripState::Ready(document) = document else { panic!("{document:?}") };
    assert_eq!((document.kind, document.about.size), (MediaKind::Document, ready.about.size));
    desktop.send_files();
    desktop.until_sent(1).await;
    let sent = uploaded(&server, 1).bytes;
    let original = Workshop::here().picture(spooled(TURNED), waxwing_media::picture::Fit::BUBBLE).unwrap();
    let seen = Workshop::here().picture(spooled(&sent), waxwing_media::picture::Fit::BUBBLE).unwrap();
    assert_eq!(seen, original, "every pixel, and as it is turned");
    desktop.stop();
}

fn spooled(bytes: &[u8]) -> fs::File {
    use std::io::{Seek as _, Write as _};
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}

/// Noise, which no compression makes smaller.
fn noise() -> image::RgbImage {
    let mut state = 1_u32;
    image::RgbImage::from_fn(1500, 1500, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.to_be_bytes();
        image::Rgb([a, b, c])
    })
}

#[tokio::test]
async fn a_picture_that_is_too_large_can_be_made_smaller_or_go_as_a_document() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    let mut png = std::io::Cursor::new(Vec::new());
    noise().write_to(&mut png, image::ImageFormat::Png).unwrap();
    desktop.attach(1, bytes("noise.png", png.get_ref()));
    let (reason, ways_out) = desktop.refused(1).await;
    assert!(reason.contains("too large"), "{reason}");
    assert_eq!(ways_out, [WayOut::MakeSmaller, WayOut::SendAsDocument]);
    let StripState::Ready(smaller) = desktop.rework(1, WayOut::MakeSmaller).await else { panic!() };
    assert!(smaller.kind == MediaKind::Image && smaller.size_bytes <= 5 * 1024 * 1024, "{smaller:?}");
    assert_eq!(smaller.name, "noise.jpg");
    desktop.stop();

    // The agent's own file is still there after a restart, and can go as it is.
    let desktop = signed_in(&server, folder.path()).await;
    let StripState::Ready(whole) = desktop.rework(1, WayOut::SendAsDocument).await else { panic!() };
    assert_eq!((whole.kind, whole.name.as_str()), (MediaKind::Document, "noise.png"));
    assert!(whole.size_bytes > 5 * 1024 * 1024);
    desktop.stop();
}

#[tokio::test]
async fn an_upload_that_breaks_off_at_any_piece_goes_on_there_after_a_restart() {
    let server = Server::start(Manner::Well).await;
    for (number, pieces) in (1..).zip(0..3) {
        let folder = tempfile::tempdir().unwrap();
        let desktop = signed_in(&server, folder.path()).await;
        desktop.attach(number, bytes("list.txt", &long_text()));
        desktop.ready(number).await;
        server.held(|held| held.pieces_left = Some(pieces));
        desktop.send_files();
        let there = |held: &mut server::Held| held.uploads.get(&client_ref(number)).map(|it| it.bytes.len());
        let expected = pieces * usize::try_from(PIECE_BYTES).unwrap();
        desktop.until(|_| server.held(there) == Some(expected)).await;
        desktop.stop();

        server.held(|held| held.pieces_left = None);
        let asked = server.held(|held| held.calls.len());
        let desktop = signed_in(&server, folder.path()).await;
        desktop.until_sent(number).await;
        assert_eq!(uploaded(&server, number).bytes, long_text());
        let put = server.held(|held| {
            held.calls[asked..].iter().filter(|call| call.starts_with("PUT /v1/uploads")).count()
        });
        assert_eq!(put, 3 - pieces, "what is there is not sent again");
        desktop.stop();
    }
}

#[tokio::test]
async fn a_file_that_the_gateway_does_not_take_holds_up_nothing_else() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    desktop.attach(1, bytes("list.txt", &long_text()));
    desktop.ready(1).await;
    server.held(|held| held.pieces_left = Some(1));
    desktop.send_files();
    desktop.until(|_| server.held(|held| !held.uploads.is_empty())).await;
    server.held(|held| {
        held.pieces_left = None;
        held.uploads.values_mut().for_each(|upload| upload.refused = true);
    });
    let refused = |desk: &Arc<Desk>| {
        let rows = desk.conversation(int(1)).unwrap().rows();
        rows.iter().any(|row| format!("{row:?}").contains("No such files here."))
    };
    desktop.until(refused).await;
    desktop.command(Command::Discard { interaction: int(1), client_ref: client_ref(1) });
    desktop.until_gone(folder.path(), 1).await;
    desktop.until(|desk| desk.unsent() == 0).await;
    desktop.stop();
}

#[tokio::test]
async fn what_is_given_up_in_the_middle_is_forgotten_here_and_there() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    desktop.attach(1, bytes("list.txt", &long_text()));
    desktop.ready(1).await;
    server.held(|held| held.pieces_left = Some(1));
    desktop.send_files();
    desktop.until(|_| server.held(|held| held.uploads.values().any(|upload| !upload.bytes.is_empty()))).await;
    desktop.command(Command::Discard { interaction: int(1), client_ref: client_ref(1) });
    desktop.until_gone(folder.path(), 1).await;
    let forgotten = async {
        while server.held(|held| !held.uploads.is_empty()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, forgotten).await.unwrap();
    desktop.stop();
}

#[tokio::test]
async fn what_is_taken_off_the_strip_leaves_nothing_however_far_it_got() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    for number in 1..=6 {
        desktop.attach(number, bytes("list.txt", &long_text()));
        if number % 2 == 0 {
            desktop.ready(number).await;
        }
        let (interaction, client_ref) = (int(1), client_ref(number));
        desktop.command(Command::Detach { interaction, client_ref });
    }
    desktop.attach(7, bytes("last.txt", b"text"));
    desktop.ready(7).await;
    desktop.until_copies(folder.path(), |copies| *copies == BTreeSet::from([client_ref(7)])).await;
    desktop.stop();
}

#[tokio::test]
async fn a_start_keeps_what_is_remembered_and_removes_what_is_not() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    desktop.attach(1, bytes("a.txt", b"text"));
    desktop.ready(1).await;
    desktop.stop();
    let all = outgoing(folder.path()).unwrap();
    fs::create_dir(all.join(client_ref(7).to_string())).unwrap();
    fs::write(all.join(client_ref(7).to_string()).join("unfinished"), "half").unwrap();
    let desktop = Desktop::start(&server.url, folder.path());
    assert_eq!(copies(folder.path()), BTreeSet::from([client_ref(1)]));
    desktop.stop();
}

#[tokio::test]
async fn logging_off_keeps_what_was_not_sent() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    desktop.attach(1, bytes("a.txt", b"text"));
    desktop.ready(1).await;
    desktop.command(Command::SignOut);
    desktop.until(|desk| matches!(desk.account(), Account::SignedOut { .. })).await;
    desktop.sign_in().await;
    assert_eq!(desktop.ready(1).await.name, "a.txt");
    desktop.send_files();
    desktop.until_sent(1).await;
    assert_eq!(uploaded(&server, 1).bytes, b"text");
    desktop.stop();
}

#[tokio::test]
async fn a_copy_that_is_gone_is_told() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = signed_in(&server, folder.path()).await;
    desktop.attach(1, bytes("a.txt", b"text"));
    desktop.ready(1).await;
    fs::remove_dir_all(outgoing(folder.path()).unwrap()).unwrap();
    desktop.send_files();
    let told = |desk: &Arc<Desk>| {
        let rows = desk.conversation(int(1)).unwrap().rows();
        rows.iter().any(|row| format!("{row:?}").contains("copy of this file is gone"))
    };
    desktop.until(told).await;
    let shown = desktop.picture_of(PictureKey::Ours(client_ref(1))).await;
    assert!(shown.is_err());
    assert!(matches!(desktop.handle.pictures().get(PictureKey::Ours(client_ref(1))), Fetched::Failed { .. }));
    desktop.stop();
}
