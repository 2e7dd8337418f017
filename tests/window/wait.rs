//! Waiting for what somebody else does: asked again until it is so, with a limit; the only place here that sleeps.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// Between two questions.
const PAUSE: Duration = Duration::from_millis(40);

/// Asks until there is an answer, and returns it with how long it took; fails with `what` when `seconds` are over.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "a test's patience is measured by the machine's clock")]
pub(crate) fn until<T>(what: &str, seconds: u64, mut ask: impl FnMut() -> Option<T>) -> (T, Duration) {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return (answer, began.elapsed());
        }
        assert!(began.elapsed() < Duration::from_secs(seconds), "waited {seconds} s in vain until {what}");
        sleep(PAUSE);
    }
}
