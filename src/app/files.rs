//! What the agent does with files: those of messages are opened, saved and copied; those of theirs are chosen and pasted.
//!
//! A file that is not here is got first, and the deed waits for it. Whatever takes its time happens on a thread of its own and
//! comes back through a queue, which is looked into before each frame.

use std::{
    path::{Path, PathBuf},
    sync::mpsc,
};

use chrono::{DateTime, Utc};
use egui::ColorImage;
use waxwing_protocol::{
    id::{AttachmentId, InteractionId},
    message::MediaKind,
    slot::Slot,
};

use super::{WaxwingApp, fresh_ref};
use crate::{
    desk::{
        Desk,
        file::{FileSource, FileState},
        input::Command,
        link::Account,
        notices::Gravity,
        picture::{Fetched, PictureKey},
    },
    platform::{
        clipboard::{self, Pasted},
        dialog::{self, Answer, Dialog},
    },
    service::{Files, Pictures, ServiceHandle},
    ui::{self, FileAsk, FileDeed},
};

mod deed;
mod opened;

use deed::{Deed, Done};
pub(super) use opened::Opened;

/// Files that something is done with.
pub(super) struct FileDeeds {
    /// Deeds that wait for their file.
    waiting: Vec<FileAsk>,
    opened: Opened,
    /// Where files were saved that were to be shown in their folder.
    saved: deed::Saved,
    tell: mpsc::Sender<Told>,
    told: mpsc::Receiver<Told>,
    repaint: egui::Context,
    /// Whether somebody was signed in when this was looked at last.
    signed_in: bool,
}

/// What came of something.
enum Told {
    /// Put these files on the strip.
    Attach(InteractionId, Vec<FileSource>),
    /// Take a file in for the notification that is being filled in.
    ForForm(InteractionId, (Slot, MediaKind), FileSource),
    /// Something is done with a file.
    Done(Done),
    /// The agent has to know.
    Notice(Gravity, String),
}

/// What the desk and the window are to do next.
enum Next {
    Command(Command),
    Attach(InteractionId, Vec<FileSource>),
    ForForm(InteractionId, (Slot, MediaKind), FileSource),
    CopyPicture(ColorImage),
}

impl FileDeeds {
    /// Begins with nothing left of the last time.
    pub(super) fn new(data_folder: &Path, repaint: egui::Context) -> Self {
        let opened = Opened::new(data_folder);
        opened.wipe();
        let (tell, told) = mpsc::channel();
        Self {
            waiting: Vec::new(),
            opened,
            saved: deed::Saved::default(),
            tell,
            told,
            repaint,
            signed_in: false,
        }
    }

    /// Where copies are that other programs are given.
    pub(super) const fn opened(&self) -> &Opened {
        &self.opened
    }

    /// Does something with a file of a message, now or when it is here.
    pub(super) fn ask(&mut self, service: &ServiceHandle, ask: FileAsk) {
        let files = service.files();
        if ask.deed == FileDeed::Cancel {
            files.cancel(ask.attachment);
            self.waiting.retain(|waiting| waiting.attachment != ask.attachment);
            return;
        }
        files.want(ask.attachment);
        if !self.waiting.contains(&ask) {
            self.waiting.push(ask);
        }
        self.begin_what_is_here(service);
    }

    /// What there is to do next. Deeds whose files have come are begun.
    fn turn(&mut self, service: &ServiceHandle, desk: &Desk) -> Vec<Next> {
        self.begin_what_is_here(service);
        let signed_in = !matches!(desk.account(), Account::SignedOut { .. });
        if std::mem::replace(&mut self.signed_in, signed_in) && !signed_in {
            self.waiting.clear();
            self.saved.forget();
            self.opened.wipe();
        }
        let next = |told| match told {
            Told::Attach(interaction, files) => Some(Next::Attach(interaction, files)),
            Told::ForForm(interaction, wanted, file) => Some(Next::ForForm(interaction, wanted, file)),
            Told::Notice(gravity, text) => Some(Next::Command(Command::Notify { gravity, text })),
            Told::Done(Done::Quietly) => None,
            Told::Done(Done::Saved(text)) => {
                Some(Next::Command(Command::Notify { gravity: Gravity::Info, text }))
            }
            Told::Done(Done::CopyPicture(picture)) => Some(Next::CopyPicture(picture)),
        };
        self.told.try_iter().filter_map(next).collect()
    }

    /// Nothing of what was opened stays.
    pub(super) fn close(&self) {
        self.opened.wipe();
    }

    /// Lets the agent choose files for the strip.
    pub(super) fn pick(&self, interaction: InteractionId, frame: &eframe::Frame) {
        let dialog = Dialog::new().set_title("Attach files").set_parent(frame);
        let teller = self.teller();
        let shown = dialog::pick_files(dialog, move |answer| {
            match answer {
            Answer::Chosen(paths) => teller.attach(interaction, paths),
            Answer::Cancelled => {}
            Answer::NoDialog => teller.problem(
                "This system has no dialog for choosing files: drag files onto the conversation, or copy and paste them.",
            ),
        }
        });
        self.report(shown);
    }

    /// Lets the agent choose a file for the notification that is being filled in.
    pub(super) fn pick_for_form(
        &self,
        interaction: InteractionId,
        (slot, wanted): (Slot, MediaKind),
        frame: &eframe::Frame,
    ) {
        let dialog = Dialog::new().set_title("Choose a file").set_parent(frame);
        let dialog = match wanted {
            MediaKind::Image => dialog.add_filter("Pictures", &["jpg", "jpeg", "png"]),
            MediaKind::Video => dialog.add_filter("Films", &["mp4", "3gp"]),
            _ => dialog,
        };
        let teller = self.teller();
        let shown = dialog::pick_file(dialog, move |answer| {
            match answer {
            Answer::Chosen(path) => {
                teller.tell(Told::ForForm(interaction, (slot, wanted), FileSource::Path(path)));
            }
            Answer::Cancelled => {}
            Answer::NoDialog => teller.problem(
                "This system has no dialog for choosing files: send the file to the conversation first, and choose it there.",
            ),
        }
        });
        self.report(shown);
    }

    /// Puts what is on the clipboard on the strip.
    pub(super) fn paste(&self, interaction: InteractionId, now: DateTime<Utc>) {
        let at = now.with_timezone(&chrono::Local).format("%Y-%m-%d %H-%M-%S");
        let name = format!("Picture {at}.png");
        let teller = self.teller();
        let work = move || match clipboard::read() {
            Ok(Pasted::Files(paths)) => teller.attach(interaction, paths),
            Ok(Pasted::Picture(png)) => {
                let file = FileSource::Bytes { name, bytes: png.into(), voice: false };
                teller.tell(Told::Attach(interaction, vec![file]));
            }
            Ok(Pasted::Nothing) => {}
            Err(error) => teller.problem(&format!("Nothing was pasted: {error}.")),
        };
        self.report(std::thread::Builder::new().name("paste".to_owned()).spawn(work).map(drop));
    }

    fn begin_what_is_here(&mut self, service: &ServiceHandle) {
        for ask in std::mem::take(&mut self.waiting) {
            match service.files().get(ask.attachment) {
                FileState::Coming { .. } => self.waiting.push(ask),
                FileState::Here => self.begin(service, ask),
                FileState::Failed { why } => {
                    self.teller().problem(&format!("The file can't be had. {why}"));
                }
                FileState::NotHere => {}
            }
        }
    }

    fn begin(&self, service: &ServiceHandle, ask: FileAsk) {
        let deed = Deed {
            files: service.files().clone(),
            workshop: service.workshop().clone(),
            opened: self.opened.clone(),
            saved: self.saved.clone(),
            ask,
        };
        let teller = self.teller();
        let work = move || {
            let failed = teller.clone();
            let failed = move |why: String| failed.problem(&why);
            match deed.carry_out(failed) {
                Ok(done) => teller.tell(Told::Done(done)),
                Err(why) => teller.problem(&why),
            }
        };
        self.report(std::thread::Builder::new().name("file".to_owned()).spawn(work).map(drop));
    }

    fn report(&self, begun: std::io::Result<()>) {
        if let Err(error) = begun {
            self.teller().problem(&format!("This system has no room for it just now: {error}."));
        }
    }

    fn teller(&self) -> Teller {
        Teller { tell: self.tell.clone(), repaint: self.repaint.clone() }
    }
}

impl WaxwingApp {
    pub(super) fn attach(&mut self, interaction: InteractionId, files: Vec<FileSource>, now: DateTime<Utc>) {
        let files = files.into_iter().map(|file| (fresh_ref(now), file)).collect();
        self.command(Command::Attach { interaction, files });
    }

    /// Does what files ask for that have come, or that were chosen.
    pub(super) fn go_on_with_files(&mut self, ctx: &egui::Context, desk: &Desk) {
        for next in self.files.turn(&self.service, desk) {
            match next {
                Next::Command(command) => self.command(command),
                Next::Attach(interaction, files) => {
                    self.attach(interaction, files, self.service.clock().now());
                    // So that the key that sends does so after a dialog, too.
                    self.state.go_on_writing(interaction);
                }
                Next::ForForm(interaction, (slot, wanted), source) => {
                    let client_ref = fresh_ref(self.service.clock().now());
                    self.command(Command::ChooseForForm { interaction, slot, wanted, client_ref, source });
                }
                Next::CopyPicture(picture) => ctx.copy_image(picture),
            }
        }
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

    fn attach(&self, interaction: InteractionId, paths: Vec<PathBuf>) {
        self.tell(Told::Attach(interaction, paths.into_iter().map(FileSource::Path).collect()));
    }

    fn problem(&self, text: &str) {
        self.tell(Told::Notice(Gravity::Problem, text.to_owned()));
    }
}

impl ui::Files for Files {
    fn get(&self, attachment: AttachmentId) -> FileState {
        Files::get(self, attachment)
    }
}

impl ui::Pictures for Pictures {
    fn get(&self, key: PictureKey) -> Fetched {
        Pictures::get(self, key)
    }
}
