//! `make bench`: how fast the programs are, each figure beside something simpler. `target/bench.json`.
//!
//! Every number is measured in this run, on the programs as they are shipped: the gateway as a process of its own, the
//! desktop in a real window on a virtual display, the transcript without a screen. Only loopback, bounded in count and
//! time. `cargo bench --bench bench -- transcript` measures the transcript alone, `files` what looking into files costs,
//! `emoji` the picker and pictures in rows, `endless` the Notification tab and words without an end, `responses` how soon
//! prepared replies are found, `workbins` what a frame of a workbin costs, `found` how soon contacts and words are among a
//! million.

#[expect(dead_code, reason = "torture needs more of it")]
#[path = "../kit/mod.rs"]
mod kit;
#[expect(dead_code, reason = "torture needs more of it")]
#[path = "../report/mod.rs"]
mod report;

mod display;
mod files;
mod found;
mod ingest;
mod responses;
mod transcript;
mod window;
mod workbins;

use std::process::ExitCode;

use kit::programs::Programs;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        if is_asked("files") {
            let programs = Programs::build(&["waxwing"]);
            return report::conclude("bench", &files::rows(&programs.at("waxwing")));
        }
        if is_asked("emoji") {
            return report::conclude("bench", &transcript::without_length().await);
        }
        if is_asked("endless") {
            return report::conclude("bench", &transcript::without_service());
        }
        if is_asked("responses") {
            return report::conclude("bench", &[responses::row()]);
        }
        if is_asked("workbins") {
            return report::conclude("bench", &[workbins::row()]);
        }
        if is_asked("found") {
            // `found 100000` looks among fewer.
            let many = std::env::args().find_map(|argument| argument.parse().ok());
            return report::conclude("bench", &found::rows(many).await);
        }
        let mut rows = transcript::rows().await;
        rows.push(responses::row());
        rows.push(workbins::row());
        if !is_asked("transcript") {
            let programs = Programs::build(&["waxwing-gateway", "waxwing", "examples/bare_window"]);
            rows.extend(files::rows(&programs.at("waxwing")));
            rows.extend(ingest::rows(&programs.at("waxwing-gateway")).await);
            rows.extend(found::rows(None).await);
            rows.extend(window::rows(&programs).await);
        }
        report::conclude("bench", &rows)
    })
}

fn is_asked(part: &str) -> bool {
    std::env::args().any(|argument| argument == part)
}
