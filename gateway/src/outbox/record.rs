//! Writes down what became of a try: the row, the message, and what the agents are told, in one change.

use chrono::{DateTime, Utc};
use waxwing_protocol::{delivery::Delivery, id::BusinessNumberId};

use super::decide::{Next, unconfirmed};
use crate::{
    clock::Clock,
    handling::delivery,
    store::{
        Change, Store, StoreError,
        numbers::{self, AlertSource},
        outbox::{self, OutboxRow},
        sending,
        whatsapp_files::{self, Known},
    },
};

/// Marks rows as leaving now and commits: only then may their requests leave.
pub(super) async fn leave(store: &Store, rows: &[OutboxRow], now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut change = store.begin().await?;
    for row in rows {
        outbox::mark_in_flight(change.db(), row, now).await?;
    }
    change.commit().await
}

/// Writes down what happens next to a row that was tried.
pub(super) async fn next(
    store: &Store,
    row: &OutboxRow,
    next: &Next,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (number, _contact) = row.recipient;
    let mut change = store.begin().await?;
    match next {
        Next::Sent(wamid) => {
            sending::name_attempt(change.db(), row.attempt, &wamid.0).await?;
            outbox::remove(change.db(), row).await?;
            delivery::set(&mut change, row.attempt, Delivery::Sent, now).await?;
            delivery::apply_waiting_statuses(&mut change, &wamid.0, now).await?;
            resume(&mut change, number, now).await?;
        }
        Next::TryAgain { at, .. } => outbox::try_again(change.db(), row, *at).await?,
        Next::Held { alert } => {
            outbox::hold(change.db(), row).await?;
            let alert = (&**alert, AlertSource::Answer);
            numbers::raise_alert(&mut change, number, alert, now).await?;
        }
        Next::Failed(failure) => {
            if outbox::remove(change.db(), row).await? {
                let failed = Delivery::Failed(failure.clone());
                delivery::set(&mut change, row.attempt, failed, now).await?;
            }
            resume(&mut change, number, now).await?;
        }
        Next::Uncertain => uncertain(&mut change, row, now).await?,
        Next::UploadAgain => {
            whatsapp_files::forget(change.db(), row.attempt.message, number).await?;
            outbox::try_again(change.db(), row, now).await?;
        }
        Next::OutOfDate => {
            outbox::remove(change.db(), row).await?;
        }
    }
    change.commit().await
}

/// Writes down that WhatsApp has the file of a row.
pub(super) async fn uploaded(
    store: &Store,
    row: &OutboxRow,
    (file, media_id): (&str, &str),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut change = store.begin().await?;
    let known = Known { media_id: media_id.to_owned(), uploaded_at: now };
    whatsapp_files::put(change.db(), file, row.recipient.0, &known).await?;
    change.commit().await
}

/// Writes down what happens next to a row whose file WhatsApp has not got: it has not left.
pub(super) async fn not_uploaded(
    store: &Store,
    row: &OutboxRow,
    what_next: &Next,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut change = store.begin().await?;
    outbox::count_try(change.db(), row).await?;
    change.commit().await?;
    next(store, row, what_next, now).await
}

/// A number that got an answer about a message can send: its alert goes, and what was held leaves.
async fn resume(change: &mut Change, number: BusinessNumberId, now: DateTime<Utc>) -> Result<(), StoreError> {
    if numbers::clear_alert(change, number, (AlertSource::Answer, now), now).await? {
        outbox::release(change.db(), number, now).await?;
    }
    Ok(())
}

/// Lets a number send again that WhatsApp has shown to be usable.
pub(super) async fn resume_number(
    store: &Store,
    number: BusinessNumberId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut change = store.begin().await?;
    resume(&mut change, number, now).await?;
    change.commit().await
}

async fn uncertain(change: &mut Change, row: &OutboxRow, now: DateTime<Utc>) -> Result<(), StoreError> {
    if outbox::mark_uncertain(change.db(), row).await? {
        delivery::set(change, row.attempt, Delivery::Uncertain, now).await?;
    }
    Ok(())
}

/// Makes uncertain what a crash has left in flight.
pub(super) async fn recover(store: &Store, clock: &Clock) -> Result<(), StoreError> {
    let mut change = store.begin().await?;
    for row in outbox::in_flight(change.db()).await? {
        uncertain(&mut change, &row, clock.now()).await?;
    }
    change.commit().await
}

/// Gives up on rows that have waited for a status since `left_before`.
pub(super) async fn give_up(
    store: &Store,
    left_before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut reader = store.reader().acquire().await?;
    let rows = outbox::unconfirmed(&mut reader, left_before).await?;
    drop(reader);
    for row in rows {
        let mut change = store.begin().await?;
        if outbox::remove(change.db(), &row).await? {
            let failed = Delivery::Failed(unconfirmed(row.attempt.kind));
            delivery::set(&mut change, row.attempt, failed, now).await?;
        }
        change.commit().await?;
    }
    Ok(())
}
