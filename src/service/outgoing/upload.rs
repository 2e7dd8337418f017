//! Brings a file to the gateway, piece by piece.
//!
//! The gateway says which piece it wants next: so a line that breaks, and a desktop or a gateway that is killed, cost one
//! piece. Nothing but the piece on its way is in memory.

use std::io::{Read as _, Seek as _, SeekFrom};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;
use waxwing_protocol::{
    id::{AttachmentId, ClientRef},
    problem::ProblemCode,
    upload::{BeginUpload, PIECE_BYTES, Upload, UploadState},
};

use super::{
    super::gateway_client::GatewayClient,
    copies::{Copy, Sendable},
    library::Destination,
};
use crate::desk::{
    file::ReadyFile,
    input::{CallError, Outcome},
};

/// How often progress is told at most.
const PROGRESS_PAUSE: TimeDelta = TimeDelta::milliseconds(100);

/// A file on its way.
#[derive(Debug)]
pub(super) struct Uploading {
    pub(super) at: Destination,
    pub(super) client_ref: ClientRef,
    pub(super) file: Box<ReadyFile>,
    pub(super) copy: Copy,
    pub(super) progress: mpsc::Sender<Outcome>,
}

impl Uploading {
    /// Brings the file there. What the gateway calls it, or a sentence that says why it does not take it.
    pub(super) async fn run(mut self, client: &GatewayClient) -> Outcome {
        let result = self.upload(client).await;
        self.at.uploaded((self.client_ref, &self.file), result)
    }

    async fn upload(&mut self, client: &GatewayClient) -> Result<Result<AttachmentId, String>, CallError> {
        let copy = self.copy.clone();
        let Ok(mut bytes) = apart(move || copy.sendable()).await? else {
            let gone = "Waxwing's copy of this file is gone or damaged. Attach the file again.";
            return Ok(Err(gone.to_owned()));
        };
        let begin = BeginUpload {
            client_ref: self.client_ref,
            kind: self.file.kind,
            file_name: self.file.name.clone(),
            size_bytes: bytes.size_bytes,
            sha256: bytes.sha256.clone(),
        };
        let mut upload = client.begin_upload(&self.at.path(), &begin).await?;
        self.note(upload.attachment).await?;
        let mut told = None;
        let mut least = 0;
        loop {
            let piece = match upload.state {
                UploadState::Ready { .. } => return Ok(Ok(upload.attachment)),
                UploadState::Refused { reason } => return Ok(Err(reason)),
                UploadState::Receiving { next_piece } if next_piece >= least => next_piece,
                UploadState::Receiving { .. } => {
                    return Err(CallError::Unreachable("the gateway does not take the file in".to_owned()));
                }
            };
            self.tell(u64::from(piece) * PIECE_BYTES, client.clock().now(), &mut told);
            least = piece.saturating_add(1);
            let (file, read) = apart(move || read_piece(bytes, piece)).await?;
            let Some(read) = read else {
                return Err(CallError::Unreachable("the gateway wants more than the file holds".to_owned()));
            };
            bytes = file;
            upload = hand_over(client, upload.attachment, (piece, read)).await?;
        }
    }

    async fn note(&self, attachment: AttachmentId) -> Result<(), CallError> {
        let copy = self.copy.clone();
        let noted = apart(move || copy.begin(attachment)).await?;
        if let Err(error) = noted {
            tracing::debug!(%error, "the gateway's name of a file can't be noted");
        }
        Ok(())
    }

    /// Tells how much is there, not too often. Nobody misses a number for which there is no room.
    fn tell(&self, sent_bytes: u64, now: DateTime<Utc>, told: &mut Option<DateTime<Utc>>) {
        if sent_bytes > 0 && told.is_none_or(|told| now - told >= PROGRESS_PAUSE) {
            *told = Some(now);
            self.progress.try_send(self.at.moved(self.client_ref, sent_bytes)).ok();
        }
    }
}

async fn hand_over(
    client: &GatewayClient,
    attachment: AttachmentId,
    (piece, bytes): (u32, Vec<u8>),
) -> Result<Upload, CallError> {
    client.upload_piece(attachment, piece, bytes).await.map_err(|error| match error {
        // The gateway was put back to an earlier state, or another Waxwing sends the same: to begin anew tells.
        CallError::Refused(problem)
            if matches!(
                problem.code,
                ProblemCode::NotFound | ProblemCode::Conflict | ProblemCode::BadRequest
            ) =>
        {
            CallError::Unreachable(problem.detail)
        }
        error => error,
    })
}

/// Reads a piece; none if the file has no such one.
fn read_piece(mut from: Sendable, piece: u32) -> (Sendable, Option<Vec<u8>>) {
    let begin = u64::from(piece) * PIECE_BYTES;
    let length = from.size_bytes.saturating_sub(begin).min(PIECE_BYTES);
    let mut read = || {
        from.file.seek(SeekFrom::Start(begin)).ok()?;
        let mut bytes = vec![0; usize::try_from(length).ok().filter(|length| *length > 0)?];
        from.file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    };
    let bytes = read();
    (from, bytes)
}

/// Does what waits for the disk on a thread of its own.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, CallError> {
    let broken = |_ended| CallError::Unreachable("reading the file went wrong".to_owned());
    tokio::task::spawn_blocking(work).await.map_err(broken)
}
