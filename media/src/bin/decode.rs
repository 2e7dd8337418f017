//! The decoder child alone, as both programs have it behind `decode`: for this crate's own tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("decode"), Some(job)) => waxwing_media::child::serve(&job),
        _ => ExitCode::FAILURE,
    }
}
