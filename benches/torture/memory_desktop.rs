//! A desktop that sends and gets files of a known size, one step after another, each when it is told: how much memory it takes
//! is measured from outside.
//!
//! It takes a step once a file `go-NUMBER` is in its folder, and says on its standard output when it is done.

use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
    time::Duration,
};

use sha2::{Digest as _, Sha256};
use waxwing::{
    desk::{
        conversation::{Conversation, RowKey},
        file::{FileSource, FileState, StripState},
        input::Command,
    },
    service::ServiceHandle,
};
use waxwing_gateway::random;
use waxwing_media::child::Workshop;
use waxwing_protocol::{
    attachment::AttachmentState,
    id::{AttachmentId, ClientRef, InteractionId},
    message::{Author, Body},
};

use crate::{
    desktop::{config, enter},
    kit::wait::until,
};

/// The argument that makes this program such a desktop.
pub(crate) const ARGUMENT: &str = "memory-desktop";

/// How long a file may take.
pub(crate) const WITHIN: Duration = Duration::from_mins(4);

/// The steps: send a file, or get one of the contact's.
pub(crate) const STEPS: [Step; 5] = [
    Step::Send("small.txt"),
    Step::Send("large.txt"),
    Step::Refuse("too-large.txt"),
    Step::Get("small.txt"),
    Step::Get("large.txt"),
];

/// What a desktop does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Sends a file of its folder.
    Send(&'static str),
    /// Attaches a file that can't be sent.
    Refuse(&'static str),
    /// Gets a file, and writes its SHA-256 beside the others.
    Get(&'static str),
}

/// Where the hash of a file stands that a desktop got.
pub(crate) fn hash_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.sha256"))
}

/// Where it stands that a step may begin.
pub(crate) fn go(folder: &Path, step: usize) -> PathBuf {
    folder.join(format!("go-{step}"))
}

/// Takes all steps: arguments are gateway, folder, and the program that looks into files.
pub(crate) async fn live(arguments: &[String]) {
    let folder = PathBuf::from(&arguments[1]);
    let workshop = Workshop::of_program(PathBuf::from(&arguments[2]));
    let (mut service, conversations) = enter(config(&arguments[0], &folder, workshop), 1).await;
    let interaction = conversations[0];
    service.send(Command::Activate(Some(interaction))).expect("there is room for a command");
    for (number, step) in STEPS.into_iter().enumerate() {
        until("the next step may begin", WITHIN, async || go(&folder, number).exists().then_some(())).await;
        match step {
            Step::Send(name) => {
                attach(&service, interaction, folder.join(name)).await;
                let client_ref = ClientRef::new(service.clock().now(), random::bytes());
                let send = Command::Send { interaction, client_ref, text: String::new(), quote: None };
                service.send(send).expect("there is room for a command");
                until("it has left", WITHIN, async || {
                    let desk = service.desk();
                    (desk.unsent() == 0 && desk.conversation(interaction)?.strip().is_empty()).then_some(())
                })
                .await;
            }
            Step::Refuse(name) => {
                if !matches!(
                    attach(&service, interaction, folder.join(name)).await,
                    StripState::Refused { .. }
                ) {
                    println!("fails {number}");
                }
            }
            Step::Get(name) => get(&service, interaction, name, &folder).await,
        }
        println!("keeps {number}");
    }
    println!("left 0");
    assert!(service.stop(Duration::from_secs(10)), "the service ends");
}

/// Puts a file on the strip and says how it stands there, once it was looked into.
async fn attach(service: &ServiceHandle, interaction: InteractionId, path: PathBuf) -> StripState {
    let client_ref = ClientRef::new(service.clock().now(), random::bytes());
    let files = vec![(client_ref, FileSource::Path(path))];
    service.send(Command::Attach { interaction, files }).expect("there is room for a command");
    until("it was looked into", WITHIN, async || {
        let desk = service.desk();
        let strip = desk.conversation(interaction)?.strip();
        let file = strip.iter().find(|file| file.client_ref == client_ref)?;
        (file.state != StripState::Checking).then(|| file.state.clone())
    })
    .await
}

/// Gets the file that is called so, and notes its hash.
async fn get(service: &ServiceHandle, interaction: InteractionId, name: &str, folder: &Path) {
    let attachment = until("the gateway has it", WITHIN, async || {
        let desk = service.desk();
        desk.conversation(interaction).and_then(|held| find(held, name))
    })
    .await;
    service.files().want(attachment);
    until("it is here", WITHIN, async || match service.files().get(attachment) {
        FileState::Here => Some(()),
        FileState::Coming { .. } => None,
        other => panic!("{other:?}"),
    })
    .await;
    let lease = service.files().lease(attachment).expect("it is here");
    let mut hash = Sha256::new();
    let mut file = File::open(lease.path()).expect("can be read");
    let mut block = vec![0; 64 * 1024];
    loop {
        match file.read(&mut block).expect("can be read") {
            0 => break,
            read => hash.update(&block[..read]),
        }
    }
    fs::write(hash_of(folder, name), hash.finalize()).expect("there is room");
}

/// The contact's file that is called so, once the gateway has it.
fn find(held: &Conversation, name: &str) -> Option<AttachmentId> {
    held.rows().iter().find_map(|row| {
        let RowKey::Message(id) = row.key else { return None };
        let message = held.message(id).filter(|message| message.author == Author::Contact)?;
        let Body::Media(media) = &message.body else { return None };
        let attachment = media.attachment.as_ref()?;
        let is_it = media.file_name.as_deref() == Some(name);
        (is_it && matches!(attachment.state, AttachmentState::Ready { .. })).then_some(attachment.id)
    })
}
