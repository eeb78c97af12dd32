//! The texts of the sources, where they are at hand, and whether they are the ones that were read.

mod kind;
mod text;

pub(super) use text::{Text, hash, words};

use std::io;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{Ledger, Source};
use crate::source::{Files, SitePath};

use super::verified::Why;

/// As many words in a row, shared with a source, are taken to be copied.
pub(super) const RUN: usize = 8;

/// The texts of the sources, each read once.
#[derive(Debug, Default)]
pub struct Archive {
    /// By the source's id; only those that name a file.
    files: FxHashMap<String, Result<File, String>>,
    /// Where [`RUN`] words in a row stand, by their hash: the source and the number of the first of them.
    runs: FxHashMap<u64, (u32, u32)>,
    /// The ids of the sources, in order.
    ids: Vec<String>,
}

/// A file of the archive.
#[derive(Debug)]
struct File {
    /// The SHA-256 of its bytes, in hexadecimal.
    sha256: String,
    /// Its text, or what it holds instead.
    text: Result<Text, &'static str>,
}

impl Archive {
    /// Reads the text of every source that names one.
    pub fn open(ledger: &Ledger, files: &dyn Files) -> Self {
        let named = ledger.sources.par_iter().filter_map(|source| Some((source, source.file.as_ref()?)));
        let read = |(source, file): (&Source, &crate::data::Spanned<String>)| {
            let path = SitePath::new(file).map_err(|error| error.to_string());
            let bytes = path.and_then(|path| files.read(&path).map_err(|error| reason(&error)));
            (source.id.value.clone(), bytes.map(|bytes| File::new(&bytes)))
        };
        let files: Vec<(String, Result<File, String>)> = named.map(read).collect();
        let mut archive = Self::default();
        for (number, (id, file)) in (0..).zip(files) {
            if let Ok(File { text: Ok(text), .. }) = &file {
                for (at, run) in (0..).zip(text.words().windows(RUN)) {
                    archive.runs.entry(hash(run)).or_insert((number, at));
                }
            }
            archive.ids.push(id.clone());
            archive.files.insert(id, file);
        }
        archive
    }

    /// The text of a source, or why there is none.
    pub(super) fn read(&self, source: &Source) -> Result<&Text, Why> {
        match self.files.get(source.id.as_str()) {
            None => Err(Why::NoFile),
            Some(Err(_)) => Err(Why::Missing),
            Some(Ok(file)) => file.text.as_ref().map_err(|_| Why::NotText),
        }
    }

    /// Whether the file of a source is the one that was read.
    pub(super) fn is_pinned(&self, source: &Source) -> bool {
        matches!(self.files.get(source.id.as_str()), Some(Ok(file)) if file.is_pinned(source))
    }

    /// The text of a source.
    pub(super) fn text(&self, source: &str) -> Option<&Text> {
        self.files.get(source)?.as_ref().ok()?.text.as_ref().ok()
    }

    /// The runs of [`RUN`] or more of these words that stand in a source too: the number of the first, how many, and the
    /// source.
    pub(super) fn shared(&self, words: &[u64]) -> Vec<(usize, usize, &str)> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(run) = words.get(at..at + RUN) {
            let source = self.runs.get(&hash(run)).and_then(|(number, first)| {
                let id = self.ids.get(*number as usize)?;
                let theirs = self.text(id)?.words().get(*first as usize..)?;
                let ours = words.get(at..)?;
                let length = ours.iter().zip(theirs).take_while(|(one, two)| one == two).count();
                (length >= RUN).then_some((id.as_str(), length))
            });
            match source {
                Some((id, length)) => {
                    found.push((at, length, id));
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is not there".to_owned(),
        _ => error.to_string(),
    }
}

impl File {
    fn new(bytes: &[u8]) -> Self {
        let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { sha256, text: kind::text(bytes).map(Text::new) }
    }

    /// Whether it is the one that was read.
    fn is_pinned(&self, source: &Source) -> bool {
        source.sha256.as_ref().is_none_or(|pinned| pinned.eq_ignore_ascii_case(&self.sha256))
    }
}

/// Every file is there, is the one that was read, and holds text.
pub(super) fn check(ledger: &Ledger, archive: &Archive, problems: &mut Diagnostics) {
    for source in &ledger.sources {
        let (Some(name), Some(file)) = (&source.file, archive.files.get(source.id.as_str())) else { continue };
        let id = source.id.as_str();
        let file = match file {
            Ok(file) => file,
            Err(reason) => {
                let message = format!("the text of `{id}` cannot be read from the archive: {reason}");
                let hint = "`--archive` names the folder that holds the `file` of each source";
                problems.push(Diagnostic::new("source-missing", ledger.span(name), message).hint(hint));
                continue;
            }
        };
        if let Err(kind) = file.text {
            let message = format!("the file of `{id}` is {kind}: nothing that cites it can be checked");
            let hint = "save its text as plain text in UTF-8, name that file, and count the lines there";
            problems.push(Diagnostic::new("source-not-text", ledger.span(name), message).hint(hint));
        }
        match &source.sha256 {
            None => {
                let message = format!("the source `{id}` has no `sha256`, so a change in its text would go unnoticed");
                let hint = format!("add `sha256: {}`", file.sha256);
                problems.push(Diagnostic::new("source-unpinned", ledger.span(name), message).hint(hint));
            }
            Some(pinned) if !file.is_pinned(source) => {
                let message =
                    format!("the text of `{id}` has changed since it was read: its SHA-256 is {}", file.sha256);
                let hint = "read it again, check every claim that cites it, then record the new sum";
                problems.push(Diagnostic::new("source-changed", ledger.span(pinned), message).hint(hint));
            }
            Some(_) => {}
        }
    }
}
