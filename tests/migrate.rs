//! The command line of an import. The conversion from each generator is tested in `tests/import.rs`.

mod support {
    pub mod files;
    pub mod run;
    pub mod site;
}

use support::site::Site;

const ZOLA: &str = "\
//- old/config.toml
base_url = \"https://example.org\"
title = \"Old\"
//- old/content/blog/one/index.md
+++
title = \"One\"
date = 2020-01-31
authors = [\"a\"]
+++
See [two](@/blog/two.md), [nothing](@/no.md) and <b>this</b>. [@nobody]

{{ chart(id=1) }}

![pic](pic.png)
//- old/content/blog/one/pic.png
PNG
//- old/content/blog/two.md
---
title: Two
---
## Two
//- old/static/a.css
p { margin: 0 }
";

#[test]
fn an_import_builds_and_leaves_the_old_folder_alone() {
    let site = Site::new(ZOLA);
    let before = site.tree("old");
    let run = site.run(&["init", "new", "--from-markdown", "old"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.starts_with("Imported 2 pages and 2 other files from `old` (Zola) into `new`\n2 kinds of"),
        "{}",
        run.out
    );
    for expected in
        ["warning[not-imported]: front matter keys", "--> old/content/blog/one/index.md:4:1", "as they were: `chart`"]
    {
        assert!(run.err.contains(expected), "{expected}: {}", run.err);
    }
    assert!(site.text("new/import-report.md").contains("- `chart`: content/blog/one/index.md:8\n"));
    assert!(site.tree("old") == before, "nothing is written there");

    let built = site.run(&["build", "--root", "new"]);
    assert_eq!(built.code, 0, "{}", built.err);
    assert!(built.err.contains("warning[broken-link]"), "it is a warning: {}", built.err);
    let page = site.text("new/public/blog/one/index.html");
    assert!(page.contains("href=\"../../blog/two/\"") && page.contains("<b>this</b>"), "{page}");
    assert!(page.contains("[@nobody]"), "no citation is lost: {page}");
    assert!(site.path("new/public/blog/one/pic.png").is_file());
    assert!(site.path("new/templates/base.html").is_file());
}

#[test]
fn the_report_can_be_json() {
    let site = Site::new(ZOLA);
    let run = site.run(&["init", "new", "--from-markdown", "old", "--format", "json", "--no-theme"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let lines: Vec<serde_json::Value> = run.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2, "{}", run.out);
    assert_eq!(lines[0]["place"]["file"], "old/content/blog/one/index.md");
    assert_eq!(lines[0]["place"]["line"], 4);
    assert!(!site.path("new/templates").exists());
}

/// Wrong usage: a clear message, and nothing is written.
#[test]
fn wrong_usage_writes_nothing() {
    let site = Site::new(&format!("{ZOLA}//- full/mine.txt\nmine\n//- bare/readme.txt\nno Markdown\n"));
    let before = site.tree(".");
    for (words, expected) in [
        (&["init", "full", "--from-markdown", "old"][..], "`full` is not empty"),
        (&["init", "old/new", "--from-markdown", "old"], "`old/new` is inside `old`"),
        (&["init", "new", "--from-markdown", "nowhere"], "cannot read `nowhere`"),
        (&["init", "new", "--from-markdown", "full/mine.txt"], "cannot read `full/mine.txt`"),
        (&["init", "new", "--from-markdown", "bare"], "there is no Markdown"),
        (&["init", "new", "--format", "json"], "--from-markdown"),
    ] {
        let run = site.run(words);
        assert_eq!(run.code, 2, "{words:?}: {}", run.err);
        assert!(run.err.starts_with("error: ") && run.err.contains(expected), "{words:?}: {}", run.err);
        assert!(site.tree(".") == before, "{words:?}: something was written");
    }
}

/// The target of a link is neither copied nor shown in a message.
#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let site = Site::new("//- old/a.md\n# A\n//- secret.txt\nthe secret\n");
    std::os::unix::fs::symlink(site.path("secret.txt"), site.path("old/b.md")).expect("a link can be made");
    std::os::unix::fs::symlink(site.path("."), site.path("old/up")).expect("a link can be made");
    let run = site.run(&["init", "new", "--from-markdown", "old"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("links and special files were not followed: `b.md`, `up`"), "{}", run.err);
    let all: Vec<u8> = site.tree("new").into_values().flatten().collect();
    assert!(!run.err.contains("the secret") && !String::from_utf8_lossy(&all).contains("the secret"));
}

/// Real pages: the manual of this repository is plain Markdown.
#[test]
fn the_manual_is_imported_completely() {
    let site = Site::new("");
    let manual = support::files::here().join("docs/manual/content");
    let run = site.run(&["init", "new", "--from-markdown", manual.to_str().expect("a path in UTF-8")]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let built = site.run(&["build", "--root", "new"]);
    // The pictures of components are not brought over, and reported.
    let warnings: Vec<&str> = built.err.lines().filter(|line| line.starts_with("warning[")).collect();
    let missing = ["flow.svg", "map.svg"];
    let missing = missing.map(|name| format!("warning[broken-link]: the picture `{name}` does not exist"));
    assert_eq!(warnings, missing, "{}", built.err);
    assert_eq!(built.code, 0, "{}", built.out);
    assert!(site.text("new/public/explanation/dates.html").contains("<td><code>2018-02-23?</code></td>"));
}

/// Hostile input gives a site or an error.
#[test]
fn hostile_input_does_not_crash_the_import() {
    let deep = "> ".repeat(300) + "x";
    let site = Site::new(&format!(
        "//- old/_config.yml\n- [broken\n//- old/a.md\n---\na: &a [*a, *a]\ndraft: true\n---\nA secret draft.\n//- old/b.md\n---\nnever closed\n\
         //- old/c.md\n{deep}\n//- old/d.md\n{{{{#include ../../etc/passwd}}}} {{% x [[ ]( ::: ![\n//- old/e.md\n[up](../../secret.txt)\n"
    ));
    site.write("old/f.md", [0xff, 0xfe, 0x00]);
    let run = site.run(&["init", "new", "--from-markdown", "old"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("invalid YAML") && run.err.contains("is not UTF-8"), "{}", run.err);
    let built = site.run(&["build", "--root", "new"]);
    assert_eq!(built.code, 0, "{}", built.err);
    let public: Vec<u8> = site.tree("new/public").into_values().flatten().collect();
    assert!(!String::from_utf8_lossy(&public).contains("A secret draft"), "an unreadable front matter hides its page");
}
