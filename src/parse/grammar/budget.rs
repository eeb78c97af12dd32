//! The cost limit of highlighting a block of code, counted in steps, so that it is the same on every machine.
//!
//! Oniguruma reports that a limit of backtracking was exceeded, not how much backtracking was done. So the first limit
//! is small, and is raised while it is exceeded.

use onig::{MatchParam, Regex, Region, SearchOptions};

/// `ONIGERR_RETRY_LIMIT_IN_MATCH_OVER`: the only error that more retries help against.
const OVER: i32 = -17;
/// The fixed cost of trying an expression, in steps.
const TRY: usize = 10;
/// The number of bytes that are read in the time of one step.
const AHEAD: usize = 16;
/// The first limit of retries, and the factor by which it is raised.
const FIRST: u32 = 64;
const MORE: u32 = 4;

/// The cost class of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Cost {
    /// Whether it contains slow constructs: word boundaries, or case-insensitive parts.
    pub slow: bool,
    /// The number of its unbounded repetitions: with one it may read to the end of the line, with more it may do so
    /// again at each retry.
    pub repeats: usize,
}

impl Cost {
    /// The steps of a match with `rest` bytes before the end of the line, the steps of a retry, and the first limit of
    /// retries.
    fn of(self, rest: usize) -> (usize, usize, u32) {
        let ahead = rest / AHEAD;
        match (self.repeats, self.slow) {
            (0, slow) => (TRY, if slow { 4 } else { 2 }, FIRST),
            (1, slow) => (TRY + ahead, if slow { 4 } else { 2 }, FIRST),
            (_, slow) => (TRY + ahead, 2 + if slow { ahead } else { ahead / 3 }, FIRST / 8),
        }
    }
}

/// The error when no steps are left.
#[derive(Debug)]
pub(in super::super) struct BudgetExceeded;

/// The steps that are left.
#[derive(Debug)]
pub(in super::super) struct Budget(usize);

impl Budget {
    /// A budget of this many steps.
    pub fn new(steps: usize) -> Self {
        Self(steps)
    }

    /// The steps that are left.
    pub fn left(&self) -> usize {
        self.0
    }

    /// Spends steps; `None` if fewer are left.
    pub fn spend(&mut self, steps: usize) -> Option<()> {
        let left = self.0.checked_sub(steps);
        self.0 = left.unwrap_or_default();
        left.map(|_| ())
    }

    /// The end of a match of an expression that begins at `at`.
    ///
    /// # Errors
    /// When the budget is exceeded, or the expression fails.
    pub fn try_at(
        &mut self,
        (regex, cost): (&Regex, Cost),
        line: &str,
        at: usize,
        region: &mut Region,
    ) -> Result<Option<usize>, BudgetExceeded> {
        let (first, each, mut retries) = cost.of(line.len() - at);
        self.spend(first).ok_or(BudgetExceeded)?;
        loop {
            let mut param = MatchParam::default();
            param.set_retry_limit_in_match(retries);
            match regex.match_with_param(line, at, SearchOptions::SEARCH_OPTION_NONE, Some(region), param) {
                Ok(len) => return Ok(len.map(|len| at + len)),
                Err(error) if error.code() == OVER => {
                    self.spend(each.saturating_mul(retries as usize)).ok_or(BudgetExceeded)?;
                }
                Err(_) => return Err(BudgetExceeded),
            }
            retries = retries.saturating_mul(MORE);
        }
    }
}
