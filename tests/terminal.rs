//! The program on a terminal and in a pipe: examples in the help, colours, machine-readable results.

mod support {
    pub mod files;
    pub mod run;
    pub mod site;
}

use std::io::Read;
use std::process::{Command, Stdio};

use clap::{CommandFactory, Parser};
use dossier::cli::Cli;
use serde_json::{Value, json};
use support::files::here;
use support::run::dossier;
use support::site::Site;

const SMALL: &str = "//- site.toml\ntitle = \"Tea\"\n//- content/index.md\n# Home\n";

fn values(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[test]
fn every_command_shows_valid_examples() {
    let mut cli = Cli::command();
    cli.build();
    let commands: Vec<_> = std::iter::once(&cli).chain(cli.get_subcommands()).collect();
    assert!(commands.len() > 10);
    for command in commands {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let lines: Vec<&str> = help.lines().filter(|line| line.starts_with("  dossier ")).collect();
        assert!(!lines.is_empty(), "`{}` shows no example", command.get_name());
        for line in lines {
            let typed = line.trim().split(" > ").next().unwrap_or_default().split(" | ").next().unwrap_or_default();
            let typed = typed.split("  ").next().unwrap_or_default();
            let parsed = Cli::try_parse_from(typed.split_whitespace());
            assert!(parsed.is_ok(), "`{typed}`: {}", parsed.err().map(|error| error.to_string()).unwrap_or_default());
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}

#[test]
fn what_is_mistyped_gets_a_suggestion() {
    for (words, near) in [
        (&["biuld"][..], "'build'"),
        (&["build", "--precompres"], "'--precompress'"),
        (&["check", "--formt", "json"], "'--format'"),
        (&["check", "--format", "jsn"], "'json'"),
        (&["check", "--deny", "unused-clam"], "`unused-claim`"),
        (&["schema", "clams"], "`claims`"),
        (&["man", "buld"], "`build`"),
        (&["explain", "unused-clam"], "`unused-claim`"),
        (&["new", "cliam", "one"], "'claim'"),
    ] {
        let run = dossier(here(), words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}: {}", run.err);
        assert!(run.err.starts_with("error: ") && run.err.contains(near), "{words:?}: {}", run.err);
    }
}

#[test]
fn an_unknown_kind_of_schema_writes_nothing() {
    let site = Site::new(SMALL);
    let run = site.run(&["schema", "clams", "--into", "schemas"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(site.tree("schemas").is_empty() && !site.path("schemas").exists());
}

fn coloured(site: &Site, set: &[(&str, &str)]) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dossier"));
    command.arg("check").current_dir(site.root());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    let output = command.envs(set.iter().copied()).output().expect("the program starts");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("broken-link"), "{text}");
    text.contains('\u{1b}')
}

#[test]
fn a_pipe_gets_no_colours_unless_it_asks() {
    let site = Site::new(&format!("{SMALL}\n[x](no.md)\n"));
    assert!(!coloured(&site, &[]));
    assert!(coloured(&site, &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&site, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), "NO_COLOR has the last word");
}

#[test]
fn json_output_is_problems_and_then_one_result() {
    let site = Site::new(SMALL);
    let built = site.run(&["build", "--format", "json"]);
    assert_eq!((built.code, built.err.as_str()), (0, ""));
    let result = values(&built.out).pop().expect("a result")["result"].clone();
    assert_eq!((&result["published"], &result["errors"], &result["out"]), (&json!(true), &json!(0), &json!("public")));
    assert!(result["written"].as_u64() > Some(5), "{result}");
    let again = values(&site.run(&["build", "--format", "json", "--timings"]).out);
    assert_eq!(again.len(), 2, "timings, then the result: {again:?}");
    assert!(again[0]["timings"].is_object() && again[1]["result"]["written"] == 0, "{again:?}");

    site.write("content/index.md", "[x](no.md)\n");
    for words in [&["build", "--format", "json"][..], &["check", "--format", "json"]] {
        let run = site.run(words);
        let objects = values(&run.out);
        assert_eq!((run.code, run.err.as_str(), objects.len()), (1, "", 2), "{objects:?}");
        assert_eq!((&objects[0]["code"], &objects[1]["result"]["errors"]), (&json!("broken-link"), &json!(1)));
        assert_ne!(objects[1]["result"]["published"], true);
    }

    site.write("content/index.md", "# Home\n");
    site.run(&["build"]);
    site.write("public/index.html", "mine");
    let kept = site.run(&["clean", "--format", "json"]);
    assert_eq!((kept.code, &values(&kept.out)[0]["code"]), (1, &json!("output-edited-file")), "{}", kept.err);
    let cleaned = site.run(&["clean", "--force", "--format", "json"]);
    assert!(values(&cleaned.out)[0]["result"]["removed"].as_u64() > Some(5), "{}", cleaned.out);
}

#[test]
fn lists_are_available_as_json() {
    let codes = values(&dossier(here(), &["explain", "--format", "json"]).out);
    assert_eq!(codes.len(), dossier::diag::CODES.len());
    let one = values(&dossier(here(), &["explain", "broken-link", "--format", "json"]).out);
    assert_eq!((&one[0]["code"], &one[0]["severity"]), (&json!("broken-link"), &json!("error")));
    assert!(one[0]["docs"].as_str().is_some_and(|docs| docs.starts_with("# broken-link")));
    let kinds = values(&dossier(here(), &["schema", "--format", "json"]).out);
    assert!(kinds.contains(&json!({ "kind": "site", "files": "site.toml" })), "{kinds:?}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    for words in
        [&["explain"][..], &["explain", "broken-link"], &["schema", "claims"], &["completions", "bash"], &["man"]]
    {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dossier"))
            .args(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().expect("it is piped").read_to_string(&mut said).expect("text");
        assert_eq!((child.wait().expect("it ends").code(), said.as_str()), (Some(0), ""), "{words:?}");
    }
}

#[test]
fn completions_and_man_pages_contain_every_command() {
    let names: Vec<String> = Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = dossier(here(), &["completions", shell]);
        assert_eq!(run.code, 0);
        assert!(names.iter().all(|name| run.out.contains(name)) && run.out.contains("precompress"), "{shell}");
    }
    let site = Site::new(SMALL);
    let run = site.run(&["man", "--into", "man1"]);
    assert_eq!((run.code, run.out.lines().count()), (0, names.len() + 1), "{}", run.err);
    for name in &names {
        let page = site.text(&format!("man1/dossier-{name}.1"));
        assert!(page.contains(&format!(".TH dossier-{name} 1")) && page.contains(".SH SYNOPSIS"), "{page}");
        assert!(page.contains(".SH EXAMPLES\n.nf\n  dossier"), "{page}");
    }
    assert_eq!(site.text("man1/dossier-build.1"), site.run(&["man", "build"]).out);
}

/// SARIF 2.1.0, sections 3.11 to 3.55: required fields, and consistent references.
#[test]
fn sarif_follows_its_standard() {
    let site = Site::new(&format!(
        "{SMALL}\n[x](no.md)\n//- content/a b.md\n---\nslug: tea\n---\n//- content/tea.md\n# Tea\n"
    ));
    let run = site.run(&["check", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&run.out).expect("SARIF is JSON");
    assert_eq!((log["version"].as_str(), log["runs"].as_array().map(Vec::len)), (Some("2.1.0"), Some(1)));
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let mut ids: Vec<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids.len(), rules.len());
    for rule in rules {
        assert!(rule["shortDescription"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{rule}");
        assert!(rule["help"]["text"].is_string() && rule["defaultConfiguration"]["level"].is_string(), "{rule}");
    }
    ids.dedup();
    assert_eq!(ids.len(), rules.len(), "ids are unique");
    let results = run["results"].as_array().expect("results");
    assert!(results.len() > 1, "{results:?}");
    let mut related = 0;
    for result in results {
        let rule = result["ruleIndex"].as_u64().and_then(|at| rules.get(at as usize)).expect("a rule");
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap_or_default()));
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        related += result["relatedLocations"].as_array().map_or(0, Vec::len);
        let places = result["locations"].as_array().into_iter().chain(result["relatedLocations"].as_array()).flatten();
        for place in places {
            let uri = place["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("an address");
            assert!(!uri.contains(' ') && !uri.starts_with('/') && !uri.starts_with('.'), "{uri}");
            let region = &place["physicalLocation"]["region"];
            let at = |name: &str| region[name].as_u64().unwrap_or(0);
            assert!(at("startLine") >= 1 && at("startColumn") >= 1, "{region}");
            assert!((at("endLine"), at("endColumn")) >= (at("startLine"), at("startColumn")), "{region}");
        }
    }
    assert!(related > 0, "problems have related places");
}

/// Runs `dossier` in a small site with this standard output and error; the exit code, and what it wrote to a pipe.
#[cfg(target_os = "linux")]
fn with_outputs(words: &[&str], out: Stdio, err: Stdio) -> (Option<i32>, String) {
    let site = Site::new(SMALL);
    let mut program = Command::new(env!("CARGO_BIN_EXE_dossier"));
    let run = program.args(words).current_dir(site.root()).stdout(out).stderr(err).spawn().expect("it starts");
    let output = run.wait_with_output().expect("it ends");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_fails_the_command_and_a_closed_pipe_does_not() {
    let full = || Stdio::from(std::fs::File::options().write(true).open("/dev/full").expect("a device"));
    for words in [
        &["init", "new"][..],
        &["new", "page", "new"],
        &["schema"],
        &["schema", "page"],
        &["man"],
        &["man", "--into", "man"],
        &["completions", "bash"],
        &["explain"],
        &["theme"],
        &["build"],
        &["check"],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
        &["--help"],
        &["build", "--help"],
        &["--version"],
    ] {
        let lost = "error: standard output cannot be written: no space is left on the disk\n".to_owned();
        assert_eq!(with_outputs(words, full(), Stdio::piped()), (Some(1), lost), "{words:?}");
        assert_eq!(with_outputs(words, full(), full()).0, Some(1), "{words:?}");
        let (reader, closed) = std::io::pipe().expect("a pipe");
        drop(reader);
        assert_eq!(with_outputs(words, closed.into(), Stdio::piped()), (Some(0), String::new()), "{words:?}");
    }
    for words in [&["build", "--root", "none"][..], &["explain", "none"], &["new", "page", "A B"], &["biuld"], &[]] {
        assert_eq!(with_outputs(words, Stdio::null(), full()).0, Some(2), "{words:?}");
    }
}
