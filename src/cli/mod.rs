//! The command line.
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
mod library;
mod man;
mod new;
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
pub use report::{Format, Reporter};

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use crate::disk::{Content, DiskError, DiskErrors, Existing, Folder, Holder, NewFiles};
use crate::source::SitePath;

/// The site was built, or the checks found no error.
pub const DONE: u8 = 0;
/// The input has errors; nothing was published.
pub const INPUT_ERRORS: u8 = 1;
/// Wrong usage.
pub const USAGE: u8 = 2;

/// Runs the command.
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
        Command::Import(args) => library::import(args),
        Command::Theme(args) => theme::theme(args),
        Command::Schema(args) => schema::schema(args),
        Command::Completions(args) => man::completions(args),
        Command::Man(args) => man::man(args),
    })
}

/// Writes to standard output; a closed pipe, as with `head`, is no error.
fn say(text: &str) {
    drop(std::io::stdout().write_all(text.as_bytes()));
}

/// Reports that the program was built without the feature of a command.
fn without_feature(feature: &str) -> u8 {
    eprintln!("error: this `dossier` was built without the cargo feature `{feature}`");
    eprintln!("help: `cargo build --release --features {feature}` builds it with that feature");
    USAGE
}

/// Opens the folder of a site; reports the problem if there is none.
fn open_site(root: &Path) -> Option<Folder> {
    let site = Folder::open(root).ok().filter(|site| SitePath::new("site.toml").is_ok_and(|path| site.holds(&path)));
    if site.is_none() {
        eprintln!("error: there is no `site.toml` in `{}`", root.display());
        eprintln!("help: give the folder of the site with `--root`, or create one with `dossier init`");
    }
    site
}

/// Writes generated files into a folder; overwrites files that differ only with `force`.
fn write_all<'c>(folder: &Path, doing: &str, files: impl Iterator<Item = (String, Cow<'c, [u8]>)>, force: bool) -> u8 {
    let files: Vec<(SitePath, Cow<[u8]>)> =
        files.filter_map(|(name, bytes)| Some((SitePath::new(&name).ok()?, bytes))).collect();
    let contents = files.iter().map(|(path, bytes)| (path.clone(), Content::Bytes(bytes)));
    let existing = if force { Existing::Replace } else { Existing::Keep };
    let written = NewFiles::open(folder, doing, waiting).map_err(DiskErrors::from);
    match written.and_then(|folder| folder.add(contents, existing)) {
        Ok(()) => {
            say(&files.iter().map(|(path, _)| format!("{}\n", shown(&folder.join(path)))).collect::<String>());
            DONE
        }
        Err(errors) => {
            let exist = errors.iter().all(|error| matches!(error, DiskError::Exists { .. }));
            eprintln!("error: {}; nothing was written", error_text(errors));
            if exist {
                eprintln!("help: `--force` writes over files that differ");
            }
            INPUT_ERRORS
        }
    }
}

/// Reports that another command uses the folder.
fn waiting(holder: &Holder) {
    eprintln!("waiting for {holder}");
}

/// The errors of a folder, one per line.
fn error_text(errors: impl Into<DiskErrors>) -> String {
    errors.into().iter().map(ToString::to_string).collect::<Vec<_>>().join("\nerror: ")
}

/// A path for messages: without a leading `./`.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}
