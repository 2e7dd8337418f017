//! Gives WhatsApp the files of messages before those leave: from the disk, as it is read, and never twice within the time for which
//! WhatsApp keeps them.
//!
//! Nothing of an upload reaches a contact. So its row is not marked as leaving, and whatever happens to it, to the network or
//! to the process, it is simply made again.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use tracing::{info, warn};
use waxwing_protocol::{
    delivery::DeliveryFailure,
    message::{Body, Media},
    notification::NotificationHeader,
};

use super::decide::{Next, decide};
use crate::{
    media::{Files, FilesError},
    store::{
        outbox::OutboxRow,
        whatsapp_files::{FileToSend, Known},
    },
    whatsapp::{
        cloud_api::{
            CloudApi, Credentials, Outgoing, OutgoingFile, OutgoingNotification, SendFailure, Upload, Wamid,
            declared,
        },
        graph_error::failure_of,
    },
};

/// How many files are given to WhatsApp at once.
pub(super) const AT_ONCE: usize = 4;
/// A file that WhatsApp has had for longer than this may be the cause of a refusal; a fresh one is not.
const FRESH: TimeDelta = TimeDelta::minutes(10);
/// Meta's code for a file that it does not take.
const REJECTED: u32 = 131_053;
/// Meta's codes for a message that names what is not there, or not any more.
const NOT_THERE: [u32; 4] = [33, 100, 131_009, REJECTED];

/// What came of an upload.
pub(super) struct Uploaded {
    /// For whom.
    pub(super) row: OutboxRow,
    /// Which file.
    pub(super) file: String,
    /// What WhatsApp calls it, or why it has not got it.
    pub(super) outcome: Result<String, Trouble>,
}

/// Why WhatsApp has not got a file.
pub(super) enum Trouble {
    /// WhatsApp or the network.
    WhatsApp(SendFailure),
    /// It is not where files are kept.
    Lost,
}

impl From<FilesError> for Trouble {
    fn from(error: FilesError) -> Self {
        Self::WhatsApp(SendFailure::NotArrived { cause: error.to_string() })
    }
}

/// Uploads a file; one that breaks off counts as one that did not arrive.
pub(super) async fn upload(
    (api, files): (CloudApi, Files),
    from: Credentials,
    row: OutboxRow,
    file: FileToSend,
) -> Uploaded {
    let name = file.file.clone();
    let given = tokio::spawn(async move { give(&api, &files, &from, &file).await });
    let outcome = given.await.unwrap_or_else(|fault| {
        let cause = format!("it broke off (by a fault of ours: {})", fault.is_panic());
        Err(Trouble::WhatsApp(SendFailure::NotArrived { cause }))
    });
    Uploaded { row, file: name, outcome }
}

async fn give(
    api: &CloudApi,
    files: &Files,
    from: &Credentials,
    file: &FileToSend,
) -> Result<String, Trouble> {
    let size_bytes = files.size(&file.file).await?.ok_or(Trouble::Lost)?;
    let upload =
        Upload { mime: declared(&file.about.mime), size_bytes, pieces: files.pieces(&file.file, size_bytes) };
    api.upload(from, upload).await.map_err(Trouble::WhatsApp)
}

/// Decides what happens to a message whose file WhatsApp has not got after so many tries.
pub(super) fn failed(tries: u32, trouble: Trouble, now: DateTime<Utc>, jitter: u16) -> Next {
    match trouble {
        Trouble::Lost => Next::Failed(lost()),
        Trouble::WhatsApp(SendFailure::Ambiguous { cause }) => {
            decide(tries, Err(SendFailure::NotArrived { cause }), now, jitter)
        }
        Trouble::WhatsApp(SendFailure::Refused(error)) if error.code == 100 && error.subcode.is_none() => {
            Next::Failed(failure_of(Some(REJECTED), &error.details))
        }
        Trouble::WhatsApp(failure) => decide(tries, Err(failure), now, jitter),
    }
}

/// What an agent reads about a file that is gone from the gateway's disk.
pub(super) fn lost() -> DeliveryFailure {
    DeliveryFailure {
        code: None,
        reason: "The file of this message is not on the gateway any more; it was not sent.".to_owned(),
        advice: "Attach it again.".to_owned(),
        can_retry: false,
    }
}

/// Whether a refusal of a message may be about its file alone: WhatsApp has had it for a while, and may have forgotten it.
pub(super) fn is_forgotten(outcome: &Result<Wamid, SendFailure>, known: &Known, now: DateTime<Utc>) -> bool {
    matches!(outcome, Err(SendFailure::Refused(error)) if NOT_THERE.contains(&error.code))
        && now - known.uploaded_at >= FRESH
}

/// A message with files that WhatsApp has; none if it has one of them not, or not any more.
pub(super) fn outgoing(body: Body, files: &[FileToSend], quote: Option<Wamid>) -> Option<Outgoing> {
    let mut media = BTreeMap::new();
    for file in files {
        media.insert(file.id, file.known.as_ref()?.media_id.clone());
    }
    match body {
        Body::Media(Media { kind, caption, file_name, voice, .. }) => {
            let (_, media_id) = media.pop_first()?;
            let file = OutgoingFile { kind, media_id, caption, file_name, voice };
            Some(Outgoing::File { file, quote })
        }
        Body::Notification(notification) => {
            let notification = OutgoingNotification { notification, media };
            Some(Outgoing::Notification { notification, quote })
        }
        _ => None,
    }
}

/// How many files a message has.
pub(super) fn count(body: &Body) -> usize {
    match body {
        Body::Media(_) => 1,
        Body::Notification(notification) => {
            let cards = notification.cards.iter().filter_map(|card| card.header.as_ref());
            let headers = notification.header.iter().chain(cards);
            headers.filter(|header| matches!(header, NotificationHeader::Media(_))).count()
        }
        _ => 0,
    }
}

pub(super) fn log(uploaded: &Uploaded) {
    let message = uploaded.row.attempt.message;
    match &uploaded.outcome {
        Ok(_known) => info!(message.id = %message, "WhatsApp has the file of a message"),
        Err(Trouble::Lost) => {
            warn!(message.id = %message, "the file of a message is not where files are kept");
        }
        Err(Trouble::WhatsApp(SendFailure::Refused(refusal))) => {
            warn!(message.id = %message, code = refusal.code, trace = refusal.trace, "WhatsApp refused a file");
        }
        Err(Trouble::WhatsApp(SendFailure::NotArrived { cause } | SendFailure::Ambiguous { cause })) => {
            info!(message.id = %message, cause, "a file could not be given to WhatsApp");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whatsapp::graph_error::GraphError;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn refused(code: u32, subcode: Option<u32>) -> SendFailure {
        let details = "Param file must be a file with one of the following types".to_owned();
        SendFailure::Refused(GraphError { code, subcode, details, ..GraphError::default() })
    }

    #[test]
    fn a_lost_answer_of_an_upload_is_no_doubt_about_the_message() {
        let lost = Trouble::WhatsApp(SendFailure::Ambiguous { cause: "cut".to_owned() });
        assert!(matches!(failed(1, lost, NOW, 0), Next::TryAgain { whole_number: false, .. }));
    }

    #[test]
    fn a_file_that_whatsapp_does_not_take_fails_in_words_about_the_file() {
        for code in [100, REJECTED] {
            let Next::Failed(failure) = failed(1, Trouble::WhatsApp(refused(code, None)), NOW, 0) else {
                panic!("{code}")
            };
            assert!(failure.reason.starts_with("WhatsApp rejected the file."), "{}", failure.reason);
            assert_eq!((failure.code, failure.can_retry), (Some(REJECTED), false));
        }
        assert!(matches!(failed(1, Trouble::Lost, NOW, 0), Next::Failed(failure) if !failure.can_retry));
        assert!(matches!(failed(1, Trouble::WhatsApp(refused(190, None)), NOW, 0), Next::Held { .. }));
        assert!(matches!(failed(1, Trouble::WhatsApp(refused(100, Some(33))), NOW, 0), Next::Held { .. }));
    }

    #[test]
    fn only_a_file_that_whatsapp_has_had_for_a_while_may_be_forgotten() {
        let known = Known { media_id: "1".to_owned(), uploaded_at: NOW };
        let later = NOW + TimeDelta::days(1);
        assert!(is_forgotten(&Err(refused(100, Some(33))), &known, later));
        assert!(!is_forgotten(&Err(refused(100, Some(33))), &known, NOW + TimeDelta::minutes(1)));
        assert!(!is_forgotten(&Err(refused(131_047, None)), &known, later));
        assert!(!is_forgotten(&Err(SendFailure::Ambiguous { cause: String::new() }), &known, later));
        assert!(!is_forgotten(&Ok(Wamid("wamid.1".to_owned())), &known, later));
    }
}
