//! A desktop that attaches files and sends them, as a process of its own that can be killed. It says what it does on its
//! standard output.
//!
//! Messages are numbered: of each round, the first is of words, and the others are files that follow them.

use std::{fs, ops::Range, path::PathBuf, time::Duration};

use waxwing::{
    desk::{
        conversation::{Conversation, RowKey},
        file::{FileSource, StripFile, StripState},
        input::Command,
    },
    service::ServiceHandle,
};
use waxwing_gateway::random;
use waxwing_media::child::Workshop;
use waxwing_protocol::id::{ClientRef, InteractionId};

use crate::{
    desktop::{config, enter, number_of, text, what_waits},
    kit::wait::{PATIENCE, until, within},
    samples,
};

/// The argument that makes this program such a desktop.
pub(crate) const ARGUMENT: &str = "files-desktop";

/// How many messages a round has.
pub(crate) const ROUND: usize = 4;
/// How many messages wait at most before more are attached.
const WAITING: usize = 12;

/// What such a desktop is told: gateway, its folder, the program that looks into files, how many conversations there are, the
/// first number to send and the one to stop before; both begin a round.
pub(crate) struct Orders {
    pub(crate) gateway: String,
    pub(crate) folder: PathBuf,
    pub(crate) decoder: PathBuf,
    pub(crate) conversations: usize,
    pub(crate) first: usize,
    pub(crate) end: usize,
}

impl Orders {
    /// As arguments of this program.
    pub(crate) fn write(&self) -> Vec<String> {
        let numbers = [self.conversations, self.first, self.end].map(|number| number.to_string());
        let paths = [&self.folder, &self.decoder].map(|path| path.to_string_lossy().into_owned());
        [ARGUMENT.to_owned(), self.gateway.clone()].into_iter().chain(paths).chain(numbers).collect()
    }

    fn read(arguments: &[String]) -> Self {
        let number = |at: usize| arguments[at].parse().expect("is a number");
        Self {
            gateway: arguments[0].clone(),
            folder: PathBuf::from(&arguments[1]),
            decoder: PathBuf::from(&arguments[2]),
            conversations: number(3),
            first: number(4),
            end: number(5),
        }
    }
}

/// Lives until it is killed, or until everything has left.
pub(crate) async fn live(arguments: &[String]) {
    let orders = Orders::read(arguments);
    let workshop = Workshop::of_program(orders.decoder.clone());
    let (service, conversations) =
        enter(config(&orders.gateway, &orders.folder, workshop), orders.conversations).await;
    let mut desktop = Desktop { service, conversations, folder: orders.folder };
    // What stood on the strips when the one before was killed is still there.
    for at in 0..desktop.conversations.len() {
        desktop.send(at, None).await;
    }
    for (round, first) in (orders.first..orders.end).step_by(ROUND).enumerate() {
        desktop.round(round % orders.conversations, first..first + ROUND).await;
    }
    let left = within(PATIENCE * 4, async || (desktop.unsent() == 0).then_some(())).await;
    assert!(left.is_some(), "{}", what_waits(&desktop.service, &desktop.conversations));
    println!("left 0");
    assert!(desktop.service.stop(Duration::from_secs(10)), "the service ends");
}

struct Desktop {
    service: ServiceHandle,
    conversations: Vec<InteractionId>,
    folder: PathBuf,
}

impl Desktop {
    fn command(&self, command: Command) {
        self.service.send(command).expect("there is room for a command");
    }

    fn client_ref(&self) -> ClientRef {
        ClientRef::new(self.service.clock().now(), random::bytes())
    }

    /// How many messages wait; what the agent is told can't be sent, they give up.
    fn unsent(&self) -> usize {
        let desk = self.service.desk();
        for interaction in &self.conversations {
            if let Some(refused) = desk.conversation(*interaction).and_then(Conversation::blocked_by) {
                println!("fails {}", number_of(refused.text()).expect("every message has a number"));
                let client_ref = refused.client_ref;
                self.command(Command::Discard { interaction: *interaction, client_ref });
            }
        }
        desk.unsent()
    }

    fn strip(&self, at: usize) -> Vec<StripFile> {
        let desk = self.service.desk();
        desk.conversation(self.conversations[at]).map(|held| held.strip().to_vec()).unwrap_or_default()
    }

    /// Attaches the files of a round, removes the agent's own and sends everything.
    async fn round(&self, at: usize, numbers: Range<usize>) {
        until("there is less to send", PATIENCE * 4, async || (self.unsent() < WAITING).then_some(())).await;
        let words = numbers.start;
        let mut files = Vec::new();
        for number in words + 1..numbers.end {
            let path = self.folder.join(samples::name(number));
            fs::write(&path, samples::bytes(number)).expect("there is room");
            println!("hands {number}");
            files.push((self.client_ref(), FileSource::Path(path)));
        }
        self.command(Command::Attach { interaction: self.conversations[at], files: files.clone() });
        let all_there = async || (self.strip(at).len() == files.len()).then_some(());
        until("the files are on the strip", PATIENCE, all_there).await;
        until("the files are copied", PATIENCE, async || self.is_checked(at).then_some(())).await;
        for (_, file) in files {
            if let FileSource::Path(path) = file {
                fs::remove_file(path).expect("is there");
            }
        }
        self.send(at, Some(words)).await;
    }

    fn is_checked(&self, at: usize) -> bool {
        self.strip(at).iter().all(|file| file.state != StripState::Checking)
    }

    /// Sends what is on a strip, behind words if there are any, and waits until it stands in the conversation: then it is in
    /// the journal.
    async fn send(&self, at: usize, words: Option<usize>) {
        let (interaction, strip) = (self.conversations[at], self.strip(at));
        if strip.is_empty() && words.is_none() {
            return;
        }
        let mut handed = Vec::new();
        let client_ref = self.client_ref();
        if let Some(words) = words {
            println!("hands {words}");
            handed.push((words, RowKey::Ours(client_ref)));
        }
        for file in strip {
            let number = samples::number(&file.name).expect("is called by its number");
            assert!(matches!(file.state, StripState::Ready(_)), "{number}: {:?}", file.state);
            handed.push((number, RowKey::Ours(file.client_ref)));
            self.command(Command::Caption {
                interaction,
                client_ref: file.client_ref,
                caption: text(number),
            });
        }
        let text = words.map(text).unwrap_or_default();
        self.command(Command::Send { interaction, client_ref, text, quote: None });
        for (number, key) in handed {
            until("a message is kept", PATIENCE, async || {
                let desk = self.service.desk();
                let rows = desk.conversation(interaction)?.rows();
                rows.iter().any(|row| row.key == key).then_some(())
            })
            .await;
            println!("keeps {number}");
        }
    }
}
