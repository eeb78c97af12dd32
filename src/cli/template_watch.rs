//! Ends the program if a template exceeds its limits of time or memory, since a single thread cannot be ended.

use std::time::Duration;

use crate::diag::Diagnostic;
use crate::disk::resident_memory;
use crate::render::{OUTPUT_LIMIT, Runaway, TICKS, template_limit, tick};
use crate::source::{SitePath, Span};

use super::{exit_code, say_err};

/// The memory that a template may allocate, in bytes, besides its output.
const MEMORY: u64 = 512 << 20;

/// Starts to watch templates. If one exceeds a limit, calls `report` with the problem and ends the program with the
/// exit code that it returns.
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
