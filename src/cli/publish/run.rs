use std::path::Path;

use serde_json::{Value, json};

use super::progress::Progress;
use crate::cli::args::{BuildArgs, PublishArgs};
use crate::cli::build::{
    BuildResult, LOCK_TIMEOUT, build_and_publish, open, print_result, request, show, summarise, watch,
};
use crate::cli::{DONE, Format, INPUT_ERRORS, say, say_err};
use crate::config::{Config, Encoding, Globs, PublishConfig};
use crate::diag::{Diagnostic, Diagnostics};
use crate::disk::{FinishedBuild, Folder, LockedOutput, OutputDir};
use crate::pipeline::{BuildOptions, Request, build_with};
use crate::render::cache_control;
use crate::source::{Files, Hash, Outputs, Role, Sink, SitePath, media_type};
use crate::store::{Bucket, ObjectMetadata, Objects, Options, Published, Session, StoreError, objects};

/// The target, with its settings in `site.toml`.
struct Target {
    config: PublishConfig,
    /// The key of the site.
    site: String,
}

/// Publishes the site; `None` if the site's folder cannot be opened.
pub(super) fn publish(args: &PublishArgs) -> Option<u8> {
    let folder = open(&args.site.root)?;
    watch(&args.site, &args.report);
    // Problems of the build and of the publish are reported together: some formats are one document.
    let mut problems = Diagnostics::default();
    let done = try_publish(args, &folder, &mut problems);
    let result = done.unwrap_or_else(|faults| {
        problems.extend(faults.unwrap_or_default());
        json!({ "published": false })
    });
    show(&folder, &args.site, &args.report, args.verbose, &problems);
    print_result(&args.report, &problems, result);
    Some(if problems.has_errors() { INPUT_ERRORS } else { DONE })
}

/// Publishes, and returns the result, or the error; `None` if the problems already contain it.
fn try_publish(args: &PublishArgs, folder: &Folder, problems: &mut Diagnostics) -> Result<Value, Option<Diagnostics>> {
    let target = target(args, folder)?;
    let bucket = Bucket::open(&target.config.url).map_err(as_problems)?;
    let out = args.out.clone().unwrap_or_else(|| args.site.root.join("public"));
    if args.dry_run {
        let outputs = planned_outputs(args, folder, &target, &out, problems)?;
        return dry_run(args, &target, &bucket, &outputs);
    }
    if !args.no_build {
        let build_args = build_args(args, &target);
        let BuildResult { built, published, took } = build_and_publish(&build_args, folder, &out).map_err(Some)?;
        if let Some(published) = published.as_ref().filter(|_| args.report.format == Format::Text && !args.site.quiet) {
            summarise(&build_args, &out, &built, published, took);
        }
        problems.extend(built.problems);
        if published.is_none() {
            return Err(None);
        }
    }
    let locked = lock_output(args, &out)?;
    let finished = locked.finished().map_err(all_as_problems)?;
    let objects = objects_with(&target, finished.outputs());
    let published = upload(args, &target, &bucket, &objects, &locked, &finished)?;
    Ok(print_published(args, &bucket, &published))
}

fn as_problems(problem: impl Into<Diagnostic>) -> Option<Diagnostics> {
    all_as_problems(vec![problem])
}

fn all_as_problems<D: Into<Diagnostic>>(problems: Vec<D>) -> Option<Diagnostics> {
    Some(problems.into_iter().map(Into::into).collect())
}

/// The target, by its name in `site.toml` or by its address.
fn target(args: &PublishArgs, folder: &Folder) -> Result<Target, Option<Diagnostics>> {
    let mut problems = Diagnostics::default();
    let file = SitePath::new("site.toml").map_err(|_| None)?;
    let text = folder.read(&file).map_err(|error| as_problems(Diagnostic::read_failed(&file, &error)))?;
    let config = Config::load(&file, &String::from_utf8_lossy(&text), &mut problems);
    let Some(config) = config.filter(|_| !problems.has_errors()) else { return Err(Some(problems)) };
    let address = args.site.base_url.as_deref().or(config.base_url());
    let site = address.map_or_else(|| config.title.value.clone(), str::to_owned);
    if let Some(named) = config.publish.get(&args.target) {
        return Ok(Target { config: named.clone(), site });
    }
    if !args.target.contains(':') {
        let names: Vec<&str> = config.publish.keys().map(String::as_str).collect();
        let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let why = format!("`site.toml` has no target of that name; it has {known}");
        return Err(as_problems(StoreError::Target { url: args.target.clone(), why }));
    }
    // The address of a target in `site.toml` gets that target's settings.
    let same = config.publish.values().find(|target| target.url.as_str() == args.target).cloned();
    let config = same.unwrap_or_else(|| PublishConfig { url: args.target.clone().into(), ..PublishConfig::default() });
    Ok(Target { config, site })
}

fn build_args(args: &PublishArgs, target: &Target) -> BuildArgs {
    BuildArgs {
        site: args.site.clone(),
        report: args.report.clone(),
        verbose: false,
        out: args.out.clone(),
        precompress: target.config.encoding.is_some(),
        portable: false,
        force: false,
        durable: false,
        timings: false,
        verify: false,
        no_cache: false,
    }
}

fn lock_output(args: &PublishArgs, out: &Path) -> Result<LockedOutput, Option<Diagnostics>> {
    let home = std::env::home_dir();
    let output_dir = OutputDir::check(&args.site.root, out, home.as_deref()).map_err(as_problems)?;
    let waiting = |holder: &crate::disk::Holder| {
        if !args.site.quiet {
            say_err(&format!("waiting for {holder}, which has locked `{}`\n", out.display()));
        }
    };
    output_dir.lock("dossier publish", LOCK_TIMEOUT, waiting).map_err(as_problems)
}

/// The outputs of a build, without writing them.
fn planned_outputs(
    args: &PublishArgs,
    folder: &Folder,
    target: &Target,
    out: &Path,
    problems: &mut Diagnostics,
) -> Result<Outputs, Option<Diagnostics>> {
    if args.no_build {
        let home = std::env::home_dir();
        let output_dir = OutputDir::check(&args.site.root, out, home.as_deref()).map_err(as_problems)?;
        return output_dir.finished().map(|finished| finished.outputs().clone()).map_err(all_as_problems);
    }
    let precompress = target.config.encoding.is_some().then_some(true);
    let baseline = crate::cli::baseline::read(folder, None).map_err(Some)?;
    let build_request = Request { precompress, baseline, ..request(&args.site, &args.report.levels) };
    let built = build_with(folder, &build_request, &Measure, &BuildOptions::telling(&|_, _, _| {}));
    problems.extend(built.problems);
    if problems.has_errors() { Err(None) } else { Ok(built.outputs) }
}

/// Records the metadata of outputs, and discards the bytes.
struct Measure;

impl Sink for Measure {
    fn put(&self, _: &SitePath, bytes: &[u8]) -> std::io::Result<Hash> {
        Ok(Hash::of(bytes))
    }
}

fn objects_with(target: &Target, outputs: &Outputs) -> Objects {
    let rules: Vec<(Globs, &str)> = target
        .config
        .cache
        .iter()
        .map(|rule| (Globs::new(std::slice::from_ref(&rule.files)), rule.value.as_str()))
        .collect();
    let kinds = &target.config.types;
    let metadata = ObjectMetadata {
        coding: target.config.encoding.map(|encoding| if encoding == Encoding::Br { "br" } else { "gz" }),
        media_type: &|path: &SitePath| {
            kinds.get(path.extension()).map_or_else(|| media_type(path).into_owned(), Clone::clone)
        },
        cache_control: &|path: &SitePath, role: Role| {
            let rule = rules.iter().find(|(globs, _)| globs.is_match(path.as_str()));
            rule.map_or_else(|| cache_control(role), |(_, value)| value).to_owned()
        },
    };
    objects(outputs, &metadata)
}

fn options(args: &PublishArgs, target: &Target, ended: Option<String>) -> Options {
    let now = jiff::Timestamp::now();
    let name = |key: &str| std::env::var(key).ok().filter(|name| !name.is_empty());
    let user = name("USER").or_else(|| name("USERNAME")).unwrap_or_else(|| "somebody".to_owned());
    let host =
        name("HOSTNAME").or_else(|| name("COMPUTERNAME")).or_else(host).unwrap_or_else(|| "a machine".to_owned());
    let by = format!("{user}@{host}");
    // Two machines may start processes with the same id at the same time; the hasher's keys are random.
    let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0);
    let run = Hash::of(format!("{by} {now} {} {random}", std::process::id()).as_bytes()).hex();
    Options {
        site: target.site.clone(),
        run,
        ended,
        by,
        now: now.as_second(),
        max_deletes: args.max_deletes,
        jobs: args.jobs,
        take_over: args.take_over,
        replace_site: args.replace_site,
        repair: args.repair,
    }
}

/// The name of this machine, if the system has it in a file.
fn host() -> Option<String> {
    let name = Folder::open(Path::new("/etc")).ok()?.read(&SitePath::new("hostname").ok()?).ok()?;
    Some(String::from_utf8_lossy(&name).trim().to_owned()).filter(|name| !name.is_empty())
}

/// Runs requests on this thread until they are done.
fn run<T>(work: impl Future<Output = T>) -> Result<T, Option<Diagnostics>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime
        .map(|runtime| runtime.block_on(work))
        .map_err(|error| as_problems(Diagnostic::write_failed("the network", &error)))
}

fn dry_run(
    args: &PublishArgs,
    target: &Target,
    bucket: &Bucket,
    outputs: &Outputs,
) -> Result<Value, Option<Diagnostics>> {
    let objects = objects_with(target, outputs);
    let options = options(args, target, None);
    let session = run(Session::begin(bucket, &objects, options))?.map_err(as_problems)?;
    let plan = session.plan().clone();
    let (bytes, unchanged) = (session.bytes(), session.unchanged());
    match args.report.format {
        Format::Text => {
            for step in &plan.steps {
                say(&format!("{} {}\n", if step.stage.removes() { "remove" } else { "write" }, step.path));
            }
        }
        Format::Json => {
            for step in &plan.steps {
                let what = if step.stage.removes() { "remove" } else { "write" };
                say(&format!("{}\n", json!({ "step": what, "path": step.path.as_str() })));
            }
        }
        Format::Sarif | Format::Github => {}
    }
    if let Some(refusal) = session.refusal() {
        return Err(as_problems(refusal));
    }
    let (written, removed) = (plan.writes().count(), plan.deletes().count());
    let result = json!({
        "published": false, "dry_run": true, "url": bucket.url(), "written": written, "unchanged": unchanged,
        "removed": removed, "bytes": bytes,
    });
    if args.report.format == Format::Text && !args.site.quiet {
        let size = indicatif::HumanBytes(bytes);
        say(&format!(
            "`{}` {written} to write ({size}), {unchanged} unchanged, {removed} to remove; nothing was changed\n",
            bucket.url()
        ));
    }
    Ok(result)
}

fn upload(
    args: &PublishArgs,
    target: &Target,
    bucket: &Bucket,
    objects: &Objects,
    locked: &LockedOutput,
    finished: &FinishedBuild,
) -> Result<Published, Option<Diagnostics>> {
    let options = options(args, target, locked.last_run());
    let id = options.run.clone();
    let work = async {
        let session = Session::begin(bucket, objects, options).await.map_err(as_problems)?;
        if !session.plan().is_empty() && session.refusal().is_none() {
            locked.save_run(&id).map_err(as_problems)?;
        }
        let progress = Progress::new(args.site.quiet, session.bytes());
        let published = session.publish(finished, &|bytes| progress.sent(bytes)).await;
        progress.finish();
        published.map_err(all_as_problems)
    };
    run(work)?
}

/// Prints the result for people, and returns it for programs.
fn print_published(args: &PublishArgs, bucket: &Bucket, published: &Published) -> Value {
    let Published { plan, unchanged, bytes, resumed } = published;
    let (written, removed) = (plan.writes().count(), plan.deletes().count());
    let result = json!({
        "published": true, "url": bucket.url(), "written": written, "unchanged": unchanged, "removed": removed,
        "bytes": bytes, "resumed": resumed,
    });
    if args.report.format != Format::Text || args.site.quiet {
        return result;
    }
    if args.verbose {
        for step in &plan.steps {
            say(&format!("{} {}\n", if step.stage.removes() { "removed" } else { "written" }, step.path));
        }
    }
    let resumed_text = if *resumed { ", resumed from the last, interrupted publish" } else { "" };
    let size = indicatif::HumanBytes(*bytes);
    say(&format!(
        "`{}`: {written} written ({size}), {unchanged} unchanged, {removed} removed{resumed_text}\n",
        bucket.url()
    ));
    result
}
