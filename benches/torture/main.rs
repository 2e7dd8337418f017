//! `make torture`: kills, cuts and floods the programs, and counts what got lost or doubled. `target/torture.json`.
//!
//! Everything that chance decides comes from a seed, which is printed: `cargo bench --bench torture -- --seed 7` does the
//! same again, as far as a machine with other things to do can; `files-hostile --files 50000` looks into more of them. Only
//! loopback, bounded in count and time.

#[expect(dead_code, reason = "the bench needs more of it")]
#[path = "../kit/mod.rs"]
mod kit;
#[expect(dead_code, reason = "the bench needs more of it")]
#[path = "../report/mod.rs"]
mod report;

mod desktop;
mod desktop_killed;
mod documents;
mod duplicates;
mod files;
mod files_desktop;
mod files_fetched;
mod files_sent;
mod gateway_killed;
mod hasty;
mod hostile;
mod line;
mod memory;
mod memory_desktop;
mod network;
mod samples;
mod sending;

use std::{env, path::Path, process::ExitCode};

use gateway_killed::Plan;
use kit::{programs::Programs, wait::now};
use report::Row;
use tokio::runtime::Runtime;

/// The parts, to be named if not all of them are wanted.
const PARTS: [&str; 8] = [
    "gateway",
    "window",
    "sending",
    "duplicates",
    "files-sent",
    "files-fetched",
    "files-memory",
    "files-hostile",
];

/// A kill that comes when nothing is under way proves nothing; of all kills at least this share must hit.
const MUST_HIT: f64 = 0.6;

/// How many files that mean harm are looked into, unless `--files` says otherwise.
const HOSTILE_FILES: usize = 3_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if let Some((first, orders)) = arguments.split_first() {
        match first.as_str() {
            desktop::ARGUMENT => runtime.block_on(desktop::live(orders)),
            files_desktop::ARGUMENT => runtime.block_on(files_desktop::live(orders)),
            memory_desktop::ARGUMENT => runtime.block_on(memory_desktop::live(orders)),
            _ => return torture(&runtime, &arguments),
        }
        return ExitCode::SUCCESS;
    }
    torture(&runtime, &arguments)
}

fn torture(runtime: &Runtime, arguments: &[String]) -> ExitCode {
    let number = |name: &str| {
        let given = arguments.iter().skip_while(|argument| *argument != name).nth(1)?;
        Some(given.parse::<u64>().unwrap_or_else(|_| panic!("{name} is followed by a number")))
    };
    let seed =
        number("--seed").unwrap_or_else(|| u64::from(u32::from_be_bytes(waxwing_gateway::random::bytes())));
    let files = number("--files").map_or(HOSTILE_FILES, |files| usize::try_from(files).expect("are few"));
    println!("seed {seed}");
    let programs = Programs::build(&["waxwing-gateway"]);
    let gateway = programs.at("waxwing-gateway");
    runtime.block_on(async {
        let mut rows = Vec::new();
        let wanted = |name: &str| {
            !PARTS.iter().any(|part| arguments.iter().any(|given| given == part))
                || arguments.iter().any(|given| given == name)
        };
        if wanted("gateway") {
            rows.extend(kill_gateway(&gateway, seed).await);
        }
        if wanted("window") {
            rows.extend(kill_desktop(&gateway, seed).await);
        }
        if wanted("sending") {
            rows.extend(kill_sending(&gateway, seed).await);
        }
        if wanted("duplicates") {
            rows.extend(duplicate(&gateway, seed).await);
        }
        if wanted("files-sent") {
            rows.extend(files::sent(&gateway, seed).await);
        }
        if wanted("files-fetched") {
            rows.extend(files::fetched(&gateway, seed).await);
        }
        if wanted("files-memory") {
            rows.extend(files::memory(&gateway, seed).await);
        }
        if wanted("files-hostile") {
            rows.extend(files::hostile(&gateway, files, seed));
        }
        report::conclude("torture", &rows)
    })
}

fn share(hits: usize, of: usize) -> bool {
    let count = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    count(hits) >= MUST_HIT * count(of)
}

/// Says how long it took, so that nobody waits longer for the next run than it is worth.
fn done(what: &str, began: tokio::time::Instant, outcome: &dyn std::fmt::Debug) {
    println!("{what}, {:.1} s: {outcome:?}", began.elapsed().as_secs_f64());
}

async fn kill_gateway(gateway: &Path, seed: u64) -> Vec<Row> {
    let (began, plan) = (now(), Plan { webhooks: 2000, kills: 50, connections: 8, seed, is_hasty: false });
    let came = gateway_killed::run(gateway, plan).await;
    done("gateway killed", began, &came);
    let hasty = gateway_killed::run(gateway, Plan { kills: 10, is_hasty: true, ..plan }).await;
    let hits = format!("{} of {} kills hit, {} posted again", came.hits, plan.kills, came.repeated);
    let row = |row: Row| row.by_chance(seed, hits.clone()).only_if(share(came.hits, plan.kills));
    vec![
        row(Row::count("gateway killed: webhooks answered 200", came.answered, "webhooks").at_least(2000.0)),
        row(Row::count("gateway killed: lost", came.lost, "webhooks").at_most(0.0)),
        row(Row::count("gateway killed: doubled", came.doubled, "webhooks").at_most(0.0)),
        Row::count("gateway killed: unsound databases", usize::from(!came.is_sound), "databases")
            .at_most(0.0),
        Row::new("gateway killed: ready again", came.slowest_return.as_secs_f64(), "s at most").at_most(2.0),
        Row::count("gateway killed: faults in its log", came.faults.len(), "lines").at_most(0.0),
        Row::count("control: lost if it is answered first and kept later", hasty.lost, "webhooks")
            .at_least(1.0),
        Row::count("control: damage that is not noticed", usize::from(came.control != (1, 1)), "of 1")
            .at_most(0.0),
    ]
}

async fn kill_desktop(gateway: &Path, seed: u64) -> Vec<Row> {
    let (began, kills) = (now(), 40);
    let came = desktop_killed::run(gateway, kills, seed).await;
    done("desktop killed", began, &came);
    let hits = format!("{} of {kills} kills hit, {} messages", came.hits, came.kept);
    let row = |row: Row| row.by_chance(seed, hits.clone()).only_if(share(came.hits, kills));
    vec![
        row(Row::count("desktop killed: lost", came.lost, "messages").at_most(0.0)),
        row(Row::count("desktop killed: doubled", came.doubled, "messages").at_most(0.0)),
        row(Row::count("desktop killed: overtaken", came.overtaken, "messages").at_most(0.0)),
    ]
}

async fn kill_sending(gateway: &Path, seed: u64) -> Vec<Row> {
    let (began, messages, kills) = (now(), 600, 50);
    let came = sending::run(gateway, messages, kills, seed).await;
    done("gateway killed while sending", began, &came);
    let hits = format!(
        "{} of {kills} kills hit, {} requests unanswered, {} arrived, {} failed",
        came.hits, came.unanswered, came.arrived, came.failed
    );
    let row = |row: Row| row.by_chance(seed, hits.clone()).only_if(share(came.hits, kills));
    vec![
        row(Row::count("sending: doubled at the customer", came.doubled, "messages").at_most(0.0)),
        row(Row::count("sending: lost in silence", came.lost_silently, "messages").at_most(0.0)),
        row(Row::count("sending: without an end", came.stuck, "messages").at_most(0.0)),
        row(Row::count("sending: arrived but not known", came.unresolved, "messages").at_most(0.0)),
        row(Row::count("sending: overtaken", came.overtaken, "messages").at_most(0.0)),
        row(Row::count("sending: taken in", came.accepted, "messages").at_least(600.0)),
    ]
}

async fn duplicate(gateway: &Path, seed: u64) -> Vec<Row> {
    let (began, messages) = (now(), 2000);
    let came = duplicates::run(gateway, messages, seed).await;
    done("duplicates", began, &came);
    let hits = format!(
        "{} posted, up to {} copies of one at once, agents told {} times",
        came.posted, came.most_at_once, came.told
    );
    let happened = came.most_at_once >= 4 && came.told >= messages;
    let row = |row: Row| row.by_chance(seed, hits.clone()).only_if(happened);
    vec![
        row(Row::count("duplicates: messages not stored once", came.miscounted, "messages").at_most(0.0)),
        row(Row::count("duplicates: statuses not stored once", came.miscounted_statuses, "statuses")
            .at_most(0.0)),
        row(Row::count("duplicates: open sessions too many or few", came.sessions_off, "sessions")
            .at_most(0.0)),
        row(Row::count("duplicates: statuses that went back", came.went_back, "times").at_most(0.0)),
        row(Row::count("duplicates: not read in the end", came.not_read, "messages").at_most(0.0)),
    ]
}
