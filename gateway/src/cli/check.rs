//! `check`: says whether configuration and credentials are right, in sentences.

use super::{Failure, open_store, say};
use crate::{
    config::Config,
    store::{agents, numbers},
    whatsapp::{
        cloud_api::{CloudApi, Credentials, SendFailure},
        graph_error::{Behaviour, behaviour_of},
    },
};

/// The configuration has been read and checked when this is called.
pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    let store = open_store(config).await?;
    let mut read = store.read().await?;
    let numbers = numbers::list(read.db()).await?;
    let agents = agents::list_agents(read.db()).await?;
    drop(read);
    store.close().await;
    say(format_args!("The configuration is right; the database is {}.", config.database().display()));
    say(format_args!("Files of messages are kept in {}.", config.files().display()));
    if !config.public_url.is_empty() {
        let address = config.public_url.trim_end_matches('/');
        say(format_args!("The callback address for Meta's webhook form is {address}/webhooks/whatsapp."));
    }
    if agents.iter().all(|agent| agent.disabled) {
        say("Nobody can sign in yet: add somebody with `agent add`.");
    }
    if numbers.is_empty() {
        say("There is no number yet: add one with `number add`.");
    }
    let api = CloudApi::new(&config.cloud_api()?)?;
    let mut wrong = 0;
    for number in numbers {
        let credentials =
            Credentials { phone_number_id: number.settings.phone_number_id, token: number.settings.token };
        let display_number = number.settings.display_number;
        match api.check_number(&credentials).await {
            Ok(node) => say(format_args!(
                "{display_number} is usable; WhatsApp knows it as {}.",
                node.verified_name.unwrap_or(node.display_phone_number)
            )),
            Err(failure) => {
                wrong += 1;
                say(format_args!("{display_number} is not usable. {}", sentence(&failure)));
            }
        }
    }
    if wrong > 0 {
        return Err(Failure::of("number", format!("{wrong} of the numbers can't be used, see above")));
    }
    Ok(())
}

fn sentence(failure: &SendFailure) -> String {
    match failure {
        SendFailure::Refused(error) => match behaviour_of(error) {
            Behaviour::StopNumber { alert } => alert,
            _ => format!("{failure}."),
        },
        SendFailure::NotArrived { .. } | SendFailure::Ambiguous { .. } => {
            format!("{failure}. Check graph_url and the network.")
        }
    }
}
