//! Files on their way to contacts: copied at once, looked into, and brought to the gateway when it is their turn.
//!
//! Everything here happens beside the loop. What an agent gives up ends soon and leaves nothing behind; what a killed program
//! leaves behind goes at the next start.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    path::Path,
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::{Semaphore, mpsc},
    task::{AbortHandle, JoinSet},
};
use waxwing_media::child::Workshop;
use waxwing_protocol::id::{ClientRef, InteractionId};

use super::gateway_client::GatewayClient;
use crate::desk::{
    effect::Call,
    file::{FileRefused, FileSource, ReadyFile, StripFile, WayOut},
    input::Outcome,
    library::manage::{ManageCall, Managed},
    outbox::{FileAt, Outgoing as Message, OutgoingContent},
    restore::Restored,
};

mod copies;
mod library;
mod look;
mod upload;

use copies::{Copies, Copy, CopyTrouble};
use library::Destination;
use look::Rework;
use upload::Uploading;

/// How many files are copied and looked into at once.
const TAKEN_IN_AT_ONCE: usize = 2;
/// How long the end waits for copies to be removed: it is part of what closing the window takes.
const TIDYING_LIMIT: Duration = Duration::from_secs(1);
/// How much progress may wait for the loop.
const PROGRESS_QUEUE: usize = 64;

/// Files on their way to contacts.
#[derive(Debug)]
pub(super) struct Outgoing {
    copies: Copies,
    workshop: Workshop,
    client: Arc<GatewayClient>,
    /// The copies that something was done with since the start.
    known: BTreeMap<ClientRef, Copy>,
    turns: Arc<Semaphore>,
    taking_in: JoinSet<Option<Outcome>>,
    uploads: JoinSet<Outcome>,
    uploading: BTreeMap<ClientRef, AbortHandle>,
    /// What nobody waits for: removing.
    tidying: JoinSet<()>,
    progress: (mpsc::Sender<Outcome>, mpsc::Receiver<Outcome>),
}

/// The copies of files that are not sent yet.
#[derive(Debug, Clone)]
pub struct OwnFiles(Copies);

impl OwnFiles {
    /// What is going to be sent, to be read. Waits for the disk.
    pub fn sendable(&self, client_ref: ClientRef) -> std::io::Result<File> {
        Ok(self.0.of(client_ref).sendable()?.file)
    }

    /// A picture, if there is one.
    pub(super) fn preview(&self, client_ref: ClientRef) -> Option<File> {
        self.0.preview(client_ref)
    }
}

impl Outgoing {
    pub(super) fn new(data_folder: &Path, client: Arc<GatewayClient>, workshop: Workshop) -> Self {
        Self {
            copies: Copies::new(data_folder, client.base()),
            workshop,
            client,
            known: BTreeMap::new(),
            turns: Arc::new(Semaphore::new(TAKEN_IN_AT_ONCE)),
            taking_in: JoinSet::new(),
            uploads: JoinSet::new(),
            uploading: BTreeMap::new(),
            tidying: JoinSet::new(),
            progress: mpsc::channel(PROGRESS_QUEUE),
        }
    }

    /// Removes copies that nobody remembers.
    pub(super) async fn keep_only(&self, restored: &Restored) {
        let on_strips =
            restored.strips.iter().flat_map(|(_, strip)| strip).map(|file: &StripFile| file.client_ref);
        let is_elsewhere = |message: &Message| {
            matches!(message.content, OutgoingContent::File { at: FileAt::Forwarded(_), .. })
        };
        let leaving = restored.outgoing.iter().filter(|(_, message)| !is_elsewhere(message));
        let wanted: BTreeSet<_> =
            on_strips.chain(leaving.flat_map(|(_, message)| message.copies())).collect();
        let copies = self.copies.clone();
        apart(move || copies.keep_only(&wanted)).await;
    }

    /// Removes all copies, before it returns.
    pub(super) async fn wipe(&mut self) {
        self.interrupt();
        let known: Vec<_> = std::mem::take(&mut self.known).into_values().collect();
        let copies = self.copies.clone();
        apart(move || {
            known.iter().for_each(Copy::give_up);
            copies.wipe();
        })
        .await;
    }

    /// The copies of files that are not sent yet.
    pub(super) fn own_files(&self) -> OwnFiles {
        OwnFiles(self.copies.clone())
    }

    /// Begins what a call asks for; gives it back if it has nothing to do with files.
    pub(super) fn start(&mut self, call: Call) -> Option<Call> {
        match call {
            Call::TakeIn { interaction, client_ref, source } => self.take_in(interaction, client_ref, source),
            Call::Rework { interaction, client_ref, way, most } => {
                self.rework(interaction, client_ref, (way, most));
            }
            Call::Upload { interaction, client_ref, file } => {
                self.upload(Destination::Conversation(interaction), client_ref, file);
            }
            Call::DropFile(client_ref) | Call::Manage(ManageCall::Drop(client_ref)) => {
                self.drop_file(client_ref);
            }
            Call::Manage(ManageCall::Bring { client_ref, source }) => self.bring(client_ref, source),
            call => return Some(call),
        }
        None
    }

    /// Copies a file and looks into it.
    fn take_in(&mut self, interaction: InteractionId, client_ref: ClientRef, source: FileSource) {
        self.work(interaction, client_ref, move |workshop, copy| match copy.take(&source) {
            Ok(_kept) => Some(look::prepare(workshop, copy, None)),
            Err(CopyTrouble::GivenUp) => None,
            Err(trouble) => {
                copy.remove();
                Some(Err(FileRefused { reason: trouble.to_string(), ways_out: Vec::new() }))
            }
        });
    }

    /// Makes another file of one that was taken in.
    fn rework(
        &mut self,
        interaction: InteractionId,
        client_ref: ClientRef,
        (way, most): (WayOut, Option<u64>),
    ) {
        self.work(interaction, client_ref, move |workshop, copy| {
            Some(look::prepare(workshop, copy, Some(Rework { way, most })))
        });
    }

    fn work(
        &mut self,
        interaction: InteractionId,
        client_ref: ClientRef,
        work: impl FnOnce(&Workshop, &Copy) -> Option<Result<ReadyFile, FileRefused>> + Send + 'static,
    ) {
        let (copy, workshop, turns) = (self.copy(client_ref), self.workshop.clone(), Arc::clone(&self.turns));
        self.taking_in.spawn(async move {
            let turn = turns.acquire_owned().await.ok()?;
            let done = tokio::task::spawn_blocking(move || {
                // Held until the work is done, also if nobody waits for it any more.
                let _turn = turn;
                let result = work(&workshop, &copy);
                result.filter(|_| !copy.is_given_up())
            });
            let broken = || FileRefused {
                reason: "Looking into this file went wrong. Attach it again.".to_owned(),
                ways_out: Vec::new(),
            };
            let result = done.await.unwrap_or_else(|_panic| Some(Err(broken())))?;
            Some(Outcome::TakenIn { interaction, client_ref, result })
        });
    }

    /// Brings a file to the gateway.
    fn upload(&mut self, at: Destination, client_ref: ClientRef, file: Box<ReadyFile>) {
        let (copy, client) = (self.copy(client_ref), Arc::clone(&self.client));
        let uploading = Uploading { at, client_ref, file, copy, progress: self.progress.0.clone() };
        let handle = self.uploads.spawn(async move { uploading.run(&client).await });
        self.uploading.insert(client_ref, handle);
    }

    /// The gateway has taken the message to which a file belongs: it is not to forget it any more.
    pub(super) fn sent(&mut self, client_ref: ClientRef) {
        self.copy(client_ref).settle();
    }

    /// Removes a copy, and what the gateway has of it.
    fn drop_file(&mut self, client_ref: ClientRef) {
        if let Some(upload) = self.uploading.remove(&client_ref) {
            upload.abort();
        }
        let copy = self.copy(client_ref);
        self.known.remove(&client_ref);
        let client = Arc::clone(&self.client);
        self.tidying.spawn(async move {
            let begun = tokio::task::spawn_blocking(move || {
                let begun = copy.begun();
                copy.give_up();
                begun
            });
            if let Ok(Some(attachment)) = begun.await
                && let Err(error) = client.drop_upload(attachment).await
            {
                // The gateway forgets what is never sent by itself.
                tracing::debug!(%error, "the gateway was not told that a file is not wanted");
            }
        });
    }

    /// Lets copies go that are still to be removed, before the end. What takes longer goes at the next start.
    pub(super) async fn tidy_up(&mut self) {
        let all_gone = async { while self.tidying.join_next().await.is_some() {} };
        if tokio::time::timeout(TIDYING_LIMIT, all_gone).await.is_err() {
            tracing::debug!("copies of files are left for the next start");
        }
    }

    /// Gives up what is on its way to the gateway: the session is another one.
    pub(super) fn interrupt(&mut self) {
        (self.uploads, self.uploading) = (JoinSet::new(), BTreeMap::new());
    }

    /// What ends next, or gets further; waits for ever if nothing is under way. May be given up and asked again.
    pub(super) async fn next(&mut self) -> Outcome {
        loop {
            tokio::select! {
                Some(moved) = self.progress.1.recv() => return moved,
                Some(ended) = self.uploads.join_next() => match ended {
                    Ok(outcome) => {
                        if let Outcome::Uploaded { client_ref, .. }
                        | Outcome::Managed(Managed::FileBrought { client_ref, .. }) = &outcome
                        {
                            self.uploading.remove(client_ref);
                        }
                        return outcome;
                    }
                    Err(error) if error.is_cancelled() => {}
                    Err(error) => tracing::error!(%error, "an upload ended badly"),
                },
                Some(ended) = self.taking_in.join_next() => match ended {
                    Ok(Some(outcome)) => return outcome,
                    Ok(None) => {}
                    Err(error) => tracing::error!(%error, "taking a file in ended badly"),
                },
                Some(ended) = self.tidying.join_next() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "removing a file ended badly");
                    }
                }
            }
        }
    }

    fn copy(&mut self, client_ref: ClientRef) -> Copy {
        self.known.entry(client_ref).or_insert_with(|| self.copies.of(client_ref)).clone()
    }
}

async fn apart(work: impl FnOnce() + Send + 'static) {
    if let Err(error) = tokio::task::spawn_blocking(work).await {
        tracing::error!(%error, "removing files ended badly");
    }
}
