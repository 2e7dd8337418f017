//! What is said of files: how often each is tortured, and what of it is good enough.

use std::path::Path;

use crate::{done, files_fetched, files_sent, hostile, kit::wait::now, memory, report::Row, share};

/// How much more memory a program may take for one large file, in megabytes.
const MEMORY_LIMIT: f64 = 32.0;
/// How much memory a child may have, in megabytes.
const CHILD_LIMIT: f64 = 800.0;

/// Files on their way out.
pub(crate) async fn sent(gateway: &Path, seed: u64) -> Vec<Row> {
    let (began, plan) = (now(), files_sent::Plan { desktops: 25, gateways: 25, seed });
    let came = files_sent::run(gateway, plan).await;
    done("files sent", began, &came);
    let hits = format!(
        "{} of {} kills of the desktop and {} of {} of the gateway hit, {} lines cut, {} of them in a file, {} uploads to \
         WhatsApp failed; {} messages, {} of them files, {} files arrived",
        came.desktop_hits,
        plan.desktops,
        came.gateway_hits,
        came.gateway_kills,
        came.cuts.0,
        came.cuts.1,
        came.failed_uploads,
        came.kept,
        came.files,
        came.arrived
    );
    let happened = share(came.desktop_hits, plan.desktops)
        && share(came.gateway_hits, came.gateway_kills)
        && came.gateway_kills >= 15
        && came.cuts.1 >= 10
        && came.failed_uploads >= 10
        && came.arrived >= 60;
    let row = |name: &str, count: usize, unit| {
        Row::count(name, count, unit).at_most(0.0).by_chance(seed, hits.clone()).only_if(happened)
    };
    vec![
        row("files_sent_doubled", came.faults.doubled, "messages"),
        row("files_sent_lost_in_silence", came.faults.lost_silently, "messages"),
        row("files_sent_stuck", came.faults.stuck, "messages"),
        row("files_sent_damaged", came.faults.damaged, "files"),
        row("files_sent_overtaken", came.faults.overtaken, "messages"),
        row("files_sent_copies_left_at_the_desktop", came.copies_left, "copies"),
        row("files_sent_pieces_left_at_the_gateway", came.pieces_left, "files"),
        Row::count("control: faults of files that are not noticed", came.unnoticed, "of 5").at_most(0.0),
    ]
}

/// Files on their way in.
pub(crate) async fn fetched(gateway: &Path, seed: u64) -> Vec<Row> {
    let (began, files, kills) = (now(), 120, 20);
    let came = files_fetched::run(gateway, files, kills, seed).await;
    done("files fetched", began, &came);
    let hits = format!(
        "{} of {kills} kills hit, {} downloads broke off, {} files ready, {} failed",
        came.hits, came.broken_off, came.ready, came.failed
    );
    let happened = share(came.hits, kills) && came.broken_off >= 10 && came.ready >= files / 2;
    let row = |name: &str, count: usize, unit| {
        Row::count(name, count, unit).at_most(0.0).by_chance(seed, hits.clone()).only_if(happened)
    };
    vec![
        row("files_fetched_lost", came.lost, "files"),
        row("files_fetched_damaged", came.damaged, "files"),
        row("files_fetched_failed_without_a_reason", came.speechless, "files"),
        row("files_fetched_failed_though_whatsapp_has_them", came.given_up, "files"),
        row("files_fetched_left_over_at_the_gateway", came.left_over, "files"),
        Row::count("control: wrong bytes that are not noticed", came.unnoticed, "files").at_most(0.0),
    ]
}

/// A file of 99.9 MB both ways.
pub(crate) async fn memory(gateway: &Path, seed: u64) -> Vec<Row> {
    let began = now();
    let came = memory::run(gateway, seed).await;
    done("memory for files", began, &came);
    let grows = |name: &str, megabytes: f64| Row::new(name, megabytes, "MB more").at_most(MEMORY_LIMIT);
    vec![
        grows("file_memory_mb_99_9_sent_by_the_desktop", came.out[0]),
        grows("file_memory_mb_99_9_sent_by_the_gateway", came.out[1]),
        grows("file_memory_mb_99_9_downloaded_by_the_desktop", came.into[0]),
        grows("file_memory_mb_99_9_fetched_by_the_gateway", came.into[1]),
        Row::count("file_99_9_mb_damaged", came.damaged, "files").at_most(0.0),
        Row::count("file_100_mb_taken", came.took_too_much, "programs").at_most(0.0),
        Row::new("control: memory of a program that holds the file", came.control, "MB more").at_least(90.0),
    ]
}

/// Files that mean harm.
pub(crate) fn hostile(gateway: &Path, files: usize, seed: u64) -> Vec<Row> {
    let began = now();
    let (came, control) = hostile::run(gateway, files, seed);
    done("hostile files", began, &came);
    let hits = format!("{files} files, {} children, {} of them broke", came.children, came.broken);
    let row = |row: Row| row.by_chance(seed, hits.clone()).only_if(came.children >= 4 * files);
    vec![
        row(Row::count("files_hostile_hung", came.hung, "children").at_most(0.0)),
        row(Row::new("files_hostile_slowest_s", came.slowest.as_secs_f64(), "s").at_most(3.0)),
        row(Row::new("files_hostile_child_memory_mb", came.peak, "MB").at_most(CHILD_LIMIT))
            .only_if(came.peak > 1.0),
        Row::count("files_hostile_children_broken", came.broken, "children"),
        Row::count(
            "control: children that hang and are not noticed",
            1_usize.saturating_sub(control.hung),
            "of 1",
        )
        .at_most(0.0),
    ]
}
