//! The manual in `docs/manual`: its reference matches the code, it builds without warnings, and its examples work.

#[path = "../support"]
mod support {
    pub mod files;
    pub mod run;
}
mod commands;
mod keys;
mod shown;
mod variables;
mod words;

use std::collections::BTreeMap;

use dossier::diag::{CODES, Diagnostics, Severity};
use dossier::pipeline::{Request, THEME, build};
use dossier::render::Templates;
use dossier::schema::KINDS;
use dossier::source::{Memory, SitePath};
use support::files::{below, here, text};

/// The generated pages, by name.
fn reference() -> Vec<(&'static str, String)> {
    let page = |order: usize, title: &str, summary: &str, body: String| {
        let note = "<!-- Generated from the code: SNAPSHOTS=overwrite cargo test --test manual -->";
        format!("---\ntitle: {title}\nsummary: {summary}\norder: {order}\n---\n\n{note}\n\n{}\n", body.trim())
    };
    vec![
        ("site-toml", page(2, "Keys of site.toml", "Every key of the configuration.", keys::site())),
        ("front-matter", page(3, "Keys of front matter", "Every key of a page's front matter.", keys::front_matter())),
        ("evidence", page(4, "Keys of evidence", "Every key of every record.", keys::evidence())),
        ("commands", page(5, "Commands", "Every command and every flag.", commands::all())),
        ("components", page(6, "Components", "The components that Markdown can call.", words::components())),
        ("templates", page(7, "Templates", "The variables of templates.", variables::all())),
        ("problems", page(8, "Problems", "Every problem by its code, and how to fix it.", words::problems())),
    ]
}

#[test]
fn the_reference_matches_the_code() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    for (name, made) in reference() {
        let place = here().join(format!("docs/manual/content/reference/{name}.md"));
        if overwrite {
            std::fs::write(&place, &made).expect("the page can be written");
        }
        let there = std::fs::read_to_string(&place).unwrap_or_default().replace("\r\n", "\n");
        let first = made.lines().zip(there.lines().chain(std::iter::repeat(""))).find(|(made, there)| made != there);
        assert!(
            there == made,
            "docs/manual/content/reference/{name}.md is out of date (first difference: {first:?}); update it with \
             SNAPSHOTS=overwrite cargo test --test manual"
        );
    }
}

/// The manual as it is published, by output path.
fn built() -> BTreeMap<String, String> {
    let (files, out) = (Memory::default(), Memory::default());
    let root = here().join("docs/manual");
    for path in below(&root) {
        let inside = path.strip_prefix(&root).expect("it was found there").to_string_lossy().replace('\\', "/");
        if inside == "site.toml" || ["content/", "static/", "templates/"].iter().any(|top| inside.starts_with(top)) {
            files.insert(SitePath::new(&inside).expect("a path"), std::fs::read(&path).expect("it can be read"));
        }
    }
    let request = Request::of(jiff::civil::date(2026, 11, 26));
    let built = build(&files, &request, &out, &|_, _, _| {});
    let problems: Vec<String> =
        built.problems.iter().map(|found| format!("{}: {} {:?}", found.code, found.message, found.at)).collect();
    assert!(problems.is_empty(), "the manual has no problems: {problems:#?}");
    let text = |(path, bytes): (SitePath, Vec<u8>)| (path.to_string(), String::from_utf8_lossy(&bytes).into_owned());
    out.snapshot().into_iter().map(text).collect()
}

/// Everything that a reader may look up is in the reference, by lists that the generator of the pages does not use.
#[test]
fn every_key_command_component_variable_and_code_has_its_entry() {
    let built = built();
    let has = |page: &str, what: &str| {
        let html = built.get(&format!("reference/{page}.html")).unwrap_or_else(|| panic!("no page {page}"));
        assert!(html.contains(what), "docs/manual, reference/{page}: no entry {what}");
    };
    for code in CODES {
        has("problems", &format!("id=\"{}\"", code.name));
    }
    for kind in &KINDS {
        let page = match kind.name {
            "site" => "site-toml",
            "page" => "front-matter",
            _ => "evidence",
        };
        let schema: serde_json::Value = serde_json::from_str(kind.schema).expect("a schema is JSON");
        let records = schema["definitions"].as_object().into_iter().flatten().map(|(_, record)| record);
        for record in records.chain([&schema]) {
            for key in record["properties"].as_object().into_iter().flatten().map(|(key, _)| key) {
                has(page, &format!("<td><code>{key}</code></td>"));
            }
        }
    }
    let help = |words: &[&str]| {
        let run = support::run::dossier(here(), words);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{words:?}");
        run.out
    };
    let all = help(&["--help"]);
    let listed = all.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap_or_default();
    let names: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    assert!(names.len() > 8, "{all}");
    for name in names {
        has("commands", &format!("id=\"dossier-{name}\""));
        let help = help(&[name, "--help"]);
        let flags = help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2);
        for flag in flags.map(|flag| flag.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-')) {
            if !["--help", "--version"].contains(&flag) {
                has("commands", flag);
            }
        }
    }
    let prose = text(&here().join("templates/components/prose.html"));
    for part in prose.split("{% component ").skip(1) {
        let name = part.split('(').next().unwrap_or_default().replace('_', "-");
        has("components", &format!("id=\"{name}\""));
        // Each is shown as well: what it begins with, up to what depends on its arguments, or what it is made of.
        let begins = part.split(" -%}\n").nth(1).unwrap_or_default().split(['{', '>', '\n']).next().unwrap_or_default();
        has("components", if begins.is_empty() { "<div class=\"dis sev-" } else { begins });
    }
    let shared = text(&here().join("src/render/context.rs"));
    let shared = shared.split("const SHARED").nth(1).and_then(|rest| rest.split("= [").nth(1)?.split(']').next());
    for name in shared.expect("the list of shared variables").split('"').skip(1).step_by(2) {
        has("templates", &format!("<td><code>{name}</code></td>"));
    }
}

#[test]
fn the_examples_of_the_manual_work() {
    shown::run_all();
}

/// The theme's templates, compiled.
fn templates() -> Templates {
    let mut problems = Diagnostics::default();
    let texts = THEME.iter().filter_map(|(path, bytes)| {
        let name = path.strip_prefix("templates/")?;
        Some((name.to_owned(), String::from_utf8_lossy(bytes).into_owned()))
    });
    let templates = Templates::compile(texts.collect(), &mut problems);
    assert_eq!(problems.count(Severity::Error), 0);
    templates
}

#[test]
fn the_table_of_dates_matches_the_pages() {
    let page = text(&here().join("docs/manual/content/explanation/dates.md"));
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "));
    let rows: Vec<_> = rows.collect();
    assert!(rows.len() > 10);
    for (edtf, words) in rows {
        let said = dossier::evidence::When::parse(edtf).map_or_else(|fault| fault.message.clone(), |when| when.text());
        assert_eq!(said, words, "{edtf}");
    }
}
