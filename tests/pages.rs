//! Sites as fixtures, built in memory: which pages they have, at which address, in which order, with which links.

use std::collections::BTreeMap;

use dossier::pipeline::{Built, Request, build};
use dossier::source::{Memory, SitePath};

const TEMPLATES: &str = r#"
//- templates/base.html
{{ page.title }} [{% for c in page.breadcrumbs %}{{ root }}{{ c.href }} {% endfor %}]
prev={% if page.prev %}{{ page.prev.href }}{% endif %} next={% if page.next %}{{ page.next.href }}{% endif %}
children={% for c in page.children %}{{ c.href }} {% endfor %}
{{ page.content | safe }}
//- templates/home.html
{% extends "base.html" %}
//- templates/page.html
{% extends "base.html" %}
//- templates/section.html
{% extends "base.html" %}
//- templates/404.html
<a href="{{ root }}index.html">home</a>
"#;

fn made(fixture: &str) -> (BTreeMap<SitePath, Vec<u8>>, Built) {
    made_at(fixture, None)
}

fn made_at(fixture: &str, base_url: Option<&str>) -> (BTreeMap<SitePath, Vec<u8>>, Built) {
    let toml =
        if fixture.contains("//- site.toml") { "" } else { "//- site.toml\ntitle = \"T\"\n[output]\ntheme = false\n" };
    let files = Memory::fixture(&format!("{toml}{fixture}{TEMPLATES}"));
    let out = Memory::default();
    let today = jiff::civil::date(2026, 11, 21);
    let request = Request { base_url: base_url.map(str::to_owned), ..Request::of(today) };
    let built = build(&files, &request, &out, &|_, _, _| {});
    (out.snapshot(), built)
}

fn page(fixture: &str, path: &str) -> String {
    let (outputs, built) = made(fixture);
    let problems: Vec<_> = built.problems.iter().map(|found| format!("{}: {}", found.code, found.message)).collect();
    assert!(!built.problems.has_errors(), "{problems:#?}");
    text(&outputs, path)
}

fn text(outputs: &BTreeMap<SitePath, Vec<u8>>, path: &str) -> String {
    let path = SitePath::new(path).expect("a good path");
    let bytes = outputs.get(&path).unwrap_or_else(|| panic!("no {path} among {:?}", outputs.keys()));
    String::from_utf8_lossy(bytes).into_owned()
}

fn codes(fixture: &str) -> Vec<String> {
    let (_, built) = made(fixture);
    built.problems.iter().map(|found| found.code.to_owned()).collect()
}

#[test]
fn links_name_files_and_become_relative_from_any_depth() {
    let fixture = "//- content/index.md\n# Home\n//- content/a/b/c.md\n# C\n[up](../../index.md) [d](d.md#two)\n\
                   //- content/a/b/d.md\n# D\n## Two\n";
    let c = page(fixture, "a/b/c.html");
    assert!(c.contains("href=\"../../index.html\""), "{c}");
    assert!(c.contains("href=\"../../a/b/d.html#two\""), "{c}");
}

#[test]
fn folders_are_sections_with_or_without_an_index() {
    let fixture = "//- content/index.md\n# Home\n//- content/guide/deep/x.md\n# X\n//- content/guide/y.md\n# Y\n";
    assert!(
        page(fixture, "guide/deep/x.html")
            .contains("[../../index.html ../../guide/index.html ../../guide/deep/index.html ]")
    );
    let guide = page(fixture, "guide/index.html");
    assert!(guide.contains("children=guide/deep/index.html guide/y.html"), "{guide}");
}

#[test]
fn ordered_pages_form_their_own_chain() {
    let fixture = "//- content/index.md\n# Home\n//- content/b.md\n---\norder: 1\n---\n# B\n\
                   //- content/a.md\n---\norder: 2\n---\n# A\n//- content/z.md\n# Z\n";
    assert!(page(fixture, "b.html").contains("prev= next=a.html"));
    assert!(page(fixture, "a.html").contains("prev=b.html next="));
    assert!(page(fixture, "z.html").contains("prev= next="));
}

#[test]
fn drafts_future_and_expired_pages_are_left_out_and_links_to_them_reported() {
    let hidden = "//- content/d.md\n---\ndraft: true\n---\n# D\n//- content/f.md\n---\ndate: 2027-01-01\n---\n# F\n\
                  //- content/e.md\n---\nexpires: 2026-11-21\n---\n# E\n";
    let (outputs, built) = made(&format!("//- content/index.md\n# Home\n{hidden}"));
    assert!(!built.problems.has_errors());
    for path in ["d.html", "f.html", "e.html"] {
        assert!(outputs.keys().all(|output| output.as_str() != path), "{path} is there");
    }
    let linked = format!("//- content/index.md\n# Home\n[d](d.md) [f](f.md) [e](e.md)\n{hidden}");
    assert_eq!(codes(&linked), ["hidden-link"; 3]);
}

#[test]
fn long_sections_are_split() {
    let mut fixture =
        "//- site.toml\ntitle = \"T\"\n[output]\ntheme = false\n[content]\npaginate = 2\n//- content/index.md\n# Home\n".to_owned();
    for number in 1..=5 {
        fixture.push_str(&format!("//- content/log/p{number}.md\n---\norder: {number}\n---\n# P{number}\n"));
    }
    assert!(page(&fixture, "log/index.html").contains("children=log/p1.html log/p2.html \n"));
    assert!(page(&fixture, "log/page/2.html").contains("children=log/p3.html log/p4.html \n"));
    assert!(page(&fixture, "log/page/3.html").contains("children=log/p5.html \n"));
}

#[test]
fn only_the_404_page_uses_paths_from_the_base_address() {
    let fixture = "//- content/index.md\n# Home\n";
    let (outputs, _) = made_at(fixture, Some("https://example.org/deal/"));
    assert_eq!(text(&outputs, "404.html").trim(), "<a href=\"/deal/index.html\">home</a>");
    let (outputs, _) = made(fixture);
    assert_eq!(text(&outputs, "404.html").trim(), "<a href=\"index.html\">home</a>");
}

#[test]
fn aliases_redirect_from_any_depth() {
    let aliases = |aliases: &str, urls: &str| {
        let fixture = format!(
            "//- site.toml\ntitle = \"T\"\nbase_url = \"https://here.example/\"\n[output]\ntheme = false\nurls = \"{urls}\"\n\
             //- content/index.md\n# Home\n//- content/new.md\n---\naliases: [{aliases}]\n---\n# New\n"
        );
        let (outputs, built) = made(&fixture);
        assert!(built.problems.is_empty(), "{:#?}", built.problems);
        let leads_on = |(path, bytes): (&SitePath, &Vec<u8>)| {
            let html = String::from_utf8_lossy(bytes);
            let to = html.split("0; url=").nth(1)?.split('"').next()?.to_owned();
            Some(format!("{path} {to}"))
        };
        outputs.iter().filter_map(leads_on).collect::<Vec<_>>()
    };
    assert_eq!(aliases("old/name", "file"), ["old/name.html ../new.html"]);
    assert_eq!(aliases("\"/caf%C3%A9/\", /v1.2", "file"), ["café/index.html ../new.html", "v1.2.html new.html"]);
    assert_eq!(aliases("\"https://here.example/old.html\"", "file"), ["old.html new.html"]);
    assert_eq!(
        aliases("old, /older/, oldest.html", "folder"),
        ["old/index.html ../new/", "older/index.html ../new/", "oldest.html new/"]
    );
}

#[test]
fn a_page_takes_precedence_over_an_alias() {
    let fixture =
        "//- content/index.md\n# Home\n//- content/a.md\n---\naliases: [a, b]\n---\n# A\n//- content/b.md\n# B\n";
    let (outputs, built) = made(fixture);
    let reported: Vec<_> = built.problems.iter().map(|found| (found.code, found.message.as_str())).collect();
    assert_eq!(
        reported,
        [
            ("unused-alias", "the alias `a` is the address of the page itself"),
            ("unused-alias", "the alias `b` is the address of `content/b.md`")
        ]
    );
    assert!(text(&outputs, "a.html").starts_with("A [") && text(&outputs, "b.html").starts_with("B ["));
}

#[test]
fn a_clash_is_always_an_error_and_names_both_files() {
    let posts =
        ["2021", "2022", "2023"].map(|year| format!("//- content/posts/{year}.md\n---\nslug: award\n---\n# {year}\n"));
    let site = "//- site.toml\ntitle = \"T\"\n[output]\ntheme = false\n[check]\nwarn = [\"address-twice\"]\n//- content/index.md\n# Home\n";
    let (_, built) = made(&format!("{site}{}", posts.concat()));
    assert!(built.outputs.is_empty());
    let reported: Vec<_> = built.problems.iter().map(|found| (found.code, found.message.as_str())).collect();
    assert_eq!(
        reported,
        [
            (
                "address-twice",
                "`content/posts/2021.md` and `content/posts/2022.md` are both written to `posts/award.html`"
            ),
            (
                "address-twice",
                "`content/posts/2022.md` and `content/posts/2023.md` are both written to `posts/award.html`"
            ),
            ("bad-value", "`address-twice` is always an error"),
        ]
    );
}

#[test]
fn codes_that_are_always_errors_can_be_neither_lowered_nor_hidden() {
    let lowered = dossier::diag::CODES.iter().filter(|code| code.always).map(|code| code.name);
    let mut problems: dossier::diag::Diagnostics =
        lowered.map(|code| dossier::diag::Diagnostic::new(code, None, "so")).collect();
    let before = problems.clone();
    problems.relevel(|_| dossier::diag::Severity::Allow);
    assert_eq!(problems, before);
}

#[test]
fn addresses_that_differ_only_in_case_are_refused() {
    let fixture = "//- content/index.md\n# Home\n//- content/cloud.md\n# A\n//- content/Cloud.md\n# B\n";
    assert_eq!(codes(fixture), ["address-twice"]);
}

#[test]
fn every_broken_link_is_reported_with_its_line_and_a_suggestion() {
    let (_, built) =
        made("//- content/index.md\n# Home\n\n[x](clud.md)\n[y](cloud.md#azur)\n//- content/cloud.md\n# C\n## Azure\n");
    let reported: Vec<_> =
        built.problems.iter().map(|found| (found.code, found.hint.clone().unwrap_or_default())).collect();
    assert_eq!(
        reported,
        [
            ("broken-link", "did you mean `cloud.md`?".to_owned()),
            ("broken-anchor", "did you mean `#azure`?".to_owned())
        ]
    );
}

#[test]
fn links_of_templates_are_checked_too() {
    let fixture = "//- content/index.md\n---\ntemplate: bad\n---\n# Home\n//- templates/bad.html\n<a href=\"nowhere.html\">x</a>\n";
    assert_eq!(codes(fixture), ["broken-output-link"]);
}

#[test]
fn files_beside_pages_are_copied_and_pictures_have_their_size() {
    let fixture = "//- content/index.md\n# Home\n//- content/a/x.md\n# X\n![a](map.svg)\n\
                   //- content/a/map.svg\n<svg viewBox=\"0 0 30 20\"></svg>";
    let x = page(fixture, "a/x.html");
    assert!(x.contains("src=\"../a/map.svg\" width=\"30\" height=\"20\""), "{x}");
    assert!(page(fixture, "a/map.svg").starts_with("<svg"));
}

#[test]
fn static_files_are_fingerprinted_on_request() {
    let fixture = "//- content/index.md\n---\ntemplate: css\n---\n# H\n//- templates/css.html\n{{ site.assets[\"style.css\"] }}\n\
                   //- static/style.css\nbody{}\n//- static/plain.txt\nhello\n";
    let (outputs, _) = made(fixture);
    let css = text(&outputs, "index.html").trim().to_owned();
    assert!(css.starts_with("style.") && css.len() == "style.0123456789.css".len(), "{css}");
    assert_eq!(text(&outputs, &css).trim(), "body{}");
    assert_eq!(text(&outputs, "plain.txt").trim(), "hello");
}

#[test]
fn a_fingerprinted_stylesheet_contains_those_of_its_folder_that_it_imports() {
    let published = |style: &str| {
        let fixture = format!(
            "//- content/index.md\n---\ntemplate: css\n---\n# H\n//- templates/css.html\n{{{{ site.assets[\"style.css\"] }}}}\n\
             //- static/style.css\n{style}\n//- static/a.css\n@import \"b.css\";\na {{ b: c }}\n//- static/b.css\nb {{ c: d }}\n"
        );
        let (outputs, _) = made(&fixture);
        text(&outputs, text(&outputs, "index.html").trim()).trim().to_owned()
    };
    assert_eq!(published("@import \"a.css\";\np { q: r }"), "b{c:d}a{b:c}p{q:r}");
    for other in
        ["@import \"none.css\";p{q:r}", "@import \"a.css\";@import url(b.css);p{q:r}", "@import \"style.css\";p{q:r}"]
    {
        assert_eq!(published(other), other);
    }
}

#[test]
fn the_theme_links_to_plain_names_without_fingerprints() {
    let fixture = "//- site.toml\ntitle = \"T\"\n[output]\nfingerprint = []\n//- content/index.md\n# Home\n";
    let out = Memory::default();
    let built = build(&Memory::fixture(fixture), &Request::of(jiff::civil::date(2026, 11, 21)), &out, &|_, _, _| {});
    assert!(
        !built.problems.has_errors(),
        "{:?}",
        built.problems.iter().map(|found| &found.message).collect::<Vec<_>>()
    );
    let outputs = out.snapshot();
    assert!(text(&outputs, "tokens.css").contains(":root"));
    let (home, search) = (text(&outputs, "index.html"), text(&outputs, "search.html"));
    assert!(
        home.contains("href=\"style.css\"")
            && home.contains("src=\"site.js\" data-root=\"\" data-style=\"evidence.css\" data-search=\"search.js\"")
    );
    assert!(search.contains("src=\"search.js\""), "{search}");
}

#[test]
fn without_base_url_no_file_that_needs_it_is_written() {
    let fixture = "//- content/index.md\n# Home\n";
    let (outputs, _) = made(fixture);
    assert!(outputs.keys().all(|path| !["sitemap.xml", "feed.xml"].contains(&path.as_str())));
    let (outputs, _) = made_at(fixture, Some("https://example.org/"));
    assert!(text(&outputs, "sitemap.xml").contains("<loc>https://example.org/</loc>"));
    assert!(text(&outputs, "robots.txt").contains("Sitemap: https://example.org/sitemap.xml"));
}

/// Not even if the problem is a warning; files in `static` are trusted.
#[test]
fn active_files_of_authors_who_are_not_trusted_are_never_published() {
    let files = "//- content/index.md\n# Home\n[x](x.html) ![map](map.svg) ![plan](plan.svg)\n\
                 //- content/x.html\n<script>alert(1)</script>\n\
                 //- content/map.svg\n<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>\n\
                 //- content/plan.svg\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n//- content/_headers\n/*\n\
                 //- static/own.html\n<script>alert(1)</script>\n";
    let site = |trust| {
        let warn = "warn = ['active-file', 'broken-output-link']";
        format!("//- site.toml\ntitle = 'T'\n[output]\ntheme = false\n[content]\ntrust = '{trust}'\n[check]\n{warn}\n")
    };
    let published = |trust| {
        let (outputs, built) = made(&format!("{}{files}", site(trust)));
        assert!(!built.problems.has_errors(), "{:#?}", built.problems);
        let names = ["x.html", "map.svg", "plan.svg", "_headers", "own.html"];
        names.map(|name| outputs.contains_key(&SitePath::new(name).expect("a path")))
    };
    assert_eq!(published("none"), [false, false, true, false, true]);
    assert_eq!(published("full"), [true; 5]);
}

#[test]
fn other_files_below_evidence_are_not_published() {
    let fixture = "//- content/index.md\n# Home\n//- content/evidence/raw/talk.txt\nOff the record.\n";
    let (outputs, built) = made(fixture);
    assert_eq!(built.problems.iter().map(|found| found.code).collect::<Vec<_>>(), ["unknown-file"]);
    assert!(outputs.keys().all(|path| !path.as_str().contains("talk")), "{:?}", outputs.keys());
}

#[test]
fn keys_of_other_generators_are_errors_with_the_key_to_use() {
    let hint = |key: &str| {
        let (_, built) = made(&format!("//- content/index.md\n---\ntitle: T\n{key}: x\n---\n"));
        let found = built.problems.iter().next().expect("a problem");
        assert_eq!((found.code, built.problems.has_errors()), ("unknown-key", true), "{key}");
        found.hint.clone().unwrap_or_default()
    };
    assert_eq!(hint("Draft"), "did you mean `draft`?");
    assert_eq!(hint("publishDate"), "write `date`: a page is left out before that day");
    assert_eq!(hint("expirydate"), "write `expires`");
    for key in ["published", "publish", "hidden"] {
        assert_eq!(hint(key), "write `draft: true` for a page that is not to be published");
    }
}

#[test]
fn errors_publish_nothing() {
    let (_, built) = made("//- content/index.md\n# Home\n[x](y.md)\n");
    assert!(built.outputs.is_empty());
}

#[test]
fn the_parts_of_a_long_list_are_numbered_in_the_theme() {
    let pages: String = (0..60).map(|number| format!("//- content/notes/n{number}.md\n# N{number}\n")).collect();
    let files = Memory::fixture(&format!("//- site.toml\ntitle = \"T\"\n//- content/index.md\n# Home\n{pages}"));
    let out = Memory::default();
    let built = build(&files, &Request::of(jiff::civil::date(2026, 11, 21)), &out, &|_, _, _| {});
    assert!(!built.problems.has_errors(), "{:#?}", built.problems);
    let second = text(&out.snapshot(), "notes/page/2.html");
    assert!(second.contains(r#"<a href="../../notes/index.html">1</a>"#), "{second}");
    assert!(second.contains(r#"<a href="../../notes/page/2.html" aria-current="page">2</a>"#), "{second}");
}

#[test]
fn several_citations_of_one_source_get_letters() {
    let fixture = "//- site.toml\ntitle = \"T\"\n\
        //- content/index.md\n# Home\n\nIt rose [@report, p. 1]. It fell [@report, p. 60; @note]. Again [@report, p. 1]. So [@report].\n\
        //- content/evidence/sources.yaml\n\
        - {id: report, kind: book, title: The report, language: en, reliability: low, reliability_reason: R}\n\
        - {id: note, kind: book, title: The note, language: en, reliability: low, reliability_reason: R}\n";
    let out = Memory::default();
    let built = build(&Memory::fixture(fixture), &Request::of(jiff::civil::date(2026, 11, 21)), &out, &|_, _, _| {});
    assert!(!built.problems.has_errors(), "{:?}", built.problems);
    let html = text(&out.snapshot(), "index.html");
    for mark in [
        r##"id="cite-1-1" href="#ref-1a" aria-label="Reference 1a, p. 1, source">1a</a>"##,
        r##"id="cite-1-2" href="#ref-1b" aria-label="Reference 1b, p. 60, source">1b</a>"##,
        r##"id="cite-2-1" href="#ref-2" aria-label="Reference 2, source">2</a>"##,
        r##"id="cite-1-3" href="#ref-1a" aria-label="Reference 1a, p. 1, source">1a</a>"##,
        r##"id="cite-1-4" href="#ref-1c" aria-label="Reference 1c, source">1c</a>"##,
    ] {
        assert!(html.contains(mark), "{mark} is not in {html}");
    }
    let list = html.split("id=\"ref-1\"").nth(1).and_then(|rest| rest.split("</li>").next()).unwrap_or_default();
    for part in [
        r##"<p class="part" id="ref-1a"><b>1a</b> p. 1 <span class="back">Back to the text: <a href="#cite-1-1">1</a> <a href="#cite-1-3">2</a>"##,
        r##"<p class="part" id="ref-1b"><b>1b</b> p. 60 <span class="back">Back to the text: <a href="#cite-1-2">1</a>"##,
        r##"<p class="part" id="ref-1c"><b>1c</b> as a whole <span class="back">Back to the text: <a href="#cite-1-4">1</a>"##,
    ] {
        assert!(list.contains(part), "{part} is not in {list}");
    }
    assert!(!list.contains("p. 1; p. 60"), "{list}");
}

#[test]
fn hidden_files_are_published_only_where_site_toml_names_them() {
    let files = "//- content/index.md\n# Home\n//- content/.x/a.txt\na\n//- static/.env\nKEY=1\n//- static/.htaccess\nx\n\
                 //- static/.well-known/a.txt\nx\n//- static/.nojekyll\n//- static/.DS_Store\nx\n//- content/a.txt~\nx\n";
    let published = |hidden: &str| {
        let (outputs, built) =
            made(&format!("//- site.toml\ntitle = 'T'\n[output]\ntheme = false\nhidden = [{hidden}]\n{files}"));
        let hidden = |path: &&SitePath| path.as_str().split('/').any(|part| part.starts_with('.'));
        let names: Vec<String> = outputs.keys().filter(hidden).map(ToString::to_string).collect();
        assert!(built.left_out.temporary == 2 && !outputs.keys().any(|path| path.as_str().ends_with('~')), "{names:?}");
        let reported = built.problems.iter().filter(|found| found.code == "hidden-file");
        (
            names.join(" "),
            reported.map(|found| found.at.as_ref().unwrap().file.to_string()).collect::<Vec<_>>().join(" "),
        )
    };
    let (names, reported) = published("");
    assert_eq!(names, ".nojekyll .well-known/a.txt");
    assert_eq!(reported, "content/.x static/.env static/.htaccess");
    let (names, reported) = published("'.htaccess', '.x/*'");
    assert_eq!(names, ".htaccess .nojekyll .well-known/a.txt .x/a.txt");
    assert_eq!(reported, "static/.env");
}

#[test]
fn citations_have_words_around_them_and_sources_are_named_in_the_text() {
    let fixture = "//- site.toml\ntitle = \"T\"\n\
        //- content/index.md\n# Home\n\nAs @smith2018 [p. 3] says, it rose [see @smith2018, pp. 3-5, and on; cf. -@note]. Mail me@example.org \
        or \\@smith2018.\n\
        //- content/evidence/sources.yaml\n\
        - {id: smith2018, kind: report, title: A <report>, authors: [\"Smith, Jane\"], date: 2018, url: \"https://x.org/a.pdf\"}\n\
        - {id: note, kind: book, title: The note}\n";
    let out = Memory::default();
    let built = build(&Memory::fixture(fixture), &Request::of(jiff::civil::date(2026, 11, 21)), &out, &|_, _, _| {});
    assert!(!built.problems.has_errors(), "{:?}", built.problems);
    let html = text(&out.snapshot(), "index.html");
    for part in [
        "As Smith 2018<span class=\"cites\"><a class=\"cite s-source\"",
        "it rose <span class=\"cites\">(<span class=\"affix\">see</span> <a class",
        ">1b</a> <span class=\"affix\">and on</span>; <span class=\"affix\">cf.</span> <a class",
        "or @smith2018.",
        "<p class=\"st\">Smith, Jane (2018). <cite>A &lt;report&gt;</cite> [report]. <a class=\"external\"",
        "href=\"https://x.org/a.pdf#page=3\">p. 3</a>",
        "<p class=\"st\"><cite>The note</cite>.</p>",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    let page = text(&out.snapshot(), "sources/smith2018.html");
    assert!(!page.contains("reliability") && page.contains("Smith 2018"), "{page}");
}

#[test]
fn nothing_of_a_source_that_is_not_public_is_published() {
    // So many others that the list of sources is divided, and one that draws on it, for the family tree.
    let others: String = (0..220)
        .map(|number| format!("- {{id: o{number}, kind: book, title: Book {number}, draws_on: [talk]}}\n"))
        .collect();
    let fixture = "//- site.toml\ntitle = \"T\"\nbase_url = \"https://example.org/\"\n[output]\nclaim_pages = true\n\
        //- content/index.md\n# Home\n\nIt rose [@talk, line 1; @rose], as @talk says.\n\
        //- content/evidence/claims/a.yaml\n- {id: rose, statement: It rose., sources: [{source: talk, at: p. 7, quote: so it rose}], kind: reported}\n\
        //- content/evidence/sources.yaml\n\
        - {id: talk, kind: interview, description: A talk with an engineer, public: false, title: zz-title, title_short: zz-short, \
        authors: [zz-author], editors: [zz-editor], translators: [zz-translator], directors: [zz-director], interviewers: [zz-interviewer], \
        container: zz-container, series: zz-series, publisher: zz-publisher, place: zz-place, event: zz-event, authority: zz-authority, \
        edition: zz-edition, version: zz-version, volume: zz-volume, issue: zz-issue, number: zz-number, section: zz-section, pages: zz-pages, \
        page_count: zz-count, genre: zz-genre, medium: zz-medium, duration: \"99:59\", doi: 10.9999/zz-doi, issn: zz-issn, url: \"https://zz-url.org/a.pdf\", \
        accessed: 1999-01-01, archive_url: \"https://zz-copy.org/\", archive_date: 1999-01-02, archive: zz-archive, archive_location: zz-location, \
        call_number: zz-call, licence: zz-licence, credit: zz-credit, note: zz-note, file: zz-file.txt, \
        sha256: \"2222222222222222222222222222222222222222222222222222222222222222\"}\n";
    let out = Memory::default();
    let built = build(
        &Memory::fixture(&format!("{fixture}{others}")),
        &Request::of(jiff::civil::date(2026, 11, 21)),
        &out,
        &|_, _, _| {},
    );
    assert!(!built.problems.has_errors(), "{:?}", built.problems);
    for (path, bytes) in out.snapshot() {
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["zz-", "99:59", "1999", "2222222"] {
            assert!(!text.contains(secret), "{secret} is in {path}: {text}");
        }
    }
    let outputs = out.snapshot();
    assert!(text(&outputs, "sources/talk.html").contains("A talk with an engineer"));
    let known: Vec<&str> = outputs.keys().map(|path| path.as_str()).collect();
    for path in ["claims/rose.html", "embed/rose.html", "cards.js", "claims.jsonl", "search-index.js", "references.bib"]
    {
        assert!(known.contains(&path), "{path} is not among {known:?}");
    }
    assert!(known.iter().any(|path| path.starts_with("sources/by/")), "{known:?}");
}

#[test]
fn twelve_kinds_of_sources_are_cited_by_their_natural_places() {
    let fixture = include_str!("fixtures/kinds.txt");
    let files = Memory::fixture(&fixture[fixture.find("//- ").expect("files")..]);
    let out = Memory::default();
    let built = build(&files, &Request::of(jiff::civil::date(2026, 11, 21)), &out, &|_, _, _| {});
    assert!(!built.problems.has_errors(), "{:?}", built.problems);
    let outputs = out.snapshot();
    let html = text(&outputs, "index.html");
    let references = html.split("<section class=\"refs\"").nth(1).and_then(|rest| rest.split("</section>").next());
    insta::assert_snapshot!(references.expect("references"));
    assert!(html.contains("Roe et al. 2019<span class=\"cites\">") && html.contains("class=\"pull-quote\""));
    assert!(text(&outputs, "claims.html").contains("<p>“to the joy of the town”</p>"));
    // What Zotero's connector and search engines read.
    for page in ["index.html", "sources.html"] {
        assert_eq!(text(&outputs, page).matches("class=\"Z3988\"").count(), 11, "one for each source that is public");
    }
    let opening = text(&outputs, "claims/opening.html");
    assert!(opening.contains("<li><a href=\"../sources/page.html\">City of Leeford</a>, "), "{opening}");
    // Its page, and its two sources.
    assert_eq!(opening.matches("class=\"Z3988\"").count(), 3);
    let page = text(&outputs, "sources/gazette.html");
    let data = page.split("ld+json\">").nth(1).and_then(|rest| rest.split("</script>").next()).expect("JSON-LD");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    let source = &data["@graph"][0]["mainEntity"];
    assert_eq!((&source["@type"], &source["author"][0]["familyName"]), (&"NewsArticle".into(), &"Doe".into()));
    assert!(!page.contains("Nothing: every claim it backs") && !page.contains("content=\"\""), "{page}");
    for (path, bytes) in &outputs {
        assert!(!String::from_utf8_lossy(bytes).to_lowercase().contains("nora"), "{path}");
    }
}
