//! Files that strangers send, and files on their way to them: what they really are, what may be done with them, and what can
//! be shown of them. Both programs use it.
//!
//! 1. What a file is comes from its bytes, never from its name or its declared type.
//! 2. Whatever decodes a stranger's bytes runs in a child process of its own, without network, with little memory and time:
//!    a hostile file costs at most its own preview.
//! 3. Nothing here knows of messages, agents or the gateway; nothing here opens a window or a connection.

pub mod audio;
pub mod child;
mod describe;
pub mod inspect;
pub mod kind;
pub mod name;
pub mod picture;
pub mod sending;
mod sniff;
mod strip;
pub mod verdict;
mod video;
pub mod voice;
