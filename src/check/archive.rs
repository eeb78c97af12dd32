//! The texts of the sources, where they are at hand, and whether they are the ones that were read.

use std::io;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};
use sha2::{Digest, Sha256};
use std::hash::{Hash, Hasher};

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::{Ledger, Source};
use crate::source::{Files, SitePath};

/// As many words in a row, shared with a source, are taken to be copied.
pub(super) const RUN: usize = 8;

/// The texts of the sources, each read once.
#[derive(Debug, Default)]
pub struct Archive {
    /// By the source's id; only those that name a file.
    texts: FxHashMap<String, Result<Text, String>>,
    /// Where [`RUN`] words in a row stand, by their hash: the source and the number of the first of them.
    runs: FxHashMap<u64, (u32, u32)>,
    /// The ids of the sources, in order.
    ids: Vec<String>,
}

/// The text of a source.
#[derive(Debug)]
pub(super) struct Text {
    sha256: String,
    /// All of it; what is not UTF-8 is replaced.
    whole: String,
    /// Its lines, as bytes of the text.
    lines: Vec<Range<usize>>,
    /// The hashes of its words, in order.
    words: Vec<u64>,
}

impl Archive {
    /// Reads the text of every source that names one.
    pub fn open(ledger: &Ledger, files: &dyn Files) -> Self {
        let named = ledger.sources.par_iter().filter_map(|source| Some((source, source.file.as_ref()?)));
        let read = |(source, file): (&Source, &crate::data::Spanned<String>)| {
            let path = SitePath::new(file).map_err(|error| error.to_string());
            let bytes = path.and_then(|path| files.read(&path).map_err(|error| reason(&error)));
            (source.id.value.clone(), bytes.map(|bytes| Text::new(&bytes)))
        };
        let texts: Vec<(String, Result<Text, String>)> = named.map(read).collect();
        let mut archive = Self::default();
        for (number, (id, text)) in (0..).zip(texts) {
            if let Ok(text) = &text {
                for (at, run) in (0..).zip(text.words.windows(RUN)) {
                    archive.runs.entry(hash(run)).or_insert((number, at));
                }
            }
            archive.ids.push(id.clone());
            archive.texts.insert(id, text);
        }
        archive
    }

    /// The text of a source.
    pub(super) fn text(&self, source: &str) -> Option<&Text> {
        self.texts.get(source)?.as_ref().ok()
    }

    /// The runs of [`RUN`] or more of these words that stand in a source too: the number of the first, how many, and the
    /// source.
    pub(super) fn shared(&self, words: &[u64]) -> Vec<(usize, usize, &str)> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(run) = words.get(at..at + RUN) {
            let source = self.runs.get(&hash(run)).and_then(|(number, first)| {
                let id = self.ids.get(*number as usize)?;
                let theirs = self.text(id)?.words.get(*first as usize..)?;
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

impl Text {
    fn new(bytes: &[u8]) -> Self {
        let whole = String::from_utf8_lossy(bytes).into_owned();
        let mut lines = Vec::new();
        let mut at = 0;
        for line in whole.split_inclusive('\n') {
            lines.push(at..at + line.trim_end_matches(['\n', '\r']).len());
            at += line.len();
        }
        let words = words(&whole).map(|(word, _)| hash(&word)).collect();
        let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { sha256, whole, lines, words }
    }

    /// A line, from 1.
    pub(super) fn line(&self, number: u32) -> Option<&str> {
        let range = self.lines.get((number as usize).checked_sub(1)?)?;
        self.whole.get(range.clone())
    }

    /// How many lines it has.
    pub(super) fn count(&self) -> usize {
        self.lines.len()
    }

    /// Whether these words stand in it, one after the other.
    pub(super) fn holds(&self, words: &[u64]) -> bool {
        self.words.windows(words.len().max(1)).any(|run| run == words)
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is not there".to_owned(),
        _ => error.to_string(),
    }
}

/// The words of a text in one form: letters and digits in lower case, apostrophes left out, with where they stand.
pub(super) fn words(text: &str) -> impl Iterator<Item = (String, Range<usize>)> {
    let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '’' | '\'');
    let mut rest = 0;
    std::iter::from_fn(move || {
        loop {
            let tail = text.get(rest..)?;
            let start = rest + tail.find(char::is_alphanumeric)?;
            let run = text.get(start..)?;
            let end = start + run.find(|c| !is_inner(c)).unwrap_or(run.len());
            rest = end;
            let word: String =
                text.get(start..end)?.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            if !word.is_empty() {
                return Some((word, start..end));
            }
        }
    })
}

/// The hash of a word, or of several.
pub(super) fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Every text is there, and is the one that was read.
pub(super) fn check(ledger: &Ledger, archive: &Archive, problems: &mut Diagnostics) {
    for source in &ledger.sources {
        let (Some(file), Some(text)) = (&source.file, archive.texts.get(source.id.as_str())) else { continue };
        let id = source.id.as_str();
        problems.extend(match (text, &source.sha256) {
            (Err(reason), _) => {
                let message = format!("the text of `{id}` cannot be read from the archive: {reason}");
                let hint = "`--archive` names the folder in which the `file` of each source lies";
                Some(Diagnostic::new("source-missing", ledger.span(file), message).hint(hint))
            }
            (Ok(text), None) => {
                let message = format!("nothing pins the text of `{id}`, so that a change in it would go unseen");
                let hint = format!("add `sha256: {}`", text.sha256);
                Some(Diagnostic::new("source-unpinned", ledger.span(file), message).hint(hint))
            }
            (Ok(text), Some(pinned)) if !pinned.eq_ignore_ascii_case(&text.sha256) => {
                let message =
                    format!("the text of `{id}` is not the one that was read: its SHA-256 is {}", text.sha256);
                let hint = "read it again, check every claim that cites it, then record the new sum";
                Some(Diagnostic::new("source-changed", ledger.span(pinned), message).hint(hint))
            }
            (Ok(_), Some(_)) => None,
        });
    }
}
