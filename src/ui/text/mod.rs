//! Text that people write: what its marks and addresses mean.

pub mod jumbo;
pub mod links;
pub mod markup;
