//! Selects the problems that are shown to people, if there are many.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{Diagnostic, Diagnostics};
use crate::source::SitePath;

/// The maximum number of shown problems of one code in one file.
const ALIKE: usize = 20;
/// The maximum number of shown problems: some hundred lines of a terminal.
const MOST: usize = 50;

/// The problems to show, and the number of the others. Errors take precedence over warnings, and the first problem of
/// each code over further ones of another.
pub struct Selection<'a> {
    /// The problems to show, in their order.
    pub shown: Vec<Shown<'a>>,
    /// The number of problems that are not shown, by code.
    pub left_out: BTreeMap<&'static str, usize>,
}

/// A problem to show.
pub struct Shown<'a> {
    /// The problem.
    pub problem: &'a Diagnostic,
    /// How many more there are of its code in its file; only set on the last one shown.
    pub more: usize,
}

/// The code and the file of a problem.
type Kind<'a> = (&'static str, Option<&'a SitePath>);

fn kind(problem: &Diagnostic) -> Kind<'_> {
    (problem.code, problem.at.as_ref().map(|at| &at.file))
}

impl<'a> Selection<'a> {
    /// Selects from these problems.
    pub fn of(problems: &'a Diagnostics) -> Self {
        let mut alike: FxHashMap<Kind<'_>, usize> = FxHashMap::default();
        let mut of_code: FxHashMap<&str, usize> = FxHashMap::default();
        let mut candidates = Vec::new();
        let mut left_out = BTreeMap::new();
        // Errors come first, so that they are not counted behind warnings of the same code.
        let mut ordered: Vec<(usize, &Diagnostic)> = problems.iter().enumerate().collect();
        ordered.sort_by_key(|(_, problem)| problem.severity);
        for (order, problem) in ordered {
            *left_out.entry(problem.code).or_insert(0) += 1;
            let alike = alike.entry(kind(problem)).or_insert(0);
            *alike += 1;
            if *alike <= ALIKE {
                let rank = of_code.entry(problem.code).or_insert(0);
                *rank += 1;
                candidates.push((problem.severity, *rank, order, problem));
            }
        }
        candidates.sort_by_key(|(severity, rank, order, _)| (*severity, *rank, *order));
        candidates.truncate(MOST);
        candidates.sort_by_key(|(.., order, _)| *order);
        for (.., problem) in &candidates {
            alike.entry(kind(problem)).and_modify(|count| *count -= 1);
            left_out.entry(problem.code).and_modify(|count| *count -= 1);
        }
        left_out.retain(|_, count| *count > 0);
        let last_first = candidates.into_iter().rev().map(|(.., problem)| problem);
        let mut shown: Vec<Shown<'_>> =
            last_first.map(|problem| Shown { problem, more: alike.remove(&kind(problem)).unwrap_or(0) }).collect();
        shown.reverse();
        Self { shown, left_out }
    }

    /// The number of problems that are not shown.
    pub fn count_left_out(&self) -> usize {
        self.left_out.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn problems(kinds: &[(&'static str, usize, &str)]) -> Diagnostics {
        let all = |&(code, count, file): &(&'static str, usize, &str)| {
            let file = SitePath::new(file).expect("a path");
            (0..count).map(move |at| Diagnostic::new(code, Span::new(&file, at..at), "wrong"))
        };
        kinds.iter().flat_map(all).collect()
    }

    /// The code of each that is shown, with how often in a row and how many more there are.
    fn shown_counts(problems: &Diagnostics) -> Vec<(&str, usize, usize)> {
        let mut shown_counts: Vec<(&str, usize, usize)> = Vec::new();
        for Shown { problem, more } in Selection::of(problems).shown {
            match shown_counts.last_mut().filter(|(code, _, before)| *code == problem.code && *before == 0) {
                Some((_, count, last)) => (*count, *last) = (*count + 1, more),
                None => shown_counts.push((problem.code, 1, more)),
            }
        }
        shown_counts
    }

    #[test]
    fn few_are_all_shown() {
        let few = problems(&[("broken-link", 20, "content/a.md"), ("unused-claim", 20, "content/b.md")]);
        assert_eq!(shown_counts(&few), [("broken-link", 20, 0), ("unused-claim", 20, 0)]);
        assert_eq!(Selection::of(&few).count_left_out(), 0);
    }

    #[test]
    fn many_alike_are_counted() {
        let many = problems(&[("broken-link", 5000, "content/a.md"), ("broken-link", 21, "content/b.md")]);
        assert_eq!(shown_counts(&many), [("broken-link", 20, 4980), ("broken-link", 20, 1)]);
        assert_eq!(Selection::of(&many).left_out, BTreeMap::from([("broken-link", 4981)]));
    }

    #[test]
    fn warnings_never_displace_errors_nor_one_code_another() {
        let names: Vec<String> = (0..100).map(|number| format!("content/{number:02}.md")).collect();
        let mut kinds: Vec<_> = names.iter().map(|name| ("uncited-paragraph", 9, name.as_str())).collect();
        kinds.push(("broken-link", 1, "content/z.md"));
        assert_eq!(shown_counts(&problems(&kinds)).last(), Some(&("broken-link", 1, 0)));
        let mut kinds: Vec<_> = names.iter().map(|name| ("broken-link", 1, name.as_str())).collect();
        kinds.push(("broken-anchor", 1, "content/z.md"));
        let many = problems(&kinds);
        assert_eq!(shown_counts(&many), [("broken-link", 49, 0), ("broken-anchor", 1, 0)]);
        assert_eq!(Selection::of(&many).left_out, BTreeMap::from([("broken-link", 51)]));
    }
}
