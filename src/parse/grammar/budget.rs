//! What reading a block of code may cost, counted in steps, so that it ends alike on every machine.
//!
//! Oniguruma goes back and tries another way as often as its pattern has ways; it says when that was more often than
//! allowed, not how often it was. So little is allowed at first, and more when that did not do.

use onig::{MatchParam, Regex, Region, SearchOptions};

/// `ONIGERR_RETRY_LIMIT_IN_MATCH_OVER`: the only error that more retries help against.
const OVER: i32 = -17;
/// What trying an expression costs before it has read anything.
const TRY: usize = 10;
/// Bytes that it reads ahead in the time of one step.
const AHEAD: usize = 16;
/// Retries that are allowed at first, and how many times more the next time.
const FIRST: u32 = 64;
const MORE: u32 = 4;

/// What an expression costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Cost {
    /// Whether it asks for what takes long to tell: the edges of words, and letters in either case.
    pub slow: bool,
    /// How many of its parts may be repeated without end: with one it may read on to the end of the line, with more it may
    /// do so again at each retry.
    pub repeats: usize,
}

impl Cost {
    /// The steps of a try with so many bytes before the end of the line, those of a retry, and how many retries to allow at
    /// first.
    fn of(self, rest: usize) -> (usize, usize, u32) {
        let ahead = rest / AHEAD;
        match (self.repeats, self.slow) {
            (0, slow) => (TRY, if slow { 4 } else { 2 }, FIRST),
            (1, slow) => (TRY + ahead, if slow { 4 } else { 2 }, FIRST),
            (_, slow) => (TRY + ahead, 2 + if slow { ahead } else { ahead / 3 }, FIRST / 8),
        }
    }
}

/// No steps are left.
#[derive(Debug)]
pub(in super::super) struct Spent;

/// The steps that are left.
#[derive(Debug)]
pub(in super::super) struct Budget(usize);

impl Budget {
    /// A budget of so many steps.
    pub fn new(steps: usize) -> Self {
        Self(steps)
    }

    /// The steps that are left.
    pub fn left(&self) -> usize {
        self.0
    }

    /// Takes steps away; `None` where fewer are left.
    pub fn spend(&mut self, steps: usize) -> Option<()> {
        let left = self.0.checked_sub(steps);
        self.0 = left.unwrap_or_default();
        left.map(|_| ())
    }

    /// The end of a match of an expression that begins at `at`.
    ///
    /// # Errors
    /// When the budget does not do, or the expression fails.
    pub fn try_at(
        &mut self,
        (regex, cost): (&Regex, Cost),
        line: &str,
        at: usize,
        region: &mut Region,
    ) -> Result<Option<usize>, Spent> {
        let (first, each, mut retries) = cost.of(line.len() - at);
        self.spend(first).ok_or(Spent)?;
        loop {
            let mut param = MatchParam::default();
            param.set_retry_limit_in_match(retries);
            match regex.match_with_param(line, at, SearchOptions::SEARCH_OPTION_NONE, Some(region), param) {
                Ok(len) => return Ok(len.map(|len| at + len)),
                Err(error) if error.code() == OVER => self.spend(each.saturating_mul(retries as usize)).ok_or(Spent)?,
                Err(_) => return Err(Spent),
            }
            retries = retries.saturating_mul(MORE);
        }
    }
}
