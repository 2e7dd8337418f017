//! The long poll: asks for what comes after a cursor, and waits at the gateway for something to happen.

use std::time::Duration;

use waxwing_protocol::{
    api::{EVENTS, PollQuery},
    event::{Cursor, EventPage},
};

use super::gateway_client::{CALL_LIMIT, GatewayClient};
use crate::desk::input::CallError;

/// How long the gateway is asked to wait.
const WAIT: Duration = Duration::from_secs(25);

/// Asks for what comes after what is held, of the feed and of the workbins. If there is no answer, the gateway may come back as another one.
pub(super) async fn poll(
    client: &GatewayClient,
    held: (Option<Cursor>, u64),
    wait: bool,
) -> Result<EventPage, CallError> {
    let page = ask(client, held, wait).await;
    match &page {
        Ok(EventPage::Events { now, .. } | EventPage::Snapshot { now, .. }) => client.clock().set(*now),
        Err(CallError::Unreachable(_)) => client.doubt(),
        Err(CallError::Refused(_) | CallError::WrongProtocol(_)) => {}
    }
    page
}

async fn ask(
    client: &GatewayClient,
    (after, workbins): (Option<Cursor>, u64),
    wait: bool,
) -> Result<EventPage, CallError> {
    client.check_protocol().await?;
    let wait = if wait { WAIT } else { Duration::ZERO };
    let wait_seconds = u32::try_from(wait.as_secs()).unwrap_or(0);
    let query = PollQuery { after, wait_seconds, workbins: Some(workbins) };
    client.get(EVENTS, &query, wait + CALL_LIMIT).await
}
