//! The program as users run it: files, messages and exit codes.

mod support {
    pub mod files;
    pub mod run;
    pub mod site;
}

use support::files::here;
use support::run::dossier;
use support::site::Site;

const SMALL: &str = "\
//- site.toml
title = \"A small site\"
//- content/index.md
# Home

Read about [tea](tea.md#black) first.
//- content/tea.md
---
title: Tea
summary: Leaves in water.
---

## Black

Fully oxidised.
//- templates/page.html
<!doctype html>
<html lang=\"en\">
<title>{{ page.title }}</title>
{{ page.content | safe }}
</html>
//- templates/home.html
{% extends \"page.html\" %}
//- templates/404.html
{% extends \"page.html\" %}
//- templates/search.html
{% extends \"page.html\" %}
//- templates/corrections.html
{% extends \"page.html\" %}
";

/// Builds a site with one problem over a good one: the code and the place are reported, the exit code is 1, and the
/// published site is unchanged.
fn refused(files: &[(&str, &[u8])], code: &str, place: &str) {
    let site = Site::new(SMALL);
    let good = site.run(&["build"]);
    assert_eq!(good.code, 0, "{}", good.err);
    let before = site.tree("public");
    assert!(before.contains_key("tea.html"));
    for (path, bytes) in files {
        site.write(path, bytes);
    }
    expect_refused(&site, code, place);
    assert!(site.tree("public") == before, "{code}: `public` is as it was");
}

fn expect_refused(site: &Site, code: &str, place: &str) {
    let run = site.run(&["build"]);
    assert_eq!(run.code, 1, "{code}: {}{}", run.out, run.err);
    assert!(run.err.contains(&format!("error[{code}]: ")), "{code}: {}", run.err);
    assert!(run.err.contains(&format!("--> {place}\n")), "{code} at {place}: {}", run.err);
    assert!(run.err.trim_end().ends_with("nothing was published"), "{code}: {}", run.err);
    assert_eq!(run.out, "", "{code}: problems go to standard error");
}

#[test]
fn a_page_that_is_not_utf8() {
    refused(&[("content/bad.md", b"# Title\n\nOne \xff two\n")], "not-utf8", "content/bad.md:3:5");
}

#[test]
fn front_matter_never_closed() {
    refused(&[("content/bad.md", b"---\ntitle: Bad\n\nText\n")], "front-matter-unclosed", "content/bad.md:1:1");
}

#[test]
fn front_matter_with_a_typing_error() {
    refused(&[("content/bad.md", b"---\ntitel: Bad\n---\n\nText\n")], "unknown-key", "content/bad.md:2:1");
}

#[test]
fn a_date_that_does_not_exist() {
    refused(&[("content/bad.md", b"---\ntitle: Bad\ndate: 2018-02-30\n---\n")], "bad-value", "content/bad.md:3:7");
    let events: &[u8] = b"- id: leap\n  title: A leap\n  date: 2018-02-30\n  claims: []\n  status: happened\n";
    refused(&[("content/evidence/events.yaml", events)], "bad-date", "content/evidence/events.yaml:3:9");
}

#[test]
fn two_pages_with_one_address() {
    refused(&[("content/bad.md", b"---\nslug: tea\n---\n\nText\n")], "address-twice", "content/tea.md:1:1");
}

#[test]
fn links_to_nowhere() {
    refused(&[("content/bad.md", b"# Bad\n\nTo [nowhere](no.md).\n")], "broken-link", "content/bad.md:3:4");
    refused(&[("content/bad.md", b"# Bad\n\nTo [tea](tea.md#no).\n")], "broken-anchor", "content/bad.md:3:4");
}

#[test]
fn a_template_that_does_not_exist() {
    refused(&[("content/bad.md", b"---\ntemplate: nope\n---\n\nText\n")], "missing-template", "content/bad.md:2:11");
}

#[test]
fn a_template_that_is_broken() {
    refused(&[("templates/page.html", b"<p>\n{% block %}")], "template-syntax", "templates/page.html:2:10");
}

#[test]
fn a_template_cycle() {
    let files: &[(&str, &[u8])] =
        &[("templates/home.html", b"{% extends \"a.html\" %}"), ("templates/a.html", b"\n{% extends \"home.html\" %}")];
    refused(files, "template-cycle", "templates/home.html:1:13");
}

#[test]
fn an_unknown_key_of_the_configuration() {
    refused(&[("site.toml", b"title = \"Small\"\ntaglin = \"x\"\n")], "unknown-key", "site.toml:2:1");
}

#[test]
fn a_missing_configuration() {
    let site = Site::new("//- content/index.md\n# Home\n");
    expect_refused(&site, "missing-config", "site.toml:1:1");
    assert!(!site.path("public").exists(), "no folder is made for nothing");
}

#[test]
fn an_empty_content_folder() {
    let site = Site::new("//- site.toml\ntitle = \"Empty\"\n");
    std::fs::create_dir(site.path("content")).expect("a folder can be made");
    expect_refused(&site, "no-content", "content:1:1");
}

/// The target of the link is not read: no line of it may appear in a message.
#[cfg(unix)]
#[test]
fn a_symbolic_link_out_of_the_site() {
    let outside = Site::new("//- secret.md\nthe secret\n");
    let site = Site::new(SMALL);
    std::os::unix::fs::symlink(outside.path("secret.md"), site.path("content/p.md")).expect("a link can be made");
    std::os::unix::fs::symlink(outside.root(), site.path("static")).expect("a link can be made");
    expect_refused(&site, "symlink-outside", "content/p.md:1:1");
    expect_refused(&site, "symlink-outside", "static:1:1");
    let run = site.run(&["build"]);
    assert!(!run.err.contains("the secret"), "{}", run.err);
}

#[test]
fn all_problems_are_reported_at_once() {
    let site = Site::new(SMALL);
    site.write("content/one.md", "---\ntitel: One\n---\n");
    site.write("content/two.md", "[x](no.md)\n");
    site.write("content/three.md", b"\xff");
    site.write("templates/page.html", "{{ page. }}");
    let run = site.run(&["build"]);
    assert_eq!(run.code, 1);
    for code in ["unknown-key", "broken-link", "not-utf8", "template-syntax"] {
        assert!(run.err.contains(&format!("error[{code}]")), "{code}: {}", run.err);
    }
}

#[test]
fn a_problem_is_printed_like_in_rustc() {
    let site = Site::new(SMALL);
    site.write("content/tea.md", "# Tea\n\n## Black\n\nSee [coffee](cofee.md).\n");
    site.write("content/coffee.md", "# Coffee\n");
    let run = site.run(&["build"]);
    insta::assert_snapshot!(run.err);
}

#[test]
fn wrong_usage_and_invalid_input_have_different_exit_codes() {
    let site = Site::new(SMALL);
    for words in [
        &["build", "--frobnicate"][..],
        &["biuld"],
        &["build", "--root", "no-such-folder"],
        &["build", "--base-url", "example"],
        &["build", "--quiet", "--verbose"],
        &["check", "--deny", "no-such-code"],
        &["explain", "no-such-code"],
    ] {
        let run = site.run(words);
        assert_eq!(run.code, 2, "{words:?}: {}{}", run.out, run.err);
        assert!(run.err.starts_with("error: "), "{words:?}: {}", run.err);
        assert_eq!(run.out, "", "{words:?}");
    }
    assert!(site.run(&["biuld"]).err.contains("'build'"), "a typing error in a command gets a suggestion");
    assert!(site.tree("public").is_empty());
}

#[test]
fn this_repository_s_site_builds_and_a_second_build_writes_nothing() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let words = ["build", "--out", out.path().to_str().expect("a path in UTF-8")];
    let first = dossier(here(), &words);
    assert_eq!((first.code, first.err.as_str()), (0, ""), "{}", first.out);
    for page in ["index.html", "cloud.html", "timeline.html", "claims.html", "sources.html", "404.html"] {
        assert!(out.path().join(page).is_file(), "{page}");
    }
    let second = dossier(here(), &words);
    assert_eq!(second.code, 0, "{}", second.err);
    assert!(second.out.contains(": 0 written"), "nothing changed, nothing is written: {}", second.out);
}

#[test]
fn out_is_relative_to_the_current_folder_and_root_is_the_site() {
    let site = Site::new(&SMALL.replace("//- ", "//- inner/"));
    let run = site.run(&["build", "--root", "inner", "--out", "result"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(site.path("result/tea.html").is_file() && !site.path("inner/public").exists());
    let run = site.run(&["build", "--root", "inner"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(site.path("inner/public/tea.html").is_file(), "`public` of the site is where it goes by default");
    site.write("inner/content/tea.md", "[x](no.md)");
    let run = site.run(&["build", "--root", "inner"]);
    assert!(run.err.contains("--> inner/content/tea.md:1:1"), "paths can be opened from here: {}", run.err);
}

#[test]
fn quiet_and_verbose() {
    let site = Site::new(SMALL);
    let run = site.run(&["build", "--quiet"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
    site.write("content/tea.md", "# Tea\n\n## Black\n\nGreen too.\n");
    let run = site.run(&["build", "--verbose"]);
    assert!(run.out.contains("written tea.html\n") && !run.out.contains("written index.html"), "{}", run.out);
    std::fs::remove_file(site.path("content/tea.md")).expect("it can be removed");
    site.write("content/index.md", "# Home\n");
    let run = site.run(&["build", "--verbose"]);
    assert!(run.out.contains("removed tea.html\n"), "{}", run.out);
    site.write("content/index.md", "[x](no.md)");
    let run = site.run(&["build", "--quiet"]);
    assert!(run.code == 1 && run.err.contains("broken-link"), "quiet does not hide problems: {}", run.err);
}

#[test]
fn drafts_are_left_out_by_default() {
    let site = Site::new(SMALL);
    site.write("content/plan.md", "---\ndraft: true\n---\n# Plan\n");
    site.write("content/future.md", "---\ndate: 2999-01-01\n---\n# Future\n");
    site.write("content/past.md", "---\nexpires: 2001-01-01\n---\n# Past\n");
    assert_eq!(site.run(&["build"]).code, 0);
    let names = |site: &Site| site.tree("public").into_keys().collect::<Vec<_>>();
    let public = names(&site);
    assert!(
        !public.iter().any(|name| ["plan.html", "future.html", "past.html"].contains(&name.as_str())),
        "{public:?}"
    );
    let run = site.run(&["build", "--drafts"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let public = names(&site);
    assert!(public.contains(&"plan.html".into()) && public.contains(&"future.html".into()), "{public:?}");
    assert_eq!(site.run(&["build"]).code, 0);
    assert!(!names(&site).contains(&"plan.html".into()), "what was a draft goes again");
}

#[test]
fn a_base_url_gives_absolute_addresses() {
    let site = Site::new(SMALL);
    assert_eq!(site.run(&["build"]).code, 0);
    assert!(!site.path("public/sitemap.xml").exists(), "no address, no sitemap");
    let run = site.run(&["build", "--base-url", "https://example.org/deal"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(site.text("public/sitemap.xml").contains("<loc>https://example.org/deal/tea.html</loc>"));
    assert!(site.text("public/index.html").contains("href=\"tea.html#black\""), "links stay relative all the same");
}

#[test]
fn clean_removes_only_published_files() {
    let site = Site::new(SMALL);
    assert_eq!(site.run(&["build"]).code, 0);
    site.write("public/CNAME", "example.org\n");
    let run = site.run(&["clean"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(site.tree("public").into_keys().collect::<Vec<_>>(), ["CNAME"]);
    let run = site.run(&["clean"]);
    assert_eq!(run.code, 0, "nothing to clean is no error: {}", run.err);
}

#[test]
fn a_foreign_file_stops_the_build() {
    let site = Site::new(SMALL);
    site.write("public/tea.html", "<p>mine");
    let run = site.run(&["build"]);
    assert!(run.code == 1 && run.err.contains("error[output-foreign-file]"), "{}", run.err);
    assert_eq!(site.text("public/tea.html"), "<p>mine");
    assert_eq!(site.tree("public").len(), 1);
    let run = site.run(&["build", "--out", "content"]);
    assert!(run.code == 1 && run.err.contains("error[output-unsafe-folder]"), "{}", run.err);
}

#[test]
fn a_cache_that_cannot_be_created_is_a_warning_and_the_site_is_correct() {
    let site = Site::new(SMALL);
    assert_eq!(site.run(&["build"]).code, 0);
    let right = site.tree("public");
    std::fs::remove_dir_all(site.path(".dossier")).expect("the cache of the first build");
    std::fs::remove_dir_all(site.path("public")).expect("what it published");
    // A file at the path of the cache folder: no user can write there.
    site.write(".dossier", "mine\n");
    let run = site.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("warning[cache-failed]: "), "{}", run.err);
    assert_eq!(site.tree("public"), right);
    assert_eq!(site.text(".dossier"), "mine\n", "foreign files are kept");
}

#[test]
fn a_baseline_hides_known_problems_until_their_text_changes() {
    let site = Site::new(SMALL);
    let tea = "---\ntitle: Tea\nsummary: Leaves in water.\n---\n\n## Black\n\nSee [old](gone.md).\n";
    site.write("content/tea.md", tea);
    assert_eq!(site.run(&["check"]).code, 1);
    let run = site.run(&["check", "--write-baseline"]);
    assert_eq!(run.code, 2, "no file is named: {}", run.err);
    let run = site.run(&["check", "--baseline", "known.json"]);
    assert!(run.code == 1 && run.err.contains("cannot be read"), "{}", run.err);
    let run = site.run(&["check", "--baseline", "known.json", "--write-baseline"]);
    assert!(run.code == 0 && run.out.contains("1 known problem written to `known.json`"), "{}{}", run.out, run.err);

    // The file in `site.toml` holds for every command; the line may move.
    site.write("site.toml", "title = \"A small site\"\n[check]\nbaseline = \"known.json\"\n");
    site.write("content/tea.md", tea.replace("## Black", "## Black\n\nIt is fermented."));
    for command in ["check", "build", "build"] {
        let run = site.run(&[command]);
        assert!(run.code == 0 && run.out.contains("; 1 known problem left out\n"), "{command}: {}{}", run.out, run.err);
    }
    let run = site.run(&["check", "--format", "json"]);
    assert!(
        run.out.contains(r#""known_problems":1"#) && run.out.contains(r#""baseline":{"gone":[],"known":1}"#),
        "{}",
        run.out
    );

    // A second problem of the kind is new, and so is the first in other words.
    site.write("content/tea.md", tea.replace("See", "Do see"));
    let run = site.run(&["check"]);
    assert!(run.code == 1 && run.err.contains("broken-link"), "{}", run.err);
    // A problem that is gone is reported, until the file is written again.
    site.write("content/tea.md", tea.replace(" [old](gone.md)", ""));
    let run = site.run(&["check"]);
    assert!(run.code == 0 && run.out.contains("not there any more: content/tea.md: `broken-link`"), "{}", run.out);
    assert_eq!(site.run(&["check", "--write-baseline"]).code, 0);
    assert!(!site.run(&["check"]).out.contains("any more"));

    // What is always an error is never known.
    site.write("content/tea.md", format!("{tea}\n```{{nothing}}\n```\n"));
    let run = site.run(&["check", "--write-baseline"]);
    assert!(run.code == 1 && run.err.contains("unknown-component"), "{}", run.err);
    assert_eq!(site.run(&["build"]).code, 1);
}

#[test]
fn check_publishes_nothing() {
    let site = Site::new(SMALL);
    let run = site.run(&["check"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(!site.path("public").exists());
    site.write("content/tea.md", "[x](no.md)");
    let run = site.run(&["check"]);
    assert!(run.code == 1 && run.err.contains("broken-link"), "{}", run.err);
}

#[test]
fn a_check_with_an_archive_ends_with_the_number_of_verified_citations() {
    let site = Site::new(SMALL);
    let source = |id: &str, file: &str| {
        format!(
            "- id: {id}\n  kind: book\n  title: T\n  language: en\n  reliability: low\n  reliability_reason: R.\n{file}"
        )
    };
    let sources = source("scan", "  file: scan.txt\n") + &source("lost", "");
    site.write("content/evidence/sources.yaml", sources.as_bytes());
    site.write("content/tea.md", b"---\ntitle: Tea\n---\n## Black\n\nIt is old [@scan, line 1; @lost].\n");
    site.write("texts/scan.txt", b"%PDF-1.7");
    let line =
        "0 of 2 citations checked against a text; 1 cites a source without a file, 1 cites a file that is not text";
    let run = site.run(&["check", "--archive", "texts", "--allow", "source-unpinned", "--verbose"]);
    assert_eq!((run.code, run.out.trim_end().lines().last()), (1, Some(line)), "{}", run.err);
    assert!(
        run.out.contains("content/tea.md:6: `lost` not checked: it cites a source without a file\n"),
        "{}",
        run.out
    );
    let run = site.run(&["check", "--archive", "texts", "--format", "json"]);
    let counts = r#""citations":{"all":2,"checked":0,"unchecked":{"no-file":1,"not-text":1}}"#;
    assert!(run.out.contains(counts), "{}", run.out);
    assert!(!site.run(&["check"]).out.contains("citations"), "nothing was held against a text");
}

#[test]
fn flags_change_the_severity_of_a_problem() {
    let site = Site::new(SMALL);
    site.write("content/code.md", "# Code\n\n```klingon\nqo\n```\n");
    let run = site.run(&["check"]);
    assert!(run.code == 0 && run.err.contains("warning[unknown-language]"), "{}", run.err);
    let run = site.run(&["check", "--deny", "unknown-language"]);
    assert!(run.code == 1 && run.err.contains("error[unknown-language]"), "{}", run.err);
    let run = site.run(&["check", "--allow", "unknown-language"]);
    assert!(run.code == 0 && run.err.is_empty(), "{}", run.err);
    // With a lowered error the site is published.
    assert_eq!(site.run(&["build"]).code, 0);
    site.write("content/tea.md", "# Tea\n\n## Black\n\nTo [x](no.md).\n");
    assert_eq!(site.run(&["build"]).code, 1);
    let run = site.run(&["build", "--allow", "broken-link", "--allow", "broken-output-link"]);
    assert!(run.code == 0 && !run.err.contains("error["), "{}", run.err);
    assert!(site.path("public/index.html").exists() && site.path("public/tea.html").exists(), "{}", run.out);
    assert_eq!(site.run(&["build"]).code, 1, "and the next build says it again");
}

#[test]
fn problems_for_programs() {
    let site = Site::new(SMALL);
    site.write("content/tea.md", "# Tea\n\n## Black\n\nTo [x](no.md).\n");
    let json = site.run(&["check", "--format", "json"]);
    let found: serde_json::Value =
        serde_json::from_str(json.out.lines().next().unwrap_or_default()).expect("a JSON object");
    assert_eq!((json.code, &found["code"], &found["severity"]), (1, &"broken-link".into(), &"error".into()));
    assert_eq!((&found["place"]["file"], &found["place"]["line"]), (&"content/tea.md".into(), &5.into()));
    let sarif = site.run(&["check", "--format", "sarif"]);
    let found: serde_json::Value = serde_json::from_str(&sarif.out).expect("SARIF is JSON");
    let place = &found["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!((&found["version"], &place["region"]["startLine"]), (&"2.1.0".into(), &5.into()));
    assert_eq!(place["artifactLocation"]["uri"], "content/tea.md");
    let github = site.run(&["check", "--format", "github"]);
    assert!(github.out.starts_with("::error file=content/tea.md,line=5,col=4,title=broken-link::"), "{}", github.out);
}

#[test]
fn every_code_can_be_explained() {
    let list = dossier(here(), &["explain"]);
    assert_eq!(list.code, 0);
    assert_eq!(list.out.lines().count(), dossier::diag::CODES.len());
    for line in list.out.lines() {
        let code = line.split_whitespace().next().unwrap_or_default();
        let run = dossier(here(), &["explain", code]);
        assert!(run.code == 0 && run.out.starts_with(&format!("# {code}\n")), "{code}: {}", run.out);
    }
    assert!(dossier(here(), &["explain", "brokn-link"]).err.contains("did you mean `broken-link`?"));
}

#[cfg(unix)]
#[test]
fn an_editor_s_lock_link_is_not_an_input() {
    let site = Site::new(SMALL);
    std::os::unix::fs::symlink("somebody@host.1234", site.path("content/.#index.md")).expect("a link can be made");
    let built = site.run(&["build"]);
    assert_eq!(built.code, 0, "{}", built.err);
}
