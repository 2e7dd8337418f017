//! Small things that several panels draw.

pub(super) mod avatar;
pub(super) mod button;
pub(super) mod count_badge;
pub(super) mod pending_badge;
pub(super) mod picture;
