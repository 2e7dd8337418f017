//! `import-webhook`: takes in a recorded webhook body, such as one from a log of the reverse proxy.
//!
//! There is no signature to check: whoever may write to the database may say what WhatsApp said.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, open_store, read_file, say};
use crate::{clock::Clock, config::Config, ingest, store::webhooks::Outcome};

#[derive(Debug, Args)]
pub(super) struct ImportWebhook {
    /// A file with the body, byte for byte.
    file: PathBuf,
}

impl ImportWebhook {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let body = read_file("file", &self.file)?;
        let store = open_store(config).await?;
        let outcome = ingest::import(&store, &Clock::system(), &body).await?;
        store.close().await;
        match outcome {
            Outcome::Done => {
                say("Taken in. What had been taken in before was passed over.");
                Ok(())
            }
            Outcome::Quarantined(why) | Outcome::Failed(why) => Err(Failure::of("file", why)),
        }
    }
}
