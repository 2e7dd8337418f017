//! A gateway with a folder of its own: set up by its own commands, started, killed, started again.
//!
//! Each start is a process group of its own. Who answers is known: the address comes from the log of that very process,
//! which names it only once it has got the port.

use std::{
    fs::{self, File},
    net::SocketAddr,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use tempfile::TempDir;
use waxwing_gateway::simulator::SimulatorConfig;

use super::{
    http::{self, Connection},
    programs,
    wait::{PATIENCE, until},
};

/// What the agent signs in with.
pub(crate) const USER_NAME: &str = "ana";
/// Their password.
pub(crate) const PASSWORD: &str = "a long walk on a grey beach";

/// Any free port of this machine.
pub(crate) const ANY_PORT: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// Folder, program and settings of a gateway.
pub(crate) struct House {
    folder: TempDir,
    program: PathBuf,
    settings: Vec<(String, String)>,
    starts: AtomicUsize,
}

impl House {
    /// With one number, the simulator's, and one agent. `settings` are those of the configuration file.
    pub(crate) fn set_up(program: &Path, settings: &[(&str, &str)]) -> Self {
        let settings = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let house = Self {
            folder: programs::folder(),
            program: program.to_owned(),
            settings: settings.collect(),
            starts: AtomicUsize::new(0),
        };
        let number = SimulatorConfig::sample(String::new());
        let secret = |name: &str, text: &str| {
            let path = house.folder.path().join(name);
            fs::write(&path, text).expect("can be written");
            path.to_string_lossy().into_owned()
        };
        let (token, app_secret) = (secret("token", &number.token), secret("secret", &number.app_secret));
        let (verify, password) = (secret("verify", "verify"), secret("password", PASSWORD));
        let add = ["number", "add", "--display-number", "+1 555 078 3881"];
        let ids = ["--phone-number-id", &number.phone_number_id, "--account-id", &number.account_id];
        let files =
            ["--token-file", &token, "--app-secret-file", &app_secret, "--verify-token-file", &verify];
        house.command(&[&add[..], &ids, &files].concat());
        house.command(&["agent", "add", USER_NAME, "--capacity", "100", "--password-file", &password]);
        house
    }

    fn command(&self, arguments: &[&str]) {
        let status = self.program().args(arguments).stdout(Stdio::null()).status().expect("the gateway runs");
        assert!(status.success(), "{arguments:?}: {status}");
    }

    fn program(&self) -> Command {
        let mut program = Command::new(&self.program);
        program.env_remove("WAXWING_GATEWAY_CONFIG").env("WAXWING_GATEWAY_DATA_FOLDER", self.folder.path());
        for (key, value) in &self.settings {
            program.env(format!("WAXWING_GATEWAY_{}", key.to_uppercase()), value);
        }
        program.stdin(Stdio::null()).process_group(0);
        program
    }

    /// Where the database lies.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("waxwing.db")
    }

    /// The names of all that lies where files are kept.
    pub(crate) fn files(&self) -> Vec<String> {
        let folders = fs::read_dir(self.folder.path().join("media")).expect("the folder can be read");
        let folders = folders.flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
        let names = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten();
        folders.flat_map(names).map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    /// A file where files are kept.
    pub(crate) fn file(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.path().join("media").join(&name[..2]).join(name)).ok()
    }

    /// How many lines of all logs contain these words.
    pub(crate) fn log_lines(&self, words: &str) -> usize {
        let logs = (0..self.starts.load(Ordering::Relaxed)).map(|number| self.log(number));
        logs.map(|log| fs::read_to_string(log).unwrap_or_default())
            .map(|log| log.lines().filter(|line| line.contains(words)).count())
            .sum()
    }

    fn log(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("gateway-{number}.log"))
    }

    /// Starts the gateway and waits until it says that it can do its work.
    pub(crate) async fn start(&self, listen: SocketAddr) -> Gateway {
        let number = self.starts.fetch_add(1, Ordering::Relaxed);
        let log = self.log(number);
        let file = File::create(&log).expect("a log can be written");
        let mut program = self.program();
        program.args(["serve", "--listen", &listen.to_string()]).stdout(Stdio::null()).stderr(file);
        let mut gateway = Gateway { child: program.spawn().expect("the gateway runs"), address: listen, log };
        gateway.address = until("the gateway serves", PATIENCE, async || gateway.announced()).await;
        let address = gateway.address;
        until("the gateway is ready", PATIENCE, async || {
            let mut connection = Connection::open(address).await.ok()?;
            connection.exchange(&http::get("/v1/ready")).await.is_ok_and(|status| status == 200).then_some(())
        })
        .await;
        assert!(gateway.child.try_wait().expect("is our child").is_none(), "another one answers for it");
        gateway
    }
}

/// A running gateway. Dropped, it is killed.
pub(crate) struct Gateway {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

impl Gateway {
    /// Its address, once it has told it.
    fn announced(&mut self) -> Option<SocketAddr> {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        if let Some(status) = self.child.try_wait().expect("is our child") {
            panic!("the gateway ended at once ({status}): {log}");
        }
        let line = log.lines().find(|line| line.contains("the gateway serves"))?;
        line.split("listen=").nth(1)?.split(' ').next()?.parse().ok()
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// `http://…`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Kills it as the system does when memory is short; returns when it is gone.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("is our child");
        self.child.wait().expect("is our child");
    }

    /// The lines of its log that tell of a fault.
    pub(crate) fn faults(&self) -> Vec<String> {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        log.lines()
            .filter(|line| line.contains(" ERROR ") || line.contains("panicked"))
            .map(str::to_owned)
            .collect()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.kill();
    }
}
