//! Files that strangers send, and files on their way to them: what they really are, what may be done with them, and what can
//! be shown of them. Both programs use it.
//!
//! 1. What a file is comes from its bytes, never from its name or its declared type.
//! 2. Whatever decodes a stranger's bytes runs in a child process of its own, without network, with little memory and time:
//!    a hostile file costs at most its own preview.
//! 3. Nothing here knows of messages, agents or the gateway; nothing here opens a window or a connection.

/// Sound: what is known of it, and its samples.
pub mod audio;
/// The decoder child: a process that looks into one file and ends.
pub mod child;
/// All that is said of a file.
mod describe;
/// What a file really is and holds, looked up within bounds.
pub mod inspect;
/// The types of file that Waxwing knows.
pub mod kind;
/// Names of files, cleaned.
pub mod name;
/// Pictures: decoded, made smaller, made anew.
pub mod picture;
/// Whether a file can be sent, before it is uploaded.
pub mod sending;
/// The type of a file, by its bytes.
mod sniff;
/// Files without what they say of place and time.
mod strip;
/// Whether a file may be opened.
pub mod verdict;
/// Films: how long, how large, and what they begin with.
mod video;
/// Voice notes, recorded.
pub mod voice;
