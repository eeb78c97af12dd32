//! What an import left out or changed: collected place by place, reported once for each kind.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SitePath, Span};

/// How many names a message lists; the file with the whole report has all of them.
const MAX_NAMES: usize = 12;

/// The file of the new site that lists every place.
pub const REPORT: &str = "import-report.md";

/// A kind of thing that an import leaves out or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    /// What was done, for several of them: "shortcodes were left in the text".
    pub message: &'static str,
    /// What to do about it.
    pub hint: &'static str,
}

/// A set of places.
type Places = BTreeSet<Span>;

/// What was left out or changed so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Report {
    kinds: BTreeMap<Kind, BTreeMap<String, Places>>,
    single: BTreeMap<(String, String), Places>,
}

/// A report for one old file.
pub(super) struct Notes<'a> {
    pub file: &'a SitePath,
    pub report: &'a mut Report,
}

impl Notes<'_> {
    /// Adds an entry at a place of the file.
    pub fn add(&mut self, kind: Kind, name: impl Into<String>, at: Range<usize>) {
        self.report.add(kind, name, Span::new(self.file, at));
    }

    /// Adds a problem with its own message.
    pub fn add_single(&mut self, at: Range<usize>, message: String, hint: &str) {
        let places = self.report.single.entry((message, hint.to_owned())).or_default();
        places.insert(Span::new(self.file, at));
    }
}

impl Report {
    /// Adds an entry: its kind, its name and its place in the old site.
    pub fn add(&mut self, kind: Kind, name: impl Into<String>, at: Span) {
        self.kinds.entry(kind).or_default().entry(name.into()).or_default().insert(at);
    }

    /// Adds all entries of another report.
    pub fn extend(&mut self, other: Self) {
        for (kind, names) in other.kinds {
            let known = self.kinds.entry(kind).or_default();
            for (name, places) in names {
                known.entry(name).or_default().extend(places);
            }
        }
        for (message, places) in other.single {
            self.single.entry(message).or_default().extend(places);
        }
    }

    /// One problem for each kind, at the first place of its most frequent name.
    pub fn problems(&self) -> Diagnostics {
        let grouped = self.kinds.iter().map(|(kind, names)| {
            let mut ranked: Vec<(&String, &Places)> = names.iter().collect();
            ranked.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
            let first = ranked.first().and_then(|(_, places)| places.first().cloned());
            let mut listed: Vec<String> =
                ranked.iter().take(MAX_NAMES).map(|(name, places)| counted(name, places)).collect();
            if ranked.len() > MAX_NAMES {
                listed.push(format!("and {} more", ranked.len() - MAX_NAMES));
            }
            let message = format!("{}: {}", kind.message, listed.join(", "));
            Diagnostic::new("not-imported", first, message).hint(kind.hint)
        });
        let single = self.single.iter().map(|((message, hint), places)| {
            let message =
                if places.len() == 1 { message.clone() } else { format!("{message} ({} times)", places.len()) };
            Diagnostic::new("not-imported", places.first().cloned(), message).hint(hint)
        });
        let mut problems: Diagnostics = grouped.chain(single).collect();
        problems.sort();
        problems
    }

    /// All of it with every place, as a page of Markdown; `text` reads an old file.
    pub fn markdown(&self, text: &dyn Fn(&SitePath) -> Option<String>) -> String {
        let mut lines = Lines { text, known: BTreeMap::new() };
        let mut out = String::from("# Import report\n\nPlaces are lines of files of the old site.\n");
        for (kind, names) in &self.kinds {
            let _ = write!(out, "\n## {}\n\nWhat to do: {}.\n\n", capitalised(kind.message), kind.hint);
            for (name, places) in names {
                let places: Vec<String> = places.iter().map(|place| lines.name(place)).collect();
                let _ = writeln!(out, "- `{}`: {}", name.replace('`', "'"), places.join(", "));
            }
        }
        if !self.single.is_empty() {
            out.push_str("\n## Other problems\n\n");
            for ((message, hint), places) in &self.single {
                let places: Vec<String> = places.iter().map(|place| lines.name(place)).collect();
                let _ = writeln!(out, "- {}: {message}; {hint}", places.join(", "));
            }
        }
        out
    }
}

fn counted(name: &str, places: &Places) -> String {
    let name = name.escape_debug();
    if places.len() == 1 { format!("`{name}`") } else { format!("`{name}` ({} times)", places.len()) }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The lines of old files, each read once.
struct Lines<'a> {
    text: &'a dyn Fn(&SitePath) -> Option<String>,
    known: BTreeMap<SitePath, Vec<usize>>,
}

impl Lines<'_> {
    fn name(&mut self, place: &Span) -> String {
        let starts = self.known.entry(place.file.clone()).or_insert_with(|| {
            let text = (self.text)(&place.file).unwrap_or_default();
            text.match_indices('\n').map(|(at, _)| at + 1).collect()
        });
        let line = |at: usize| 1 + starts.partition_point(|start| *start <= at);
        let (first, last) = (line(place.start), line(place.end.saturating_sub(1)));
        match &place.file {
            file if place.end == 0 => file.to_string(),
            file if last > first => format!("{file}:{first}-{last}"),
            file => format!("{file}:{first}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLS: Kind = Kind { message: "calls were left in the text", hint: "write what they made" };

    #[test]
    fn a_kind_is_reported_once_with_its_names_and_listed_with_every_place() {
        let (a, b) = (SitePath::new("a.md").expect("a path"), SitePath::new("b.md").expect("a path"));
        let mut report = Report::default();
        let mut notes = Notes { file: &b, report: &mut report };
        notes.add(CALLS, "tweet", 0..1);
        notes.add(CALLS, "video", 9..12);
        notes.add(CALLS, "video", 9..12);
        notes.add_single(0..0, "no text".to_owned(), "save it as UTF-8");
        let mut other = Report::default();
        Notes { file: &a, report: &mut other }.add(CALLS, "video", 5..6);
        report.extend(other);
        let shown: Vec<String> =
            report.problems().iter().map(|found| format!("{:?} {}", found.at, found.message)).collect();
        assert_eq!(shown.len(), 2);
        assert!(shown[0].contains("a.md") && shown[0].ends_with("text: `video` (2 times), `tweet`"), "{shown:?}");
        let page = report.markdown(&|_| Some("12\n4\n6789\n12".to_owned()));
        assert!(page.contains("## Calls were left in the text\n\nWhat to do: write what they made.\n"), "{page}");
        assert!(page.contains("- `tweet`: b.md:1\n- `video`: a.md:3, b.md:3-4\n"), "{page}");
        assert!(page.ends_with("- b.md: no text; save it as UTF-8\n"), "{page}");
    }
}
