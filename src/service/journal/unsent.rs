//! Files that wait to be sent, as they stand on disk: what they are, not their bytes.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    attachment::About,
    id::{AttachmentId, ClientRef, InteractionId, ResponseId},
    message::MediaKind,
};

use super::tables::{json, parse, parse_id, run};
use crate::desk::{
    file::{ReadyFile, StripFile, StripSource, StripState, WayOut},
    outbox::{FileAt, OutgoingContent},
};

/// A file that may be sent.
#[derive(Serialize, Deserialize)]
struct KeptReady {
    name: String,
    kind: MediaKind,
    size_bytes: u64,
    about: Box<About>,
    voice: bool,
}

impl From<ReadyFile> for KeptReady {
    fn from(ReadyFile { name, kind, size_bytes, about, voice }: ReadyFile) -> Self {
        Self { name, kind, size_bytes, about, voice }
    }
}

impl From<KeptReady> for ReadyFile {
    fn from(KeptReady { name, kind, size_bytes, about, voice }: KeptReady) -> Self {
        Self { name, kind, size_bytes, about, voice }
    }
}

/// The file of an outgoing message.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptFile {
    #[serde(flatten)]
    file: KeptReady,
    #[serde(flatten)]
    at: KeptAt,
}

/// Where that is.
#[derive(Serialize, Deserialize)]
#[serde(tag = "at", content = "attachment", rename_all = "snake_case")]
enum KeptAt {
    Here,
    Uploaded(AttachmentId),
    Forwarded(AttachmentId),
}

/// Takes a message apart: its words, and its file.
pub(super) fn split(content: OutgoingContent) -> (String, Option<KeptFile>) {
    match content {
        OutgoingContent::Text(text) => (text, None),
        OutgoingContent::File { file, caption, at } => {
            let at = match at {
                FileAt::Here => KeptAt::Here,
                FileAt::Uploaded(id) => KeptAt::Uploaded(id),
                FileAt::Forwarded(id) => KeptAt::Forwarded(id),
            };
            (caption, Some(KeptFile { file: (*file).into(), at }))
        }
    }
}

/// Puts it together again.
pub(super) fn join(text: String, file: Option<KeptFile>) -> OutgoingContent {
    let Some(KeptFile { file, at }) = file else { return OutgoingContent::Text(text) };
    let at = match at {
        KeptAt::Here => FileAt::Here,
        KeptAt::Uploaded(id) => FileAt::Uploaded(id),
        KeptAt::Forwarded(id) => FileAt::Forwarded(id),
    };
    OutgoingContent::File { file: Box::new(file.into()), caption: text, at }
}

/// A file on a strip.
#[derive(Serialize, Deserialize)]
struct KeptStripFile {
    client_ref: ClientRef,
    name: String,
    caption: String,
    state: KeptState,
    /// What the gateway calls it, and the prepared reply it belongs to; none for a file of this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<(AttachmentId, ResponseId)>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptState {
    Ready(KeptReady),
    Refused { reason: String, make_smaller: bool, as_document: bool },
}

/// A file as it is kept; none while it is being looked into.
fn keep(file: &StripFile) -> Option<KeptStripFile> {
    let StripFile { client_ref, name, caption, state, source } = file.clone();
    let of = match source {
        StripSource::Copy => None,
        StripSource::Response { attachment, response } => Some((attachment, response)),
    };
    let state = match state {
        StripState::Checking => return None,
        StripState::Ready(ready) => KeptState::Ready(ready.into()),
        StripState::Refused { reason, ways_out } => {
            let has = |way| ways_out.contains(&way);
            KeptState::Refused {
                reason,
                make_smaller: has(WayOut::MakeSmaller),
                as_document: has(WayOut::SendAsDocument),
            }
        }
    };
    Some(KeptStripFile { client_ref, name, caption, state, of })
}

impl From<KeptStripFile> for StripFile {
    fn from(kept: KeptStripFile) -> Self {
        let state = match kept.state {
            KeptState::Ready(ready) => StripState::Ready(ready.into()),
            KeptState::Refused { reason, make_smaller, as_document } => {
                let ways = [(make_smaller, WayOut::MakeSmaller), (as_document, WayOut::SendAsDocument)];
                let ways_out = ways.into_iter().filter_map(|(has, way)| has.then_some(way)).collect();
                StripState::Refused { reason, ways_out }
            }
        };
        let of = |(attachment, response)| StripSource::Response { attachment, response };
        let source = kept.of.map_or(StripSource::Copy, of);
        Self { client_ref: kept.client_ref, name: kept.name, caption: kept.caption, state, source }
    }
}

/// Keeps what stands on a strip.
pub(super) async fn write_strip(
    to: &mut SqliteConnection,
    id: InteractionId,
    strip: &[StripFile],
) -> Result<(), sqlx::Error> {
    let kept: Vec<_> = strip.iter().filter_map(keep).collect();
    if kept.is_empty() {
        return run(sqlx::query("DELETE FROM strip WHERE interaction = $1").bind(id.to_string()), to).await;
    }
    let sql = "INSERT INTO strip (interaction, body) VALUES ($1, $2)
               ON CONFLICT (interaction) DO UPDATE SET body = excluded.body";
    run(sqlx::query(sql).bind(id.to_string()).bind(json(&kept)?), to).await
}

/// All strips.
pub(super) async fn read_strips(
    from: &mut SqliteConnection,
) -> Result<Vec<(InteractionId, Vec<StripFile>)>, sqlx::Error> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT interaction, body FROM strip ORDER BY interaction").fetch_all(from).await?;
    rows.iter()
        .map(|(id, body)| {
            let files: Vec<KeptStripFile> = parse(body)?;
            Ok((parse_id(id)?, files.into_iter().map(Into::into).collect()))
        })
        .collect()
}
