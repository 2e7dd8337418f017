//! Who somebody on WhatsApp is. People are known by user id, phone number, or both; either may be missing from any webhook,
//! and both change. Two contacts that turn out to be one become one, with one open interaction a number.
//!
//! # Who is not who
//!
//! A phone number is given to somebody else some months after its owner has left it; a user id never is. So a phone number
//! that comes with a user id we don't know, while its contact has another user id, is **somebody else** until WhatsApp says
//! otherwise: their contact begins anew and takes the number along, and whoever had it is no longer written to there. To take
//! two people for one would show one of them what the other wrote; to take one for two costs a look at an older
//! conversation, and ends when the news of the change arrives (`user_changed_number`, `user_changed_user_id`,
//! `user_id_update`), in whatever order.
//!
//! Webhooks come late and twice, so a name counts since WhatsApp's timestamp of what first called somebody so: what is older
//! does not bring an old name back.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    contact::{Contact, WhatsAppId},
    event::Event,
    id::{ContactId, InteractionId},
    interaction::{Interaction, Phase},
};

use super::{drafts, moving, reading, routing, save, tell_owner};
use crate::{
    life::Command,
    store::{Change, StoreError, contacts, directory, interactions, lying, messages, uploads},
    whatsapp::webhook::Person,
};

/// The contact that a person is, added if they are new. None if WhatsApp does not say who they are at all. `at` is WhatsApp's
/// timestamp of what says so.
pub async fn recognise(
    change: &mut Change,
    person: &Person,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<ContactId>, StoreError> {
    if person.whatsapp == WhatsAppId::default() {
        return Ok(None);
    }
    let contact = match find(change, &person.whatsapp, now).await? {
        Some(contact) => contact,
        None => contacts::add(change.db(), now).await?,
    };
    learn(change, contact, person, (at, now)).await?;
    Ok(Some(contact))
}

/// Learns what a webhook says about a person who may or may not be known; nobody is added.
pub async fn notice(
    change: &mut Change,
    person: &Person,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    match find(change, &person.whatsapp, now).await? {
        Some(contact) => learn(change, contact, person, (at, now)).await,
        None => Ok(()),
    }
}

/// Takes in that somebody is called something else since `at`. None if we have never met them.
pub async fn rename(
    change: &mut Change,
    (before, new): (&WhatsAppId, &WhatsAppId),
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<ContactId>, StoreError> {
    let known = find(change, before, now).await?;
    let also = find_since(change, new, at, now).await?;
    let contact = match (known, also) {
        (Some(known), Some(also)) if known != also => {
            merge(change, known, also, now).await?;
            known
        }
        (Some(contact), _) | (None, Some(contact)) => contact,
        (None, None) => return Ok(None),
    };
    if new.user_id.is_none() {
        // With another phone number comes another user id, which is yet to be heard of.
        contacts::retire_user_id(change.db(), contact, at.min(now)).await?;
    }
    let person = Person { whatsapp: new.clone(), ..Person::default() };
    learn(change, contact, &person, (at, now)).await?;
    Ok(Some(contact))
}

/// By user id first, then by phone. If these are two contacts of one person, they are one from now on.
async fn find(
    change: &mut Change,
    id: &WhatsAppId,
    now: DateTime<Utc>,
) -> Result<Option<ContactId>, StoreError> {
    let (by_user_id, by_phone) = contacts::holders(change.db(), id).await?;
    let (by_user_id, by_phone) = (by_user_id.map(|one| one.contact), by_phone.map(|one| one.contact));
    let Some(caller) = by_phone.filter(|one| by_user_id != Some(*one)) else { return Ok(by_user_id) };
    if id.user_id.is_some() && contacts::has_user_id(change.db(), caller).await? {
        return Ok(by_user_id);
    }
    let Some(contact) = by_user_id else { return Ok(Some(caller)) };
    let has_another = contacts::get(change.db(), contact).await?.whatsapp.phone.is_some();
    if !has_another {
        merge(change, contact, caller, now).await?;
    }
    Ok(Some(contact))
}

/// Who is called by the new name of somebody who took it at `at`: themselves, if they have been heard of by it already.
/// Whoever was called by that phone number before is its former owner.
async fn find_since(
    change: &mut Change,
    new: &WhatsAppId,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<ContactId>, StoreError> {
    let (by_user_id, by_phone) = contacts::holders(change.db(), new).await?;
    let is_former = by_phone.is_some_and(|holder| holder.since < at);
    let phone = new.phone.clone().filter(|_phone| !is_former);
    match (by_user_id, phone) {
        (Some(holder), None) => Ok(Some(holder.contact)),
        (None, None) => Ok(None),
        (_, phone) => find(change, &WhatsAppId { phone, user_id: new.user_id.clone() }, now).await,
    }
}

async fn learn(
    change: &mut Change,
    contact: ContactId,
    person: &Person,
    (at, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), StoreError> {
    let before = contacts::get(change.db(), contact).await?;
    let says = |new: &Option<String>, old: &Option<String>| new.is_some() && new != old;
    let is_called_otherwise = says(&person.whatsapp.user_id, &before.whatsapp.user_id)
        || says(&person.whatsapp.phone, &before.whatsapp.phone);
    if is_called_otherwise {
        for robbed in contacts::call(change.db(), contact, &person.whatsapp, at.min(now)).await? {
            directory::refresh(change.db(), robbed).await?;
            let other = contacts::get(change.db(), robbed).await?;
            tell_owners(change, other, now).await?;
        }
    }
    let (profile_name, user_name) = (person.profile_name.as_deref(), person.user_name.as_deref());
    if says(&person.profile_name, &before.profile_name) || says(&person.user_name, &before.user_name) {
        contacts::set_profile(change.db(), contact, profile_name, user_name).await?;
    }
    let after = contacts::get(change.db(), contact).await?;
    if before == after {
        return Ok(());
    }
    directory::refresh(change.db(), contact).await?;
    tell_owners(change, after, now).await
}

/// Tells whoever has a contact before them what the contact is called now.
pub(super) async fn tell_owners(
    change: &mut Change,
    contact: Contact,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let open = interactions::open_of(change.db(), contact.id).await?;
    lying::touch_of(change, contact.id).await?;
    let event = Event::ContactChanged { contact: Box::new(contact) };
    for id in open {
        let interaction = interactions::known(change.db(), id).await?;
        tell_owner(change, &interaction, &event, now).await?;
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
        let open = interactions::known(change.db(), id).await?;
        if open.ended_at.is_some() {
            continue;
        }
        let number = open.business_number.id;
        if let Some(other) = interactions::open_with(change.db(), kept, number).await? {
            join(change, other, id, now).await?;
            joined = true;
        }
    }
    contacts::merge(change.db(), kept, gone).await?;
    for contact in [gone, kept] {
        directory::refresh(change.db(), contact).await?;
    }
    give_anew(change, kept, now).await?;
    if joined {
        routing::offer_queued(change, now).await?;
    }
    Ok(())
}

/// Tells whoever has a contact before them everything anew, the transcript too: they became another one, or not the one they
/// were, and so what was said in earlier sessions is another thing with them.
pub(super) async fn give_anew(
    change: &mut Change,
    contact: ContactId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for id in interactions::open_of(change.db(), contact).await? {
        let mut interaction = interactions::known(change.db(), id).await?;
        interactions::save(change, &mut interaction).await?;
        if let Some(owner) = interaction.owner {
            moving::give(change, (owner, &interaction), now).await?;
        }
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
    let lies = |one: &Interaction| matches!(one.phase, Phase::InWorkbin { .. });
    // Nobody waits unseen in a workbin.
    let waits = |one: &Interaction, other: &Interaction| !lies(one) && lies(other);
    if stays.owner.is_none() && (goes.owner.is_some() || waits(&goes, &stays)) {
        std::mem::swap(&mut stays, &mut goes);
    }
    let moved: Vec<_> =
        messages::transcript(change.db(), goes.id).await?.into_iter().map(|message| message.id).collect();
    messages::move_to(change.db(), goes.id, &stays).await?;
    uploads::move_to(change.db(), goes.id, stays.id).await?;
    drafts::join(change, goes.id, &stays, now).await?;
    reading::join(change, goes.id, stays.id, now).await?;
    stays.pending_since = [stays.pending_since, goes.pending_since].into_iter().flatten().min();
    if let Some(heard_at) = goes.window.last_inbound_at {
        interactions::heard(change.db(), &mut stays, heard_at).await?;
    }
    for fact in goes.case_data.drain(..) {
        if !stays.case_data.contains(&fact) {
            stays.case_data.push(fact);
        }
    }
    goes.pending_since = None;
    moving::go(change, &mut goes, &Command::Finish { by: None }, now).await?;
    save(change, &mut stays, now).await?;
    for message in messages::transcript(change.db(), stays.id).await? {
        if moved.contains(&message.id) {
            let event = Event::MessageAdded { message: Box::new(message) };
            tell_owner(change, &stays, &event, now).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
