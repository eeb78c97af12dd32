//! Where the time of a build goes. The core reads no clock: one is handed in, or nothing is measured.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Tells how long it is since some moment.
pub type Clock<'a> = &'a (dyn Fn() -> Duration + Sync);

/// Takes the time.
#[derive(Default)]
pub(super) struct Timer<'a> {
    clock: Option<Clock<'a>>,
    last: Mutex<Duration>,
    phases: Mutex<Vec<(&'static str, Duration)>>,
}

/// What was measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// The phases, in order; together they are the whole build.
    pub phases: Vec<(&'static str, Duration)>,
    /// How long the rendering of pages took by template, over all threads, with the number of pages; slowest first.
    pub templates: Vec<(String, Duration, usize)>,
    /// The pages that took longest to render, by output path; slowest first.
    pub pages: Vec<(String, Duration)>,
    /// Pages that an earlier build had parsed.
    pub parsed_before: usize,
    /// Pages that an earlier build had rendered.
    pub rendered_before: usize,
}

/// As many of the slowest are told.
const SLOWEST: usize = 10;

impl<'a> Timer<'a> {
    /// Starts now.
    pub fn start(clock: Option<Clock<'a>>) -> Self {
        let now = clock.map_or(Duration::ZERO, |clock| clock());
        Self { clock, last: Mutex::new(now), phases: Mutex::default() }
    }

    /// What the clock says; nothing where there is none.
    pub fn now(&self) -> Duration {
        self.clock.map_or(Duration::ZERO, |clock| clock())
    }

    /// Ends a phase.
    pub fn lap(&self, phase: &'static str) {
        let Some(clock) = self.clock else { return };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = clock();
        let took = now.saturating_sub(*last);
        *last = now;
        let mut phases = self.phases.lock().unwrap_or_else(PoisonError::into_inner);
        match phases.iter_mut().find(|(known, _)| *known == phase) {
            Some((_, sum)) => *sum += took,
            None => phases.push((phase, took)),
        }
    }

    /// What was measured; `pages` are template, output and time of each page that was rendered.
    pub fn finish<'p>(self, pages: impl Iterator<Item = (&'p str, &'p str, Duration)>) -> Timings {
        if self.clock.is_none() {
            return Timings::default();
        }
        let mut templates: BTreeMap<&str, (Duration, usize)> = BTreeMap::new();
        let mut all: Vec<(&str, Duration)> = Vec::new();
        for (template, output, took) in pages {
            let (sum, count) = templates.entry(template).or_default();
            *sum += took;
            *count += 1;
            all.push((output, took));
        }
        let mut templates: Vec<(String, Duration, usize)> =
            templates.into_iter().map(|(name, (sum, count))| (name.to_owned(), sum, count)).collect();
        templates.sort_by_key(|(_, took, _)| std::cmp::Reverse(*took));
        templates.truncate(SLOWEST);
        all.sort_by_key(|(_, took)| std::cmp::Reverse(*took));
        all.truncate(SLOWEST);
        let phases = self.phases.into_inner().unwrap_or_else(PoisonError::into_inner);
        let pages = all.into_iter().map(|(output, took)| (output.to_owned(), took)).collect();
        Timings { phases, templates, pages, ..Timings::default() }
    }
}
