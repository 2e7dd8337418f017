//! Transcripts at the gateway: by the page, and by what was said.

use waxwing_protocol::{
    api::{self, SearchHits, SearchQuery, TranscriptPage, TranscriptPart, TranscriptQuery},
    id::InteractionId,
};

use super::gateway_client::{CALL_LIMIT, GatewayClient};
use crate::desk::{
    effect::{Load, Part},
    input::CallError,
};

/// Gets a part of a transcript.
pub(super) async fn get(client: &GatewayClient, load: &Load) -> Result<TranscriptPage, CallError> {
    client.check_protocol().await?;
    let (part, message, at) = match load.part {
        // Before nothing in particular: from the newest end.
        Part::Newest => (TranscriptPart::Before, None, None),
        Part::Before(id) => (TranscriptPart::Before, Some(id), None),
        Part::After(id) => (TranscriptPart::After, Some(id), None),
        Part::Around(id) => (TranscriptPart::Around, Some(id), None),
        Part::At(at) => (TranscriptPart::Around, None, Some(at)),
    };
    let query = TranscriptQuery { part, message, at, limit: load.limit, sessions: load.sessions };
    client.get(&api::transcript(load.interaction), &query, CALL_LIMIT).await
}

/// Looks for words.
pub(super) async fn search(
    client: &GatewayClient,
    interaction: InteractionId,
    words: &str,
) -> Result<SearchHits, CallError> {
    client.check_protocol().await?;
    let query = SearchQuery { words: words.to_owned() };
    client.get(&api::search(interaction), &query, CALL_LIMIT).await
}
