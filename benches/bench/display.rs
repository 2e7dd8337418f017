//! A virtual display with a window manager, by the same script that the tour and the window's tests use, and programs on it
//! whose log is read as it comes.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Read},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::Duration,
};

use tokio::time::Instant;

use crate::kit::{
    programs,
    wait::{PATIENCE, now},
};

/// Starts the display, says what programs on it need to know, and ends it when its standard input ends.
const SCRIPT: &str = "set -euo pipefail
. scripts/virtual-display.sh
display_start 1600x1000
env -0 | grep -zE '^(DISPLAY|HOME|XDG_[A-Z_]*)=' | tr '\\0' '\\n'
echo
cat >/dev/null";

/// A running display.
pub(crate) struct Display {
    script: Child,
    /// Held open as long as the display is wanted.
    wanted: Option<ChildStdin>,
    environment: BTreeMap<String, String>,
}

impl Display {
    pub(crate) fn start() -> Self {
        let mut script = Command::new("bash")
            .args(["-c", SCRIPT])
            .current_dir(programs::project())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash runs");
        let output = BufReader::new(script.stdout.take().expect("is piped"));
        let lines = output.lines().map_while(Result::ok).take_while(|line| !line.is_empty());
        let environment: BTreeMap<_, _> = lines
            .filter_map(|line| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())))
            .collect();
        assert!(environment.contains_key("DISPLAY"), "the virtual display does not start");
        let wanted = script.stdin.take();
        Self { script, wanted, environment }
    }

    /// Starts a program on it.
    pub(crate) fn run(&self, program: &Path, settings: &[(&str, &str)]) -> Window {
        let mut command = Command::new(program);
        command.envs(&self.environment).envs(settings.iter().copied());
        command.env("NO_COLOR", "1").env_remove("WAYLAND_DISPLAY").env_remove("DBUS_SESSION_BUS_ADDRESS");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let began = now();
        let mut child = command.spawn().expect("the program runs");
        let lines = read(child.stderr.take().expect("is piped"));
        Window { child, began, lines }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        drop(self.wanted.take());
        self.script.wait().expect("is our child");
    }
}

/// Reads lines on a thread of their own; each with the moment at which it came.
fn read(from: impl Read + Send + 'static) -> Receiver<(Instant, String)> {
    let (tell, lines) = channel();
    let read = move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if tell.send((now(), line)).is_err() {
                break;
            }
        }
    };
    std::thread::Builder::new().name("log".to_owned()).spawn(read).expect("there is room for a thread");
    lines
}

/// A program with a window. Dropped, it is killed.
pub(crate) struct Window {
    child: Child,
    began: Instant,
    lines: Receiver<(Instant, String)>,
}

impl Window {
    /// The moment at which a line with these words comes.
    pub(crate) fn says(&self, words: &str) -> Instant {
        let mut heard = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok((at, line)) if line.contains(words) => return at,
                Ok((_, line)) => heard.push(line),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("waited in vain for {words:?}; it said {heard:#?}")
                }
            }
        }
    }

    /// How long its first frame took from the start of the process.
    pub(crate) fn first_frame(&self) -> Duration {
        self.says("first frame") - self.began
    }

    /// Its resident memory in megabytes.
    pub(crate) fn memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("has memory");
        let kilobytes: u32 = line.trim().trim_end_matches(" kB").parse().expect("is a number");
        f64::from(kilobytes) / 1024.0
    }

    /// How much of one core it has used since its start, in hundredths of a second.
    pub(crate) fn ticks(&self) -> u32 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("it runs");
        let (_, after_name) = stat.rsplit_once(')').expect("has a name");
        let of = |at: usize| -> u32 {
            after_name.split_whitespace().nth(at).and_then(|ticks| ticks.parse().ok()).expect("is a number")
        };
        of(11) + of(12)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.child.kill().expect("is our child");
        self.child.wait().expect("is our child");
    }
}
