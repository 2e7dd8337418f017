//! What an operator can set: defaults, then `gateway.toml`, then `WAXWING_GATEWAY_…`, then flags of the command line.
//!
//! Every complaint is one line that names the option and the cause. No secret is an option: secrets belong to numbers.

use std::{
    ffi::OsString,
    fmt,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use reqwest::Url;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::{
    app::LONGEST_POLL_WAIT,
    handling::phones::Phones,
    limits::Limits,
    outbox::OutboxOptions,
    rules::{SessionRules, WorkbinRule, WrapUpRules, workbins},
    templates::TemplatesOptions,
    whatsapp::{
        cloud_api::{CloudApiOptions, is_loopback},
        hosts::Hosts,
    },
};

/// What each environment variable of ours begins with.
const PREFIX: &str = "WAXWING_GATEWAY_";

/// In which form the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs, an object a line.
    Json,
}

/// How much is written to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// Faults only.
    Error,
    /// And what may become one.
    Warn,
    /// And what happens.
    Info,
    /// And how.
    Debug,
    /// Everything.
    Trace,
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        })
    }
}

/// Everything that can be set. `config/gateway.toml` says what each is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen for desktops and webhooks.
    pub listen: SocketAddr,
    /// Under which address the world reaches `listen`; may be empty.
    pub public_url: String,
    /// From which addresses reverse proxies call, separated by commas; may be empty.
    pub trusted_proxies: String,
    /// Where the database lies.
    pub data_folder: PathBuf,
    /// Where copies of the files of messages lie; in a folder `media` in `data_folder` while empty.
    pub media_folder: PathBuf,
    /// From which hosts WhatsApp's files are fetched, separated by commas; `*.` stands for any names before.
    pub media_hosts: String,
    /// Where the Graph API is: https, or http to this machine.
    pub graph_url: String,
    /// Which version of it, such as `v26.0`.
    pub graph_version: String,
    /// How long to wait for a connection: 1 to 60.
    pub graph_connect_seconds: u64,
    /// How long to wait for a call: 1 to 120.
    pub graph_request_seconds: u64,
    /// How long a poll waits at most: 1 to 50.
    pub poll_wait_seconds: u64,
    /// When a sign-in ends in any case: 1 to 720.
    pub token_life_hours: u32,
    /// When a sign-in ends that is not used: 1 to 43200.
    pub token_idle_minutes: u32,
    /// How many messages are on their way at once: 1 to 256.
    pub outbox_in_flight: u32,
    /// How long a message whose answer got lost waits for a status: 1 to 86400.
    pub outbox_status_wait_seconds: u64,
    /// How often a number that can't send is tried: 1 to 86400.
    pub outbox_probe_seconds: u64,
    /// How often the templates of notifications are asked for: 1 to 10080.
    pub templates_refresh_minutes: u64,
    /// Of which country phone numbers without a country code are, by its two letters; of none while empty.
    pub default_country: String,
    /// Which files may come and go.
    pub attachments: Limits,
    /// How sessions go.
    pub sessions: SessionRules,
    /// How work ends.
    pub wrap_up: WrapUpRules,
    /// Which workbins there are beside each agent's own.
    pub workbins: Vec<WorkbinRule>,
    /// Where to answer `GET /metrics`; off while empty.
    pub metrics_listen: String,
    /// How much is logged.
    pub log_level: LogLevel,
    /// In which form.
    pub log_format: LogFormat,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8480)),
            public_url: String::new(),
            trusted_proxies: String::new(),
            data_folder: PathBuf::from("waxwing-data"),
            media_folder: PathBuf::new(),
            media_hosts: "lookaside.fbsbx.com, *.fbcdn.net, *.whatsapp.net".to_owned(),
            graph_url: "https://graph.facebook.com".to_owned(),
            graph_version: "v26.0".to_owned(),
            graph_connect_seconds: 10,
            graph_request_seconds: 30,
            poll_wait_seconds: LONGEST_POLL_WAIT.as_secs(),
            token_life_hours: 12,
            token_idle_minutes: 30,
            outbox_in_flight: 16,
            outbox_status_wait_seconds: 600,
            outbox_probe_seconds: 300,
            templates_refresh_minutes: 60,
            default_country: String::new(),
            attachments: Limits::default(),
            sessions: SessionRules::default(),
            wrap_up: WrapUpRules::default(),
            workbins: Vec::new(),
            metrics_listen: String::new(),
            log_level: LogLevel::Info,
            log_format: LogFormat::Text,
        }
    }
}

/// What is wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {cause}")]
pub struct ConfigError {
    /// Which option, or which file.
    pub key: String,
    /// What is wrong, in one line.
    pub cause: String,
}

impl ConfigError {
    fn new(key: impl Into<String>, cause: impl fmt::Display) -> Self {
        let cause = cause.to_string().trim().replace('\n', " ");
        Self { key: key.into(), cause }
    }
}

impl Config {
    /// Reads the file, if there is one, then what `variable` and `flags` say, and checks everything.
    pub fn load(
        file: Option<&Path>,
        variable: impl Fn(&str) -> Option<String>,
        flags: &[(&str, Option<String>)],
    ) -> Result<Self, ConfigError> {
        let mut table = Table::new();
        if let Some(path) = file {
            let refused = |cause: &dyn fmt::Display| ConfigError::new(path.display().to_string(), cause);
            let text = std::fs::read_to_string(path).map_err(|error| refused(&error))?;
            table = text.parse::<Table>().map_err(|error| {
                let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
                refused(&format!("line {line}: {}", error.message()))
            })?;
        }
        for (key, default) in Self::defaults() {
            let flag = flags.iter().find(|(of, _)| *of == key).and_then(|(_, text)| text.clone());
            let given = flag.or_else(|| variable(&format!("{PREFIX}{}", key.to_uppercase())));
            if let Some(text) = given {
                table.insert(key, value_like(&default, text));
            }
        }
        let config = Self::read(table)?;
        config.check()?;
        Ok(config)
    }

    /// All options with their defaults.
    fn defaults() -> Table {
        Table::try_from(Self::default()).expect("numbers and texts can be written as TOML")
    }

    /// Reads each option by itself first, so that a complaint names it.
    fn read(table: Table) -> Result<Self, ConfigError> {
        for (key, value) in &table {
            let alone = Table::from_iter([(key.clone(), value.clone())]);
            alone.try_into::<Self>().map_err(|error| {
                let unknown = !Self::defaults().contains_key(key);
                let cause = if unknown { "there is no such option" } else { error.message() };
                ConfigError::new(key, cause)
            })?;
        }
        table.try_into().map_err(|error: toml::de::Error| ConfigError::new("configuration", error.message()))
    }

    fn check(&self) -> Result<(), ConfigError> {
        let ranges = [
            ("graph_connect_seconds", self.graph_connect_seconds, 60),
            ("graph_request_seconds", self.graph_request_seconds, 120),
            ("poll_wait_seconds", self.poll_wait_seconds, LONGEST_POLL_WAIT.as_secs()),
            ("token_life_hours", u64::from(self.token_life_hours), 720),
            ("token_idle_minutes", u64::from(self.token_idle_minutes), 43_200),
            ("outbox_in_flight", u64::from(self.outbox_in_flight), 256),
            ("outbox_status_wait_seconds", self.outbox_status_wait_seconds, 86_400),
            ("outbox_probe_seconds", self.outbox_probe_seconds, 86_400),
            ("templates_refresh_minutes", self.templates_refresh_minutes, 10_080),
        ];
        for (key, value, most) in ranges {
            if !(1..=most).contains(&value) {
                return Err(ConfigError::new(key, format!("{value} is not between 1 and {most}")));
            }
        }
        self.graph_address()?;
        let version = self.graph_version.strip_prefix('v').and_then(|number| number.split_once('.'));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !version.is_some_and(|(major, minor)| digits(major) && digits(minor)) {
            return Err(ConfigError::new("graph_version", "is not of the form v26.0"));
        }
        if !self.public_url.is_empty() && !self.public_url.starts_with("https://") {
            return Err(ConfigError::new("public_url", "Meta posts webhooks to https addresses only"));
        }
        self.proxies()?;
        self.media_hosts()?;
        self.phones()?;
        self.attachments.check().map_err(|cause| ConfigError::new("attachments", cause))?;
        self.sessions.check().map_err(|cause| ConfigError::new("sessions", cause))?;
        self.wrap_up.check().map_err(|cause| ConfigError::new("wrap_up", cause))?;
        workbins::check(&self.workbins).map_err(|cause| ConfigError::new("workbins", cause))?;
        self.metrics_address().map(drop)
    }

    /// Whose word about where a call comes from is taken.
    pub fn proxies(&self) -> Result<Vec<IpAddr>, ConfigError> {
        let addresses = self.trusted_proxies.split(',').map(str::trim).filter(|text| !text.is_empty());
        let read = |text: &str| {
            let address = text.parse::<IpAddr>();
            address.map_err(|error| ConfigError::new("trusted_proxies", format!("{text}: {error}")))
        };
        addresses.map(read).collect()
    }

    /// How phone numbers are read.
    pub fn phones(&self) -> Result<Phones, ConfigError> {
        Phones::of(&self.default_country).map_err(|cause| ConfigError::new("default_country", cause))
    }

    /// Refuses variables of ours that say nothing: a misspelt one would be missed without a word.
    pub fn check_variables(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<(), ConfigError> {
        let known = Self::defaults();
        for (name, value) in variables {
            let name = name.to_string_lossy().to_uppercase();
            let Some(key) = name.strip_prefix(PREFIX) else { continue };
            // With which file to read, the command line deals.
            if key != "CONFIG" && !known.contains_key(&key.to_lowercase()) {
                return Err(ConfigError::new(name, "there is no such option"));
            }
            if value.to_str().is_none() {
                return Err(ConfigError::new(name, "is not Unicode"));
            }
        }
        Ok(())
    }

    fn graph_address(&self) -> Result<Url, ConfigError> {
        let url = Url::parse(&self.graph_url).map_err(|error| ConfigError::new("graph_url", error))?;
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_loopback(&url) => Ok(url),
            "http" => Err(ConfigError::new("graph_url", "plain http is only for this machine: use https")),
            _ => Err(ConfigError::new("graph_url", "is not an https address")),
        }
    }

    /// Where metrics are answered, if anywhere.
    pub fn metrics_address(&self) -> Result<Option<SocketAddr>, ConfigError> {
        if self.metrics_listen.is_empty() {
            return Ok(None);
        }
        self.metrics_listen.parse().map(Some).map_err(|error| ConfigError::new("metrics_listen", error))
    }

    /// The database file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data_folder.join("waxwing.db")
    }

    /// The folder of files.
    #[must_use]
    pub fn files(&self) -> PathBuf {
        if self.media_folder.as_os_str().is_empty() {
            self.data_folder.join("media")
        } else {
            self.media_folder.clone()
        }
    }

    /// Where WhatsApp's files may be fetched from.
    pub fn media_hosts(&self) -> Result<Hosts, ConfigError> {
        let hosts = Hosts::read(&self.media_hosts, &self.graph_address()?);
        hosts.map_err(|error| ConfigError::new("media_hosts", error))
    }

    /// How the Graph API is called.
    pub fn cloud_api(&self) -> Result<CloudApiOptions, ConfigError> {
        Ok(CloudApiOptions {
            url: self.graph_address()?,
            version: self.graph_version.clone(),
            connect_timeout: Duration::from_secs(self.graph_connect_seconds),
            request_timeout: Duration::from_secs(self.graph_request_seconds),
        })
    }

    /// How often templates are asked for.
    #[must_use]
    pub fn templates(&self) -> TemplatesOptions {
        let every = Duration::from_secs(self.templates_refresh_minutes * 60);
        TemplatesOptions { every, ..TemplatesOptions::default() }
    }

    /// How the outbox behaves.
    #[must_use]
    pub const fn outbox(&self) -> OutboxOptions {
        OutboxOptions {
            in_flight: self.outbox_in_flight,
            status_wait: Duration::from_secs(self.outbox_status_wait_seconds),
            probe_every: Duration::from_secs(self.outbox_probe_seconds),
        }
    }
}

/// A text from outside the file as a value: a number where the option is one and the text reads as one, a table or list likewise.
fn value_like(default: &Value, text: String) -> Value {
    let read = match default {
        Value::Integer(_) => text.parse().ok().map(Value::Integer),
        Value::Table(_) | Value::Array(_) => {
            format!("table = {text}").parse::<Table>().ok().and_then(|mut read| read.remove("table"))
        }
        _ => None,
    };
    read.unwrap_or(Value::String(text))
}

#[cfg(test)]
mod tests;
