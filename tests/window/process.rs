//! Programs beside the test: started, asked, stopped in their tracks, and ended whatever happens.
//!
//! They stay in the test's own process group, so that Ctrl+C in a terminal ends them, too.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use crate::wait::until;

/// A program that runs until it is ended or dropped.
pub(crate) struct Running {
    child: Child,
    name: String,
    log: PathBuf,
}

impl Running {
    /// Starts it; what it says goes to `NAME.log` in `logs`, after what is there.
    pub(crate) fn start(name: &str, command: &mut Command, logs: &Path) -> Self {
        let log = logs.join(format!("{name}.log"));
        let file = File::options().create(true).append(true).open(&log).expect("a log can be written");
        if command.get_args().all(|argument| argument != "-displayfd") {
            command.stdout(file.try_clone().expect("a file can be opened twice"));
        }
        command.stdin(Stdio::null()).stderr(file);
        let child = command.spawn().unwrap_or_else(|error| missing(command, &error));
        Self { child, name: name.to_owned(), log }
    }

    pub(crate) const fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// What it has said so far.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// `STOP` and `CONT`: it stands still, as on a machine that hangs, and goes on.
    pub(crate) fn signal(&self, signal: &str) {
        let order = format!("kill -{signal} {}", self.child.id());
        run(Command::new("sh").args(["-c", &order]), b"").expect("a child can be signalled");
    }

    /// Ends it as the operating system would when memory runs out.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // One that has ended by itself is fine.
        self.child.kill().unwrap_or_default();
        self.child.wait().map(drop).unwrap_or_default();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
        if std::thread::panicking() {
            let said = self.said();
            let lines: Vec<&str> = said.lines().collect();
            let from = lines.len().saturating_sub(40);
            eprintln!("--- the end of what {} said\n{}", self.name, lines[from..].join("\n"));
        }
    }
}

/// Runs a program to its end; what it wrote to standard output if it succeeded.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Option<Vec<u8>> {
    let output = run_whole(command, input);
    output.status.success().then_some(output.stdout)
}

/// Runs a program that has to succeed.
#[track_caller]
pub(crate) fn must(command: &mut Command) -> String {
    let output = run_whole(command, b"");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} fails: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn run_whole(command: &mut Command, input: &[u8]) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| missing(command, &error));
    // Dropped at once, so that the program sees the end of its input; one that does not read it has ended.
    let mut pipe = child.stdin.take().expect("is piped");
    pipe.write_all(input).unwrap_or_default();
    drop(pipe);
    child.wait_with_output().expect("a child can be waited for")
}

fn missing(command: &Command, error: &std::io::Error) -> ! {
    let program = command.get_program().to_string_lossy().into_owned();
    let why = match error.kind() {
        ErrorKind::NotFound => {
            "is missing here; `scripts/system-packages.sh window` installs it, as `make test` does"
        }
        _ => "can't be started",
    };
    panic!("{program} {why} ({error})");
}

/// A port of this machine that nobody listens on now.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("has an address").port()
}

/// Waits until a server answers at `url`.
#[track_caller]
pub(crate) fn answers(url: &str) {
    until(&format!("{url} answers"), 30, || {
        run(Command::new("curl").args(["--silent", "--fail", "--max-time", "2", url]), b"")
    });
}
