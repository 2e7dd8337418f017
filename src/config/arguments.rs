//! The command line, and the environment variables that stand in for it.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::{Config, Theme};

/// The desktop for agents who answer customers on WhatsApp.
///
/// Every setting comes from the built-in default, then the configuration file, then what was chosen in the window, then the
/// environment, then this command line; the last one wins.
#[derive(Debug, Clone, Default, Parser)]
#[command(name = "waxwing", version)]
pub struct Arguments {
    /// Address of the gateway, such as <https://gateway.example.com>.
    #[arg(long, env = "WAXWING_GATEWAY", value_name = "URL")]
    pub gateway: Option<String>,
    /// Try it out: a gateway and a WhatsApp network in a box, with made-up contacts.
    #[arg(long)]
    pub demo: bool,
    /// Folder for what must survive a restart.
    #[arg(long, env = "WAXWING_DATA", value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// Configuration file.
    #[arg(long, env = "WAXWING_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Certificate (PEM) of a private authority that the gateway's certificate comes from.
    #[arg(long, env = "WAXWING_CA_FILE", value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Whether the token may be kept in a file where there is no keyring.
    #[arg(long, env = "WAXWING_TOKEN_FILE_ALLOWED", value_name = "BOOL", action = ArgAction::Set)]
    pub token_file_allowed: Option<bool>,
    /// Seconds after which a waiting contact's indicator turns yellow.
    #[arg(long, env = "WAXWING_LATE_AFTER", value_name = "SECONDS")]
    pub late_after: Option<u32>,
    /// Seconds after which it turns red and flashes.
    #[arg(long, env = "WAXWING_OVERDUE_AFTER", value_name = "SECONDS")]
    pub overdue_after: Option<u32>,
    /// Colours of the window.
    #[arg(long, env = "WAXWING_THEME", value_enum)]
    pub theme: Option<Theme>,
    /// Size of the text, 0.8 to 2.0.
    #[arg(long, env = "WAXWING_TEXT_SCALE", value_name = "FACTOR")]
    pub text_scale: Option<f32>,
    /// Whether Enter sends and Shift+Enter begins a line, or the other way round.
    #[arg(long, env = "WAXWING_ENTER_SENDS", value_name = "BOOL", action = ArgAction::Set)]
    pub enter_sends: Option<bool>,
    /// Whether a steady mark replaces everything that flashes or moves.
    #[arg(long, env = "WAXWING_REDUCED_MOTION", value_name = "BOOL", action = ArgAction::Set)]
    pub reduced_motion: Option<bool>,
    /// Whether anything is to be heard.
    #[arg(long, env = "WAXWING_SOUNDS", value_name = "BOOL", action = ArgAction::Set)]
    pub sounds: Option<bool>,
    /// What to do instead of opening the window.
    #[command(subcommand)]
    pub task: Option<Task>,
}

/// What to do instead of opening the window.
#[derive(Debug, Clone, Subcommand)]
pub enum Task {
    /// Draw every kind of message and every state as pictures, without a screen.
    Gallery(Gallery),
    /// Look into one file for another Waxwing, apart from everything else.
    #[command(hide = true)]
    Decode {
        /// What is to be done with it.
        job: String,
    },
}

/// What of the gallery is drawn, and where to.
#[derive(Debug, Clone, Args)]
pub struct Gallery {
    /// Folder for the pictures; made if it is not there.
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// Colours of the pictures.
    #[arg(long, value_enum, default_value_t)]
    pub theme: Themes,
    /// Draw this page alone.
    #[arg(long, value_name = "NAME")]
    pub only: Option<String>,
}

/// Which colours are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Themes {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// One picture each.
    #[default]
    Both,
}

impl Arguments {
    /// Writes what was given over `config`.
    pub(super) fn apply(&self, config: &mut Config) {
        put(&mut config.gateway.url, self.gateway.as_ref());
        put(&mut config.gateway.token_file_allowed, self.token_file_allowed.as_ref());
        put(&mut config.pending.late_after_seconds, self.late_after.as_ref());
        put(&mut config.pending.overdue_after_seconds, self.overdue_after.as_ref());
        put(&mut config.window.theme, self.theme.as_ref());
        put(&mut config.window.text_scale, self.text_scale.as_ref());
        put(&mut config.window.enter_sends, self.enter_sends.as_ref());
        put(&mut config.window.reduced_motion, self.reduced_motion.as_ref());
        put(&mut config.sounds.enabled, self.sounds.as_ref());
        if self.ca_file.is_some() {
            config.gateway.ca_file.clone_from(&self.ca_file);
        }
        if self.data.is_some() {
            config.data_folder.clone_from(&self.data);
        }
    }
}

fn put<T: Clone>(setting: &mut T, given: Option<&T>) {
    if let Some(given) = given {
        setting.clone_from(given);
    }
}
