//! A build with a cache makes the same outputs as one without, byte for byte, whatever was edited in between and
//! whatever happened to the cache.

#[path = "warm/records.rs"]
mod records;
mod support {
    pub mod shelf;
}

use std::sync::Arc;

use dossier::pipeline::{Built, RenderReason};
use dossier::source::{Memory, SitePath};
use proptest::prelude::*;
use support::shelf::{Published, Shelf, cold, request, warm};

/// A small site that uses the whole theme.
const SITE: &str = r#"
//- site.toml
title = "Small"
base_url = "https://small.example/"
nav = [{ title = "Home", page = "index.md" }]
[[topics]]
id = "cloud"
title = "Cloud"
[content]
paginate = 50
[output]
urls = "file"
[check]
allow = ["undisclosed-dispute"]
//- content/index.md
---
title: Home
---
Words on [the cloud](cloud.md) and [a "guide"](guide/a.md#part).
//- content/cloud.md
---
title: Cloud
topic: cloud
date: 2024-05-06
---
It was said so [@said]. ![A dot](dot.svg)

```{note} title="Aside"
Inner words [@planned].
```
//- content/guide/a.md
# A

## Part

Text with `code`.

```rust
fn main() { println!("a"); }
```
//- content/guide/b.md
# B

See [A](a.md).
//- content/guide/c.md
---
title: C
order: 1
aliases: [old/c.html]
---
Last.
//- content/dot.svg
<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"/>
//- content/evidence/sources.yaml
- id: report
  kind: news
  title: A report
  language: en
  date: "2024-02"
  reliability: high
  reliability_reason: It was there.
//- content/evidence/claims/all.yaml
- id: said
  statement: The two firms said so
  topics: [cloud]
  entities: []
  kind: reported
  sources: [{ source: report, lines: [1] }]
- id: planned
  statement: More is planned
  topics: [cloud]
  entities: []
  kind: plan
  sources: [{ source: report, lines: [2] }]
//- content/evidence/entities.yaml
- id: firm
  name: The firm
  kind: company
  definition: It makes things.
  misspellings: [{ spelling: Frim, source: report, lines: [3] }]
//- content/evidence/events.yaml
- id: the-day
  title: The day
  date: "2024-02"
  claims: [said]
  topics: [cloud]
  status: happened
//- content/evidence/disagreements.yaml
- id: how-much
  question: How much was it?
  topics: [cloud]
  severity: low
  readings:
    - reading: Much
      claims: [said]
    - reading: Little
      claims: [planned]
  verdict: Nobody knows
  why: They differ
//- static/note.css
a { color: red; }
"#;

/// A random edit: the file, and the change.
#[derive(Clone, Copy, Debug)]
enum Edit {
    Body(usize, u8),
    Title(usize, u8),
    Heading(usize, u8),
    Link(usize, usize),
    Front(usize, usize, u8),
    Draft(usize),
    Order(usize, u8),
    Rename(usize, u8),
    Delete(usize),
    Add(u8),
    Claim(u8),
    Modality,
    Name(u8),
    Source(u8),
    Setting(u8),
    Event(u8),
    Tagline(u8),
    Navigation(usize),
    Paginate(u8),
    Trust,
    Template(u8),
    Component(u8),
    Styles(u8),
    Picture(u8),
    Code(usize, u8),
    Nothing,
}

fn edits() -> impl Strategy<Value = Edit> {
    let (page, n) = (0..8_usize, 0..4_u8);
    prop_oneof![
        4 => (page.clone(), n.clone()).prop_map(|(page, n)| Edit::Body(page, n)),
        3 => (page.clone(), n.clone()).prop_map(|(page, n)| Edit::Title(page, n)),
        2 => (page.clone(), n.clone()).prop_map(|(page, n)| Edit::Heading(page, n)),
        2 => (page.clone(), page.clone()).prop_map(|(page, to)| Edit::Link(page, to)),
        3 => (page.clone(), page.clone(), n.clone()).prop_map(|(page, key, n)| Edit::Front(page, key, n)),
        1 => page.clone().prop_map(Edit::Draft),
        1 => (page.clone(), n.clone()).prop_map(|(page, n)| Edit::Order(page, n)),
        2 => (page.clone(), n.clone()).prop_map(|(page, n)| Edit::Rename(page, n)),
        2 => page.clone().prop_map(Edit::Delete),
        2 => n.clone().prop_map(Edit::Add),
        2 => n.clone().prop_map(Edit::Claim),
        1 => Just(Edit::Modality),
        2 => n.clone().prop_map(Edit::Name),
        1 => n.clone().prop_map(Edit::Source),
        2 => n.clone().prop_map(Edit::Setting),
        1 => n.clone().prop_map(Edit::Event),
        1 => n.clone().prop_map(Edit::Tagline),
        1 => page.clone().prop_map(Edit::Navigation),
        1 => n.clone().prop_map(Edit::Paginate),
        1 => Just(Edit::Trust),
        1 => n.clone().prop_map(Edit::Template),
        1 => n.clone().prop_map(Edit::Component),
        1 => n.clone().prop_map(Edit::Styles),
        1 => n.clone().prop_map(Edit::Picture),
        1 => (page, n).prop_map(|(page, n)| Edit::Code(page, n)),
        2 => Just(Edit::Nothing),
    ]
}

fn path(path: &str) -> SitePath {
    SitePath::new(path).unwrap()
}

fn pages(files: &Memory) -> Vec<SitePath> {
    files.snapshot().into_keys().filter(|path| path.as_str().ends_with(".md")).collect()
}

fn rewrite(files: &Memory, at: &SitePath, change: impl FnOnce(String) -> String) {
    if let Some(text) = files.text(at.as_str()) {
        files.insert(at.clone(), change(text).into_bytes());
    }
}

/// Sets a key of the front matter.
fn set(text: &str, key: &str, value: &str) -> String {
    let body = text.strip_prefix("---\n").and_then(|rest| rest.split_once("---\n"));
    let (front, body) = body.unwrap_or(("", text));
    let kept = front.lines().filter(|line| !line.starts_with(&format!("{key}:")));
    let front: String = kept.map(|line| format!("{line}\n")).collect();
    format!("---\n{front}{key}: {value}\n---\n{body}")
}

/// A key of the front matter that pages show, and a value for it.
fn front(key: usize, n: u8) -> (&'static str, String) {
    match key {
        0 => ("summary", format!("In {n} words")),
        1 => ("date", format!("2024-05-0{}", n + 1)),
        2 => ("updated", format!("2024-06-0{}", n + 1)),
        3 => ("image", ["/dot.svg", "https://pictures.example/a.png"][usize::from(n % 2)].to_owned()),
        4 => ("slug", format!("slug-{n}")),
        5 => ("extra", format!("{{ a: {n} }}")),
        6 => ("toc", n.is_multiple_of(2).to_string()),
        _ => ("corrections", format!("[{{ date: 2024-07-0{}, text: Mended }}]", n + 1)),
    }
}

/// Replaces one text by the other, whichever of them is there.
fn swap(text: &str, one: &str, other: &str) -> String {
    if text.contains(other) { text.replace(other, one) } else { text.replace(one, other) }
}

fn word(n: u8) -> &'static str {
    ["one", "two", "three", "four"][usize::from(n)]
}

fn apply(files: &Memory, edit: Edit) {
    let all = pages(files);
    let page = |at: usize| all.get(at % all.len().max(1)).cloned().unwrap_or_else(|| path("content/index.md"));
    let toml = path("site.toml");
    match edit {
        Edit::Body(at, n) => rewrite(files, &page(at), |text| format!("{text}\nMore {} here.\n", word(n))),
        Edit::Title(at, n) => rewrite(files, &page(at), |text| set(&text, "title", word(n))),
        Edit::Heading(at, n) => rewrite(files, &page(at), |text| format!("{text}\n## Head {}\n", word(n))),
        Edit::Link(at, to) => {
            let to = page(to);
            let to = to.below("content").unwrap_or("index.md").to_owned();
            rewrite(files, &page(at), |text| format!("{text}\n[there](/{to})\n"));
        }
        Edit::Front(at, key, n) => {
            let (key, value) = front(key, n);
            rewrite(files, &page(at), |text| set(&text, key, &value));
        }
        Edit::Draft(at) => rewrite(files, &page(at), |text| set(&text, "draft", "true")),
        Edit::Order(at, n) => rewrite(files, &page(at), |text| set(&text, "order", &n.to_string())),
        Edit::Rename(at, n) => {
            if let Some(bytes) = files.remove(&page(at)) {
                files.insert(path(&format!("content/guide/{}.md", word(n))), bytes);
            }
        }
        Edit::Delete(at) => _ = files.remove(&page(at)),
        Edit::Add(n) => files.insert(path(&format!("content/new/{}.md", word(n))), b"# New\n\nText [@said].\n".to_vec()),
        Edit::Setting(n) => rewrite(files, &toml, |text| match n {
            0 => swap(&text, "[content]", "[content] # plain\nsmart_punctuation = false"),
            1 => swap(&text, "urls = \"file\"", "urls = \"folder\""),
            2 => swap(&text, "https://small.example/", "https://large.example/site/"),
            _ => swap(&text, "title = \"Cloud\"", "title = \"Clouds\""),
        }),
        Edit::Tagline(n) => rewrite(files, &toml, |text| {
            let rest: String = text.lines().filter(|line| !line.starts_with("tagline")).map(|line| format!("{line}\n")).collect();
            format!("tagline = \"{}\"\n{rest}", word(n))
        }),
        Edit::Navigation(at) => {
            let to = page(at);
            let to = to.below("content").unwrap_or("index.md").to_owned();
            rewrite(files, &toml, |text| {
                let nav = format!("nav = [{{ title = \"There\", page = \"{to}\" }}]");
                text.lines().map(|line| if line.starts_with("nav") { format!("{nav}\n") } else { format!("{line}\n") }).collect()
            });
        }
        Edit::Paginate(n) => rewrite(files, &toml, |text| {
            let line = |line: &str| match line.starts_with("paginate") {
                true => format!("paginate = {}\n", n + 50),
                false => format!("{line}\n"),
            };
            text.lines().map(line).collect()
        }),
        Edit::Trust => rewrite(files, &toml, |text| match text.contains("trust") {
            true => text.replace("trust = \"full\"\n", ""),
            false => text.replace("[content]\n", "[content]\ntrust = \"full\"\n"),
        }),
        Edit::Template(n) => files.insert(
            path("templates/page.html"),
            format!("<title>{}</title>{{{{ page.content | safe }}}}{{% for p in page.backlinks %}}{{{{ p.title }}}}{{% endfor %}}", word(n))
                .into_bytes(),
        ),
        Edit::Component(n) => files.insert(
            path("templates/components/mine.html"),
            format!("{{% component mine() %}}<p>{} {{{{ body | safe }}}}</p>{{% endcomponent mine %}}", word(n)).into_bytes(),
        ),
        Edit::Styles(n) => files.insert(path("static/note.css"), format!("a {{ width: {n}px; }}").into_bytes()),
        Edit::Picture(n) => files.insert(
            path("content/dot.svg"),
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"9\"/>", n + 1).into_bytes(),
        ),
        Edit::Code(at, n) => {
            rewrite(files, &page(at), |text| format!("{text}\n```rust\nlet {} = 1;\n```\n", word(n)));
        }
        Edit::Claim(_) | Edit::Modality | Edit::Name(_) | Edit::Source(_) | Edit::Event(_) => apply_to_records(files, edit),
        Edit::Nothing => {}
    }
}

fn apply_to_records(files: &Memory, edit: Edit) {
    match edit {
        Edit::Claim(n) => rewrite(files, &path("content/evidence/claims/all.yaml"), |text| {
            text.lines()
                .map(|line| {
                    if line.contains("statement: The") {
                        format!("  statement: The {} firms said so\n", word(n))
                    } else {
                        format!("{line}\n")
                    }
                })
                .collect()
        }),
        Edit::Modality => rewrite(files, &path("content/evidence/claims/all.yaml"), |text| {
            if text.contains("kind: reported") {
                text.replace("kind: reported", "kind: statement")
            } else {
                text.replace("kind: statement", "kind: reported")
            }
        }),
        // A name in some pages becomes a misspelling, or is no longer one.
        Edit::Name(n) => rewrite(files, &path("content/evidence/entities.yaml"), |text| match n {
            0 => swap(&text, "spelling: Frim", "spelling: Last"),
            1 => swap(&text, "spelling: Frim", "spelling: here"),
            2 => swap(&text, "makes things", "made things"),
            _ => swap(&text, "name: The firm", "name: Last"),
        }),
        Edit::Source(n) => rewrite(files, &path("content/evidence/sources.yaml"), |text| match n {
            0 | 1 => swap(&text, "title: A report", "title: Another report"),
            2 => swap(&text, "reliability: high", "reliability: low"),
            _ => swap(&text, "date: \"2024-02\"", "date: \"2024-03\""),
        }),
        Edit::Event(n) => rewrite(files, &path("content/evidence/events.yaml"), |text| {
            let rest: String =
                text.lines().filter(|line| !line.contains("title:")).map(|line| format!("{line}\n")).collect();
            format!("{rest}  title: The {} day\n", word(n))
        }),
        _ => {}
    }
}

#[track_caller]
fn expect_same(files: &Memory, store: &Arc<Shelf>, published: &mut Published) -> Built {
    let request = request();
    let built = warm(files, &request, store, published);
    let (from_nothing, bytes) = cold(files, &request);
    let problems = |built: &Built| built.problems.iter().map(|found| format!("{found:?}")).collect::<Vec<_>>();
    assert_eq!(problems(&built), problems(&from_nothing));
    assert_eq!(built.outputs, from_nothing.outputs);
    assert_eq!(built.pages, from_nothing.pages);
    if !built.problems.has_errors() {
        assert!(published.files == bytes);
    }
    built
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn warm_equals_cold_after_any_edits(edits in prop::collection::vec(prop::collection::vec(edits(), 1..3), 1..7)) {
        let (files, store, mut published) = (Memory::fixture(SITE), Arc::new(Shelf::default()), Published::default());
        expect_same(&files, &store, &mut published);
        for edits in edits {
            for edit in edits {
                apply(&files, edit);
            }
            expect_same(&files, &store, &mut published);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn warm_equals_cold_whatever_is_edited_in_the_records(edits in prop::collection::vec(records::edits(), 1..7)) {
        let (files, store, mut published) = (records::site(), Arc::new(Shelf::default()), Published::default());
        expect_same(&files, &store, &mut published);
        for edits in edits {
            for edit in edits {
                records::apply(&edit, &files, &mut std::collections::BTreeSet::new());
            }
            expect_same(&files, &store, &mut published);
        }
    }
}

#[test]
fn a_claim_edit_renders_the_pages_that_show_it() {
    let (files, store, mut published) = (records::site(), Arc::new(Shelf::default()), Published::default());
    let first = expect_same(&files, &store, &mut published);
    assert!(!first.problems.has_errors(), "{:#?}", first.problems);
    rewrite(&files, &path("content/evidence/claims/cloud.yaml"), |text| text.replace("in Oslo in", "in Oslo, in"));
    let built = expect_same(&files, &store, &mut published);
    let rendered: Vec<String> = built.rendered.iter().map(|(path, why)| format!("{path}: {why:?}")).collect();
    assert_eq!(
        rendered,
        [
            "claims.html: Records",
            "cloud.html: Records",
            "index.html: Records",
            "search.html: Records",
            "sources.html: Records",
            "sources/report.html: Records",
            "sources/study.html: Records",
            "timeline.html: Records",
            "timeline/cloud.html: Records",
            "who-and-what.html: Records",
        ]
    );
}

/// Builds once, edits, and returns what was rendered again and why.
fn rendered_after(edit: impl FnOnce(&Memory)) -> Vec<(String, RenderReason)> {
    let (files, store, mut published) = (Memory::fixture(SITE), Arc::new(Shelf::default()), Published::default());
    let first = expect_same(&files, &store, &mut published);
    assert!(!first.problems.has_errors(), "{:#?}", first.problems);
    edit(&files);
    let built = expect_same(&files, &store, &mut published);
    built.rendered.iter().map(|(path, why)| (path.to_string(), *why)).collect()
}

#[test]
fn a_new_misspelling_is_reported_on_pages_without_citations() {
    let (files, store, mut published) = (Memory::fixture(SITE), Arc::new(Shelf::default()), Published::default());
    expect_same(&files, &store, &mut published);
    for (edit, wrong) in [(Edit::Claim(1), 0), (Edit::Name(0), 1), (Edit::Name(0), 0)] {
        apply(&files, edit);
        let built = expect_same(&files, &store, &mut published);
        assert_eq!(built.problems.iter().filter(|found| found.code == "misspelt-name").count(), wrong, "{edit:?}");
    }
}

#[test]
fn nothing_changed_renders_nothing() {
    assert_eq!(rendered_after(|_| {}), []);
}

#[test]
fn a_body_edit_renders_one_page() {
    let body = |files: &Memory| rewrite(files, &path("content/guide/b.md"), |text| format!("{text}\nMore.\n"));
    assert_eq!(rendered_after(body), [("guide/b.html".to_owned(), RenderReason::Text)]);
}

#[test]
fn a_title_edit_renders_those_that_show_it() {
    let title = |files: &Memory| rewrite(files, &path("content/guide/b.md"), |text| text.replace("# B", "# Bee"));
    let rendered = rendered_after(title);
    assert!(rendered.contains(&("guide/b.html".to_owned(), RenderReason::Text)), "{rendered:?}");
    assert!(rendered.iter().any(|(_, why)| *why == RenderReason::ViewChanged), "{rendered:?}");
    assert!(!rendered.iter().any(|(path, _)| path == "sources/report.html"), "{rendered:?}");
}

#[test]
fn what_a_page_shows_of_others_renders_it_again() {
    let replace = |file: &'static str, from: &'static str, to: &'static str| {
        move |files: &Memory| rewrite(files, &path(file), |text| swap(&text, from, to))
    };
    let slug = |files: &Memory| rewrite(files, &path("content/guide/a.md"), |text| set(&text, "slug", "first"));
    let linked = |files: &Memory| {
        rewrite(files, &path("content/guide/b.md"), |text| format!("{text}\n[C](c.md) [@report]\n"));
    };
    let edits: [(&str, &dyn Fn(&Memory), &str); 9] = [
        ("where a link leads", &slug, "index.html"),
        ("the size of a picture", &replace("content/dot.svg", "width=\"10\"", "width=\"11\""), "cloud.html"),
        ("a page that links to it", &linked, "guide/c.html"),
        ("the page before", &replace("content/guide/a.md", "# A", "# Ay"), "guide/b.html"),
        ("the page after", &replace("content/guide/b.md", "# B", "# Bee"), "guide/a.html"),
        ("a claim", &replace("content/evidence/claims/all.yaml", "said so", "said it"), "cloud.html"),
        ("its standing", &replace("content/evidence/claims/all.yaml", "kind: plan", "kind: forecast"), "cloud.html"),
        ("a source of it", &replace("content/evidence/sources.yaml", "A report", "The report"), "cloud.html"),
        ("the address of the site", &replace("site.toml", "small.example", "large.example"), "cloud.html"),
    ];
    for (what, edit, page) in edits {
        let rendered = rendered_after(edit);
        let own = (page.to_owned(), RenderReason::Text);
        assert!(rendered.iter().any(|(path, _)| path == page) && !rendered.contains(&own), "{what}: {rendered:?}");
    }
}

#[test]
fn a_changed_template_renders_everything() {
    let rendered = rendered_after(|files| apply(files, Edit::Component(1)));
    assert!(rendered.len() > 10 && rendered.iter().all(|(_, why)| *why == RenderReason::Templates), "{rendered:?}");
}

#[test]
fn a_removed_page_is_written_again() {
    let (files, store, mut published) = (Memory::fixture(SITE), Arc::new(Shelf::default()), Published::default());
    expect_same(&files, &store, &mut published);
    published.outputs.remove(&path("guide/b.html"));
    published.files.remove(&path("guide/b.html"));
    let built = expect_same(&files, &store, &mut published);
    assert_eq!(built.rendered, [(path("guide/b.html"), RenderReason::Gone)]);
}

#[test]
fn a_damaged_cache_does_not_change_the_output() {
    let (files, store, mut published) = (Memory::fixture(SITE), Arc::new(Shelf::default()), Published::default());
    expect_same(&files, &store, &mut published);
    let whole = store.files.lock().unwrap().clone();
    let total: usize = whole.values().map(Vec::len).sum();
    let edited = Memory::fixture(SITE);
    apply(&edited, Edit::Body(1, 1));
    let sites = [&files, &edited].map(|files| (files, cold(files, &request())));
    // Changed bytes, spread over all files; every other time a page was edited too.
    for turn in 0..500_usize {
        let (files, (from_nothing, bytes)) = &sites[turn % 2];
        let mut at = turn * total / 500;
        let mut damaged = whole.clone();
        for bytes in damaged.values_mut() {
            if at < bytes.len() {
                bytes[at] ^= 1 << (turn % 8);
                break;
            }
            at -= bytes.len();
        }
        *store.files.lock().unwrap() = damaged;
        let (outputs, there) = (published.outputs.clone(), published.files.clone());
        let mut published = Published { outputs, files: there, ..Published::default() };
        let built = warm(files, &request(), &store, &mut published);
        assert!(built.outputs == from_nothing.outputs && published.files == *bytes, "turn {turn}");
    }
}

#[test]
fn a_truncated_foreign_or_missing_cache_does_not_change_the_output() {
    let (files, store, mut published) = (Memory::fixture(SITE), Arc::new(Shelf::default()), Published::default());
    expect_same(&files, &store, &mut published);
    let names: Vec<String> = store.files.lock().unwrap().keys().cloned().collect();
    for name in names {
        for change in [
            |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2),
            |bytes: &mut Vec<u8>| bytes.clear(),
            |bytes: &mut Vec<u8>| *bytes = bytes.iter().rev().copied().collect(),
            // Another version or machine: its identity differs.
            |bytes: &mut Vec<u8>| bytes.splice(14..20, *b"future").for_each(drop),
            |bytes: &mut Vec<u8>| *bytes = vec![0xff; 100_000],
        ] {
            store.files.lock().unwrap().get_mut(&name).map(change);
            apply(&files, Edit::Body(1, 1));
            expect_same(&files, &store, &mut published);
        }
        store.files.lock().unwrap().remove(&name);
        expect_same(&files, &store, &mut published);
    }
}

#[test]
fn a_full_disk_is_a_warning_and_the_site_is_correct() {
    let (files, store, mut published) = (Memory::fixture(SITE), Arc::new(Shelf::default()), Published::default());
    expect_same(&files, &store, &mut published);
    *store.broken.lock().unwrap() = true;
    apply(&files, Edit::Body(1, 1));
    let built = warm(&files, &request(), &store, &mut published);
    let codes: Vec<&str> = built.problems.iter().map(|found| found.code).collect();
    assert!(codes.contains(&"cache-failed") && !built.problems.has_errors(), "{codes:?}");
    assert!(published.files == cold(&files, &request()).1);
    *store.broken.lock().unwrap() = false;
    expect_same(&files, &store, &mut published);
}

#[test]
fn the_cache_stays_small_however_often_pages_change() {
    let (files, store, mut published) = (Memory::fixture(SITE), Arc::new(Shelf::default()), Published::default());
    let mut sizes = Vec::new();
    for turn in 0..60_u32 {
        rewrite(&files, &path("content/guide/b.md"), |_| format!("# B\n\nTurn {turn}.\n"));
        warm(&files, &request(), &store, &mut published);
        let files = store.files.lock().unwrap();
        sizes.push((files.len(), files.values().map(Vec::len).sum::<usize>()));
    }
    let (most, largest) = (sizes.iter().map(|size| size.0).max(), sizes.iter().map(|size| size.1).max());
    assert!(most <= Some(20) && largest <= Some(sizes[0].1 * 3), "{sizes:?}");
    expect_same(&files, &store, &mut published);
}
