//! The templates that are being rendered, and what each of them may take.
//!
//! The engine has no limits of its own, and a thread cannot be ended from outside. So what it calls of this program (the
//! writer, escaping, `range`) fails once a template has taken too long. One that calls nothing of it is left to whoever
//! calls [`tick`]: it can only end the process.

use std::cell::RefCell;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tera::{Kwargs, State, TeraResult};

/// How often [`tick`] is to be called in a second.
pub const TICKS: u32 = 20;
/// How long a template that is to end may go on, in ticks.
const GRACE: u32 = TICKS;
/// Numbers that `range` makes at most, for one page and in one call.
const MAX_NUMBERS: u64 = 1_000_000;
const MAX_RANGE: i128 = 100_000;

static RUNNING: Mutex<Vec<Arc<Run>>> = Mutex::new(Vec::new());
thread_local! {
    static CURRENT: RefCell<Option<Arc<Run>>> = const { RefCell::new(None) };
}

/// One template at work.
#[derive(Debug, Default)]
pub(super) struct Run {
    template: String,
    seconds: u32,
    ticks: AtomicU32,
    /// The memory of the process when it was first seen, in bytes.
    memory: AtomicU64,
    is_stopped: AtomicBool,
    numbers: AtomicU64,
}

impl Run {
    /// Calls `render` as the run of a template on this thread.
    pub fn of<T>(template: &str, seconds: u32, render: impl FnOnce(&Arc<Self>) -> T) -> T {
        let run = Arc::new(Self { template: template.to_owned(), seconds, ..Self::default() });
        let before = CURRENT.replace(Some(run.clone()));
        running().push(run.clone());
        let _ended = Ended(&run, before);
        render(&run)
    }

    /// Why it was made to end, if it was.
    pub fn excess(&self) -> Option<String> {
        match self.is_stopped.load(Ordering::Relaxed) {
            true => Some(format!("`{}` takes longer than {} s for one page", self.template, self.seconds)),
            false if self.numbers.load(Ordering::Relaxed) > MAX_NUMBERS => {
                Some(format!("`{}` makes more than {MAX_NUMBERS} numbers by `range` for one page", self.template))
            }
            false => None,
        }
    }

    /// An error where it is to end.
    pub fn go_on(&self) -> io::Result<()> {
        if self.is_stopped.load(Ordering::Relaxed) { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }
}

struct Ended<'r>(&'r Arc<Run>, Option<Arc<Run>>);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        running().retain(|run| !Arc::ptr_eq(run, self.0));
        CURRENT.set(self.1.take());
    }
}

fn running() -> MutexGuard<'static, Vec<Arc<Run>>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A template that does not end, or takes the memory of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runaway {
    /// Its name below `templates`.
    pub template: String,
    /// What it exceeds, as a sentence without a full stop.
    pub message: String,
}

/// Lets a twentieth of a second pass for all templates at work. `memory` is what the process holds, where that is known, in
/// bytes, and `limit` what it may hold more at the end of a run than at its start.
///
/// Gives back one that nothing but the end of the process can end.
pub fn tick(memory: Option<u64>, limit: u64) -> Option<Runaway> {
    let runaway = |run: &Run, message: String| Some(Runaway { template: run.template.clone(), message });
    running().iter().find_map(|run| {
        let ticks = run.ticks.fetch_add(1, Ordering::Relaxed);
        if ticks == 0 {
            run.memory.store(memory.unwrap_or(u64::MAX), Ordering::Relaxed);
        }
        let more = memory.unwrap_or(0).saturating_sub(run.memory.load(Ordering::Relaxed));
        let end = run.seconds.saturating_mul(TICKS);
        if ticks >= end {
            run.is_stopped.store(true, Ordering::Relaxed);
        }
        match () {
            () if more > limit => {
                runaway(run, format!("`{}` makes values of more than {} MiB for one page", run.template, limit >> 20))
            }
            () if ticks >= end.saturating_add(GRACE) => runaway(run, run.excess().unwrap_or_default()),
            () => None,
        }
    })
}

/// Escapes for HTML, as long as the template may go on.
pub(super) fn escape(text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    CURRENT.with_borrow(|run| run.as_ref().map_or(Ok(()), |run| run.go_on()))?;
    tera::escape_html(text, out)
}

/// The function `range` of the engine, within the budget of the template.
#[expect(clippy::needless_pass_by_value, reason = "the engine calls it so")]
pub(super) fn range(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Vec<i128>> {
    let start = kwargs.get::<i128>("start")?.unwrap_or_default();
    let end = kwargs.must_get::<i128>("end")?;
    let step = kwargs.get::<i128>("step_by")?.unwrap_or(1);
    let too_many = || tera::Error::message(format!("`range` makes more than {MAX_RANGE} numbers in one call"));
    if step == 0 {
        return Err(tera::Error::message("`step_by` of `range` is 0"));
    }
    if step > 0 && start > end {
        return Err(tera::Error::message("`start` of `range` is greater than `end`"));
    }
    let span = end.checked_sub(start).ok_or_else(too_many)?;
    // Rounded up, and none where the steps lead away from the end.
    let count = (span / step).checked_add(i128::from(span % step != 0)).ok_or_else(too_many)?;
    let count = if (span < 0) == (step < 0) { count } else { 0 };
    let small = u64::try_from(count).ok().filter(|count| i128::from(*count) <= MAX_RANGE).ok_or_else(too_many)?;
    let made = CURRENT.with_borrow(|run| run.as_ref().map_or(0, |run| run.numbers.fetch_add(small, Ordering::Relaxed)));
    if made.saturating_add(small) > MAX_NUMBERS {
        return Err(tera::Error::message(format!("`range` makes more than {MAX_NUMBERS} numbers for one page")));
    }
    CURRENT.with_borrow(|run| run.as_ref().map_or(Ok(()), |run| run.go_on()))?;
    Ok((0..count).map(|at| start.saturating_add(at.saturating_mul(step))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Diagnostics;
    use crate::render::Templates;

    const ENDLESS: &str = "{% set all = range(end=100000) %}{% for a in all %}{% for b in all %}{% for c in all %}{{ empty }}{% endfor %}{% endfor %}{% endfor %}";

    #[test]
    fn a_template_that_writes_ends_with_an_error_when_its_time_is_over() {
        let texts = [("page.html".to_owned(), ENDLESS.to_owned())].into();
        let mut problems = Diagnostics::default();
        let templates = Templates::compile(texts, &mut problems).with_limit(1);
        assert!(problems.is_empty());
        std::thread::scope(|scope| {
            let mut context = tera::Context::new();
            context.insert("empty", "");
            let rendering = scope.spawn(move || templates.render("page.html", &context));
            while !rendering.is_finished() {
                tick(None, u64::MAX);
                std::thread::yield_now();
            }
            let error = rendering.join().unwrap().unwrap_err();
            assert_eq!(error.code, "template-limit");
            assert_eq!(error.message, "`page.html` takes longer than 1 s for one page");
            assert_eq!(error.at.unwrap().file.as_str(), "templates/page.html");
        });
    }

    #[test]
    fn a_template_that_does_not_end_then_is_a_runaway() {
        Run::of("still.html", 1, |run| {
            let ticks =
                (0..1000).take_while(|_| tick(None, u64::MAX).is_none_or(|found| found.template != "still.html"));
            assert_eq!(ticks.count() as u32, TICKS + GRACE);
            assert!(run.go_on().is_err());
        });
    }

    #[test]
    fn a_template_that_takes_the_memory_is_a_runaway() {
        Run::of("large.html", 1, |_| {
            assert_eq!(tick(Some(5 << 20), 1 << 20), None);
            assert_eq!(tick(Some(6 << 20), 1 << 20), None);
            let found = tick(Some((6 << 20) + 1), 1 << 20).unwrap();
            assert!(found.message.ends_with("makes values of more than 1 MiB for one page"), "{found:?}");
        });
    }

    #[test]
    fn range_counts_as_that_of_the_engine() {
        let render = |call: &str| {
            let text = format!("{{{{ range({call}) | join(sep=' ') }}}}");
            let templates = Templates::compile([("a.html".to_owned(), text)].into(), &mut Diagnostics::default());
            templates.render("a.html", &tera::Context::new()).map(|out| String::from_utf8_lossy(&out).into_owned())
        };
        for (call, numbers) in [
            ("end=3", "0 1 2"),
            ("start=1, end=7, step_by=2", "1 3 5"),
            ("start=1, end=6, step_by=2", "1 3 5"),
            ("start=5, end=0, step_by=-2", "5 3 1"),
            ("start=0, end=5, step_by=-1", ""),
            ("start=2, end=2", ""),
        ] {
            assert_eq!(render(call).as_deref(), Ok(numbers), "{call}");
        }
        for wrong in ["start=2, end=1", "end=1, step_by=0", "end=100001"] {
            assert_eq!(render(wrong).unwrap_err().code, "template-error", "{wrong}");
        }
    }
}
