//! How far our messages get: what the outbox and WhatsApp's statuses say about it, joined into one state that never goes back.
//!
//! A failure brings the pending response back with its old start, unless something else has answered the contact: a lost
//! answer must not hide a waiting customer. A sign that the message arrived after all takes it away again.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    delivery::{Delivery, DeliveryFailure, DeliveryState},
    event::Event,
    id::MessageId,
    message::Message,
};

use super::{operations, reacting, save, tell_owner, templates};
use crate::{
    store::{
        Bell, Change, StoreError, interactions, messages,
        numbers::{self, AlertSource},
        sending::{self, Attempt, Kind},
        statuses::{self, Kept},
    },
    whatsapp::{
        graph_error::alert_of,
        webhook::{StatusUpdate, read_kept_status},
    },
};

/// WhatsApp's code for a message outside of the reply window (Cloud API error codes).
const WINDOW_CLOSED: u32 = 131_047;

/// Moves an attempt on to `delivery`, if that lies further along.
pub async fn set(
    change: &mut Change,
    attempt: Attempt,
    delivery: Delivery,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    reach(change, attempt, (delivery, now), now).await
}

/// Notes that an attempt got somewhere at some time.
async fn reach(
    change: &mut Change,
    attempt: Attempt,
    (delivery, at): (Delivery, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if matches!(&delivery, Delivery::Failed(failure) if failure.code == Some(WINDOW_CLOSED)) {
        close_window(change, attempt.message, at, now).await?;
    }
    if let Delivery::Failed(DeliveryFailure { code: Some(code), .. }) = &delivery {
        templates::refused(change, attempt.message, *code, now).await?;
    }
    match attempt.kind {
        Kind::Message => {
            advance(change, attempt.message, &DeliveryState::new(attempt.number, delivery, at), now).await
        }
        Kind::Reaction => reacting::advance(change, attempt, delivery, now).await,
    }
}

/// WhatsApp says that the contact wrote too long ago. It knows best: the window is closed until they write again.
async fn close_window(
    change: &mut Change,
    message: MessageId,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(message) = messages::get(change.db(), message).await? else { return Ok(()) };
    let of = interactions::known(change.db(), message.interaction).await?;
    let (contact, number) = (of.contact.id, of.business_number.id);
    let Some(open) = interactions::open_with(change.db(), contact, number).await? else { return Ok(()) };
    let mut open = interactions::known(change.db(), open).await?;
    if interactions::refuse_window(change.db(), &mut open, at).await? {
        save(change, &mut open, now).await?;
    }
    Ok(())
}

async fn advance(
    change: &mut Change,
    message: MessageId,
    next: &DeliveryState,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(mut message) = messages::get(change.db(), message).await? else { return Ok(()) };
    let Some(state) = &mut message.delivery else { return Ok(()) };
    let before = state.delivery.is_failed();
    if !state.advance(next) {
        return Ok(());
    }
    let state = state.clone();
    messages::set_delivery(change.db(), message.id, &state).await?;
    let is_failed = state.delivery.is_failed();
    let interaction = interactions::known(change.db(), message.interaction).await?;
    let event = Event::DeliveryChanged { interaction: interaction.id, message: message.id, state };
    tell_owner(change, &interaction, &event, now).await?;
    match (before, is_failed) {
        (_, true) => pend_again(change, &message, now).await,
        (true, false) => answer_after_all(change, &message, now).await,
        (false, false) => Ok(()),
    }
}

async fn pend_again(change: &mut Change, message: &Message, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(since) = messages::unanswered_since(change.db(), message.interaction).await? else {
        return Ok(());
    };
    let mut interaction = interactions::known(change.db(), message.interaction).await?;
    let earlier = interaction.pending_since.is_none_or(|pending| since < pending);
    if earlier && interaction.ended_at.is_none() {
        interaction.pending_since = Some(since);
        save(change, &mut interaction, now).await?;
    }
    Ok(())
}

async fn answer_after_all(
    change: &mut Change,
    message: &Message,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut interaction = interactions::known(change.db(), message.interaction).await?;
    if interaction.pending_since.is_some_and(|pending| pending <= message.stored_at) {
        interaction.pending_since =
            messages::first_of_contact_after(change.db(), interaction.id, message.stored_at).await?;
        save(change, &mut interaction, now).await?;
    }
    Ok(())
}

/// Takes in a status of WhatsApp's, once. One about a message that is not known yet is kept until it is.
///
/// A status proves that the attempt has reached WhatsApp. So it settles an attempt whose answer got lost: what we attached
/// when sending (`message:attempt`) says which one that was.
pub async fn status_arrived(
    change: &mut Change,
    status: &StatusUpdate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let at = status.at.unwrap_or(now);
    let kept = Kept {
        wamid: &status.wamid,
        status: &status.status,
        correlation: status.correlation.as_deref(),
        raw: &status.raw,
    };
    if !statuses::keep(change.db(), kept, at).await? {
        return Ok(());
    }
    if let Some(attempt) = sending::attempt_called(change.db(), &status.wamid).await? {
        return apply(change, attempt, status, now).await;
    }
    let correlated = status.correlation.as_deref().and_then(|text| text.parse::<Attempt>().ok());
    let Some(attempt) = correlated else { return Ok(()) };
    if sending::name_attempt(change.db(), attempt, &status.wamid).await? {
        apply_waiting_statuses(change, &status.wamid, now).await?;
    }
    Ok(())
}

async fn apply(
    change: &mut Change,
    attempt: Attempt,
    status: &StatusUpdate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(delivery) = status.delivery.clone() else { return Ok(()) };
    let at = status.at.unwrap_or(now);
    sending::withdraw(change.db(), attempt).await?;
    change.ring(Bell::Outbox);
    note_number(change, attempt.message, (&delivery, at), now).await?;
    reach(change, attempt, (delivery, at), now).await
}

/// A status may say that the whole number can't send, such as for an unpaid bill, or that it can again.
async fn note_number(
    change: &mut Change,
    message: MessageId,
    (delivery, at): (&Delivery, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let alert = match delivery {
        Delivery::Failed(failure) => alert_of(failure.code),
        Delivery::Sent => None,
        _ => return Ok(()),
    };
    if alert.is_none() && delivery.is_failed() {
        return Ok(());
    }
    let Some(message) = messages::get(change.db(), message).await? else { return Ok(()) };
    let number = interactions::known(change.db(), message.interaction).await?.business_number.id;
    match alert {
        Some(alert) => numbers::raise_alert(change, number, (&alert, AlertSource::Status), now).await,
        None => numbers::clear_alert(change, number, (AlertSource::Status, at), now).await.map(drop),
    }
}

/// Applies what came about a message before it was known what WhatsApp calls it. Call this after recording the wamid.
pub async fn apply_waiting_statuses(
    change: &mut Change,
    wamid: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(attempt) = sending::attempt_called(change.db(), wamid).await? else { return Ok(()) };
    for raw in statuses::about(change.db(), wamid).await? {
        if let Some(status) = read_kept_status(&raw) {
            apply(change, attempt, &status, now).await?;
        }
    }
    operations::apply_waiting(change, wamid, now).await
}

#[cfg(test)]
mod tests;
