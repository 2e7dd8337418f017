//! What files are, what may be done with them, and what they are called: with files made here, sound and hostile ones.

mod hostile;
mod inside;
mod matrix;
mod names;
#[expect(clippy::unwrap_used, reason = "what is made here in memory cannot fail to be made")]
mod samples;
mod sending;
