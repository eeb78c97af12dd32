//! The first steps of a new user: `init`, `new`, `build`, which never overwrite files.

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
    let made = dossier(&["init", "dates"], dir.path());
    assert!(made.status.success(), "{}", text(&made));
    dir
}

#[test]
fn a_new_explainer_builds_without_a_change_and_without_a_warning() {
    let dir = started();
    let built = dossier(&["build", "--root", "dates"], dir.path());
    assert!(built.status.success(), "{}", text(&built));
    assert!(built.stderr.is_empty(), "{}", text(&built));
    for page in ["index.html", "timestamps.html", "doubt.html", "timeline.html", "claims.html", "sources/edtf.html"] {
        assert!(dir.path().join("dates/public").join(page).is_file(), "{page} is missing");
    }
}

#[test]
fn an_empty_site_builds_and_has_only_a_home_page() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let made = dossier(&["init", "how-to-sew", "--empty"], dir.path());
    assert!(made.status.success(), "{}", text(&made));
    let built = dossier(&["build", "--root", "how-to-sew"], dir.path());
    assert!(built.status.success() && built.stderr.is_empty(), "{}", text(&built));
    let content: Vec<_> = fs::read_dir(dir.path().join("how-to-sew/content")).expect("a folder").collect();
    assert_eq!(content.len(), 1, "{content:?}");
    let home = fs::read_to_string(dir.path().join("how-to-sew/public/index.html")).expect("a page");
    assert!(home.contains("<h1>How to sew</h1>"), "{home}");
}

#[test]
fn placeholders_are_not_published() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    assert!(dossier(&["init", "site", "--empty"], dir.path()).status.success());
    for kind in ["page", "claim", "source", "disagreement", "entity", "event"] {
        let added = dossier(&["new", kind, &format!("the-{kind}"), "--root", "site"], dir.path());
        assert!(added.status.success(), "{}", text(&added));
    }
    let built = dossier(&["build", "--root", "site"], dir.path());
    assert_eq!(built.status.code(), Some(1), "{}", text(&built));
    let output = text(&built);
    for file in ["claims/new", "sources", "disagreements", "entities", "events"] {
        let place = format!("content/evidence/{file}.yaml:");
        let problem =
            output.split("\n\n").find(|part| part.contains(&place) && part.contains("[unfilled-placeholder]"));
        assert!(problem.is_some(), "{file}: {output}");
    }
    assert!(output.contains("`<one sentence for lists and search engines>` is still here"), "{output}");
}

#[test]
fn init_writes_only_into_an_empty_folder() {
    let dir = started();
    fs::write(dir.path().join("dates/site.toml"), "title = \"Mine\"\n").expect("writes");
    let again = dossier(&["init", "dates"], dir.path());
    assert_eq!(again.status.code(), Some(2), "{}", text(&again));
    assert_eq!(fs::read_to_string(dir.path().join("dates/site.toml")).expect("reads"), "title = \"Mine\"\n");
}

#[test]
fn init_reports_existing_files() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("file"), "mine").expect("writes");
    for place in ["file", "file/inside"] {
        let refused = dossier(&["init", place], dir.path());
        assert_eq!(refused.status.code(), Some(2), "{}", text(&refused));
        assert!(text(&refused).starts_with(&format!("error: cannot use `{place}`: ")), "{}", text(&refused));
    }
    assert_eq!(fs::read_to_string(dir.path().join("file")).expect("reads"), "mine");
    let here = tempfile::tempdir().expect("a temporary folder");
    assert!(dossier(&["init", "."], here.path()).status.success(), "an empty folder may be the current one");
    assert!(here.path().join("site.toml").is_file());
}

#[test]
fn new_adds_each_kind_once_and_refuses_what_is_taken() {
    let dir = started();
    for kind in ["page", "claim", "source", "disagreement", "entity", "event"] {
        let name = format!("new-{kind}");
        let args = ["new", kind, &name, "--root", "dates"];
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
        let refused = dossier(&["new", "page", "--root", "dates", "--", name], dir.path());
        assert_eq!(refused.status.code(), Some(2), "{name}: {}", text(&refused));
    }
}

#[test]
fn a_new_claim_that_is_filled_in_and_cited_is_on_the_page() {
    let dir = started();
    assert!(dossier(&["new", "claim", "time-zones", "--root", "dates"], dir.path()).status.success());
    let file = dir.path().join("dates/content/evidence/claims/new.yaml");
    let record = fs::read_to_string(&file).expect("reads");
    let record = record
        .replace("<what is claimed, in your own words>", "A timestamp can name a time zone.")
        .replace("<the id of a source>", "rfc-9557");
    fs::write(&file, record).expect("writes");
    let page = dir.path().join("dates/content/timestamps.md");
    let prose = fs::read_to_string(&page).expect("reads") + "\nA timestamp can name a time zone [@time-zones].\n";
    fs::write(&page, prose).expect("writes");
    let built = dossier(&["build", "--root", "dates"], dir.path());
    assert!(built.status.success(), "{}", text(&built));
    let html = fs::read_to_string(dir.path().join("dates/public/timestamps.html")).expect("reads");
    assert!(html.contains("claims.html#time-zones"), "the reference is missing");
}

#[test]
fn a_list_that_cannot_be_extended_is_unchanged() {
    let dir = started();
    let file = dir.path().join("dates/content/evidence/entities.yaml");
    for text in ["[]\n", "[{id: one}]\n", "id: one\n", "- id: [\n"] {
        fs::write(&file, text).expect("writes");
        let refused = dossier(&["new", "entity", "two", "--root", "dates"], dir.path());
        assert_eq!(refused.status.code(), Some(1), "{text}: {}", self::text(&refused));
        assert_eq!(fs::read_to_string(&file).expect("reads"), text);
    }
}

#[test]
fn a_new_record_comes_after_a_blank_line_and_a_new_file_names_its_schema() {
    let dir = started();
    let read = |path: &str| fs::read_to_string(dir.path().join("dates").join(path)).expect("reads");
    assert!(dossier(&["new", "claim", "one", "--root", "dates"], dir.path()).status.success());
    let first = read("content/evidence/claims/new.yaml");
    assert!(first.starts_with("# yaml-language-server: $schema=../../../schemas/claims.json\n- id: one\n"), "{first}");
    assert!(dir.path().join("dates/schemas/claims.json").is_file());
    assert!(dossier(&["new", "claim", "two", "--root", "dates"], dir.path()).status.success());
    let second = read("content/evidence/claims/new.yaml");
    assert!(second.starts_with(&first) && second[first.len()..].starts_with("\n- id: two\n"), "{second}");
}

#[test]
fn the_sample_is_as_large_as_promised() {
    let dir = started();
    assert!(dossier(&["build", "--root", "dates"], dir.path()).status.success());
    let count = |path: &str, word: &str| {
        let text = fs::read_to_string(dir.path().join("dates").join(path)).expect("reads");
        text.matches(word).count()
    };
    assert_eq!(count("site.toml", "[[topics]]"), 2);
    assert_eq!(count("content/evidence/sources.yaml", "\n- id: "), 3);
    assert_eq!(count("content/evidence/claims/dates.yaml", "\n- id: "), 6);
    assert_eq!(count("content/evidence/disagreements.yaml", "\n- id: "), 1);
    assert_eq!(count("content/evidence/events.yaml", "\n- id: "), 4);
    for (file, kind) in [("sources", "sources"), ("events", "events"), ("claims/dates", "claims")] {
        assert_eq!(count(&format!("content/evidence/{file}.yaml"), &format!("schemas/{kind}.json")), 1, "{file}");
    }
}

#[test]
fn the_theme_can_stay_built_in_and_one_file_be_copied() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    assert!(dossier(&["init", "dates", "--no-theme"], dir.path()).status.success());
    let site = dir.path().join("dates");
    assert!(!site.join("templates").exists() && !site.join("static").exists());
    assert!(dossier(&["build"], &site).status.success());
    let list = dossier(&["theme"], &site);
    assert!(text(&list).lines().all(|line| line.ends_with(" the program's")), "{}", text(&list));

    let copied = dossier(&["theme", "templates/page.html"], &site);
    assert_eq!(text(&copied), "templates/page.html\n");
    fs::write(site.join("templates/page.html"), "<!doctype html><title>mine</title>{{ page.content | safe }}")
        .expect("writes");
    let again = dossier(&["theme", "static/style.css", "templates/page.html"], &site);
    assert_eq!(again.status.code(), Some(1), "{}", text(&again));
    assert!(!site.join("static").exists(), "where one cannot be written, none is");
    let whose = text(&dossier(&["theme"], &site));
    assert!(
        whose.lines().any(|line| line.starts_with("templates/page.html ") && line.ends_with(" the site's own")),
        "{whose}"
    );
    let unknown = dossier(&["theme", "templates/pages.html"], &site);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown).contains("did you mean `templates/page.html`?"), "{}", text(&unknown));
}

#[test]
fn names_that_yaml_would_read_as_something_else_are_quoted() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    assert!(dossier(&["init", "site", "--empty"], dir.path()).status.success());
    let names = ["404", "2024", "true", "null", "0x10", "0o17", "1e5", "plain"];
    for name in names {
        for kind in ["page", "claim"] {
            let added = dossier(&["new", kind, name, "--root", "site"], dir.path());
            assert!(added.status.success(), "{kind} {name}: {}", text(&added));
        }
    }
    let claims = fs::read_to_string(dir.path().join("site/content/evidence/claims/new.yaml")).expect("claims");
    assert!(claims.contains("- id: \"404\"\n") && claims.contains("- id: plain\n"), "{claims}");
    let built = text(&dossier(&["check", "--root", "site", "--drafts", "--format", "json"], dir.path()));
    let problems = built.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let codes: std::collections::BTreeSet<String> =
        problems.filter_map(|problem| Some(problem.get("code")?.as_str()?.to_owned())).collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["unfilled-placeholder"], "{built}");
}
