//! Work that grows faster than its input would let one file stop a build.
//!
//! Each kind of input is built at sizes 0, n, 2n and 4n, and what its work allocates is counted: the calls, and the bytes.
//! Less what is done at 0, the work at 4n may be 4.8 times that at n: n log n passes, and n² would be 16 times. Where more is
//! done for any input than for none, or a buffer doubles between two sizes, that says too much; so the work must also have
//! grown faster from 2n to 4n than from n to 2n: twice as much is linear, four times quadratic, and up to 2.8 times passes. And
//! since a buffer may be allocated at one of these sizes alone, and several may double between the same two, a kind fails only
//! where it also grows too fast from 2n to 8n and from 8n to 32n.
//!
//! What this does not see is work that allocates nothing, such as a comparison with each of a list. Nearly all loops over
//! problems, links and records allocate. Where one that does not was found to be quadratic, it was changed, and tests beside
//! the code check its results; but no test counts its comparisons, so it may become quadratic again without a failing test.
//! The times in the table are for the reader alone.

mod kinds;
mod records;

use std::alloc::System;
use std::fmt::Write;
use std::time::Instant;

use kinds::{Kind, kinds};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How many times the work of n that of 4n may be.
const MOST: f64 = 4.8;
/// How many times what is added from n to 2n that from 2n to 4n may be.
const MOST_ADDED: f64 = 2.8;

/// What one run allocated.
#[derive(Clone, Copy)]
struct Work {
    calls: usize,
    bytes: usize,
}

fn work(kind: &Kind, size: usize) -> Work {
    let input = (kind.input)(size);
    let region = Region::new(ALLOCATOR);
    (kind.run)(&input);
    let change = region.change();
    // What a vector grows by is counted with its calls: its bytes depend on how far it grew at once.
    Work { calls: change.allocations + change.reallocations, bytes: change.bytes_allocated }
}

/// How fast work grows: as the two bounds have it.
#[derive(Clone, Copy)]
struct Growth(f64, f64);

impl Growth {
    fn of([zero, once, twice, four]: [Work; 4], count: fn(&Work) -> usize) -> Self {
        let over = |more: &Work, less: &Work| count(more).saturating_sub(count(less)).max(1) as f64;
        Self(over(&four, &zero) / over(&once, &zero), over(&four, &twice) / over(&twice, &once))
    }

    fn is_too_fast(self) -> bool {
        self.0 > MOST && self.1 > MOST_ADDED
    }
}

/// The work at nothing, at a size, and at twice and four times as much.
fn works(kind: &Kind, size: usize) -> [Work; 4] {
    [0, 1, 2, 4].map(|times| work(kind, times * size))
}

/// How fast the calls and the bytes grow.
fn growth(works: [Work; 4]) -> (Growth, Growth) {
    (Growth::of(works, |work| work.calls), Growth::of(works, |work| work.bytes))
}

#[test]
fn work_grows_no_faster_than_n_log_n() {
    let kinds = kinds();
    assert!(kinds.len() >= 60, "there are only {} kinds", kinds.len());
    let (mut table, mut wrong) = (String::new(), Vec::new());
    for kind in &kinds {
        // What is made once, such as the highlighter's tables, is no part of it.
        work(kind, 1);
        let start = Instant::now();
        let works = works(kind, kind.size);
        let (calls, bytes) = growth(works);
        let _ = write!(table, "{:<50} {:>4}", kind.name, kind.size);
        for (what, growth, count) in
            [("calls", calls, works.map(|work| work.calls)), ("KiB", bytes, works.map(|work| work.bytes / 1024))]
        {
            let [_, once, twice, four] = count;
            let _ = write!(table, "  {what} {once:>6} {twice:>6} {four:>6} {:>5.1} {:>4.1}", growth.0, growth.1);
        }
        let _ = writeln!(table, " {:>6} ms", start.elapsed().as_millis());
        let is_too_fast = |(calls, bytes): (Growth, Growth)| calls.is_too_fast() || bytes.is_too_fast();
        let is_too_fast_from = |times: usize| is_too_fast(growth(self::works(kind, times * kind.size)));
        if is_too_fast((calls, bytes)) && [2, 8].into_iter().all(is_too_fast_from) {
            wrong.push(kind.name.as_str());
        }
    }
    println!("{table}");
    assert!(wrong.is_empty(), "these grow faster than n log n: {wrong:#?}\n{table}");
}
