use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::today::day_of;
use super::{Format, examples};
use crate::evidence::{Locator, SourceKind};
use crate::parse::Day;
use crate::serve::AllowedHost;
use crate::source::SitePath;

/// A static site generator for explainers whose every claim is sourced
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true, disable_help_subcommand = true)]
#[command(after_help = "Examples:
  dossier init dates                  create a new site in ./dates
  dossier build                       build the site into ./public
  dossier build --out /srv/www/deal   build it into another folder
  dossier serve --watch --open        preview the site and reload on every save
  dossier check --deny unused-claim   fail on claims that no page cites
  dossier explain uncited-paragraph   what a problem means and how to fix it

Exit codes: 0 success, 1 the input has errors (nothing is published), 2 wrong usage.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the site
    #[command(after_help = examples::BUILD)]
    Build(BuildArgs),
    /// Check the site without publishing
    #[command(after_help = examples::CHECK)]
    Check(CheckArgs),
    /// Preview the site in a browser, with live reload
    #[command(after_help = examples::SERVE)]
    Serve(ServeArgs),
    /// Upload the site to an object store or a folder (cargo feature `publish`)
    #[command(after_help = examples::PUBLISH)]
    Publish(PublishArgs),
    /// Remove the files that `build` wrote, and no others
    #[command(after_help = examples::CLEAN)]
    Clean(CleanArgs),
    /// Explain a problem code and how to fix it
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArgs),
    /// Create a new site, from a sample or from an existing Markdown site
    #[command(after_help = examples::INIT)]
    Init(InitArgs),
    /// Add a page or a record from a template
    #[command(after_help = examples::NEW)]
    New(NewArgs),
    /// List the places that name a record: its definition, citations, references, links
    #[command(after_help = examples::WHERE)]
    Where(WhereArgs),
    /// Give a record a new id, in all places that name it
    #[command(after_help = examples::RENAME)]
    Rename(RenameArgs),
    /// Add or update sources from a library: BibTeX, BibLaTeX or CSL-JSON, as Zotero exports them
    #[command(after_help = examples::IMPORT)]
    Import(ImportArgs),
    /// List the theme's files, or copy some into the site to edit them
    #[command(after_help = examples::THEME)]
    Theme(ThemeArgs),
    /// Print the JSON Schema of a kind of file, for editors
    #[command(after_help = examples::SCHEMA)]
    Schema(SchemaArgs),
    /// Print completions for a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsArgs),
    /// Print the man page of the program or of a command
    #[command(after_help = examples::MAN)]
    Man(ManArgs),
}

/// Which site, and how it is read.
#[derive(Clone, Debug, Args)]
pub struct SiteArgs {
    /// The folder of the site, with its site.toml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The base URL of the site, instead of the one in site.toml
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<String>,
    /// Include drafts and future-dated pages
    #[arg(long)]
    pub drafts: bool,
    /// The time of the build in seconds since 1970, for reproducible builds; the default is now, in your time zone
    #[arg(long, value_name = "SECONDS", env, hide_env_values = true, value_parser = day_of)]
    pub source_date_epoch: Option<Day>,
    /// Print only problems
    #[arg(long, short)]
    pub quiet: bool,
}

/// Levels and format of problems.
#[derive(Clone, Debug, Args)]
pub struct ReportArgs {
    /// Levels of problems.
    #[command(flatten)]
    pub levels: LevelArgs,
    /// The format of problems
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Levels of problem codes.
#[derive(Clone, Debug, Args)]
pub struct LevelArgs {
    /// Treat this problem code as an error (repeatable)
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub deny: Vec<String>,
    /// Hide this problem code (repeatable)
    #[arg(long, value_name = "CODE", value_parser = hideable_code)]
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

/// Arguments of `dossier build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Which site.
    #[command(flatten)]
    pub site: SiteArgs,
    /// Levels and format of problems.
    #[command(flatten)]
    pub report: ReportArgs,
    /// Show all problems, and list what is written, and why
    #[arg(long, short, conflicts_with = "quiet")]
    pub verbose: bool,
    /// The output folder [default: ROOT/public]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Also write .br and .gz files
    #[arg(long)]
    pub precompress: bool,
    /// Link to index.html explicitly, so that the site works from the file system
    #[arg(long)]
    pub portable: bool,
    /// Overwrite outputs that were edited by hand
    #[arg(long)]
    pub force: bool,
    /// Flush everything to disk before finishing (survives a power cut)
    #[arg(long)]
    pub durable: bool,
    /// Print how long each phase took
    #[arg(long)]
    pub timings: bool,
    /// Build twice, and publish only if both results are identical
    #[arg(long)]
    pub verify: bool,
    /// Do not read or write the cache
    #[arg(long)]
    pub no_cache: bool,
}

/// Arguments of `dossier check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Which site.
    #[command(flatten)]
    pub site: SiteArgs,
    /// Levels and format of problems.
    #[command(flatten)]
    pub report: ReportArgs,
    /// Show all problems, list those that comments in the text answer and, with `--archive`, the citations that were not verified,
    /// and why
    #[arg(long, short, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Report only problems that this file of the site does not list [default: `baseline` of `[check]` in site.toml]
    #[arg(long, value_name = "FILE", value_parser = site_file)]
    pub baseline: Option<SitePath>,
    /// Write all problems to the baseline file instead, so that only new ones are reported from now on
    #[arg(long)]
    pub write_baseline: bool,
    /// Also check links to other sites (cargo feature `external`; one request per second and host; results are kept for a week)
    #[arg(long)]
    pub external: bool,
    /// The folder with the texts of the sources, to verify citations
    #[arg(long, value_name = "DIR")]
    pub archive: Option<PathBuf>,
}

/// Arguments of `dossier serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Which site.
    #[command(flatten)]
    pub site: SiteArgs,
    /// Levels of problems.
    #[command(flatten)]
    pub levels: LevelArgs,
    /// Rebuild on changes, and reload open tabs
    #[arg(long, short)]
    pub watch: bool,
    /// Open the site in your browser
    #[arg(long)]
    pub open: bool,
    /// The port [default: 3000, or the next free one]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// The address to listen on; any address but 127.0.0.1 exposes the site to the network
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    pub host: String,
    /// Answer requests for this host name too, such as that of a proxy; `.example.org` includes its subdomains (repeatable)
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<AllowedHost>,
    /// Open the page that is being edited in all open tabs
    #[arg(long, requires = "watch")]
    pub follow: bool,
    /// Check all files every half second, for file systems that report no changes (shared folders, network drives)
    #[arg(long, requires = "watch")]
    pub poll: bool,
}

/// Arguments of `dossier publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// A target from site.toml, or the URL of a bucket, a container or a folder
    pub target: String,
    /// Which site.
    #[command(flatten)]
    pub site: SiteArgs,
    /// Levels and format of problems.
    #[command(flatten)]
    pub report: ReportArgs,
    /// The output folder [default: ROOT/public]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Publish the existing output without building
    #[arg(long)]
    pub no_build: bool,
    /// List what would be done, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The maximum number of objects to remove
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub max_deletes: usize,
    /// The number of parallel uploads
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = jobs)]
    pub jobs: usize,
    /// Verify every published object, and repair those that differ
    #[arg(long)]
    pub repair: bool,
    /// Take over a publish that was interrupted elsewhere less than half an hour ago
    #[arg(long)]
    pub take_over: bool,
    /// Replace another site, or this site under its former name
    #[arg(long)]
    pub replace_site: bool,
    /// Show all problems, and list what is written and removed
    #[arg(long, short, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// Arguments of `dossier clean`.
#[derive(Debug, Args)]
pub struct CleanArgs {
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The output folder [default: ROOT/public]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Also remove outputs that were edited by hand
    #[arg(long)]
    pub force: bool,
    /// The format of problems and the result
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Print only problems
    #[arg(long, short)]
    pub quiet: bool,
}

/// Arguments of `dossier explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The problem code, as messages show it in brackets; lists all codes if omitted
    pub code: Option<String>,
    /// The output format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// Arguments of `dossier where`.
#[derive(Debug, Args)]
pub struct WhereArgs {
    /// The id of a claim, source, event, disagreement or entity
    pub id: String,
    /// The folder of the site, with its site.toml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The output format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// Arguments of `dossier rename`.
#[derive(Debug, Args)]
pub struct RenameArgs {
    /// The id of a claim, source, event, disagreement or entity
    pub old: String,
    /// Its new id
    pub new: String,
    /// The folder of the site, with its site.toml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// List what would be changed, and write nothing
    #[arg(long, short = 'n')]
    pub dry_run: bool,
}

/// Arguments of `dossier init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The new folder
    pub dir: PathBuf,
    /// Do not copy the theme; use the one built into the program
    #[arg(long)]
    pub no_theme: bool,
    /// Create only a home page and site.toml, without the sample
    #[arg(long, conflicts_with = "from_markdown")]
    pub empty: bool,
    /// Import the pages of this folder instead of the sample: plain Markdown, or a site of another generator
    #[arg(long, value_name = "FOLDER")]
    pub from_markdown: Option<PathBuf>,
    /// The format of the report on what could not be imported
    #[arg(long, value_enum, default_value_t = Format::Text, requires = "from_markdown")]
    pub format: Format,
}

/// Arguments of `dossier theme`.
#[derive(Debug, Args)]
pub struct ThemeArgs {
    /// The files to copy, such as `templates/page.html`; lists all files if omitted
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}

/// Arguments of `dossier new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// What to add
    pub kind: Kind,
    /// The id of the record, or the file name of the page without `.md`; with `--from`, the key of the entry if omitted
    #[arg(required_unless_present = "from")]
    pub name: Option<String>,
    /// A claim: what is claimed
    #[arg(long, value_name = "TEXT")]
    pub statement: Option<String>,
    /// A claim: the id of its source
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
    /// A claim: the place in the source, such as `p. 37`
    #[arg(long, value_name = "PLACE", value_parser = place, requires = "source")]
    pub at: Option<String>,
    /// A claim: the words of the source, exactly
    #[arg(long, value_name = "TEXT", requires = "source")]
    pub quote: Option<String>,
    /// A source: its kind, such as `report`
    #[arg(long = "type", value_name = "KIND", value_parser = source_kind)]
    pub source_kind: Option<SourceKind>,
    /// A source: its title
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// A source: who made it, such as `Smith, Jane` or `Reuters` (repeatable)
    #[arg(long, value_name = "NAME")]
    pub author: Vec<String>,
    /// A source: its address
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// A source: when it was published (EDTF)
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// A source: from a file of BibTeX or CSL-JSON, from standard input (`-`), or by its DOI (cargo feature `external`)
    #[arg(long, value_name = "FILE-OR-DOI", conflicts_with_all = ["source_kind", "title", "author", "url", "date"])]
    pub from: Option<PathBuf>,
    /// Where DOIs are looked up
    #[arg(long, value_name = "URL", hide = true, default_value = "https://doi.org")]
    pub resolver: String,
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}

/// Arguments of `dossier import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The library; `-` is standard input
    pub file: PathBuf,
    /// The file for new sources, below `content/evidence`
    #[arg(long, value_name = "FILE", default_value = "sources.yaml")]
    pub into: String,
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The format of problems
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// What `dossier new` adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// A page, as a draft
    Page,
    /// A claim with its sources
    Claim,
    /// A source document
    Source,
    /// A question on which sources disagree
    Disagreement,
    /// A person, company, product or other entity
    Entity,
    /// An event on the timeline
    Event,
}

/// Arguments of `dossier schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The kind of file; lists all kinds if omitted
    pub kind: Option<String>,
    /// Write every schema into this folder, as KIND.json
    #[arg(long, value_name = "DIR", conflicts_with = "kind")]
    pub into: Option<PathBuf>,
    /// Overwrite files in that folder that differ
    #[arg(long, requires = "into")]
    pub force: bool,
    /// The format of the list of kinds (a schema is always JSON)
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// Arguments of `dossier completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Arguments of `dossier man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The command; the page of the program itself if omitted
    pub command: Option<String>,
    /// Write every page into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub into: Option<PathBuf>,
    /// Overwrite files in that folder that differ
    #[arg(long, requires = "into")]
    pub force: bool,
}

fn place(text: &str) -> Result<String, String> {
    Locator::parse(text).map(|_| text.to_owned()).map_err(|fault| fault.message)
}

fn source_kind(text: &str) -> Result<SourceKind, String> {
    SourceKind::ALL.iter().copied().find(|kind| kind.name() == text).ok_or_else(|| {
        let names = SourceKind::ALL.iter().map(|kind| kind.name());
        match crate::diag::did_you_mean(text, names) {
            Some(near) => format!("unknown kind of source; did you mean `{near}`?"),
            None => "unknown kind of source; the manual lists them under `kind` of a source".to_owned(),
        }
    })
}

fn code(text: &str) -> Result<String, String> {
    if crate::diag::find_code(text).is_some() {
        return Ok(text.to_owned());
    }
    let names = crate::diag::CODES.iter().map(|code| code.name);
    Err(match crate::diag::did_you_mean(text, names) {
        Some(near) => format!("unknown problem code; did you mean `{near}`?"),
        None => "unknown problem code; `dossier explain` lists all codes".to_owned(),
    })
}

fn hideable_code(text: &str) -> Result<String, String> {
    match code(text)? {
        code if crate::diag::is_always_error(&code) => {
            Err("it is always an error: correct it where it is reported".to_owned())
        }
        code => Ok(code),
    }
}

fn jobs(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|jobs| (1..=256).contains(jobs)).ok_or_else(|| "write a number from 1 to 256".to_owned())
}

fn base_url(text: &str) -> Result<String, String> {
    crate::config::base_url(text).map_err(str::to_owned)
}

fn site_file(text: &str) -> Result<SitePath, String> {
    SitePath::new(text).map_err(|_| "name a file in the folder of the site, such as `known.json`".to_owned())
}
