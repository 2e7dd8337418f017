//! Pictures that came with messages: fetched from the gateway or the disk, decoded off every thread that somebody waits
//! for, and laid out for the window.
//!
//! A picture passes through `decode` before it is kept anywhere, so what is on the disk was good once; the disk may have
//! spoilt it since, and then it is fetched again. When the contacts are forgotten, work under way is given up and what it
//! leaves behind is not kept.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
};

use super::{Waker, gateway_client::GatewayClient};
use crate::desk::{
    input::CallError,
    picture::{Picture, PictureKey},
};

mod decode;
mod disk;
mod shelf;

use decode::Unreadable;
use disk::Disk;
pub use shelf::Pictures;

/// Opens a file as those of messages are opened; none if it can't be shown. Takes its time: not for a thread that somebody
/// waits for.
#[must_use]
pub fn open(file: &[u8]) -> Option<Picture> {
    decode::decode(file).ok()
}

/// Wishes that may wait for the loop: more than fit on a screen.
pub(super) const QUEUE_LENGTH: usize = 256;
/// The longest file of a sticker that is fetched, in bytes (Cloud API, supported media types: 500 KB).
const MAX_STICKER_BYTES: usize = 1024 * 1024;
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

/// What getting a picture takes.
#[derive(Debug, Clone)]
struct Tools {
    pictures: Pictures,
    client: Arc<GatewayClient>,
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
    Unreadable(#[from] Unreadable),
    /// The work ended in the middle.
    #[error("opening it went wrong")]
    Broken,
}

impl Gallery {
    pub(super) fn new(
        wishes: mpsc::Receiver<PictureKey>,
        pictures: Pictures,
        client: Arc<GatewayClient>,
        data_folder: &Path,
        waker: Waker,
    ) -> Self {
        let disk = Arc::new(Mutex::new(Disk::new(data_folder, client.base())));
        let fetching = Arc::new(Semaphore::new(FETCHED_AT_ONCE));
        let decoding = Arc::new(Semaphore::new(DECODED_AT_ONCE));
        let tools = Tools { pictures, client, disk, fetching, decoding };
        Self { wishes, tools, waker, work: JoinSet::new() }
    }

    /// The gateway that it asks.
    pub(super) const fn client(&self) -> &Arc<GatewayClient> {
        &self.tools.client
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
                    let passing = matches!(trouble, Trouble::Call(_));
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
        let PictureKey::Sticker(attachment) = key else { return Err(Trouble::Broken) };
        let most = MAX_STICKER_BYTES;
        let _turn = self.fetching.acquire().await.map_err(|_closed| Trouble::Broken)?;
        let generation = lock(&self.disk).generation();
        let from_disk = move |disk: &Mutex<Disk>| {
            let bytes = lock(disk).read(attachment, most)?;
            decode::decode(&bytes).ok()
        };
        if let Some(picture) = self.apart(from_disk).await? {
            return Ok(picture);
        }
        let bytes = self.client.attachment(attachment, most).await?.ok_or(Trouble::TooLong(most))?;
        let decoded = self.apart(move |disk| {
            let picture = decode::decode(&bytes)?;
            lock(disk).write(generation, attachment, &bytes);
            Ok::<_, Unreadable>(picture)
        });
        Ok(decoded.await??)
    }

    /// Does what takes its time on a thread of its own, a few at once.
    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Mutex<Disk>) -> T + Send + 'static,
    ) -> Result<T, Trouble> {
        let turn = Arc::clone(&self.decoding).acquire_owned().await.map_err(|_closed| Trouble::Broken)?;
        let disk = Arc::clone(&self.disk);
        let done = tokio::task::spawn_blocking(move || {
            // Held until the work is done, also if nobody waits for it any more.
            let _turn = turn;
            guarded(|| work(&disk))
        });
        done.await.unwrap_or(Err(Trouble::Broken))
    }
}

/// Decoders of others read what strangers send: one that panics costs a picture, no more.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Trouble> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_panic| Trouble::Broken)
}

fn lock(disk: &Mutex<Disk>) -> MutexGuard<'_, Disk> {
    disk.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_that_panics_is_told_in_words() {
        let told = guarded(|| panic!("at pixel 7")).unwrap_err();
        assert_eq!(told.to_string(), "opening it went wrong");
    }
}
