//! What the window asks for the directory of contacts: files imported and written.
//!
//! Dialogs and the disk have threads of their own; what comes of them is looked into before each frame.

use std::{path::Path, sync::mpsc};

use waxwing_protocol::{directory::ContactsFormat, library::MAX_IMPORT_BYTES};

use super::{
    WaxwingApp,
    library::{read_text, save_as},
};
use crate::{
    desk::{
        Desk,
        directory::{DirectoryWish, Exported},
        input::Command,
        notices::Gravity,
    },
    platform::dialog::{self, Answer, Dialog},
    ui::ContactsAsk,
};

/// What is done for the directory outside the window.
pub(super) struct ContactDeeds {
    tell: mpsc::Sender<Command>,
    told: mpsc::Receiver<Command>,
    repaint: egui::Context,
    /// The number of the export that was taken last.
    exported: u64,
}

impl ContactDeeds {
    pub(super) fn new(repaint: egui::Context) -> Self {
        let (tell, told) = mpsc::channel();
        Self { tell, told, repaint, exported: 0 }
    }

    /// Does what is asked.
    pub(super) fn ask(&self, ask: ContactsAsk, frame: &eframe::Frame) {
        match ask {
            ContactsAsk::PickImport => self.pick_import(frame),
        }
    }

    fn pick_import(&self, frame: &eframe::Frame) {
        let dialog = Dialog::new().set_title("Import contacts").set_parent(frame);
        let dialog = dialog.add_filter("Contacts", &["csv", "vcf"]);
        let (tell, repaint) = (self.tell.clone(), self.repaint.clone());
        let shown = dialog::pick_files(dialog, move |answer| {
            let command = match answer {
                Answer::Chosen(paths) => paths.first().map(|path| match read(path) {
                    Ok(wish) => Command::Directory(wish),
                    Err(text) => Command::Notify { gravity: Gravity::Problem, text },
                }),
                Answer::Cancelled => None,
                Answer::NoDialog => {
                    let text = "This system has no dialog for choosing files.".to_owned();
                    Some(Command::Notify { gravity: Gravity::Problem, text })
                }
            };
            hand_over(&tell, &repaint, command);
        });
        self.report(shown);
    }

    /// Lets the agent choose where what was written down is to be saved, and saves it.
    fn save(&self, exported: Exported) {
        let (tell, repaint) = (self.tell.clone(), self.repaint.clone());
        let work = move || {
            let name = match exported.form {
                ContactsFormat::Csv => "contacts.csv",
                ContactsFormat::Vcard => "contacts.vcf",
            };
            let saved = save_as(name, exported.text.as_bytes());
            hand_over(&tell, &repaint, told_of("The contacts were", saved, ""));
        };
        self.report(std::thread::Builder::new().name("contacts".to_owned()).spawn(work).map(drop));
    }

    fn report(&self, begun: std::io::Result<()>) {
        if let Err(error) = begun {
            let text = format!("This system has no room for it just now: {error}.");
            let command = Command::Notify { gravity: Gravity::Problem, text };
            hand_over(&self.tell, &self.repaint, Some(command));
        }
    }
}

/// What is told of a file that was to be saved; nothing if the agent thought better of it.
pub(super) fn told_of(
    what: &str,
    saved: std::io::Result<Option<std::path::PathBuf>>,
    hint: &str,
) -> Option<Command> {
    let (gravity, text) = match saved {
        Ok(Some(path)) => (Gravity::Info, format!("{what} saved as {}.{hint}", path.display())),
        Ok(None) => return None,
        Err(error) => (Gravity::Problem, format!("{what} not saved: {error}.")),
    };
    Some(Command::Notify { gravity, text })
}

/// Gives the window's thread a command.
pub(super) fn hand_over(tell: &mpsc::Sender<Command>, repaint: &egui::Context, command: Option<Command>) {
    if let Some(command) = command {
        // Nobody hears it once the window is closed.
        tell.send(command).ok();
        repaint.request_repaint();
    }
}

impl WaxwingApp {
    /// Goes on with what was chosen, and saves what was written down.
    pub(super) fn go_on_with_contacts(&mut self, desk: &Desk) {
        let told: Vec<_> = self.contacts.told.try_iter().collect();
        for command in told {
            self.command(command);
        }
        if let Some(exported) = desk.directory().exported().filter(|it| it.number > self.contacts.exported) {
            self.contacts.exported = exported.number;
            self.contacts.save(exported.clone());
            self.command(Command::Directory(DirectoryWish::ExportTaken));
        }
    }
}

/// Reads a file that is to be imported; its form is told by its extension.
fn read(path: &Path) -> Result<DirectoryWish, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let extension = path.extension().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    let form = match extension.as_str() {
        "csv" => ContactsFormat::Csv,
        "vcf" | "vcard" => ContactsFormat::Vcard,
        _ => return Err(format!("{name} was not imported: it has to end in .csv or .vcf.")),
    };
    let text = read_text(path, MAX_IMPORT_BYTES).map_err(|why| format!("{name} was not imported: {why}."))?;
    Ok(DirectoryWish::TryImport { name, form, text: text.into() })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_form_of_a_file_is_told_by_its_extension() {
        let folder = tempfile::tempdir().unwrap();
        for (name, form) in [("a.csv", ContactsFormat::Csv), ("a.VCF", ContactsFormat::Vcard)] {
            let path = folder.path().join(name);
            fs::write(&path, "text").unwrap();
            let wanted = DirectoryWish::TryImport { name: name.to_owned(), form, text: "text".into() };
            assert_eq!(read(&path), Ok(wanted));
        }
        assert!(read(&folder.path().join("a.xlsx")).unwrap_err().contains(".vcf"));
        assert!(read(&folder.path().join("gone.csv")).is_err());
    }
}
