use crate::data::{FILE_PROBLEM_LIMIT, too_many};
use crate::diag::{Diagnostic, Diagnostics};

/// Takes the problems of one check, up to a limit, so that 100,000 records that all refer to nothing do not fill the
/// memory.
pub(super) struct CappedDiagnostics<'a> {
    diagnostics: &'a mut Diagnostics,
    count: usize,
}

impl<'a> CappedDiagnostics<'a> {
    pub fn new(diagnostics: &'a mut Diagnostics) -> Self {
        Self { diagnostics, count: 0 }
    }

    /// Whether there is room for more; a check may stop looking when there is none.
    pub fn is_full(&self) -> bool {
        self.count > FILE_PROBLEM_LIMIT
    }

    /// Takes a problem.
    pub fn push(&mut self, problem: Diagnostic) {
        self.count += 1;
        match self.count.checked_sub(FILE_PROBLEM_LIMIT) {
            None | Some(0) => self.diagnostics.push(problem),
            Some(1) => self.diagnostics.push(too_many(problem.at)),
            Some(_) => {}
        }
    }
}
