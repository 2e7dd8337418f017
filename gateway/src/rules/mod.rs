//! What an operator sets about the work itself: how sessions go, which workbins there are, how work ends. Plain values; the
//! store keeps those on which decisions depend ([`crate::store::settings`]), so every process that decides has the same.

pub mod sessions;
pub mod workbins;
pub mod wrap_up;

pub use self::{sessions::SessionRules, workbins::WorkbinRule, wrap_up::WrapUpRules};
