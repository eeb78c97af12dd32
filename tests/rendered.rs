//! Small pages, built in memory: what comes out of their text, links and pictures, and what is said of them.

use std::fmt::Write;

use dossier::pipeline::{Request, build};
use dossier::source::{Memory, SitePath, line_column};

const SITE: &str = r#"
//- templates/page.html
<title>{{ page.title }}</title>{{ page.content | safe }}
//- templates/home.html
{{ page.content | safe }}
//- templates/404.html
Nothing.
//- content/index.md
# Home
"#;

/// The output at `path` of a site, and all that is said of it, as `CODE FILE:LINE:COLUMN: MESSAGE`.
fn made(fixture: &str, path: &str) -> (String, String) {
    let toml = "//- site.toml\ntitle = \"T\"\n[output]\ntheme = false\nsearch = false\n";
    let toml = if fixture.contains("//- site.toml") { "" } else { toml };
    let files = Memory::fixture(&format!("{toml}{fixture}{SITE}"));
    let out = Memory::default();
    let built = build(&files, &Request::of(jiff::civil::date(2026, 11, 21)), &out, &|_, _, _| {});
    let mut said = String::new();
    for problem in built.problems.iter() {
        let place = problem.at.as_ref().map_or_else(String::new, |at| {
            let text = files.snapshot().get(&at.file).cloned().unwrap_or_default();
            let place = line_column(&String::from_utf8_lossy(&text), at.start);
            format!(" {}:{}:{}", at.file, place.line, place.column)
        });
        let _ = writeln!(said, "{}{place}: {}", problem.code, problem.message);
    }
    let bytes = out.snapshot().get(&SitePath::new(path).expect("a path")).cloned().unwrap_or_default();
    (String::from_utf8_lossy(&bytes).into_owned(), said)
}

/// The output at `path` of a site that has no problems.
#[track_caller]
fn page(fixture: &str, path: &str) -> String {
    let (html, said) = made(fixture, path);
    assert_eq!(said, "");
    html
}

const WARN: &str = "//- site.toml\ntitle = \"T\"\n[output]\ntheme = false\nsearch = false\n[check]\nwarn = ";

#[test]
fn a_citation_of_nothing_stands_as_it_was_written() {
    let evidence = "//- content/evidence/sources.yaml\n- id: report\n  kind: news\n  title: R\n  date: 2018-02-23\n  language: en\n  \
                    reliability: high\n  reliability_reason: It was there.\n";
    let fixture = format!(
        "{WARN}[\"unknown-citation\"]\n{evidence}//- content/a.md\n# A\n\nIt grew [@Smith2015, p. 4; @b.c].\nSo[@x] it did [@report; @y].\n"
    );
    let (html, said) = made(&fixture, "a.html");
    assert!(html.contains("<p>It grew [@Smith2015, p. 4; @b.c].\nSo[@x] it did<span class=\"cites\"><a"), "{html}");
    assert!(html.contains(">1</a></span> [@y].</p>"), "{html}");
    assert_eq!(said.matches("unknown-citation content/a.md:").count(), 4, "{said}");
}

#[test]
fn a_link_definition_wins_over_a_citation() {
    let html = page("//- content/a.md\n# A\n\nThanks to [@alice]!\n\n[@alice]: https://alice.example\n", "a.html");
    assert!(html.contains("Thanks to <a href=\"https://alice.example\""), "{html}");
    let evidence = "//- content/evidence/sources.yaml\n- id: report\n  kind: news\n  title: R\n  date: 2018-02-23\n  language: en\n  \
                    reliability: high\n  reliability_reason: It was there.\n";
    let fixture =
        format!("{evidence}//- content/a.md\n# A\n\nIt grew [@report].\n\n[@report]: https://report.example\n");
    let (_, said) = made(&fixture, "a.html");
    assert!(said.contains("citation-syntax content/a.md:3:10: `[@report]` cites nothing here"), "{said}");
}
