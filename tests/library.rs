//! Libraries of Zotero and others: in as records, out as CSL-JSON and BibLaTeX, with nothing lost that the formats share.

mod support {
    pub mod files;
    pub mod library;
    pub mod run;
}

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use dossier::bibliography::{Entry, Value, bibtex, csl, merge, read_bibtex, read_csl};
use dossier::config::Config;
use dossier::diag::Diagnostics;
use dossier::evidence::Ledger;
use dossier::source::SitePath;
use support::files::text;
use support::library::library;
use support::run::dossier;

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
    let items = library(500);
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
    let entries = read_csl(&serde_json::to_string(&library(500)).expect("JSON")).expect("CSL-JSON");
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
    let told = "fields that sources have no key for were not imported: `abstract` (1), `file` (1)";
    assert!(run.err.contains(told) && !run.err.contains("secret-folder"), "{}", run.err);
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
    let strings: String = (1..30).map(|n| format!("@string{{s{n} = s{} # s{}}}\n", n - 1, n - 1)).collect();
    let strings = format!("@string{{s0 = {{long}}}}\n{strings}");
    let chain: String = (0..10).map(|n| format!("@book{{k{n}, title = {{T}}, crossref = {{k{}}}}}\n", n + 1)).collect();
    let chain = format!("{chain}@book{{k10, title = {{T}}}}");
    let parent: String = (0..2000).map(|n| format!("@incollection{{k{n}, crossref = {{p}}}}\n")).collect();
    let parent = format!("{parent}@book{{p, title = {{{}}}}}", "x ".repeat(10_000));
    let long = format!("@book{{a, title = {{T}}}}\n@book{{b, title = {{{}}}}}", "x".repeat(70_000));
    let nested = format!("[{{\"id\": \"a\", \"custom\": {}{}}}]", "[".repeat(1_000), "]".repeat(1_000));
    for (library, place, message) in [
        (
            "@book{a, title = {T}\n}\n\n@book{b, title = {never closed\n",
            ":4:1",
            "an entry, or a brace in it, is never closed",
        ),
        ("@book{a, title = {T}}\n@book{b, title = {never\n}\n@book{c, title = {T}}\n", ":2:1", "never closed"),
        ("@book{a, title = {T}\n@book{b, title = {U}}\n", ":1:1", "never closed"),
        (&long, ":2:1", "the record of `b` would have 70031 bytes, the limit is 65536"),
        (&nested, ":1:", "not CSL-JSON: recursion limit exceeded"),
        ("@book{a, title = {T}}\n@book{a, title = {U}}", ":2:", "the key `a` is used twice"),
        ("@book{Smith, title = {T}}\n@book{smith, title = {U}}", ":2:1", "differ in capitals and punctuation alone"),
        ("@book{a, title = unknown}", ":1:", "`unknown` is neither in braces nor a `@string`"),
        ("@book{a b, title = {T}}", ":1:", "not BibTeX"),
        (&wide, ":1:", "not CSL-JSON"),
        ("@string{a = a}\n@book{x, title = a}", ":1:13", "`a` is neither in braces nor a `@string` defined before"),
        (&strings, ":23:", "`@string`s make the library more than 16 MiB longer"),
        (
            "@book{a, title = {T}, crossref = {b}}\n@book{b, title = {T}, xdata = {c, a}}",
            ":1:1",
            "`crossref` or `xdata` of `a` leads back to itself",
        ),
        (&chain, ":2:1", "entries take fields from one another more than 8 deep"),
        (&parent, ":1", "or more than 16 MiB of them"),
        (&deep, ":1:", "braces are nested more than 100 deep"),
        (&flat, ":1:", "an entry has more than 10000"),
        (
            "[\n{\"id\": \"a\", \"type\": \"book\", \"title\": 3},\n{\"id\": \"b\", \"type\": \"boook\"}]",
            ":3:13",
            "`type` of `b` is not a type of CSL",
        ),
        (
            "[\n{\"id\": \"a\", \"type\": \"book\",\n\"author\": \"Jane\"}]",
            ":3:1",
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
    std::fs::write(folder.path().join("library.bib"), b"[\0{\0}\0]\0").expect("a file");
    let run = dossier(folder.path(), &["import", "library.bib"]);
    assert!(run.code == 2 && run.err.contains("is not UTF-8"), "{}", run.err);
}

#[test]
fn a_doi_or_a_date_that_is_none_is_told_and_left_out() {
    let folder = site();
    let library = "@book{a, title = {T}, doi = {none}, isbn = {123}, date = {in press}, url = {ftp://x}, langid = {klingon}, \
                   month = {spring}}";
    std::fs::write(folder.path().join("library.bib"), library).expect("a file");
    let run = dossier(folder.path(), &["import", "library.bib"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for told in ["doi `none`", "isbn `123`", "date `in press`", "url `ftp://x`", "language `klingon`"] {
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

const REAL: &str = r#"% Encoding: UTF-8
@comment{jabref-meta: grouping: {a {b};};}
@string(pup = {Princeton University Press})
@Preamble{"\newcommand{\noopsort}[1]{}" # {x}}
@article(humboldt1845,
  author = "von Humboldt, Alexander and Dvo{\v{r}}{\'a}k, Anton{\'\i}n and M{\"u}ller, J{\"o}rg and others",
  title = "a {"}quoted{"} title on {$\alpha$}-rays and H\textsubscript{2}O \frobnicate{x}",
  journal = {J. {\&} K.}, Year = {1845}, month = mar, volume = 1, volume = 2,
  eprint = {1706.03762}, archiveprefix = {arXiv}
)
@incollection{roe, author = {Roe, R.~K.}, title = {One {{Chapter}}}, crossref = {whole}, pages = {3--9}}
@collection{whole, title = {The Whole}, editor = {Poe, Pat}, publisher = PUP, date = {2001}}
@video{coe, title = {The opening}, editor = {Coe, Cleo}, editortype = {director}, date = {2018~}}, year = {2019}}
@inbook{pages, crossref = {bound}, pages = {212-230}, chapter = {7}}
@book{bound, title = {Bound}, author = {Roe, Rich}, year = {ca. 1968}, language = {en_US}, copyright = {CC BY}}
@phdthesis{zoe, title = {T}, type = {mathesis}, year = 2011, month = "10~" # jan, language = {German}}
@article{moe, author = {Moe, Mia}, year = 2018, month = {spring}, chapter = {Local}}
@misc{page, title = {A Page}, url = {https://x.org}, urldate = {2024-05-04}}
@misc{web, title = {{BBC}: 5\% \enquote{more}}, author = {{Barnes and Noble, Inc.}}, howpublished = {\url{https://x.org/a_b}}}
"#;

#[test]
fn what_real_libraries_have_is_understood() {
    let entries = read_bibtex(REAL).unwrap_or_else(|faults| panic!("{faults:?}"));
    let shown: String = entries
        .iter()
        .map(|entry| {
            format!("{}# not imported: {}\n\n", dossier::bibliography::record(entry), entry.omitted.join("; "))
        })
        .collect();
    insta::assert_snapshot!(shown);
}

#[test]
fn keys_of_zotero_are_taken_as_they_are() {
    let item = |id: &str| format!(r#"[{{"type": "book", "title": "On H<sub>2</sub>O, the 3<sup>rd</sup>", {id}}}]"#);
    for (id, expected) in [
        (r#""id": "http://zotero.org/users/1/items/ABCD1234""#, "ABCD1234"),
        (r#""id": "http://zotero.org/users/1/items/ABCD1234", "citation-key": "smith2018""#, "smith2018"),
        (r#""citation-key": "smith2018""#, "smith2018"),
        (r#""id": "foo_bar""#, "foo_bar"),
        (r#""id": 7"#, "7"),
    ] {
        let entries = read_csl(&item(id)).unwrap_or_else(|faults| panic!("{faults:?}"));
        let title = ("title", Value::Text("On H₂O, the 3rd".to_owned()));
        assert!(entries[0].id == expected && entries[0].fields.contains(&title), "{entries:?}");
    }
}

#[test]
fn one_entry_of_many_is_added_by_its_key() {
    let folder = site();
    let path = folder.path().join("content/evidence/sources.yaml");
    for (args, message) in [
        (&["new", "source", "--from", "library.bib"][..], "there are 2 entries in `library.bib`"),
        (&["new", "source", "roe", "--from", "library.bib"], "name one by its key"),
        (&["new", "source", "--from", "none.bib"], "cannot read `none.bib`"),
        (&["new", "source", "--from", "10.1000"], "`10.1000` is not a DOI"),
        (&["new", "source", "--from", "https://example.org/a"], "is not a DOI"),
        (&["new", "source"], "<NAME>"),
    ] {
        let run = dossier(folder.path(), args);
        assert!(run.code > 0 && run.err.contains(message), "{message}: {} {}", run.code, run.err);
        assert!(!path.exists());
    }
    assert_eq!(dossier(folder.path(), &["new", "source", "doe", "--from", "library.bib"]).code, 0);
    assert!(text(&path).starts_with("- id: doe\n  kind: thesis\n"));
    for id in ["doe", "Doe"] {
        let again = dossier(folder.path(), &["new", "source", id, "--from", "library.bib"]);
        assert_eq!((again.code, again.err.is_empty()), (1, false), "{}", again.err);
    }
}

#[cfg(not(feature = "external"))]
#[test]
fn a_program_that_cannot_look_up_dois_says_what_can() {
    let run = dossier(site().path(), &["new", "source", "--from", "doi:10.1000/182"]);
    assert!(run.code == 2 && run.err.contains("--features external") && run.err.contains("curl"), "{}", run.err);
}
