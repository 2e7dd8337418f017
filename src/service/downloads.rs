//! The files of messages, got from the gateway when they are asked for and kept on this machine for a while.
//!
//! A file comes as a stream that goes straight to the disk; where it broke off it goes on, also after a restart. It has its
//! name once all of it is there and written down. What was used least goes first when there is no room.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    io::AsyncWriteExt as _,
    sync::{Semaphore, mpsc},
    task::{AbortHandle, JoinSet},
};
use waxwing_protocol::{api, id::AttachmentId, upload::FILE_BYTES_BELOW};

use super::{
    Waker,
    gateway_client::{GatewayClient, Part},
};
use crate::desk::input::CallError;

mod disk;
mod shelf;

use disk::Disk;
pub use shelf::{Files, Lease};

/// Wishes that may wait for the loop: more than fit on a screen.
const QUEUE_LENGTH: usize = 256;
/// How many files are got at once.
const GOT_AT_ONCE: usize = 3;
/// How often a file goes on after it broke off, before somebody has to ask again.
const MOST_CUTS: u32 = 20;
/// How often progress is told at most.
const PROGRESS_PAUSE: TimeDelta = TimeDelta::milliseconds(100);

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// Get it.
    Get(AttachmentId),
    /// Stop getting it.
    Cancel(AttachmentId),
}

/// What the service is told of the files of messages that it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cache {
    /// The most that all of them may take, in bytes.
    pub max_bytes: u64,
    /// Whether they stay when the agent logs off.
    pub keep_after_log_off: bool,
}

/// Gets what is asked for.
pub(super) struct Downloads {
    wishes: mpsc::Receiver<Wish>,
    tools: Tools,
    keep_after_log_off: bool,
    work: JoinSet<()>,
    under_way: BTreeMap<AttachmentId, AbortHandle>,
}

/// What getting a file takes.
#[derive(Clone)]
struct Tools {
    files: Files,
    client: Arc<GatewayClient>,
    turns: Arc<Semaphore>,
    waker: Waker,
}

/// Why a file can't be had: a sentence.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("{0}")]
    Call(#[from] CallError),
    #[error("The file is larger than {} MB.", FILE_BYTES_BELOW / (1024 * 1024))]
    TooLarge,
    #[error("The file is not as long as the gateway says.")]
    WrongLength,
    #[error("The file can't be kept on this computer: {0}.")]
    Disk(#[from] std::io::Error),
    #[error("Getting the file went wrong.")]
    Broken,
}

impl Downloads {
    /// Lays out what is here already.
    pub(super) fn new(
        (data_folder, cache): (&Path, Cache),
        client: Arc<GatewayClient>,
        waker: Waker,
    ) -> Self {
        let (give_wish, wishes) = mpsc::channel(QUEUE_LENGTH);
        let disk = Disk::new(data_folder, client.base(), cache.max_bytes);
        let files = Files::new(disk, client.clock().clone(), give_wish);
        let turns = Arc::new(Semaphore::new(GOT_AT_ONCE));
        Self {
            wishes,
            tools: Tools { files, client, turns, waker },
            keep_after_log_off: cache.keep_after_log_off,
            work: JoinSet::new(),
            under_way: BTreeMap::new(),
        }
    }

    /// How files stand.
    pub(super) const fn files(&self) -> &Files {
        &self.tools.files
    }

    /// Gets what is asked for, until given up; nothing is lost by that, and it may go on later.
    pub(super) async fn work(&mut self) -> ! {
        loop {
            tokio::select! {
                Some(wish) = self.wishes.recv() => match wish {
                    Wish::Get(attachment) => self.start(attachment),
                    Wish::Cancel(attachment) => self.cancel(attachment),
                },
                Some(ended) = self.work.join_next() => {
                    if let Err(error) = ended && !error.is_cancelled() {
                        tracing::error!(%error, "getting a file ended badly");
                    }
                }
                else => std::future::pending().await,
            }
        }
    }

    /// The gateway answers again.
    pub(super) fn forgive(&self) {
        self.tools.files.forgive();
    }

    /// The agent logs off. What they got goes, unless it is to stay.
    pub(super) async fn log_off(&mut self) {
        if self.keep_after_log_off {
            self.stop();
        } else {
            self.forget().await;
        }
    }

    /// Forgets every file, before it returns.
    pub(super) async fn forget(&mut self) {
        self.stop();
        let files = self.tools.files.clone();
        if let Err(error) = tokio::task::spawn_blocking(move || files.wipe()).await {
            tracing::error!(%error, "the files of messages were not removed");
        }
    }

    fn stop(&mut self) {
        self.work = JoinSet::new();
        self.under_way.clear();
        while self.wishes.try_recv().is_ok() {}
        self.tools.files.stop_all();
    }

    fn cancel(&mut self, attachment: AttachmentId) {
        if let Some(work) = self.under_way.remove(&attachment) {
            work.abort();
        }
        self.tools.files.stop(attachment);
        (self.tools.waker)();
    }

    fn start(&mut self, attachment: AttachmentId) {
        self.under_way.retain(|_attachment, work| !work.is_finished());
        if self.under_way.contains_key(&attachment) {
            return;
        }
        let tools = self.tools.clone();
        let work = self.work.spawn(async move {
            match tools.get(attachment).await {
                Ok(()) => tools.files.arrive(attachment),
                Err(trouble) => {
                    tracing::debug!(attachment.id = %attachment, %trouble, "a file can't be had");
                    tools.files.fail(attachment, &trouble.to_string(), matches!(trouble, Trouble::Call(_)));
                }
            }
            (tools.waker)();
        });
        self.under_way.insert(attachment, work);
    }
}

impl Tools {
    /// Gets a file; goes on where it breaks off, as long as that brings it further.
    async fn get(&self, attachment: AttachmentId) -> Result<(), Trouble> {
        let _turn = self.turns.acquire().await.map_err(|_closed| Trouble::Broken)?;
        let generation = self.files.disk().generation();
        for _cut in 0..MOST_CUTS {
            let before = self.disk(move |disk| Ok(disk.begun(attachment))).await?;
            match self.go_on(generation, attachment, before).await {
                Err(Trouble::Call(CallError::Unreachable(_)))
                    if self.disk(move |disk| Ok(disk.begun(attachment))).await? > before => {}
                ended => return ended,
            }
        }
        Err(Trouble::Call(CallError::Unreachable("The line breaks again and again.".to_owned())))
    }

    async fn go_on(&self, generation: u64, attachment: AttachmentId, begun: u64) -> Result<(), Trouble> {
        let path = api::attachment(attachment);
        let part = match self.client.download(&path, begun).await? {
            Some(part) => part,
            // What is here is longer than what the gateway has, or just as long: whichever, it costs one file to be sure.
            None => self.client.download(&path, 0).await?.ok_or(Trouble::Broken)?,
        };
        if part.total > FILE_BYTES_BELOW {
            return Err(Trouble::TooLarge);
        }
        self.make_room(attachment, part.total - part.from).await?;
        let from = part.from;
        let unfinished = self.disk(move |disk| disk.open(generation, attachment, from)).await?;
        let mut unfinished = tokio::fs::File::from_std(unfinished);
        let ended = self.write(attachment, part, &mut unfinished).await;
        // What came is kept, however it ended.
        unfinished.flush().await?;
        unfinished.sync_all().await?;
        match ended {
            Ok(()) => {
                let now = self.files.now();
                self.disk(move |disk| disk.finish(attachment, now)).await
            }
            Err(Trouble::WrongLength) => {
                self.disk(move |disk| disk.give_up(attachment)).await?;
                Err(Trouble::WrongLength)
            }
            Err(trouble) => Err(trouble),
        }
    }

    async fn write(
        &self,
        attachment: AttachmentId,
        mut part: Part,
        to: &mut tokio::fs::File,
    ) -> Result<(), Trouble> {
        let (mut got, mut told) = (part.from, None);
        while let Some(bytes) = part.next().await? {
            let bytes = bytes.as_ref();
            to.write_all(bytes).await?;
            got += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            if got > part.total {
                return Err(Trouble::WrongLength);
            }
            self.tell(attachment, got, &mut told);
        }
        if got == part.total { Ok(()) } else { Err(Trouble::WrongLength) }
    }

    /// Tells how much is there, not too often.
    fn tell(&self, attachment: AttachmentId, got_bytes: u64, told: &mut Option<DateTime<Utc>>) {
        let now = self.client.clock().now();
        if told.is_none_or(|told| now - told >= PROGRESS_PAUSE) {
            *told = Some(now);
            self.files.move_on(attachment, got_bytes);
            (self.waker)();
        }
    }

    /// Gives up what was used least, if there is no room for so many bytes more.
    async fn make_room(&self, attachment: AttachmentId, wanted: u64) -> Result<(), Trouble> {
        let files = self.files.clone();
        self.disk(move |disk| {
            let mut in_use = files.in_use();
            in_use.insert(attachment);
            let victims = disk.least_used(wanted, &in_use)?;
            disk.remove(&files.let_go(&victims))
        })
        .await
    }

    /// Does what waits for the disk on a thread of its own.
    async fn disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Disk) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, Trouble> {
        let files = self.files.clone();
        let done = tokio::task::spawn_blocking(move || work(files.disk()));
        Ok(done.await.map_err(|_panic| Trouble::Broken)??)
    }
}
