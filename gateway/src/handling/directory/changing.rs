//! Contacts are made, changed and blocked. Whoever has one before them hears of it at once.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    contact::{Contact, WhatsAppId},
    directory::{ContactContent, NewContact, PutContact},
    id::ContactId,
    problem::ProblemCode,
};

use super::{
    content::{Checks, Said},
    unknown,
};
use crate::{
    handling::{Refusal, blocking, identity, phones::Phones},
    store::{Change, StoreError, attributes, contacts, details, directory},
};

/// What agents say of a contact now.
#[must_use]
pub fn content_of(contact: &Contact) -> ContactContent {
    ContactContent {
        name: contact.name.clone(),
        details: contact.details.clone(),
        attributes: contact.attributes.clone(),
        note: contact.note.clone(),
    }
}

/// Makes a contact who has not written yet.
pub async fn create(
    change: &mut Change,
    wanted: &NewContact,
    phones: Phones,
    now: DateTime<Utc>,
) -> Result<Contact, Refusal> {
    let checks = Checks::load(change.db(), phones).await?;
    let phone = phones.international(&wanted.phone).map_err(|why| {
        Refusal::new(ProblemCode::UnacceptableBody, &format!("This number can't be kept: {why}."))
    })?;
    let said = checks.check(&wanted.content, &ContactContent::default())?;
    let id = add(change, phone, &said, now).await?;
    tracing::info!(contact.id = %id, "a contact was made");
    Ok(contacts::get(change.db(), id).await?)
}

/// Adds a contact with a number that nobody has.
pub(super) async fn add(
    change: &mut Change,
    phone: String,
    said: &Said,
    now: DateTime<Utc>,
) -> Result<ContactId, Refusal> {
    let whatsapp = WhatsAppId { user_id: None, phone: Some(phone) };
    if let (_, Some(_holder)) = contacts::holders(change.db(), &whatsapp).await? {
        return Err(Refusal::new(ProblemCode::Conflict, "There is a contact with this number already."));
    }
    let id = contacts::add(change.db(), now).await?;
    contacts::call(change.db(), id, &whatsapp, now).await?;
    keep(change, id, said).await?;
    Ok(id)
}

/// Keeps what is said of a contact.
pub(super) async fn keep(change: &mut Change, id: ContactId, said: &Said) -> Result<(), StoreError> {
    let Said { content, details } = said;
    contacts::set_said(change.db(), id, (content.name.as_deref(), content.note.as_deref())).await?;
    details::set(change.db(), id, details).await?;
    attributes::set(change.db(), id, &content.attributes).await?;
    directory::refresh(change.db(), id).await
}

/// Changes what is said of a contact, unless somebody else has since.
pub async fn put(
    change: &mut Change,
    (id, wanted): (ContactId, &PutContact),
    phones: Phones,
    now: DateTime<Utc>,
) -> Result<Contact, Refusal> {
    let id = contacts::resolve(change.db(), id).await?.ok_or_else(unknown)?;
    let before = contacts::get(change.db(), id).await?;
    let content = content_of(&before);
    let checks = Checks::load(change.db(), phones).await?;
    let said = checks.check(&wanted.content, &content)?;
    if said.content == content {
        return Ok(before);
    }
    if before.revision != wanted.based_on {
        return Err(Refusal::new(ProblemCode::Conflict, "Somebody else has changed this contact meanwhile."));
    }
    keep(change, id, &said).await?;
    let after = contacts::get(change.db(), id).await?;
    identity::tell_owners(change, after.clone(), now).await?;
    tracing::info!(contact.id = %id, "a contact was changed");
    Ok(after)
}

/// Blocks a contact, or lets what they write reach agents again; what they wrote meanwhile stands in the transcript then.
pub async fn block(
    change: &mut Change,
    id: ContactId,
    blocked: bool,
    now: DateTime<Utc>,
) -> Result<Contact, Refusal> {
    let id = contacts::resolve(change.db(), id).await?.ok_or_else(unknown)?;
    if contacts::is_blocked(change.db(), id).await? == blocked {
        return Ok(contacts::get(change.db(), id).await?);
    }
    contacts::set_blocked(change.db(), id, blocked).await?;
    if !blocked {
        blocking::release(change, id, now).await?;
    }
    let after = contacts::get(change.db(), id).await?;
    identity::tell_owners(change, after.clone(), now).await?;
    tracing::info!(contact.id = %id, blocked, "a contact was blocked, or is no longer");
    Ok(after)
}
