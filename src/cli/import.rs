//! `dossier init --from-markdown`: a folder of another generator, carried over into a new site.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal};
use std::path::Path;

use crate::diag::{Diagnostics, Severity, is_always_error, plain};
use crate::disk::{self, Tree};
use crate::migrate::{Content, Migrated, migrate};
use crate::pipeline::{Request, THEME, build};
use crate::render::Templates;
use crate::source::{Files, Listed, Listing, Memory, SitePath};

use super::args::InitArgs;
use super::build::counted;
use super::{DONE, Format, INPUT_ERRORS, Reporter, USAGE, init, say, shown, starter};

/// Carries a folder over into a new site, and says what could not be.
pub(super) fn import(from: &Path, args: &InitArgs) -> u8 {
    let tree = match Tree::open(from) {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("error: cannot read `{}`: {}", from.display(), plain(&error));
            eprintln!("help: `--from-markdown` names a folder of Markdown, or that of a Zola, Hugo or mdBook site");
            return USAGE;
        }
    };
    if tree.holds(&args.dir) {
        eprintln!("error: `{}` lies in `{}`, which stays as it is", shown(&args.dir), shown(from));
        eprintln!("help: name a new folder beside it");
        return USAGE;
    }
    let title = tree.root().file_name().map_or_else(|| "A site".into(), |name| name.to_string_lossy().into_owned());
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
    let theme = THEME.iter().filter(|_| !args.no_theme).map(|(path, bytes)| ((*path).to_owned(), *bytes));
    let own = [(starter::GITIGNORE.0.to_owned(), starter::GITIGNORE.1.as_bytes())].into_iter();
    let own = own.chain(starter::schemas()).chain(theme).map(|(path, bytes)| (path, disk::Content::Bytes(bytes)));
    let carried = made.files.iter().map(|(path, content)| {
        let content = match content {
            Content::Text(text) => disk::Content::Bytes(text.as_bytes()),
            Content::Copy(from) => disk::Content::Copy(tree, from),
        };
        (path.to_string(), content)
    });
    // What was carried over comes in the place of our own.
    let files: BTreeMap<String, disk::Content<'_>> = own.chain(carried).collect();
    init::write(&args.dir, files.into_iter())
}

fn report(tree: &Tree, from: &Path, args: &InitArgs, made: &Migrated) {
    let mut problems = made.problems.clone();
    problems.extend(refused(tree));
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

fn refused(tree: &Tree) -> Diagnostics {
    let told = tree.list().refused.into_iter().map(|refused| {
        let message = format!("`{}` {}", refused.path, refused.reason);
        crate::diag::Diagnostic::new("not-carried-over", crate::source::Span::file(&refused.path), message)
    });
    told.collect()
}
