//! The command line: words in, exit codes out.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "here the program meets its user: arguments, terminal, clock"
)]

mod args;
mod build;
mod examples;
mod explain;
#[cfg(feature = "external")]
mod external;
mod import;
mod init;
mod man;
mod new;
mod publish;
mod report;
mod schema;
mod serve;
mod starter;
mod theme;
mod timings;
mod today;

pub use args::{Cli, Command};
pub use report::{Format, Reporter};

use std::io::Write;
use std::path::Path;
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
        Command::Serve(args) => serve::serve(args),
        Command::Publish(args) => publish::publish(args),
        Command::Clean(args) => build::clean(args),
        Command::Explain(args) => explain::explain(args),
        Command::Init(args) => init::init(args),
        Command::New(args) => new::new(args),
        Command::Theme(args) => theme::theme(args),
        Command::Schema(args) => schema::schema(args),
        Command::Completions(args) => man::completions(args),
        Command::Man(args) => man::man(args),
    })
}

/// Writes to standard output; a reader that has seen enough, such as `head`, is no fault.
fn say(text: &str) {
    drop(std::io::stdout().write_all(text.as_bytes()));
}

/// Ends a command that this program was built without.
fn without_feature(feature: &str) -> u8 {
    eprintln!("error: this `dossier` was built without the cargo feature `{feature}`");
    eprintln!("help: `cargo build --release --features {feature}` builds one that has it");
    USAGE
}

/// A path as it is told: without a leading `./`.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}
