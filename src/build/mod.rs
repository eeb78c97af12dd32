//! The whole generator as one function: inputs through one door, outputs through the other.

mod inputs;
mod links;
mod live;
mod outputs;
mod parsed;
mod pictures;
mod snapshot;
mod theme;

pub use links::OutputLinks;
pub use live::{Live, Opened};
pub use parsed::Keep;
pub use snapshot::{Change, Snapshot, Touched, advance, prepare};
pub use theme::THEME;

use theme::Themed;

use crate::diag::Diagnostics;
use crate::parse::Day;
use crate::source::{Files, Outputs, Sink};

/// What a build is asked for, besides its inputs.
#[derive(Clone, Debug)]
pub struct Request {
    /// The day of the build: pages of the future stay out. The core reads no clock.
    pub today: Day,
    /// Whether drafts and pages of the future are in.
    pub drafts: bool,
    /// An address instead of the one in `site.toml`.
    pub base_url: Option<String>,
}

/// Told how far the work is: the step, what is done, and of how much.
pub type Progress<'a> = &'a (dyn Fn(&'static str, usize, usize) + Sync);

/// What came of a build.
#[derive(Debug)]
pub struct Built {
    /// Every output, already given to the sink; empty where there were errors.
    pub outputs: Outputs,
    /// All problems, sorted.
    pub problems: Diagnostics,
    /// The number of pages.
    pub pages: usize,
}

/// Builds the site: reads, parses, links, checks, renders, and checks what it rendered.
pub fn build(files: &dyn Files, request: &Request, sink: &dyn Sink, progress: Progress<'_>) -> Built {
    build_with(files, None, request, sink, progress)
}

/// As [`build`], and holds what is told against the texts of the sources, which `archive` has by their file names.
pub fn build_with(
    files: &dyn Files,
    archive: Option<&dyn Files>,
    request: &Request,
    sink: &dyn Sink,
    progress: Progress<'_>,
) -> Built {
    let files = &Themed::behind(files);
    let mut built = Built { outputs: Outputs::new(), problems: Diagnostics::default(), pages: 0 };
    let mut problems = match prepare(files, request, Keep::Bodies, progress) {
        Ok(snapshot) => {
            built.pages = snapshot.site.pages.len();
            let mut problems = snapshot.problems();
            if let Some(archive) = archive {
                problems.extend(snapshot.problems_with(archive));
            }
            if !problems.has_errors() {
                built.outputs = outputs::write(&snapshot, files, sink, progress, &mut problems);
                snapshot.relevel(&mut problems);
            }
            problems
        }
        Err(problems) => problems,
    };
    problems.sort();
    if problems.has_errors() {
        built.outputs.clear();
    }
    built.problems = problems;
    built
}
