//! Listening to sounds: gets a file here before it is played, remembers where each was left, and goes on with the next voice
//! note. Whatever conversation is looked at, it goes on; it ends when the agent logs off.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::TimeDelta;
use waxwing_media::audio;
use waxwing_protocol::id::InteractionId;

use crate::{
    desk::{
        Desk,
        file::FileState,
        link::Account,
        sound::{PlayAsk, PlayState, Playing, SoundKey, Speed},
    },
    platform::player::{Heard, Loudspeaker, OpenFile, Player, Stage},
};

/// The files that can be listened to.
pub(super) trait SoundFiles {
    /// How one stands on this machine.
    fn state(&self, key: SoundKey) -> FileState;
    /// Gets it.
    fn want(&self, key: SoundKey);
    /// Opens it, if it is here.
    fn open(&self, key: SoundKey) -> Option<OpenFile>;
}

/// What is listened to.
#[derive(Debug)]
pub(super) struct Listening<L> {
    player: Player<L>,
    current: Option<Current>,
    left: BTreeMap<SoundKey, TimeDelta>,
    trouble: Option<(SoundKey, Arc<str>)>,
    speed: Speed,
}

/// The sound that is played, or was stopped in the middle.
#[derive(Debug, Clone, Copy)]
struct Current {
    key: SoundKey,
    interaction: InteractionId,
    voice: bool,
    state: PlayState,
    /// Where it stands, or began.
    at: TimeDelta,
}

impl<L: Loudspeaker> Listening<L> {
    pub(super) const fn new(player: Player<L>, speed: Speed) -> Self {
        Self { player, current: None, left: BTreeMap::new(), trouble: None, speed }
    }

    pub(super) const fn speed(&self) -> Speed {
        self.speed
    }

    pub(super) fn playing(&self) -> Option<Playing> {
        let current = self.current?;
        Some(Playing { key: current.key, position: self.position(current), state: current.state })
    }

    pub(super) fn left_at(&self, key: SoundKey) -> TimeDelta {
        self.left.get(&key).copied().unwrap_or_default()
    }

    pub(super) fn trouble(&self, key: SoundKey) -> Option<Arc<str>> {
        self.trouble.as_ref().filter(|(troubled, _)| *troubled == key).map(|(_, why)| Arc::clone(why))
    }

    /// Does what the agent asks for.
    pub(super) fn ask(&mut self, ask: PlayAsk, files: &dyn SoundFiles) {
        match ask {
            PlayAsk::Start { key, interaction, voice } => self.start((key, interaction, voice), files),
            PlayAsk::Pause => self.pause(),
            PlayAsk::Seek { key, position } => self.seek(key, position.max(TimeDelta::zero()), files),
            PlayAsk::Speed(speed) => {
                let at = self.current.map(|current| self.position(current));
                self.speed = speed;
                if let Some(current) = &mut self.current
                    && let Some(at) = at
                {
                    current.at = at;
                    self.go_on(files);
                }
            }
        }
    }

    /// Stands still.
    pub(super) fn pause(&mut self) {
        let Some(mut current) = self.current else { return };
        current.at = self.position(current);
        self.player.stop();
        self.left.insert(current.key, current.at);
        // What is not here yet need not stand anywhere.
        self.current =
            (current.state != PlayState::Coming).then_some(Current { state: PlayState::Paused, ..current });
    }

    /// Takes in what has happened since.
    pub(super) fn turn(&mut self, desk: &Desk, files: &dyn SoundFiles) {
        if !matches!(desk.account(), Account::SignedIn { .. }) {
            self.player.stop();
            (self.current, self.trouble) = (None, None);
            self.left.clear();
            return;
        }
        let Some(current) = self.current else { return };
        match current.state {
            PlayState::Paused => {}
            PlayState::Coming => match files.state(current.key) {
                FileState::Here => self.begin(files),
                FileState::Coming { .. } => {}
                // The file itself says why.
                FileState::NotHere | FileState::Failed { .. } => self.current = None,
            },
            PlayState::Playing => match self.player.heard() {
                Some(Heard { stage: Stage::Ended, .. }) => self.ended(current, desk, files),
                Some(Heard { stage: Stage::Failed(trouble), .. }) => {
                    let why = trouble.to_string();
                    tracing::info!(%why, "a sound is not heard");
                    self.left.insert(current.key, self.position(current));
                    self.player.stop();
                    self.current = None;
                    self.trouble = Some((current.key, why.into()));
                }
                Some(_) | None => {}
            },
        }
    }

    fn start(&mut self, (key, interaction, voice): (SoundKey, InteractionId, bool), files: &dyn SoundFiles) {
        self.pause();
        self.trouble = None;
        let state = PlayState::Coming;
        self.current = Some(Current { key, interaction, voice, state, at: self.left_at(key) });
        self.begin(files);
    }

    /// Plays what is to be played if it is here, else gets it.
    fn begin(&mut self, files: &dyn SoundFiles) {
        let Some(current) = &mut self.current else { return };
        let Some(open) = files.open(current.key) else {
            current.state = PlayState::Coming;
            files.want(current.key);
            return;
        };
        current.state = PlayState::Playing;
        let from = current.at.to_std().unwrap_or_default();
        let speed = match self.speed {
            Speed::Normal => audio::Speed::X1,
            Speed::OneAndAHalf => audio::Speed::X1_5,
            Speed::Double => audio::Speed::X2,
        };
        self.player.play(open, from, speed);
    }

    /// Plays from where it stands now, if it is played.
    fn go_on(&mut self, files: &dyn SoundFiles) {
        if self.current.is_some_and(|current| current.state == PlayState::Playing) {
            self.begin(files);
        }
    }

    fn seek(&mut self, key: SoundKey, position: TimeDelta, files: &dyn SoundFiles) {
        self.left.insert(key, position);
        if let Some(current) = self.current.as_mut().filter(|current| current.key == key) {
            current.at = position;
            self.go_on(files);
        }
    }

    fn ended(&mut self, current: Current, desk: &Desk, files: &dyn SoundFiles) {
        self.player.stop();
        self.current = None;
        self.left.remove(&current.key);
        let next = match current.key {
            SoundKey::Attachment(attachment) if current.voice => desk
                .conversation(current.interaction)
                .or_else(|| desk.review().filter(|read| read.interaction().id == current.interaction))
                .and_then(|conversation| conversation.voice_note_after(attachment)),
            SoundKey::Attachment(_) | SoundKey::Ours(_) => None,
        };
        if let Some(next) = next {
            self.start((SoundKey::Attachment(next), current.interaction, true), files);
        }
    }

    fn position(&self, current: Current) -> TimeDelta {
        let position = |heard: Heard| within(heard.position);
        match current.state {
            PlayState::Playing => self.player.heard().map_or(current.at, position),
            PlayState::Coming | PlayState::Paused => current.at,
        }
    }
}

fn within(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests;
