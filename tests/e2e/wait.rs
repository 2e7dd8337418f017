//! Waiting for something to become true, with a limit: the only place of these tests where time passes.

use std::time::{Duration, Instant};

/// How long anything may take here; only a broken program comes near it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(5);

/// Asks again and again until there is an answer.
#[track_caller]
pub(crate) fn until<T>(what: &str, ask: impl FnMut() -> Option<T>) -> T {
    within(PATIENCE, what, ask)
}

/// The same within a limit of its own.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "the limit of a test is the machine's time")]
pub(crate) fn within<T>(limit: Duration, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < limit, "waited in vain: {what}");
        std::thread::sleep(PAUSE);
    }
}
