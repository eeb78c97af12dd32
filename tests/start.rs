//! A new explainer, as a new user starts it: `init`, `new`, `build`, with nothing ever written over.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn dossier(args: &[&str], dir: &Path) -> Output {
    let program = env!("CARGO_BIN_EXE_dossier");
    Command::new(program).args(args).current_dir(dir).output().expect("the program starts")
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn started() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let made = dossier(&["init", "bridge"], dir.path());
    assert!(made.status.success(), "{}", text(&made));
    dir
}

#[test]
fn a_new_explainer_builds_without_a_change_and_without_a_warning() {
    let dir = started();
    let built = dossier(&["build", "--root", "bridge"], dir.path());
    assert!(built.status.success(), "{}", text(&built));
    assert!(built.stderr.is_empty(), "{}", text(&built));
    for page in ["index.html", "closure.html", "repair.html", "timeline.html", "claims.html", "sources/council.html"] {
        assert!(dir.path().join("bridge/public").join(page).is_file(), "{page} is missing");
    }
}

#[test]
fn init_writes_only_where_nothing_is() {
    let dir = started();
    fs::write(dir.path().join("bridge/site.toml"), "title = \"Mine\"\n").expect("writes");
    let again = dossier(&["init", "bridge"], dir.path());
    assert_eq!(again.status.code(), Some(2), "{}", text(&again));
    assert_eq!(fs::read_to_string(dir.path().join("bridge/site.toml")).expect("reads"), "title = \"Mine\"\n");
}

#[test]
fn new_adds_each_kind_once_and_refuses_what_is_taken() {
    let dir = started();
    for kind in ["page", "claim", "source", "disagreement", "entity", "event"] {
        let name = format!("new-{kind}");
        let args = ["new", kind, &name, "--root", "bridge"];
        let added = dossier(&args, dir.path());
        assert!(added.status.success(), "{}", text(&added));
        let place = String::from_utf8_lossy(&added.stdout).trim().to_owned();
        let before = fs::read_to_string(dir.path().join(&place)).expect("it names the file");
        let again = dossier(&args, dir.path());
        assert_eq!(again.status.code(), Some(1), "{}", text(&again));
        assert_eq!(fs::read_to_string(dir.path().join(&place)).expect("reads"), before, "{place} was touched");
    }
}

#[test]
fn a_strange_name_is_refused_and_nothing_is_written() {
    let dir = started();
    for name in ["../up", "Two Words", "", "-x", "ü"] {
        let refused = dossier(&["new", "page", "--root", "bridge", "--", name], dir.path());
        assert_eq!(refused.status.code(), Some(2), "{name}: {}", text(&refused));
    }
}

#[test]
fn a_new_claim_filled_in_and_cited_stands_on_the_page() {
    let dir = started();
    assert!(dossier(&["new", "claim", "weight-limit", "--root", "bridge"], dir.path()).status.success());
    let file = dir.path().join("bridge/content/evidence/claims/new.yaml");
    let record = fs::read_to_string(&file).expect("reads");
    let record = record
        .replace("<what is claimed, in your own words>", "The bridge once carried a tram.")
        .replace("<the id of a source>", "newspaper");
    fs::write(&file, record).expect("writes");
    let page = dir.path().join("bridge/content/closure.md");
    let prose = fs::read_to_string(&page).expect("reads") + "\nIt once carried a tram [@weight-limit].\n";
    fs::write(&page, prose).expect("writes");
    let built = dossier(&["build", "--root", "bridge"], dir.path());
    assert!(built.status.success(), "{}", text(&built));
    let html = fs::read_to_string(dir.path().join("bridge/public/closure.html")).expect("reads");
    assert!(html.contains("claims.html#weight-limit"), "the reference is missing");
}
