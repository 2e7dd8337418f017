//! `backup`: copies the database, also while the gateway runs, and says what else belongs to a backup.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, say};
use crate::{clock::Clock, config::Config, store};

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The new file. It holds tokens and messages: keep it as safe as the database.
    file: PathBuf,
}

impl Backup {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        store::backup(&config.database(), &self.file, Clock::system().now()).await?;
        say(format_args!("Copied {} to {}.", config.database().display(), self.file.display()));
        say(format_args!(
            "Files of messages and responses are not in it. Copy the folder {} now, after the database: what is in it never changes.",
            config.files().display()
        ));
        Ok(())
    }
}
