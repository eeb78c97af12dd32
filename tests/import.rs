//! A site of each generator, imported and built: every page is reachable, old addresses answer, what was left out is
//! reported, and what was not public stays so. `tests/fixtures/import` has the sites and what is expected of them.

mod support {
    pub mod files;
    pub mod run;
    pub mod site;
    pub mod words;
}

use std::collections::{BTreeMap, BTreeSet};

use support::files::{here, text};
use support::site::Site;
use support::words::lost;

fn check(name: &str) {
    let fixture = text(&here().join("tests/fixtures/import").join(name));
    let (files, expected) = fixture.split_once("//- expect\n").expect("a fixture ends with what is expected");
    let site = Site::new(files);
    let run = site.run(&["init", "new", "--from-markdown", "old"]);
    assert_eq!(run.code, 0, "{name}: {}", run.err);
    let built = site.run(&["build", "--root", "new"]);
    assert_eq!(built.code, 0, "{name}: {}", built.err);
    let public = site.tree("new/public");
    let public: BTreeMap<&str, String> =
        public.iter().map(|(path, bytes)| (path.as_str(), String::from_utf8_lossy(bytes).into_owned())).collect();
    let report = site.text("new/import-report.md");
    let mut wrong: Vec<String> = unreachable(&public).into_iter().map(|page| format!("unreachable: {page}")).collect();
    // Words that only the old syntax has, and pages that the old site did not publish either.
    let listed = |kind: &str| -> BTreeSet<&str> {
        expected.lines().filter_map(|line| line.strip_prefix(kind)).flat_map(|rest| rest.split(" | ")).collect()
    };
    let (syntax, unpublished) = (listed("syntax "), listed("unpublished "));
    for lost in lost(&site.tree("old"), &public, &report) {
        let words: Vec<&String> = lost.words.iter().filter(|word| !syntax.contains(word.as_str())).collect();
        if !words.is_empty() && !unpublished.contains(lost.path.as_str()) {
            wrong.push(format!("lost: {}:{}: {words:?}", lost.path, lost.line));
        }
    }
    for line in expected.lines() {
        let (kind, rest) = line.split_once(' ').expect("a kind and what it is about");
        let holds = match kind {
            "page" => rest.split(' ').all(|path| public.contains_key(path)),
            "redirect" => public.get(rest).is_some_and(|page| is_redirect(page)),
            "shows" => rest
                .split_once(' ')
                .is_some_and(|(path, words)| public.get(path).is_some_and(|page| page.contains(words))),
            "report" => report.contains(&format!("- {rest}")),
            "syntax" | "unpublished" => true,
            "absent" => public.values().all(|page| !page.contains(rest)),
            other => panic!("{name}: unknown kind `{other}`"),
        };
        if !holds {
            wrong.push(line.to_owned());
        }
    }
    assert!(wrong.is_empty(), "{name}:\n{}\n{report}", wrong.join("\n"));
}

fn is_redirect(page: &str) -> bool {
    page.contains("http-equiv=\"refresh\"")
}

/// The pages that no way of links leads to from the home page.
fn unreachable(public: &BTreeMap<&str, String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec!["index.html".to_owned()];
    while let Some(path) = open.pop() {
        let Some(page) = public.get(path.as_str()).filter(|_| seen.insert(path.clone())) else { continue };
        let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#', '?']).next());
        open.extend(hrefs.filter(|href| !href.is_empty() && !href.contains(':')).map(|href| resolve(&path, href)));
    }
    let is_page = |path: &&&str| path.ends_with(".html") && **path != "404.html";
    let missed = public.keys().filter(is_page).filter(|path| !seen.contains(**path));
    missed.filter(|path| !is_redirect(&public[**path])).map(|path| (*path).to_owned()).collect()
}

/// The file that a link on a page leads to.
fn resolve(from: &str, href: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in href.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    if path.ends_with(".html") || path.contains('.') && !href.ends_with('/') {
        path
    } else {
        format!("{path}/index.html").trim_start_matches('/').to_owned()
    }
}

#[test]
fn mdbook() {
    check("mdbook.txt");
}

#[test]
fn zola() {
    check("zola.txt");
}

#[test]
fn hugo_with_languages() {
    check("hugo.txt");
}

#[test]
fn jekyll() {
    check("jekyll.txt");
}

#[test]
fn eleventy() {
    check("eleventy.txt");
}

#[test]
fn mkdocs() {
    check("mkdocs.txt");
}

#[test]
fn obsidian() {
    check("obsidian.txt");
}

#[test]
fn quarto() {
    check("quarto.txt");
}
