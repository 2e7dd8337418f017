//! Interactions that are written down: as a PDF to be saved or printed, as a page that every browser shows, or as JSON with
//! everything. All of it is put together on a thread of its own: an interaction may be ten thousand messages long.

use std::sync::mpsc;

use waxwing_media::{kind::FileType, name::CleanName};
use waxwing_protocol::wrap_up::Rules;

use super::{
    WaxwingApp,
    contacts::{hand_over, told_of},
    files::Opened,
    library::save_as,
};
use crate::{
    desk::{
        Desk,
        input::Command,
        notices::Gravity,
        past::{Paper, PaperForm, PastWish},
    },
    platform::open,
    ui::{language::Language, text::print::Press},
};

mod html;
mod pdf;
mod sheet;

use sheet::Sheet;

/// What is done for interactions that are written down.
pub(super) struct PaperDeeds {
    tell: mpsc::Sender<Command>,
    told: mpsc::Receiver<Command>,
    repaint: egui::Context,
    /// The number of the one that was taken last.
    taken: u64,
}

impl PaperDeeds {
    pub(super) fn new(repaint: egui::Context) -> Self {
        let (tell, told) = mpsc::channel();
        Self { tell, told, repaint, taken: 0 }
    }

    /// Writes it down, and lets the agent choose where it is to be saved, or has it opened.
    fn write(&self, paper: Paper, (language, rules): (String, Rules), opened: Opened) {
        let teller = Teller { tell: self.tell.clone(), repaint: self.repaint.clone() };
        let work = move || {
            let (name, bytes) = (file_name(&paper), written(&paper, &language, &rules));
            if paper.form == PaperForm::Print {
                if let Err(why) = print(&name, &bytes, &opened, teller.clone()) {
                    teller.problem(why);
                }
            } else {
                let saved = save_as(&format!("{name}.{}", extension(paper.form)), &bytes);
                hand_over(&teller.tell, &teller.repaint, told_of("The interaction was", saved, ""));
            }
        };
        if let Err(error) = std::thread::Builder::new().name("paper".to_owned()).spawn(work) {
            let command = told_of("The interaction was", Err(error), "");
            hand_over(&self.tell, &self.repaint, command);
        }
    }
}

/// Tells the agent what went wrong, from another thread.
#[derive(Clone)]
struct Teller {
    tell: mpsc::Sender<Command>,
    repaint: egui::Context,
}

impl Teller {
    fn problem(&self, text: String) {
        let command = Command::Notify { gravity: Gravity::Problem, text };
        hand_over(&self.tell, &self.repaint, Some(command));
    }
}

impl WaxwingApp {
    /// Writes down what was gathered, and tells what came of it.
    pub(super) fn go_on_with_papers(&mut self, desk: &Desk) {
        let told: Vec<_> = self.papers.told.try_iter().collect();
        for command in told {
            self.command(command);
        }
        let Some(paper) = desk.past().paper().filter(|paper| paper.number > self.papers.taken) else {
            return;
        };
        self.papers.taken = paper.number;
        let language = self.language.tag().to_owned();
        let rules = desk.wrap_up().rules().clone();
        self.papers.write(paper.clone(), (language, rules), self.files.opened().clone());
        self.command(Command::Past(PastWish::PaperTaken));
    }
}

/// Has a PDF opened in the program that this system has for it: it knows the printers.
fn print(name: &str, bytes: &[u8], opened: &Opened, teller: Teller) -> Result<(), String> {
    let not_opened = |error: &dyn std::fmt::Display| format!("The PDF was not opened: {error}.");
    let mut file = tempfile::NamedTempFile::new().map_err(|error| not_opened(&error))?;
    std::io::Write::write_all(&mut file, bytes).map_err(|error| not_opened(&error))?;
    let name = CleanName::new(Some(name), name, FileType::Pdf);
    let copy = opened.copy(file.path(), &name).map_err(|error| not_opened(&error))?;
    let failed = move |error: open::OpenError| teller.problem(not_opened(&error));
    open::open_path(&copy, failed).map_err(|error| not_opened(&error))
}

/// An interaction in the form that is wanted.
fn written(paper: &Paper, language: &str, rules: &Rules) -> Vec<u8> {
    let language = Language::first_of([language]);
    let local = |at| chrono::DateTime::<chrono::Local>::from(at).fixed_offset();
    let sheet = || Sheet::of(&paper.whole, (&language, rules), &local);
    match paper.form {
        PaperForm::Pdf | PaperForm::Print => pdf::write(&sheet(), &mut Press::open()),
        PaperForm::Html => html::write(&sheet()).into_bytes(),
        PaperForm::Json => json(paper).into_bytes(),
    }
}

const fn extension(form: PaperForm) -> &'static str {
    match form {
        PaperForm::Pdf | PaperForm::Print => "pdf",
        PaperForm::Html => "html",
        PaperForm::Json => "json",
    }
}

/// What the file is called: nothing of the contact, for a file's name is seen by many.
fn file_name(paper: &Paper) -> String {
    let interaction = &paper.whole.record.interaction;
    format!("interaction-{}", interaction.created_at.format("%Y-%m-%d-%H%M"))
}

/// Everything, in the words of the protocol.
fn json(paper: &Paper) -> String {
    let whole = &paper.whole;
    let value = serde_json::json!({
        "interaction": whole.record.interaction,
        "steps": whole.record.steps,
        "messages": whole.messages,
    });
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests;
