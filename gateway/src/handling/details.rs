//! *Add to contact*: what stands on a card that a contact passed on becomes a further way to reach them.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    api::AddCard,
    contact::{Contact, ContactDetail, DetailKind},
    id::{AgentId, InteractionId},
    message::{Body, ContactCard},
    problem::ProblemCode,
};

use super::{Refusal, identity, outbound};
use crate::store::{Change, contacts, details, directory};

/// How many further ways to reach a contact are kept.
const MAX_DETAILS: usize = 100;
/// How much of each is kept, in characters.
const MAX_CHARS: usize = 500;

/// Adds what stands on a card to the contact of an interaction. What is there already is not added again.
pub async fn add(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
    wanted: AddCard,
    now: DateTime<Utc>,
) -> Result<Contact, Refusal> {
    let interaction = outbound::owned(change, agent, id).await?;
    let message = outbound::said_with(change, &interaction, wanted.message).await?;
    let place = usize::try_from(wanted.card).unwrap_or(usize::MAX);
    let card = match message.map(|message| message.body) {
        Some(Body::Contacts { cards }) => cards.into_iter().nth(place),
        _ => None,
    };
    let Some(card) = card else {
        return Err(Refusal::new(ProblemCode::NotFound, "There is no such card in this conversation."));
    };
    let contact = interaction.contact;
    let mut count = contact.details.len();
    for detail in details_of(card, &contact) {
        let same = without_what_makes_no_difference(&detail);
        if detail.kind == DetailKind::Phone && Some(&same) == contact.whatsapp.phone.as_ref() {
            continue;
        }
        count += usize::from(details::add(change.db(), contact.id, &detail, &same).await?);
    }
    if count > MAX_DETAILS {
        return Err(Refusal::new(
            ProblemCode::UnacceptableBody,
            "A contact can have 100 further particulars, and this card would make them more.",
        ));
    }
    let after = contacts::get(change.db(), contact.id).await?;
    if after != contact {
        directory::refresh(change.db(), contact.id).await?;
        identity::tell_owners(change, after.clone(), now).await?;
        tracing::info!(contact.id = %contact.id, "particulars were added to a contact");
    }
    Ok(after)
}

/// What stands on a card. Whose it is, is said where it is not the contact themselves.
fn details_of(card: ContactCard, contact: &Contact) -> Vec<ContactDetail> {
    let own_name = contact.profile_name.as_deref().unwrap_or_default().trim().to_lowercase();
    let name = short(&card.name);
    let name = (!name.is_empty() && name.to_lowercase() != own_name).then_some(name);
    [
        (DetailKind::Phone, card.phones),
        (DetailKind::Email, card.emails),
        (DetailKind::Address, card.addresses),
        (DetailKind::Url, card.urls),
        (DetailKind::Company, card.company.into_iter().collect()),
    ]
    .into_iter()
    .flat_map(|(kind, values)| values.into_iter().map(move |value| (kind, value)))
    .map(|(kind, value)| ContactDetail { kind, value: short(&value), name: name.clone() })
    .filter(|detail| !detail.value.is_empty())
    .collect()
}

fn short(text: &str) -> String {
    text.trim().chars().take(MAX_CHARS).collect()
}

/// Two details are the same if this is: the digits of a phone number, anything else without blanks and case.
pub(super) fn without_what_makes_no_difference(detail: &ContactDetail) -> String {
    let digits: String = detail.value.chars().filter(char::is_ascii_digit).collect();
    if detail.kind == DetailKind::Phone && !digits.is_empty() {
        return digits;
    }
    let bare: String = detail.value.to_lowercase().split_whitespace().collect();
    bare.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests;
