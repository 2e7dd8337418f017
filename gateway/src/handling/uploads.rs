//! Files on their way from desktops: who may send how many of which size, and which piece is wanted next.

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    id::{AgentId, AttachmentId, InteractionId},
    interaction::Phase,
    message::MediaKind,
    problem::ProblemCode,
    upload::{BeginUpload, FILE_BYTES_BELOW, Upload, UploadState},
};

use super::{Refusal, outbound::owned};
use crate::{
    media::{draw_name, pieces},
    random,
    store::{
        Bell, Change, StoreError,
        uploads::{self, Coming, Standing},
    },
};

/// How many files of an agent may be on their way or wait to be sent.
const OPEN_AT_MOST: i64 = 50;
/// How long a file waits to be sent.
pub const KEPT_FOR: TimeDelta = TimeDelta::days(7);
/// The longest name of a file that is listened to, in bytes: no file system has longer ones.
const LONGEST_NAME: usize = 1024;

/// What desktops are told of a file; none if it is gone.
#[must_use]
pub fn told(coming: &Coming) -> Option<Upload> {
    let state = match &coming.standing {
        Standing::Told(state) => state.clone(),
        Standing::Sent(about) => UploadState::Ready { about: about.clone() },
        Standing::Erased => return None,
    };
    Some(Upload { attachment: coming.id, state })
}

/// Takes in that a file is about to come, for an interaction or for none. The same client reference is taken in once.
pub async fn begin(
    change: &mut Change,
    agent: AgentId,
    (interaction, wanted): (Option<InteractionId>, &BeginUpload),
    now: DateTime<Utc>,
) -> Result<Coming, Refusal> {
    let is_open = match interaction {
        Some(interaction) => owned(change, agent, interaction).await?.phase == Phase::Open,
        None => true,
    };
    if let Some(known) = uploads::called(change.db(), wanted.client_ref).await? {
        let is_theirs = known.agent == agent && known.interaction == interaction;
        return if is_theirs && known.standing != Standing::Erased {
            Ok(known)
        } else {
            Err(Refusal::new(ProblemCode::Conflict, "This client reference belongs to another file."))
        };
    }
    if !is_open {
        return Err(Refusal::new(ProblemCode::Conflict, "This interaction is no longer open."));
    }
    acceptable(wanted)?;
    if uploads::open_of(change.db(), agent).await? >= OPEN_AT_MOST {
        let many = "50 files wait to be sent already. Send or remove some of them first.";
        return Err(Refusal::new(ProblemCode::Conflict, many));
    }
    let coming = Coming {
        id: AttachmentId::new(now, random::bytes()),
        agent,
        interaction,
        client_ref: wanted.client_ref,
        kind: wanted.kind,
        file_name: wanted.file_name.clone(),
        size_bytes: wanted.size_bytes,
        sha256: wanted.sha256.to_ascii_lowercase(),
        file: draw_name(),
        standing: Standing::Told(UploadState::Receiving { next_piece: 0 }),
    };
    uploads::add(change.db(), &coming, now).await?;
    Ok(coming)
}

/// What is said of a file before its first byte is here; what its bytes say counts later.
fn acceptable(wanted: &BeginUpload) -> Result<(), Refusal> {
    let refused = |detail: &str| Err(Refusal::new(ProblemCode::UnacceptableBody, detail));
    if wanted.size_bytes == 0 {
        return refused("This file is empty. There is nothing to send.");
    }
    if wanted.size_bytes >= FILE_BYTES_BELOW {
        let large = "This file is too large. WhatsApp takes files smaller than 100 MB.";
        return Err(Refusal::new(ProblemCode::TooLarge, large));
    }
    let digits = wanted.sha256.bytes().filter(u8::is_ascii_hexdigit).count();
    if digits != 64 || wanted.sha256.len() != 64 {
        return refused("The hash of the file is not 64 hexadecimal digits.");
    }
    if wanted.file_name.len() > LONGEST_NAME {
        return refused("The name of this file is too long. Give it a shorter one.");
    }
    if wanted.kind == MediaKind::Unknown {
        return refused("The gateway can't send a file of this kind. Send it as a document.");
    }
    Ok(())
}

/// A file of this agent's that is on its way. What is somebody else's looks as if it were not there.
pub fn theirs(found: Option<Coming>, agent: AgentId) -> Result<Coming, Refusal> {
    found
        .filter(|coming| coming.agent == agent && coming.standing != Standing::Erased)
        .ok_or_else(|| Refusal::new(ProblemCode::NotFound, "There is no such file."))
}

/// What is to be done about a piece that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// It is the one that was wanted.
    Wanted,
    /// It is there already.
    Known,
}

/// Decides about a piece of this length, in bytes.
pub fn arrived(coming: &Coming, piece: u32, length: u64) -> Result<Arrived, Refusal> {
    let expected = pieces::length(coming.size_bytes, piece);
    if expected == 0 {
        return Err(Refusal::new(ProblemCode::BadRequest, "The file has no such piece."));
    }
    let Standing::Told(UploadState::Receiving { next_piece }) = coming.standing else {
        return Ok(Arrived::Known);
    };
    match piece.cmp(&next_piece) {
        std::cmp::Ordering::Less => Ok(Arrived::Known),
        std::cmp::Ordering::Equal if length == expected => Ok(Arrived::Wanted),
        std::cmp::Ordering::Equal => {
            let detail = format!("This piece has {length} bytes, not {expected}.");
            Err(Refusal::new(ProblemCode::BadRequest, &detail))
        }
        std::cmp::Ordering::Greater => {
            let detail = format!("Piece {next_piece} comes first.");
            Err(Refusal::new(ProblemCode::Conflict, &detail))
        }
    }
}

/// Whether all pieces of a file are here, and nobody has looked at them as a whole.
#[must_use]
pub fn is_complete(coming: &Coming) -> bool {
    coming.standing == Standing::Told(UploadState::Receiving { next_piece: pieces::count(coming.size_bytes) })
}

/// Removes what an agent does not want to send any more. What was sent stays.
pub async fn remove(change: &mut Change, agent: AgentId, id: AttachmentId) -> Result<(), Refusal> {
    let coming = theirs(uploads::get(change.db(), id).await?, agent)?;
    uploads::erase(change.db(), coming.id).await?;
    change.ring(Bell::Media);
    Ok(())
}

/// Removes what was not sent in an interaction that is over.
pub async fn remove_of(change: &mut Change, interaction: InteractionId) -> Result<(), StoreError> {
    if uploads::erase_of(change.db(), interaction).await? {
        change.ring(Bell::Media);
    }
    Ok(())
}

/// Removes what has waited too long.
pub async fn expire(change: &mut Change, now: DateTime<Utc>) -> Result<(), StoreError> {
    if uploads::expire(change.db(), now - KEPT_FOR).await? {
        change.ring(Bell::Media);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
