//! Contacts out of a file and into one.

use std::sync::Arc;

use waxwing_protocol::{directory::ContactsFormat, library::ImportReport};

use super::{
    super::{Desk, effect::Call, input::CallError, library::manage::Answer, turn::Turn},
    DirectoryCall,
};

/// How far an import goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportStep {
    /// It is said what would happen.
    Try,
    /// It is done.
    Import,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// What the file is called.
    pub name: String,
    /// How far it is to go, or went.
    pub step: ImportStep,
    /// What became of it.
    pub report: Answer<ImportReport>,
    form: ContactsFormat,
    text: Arc<str>,
}

/// What was written down of the contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Counts the exports, so that the app takes each once.
    pub number: u64,
    /// In which form it is.
    pub form: ContactsFormat,
    /// The text of a file.
    pub text: Arc<str>,
}

impl Desk {
    /// A file was chosen: what would become of it?
    pub(super) fn try_contacts(
        &mut self,
        name: String,
        (form, text): (ContactsFormat, Arc<str>),
        turn: &mut Turn,
    ) {
        let step = ImportStep::Try;
        self.directory.import = Some(Import { name, step, report: Answer::NotAsked, form, text });
        self.import_contacts(Some(step), turn);
    }

    /// Takes the chosen file in as far as that step, or as far as it was to go before.
    pub(super) fn import_contacts(&mut self, step: Option<ImportStep>, turn: &mut Turn) {
        let Some(import) = &mut self.directory.import else { return };
        if import.report == Answer::UnderWay {
            return;
        }
        let step = step.unwrap_or(import.step);
        (import.step, import.report) = (step, Answer::UnderWay);
        let (form, text) = (import.form, Arc::clone(&import.text));
        turn.call(Call::Directory(DirectoryCall::Import { form, text, step }));
    }

    /// An import ended.
    pub(super) fn contacts_imported(
        &mut self,
        step: ImportStep,
        result: Result<ImportReport, CallError>,
        turn: &mut Turn,
    ) {
        let report = match result {
            Ok(report) => Answer::Here(report),
            Err(error) => Answer::Failed(self.reason(&error, turn)),
        };
        let is_done = matches!(&report, Answer::Here(report) if report.done);
        let waits = |import: &&mut Import| import.step == step && import.report == Answer::UnderWay;
        if let Some(import) = self.directory.import.as_mut().filter(waits) {
            import.report = report;
        }
        if is_done {
            self.directory.list.look_again(turn.now);
            if let Some((open, _)) = self.directory.open {
                self.open_contact(open, turn);
            }
        }
    }

    /// All contacts are to be written down.
    pub(super) fn export_contacts(&mut self, form: ContactsFormat, turn: &mut Turn) {
        if self.directory.exporting != Answer::UnderWay {
            self.directory.exporting = Answer::UnderWay;
            turn.call(Call::Directory(DirectoryCall::Export(form)));
        }
    }

    /// They were, or were not.
    pub(super) fn contacts_exported(
        &mut self,
        form: ContactsFormat,
        result: Result<String, CallError>,
        turn: &mut Turn,
    ) {
        self.directory.exporting = match result {
            Ok(text) => {
                self.directory.exports += 1;
                let (number, text) = (self.directory.exports, text.into());
                Answer::Here(Exported { number, form, text })
            }
            Err(error) => {
                self.tell("The contacts were not exported", &error, turn);
                Answer::NotAsked
            }
        };
    }
}
