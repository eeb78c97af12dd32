//! `sources.json` by the rules of the JSON Schema that CSL has for its data (`csl-data.json`). No package ships that file, so
//! its rules are stated here in our own words: which variables there are, and what each may hold.

mod support {
    pub mod library;
}

use dossier::bibliography::{csl, merge, read_csl};
use dossier::config::Config;
use dossier::diag::Diagnostics;
use dossier::evidence::Ledger;
use dossier::pipeline::{Request, build};
use dossier::source::{Memory, SitePath};
use serde_json::{Map, Value, json};

const TEXTS: &str = "abstract annote archive archive_collection archive_location archive-place authority call-number \
    citation-label collection-title container-title container-title-short dimensions division DOI event event-place genre ISAN \
    ISBN ISCI ISMN ISRC ISSN ISWC journalAbbreviation jurisdiction keyword language medium note original-publisher \
    original-publisher-place original-title part-title PMCID PMID publisher publisher-place references reviewed-title scale \
    section shortTitle source status title title-short translated-title translated-title-short URL version year-suffix";
const NUMBERS: &str = "id chapter-number citation-number collection-number edition first-reference-note-number issue locator \
    number number-of-pages number-of-volumes page page-first part printing supplement volume";
const NAMES: &str = "author chair collection-editor compiler composer container-author contributor curator director editor \
    editorial-director executive-producer illustrator interviewer organizer original-author performer producer recipient \
    reviewed-author translator";
const DATES: &str = "accessed available-date container event-date issued original-date submitted";
const TYPES: &str = "article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection \
    dataset document entry entry-dictionary entry-encyclopedia figure graphic hearing interview legal_case legislation \
    manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical personal_communication \
    post post-weblog regulation report review review-book software song speech standard thesis treaty webpage";

/// What in an item the schema does not allow.
fn faults(item: &Value) -> Vec<String> {
    let is_in = |name: &str, names: &str| names.split_whitespace().any(|known| known == name);
    let is_number = |value: &Value| value.is_string() || value.is_number();
    let is_flag = |value: &Value| is_number(value) || value.is_boolean();
    let Some(item) = item.as_object() else { return vec!["not an object".to_owned()] };
    let is_name = |name: &Value| {
        name.as_object().is_some_and(|parts| {
            parts.iter().all(|(part, value)| match part.as_str() {
                "family" | "given" | "dropping-particle" | "non-dropping-particle" | "suffix" | "literal" => {
                    value.is_string()
                }
                "comma-suffix" | "static-ordering" | "parse-names" => is_flag(value),
                _ => false,
            })
        })
    };
    let is_parts = |parts: &Value| {
        parts.as_array().is_some_and(|parts| (1..=3).contains(&parts.len()) && parts.iter().all(is_number))
    };
    let is_date = |date: &Value| {
        date.as_object().is_some_and(|date| {
            date.iter().all(|(part, value)| match part.as_str() {
                "date-parts" => {
                    value.as_array().is_some_and(|ends| (1..=2).contains(&ends.len()) && ends.iter().all(is_parts))
                }
                "season" => is_number(value),
                "circa" => is_flag(value),
                "literal" | "raw" => value.is_string(),
                _ => false,
            })
        })
    };
    let fits = |key: &str, value: &Value| match key {
        "type" => value.as_str().is_some_and(|name| is_in(name, TYPES)),
        "custom" => value.is_object(),
        "categories" => value.as_array().is_some_and(|all| all.iter().all(Value::is_string)),
        key if is_in(key, TEXTS) => value.is_string(),
        key if is_in(key, NUMBERS) => is_number(value),
        key if is_in(key, NAMES) => value.as_array().is_some_and(|names| names.iter().all(is_name)),
        key if is_in(key, DATES) => is_date(value),
        _ => false,
    };
    let missing = ["id", "type"].into_iter().filter(|key| !item.contains_key(*key)).map(|key| format!("no `{key}`"));
    let wrong = item.iter().filter(|(key, value)| !fits(key, value)).map(|(key, value)| format!("`{key}` is {value}"));
    missing.chain(wrong).collect()
}

#[test]
fn the_rules_refuse_what_the_schema_refuses() {
    for (item, fault) in [
        (json!({ "id": "a", "type": "news" }), "`type` is \"news\""),
        (json!({ "type": "book" }), "no `id`"),
        (json!({ "id": "a", "type": "book", "license": "CC" }), "`license` is \"CC\""),
        (json!({ "id": "a", "type": "book", "title": 3 }), "`title` is 3"),
        (json!({ "id": "a", "type": "book", "author": [{ "name": "A" }] }), "`author` is [{\"name\":\"A\"}]"),
        (json!({ "id": "a", "type": "book", "issued": { "date-parts": [[]] } }), "`issued` is {\"date-parts\":[[]]}"),
        (json!({ "id": "a", "type": "book", "issued": { "year": 1 } }), "`issued` is {\"year\":1}"),
    ] {
        assert_eq!(faults(&item), [fault], "{item}");
    }
}

#[test]
fn every_kind_of_source_is_exported_as_the_schema_has_it() {
    let entries = read_csl(&serde_json::to_string(&support::library::library(500)).expect("JSON")).expect("CSL-JSON");
    let path = SitePath::new("content/evidence/sources.yaml").expect("a path");
    let files = merge(&[], &entries, &path).expect("records").files;
    let ledger = Ledger::load(files.into_iter().collect(), &Config::default(), &mut Diagnostics::default());
    assert_eq!(ledger.sources.len(), 500);
    for source in &ledger.sources {
        assert_eq!(faults(&csl(source, "en")), [""; 0], "{}", source.id.value);
    }
}

#[test]
fn the_file_of_a_site_is_valid() {
    let fixture = include_str!("fixtures/kinds.txt");
    let out = Memory::default();
    let files = Memory::fixture(&fixture[fixture.find("//- ").expect("files")..]);
    let _ = build(&files, &Request::of(jiff::civil::date(2026, 11, 21)), &out, &|_, _, _| {});
    let json = &out.snapshot()[&SitePath::new("sources.json").expect("a path")];
    let items: Vec<Map<String, Value>> = serde_json::from_slice(json).expect("a list of objects");
    assert_eq!(items.len(), 12);
    for item in items {
        assert_eq!(faults(&Value::Object(item.clone())), [""; 0], "{item:?}");
    }
}
