use super::{Diagnostic, Severity, is_always_error};

/// Every problem found so far; collecting goes on after the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The number of problems of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// Sorts them by place and removes duplicates, so that output does not depend on the order of work.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| {
            let (first, second) = ((&a.at, a.severity, a.code, &a.message), (&b.at, b.severity, b.code, &b.message));
            first.cmp(&second).then_with(|| (&a.labels, &a.hint).cmp(&(&b.labels, &b.hint)))
        });
        self.0.dedup();
    }

    /// Sets severities with `level`, except for codes that are always errors, and drops allowed problems.
    pub fn relevel(&mut self, level: impl Fn(&Diagnostic) -> Severity) {
        for diagnostic in self.0.iter_mut().filter(|diagnostic| !is_always_error(diagnostic.code)) {
            diagnostic.severity = level(diagnostic);
        }
        self.0.retain(|diagnostic| diagnostic.severity != Severity::Allow);
    }

    /// Drops those that fail a test.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.0.retain(keep);
    }

    /// All of them, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Whether there are no problems.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, iter: I) {
        self.0.extend(iter);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}
