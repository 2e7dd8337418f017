//! How much memory a process takes, as the system counts it.

use std::fs;

/// The most memory that a process has had since it began or was last asked to forget it, in megabytes; none if it has ended.
pub(crate) fn peak(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u32 = line.split_whitespace().next()?.parse().ok()?;
    Some(f64::from(kilobytes) / 1024.0)
}

/// Lets the system forget the most memory that a process has had; how much it has now, in megabytes.
pub(crate) fn forget_peak(process: u32) -> Option<f64> {
    fs::write(format!("/proc/{process}/clear_refs"), "5").ok()?;
    peak(process)
}

/// The children of this process, whichever thread began them.
pub(crate) fn children() -> Vec<u32> {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let of_thread = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("children")).ok();
    let children = threads.filter_map(of_thread);
    children
        .flat_map(|text| text.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
        .collect()
}
