//! The command line: words in, exit codes out.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "here the program meets its user: arguments, terminal, clock"
)]

mod build;
mod report;
mod words;

pub use report::{Format, Reporter};
pub use words::{Cli, Command};

use std::process::ExitCode;

/// The site was built, or the checks found no error.
pub const DONE: u8 = 0;
/// The input has errors; nothing was published.
pub const INPUT_ERRORS: u8 = 1;
/// The command line was wrong.
pub const USAGE: u8 = 2;

/// Runs what the command line asks for.
pub fn run(cli: &Cli) -> ExitCode {
    ExitCode::from(match &cli.command {
        Command::Build(args) => build::build(args),
        Command::Check(args) => build::check(args),
        Command::Clean(args) => build::clean(args),
        Command::Explain(args) => build::explain(args),
    })
}
