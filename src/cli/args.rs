use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::{Format, examples};

/// Static sites for explainers whose every claim is sourced.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true, disable_help_subcommand = true)]
#[command(after_help = "Examples:
  dossier init dates                  start an explainer in ./dates
  dossier build                       make the site in ./public
  dossier build --out /srv/www/deal   make it elsewhere
  dossier serve --watch --open        write, and see it at once
  dossier check --deny unused-claim   fail on claims that no page cites
  dossier explain uncited-paragraph   what a problem means and how to mend it

Exit codes: 0 done, 1 the input has errors (nothing is published), 2 wrong usage.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the site
    #[command(after_help = examples::BUILD)]
    Build(BuildArgs),
    /// Say what is wrong, and publish nothing
    #[command(after_help = examples::CHECK)]
    Check(CheckArgs),
    /// Show the site in a browser, from memory, as you write it
    #[command(after_help = examples::SERVE)]
    Serve(ServeArgs),
    /// Put the site into an object store, a folder or a bucket behind a CDN
    #[command(after_help = examples::PUBLISH)]
    Publish(PublishArgs),
    /// Remove what was built: only files of ours, never others
    #[command(after_help = examples::CLEAN)]
    Clean(CleanArgs),
    /// CappedDiagnostics what a problem means and how to mend it
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArgs),
    /// Start an explainer that builds without a change
    #[command(after_help = examples::INIT)]
    Init(InitArgs),
    /// Add a page or a record with the right keys
    #[command(after_help = examples::NEW)]
    New(NewArgs),
    /// List the templates and stylesheets, or copy some of them into the site to change them
    #[command(after_help = examples::THEME)]
    Theme(ThemeArgs),
    /// Write the JSON Schema of a kind of file, for editors
    #[command(after_help = examples::SCHEMA)]
    Schema(SchemaArgs),
    /// Write completions for a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsArgs),
    /// Write the man page of the program or of a command
    #[command(after_help = examples::MAN)]
    Man(ManArgs),
}

/// Which site, and how it is read.
#[derive(Clone, Debug, Args)]
pub struct SiteArgs {
    /// The folder of the site, with its site.toml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The address the site will have, instead of the one in site.toml
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<String>,
    /// Show drafts and pages of the future
    #[arg(long)]
    pub drafts: bool,
    /// Say nothing but problems
    #[arg(long, short)]
    pub quiet: bool,
}

/// What counts as a problem, and how problems are told.
#[derive(Clone, Debug, Args)]
pub struct ReportArgs {
    /// What is an error.
    #[command(flatten)]
    pub levels: LevelArgs,
    /// How problems are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Words on how bad kinds of problems are.
#[derive(Clone, Debug, Args)]
pub struct LevelArgs {
    /// Treat this kind of problem as an error (repeatable)
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub deny: Vec<String>,
    /// Do not show this kind of problem (repeatable)
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub allow: Vec<String>,
}

/// How a list or a result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ListFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// Words of `dossier build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Which site.
    #[command(flatten)]
    pub site: SiteArgs,
    /// How problems are told.
    #[command(flatten)]
    pub report: ReportArgs,
    /// Say what is written and why
    #[arg(long, short, conflicts_with = "quiet")]
    pub verbose: bool,
    /// The folder for the result [default: ROOT/public]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write every text compressed too, as .br and .gz, for servers that give such files out
    #[arg(long)]
    pub precompress: bool,
    /// Have links name files where pages have folders, so that the site can be read from disk
    #[arg(long)]
    pub portable: bool,
    /// Write over files of ours that somebody has changed by hand
    #[arg(long)]
    pub force: bool,
    /// Wait until everything is safe on the disk, against a loss of power
    #[arg(long)]
    pub durable: bool,
    /// Say where the time went
    #[arg(long)]
    pub timings: bool,
    /// Make the site twice, and publish it only if both are the same to the byte
    #[arg(long)]
    pub verify: bool,
    /// Take nothing over from earlier builds, and leave nothing for later ones
    #[arg(long)]
    pub no_cache: bool,
}

/// Words of `dossier check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Which site.
    #[command(flatten)]
    pub site: SiteArgs,
    /// How problems are told.
    #[command(flatten)]
    pub report: ReportArgs,
    /// Try links to other sites too: one request a host and second, and answers count for a week
    #[arg(long)]
    pub external: bool,
    /// The folder with the texts of the sources, to check citations against them
    #[arg(long, value_name = "DIR")]
    pub archive: Option<PathBuf>,
}

/// Words of `dossier serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Which site.
    #[command(flatten)]
    pub site: SiteArgs,
    /// What is an error.
    #[command(flatten)]
    pub levels: LevelArgs,
    /// Rebuild what changes, and have open tabs show it
    #[arg(long, short)]
    pub watch: bool,
    /// Open the site in your browser
    #[arg(long)]
    pub open: bool,
    /// The port [default: 3000, or the next free one]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// The address to listen on; others than this machine can read the site where it is not 127.0.0.1
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    pub host: String,
    /// Have open tabs go to the page that is being edited
    #[arg(long, requires = "watch")]
    pub follow: bool,
}

/// Words of `dossier publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// A target named in site.toml, or the address of a bucket, a container or a folder
    pub target: String,
    /// Which site.
    #[command(flatten)]
    pub site: SiteArgs,
    /// How problems are told.
    #[command(flatten)]
    pub report: ReportArgs,
    /// The folder of the build [default: ROOT/public]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Publish what was built before, as it is
    #[arg(long)]
    pub no_build: bool,
    /// Say what would be done, and touch nothing: neither the store nor the folder
    #[arg(long)]
    pub dry_run: bool,
    /// How many objects may be removed
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub max_deletes: usize,
    /// How many objects are sent at a time
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = jobs)]
    pub jobs: usize,
    /// Look at every object of ours, and mend what is not as it was published
    #[arg(long)]
    pub repair: bool,
    /// Go on in the place of a publish that was broken off elsewhere less than half an hour ago
    #[arg(long)]
    pub take_over: bool,
    /// Publish over another site, or over this one under its former name
    #[arg(long)]
    pub replace_site: bool,
    /// Say what is written and removed
    #[arg(long, short, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// Words of `dossier clean`.
#[derive(Debug, Args)]
pub struct CleanArgs {
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The folder with the result [default: ROOT/public]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Remove files of ours too that somebody has changed by hand
    #[arg(long)]
    pub force: bool,
    /// How problems and the result are written
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Say nothing but problems
    #[arg(long, short)]
    pub quiet: bool,
}

/// Words of `dossier explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The kind of problem, as messages name it in brackets; all kinds are listed where none is named
    pub code: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// Words of `dossier init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The new folder
    pub dir: PathBuf,
    /// Leave the templates and the stylesheet in the program, whose next version may better them
    #[arg(long)]
    pub no_theme: bool,
    /// Fill it with the pages of this folder, of plain Markdown or of a Zola, Hugo or mdBook site, in place of a sample
    #[arg(long, value_name = "FOLDER")]
    pub from_markdown: Option<PathBuf>,
    /// How what could not be carried over is told
    #[arg(long, value_enum, default_value_t = Format::Text, requires = "from_markdown")]
    pub format: Format,
}

/// Words of `dossier theme`.
#[derive(Debug, Args)]
pub struct ThemeArgs {
    /// The files to copy, such as `templates/page.html`; all are listed where none is named
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}

/// Words of `dossier new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// What to add
    pub kind: Kind,
    /// Its id, or the page's file name without `.md`
    pub name: String,
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}

/// What `dossier new` adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// A page, as a draft
    Page,
    /// A claim with its sources
    Claim,
    /// A document that was read
    Source,
    /// A place where sources conflict
    Disagreement,
    /// A person, company, product or the like
    Entity,
    /// What stands on the timeline
    Event,
}

/// Words of `dossier schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The kind of file; all kinds are listed where none is named
    pub kind: Option<String>,
    /// Write every schema into this folder, as KIND.json
    #[arg(long, value_name = "DIR", conflicts_with = "kind")]
    pub into: Option<PathBuf>,
    /// How the list of kinds is written; a schema is JSON in any case
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// Words of `dossier completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Words of `dossier man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The command; the page of the program where none is named
    pub command: Option<String>,
    /// Write every page into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub into: Option<PathBuf>,
}

fn code(text: &str) -> Result<String, String> {
    if crate::diag::find_code(text).is_some() {
        return Ok(text.to_owned());
    }
    let names = crate::diag::CODES.iter().map(|code| code.name);
    Err(match crate::diag::did_you_mean(text, names) {
        Some(near) => format!("there is no such kind of problem; did you mean `{near}`?"),
        None => "there is no such kind of problem; `dossier explain` lists them".to_owned(),
    })
}

fn jobs(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|jobs| (1..=256).contains(jobs)).ok_or_else(|| "write a number from 1 to 256".to_owned())
}

fn base_url(text: &str) -> Result<String, String> {
    crate::config::base_url(text).map_err(str::to_owned)
}
