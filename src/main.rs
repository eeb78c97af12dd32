//! The `dossier` program.

use std::process::ExitCode;

use clap::Parser;
use dossier::cli::{self, Cli};

/// Pages are made of very many small pieces, on all cores at once: with the C library's allocator that takes a third of
/// the time of a build.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words = Cli::parse();
    cli::run(&words)
}
