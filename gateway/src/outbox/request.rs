//! One request to WhatsApp: what is sent, and what its answer means.

use std::future::Future;

use chrono::{DateTime, Utc};
use tracing::{error, info, warn};
use waxwing_protocol::{contact::WhatsAppId, id::BusinessNumberId, message::Body};

use super::{
    decide::{Next, decide, nameless, unsendable},
    files,
};
use crate::{
    clock::Clock,
    random,
    store::{
        Store, StoreError,
        outbox::{self, Leaving, OutboxRow},
        whatsapp_files::{self, Known},
    },
    whatsapp::cloud_api::{CloudApi, Credentials, Outgoing, OutgoingMessage, SendFailure, Wamid},
};

/// What a request came to.
pub(super) enum Ended {
    /// A message was tried.
    Tried(OutboxRow, Next),
    /// A stopped number without waiting messages was looked up, and WhatsApp let us.
    Usable(BusinessNumberId),
    /// It was looked up, and nothing has changed.
    StillStopped,
}

/// A request that breaks off may have left: its message waits for a status, and blocks its recipient no longer than that.
pub(super) async fn whatever_happens(
    row: OutboxRow,
    request: impl Future<Output = Ended> + Send + 'static,
) -> Ended {
    match tokio::spawn(request).await {
        Ok(ended) => ended,
        Err(fault) => {
            error!(panicked = fault.is_panic(), message.id = %row.attempt.message, "a request of the outbox broke off");
            Ended::Tried(row, Next::Uncertain)
        }
    }
}

/// Sends one message and decides what happens next to it.
pub(super) async fn request(
    store: Store,
    api: CloudApi,
    clock: Clock,
    row: OutboxRow,
    from: Credentials,
) -> Ended {
    let next = match message_of(&store, &row, clock.now()).await {
        Ok(Ok((message, known))) => {
            let outcome = api.send(&from, &message).await;
            if let Err(failure) = &outcome {
                log_failure(&row, failure);
            }
            if known.is_some_and(|known| files::is_forgotten(&outcome, &known, clock.now())) {
                return Ended::Tried(row, Next::UploadAgain);
            }
            decide(row.tries + 1, outcome, clock.now(), u16::from_be_bytes(random::bytes()))
        }
        Ok(Err(next)) => next,
        Err(problem) => {
            error!(%problem, message.id = %row.attempt.message, "a message that should leave can't be read");
            let unread = SendFailure::NotArrived { cause: problem.to_string() };
            decide(row.tries + 1, Err(unread), clock.now(), u16::from_be_bytes(random::bytes()))
        }
    };
    Ended::Tried(row, next)
}

/// What is to be sent, and under which name WhatsApp has the file of it that it has had for longest; or what happens to a row that
/// can't be sent.
async fn message_of(
    store: &Store,
    row: &OutboxRow,
    now: DateTime<Utc>,
) -> Result<Result<(OutgoingMessage, Option<Known>), Next>, StoreError> {
    let mut reader = store.reader().acquire().await?;
    let content = outbox::content(&mut reader, row).await?;
    if content.to == WhatsAppId::default() {
        return Ok(Err(Next::Failed(nameless())));
    }
    let mut known = None;
    let outgoing = match content.leaving {
        Some(Leaving::Message { body: Body::Text { text }, quoted_wamid }) => {
            Outgoing::Text { text, quote: quoted_wamid.map(Wamid) }
        }
        Some(Leaving::Message { body: body @ (Body::Media(_) | Body::Notification(_)), quoted_wamid }) => {
            let files = whatsapp_files::of(&mut reader, row.attempt.message, row.recipient.0, now).await?;
            if files.len() < files::count(&body) {
                return Ok(Err(Next::Failed(files::lost())));
            }
            known = files.iter().filter_map(|file| file.known.clone()).min_by_key(|known| known.uploaded_at);
            match files::outgoing(body, &files, quoted_wamid.map(Wamid)) {
                Some(outgoing) => outgoing,
                // It was known when its turn came, and its time has run out since.
                None => return Ok(Err(Next::UploadAgain)),
            }
        }
        Some(Leaving::Reaction { target_wamid: Some(target), emoji }) => {
            Outgoing::Reaction { target: Wamid(target), emoji }
        }
        Some(_) => return Ok(Err(Next::Failed(unsendable()))),
        None => return Ok(Err(Next::OutOfDate)),
    };
    let correlation = row.attempt.to_string();
    Ok(Ok((OutgoingMessage { to: content.to, content: outgoing, correlation }, known)))
}

/// Meta's words may quote what was sent, so they stay out of the log.
fn log_failure(row: &OutboxRow, failure: &SendFailure) {
    match failure {
        SendFailure::NotArrived { cause } => {
            info!(message.id = %row.attempt.message, cause, "WhatsApp could not be reached");
        }
        SendFailure::Ambiguous { cause } => {
            warn!(message.id = %row.attempt.message, cause, "WhatsApp's answer got lost");
        }
        SendFailure::Refused(refusal) => {
            warn!(message.id = %row.attempt.message, code = refusal.code, trace = refusal.trace, "WhatsApp refused a message");
        }
    }
}

#[cfg(test)]
mod tests {
    use waxwing_protocol::id::{ContactId, MessageId};

    use super::*;
    use crate::store::sending::Attempt;

    #[tokio::test]
    async fn a_request_that_breaks_off_is_uncertain_at_once() {
        let now = DateTime::UNIX_EPOCH;
        let recipient = (BusinessNumberId::new(now, [1; 10]), ContactId::new(now, [1; 10]));
        let row =
            OutboxRow { attempt: Attempt::of_message(MessageId::new(now, [1; 10]), 1), recipient, tries: 0 };
        let request = async { panic!("in the middle of it") };
        let ended = whatever_happens(row, request).await;
        assert!(matches!(ended, Ended::Tried(of, Next::Uncertain) if of == row));
    }
}
