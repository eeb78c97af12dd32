//! A site made a second time, to see whether the same input gives the same bytes.

use std::io;

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{Files, Hash, Outputs, Sink, SitePath};

use super::{BuildOptions, Progress, Request, build_with};

/// Keeps nothing of what it is given but the hash.
#[derive(Clone, Copy, Debug)]
pub struct Discard;

impl Sink for Discard {
    fn put(&self, _: &SitePath, bytes: &[u8]) -> io::Result<Hash> {
        Ok(Hash::of(bytes))
    }

    fn copy(&self, files: &dyn Files, from: &SitePath, _: &SitePath) -> io::Result<(Hash, u64)> {
        let mut file = files.open(from)?;
        let mut hasher = blake3::Hasher::new();
        let len = io::copy(&mut file, &mut hasher)?;
        Ok((hasher.finalize().into(), len))
    }
}

/// Makes the site again, without the cache and with another number of threads, and tells of every output that is not as
/// it is in `first`: where the order of work or an earlier build leaves a trace, it shows here.
pub fn verify(files: &dyn Files, request: &Request, first: &Outputs, progress: Progress<'_>) -> Diagnostics {
    let make = || build_with(files, request, &Discard, &BuildOptions::telling(progress)).outputs;
    let threads = if rayon::current_num_threads() == 1 { 4 } else { 1 };
    // Where no threads are to be had, the second build still shows what the cache did.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let second = pool.map_or_else(|_| make(), |pool| pool.install(make));
    differences(first, &second)
}

fn differences(first: &Outputs, second: &Outputs) -> Diagnostics {
    let changed = first.iter().filter_map(|(path, output)| match second.get(path) {
        None => Some(format!("`{path}` is missing from the second build")),
        Some(other) if other != output => Some(format!("`{path}` differs between two builds")),
        Some(_) => None,
    });
    let added = second.keys().filter(|path| !first.contains_key(*path));
    let added = added.map(|path| format!("`{path}` is only in the second build"));
    changed.chain(added).map(|message| Diagnostic::new("output-differs", None, message).hint(HINT)).collect()
}

const HINT: &str = "if no input changed meanwhile, this is a fault of Dossier: `dossier clean` and `--no-cache` may help, \
                    and the report of it will";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Memory, Output};

    #[test]
    fn what_differs_is_named() {
        let files = Memory::default();
        for (path, text) in [("site.toml", "title = 'S'"), ("content/index.md", "# Home"), ("content/a.md", "# A")] {
            files.insert(SitePath::new(path).expect("a path"), text.into());
        }
        let request = Request::of(jiff::civil::date(2026, 11, 26));
        let mut first = build_with(&files, &request, &Discard, &BuildOptions::telling(&|_, _, _| {})).outputs;
        assert!(first.len() > 5);
        let told = |first: &Outputs| {
            let found = verify(&files, &request, first, &|_, _, _| {});
            found.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>()
        };
        assert_eq!(told(&first), Vec::<String>::new());
        let path = |path| SitePath::new(path).expect("a path");
        let home = first.remove(&path("index.html")).expect("a home page");
        first.insert(path("b.html"), home);
        first.entry(path("a.html")).and_modify(|page: &mut Output| page.len += 1);
        insta::assert_snapshot!(told(&first).join("\n"), @r"
        `a.html` differs between two builds
        `b.html` is missing from the second build
        `index.html` is only in the second build
        ");
    }
}
