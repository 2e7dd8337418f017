//! The program `waxwing-gateway`: reads the command line and does what it says.

use std::process::ExitCode;

use clap::Parser as _;
use waxwing_gateway::cli::Cli;

fn main() -> ExitCode {
    Cli::parse().run()
}
