//! The decoder child: a process that looks into one file and ends. Decoders can abort, hang and eat memory in ways that
//! nothing within a process catches, so they never run in a program that has anything to lose.
//!
//! The parent's side is a [`Workshop`]. It starts a program of ours with `decode` and the job as arguments, hands it the open
//! file as standard input and reads the answer from its standard output, within a limit of time and of length. The child's
//! side is [`serve`], which gives up all that it doesn't need before it reads the first byte.
//!
//! | what is held | Linux | other Unix | Windows |
//! | --- | --- | --- | --- |
//! | time by the clock, length of the answer, empty environment | parent | parent | parent |
//! | processor time, new files and sockets, length of written files | child | child | - |
//! | memory | child | where the system counts it | - |
//! | any other system call than those that decoding takes | child | - | - |

use serde::{Deserialize, Serialize};

mod job;
mod limits;
mod wire;
mod workshop;

pub use crate::describe::Described;
pub use job::serve;
pub use workshop::{Playing, Stopper, Workshop};

/// Why nothing can be shown of a file, or made of it; to follow "can't be shown: ", without a full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It is something else than a picture.
    #[error("its file is not a picture of a kind that Waxwing knows")]
    NotAPicture,
    /// It is something else than sound.
    #[error("its file is not sound of a kind that Waxwing plays")]
    NotSound,
    /// It ends early or makes no sense.
    #[error("its file is damaged")]
    Damaged,
    /// It would take too much memory or time.
    #[error("it has too many pixels")]
    TooLarge,
    /// It would take too much memory or time.
    #[error("it has more than {} frames", crate::picture::MAX_FRAMES)]
    TooManyFrames,
    /// The limit of time was reached.
    #[error("looking into its file takes too long")]
    TookTooLong,
    /// The child could not be started, or died.
    #[error("its file broke the program that looks into it")]
    Broken,
}
