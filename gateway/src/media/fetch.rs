//! Fetches one file: looks it up, streams it to where files are kept, and sees that it is the one that was announced.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::time::timeout;
use waxwing_protocol::message::MediaKind;

use super::files::{Files, FilesError};
use crate::{
    store::attachments::Announced,
    whatsapp::{
        cloud_api::Credentials,
        media::{Download, Located, MediaApi, MediaFailure, read_sha256},
    },
};

/// Why a file could not be had.
#[derive(Debug)]
pub(super) enum FetchFailure {
    /// WhatsApp did not give it.
    WhatsApp(MediaFailure),
    /// It is larger than files of its kind may be.
    TooLarge {
        /// How large they may be.
        limit_bytes: u64,
    },
    /// It is not taken here.
    NotAllowed {
        /// Why, for the agent to read.
        reason: String,
    },
    /// It is not the one that was announced.
    Damaged,
    /// It took too long.
    TimedOut,
    /// It could not be kept here.
    NotKept(FilesError),
}

impl From<MediaFailure> for FetchFailure {
    fn from(failure: MediaFailure) -> Self {
        Self::WhatsApp(failure)
    }
}

impl From<FilesError> for FetchFailure {
    fn from(error: FilesError) -> Self {
        Self::NotKept(error)
    }
}

/// How large a file of a kind may be: WhatsApp passes on up to 100 MB whatever the kind (Cloud API, error 131052; the smaller
/// limits of its list are for what we send), and no sticker is near a megabyte.
const fn limit_of(kind: MediaKind) -> u64 {
    const MB: u64 = 1024 * 1024;
    match kind {
        MediaKind::Sticker => MB,
        MediaKind::Image | MediaKind::Video | MediaKind::Audio | MediaKind::Document | MediaKind::Unknown => {
            100 * MB
        }
    }
}

/// Fetches a file and says how long it is in bytes.
pub(super) async fn fetch(
    api: &MediaApi,
    files: &Files,
    number: &Credentials,
    announced: &Announced,
    at_most: Duration,
) -> Result<u64, FetchFailure> {
    let fetched = timeout(at_most, fetch_at_leisure(api, files, number, announced)).await;
    fetched.unwrap_or(Err(FetchFailure::TimedOut))
}

async fn fetch_at_leisure(
    api: &MediaApi,
    files: &Files,
    number: &Credentials,
    announced: &Announced,
) -> Result<u64, FetchFailure> {
    let limit_bytes = limit_of(announced.kind);
    let (located, mut download) = match open(api, number, announced, limit_bytes).await {
        // Somebody may have looked it up too long ago; a fresh address is good for minutes.
        Err(FetchFailure::WhatsApp(MediaFailure::Stale)) => open(api, number, announced, limit_bytes).await?,
        opened => opened?,
    };
    let mut writing = files.write(&announced.file).await?;
    let (mut hash, mut size_bytes) = (Sha256::new(), 0);
    while let Some(piece) = download.next().await? {
        size_bytes += piece.len() as u64;
        if size_bytes > limit_bytes {
            return Err(FetchFailure::TooLarge { limit_bytes });
        }
        hash.update(&piece);
        writing.add(piece).await?;
    }
    let hash: [u8; 32] = hash.finalize().into();
    let expected = [&announced.sha256, &located.sha256];
    let is_whole = expected.into_iter().flatten().filter_map(|text| read_sha256(text)).all(|one| one == hash);
    if !is_whole || size_bytes == 0 {
        return Err(FetchFailure::Damaged);
    }
    writing.finish().await?;
    Ok(size_bytes)
}

async fn open(
    api: &MediaApi,
    number: &Credentials,
    announced: &Announced,
    limit_bytes: u64,
) -> Result<(Located, Download), FetchFailure> {
    let fits = |size: Option<u64>| match size {
        Some(size) if size > limit_bytes => Err(FetchFailure::TooLarge { limit_bytes }),
        _ => Ok(()),
    };
    let located = api.look_up(number, &announced.media_id).await?;
    fits(located.size_bytes)?;
    let download = api.download(number, &located).await?;
    fits(download.announced_bytes())?;
    Ok((located, download))
}
