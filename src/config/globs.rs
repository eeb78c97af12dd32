use glob::{Pattern, PatternError};

use crate::data::Spanned;

/// Patterns such as `*.bak` or `drafts/**`; `*` also matches `/`.
#[derive(Clone, Debug, Default)]
pub struct Globs(Vec<Glob>);

/// A pattern, with the prefix and suffix of all names that it matches, for a quick rejection.
#[derive(Clone, Debug)]
struct Glob {
    pattern: Pattern,
    starts: String,
    ends: String,
}

impl Globs {
    /// The valid globs; others were reported with the configuration.
    pub fn new(patterns: &[Spanned<String>]) -> Self {
        Self(patterns.iter().filter_map(|pattern| Glob::new(pattern)).collect())
    }

    /// The error of a glob, and the index of its character.
    pub(super) fn fault(pattern: &str) -> Option<PatternError> {
        Pattern::new(pattern).err()
    }

    /// Whether one of them matches the whole `path`.
    pub fn is_match(&self, path: &str) -> bool {
        self.0.iter().any(|glob| glob.is_match(path))
    }
}

impl Glob {
    fn new(pattern: &str) -> Option<Self> {
        let special = |char| matches!(char, '*' | '?' | '[' | ']');
        // `**` may match nothing, together with a slash next to it.
        let starts = pattern.split(special).next().unwrap_or_default().trim_end_matches('/').to_owned();
        let ends = pattern.rsplit(special).next().unwrap_or_default().trim_start_matches('/').to_owned();
        Pattern::new(pattern).ok().map(|pattern| Self { pattern, starts, ends })
    }

    fn is_match(&self, path: &str) -> bool {
        let may = |ours: Option<&u8>, theirs: Option<&u8>| ours.is_none() || ours == theirs;
        // One byte is enough to reject most names.
        may(self.starts.as_bytes().first(), path.as_bytes().first())
            && may(self.ends.as_bytes().last(), path.as_bytes().last())
            && path.starts_with(&self.starts)
            && path.ends_with(&self.ends)
            && self.pattern.matches(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each `*` leaves the rest to the next one, which either matches or fails for all: an engine that tried all ways would
    /// not end here. The stack is that of a thread, however many stars there are.
    #[test]
    fn globs_of_many_stars_end() {
        for path in ["a".repeat(4000), "a/".repeat(2000), "ab".repeat(2000)] {
            for pattern in [
                "*a".repeat(1500) + "*c",
                "*".to_owned() + &"a*b*".repeat(700) + "[c]",
                "**/".to_owned() + &"a/**/".repeat(900) + "c",
            ] {
                assert!(!Pattern::new(&pattern).unwrap().matches(&path), "{pattern} {path}");
            }
        }
    }

    #[test]
    fn a_quick_rejection_agrees_with_the_pattern() {
        let patterns = ["*~", ".*", "#*#", "4913", "**/x", "a/**", "a/**/x", "**", "[ab]x", "a?", "*.b[a-c]k", "x"];
        let paths = ["x", "a/x", "a/b/x", "a", "a~", ".a", "#a#", "#", "4913", "14913", "bx", "ab", "n.bak", "é", ""];
        for pattern in patterns {
            for path in paths {
                let expected = Pattern::new(pattern).unwrap().matches(path);
                assert_eq!(Glob::new(pattern).unwrap().is_match(path), expected, "{pattern} {path}");
            }
        }
    }
}
