//! `dossier init --from-markdown`: a folder of another generator, carried over into a new site.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;

use crate::diag::{Diagnostics, Severity, is_always_error};
use crate::migrate::{Content, Migrated, migrate};
use crate::pipeline::{Request, THEME, build};
use crate::render::Templates;
use crate::source::{Files, Listed, Listing, Memory, Refused, SitePath};

use super::args::InitArgs;
use super::build::counted;
use super::{DONE, Format, INPUT_ERRORS, Reporter, USAGE, init, say, shown, starter};

/// Carries a folder over into a new site, and says what could not be.
pub(super) fn import(from: &Path, args: &InitArgs) -> u8 {
    let tree = match Tree::open(from) {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("error: cannot read `{}`: {error}", from.display());
            eprintln!("help: `--from-markdown` names a folder of Markdown, or that of a Zola, Hugo or mdBook site");
            return USAGE;
        }
    };
    if is_inside(&args.dir, &tree.root) {
        eprintln!("error: `{}` lies in `{}`, which stays as it is", shown(&args.dir), shown(from));
        eprintln!("help: name a new folder beside it");
        return USAGE;
    }
    let title = tree.root.file_name().map_or_else(|| "A site".into(), |name| name.to_string_lossy().into_owned());
    let mut made = migrate(&tree, &crate::parse::title_from_name(&title), &components());
    if made.pages == 0 {
        eprintln!("error: there is no Markdown to carry over in `{}`", from.display());
        eprintln!("help: pages end in `.md`; those of Zola and Hugo lie in `content`, those of mdBook in `src`");
        return USAGE;
    }
    let left = settle(&tree, &mut made);
    if let Err(code) = write(&tree, &made, args) {
        return code;
    }
    report(&tree, from, args, &made);
    if left.has_errors() {
        let errors = counted(left.count(Severity::Error), "error");
        eprintln!(
            "error: the new site does not build yet: {errors}; `dossier check --root {}` tells them",
            shown(&args.dir)
        );
        return INPUT_ERRORS;
    }
    DONE
}

/// What pages of the new site may call.
fn components() -> Vec<String> {
    let texts = THEME.iter().filter_map(|(path, bytes)| {
        let name = path.strip_prefix("templates/")?;
        Some((name.to_owned(), String::from_utf8_lossy(bytes).into_owned()))
    });
    Templates::compile(texts.collect(), &mut Diagnostics::default()).component_names()
}

/// Tries the new site, lets what is wrong with it be warnings, and gives what is still an error then.
fn settle(tree: &Tree, made: &mut Migrated) -> Diagnostics {
    let mut codes = BTreeSet::new();
    for _ in 0..4 {
        let request = Request { drafts: true, ..Request::of(super::today::today(None)) };
        let built = build(&Planned { tree, made }, &request, &Memory::default(), &|_, _, _| {});
        let errors = built.problems.iter().filter(|found| found.severity == Severity::Error);
        let found = errors.map(|found| found.code).filter(|code| !is_always_error(code));
        let before = codes.len();
        codes.extend(found);
        if codes.len() == before {
            return built.problems;
        }
        made.demand_less(&codes);
    }
    Diagnostics::default()
}

fn write(tree: &Tree, made: &Migrated, args: &InitArgs) -> Result<(), u8> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let theme = THEME.iter().filter(|_| !args.no_theme).map(|(path, bytes)| ((*path).to_owned(), *bytes));
    let own = [(starter::GITIGNORE.0.to_owned(), starter::GITIGNORE.1.as_bytes())].into_iter();
    files.extend(own.chain(starter::schemas()).chain(theme).map(|(path, bytes)| (path, bytes.to_vec())));
    for (path, content) in &made.files {
        if let Content::Text(text) = content {
            files.insert(path.to_string(), text.clone().into_bytes());
        }
    }
    init::write(&args.dir, files.iter().map(|(path, bytes)| (path.clone(), bytes.as_slice())))?;
    for (path, content) in &made.files {
        let Content::Copy(from) = content else { continue };
        let place = args.dir.join(path.as_str());
        let copied = place.parent().map_or(Ok(()), fs::create_dir_all);
        let copied = copied.and_then(|()| fs::copy(tree.root.join(from.as_str()), &place));
        copied.map_err(|error| {
            eprintln!("error: cannot copy `{from}` to `{}`: {error}", place.display());
            INPUT_ERRORS
        })?;
    }
    Ok(())
}

fn report(tree: &Tree, from: &Path, args: &InitArgs, made: &Migrated) {
    let mut problems = made.problems.clone();
    problems.extend(tree.refused());
    problems.sort();
    let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = Reporter::new(tree, format!("{}/", shown(from)), colour).report(&problems, args.format);
    if args.format != Format::Text {
        say(&text);
        return;
    }
    eprint!("{text}");
    let copies = made.files.values().filter(|content| matches!(content, Content::Copy(_))).count();
    let (dir, from) = (shown(&args.dir), shown(from));
    say(&format!(
        "{} and {} of `{from}` ({}) are in `{dir}`; {} could not be carried over\n",
        counted(made.pages, "page"),
        counted(copies, "other file"),
        made.from.name(),
        counted(problems.count(Severity::Warning), "thing"),
    ));
    if made.is_lenient() {
        say(&format!(
            "Problems of the pages themselves are warnings for now: `dossier check --root {dir}` tells them\n"
        ));
    }
    say(&format!("Next:\n    dossier serve --root {dir} --watch --open\n"));
}

/// Whether a folder that may not be there yet would lie in another.
fn is_inside(dir: &Path, outer: &Path) -> bool {
    let mut known = dir.to_owned();
    loop {
        let place = if known.as_os_str().is_empty() { Path::new(".") } else { &known };
        if let Ok(real) = place.canonicalize() {
            return real.starts_with(outer);
        }
        if !known.pop() {
            return false;
        }
    }
}

/// All files of a folder, but for hidden ones; links are not followed.
struct Tree {
    root: std::path::PathBuf,
    files: Vec<Listed>,
    refused: Vec<Refused>,
}

impl Tree {
    fn open(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize()?;
        fs::read_dir(&root)?;
        let mut tree = Self { files: Vec::new(), refused: Vec::new(), root };
        let shown =
            |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
        for entry in walkdir::WalkDir::new(&tree.root).sort_by_file_name().into_iter().filter_entry(shown) {
            let (path, kind) = match &entry {
                Ok(entry) => (Some(entry.path()), Some(entry.file_type())),
                Err(error) => (error.path(), None),
            };
            let inside = path.and_then(|path| path.strip_prefix(&tree.root).ok()).map(Path::to_string_lossy);
            let inside = inside.map(|inside| inside.replace(std::path::MAIN_SEPARATOR, "/"));
            let Some(path) = inside.and_then(|inside| SitePath::new(&inside).ok()) else { continue };
            match kind {
                Some(kind) if kind.is_file() => tree.files.push(Listed { path, len: 0 }),
                Some(kind) if kind.is_dir() => {}
                Some(_) => tree.refused.push(refused(path, "is a link or no file, and was left behind")),
                None => tree.refused.push(refused(path, "cannot be read, and was left behind")),
            }
        }
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    fn refused(&self) -> Diagnostics {
        let told = self.refused.iter().map(|refused| {
            let message = format!("`{}` {}", refused.path, refused.reason);
            crate::diag::Diagnostic::new("not-carried-over", crate::source::Span::file(&refused.path), message)
        });
        told.collect()
    }
}

fn refused(path: SitePath, reason: &str) -> Refused {
    Refused { path, code: "not-carried-over", reason: reason.to_owned() }
}

impl Files for Tree {
    fn list(&self) -> Listing {
        Listing { files: self.files.clone(), refused: Vec::new() }
    }

    /// Only what is listed: a report must not show a line of what a link leads to.
    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        match self.files.binary_search_by(|listed| listed.path.cmp(path)) {
            Ok(_) => fs::read(self.root.join(path.as_str())),
            Err(_) => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// The new site before it is written.
struct Planned<'a> {
    tree: &'a Tree,
    made: &'a Migrated,
}

impl Files for Planned<'_> {
    fn list(&self) -> Listing {
        let files = self.made.files.keys().map(|path| Listed { path: path.clone(), len: 0 }).collect();
        Listing { files, refused: Vec::new() }
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        match self.made.files.get(path) {
            Some(Content::Text(text)) => Ok(text.clone().into_bytes()),
            Some(Content::Copy(from)) => self.tree.read(from),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}
