//! What agents say in their interactions: send, try again.
//!
//! A message is taken in once for each client reference, however often and in how many calls at once it comes: there is one
//! writer at a time, and the reference is unique in the store.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    api::{OutgoingBody, SendAccepted, SendMessage},
    delivery::{Delivery, DeliveryState},
    event::Event,
    id::{AgentId, ClientRef, InteractionId, MessageId},
    interaction::{Interaction, Phase},
    message::{Author, Body, MAX_TEXT_BYTES, Message, Quote},
    problem::ProblemCode,
};

use super::{
    Refusal, inbound, library, notifying,
    outgoing_files::{self, Outgoing, Wanted},
    save, tell_owner,
};
use crate::{
    limits::Limits,
    random,
    store::{
        Bell, Change, StoreError, agents, interactions,
        messages::{self, Beside},
        sending::{self, Attempt},
        settings,
    },
    whatsapp::webhook::fallback_of,
};

/// Takes in a message of an agent's. It will leave, whatever happens to their desktop.
pub async fn send(
    change: &mut Change,
    agent: AgentId,
    (interaction, wanted): (InteractionId, &SendMessage),
    limits: &Limits,
    now: DateTime<Utc>,
) -> Result<SendAccepted, Refusal> {
    if let Some(message) = messages::called(change.db(), wanted.client_ref).await? {
        let is_theirs = matches!(&message.author, Author::Agent { agent: author, .. } if *author == agent);
        return if is_theirs && message.interaction == interaction {
            let interaction = interactions::known(change.db(), interaction).await?;
            Ok(SendAccepted { message, interaction })
        } else {
            Err(Refusal::new(ProblemCode::Conflict, "This client reference belongs to another message."))
        };
    }
    let mut interaction = open(change, agent, interaction).await?;
    if !matches!(wanted.body, OutgoingBody::Notification { .. }) {
        may_speak(&interaction, now)?;
    }
    let Said { body, fallback, files } =
        said(change, (agent, &interaction), &wanted.body, limits, now).await?;
    let quote = match wanted.quote {
        Some(quoted) => Some(quote(change, &interaction, quoted).await?),
        None => None,
    };
    let name = agents::get(change.db(), agent).await?.map(|record| record.agent.display_name);
    let author = Author::Agent { agent, name: name.unwrap_or_default() };
    let saying = Saying { body, fallback, files, quote, client_ref: Some(wanted.client_ref) };
    let message = put(change, (&mut interaction, author), saying, now).await?;
    interactions::said(change.db(), interaction.id, (message.stored_at, 0)).await?;
    if settings::sessions(change.db()).await?.minds_silence() {
        change.ring(Bell::Timers);
    }
    library::uses::count(change, agent, &wanted.responses, now).await?;
    save(change, &mut interaction, now).await?;
    tracing::info!(interaction.id = %interaction.id, message.id = %message.id, "a message was taken in");
    Ok(SendAccepted { message, interaction })
}

/// Puts a message of ours into an interaction and into the outbox: it answers what is pending. The interaction is to be saved.
pub(super) async fn put(
    change: &mut Change,
    (interaction, author): (&mut Interaction, Author),
    saying: Saying,
    now: DateTime<Utc>,
) -> Result<Message, StoreError> {
    let stored_at = inbound::next_stored_at(change, interaction, now).await?;
    let message = Message {
        id: MessageId::new(now, random::bytes()),
        interaction: interaction.id,
        session: interaction.session,
        author,
        body: saying.body,
        fallback: saying.fallback,
        sent_at: stored_at,
        stored_at,
        client_ref: saying.client_ref,
        delivery: Some(DeliveryState::new(1, Delivery::Accepted, now)),
        quote: saying.quote,
        forwarded: None,
        reactions: Vec::new(),
        earlier: Vec::new(),
        referral: None,
    };
    let answered_since = match interaction.pending_since.take() {
        Some(since) => Some(since),
        // Nothing is pending because an earlier message of ours answers it; if both fail, it is pending again.
        None => messages::newest_answered_since(change.db(), interaction.id).await?,
    };
    messages::add(change.db(), &message, Beside { answered_since, ..Beside::default() }).await?;
    for file in saying.files {
        outgoing_files::attach(change, (&*interaction, message.id), file, now).await?;
    }
    sending::enqueue(change.db(), Attempt::of_message(message.id, 1), interaction, now).await?;
    change.ring(Bell::Outbox);
    let added = Event::MessageAdded { message: Box::new(message.clone()) };
    tell_owner(change, interaction, &added, now).await?;
    Ok(message)
}

/// Words that the gateway says by itself.
pub(super) fn words(text: &str) -> Saying {
    let body = Body::Text { text: text.to_owned() };
    Saying { body, fallback: text.to_owned(), files: Vec::new(), quote: None, client_ref: None }
}

/// A message that is to be put into an interaction.
pub(super) struct Saying {
    body: Body,
    fallback: String,
    files: Vec<Outgoing>,
    quote: Option<Quote>,
    client_ref: Option<ClientRef>,
}

/// What a message is to say.
pub(super) struct Said {
    /// As it is kept.
    pub(super) body: Body,
    /// As plain text.
    pub(super) fallback: String,
    /// Its files.
    pub(super) files: Vec<Outgoing>,
}

async fn said(
    change: &mut Change,
    who: (AgentId, &Interaction),
    wanted: &OutgoingBody,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Result<Said, Refusal> {
    match wanted {
        OutgoingBody::Text { text } => {
            acceptable(text)?;
            let body = Body::Text { text: text.clone() };
            Ok(Said { body, fallback: text.clone(), files: Vec::new() })
        }
        OutgoingBody::Media { attachment, kind, caption, file_name, voice } => {
            let (caption, file_name) = (caption.as_deref(), file_name.as_deref());
            let wanted = Wanted { kind: *kind, caption, file_name, voice: *voice };
            let file = outgoing_files::take(change, who, (*attachment, wanted), limits, now).await?;
            let (body, fallback) = (Body::Media(file.media.clone()), fallback_of(&file.media));
            Ok(Said { body, fallback, files: vec![file] })
        }
        OutgoingBody::Notification { template, values } => {
            notifying::fill_in(change, who, (*template, values), limits, now).await
        }
    }
}

/// *Try again* for a message that failed: it goes to the end of the outbox as another attempt.
pub async fn retry(
    change: &mut Change,
    agent: AgentId,
    (interaction, message): (InteractionId, MessageId),
    now: DateTime<Utc>,
) -> Result<SendAccepted, Refusal> {
    let mut interaction = open(change, agent, interaction).await?;
    let found = messages::get(change.db(), message).await?;
    let Some(mut message) = found.filter(|message| message.interaction == interaction.id) else {
        return Err(Refusal::new(ProblemCode::NotFound, "There is no such message in this interaction."));
    };
    if !matches!(message.body, Body::Notification(_)) {
        may_speak(&interaction, now)?;
    }
    let attempt = match &message.delivery {
        Some(DeliveryState { delivery: Delivery::Failed(failure), attempt, .. }) if failure.can_retry => {
            *attempt + 1
        }
        _ => {
            return Err(Refusal::new(
                ProblemCode::Conflict,
                "This message has not failed, or trying again can't help.",
            ));
        }
    };
    let state = DeliveryState::new(attempt, Delivery::Accepted, now);
    messages::begin_attempt(change.db(), message.id, &state, interaction.pending_since.take()).await?;
    sending::enqueue(change.db(), Attempt::of_message(message.id, attempt), &interaction, now).await?;
    change.ring(Bell::Outbox);
    let event =
        Event::DeliveryChanged { interaction: interaction.id, message: message.id, state: state.clone() };
    tell_owner(change, &interaction, &event, now).await?;
    save(change, &mut interaction, now).await?;
    message.delivery = Some(state);
    Ok(SendAccepted { message, interaction })
}

/// An interaction of this agent's; others are not theirs to see.
pub(super) async fn owned(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
) -> Result<Interaction, Refusal> {
    theirs(interactions::get(change.db(), id).await?, agent)
}

/// What was found, if it is this agent's: what is not looks as if it were not there.
pub(super) fn theirs(found: Option<Interaction>, agent: AgentId) -> Result<Interaction, Refusal> {
    found.filter(|interaction| interaction.owner == Some(agent)).ok_or_else(not_theirs)
}

/// The answer about what is somebody else's: as if it were not there.
pub(super) fn not_theirs() -> Refusal {
    Refusal::new(ProblemCode::NotFound, "This interaction is not yours.")
}

/// An interaction in which this agent may write just now.
pub(super) async fn writable(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
    now: DateTime<Utc>,
) -> Result<Interaction, Refusal> {
    let interaction = open(change, agent, id).await?;
    may_speak(&interaction, now)?;
    Ok(interaction)
}

/// An interaction of this agent's that is open.
async fn open(change: &mut Change, agent: AgentId, id: InteractionId) -> Result<Interaction, Refusal> {
    let interaction = owned(change, agent, id).await?;
    if interaction.phase != Phase::Open {
        return Err(Refusal::new(ProblemCode::Conflict, "This interaction is no longer open."));
    }
    Ok(interaction)
}

/// Whether anything but a notification may be sent.
fn may_speak(interaction: &Interaction, now: DateTime<Utc>) -> Result<(), Refusal> {
    match interaction.window.left(now) {
        Some(_left) => Ok(()),
        None => Err(Refusal::new(
            ProblemCode::WindowClosed,
            "The contact wrote more than 24 hours ago; only a notification may be sent now.",
        )),
    }
}

fn acceptable(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new(ProblemCode::UnacceptableBody, "There is nothing in this message."));
    }
    if text.len() > MAX_TEXT_BYTES {
        return Err(Refusal::new(
            ProblemCode::UnacceptableBody,
            "This message is longer than the 4,096 bytes that WhatsApp takes.",
        ));
    }
    Ok(())
}

/// A message of the same contact on the same number can be quoted, whichever interaction it was said in.
async fn quote(change: &mut Change, interaction: &Interaction, id: MessageId) -> Result<Quote, Refusal> {
    match said_with(change, interaction, id).await? {
        Some(quoted) => Ok(inbound::quote_of(&quoted)),
        None => {
            Err(Refusal::new(ProblemCode::NotFound, "The message to be quoted is not in this conversation."))
        }
    }
}

/// A message of the same contact on the same number, whichever interaction it was said in.
pub(super) async fn said_with(
    change: &mut Change,
    interaction: &Interaction,
    id: MessageId,
) -> Result<Option<Message>, StoreError> {
    let Some(message) = messages::get(change.db(), id).await? else { return Ok(None) };
    let of = interactions::known(change.db(), message.interaction).await?;
    let same =
        of.contact.id == interaction.contact.id && of.business_number.id == interaction.business_number.id;
    Ok(same.then_some(message))
}
