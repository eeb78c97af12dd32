//! Support for editors: each file names its schema, and docs/editors.md is correct.

mod support {
    pub mod files;
    pub mod run;
}

use std::path::{Path, PathBuf};

use dossier::schema::{KINDS, find_kind};
use serde_json::Value;
use support::files::{below, here, text};
use support::run::dossier;

/// The kind of a file, as in `dossier schema`.
fn kind(path: &Path) -> String {
    let claims = path.parent().is_some_and(|folder| folder.ends_with("evidence/claims"));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if claims { "claims".to_owned() } else { stem }
}

/// The schema that a file names in its first line.
fn named(path: &Path) -> PathBuf {
    let text = text(path);
    let line = text.lines().next().unwrap_or_default();
    let schema = line.strip_prefix("# yaml-language-server: $schema=").or_else(|| line.strip_prefix("#:schema "));
    let schema = schema.unwrap_or_else(|| panic!("{}: no schema in the first line", path.display()));
    path.parent().expect("a file has a folder").join(schema)
}

fn written_by_hand(site: &Path) -> Vec<PathBuf> {
    let evidence = below(&site.join("content/evidence"));
    let yaml = evidence.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    yaml.chain([site.join("site.toml")]).collect()
}

#[test]
fn every_file_of_this_site_and_of_a_new_one_names_its_schema() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(dossier(folder.path(), &["init", "dates"]).code, 0);
    let new = folder.path().join("dates");
    for site in [here(), &new] {
        let files = written_by_hand(site);
        assert!(files.len() >= 6, "{files:?}");
        for file in files {
            let schema = find_kind(&kind(&file)).unwrap_or_else(|| panic!("no kind for {}", file.display())).schema;
            assert_eq!(text(&named(&file)), schema, "{}", file.display());
        }
    }
}

/// The blocks of a language on the page.
fn blocks(language: &str) -> Vec<String> {
    let page = text(&here().join("docs/editors.md"));
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|part| part.split("```").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_page_pairs_every_evidence_file_with_its_schema() {
    let json: Vec<Value> = blocks("json").iter().map(|text| serde_json::from_str(text).expect("JSON")).collect();
    let pairs = json[0]["yaml.schemas"].as_object().expect("pairs");
    let expected: Vec<(String, &str)> = KINDS
        .iter()
        .filter(|kind| kind.files.starts_with("content/evidence/"))
        .map(|kind| (format!("schemas/{}.json", kind.name), kind.files))
        .collect();
    assert_eq!(pairs.len(), expected.len());
    for (schema, files) in expected {
        assert_eq!(pairs[&schema], files);
    }
    let patterns = json[1]["tasks"][0]["problemMatcher"]["pattern"].as_array().expect("patterns");
    assert_eq!(patterns.len(), 2);
}

#[test]
fn a_problem_on_the_terminal_has_the_two_lines_that_the_task_reads() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("content")).expect("a folder");
    std::fs::write(folder.path().join("site.toml"), "title = \"Tea\"\n").expect("a file");
    std::fs::write(folder.path().join("content/index.md"), "# Tea\n\n[x](no.md)\n").expect("a file");
    let run = dossier(folder.path(), &["check"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    let lines: Vec<&str> = run.err.lines().collect();
    assert!(lines[0].starts_with("error[broken-link]: "), "{}", run.err);
    assert_eq!(lines[1].trim_start(), "--> content/index.md:3:1", "{}", run.err);
}
