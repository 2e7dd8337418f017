//! Sound as the window knows it: one that is listened to, one that is recorded, never both at once.

use std::{io, sync::Arc};

use chrono::{DateTime, Local, TimeDelta, Utc};
use waxwing_media::child::Workshop;
use waxwing_protocol::id::{AttachmentId, InteractionId};

use super::listening::{Listening, SoundFiles};
use crate::{
    desk::{
        Desk,
        file::{FileSource, FileState},
        link::Account,
        sound::{PlayAsk, Playing, RecordAsk, Recording, SoundKey, Speed},
    },
    platform::{
        player::{OpenFile, Player, SystemLoudspeaker},
        recorder::{AnyMicrophone, Recorder, Standing, SystemMicrophone},
    },
    service::ServiceHandle,
    ui,
};

/// Plays and records.
#[derive(Debug)]
pub(super) struct SoundRoom {
    listening: Listening<SystemLoudspeaker>,
    recorder: Recorder<AnyMicrophone>,
    /// What is recorded, for which conversation.
    recorded_for: Option<InteractionId>,
}

impl SoundRoom {
    pub(super) fn new(ctx: &egui::Context, workshop: Workshop, speed: Speed) -> Self {
        let ctx = ctx.clone();
        let waker: Arc<dyn Fn() + Send + Sync> = Arc::new(move || ctx.request_repaint());
        let player = Player::new(workshop, SystemLoudspeaker, Arc::clone(&waker));
        let recorder = Recorder::new(AnyMicrophone::new(SystemMicrophone), waker);
        Self { listening: Listening::new(player, speed), recorder, recorded_for: None }
    }

    /// Records with this microphone from the next time on.
    pub(super) fn listen_through(&mut self, microphone: AnyMicrophone) {
        self.recorder.listen_through(microphone);
    }

    /// Does what the agent asks of the player.
    pub(super) fn play(&mut self, ask: PlayAsk, service: &ServiceHandle) {
        if matches!(ask, PlayAsk::Start { .. }) {
            // The microphone would hear it.
            self.recorder.pause();
        }
        self.listening.ask(ask, service);
    }

    /// Does what the agent asks of the recorder.
    pub(super) fn record(&mut self, interaction: InteractionId, ask: RecordAsk) {
        let is_on = matches!(self.recorder.standing(), Standing::On { .. });
        match ask {
            RecordAsk::Start if is_on => {}
            RecordAsk::Start => {
                self.listening.pause();
                self.recorded_for = Some(interaction);
                self.recorder.start();
            }
            _ if self.recorded_for != Some(interaction) => {}
            RecordAsk::Pause => self.recorder.pause(),
            RecordAsk::Resume => {
                self.listening.pause();
                self.recorder.resume();
            }
            RecordAsk::Finish => self.recorder.finish(),
            RecordAsk::Discard => self.recorder.discard(),
        }
    }

    /// Takes in what has happened since; gives a voice note that is finished, and where it belongs.
    pub(super) fn turn(
        &mut self,
        desk: &Desk,
        service: &ServiceHandle,
        now: DateTime<Utc>,
    ) -> Option<(InteractionId, FileSource)> {
        self.listening.turn(desk, service);
        if !matches!(desk.account(), Account::SignedIn { .. }) {
            self.recorder.discard();
            self.recorded_for = None;
        }
        let bytes = self.recorder.finished()?.into();
        let interaction = self.recorded_for.take()?;
        let name = format!("Voice message {}.ogg", now.with_timezone(&Local).format("%Y-%m-%d %H.%M.%S"));
        Some((interaction, FileSource::Bytes { name, bytes, voice: true }))
    }
}

impl ui::Sound for SoundRoom {
    fn playing(&self) -> Option<Playing> {
        self.listening.playing()
    }

    fn left_at(&self, key: SoundKey) -> TimeDelta {
        self.listening.left_at(key)
    }

    fn trouble(&self, key: SoundKey) -> Option<Arc<str>> {
        self.listening.trouble(key)
    }

    fn speed(&self) -> Speed {
        self.listening.speed()
    }

    fn recording(&self) -> (Option<InteractionId>, Recording) {
        let recording = match self.recorder.standing() {
            Standing::Off => return (None, Recording::Off),
            Standing::Failed(why) => Recording::NoMicrophone { why },
            Standing::On { length, level, paused, trouble } => Recording::On {
                length: TimeDelta::from_std(length).unwrap_or(TimeDelta::MAX),
                level,
                paused,
                most: TimeDelta::from_std(Recorder::<AnyMicrophone>::most()).unwrap_or(TimeDelta::MAX),
                trouble,
            },
        };
        (self.recorded_for, recording)
    }
}

impl SoundFiles for ServiceHandle {
    fn state(&self, key: SoundKey) -> FileState {
        match key {
            SoundKey::Attachment(attachment) => self.files().get(attachment),
            SoundKey::Ours(_) => FileState::Here,
        }
    }

    fn want(&self, key: SoundKey) {
        if let SoundKey::Attachment(attachment) = key {
            self.files().want(attachment);
        }
    }

    fn open(&self, key: SoundKey) -> Option<OpenFile> {
        let files = self.files().clone();
        match key {
            SoundKey::Attachment(attachment) if files.get(attachment) == FileState::Here => {
                // Leasing it notes on the disk that it was used: not on the window's thread.
                Some(Box::new(move || lease(&files, attachment)))
            }
            SoundKey::Attachment(_) => None,
            SoundKey::Ours(client_ref) => {
                let own_files = self.own_files().clone();
                Some(Box::new(move || own_files.sendable(client_ref)))
            }
        }
    }
}

fn lease(files: &crate::service::Files, attachment: AttachmentId) -> io::Result<std::fs::File> {
    let lease = files.lease(attachment).ok_or(io::ErrorKind::NotFound)?;
    std::fs::File::open(lease.path())
}
