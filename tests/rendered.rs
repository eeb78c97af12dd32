//! Small pages, built in memory: the HTML of their text, links and pictures, and their problems.

use std::fmt::Write;

use dossier::pipeline::{Request, build};
use dossier::source::{Memory, SitePath, line_column};

const SITE: &str = r#"
//- templates/page.html
<h1{% if page.title_id %} id="{{ page.title_id }}"{% endif %}>{{ page.title }}</h1>{{ page.content | safe }}
//- templates/section.html
{{ page.content | safe }}
//- templates/home.html
{{ page.content | safe }}
//- templates/404.html
Nothing.
//- content/index.md
# Home
"#;

/// The output at `path` of a site, and its problems as `CODE FILE:LINE:COLUMN: MESSAGE`.
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
fn an_unknown_citation_is_shown_as_written() {
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

/// A site of trusted authors with folder addresses, whose SVG files get a hash in their name.
const TRUSTED: &str = "//- site.toml\ntitle = \"T\"\n[content]\ntrust = \"full\"\n[output]\ntheme = false\nsearch = false\n\
                       urls = \"folder\"\nfingerprint = [\"*.svg\"]\n//- static/icons.svg\n<svg viewBox=\"0 0 30 20\"/>\n\
                       //- content/guide/report.pdf\nx\n//- content/guide/talk.mp4\nx\n//- content/guide/data.json\n{}\n\
                       //- templates/components/c.html\n{% component figure(src: string, width: integer = 0, height: integer = 0) %}\
                       <img src=\"{{ src }}\" width=\"{{ width }}\" height=\"{{ height }}\">{% endcomponent figure %}\n";

#[test]
fn queries_and_fragments_of_links_to_files_are_kept() {
    let html = page(
        &format!(
            "{TRUSTED}//- content/guide/a.md\n# A\n\n[r](report.pdf#page=12) [t](talk.mp4#t=30,é) [d](data.json?v=2&w=a%20b) \
             ![i](/icons.svg#a) [b](b.md?q=x#top)\n\n<img src=\"/icons.svg#b\" srcset='/icons.svg?1 1x, data.json?x 2x'>\n\
             <a href=b.md?y>b</a>\n<a href=\"../../guide/b/\">c</a>\n\n```{{figure}} src=/icons.svg#c\n```\n\
             //- content/guide/b.md\n# B\n"
        ),
        "guide/a/index.html",
    );
    for expected in [
        "href=\"../../guide/report.pdf#page=12\"",
        "href=\"../../guide/talk.mp4#t=30,%C3%A9\"",
        "href=\"../../guide/data.json?v=2&amp;w=a%20b\"",
        ".svg#a\" width=\"30\" height=\"20\"",
        "href=\"../../guide/b/?q=x#top\"",
        "<img src=\"../../icons.",
        ".svg#b\" srcset='../../icons.",
        ".svg?1 1x, ../../guide/data.json?x 2x'>",
        "<a href=../../guide/b/?y>b</a>",
        "<a href=\"../../guide/b/\">c</a>",
        ".svg#c\" width=\"30\" height=\"20\">",
    ] {
        assert!(html.contains(expected), "{expected} is not in {html}");
    }
    assert!(!html.contains("/icons.svg"), "{html}");
}

#[test]
fn anchors_are_found_however_they_are_written() {
    let html = page(
        "//- content/a.md\n# A\n\n[a](#caf%C3%A9) [b](#café) [c](b.md#:~:text=one,two) [d](b.md#ü:~:text=an%20e) [e](#top) [f](#)\n\n## Café\n\
         //- content/b.md\n# B\n\n## Ü\n",
        "a.html",
    );
    for expected in [
        "<a href=\"#caf%C3%A9\">a</a> <a href=\"#caf%C3%A9\">b</a>",
        "<a href=\"b.html#:~:text=one,two\">c</a>",
        "<a href=\"b.html#%C3%BC:~:text=an%20e\">d</a>",
        "<a href=\"#top\">e</a> <a href=\"#\">f</a>",
    ] {
        assert!(html.contains(expected), "{expected} is not in {html}");
    }
}

#[test]
fn only_links_to_other_sites_are_external() {
    let fixture = format!(
        "{TRUSTED}//- content/a.md\n# A\n\n## B\n\n[b](#b) [m](mailto:a@x.org) [t](tel:+123) c@x.org [h](https://x.org) [p](//x.org)\n"
    );
    let html = page(&fixture, "a/index.html");
    let links: Vec<&str> = html.split("<a href=\"").skip(1).filter(|link| link.contains("external")).collect();
    assert!(
        matches!(&links[..], [a, b] if a.starts_with("https://x.org\"") && b.starts_with("//x.org\"")),
        "{links:?}"
    );
}

#[test]
fn a_broken_link_is_reported_once() {
    let warn = "[\"broken-link\", \"broken-anchor\", \"broken-output-link\", \"duplicate-anchor\"]";
    let toml = TRUSTED.replace("[output]", &format!("[check]\nwarn = {warn}\n[output]"));
    let fixture = format!(
        "{toml}//- content/a.md\n# A\n\n[n](nowhere.md) [s](b.md#sectoin)\n\n> <div>\n> <a href=\"gone.html\">g</a></div>\n\n\
         In <a href='b.md#x'>text</a> and [t](#x).\n\n```{{figure}} src=none.png\n```\n\n<p id=twice></p>\n<p id=twice></p>\n\
         //- content/b.md\n# B\n\n## Section\n"
    );
    let (html, said) = made(&fixture, "a/index.html");
    assert!(html.contains("<a href=\"../b/#sectoin\">s</a>"), "{html}");
    let expected = [
        "broken-link content/a.md:3:1: the link `nowhere.md` does not exist",
        "broken-anchor content/a.md:3:17: `b.md` has no anchor `#sectoin`",
        "broken-anchor content/a.md:8:34: `a.md` has no anchor `#x`",
        "broken-link content/a.md:10:13: the picture `none.png` does not exist",
        "duplicate-anchor content/a.md:14:7: another place of this page has the id `twice`",
        "broken-output-link content/a.md:6:12: `gone.html` leads to `a/gone.html`, which does not exist",
        "broken-output-link content/a.md:8:13: `../b/#x` leads to `#x`, which `b/index.html` does not have",
    ];
    for line in expected {
        assert_eq!(said.matches(line).count(), 1, "{line} in\n{said}");
    }
    assert_eq!(said.lines().count(), expected.len(), "{said}");
}

#[test]
fn ids_in_html_are_anchors() {
    let fixture = format!(
        "{TRUSTED}//- content/a.md\n# <a name=\"first\"></a>A\n\n[x](#x) [y](#y) [z](#first) [own](#details-2)\n\n<a id=\"x\"></a>\n\
         Some <span id='y'>text</span>.\n\n<a name=details></a>\n\n## Details\n//- content/b.md\n# B\n\n[x](a.md#first)\n"
    );
    let html = page(&fixture, "a/index.html");
    assert!(html.contains("<h1 id=\"first\">A</h1>") && html.contains("<h2 id=\"details-2\">"), "{html}");
}

#[test]
fn a_figure_has_the_size_of_its_picture() {
    let fixture = "//- site.toml\ntitle = \"T\"\n[output]\nsearch = false\n//- content/x/p.svg\n<svg viewBox=\"0 0 30 20\"/>\n\
                   //- content/x/a.md\n# A\n\n```{figure} src=p.svg alt=\"A square\"\n```\n";
    let html = page(fixture, "x/a.html");
    assert!(html.contains("<img src=\"../x/p.svg\" alt=\"A square\" width=\"30\" height=\"20\""), "{html}");
    let sizes = |given: &str| {
        let html = page(&fixture.replace("alt=", &format!("{given} alt=")), "x/a.html");
        html.split(" width=").nth(1).and_then(|rest| rest.split(" loading").next()).unwrap_or_default().to_owned()
    };
    for (given, expected) in [
        ("width=60", "\"60\" height=\"40\""),
        ("height=10", "\"15\" height=\"10\""),
        ("width=7 height=9", "\"7\" height=\"9\""),
    ] {
        assert_eq!(sizes(given), expected, "{given}");
    }
}

#[test]
fn a_figure_has_a_caption_a_credit_and_a_wide_form() {
    let figure = |args: &str| {
        let site = "//- site.toml\ntitle = \"T\"\n[output]\nsearch = false\n//- content/p.svg\n<svg/>\n//- content/a.md\n# A\n\n";
        let html = page(&format!("{site}```{{figure}} src=p.svg alt=P {args}\n```\n"), "a.html");
        let found = html.split("<figure").nth(1).and_then(|rest| rest.split("</figure>").next());
        found.unwrap_or_default().to_owned()
    };
    assert!(!figure("").contains("figcaption"));
    assert!(figure("caption=Words").contains("<figcaption>Words</figcaption>"));
    assert!(figure("credit=\"A. Press\"").contains("<figcaption> <span class=\"credit\">A. Press</span></figcaption>"));
    assert!(figure("wide=true").starts_with(" class=\"wide-figure\">"));
}

#[test]
fn no_two_tables_of_a_page_share_a_name() {
    let table = "| key | value |\n|---|---|\n| a | b |\n\n";
    let html = page(&format!("//- content/a.md\n# A\n\n{table}```\n```\n\n{table}"), "a.html");
    let names: Vec<&str> = html.split("aria-label=\"Table").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(names, [": key, value", " 2: key, value"]);
}

/// Apple's file systems decompose accented letters, editors compose them.
#[test]
fn a_file_is_found_however_its_accents_are_written() {
    let links = "[a](caf\u{e9}.md) [b](caf\u{e9}.txt) [c](/caf\u{e9}.pdf)";
    let files = "//- content/cafe\u{301}.md\n# C\n//- content/cafe\u{301}.txt\nB\n//- static/cafe\u{301}.pdf\nC\n";
    let html = page(&format!("//- content/a.md\n# A\n\n{links}\n{files}"), "a.html");
    for (file, text) in [("cafe%CC%81.html", "a"), ("cafe%CC%81.txt", "b"), ("cafe%CC%81.pdf", "c")] {
        assert!(html.contains(&format!("<a href=\"{file}\">{text}</a>")), "{html}");
    }
}

#[test]
fn of_two_headings_of_level_one_both_are_shown() {
    let html = page("//- content/a.md\n# First\n\n# Second\n\nText.\n", "a.html");
    assert!(html.contains("<h1>First</h1>") && html.contains(">Second "), "{html}");
}
