//! Files of pictures on this machine, so that they need not be fetched twice. Losing one costs a call, no more: what can't
//! be kept is not kept.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use waxwing_protocol::id::AttachmentId;

use super::super::files;

/// The most that all files together may take, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// What a picture is kept as.
#[derive(Debug, Clone, Copy)]
pub(super) enum Name {
    /// All of an attachment.
    Whole(AttachmentId),
    /// What it looks like.
    Preview(AttachmentId),
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(attachment) => attachment.fmt(f),
            Self::Preview(attachment) => write!(f, "{attachment}.preview"),
        }
    }
}

/// The files of one gateway's pictures.
#[derive(Debug)]
pub(super) struct Disk {
    folder: PathBuf,
    max_bytes: u64,
    /// Counts how often everything was forgotten: what was begun before that is not kept.
    generation: u64,
}

impl Disk {
    /// The files of a gateway, in the data folder.
    pub(super) fn new(data_folder: &Path, gateway: &str) -> Self {
        let folder = data_folder.join(format!("{}.pictures", files::name_of(gateway)));
        Self { folder, max_bytes: MAX_BYTES, generation: 0 }
    }

    pub(super) const fn generation(&self) -> u64 {
        self.generation
    }

    /// A file to read, if it is here and not longer than `most` bytes.
    pub(super) fn open(&self, name: Name, most: usize) -> Option<File> {
        let file = File::open(self.path(name)).ok()?;
        let length = file.metadata().ok()?.len();
        usize::try_from(length).is_ok_and(|length| length <= most).then_some(file)
    }

    /// Keeps a file, and gives up the oldest ones for it; nothing if everything was forgotten since that generation.
    pub(super) fn write(&self, generation: u64, name: Name, bytes: &[u8]) {
        if generation == self.generation
            && let Err(error) = self.put(name, bytes)
        {
            tracing::debug!(%error, "a picture can't be kept on the disk");
        }
    }

    /// Forgets everything.
    pub(super) fn wipe(&mut self) {
        self.generation += 1;
        if let Err(error) = fs::remove_dir_all(&self.folder)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::error!(%error, "the pictures on the disk can't be removed");
        }
    }

    fn put(&self, name: Name, bytes: &[u8]) -> io::Result<()> {
        files::private_folder(&self.folder)?;
        self.make_room(u64::try_from(bytes.len()).unwrap_or(u64::MAX))?;
        // One name for all: whoever writes holds the lock, and what a crash left behind is overwritten.
        let unfinished = self.folder.join("unfinished");
        files::write_private(&unfinished, bytes)?;
        fs::rename(unfinished, self.path(name))
    }

    fn make_room(&self, wanted: u64) -> io::Result<()> {
        let mut kept = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let about = entry.metadata()?;
            kept.push((about.modified().unwrap_or(SystemTime::UNIX_EPOCH), entry.path(), about.len()));
        }
        kept.sort();
        let mut total = kept.iter().map(|(_, _, bytes)| bytes).sum::<u64>().saturating_add(wanted);
        for (_, path, bytes) in kept {
            if total <= self.max_bytes {
                break;
            }
            fs::remove_file(path)?;
            total -= bytes;
        }
        Ok(())
    }

    fn path(&self, name: Name) -> PathBuf {
        self.folder.join(name.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use chrono::DateTime;

    use super::*;

    fn name(number: u8) -> Name {
        Name::Whole(AttachmentId::new(DateTime::UNIX_EPOCH, [number; 10]))
    }

    fn read(disk: &Disk, name: Name, most: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        disk.open(name, most)?.read_to_end(&mut bytes).unwrap();
        Some(bytes)
    }

    fn disk(folder: &Path) -> Disk {
        Disk { max_bytes: 10, ..Disk::new(folder, "https://gateway") }
    }

    #[test]
    fn what_is_kept_is_found_by_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        disk(folder.path()).write(0, name(1), b"abc");
        assert_eq!(read(&disk(folder.path()), name(1), 3).unwrap(), b"abc");
        assert_eq!(read(&disk(folder.path()), name(1), 2), None, "too long");
        assert_eq!(read(&disk(folder.path()), name(2), 3), None);
    }

    #[test]
    fn the_oldest_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let disk = disk(folder.path());
        for number in 1..=3 {
            disk.write(0, name(number), b"abc");
            let age = std::time::Duration::from_secs(number.into());
            let file = File::options().write(true).open(disk.path(name(number))).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + age).unwrap();
        }
        disk.write(0, name(4), b"defg");
        let kept: Vec<_> = (1..=4).filter(|n| read(&disk, name(*n), 9).is_some()).collect();
        assert_eq!(kept, [2, 3, 4]);
    }

    #[test]
    fn nothing_is_left_and_what_comes_late_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = disk(folder.path());
        let before = disk.generation();
        disk.write(before, name(1), b"abc");
        disk.wipe();
        disk.write(before, name(2), b"abc");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        disk.write(disk.generation(), name(3), b"abc");
        assert!(read(&disk, name(3), 3).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn only_their_owner_can_read_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let disk = disk(folder.path());
        disk.write(0, name(1), b"abc");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&disk.folder), mode(&disk.path(name(1)))), (0o700, 0o600));
    }

    #[test]
    fn a_disk_that_does_not_work_keeps_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = disk(&folder.path().join("file"));
        fs::write(folder.path().join("file"), "in the way").unwrap();
        disk.write(0, name(1), b"abc");
        assert_eq!(read(&disk, name(1), 3), None);
        disk.wipe();
    }
}
