//! Who somebody on WhatsApp is. People are known by user id, phone number, or both; either may be missing from any webhook,
//! and both change. Two contacts that turn out to be one become one, with one open interaction a number.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    contact::{Contact, WhatsAppId},
    event::{Departure, Event},
    id::{ContactId, InteractionId},
    interaction::Phase,
};

use super::{routing, save, tell_owner};
use crate::{
    store::{Change, StoreError, contacts, interactions, messages},
    whatsapp::webhook::Person,
};

/// The contact that a person is, added if they are new. None if WhatsApp does not say who they are at all.
pub async fn recognise(
    change: &mut Change,
    person: &Person,
    now: DateTime<Utc>,
) -> Result<Option<ContactId>, StoreError> {
    if person.whatsapp == WhatsAppId::default() {
        return Ok(None);
    }
    let contact = match find(change, &person.whatsapp, now).await? {
        Some(contact) => contact,
        None => contacts::add(change.db(), now).await?,
    };
    learn(change, contact, person, now).await?;
    Ok(Some(contact))
}

/// Learns what a webhook says about a person who may or may not be known; nobody is added.
pub async fn notice(change: &mut Change, person: &Person, now: DateTime<Utc>) -> Result<(), StoreError> {
    match find(change, &person.whatsapp, now).await? {
        Some(contact) => learn(change, contact, person, now).await,
        None => Ok(()),
    }
}

/// Takes in that somebody is called something else from now on. None if we have never met them.
pub async fn rename(
    change: &mut Change,
    before: &WhatsAppId,
    new: &WhatsAppId,
    now: DateTime<Utc>,
) -> Result<Option<ContactId>, StoreError> {
    let known = find(change, before, now).await?;
    let also = find(change, new, now).await?;
    let contact = match (known, also) {
        (Some(known), Some(also)) if known != also => {
            merge(change, known, also, now).await?;
            known
        }
        (Some(contact), _) | (None, Some(contact)) => contact,
        (None, None) => return Ok(None),
    };
    let person = Person { whatsapp: new.clone(), ..Person::default() };
    learn(change, contact, &person, now).await?;
    Ok(Some(contact))
}

/// By user id first, then by phone. If these are two contacts, they are one from now on.
async fn find(
    change: &mut Change,
    id: &WhatsAppId,
    now: DateTime<Utc>,
) -> Result<Option<ContactId>, StoreError> {
    Ok(match contacts::holders(change.db(), id).await? {
        (Some(by_user_id), Some(by_phone)) if by_user_id != by_phone => {
            merge(change, by_user_id, by_phone, now).await?;
            Some(by_user_id)
        }
        (by_user_id, by_phone) => by_user_id.or(by_phone),
    })
}

async fn learn(
    change: &mut Change,
    contact: ContactId,
    person: &Person,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let before = contacts::get(change.db(), contact).await?;
    let after = Contact {
        id: contact,
        whatsapp: WhatsAppId {
            user_id: person.whatsapp.user_id.clone().or_else(|| before.whatsapp.user_id.clone()),
            phone: person.whatsapp.phone.clone().or_else(|| before.whatsapp.phone.clone()),
        },
        profile_name: person.profile_name.clone().or_else(|| before.profile_name.clone()),
        user_name: person.user_name.clone().or_else(|| before.user_name.clone()),
    };
    if before == after {
        return Ok(());
    }
    contacts::call(change.db(), contact, &person.whatsapp).await?;
    let (profile_name, user_name) = (person.profile_name.as_deref(), person.user_name.as_deref());
    contacts::set_profile(change.db(), contact, profile_name, user_name).await?;
    for id in interactions::open_of(change.db(), contact).await? {
        let interaction = interactions::known(change.db(), id).await?;
        tell_owner(change, &interaction, &Event::ContactChanged { contact: Box::new(after.clone()) }, now)
            .await?;
    }
    Ok(())
}

/// Makes one contact of two.
async fn merge(
    change: &mut Change,
    kept: ContactId,
    gone: ContactId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut joined = false;
    for id in interactions::open_of(change.db(), gone).await? {
        let number = interactions::known(change.db(), id).await?.business_number.id;
        if let Some(other) = interactions::open_with(change.db(), kept, number).await? {
            join(change, other, id, now).await?;
            joined = true;
        }
    }
    contacts::merge(change.db(), kept, gone).await?;
    for id in interactions::open_of(change.db(), kept).await? {
        let mut interaction = interactions::known(change.db(), id).await?;
        save(change, &mut interaction, now).await?;
    }
    if joined {
        routing::offer_queued(change, now).await?;
    }
    Ok(())
}

/// Makes one interaction of two: the one that is in somebody's hands goes on, and has all that was said in both.
async fn join(
    change: &mut Change,
    one: InteractionId,
    other: InteractionId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (mut stays, mut goes) =
        (interactions::known(change.db(), one).await?, interactions::known(change.db(), other).await?);
    if stays.owner.is_none() && goes.owner.is_some() {
        std::mem::swap(&mut stays, &mut goes);
    }
    let moved: Vec<_> =
        messages::transcript(change.db(), goes.id).await?.into_iter().map(|message| message.id).collect();
    messages::move_to(change.db(), goes.id, &stays).await?;
    stays.pending_since = [stays.pending_since, goes.pending_since].into_iter().flatten().min();
    stays.window.last_inbound_at = stays.window.last_inbound_at.max(goes.window.last_inbound_at);
    for fact in goes.case_data.drain(..) {
        if !stays.case_data.contains(&fact) {
            stays.case_data.push(fact);
        }
    }
    let removed = Event::InteractionRemoved { interaction: goes.id, why: Departure::Reassigned };
    tell_owner(change, &goes, &removed, now).await?;
    goes.phase = Phase::Done;
    goes.pending_since = None;
    interactions::save(change.db(), &mut goes).await?;
    interactions::end_session(change.db(), goes.session, now).await?;
    save(change, &mut stays, now).await?;
    for message in messages::transcript(change.db(), stays.id).await? {
        if moved.contains(&message.id) {
            let event = Event::MessageAdded { message: Box::new(message) };
            tell_owner(change, &stays, &event, now).await?;
        }
    }
    Ok(())
}
