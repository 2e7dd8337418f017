//! What waits to be sent, as it stands on disk: words, notifications, and what files are, not their bytes.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    attachment::About,
    id::{AttachmentId, ClientRef, InteractionId, ResponseId},
    message::MediaKind,
    notification::Notification,
    slot::Slot,
};

use super::tables::{json, parse, parse_id, run};
use crate::desk::{
    file::{ReadyFile, StripFile, StripSource, StripState, WayOut},
    notification::{OutgoingNotification, SlotFile},
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

/// What an outgoing message says.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptContent {
    /// Its words, those under its file, or what a notification says.
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<KeptFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notification: Option<Box<KeptNotification>>,
}

/// A file of an outgoing message.
#[derive(Serialize, Deserialize)]
struct KeptFile {
    #[serde(flatten)]
    file: KeptReady,
    #[serde(flatten)]
    at: KeptAt,
}

impl KeptFile {
    fn new(file: ReadyFile, at: FileAt) -> Self {
        let at = match at {
            FileAt::Here => KeptAt::Here,
            FileAt::Uploaded(id) => KeptAt::Uploaded(id),
            FileAt::Forwarded(id) => KeptAt::Forwarded(id),
        };
        Self { file: file.into(), at }
    }

    fn apart(self) -> (ReadyFile, FileAt) {
        let at = match self.at {
            KeptAt::Here => FileAt::Here,
            KeptAt::Uploaded(id) => FileAt::Uploaded(id),
            KeptAt::Forwarded(id) => FileAt::Forwarded(id),
        };
        (self.file.into(), at)
    }
}

/// Where that is.
#[derive(Serialize, Deserialize)]
#[serde(tag = "at", content = "attachment", rename_all = "snake_case")]
enum KeptAt {
    Here,
    Uploaded(AttachmentId),
    Forwarded(AttachmentId),
}

/// A notification.
#[derive(Serialize, Deserialize)]
struct KeptNotification {
    shown: Notification,
    files: Vec<KeptSlotFile>,
}

/// A file of a notification.
#[derive(Serialize, Deserialize)]
struct KeptSlotFile {
    slot: Slot,
    client_ref: ClientRef,
    file: KeptFile,
}

impl From<OutgoingNotification> for KeptNotification {
    fn from(OutgoingNotification { shown, files }: OutgoingNotification) -> Self {
        let files = files.into_iter().map(|SlotFile { slot, client_ref, file, at }| KeptSlotFile {
            slot,
            client_ref,
            file: KeptFile::new(file, at),
        });
        Self { shown, files: files.collect() }
    }
}

impl From<KeptNotification> for OutgoingNotification {
    fn from(KeptNotification { shown, files }: KeptNotification) -> Self {
        let files = files.into_iter().map(|KeptSlotFile { slot, client_ref, file }| {
            let (file, at) = file.apart();
            SlotFile { slot, client_ref, file, at }
        });
        Self { shown, files: files.collect() }
    }
}

/// Takes a message apart.
pub(super) fn split(content: OutgoingContent) -> KeptContent {
    match content {
        OutgoingContent::Text(text) => KeptContent { text, file: None, notification: None },
        OutgoingContent::File { file, caption, at } => {
            let file = Some(KeptFile::new(*file, at));
            KeptContent { text: caption, file, notification: None }
        }
        OutgoingContent::Notification(notification) => {
            let (text, kept) = (notification.shown.as_text(), Box::new((*notification).into()));
            KeptContent { text, file: None, notification: Some(kept) }
        }
    }
}

/// Puts it together again.
pub(super) fn join(kept: KeptContent) -> OutgoingContent {
    match kept {
        KeptContent { notification: Some(kept), .. } => {
            OutgoingContent::Notification(Box::new((*kept).into()))
        }
        KeptContent { text, file: Some(file), .. } => {
            let (file, at) = file.apart();
            OutgoingContent::File { file: Box::new(file), caption: text, at }
        }
        KeptContent { text, .. } => OutgoingContent::Text(text),
    }
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
