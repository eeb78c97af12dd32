//! Checks that each word of an imported site is on a page of the new one, or that the report names its line.

use std::collections::{BTreeMap, BTreeSet};

/// A line of a page with a lost word.
pub struct Lost {
    pub path: String,
    pub line: usize,
    pub words: Vec<String>,
}

/// The words of old pages that no built page shows and no place in the report covers. A page is compared with the built
/// page that has most of its words; one that was left out as a whole must be in the report.
pub fn lost(old: &BTreeMap<String, Vec<u8>>, built: &BTreeMap<&str, String>, report: &str) -> Vec<Lost> {
    let built: Vec<BTreeSet<String>> = built.values().map(|page| words(&page.replace("<wbr>", ""))).collect();
    let is_page = |path: &&String| [".md", ".markdown", ".mdx", ".qmd"].iter().any(|end| path.ends_with(end));
    let mut lost = Vec::new();
    for path in old.keys().filter(is_page) {
        let text = String::from_utf8_lossy(&old[path]);
        let lines: Vec<(usize, BTreeSet<String>)> =
            body(&text).map(|(number, line)| (number, words(line))).filter(|(_, words)| !words.is_empty()).collect();
        let all: BTreeSet<&String> = lines.iter().flat_map(|(_, words)| words).collect();
        let shown = |page: &&BTreeSet<String>| all.iter().filter(|word| page.contains(**word)).count();
        let best = built.iter().max_by_key(shown).expect("there are pages");
        let named = places(report, path);
        if shown(&best) * 4 <= all.len() * 3 && !named.is_empty() {
            continue;
        }
        for (line, words) in lines {
            let words: Vec<String> = words.into_iter().filter(|word| !best.contains(word)).collect();
            if !words.is_empty() && !named.iter().any(|(first, last)| (*first..=*last).contains(&line)) {
                lost.push(Lost { path: path.clone(), line, words });
            }
        }
    }
    lost
}

/// Words of three letters or more.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 3);
    words.filter(|word| word.contains(char::is_alphabetic)).map(str::to_lowercase).collect()
}

/// The lines below the front matter, with their numbers.
fn body(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let first = text.lines().next().unwrap_or_default();
    let end = match first {
        "---" | "+++" => Some(first),
        "{" => Some("}"),
        _ => None,
    };
    let skipped = end.map_or(0, |end| text.lines().skip(1).position(|line| line == end).map_or(0, |at| at + 2));
    text.lines().enumerate().map(|(index, line)| (index + 1, line)).skip(skipped)
}

/// The first and last line of each place of a file in the report; 0 for the whole file.
fn places(report: &str, path: &str) -> Vec<(usize, usize)> {
    let is_start = |at: usize| report[..at].ends_with(' ');
    let places = report.match_indices(path).filter(|(at, _)| is_start(*at)).map(|(at, _)| &report[at + path.len()..]);
    let read = |rest: &str| {
        let Some(rest) = rest.strip_prefix(':') else { return (0, 0) };
        let lines = rest.split(|c: char| !c.is_ascii_digit() && c != '-').next().unwrap_or_default();
        let number = |text: &str| text.parse().unwrap_or(0);
        lines.split_once('-').map_or((number(lines), number(lines)), |(first, last)| (number(first), number(last)))
    };
    places.map(read).collect()
}
