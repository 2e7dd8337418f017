//! The calls about past interactions, and the one that begins a chat.

use reqwest::Method;
use waxwing_protocol::{
    api::{self, MAX_PAGE, TranscriptPage, TranscriptPart, TranscriptQuery},
    directory::{NUMBERS, Numbers},
    history::{CHATS, ChatBegun, HISTORY, HistoryPage, HistoryQuery, InteractionRecord, NewChat},
    id::InteractionId,
    message::Message,
};

use super::{CALL_LIMIT, GatewayClient};
use crate::desk::{
    input::CallError,
    past::{PastCall, PastTold, Whole},
};

/// An interaction of more pages than these is cut at its beginning.
const MOST_PAGES: usize = 400;

impl GatewayClient {
    /// Makes a call about past interactions.
    pub(in crate::service) async fn past(&self, call: PastCall) -> PastTold {
        match call {
            PastCall::Look { list, number, query } => {
                PastTold::Found { list, number, result: self.history(&query).await }
            }
            PastCall::Numbers => {
                let told: Result<Numbers, _> = self.read(NUMBERS).await;
                PastTold::Numbers(told.map(|told| told.numbers))
            }
            PastCall::Whole { interaction, form } => {
                PastTold::Whole { form, result: self.whole(interaction).await.map(Box::new) }
            }
        }
    }

    /// Begins a chat, or joins the one that is under way.
    pub(in crate::service) async fn begin_chat(&self, chat: &NewChat) -> Result<ChatBegun, CallError> {
        self.tell(Method::POST, CHATS, chat).await
    }

    async fn history(&self, query: &HistoryQuery) -> Result<HistoryPage, CallError> {
        self.check_protocol().await?;
        self.get(HISTORY, query, CALL_LIMIT).await
    }

    /// All that was said and happened in an interaction: from its end, page by page, to its beginning.
    async fn whole(&self, interaction: InteractionId) -> Result<Whole, CallError> {
        let record = self.record(interaction).await?;
        let mut messages = Vec::new();
        let mut query = from_its_end(&record);
        for _ in 0..MOST_PAGES {
            let page: TranscriptPage = self.get(&api::transcript(interaction), &query, CALL_LIMIT).await?;
            let first = page.messages.first().map(|message| message.id);
            let reaches_further = page.older && is_ours(page.messages.first(), interaction);
            let mut ours: Vec<_> =
                page.messages.into_iter().filter(|message| message.interaction == interaction).collect();
            ours.append(&mut messages);
            messages = ours;
            let Some(first) = first.filter(|_| reaches_further) else { break };
            let (part, message, limit) = (TranscriptPart::Before, Some(first), MAX_PAGE);
            query = TranscriptQuery { part, message, at: None, limit, sessions: Some(0) };
        }
        Ok(Whole { record, messages })
    }
}

/// Where to begin: around the moment at which it ended, for others may have followed; at the newest end if it goes on.
fn from_its_end(record: &InteractionRecord) -> TranscriptQuery {
    let at = record.interaction.ended_at;
    let part = if at.is_some() { TranscriptPart::Around } else { TranscriptPart::Before };
    TranscriptQuery { part, message: None, at, limit: MAX_PAGE, sessions: None }
}

fn is_ours(message: Option<&Message>, interaction: InteractionId) -> bool {
    message.is_some_and(|message| message.interaction == interaction)
}
