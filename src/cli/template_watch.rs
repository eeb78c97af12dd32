//! Ends the program where a template does not end, or takes the memory of the machine: a thread cannot be ended alone.

use std::time::Duration;

use crate::diag::Diagnostic;
use crate::disk::resident_memory;
use crate::render::{OUTPUT_LIMIT, Runaway, TICKS, template_limit, tick};
use crate::source::{SitePath, Span};

use super::{exit_code, say_err};

/// What a process may hold more at the end of a run than at its start, beside what all threads may put out.
const MEMORY: u64 = 512 << 20;

/// Watches templates from now on; `report` is given what is wrong with one that cannot be ended, and the program ends with
/// the code that it gives back.
pub(super) fn watch_templates(report: impl Fn(Diagnostic) -> u8 + Send + 'static) {
    let threads = rayon::current_num_threads() as u64;
    let limit = MEMORY + threads * 2 * OUTPUT_LIMIT as u64;
    let watch = move || {
        loop {
            std::thread::sleep(Duration::from_secs(1) / TICKS);
            if let Some(Runaway { template, message }) = tick(resident_memory(), limit) {
                let file = SitePath::new(&format!("templates/{template}")).ok();
                let code = report(template_limit(file.map(|file| Span::file(&file)), message));
                std::process::exit(exit_code(code).into());
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name("template watch".into()).spawn(watch) {
        say_err(&format!("warning: the time of templates is not limited: {error}\n"));
    }
}
