//! Bad inputs, each with what is said of it and where: `tests/fixtures/bad/NAME.txt`.
//!
//! A fixture begins with a line for each problem, `CODE FILE:LINE`, and may say in other lines what it is about. Then come
//! its files, `//- path` and their text, on top of those of `base.txt`; `//- archive/NAME` is the text of a source. Nothing
//! else may be found than what is listed. A file that is taken away is named by `//- path` and a line `(removed)`.

use std::collections::{BTreeMap, BTreeSet};

use dossier::build::{Help, Request, build_with};
use dossier::check::CHECKS;
use dossier::diag::{CODES, Diagnostic, Diagnostics};
use dossier::source::{Memory, SitePath, line_column};
use rayon::prelude::*;

struct Fixture {
    name: String,
    expected: Vec<String>,
    files: BTreeMap<String, String>,
}

fn fixtures() -> Vec<Fixture> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bad");
    let mut fixtures: Vec<Fixture> = std::fs::read_dir(folder)
        .expect("the folder of fixtures")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            read(name, &std::fs::read_to_string(&path).expect("a fixture is text"))
        })
        .collect();
    fixtures.sort_by(|a, b| a.name.cmp(&b.name));
    fixtures
}

fn read(name: String, text: &str) -> Fixture {
    let (head, rest) = text.split_once("//- ").map_or((text, ""), |(head, rest)| (head, rest));
    let is_code = |line: &&str| {
        let code = line.split(' ').next().unwrap_or_default();
        CODES.iter().any(|known| known.name == code) && line.contains(':')
    };
    let expected = head.lines().map(str::trim).filter(is_code).map(str::to_owned).collect();
    let part = |part: &str| {
        let (path, text) = part.split_once('\n').unwrap_or((part, ""));
        (path.trim().to_owned(), text.to_owned())
    };
    let files = rest.split("\n//- ").filter(|part| !part.trim().is_empty()).map(part).collect();
    Fixture { name, expected, files }
}

/// What is said of a fixture, as `CODE FILE:LINE`.
fn found(fixture: &Fixture, base: &Fixture) -> (Vec<String>, Diagnostics) {
    let mut all = base.files.clone();
    all.extend(fixture.files.clone());
    all.retain(|_, text| text.trim() != "(removed)");
    let (files, archive) = (Memory::default(), Memory::default());
    for (path, text) in &all {
        let (into, path) = match path.strip_prefix("archive/") {
            Some(path) => (&archive, path),
            None => (&files, path.as_str()),
        };
        let sum = |name: &str| base.files.get(name).map_or_else(String::new, |text| sha256(text));
        let text = text.replace("GAZETTE", &sum("archive/gazette.txt")).replace("LETTER", &sum("archive/letter.txt"));
        into.insert(SitePath::new(path).expect("a path"), text.into_bytes());
    }
    let request = Request { today: jiff::civil::date(2026, 11, 21), drafts: false, base_url: None };
    let built = build_with(
        &files,
        &request,
        &Memory::default(),
        &Help { archive: Some(&archive), ..Help::telling(&|_, _, _| {}) },
    );
    let mut shown: Vec<String> = built.problems.iter().map(|problem| show(problem, &files)).collect();
    shown.sort();
    (shown, built.problems)
}

fn sha256(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn show(problem: &Diagnostic, files: &Memory) -> String {
    let Some(at) = &problem.at else { return format!("{} nowhere", problem.code) };
    let text = files.text(at.file.as_str()).unwrap_or_default();
    format!("{} {}:{}", problem.code, at.file, line_column(&text, at.start).line)
}

#[test]
fn every_bad_input_is_told_at_its_line() {
    let fixtures = fixtures();
    let base = fixtures.iter().find(|fixture| fixture.name == "base").expect("base.txt");
    let mut wrong = String::new();
    let results: Vec<_> = fixtures.par_iter().map(|fixture| (fixture, found(fixture, base))).collect();
    for (fixture, (found, problems)) in results {
        let mut expected = fixture.expected.clone();
        expected.sort();
        if found != expected {
            wrong.push_str(&format!("\n{}\n  expected {expected:#?}\n  found {found:#?}\n", fixture.name));
            for problem in problems.iter() {
                wrong.push_str(&format!("    {}: {} ({:?})\n", problem.code, problem.message, problem.hint));
            }
        }
        for problem in problems.iter() {
            let told = !problem.message.is_empty() && !problem.message.ends_with('.');
            assert!(told, "{}: a message is a sentence without a full stop: {problem:?}", fixture.name);
            assert!(problem.at.is_some(), "{}: a problem has a place: {problem:?}", fixture.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_rule_has_a_fixture() {
    let fixtures = fixtures();
    let shown: BTreeSet<&str> =
        fixtures.iter().flat_map(|fixture| &fixture.expected).filter_map(|line| line.split(' ').next()).collect();
    let rules = CHECKS.iter().flat_map(|check| check.codes.iter().copied());
    let missing: BTreeSet<&str> = rules.filter(|code| !shown.contains(code)).collect();
    assert!(missing.is_empty(), "no fixture in tests/fixtures/bad shows {missing:?}");
}
