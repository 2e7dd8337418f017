//! The calls about interactions that are not the agent's: what they are, and what lies in workbins.

use waxwing_protocol::{
    history::{self, InteractionRecord},
    id::InteractionId,
};

use super::{CALL_LIMIT, GatewayClient};
use crate::desk::input::CallError;

impl GatewayClient {
    /// An interaction of any phase, with what happened to it.
    pub(in crate::service) async fn record(
        &self,
        interaction: InteractionId,
    ) -> Result<InteractionRecord, CallError> {
        self.check_protocol().await?;
        self.get(&history::interaction(interaction), &(), CALL_LIMIT).await
    }
}
