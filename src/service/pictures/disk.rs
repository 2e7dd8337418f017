//! Files of pictures on this machine, so that they need not be fetched twice. Losing one costs a call, no more: what can't
//! be kept is not kept.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use waxwing_protocol::id::AttachmentId;

use super::super::files;

/// The most that all files together may take, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

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

    /// The file of an attachment, if it is here and not longer than `most` bytes.
    pub(super) fn read(&self, attachment: AttachmentId, most: usize) -> Option<Vec<u8>> {
        let file = fs::File::open(self.path(attachment)).ok()?;
        let mut bytes = Vec::new();
        let limit = u64::try_from(most).unwrap_or(u64::MAX);
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).ok()?;
        (bytes.len() <= most).then_some(bytes)
    }

    /// Keeps a file, and gives up the oldest ones for it; nothing if everything was forgotten since that generation.
    pub(super) fn write(&self, generation: u64, attachment: AttachmentId, bytes: &[u8]) {
        if generation == self.generation
            && let Err(error) = self.put(attachment, bytes)
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

    fn put(&self, attachment: AttachmentId, bytes: &[u8]) -> io::Result<()> {
        files::private_folder(&self.folder)?;
        self.make_room(u64::try_from(bytes.len()).unwrap_or(u64::MAX))?;
        // One name for all: whoever writes holds the lock, and what a crash left behind is overwritten.
        let unfinished = self.folder.join("unfinished");
        files::write_private(&unfinished, bytes)?;
        fs::rename(unfinished, self.path(attachment))
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

    fn path(&self, attachment: AttachmentId) -> PathBuf {
        self.folder.join(attachment.to_string())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn attachment(number: u8) -> AttachmentId {
        AttachmentId::new(DateTime::UNIX_EPOCH, [number; 10])
    }

    fn disk(folder: &Path) -> Disk {
        Disk { max_bytes: 10, ..Disk::new(folder, "https://gateway") }
    }

    #[test]
    fn what_is_kept_is_found_by_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        disk(folder.path()).write(0, attachment(1), b"abc");
        assert_eq!(disk(folder.path()).read(attachment(1), 3).unwrap(), b"abc");
        assert_eq!(disk(folder.path()).read(attachment(1), 2), None, "too long");
        assert_eq!(disk(folder.path()).read(attachment(2), 3), None);
    }

    #[test]
    fn the_oldest_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let disk = disk(folder.path());
        for number in 1..=3 {
            disk.write(0, attachment(number), b"abc");
            let age = std::time::Duration::from_secs(number.into());
            let file = fs::File::options().write(true).open(disk.path(attachment(number))).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + age).unwrap();
        }
        disk.write(0, attachment(4), b"defg");
        let kept: Vec<_> = (1..=4).filter(|n| disk.read(attachment(*n), 9).is_some()).collect();
        assert_eq!(kept, [2, 3, 4]);
    }

    #[test]
    fn nothing_is_left_and_what_comes_late_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = disk(folder.path());
        let before = disk.generation();
        disk.write(before, attachment(1), b"abc");
        disk.wipe();
        disk.write(before, attachment(2), b"abc");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        disk.write(disk.generation(), attachment(3), b"abc");
        assert!(disk.read(attachment(3), 3).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn only_their_owner_can_read_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let disk = disk(folder.path());
        disk.write(0, attachment(1), b"abc");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&disk.folder), mode(&disk.path(attachment(1)))), (0o700, 0o600));
    }

    #[test]
    fn a_disk_that_does_not_work_keeps_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = disk(&folder.path().join("file"));
        fs::write(folder.path().join("file"), "in the way").unwrap();
        disk.write(0, attachment(1), b"abc");
        assert_eq!(disk.read(attachment(1), 3), None);
        disk.wipe();
    }
}
