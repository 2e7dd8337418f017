//! The system's dialogs for files. A dialog has a thread of its own, and tells there what the agent chose.

use std::{
    env,
    ffi::OsString,
    io,
    path::{Path, PathBuf},
};

pub use rfd::AsyncFileDialog as Dialog;

/// What became of a dialog.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// The agent chose.
    Chosen(T),
    /// The agent closed it.
    Cancelled,
    /// This system has no dialogs.
    NoDialog,
}

impl<T> Answer<T> {
    fn of(chosen: Option<T>) -> Self {
        chosen.map_or(Self::Cancelled, Self::Chosen)
    }
}

/// Lets the agent choose files.
pub fn pick_files(
    dialog: Dialog,
    then: impl FnOnce(Answer<Vec<PathBuf>>) + Send + 'static,
) -> io::Result<()> {
    // Made on the window's thread, as macOS wants it.
    let chosen = is_there().then(|| dialog.pick_files());
    apart(move || {
        then(match chosen {
            Some(chosen) => Answer::of(
                pollster::block_on(chosen)
                    .map(|files| files.iter().map(|file| file.path().to_owned()).collect()),
            ),
            None => Answer::NoDialog,
        });
    })
}

/// Lets the agent choose one file.
pub fn pick_file(dialog: Dialog, then: impl FnOnce(Answer<PathBuf>) + Send + 'static) -> io::Result<()> {
    let chosen = is_there().then(|| dialog.pick_file());
    apart(move || {
        then(match chosen {
            Some(chosen) => Answer::of(pollster::block_on(chosen).map(|file| file.path().to_owned())),
            None => Answer::NoDialog,
        });
    })
}

/// Lets the agent choose where to save a file of that name. Waits: not for a thread that somebody waits for.
#[must_use]
pub fn save_file(name: &str) -> Answer<PathBuf> {
    if !is_there() {
        return Answer::NoDialog;
    }
    let chosen = Dialog::new().set_title("Save as").set_file_name(name).save_file();
    Answer::of(pollster::block_on(chosen).map(|file| file.path().to_owned()))
}

fn apart(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name("dialog".to_owned()).spawn(work).map(drop)
}

/// Whether the system has dialogs. Windows and macOS have them; elsewhere they come from the desktop's portal or Zenity,
/// and without either a dialog that never opens can't be told from one that was closed.
fn is_there() -> bool {
    if cfg!(any(windows, target_os = "macos")) {
        return true;
    }
    let list = |name: &str, usual: &str| env::var_os(name).unwrap_or_else(|| usual.into());
    let has = |list: &OsString, file: &str| env::split_paths(list).any(|folder| folder.join(file).is_file());
    let data = list("XDG_DATA_DIRS", "/usr/local/share:/usr/share");
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(|folder| Path::new(&folder).join("bus"));
    let bus = env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some() || runtime.is_some_and(|bus| bus.exists());
    (bus && has(&data, "dbus-1/services/org.freedesktop.portal.Desktop.service"))
        || has(&list("PATH", ""), "zenity")
}
