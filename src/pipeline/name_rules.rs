//! Which files are left out by their names: hidden ones, and those that editors and systems keep beside others.

use crate::config::{Config, Globs};
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SitePath, Span};

/// Names that begin with a dot and are there to be published: RFC 8615, and what GitHub Pages looks for.
const PUBLIC: [&str; 2] = [".well-known", ".nojekyll"];

/// Why a file is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exclusion<'p> {
    /// `ignore` names it.
    Ignored,
    /// An editor or the system keeps it beside others.
    Temporary,
    /// Its name or that of a folder begins with a dot: the path up to the first such name.
    Hidden(&'p str),
}

/// The rules of one site.
#[derive(Debug, Default)]
pub(super) struct NameRules {
    ignored: Globs,
    published: Globs,
}

impl NameRules {
    pub fn new(config: &Config) -> Self {
        Self { ignored: Globs::new(&config.content.ignore), published: Globs::new(&config.output.hidden) }
    }

    /// Why a file is left out, if it is.
    pub fn exclusion<'p>(&self, path: &'p SitePath) -> Option<Exclusion<'p>> {
        let (folder, below) = path.as_str().split_once('/')?;
        let is_ignored = match folder {
            "content" => self.ignored.is_match(below) || below.split('/').any(|part| self.ignored.is_match(part)),
            "templates" => self.ignored.is_match(path.name()),
            _ => false,
        };
        if is_ignored {
            return Some(Exclusion::Ignored);
        }
        let hidden = self.hidden(path.as_str(), folder.len() + 1, below);
        match is_temporary(path.name()) {
            // Below a hidden folder, it is that which is told.
            true if hidden.is_none_or(|hidden| hidden == path.as_str()) && !self.published.is_match(below) => {
                Some(Exclusion::Temporary)
            }
            _ => hidden.map(Exclusion::Hidden),
        }
    }

    /// The path up to the first name that is hidden and not to be published; `below` starts at `from`.
    fn hidden<'p>(&self, path: &'p str, from: usize, below: &str) -> Option<&'p str> {
        let mut end = from;
        for part in below.split('/') {
            let before = end;
            end += part.len() + 1;
            let until_here = path.get(from..end - 1).unwrap_or_default();
            let is_published = || {
                before == from && PUBLIC.contains(&part)
                    || [part, until_here, below].iter().any(|name| self.published.is_match(name))
            };
            if part.starts_with('.') && !is_published() {
                return path.get(..end - 1);
            }
        }
        None
    }
}

/// Whether an editor or a system gives such a name to a file of its own.
fn is_temporary(name: &str) -> bool {
    let system = [".DS_Store", "Thumbs.db", "desktop.ini", ".directory", "4913"];
    let starts = [".#", "._", ".~lock."];
    let ends = ["~", ".swp", ".swo", ".swx"];
    system.contains(&name)
        || starts.iter().any(|start| name.starts_with(start))
        || ends.iter().any(|end| name.ends_with(end))
        || name.len() > 1 && name.starts_with('#') && name.ends_with('#')
}

/// Reports hidden files, sorted by path, once for the outermost hidden name.
pub(super) fn report_hidden<'p>(hidden: impl Iterator<Item = &'p str>, problems: &mut Diagnostics) {
    let mut hidden = hidden.peekable();
    while let Some(name) = hidden.next() {
        let mut count = 1;
        while hidden.next_if_eq(&name).is_some() {
            count += 1;
        }
        let Ok(path) = SitePath::new(name) else { continue };
        let files = if count == 1 { String::new() } else { format!(" with {count} files") };
        let message = format!("`{path}`{files} is not published: its name begins with a dot");
        let (folder, below) = name.split_once('/').unwrap_or_default();
        let glob: String = below
            .chars()
            .flat_map(|char| match char {
                '*' | '?' | '[' | ']' => vec!['[', char, ']'],
                _ => vec![char],
            })
            .collect();
        let hint = format!(
            "move it out of `{folder}`; if readers need it, add `{glob}` to `hidden` below `[output]` in `site.toml`"
        );
        problems.push(Diagnostic::new("hidden-file", Span::file(&path), message).hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(hidden: &[&str]) -> NameRules {
        let mut config = Config::default();
        config.output.hidden = hidden.iter().copied().map(Into::into).collect();
        NameRules::new(&config)
    }

    #[test]
    fn hidden_names_are_left_out_at_the_outermost() {
        for (path, expected) in [
            ("static/.env", Some(Exclusion::Hidden("static/.env"))),
            ("static/.git/objects/ab/.x", Some(Exclusion::Hidden("static/.git"))),
            ("static/.git/index~", Some(Exclusion::Hidden("static/.git"))),
            ("content/guide/.private/notes.md", Some(Exclusion::Hidden("content/guide/.private"))),
            ("templates/.old.html", Some(Exclusion::Hidden("templates/.old.html"))),
            ("static/.well-known/security.txt", None),
            ("static/.well-known/.env", Some(Exclusion::Hidden("static/.well-known/.env"))),
            ("static/a/.well-known/x", Some(Exclusion::Hidden("static/a/.well-known"))),
            ("static/.nojekyll", None),
            ("static/a.b/c.d", None),
            ("site.toml", None),
            ("static/.DS_Store", Some(Exclusion::Temporary)),
            ("static/a/Thumbs.db", Some(Exclusion::Temporary)),
            ("content/.#index.md", Some(Exclusion::Temporary)),
            ("content/.index.md.swp", Some(Exclusion::Temporary)),
            ("content/index.md~", Some(Exclusion::Temporary)),
            ("content/#index.md#", Some(Exclusion::Temporary)),
            ("static/#", None),
            ("content/index.bak", Some(Exclusion::Ignored)),
            ("static/index.bak", None),
        ] {
            assert_eq!(rules(&[]).exclusion(&SitePath::new(path).unwrap()), expected, "{path}");
        }
    }

    #[test]
    fn site_toml_names_the_hidden_files_that_are_published() {
        let rules = rules(&[".htaccess", "data/.raw/**", ".x~"]);
        let hidden = |path: &str| rules.exclusion(&SitePath::new(path).unwrap()).is_some();
        for path in
            ["static/.htaccess", "static/a/.htaccess", "static/data/.raw/a/b", "static/data/.raw/.c", "static/.x~"]
        {
            assert!(!hidden(path), "{path}");
        }
        for path in ["static/.htpasswd", "static/.raw/a", "static/.git/.htaccess"] {
            assert!(hidden(path), "{path}");
        }
    }
}
