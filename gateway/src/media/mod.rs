//! Gets our own copies of the files that contacts send, before WhatsApp forgets them (after 7 days).
//!
//! # The life of a file
//!
//! ```text
//!  webhook ──► fetching ──► ready          it is there, whole: its hash is what WhatsApp announced
//!                 │  ▲  └──► failed        it can't be had: it is gone, too large, or somewhere where we don't go
//!      try again ─┴──┘
//!  taken back ──► erased ──► (gone)        the file is removed, then the row
//! ```
//!
//! A file that has come is looked into before it is ready: what it is, whether it may be opened, what it looks like. What an
//! earlier gateway has fetched without that is looked into when there is nothing else to do, the newest first.
//!
//! Files that go the other way come from desktops in pieces: [`Uploads`].
//!
//! The row of a file is stored with its message, so nothing is missed by a crash; what was under way begins anew at the next
//! start. A few files are fetched at a time, the oldest first, beside everything else: no message waits for a file.
//!
//! # If it does not work
//!
//! * *WhatsApp can't be reached, the connection breaks, the answer is an error that passes, or the file is not what was
//!   announced:* it is tried again after a pause that doubles from ten seconds to an hour, for as long as WhatsApp keeps the
//!   file. Meta blocks whoever makes 20 errors within an hour, so a number rests before that.
//! * *The address is too old (404):* the file is looked up once more at once.
//! * *The token is refused:* the alert of the number is raised, as when a message is refused; once it is cleared, fetching goes
//!   on.
//! * *WhatsApp does not have the file, it is too large, or at a host that is not on the list:* it fails for good, and the agent
//!   reads why.

mod decide;
mod fetch;
mod files;
mod look;
pub mod pieces;
mod uploads;
mod worker;

pub use waxwing_media::child::Workshop;

pub use self::{
    files::{Files, FilesError, Writing, draw_name, piece_of, preview_of},
    look::{Asked, Looking, sendable},
    uploads::Uploads,
    worker::{Media, MediaOptions},
};
