//! The session service: gives the [`desk`](crate::desk) a clock, a network and a disk, on a thread of its own.
//!
//! The window hands it commands and reads pictures; neither ever waits for the other. Start with [`SessionService::start`];
//! `run` is the loop.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use tokio::{
    runtime::Builder,
    sync::{mpsc, oneshot, watch},
};
use waxwing_media::child::Workshop;

use crate::desk::{Desk, LocalDay, chime::Settings, input::Command, phones, picture::PictureKey};

mod clock;
mod downloads;
mod files;
mod gateway_client;
mod journal;
mod outgoing;
mod pictures;
mod poll;
mod run;
mod seal;
mod token;
mod transcript;

#[cfg(test)]
mod tests;

pub use clock::GatewayClock;
pub use downloads::{Cache, Files, Lease};
pub use outgoing::OwnFiles;
pub use pictures::{Pictures, open as open_picture};
pub use token::TokenKeeping;

use downloads::Downloads;
use gateway_client::GatewayClient;
use journal::Journal;
use outgoing::Outgoing;
use pictures::{Gallery, Sources};
use run::{Lines, Run, Stores};
use token::TokenKeeper;

/// Commands that may wait for the loop: far more than a person can give while a disk is slow.
const QUEUE_LENGTH: usize = 256;

/// Tells the window that there is something new to draw.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// What the service needs to know.
#[derive(Debug, Clone)]
pub struct ServiceConfig {
    /// Where the gateway is.
    pub gateway_url: String,
    /// Certificate (PEM) of a private authority that the gateway's certificate comes from.
    pub ca_file: Option<PathBuf>,
    /// Folder for what must survive a restart.
    pub data_folder: PathBuf,
    /// Where the token may be kept.
    pub token_keeping: TokenKeeping,
    /// What to call this desktop in the gateway's list of sign-ins.
    pub device: String,
    /// What the desk goes by.
    pub settings: Settings,
    /// Tells the day of a moment in the agent's time zone.
    pub local_day: LocalDay,
    /// A random number of this desktop's own, so that not all of them try again at once.
    pub seed: u64,
    /// Looks into files of strangers, and into those that go to them.
    pub workshop: Workshop,
    /// How the files of messages are kept.
    pub cache: Cache,
    /// What becomes of the workbins on this machine when the agent logs off.
    pub at_log_off: AtLogOff,
}

/// What becomes of something on this machine when the agent logs off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AtLogOff {
    /// It is removed.
    #[default]
    Forget,
    /// It stays, sealed, until somebody else signs in.
    Keep,
}

/// Why the service can't start, in a sentence.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The gateway's address can't be used.
    #[error("gateway.url {0}")]
    GatewayUrl(String),
    /// The file of the private authority can't be used.
    #[error("gateway.ca_file {0}")]
    CaFile(String),
    /// No secure connections can be made.
    #[error("secure connections can't be made: {0}")]
    Tls(String),
    /// The journal can't be used, not even in memory.
    #[error("Waxwing's memory on this computer can't be used: {0}")]
    Journal(String),
    /// A newer version wrote the journal.
    #[error("{path} was written by a newer version of Waxwing: install that one", path = .0.display())]
    JournalNewer(PathBuf),
    /// Another Waxwing works on the same journal.
    #[error("{path} is in use: another Waxwing is running already", path = .0.display())]
    JournalInUse(PathBuf),
    /// The thread could not be started, or ended at once.
    #[error("the session service can't run: {0}")]
    Thread(String),
}

/// The session service.
#[derive(Debug)]
pub struct SessionService;

impl SessionService {
    /// Starts the service on a thread of its own. Returns when what was kept lies on the desk.
    pub fn start(config: ServiceConfig, waker: Waker) -> Result<ServiceHandle, ServiceError> {
        let clock = GatewayClock::new();
        let (url, ca_file) = (&config.gateway_url, config.ca_file.as_deref());
        let client = GatewayClient::new(url, ca_file, config.device.clone(), clock.clone())?;
        let desk = Desk::new(config.settings, config.local_day).with_seed(config.seed);
        let (give_command, commands) = mpsc::channel(QUEUE_LENGTH);
        let (publish, published) = watch::channel(Arc::new(desk.clone()));
        let (give_wish, wishes) = mpsc::channel(pictures::QUEUE_LENGTH);
        let pictures = Pictures::new();
        let (give_stop, stop) = oneshot::channel();
        let (give_ready, ready) = sync_channel(1);
        let (give_end, end) = sync_channel(1);
        let (client, folder) = (Arc::new(client), config.data_folder.as_path());
        let outgoing = Outgoing::new(folder, Arc::clone(&client), config.workshop.clone());
        let downloads = Downloads::new((folder, config.cache), Arc::clone(&client), Arc::clone(&waker));
        let files = downloads.files().clone();
        let (own_files, workshop) = (outgoing.own_files(), config.workshop.clone());
        let sources = Sources {
            client: Arc::clone(&client),
            files: files.clone(),
            own_files: own_files.clone(),
            workshop: workshop.clone(),
        };
        let gallery = Gallery::new(wishes, pictures.clone(), sources, folder, Arc::clone(&waker));
        let stores = Stores { gallery, downloads, outgoing };
        let lines = Lines { commands, stop, publish, waker };
        let thread = std::thread::Builder::new()
            .name("waxwing-service".to_owned())
            .spawn(move || {
                live(&config, (desk, client), stores, lines, &give_ready);
                drop(give_end);
            })
            .map_err(|error| ServiceError::Thread(error.to_string()))?;
        ready.recv().map_err(|_closed| ServiceError::Thread("it ended at once".to_owned()))??;
        Ok(ServiceHandle {
            commands: give_command,
            published,
            wishes: give_wish,
            pictures,
            files,
            own_files,
            workshop,
            clock,
            stop: Some(give_stop),
            end,
            thread: Some(thread),
        })
    }
}

/// The life of the service's thread.
fn live(
    config: &ServiceConfig,
    (desk, client): (Desk, Arc<GatewayClient>),
    stores: Stores,
    lines: Lines,
    ready: &SyncSender<Result<(), ServiceError>>,
) {
    let tell = |result| ready.send(result).is_ok();
    let runtime = match Builder::new_current_thread().thread_name("waxwing-work").enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tell(Err(ServiceError::Thread(error.to_string())));
            return;
        }
    };
    // Before the first number is drawn: a frame does not wait for that.
    runtime.spawn_blocking(phones::prepare);
    runtime.block_on(async {
        let gateway = client.base();
        let opened = match Journal::open(&config.data_folder, gateway).await {
            Ok(opened) => opened.with_at_log_off(config.at_log_off),
            Err(error) => {
                tell(Err(error));
                return;
            }
        };
        let keeper = TokenKeeper::new(config.token_keeping, gateway, &config.data_folder);
        let run = Run::begin((desk, Arc::clone(&client)), opened, stores, keeper, &lines).await;
        if tell(Ok(())) {
            run.run(lines).await;
        }
    });
    // A keyring that hangs must not hold up the end.
    runtime.shutdown_background();
}

/// The way to a running service. Dropping it ends the service without waiting for it.
#[derive(Debug)]
pub struct ServiceHandle {
    commands: mpsc::Sender<Command>,
    published: watch::Receiver<Arc<Desk>>,
    wishes: mpsc::Sender<PictureKey>,
    pictures: Pictures,
    files: Files,
    own_files: OwnFiles,
    workshop: Workshop,
    clock: GatewayClock,
    /// Until the service is told to stop.
    stop: Option<oneshot::Sender<()>>,
    /// Closed when the thread has ended.
    end: Receiver<()>,
    /// Until it is joined.
    thread: Option<JoinHandle<()>>,
}

impl ServiceHandle {
    /// Hands a command over, without waiting. Gives it back if the queue is full or the service has ended.
    pub fn send(&self, command: Command) -> Result<(), Command> {
        self.commands.try_send(command).map_err(|error| match error {
            mpsc::error::TrySendError::Full(command) | mpsc::error::TrySendError::Closed(command) => command,
        })
    }

    /// The desk as it is now.
    #[must_use]
    pub fn desk(&self) -> Arc<Desk> {
        Arc::clone(&self.published.borrow())
    }

    /// The pictures of messages, as far as they are at hand. Reading one never waits.
    #[must_use]
    pub const fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// Asks for a picture, unless it is on its way or there; the waker tells when it is. If too many are asked for, or the
    /// service has ended, it stays [`NotAsked`](crate::desk::picture::Fetched::NotAsked).
    pub fn want_picture(&self, key: PictureKey) {
        self.pictures.want(key, || self.wishes.try_send(key).is_ok());
    }

    /// The files of messages on this machine, and the way to ask for them. Reading how one stands never waits.
    #[must_use]
    pub const fn files(&self) -> &Files {
        &self.files
    }

    /// The copies of files that are not sent yet.
    #[must_use]
    pub const fn own_files(&self) -> &OwnFiles {
        &self.own_files
    }

    /// What looks into files.
    #[must_use]
    pub const fn workshop(&self) -> &Workshop {
        &self.workshop
    }

    /// The gateway's clock.
    #[must_use]
    pub const fn clock(&self) -> &GatewayClock {
        &self.clock
    }

    /// Ends the service: what was handed over is written down first. Says whether it ended within the limit.
    pub fn stop(&mut self, limit: Duration) -> bool {
        if let Some(stop) = self.stop.take() {
            // If nobody hears it, the service has ended already.
            stop.send(()).ok();
        }
        let ended = self.end.recv_timeout(limit) != Err(RecvTimeoutError::Timeout);
        ended && self.thread.take().is_none_or(|thread| thread.join().is_ok())
    }
}
