//! One deed with one file of a message that is here.

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use egui::ColorImage;
use waxwing_media::{
    child::{Described, Workshop},
    kind::FileType,
    name::CleanName,
    picture::Fit,
    verdict::{Claim, Handling, Policy, agreed},
};
use waxwing_protocol::{attachment::Opening, id::AttachmentId};

use super::opened::Opened;
use crate::{
    platform::{
        clipboard,
        dialog::{self, Answer},
        open, save,
    },
    service::Files,
    ui::{FileAsk, FileDeed},
};

/// What is left to the gateway, which knows what the administrator allows: it has said that the file may be opened, and the
/// agent has read what may be wrong with it. What no policy lets pass is refused here all the same.
const POLICY: Policy = Policy { macros: Handling::Warn, encrypted: Handling::Warn, archives: Handling::Warn };

/// Something to be done.
pub(super) struct Deed {
    pub(super) ask: FileAsk,
    pub(super) files: Files,
    pub(super) workshop: Workshop,
    pub(super) opened: Opened,
    pub(super) saved: Saved,
}

/// What came of it.
pub(super) enum Done {
    /// The agent sees it anyway.
    Quietly,
    /// It was saved where the agent did not choose; a sentence says where.
    Saved(String),
    /// This is to be put on the clipboard.
    CopyPicture(ColorImage),
}

/// Where files were saved.
#[derive(Clone, Default)]
pub(super) struct Saved(Arc<Mutex<BTreeMap<AttachmentId, PathBuf>>>);

impl Saved {
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Where a file is; saves it if it is nowhere. One at a time, so that a double click saves one file.
    fn place(
        &self,
        attachment: AttachmentId,
        save: impl FnOnce() -> Result<PathBuf, String>,
    ) -> Result<PathBuf, String> {
        let mut saved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = saved.get(&attachment).filter(|path| path.exists()) {
            return Ok(path.clone());
        }
        let path = save()?;
        saved.insert(attachment, path.clone());
        Ok(path)
    }
}

impl Deed {
    /// Does it; an error is a sentence. `failed` is told one later if another program can't be started.
    pub(super) fn carry_out(self, failed: impl FnOnce(String) + Send + 'static) -> Result<Done, String> {
        let lease = self.files.lease(self.ask.attachment).ok_or("The file is not here any more.")?;
        let file = lease.path();
        let look = Look::into(file, &self.ask, &self.workshop);
        match self.ask.deed {
            FileDeed::Open => self.open(file, &look, failed),
            FileDeed::SaveAs => self.save_as(file, &look.name()),
            FileDeed::OpenFolder => self.open_folder(file, &look.name(), failed),
            FileDeed::Copy => self.copy(file, &look),
            FileDeed::Cancel => Ok(Done::Quietly),
        }
    }

    fn open(
        &self,
        file: &Path,
        look: &Look<'_>,
        failed: impl FnOnce(String) + Send + 'static,
    ) -> Result<Done, String> {
        look.may_be_opened()?;
        let copied = self.opened.copy(file, &look.name());
        let copy = copied.map_err(|error| format!("The file can't be opened: {error}."))?;
        let not_opened = |error: open::OpenError| format!("The file was not opened: {error}.");
        open::open_path(&copy, move |error| failed(not_opened(error))).map_err(not_opened)?;
        Ok(Done::Quietly)
    }

    fn save_as(&self, file: &Path, name: &CleanName) -> Result<Done, String> {
        match dialog::save_file(&name.to_string()) {
            Answer::Chosen(to) => {
                save::save(file, &to).map_err(|error| not_saved(&error)).map(|()| Done::Quietly)
            }
            Answer::Cancelled => Ok(Done::Quietly),
            Answer::NoDialog => {
                let path = among_downloads(file, name)?;
                self.saved.place(self.ask.attachment, || Ok(path.clone()))?;
                Ok(Done::Saved(format!("The file was saved as {}.", path.display())))
            }
        }
    }

    fn open_folder(
        &self,
        file: &Path,
        name: &CleanName,
        failed: impl FnOnce(String) + Send + 'static,
    ) -> Result<Done, String> {
        let path = self.saved.place(self.ask.attachment, || among_downloads(file, name))?;
        let folder = path.parent().unwrap_or(&path);
        let not_opened = |error: open::OpenError| format!("The folder was not opened: {error}.");
        open::open_path(folder, move |error| failed(not_opened(error))).map_err(not_opened)?;
        Ok(Done::Saved(format!("The file was saved as {}.", path.display())))
    }

    /// A picture as such, any other file as a file.
    fn copy(&self, file: &Path, look: &Look<'_>) -> Result<Done, String> {
        let failed = |error: &dyn std::fmt::Display| format!("The file was not copied: {error}.");
        if look.is_picture() {
            let opened = File::open(file).map_err(|error| failed(&error))?;
            let picture = self.workshop.picture(opened, Fit::VIEWER).map_err(|error| failed(&error))?;
            let frame = picture.frames.first().ok_or("The file was not copied: it is empty.")?;
            let size = picture.size.map(|side| usize::try_from(side).unwrap_or(0));
            return Ok(Done::CopyPicture(ColorImage::from_rgba_unmultiplied(size, &frame.rgba)));
        }
        let copy = self.opened.copy(file, &look.name()).map_err(|error| failed(&error))?;
        clipboard::put_file(&copy).map_err(|error| failed(&error))?;
        Ok(Done::Quietly)
    }
}

fn among_downloads(file: &Path, name: &CleanName) -> Result<PathBuf, String> {
    let folder = save::downloads().ok_or("This system has no folder for downloads.")?;
    save::save_in(&folder, (name.stem(), name.extension()), file).map_err(|error| not_saved(&error))
}

fn not_saved(error: &io::Error) -> String {
    format!("The file was not saved: {error}.")
}

/// What a file is by its own bytes; nothing if nobody could tell.
struct Look<'a> {
    claim: Claim<'a>,
    described: Option<Described>,
}

impl<'a> Look<'a> {
    fn into(file: &Path, ask: &'a FileAsk, workshop: &Workshop) -> Self {
        let claim = Claim { declared_mime: ask.mime.as_deref(), name: ask.name.as_deref() };
        let described = File::open(file).ok().and_then(|file| workshop.describe(file, &claim, POLICY).ok());
        Self { claim, described }
    }

    fn file_type(&self) -> FileType {
        let Some(Described { found, .. }) = &self.described else { return FileType::Unknown };
        agreed(found, &self.claim).unwrap_or(found.file_type)
    }

    /// A name that can stand on any system, with the extension of what the file is.
    fn name(&self) -> CleanName {
        CleanName::new(self.claim.name, "File", self.file_type())
    }

    fn is_picture(&self) -> bool {
        matches!(self.file_type(), FileType::Jpeg | FileType::Png | FileType::Webp | FileType::Gif)
    }

    fn may_be_opened(&self) -> Result<(), String> {
        match self.described.as_ref().map(|described| &described.about.opening) {
            Some(Opening::Allowed | Opening::Warned { .. }) => Ok(()),
            Some(Opening::SaveOnly { reason }) => Err(reason.clone()),
            Some(Opening::Unknown) | None => {
                Err("Waxwing can't tell what this file is, so it is not opened. You can save it.".to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use waxwing_protocol::id::AttachmentId;

    use super::*;

    /// What a look tells of a file of that content under that name and type: its name, and whether it may be opened.
    fn looked(content: &[u8], name: &str, mime: &str) -> (String, bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, content).unwrap();
        let attachment = AttachmentId::new(chrono::DateTime::UNIX_EPOCH, [1; 10]);
        let (name, mime) = (Some(name.to_owned()), Some(mime.to_owned()));
        let ask = FileAsk { attachment, name, mime, deed: FileDeed::Open };
        let look = Look::into(&path, &ask, &Workshop::here());
        (look.name().to_string(), look.may_be_opened().is_ok())
    }

    #[test]
    fn only_what_is_what_it_says_is_opened() {
        const PNG: &[u8] = include_bytes!("../../../media/tests/fixtures/still.png");
        let png = "image/png";
        assert_eq!(looked(PNG, "cat.png", png), ("cat.png".to_owned(), true));
        assert_eq!(looked(PNG, "cat.pdf", "application/pdf"), ("cat.pdf.png".to_owned(), false));
        assert_eq!(looked(PNG, "cat.exe", png), ("cat.exe.png".to_owned(), false));
        assert!(!looked(b"#!/bin/sh\nrm -r /\n", "cat.png", png).1);
        assert!(!looked(b"\x7fELF\x02\x01\x01", "a.pdf", "application/pdf").1);
        assert!(
            !looked(b"<svg onload='a()' xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml").1
        );
        assert_eq!(looked(b"\0\x01\x02\x03", "../../../.bashrc", "text/plain").0, "bashrc.bin");
    }

    #[test]
    fn a_file_is_saved_once_while_it_stays_there() {
        let folder = tempfile::tempdir().unwrap();
        let attachment = AttachmentId::new(chrono::DateTime::UNIX_EPOCH, [1; 10]);
        let (saved, path) = (Saved::default(), folder.path().join("a.txt"));
        let save = || {
            fs::write(&path, "text").unwrap();
            Ok(path.clone())
        };
        assert_eq!(saved.place(attachment, save), Ok(path.clone()));
        assert_eq!(saved.place(attachment, || panic!("it is there")), Ok(path.clone()));
        fs::remove_file(&path).unwrap();
        assert_eq!(saved.place(attachment, save), Ok(path.clone()));
        saved.forget();
        assert_eq!(saved.place(attachment, || Err("no room".to_owned())), Err("no room".to_owned()));
    }
}
