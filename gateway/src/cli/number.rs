//! `number`: with what the gateway speaks to WhatsApp.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Failure, open_store, say, secret};
use crate::{
    clock::Clock,
    config::Config,
    ingest,
    store::numbers::{self, NumberSettings},
};

#[derive(Debug, Subcommand)]
pub(super) enum Number {
    /// Add a number, or change the one with this phone number id: a new token, another name.
    Add(Add),
    /// Show all numbers and what stops them.
    List,
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// The number as people write it, such as "+1 555 078 3881".
    #[arg(long)]
    display_number: String,
    /// WhatsApp's id of the number (WhatsApp Manager, API setup).
    #[arg(long)]
    phone_number_id: String,
    /// WhatsApp's id of the account that the number belongs to.
    #[arg(long)]
    account_id: String,
    /// What the house calls it; the number if it is not given.
    #[arg(long)]
    name: Option<String>,
    /// A file that holds the access token; without it, you are asked.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// A file that holds the app secret; without it, you are asked.
    #[arg(long, value_name = "FILE")]
    app_secret_file: Option<PathBuf>,
    /// A file that holds the verify token; without it, you are asked.
    #[arg(long, value_name = "FILE")]
    verify_token_file: Option<PathBuf>,
}

impl Number {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        match self {
            Self::Add(add) => add.run(config).await,
            Self::List => list(config).await,
        }
    }
}

impl Add {
    async fn run(self, config: &Config) -> Result<(), Failure> {
        for (flag, id) in [("phone-number-id", &self.phone_number_id), ("account-id", &self.account_id)] {
            if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Failure::of(flag, "WhatsApp's ids are made of digits"));
            }
        }
        let settings = NumberSettings {
            name: self.name.unwrap_or_else(|| self.display_number.clone()),
            display_number: self.display_number,
            phone_number_id: self.phone_number_id,
            account_id: self.account_id,
            token: secret::read("token", self.token_file.as_deref())?,
            app_secret: secret::read("app secret", self.app_secret_file.as_deref())?,
            verify_token: secret::read("verify token", self.verify_token_file.as_deref())?,
        };
        let store = open_store(config).await?;
        let mut change = store.begin().await?;
        let clock = Clock::system();
        let (id, is_new) = numbers::add_number(&mut change, &settings, clock.now()).await?;
        change.commit().await?;
        let done = if is_new { "Added" } else { "Changed" };
        say(format_args!("{done} {} ({id}).", settings.display_number));
        let settled = ingest::replay_failed(&store, &clock).await?;
        store.close().await;
        if settled > 0 {
            say(format_args!("Webhooks that had come before and are taken in now: {settled}."));
        }
        Ok(())
    }
}

async fn list(config: &Config) -> Result<(), Failure> {
    let store = open_store(config).await?;
    let mut read = store.read().await?;
    for number in numbers::list(read.db()).await? {
        let settings = number.settings;
        let state = number.alert.map_or_else(|| "can send".to_owned(), |(text, _)| text);
        say(format_args!(
            "{}\t{}\t{}\t{state}",
            settings.display_number, settings.name, settings.phone_number_id
        ));
    }
    drop(read);
    store.close().await;
    Ok(())
}
