//! A search index in parts.
//!
//! Documents are numbered by what they are worth whatever is asked for: their kind, and how short their title is. The first
//! file has the number of documents of each worth, the first term of each file of terms, and the beginnings of terms with a
//! file of their own. A query loads it, the lists of its words, and the files of the documents that it shows.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::postings::Postings;
use super::words::{plain, terms};
use super::{Found, SEARCH_INDEX, script};

/// How many documents a file has; thirty such files are loaded at most.
const DOCUMENTS: usize = 16;
/// How much of a title is shown, in characters.
const SHOWN: usize = 160;
/// How many bytes of terms a file has, at least; and how many such files there are, at most, about.
const TERM_BYTES: usize = 6 << 10;
const TERM_FILES: usize = 800;

/// The first file.
#[derive(Serialize)]
struct Top<'i> {
    /// How many documents there are.
    count: usize,
    /// How many are in a file.
    per: usize,
    /// Worth of the kind, length of the title, and number of documents, over and over, in the order of documents.
    ranks: Vec<usize>,
    /// The first term of each file.
    starts: Vec<&'i str>,
    /// How large such a file is, about.
    size: usize,
    /// The beginnings of terms with a file of their own: its number and size.
    heads: BTreeMap<&'i str, (usize, usize)>,
}

#[derive(Serialize)]
struct Shown<'f> {
    k: &'static str,
    t: String,
    h: &'f str,
}

/// The files of the index, by name.
pub(super) fn index(found: &[Found]) -> Vec<(String, Vec<u8>)> {
    let mut ranked: Vec<(&Found, String, String)> =
        found.par_iter().map(|found| (found, plain(&found.t), plain(&found.x))).collect();
    ranked.par_sort_by(|a, b| worth(b.0, &b.1).total_cmp(&worth(a.0, &a.1)));
    let mut ranks: Vec<usize> = Vec::new();
    for (found, title, _) in &ranked {
        let (kind, length) = (kind_worth(found.k), title_length(title));
        match ranks.as_mut_slice() {
            [.., last_kind, last_length, count] if (*last_kind, *last_length) == (kind, length) => *count += 1,
            _ => ranks.extend([kind, length, 1]),
        }
    }
    let terms = postings(&ranked);
    let count = ranked.len();
    let encoded: Vec<(&str, String)> =
        terms.par_iter().map(|(term, postings)| (*term, postings.encode(count))).collect();
    let bytes =
        |encoded: &[(&str, String)]| encoded.iter().map(|(term, list)| term.len() + list.len() + 6).sum::<usize>();
    let size = TERM_BYTES.max(bytes(&encoded) / TERM_FILES);
    let mut files = Vec::new();
    let heads = heads(&terms, &encoded, count, 2 * size, &mut files);
    let mut starts = Vec::new();
    let mut rest = encoded.as_slice();
    while let Some((first, _)) = rest.first() {
        let mut sum = 0;
        let fits = |(term, list): &&(&str, String)| {
            let before = sum;
            sum += term.len() + list.len() + 6;
            before == 0 || sum <= size
        };
        let (these, others) = rest.split_at(rest.iter().take_while(fits).count());
        let lists: BTreeMap<&str, &str> = these.iter().map(|(term, list)| (*term, list.as_str())).collect();
        files.push(part(&format!("t{}", starts.len()), &lists));
        starts.push(*first);
        rest = others;
    }
    for (number, documents) in ranked.chunks(DOCUMENTS).enumerate() {
        let shown: Vec<Shown<'_>> =
            documents.iter().map(|(found, ..)| Shown { k: found.k, t: shortened(&found.t), h: &found.h }).collect();
        files.push(part(&format!("d{number}"), &shown));
    }
    let top = Top { count, per: DOCUMENTS, ranks, starts, size, heads };
    files.push((SEARCH_INDEX.to_owned(), script("window.dossierSearch", &top)));
    files
}

fn part<T: Serialize + ?Sized>(name: &str, value: &T) -> (String, Vec<u8>) {
    (format!("search-index/{name}.js"), script(&format!("(window.dossierParts??={{}}).{name}"), value))
}

/// What a kind is worth; `search.js` says the same of an index in one file.
fn kind_worth(kind: &str) -> usize {
    match kind {
        "page" => 3,
        "name" => 2,
        "question" => 1,
        _ => 0,
    }
}

/// In the units of scripts.
fn title_length(title: &str) -> usize {
    title.encode_utf16().count().max(1)
}

fn worth(found: &Found, title: &str) -> f64 {
    kind_worth(found.k) as f64 + 9.0 / title_length(title) as f64
}

fn shortened(title: &str) -> String {
    match title.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", title.get(..end).unwrap_or(title).trim_end()),
        None => title.to_owned(),
    }
}

/// All terms with the documents that have them, in order.
fn postings<'r>(ranked: &'r [(&Found, String, String)]) -> Vec<(&'r str, Postings)> {
    let mut all: FxHashMap<&str, Postings> = FxHashMap::default();
    for (document, (_, title, text)) in (0..).zip(ranked) {
        for (words, in_title) in [(title, true), (text, false)] {
            for word in words.split(' ').skip(1) {
                terms(word, |term| all.entry(term).or_default().add(document, in_title));
            }
        }
    }
    let mut all: Vec<(&str, Postings)> = all.into_iter().collect();
    all.par_sort_by(|(a, _), (b, _)| in_scripts(a, b));
    all
}

/// The order of texts in scripts.
fn in_scripts(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

/// Writes a file for every beginning of terms whose lists together are larger than `most`.
fn heads<'t>(
    terms: &[(&'t str, Postings)],
    encoded: &[(&'t str, String)],
    count: usize,
    most: usize,
    files: &mut Vec<(String, Vec<u8>)>,
) -> BTreeMap<&'t str, (usize, usize)> {
    let mut sums = vec![0];
    for (term, list) in encoded {
        sums.push(sums.last().copied().unwrap_or_default() + term.len() + list.len() + 6);
    }
    let mut heads: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut written = 0;
    // Ranges of terms with a common beginning of so many characters, still to be looked at.
    let mut todo = vec![(0..terms.len(), 0_usize, None::<(usize, usize)>)];
    while let Some((range, length, same)) = todo.pop() {
        let mut start = range.start;
        while start < range.end {
            let beginning = terms.get(start).and_then(|(term, _)| beginning(term, length + 1));
            let Some(beginning) = beginning else {
                // The term that is no longer than what all begin with.
                start += 1;
                continue;
            };
            let here = terms.get(start..range.end).unwrap_or_default();
            let end = start + here.iter().take_while(|(term, _)| term.starts_with(beginning)).count();
            let large = sums.get(end).zip(sums.get(start)).is_some_and(|(end, start)| end - start > most);
            if large {
                // Where one beginning more leaves out no term, it has the same list.
                let file = same.filter(|_| start == range.start && end == range.end).unwrap_or_else(|| {
                    let here = terms.get(start..end).unwrap_or_default();
                    let list = Postings::union(here.iter().map(|(_, postings)| postings)).encode(count);
                    files.push(part(&format!("p{written}"), &list));
                    written += 1;
                    (written - 1, list.len())
                });
                heads.insert(beginning, file);
                todo.push((start..end, length + 1, Some(file)));
            }
            start = end;
        }
    }
    heads
}

/// The first characters of a term, where it has so many.
fn beginning(term: &str, length: usize) -> Option<&str> {
    let end = term.char_indices().map(|(at, _)| at).chain([term.len()]).nth(length)?;
    term.get(..end)
}
