//! Text that people write: what its marks and addresses mean.

pub mod links;
pub mod markup;
