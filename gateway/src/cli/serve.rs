//! stub
use super::Failure;
use crate::config::Config;
use clap::Args;
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Where to listen for desktops and webhooks.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) listen: Option<String>,
}
impl Serve {
    pub(super) async fn run(self, _c: &Config) -> Result<(), Failure> {
        Ok(())
    }
}
pub(super) async fn stop_signal() {}
