//! Keeps the templates as WhatsApp has them: asks each account for its list at the start, every so often, and whenever something
//! says that it has changed.
//!
//! What is wanted is on disk ([`template_lists`]), so it outlives a restart. An account is asked once at a
//! time; what comes together is asked for once, as calls of this kind are counted by the hour (Cloud API, rate limits of
//! business accounts).

use std::{future::Future, time::Duration};

use chrono::TimeDelta;
use tokio::time::sleep;
use tracing::{error, info, warn};

use crate::{
    clock::Clock,
    handling::templates,
    store::{
        Bell, Store, StoreError,
        numbers::{self, AlertSource, StoredNumber},
        template_lists::{self, Due},
    },
    whatsapp::{
        cloud_api::{CloudApi, SendFailure},
        graph_error::{Behaviour, alert_of},
        templates::Listed,
    },
};

/// How long a failed look at the store waits to be repeated, and how often another process's wish (`number add`) is looked for.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// The longest pause between two tries, in seconds.
const LONGEST_PAUSE: u64 = 1800;
/// The pause while an account refuses.
const REFUSED_PAUSE: Duration = Duration::from_mins(10);
/// Meta's codes for a token that is no longer good, for whatever call.
const TOKEN_CODES: [u32; 2] = [0, 190];

/// How often accounts are asked.
#[derive(Debug, Clone, Copy)]
pub struct TemplatesOptions {
    /// If nothing has happened.
    pub every: Duration,
    /// At most, whatever happens.
    pub apart: Duration,
}

impl Default for TemplatesOptions {
    fn default() -> Self {
        Self { every: Duration::from_hours(1), apart: Duration::from_secs(10) }
    }
}

/// The worker. One per store.
pub struct Templates {
    store: Store,
    api: CloudApi,
    clock: Clock,
    options: TemplatesOptions,
}

/// Why a list could not be had.
struct Trouble {
    pause: Duration,
}

impl Templates {
    /// Makes it; [`Templates::run`] starts it.
    #[must_use]
    pub const fn new(store: Store, api: CloudApi, clock: Clock, options: TemplatesOptions) -> Self {
        Self { store, api, clock, options }
    }

    /// Works until `shutdown` ends. A list under way then is asked for again at the next start.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        tokio::select! {
            () = shutdown => {}
            () = self.work() => {}
        }
    }

    async fn work(&self) {
        while let Err(problem) = self.want_all().await {
            error!(%problem, "which templates are wanted can't be written");
            sleep(LOOK_AGAIN).await;
        }
        loop {
            let pause = self.pass().await.unwrap_or_else(|problem| {
                error!(%problem, "templates can't be kept");
                LOOK_AGAIN
            });
            tokio::select! {
                () = self.store.bell(Bell::Templates).notified() => {}
                () = sleep(pause) => {}
            }
        }
    }

    async fn want_all(&self) -> Result<(), StoreError> {
        let mut change = self.store.begin().await?;
        template_lists::want_all(change.db(), self.clock.now()).await?;
        change.commit().await
    }

    /// Asks every account that is due, and says how long to sleep if nothing else happens.
    async fn pass(&self) -> Result<Duration, StoreError> {
        let apart = span(self.options.apart);
        let due = template_lists::due(self.store.read().await?.db(), apart, self.clock.now()).await?;
        for account in due {
            self.ask(&account).await?;
        }
        let next = template_lists::next_due(self.store.read().await?.db(), apart).await?;
        let pause = next.map_or(LOOK_AGAIN, |at| (at - self.clock.now()).to_std().unwrap_or_default());
        Ok(pause.clamp(Duration::from_millis(1), LOOK_AGAIN))
    }

    async fn ask(&self, Due { account_id: account, tries }: &Due) -> Result<(), StoreError> {
        let now = self.clock.now();
        let numbers = numbers::list(self.store.read().await?.db()).await?;
        let ours: Vec<&StoredNumber> =
            numbers.iter().filter(|number| number.settings.account_id == *account).collect();
        let mut change = self.store.begin().await?;
        if ours.is_empty() {
            template_lists::forget(change.db(), account).await?;
            templates::take(&mut change, account, &[], now).await?;
            return change.commit().await;
        }
        template_lists::begin(change.db(), account, now + span(self.options.every), now).await?;
        change.commit().await?;
        let listed = self.list(account, &ours, *tries).await;
        let now = self.clock.now();
        let mut change = self.store.begin().await?;
        match listed {
            Ok(listed) => {
                let changes = templates::take(&mut change, account, &listed, now).await?;
                template_lists::settle(change.db(), account).await?;
                info!(account, templates = listed.len(), changes, "the templates of an account were listed");
            }
            Err(Trouble { pause }) => {
                template_lists::try_again(change.db(), account, now + span(pause)).await?;
            }
        }
        change.commit().await
    }

    /// Asks with the token of each of the account's numbers until one is good.
    async fn list(
        &self,
        account: &str,
        numbers: &[&StoredNumber],
        tries: u32,
    ) -> Result<Vec<Listed>, Trouble> {
        let mut trouble = Trouble { pause: REFUSED_PAUSE };
        for number in numbers {
            let failure = match self.api.templates(account, &number.settings.token).await {
                Ok(listed) => return Ok(listed),
                Err(failure) => failure,
            };
            trouble.pause = pause_after(&failure, tries);
            log_failure(account, &failure);
            match &failure {
                SendFailure::Refused(error) if TOKEN_CODES.contains(&error.code) => {
                    self.raise_alert(number, error.code).await;
                }
                // Another number may have a token with more permissions.
                SendFailure::Refused(_) => {}
                SendFailure::NotArrived { .. } | SendFailure::Ambiguous { .. } => break,
            }
        }
        Err(trouble)
    }

    /// A token that is no longer good sends nothing either.
    async fn raise_alert(&self, number: &StoredNumber, code: u32) {
        let Some(alert) = alert_of(Some(code)) else { return };
        let raised = async {
            let mut change = self.store.begin().await?;
            let now = self.clock.now();
            numbers::raise_alert(&mut change, number.id, (&alert, AlertSource::Answer), now).await?;
            change.ring(Bell::Outbox);
            change.commit().await
        };
        if let Err(problem) = raised.await {
            error!(%problem, "an alert can't be raised");
        }
    }
}

fn span(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::days(1))
}

/// How long to wait after the try number `tries` (from 0) failed.
fn pause_after(failure: &SendFailure, tries: u32) -> Duration {
    let pause = Duration::from_secs(2_u64.saturating_pow(tries.saturating_add(1)).min(LONGEST_PAUSE));
    match failure.behaviour() {
        Behaviour::Fail(_) | Behaviour::StopNumber { .. } => REFUSED_PAUSE,
        Behaviour::BackOff { at_least, .. } | Behaviour::HoldRecipient { at_least } => {
            pause.max(at_least.unwrap_or_default())
        }
        Behaviour::Uncertain => pause,
    }
}

fn log_failure(account: &str, failure: &SendFailure) {
    match failure {
        SendFailure::Refused(error) => warn!(
            account,
            code = error.code,
            trace = error.trace,
            "WhatsApp does not list the templates of an account; the token needs whatsapp_business_management"
        ),
        SendFailure::NotArrived { cause } | SendFailure::Ambiguous { cause } => {
            info!(account, cause, "the templates of an account could not be listed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whatsapp::graph_error::GraphError;

    fn refused(code: u32) -> SendFailure {
        SendFailure::Refused(GraphError { code, ..GraphError::default() })
    }

    #[test]
    fn what_may_pass_is_tried_soon_and_what_somebody_has_to_mend_later() {
        let lost = SendFailure::Ambiguous { cause: "cut".to_owned() };
        let pauses = [0, 1, 9, 10, u32::MAX].map(|tries| pause_after(&lost, tries).as_secs());
        assert_eq!(pauses, [2, 4, 1024, 1800, 1800]);
        for code in [4, 80_007, 131_000] {
            assert_eq!(pause_after(&refused(code), 0).as_secs(), 2, "{code}");
        }
        for code in [190, 200, 100] {
            assert_eq!(pause_after(&refused(code), 0), REFUSED_PAUSE, "{code}");
        }
    }
}
