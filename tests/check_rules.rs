//! Bad inputs, each with what is said of it and where: `tests/fixtures/bad/NAME.txt`.
//!
//! A fixture begins with a line for each problem, `CODE FILE:LINE`, and may say in other lines what it is about. Then come
//! its files, `//- path` and their text, on top of those of `base.txt`; `//- archive/NAME` is the text of a source. Nothing
//! else may be found than what is listed, unless a line says `and others`. A file that is taken away is named by `//- path` and a line `(removed)`. In a text
//! `(byte ff)` is that byte, whichever; a line `(repeat 300) > ` stands for `> ` 300 times, `(lines 300) x` for as many lines of it.
//!
//! `NAME.stderr` beside it is the whole text that the program prints: `SNAPSHOTS=overwrite cargo test --test check_rules`
//! writes it anew.

use std::collections::{BTreeMap, BTreeSet};

use dossier::check::CHECKS;
use dossier::cli::{Format, Reporter};
use dossier::diag::{CODES, Diagnostic, Diagnostics, is_always_error};
use dossier::pipeline::{BuildOptions, Built, Request, build_with};
use dossier::source::{Memory, SitePath, line_column};
use rayon::prelude::*;

/// Codes that no folder of text can show: of what is on the disk, and of other sites.
const NOT_HERE: &[&str] = &[
    "bad-library",
    "cache-failed",
    "dead-external-link",
    "not-imported",
    "output-damaged-manifest",
    "output-differs",
    "output-edited-file",
    "output-foreign-file",
    "output-locked",
    "output-newer-manifest",
    "output-other-site",
    "output-path-clash",
    "output-unsafe-folder",
    "publish-at-once",
    "publish-bad-target",
    "publish-failed",
    "publish-foreign-object",
    "publish-many-removals",
    "publish-no-bucket",
    "publish-not-built",
    "publish-refused",
    "read-failed",
    "symlink-loop",
    "symlink-outside",
    "write-failed",
];

struct Fixture {
    name: String,
    expected: Vec<String>,
    and_others: bool,
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
    let and_others = head.lines().any(|line| line.trim() == "and others");
    Fixture { name, expected, and_others, files }
}

/// The files of a fixture and the texts of its sources.
fn files(fixture: &Fixture, base: &Fixture) -> (Memory, Memory) {
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
        into.insert(SitePath::new(path).expect("a path"), expand(&text));
    }
    (files, archive)
}

/// What is said of a fixture, as `CODE FILE:LINE`.
fn found(fixture: &Fixture, base: &Fixture) -> (Vec<String>, Diagnostics) {
    let (files, built) = built(fixture, base);
    let mut shown: Vec<String> = built.problems.iter().map(|problem| show(problem, &files)).collect();
    shown.sort();
    (shown, built.problems)
}

/// The files of a fixture, and what comes of them.
fn built(fixture: &Fixture, base: &Fixture) -> (Memory, Built) {
    let (files, archive) = files(fixture, base);
    let request = Request::of(jiff::civil::date(2026, 11, 21));
    let built = build_with(
        &files,
        &request,
        &Memory::default(),
        &BuildOptions { archive: Some(&archive), ..BuildOptions::telling(&|_, _, _| {}) },
    );
    (files, built)
}

/// What a fixture need not spell out.
fn expand(text: &str) -> Vec<u8> {
    let mut all = Vec::new();
    for line in text.split_inclusive('\n') {
        let count = |rest: &str| {
            let (count, text) = rest.split_once(") ")?;
            Some((count.parse::<usize>().ok()?, text.trim_end_matches('\n').to_owned()))
        };
        if let Some((times, text)) = line.strip_prefix("(repeat ").and_then(count) {
            all.extend(text.repeat(times).into_bytes());
            all.push(b'\n');
        } else if let Some((times, text)) = line.strip_prefix("(lines ").and_then(count) {
            all.extend(format!("{text}\n").repeat(times).into_bytes());
        } else {
            let mut parts = line.split("(byte ");
            all.extend(parts.next().unwrap_or_default().bytes());
            for part in parts {
                let (byte, after) = part.split_once(')').expect("two digits and a bracket");
                all.push(u8::from_str_radix(byte, 16).expect("a byte"));
                all.extend(after.bytes());
            }
        }
    }
    all
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
    let bad = fixtures.iter().filter(|fixture| !fixture.expected.is_empty());
    let (inputs, problems) = bad.fold((0, 0), |(inputs, all), fixture| (inputs + 1, all + fixture.expected.len()));
    println!("{inputs} bad inputs, {problems} problems, each with file and line");
    assert!(inputs >= 100, "{inputs} bad inputs");
    let results: Vec<_> = fixtures.par_iter().map(|fixture| (fixture, found(fixture, base))).collect();
    for (fixture, (found, problems)) in results {
        let mut expected = fixture.expected.clone();
        expected.sort();
        let fits =
            if fixture.and_others { expected.iter().all(|line| found.contains(line)) } else { found == expected };
        if !fits {
            let lost: Vec<_> = expected.iter().filter(|line| !found.contains(line)).collect();
            let is_new = |line: &&String| !expected.contains(line) && !fixture.and_others;
            let new: Vec<_> = found.iter().filter(is_new).take(20).collect();
            let alike: Vec<_> = found
                .iter()
                .filter(|line| lost.iter().any(|lost| lost.split(' ').next() == line.split(' ').next()))
                .collect();
            wrong.push_str(&format!(
                "\n{}: expected {lost:#?}, found {new:#?}, instead of it {alike:#?}\n",
                fixture.name
            ));
            for problem in problems.iter().take(20) {
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
fn every_bad_input_prints_its_whole_report() {
    let fixtures = fixtures();
    let base = fixtures.iter().find(|fixture| fixture.name == "base").expect("base.txt");
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad");
    let bad: Vec<&Fixture> = fixtures.iter().filter(|fixture| !fixture.expected.is_empty()).collect();
    let differs = |fixture: &&Fixture| {
        let (files, built) = built(fixture, base);
        let printed = Reporter::new(&files, String::new(), false).report(&built.problems, Format::Text);
        let path = folder.join(&fixture.name).with_extension("stderr");
        if overwrite {
            std::fs::write(&path, &printed).expect("the report is written");
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        let line = printed.lines().zip(expected.lines()).position(|(printed, expected)| printed != expected);
        (printed != expected)
            .then(|| format!("{}: the report differs, first in line {line:?}:\n{printed}", path.display()))
    };
    let differences: Vec<String> = bad.par_iter().filter_map(differs).collect();
    assert!(
        differences.is_empty(),
        "{}\nSNAPSHOTS=overwrite cargo test --test check_rules writes them anew",
        differences.join("\n")
    );
    let names: BTreeSet<String> = bad.iter().map(|fixture| format!("{}.stderr", fixture.name)).collect();
    let reports = std::fs::read_dir(&folder).expect("the folder of fixtures").flatten();
    let orphans: Vec<String> = reports
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".stderr") && !names.contains(name))
        .collect();
    assert_eq!(orphans, [""; 0], "reports of no bad input");
}

/// The words of a page's text, without front matter, comments, addresses, citations and what calls a component.
fn words_of(page: &str) -> BTreeSet<String> {
    let text = page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map_or(page, |(_, text)| text);
    let mut words = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with("```") && !line.starts_with("<!--")) {
        let mut line = line.to_owned();
        for (open, close) in [("](", ")"), ("[@", "]"), ("[^", "]"), ("{", "}")] {
            while let Some((start, end)) = line.find(open).and_then(|at| Some((at, at + line[at..].find(close)?))) {
                line.replace_range(start..=end, " ");
            }
        }
        words.extend(line.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3).map(str::to_owned));
    }
    words
}

/// What a fixture loses of its pages' text once all that is wrong with it is hidden; nothing where it cannot be.
fn lost_when_hidden(fixture: &Fixture, base: &Fixture) -> Option<Vec<String>> {
    let (files, _) = files(fixture, base);
    let mut request = Request::of(jiff::civil::date(2026, 11, 21));
    let out = Memory::default();
    let mut built = build_with(&files, &request, &out, &BuildOptions::telling(&|_, _, _| {}));
    // Addresses in outputs are looked at only where all before them is in order.
    while built.problems.has_errors() {
        if built.problems.iter().any(|problem| is_always_error(problem.code)) {
            return None;
        }
        request.levels.allow.extend(built.problems.iter().map(|problem| problem.code.to_owned()));
        built = build_with(&files, &request, &out, &BuildOptions::telling(&|_, _, _| {}));
    }
    let mut lost = Vec::new();
    for (path, bytes) in files.snapshot() {
        let Some(name) = path.below("content").and_then(|below| below.strip_suffix(".md")) else { continue };
        let page = String::from_utf8(bytes).expect("text");
        let is_left_out = ["draft: true", "date: 2", "expires: "].iter().any(|key| page.contains(key));
        let html = out.text(&format!("{name}.html")).unwrap_or_default();
        let gone = words_of(&page).into_iter().filter(|word| !is_left_out && !html.contains(word));
        lost.extend(gone.map(|word| format!("{}: {path} lost `{word}`", fixture.name)));
    }
    Some(lost)
}

#[test]
fn what_is_not_always_an_error_loses_nothing_when_it_is_hidden() {
    let fixtures = fixtures();
    let base = fixtures.iter().find(|fixture| fixture.name == "base").expect("base.txt");
    // A note that nothing refers to has no place to be shown in.
    let tried: Vec<_> = fixtures
        .par_iter()
        .filter(|fixture| fixture.expected.iter().all(|line| !line.starts_with("footnote-unused")))
        .filter_map(|fixture| lost_when_hidden(fixture, base))
        .collect();
    assert!(tried.len() >= 40, "{} inputs can be published", tried.len());
    assert_eq!(tried.concat(), [""; 0]);
}

#[test]
fn every_rule_has_a_fixture() {
    let fixtures = fixtures();
    let shown: BTreeSet<&str> =
        fixtures.iter().flat_map(|fixture| &fixture.expected).filter_map(|line| line.split(' ').next()).collect();
    let rules = CHECKS.iter().flat_map(|check| check.codes.iter().copied());
    let codes = CODES.iter().map(|code| code.name).filter(|code| !NOT_HERE.contains(code));
    let missing: BTreeSet<&str> = rules.chain(codes).filter(|code| !shown.contains(code)).collect();
    assert!(missing.is_empty(), "no fixture in tests/fixtures/bad shows {missing:?}");
}

#[test]
fn every_citation_is_counted_as_checked_or_with_the_reason_why_not() {
    let base = fixtures().into_iter().find(|fixture| fixture.name == "base").expect("base.txt");
    let (_, built) = built(&read("none".to_owned(), ""), &base);
    assert_eq!(built.verified.map(|found| found.words()).as_deref(), Some("8 of 8 citations checked against a text"));

    let source = |id: &str, more: &str| {
        format!(
            "- id: {id}\n  kind: news\n  title: T\n  language: en\n  reliability: low\n  reliability_reason: R.\n{more}"
        )
    };
    let sources = [
        source("text", "  file: text.txt\n"),
        source("changed", &format!("  file: text.txt\n  sha256: {}\n", "0".repeat(64))),
        source("foreign", "  file: text.txt\n").replace("language: en", "language: fi"),
        source("bare", ""),
        source("gone", "  file: gone.txt\n"),
        source("scan", "  file: scan.txt\n"),
    ]
    .concat();
    let claim =
        |number: usize, sources: &str| format!("- id: c{number}\n  statement: It is so.\n  kind: reported\n{sources}");
    let cites = |source: &str| format!("    - source: {source}\n      lines: 1\n");
    let claims: String = ["text", "changed", "foreign", "bare", "gone", "scan"]
        .into_iter()
        .map(|source| format!("  sources:\n{}", cites(source)))
        .chain([
            format!("  sources:\n{}{}", cites("text"), cites("bare")),
            "  sources:\n    - source: text\n".to_owned(),
            "  sources:\n    - source: text\n      lines: 7\n".to_owned(),
            format!("  sources:\n{}  inferred:\n    from: [c0]\n    rule: So.\n", cites("text")),
        ])
        .enumerate()
        .map(|(number, sources)| claim(number, &sources))
        .collect();
    let page = "---\ntitle: T\n---\nSo [@text, line 1]. So [@text, p. 4]. So [@bare, line 1]. So [@c1].\n";
    let files = [
        ("site.toml", "title = 'T'"),
        ("content/index.md", page),
        ("content/evidence/sources.yaml", &sources),
        ("content/evidence/claims/a.yaml", &claims),
        ("archive/text.txt", "It is so."),
        ("archive/scan.txt", "%PDF-1.4"),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    let fixture = Fixture { name: "mixed".to_owned(), expected: Vec::new(), and_others: true, files };
    let nothing =
        Fixture { name: "nothing".to_owned(), expected: Vec::new(), and_others: true, files: BTreeMap::new() };
    let (_, built) = self::built(&fixture, &nothing);
    let verified = built.verified.expect("there is an archive");
    assert_eq!(
        verified.words(),
        "2 of 14 citations checked against a text; 2 name no place, 1 is in a language without rules, 3 cite a source \
         without a file, 1 cites a file that is not in the archive, 1 cites a file that is not text, 1 cites a file that \
         has changed, 1 names a place that is not there, 1 belongs to an inferred claim, 1 shares its claim with one that \
         was not"
    );
    assert!(verified.unchecked.iter().all(|one| one.at.is_some()), "{verified:#?}");
}
