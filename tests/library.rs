//! Libraries of Zotero and others: in as records, out as CSL-JSON and BibLaTeX, with nothing lost that the formats share.

mod support {
    pub mod files;
    pub mod run;
}

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use dossier::bibliography::{Entry, Value, bibtex, csl, merge, read_bibtex, read_csl};
use dossier::config::Config;
use dossier::diag::Diagnostics;
use dossier::evidence::{Ledger, SourceKind};
use dossier::source::SitePath;
use serde_json::{Map, Value as Json, json};
use support::files::text;
use support::run::dossier;

/// Numbers that look random and are the same every time (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn pick<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }

    fn often(&mut self) -> bool {
        self.below(3) > 0
    }
}

const TITLES: &[&str] = &[
    "Words matter",
    "On 100 % of $5 & more: #1_of_{many} ~ \\emph{things}^2",
    "Über die Brücke – “quoted”",
    "NASA and the iPhone",
    "小米公司",
    "- a dash, a 'quote', a \"quote\": and a colon",
    "yes",
    "2001",
    "A title with @at and <angle> brackets",
    "L’Étranger … again?",
];

const PEOPLE: &[&str] = &[
    r#"{"family": "Smith", "given": "Jane"}"#,
    r#"{"family": "O'Brien-Núñez", "given": "J. K."}"#,
    r#"{"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"}"#,
    r#"{"family": "King", "given": "Martin Luther", "suffix": "Jr."}"#,
    r#"{"family": "De Los Santos", "given": "María"}"#,
    r#"{"family": "王", "given": "小明"}"#,
    r#"{"literal": "Reuters"}"#,
    r#"{"literal": "Doe, Roe, and Partners & Sons"}"#,
    r#"{"literal": "World Health Organization"}"#,
];

const DATES: &[&str] = &[
    r#"{"date-parts": [[2018]]}"#,
    r#"{"date-parts": [[2018, 2]]}"#,
    r#"{"date-parts": [[2018, 2, 28]]}"#,
    r#"{"date-parts": [[1999, 12], [2001, 1]]}"#,
    r#"{"date-parts": [[850]]}"#,
    r#"{"date-parts": [[1850]], "circa": true}"#,
    r#"{"date-parts": [[2018]], "season": 2}"#,
];

/// An item of CSL-JSON of a type, as a library may have it.
fn item(number: usize, dice: &mut Dice) -> Json {
    let kinds: Vec<&str> = SourceKind::ALL.iter().map(|kind| kind.csl()).collect();
    let style =
        [format!("smithWordsMatter{number}"), format!("DBLP:conf/icml/X{number}"), format!("foo_bar.{number}+a")];
    let mut item = Map::new();
    let parsed = |text: &str| serde_json::from_str::<Json>(text).expect("JSON");
    item.insert("id".into(), json!(style[number % 3]));
    item.insert("type".into(), json!(kinds[number % kinds.len()]));
    item.insert("title".into(), json!(dice.pick(TITLES)));
    item.insert("language".into(), json!(dice.pick(&["en", "de", "fr-CA", "zh-Hans"])));
    for key in ["author", "editor", "translator", "director", "interviewer"] {
        if dice.often() {
            let count = 1 + dice.below(4);
            item.insert(key.into(), (0..count).map(|_| parsed(dice.pick(PEOPLE))).collect());
        }
    }
    for key in ["issued", "accessed"] {
        if dice.often() {
            item.insert(key.into(), parsed(dice.pick(DATES)));
        }
    }
    for key in [
        "container-title",
        "collection-title",
        "publisher",
        "publisher-place",
        "event-title",
        "authority",
        "genre",
        "medium",
        "archive",
        "license",
        "note",
        "title-short",
        "citation-label",
    ] {
        if dice.often() {
            item.insert(key.into(), json!(dice.pick(TITLES)));
        }
    }
    for key in [
        "edition",
        "version",
        "volume",
        "issue",
        "number",
        "section",
        "number-of-pages",
        "archive_location",
        "call-number",
    ] {
        if dice.often() {
            item.insert(key.into(), json!(dice.pick(&["1", "12a", "XIV", "2.10", "1/2", "007"])));
        }
    }
    let odd = [
        ("page", "37-39"),
        ("DOI", "10.1016/S0140-6736(20)30183-5"),
        ("ISBN", "978-0-306-40615-7"),
        ("ISSN", "0140-6736"),
        ("URL", "https://example.org/a_b?c=%7Bd%7D&e=~f#g"),
        ("dimensions", "1:02:03"),
    ];
    for (key, value) in odd {
        if dice.often() {
            item.insert(key.into(), json!(value));
        }
    }
    if dice.often() {
        let custom =
            json!({ "archive-url": "https://web.archive.org/a", "archive-date": "2019-05", "credit": "A & B" });
        item.insert("custom".into(), custom);
    }
    Json::Object(item)
}

fn library() -> Vec<Json> {
    let mut dice = Dice(20);
    (0..500).map(|number| item(number, &mut dice)).collect()
}

/// The records that entries come to, read again.
fn ledger(entries: &[Entry]) -> Ledger {
    let path = SitePath::new("content/evidence/sources/library.yaml").expect("a path");
    let merged = merge(&[], entries, &path).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(merged.added, entries.len());
    let mut problems = Diagnostics::default();
    let ledger = Ledger::load(merged.files.into_iter().collect(), &Config::default(), &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    ledger
}

#[test]
fn csl_json_comes_out_as_it_went_in() {
    let items = library();
    let entries = read_csl(&serde_json::to_string_pretty(&items).expect("JSON")).expect("CSL-JSON");
    assert!(entries.iter().all(|entry| entry.omitted.is_empty()));
    let ledger = ledger(&entries);
    assert_eq!(ledger.sources.len(), 500);
    for (item, source) in items.iter().zip(&ledger.sources) {
        assert_eq!(&csl(source, "en"), item);
    }
}

#[test]
fn biblatex_comes_out_with_all_that_it_shares() {
    let entries = read_csl(&serde_json::to_string(&library()).expect("JSON")).expect("CSL-JSON");
    let first = ledger(&entries);
    let written: String = first.sources.iter().map(|source| bibtex(source, "en")).collect();
    let read = read_bibtex(&written).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert!(
        read.iter().all(|entry| entry.omitted.is_empty()),
        "{:?}",
        read.iter().find(|entry| !entry.omitted.is_empty())
    );
    // What BibLaTeX has no field for, or none for that type.
    let alien = ["directors", "interviewers", "section", "medium", "duration", "archive", "archive_location"];
    let alien: Vec<&str> = alien
        .into_iter()
        .chain(["call_number", "licence", "archive_url", "archive_date", "credit", "authority"])
        .collect();
    let shared = |entry: &Entry| -> BTreeMap<&'static str, Value> {
        entry.fields.iter().filter(|(key, _)| !alien.contains(key)).cloned().collect()
    };
    for (before, after) in entries.iter().zip(&read) {
        assert_eq!((&before.id, shared(before)), (&after.id, shared(after)));
    }
}

const BIB: &str = r#"
@string{jws = "Journal of Words"}
@comment{nothing}
@article{smithWordsMatter2018,
  author = {Smith, Jane and van Gogh, Vincent and {World Health Organization}},
  title = {W{\"o}rds \& {NASA}: \textit{a} study},
  journal = jws,
  year = 2018, month = feb,
  volume = {12}, number = {3}, pages = {37--39},
  doi = {https://doi.org/10.1000/182},
  file = {secret-folder/paper.pdf},
  abstract = {Long.}
}
@phdthesis{doe, author = "Jane Doe", title = "On Things", school = {A University}, year = 1999, address = {Paris}}
"#;

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    write("site.toml", "title = \"T\"\n");
    write("content/index.md", "# T\n\n@smithWordsMatter2018 says so [@doe, p. 3].\n");
    write("library.bib", BIB);
    folder
}

#[test]
fn a_library_is_imported_and_updated_by_its_keys() {
    let folder = site();
    let run = dossier(folder.path(), &["import", "library.bib", "--into", "sources/library.yaml"]);
    assert_eq!((run.code, run.out.as_str()), (0, "2 sources: 2 added, 0 updated, 0 unchanged\n"), "{}", run.err);
    assert!(
        run.err.contains("`smithWordsMatter2018` has `abstract`, which was not imported")
            && !run.err.contains("secret-folder"),
        "{}",
        run.err
    );
    let path = folder.path().join("content/evidence/sources/library.yaml");
    let yaml = text(&path);
    insta::assert_snapshot!(yaml);
    assert_eq!(dossier(folder.path(), &["check"]).code, 0);
    let page = dossier(folder.path(), &["build"]);
    assert_eq!(page.code, 0, "{}", page.err);
    assert!(text(&folder.path().join("public/index.html")).contains("Smith et al. 2018<span"));
    // Again, with a change here and one there.
    std::fs::write(&path, yaml.replace("kind: thesis\n", "kind: thesis\n  label: Doe’s thesis # ours\n"))
        .expect("a file");
    std::fs::write(folder.path().join("library.bib"), BIB.replace("On Things", "On Many Things")).expect("a file");
    let run = dossier(folder.path(), &["import", "library.bib"]);
    assert_eq!(run.out, "2 sources: 0 added, 1 updated, 1 unchanged\n", "{}", run.err);
    let after = text(&path);
    assert!(after.contains("label: Doe’s thesis # ours") && after.contains("title: On Many Things"), "{after}");
    assert_eq!(after.lines().count(), yaml.lines().count() + 1);
}

#[test]
fn a_bad_library_is_told_at_its_line_and_changes_nothing() {
    let folder = site();
    let deep = format!("@book{{a, title = {}x{}}}", "{".repeat(1_000_000), "}".repeat(1_000_000));
    let wide = "{".repeat(1_000_000);
    let flat = format!("@book{{a, title = {{{}}}}}", "{}".repeat(1_000_000));
    for (library, place, message) in [
        ("@book{a, title = {T}\n}\n\n@book{b, title = {never closed\n", ":4:1", "an entry or a brace is never closed"),
        ("@book{a, title = {T}}\n@book{a, title = {U}}", ":2:", "the key `a` is used twice"),
        ("@book{Smith, title = {T}}\n@book{smith, title = {U}}", ":2:1", "differ in capitals and punctuation alone"),
        ("@book{a, title = unknown}", ":1:", "`unknown` is neither in braces nor a `@string`"),
        ("@book{a b, title = {T}}", ":1:", "not BibTeX"),
        (&wide, ":1:", "not CSL-JSON"),
        (&deep, ":1:", "braces are nested more than 100 deep"),
        (&flat, ":1:", "an entry has more than 10000"),
        (
            "[\n{\"id\": \"a\", \"type\": \"book\", \"title\": 3},\n{\"id\": \"b\", \"type\": \"boook\"}]",
            ":3:1",
            "`type` of `b` is not a type of CSL",
        ),
        (
            "[\n{\"id\": \"a\", \"type\": \"book\", \"author\": \"Jane\"}]",
            ":2:1",
            "`author` of `a` is not a list of names",
        ),
        ("[\n{\"id\": \"a\", \"type\": \"book\",}]", ":2:", "not CSL-JSON: key must be a string"),
        ("[{\"id\": \"O'Brien\", \"type\": \"book\"}]", ":1:2", "`O'Brien` cannot be an id; `O-Brien` can"),
        ("[3]", ":1:2", "an item is not an object"),
    ] {
        std::fs::write(folder.path().join("library.bib"), library).expect("a file");
        let run = dossier(folder.path(), &["import", "library.bib"]);
        assert_eq!(run.code, 1, "{library}: {}", run.out);
        assert!(run.err.contains(message) && run.err.contains(place), "{place} {message}: {}", run.err);
        assert!(!folder.path().join("content/evidence").exists());
    }
    std::fs::write(folder.path().join("library.bib"), b"@book{a, title = {caf\xe9}}").expect("a file");
    let run = dossier(folder.path(), &["import", "library.bib"]);
    assert!(run.code == 2 && run.err.contains("is not UTF-8: see line 1"), "{}", run.err);
}

#[test]
fn a_doi_or_a_date_that_is_none_is_told_and_left_out() {
    let folder = site();
    let library = "@book{a, title = {T}, doi = {none}, isbn = {123}, date = {in press}, url = {ftp://x}}";
    std::fs::write(folder.path().join("library.bib"), library).expect("a file");
    let run = dossier(folder.path(), &["import", "library.bib"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for told in ["doi `none`", "isbn `123`", "date `inpress`", "url `ftp://x`"] {
        assert!(run.err.contains(told), "{told}: {}", run.err);
    }
    assert_eq!(text(&folder.path().join("content/evidence/sources.yaml")), "- id: a\n  kind: book\n  title: T\n");
}

#[test]
fn new_records_take_little_typing() {
    let folder = site();
    let mut import = Command::new(env!("CARGO_BIN_EXE_dossier"))
        .args(["new", "source", "smith2018", "--from", "-"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("dossier runs");
    import
        .stdin
        .take()
        .expect("a pipe")
        .write_all(b"@book{x1, title = {Words}, author = {Smith, Jane}}")
        .expect("it reads");
    assert_eq!(import.wait().expect("it ends").code(), Some(0));
    let run = dossier(
        folder.path(),
        &[
            "new",
            "source",
            "talk",
            "--type",
            "speech",
            "--title",
            "A: talk",
            "--author",
            "Doe, Jane",
            "--date",
            "2018",
            "--url",
            "https://x.org",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let yaml = "- id: smith2018\n  kind: book\n  title: Words\n  authors:\n    - Smith, Jane\n\n- id: talk\n  kind: speech\n  title: \"A: talk\"\n  \
                authors:\n    - Doe, Jane\n  url: \"https://x.org\"\n  date: \"2018\"\n";
    assert_eq!(text(&folder.path().join("content/evidence/sources.yaml")), yaml);
    let claim = ["new", "claim", "it-rose", "--statement", "It rose.", "--source", "talk", "--at", "12:34"];
    assert_eq!(dossier(folder.path(), &claim).code, 0);
    let quoted = [
        "new",
        "claim",
        "it-fell",
        "--statement",
        "It fell.",
        "--source",
        "smith2018",
        "--at",
        "p. 3",
        "--quote",
        "down it went",
    ];
    assert_eq!(dossier(folder.path(), &quoted).code, 0);
    let claims = text(&folder.path().join("content/evidence/claims/new.yaml"));
    assert_eq!(
        claims,
        "- id: it-rose\n  statement: It rose.\n  sources:\n    - \"talk, 12:34\"\n  kind: reported\n\n- id: it-fell\n  statement: It fell.\n  \
         sources:\n    - source: smith2018\n      at: p. 3\n      quote: down it went\n  kind: reported\n"
    );
    assert_eq!(claims.split("\n\n").next().map(|claim| claim.lines().count()), Some(5));
    for (args, message) in [
        (&["new", "claim", "x", "--source", "talk", "--at", "pge 3"][..], "`pge 3` is not a place in a source"),
        (&["new", "source", "a b", "--title", "T"], "cannot be a name"),
        (&["new", "source", "x", "--type", "boook"], "boook"),
        (&["new", "event", "x", "--title", "T"], "`--title` is not for"),
    ] {
        let run = dossier(folder.path(), args);
        assert!(run.code == 2 && run.err.contains(message), "{message}: {} {}", run.code, run.err);
    }
}
