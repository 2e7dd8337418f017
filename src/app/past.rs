//! Interactions that are written down: as a page that every browser shows and prints, or as JSON with everything.

use std::sync::mpsc;

use super::{
    WaxwingApp,
    contacts::{hand_over, told_of},
    library::save_as,
};
use crate::desk::{
    Desk,
    input::Command,
    past::{Paper, PaperForm, PastWish},
};

mod html;

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

    /// Lets the agent choose where a text is to be saved, and saves it.
    fn save(&self, name: String, text: String, hint: &'static str) {
        let (tell, repaint) = (self.tell.clone(), self.repaint.clone());
        let work = move || {
            let saved = save_as(&name, text.as_bytes());
            hand_over(&tell, &repaint, told_of("The interaction was", saved, hint));
        };
        if let Err(error) = std::thread::Builder::new().name("paper".to_owned()).spawn(work) {
            let command = told_of("The interaction was", Err(error), "");
            hand_over(&self.tell, &self.repaint, command);
        }
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
        let (text, extension, hint) = match paper.form {
            PaperForm::Html => {
                let local = |at| chrono::DateTime::<chrono::Local>::from(at).fixed_offset();
                let hint = " Open it in a browser to print it, or to make a PDF of it.";
                (html::write(&paper.whole, &self.language, &local), "html", hint)
            }
            PaperForm::Json => (json(paper), "json", ""),
        };
        self.papers.save(format!("{}.{extension}", file_name(paper)), text, hint);
        self.command(Command::Past(PastWish::PaperTaken));
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
