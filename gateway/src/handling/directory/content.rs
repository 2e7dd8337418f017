//! What may be said of a contact: names, ways to reach them, attributes by the house's types, a note.

use waxwing_protocol::{
    contact::{ContactAttribute, ContactDetail, DetailKind},
    directory::{ContactContent, MAX_CONTACT_NOTE_BYTES},
    problem::ProblemCode,
    wrap_up::Field,
};

use crate::{
    handling::{Refusal, details::without_what_makes_no_difference, phones::Phones},
    rules::wrap_up::objection,
    store::{Db, StoreError, settings},
};

/// The longest name, in characters.
const MAX_NAME: usize = 200;
/// How many further ways to reach a contact are kept, and how long each may be, in characters.
const MAX_DETAILS: (usize, usize) = (100, 500);
/// How many attributes a contact may have, and how long a key may be, in characters.
const MAX_ATTRIBUTES: (usize, usize) = (100, 100);
/// The longest address of a mailbox (RFC 5321): all of it, and what stands before the sign.
const MAX_MAIL: (usize, usize) = (254, 64);

/// By what what is said of a contact is checked.
#[derive(Debug, Clone)]
pub struct Checks {
    /// The types of attributes.
    fields: Vec<Field>,
    /// How numbers are read.
    pub(super) phones: Phones,
}

/// What is said of a contact, as it is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The same, tidied.
    pub content: ContactContent,
    /// The details, each with its value without what makes no difference.
    pub details: Vec<(ContactDetail, String)>,
}

impl Checks {
    /// By what is set.
    pub async fn load(db: &mut Db, phones: Phones) -> Result<Self, StoreError> {
        Ok(Self { fields: settings::wrap_up(db).await?.contact_fields, phones })
    }

    /// Tidies what is to be said of a contact, and refuses what can't be. What is there already as it is, in `before`, was
    /// taken in somehow and may stay.
    pub fn check(&self, wanted: &ContactContent, before: &ContactContent) -> Result<Said, Refusal> {
        let name = line(wanted.name.as_deref(), MAX_NAME, "The name")?;
        let note = wanted.note.as_deref().map(str::trim_end).filter(|note| !note.is_empty());
        if note.is_some_and(|note| note.len() > MAX_CONTACT_NOTE_BYTES) {
            return Err(unacceptable("A note on a contact may have 4,096 bytes."));
        }
        let details = self.details(&wanted.details, &before.details)?;
        let content = ContactContent {
            name,
            details: details.iter().map(|(detail, _)| detail.clone()).collect(),
            attributes: self.attributes(&wanted.attributes, &before.attributes)?,
            note: note.map(str::to_owned),
        };
        Ok(Said { content, details })
    }

    fn details(
        &self,
        wanted: &[ContactDetail],
        before: &[ContactDetail],
    ) -> Result<Vec<(ContactDetail, String)>, Refusal> {
        if wanted.len() > MAX_DETAILS.0 {
            return Err(unacceptable("A contact can have 100 further particulars."));
        }
        let mut kept: Vec<(ContactDetail, String)> = Vec::new();
        for (place, detail) in wanted.iter().enumerate() {
            let Some(value) = line(Some(&detail.value), MAX_DETAILS.1, "Each further particular")? else {
                continue;
            };
            let name = line(detail.name.as_deref(), MAX_NAME, "The name of a further particular")?;
            let detail = ContactDetail { kind: detail.kind, value, name };
            if !before.iter().any(|one| one.kind == detail.kind && one.value == detail.value) {
                let of_its_kind = |one: &&ContactDetail| one.kind == detail.kind;
                let count = wanted.iter().filter(of_its_kind).count();
                let number = wanted[..=place].iter().filter(of_its_kind).count();
                let which = if count > 1 { format!(" in place {number}") } else { String::new() };
                self.detail(&detail, &which)?;
            }
            let number = (detail.kind == DetailKind::Phone)
                .then(|| self.phones.international(&detail.value).ok())
                .flatten();
            let same = number.unwrap_or_else(|| without_what_makes_no_difference(&detail));
            if !kept.iter().any(|(one, other)| one.kind == detail.kind && *other == same) {
                kept.push((detail, same));
            }
        }
        Ok(kept)
    }

    /// Whether it can be kept; `which` tells it apart from the others of its kind.
    fn detail(&self, detail: &ContactDetail, which: &str) -> Result<(), Refusal> {
        match detail.kind {
            DetailKind::Phone => match self.phones.international(&detail.value) {
                Ok(_number) => Ok(()),
                Err(why) => Err(unacceptable(&format!("The phone number{which} can't be kept: {why}."))),
            },
            DetailKind::Email if !is_mail(&detail.value) => Err(unacceptable(&format!(
                "The e-mail address{which} is none: it has to be like name@example.org."
            ))),
            DetailKind::Url if !is_link(&detail.value) => Err(unacceptable(&format!(
                "The web address{which} is none: it has to begin with https:// or http://."
            ))),
            DetailKind::Unknown => {
                Err(unacceptable("A further particular is of a kind that this gateway does not know."))
            }
            _ => Ok(()),
        }
    }

    fn attributes(
        &self,
        wanted: &[ContactAttribute],
        before: &[ContactAttribute],
    ) -> Result<Vec<ContactAttribute>, Refusal> {
        if wanted.len() > MAX_ATTRIBUTES.0 {
            return Err(unacceptable("A contact can have 100 attributes."));
        }
        let mut kept: Vec<ContactAttribute> = Vec::new();
        for attribute in wanted {
            let Some(key) = line(Some(&attribute.key), MAX_ATTRIBUTES.1, "The name of an attribute")? else {
                return Err(unacceptable("An attribute has no name."));
            };
            let Some(value) = line(Some(&attribute.value), usize::MAX, "An attribute")? else { continue };
            if kept.iter().any(|one| one.key == key) {
                return Err(unacceptable("An attribute is there twice."));
            }
            let attribute = ContactAttribute { key, value };
            if !before.contains(&attribute)
                && let Some(objection) = objection(&self.fields, &attribute.key, &attribute.value)
            {
                return Err(unacceptable(&objection));
            }
            kept.push(attribute);
        }
        Ok(kept)
    }
}

fn unacceptable(detail: &str) -> Refusal {
    Refusal::new(ProblemCode::UnacceptableBody, detail)
}

/// One line without blanks around it; none if nothing is left.
fn line(text: Option<&str>, max_chars: usize, what: &str) -> Result<Option<String>, Refusal> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().any(char::is_control) || text.chars().count() > max_chars {
        return Err(unacceptable(&format!("{what} has to be one line of {max_chars} characters at most.")));
    }
    Ok(Some(text.to_owned()))
}

/// Whether a text has the form of a mailbox, as far as people write it (RFC 5321 without quoted names).
fn is_mail(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else { return false };
    let is_name = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || !c.is_ascii())
    };
    let is_label = |label: &str| {
        let whole =
            label.chars().all(|c| c.is_alphanumeric() || c == '-' || (!c.is_ascii() && !c.is_whitespace()));
        whole && !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= MAX_MAIL.0
        && name.len() <= MAX_MAIL.1
        && !text.chars().any(char::is_whitespace)
        && name.split('.').all(is_name)
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

fn is_link(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with('/') && !rest.chars().any(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_form() {
        for (text, is) in [
            ("anna@example.org", true),
            ("a.b+c@x-y.example", true),
            ("jörg@bücher.example", true),
            ("anna@localhost", false),
            ("anna", false),
            ("@example.org", false),
            ("a..b@example.org", false),
            ("a b@example.org", false),
            ("anna@-x.example", false),
            ("anna@example.org.", false),
        ] {
            assert_eq!(is_mail(text), is, "{text}");
        }
    }
}
