//! Saves files that came from strangers: whole or not at all, never through a link, never as a program, and marked as what
//! they are where the system has a mark for that.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use directories::UserDirs;

/// How many free names are tried.
const MOST_NAMES: u32 = 1000;

/// The folder where downloads are kept, or that of the user; none if there is neither.
#[must_use]
pub fn downloads() -> Option<PathBuf> {
    let folders = UserDirs::new()?;
    Some(folders.download_dir().unwrap_or_else(|| folders.home_dir()).to_owned())
}

/// Saves a copy under that very path; what is there already is replaced, and a link as such.
pub fn save(file: &Path, to: &Path) -> io::Result<()> {
    let folder = to.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let name = to.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut unfinished = None;
    for number in 0..MOST_NAMES {
        let mut part = std::ffi::OsString::from(".");
        part.push(name);
        part.push(format!(".{number}.part"));
        let path = folder.join(part);
        match fresh(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => {
                unfinished = Some((opened?, path));
                break;
            }
        }
    }
    let (mut copy, path) = unfinished.ok_or(io::ErrorKind::AlreadyExists)?;
    let done = fill(file, &mut copy).and_then(|()| fs::rename(&path, to));
    if done.is_err() {
        // What is half there is of no use; that it can't be removed either is told by the error there is.
        fs::remove_file(path).ok();
    }
    done?;
    mark(to);
    Ok(())
}

/// Saves a copy in a folder under that name, or that name with a number where it is taken. Returns where.
pub fn save_in(folder: &Path, (stem, extension): (&str, &str), file: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    for number in 1..=MOST_NAMES {
        let name = match number {
            1 => format!("{stem}.{extension}"),
            number => format!("{stem} ({number}).{extension}"),
        };
        let path = folder.join(name);
        let mut copy = match fresh(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            opened => opened?,
        };
        if let Err(error) = fill(file, &mut copy) {
            fs::remove_file(path).ok();
            return Err(error);
        }
        mark(&path);
        return Ok(path);
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Makes a file that was not there, for its owner alone, and no program.
fn fresh(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

fn fill(file: &Path, copy: &mut File) -> io::Result<()> {
    io::copy(&mut File::open(file)?, copy)?;
    copy.sync_all()
}

/// What Windows keeps beside a file that came from the internet: zone 3 ("Zone.Identifier Stream Name", MS-FSCC 5.6.1).
#[cfg(any(windows, test))]
const ZONE: &str = "[ZoneTransfer]\r\nZoneId=3\r\n";

/// Marks a file as one that came from the internet. One that can't be marked is saved all the same.
#[cfg(windows)]
fn mark(path: &Path) {
    let mut stream = path.as_os_str().to_owned();
    stream.push(":Zone.Identifier");
    if let Err(error) = fs::write(stream, ZONE) {
        tracing::warn!(%error, "a file that was saved can't be marked as one from the internet");
    }
}

/// Marks a file as one that came from the internet: no date, and Waxwing as the program that got it. One that can't be
/// marked is saved all the same.
#[cfg(target_os = "macos")]
fn mark(path: &Path) {
    use rustix::fs::{XattrFlags, setxattr};

    if let Err(error) = setxattr(path, "com.apple.quarantine", b"0083;00000000;Waxwing;", XattrFlags::empty())
    {
        tracing::warn!(%error, "a file that was saved can't be marked as one from the internet");
    }
}

/// No mark that any program heeds.
#[cfg(not(any(windows, target_os = "macos")))]
const fn mark(_path: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_free_name_is_found_and_nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        let to = folder.path().join("downloads");
        for content in ["one", "two", "three"] {
            fs::write(&source, content).unwrap();
            let saved = save_in(&to, ("list", "txt"), &source).unwrap();
            assert_eq!(fs::read_to_string(saved).unwrap(), content);
        }
        assert_eq!(names(&to), ["list (2).txt", "list (3).txt", "list.txt"]);
    }

    #[test]
    fn a_chosen_name_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let (source, to) = (folder.path().join("source"), folder.path().join("list.txt"));
        fs::write(&source, "new").unwrap();
        fs::write(&to, "old and longer").unwrap();
        save(&source, &to).unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), "new");
        assert!(save(&folder.path().join("gone"), &to).is_err());
        assert_eq!(fs::read_to_string(&to).unwrap(), "new", "it stays");
        assert_eq!(names(folder.path()), ["list.txt", "source"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_and_not_followed() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (source, to) = (folder.path().join("source"), folder.path().join("list.sh"));
        fs::write(&source, "new").unwrap();
        fs::set_permissions(&source, fs::Permissions::from_mode(0o755)).unwrap();
        symlink(folder.path().join("elsewhere"), &to).unwrap();
        let beside = save_in(folder.path(), ("list", "sh"), &source).unwrap();
        assert_eq!(beside, folder.path().join("list (2).sh"), "the link is in the way");
        save(&source, &to).unwrap();
        assert!(!folder.path().join("elsewhere").exists());
        for saved in [beside, to] {
            let about = fs::symlink_metadata(saved).unwrap();
            assert!(about.is_file());
            assert_eq!(about.permissions().mode() & 0o777, 0o600, "no program");
        }
    }

    #[test]
    fn windows_is_told_that_a_file_is_from_the_internet() {
        assert_eq!(ZONE.as_bytes(), b"[ZoneTransfer]\r\nZoneId=3\r\n");
    }
}
