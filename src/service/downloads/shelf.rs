//! How each file stands: the service puts it there, the window reads it in every frame.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use tokio::sync::{Notify, mpsc};
use waxwing_protocol::id::AttachmentId;

use super::{super::clock::GatewayClock, Wish, disk::Disk};
use crate::desk::file::FileState;

/// The files of messages on this machine. Reading how one stands never waits: the lock is held for a look-up, never while
/// something is got or written.
#[derive(Debug, Clone)]
pub struct Files(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    disk: Disk,
    clock: GatewayClock,
    wishes: mpsc::Sender<Wish>,
    known: Mutex<BTreeMap<AttachmentId, Known>>,
    /// Told whenever a file stands otherwise.
    changed: Notify,
}

#[derive(Debug, Default)]
struct Known {
    state: FileState,
    /// For one that failed: whether that may be over when the gateway answers again.
    passing: bool,
    /// Shared with every lease.
    lease: Arc<()>,
}

/// A file that stays where it is while this is held.
#[derive(Debug)]
pub struct Lease {
    path: PathBuf,
    _hold: Arc<()>,
}

impl Lease {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Files {
    pub(super) fn new(disk: Disk, clock: GatewayClock, wishes: mpsc::Sender<Wish>) -> Self {
        let here = |attachment| (attachment, Known { state: FileState::Here, ..Known::default() });
        let known = Mutex::new(disk.kept().into_iter().map(here).collect());
        Self(Arc::new(Shared { disk, clock, wishes, known, changed: Notify::new() }))
    }

    /// How a file stands.
    #[must_use]
    pub fn get(&self, attachment: AttachmentId) -> FileState {
        self.lock().get(&attachment).map(|known| known.state.clone()).unwrap_or_default()
    }

    /// A file to read, if it is here; that it was used is noted on the disk, which takes a moment.
    #[must_use]
    pub fn lease(&self, attachment: AttachmentId) -> Option<Lease> {
        let lease = {
            let files = self.lock();
            let known = files.get(&attachment).filter(|known| known.state == FileState::Here)?;
            Lease { path: self.0.disk.path(attachment), _hold: Arc::clone(&known.lease) }
        };
        self.0.disk.touch(attachment, self.now());
        Some(lease)
    }

    /// Asks for a file, unless it is on its way or here; the waker tells when it stands otherwise. If too many are asked for, or
    /// the service has ended, nothing changes.
    pub fn want(&self, attachment: AttachmentId) {
        let mut files = self.lock();
        let known = files.entry(attachment).or_default();
        if matches!(known.state, FileState::NotHere | FileState::Failed { .. })
            && self.0.wishes.try_send(Wish::Get(attachment)).is_ok()
        {
            known.state = FileState::Coming { got_bytes: 0 };
        }
    }

    /// Asks for a file no more. What is here of it is kept for a while, so that it can go on.
    pub fn cancel(&self, attachment: AttachmentId) {
        let coming = matches!(self.get(attachment), FileState::Coming { .. });
        if coming && self.0.wishes.try_send(Wish::Cancel(attachment)).is_err() {
            tracing::debug!("too much is asked for: a file comes all the same");
        }
    }

    /// Gets a file and waits until it is here; none if it can't be had or is not to come any more.
    pub(in crate::service) async fn get_in(
        &self,
        attachment: AttachmentId,
    ) -> Result<Lease, Option<Arc<str>>> {
        self.want(attachment);
        loop {
            let changed = self.0.changed.notified();
            match self.get(attachment) {
                FileState::Here => return self.lease(attachment).ok_or(None),
                FileState::Failed { why } => return Err(Some(why)),
                FileState::NotHere => return Err(None),
                FileState::Coming { .. } => changed.await,
            }
        }
    }

    pub(super) fn disk(&self) -> &Disk {
        &self.0.disk
    }

    pub(super) fn now(&self) -> SystemTime {
        self.0.clock.now().into()
    }

    /// All of a file is here.
    pub(super) fn arrive(&self, attachment: AttachmentId) {
        self.lock().entry(attachment).or_default().state = FileState::Here;
        self.0.changed.notify_waiters();
    }

    /// More of a file is here.
    pub(super) fn move_on(&self, attachment: AttachmentId, got_bytes: u64) {
        self.lock().entry(attachment).or_default().state = FileState::Coming { got_bytes };
    }

    /// Notes why a file can't be had, and whether that may be over when the gateway answers again.
    pub(super) fn fail(&self, attachment: AttachmentId, why: &str, passing: bool) {
        let mut files = self.lock();
        let known = files.entry(attachment).or_default();
        known.state = FileState::Failed { why: why.into() };
        known.passing = passing;
        self.0.changed.notify_waiters();
    }

    /// A file is not to come any more.
    pub(super) fn stop(&self, attachment: AttachmentId) {
        if let Some(known) = self.lock().get_mut(&attachment) {
            known.stop();
        }
        self.0.changed.notify_waiters();
    }

    /// No file is to come any more.
    pub(super) fn stop_all(&self) {
        self.lock().values_mut().for_each(Known::stop);
        self.0.changed.notify_waiters();
    }

    /// The gateway answers again: what failed because it did not may be asked for anew.
    pub(super) fn forgive(&self) {
        for known in self.lock().values_mut() {
            if known.passing && matches!(known.state, FileState::Failed { .. }) {
                known.state = FileState::NotHere;
            }
        }
    }

    /// The files that must stay: they are read, or on their way.
    pub(super) fn in_use(&self) -> BTreeSet<AttachmentId> {
        let files = self.lock();
        let used = files.iter().filter(|(_, known)| known.is_in_use());
        used.map(|(attachment, _)| *attachment).collect()
    }

    /// Says which of these may be removed; from here on they are not here.
    pub(super) fn let_go(&self, attachments: &[AttachmentId]) -> Vec<AttachmentId> {
        let mut files = self.lock();
        let mut may_go = |attachment: &AttachmentId| match files.get(attachment) {
            Some(known) if known.is_in_use() => false,
            _ => {
                files.remove(attachment);
                true
            }
        };
        attachments.iter().copied().filter(|attachment| may_go(attachment)).collect()
    }

    /// Forgets every file, here and on the disk.
    pub(super) fn wipe(&self) {
        self.lock().clear();
        self.0.disk.wipe();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<AttachmentId, Known>> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn stop(&mut self) {
        if matches!(self.state, FileState::Coming { .. }) {
            self.state = FileState::NotHere;
        }
    }

    fn is_in_use(&self) -> bool {
        matches!(self.state, FileState::Coming { .. }) || Arc::strong_count(&self.lease) > 1
    }
}
