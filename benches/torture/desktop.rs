//! The desktop without its window, as a process of its own that can be killed: the real session service, writing messages
//! as fast as it can and saying what it does on its standard output.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use waxwing::{
    config::Config,
    desk::{
        conversation::{Conversation, RowKey},
        input::{Command, Password},
        link::Account,
    },
    service::{Cache, ServiceConfig, ServiceHandle, SessionService, TokenKeeping},
};
use waxwing_gateway::random;
use waxwing_media::child::Workshop;
use waxwing_protocol::id::{ClientRef, InteractionId};

use crate::kit::{
    house::{PASSWORD, USER_NAME},
    wait::{PATIENCE, until, within},
};

/// How many messages are handed over before the first of them is waited for.
const AT_ONCE: usize = 3;

/// The argument that makes this program a desktop.
pub(crate) const ARGUMENT: &str = "desktop";

/// What a desktop is told: gateway, folder, how many conversations there are, the first number to write and the one to
/// stop before.
pub(crate) struct Orders {
    pub(crate) gateway: String,
    pub(crate) folder: PathBuf,
    pub(crate) conversations: usize,
    pub(crate) first: usize,
    pub(crate) end: usize,
}

impl Orders {
    /// As arguments of this program.
    pub(crate) fn write(&self) -> Vec<String> {
        let numbers = [self.conversations, self.first, self.end].map(|number| number.to_string());
        let folder = self.folder.to_string_lossy().into_owned();
        [ARGUMENT.to_owned(), self.gateway.clone(), folder].into_iter().chain(numbers).collect()
    }

    fn read(arguments: &[String]) -> Self {
        let number = |at: usize| arguments[at].parse().expect("is a number");
        Self {
            gateway: arguments[0].clone(),
            folder: PathBuf::from(&arguments[1]),
            conversations: number(2),
            first: number(3),
            end: number(4),
        }
    }
}

/// The words of a message.
pub(crate) fn text(number: usize) -> String {
    format!("from the desk {number:06}")
}

/// The number of the message with these words.
pub(crate) fn number_of(text: &str) -> Option<usize> {
    text.strip_prefix("from the desk ")?.parse().ok()
}

/// Lives until it is killed, or until everything has left.
pub(crate) async fn live(arguments: &[String]) {
    let orders = Orders::read(arguments);
    // Nothing is looked into here.
    let workshop = Workshop::here();
    let (mut service, conversations) =
        enter(config(&orders.gateway, &orders.folder, workshop), orders.conversations).await;
    for first in (orders.first..orders.end).step_by(AT_ONCE) {
        write(&service, &conversations, first..orders.end.min(first + AT_ONCE)).await;
    }
    let left = within(PATIENCE, async || (service.desk().unsent() == 0).then_some(())).await;
    assert!(left.is_some(), "{}", what_waits(&service, &conversations));
    println!("left 0");
    assert!(service.stop(Duration::from_secs(10)), "the service ends");
}

/// Starts the service, signs in where nobody is, and waits until so many conversations are there; they are in order.
pub(crate) async fn enter(
    config: ServiceConfig,
    conversations: usize,
) -> (ServiceHandle, Vec<InteractionId>) {
    let service = SessionService::start(config, Arc::new(|| ())).expect("the service starts");
    if !matches!(service.desk().account(), Account::SignedIn { .. } | Account::SigningIn) {
        let password = Password(PASSWORD.to_owned());
        let sign_in = Command::SignIn { user_name: USER_NAME.to_owned(), password };
        service.send(sign_in).expect("there is room for a command");
    }
    let held = until("the conversations are there", PATIENCE, async || {
        let desk = service.desk();
        let bar = desk.bar();
        let held = bar.waiting_for_you.iter().chain(&bar.waiting_for_the_contact);
        let mut held: Vec<InteractionId> = held.map(|one| one.interaction().id).collect();
        held.sort_unstable();
        (held.len() == conversations).then_some(held)
    })
    .await;
    (service, held)
}

/// Hands messages over and waits until they stand in their conversations: then they are in the journal.
async fn write(service: &ServiceHandle, conversations: &[InteractionId], numbers: std::ops::Range<usize>) {
    let mut handed = Vec::new();
    for number in numbers {
        let interaction = conversations[number % conversations.len()];
        let client_ref = ClientRef::new(service.clock().now(), random::bytes());
        println!("hands {number}");
        let send = Command::Send { interaction, client_ref, text: text(number), quote: None };
        service.send(send).expect("there is room for a command");
        handed.push((number, interaction, RowKey::Ours(client_ref)));
    }
    for (number, interaction, key) in handed {
        until("a message is kept", PATIENCE, async || {
            let desk = service.desk();
            let rows = desk.conversation(interaction)?.rows();
            rows.iter().any(|row| row.key == key).then_some(())
        })
        .await;
        println!("keeps {number}");
    }
}

/// What has not left, and why, as far as the desk knows.
pub(crate) fn what_waits(service: &ServiceHandle, conversations: &[InteractionId]) -> String {
    let desk = service.desk();
    let held = || conversations.iter().filter_map(|id| desk.conversation(*id));
    let refused: Vec<_> = held().filter_map(Conversation::blocked_by).collect();
    let last: Vec<_> = held().filter_map(Conversation::last_outgoing).collect();
    format!(
        "{} messages wait; {:?}; {:?}; refused {refused:?}; last {last:?}",
        desk.unsent(),
        desk.account(),
        desk.link()
    )
}

/// How a desktop of this machine is set up.
pub(crate) fn config(gateway: &str, folder: &Path, workshop: Workshop) -> ServiceConfig {
    ServiceConfig {
        gateway_url: gateway.to_owned(),
        ca_file: None,
        data_folder: folder.to_owned(),
        token_keeping: TokenKeeping::KeyringOrFile,
        device: "torture".to_owned(),
        settings: Config::default().settings(),
        local_day: |at| at.date_naive(),
        seed: 1,
        workshop,
        at_log_off: waxwing::service::AtLogOff::default(),
        cache: Cache { max_bytes: 1 << 30, keep_after_log_off: false },
    }
}
