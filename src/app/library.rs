//! What the window asks for the library: fresh ids, files chosen for it, files imported and written.
//!
//! Dialogs and the disk have threads of their own; what comes of them is looked into before each frame.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc,
};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{CategoryId, ResponseId},
    library::{LibraryForm, MAX_IMPORT_BYTES},
};

use super::{WaxwingApp, fresh_ref, random};
use crate::{
    desk::{
        Desk,
        file::FileSource,
        input::Command,
        library::manage::{Exported, Manage},
        notices::Gravity,
    },
    platform::{
        dialog::{self, Answer, Dialog},
        save,
    },
    ui::{LibraryAsk, Zone},
};

/// What is done for the library outside the window.
pub(super) struct LibraryDeeds {
    tell: mpsc::Sender<Told>,
    told: mpsc::Receiver<Told>,
    repaint: egui::Context,
    /// The number of the export that was taken last.
    exported: u64,
}

/// What came of something.
enum Told {
    /// These are for that response.
    Files(ResponseId, Vec<PathBuf>),
    /// A command for the desk.
    Command(Manage),
    /// The agent has to know.
    Notice(Gravity, String),
}

impl LibraryDeeds {
    pub(super) fn new(repaint: egui::Context) -> Self {
        let (tell, told) = mpsc::channel();
        Self { tell, told, repaint, exported: 0 }
    }

    fn pick_files(&self, response: ResponseId, frame: &eframe::Frame) {
        let dialog = Dialog::new().set_title("Add files").set_parent(frame);
        let teller = self.teller();
        let shown = dialog::pick_files(dialog, move |answer| {
            teller.chosen(answer, |paths| Told::Files(response, paths));
        });
        self.report(shown);
    }

    fn pick_import(&self, frame: &eframe::Frame) {
        let dialog = Dialog::new().set_title("Import responses").set_parent(frame);
        let dialog = dialog.add_filter("Responses", &["csv", "json", "toml"]);
        let teller = self.teller();
        let shown = dialog::pick_file(dialog, move |answer| {
            teller.chosen(answer, |path| match read(&path) {
                Ok(wanted) => Told::Command(wanted),
                Err(why) => Told::Notice(Gravity::Problem, why),
            });
        });
        self.report(shown);
    }

    /// Lets the agent choose where what was written down is to be saved, and saves it.
    fn save(&self, exported: Exported) {
        let teller = self.teller();
        let work = move || {
            let name = format!("responses.{}", extension(exported.form));
            match save_as(&name, exported.text.as_bytes()) {
                Ok(Some(path)) => {
                    let text = format!("The library was saved as {}.", path.display());
                    teller.tell(Told::Notice(Gravity::Info, text));
                }
                Ok(None) => {}
                Err(error) => {
                    let text = format!("The library was not saved: {error}.");
                    teller.tell(Told::Notice(Gravity::Problem, text));
                }
            }
        };
        self.report(std::thread::Builder::new().name("export".to_owned()).spawn(work).map(drop));
    }

    fn report(&self, begun: std::io::Result<()>) {
        if let Err(error) = begun {
            let text = format!("This system has no room for it just now: {error}.");
            self.teller().tell(Told::Notice(Gravity::Problem, text));
        }
    }

    fn teller(&self) -> Teller {
        Teller { tell: self.tell.clone(), repaint: self.repaint.clone() }
    }
}

impl WaxwingApp {
    /// Does what the window asks for the library.
    pub(super) fn act_for_library(&mut self, ask: LibraryAsk, frame: &eframe::Frame, now: DateTime<Utc>) {
        match ask {
            LibraryAsk::New(content) => {
                self.state.write_response(ResponseId::new(now, random()), &content, Zone::System);
            }
            LibraryAsk::NewCategory(put) => {
                let category = CategoryId::new(now, random());
                self.command(Command::Manage(Manage::SaveCategory { category, put }));
            }
            LibraryAsk::PickFiles(response) => self.library.pick_files(response, frame),
            LibraryAsk::PickImport => self.library.pick_import(frame),
        }
    }

    /// Goes on with what was chosen, and saves what was written down.
    pub(super) fn go_on_with_library(&mut self, desk: &Desk) {
        let told: Vec<_> = self.library.told.try_iter().collect();
        for told in told {
            match told {
                Told::Files(response, paths) => {
                    let now = self.service.clock().now();
                    for path in paths {
                        let (client_ref, source) = (fresh_ref(now), FileSource::Path(path));
                        self.command(Command::Manage(Manage::Bring { response, client_ref, source }));
                    }
                }
                Told::Command(wanted) => self.command(Command::Manage(wanted)),
                Told::Notice(gravity, text) => self.command(Command::Notify { gravity, text }),
            }
        }
        if let Some(exported) = desk.upkeep().exported().filter(|it| it.number > self.library.exported) {
            self.library.exported = exported.number;
            self.library.save(exported.clone());
            self.command(Command::Manage(Manage::ExportTaken));
        }
    }
}

/// Reads a file that is to be imported; its form is told by its extension.
fn read(path: &Path) -> Result<Manage, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let extension = path.extension().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    let form = match extension.as_str() {
        "csv" => LibraryForm::Csv,
        "json" => LibraryForm::Json,
        "toml" => LibraryForm::Toml,
        _ => return Err(format!("{name} was not imported: it has to end in .csv, .json or .toml.")),
    };
    let text = read_text(path, MAX_IMPORT_BYTES).map_err(|why| format!("{name} was not imported: {why}."))?;
    Ok(Manage::TryImport { name, form, text: text.into() })
}

/// Reads a text of so many bytes at most; why not, where it can't be read.
pub(super) fn read_text(path: &Path, most: usize) -> Result<String, String> {
    let length = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if usize::try_from(length).is_ok_and(|length| length <= most) {
        let bytes = fs::read(path).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|_other| "it is not in UTF-8".to_owned())
    } else {
        Err(format!("it is larger than {} MB", most / (1024 * 1024)))
    }
}

/// Saves a text where the agent chooses, or among the downloads where there is no dialog; says where.
pub(super) fn save_as(name: &str, text: &[u8]) -> std::io::Result<Option<PathBuf>> {
    let mut written = tempfile::NamedTempFile::new()?;
    std::io::Write::write_all(&mut written, text)?;
    match dialog::save_file(name) {
        Answer::Chosen(to) => save::save(written.path(), &to).map(|()| Some(to)),
        Answer::Cancelled => Ok(None),
        Answer::NoDialog => {
            let folder = save::downloads().ok_or(std::io::ErrorKind::NotFound)?;
            let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
            save::save_in(&folder, (stem, extension), written.path()).map(Some)
        }
    }
}

const fn extension(form: LibraryForm) -> &'static str {
    match form {
        LibraryForm::Csv => "csv",
        LibraryForm::Json => "json",
        LibraryForm::Toml => "toml",
    }
}

/// Tells the window what came of something.
#[derive(Clone)]
struct Teller {
    tell: mpsc::Sender<Told>,
    repaint: egui::Context,
}

impl Teller {
    fn tell(&self, told: Told) {
        // Nobody hears it once the window is closed.
        self.tell.send(told).ok();
        self.repaint.request_repaint();
    }

    fn chosen<T>(&self, answer: Answer<T>, then: impl FnOnce(T) -> Told) {
        match answer {
            Answer::Chosen(chosen) => self.tell(then(chosen)),
            Answer::Cancelled => {}
            Answer::NoDialog => {
                let text = "This system has no dialog for choosing files.".to_owned();
                self.tell(Told::Notice(Gravity::Problem, text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_file_is_told_by_its_extension() {
        let folder = tempfile::tempdir().unwrap();
        for (name, form) in
            [("a.csv", LibraryForm::Csv), ("a.JSON", LibraryForm::Json), ("a.b.toml", LibraryForm::Toml)]
        {
            let path = folder.path().join(name);
            fs::write(&path, "name,body\n").unwrap();
            let wanted = Manage::TryImport { name: name.to_owned(), form, text: "name,body\n".into() };
            assert_eq!(read(&path), Ok(wanted));
        }
        let path = folder.path().join("a.xlsx");
        fs::write(&path, "x").unwrap();
        assert!(read(&path).unwrap_err().contains(".csv"));
        let path = folder.path().join("b.csv");
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(read(&path).unwrap_err().contains("UTF-8"));
        assert!(read(&folder.path().join("gone.csv")).is_err());
    }
}
