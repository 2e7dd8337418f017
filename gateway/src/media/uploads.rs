//! Takes files from desktops, piece by piece, and puts each together once all of it is here.
//!
//! A piece is a file of its own until then, and that it is here is on disk before it is answered, so whoever is killed goes on
//! with the piece after. Putting a file together can be done anew at any time: it appears whole or not at all.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;
use waxwing_protocol::{
    id::{AgentId, AttachmentId, InteractionId},
    problem::{Problem, ProblemCode},
    upload::{BeginUpload, Upload, UploadState},
};

use super::{
    files::{Files, FilesError, piece_of, preview_of},
    look::{Asked, Looking, sendable},
    pieces,
};
use crate::{
    clock::Clock,
    handling::{
        Refusal,
        uploads::{self as rules, Arrived},
    },
    limits::{Direction, Limits},
    store::{
        Bell, Store,
        attachments::Looked,
        uploads::{self, Coming, Standing},
    },
    whatsapp::media::read_sha256,
};

/// What an agent reads about a file whose pieces don't make the file that was announced.
const DAMAGED: &str = "This file did not arrive as it is on your computer. Attach it again.";

/// How many files are put together at once; one file is by one at a time.
const TURNS: usize = 4;

/// Takes files from desktops. Clones share everything.
#[derive(Debug, Clone)]
pub struct Uploads {
    store: Store,
    files: Files,
    looking: Looking,
    limits: Arc<Limits>,
    clock: Clock,
    turns: Arc<[Mutex<()>; TURNS]>,
}

impl Uploads {
    /// Takes files into `files`.
    #[must_use]
    pub fn new(store: Store, files: Files, (looking, limits): (Looking, Arc<Limits>), clock: Clock) -> Self {
        Self { store, files, looking, limits, clock, turns: Arc::default() }
    }

    /// Takes in that a file is about to come, for an interaction or for none, or says how far it is.
    pub async fn begin(
        &self,
        agent: AgentId,
        interaction: Option<InteractionId>,
        wanted: &BeginUpload,
    ) -> Result<Upload, Refusal> {
        let mut change = self.store.begin().await?;
        let coming = rules::begin(&mut change, agent, (interaction, wanted), self.clock.now()).await?;
        change.commit().await?;
        self.told(agent, coming).await
    }

    /// Takes a piece in. Two copies of it at once do no harm: they are the same file, and it is counted once.
    pub async fn take(
        &self,
        agent: AgentId,
        (id, piece): (AttachmentId, u32),
        bytes: bytes::Bytes,
    ) -> Result<Upload, Refusal> {
        let coming = self.theirs(agent, id).await?;
        if rules::arrived(&coming, piece, bytes.len() as u64)? == Arrived::Wanted {
            let name = piece_of(&coming.file, piece);
            self.files.keep(&name, bytes).await.map_err(|error| unkept(id, &error))?;
            let mut change = self.store.begin().await?;
            let counted = uploads::advance(change.db(), id, piece).await?;
            let now = uploads::get(change.db(), id).await?;
            change.commit().await?;
            let is_receiving =
                now.is_some_and(|now| matches!(now.standing, Standing::Told(UploadState::Receiving { .. })));
            if !counted && !is_receiving {
                // It was given up meanwhile, or is whole, and its pieces were removed before this one came.
                self.files.remove(&name).await.map_err(|error| unkept(id, &error))?;
            }
        }
        let coming = self.theirs(agent, id).await?;
        self.told(agent, coming).await
    }

    /// Removes a file that is not wanted any more.
    pub async fn remove(&self, agent: AgentId, id: AttachmentId) -> Result<(), Refusal> {
        let mut change = self.store.begin().await?;
        rules::remove(&mut change, agent, id).await?;
        Ok(change.commit().await?)
    }

    async fn theirs(&self, agent: AgentId, id: AttachmentId) -> Result<Coming, Refusal> {
        rules::theirs(uploads::get(self.store.read().await?.db(), id).await?, agent)
    }

    /// What desktops are told of a file, which is put together first if it can be.
    async fn told(&self, agent: AgentId, mut coming: Coming) -> Result<Upload, Refusal> {
        if rules::is_complete(&coming) {
            // It goes on though nobody waits for the answer: the next call finds it done.
            let (uploads, whole) = (self.clone(), coming.clone());
            let done = tokio::spawn(async move { uploads.finish(&whole).await });
            done.await.unwrap_or_else(|fault| {
                tracing::error!(panicked = fault.is_panic(), "putting a file together broke off");
                Err(not_now())
            })?;
            coming = self.theirs(agent, coming.id).await?;
        }
        rules::told(&coming).ok_or_else(not_now)
    }

    /// Puts a file together, looks into it and writes down what came of it, unless somebody has done so meanwhile.
    async fn finish(&self, coming: &Coming) -> Result<(), Refusal> {
        let id = coming.id;
        let turn = usize::from(id.uuid().as_bytes()[15]) % TURNS;
        let _turn = self.turns[turn].lock().await;
        let known = uploads::get(self.store.read().await?.db(), id).await?;
        if !known.is_some_and(|known| rules::is_complete(&known)) {
            return Ok(());
        }
        let outcome = self.put_together(coming).await.map_err(|error| unkept(id, &error))?;
        let mut change = self.store.begin().await?;
        let settled = uploads::settle(change.db(), id, &outcome).await?;
        change.ring(Bell::Media);
        change.commit().await?;
        tracing::info!(attachment.id = %id, accepted = outcome.is_ok(), "a file was uploaded");
        if !settled {
            for name in [coming.file.clone(), preview_of(&coming.file)] {
                self.files.remove(&name).await.map_err(|error| unkept(id, &error))?;
            }
        }
        Ok(())
    }

    /// What a file is, now that all of it is here; or why it can't be sent.
    async fn put_together(&self, coming: &Coming) -> Result<Result<Looked, String>, FilesError> {
        let (mut writing, mut hash) = (self.files.write(&coming.file).await?, Sha256::new());
        for piece in 0..pieces::count(coming.size_bytes) {
            let Some(found) = self.files.read(&piece_of(&coming.file, piece)).await? else {
                return Ok(Err(DAMAGED.to_owned()));
            };
            let bytes = found.bytes().await?;
            hash.update(&bytes);
            writing.add(bytes).await?;
        }
        let hash: [u8; 32] = hash.finalize().into();
        if read_sha256(&coming.sha256) != Some(hash) {
            return Ok(Err(DAMAGED.to_owned()));
        }
        writing.finish().await?;
        let asked = Asked { mime: None, name: Some(coming.file_name.clone()) };
        let looked = self.looking.describe(&self.files, &coming.file, &asked).await?;
        let named = (coming.file_name.as_str(), coming.size_bytes);
        Ok(sendable(&looked, named, coming.kind)
            .and_then(|()| self.limits.admit(Direction::Outgoing, &looked.about.mime, coming.size_bytes))
            .map(|()| looked))
    }
}

fn not_now() -> Refusal {
    let mut problem = Problem::new(ProblemCode::Unavailable, "The gateway can't take this file just now.");
    problem.retry_after_seconds = Some(5);
    problem.into()
}

fn unkept(id: AttachmentId, error: &FilesError) -> Refusal {
    tracing::error!(%error, attachment.id = %id, "a file from a desktop can't be kept");
    not_now()
}
