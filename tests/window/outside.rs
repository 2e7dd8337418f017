//! Files of the world outside: those that the customer sends and gets, and stand-ins for the programs that the desktop
//! starts, which write down how they were called.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    process::{must, run},
    scene::{CONTACT, Scene},
    wait::until,
};

/// A file as a customer sends it.
pub(crate) struct Sent<'a> {
    /// As what: `image`, `document`.
    pub(crate) kind: &'a str,
    /// What it is declared to be.
    pub(crate) mime: &'a str,
    /// What it is called, if it is called something.
    pub(crate) name: Option<&'a str>,
    /// What it is.
    pub(crate) bytes: &'a [u8],
}

/// How a stand-in was called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Call {
    /// The folder it was started in.
    pub(crate) folder: String,
    /// The variables it got that have a say in which libraries a program loads.
    pub(crate) libraries: String,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
}

impl Scene {
    /// The customer sends a file.
    pub(crate) fn customer_sends(&self, file: &Sent<'_>) {
        let send = json!({"contact": CONTACT, "kind": file.kind, "file_name": file.name});
        let order = json!({"mime": file.mime, "base64": STANDARD.encode(file.bytes), "send": send});
        let path = self.path("file.json");
        fs::write(&path, order.to_string()).expect("a file can be written");
        let mut command = curl();
        command.args(["--header", "Content-Type: application/json", "--data-binary"]);
        command.arg(format!("@{}", path.display()));
        must(command.arg(format!("{}/control/media", self.simulator_url)));
    }

    /// The bodies of all messages that WhatsApp was asked to send, in order.
    fn sent(&self) -> Vec<Value> {
        let said = run(curl().arg(format!("{}/control/sent", self.simulator_url)), b"");
        let requests: Vec<Value> =
            serde_json::from_slice(&said.expect("the simulator answers")).expect("JSON");
        requests.into_iter().map(|mut request| request["body"].take()).collect()
    }

    /// The types of all messages that WhatsApp was asked to send, in order.
    pub(crate) fn order(&self) -> Vec<String> {
        self.sent().iter().filter_map(|body| body["type"].as_str().map(str::to_owned)).collect()
    }

    /// What is told of the file in each message of a type that WhatsApp was asked to send, in order.
    pub(crate) fn received_as(&self, kind: &str) -> Vec<Value> {
        let bodies = self.sent().into_iter().filter(|body| body["type"] == kind);
        bodies.map(|mut body| body[kind].take()).collect()
    }

    /// Waits until so many messages of a type are at WhatsApp.
    #[track_caller]
    pub(crate) fn until_received_as(&self, kind: &str, count: usize, seconds: u64) -> Vec<Value> {
        let what = format!("{count} messages of type {kind} are at WhatsApp");
        let received = || Some(self.received_as(kind)).filter(|all| all.len() >= count);
        let (all, _) = until(&what, seconds, received);
        assert_eq!(all.len(), count, "{kind}: more were sent");
        all
    }

    /// The bytes of a file that WhatsApp was given, from the part of a message that names it.
    pub(crate) fn bytes_of(&self, part: &Value) -> Vec<u8> {
        let id = part["id"].as_str().expect("it is named by its id");
        let address = format!("{}/control/media/{id}", self.simulator_url);
        run(curl().arg(address), b"").expect("WhatsApp has the file")
    }

    /// Puts a program of this name before all others that the desktop finds; it writes down how it is called and then says
    /// what [`Scene::lets_say`] lets it.
    pub(crate) fn stand_in(&self, program: &str) {
        let path = self.programs().join(program);
        fs::create_dir_all(self.programs()).expect("a folder can be made");
        let (calls, words) = (self.calls_of(program), self.words_of(program));
        fs::write(&words, "").expect("a file can be written");
        let script = format!(
            "#!/bin/sh\nprintf '%s\\0' \"$PWD\" \"$(env | grep '^LD_')\" \"$#\" \"$@\" >>'{}'\ncat '{}'\n",
            calls.display(),
            words.display()
        );
        fs::write(&path, script).expect("a file can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be made a program");
    }

    /// What a stand-in says from now on.
    pub(crate) fn lets_say(&self, program: &str, words: &str) {
        fs::write(self.words_of(program), words).expect("a file can be written");
    }

    /// How a stand-in was called so far.
    pub(crate) fn calls(&self, program: &str) -> Vec<Call> {
        let written = fs::read(self.calls_of(program)).unwrap_or_default();
        let whole = written.iter().rposition(|byte| *byte == 0).map_or(0, |last| last + 1);
        let fields = written[..whole].split_inclusive(|byte| *byte == 0);
        let mut fields = fields
            .map(|field| String::from_utf8(field[..field.len() - 1].to_vec()).expect("arguments are UTF-8"));
        let mut calls = Vec::new();
        while let (Some(folder), Some(libraries), Some(count)) = (fields.next(), fields.next(), fields.next())
        {
            let count = count.parse().expect("a number of arguments");
            let arguments: Vec<String> = fields.by_ref().take(count).collect();
            if arguments.len() == count {
                calls.push(Call { folder, libraries, arguments });
            }
        }
        calls
    }

    /// Waits until a stand-in was called so often; it must not have been more often.
    #[track_caller]
    pub(crate) fn until_called(&self, program: &str, times: usize) -> Call {
        let called = || Some(self.calls(program)).filter(|calls| calls.len() >= times);
        let (mut calls, _) = until(&format!("{program} is called"), 20, called);
        assert_eq!(calls.len(), times, "{program} was called more often: {calls:?}");
        calls.pop().expect("it was called")
    }

    /// The folder of stand-ins.
    pub(crate) fn programs(&self) -> PathBuf {
        self.path("programs")
    }

    fn calls_of(&self, program: &str) -> PathBuf {
        self.path(&format!("{program}.calls"))
    }

    fn words_of(&self, program: &str) -> PathBuf {
        self.path(&format!("{program}.words"))
    }
}

/// The rights of a file, as `chmod` has them.
pub(crate) fn rights(path: &Path) -> u32 {
    fs::metadata(path).expect("the file is there").permissions().mode() & 0o7777
}

pub(crate) fn curl() -> Command {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--fail", "--max-time", "20"]);
    command
}
