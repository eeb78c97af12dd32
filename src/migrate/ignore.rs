//! Patterns of files that a generator leaves out, as `.gitignore` writes them.

use glob::{MatchOptions, Pattern};

const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: false };

/// A list of patterns; of those that match a path the last one counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Ignore(Vec<Rule>);

#[derive(Clone, Debug)]
struct Rule {
    pattern: Pattern,
    /// Whether it negates earlier patterns (`!`).
    keeps: bool,
    /// Whether it is for folders only.
    is_folder: bool,
}

impl Ignore {
    /// Patterns from the lines of a file, below a folder.
    pub fn lines(text: &str, folder: &str) -> Self {
        let mut ignore = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            ignore.add(line, folder);
        }
        ignore
    }

    /// Adds a pattern, for paths below a folder.
    pub fn add(&mut self, line: &str, folder: &str) {
        let (line, keeps) = line.strip_prefix('!').map_or((line, false), |line| (line, true));
        let is_folder = line.ends_with('/');
        let line = line.trim_start_matches("./").trim_end_matches('/');
        let anchored = line.contains('/');
        let line = line.trim_start_matches('/');
        let below = super::old_site::join(folder, if anchored { "" } else { "**" });
        let pattern = super::old_site::join(&below, line);
        if let Ok(pattern) = Pattern::new(&pattern) {
            self.0.push(Rule { pattern, keeps, is_folder });
        }
    }

    /// Whether a file is left out: it, or a folder that it is in.
    pub fn matches(&self, path: &str) -> bool {
        let matches = |rule: &Rule| {
            let is_match = |path: &str| rule.pattern.matches_with(path, OPTIONS);
            path.match_indices('/').any(|(at, _)| path.get(..at).is_some_and(is_match))
                || (!rule.is_folder && is_match(path))
        };
        self.0.iter().rev().find(|rule| matches(rule)).is_some_and(|rule| !rule.keeps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_gitignore() {
        let ignore = Ignore::lines("*.py\n# no\n/top.md\ndrafts/\na/*/b.md\n!keep.py\n", "docs");
        for path in
            ["docs/x.py", "docs/a/x.py", "docs/top.md", "docs/drafts/a.md", "docs/x/drafts/a.md", "docs/a/z/b.md"]
        {
            assert!(ignore.matches(path), "{path}");
        }
        for path in ["x.py", "docs/a/top.md", "docs/drafts", "docs/keep.py", "docs/a/b.md"] {
            assert!(!ignore.matches(path), "{path}");
        }
    }
}
