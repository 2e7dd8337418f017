//! stub
use super::Failure;
use crate::config::Config;
use clap::Args;
use std::path::PathBuf;
#[derive(Debug, Args)]
pub(super) struct ImportWebhook {
    file: PathBuf,
}
impl ImportWebhook {
    pub(super) async fn run(self, _c: &Config) -> Result<(), Failure> {
        Ok(())
    }
}
