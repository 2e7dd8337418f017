//! Emoji to pick from: by groups, by search, by `:shortcode:`, in the agent's tone and with what they use most.
//!
//! Without drawing: `catalogue` is what is offered, `words` what it is called in which language, `search` finds by that.

mod catalogue;
mod fold;
mod search;
mod words;

pub use catalogue::{Catalogue, Entry};
pub use search::Index;
