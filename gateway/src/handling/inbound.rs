//! What WhatsApp reports, element by element: drop what has come before, find out who it is from, put it where it belongs,
//! and see that somebody answers it.

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    event::Event,
    id::{BusinessNumberId, ContactId, InteractionId, MessageId},
    interaction::{Interaction, Origin, Phase},
    message::{Author, Body, Message, Quote},
    slot::Slot,
};

use super::{
    blocking, delivery, history_files, identity, known_message, operations, routing, save, tell_owner,
    templates,
};
use crate::{
    random,
    store::{
        Change, StoreError, accounts, interactions,
        messages::{self, Beside},
        webhooks,
    },
    whatsapp::webhook::{Content, Element, Inbound, InboundMessage, Said},
};

/// How much of a quoted message is repeated with the quote.
const EXCERPT_CHARS: usize = 120;

/// What became of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// It was taken in, now or before.
    Done,
    /// It is not for us: kept for people to look at, with the reason.
    NotOurs(&'static str),
}

/// Takes in one element of a webhook.
pub async fn accept(
    change: &mut Change,
    inbound: &Inbound,
    now: DateTime<Utc>,
) -> Result<Accepted, StoreError> {
    let number = match &inbound.phone_number_id {
        Some(id) => accounts::by_phone_number_id(change.db(), id).await?,
        None => None,
    };
    match (&inbound.element, number) {
        (Element::Other { field, note }, _) => {
            tracing::info!(field, note, "a webhook that is not acted upon");
            Ok(Accepted::Done)
        }
        (Element::Template(news), _) => {
            templates::apply(change, news, now).await?;
            Ok(Accepted::Done)
        }
        (Element::IdentityChange(news), number) if number.is_some() || inbound.phone_number_id.is_none() => {
            let at = news.at.unwrap_or(now);
            identity::rename(change, (&news.before, &news.now), at, now).await?;
            Ok(Accepted::Done)
        }
        (Element::Message(message), Some(number)) => accept_message(change, number, message, now).await,
        (Element::Status(status), Some(_)) => {
            identity::notice(change, &status.recipient, status.at.unwrap_or(now), now).await?;
            delivery::status_arrived(change, status, now).await?;
            Ok(Accepted::Done)
        }
        _ => Ok(Accepted::NotOurs("a number that is not ours")),
    }
}

async fn accept_message(
    change: &mut Change,
    number: BusinessNumberId,
    message: &InboundMessage,
    now: DateTime<Utc>,
) -> Result<Accepted, StoreError> {
    let at = message.sent_at.unwrap_or(now);
    if let Content::IdentityChange { now: new, text } = &message.content {
        let names = (&message.from.whatsapp, new);
        if webhooks::arrive(change.db(), &message.wamid, now).await?
            && let Some(contact) = identity::rename(change, names, at, now).await?
        {
            let said = Said { body: Body::System { text: text.clone() }, fallback: text.clone(), file: None };
            tell_interaction(change, (contact, number), message, &said, now).await?;
        }
        return Ok(Accepted::Done);
    }
    let Some(contact) = identity::recognise(change, &message.from, at, now).await? else {
        return Ok(Accepted::NotOurs("a message without a sender"));
    };
    if !webhooks::arrive(change.db(), &message.wamid, now).await? {
        return Ok(Accepted::Done);
    }
    if blocking::hold(change, (contact, number), message, now).await? {
        return Ok(Accepted::Done);
    }
    match &message.content {
        Content::Said(said) if matches!(said.body, Body::System { .. }) => {
            tell_interaction(change, (contact, number), message, said, now).await?;
        }
        Content::Said(said) => {
            let known = interactions::open_with(change.db(), contact, number).await?;
            let id = match known {
                Some(id) => id,
                None => interactions::open(change.db(), (contact, number), Origin::Inbound, now).await?,
            };
            let interaction = say(change, id, message, said, now).await?;
            hand_over(change, interaction, known.is_none(), now).await?;
            operations::apply_waiting(change, &message.wamid, now).await?;
        }
        Content::Operation { target, operation } => {
            operations::operate(change, contact, target, (operation, at), now).await?;
        }
        // Handled above, before anybody is added as a new contact.
        Content::IdentityChange { .. } => {}
    }
    Ok(Accepted::Done)
}

/// Puts a line of WhatsApp's into the open interaction, if there is one: it makes nobody wait and opens nothing.
async fn tell_interaction(
    change: &mut Change,
    (contact, number): (ContactId, BusinessNumberId),
    message: &InboundMessage,
    said: &Said,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(id) = interactions::open_with(change.db(), contact, number).await? else { return Ok(()) };
    let interaction = interactions::known(change.db(), id).await?;
    let stored = store(change, &interaction, (message, said), Author::System, now).await?;
    tell_owner(change, &interaction, &Event::MessageAdded { message: Box::new(stored) }, now).await
}

/// Puts a message of the contact's into an interaction, and tells whoever has it before them.
async fn say(
    change: &mut Change,
    id: InteractionId,
    message: &InboundMessage,
    said: &Said,
    now: DateTime<Utc>,
) -> Result<Interaction, StoreError> {
    let mut interaction = interactions::known(change.db(), id).await?;
    let stored = store(change, &interaction, (message, said), Author::Contact, now).await?;
    // A clock that runs ahead must not keep the window open for longer than WhatsApp does.
    interactions::heard(change.db(), &mut interaction, stored.sent_at.min(now)).await?;
    let unread = u32::from(interaction.phase != Phase::Open);
    interactions::said(change.db(), id, (stored.stored_at, unread)).await?;
    interaction.pending_since.get_or_insert(stored.stored_at);
    for fact in &message.case_data {
        if !interaction.case_data.contains(fact) {
            interaction.case_data.push(fact.clone());
        }
    }
    tracing::info!(interaction.id = %interaction.id, message.id = %stored.id, "a message came in");
    tell_owner(change, &interaction, &Event::MessageAdded { message: Box::new(stored) }, now).await?;
    save(change, &mut interaction, now).await?;
    Ok(interaction)
}

/// Sees that somebody has an interaction before them in which the contact has written, or that it waits in the queue.
async fn hand_over(
    change: &mut Change,
    mut interaction: Interaction,
    is_new: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    match interaction.phase {
        Phase::Queued if is_new => routing::begin(change, &mut interaction, now).await,
        Phase::Queued => routing::offer_queued(change, now).await,
        Phase::InWorkbin { .. } => routing::resume(change, &mut interaction, now).await,
        _ => match interaction.owner {
            // Who is gone without a word is found out now at the latest.
            Some(owner) if !routing::is_at_work(change, owner).await? => {
                routing::log_off(change, owner, now).await
            }
            _ => Ok(()),
        },
    }
}

pub(super) async fn store(
    change: &mut Change,
    interaction: &Interaction,
    (message, said): (&InboundMessage, &Said),
    author: Author,
    now: DateTime<Utc>,
) -> Result<Message, StoreError> {
    let stored_at = next_stored_at(change, interaction, now).await?;
    let (body, attachment) = history_files::announced(said, now);
    let stored = Message {
        id: MessageId::new(now, random::bytes()),
        interaction: interaction.id,
        session: interaction.session,
        author,
        body,
        fallback: said.fallback.clone(),
        sent_at: message.sent_at.unwrap_or(now),
        stored_at,
        client_ref: None,
        delivery: None,
        quote: match &message.quotes {
            Some(wamid) => Some(quote(change, wamid, message.tapped.as_ref()).await?),
            None => None,
        },
        forwarded: message.forwarded,
        reactions: Vec::new(),
        earlier: Vec::new(),
        referral: message.referral.clone(),
    };
    let beside = Beside { wamid: Some(&message.wamid), raw: message.raw.as_deref(), answered_since: None };
    messages::add(change.db(), &stored, beside).await?;
    if let Some(attachment) = attachment {
        history_files::fetch(change, (interaction, stored.id), &attachment, now).await?;
    }
    known_message(change, stored.id).await
}

/// The time under which a message is stored: now, or just after the one before it, so that messages of the same second
/// stay in the order in which they came.
pub(super) async fn next_stored_at(
    change: &mut Change,
    interaction: &Interaction,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, StoreError> {
    let last = messages::last_stored_at(change.db(), interaction.id).await?;
    Ok(last.map_or(now, |last| now.max(last + TimeDelta::milliseconds(1))))
}

/// What a message answers; where that is a tap on a card of ours, the card.
async fn quote(change: &mut Change, wamid: &str, tapped: Option<&Slot>) -> Result<Quote, StoreError> {
    let Some(quoted) = messages::by_wamid(change.db(), wamid).await? else {
        return Ok(Quote { message: None, excerpt: String::new(), by_contact: false });
    };
    let quote = quote_of(&quoted);
    let card = tapped.and_then(|slot| card(&quoted, slot.card?));
    Ok(match card {
        Some(card) => Quote { excerpt: shortened(&card), ..quote },
        None => quote,
    })
}

/// A card of a notification, in words.
fn card(message: &Message, number: u8) -> Option<String> {
    let Body::Notification(notification) = &message.body else { return None };
    let (card, of) = (notification.cards.get(usize::from(number))?, notification.cards.len());
    let place = format!("Card {} of {of}", u32::from(number) + 1);
    Some(if card.text.is_empty() { place } else { format!("{place}: {}", card.text) })
}

fn shortened(text: &str) -> String {
    let mut excerpt: String = text.chars().take(EXCERPT_CHARS).collect();
    if excerpt.len() < text.len() {
        excerpt.push('…');
    }
    excerpt
}

/// A quote of a message that we have.
pub(super) fn quote_of(message: &Message) -> Quote {
    let excerpt = shortened(&message.fallback);
    Quote { message: Some(message.id), excerpt, by_contact: message.is_by_contact() }
}

#[cfg(test)]
mod tests;
