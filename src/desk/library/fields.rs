//! What the field codes of a prepared reply stand for: of the contact, of the agent, of the interaction, and of now.
//!
//! Names are compared without regard to case. What is not known, and what is known and empty, has no value: it becomes a blank
//! that the agent sees ([`field_code::fill`]).

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    agent::Agent,
    contact::{Contact, DetailKind},
    field_code::{self, FieldCode},
    interaction::Interaction,
};

/// How the agent writes dates and times, and in which time zone.
pub trait Writing {
    /// The day, as it is written in a sentence.
    fn date(&self, at: DateTime<Utc>) -> String;

    /// The time of day.
    fn time(&self, at: DateTime<Utc>) -> String;

    /// The moment in a form of its own, in the letters of the CLDR, such as `dd.MM.yyyy` (UTS #35, date format patterns);
    /// none if that is not one.
    fn in_form(&self, at: DateTime<Utc>, form: &str) -> Option<String>;
}

/// Where the values come from.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    /// The conversation, with its contact.
    pub interaction: &'a Interaction,
    /// Who writes.
    pub agent: Option<&'a Agent>,
    /// The gateway's time.
    pub now: DateTime<Utc>,
    /// How dates and times are written.
    pub writing: &'a dyn Writing,
}

/// Fills the codes of a prepared text in; what has no value becomes a blank.
#[must_use]
pub fn filled(text: &str, fields: &Fields<'_>) -> String {
    field_code::fill(text, |code| fields.value(code))
}

impl Fields<'_> {
    /// What a code stands for.
    #[must_use]
    pub fn value(&self, code: &FieldCode<'_>) -> Option<String> {
        let (object, field) = (code.object.to_ascii_lowercase(), code.field.to_ascii_lowercase());
        let value = match object.as_str() {
            "contact" => of_contact(&self.interaction.contact, &field),
            "agent" => of_agent(self.agent?, &field),
            "interaction" => self.of_interaction(&field, code.argument),
            _ => None,
        };
        value.filter(|value| !value.trim().is_empty())
    }

    fn of_interaction(&self, field: &str, argument: Option<&str>) -> Option<String> {
        let Interaction { id, business_number, case_data, created_at, .. } = self.interaction;
        let day =
            |at| argument.map_or_else(|| Some(self.writing.date(at)), |form| self.writing.in_form(at, form));
        let hour =
            |at| argument.map_or_else(|| Some(self.writing.time(at)), |form| self.writing.in_form(at, form));
        match field {
            "id" => Some(id.to_string()),
            "attacheddata" => {
                let wanted = argument?.trim().to_lowercase();
                let mut data = case_data.iter().filter(|datum| datum.key.trim().to_lowercase() == wanted);
                data.find(|datum| !datum.value.trim().is_empty()).map(|datum| datum.value.clone())
            }
            "businessnumber" => Some(business_number.display_number.clone()),
            "businessname" => Some(business_number.name.clone()),
            "datecreated" => day(*created_at),
            "timecreated" => hour(*created_at),
            "date" => day(self.now),
            "time" => hour(self.now),
            _ => None,
        }
    }
}

fn of_contact(contact: &Contact, field: &str) -> Option<String> {
    let detail = |kind: DetailKind| {
        // With a name it is somebody else's, from a card that the contact passed on.
        let mut own = contact.details.iter().filter(|detail| detail.kind == kind && detail.name.is_none());
        own.next().map(|detail| detail.value.clone())
    };
    let names = [contact.name.as_deref(), contact.profile_name.as_deref()];
    let name = names.into_iter().flatten().find(|name| !name.trim().is_empty()).unwrap_or_default();
    // What a code means by itself is never an attribute that happens to be called so.
    let attribute = || {
        let mut known = contact.attributes.iter().filter(|held| held.key.trim().eq_ignore_ascii_case(field));
        known.next().map(|held| held.value.clone())
    };
    match field {
        "phonenumber" | "phone" => {
            let phone = contact.whatsapp.phone.as_ref().map(|digits| format!("+{digits}"));
            phone.or_else(|| detail(DetailKind::Phone))
        }
        "emailaddress" | "email" => detail(DetailKind::Email),
        "address" => detail(DetailKind::Address),
        "url" | "website" => detail(DetailKind::Url),
        "company" => detail(DetailKind::Company),
        "username" => contact.user_name.clone(),
        "id" => Some(contact.id.to_string()),
        _ => of_name(name, field).or_else(attribute),
    }
}

fn of_agent(agent: &Agent, field: &str) -> Option<String> {
    match field {
        "username" => Some(agent.user_name.clone()),
        _ => of_name(&agent.display_name, field),
    }
}

/// A name as a whole, its first word, or its last one where there are several.
fn of_name(name: &str, field: &str) -> Option<String> {
    let words = || name.split_whitespace();
    match field {
        "fullname" | "name" => Some(words().collect::<Vec<_>>().join(" ")),
        "firstname" => words().next().map(str::to_owned),
        "lastname" => words().skip(1).last().map(str::to_owned),
        _ => None,
    }
}
