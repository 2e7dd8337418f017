//! The calls about interactions that are not the agent's: what they are, and what lies in workbins.

use reqwest::Method;
use waxwing_protocol::{
    api,
    history::{self, InteractionRecord},
    id::InteractionId,
    interaction::Interaction,
    workbin::{self, Changes, ChangesQuery, Colleagues},
    wrap_up,
};

use super::{CALL_LIMIT, GatewayClient, exchange, read_json};
use crate::desk::{
    input::CallError,
    workbins::deeds::{Deed, DeedCall},
};

impl GatewayClient {
    /// An interaction of any phase, with what happened to it.
    pub(in crate::service) async fn record(
        &self,
        interaction: InteractionId,
    ) -> Result<InteractionRecord, CallError> {
        self.check_protocol().await?;
        self.get(&history::interaction(interaction), &(), CALL_LIMIT).await
    }

    /// What comes next in the workbins.
    pub(in crate::service) async fn workbin_changes(
        &self,
        query: ChangesQuery,
    ) -> Result<Changes, CallError> {
        self.check_protocol().await?;
        self.get(workbin::CHANGES, &query, CALL_LIMIT).await
    }

    /// To whom work can be given.
    pub(in crate::service) async fn colleagues(&self) -> Result<Colleagues, CallError> {
        self.check_protocol().await?;
        self.get(workbin::COLLEAGUES, &(), CALL_LIMIT).await
    }

    /// Does something with what lies in a workbin; tells how it is then.
    pub(in crate::service) async fn in_workbin(
        &self,
        DeedCall { interaction, deed }: &DeedCall,
    ) -> Result<Option<Box<Interaction>>, CallError> {
        self.check_protocol().await?;
        let id = *interaction;
        let request = match deed {
            Deed::Open => self.request(Method::POST, &workbin::open(id)),
            Deed::Move(to) => self.request(Method::POST, &workbin::to_workbin(id)).json(to),
            Deed::Assign(to) => self.request(Method::POST, &workbin::assign(id)).json(to),
            Deed::CaseData(put) => self.request(Method::PUT, &wrap_up::case_data(id)).json(put),
            Deed::Done => self.request(Method::POST, &api::done(id)),
        };
        let told = exchange(request, CALL_LIMIT).await?;
        if *deed == Deed::Done {
            return Ok(None);
        }
        read_json(&told).map(Some)
    }
}
