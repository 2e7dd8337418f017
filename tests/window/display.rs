//! A desktop of our own: a virtual display with a window manager, and hands and eyes for the windows on it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    picture::Picture,
    process::{Running, must, run},
    wait::until,
};

/// Room for the program's window with its frame, and for another window beside it.
const SIZE: &str = "1900x1000x24";

/// A virtual display. Programs on it must be declared before it, to be ended first.
pub(crate) struct Display {
    name: String,
    /// An empty home: nothing of the person at this machine, no session bus, no keyring, no settings.
    home: PathBuf,
    _manager: Running,
    _server: Running,
}

/// A window on the display.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Window(String);

impl Display {
    pub(crate) fn start(folder: &Path) -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"]);
        let mut server = Running::start("xvfb", command.stdout(Stdio::piped()), folder);
        let mut number = String::new();
        let pipe = server.child().stdout.take().expect("is piped");
        BufReader::new(pipe).read_line(&mut number).expect("Xvfb can be read");
        assert!(!number.trim().is_empty(), "Xvfb does not start");
        let (name, home) = (format!(":{}", number.trim()), folder.join("home"));
        fs::create_dir_all(home.join("runtime")).expect("a folder can be made");
        let mut command = Command::new("openbox");
        at_home(command.arg("--sm-disable"), &home).env("DISPLAY", &name);
        let manager = Running::start("openbox", &mut command, folder);
        let display = Self { name, home, _manager: manager, _server: server };
        // Openbox says that it is there before it acts on anything; so it is asked for something that can be seen.
        until("openbox acts", 60, || {
            display.xdotool(&["set_num_desktops", "1"]);
            display.xdotool(&["get_num_desktops"]).filter(|count| count.trim() == "1")
        });
        display
    }

    /// A program on this display.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        at_home(&mut command, &self.home).env("DISPLAY", &self.name);
        command
    }

    fn xdotool(&self, arguments: &[&str]) -> Option<String> {
        let output = run(self.command("xdotool").args(arguments), b"")?;
        Some(String::from_utf8_lossy(&output).into_owned())
    }

    /// The visible window with this title, when it is there.
    pub(crate) fn window(&self, title: &str) -> Window {
        until(&format!("a window {title:?} opens"), 60, || self.find(title)).0
    }

    /// The visible window with this title, if it is there.
    pub(crate) fn find(&self, title: &str) -> Option<Window> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", title])?;
        found.lines().next().map(|id| Window(id.to_owned()))
    }

    /// What stands in a window's title bar.
    pub(crate) fn title(&self, window: &Window) -> String {
        must(self.command("xdotool").args(["getwindowname", &window.0])).trim().to_owned()
    }

    /// Where on the display a window is, and how large.
    pub(crate) fn place(&self, window: &Window) -> Vec<String> {
        let said = must(self.command("xwininfo").args(["-id", &window.0]));
        let parts = ["Absolute upper-left", "Width:", "Height:"];
        let lines = said.lines().filter(|line| parts.iter().any(|part| line.contains(part)));
        lines.map(|line| line.trim().to_owned()).collect()
    }

    /// Lets the window manager ask a window to close.
    pub(crate) fn close(&self, window: &Window) {
        self.focus(window);
        self.press("alt+F4");
    }

    pub(crate) fn has_focus(&self, window: &Window) -> bool {
        self.xdotool(&["getactivewindow"]).is_some_and(|id| id.trim() == window.0)
    }

    /// As by a click on the taskbar.
    pub(crate) fn focus(&self, window: &Window) {
        until(&format!("{window:?} gets the focus"), 10, || {
            if !self.has_focus(window) {
                self.xdotool(&["windowactivate", &window.0]);
            }
            self.has_focus(window).then_some(())
        });
    }

    /// Makes room for another window beside this one.
    pub(crate) fn move_to_corner(&self, window: &Window) {
        self.move_to(window, (0, 0));
    }

    /// Moves a window, with its frame.
    pub(crate) fn move_to(&self, window: &Window, (x, y): (usize, usize)) {
        let (x, y) = (x.to_string(), y.to_string());
        must(self.command("xdotool").args(["windowmove", &window.0, &x, &y]));
    }

    /// A click at a place of the window, in its pixels.
    pub(crate) fn click(&self, window: &Window, at: (usize, usize)) {
        self.click_with("1", window, at);
    }

    /// Two clicks, one right after the other.
    pub(crate) fn double_click(&self, window: &Window, (x, y): (usize, usize)) {
        let (x, y) = (x.to_string(), y.to_string());
        let place = ["mousemove", "--window", &window.0, &x, &y];
        let clicks = ["click", "--repeat", "2", "--delay", "60", "1"];
        must(self.command("xdotool").args(place).args(clicks));
    }

    /// A click with the other button.
    pub(crate) fn right_click(&self, window: &Window, at: (usize, usize)) {
        self.click_with("3", window, at);
    }

    fn click_with(&self, button: &str, window: &Window, (x, y): (usize, usize)) {
        let (x, y) = (x.to_string(), y.to_string());
        must(self.command("xdotool").args(["mousemove", "--window", &window.0, &x, &y, "click", button]));
    }

    /// Types to whatever has the focus.
    pub(crate) fn type_text(&self, text: &str) {
        must(self.command("xdotool").args(["type", "--delay", "8", "--", text]));
    }

    /// Presses a key, by the name X has for it.
    pub(crate) fn press(&self, key: &str) {
        must(self.command("xdotool").args(["key", "--clearmodifiers", "--", key]));
    }

    /// What a taskbar reads of a window: its `WM_HINTS` and its `_NET_WM_STATE`.
    pub(crate) fn hints(&self, window: &Window) -> Hints {
        let said = must(self.command("xprop").args(["-id", &window.0, "WM_HINTS", "_NET_WM_STATE"]));
        Hints {
            urgent: said.contains("urgency hint bit is set"),
            demands_attention: said.contains("_NET_WM_STATE_DEMANDS_ATTENTION"),
        }
    }

    /// How the window looks now.
    pub(crate) fn picture(&self, window: &Window) -> Picture {
        let taken = run(self.command("import").args(["-window", &window.0, "-depth", "8", "ppm:-"]), b"");
        Picture::read(&taken.expect("a window's picture can be taken"))
    }
}

/// How a window asks for attention.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Hints {
    /// The urgency bit of `WM_HINTS`; the program's own to set and to clear.
    pub(crate) urgent: bool,
    /// The state that the window manager shows in a taskbar, and takes away itself once the window has the focus.
    pub(crate) demands_attention: bool,
}

fn at_home<'a>(command: &'a mut Command, home: &Path) -> &'a mut Command {
    for variable in ["WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "WAXWING_CONFIG", "WAXWING_LOG"] {
        command.env_remove(variable);
    }
    for (variable, place) in [
        ("HOME", ""),
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_STATE_HOME", ".local/state"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_RUNTIME_DIR", "runtime"),
    ] {
        command.env(variable, home.join(place));
    }
    command
}
