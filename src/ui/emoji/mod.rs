//! Emoji to pick from: by groups, by search, by `:shortcode:`, in the agent's tone and with what they use most.
//!
//! Without drawing: `catalogue` is what is offered, `words` what it is called in which language, `search` finds by that,
//! `typed` sees a short code in what is written, `grid` knows where the keys lead. `picker` with its `body` and
//! `completion` draw; `sheet` holds their pictures, `state` all that is remembered.

mod body;
mod catalogue;
pub(super) mod completion;
mod fold;
mod grid;
pub(super) mod picker;
mod search;
mod sheet;
mod state;
mod typed;
mod words;

pub use catalogue::{Catalogue, Entry};
pub(super) use fold::folded;
pub use search::Index;
pub(super) use state::EmojiState;
