//! Our copies of files that are to be sent: what an agent attaches may be moved or changed a moment later.
//!
//! Each file has a folder of its own, named by its reference. In it lie the `original`, what is `made` of it where that is
//! sent instead, what it looks like (`preview`), and `kept.json`, which says what is to be sent.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use waxwing_protocol::{
    id::{AttachmentId, ClientRef},
    upload::FILE_BYTES_BELOW,
};

use super::super::files;
use crate::desk::file::FileSource;

/// How much is copied at a time, in bytes.
const BLOCK: usize = 256 * 1024;

const ORIGINAL: &str = "original";
const MADE: &str = "made";
const PREVIEW: &str = "preview";
const KEPT: &str = "kept.json";
const BEGUN: &str = "begun";

/// Where the copies of one gateway's files are.
#[derive(Debug, Clone)]
pub(super) struct Copies {
    folder: PathBuf,
}

/// The copy of one file.
#[derive(Debug, Clone)]
pub(super) struct Copy {
    folder: PathBuf,
    /// Whether the agent does not want it any more.
    given_up: Arc<AtomicBool>,
    /// Whether the gateway has its message.
    sent: Arc<AtomicBool>,
}

/// What is known of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// What the agent's file is called.
    pub(super) name: String,
    /// Whether it is a voice note.
    pub(super) voice: bool,
    /// How long the original is.
    pub(super) size_bytes: u64,
    /// SHA-256 of the original.
    sha256: String,
    /// What is sent instead of it.
    made: Option<Made>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    size_bytes: u64,
    sha256: String,
}

/// The bytes that are to be sent.
#[derive(Debug)]
pub(super) struct Sendable {
    pub(super) file: File,
    pub(super) size_bytes: u64,
    /// 64 hexadecimal digits.
    pub(super) sha256: String,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub(super) enum CopyTrouble {
    /// The agent does not want it any more.
    #[error("it was given up")]
    GivenUp,
    #[error("This is a folder. Attach the files in it.")]
    Folder,
    #[error("This is not a file that can be sent.")]
    NoFile,
    #[error("This file is empty. There is nothing to send.")]
    Empty,
    #[error("This file is too large. WhatsApp takes files smaller than {} MB.", FILE_BYTES_BELOW / (1024 * 1024))]
    TooLarge,
    #[error("This file can't be read: {0}.")]
    Unreadable(io::Error),
    #[error("This file changed while it was copied. Attach it again.")]
    Changed,
    #[error("This file can't be copied into Waxwing's folder: {0}.")]
    NotKept(io::Error),
}

impl Copies {
    pub(super) fn new(data_folder: &Path, gateway: &str) -> Self {
        Self { folder: data_folder.join(format!("{}.outgoing", files::name_of(gateway))) }
    }

    pub(super) fn of(&self, client_ref: ClientRef) -> Copy {
        let folder = self.folder.join(client_ref.to_string());
        Copy { folder, given_up: Arc::default(), sent: Arc::default() }
    }

    /// Removes what belongs to none of these: of files that were being taken in when the program was killed.
    pub(super) fn keep_only(&self, wanted: &BTreeSet<ClientRef>) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let is_wanted = entry.file_name().to_str().is_some_and(|name| {
                name.parse().is_ok_and(|client_ref: ClientRef| wanted.contains(&client_ref))
            });
            if !is_wanted {
                remove(&entry.path());
            }
        }
    }

    /// Removes everything.
    pub(super) fn wipe(&self) {
        remove(&self.folder);
    }

    /// What a file looks like that is to be sent; none if it looks like nothing, or is gone.
    pub(super) fn preview(&self, client_ref: ClientRef) -> Option<File> {
        File::open(self.of(client_ref).folder.join(PREVIEW)).ok()
    }
}

fn remove(path: &Path) {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    if let Err(error) = removed
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::error!(%error, "copies of files can't be removed");
    }
}

impl Copy {
    /// Whatever is under way with it ends soon, and leaves nothing behind.
    pub(super) fn give_up(&self) {
        self.given_up.store(true, Ordering::Release);
        self.remove();
    }

    /// Whether the agent does not want it any more; then nothing of it is left.
    pub(super) fn is_given_up(&self) -> bool {
        let given_up = self.given_up.load(Ordering::Acquire);
        if given_up {
            self.remove();
        }
        given_up
    }

    /// Removes it.
    pub(super) fn remove(&self) {
        remove(&self.folder);
    }

    /// Copies a file, to disk when this returns.
    pub(super) fn take(&self, source: &FileSource) -> Result<Kept, CopyTrouble> {
        let (name, voice) = match source {
            FileSource::Path(path) => (path.file_name().unwrap_or_default().to_string_lossy().into(), false),
            FileSource::Bytes { name, voice, .. } => (name.clone(), *voice),
        };
        let (size_bytes, sha256) = match source {
            FileSource::Path(path) => self.copy_path(path)?,
            FileSource::Bytes { bytes, .. } => self.copy(&mut &**bytes, usize_to_u64(bytes.len()))?,
        };
        let kept = Kept { name, voice, size_bytes, sha256, made: None };
        self.note(&kept).map_err(CopyTrouble::NotKept)?;
        if self.is_given_up() { Err(CopyTrouble::GivenUp) } else { Ok(kept) }
    }

    fn copy_path(&self, path: &Path) -> Result<(u64, String), CopyTrouble> {
        let regular = |about: fs::Metadata| match about {
            about if about.is_file() => Ok(about),
            about if about.is_dir() => Err(CopyTrouble::Folder),
            _ => Err(CopyTrouble::NoFile),
        };
        // Asked before it is opened: opening a pipe waits for whoever writes into it.
        fs::metadata(path).map_err(CopyTrouble::Unreadable).and_then(regular)?;
        let mut file = File::open(path).map_err(CopyTrouble::Unreadable)?;
        let before = file.metadata().map_err(CopyTrouble::Unreadable).and_then(regular)?;
        let copied = self.copy(&mut file, before.len())?;
        let after = file.metadata().map_err(CopyTrouble::Unreadable)?;
        let same = after.len() == before.len() && after.modified().ok() == before.modified().ok();
        if same { Ok(copied) } else { Err(CopyTrouble::Changed) }
    }

    fn copy(&self, from: &mut dyn Read, length: u64) -> Result<(u64, String), CopyTrouble> {
        match length {
            0 => return Err(CopyTrouble::Empty),
            FILE_BYTES_BELOW.. => return Err(CopyTrouble::TooLarge),
            _ => {}
        }
        if let Some(all) = self.folder.parent() {
            files::private_folder(all).map_err(CopyTrouble::NotKept)?;
        }
        files::private_folder(&self.folder).map_err(CopyTrouble::NotKept)?;
        let mut unfinished = self.unfinished().map_err(CopyTrouble::NotKept)?;
        let (mut block, mut hash, mut copied) = (vec![0; BLOCK], Sha256::new(), 0_u64);
        loop {
            if self.is_given_up() {
                return Err(CopyTrouble::GivenUp);
            }
            let read = match from.read(&mut block) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(CopyTrouble::Unreadable(error)),
            };
            copied += usize_to_u64(read);
            if copied > length {
                return Err(CopyTrouble::Changed);
            }
            hash.update(&block[..read]);
            unfinished.write_all(&block[..read]).map_err(CopyTrouble::NotKept)?;
        }
        if copied != length {
            return Err(CopyTrouble::Changed);
        }
        self.finish(&unfinished, ORIGINAL).map_err(CopyTrouble::NotKept)?;
        Ok((copied, hex(&hash.finalize())))
    }

    /// What is known of it.
    pub(super) fn kept(&self) -> io::Result<Kept> {
        Ok(serde_json::from_slice(&fs::read(self.folder.join(KEPT))?)?)
    }

    /// The agent's file as it was.
    pub(super) fn original(&self) -> io::Result<File> {
        File::open(self.folder.join(ORIGINAL))
    }

    /// Sends the agent's file as it is.
    pub(super) fn send_original(&self, kept: &Kept) -> io::Result<()> {
        self.note(&Kept { made: None, ..kept.clone() })
    }

    /// Sends these bytes instead of the agent's file. Returns them as a file.
    pub(super) fn send_made(&self, kept: &Kept, bytes: &[u8]) -> io::Result<File> {
        let mut unfinished = self.unfinished()?;
        unfinished.write_all(bytes)?;
        self.finish(&unfinished, MADE)?;
        let made = Made { size_bytes: usize_to_u64(bytes.len()), sha256: hex(&Sha256::digest(bytes)) };
        self.note(&Kept { made: Some(made), ..kept.clone() })?;
        File::open(self.folder.join(MADE))
    }

    /// Keeps what it looks like.
    pub(super) fn show(&self, preview: Option<&[u8]>) -> io::Result<()> {
        match preview {
            Some(preview) => {
                let mut unfinished = self.unfinished()?;
                unfinished.write_all(preview)?;
                self.finish(&unfinished, PREVIEW)
            }
            None => match fs::remove_file(self.folder.join(PREVIEW)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
        }
    }

    /// The bytes that are to be sent.
    pub(super) fn sendable(&self) -> io::Result<Sendable> {
        let Kept { size_bytes, sha256, made, .. } = self.kept()?;
        let (name, size_bytes, sha256) = match made {
            Some(made) => (MADE, made.size_bytes, made.sha256),
            None => (ORIGINAL, size_bytes, sha256),
        };
        let file = File::open(self.folder.join(name))?;
        if file.metadata()?.len() == size_bytes {
            Ok(Sendable { file, size_bytes, sha256 })
        } else {
            Err(io::ErrorKind::InvalidData.into())
        }
    }

    /// Notes what the gateway calls it, so that it can be told to forget it.
    pub(super) fn begin(&self, attachment: AttachmentId) -> io::Result<()> {
        files::write_private(&self.folder.join(BEGUN), attachment.to_string().as_bytes())
    }

    /// The gateway has its message.
    pub(super) fn settle(&self) {
        self.sent.store(true, Ordering::Release);
    }

    /// What the gateway calls it, if that is to be forgotten there once the copy is not wanted any more.
    pub(super) fn begun(&self) -> Option<AttachmentId> {
        if self.sent.load(Ordering::Acquire) {
            return None;
        }
        fs::read_to_string(self.folder.join(BEGUN)).ok()?.parse().ok()
    }

    fn note(&self, kept: &Kept) -> io::Result<()> {
        let mut unfinished = self.unfinished()?;
        unfinished.write_all(&serde_json::to_vec(kept)?)?;
        self.finish(&unfinished, KEPT)
    }

    /// An empty file to be finished; there is one at a time.
    fn unfinished(&self) -> io::Result<File> {
        let file = files::private_file(&self.folder.join("unfinished"))?;
        file.set_len(0)?;
        Ok(file)
    }

    fn finish(&self, unfinished: &File, name: &str) -> io::Result<()> {
        unfinished.sync_all()?;
        fs::rename(self.folder.join("unfinished"), self.folder.join(name))
    }
}

fn usize_to_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn hex(hash: &[u8]) -> String {
    use std::fmt::Write as _;
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String can't fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}
