//! The settings as types: `config/waxwing.toml` with its comments is the same in words.
//!
//! [`Loaded::load`] puts the layers together: the defaults below, the configuration file, what was chosen in the window, the
//! environment, the command line. A key that does not exist or a value that makes no sense is an error of one line that
//! names it: a setting that is silently ignored would be worse than none.

use std::path::PathBuf;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::desk::{chime::Settings, pending::Thresholds, sound::Speed};

pub mod arguments;
pub mod emoji;
mod file;
pub mod layout;

pub use file::{ConfigError, Loaded};

/// All settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder for what must survive a restart; none is the usual one of this system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_folder: Option<PathBuf>,
    /// Where the gateway is and how to trust it.
    pub gateway: Gateway,
    /// When a pending response turns yellow and red.
    pub pending: Pending,
    /// How the window looks and works.
    pub window: Window,
    /// What is heard.
    pub sounds: Sounds,
    /// What a contact sees of the agent, and how a transcript grows.
    pub conversation: Conversation,
    /// How the files of messages are kept.
    pub files: Files,
    /// What is kept of workbins.
    pub workbins: Workbins,
    /// Which emoji are offered.
    pub emoji: emoji::EmojiSet,
}

/// The settings that the window can change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// When a pending response turns yellow and red.
    pub pending: Pending,
    /// How the window looks and works.
    pub window: Window,
    /// What is heard.
    pub sounds: Sounds,
    /// What a contact sees of the agent, and how a transcript grows.
    pub conversation: Conversation,
}

/// Where the gateway is and how to trust it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gateway {
    /// Its address; plain `http` only on this machine.
    pub url: String,
    /// Certificate (PEM) of a private authority that the gateway's certificate comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// Whether the token may be kept in a file where there is no keyring.
    pub token_file_allowed: bool,
}

impl Default for Gateway {
    fn default() -> Self {
        Self { url: "http://127.0.0.1:8480".to_owned(), ca_file: None, token_file_allowed: false }
    }
}

/// When a pending response turns yellow and red.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pending {
    /// Yellow after so long.
    pub late_after_seconds: u32,
    /// Red and flashing after so long.
    pub overdue_after_seconds: u32,
}

impl Default for Pending {
    fn default() -> Self {
        Self { late_after_seconds: 30, overdue_after_seconds: 50 }
    }
}

/// Colours of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As the system has it.
    #[default]
    System,
}

/// How the window looks and works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Window {
    /// Colours.
    pub theme: Theme,
    /// Size of the text, 0.8 to 2.0.
    pub text_scale: f32,
    /// How dates and times are written, as an IETF language tag (RFC 5646); none is as the system is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// In which languages spelling is checked, as IETF language tags: those of which this system has a Hunspell dictionary
    /// count. None is as the system is set, an empty list checks nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spelling: Option<Vec<String>>,
    /// Whether Enter sends and Shift+Enter begins a line, or the other way round.
    pub enter_sends: bool,
    /// Whether a steady mark replaces everything that flashes or moves.
    pub reduced_motion: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            text_scale: 1.0,
            language: None,
            spelling: None,
            enter_sends: true,
            reduced_motion: false,
        }
    }
}

/// What a contact sees of the agent, and how a transcript grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Conversation {
    /// Whether the contact sees how far the agent has read.
    pub mark_read: bool,
    /// Whether the contact sees that the agent is writing; to WhatsApp that also marks everything as read.
    pub typing: bool,
    /// How many earlier sessions *See older messages…* brings, 1 to 20.
    pub sessions_per_click: u32,
    /// Whether prepared replies are suggested for the contact's last words.
    pub suggestions: bool,
}

impl Default for Conversation {
    fn default() -> Self {
        Self { mark_read: true, typing: true, sessions_per_click: 1, suggestions: true }
    }
}

/// How the files of messages are kept on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    /// The most that all of them may take, in megabytes, 128 or more; what was used least goes first.
    pub cache_mb: u32,
    /// Whether they stay when the agent logs off.
    pub keep_after_log_off: bool,
}

impl Default for Files {
    fn default() -> Self {
        Self { cache_mb: 1024, keep_after_log_off: false }
    }
}

/// What is kept of workbins on this machine, sealed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Workbins {
    /// Whether it stays when the agent logs off.
    pub keep_after_log_off: bool,
}

impl Files {
    /// Says which key holds a value that makes no sense, and why.
    pub fn check(self) -> Result<(), String> {
        // There has to be room for any one file.
        if self.cache_mb < 128 {
            return Err(format!("files.cache_mb ({}) must be at least 128", self.cache_mb));
        }
        Ok(())
    }
}

/// What is heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sounds {
    /// Whether anything is.
    pub enabled: bool,
    /// When an interaction comes.
    pub new_interaction: Sound,
    /// When a contact writes in an interaction that is here already.
    pub new_message: Sound,
    /// How fast voice notes are played.
    pub voice_speed: VoiceSpeed,
}

/// How fast voice notes are played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum VoiceSpeed {
    /// As they were recorded.
    #[default]
    #[serde(rename = "1")]
    Normal,
    /// One and a half times.
    #[serde(rename = "1.5")]
    OneAndAHalf,
    /// Twice.
    #[serde(rename = "2")]
    Double,
}

impl From<Speed> for VoiceSpeed {
    fn from(speed: Speed) -> Self {
        match speed {
            Speed::Normal => Self::Normal,
            Speed::OneAndAHalf => Self::OneAndAHalf,
            Speed::Double => Self::Double,
        }
    }
}

impl From<VoiceSpeed> for Speed {
    fn from(speed: VoiceSpeed) -> Self {
        match speed {
            VoiceSpeed::Normal => Self::Normal,
            VoiceSpeed::OneAndAHalf => Self::OneAndAHalf,
            VoiceSpeed::Double => Self::Double,
        }
    }
}

impl Default for Sounds {
    fn default() -> Self {
        Self {
            enabled: true,
            new_interaction: Sound::default(),
            new_message: Sound::default(),
            voice_speed: VoiceSpeed::default(),
        }
    }
}

/// One sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sound {
    /// A WAV file; none is the built-in sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// How loud, 0 to 1.
    pub volume: f32,
    /// How often, 1 to 10.
    pub repeat: u32,
}

impl Default for Sound {
    fn default() -> Self {
        Self { file: None, volume: 0.8, repeat: 1 }
    }
}

impl Config {
    /// What the desk goes by.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.choices().settings()
    }

    /// What the window can change.
    #[must_use]
    pub fn choices(&self) -> Choices {
        Choices {
            pending: self.pending,
            window: self.window.clone(),
            sounds: self.sounds.clone(),
            conversation: self.conversation,
        }
    }

    /// The same with other choices.
    #[must_use]
    fn with(self, choices: Choices) -> Self {
        let Choices { pending, window, sounds, conversation } = choices;
        Self { pending, window, sounds, conversation, ..self }
    }
}

impl Choices {
    /// What the desk goes by.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let late_after = TimeDelta::seconds(self.pending.late_after_seconds.into());
        let overdue_after = TimeDelta::seconds(self.pending.overdue_after_seconds.into());
        let Conversation { mark_read, typing, sessions_per_click, .. } = self.conversation;
        let thresholds = Thresholds { late_after, overdue_after };
        Settings { thresholds, mark_read, typing, sessions_per_click }
    }

    /// Says which key holds a value that makes no sense, and why.
    pub fn check(&self) -> Result<(), String> {
        let Pending { late_after_seconds: late, overdue_after_seconds: overdue } = self.pending;
        if late == 0 {
            return Err("pending.late_after_seconds must be more than 0".to_owned());
        }
        if overdue <= late {
            return Err(format!(
                "pending.overdue_after_seconds ({overdue}) must be more than pending.late_after_seconds ({late})"
            ));
        }
        if overdue > 3600 {
            return Err(format!("pending.overdue_after_seconds ({overdue}) must be at most 3600"));
        }
        let scale = self.window.text_scale;
        if !(0.8..=2.0).contains(&scale) {
            return Err(format!("window.text_scale ({scale}) must be 0.8 to 2.0"));
        }
        let sessions = self.conversation.sessions_per_click;
        if !(1..=20).contains(&sessions) {
            return Err(format!("conversation.sessions_per_click ({sessions}) must be 1 to 20"));
        }
        check_sound("sounds.new_interaction", &self.sounds.new_interaction)?;
        check_sound("sounds.new_message", &self.sounds.new_message)
    }
}

fn check_sound(key: &str, sound: &Sound) -> Result<(), String> {
    if !(0.0..=1.0).contains(&sound.volume) {
        return Err(format!("{key}.volume ({}) must be 0 to 1", sound.volume));
    }
    if !(1..=10).contains(&sound.repeat) {
        return Err(format!("{key}.repeat ({}) must be 1 to 10", sound.repeat));
    }
    Ok(())
}
