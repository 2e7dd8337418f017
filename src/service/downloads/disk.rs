//! The files of messages on this machine, by the gateway's names for them. When each was used last is told by its date.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use waxwing_protocol::id::AttachmentId;

use super::super::files;

/// What the name of a file ends with that is not all there.
const UNFINISHED: &str = ".part";

/// The files of one gateway's messages.
#[derive(Debug)]
pub(super) struct Disk {
    folder: PathBuf,
    max_bytes: u64,
    /// Held while files come to be or go: how often everything was forgotten.
    generation: Mutex<u64>,
}

impl Disk {
    /// The files of a gateway, in the data folder.
    pub(super) fn new(data_folder: &Path, gateway: &str, max_bytes: u64) -> Self {
        let folder = data_folder.join(format!("{}.files", files::name_of(gateway)));
        Self { folder, max_bytes, generation: Mutex::default() }
    }

    /// Where a file is once all of it is here.
    pub(super) fn path(&self, attachment: AttachmentId) -> PathBuf {
        self.folder.join(attachment.to_string())
    }

    fn unfinished(&self, attachment: AttachmentId) -> PathBuf {
        self.folder.join(format!("{attachment}{UNFINISHED}"))
    }

    /// All files that are here.
    pub(super) fn kept(&self) -> BTreeSet<AttachmentId> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return BTreeSet::new() };
        entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
    }

    /// Counts how often everything was forgotten: what was begun before that is not kept.
    pub(super) fn generation(&self) -> u64 {
        *self.lock()
    }

    /// How much is here of a file that is not all there.
    pub(super) fn begun(&self, attachment: AttachmentId) -> u64 {
        fs::metadata(self.unfinished(attachment)).map_or(0, |about| about.len())
    }

    /// A file to go on with from that byte on, unless everything was forgotten since that generation.
    pub(super) fn open(&self, generation: u64, attachment: AttachmentId, from: u64) -> io::Result<File> {
        let current = self.lock();
        if *current != generation {
            return Err(io::ErrorKind::NotFound.into());
        }
        files::private_folder(&self.folder)?;
        let mut file = files::private_file(&self.unfinished(attachment))?;
        file.set_len(from)?;
        file.seek(SeekFrom::Start(from))?;
        Ok(file)
    }

    /// All of it is here.
    pub(super) fn finish(&self, attachment: AttachmentId, now: SystemTime) -> io::Result<()> {
        fs::rename(self.unfinished(attachment), self.path(attachment))?;
        self.touch(attachment, now);
        Ok(())
    }

    /// What is here of it is of no use.
    pub(super) fn give_up(&self, attachment: AttachmentId) -> io::Result<()> {
        fs::remove_file(self.unfinished(attachment))
    }

    /// It was used just now.
    pub(super) fn touch(&self, attachment: AttachmentId, now: SystemTime) {
        let file = File::options().write(true).open(self.path(attachment));
        if let Err(error) = file.and_then(|file| file.set_modified(now)) {
            tracing::debug!(%error, "when a file was used last can't be noted");
        }
    }

    /// Which files have to go so that there is room for so many bytes more: those that were used least, but none of these.
    pub(super) fn least_used(
        &self,
        wanted: u64,
        but: &BTreeSet<AttachmentId>,
    ) -> io::Result<Vec<AttachmentId>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut kept = Vec::new();
        for entry in entries {
            let entry = entry?;
            let about = entry.metadata()?;
            let name = entry.file_name();
            let name = name.to_str().unwrap_or_default();
            let attachment: Option<AttachmentId> = name.strip_suffix(UNFINISHED).unwrap_or(name).parse().ok();
            kept.push((about.modified().unwrap_or(SystemTime::UNIX_EPOCH), attachment, about.len()));
        }
        kept.sort();
        let mut total = kept.iter().map(|(_, _, bytes)| bytes).sum::<u64>().saturating_add(wanted);
        let mut victims = Vec::new();
        for (_, attachment, bytes) in kept {
            if total <= self.max_bytes {
                break;
            }
            if let Some(attachment) = attachment.filter(|attachment| !but.contains(attachment)) {
                victims.push(attachment);
                total = total.saturating_sub(bytes);
            }
        }
        Ok(victims)
    }

    /// Removes files, also what is here of those that are not all there.
    pub(super) fn remove(&self, attachments: &[AttachmentId]) -> io::Result<()> {
        for attachment in attachments {
            for path in [self.path(*attachment), self.unfinished(*attachment)] {
                match fs::remove_file(path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Removes everything.
    pub(super) fn wipe(&self) {
        let mut generation = self.lock();
        *generation += 1;
        if let Err(error) = fs::remove_dir_all(&self.folder)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::error!(%error, "the files of messages can't be removed");
        }
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.generation.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
