//! Contacts go into a file and come out of one. Everything is decided before anything is written: all that is wrong is told, row
//! by row, and if anything is, nothing is done.
//!
//! A row is about whoever has its id or, without one, its number. With an id it says anew what it speaks of: such a file was once
//! written here, with all that was known. Without one it comes from elsewhere and adds to what is known; there, nothing but an empty
//! attribute takes anything away. What the file has no column for stays as it is. Numbers on WhatsApp are not changed by files.

mod csv;
#[cfg(test)]
mod tests;
mod vcard;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    contact::{Contact, ContactAttribute, ContactDetail, DetailKind, WhatsAppId},
    directory::{ContactContent, ContactsFormat},
    id::{AgentId, ContactId},
    library::{ImportReport, RejectedRow},
    problem::ProblemCode,
};

use super::{
    changing::{content_of, keep},
    content::{Checks, Said},
};
use crate::{
    handling::{Refusal, cells::BYTE_ORDER_MARK, library, phones::Phones},
    store::{Change, Read, StoreError, contacts, directory::every},
};

/// What a file says of somebody. What it does not speak of is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Row {
    id: Option<ContactId>,
    /// Their number on WhatsApp.
    phone: Option<String>,
    name: Option<String>,
    /// What they are called by on WhatsApp. It goes out, and is not changed by files.
    user_name: Option<String>,
    details: Option<Vec<ContactDetail>>,
    /// An empty value takes one away.
    attributes: Vec<ContactAttribute>,
    note: Option<String>,
}

impl Row {
    fn of(contact: &Contact) -> Self {
        Self {
            id: Some(contact.id),
            phone: contact.whatsapp.phone.as_ref().map(|phone| format!("+{phone}")),
            name: Some(called(contact).unwrap_or_default()),
            user_name: contact.user_name.clone().filter(|name| !name.trim().is_empty()),
            details: Some(contact.details.clone()),
            attributes: contact.attributes.clone(),
            note: Some(contact.note.clone().unwrap_or_default()),
        }
    }

    /// The name that the file gives them. What they call themselves stands in a file, too, and does not become the house's own
    /// name for them when it is read again.
    fn name_given(&self, held: Option<&Contact>) -> Option<String> {
        let is_theirs = held.is_some_and(|held| {
            held.name.is_none() && called(held).as_deref() == self.name.as_deref().map(str::trim)
        });
        self.name.clone().filter(|_name| !is_theirs)
    }

    /// What is to be said of them, where that was said before.
    fn onto(&self, before: &ContactContent, held: Option<&Contact>) -> ContactContent {
        let mut attributes = before.attributes.clone();
        for given in &self.attributes {
            match attributes.iter_mut().find(|one| one.key == given.key) {
                Some(one) => one.value.clone_from(&given.value),
                None => attributes.push(given.clone()),
            }
        }
        attributes.retain(|one| !one.value.trim().is_empty());
        let adds = self.id.is_none();
        let says = |given: &String| !adds || !given.trim().is_empty();
        let given = self.details.clone();
        ContactContent {
            name: self.name_given(held).filter(says).or_else(|| before.name.clone()),
            details: match given {
                Some(given) if adds => before.details.iter().cloned().chain(given).collect(),
                given => given.unwrap_or_else(|| before.details.clone()),
            },
            attributes,
            note: self.note.clone().filter(says).or_else(|| before.note.clone()),
        }
    }
}

/// The name by which somebody goes: the house's own, else what they call themselves, else their user name.
fn called(contact: &Contact) -> Option<String> {
    let user_name = contact.user_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let user_name = user_name.map(|name| format!("@{name}"));
    let names = [contact.name.as_deref(), contact.profile_name.as_deref(), user_name.as_deref()];
    names.into_iter().flatten().map(str::trim).find(|name| !name.is_empty()).map(str::to_owned)
}

/// A row with where it stands, or why it can't be read.
struct Numbered {
    number: u32,
    name: String,
    row: Result<Row, String>,
}

/// The word for a kind of detail in a file.
const KINDS: [(&str, DetailKind); 5] = [
    ("phone", DetailKind::Phone),
    ("email", DetailKind::Email),
    ("address", DetailKind::Address),
    ("url", DetailKind::Url),
    ("company", DetailKind::Company),
];

/// The text of a file with all contacts.
pub async fn export(read: &mut Read, agent: AgentId, form: ContactsFormat) -> Result<String, Refusal> {
    library::only_for_leads(read, agent).await?;
    let mut rows = Vec::new();
    for id in every(read.db()).await? {
        rows.push(Row::of(&contacts::get(read.db(), id).await?));
    }
    Ok(match form {
        ContactsFormat::Csv => csv::write(&rows).map_err(|error| {
            tracing::error!(%error, "contacts can't be written as a file");
            Refusal::new(ProblemCode::Internal, "The gateway met a fault of its own.")
        })?,
        ContactsFormat::Vcard => vcard::write(&rows),
    })
}

fn read(form: ContactsFormat, file: &[u8]) -> Result<Vec<Numbered>, String> {
    let text = std::str::from_utf8(file)
        .map_err(|_not_utf8| "This file is not in UTF-8. Save it as UTF-8 and try again.".to_owned())?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    match form {
        ContactsFormat::Csv => csv::read(text),
        ContactsFormat::Vcard => vcard::read(text),
    }
}

/// Imports a file, or says what would come of it. Commit the change whatever the report says: nothing is in it unless it was done.
pub async fn import(
    change: &mut Change,
    (form, dry_run): (ContactsFormat, bool),
    (file, phones): (&[u8], Phones),
    now: DateTime<Utc>,
) -> Result<ImportReport, Refusal> {
    let rows = match read(form, file) {
        Ok(rows) => rows,
        Err(reason) => {
            let rejected = vec![RejectedRow { row: 0, name: String::new(), reason }];
            return Ok(ImportReport { rejected, ..ImportReport::default() });
        }
    };
    let checks = Checks::load(change.db(), phones).await?;
    let mut plan =
        Plan { checks, taken: Vec::new(), whose: BTreeMap::new(), report: ImportReport::default() };
    for numbered in rows {
        plan.take(change, numbered).await?;
    }
    let mut report = plan.report;
    if dry_run || !report.rejected.is_empty() {
        return Ok(report);
    }
    for taken in plan.taken {
        taken.carry_out(change, now).await?;
    }
    report.done = true;
    tracing::info!(added = report.added, changed = report.changed, "contacts were imported");
    Ok(report)
}

/// Somebody of whom something is to be said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    /// They are there.
    Known(ContactId),
    /// They will be, with this number.
    New(String),
}

struct Taken {
    whose: Whose,
    /// By what whoever is new is to be called, if the file says.
    id: Option<ContactId>,
    said: Said,
}

impl Taken {
    async fn carry_out(self, change: &mut Change, now: DateTime<Utc>) -> Result<(), StoreError> {
        let id = match self.whose {
            Whose::Known(id) => id,
            Whose::New(phone) => {
                let id = match self.id {
                    Some(id) => contacts::add_as(change.db(), id).await.map(|()| id)?,
                    None => contacts::add(change.db(), now).await?,
                };
                let whatsapp = WhatsAppId { user_id: None, phone: Some(phone) };
                contacts::call(change.db(), id, &whatsapp, now).await?;
                id
            }
        };
        keep(change, id, &self.said).await
    }
}

/// What an import would make of the contacts.
struct Plan {
    checks: Checks,
    taken: Vec<Taken>,
    /// In which row somebody stands.
    whose: BTreeMap<Whose, u32>,
    report: ImportReport,
}

impl Plan {
    /// Takes a row, or notes why not.
    async fn take(&mut self, change: &mut Change, numbered: Numbered) -> Result<(), StoreError> {
        let Numbered { number, name, row } = numbered;
        let decided = match row {
            Ok(row) => self.decide(change, number, &row).await,
            Err(reason) => Err(Refusal::new(ProblemCode::UnacceptableBody, &reason)),
        };
        match decided {
            Ok(()) => Ok(()),
            Err(Refusal::Store(error)) => Err(error),
            Err(Refusal::Problem(problem)) => {
                let name = name.chars().filter(|c| !c.is_control()).take(200).collect();
                self.report.rejected.push(RejectedRow { row: number, name, reason: problem.detail });
                Ok(())
            }
        }
    }

    async fn decide(&mut self, change: &mut Change, number: u32, row: &Row) -> Result<(), Refusal> {
        let whose = self.whose(change, row).await?;
        if let Some(earlier) = self.whose.insert(whose.clone(), number) {
            return Err(rejected(&format!("The same contact stands in row {earlier} already.")));
        }
        let held = match &whose {
            Whose::Known(id) => Some(contacts::get(change.db(), *id).await?),
            Whose::New(_) => None,
        };
        let before = held.as_ref().map(content_of).unwrap_or_default();
        let said = self.checks.check(&row.onto(&before, held.as_ref()), &before)?;
        match &whose {
            Whose::New(_) => self.report.added += 1,
            Whose::Known(_) if said.content == before => {
                self.report.unchanged += 1;
                return Ok(());
            }
            Whose::Known(_) => self.report.changed += 1,
        }
        self.taken.push(Taken { whose, id: row.id, said });
        Ok(())
    }

    async fn whose(&self, change: &mut Change, row: &Row) -> Result<Whose, Refusal> {
        let known = match row.id {
            Some(id) => contacts::resolve(change.db(), id).await?,
            None => None,
        };
        let given = row.phone.as_deref().map(str::trim).filter(|phone| !phone.is_empty());
        let phone = match given {
            Some(given) => Some(self.number(change, known, given).await?),
            None => None,
        };
        let holder = match &phone {
            Some(phone) => {
                let whatsapp = WhatsAppId { user_id: None, phone: Some(phone.clone()) };
                contacts::holders(change.db(), &whatsapp).await?.1.map(|holder| holder.contact)
            }
            None => None,
        };
        match (known, holder, phone) {
            (Some(known), Some(holder), _) if known != holder => {
                Err(rejected("Its number belongs to another contact than its id."))
            }
            (Some(_), None, Some(_)) => Err(rejected("Its number is another one than that contact has.")),
            (Some(known), _, _) => Ok(Whose::Known(known)),
            (None, Some(holder), _) => Ok(Whose::Known(holder)),
            (None, None, Some(phone)) => Ok(Whose::New(phone)),
            (None, None, None) => Err(rejected("It has no phone number.")),
        }
    }

    /// The digits of a number. One that a contact has on WhatsApp is one, whatever the rules say.
    async fn number(
        &self,
        change: &mut Change,
        known: Option<ContactId>,
        given: &str,
    ) -> Result<String, Refusal> {
        if let Some(known) = known
            && let Some(phone) = contacts::get(change.db(), known).await?.whatsapp.phone
            && given == format!("+{phone}")
        {
            return Ok(phone);
        }
        let number = self.checks.phones.international(given);
        number.map_err(|why| rejected(&format!("Its phone number can't be kept: {why}.")))
    }
}

fn rejected(reason: &str) -> Refusal {
    Refusal::new(ProblemCode::UnacceptableBody, reason)
}
