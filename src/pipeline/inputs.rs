//! What each input file is: configuration, page, record, template, or a file to copy.

use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Config, Trust};
use crate::diag::{Diagnostic, Diagnostics};
use crate::site;
use crate::source::{Files, Hash, Listed, Listing, MAX_INPUT, SitePath, Span, unportable};

use super::active_files::active;
use super::name_rules::{Exclusion, NameRules, report_hidden};

/// All inputs, by kind; each list is sorted.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub pages: Vec<SitePath>,
    pub evidence: Vec<SitePath>,
    pub templates: Vec<SitePath>,
    pub files: Arc<site::Files>,
    /// Files that editors and systems keep beside others, which are left out.
    pub temporary: usize,
}

/// What a file is by its place and name.
enum Kind {
    Page,
    Evidence,
    Template,
    /// Below `content/evidence`, and no evidence.
    Stray,
    /// To be copied, beside the pages.
    Content,
    /// Beside the pages, and not to be copied, with the reason.
    Active(String),
    /// To be copied, from `static`.
    Fixed,
    /// Kept by an editor or the system.
    Temporary,
    /// Left out, and told of.
    Hidden,
}

impl Kind {
    /// Nothing for what is no input.
    fn of(path: &SitePath, names: &NameRules) -> Option<Self> {
        let kind = Self::by_place(path)?;
        match names.exclusion(path) {
            None => Some(kind),
            Some(Exclusion::Ignored) => None,
            Some(Exclusion::Temporary) => Some(Self::Temporary),
            Some(Exclusion::Hidden(_)) => Some(Self::Hidden),
        }
    }

    fn by_place(path: &SitePath) -> Option<Self> {
        if let Some(below) = path.below("content") {
            let folder = below.split_once('/').map_or("", |(folder, _)| folder);
            return Some(match (folder.eq_ignore_ascii_case("evidence"), path.extension()) {
                // Another name than `evidence` is one folder with it on some disks.
                (true, "yaml" | "yml") if folder == "evidence" => Self::Evidence,
                (true, _) => Self::Stray,
                (false, "md") => Self::Page,
                (false, _) => Self::Content,
            });
        }
        let is_template = path.below("templates").is_some() && matches!(path.extension(), "html" | "xml");
        let fixed = path.below("static").map(|_| Self::Fixed);
        if is_template { Some(Self::Template) } else { fixed }
    }
}

/// Reads the configuration, which says what the rest is, and reports files that cannot be inputs, unless they are left
/// out by name: editors leave links to nowhere beside what is being edited.
pub(super) fn config(files: &dyn Files, listing: &Listing, problems: &mut Diagnostics) -> Option<Config> {
    let config = load(files, listing, problems);
    let names = NameRules::new(config.as_ref().unwrap_or(&Config::default()));
    for refused in listing.refused.iter().filter(|refused| names.exclusion(&refused.path).is_none()) {
        let message = format!("`{}` {}", refused.path, refused.reason);
        problems.push(Diagnostic::new(refused.code, Span::file(&refused.path), message));
    }
    config
}

fn load(files: &dyn Files, listing: &Listing, problems: &mut Diagnostics) -> Option<Config> {
    let path = SitePath::new("site.toml").ok()?;
    if listing.files.iter().all(|listed| listed.path != path) {
        problems.push(
            Diagnostic::new("missing-config", Span::file(&path), "there is no `site.toml` here")
                .hint("give the folder of the site with `--root`, or create one with `dossier init`"),
        );
        return None;
    }
    let text = text(files, &path, problems)?;
    Config::load(&path, &text, problems)
}

/// Sorts the files by kind.
pub(super) fn sort(files: &dyn Files, listing: &Listing, config: &Config, problems: &mut Diagnostics) -> Inputs {
    let names = NameRules::new(config);
    let mut inputs = Inputs::default();
    let mut copied = site::Files::default();
    let mut hidden: Vec<&SitePath> = Vec::new();
    let is_trusted = config.content.trust == Trust::Full;
    let kind = |listed: &Listed| match Kind::of(&listed.path, &names)? {
        Kind::Content if !is_trusted => Some(active(files, listed).map_or(Kind::Content, Kind::Active)),
        kind => Some(kind),
    };
    let kinds: Vec<Option<Kind>> = listing.files.par_iter().with_min_len(512).map(kind).collect();
    for (listed, kind) in listing.files.iter().zip(kinds) {
        let path = listed.path.clone();
        match kind {
            Some(Kind::Page) => inputs.pages.push(path),
            Some(Kind::Evidence) => inputs.evidence.push(path),
            Some(Kind::Template) => inputs.templates.push(path),
            Some(Kind::Stray) => problems.push(stray(&path)),
            Some(Kind::Content) => drop(copied.content.insert(path)),
            Some(Kind::Fixed) => drop(copied.fixed.insert(path)),
            Some(Kind::Active(reason)) => {
                problems.push(refusal(&path, &reason));
                copied.refused.insert(path);
            }
            Some(Kind::Temporary) => inputs.temporary += 1,
            Some(Kind::Hidden) => hidden.push(&listed.path),
            None => {}
        }
    }
    hidden.extend(listing.refused.iter().map(|refused| &refused.path));
    hidden.sort();
    let hidden = hidden.into_iter().filter_map(|path| match names.exclusion(path)? {
        Exclusion::Hidden(outermost) => Some(outermost),
        Exclusion::Ignored | Exclusion::Temporary => None,
    });
    report_hidden(hidden, problems);
    for path in
        inputs.pages.iter().chain(&inputs.templates).chain(&inputs.evidence).chain(&copied.content).chain(&copied.fixed)
    {
        if let Some((part, reason)) = unportable(path) {
            let message = format!("`{path}` is not a valid name on Windows: `{part}` {reason}");
            problems.push(Diagnostic::new("unportable-name", Span::file(path), message).hint("rename it"));
        }
    }
    inputs.files = Arc::new(copied);
    if inputs.pages.is_empty()
        && let Ok(path) = SitePath::new("content")
    {
        problems.push(
            Diagnostic::new("no-content", Span::file(&path), "there is no page in `content`")
                .hint("write `content/index.md`; its first line may be `# Title`"),
        );
    }
    inputs
}

fn refusal(path: &SitePath, reason: &str) -> Diagnostic {
    let found = Diagnostic::new("active-file", Span::file(path), format!("`{path}` {reason}, and is not published"));
    found.hint(
        "move it to `static` if it is yours, or set `trust = \"full\"` below `[content]` in `site.toml` if you trust every author",
    )
}

/// A file that is no evidence, where only evidence may be: copied, it would be published.
fn stray(path: &SitePath) -> Diagnostic {
    let message = format!("`{path}` is not an evidence file, and only those may be below `content/evidence`");
    let hint = match path.extension() {
        "md" => "move a page out of this folder, and notes out of `content`",
        "yaml" | "yml" => "name the folder `evidence`, in lower case",
        _ => {
            "move the text of a source to an archive outside `content` (see `check --archive`), and what readers may \
             have beside a page or into `static`"
        }
    };
    Diagnostic::new("unknown-file", Span::file(path), message).hint(hint)
}

/// An input as text.
pub(super) fn text(files: &dyn Files, path: &SitePath, problems: &mut Diagnostics) -> Option<String> {
    match String::from_utf8(raw(files, path, MAX_INPUT, problems)?.0) {
        Ok(text) => Some(text),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let message = format!("`{path}` is not UTF-8: byte {at} cannot be read as text");
            let found = Diagnostic::new("not-utf8", Span::new(path, at..at + 1), message);
            problems.push(found.hint("save the file as UTF-8"));
            None
        }
    }
}

/// An input's bytes and their hash, unless there are more than `limit`.
pub(super) fn raw(
    files: &dyn Files,
    path: &SitePath,
    limit: u64,
    problems: &mut Diagnostics,
) -> Option<(Vec<u8>, Hash)> {
    let read = files.read_hashed(path, limit);
    read.map_err(|error| problems.push(Diagnostic::read_failed(path, &error))).ok()
}
