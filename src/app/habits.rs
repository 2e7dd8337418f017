//! Keeps which emoji the agent is used to, on a thread of its own: the disk may take its time.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver, Sender},
    thread::{self, JoinHandle},
};

use crate::config::emoji::EmojiHabits;

/// Remembers the habits on disk, at once.
#[derive(Debug)]
pub(super) struct HabitsKeeper {
    kept: EmojiHabits,
    /// The thread that writes, and the way to it; none if there is none.
    writer: Option<(Sender<EmojiHabits>, JoinHandle<()>)>,
}

impl HabitsKeeper {
    /// Reads what was kept in a folder; a broken file costs the habits and nothing else.
    pub(super) fn start(data_folder: PathBuf) -> (Self, EmojiHabits) {
        let kept = EmojiHabits::load(&data_folder).unwrap_or_else(|error| {
            tracing::warn!(%error, "which emoji were used is forgotten");
            EmojiHabits::default()
        });
        let (sender, receiver) = mpsc::channel();
        let thread = thread::Builder::new().name("habits".to_owned());
        let writer = match thread.spawn(move || write_all(&data_folder, &receiver)) {
            Ok(thread) => Some((sender, thread)),
            Err(error) => {
                tracing::warn!(%error, "no thread for habits: which emoji are used is not remembered");
                None
            }
        };
        (Self { kept: kept.clone(), writer }, kept)
    }

    /// Takes the habits of this frame in.
    pub(super) fn watch(&mut self, now: &EmojiHabits) {
        if *now == self.kept {
            return;
        }
        self.kept = now.clone();
        if let Some((sender, _)) = &self.writer
            && sender.send(now.clone()).is_err()
        {
            self.writer = None;
        }
    }

    /// Waits until all is on disk.
    pub(super) fn finish(&mut self) {
        let Some((sender, thread)) = self.writer.take() else { return };
        drop(sender);
        if thread.join().is_err() {
            tracing::warn!("the thread for habits failed");
        }
    }
}

/// Writes what comes, the newest of it alone, until nobody is there any more.
fn write_all(data_folder: &Path, receiver: &Receiver<EmojiHabits>) {
    while let Ok(habits) = receiver.recv() {
        let habits = receiver.try_iter().last().unwrap_or(habits);
        if let Err(error) = habits.save(data_folder) {
            tracing::warn!(%error, "which emoji are used is not remembered");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_was_used_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let (mut keeper, mut habits) = HabitsKeeper::start(folder.path().to_owned());
        assert_eq!(habits, EmojiHabits::default());
        for emoji in ["😀", "👍", "👍"] {
            habits.note(emoji);
            keeper.watch(&habits);
            keeper.watch(&habits);
        }
        keeper.finish();
        let (_, kept) = HabitsKeeper::start(folder.path().to_owned());
        assert_eq!(kept, habits);
    }

    #[test]
    fn a_broken_file_costs_the_habits_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("emoji.toml"), "used = [").unwrap();
        let (mut keeper, mut habits) = HabitsKeeper::start(folder.path().to_owned());
        assert_eq!(habits, EmojiHabits::default());
        habits.note("🌷");
        keeper.watch(&habits);
        keeper.finish();
        assert_eq!(EmojiHabits::load(folder.path()).unwrap(), habits);
    }
}
