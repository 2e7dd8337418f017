//! What the desk makes of what is wanted of the directory, and of how the calls ended.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    contact::Contact,
    directory::{ContactRecord, DirectoryQuery, MAX_DIRECTORY_PAGE, Merge, Merged, Shelf},
    id::{ContactId, MergeId},
    problem::ProblemCode,
};

use super::{
    super::{
        Desk, effect::Call, input::CallError, library::manage::Answer, listing::PAUSE, notices::Gravity,
        phones, turn::Turn,
    },
    Directory, DirectoryCall, DirectoryTold, DirectoryWish, FavouriteWishes, ImportStep, Merging, PAGE, Save,
    Wanted,
};

/// Why what was under way has no answer.
pub(in crate::desk) const ENDED: &str = "Your session ended before the gateway answered. Try again.";

impl Desk {
    /// The directory of contacts.
    #[must_use]
    pub const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The agent wants something of the directory.
    pub(in crate::desk) fn wish_of_directory(&mut self, wish: DirectoryWish, turn: &mut Turn) {
        match wish {
            DirectoryWish::Look(wanted) => self.look_for_contacts(*wanted, turn.now),
            DirectoryWish::LookAgain => self.directory.list.look_again(turn.now),
            DirectoryWish::More => {
                let offset = u32::try_from(self.directory.list.items().len()).unwrap_or(u32::MAX);
                if let Some((number, wanted)) = self.directory.list.more(turn.now) {
                    look(number, &wanted, offset, turn);
                }
            }
            DirectoryWish::Open(contact) => self.open_contact(contact, turn),
            DirectoryWish::Close => self.directory.open = None,
            DirectoryWish::Favourite { contact, is } => {
                self.directory.favourites.wished.insert(contact, is);
                self.go_on_with_favourites(turn);
            }
            DirectoryWish::Block { contact, blocked } => {
                turn.call(Call::Directory(DirectoryCall::Block { contact, blocked }));
            }
            DirectoryWish::Save { contact, put } => {
                if self.directory.saves.insert(Some(contact), Save::UnderWay) != Some(Save::UnderWay) {
                    turn.call(Call::Directory(DirectoryCall::Put { contact, put }));
                }
            }
            DirectoryWish::Create(new) => {
                if self.directory.saves.insert(None, Save::UnderWay) != Some(Save::UnderWay) {
                    turn.call(Call::Directory(DirectoryCall::Create(new)));
                }
            }
            DirectoryWish::ForgetSave(contact) => {
                self.directory.saves.remove(&contact);
            }
            DirectoryWish::Merge(merge) => {
                if !matches!(self.directory.merging, Some(Merging::UnderWay(_))) {
                    self.directory.merging = Some(Merging::UnderWay(merge));
                    turn.call(Call::Directory(DirectoryCall::Merge(merge)));
                }
            }
            DirectoryWish::ForgetMerge => self.directory.merging = None,
            DirectoryWish::Unmerge(merge) => turn.call(Call::Directory(DirectoryCall::Unmerge(merge))),
            DirectoryWish::TryImport { name, form, text } => self.try_contacts(name, (form, text), turn),
            DirectoryWish::Import => self.import_contacts(Some(ImportStep::Import), turn),
            DirectoryWish::ImportAgain => self.import_contacts(None, turn),
            DirectoryWish::EndImport => self.directory.import = None,
            DirectoryWish::Export(form) => self.export_contacts(form, turn),
            DirectoryWish::ExportTaken => self.directory.exporting = Answer::NotAsked,
        }
    }

    /// A call about the directory ended.
    pub(in crate::desk) fn directory_told(&mut self, told: DirectoryTold, turn: &mut Turn) {
        match told {
            DirectoryTold::Found { number, result } => {
                let answer = match result {
                    Ok(page) => Ok((page.entries, page.more)),
                    Err(error) => Err(self.reason(&error, turn)),
                };
                self.directory.list.take(number, answer);
            }
            DirectoryTold::Record { contact, result } => self.contact_told(contact, result, turn),
            DirectoryTold::Favourites(result) => self.favourites_told(result, turn),
            DirectoryTold::FavouritesPut(result) => self.favourites_put(result, turn),
            DirectoryTold::Blocked(result) => match result {
                Ok(contact) => {
                    if contact.blocked {
                        let title = phones::title(&contact);
                        let text = format!("{title} is blocked: nothing they write reaches an agent.");
                        self.notices.add(Gravity::Info, text);
                    }
                    self.hear_of_contact(&contact, turn);
                }
                Err(error) => self.tell("The contact was not changed", &error, turn),
            },
            DirectoryTold::Saved { contact, result } => self.contact_saved(contact, result, turn),
            DirectoryTold::Merged { merge, result } => self.contacts_merged(merge, result, turn),
            DirectoryTold::Unmerged { merge, result } => self.contacts_unmerged(merge, result, turn),
            DirectoryTold::Imported { step, result } => self.contacts_imported(step, result, turn),
            DirectoryTold::Exported { form, result } => self.contacts_exported(form, result, turn),
        }
    }

    /// Asks the gateway who is there, if it is time.
    pub(in crate::desk) fn look_for_contacts_if_due(&mut self, turn: &mut Turn) {
        if self.is_signed_in()
            && let Some((number, wanted)) = self.directory.list.start(turn.now)
        {
            look(number, &wanted, 0, turn);
        }
    }

    /// Asks once more for whoever was found, as many as are held of them.
    pub(in crate::desk) fn renew_contacts(&mut self, turn: &mut Turn) {
        let bounds = (PAGE, MAX_DIRECTORY_PAGE);
        if let Some((number, wanted, limit)) = self.directory.list.renew(turn.now, bounds) {
            let query = Box::new(DirectoryQuery { limit, ..wanted.query(0) });
            turn.call(Call::Directory(DirectoryCall::Look { number, query }));
        }
    }

    /// What could not be had is asked for once more.
    pub(in crate::desk) fn retry_directory(&mut self, turn: &mut Turn) {
        self.directory.list.retry(turn.now);
        if let Some((contact, Answer::Failed(_))) = self.directory.open {
            self.open_contact(contact, turn);
        }
    }

    /// What is under way will not be answered any more: whoever waits for it is told.
    pub(in crate::desk) fn give_up_directory(&mut self) {
        let directory = &mut self.directory;
        directory.list.give_up(ENDED);
        for save in directory.saves.values_mut().filter(|save| **save == Save::UnderWay) {
            *save = Save::Failed(ENDED.to_owned());
        }
        if let Some(merging @ Merging::UnderWay(_)) = &mut directory.merging {
            *merging = Merging::Failed(ENDED.to_owned());
        }
        if let Some((_, answer)) = &mut directory.open {
            give_up(answer);
        }
        give_up(&mut directory.exporting);
        if let Some(import) = &mut directory.import {
            give_up(&mut import.report);
        }
        directory.favourites = FavouriteWishes::default();
    }

    /// A contact is as the gateway says now, wherever they stand in the directory.
    pub(in crate::desk) fn hear_of_contact(&mut self, contact: &Contact, turn: &mut Turn) {
        self.rename(contact, turn);
        let list = &mut self.directory.list;
        let is_them = |held: &Contact| held.id == contact.id && held != contact;
        if let Some(at) = list.items().iter().position(|entry| is_them(&entry.contact)) {
            list.items_mut()[at].contact = contact.clone();
        }
        if let Some((_, Answer::Here(record))) = &mut self.directory.open
            && is_them(&record.contact)
        {
            Arc::make_mut(record).contact = contact.clone();
        }
    }

    /// Why a call came to nothing, as it is said beside what was wanted.
    pub(in crate::desk) fn reason(&mut self, error: &CallError, turn: &mut Turn) -> String {
        self.doubt_result(Some(error), turn);
        match error {
            CallError::Refused(problem) => problem.detail.clone(),
            CallError::Unreachable(_) => "The gateway does not answer. Try again.".to_owned(),
            CallError::WrongProtocol(_) => error.to_string(),
        }
    }

    fn look_for_contacts(&mut self, wanted: Wanted, now: DateTime<Utc>) {
        let list = &mut self.directory.list;
        // What is typed waits for a pause; a shelf is opened at once.
        let is_typed = list.wanted().is_some_and(|held| held.shelf == wanted.shelf);
        list.want(wanted, if is_typed { now + PAUSE } else { now });
    }

    pub(super) fn open_contact(&mut self, contact: ContactId, turn: &mut Turn) {
        let held = self.directory.open.as_ref().filter(|(held, _)| *held == contact);
        match held {
            Some((_, Answer::UnderWay)) => return,
            // What is known stays to be seen while it is asked for anew.
            Some((_, Answer::Here(_))) => {}
            Some(_) | None => self.directory.open = Some((contact, Answer::UnderWay)),
        }
        turn.call(Call::Directory(DirectoryCall::Record(contact)));
    }

    fn contact_told(
        &mut self,
        contact: ContactId,
        result: Result<Box<ContactRecord>, CallError>,
        turn: &mut Turn,
    ) {
        let answer = match result {
            Ok(record) => {
                self.hear_of_contact(&record.contact, turn);
                Answer::Here(Arc::from(record))
            }
            Err(error) => Answer::Failed(self.reason(&error, turn)),
        };
        if let Some((_, held)) = self.directory.open.as_mut().filter(|(held, _)| *held == contact) {
            *held = answer;
        }
    }

    fn contact_saved(
        &mut self,
        contact: Option<ContactId>,
        result: Result<Box<Contact>, CallError>,
        turn: &mut Turn,
    ) {
        let save = match result {
            Ok(kept) => {
                let id = kept.id;
                self.hear_of_contact(&kept, turn);
                if contact.is_none() {
                    self.directory.list.look_again(turn.now);
                    self.open_contact(id, turn);
                }
                Save::Done(id)
            }
            Err(CallError::Refused(problem)) if problem.code == ProblemCode::Conflict => {
                if let Some(contact) = contact {
                    // So that theirs can be seen.
                    turn.call(Call::Directory(DirectoryCall::Record(contact)));
                }
                Save::Overtaken(problem.detail)
            }
            Err(error) => Save::Failed(self.reason(&error, turn)),
        };
        self.directory.saves.entry(contact).and_modify(|held| *held = save);
    }

    fn contacts_merged(&mut self, merge: Merge, result: Result<Box<Merged>, CallError>, turn: &mut Turn) {
        let merging = match result {
            Ok(merged) => {
                self.hear_of_contact(&merged.contact, turn);
                self.directory.list.items_mut().retain(|entry| entry.contact.id != merge.from);
                self.directory.open = None;
                self.open_contact(merge.into, turn);
                Merging::Done(merged.id)
            }
            Err(error) => Merging::Failed(self.reason(&error, turn)),
        };
        if self.directory.merging == Some(Merging::UnderWay(merge)) {
            self.directory.merging = Some(merging);
        }
    }

    fn contacts_unmerged(&mut self, merge: MergeId, result: Result<(), CallError>, turn: &mut Turn) {
        match result {
            Ok(()) => {
                if self.directory.merging == Some(Merging::Done(merge)) {
                    self.directory.merging = None;
                }
                self.notices.add(Gravity::Info, "They are two contacts again.");
                self.directory.list.look_again(turn.now);
                if let Some((contact, _)) = self.directory.open {
                    self.open_contact(contact, turn);
                }
            }
            Err(error) => self.tell("They could not be taken apart again", &error, turn),
        }
    }

    /// The favourites are asked for, if any are to change and nothing is under way.
    fn go_on_with_favourites(&mut self, turn: &mut Turn) {
        let favourites = &mut self.directory.favourites;
        if favourites.under_way.is_none() && !favourites.wished.is_empty() {
            favourites.under_way = Some(std::mem::take(&mut favourites.wished));
            turn.call(Call::Directory(DirectoryCall::Favourites));
        }
    }

    fn favourites_told(&mut self, result: Result<Vec<ContactId>, CallError>, turn: &mut Turn) {
        let Some(wished) = &self.directory.favourites.under_way else { return };
        match result {
            Ok(mut contacts) => {
                contacts.retain(|contact| wished.get(contact) != Some(&false));
                let new = wished.iter().filter(|(contact, is)| **is && !contacts.contains(contact));
                let new: Vec<_> = new.map(|(contact, _)| *contact).collect();
                contacts.extend(new);
                turn.call(Call::Directory(DirectoryCall::PutFavourites(contacts)));
            }
            Err(error) => self.favourites_put(Err(error), turn),
        }
    }

    fn favourites_put(&mut self, result: Result<(), CallError>, turn: &mut Turn) {
        let Some(wished) = self.directory.favourites.under_way.take() else { return };
        match result {
            Ok(()) => {
                if self.directory.list.items().iter().any(|entry| wished.contains_key(&entry.contact.id)) {
                    for entry in self.directory.list.items_mut() {
                        entry.favourite = *wished.get(&entry.contact.id).unwrap_or(&entry.favourite);
                    }
                }
                if let Some((contact, Answer::Here(record))) = &mut self.directory.open
                    && let Some(is) = wished.get(contact)
                {
                    Arc::make_mut(record).favourite = *is;
                }
                if self.directory.list.wanted().is_some_and(|wanted| wanted.shelf == Shelf::Favourites) {
                    self.directory.list.look_again(turn.now);
                }
            }
            Err(error) => self.tell("The favourites were not kept", &error, turn),
        }
        self.go_on_with_favourites(turn);
    }
}

/// Asks who is there.
fn look(number: u64, wanted: &Wanted, offset: u32, turn: &mut Turn) {
    let query = Box::new(wanted.query(offset));
    turn.call(Call::Directory(DirectoryCall::Look { number, query }));
}

/// The answer to what is under way will not come.
pub(in crate::desk) fn give_up<T>(answer: &mut Answer<T>) {
    if matches!(answer, Answer::UnderWay) {
        *answer = Answer::Failed(ENDED.to_owned());
    }
}
