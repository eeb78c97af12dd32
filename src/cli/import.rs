//! `dossier init --from-markdown`: imports a site of another generator into a new one.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal};
use std::path::Path;

use crate::diag::{Diagnostic, Diagnostics, Severity, is_always_error, plain};
use crate::disk::{self, Tree};
use crate::migrate::{Content, Migrated, Options, REPORT, migrate};
use crate::pipeline::{Request, THEME, build};
use crate::render::Templates;
use crate::source::{Files, Listed, Listing, Memory, SitePath};

use super::args::InitArgs;
use super::build::counted;
use super::today::today;
use super::{DONE, Format, INPUT_ERRORS, Reporter, USAGE, init, say, say_err, shown, starter};

/// Converts a folder into a new site, and reports what has no counterpart.
pub(super) fn import(from: &Path, args: &InitArgs) -> u8 {
    let tree = match Tree::open(from) {
        Ok(tree) => tree,
        Err(error) => {
            say_err(&format!("error: cannot read `{}`: {}\n", from.display(), plain(&error)));
            say_err("help: `--from-markdown` names a folder of Markdown, or the top folder of a site\n");
            return USAGE;
        }
    };
    if tree.holds(&args.dir) {
        say_err(&format!("error: `{}` is inside `{}`, which is not changed\n", shown(&args.dir), shown(from)));
        say_err("help: name a new folder beside it\n");
        return USAGE;
    }
    let mut migrated = migrate(&tree, &options(&tree, args));
    if migrated.pages == 0 {
        say_err(&format!("error: there is no Markdown to import in `{}`\n", from.display()));
        say_err("help: name the top folder of the site, where its configuration is; pages end in `.md`\n");
        return USAGE;
    }
    let remaining = build_until_valid(&tree, &mut migrated);
    if let Err(code) = write(&tree, &migrated, args) {
        return code;
    }
    report(&tree, from, args, &migrated);
    if remaining.has_errors() {
        let planned = Planned { tree: &tree, migrated: &migrated };
        say_err(&Reporter::new(&planned, format!("{}/", shown(&args.dir)), false).report(&remaining, Format::Text));
        say_err(&format!(
            "error: the new site does not build yet: {}\n",
            counted(remaining.count(Severity::Error), "error")
        ));
        return INPUT_ERRORS;
    }
    DONE
}

/// The files that the new site has already.
fn options(tree: &Tree, args: &InitArgs) -> Options {
    let name = tree.root().file_name().map_or_else(|| "A site".into(), |name| name.to_string_lossy().into_owned());
    let texts = THEME.iter().filter_map(|(path, bytes)| {
        let name = path.strip_prefix("templates/")?;
        Some((name.to_owned(), String::from_utf8_lossy(bytes).into_owned()))
    });
    Options {
        title: crate::parse::title_from_name(&name),
        components: Templates::compile(texts.collect(), &mut Diagnostics::default()).component_names(),
        reserved: THEME.iter().filter(|_| !args.no_theme).map(|(path, _)| (*path).to_owned()).collect(),
        today: today(None),
    }
}

/// Builds the new site in memory until it has no errors: errors that may be warnings become warnings, and pages with
/// other errors are left out. Returns the errors that remain.
fn build_until_valid(tree: &Tree, migrated: &mut Migrated) -> Diagnostics {
    let mut remaining = Diagnostics::default();
    for drafts in [false, true].into_iter().take(if migrated.drafts > 0 { 2 } else { 1 }) {
        for _ in 0..6 {
            let request = Request { drafts, ..Request::of(today(None)) };
            remaining = build(&Planned { tree, migrated }, &request, &Memory::default(), &|_, _, _| {}).problems;
            let errors: Vec<Diagnostic> =
                remaining.iter().filter(|found| found.severity == Severity::Error).cloned().collect();
            if errors.is_empty() || !resolve_errors(migrated, &errors) {
                break;
            }
        }
        if remaining.has_errors() {
            break;
        }
    }
    remaining
}

/// Changes the new site to resolve some errors; `false` if nothing can be done.
fn resolve_errors(migrated: &mut Migrated, errors: &[Diagnostic]) -> bool {
    if errors.iter().any(|found| found.code == "active-file") {
        migrated.trust();
        return true;
    }
    let (fresh, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        errors.iter().partition(|found| !is_always_error(found.code) && !migrated.allows(found.code));
    let codes: BTreeSet<&str> = fresh.iter().map(|found| found.code).collect();
    migrated.allow(&codes.into_iter().collect::<Vec<_>>());
    let left_out =
        others.iter().filter(|found| found.at.as_ref().is_some_and(|at| migrated.leave_out(&at.file, &found.message)));
    left_out.count() > 0 || !fresh.is_empty()
}

fn write(tree: &Tree, migrated: &Migrated, args: &InitArgs) -> Result<(), u8> {
    let theme = THEME.iter().filter(|_| !args.no_theme).map(|(path, bytes)| ((*path).to_owned(), *bytes));
    let own = [(starter::GITIGNORE.0.to_owned(), starter::GITIGNORE.1.as_bytes())].into_iter();
    let text = migrated.report(tree);
    let own = own.chain(starter::schemas()).chain(theme).map(|(path, bytes)| (path, disk::Content::Bytes(bytes)));
    let own = own.chain([(REPORT.to_owned(), disk::Content::Bytes(text.as_bytes()))]);
    let imported = migrated.files.iter().map(|(path, content)| {
        let content = match content {
            Content::Text(text) => disk::Content::Bytes(text.as_bytes()),
            Content::Copy(from) => disk::Content::Copy(tree, from),
        };
        (path.to_string(), content)
    });
    // An imported file replaces one of the theme.
    let files: BTreeMap<String, disk::Content<'_>> = own.chain(imported).collect();
    init::write(&args.dir, files.into_iter())
}

fn report(tree: &Tree, from: &Path, args: &InitArgs, migrated: &Migrated) {
    let mut problems = migrated.problems();
    problems.extend(refused(tree));
    problems.sort();
    let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let files = Quoted { tree, problems: &problems };
    let text = Reporter::new(&files, format!("{}/", shown(from)), colour).report(&problems, args.format);
    if args.format != Format::Text {
        say(&text);
        return;
    }
    say_err(&text);
    let copies = migrated.files.values().filter(|content| matches!(content, Content::Copy(_))).count();
    let (dir, from) = (shown(&args.dir), shown(from));
    let drafts = if migrated.drafts > 0 { format!(", {} of them drafts,", migrated.drafts) } else { String::new() };
    say(&format!(
        "Imported {}{drafts} and {} from `{from}` ({}) into `{dir}`\n",
        counted(migrated.pages, "page"),
        counted(copies, "other file"),
        migrated.from.name(),
    ));
    if !problems.is_empty() {
        let kinds = counted(problems.count(Severity::Warning), "kind");
        say(&format!("{kinds} of things were left out or changed: `{dir}/{REPORT}` lists every place\n"));
    }
    if migrated.is_lenient() {
        say(&format!(
            "Problems of the pages themselves are warnings for now: `dossier check --root {dir}` lists them\n"
        ));
    }
    say(&format!("Next:\n    dossier serve --root {dir} --watch --open\n"));
}

/// The old files that messages may quote: those with a problem inside. A file that was left out as a whole may be
/// private, or not text.
struct Quoted<'a> {
    tree: &'a Tree,
    problems: &'a Diagnostics,
}

impl Files for Quoted<'_> {
    fn list(&self) -> Listing {
        self.tree.list()
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        let spans = self.problems.iter().filter_map(|found| found.at.as_ref());
        match spans.into_iter().any(|at| at.file == *path && at.end > 0) {
            true => self.tree.read(path),
            false => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// The reasons why files were not listed, each once.
fn refused(tree: &Tree) -> Diagnostics {
    let mut reasons: BTreeMap<String, Vec<SitePath>> = BTreeMap::new();
    for refused in tree.list().refused {
        reasons.entry(refused.reason).or_default().push(refused.path);
    }
    let problem = |(reason, paths): (String, Vec<SitePath>)| {
        let names: Vec<String> = paths.iter().take(8).map(|path| format!("`{path}`")).collect();
        let more = if paths.len() > 8 { format!(", and {} more", paths.len() - 8) } else { String::new() };
        let at = paths.first().map(crate::source::Span::file);
        Diagnostic::new("not-imported", at, format!("{reason}: {}{more}", names.join(", ")))
            .hint("copy what readers need")
    };
    reasons.into_iter().map(problem).collect()
}

/// The new site, before it is written.
struct Planned<'a> {
    tree: &'a Tree,
    migrated: &'a Migrated,
}

impl Files for Planned<'_> {
    fn list(&self) -> Listing {
        let files = self.migrated.files.keys().map(|path| Listed { path: path.clone(), len: 0 }).collect();
        Listing { files, refused: Vec::new() }
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        match self.migrated.files.get(path) {
            Some(Content::Text(text)) => Ok(text.clone().into_bytes()),
            Some(Content::Copy(from)) => self.tree.read(from),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}
