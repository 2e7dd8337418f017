//! The command line, one file a command. A command that can't do its work says why in one line and ends with code 2.

mod agent;
mod backup;
mod check;
mod import_webhook;
mod library;
mod number;
mod secret;
mod serve;
mod simulate;

use std::{
    fmt,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{
    config::{Config, ConfigError, LogFormat},
    store::Store,
};

/// The server between WhatsApp and the Waxwing desktops.
#[derive(Debug, Parser)]
#[command(name = "waxwing-gateway", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Settings {
    /// The configuration file; without one, the defaults.
    #[arg(long, global = true, env = "WAXWING_GATEWAY_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the database lies.
    #[arg(long, global = true, value_name = "FOLDER")]
    data_folder: Option<String>,
    /// Where the Graph API is.
    #[arg(long, global = true, value_name = "URL")]
    graph_url: Option<String>,
    /// How much is logged: error, warn, info, debug or trace.
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve desktops and webhooks until told to stop.
    Serve(serve::Serve),
    /// Run a WhatsApp network in a box.
    Simulate(simulate::Simulate),
    /// Agents: who may sign in.
    #[command(subcommand)]
    Agent(agent::Agent),
    /// Business numbers: with what the gateway speaks to WhatsApp.
    #[command(subcommand)]
    Number(number::Number),
    /// The library of prepared responses: as a file, out and in.
    #[command(subcommand)]
    Library(library::Library),
    /// Say whether configuration and credentials are right.
    Check,
    /// Take in a recorded webhook body as if it came now.
    ImportWebhook(import_webhook::ImportWebhook),
    /// Copy the database, also while the gateway runs.
    Backup(backup::Backup),
    /// Look into the file that is the standard input, as the gateway asks of itself.
    #[command(hide = true)]
    Decode {
        /// What is wanted of it.
        job: String,
    },
}

/// Why a command could not do its work, in one line.
#[derive(Debug)]
struct Failure(String);

impl Failure {
    fn new(why: impl fmt::Display) -> Self {
        Self(why.to_string().trim().replace('\n', " "))
    }

    /// A failure that an option is to blame for.
    fn of(key: &str, why: impl fmt::Display) -> Self {
        Self::new(format!("{key}: {why}"))
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(error)
    }
}

impl Cli {
    /// Does what the command line says.
    #[must_use]
    pub fn run(self) -> ExitCode {
        if let Command::Decode { job } = &self.command {
            // Before any thread: it gives up most of what a process may do.
            return waxwing_media::child::serve(job);
        }
        match self.begin() {
            Ok(()) => ExitCode::SUCCESS,
            Err(Failure(why)) => {
                #[expect(clippy::print_stderr, reason = "this is what the operator reads")]
                {
                    eprintln!("waxwing-gateway: {why}");
                }
                ExitCode::from(2)
            }
        }
    }

    fn begin(self) -> Result<(), Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.dispatch())
    }

    async fn dispatch(self) -> Result<(), Failure> {
        let listen = match &self.command {
            Command::Serve(serve) => serve.listen.clone(),
            _ => None,
        };
        let settings = self.settings;
        let config = load(settings, listen)?;
        start_log(&config);
        log_panics_by_place();
        match self.command {
            Command::Serve(serve) => serve.run(&config).await,
            Command::Simulate(simulate) => simulate.run().await,
            Command::Agent(agent) => agent.run(&config).await,
            Command::Number(number) => number.run(&config).await,
            Command::Library(library) => library.run(&config).await,
            Command::Check => check::run(&config).await,
            Command::ImportWebhook(import) => import.run(&config).await,
            Command::Backup(backup) => backup.run(&config).await,
            Command::Decode { .. } => Ok(()),
        }
    }
}

fn load(settings: Settings, listen: Option<String>) -> Result<Config, ConfigError> {
    let flags = [
        ("listen", listen),
        ("data_folder", settings.data_folder),
        ("graph_url", settings.graph_url),
        ("log_level", settings.log_level),
    ];
    Config::check_variables(std::env::vars_os())?;
    Config::load(settings.config.as_deref(), |name| std::env::var(name).ok(), &flags)
}

/// Logs go to stderr; what a command answers goes to stdout.
fn start_log(config: &Config) {
    let level = config.log_level;
    let filter = EnvFilter::new(format!("warn,waxwing_gateway={level}"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.with_ansi(false).init(),
        LogFormat::Json => log.json().init(),
    }
}

/// What a panic says may quote what somebody wrote, such as the text that was cut in the wrong place: the log has only where.
fn log_panics_by_place() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a part of the gateway panicked");
    }));
}

async fn open_store(config: &Config) -> Result<Store, Failure> {
    Store::open(&config.database()).await.map_err(|error| Failure::of("data_folder", error))
}

fn read_file(flag: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::of(flag, format!("{}: {error}", path.display())))
}

/// Writes a line of a command's answer.
fn say(line: impl fmt::Display) {
    #[expect(clippy::print_stdout, reason = "this is the command's answer")]
    {
        println!("{line}");
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
