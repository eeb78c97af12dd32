//! `dossier build`, `check` and `clean`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anstream::{AutoStream, ColorChoice};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::check::Verified;
use crate::config::{Config, Levels};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::disk::{CacheDir, DiskErrors, Folder, Options, OutputDir, Published};
use crate::pipeline::{Baseline, BuildOptions, Built, Clock, Discard, Request, build_with, verify};
use crate::site::LeftOut;
use crate::source::{Files, SitePath, Store};

use super::args::{BuildArgs, CheckArgs, CleanArgs, LevelArgs, ListFormat, ReportArgs, SiteArgs};
use super::baseline;
use super::template_watch::watch_templates;
use super::timings::{timings_json, timings_table};
use super::today::{today, warn_of_unknown_zone};
use super::{DONE, Format, INPUT_ERRORS, Reporter, USAGE, say, say_err, shown, visible, without_feature};

/// How long a build waits for another one that has locked the output folder.
pub(super) const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// A finished build: published, or not because of errors in the site.
pub(super) struct BuildResult {
    pub built: Built,
    pub published: Option<Published>,
    pub took: Duration,
}

/// Builds the site, and reports the result.
pub(super) fn build(args: &BuildArgs) -> u8 {
    let Some(folder) = open(&args.site.root) else { return USAGE };
    watch(&args.site, &args.report);
    let out = args.out.clone().unwrap_or_else(|| args.site.root.join("public"));
    let BuildResult { built, published, took } = match build_and_publish(args, &folder, &out) {
        Ok(made) => made,
        Err(problems) => {
            show(&folder, &args.site, &args.report, args.verbose, &problems);
            print_result(&args.report, &problems, json!({ "published": false }));
            return INPUT_ERRORS;
        }
    };
    show(&folder, &args.site, &args.report, args.verbose, &built.problems);
    let text = args.report.format == Format::Text;
    if args.timings && published.is_some() && (text || args.report.format == Format::Json) {
        let show = if text { timings_table } else { timings_json };
        say(&show(&built.timings, took));
    }
    let Some(published) = published else {
        print_result(
            &args.report,
            &built.problems,
            json!({ "published": false, "pages": built.pages, "left_out": left_out_json(&built) }),
        );
        return INPUT_ERRORS;
    };
    let (written, removed) = (published.plan.writes().count(), published.plan.deletes().count());
    let result = json!({
        "published": true,
        "pages": built.pages,
        "left_out": left_out_json(&built),
        "out": shown(&out),
        "written": written,
        "unchanged": published.unchanged,
        "removed": removed,
        "ms": took.as_millis() as u64,
    });
    print_result(&args.report, &built.problems, result);
    if text && !args.site.quiet {
        summarise(args, &out, &built, &published, took);
    }
    built.rest.leave();
    DONE
}

/// Builds the site, and reports only progress.
pub(super) fn build_and_publish(args: &BuildArgs, folder: &Folder, out: &Path) -> Result<BuildResult, Diagnostics> {
    let start = Instant::now();
    let progress = Progress::new(args.site.quiet);
    let baseline = baseline::read(folder, None)?;
    let made = publish(args, folder, out, baseline, &progress, &|| start.elapsed());
    progress.finish();
    let (built, published) =
        made.map_err(|faults| faults.into_iter().map(Diagnostic::from).collect::<Diagnostics>())?;
    Ok(BuildResult { built, published, took: start.elapsed() })
}

fn publish(
    args: &BuildArgs,
    folder: &Folder,
    out: &Path,
    baseline: Baseline,
    progress: &Progress,
    clock: Clock<'_>,
) -> Result<(Built, Option<Published>), DiskErrors> {
    let home = std::env::home_dir();
    let output_dir = OutputDir::check(&args.site.root, out, home.as_deref()).map_err(|fault| vec![fault])?;
    let waiting = |holder: &crate::disk::Holder| {
        if !args.site.quiet {
            say_err(&format!("waiting for {holder}, which has locked `{}`\n", out.display()));
        }
    };
    let locked = output_dir.lock("dossier build", LOCK_TIMEOUT, waiting).map_err(|fault| vec![fault])?;
    let mut cache_problems = None;
    let store = match args.no_cache {
        true => None,
        false => CacheDir::open(&args.site.root).unwrap_or_else(|error| {
            cache_problems = Some(Diagnostic::cache_failed(&error));
            None
        }),
    };
    let store = store.map(|store| Arc::new(store) as Arc<dyn Store>);
    let locked = locked.with_store(store.clone());
    let staging = locked.stage(Options { force: args.force, durable: args.durable, site: key(folder) })?;
    let build_options = BuildOptions {
        progress: &|step, done, total| progress.update(step, done, total),
        store,
        clock: args.timings.then_some(clock),
        archive: None,
    };
    let before = clock();
    let build_request = Request {
        portable: args.portable,
        precompress: args.precompress.then_some(true),
        baseline,
        ..request(&args.site, &args.report.levels)
    };
    let mut built = build_with(folder, &build_request, &staging, &build_options);
    built.timings.phases.insert(0, ("scanning the output", before));
    let mut cache_problems: Diagnostics = cache_problems.into_iter().collect();
    levels(&args.report.levels).apply(&mut cache_problems);
    built.problems.extend(cache_problems);
    if args.verify && !built.problems.has_errors() {
        let before = clock();
        built.problems.extend(verify(folder, &build_request, &built.outputs, build_options.progress));
        built.timings.phases.push(("verifying", clock().saturating_sub(before)));
    }
    if built.problems.has_errors() {
        return Ok((built, None));
    }
    let before = clock();
    let published = staging.publish(&built.outputs)?;
    built.timings.phases.push(("publishing", clock().saturating_sub(before)));
    Ok((built, Some(published)))
}

/// The key of this site: its base URL, or else its title. `None` if `site.toml` cannot be read, which the build
/// reports.
fn key(folder: &Folder) -> String {
    let config = SitePath::new("site.toml").ok().and_then(|file| {
        let text = folder.read(&file).ok()?;
        Config::load(&file, &String::from_utf8_lossy(&text), &mut Diagnostics::default())
    });
    config
        .map_or_else(String::new, |config| config.base_url().map_or_else(|| config.title.value.clone(), str::to_owned))
}

pub(super) fn summarise(args: &BuildArgs, out: &Path, built: &Built, published: &Published, took: Duration) {
    if args.verbose {
        for (path, why) in &built.rendered {
            say(&format!("rendered {}: {}\n", visible(path.as_str()), why.words()));
        }
        for step in &published.plan.steps {
            let done = if step.stage.removes() { "removed" } else { "written" };
            say(&format!("{done} {}\n", visible(step.path.as_str())));
        }
    }
    let written = published.plan.writes().count();
    let removed = published.plan.deletes().count();
    let mut changes = vec![format!("{written} written")];
    changes.extend((published.unchanged > 0).then(|| format!("{} unchanged", published.unchanged)));
    changes.extend((removed > 0).then(|| format!("{removed} removed")));
    let (pages, changes, took) = (counted(built.pages, "page"), changes.join(", "), took.as_millis());
    say(&format!("{pages} in `{}`: {changes}, in {took} ms{}\n", shown(out), built.left_out));
}

fn left_out_json(built: &Built) -> Value {
    let LeftOut { drafts, future, expired, temporary, known } = built.left_out;
    let mut counts = json!({ "drafts": drafts, "future": future, "expired": expired, "temporary": temporary });
    if let Some(counts) = counts.as_object_mut().filter(|_| known > 0) {
        counts.insert("known_problems".to_owned(), known.into());
    }
    counts
}

/// Reports problems, and publishes nothing.
pub(super) fn check(args: &CheckArgs) -> u8 {
    if args.external && !cfg!(feature = "external") {
        return without_feature("external");
    }
    let Some(folder) = open(&args.site.root) else { return USAGE };
    watch(&args.site, &args.report);
    let archive = match args.archive.as_deref().map(open_archive) {
        Some(None) => return USAGE,
        Some(Some(archive)) => Some(archive),
        None => None,
    };
    let archive = archive.as_ref().map(|folder| folder as &dyn Files);
    let build_request = Request { precompress: Some(false), ..request(&args.site, &args.report.levels) };
    if args.write_baseline {
        return write_baseline(args, &folder, &build_request, archive);
    }
    let baseline = match baseline::read(&folder, args.baseline.as_ref()) {
        Ok(baseline) => baseline,
        Err(problems) => {
            show(&folder, &args.site, &args.report, args.verbose, &problems);
            print_result(&args.report, &problems, json!({}));
            return INPUT_ERRORS;
        }
    };
    let build_request = Request { baseline, ..build_request };
    let mut built = build_with(
        &folder,
        &build_request,
        &Discard,
        &BuildOptions { archive, ..BuildOptions::telling(&|_, _, _| {}) },
    );
    let mut external_problems = Diagnostics::default();
    if args.external {
        check_external_links(&folder, &build_request, &mut external_problems);
    }
    levels(&args.report.levels).apply(&mut external_problems);
    built.problems.extend(external_problems);
    show(&folder, &args.site, &args.report, args.verbose, &built.problems);
    let mut result =
        json!({ "pages": built.pages, "left_out": left_out_json(&built), "answered": built.answers.len() });
    if let Some(result) = result.as_object_mut().filter(|_| !build_request.baseline.is_empty()) {
        result.insert("baseline".to_owned(), json!({ "known": built.left_out.known, "gone": built.stale }));
    }
    if let (Some(verified), Some(result)) = (&built.verified, result.as_object_mut()) {
        result.insert("citations".to_owned(), citations_json(verified));
    }
    print_result(&args.report, &built.problems, result);
    let errors = built.problems.has_errors();
    if !args.site.quiet && args.report.format == Format::Text {
        if !errors {
            let warnings = built.problems.count(Severity::Warning);
            let (pages, warnings) = (counted(built.pages, "page"), counted(warnings, "warning"));
            say(&format!("{pages} checked, no error, {warnings}{}\n", built.left_out));
        }
        for entry in &built.stale {
            say(&format!("the baseline lists a problem that is not there any more: {}\n", visible(entry)));
        }
        if !built.stale.is_empty() {
            say("write the baseline again with `--write-baseline` to remove these entries\n");
        }
        let mut reporter = reporter(&folder, &args.site.root);
        for answer in built.answers.iter().filter(|_| args.verbose) {
            say(&format!("{}: `{}` answered: {}\n", reporter.line_of(&answer.span), answer.code, answer.why));
        }
        if let Some(verified) = &built.verified {
            for one in verified.unchecked.iter().filter(|_| args.verbose) {
                let place = one.at.as_ref().map_or_else(String::new, |span| format!("{}: ", reporter.line_of(span)));
                say(&format!("{place}`{}` not checked: it {}\n", one.source, one.why.words(false)));
            }
            say(&format!("{}\n", verified.words()));
        }
    }
    if errors { INPUT_ERRORS } else { DONE }
}

/// Writes all problems to the baseline file.
fn write_baseline(args: &CheckArgs, folder: &Folder, asked: &Request, archive: Option<&dyn Files>) -> u8 {
    let Some(file) = baseline::file(folder, args.baseline.as_ref()) else {
        say_err(
            "error: there is no baseline file to write\nhelp: name one with `--baseline FILE`, or as `baseline` in `[check]` in site.toml\n",
        );
        return USAGE;
    };
    let known = baseline::collect(folder, asked, archive);
    if let Err(error) = baseline::write(folder, &file, &known) {
        say_err(&format!("error: {error}\n"));
        return INPUT_ERRORS;
    }
    let asked = Request { baseline: known, ..asked.clone() };
    let built = build_with(folder, &asked, &Discard, &BuildOptions { archive, ..BuildOptions::telling(&|_, _, _| {}) });
    show(folder, &args.site, &args.report, args.verbose, &built.problems);
    let result = json!({ "written": file.as_str(), "baseline": { "known": asked.baseline.len() } });
    print_result(&args.report, &built.problems, result);
    if !args.site.quiet && args.report.format == Format::Text {
        say(&format!("{} written to `{}`\n", counted(asked.baseline.len(), "known problem"), visible(file.as_str())));
    }
    if built.problems.has_errors() { INPUT_ERRORS } else { DONE }
}

fn citations_json(verified: &Verified) -> Value {
    let unchecked: serde_json::Map<String, Value> =
        verified.counts().into_iter().map(|(why, count)| (why.name().to_owned(), count.into())).collect();
    json!({ "all": verified.all(), "checked": verified.checked, "unchecked": unchecked })
}

/// Checks links to other sites.
#[cfg(feature = "external")]
fn check_external_links(folder: &Folder, build_request: &Request, problems: &mut Diagnostics) {
    if let Ok(snapshot) = crate::pipeline::prepare(folder, build_request, crate::pipeline::Keep::Sources, &|_, _, _| {})
    {
        super::external::check(&snapshot, folder.root(), problems);
    }
}

/// Does nothing: without the feature, [`check`] ends before this.
#[cfg(not(feature = "external"))]
fn check_external_links(_: &Folder, _: &Request, _: &mut Diagnostics) {}

/// Removes the published files.
pub(super) fn clean(args: &CleanArgs) -> u8 {
    let Some(folder) = open(&args.root) else { return USAGE };
    let out = args.out.clone().unwrap_or_else(|| args.root.join("public"));
    let home = std::env::home_dir();
    let cleaned: Result<crate::disk::Cleaned, DiskErrors> = OutputDir::check(&args.root, &out, home.as_deref())
        .and_then(|output_dir| output_dir.lock("dossier clean", LOCK_TIMEOUT, |_| {}))
        .map_err(|fault| vec![fault])
        .and_then(|locked| locked.clean(&Options { force: args.force, durable: false, site: key(&folder) }));
    if let Err(error) = CacheDir::remove(&args.root) {
        say_err(&format!("warning: `.dossier/cache` cannot be removed: {error}\n"));
    }
    match cleaned {
        Ok(cleaned) => {
            match args.format {
                ListFormat::Json => {
                    let result = json!({ "result": { "removed": cleaned.files, "out": shown(&out) } });
                    say(&format!("{result}\n"));
                }
                ListFormat::Text if args.quiet => {}
                ListFormat::Text => {
                    say(&format!("{} removed from `{}`\n", counted(cleaned.files, "file"), shown(&out)));
                }
            }
            DONE
        }
        Err(faults) => {
            let problems: Diagnostics = faults.into_iter().map(Diagnostic::from).collect();
            let mut reporter = reporter(&folder, &args.root);
            match args.format {
                ListFormat::Json => say(&reporter.report(&problems, Format::Json)),
                ListFormat::Text => say_err(&reporter.report(&problems, Format::Text)),
            }
            INPUT_ERRORS
        }
    }
}

pub(super) fn open(root: &Path) -> Option<Folder> {
    match Folder::open(root) {
        Ok(folder) => Some(folder),
        Err(fault) => {
            say_err(&format!("error: {fault}\nhelp: `--root` names the folder that holds `site.toml`\n"));
            None
        }
    }
}

fn open_archive(dir: &Path) -> Option<Folder> {
    let hint = "`--archive` names the folder with the texts of the sources";
    Folder::open(dir).inspect_err(|fault| say_err(&format!("error: {fault}\nhelp: {hint}\n"))).ok()
}

pub(super) fn request(args: &SiteArgs, flags: &LevelArgs) -> Request {
    warn_of_unknown_zone();
    let today = today(args.source_date_epoch);
    Request { drafts: args.drafts, base_url: args.base_url.clone(), levels: levels(flags), ..Request::of(today) }
}

fn levels(args: &LevelArgs) -> Levels {
    Levels { deny: args.deny.clone(), allow: args.allow.clone() }
}

/// Watches the templates, and reports one that exceeds its limits like any other problem.
pub(super) fn watch(site: &SiteArgs, report: &ReportArgs) {
    let (site, report) = (site.clone(), report.clone());
    watch_templates(move |problem| {
        let problems: Diagnostics = std::iter::once(problem).collect();
        if let Some(folder) = open(&site.root) {
            show(&folder, &site, &report, false, &problems);
        }
        print_result(&report, &problems, json!({ "published": false }));
        INPUT_ERRORS
    });
}

pub(super) fn show(folder: &Folder, args: &SiteArgs, report: &ReportArgs, verbose: bool, problems: &Diagnostics) {
    let text = reporter(folder, &args.root).verbose(verbose).report(problems, report.format);
    if report.format == Format::Text {
        say_err(&text);
        let (errors, warnings) = (problems.count(Severity::Error), problems.count(Severity::Warning));
        if errors > 0 {
            say_err(&format!(
                "{} and {}; nothing was published\n",
                counted(errors, "error"),
                counted(warnings, "warning")
            ));
        }
    } else {
        say(&text);
    }
}

/// Ends the machine-readable output with a line with the result.
pub(super) fn print_result(args: &ReportArgs, problems: &Diagnostics, result: Value) {
    if args.format == Format::Json {
        let Value::Object(mut result) = result else { return };
        result.insert("errors".to_owned(), problems.count(Severity::Error).into());
        result.insert("warnings".to_owned(), problems.count(Severity::Warning).into());
        say(&format!("{}\n", json!({ "result": result })));
    }
}

pub(super) fn reporter<'f>(folder: &'f Folder, root: &Path) -> Reporter<'f> {
    let plain: PathBuf = root.components().filter(|part| *part != std::path::Component::CurDir).collect();
    let prefix = if plain.as_os_str().is_empty() { String::new() } else { format!("{}/", plain.display()) };
    // NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM and whether it is a terminal.
    let colour = AutoStream::choice(&std::io::stderr()) != ColorChoice::Never;
    Reporter::new(folder, prefix, colour)
}

pub(super) fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}"),
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

/// A progress bar, on a terminal only.
struct Progress(Option<ProgressBar>);

impl Progress {
    fn new(quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::no_length();
        let style = ProgressStyle::with_template("{msg:<10} {bar:40} {pos}/{len}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(Some(bar))
    }

    fn update(&self, step: &'static str, done: usize, total: usize) {
        // A few pages are done before a bar could be read.
        if let Some(bar) = self.0.as_ref().filter(|_| total >= 1000 && (done.is_multiple_of(64) || done == total)) {
            bar.set_length(total as u64);
            bar.set_message(step);
            bar.set_position(done as u64);
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
