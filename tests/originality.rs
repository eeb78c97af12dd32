//! No sentence of a source is copied on this site.
//!
//! Every page and every record is compared with the texts of the sources if they are available, in the folder
//! `DOSSIER_ARCHIVE` or in `../shared/articles`. Only places and numbers of words are printed.

mod support {
    pub mod files;
}

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use support::files::{below, here, text};

/// This many consecutive words in common with a source are a quotation.
const RUN: usize = 8;

/// A word, lower-case and without punctuation, and its line.
type Word = (String, usize);

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.replace(['\'', '\u{2019}'], "").to_lowercase();
        let found = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.extend(found.map(|word| (word.to_owned(), at + 1)));
    }
    words
}

/// A page or a record as a reader sees it: without citations, targets of links, and the sources' own titles.
fn visible(path: &Path, text: &str) -> String {
    let titles = path.ends_with("evidence/sources.yaml");
    let line = |line: &str| {
        if titles && line.trim_start().trim_start_matches("- ").starts_with("title:") {
            return String::new();
        }
        let line = without(line, "[@", ']', "");
        without(&line, "](", ')', "]")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Replaces the text between `start` and `end` in a line with `put`.
fn without(line: &str, start: &str, end: char, put: &str) -> String {
    let mut parts = line.split(start);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(put);
        kept.push_str(part.split_once(end).map_or(part, |(_, after)| after));
    }
    kept
}

/// Every common sequence of words, with its first line in `ours` and its length in words.
fn shared(ours: &[Word], theirs: &HashSet<Vec<&str>>) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut end = 0;
    for (at, window) in ours.windows(RUN).enumerate() {
        if !theirs.contains(&window.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>()) {
            continue;
        }
        match found.last_mut() {
            Some((_, len)) if at < end => *len += at + RUN - end,
            _ => found.push((window[0].1, RUN)),
        }
        end = at + RUN;
    }
    found
}

fn archive() -> Option<PathBuf> {
    let named = std::env::var_os("DOSSIER_ARCHIVE").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| here().join("../shared/articles"));
    folder.is_dir().then_some(folder)
}

#[test]
fn no_sentence_of_a_source_is_copied() {
    let Some(archive) = archive() else {
        println!("skipped: the texts of the sources are not at hand (DOSSIER_ARCHIVE names their folder)");
        return;
    };
    let sources: HashMap<PathBuf, Vec<Word>> = below(&archive)
        .into_iter()
        .filter_map(|path| Some((path.clone(), words(&std::fs::read_to_string(path).ok()?))))
        .collect();
    assert!(!sources.is_empty(), "the archive is empty");
    let theirs: HashSet<Vec<&str>> = sources
        .values()
        .flat_map(|words| words.windows(RUN).map(|run| run.iter().map(|(word, _)| word.as_str()).collect()))
        .collect();

    let (mut compared, mut wrong) = (0, Vec::new());
    let content = below(&here().join("content")).into_iter().chain([here().join("site.toml")]);
    for path in content
        .filter(|path| path.extension().is_some_and(|kind| ["md", "yaml", "toml"].iter().any(|known| kind == *known)))
    {
        let ours = words(&visible(&path, &text(&path)));
        compared += ours.len();
        let name = path.strip_prefix(here()).unwrap_or(&path).display().to_string();
        wrong.extend(shared(&ours, &theirs).into_iter().map(|(line, len)| format!("{name}:{line}: {len} words")));
    }
    assert!(wrong.is_empty(), "in common with a source, in a row:\n{}", wrong.join("\n"));
    println!("{compared} words against {} sources: no run of {RUN}", sources.len());
}

#[test]
fn runs_are_found_across_lines_case_and_punctuation() {
    let source = words("The lazy dog, it\u{2019}s said, \u{201c}jumped over\u{201d} the brown fox twice in May.");
    let theirs: HashSet<Vec<&str>> =
        source.windows(RUN).map(|run| run.iter().map(|(word, _)| word.as_str()).collect()).collect();
    let ours = |text: &str| shared(&words(&visible(Path::new("a.md"), text)), &theirs);
    assert_eq!(ours("So: the LAZY dog\nits said [@a, line 3]\n[jumped](b.md) over the brown *fox*."), [(1, 10)]);
    assert_eq!(ours("The lazy dog it's said jumped over a brown fox twice in May"), []);
}
