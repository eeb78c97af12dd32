//! The command line.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "here the program meets its user: arguments, terminal, clock"
)]

mod args;
mod baseline;
mod build;
mod doi;
mod examples;
mod explain;
#[cfg(feature = "external")]
mod external;
mod import;
mod init;
mod library;
mod locate;
mod man;
mod new;
mod output;
mod publish;
mod report;
mod schema;
mod serve;
mod starter;
mod template_watch;
mod theme;
mod timings;
mod today;

pub use args::{Cli, Command};
use report::visible;
pub use report::{Format, Reporter};

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use crate::disk::{Content, DiskError, DiskErrors, Existing, Folder, Holder, NewFiles};
use crate::source::SitePath;

use output::{exit_code, say, say_err};

/// The site was built, or the checks found no error.
pub const DONE: u8 = 0;
/// The input has errors; nothing was published.
pub const INPUT_ERRORS: u8 = 1;
/// Wrong usage.
pub const USAGE: u8 = 2;

/// Runs the command that the arguments of the program name.
pub fn run() -> ExitCode {
    let code = match Cli::try_parse() {
        Ok(cli) => command(&cli),
        Err(found) if found.use_stderr() => {
            let _ = found.print();
            USAGE
        }
        // `--help` and `--version`.
        Err(found) => {
            output::record_write(found.print().and_then(|()| std::io::stdout().flush()));
            DONE
        }
    };
    ExitCode::from(exit_code(code))
}

fn command(cli: &Cli) -> u8 {
    match &cli.command {
        Command::Build(args) => build::build(args),
        Command::Check(args) => build::check(args),
        Command::Serve(args) => serve::serve(args),
        Command::Publish(args) => publish::publish(args),
        Command::Clean(args) => build::clean(args),
        Command::Explain(args) => explain::explain(args),
        Command::Where(args) => locate::locate(args),
        Command::Rename(args) => locate::rename_record(args),
        Command::Init(args) => init::init(args),
        Command::New(args) => new::new(args),
        Command::Import(args) => library::import(args),
        Command::Theme(args) => theme::theme(args),
        Command::Schema(args) => schema::schema(args),
        Command::Completions(args) => man::completions(args),
        Command::Man(args) => man::man(args),
    }
}

/// Reports that the program was built without the feature of a command.
fn without_feature(feature: &str) -> u8 {
    say_err(&format!("error: this `dossier` was built without the cargo feature `{feature}`\n"));
    say_err(&format!("help: `cargo build --release --features {feature}` builds it with that feature\n"));
    USAGE
}

/// Opens the folder of a site; reports the problem if there is none.
fn open_site(root: &Path) -> Option<Folder> {
    let site = Folder::open(root).ok().filter(|site| SitePath::new("site.toml").is_ok_and(|path| site.holds(&path)));
    if site.is_none() {
        say_err(&format!("error: there is no `site.toml` in `{}`\n", root.display()));
        say_err("help: give the folder of the site with `--root`, or create one with `dossier init`\n");
    }
    site
}

/// Writes generated files into a folder; overwrites files that differ only with `force`.
fn write_all<'c>(
    folder: &Path,
    command_name: &str,
    files: impl Iterator<Item = (String, Cow<'c, [u8]>)>,
    force: bool,
) -> u8 {
    let files: Vec<(SitePath, Cow<[u8]>)> =
        files.filter_map(|(name, bytes)| Some((SitePath::new(&name).ok()?, bytes))).collect();
    let contents = files.iter().map(|(path, bytes)| (path.clone(), Content::Bytes(bytes)));
    let existing = if force { Existing::Replace } else { Existing::Keep };
    let written = NewFiles::open(folder, command_name, waiting).map_err(DiskErrors::from);
    match written.and_then(|folder| folder.add(contents, existing)) {
        Ok(()) => {
            say(&files.iter().map(|(path, _)| format!("{}\n", shown(&folder.join(path)))).collect::<String>());
            DONE
        }
        Err(errors) => {
            let exist = errors.iter().all(|error| matches!(error, DiskError::Exists { .. }));
            say_err(&format!("error: {}; nothing was written\n", error_text(errors)));
            if exist {
                say_err("help: `--force` writes over files that differ\n");
            }
            INPUT_ERRORS
        }
    }
}

/// Reports that another command uses the folder.
fn waiting(holder: &Holder) {
    say_err(&format!("waiting for {holder}\n"));
}

/// The errors of a folder, one per line.
fn error_text(errors: impl Into<DiskErrors>) -> String {
    errors.into().iter().map(ToString::to_string).collect::<Vec<_>>().join("\nerror: ")
}

/// A path for messages: without a leading `./`.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}
