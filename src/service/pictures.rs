//! Pictures that came with messages or are to go with them: fetched from the gateway or the disk, decoded in a child process,
//! and laid out for the window.
//!
//! What strangers sent passes through the decoder before it is kept anywhere, so what is on the disk was good once; the disk
//! may have spoilt it since, and then it is fetched again. When the contacts are forgotten, work under way is given up and
//! what it leaves behind is not kept.

use std::{
    fs::File,
    io::{Seek as _, Write as _},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::TimeDelta;
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
};
use waxwing_media::{
    child::{self, Workshop},
    picture::{self, Fit},
};
use waxwing_protocol::{api, id::AttachmentId};

use super::{Waker, downloads::Files, gateway_client::GatewayClient, outgoing::OwnFiles};
use crate::desk::{
    input::CallError,
    picture::{Frame, Picture, PictureKey},
};

mod disk;
mod shelf;

use disk::{Disk, Name};
pub use shelf::Pictures;

/// Opens a file of ours as those of messages are opened; none if it can't be shown. Takes its time: not for a thread that
/// somebody waits for.
#[must_use]
pub fn open(file: &[u8]) -> Option<Picture> {
    decode(&Workshop::here(), spooled(file).ok()?, Fit::BUBBLE).ok()
}

/// Wishes that may wait for the loop: more than fit on a screen.
pub(super) const QUEUE_LENGTH: usize = 256;
/// The longest file of a sticker that is fetched, in bytes (Cloud API, supported media types: 500 KB).
const MAX_STICKER_BYTES: usize = 1024 * 1024;
/// The longest preview that is fetched, in bytes: as many as its pixels have, with room for what stands around them.
const MAX_PREVIEW_BYTES: usize = 2 * 1024 * 1024;
/// A preview as it is shown: all of its pixels.
const PREVIEW: Fit = Fit { side: api::PREVIEW_SIDE, ..Fit::BUBBLE };
/// How many pictures are fetched at once.
const FETCHED_AT_ONCE: usize = 4;
/// How many pictures are decoded at once.
const DECODED_AT_ONCE: usize = 2;

/// Gets what is wished for.
pub(super) struct Gallery {
    wishes: mpsc::Receiver<PictureKey>,
    tools: Tools,
    waker: Waker,
    /// Pictures under way.
    work: JoinSet<()>,
}

/// Where pictures come from.
#[derive(Debug, Clone)]
pub(super) struct Sources {
    pub(super) client: Arc<GatewayClient>,
    /// The files of messages.
    pub(super) files: Files,
    /// What our own files look like.
    pub(super) own_files: OwnFiles,
    /// Decodes them.
    pub(super) workshop: Workshop,
}

/// What getting a picture takes.
#[derive(Debug, Clone)]
struct Tools {
    pictures: Pictures,
    sources: Sources,
    disk: Arc<Mutex<Disk>>,
    fetching: Arc<Semaphore>,
    decoding: Arc<Semaphore>,
}

/// Why a picture can't be had, to follow "can't be shown: ".
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("{0}")]
    Call(#[from] CallError),
    #[error("its file is larger than {} MB", .0 / (1024 * 1024))]
    TooLong(usize),
    #[error("{0}")]
    Unreadable(#[from] child::Trouble),
    /// It was got as a file, and that failed.
    #[error("{0}")]
    NotHere(Arc<str>),
    /// Getting it was given up.
    #[error("its file is not here")]
    GivenUp,
    /// The work ended in the middle.
    #[error("opening it went wrong")]
    Broken,
}

impl Gallery {
    pub(super) fn new(
        wishes: mpsc::Receiver<PictureKey>,
        pictures: Pictures,
        sources: Sources,
        data_folder: &Path,
        waker: Waker,
    ) -> Self {
        let disk = Arc::new(Mutex::new(Disk::new(data_folder, sources.client.base())));
        let fetching = Arc::new(Semaphore::new(FETCHED_AT_ONCE));
        let decoding = Arc::new(Semaphore::new(DECODED_AT_ONCE));
        let tools = Tools { pictures, sources, disk, fetching, decoding };
        Self { wishes, tools, waker, work: JoinSet::new() }
    }

    /// Gets what is wished for, until given up; nothing is lost by that, and it may go on later.
    pub(super) async fn work(&mut self) -> ! {
        loop {
            tokio::select! {
                Some(wish) = self.wishes.recv() => self.start(wish),
                Some(ended) = self.work.join_next() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "getting a picture ended badly");
                    }
                }
                else => std::future::pending().await,
            }
        }
    }

    /// The gateway answers again.
    pub(super) fn forgive(&self) {
        self.tools.pictures.forgive();
    }

    /// Forgets every picture, here and on the disk, before it returns.
    pub(super) async fn forget(&mut self) {
        self.work = JoinSet::new();
        while self.wishes.try_recv().is_ok() {}
        self.tools.pictures.clear();
        let disk = Arc::clone(&self.tools.disk);
        let wiped = tokio::task::spawn_blocking(move || lock(&disk).wipe()).await;
        if let Err(error) = wiped {
            tracing::error!(%error, "the pictures on the disk were not removed");
        }
    }

    fn start(&mut self, key: PictureKey) {
        let (tools, waker) = (self.tools.clone(), Arc::clone(&self.waker));
        self.work.spawn(async move {
            match tools.get(key).await {
                Ok(picture) => tools.pictures.put(key, picture),
                Err(trouble) => {
                    tracing::debug!(?key, %trouble, "a picture can't be had");
                    let passing =
                        matches!(trouble, Trouble::Call(_) | Trouble::NotHere(_) | Trouble::GivenUp);
                    tools.pictures.fail(key, trouble.to_string().trim_end_matches('.'), passing);
                }
            }
            waker();
        });
    }
}

impl Tools {
    /// Gets a picture.
    async fn get(&self, key: PictureKey) -> Result<Picture, Trouble> {
        match key {
            PictureKey::Sticker(attachment) => {
                let path = api::attachment(attachment);
                self.fetch(&path, Name::Whole(attachment), (MAX_STICKER_BYTES, Fit::BUBBLE)).await
            }
            PictureKey::Preview(attachment) => {
                let path = api::attachment_preview(attachment);
                self.fetch(&path, Name::Preview(attachment), (MAX_PREVIEW_BYTES, PREVIEW)).await
            }
            PictureKey::Whole(attachment) => self.whole(attachment).await,
            PictureKey::Ours(client_ref) => {
                let own_files = self.sources.own_files.clone();
                self.apart(move |tools| {
                    let file = own_files.preview(client_ref).ok_or(Trouble::GivenUp)?;
                    tools.decode(file, PREVIEW)
                })
                .await?
            }
        }
    }

    /// A small picture: from the disk if it is there, else from the gateway.
    async fn fetch(&self, path: &str, name: Name, (most, fit): (usize, Fit)) -> Result<Picture, Trouble> {
        let _turn = self.fetching.acquire().await.map_err(|_closed| Trouble::Broken)?;
        let generation = lock(&self.disk).generation();
        let from_disk = move |tools: &Self| {
            let file = lock(&tools.disk).open(name, most)?;
            tools.decode(file, fit).ok()
        };
        if let Some(picture) = self.apart(from_disk).await? {
            return Ok(picture);
        }
        let bytes = self.sources.client.bytes(path, most).await?.ok_or(Trouble::TooLong(most))?;
        let decoded = self.apart(move |tools| {
            let picture = tools.decode(spooled(&bytes).map_err(|_disk| Trouble::Broken)?, fit)?;
            lock(&tools.disk).write(generation, name, &bytes);
            Ok(picture)
        });
        decoded.await?
    }

    /// A picture in full, which comes as a file.
    async fn whole(&self, attachment: AttachmentId) -> Result<Picture, Trouble> {
        let got = self.sources.files.get_in(attachment).await;
        let lease = got.map_err(|why| why.map_or(Trouble::GivenUp, Trouble::NotHere))?;
        let decoded = self.apart(move |tools| {
            tools.decode(File::open(lease.path()).map_err(|_gone| Trouble::GivenUp)?, Fit::VIEWER)
        });
        decoded.await?
    }

    fn decode(&self, file: File, fit: Fit) -> Result<Picture, Trouble> {
        decode(&self.sources.workshop, file, fit)
    }

    /// Does what takes its time on a thread of its own, a few at once.
    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, Trouble> {
        let turn = Arc::clone(&self.decoding).acquire_owned().await.map_err(|_closed| Trouble::Broken)?;
        let tools = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            // Held until the work is done, also if nobody waits for it any more.
            let _turn = turn;
            work(&tools)
        });
        done.await.map_err(|_panic| Trouble::Broken)
    }
}

fn decode(workshop: &Workshop, file: File, fit: Fit) -> Result<Picture, Trouble> {
    let picture::Picture { size, frames } = workshop.picture(file, fit)?;
    let frame = |picture::Frame { rgba, millis }: picture::Frame| Frame {
        rgba: rgba.into(),
        shown_for: TimeDelta::milliseconds(millis.into()),
    };
    Picture::new(size, frames.into_iter().map(frame).collect()).ok_or(Trouble::Broken)
}

/// These bytes as a file without a name, for whoever wants a file.
fn spooled(bytes: &[u8]) -> std::io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}

fn lock(disk: &Mutex<Disk>) -> MutexGuard<'_, Disk> {
    disk.lock().unwrap_or_else(PoisonError::into_inner)
}
