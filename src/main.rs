//! The `dossier` program.

use std::process::ExitCode;

use clap::Parser;
use dossier::cli::{self, Cli};

fn main() -> ExitCode {
    let words = Cli::parse();
    cli::run(&words)
}
