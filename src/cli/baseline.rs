//! The file with the problems that a site is known to have.

use crate::config::Config;
use crate::diag::{Diagnostic, Diagnostics};
use crate::disk::{Folder, NewFiles};
use crate::pipeline::{Baseline, BuildOptions, Discard, Request, build_with};
use crate::source::{Files, SitePath};

/// The baseline file of a site: the one that the command line names, else the one in `site.toml`.
pub(super) fn file(folder: &Folder, named: Option<&SitePath>) -> Option<SitePath> {
    let configured = || {
        let file = SitePath::new("site.toml").ok()?;
        let text = folder.read(&file).ok()?;
        let config = Config::load(&file, &String::from_utf8_lossy(&text), &mut Diagnostics::default())?;
        SitePath::new(&config.check.baseline?.value).ok()
    };
    named.cloned().or_else(configured)
}

/// Reads the baseline file; an empty baseline where none is named.
pub(super) fn read(folder: &Folder, named: Option<&SitePath>) -> Result<Baseline, Diagnostics> {
    let Some(file) = file(folder, named) else { return Ok(Baseline::default()) };
    let bytes = folder.read(&file).map_err(|error| error.to_string());
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()));
    text.and_then(|text| Baseline::parse(&text)).map_err(|error| {
        let message = format!("the baseline `{file}` cannot be read: {error}");
        let problem =
            Diagnostic::new("read-failed", None, message).hint("write it with `dossier check --write-baseline`");
        std::iter::once(problem).collect()
    })
}

/// Writes the baseline file.
pub(super) fn write(folder: &Folder, file: &SitePath, baseline: &Baseline) -> Result<(), String> {
    let files = NewFiles::open(folder.root(), "dossier check", |_| {}).map_err(|error| error.to_string())?;
    files.write(file, &baseline.to_string()).map_err(|error| error.to_string())
}

/// All problems of a site that may be known. What is found only once the others are gone is found by asking again.
pub(super) fn collect(folder: &Folder, asked: &Request, archive: Option<&dyn Files>) -> Baseline {
    let mut request = Request { baseline: Baseline::default(), ..asked.clone() };
    loop {
        let options = BuildOptions { archive, ..BuildOptions::telling(&|_, _, _| {}) };
        let built = build_with(folder, &request, &Discard, &options);
        let before = request.baseline.len();
        request.baseline.add(folder, &built.problems);
        if request.baseline.len() == before {
            return request.baseline;
        }
    }
}
