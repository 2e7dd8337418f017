//! Waits for what is needed, with a limit. Nothing else here lets time pass.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

/// How long anything may take before we give up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// How often is looked again.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// Asks until there is an answer. Says what it waited for if there is none in time.
pub(crate) async fn until<T>(what: &str, limit: Duration, ask: impl AsyncFnMut() -> Option<T>) -> T {
    within(limit, ask).await.unwrap_or_else(|| panic!("waited {limit:?} in vain until {what}"))
}

/// Asks until there is an answer, or the time is over.
pub(crate) async fn within<T>(limit: Duration, mut ask: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            sleep(LOOK_AGAIN).await;
        }
    };
    timeout(limit, asking).await.ok()
}

/// Lets this much time pass.
pub(crate) async fn pause(span: Duration) {
    sleep(span).await;
}

/// Now, by the monotonic clock.
pub(crate) fn now() -> Instant {
    Instant::now()
}
