//! What is built at three sizes.

use std::fmt::Write;

use dossier::bibliography::{merge, read_bibtex};
use dossier::cli::{Format, Reporter};
use dossier::config::{Config, Globs, Trust};
use dossier::data::Spanned;
use dossier::diag::{Diagnostics, Names};
use dossier::evidence::When;
use dossier::migrate::{Options, migrate};
use dossier::parse::{Settings, page};
use dossier::pipeline::{Discard, Request, build};
use dossier::publish::Manifest;
use dossier::source::{LineIndex, Memory, SitePath};

use super::records;

/// A kind of input, and what is done with it.
pub struct Kind {
    pub name: String,
    /// The smallest of the three sizes.
    pub size: usize,
    pub input: Box<dyn Fn(usize) -> String>,
    pub run: fn(&str),
}

fn kind(name: &str, size: usize, run: fn(&str), input: impl Fn(usize) -> String + 'static) -> Kind {
    Kind { name: name.to_owned(), size, input: Box::new(input), run }
}

/// A text made of one piece for each number.
pub fn each(size: usize, piece: impl Fn(usize) -> String) -> String {
    (0..size).map(piece).collect()
}

pub fn kinds() -> Vec<Kind> {
    let mut all = markdown();
    all.extend(values());
    all.extend(sites());
    all.extend(records::kinds().into_iter().map(|(name, size, input)| kind(name, size, site, input)));
    all.extend(imports());
    all.extend(libraries());
    all
}

/// Libraries, into an empty site and into one that has all their entries already, each with another title.
fn libraries() -> Vec<Kind> {
    fn import(library: &str) {
        let into = path("content/evidence/sources.yaml");
        let entries = read_bibtex(library).expect("BibTeX");
        let made = merge(&[], &entries, &into).expect("records");
        let files: Vec<_> = made.files.into_iter().collect();
        let again = read_bibtex(&library.replace("title = {", "title = {On ")).expect("BibTeX");
        assert_eq!(merge(&files, &again, &into).expect("records").updated, entries.len());
    }
    let entry =
        |number| format!("@book{{k{number},\n  title = {{T {number}}},\n  author = {{Doe, Jane and Roe, Rich}}\n}}\n");
    let part =
        |number| format!("@incollection{{k{number}, title = {{T}}, pages = {{{number}}}, crossref = {{whole}}}}\n");
    let whole = "@collection{whole, title = {The Whole}, year = 2001}\n";
    vec![
        kind("entries of a library", 200, import, move |size| each(size, entry)),
        kind("parts of one book in a library", 200, import, move |size| format!("{}{whole}", each(size, part))),
    ]
}

/// Reads a page of an author who is not trusted.
fn read_page(text: &str) {
    let settings = Settings { trust: Trust::None, smart_punctuation: true, ..Settings::default() };
    drop(page(&path("content/page.md"), text.as_bytes(), &settings));
}

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path of ours")
}

/// Pieces that mean something, repeated, after what makes them mean something else.
fn markdown() -> Vec<Kind> {
    let pieces = [
        "[",
        "[@a] ",
        "[@a",
        "[@a; ",
        "[see ",
        "*a **b ",
        "> ",
        "> a\n",
        "- ",
        "- a\n",
        "` ",
        "```\n````\n",
        "# a\n",
        "# a {#b}\n",
        "[^1]",
        "[^1]: a\n\n",
        "[a](b)",
        "![a](b)",
        "[x]\n\n[x]: y\n\n",
        "<a ",
        "<!-- ",
        "<!-- a -->",
        "http://a.b ",
        "http://a",
        "http://.",
        ")",
        "```{a}\nb\n```\n",
        "```{a}\n",
        "```abc\n```\n",
        "```yaml\na: 1\n```\n",
        "$a",
        "$a$ ",
        "$a{",
        "|a|\n|-|\n|b|\n",
        "|",
        "\"'",
        "a. ",
        "a.",
        "...",
        "\\",
        "&",
        "é ",
        "\r\n",
        ": a\n",
    ];
    let befores = ["", "|", "http://a", "> ````{a}\n> ", "```{a} ", "``` ", "# ", "[^a]: "];
    let mut all = Vec::new();
    for before in befores {
        for piece in pieces {
            let text = move |size: usize| format!("---\nmath: true\n---\n{before}{}", piece.repeat(size));
            all.push(kind(&format!("page {before:?} {piece:?}"), 1000 / piece.len(), read_page, text));
        }
    }
    let mut numbered = |name: &str, piece: fn(usize) -> String| {
        let text = move |size| format!("---\nmath: true\n---\n{}", each(size, piece));
        all.push(kind(&format!("page of {name}"), 100, read_page, text));
    };
    numbered("footnotes", |number| format!("A[^f{number}].\n\n[^f{number}]: B.\n\n"));
    numbered("unknown footnotes", |number| format!("A[^f{number}].\n\n"));
    numbered("unused footnotes", |number| format!("[^f{number}]: B.\n\n"));
    numbered("definitions", |number| format!("[a][d{number}]\n\n[d{number}]: b{number}.md\n\n"));
    numbered("equal headings", |_| "## Equal\n\nText.\n\n".to_owned());
    numbered("headings with an anchor", |number| format!("## H {{#h{number}}}\n\n"));
    numbered("citations", |number| format!("Said {number} [@claim-{number}]. "));
    numbered("cited paragraphs", |number| format!("Said in {number} [@claim-{number}].\n\n"));
    numbered("table rows", |number| if number == 0 { "|a|b|\n|-|-|\n".to_owned() } else { "|1|2|\n".to_owned() });
    numbered("surplus cells", |number| if number == 0 { "|a|\n|-|\n".to_owned() } else { "|1|2|\n".to_owned() });
    numbered("component calls", |number| format!("```{{note}} a=\"{number}\"\nB.\n```\n\n"));
    numbered("fences with a language", |_| "```rust\nfn main() {}\n```\n\n".to_owned());
    numbered("unknown languages", |number| format!("```lang{number}\na\n```\n\n"));
    numbered("unsafe links", |number| format!("[a](javascript:{number}) "));
    numbered("raw HTML", |number| format!("<b id=\"x{number}\">a</b> "));
    numbered("control characters", |_| "a\u{1}b ".to_owned());
    numbered("bare addresses", |number| format!("https://example.org/{number} "));
    numbered("dates and figures", |number| format!("On 1 March 20{:02} it sold {number} million. ", number % 100));
    let front: [(&str, fn(usize) -> String); 5] = [
        ("unknown keys", |number| format!("key{number}: 1\n")),
        ("equal keys", |_| "title: A\n".to_owned()),
        ("aliases", |number| format!("{}- old/{number}.html\n", if number == 0 { "aliases:\n" } else { "" })),
        ("extra", |number| format!("{}  a{number}: [1, {{b: 2}}]\n", if number == 0 { "extra:\n" } else { "" })),
        ("corrections", |number| {
            let key = if number == 0 { "corrections:\n" } else { "" };
            format!("{key}- date: 2020-01-01\n  text: Wrong {number}.\n")
        }),
    ];
    for (name, piece) in front {
        let text = move |size| format!("---\n{}---\nText.\n", each(size, piece));
        all.push(kind(&format!("front matter with {name}"), 100, read_page, text));
    }
    all
}

/// Values without a site.
fn values() -> Vec<Kind> {
    fn config(text: &str) {
        drop(Config::load(&path("site.toml"), text, &mut Diagnostics::default()));
    }
    fn date(text: &str) {
        let _ = When::parse(text);
    }
    fn globs(text: &str) {
        let patterns: Vec<Spanned<String>> = text.lines().map(|line| line.to_owned().into()).collect();
        let globs = Globs::new(&patterns);
        let _ = globs.is_match("some/file/of/the/site.txt");
    }
    fn places(text: &str) {
        let index = LineIndex::new(text);
        let places: Vec<String> = (0..text.len()).step_by(8).map(|at| format!("{:?}", index.place(at))).collect();
        assert_eq!(places.len(), text.len().div_ceil(8));
    }
    fn suggestions(text: &str) {
        let names: Names = text.lines().collect();
        let _ = text.lines().filter(|name| names.nearest(&name.replace('-', "_")).is_some()).count();
    }
    fn manifest(text: &str) {
        let _ = Manifest::read(text.as_bytes());
    }
    vec![
        kind("site.toml with unknown keys", 100, config, |size| {
            format!("title = 'T'\n{}", each(size, |number| format!("key{number} = 1\n")))
        }),
        kind("site.toml with equal keys", 100, config, |size| format!("title = 'T'\n{}", "a = 1\n".repeat(size))),
        kind("site.toml with topics", 100, config, |size| {
            let topic = |number| format!("[[topics]]\nid = 't{number}'\ntitle = 'T'\nsummary = 'S'\n");
            format!("title = 'T'\n{}", each(size, topic))
        }),
        kind("site.toml with equal topics", 100, config, |size| {
            format!("title = 'T'\n{}", "[[topics]]\nid = 't'\ntitle = 'T'\nsummary = 'S'\n".repeat(size))
        }),
        kind("site.toml with unknown codes", 100, config, |size| {
            format!("title = 'T'\n[check]\nallow = [{}]\n", each(size, |number| format!("'code-{number}', ")))
        }),
        kind("site.toml with patterns", 100, config, |size| {
            format!("title = 'T'\n[content]\nignore = [{}]\n", each(size, |number| format!("'a{number}/*', ")))
        }),
        kind("site.toml with dotted keys", 100, config, |size| {
            format!("title = 'T'\n[extra]\n{}", each(size, |number| format!("a.b.k{number} = [1, 2]\n")))
        }),
        kind("site.toml with tables", 100, config, |size| {
            format!("title = 'T'\n{}", each(size, |number| format!("[extra.t{number}]\na = 1\n")))
        }),
        kind("one of many dates", 50, date, |size| {
            format!("[{}2018-02-23]", each(size, |number| format!("2018-01-{:02}, ", number % 28 + 1)))
        }),
        kind("a date of many digits", 100, date, |size| format!("Y{}", "9".repeat(size))),
        kind("a date of many marks", 100, date, |size| format!("2018{}", "?".repeat(size))),
        kind("patterns of file names", 100, globs, |size| each(size, |number| format!("a{number}/**/*.txt\n"))),
        kind("places on many lines", 500, places, |size| "aé b\n".repeat(size)),
        kind("places on one line", 500, places, |size| "aé b ".repeat(size)),
        kind("suggestions", 100, suggestions, |size| each(size, |number| format!("notes/page-{number:05}.md\n"))),
        kind("a manifest", 100, manifest, |size| {
            let file = |number| format!("{{\"path\":\"a{number}.html\",\"hash\":\"{number:064x}\"}},");
            format!("{{\"version\":1,\"files\":[{}{{}}]}}", each(size, file))
        }),
    ]
}

/// Builds the site and writes the report for people and for programs.
fn site(fixture: &str) {
    let files = Memory::fixture(fixture);
    let request = Request::of(jiff::civil::date(2026, 11, 21));
    let built = build(&files, &request, &Discard, &|_, _, _| {});
    for format in [Format::Text, Format::Json, Format::Github, Format::Sarif] {
        let report = Reporter::new(&files, String::new(), false).report(&built.problems, format);
        let lines = report.lines().count();
        assert!(format != Format::Text || lines < 1000, "a report of {lines} lines");
    }
}

/// Templates so small that a build takes no time.
pub const BARE: &str = "//- site.toml\ntitle = 'T'\n[output]\ntheme = false\n//- templates/home.html\n{{ page.content | safe }}\n\
    //- templates/page.html\n{{ page.content | safe }}\n//- templates/section.html\n{% for page in page.children %}{{ page.title }}\
    {% endfor %}\n//- templates/404.html\n\n//- content/index.md\n# Home\n";

fn bare(size: usize, piece: impl Fn(usize) -> String) -> String {
    format!("{BARE}{}", each(size, piece))
}

/// Pages that know of each other, and what is wrong with them.
fn sites() -> Vec<Kind> {
    let one = |name: &str, piece: fn(usize) -> String| {
        kind(&format!("one page with {name}"), 50, site, move |size| {
            format!("{BARE}//- content/a.md\n# A\n\n{}", each(size, piece))
        })
    };
    let many = |name: &str, piece: fn(usize) -> String| {
        kind(&format!("pages {name}"), 40, site, move |size| bare(size, piece))
    };
    vec![
        one("broken links", |number| format!("[a](b{number}.md)\n")),
        one("broken links on one line", |number| format!("[a](b{number}.md) ")),
        one("broken anchors", |number| format!("[a](#b{number})\n")),
        one("headings and broken anchors", |number| format!("## H{number}\n\n[a](#b{number})\n\n")),
        one("headings and right anchors", |number| format!("## H{number}\n\n[a](#h{number})\n\n")),
        one("unknown citations", |number| format!("A [@c{number}].\n")),
        one("unknown components", |number| format!("```{{c{number}}}\na\n```\n\n")),
        one("unknown arguments", |number| format!("```{{note}} a{number}=1\na\n```\n\n")),
        one("equal anchors", |_| "## A {#a}\n\n".to_owned()),
        one("unclosed formulas", |_| "$\\frac{a$ ".to_owned()),
        many("alone", |number| format!("//- content/p{number}.md\n# P\n")),
        many("with a broken link", |number| format!("//- content/p{number}.md\n# P\n\n[a](q{number}.md)\n")),
        many("with a broken anchor", |number| format!("//- content/p{number}.md\n# P\n\n[a](index.md#q{number})\n")),
        many("that link to the next", |number| format!("//- content/p{number}.md\n# P\n\n[a](p{}.md)\n", number + 1)),
        many("that link to one", |number| format!("//- content/p{number}.md\n# P\n\n[a](index.md)\n")),
        many("with an unknown citation", |number| format!("//- content/p{number}.md\n# P\n\nA [@q{number}].\n")),
        many("with an unknown component", |number| format!("//- content/p{number}.md\n# P\n\n```{{q{number}}}\n```\n")),
        many("with an unknown key", |number| format!("//- content/p{number}.md\n---\nq{number}: 1\n---\n# P\n")),
        many("with an unknown template", |number| {
            format!("//- content/p{number}.md\n---\ntemplate: q{number}\n---\n# P\n")
        }),
        many("with an alias", |number| format!("//- content/p{number}.md\n---\naliases: [q{number}.html]\n---\n# P\n")),
        many("with one alias", |number| format!("//- content/p{number}.md\n---\naliases: [q.html]\n---\n# P\n")),
        many("with one slug", |number| format!("//- content/p{number}.md\n---\nslug: q\n---\n# P\n")),
        many("with accents", |number| format!("//- content/é{number}.md\n# P\n\n[a](e\u{301}{}.md)\n", number + 1)),
        many("in folders of their own", |number| format!("//- content/f{number}/p.md\n# P\n")),
        many("in one folder", |number| format!("//- content/f/p{number}.md\n---\norder: {number}\n---\n# P\n")),
        many("that are drafts", |number| format!("//- content/p{number}.md\n---\ndraft: true\n---\n[a](p1.md)\n")),
        many("with a download", |number| {
            format!("//- content/d{number}.txt\na\n//- content/p{number}.md\n[a](d{number}.txt)\n")
        }),
        kind("navigation to missing pages", 50, site, |size| {
            let nav = each(size, |number| format!("[[nav]]\ntitle = 'N'\npage = 'q{number}.md'\n"));
            BARE.replace("[output]\ntheme = false\n", &format!("{nav}[output]\ntheme = false\n"))
        }),
        kind("templates", 20, site, |size| {
            bare(size, |number| format!("//- templates/t{number}.html\n{{{{ page.title }}}}\n"))
        }),
        kind("a template that repeats", 50, site, |size| {
            format!("{BARE}//- templates/home.html\n{}\n", "{% for a in [1, 2] %}{{ a }}{% endfor %}\n".repeat(size))
        }),
        kind("static files", 50, site, |size| {
            bare(size, |number| format!("//- static/s{number}.css\na {{ color: red }}\n"))
        }),
        kind("a style sheet", 50, site, |size| {
            format!("{BARE}//- static/a.css\n{}", "a { color: red } /* b */\n".repeat(size))
        }),
    ]
}

/// A folder of another generator.
fn imports() -> Vec<Kind> {
    fn import(fixture: &str) {
        let files = Memory::fixture(fixture);
        let options = Options { title: "T".to_owned(), components: vec!["note".to_owned()], ..Options::default() };
        let made = migrate(&files, &options);
        let _ = (made.problems(), made.report(&files));
    }
    let pages = |name: &str, before: &'static str, piece: fn(usize) -> String| {
        kind(&format!("import of {name}"), 30, import, move |size| format!("{before}{}", each(size, piece)))
    };
    vec![
        pages("pages", "//- mkdocs.yml\nsite_name: T\n", |number| {
            format!("//- docs/p{number}.md\n# P\n\n[a](p{}.md#x)\n", number + 1)
        }),
        pages("equal headings", "//- mkdocs.yml\nsite_name: T\n//- docs/a.md\n", |_| "# Equal\n\n".to_owned()),
        pages("equal headings of Hugo", "//- hugo.toml\ntitle = 'T'\n//- content/a.md\n", |_| "# Equal\n\n".to_owned()),
        pages("boxes", "//- mkdocs.yml\nsite_name: T\n//- docs/a.md\n", |_| "!!! note\n    Text.\n\n".to_owned()),
        pages("shortcodes", "//- hugo.toml\ntitle = 'T'\n//- content/a.md\n", |number| {
            format!("{{{{< figure src=\"a{number}.png\" >}}}}\n\n")
        }),
        pages("unclosed shortcodes", "//- hugo.toml\ntitle = 'T'\n//- content/a.md\n", |_| "{{< note \n\n".to_owned()),
        pages("unclosed calls", "//- hugo.toml\ntitle = 'T'\n//- content/a.md\n", |_| "{{% a %} ".to_owned()),
        pages("boxes that are not closed", "//- mkdocs.yml\nsite_name: T\n//- docs/a.md\n", |_| {
            "/// note\n".to_owned()
        }),
        pages("wiki links", "//- .obsidian/app.json\n{}\n//- a.md\n", |number| format!("[[note {number}]] ")),
        pages("notes that link", "//- .obsidian/app.json\n{}\n", |number| {
            format!("//- n{number}.md\n[[n{}]]\n", number + 1)
        }),
        pages("Liquid", "//- _config.yml\ntitle: T\n//- a.md\n", |number| format!("{{% include a{number}.html %}}\n")),
        pages("a book", "//- book.toml\n[book]\n//- src/SUMMARY.md\n", |number| format!("- [C](c{number}.md)\n")),
        pages("tags", "//- zola.toml\ntitle = 'T'\n", |number| {
            format!("//- content/p{number}.md\n+++\ntitle = 'P'\n[taxonomies]\ntags = ['t{number}']\n+++\nText.\n")
        }),
    ]
}

/// Writes numbered ids as a list of YAML.
pub fn ids(size: usize, prefix: &str) -> String {
    let mut list = String::new();
    for number in 0..size {
        let _ = write!(list, "{prefix}{number}, ");
    }
    list
}
