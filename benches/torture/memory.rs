//! A file of 99.9 MB on its way through both programs, out and in: how much more memory each takes for it. One of 100 MB is
//! refused by both.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use serde_json::json;
use sha2::{Digest as _, Sha256};
use waxwing_gateway::{
    clock::Clock,
    random::{self, Seeded},
};
use waxwing_protocol::{
    id::ClientRef,
    message::MediaKind,
    upload::{BeginUpload, FILE_BYTES_BELOW},
};

use crate::{
    desktop_killed::{Life, Said, lock},
    kit::{
        agent::Agent,
        house::House,
        process::{forget_peak, peak},
        programs,
        wait::until,
        webhook::phone,
    },
    memory_desktop::{ARGUMENT, STEPS, Step, WITHIN, go, hash_of},
    network::Network,
    samples::words,
    sending::free_address,
};

/// 99.9 MB.
const LARGE: u64 = FILE_BYTES_BELOW / 1000 * 999;
/// A file that goes the same ways before, so that what every file needs is there.
const SMALL: u64 = 2 * 1024 * 1024;

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// By how much the memory of each program grew, in megabytes, at its most: desktop and gateway as the file goes out, and
    /// as it comes in.
    pub(crate) out: [f64; 2],
    pub(crate) into: [f64; 2],
    /// Files that arrived as others than they were sent.
    pub(crate) damaged: usize,
    /// Programs that took a file of 100 MB.
    pub(crate) took_too_much: usize,
    /// By how much the memory of this program grew, which holds the file as a whole.
    pub(crate) control: f64,
}

/// Does it.
pub(crate) async fn run(program: &Path, seed: u64) -> Outcome {
    let listen = free_address().await;
    let network = Network::start(Some(listen), seed).await;
    let house = House::set_up(program, &[("graph_url", &network.url())]);
    let gateway = house.start(listen).await;
    let agent = Agent::sign_in(&gateway.url()).await;
    let interaction = agent.greeted_by(1, listen).await[&phone(0)];
    let (folder, mut chance) = (programs::folder(), Seeded::new(seed));
    let mut outcome = Outcome {
        took_too_much: usize::from(agent.may_upload(interaction, &too_large()).await),
        ..Outcome::default()
    };
    let before = forget_peak(std::process::id());
    let files = [("small.txt", words(SMALL, &mut chance)), ("large.txt", words(LARGE, &mut chance))];
    outcome.control = grown(std::process::id(), before);
    for (name, bytes) in &files {
        fs::write(folder.path().join(name), bytes).expect("there is room");
    }
    let nothing = fs::File::create(folder.path().join("too-large.txt")).expect("can be made");
    nothing.set_len(FILE_BYTES_BELOW).expect("there is room for nothing");
    let said = Arc::default();
    let paths = [folder.path(), program].map(|path| path.to_string_lossy().into_owned());
    let arguments: Vec<String> = [ARGUMENT.to_owned(), gateway.url()].into_iter().chain(paths).collect();
    let mut life = Life::begin(&arguments, folder.path(), &said);
    let bytes_of = |name| &files.iter().find(|(file, _)| *file == name).expect("is a file").1;
    for (number, step) in STEPS.into_iter().enumerate() {
        let before = [life.id(), gateway.id()].map(forget_peak);
        if let Step::Get(name) = step {
            network.sends(&phone(0), (name, bytes_of(name)), &json!({})).await;
        }
        fs::write(go(folder.path(), number), "").expect("there is room");
        done(&mut life, &said, number).await;
        if let Step::Send(name) = step {
            outcome.damaged += usize::from(network.next_file(number).await != *bytes_of(name));
        }
        let after = [grown(life.id(), before[0]), grown(gateway.id(), before[1])];
        match step {
            Step::Send(_) => outcome.out = after,
            Step::Get(name) => {
                outcome.into = after;
                let hash = fs::read(hash_of(folder.path(), name)).expect("was written");
                outcome.damaged += usize::from(hash[..] != Sha256::digest(bytes_of(name))[..]);
            }
            Step::Refuse(_) => {}
        }
    }
    life.end();
    outcome.took_too_much += lock(&said).fails.len();
    outcome
}

/// Waits until the desktop has taken a step.
async fn done(life: &mut Life, said: &Mutex<Said>, number: usize) {
    until("the desktop has done it", WITHIN, async || {
        let is_done = lock(said).keeps.contains(&number);
        if !is_done {
            life.must_live();
        }
        is_done.then_some(())
    })
    .await;
}

fn grown(process: u32, before: Option<f64>) -> f64 {
    peak(process).expect("it lives") - before.expect("it lived")
}

fn too_large() -> BeginUpload {
    BeginUpload {
        client_ref: ClientRef::new(Clock::system().now(), random::bytes()),
        kind: MediaKind::Document,
        file_name: "too-large.txt".to_owned(),
        size_bytes: FILE_BYTES_BELOW,
        sha256: "0".repeat(64),
    }
}
