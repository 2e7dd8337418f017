//! Notifications that agents send: filled in once more by the gateway, with files of which each becomes part of the message.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{AgentId, TemplateId},
    interaction::Interaction,
    message::Body,
    notification::{Notification, NotificationHeader, fill},
    problem::ProblemCode,
    slot::{Place, Slot, SlotKind, SlotProblem, SlotValue, SlotValues, SlotWanted, slots},
    template::Template,
};

use super::{
    Refusal,
    outbound::Said,
    outgoing_files::{self, Outgoing, Wanted},
};
use crate::{
    limits::Limits,
    store::{Change, templates},
};

/// Makes a message of a template and values, as far as WhatsApp and this house let it be sent.
pub(super) async fn fill_in(
    change: &mut Change,
    (agent, interaction): (AgentId, &Interaction),
    (template, values): (TemplateId, &SlotValues),
    limits: &Limits,
    now: DateTime<Utc>,
) -> Result<Said, Refusal> {
    let template = templates::get(change.db(), template).await?.ok_or_else(|| {
        Refusal::new(ProblemCode::NotFound, "WhatsApp has no such notification any more. Choose another one.")
    })?;
    may_be_sent(&template, interaction)?;
    let mut made = fill(&template, values, now).map_err(|problems| unfilled(&template, &problems))?;
    let mut files: Vec<Outgoing> = Vec::new();
    let mut taken = BTreeSet::new();
    for SlotWanted { slot, kind, .. } in slots(&template) {
        let (SlotKind::Media(kind), Some(value)) = (kind, made.values.get_mut(&slot)) else { continue };
        let SlotValue::Media { attachment, file_name } = value else { continue };
        let wanted = Wanted { kind, caption: None, file_name: file_name.as_deref(), voice: false };
        let who = (agent, interaction);
        let mut file = outgoing_files::take(change, who, (*attachment, wanted), limits, now).await?;
        if !taken.insert(file.id) {
            file = file.once_more(now);
        }
        // *Edit* starts from the message's own copy: it can be read for as long as the message can.
        *attachment = file.id;
        put_in(&mut made, &slot, &file);
        files.push(file);
    }
    let fallback = made.as_text();
    Ok(Said { body: Body::Notification(Box::new(made)), fallback, files })
}

fn may_be_sent(template: &Template, interaction: &Interaction) -> Result<(), Refusal> {
    let refused = |reason: &str| {
        let detail = format!("This notification can't be sent. {reason}");
        Err(Refusal::new(ProblemCode::UnacceptableBody, &detail))
    };
    if let Some(reason) = template.why_not() {
        return refused(reason);
    }
    if !template.numbers.contains(&interaction.business_number.id) {
        return refused("It belongs to another business number. Choose another one.");
    }
    Ok(())
}

/// The first thing that is missing or wrong, in words.
fn unfilled(template: &Template, problems: &[(Slot, SlotProblem)]) -> Refusal {
    let detail = problems.first().map_or_else(String::new, |(slot, problem)| {
        let wanted = slots(template).into_iter().find(|wanted| wanted.slot == *slot);
        let name = wanted.map_or_else(|| slot.to_string(), |wanted| wanted.name);
        format!("The notification is not filled in as WhatsApp wants it. {name}: {problem}.")
    });
    Refusal::new(ProblemCode::UnacceptableBody, &detail)
}

/// Puts a file into the header that it is for.
fn put_in(made: &mut Notification, slot: &Slot, file: &Outgoing) {
    let header = match slot {
        Slot { card: None, place: Place::HeaderMedia } => &mut made.header,
        Slot { card: Some(card), place: Place::HeaderMedia } => {
            match made.cards.get_mut(usize::from(*card)) {
                Some(card) => &mut card.header,
                None => return,
            }
        }
        _ => return,
    };
    *header = Some(NotificationHeader::Media(file.media.clone()));
}

#[cfg(test)]
mod tests;
