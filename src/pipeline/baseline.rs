//! Problems that a site is known to have, so that only new ones fail its checks.

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher};

use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};

use crate::diag::{Diagnostic, Diagnostics, is_always_error};
use crate::source::{Files, SitePath};

/// Known problems, each by its code, its file and the text of its lines, with how many there are of it. They stay known when
/// their lines move, and are new when the text changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Baseline {
    known: BTreeMap<Key, Known>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    file: String,
    code: String,
    /// The hash of the text, in hexadecimal digits.
    text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Known {
    count: usize,
    message: String,
}

/// A known problem as the file has it; the message is for readers, and is not compared.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    file: String,
    text: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: usize,
    message: String,
}

fn one() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_one(count: &usize) -> bool {
    *count == 1
}

impl Baseline {
    /// Reads the text of a baseline file.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let entries: Vec<Entry> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut baseline = Self::default();
        for Entry { code, file, text, count, message } in entries {
            let known = baseline.known.entry(Key { file, code, text }).or_insert(Known { count: 0, message });
            known.count += count;
        }
        Ok(baseline)
    }

    /// Adds the problems that may be known: those that are always errors never are.
    pub fn add(&mut self, files: &dyn Files, problems: &Diagnostics) {
        let mut texts = Texts::of(files);
        for problem in problems.iter().filter(|problem| !is_always_error(problem.code)) {
            let message = problem.message.clone();
            let known = self.known.entry(texts.key(problem)).or_insert(Known { count: 0, message });
            known.count += 1;
        }
    }

    /// How many problems are known.
    pub fn len(&self) -> usize {
        self.known.values().map(|known| known.count).sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

/// It as the text of a file: an entry a line, in order, so that versions are easy to compare and to merge.
impl std::fmt::Display for Baseline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[")?;
        for (number, (key, known)) in self.known.iter().enumerate() {
            let Key { file, code, text } = key.clone();
            let entry = Entry { code, file, text, count: known.count, message: known.message.clone() };
            let entry = serde_json::to_string(&entry).map_err(|_| std::fmt::Error)?;
            write!(f, "{}\n  {entry}", if number > 0 { "," } else { "" })?;
        }
        f.write_str(if self.is_empty() { "]\n" } else { "\n]\n" })
    }
}

/// Which of the known problems have come up.
#[derive(Debug)]
pub struct Compared<'a> {
    left: BTreeMap<&'a Key, (usize, &'a str)>,
    /// How many known problems there were.
    pub known: usize,
}

impl<'a> Compared<'a> {
    /// None yet.
    pub fn with(baseline: &'a Baseline) -> Self {
        let left = baseline.known.iter().map(|(key, known)| (key, (known.count, known.message.as_str()))).collect();
        Self { left, known: 0 }
    }

    /// Drops the problems that are known.
    pub fn drop_known(&mut self, files: &dyn Files, problems: &mut Diagnostics) {
        if self.left.is_empty() {
            return;
        }
        let mut texts = Texts::of(files);
        problems.retain(|problem| {
            if is_always_error(problem.code) {
                return true;
            }
            let key = texts.key(problem);
            let Some((left, _)) = self.left.get_mut(&key).filter(|(left, _)| *left > 0) else { return true };
            *left -= 1;
            self.known += 1;
            false
        });
    }

    /// The entries that no problem matched, as `file: code: message`, but for codes that were not asked for.
    pub fn stale(&self, is_asked: impl Fn(&str) -> bool) -> Vec<String> {
        let left = self.left.iter().filter(|(key, (left, _))| *left > 0 && is_asked(&key.code));
        left.map(|(key, (_, message))| format!("{}: `{}`: {message}", key.file, key.code)).collect()
    }
}

/// The texts of the files that have problems.
struct Texts<'a> {
    files: &'a dyn Files,
    read: BTreeMap<SitePath, Option<String>>,
}

impl<'a> Texts<'a> {
    fn of(files: &'a dyn Files) -> Self {
        Self { files, read: BTreeMap::new() }
    }

    /// The key of a problem: its text is that of its lines, without the spaces that it is laid out with, or its message where
    /// its file is no input.
    fn key(&mut self, problem: &Diagnostic) -> Key {
        let code = problem.code.to_owned();
        let hash = |text: &str| {
            let mut hasher = FxHasher::default();
            text.split_whitespace().for_each(|word| word.hash(&mut hasher));
            format!("{:016x}", hasher.finish())
        };
        let Some(at) = &problem.at else { return Key { file: String::new(), code, text: hash(&problem.message) } };
        let files = self.files;
        let read = || files.read(&at.file).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let text = self.read.entry(at.file.clone()).or_insert_with(read).as_deref();
        let lines = text.and_then(|text| {
            let start = text.get(..at.start)?.rfind('\n').map_or(0, |end| end + 1);
            let end = at.end.max(at.start);
            let end = text.get(end..)?.find('\n').map_or(text.len(), |length| end + length);
            text.get(start..end).filter(|lines| !lines.trim().is_empty())
        });
        Key { file: at.file.as_str().to_owned(), code, text: hash(lines.unwrap_or(&problem.message)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Memory, Span};

    fn problem(files: &Memory, code: &'static str, wrong: &str) -> Diagnostic {
        let file = SitePath::new("content/a.md").expect("a path");
        let text = String::from_utf8(files.read(&file).expect("a file")).expect("text");
        let at = text.find(wrong).expect("the text");
        Diagnostic::new(code, Span::new(&file, at..at + wrong.len()), format!("{wrong} is wrong"))
    }

    #[test]
    fn a_known_problem_stays_known_where_its_line_moves_and_is_new_where_it_changes() {
        let before = Memory::fixture("//- content/a.md\nOne 12.\nTwo 13.\n");
        let all: Diagnostics =
            ["12", "13"].into_iter().map(|wrong| problem(&before, "unsupported-figure", wrong)).collect();
        let mut baseline = Baseline::default();
        baseline.add(&before, &all);
        baseline.add(&before, &[problem(&before, "bad-date", "12")].into_iter().collect());
        assert_eq!(baseline.len(), 2, "what is always an error is never known");
        let baseline = Baseline::parse(&baseline.to_string()).expect("a baseline");

        let after = Memory::fixture("//- content/a.md\nNew.\n\n  One   12.\nTwo or so 13.\nOne 12.\n");
        let again = ["12", "12", "13"].into_iter().map(|wrong| problem(&after, "unsupported-figure", wrong));
        let mut problems: Diagnostics = again.chain([problem(&after, "bad-date", "12")]).collect();
        let mut compared = Compared::with(&baseline);
        compared.drop_known(&after, &mut problems);
        let left: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!((compared.known, left), (1, vec!["12 is wrong", "13 is wrong", "12 is wrong"]));
        assert_eq!(compared.stale(|_| true), ["content/a.md: `unsupported-figure`: 13 is wrong"]);
        assert_eq!(compared.stale(|code| code != "unsupported-figure"), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
        for text in ["", "{}", "[{}]", "[{\"code\": 1}]"] {
            assert!(Baseline::parse(text).is_err(), "{text}");
        }
        assert!(Baseline::parse("[]").is_ok_and(|baseline| baseline.is_empty()));
    }
}
