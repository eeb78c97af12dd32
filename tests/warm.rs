//! A snapshot made from the previous one gives the same as a cold build, byte for byte and problem for problem,
//! whatever was edited.

#[path = "warm/records.rs"]
mod records;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dossier::diag::Diagnostics;
use dossier::pipeline::{
    Change, CheckedLinks, Keep, OnDemand, Opened, Request, Snapshot, Touched, advance, build, theme_file,
};
use dossier::source::{Files, Memory, SitePath};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const SITE: &str = r##"//- site.toml
title = "Bridge"
tagline = "Left out: \b"
base_url = "https://example.org/deal/"
[[topics]]
id = "cloud"
title = "Cloud"
summary = "Servers."
page = "cloud.md"
[output]
theme = false
hosts = ["azure", "github", "netlify"]
[content]
paginate = 3
[check]
warn = ["active-file", "broken-anchor", "broken-output-link"]
//- content/index.md
# Home
See [cloud](cloud.md#azure).
//- content/cloud.md
---
title: Cloud
topic: cloud
---
The servers of Mi run on Azure since 2015 [@azure-since-2015].

## Azure

![map](map.svg) and [one](guide/one.md).

```{note} title="Aside"
Words in a component [@report, line 9].
```
//- content/map.svg
<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>
//- content/tool.html
<script>alert(1)</script>
//- content/guide/one.md
---
title: One
order: 1
---
First [two](two.md).
//- content/guide/two.md
---
title: Two
order: 2
aliases: [old/two.html]
---
Second. ```code``` and [home](../index.md).

```rust
fn main() {}
```
//- content/guide/three.md
# Three
Third one of them [cloud](../cloud.md#azure).
//- content/guide/four.md
# Four
Fourth.
//- content/evidence/sources.yaml
- id: report
  kind: news
  title: The report
  date: 2018-02-23
  language: en
  reliability: high
  reliability_reason: It was there.
//- content/evidence/claims/cloud.yaml
- id: azure-since-2015
  statement: Mi Cloud has run on Azure since 2015.
  topics: [cloud]
  entities: []
  sources: [{source: report, lines: [9]}]
  date: "2015"
  kind: reported
//- content/evidence/events.yaml
- id: start
  title: Mi Cloud starts on Azure
  date: "2015"
  claims: [azure-since-2015]
  topics: [cloud]
  status: happened
//- templates/base.html
<!doctype html><link href="{{ root }}{{ site.assets["style.css"] }}"><title>{{ page.title }}</title>
{% for c in page.children %}<a href="{{ root }}{{ c.href }}">{{ c.title }}</a>{% endfor %}
{% for c in page.backlinks %}<a href="{{ root }}{{ c.href }}">{{ c.title }}</a>{% endfor %}
{% for c in page.references %}<p id="{{ c.id }}">{{ c.key }} {{ c.locator }}</p>{% endfor %}
{% if page.evidence %}{{ page.evidence.cited }} of {{ page.evidence.paragraphs }}{% endif %}
{% block more %}{% endblock %}{{ page.content | safe }}
//- templates/home.html
{% extends "base.html" %}{% block more %}{% for t in home.topics %}{{ t.title }}{% if t.evidence %}{{ t.evidence.paragraphs }}{% endif %}{% endfor %}{% endblock %}
//- templates/page.html
{% extends "base.html" %}
//- templates/section.html
{% extends "base.html" %}
//- templates/topic.html
{% extends "base.html" %}{% block more %}{% if topic.evidence %}{{ topic.evidence.cited }} of {{ topic.evidence.paragraphs }}{% endif %}{% for p in topic.pages %}{{ p.title }}{% endfor %}{% for c in topic.claims %}{{ c.statement }}{% endfor %}{% endblock %}
//- templates/timeline.html
{% extends "base.html" %}{% block more %}{% for y in timeline.years %}{% for e in y.events %}<p id="{{ e.id }}">{{ e.title }}</p>{% endfor %}{% endfor %}{% endblock %}
//- templates/claims.html
{% extends "base.html" %}{% block more %}{% for g in claims.groups %}{% for c in g.claims %}<p id="{{ c.claim.id }}">{{ c.claim.statement }}</p>{% for p in c.cited_on %}{{ p.title }}{% endfor %}{% endfor %}{% endfor %}{% endblock %}
//- templates/source.html
{% extends "base.html" %}{% block more %}{{ source.title }}{% for p in source.cited_on %}{{ p.title }}{% endfor %}{% endblock %}
//- templates/404.html
{% extends "base.html" %}
//- templates/components/note.html
{% component note(title: string) %}<aside><b>{{ title }}</b>{{ body | safe }}</aside>{% endcomponent note %}
//- static/style.css
body { color: black }
//- static/robots-are-fine.txt
yes
"##;

/// Texts that replace others in a file.
const SWAPS: &[(&str, &str)] = &[
    ("First", "At first"),
    ("## Azure", "Others run in China, and nobody says where in the country they stand.\n\n## Azure"),
    ("First", "First\n\nAnother paragraph that says more about all this [@report].\n\n"),
    ("title: One", "title: Uno"),
    ("title: Cloud", "title: Clouds"),
    ("order: 2", "order: 0"),
    ("## Azure", "## Azure {#other}"),
    ("## Azure", "## Azure\n\n## More\n\n"),
    ("[@azure-since-2015]", "[@nobody]"),
    ("[@azure-since-2015]", "[@report, line 3]"),
    ("has run", "runs"),
    ("2018-02-23", "2018-02-24"),
    ("black", "green"),
    ("width=\"40\"", "width=\"80\""),
    ("width=\"40\"", "onload=\"alert(1)\" width=\"40\""),
    ("<!doctype html>", "<!doctype html><!-- new -->"),
    ("{% block more %}{% endblock %}", "{% block more %}{% endblok %}"),
    ("title = \"Bridge\"", "title = \"Bridges\""),
    ("paginate = 3", "paginate = 20"),
    ("title = ", "titel = "),
    ("---\ntitle: One", "--\ntitle: One"),
    ("[two](two.md)", "[two](four.md)"),
    ("[two](two.md)", "[two](nowhere.md)"),
    ("[cloud](cloud.md#azure)", "![map](map.svg)"),
    ("{note}", "{nothing}"),
    ("aliases: [old/two.html]", "draft: true"),
    ("Fourth.", "Fourth. See [three](three.md) and [@report, line 4; @azure-since-2015]."),
    ("{{ title }}", "{{ title }}!"),
    ("Third one", "Third one of the pages"),
];

#[derive(Clone, Debug)]
enum Edit {
    /// Replaces the first text of a pair with the second, or back.
    Swap(usize, bool),
    /// Removes a file, or restores it.
    Remove(usize),
    Restore(usize),
    /// Renames a content file.
    Rename(usize),
    /// Adds a page.
    Add(u8),
    /// Reports a change although there is none.
    Rumour(usize),
}

fn edits() -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let edit = prop_oneof![
        8 => (0..SWAPS.len(), any::<bool>()).prop_map(|(swap, back)| Edit::Swap(swap, back)),
        1 => (0..40_usize).prop_map(Edit::Remove),
        2 => (0..40_usize).prop_map(Edit::Restore),
        1 => (0..40_usize).prop_map(Edit::Rename),
        1 => any::<u8>().prop_map(|number| Edit::Add(number % 4)),
        1 => (0..40_usize).prop_map(Edit::Rumour),
    ];
    prop::collection::vec(prop::collection::vec(edit, 1..4), 1..8)
}

/// Makes an edit, and returns the changed files.
fn apply(edit: &Edit, files: &Memory, touched: &mut BTreeSet<SitePath>) {
    let start: Vec<(SitePath, Vec<u8>)> = Memory::fixture(SITE).snapshot().into_iter().collect();
    let nth = |number: &usize| start[number % start.len()].clone();
    match edit {
        Edit::Swap(number, back) => {
            let (from, to) = SWAPS[*number];
            let (from, to) = if *back { (to, from) } else { (from, to) };
            for (path, bytes) in files.snapshot() {
                let text = String::from_utf8(bytes).expect("a text");
                if text.contains(from) {
                    files.insert(path.clone(), text.replace(from, to).into_bytes());
                    touched.insert(path);
                }
            }
        }
        Edit::Remove(number) => {
            let (path, _) = nth(number);
            files.remove(&path);
            touched.insert(path);
        }
        Edit::Restore(number) => {
            let (path, bytes) = nth(number);
            files.insert(path.clone(), bytes);
            touched.insert(path);
        }
        Edit::Rename(number) => {
            let (path, _) = nth(number);
            if let Some(bytes) = files.remove(&path) {
                let other = path.resolve(&format!("renamed-{}", path.name())).expect("a path");
                files.insert(other.clone(), bytes);
                touched.extend([path, other]);
            }
        }
        Edit::Add(number) => {
            let path = SitePath::new(&format!("content/added/page{number}.md")).expect("a path");
            files.insert(path.clone(), format!("# Added {number}\nSee [home](../index.md).\n").into_bytes());
            touched.insert(path);
        }
        Edit::Rumour(number) => {
            touched.insert(nth(number).0);
        }
    }
}

fn request() -> Request {
    Request::of(jiff::civil::date(2026, 11, 21))
}

fn sorted(mut problems: Diagnostics) -> Vec<String> {
    problems.sort();
    problems.iter().map(|found| format!("{found:?}")).collect()
}

/// Every output that a live snapshot shows.
fn outputs(live: &OnDemand, files: &Memory) -> BTreeMap<SitePath, Vec<u8>> {
    let open = |path: SitePath| {
        let bytes = match live.open(&path) {
            Opened::Page(made) | Opened::Made(made) => made.bytes.to_vec(),
            Opened::File(file) => {
                let of_theme = || theme_file(&file).map(<[u8]>::to_vec);
                files.read(&file).ok().or_else(of_theme).expect("a listed file is there")
            }
            other => panic!("{path}: {other:?}"),
        };
        (path, bytes)
    };
    live.names().into_iter().map(open).collect()
}

#[test]
fn warm_equals_cold() {
    let cases = std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(&edits(), |batches| {
            follow(&batches);
            Ok(())
        })
        .expect("warm equals cold");
}

/// Every swap alone, and its reversal.
#[test]
fn each_edit_alone_is_followed() {
    for number in 0..SWAPS.len() {
        follow(&[vec![Edit::Swap(number, false)], vec![Edit::Swap(number, true)]]);
    }
}

/// Random edits of a site that is mostly records.
#[test]
fn warm_equals_cold_whatever_is_edited_in_the_records() {
    let cases = std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(16);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(&prop::collection::vec(records::edits(), 1..8), |batches| {
            let files = records::site();
            follow_with(&files, &batches, records::apply);
            Ok(())
        })
        .expect("warm equals cold");
}

/// Every edit of the records alone, and its reversal.
#[test]
fn each_edit_of_the_records_alone_is_followed() {
    for number in 0..records::SWAPS.len() {
        let (there, back) = (records::Edit::Swap(number, false), records::Edit::Swap(number, true));
        follow_with(&records::site(), &[vec![there], vec![back]], records::apply);
    }
}

fn follow(batches: &[Vec<Edit>]) {
    follow_with(&Memory::fixture(SITE), batches, apply);
}

fn follow_with<E: std::fmt::Debug>(
    files: &Memory,
    batches: &[Vec<E>],
    apply: impl Fn(&E, &Memory, &mut BTreeSet<SitePath>),
) {
    let quiet = &|_: &str, _: usize, _: usize| {};
    let mut base: Option<Arc<Snapshot>> = None;
    let mut live: Option<OnDemand> = None;
    let mut shown: Option<BTreeMap<SitePath, Vec<u8>>> = None;
    let mut followed = CheckedLinks::default();
    let mut pending = BTreeSet::new();
    for batch in std::iter::once(&Vec::new()).chain(batches) {
        let names = |files: &Memory| files.list().files.iter().map(|listed| listed.path.clone()).collect::<Vec<_>>();
        let before = names(files);
        for edit in batch {
            apply(edit, files, &mut pending);
        }
        let moved = base.is_none() || before != names(files);
        let listing = moved.then(|| Arc::new(files.list()));
        let touched = Touched { listing, files: Cow::Owned(pending.clone()) };
        let cold_out = Memory::default();
        let cold = build(files, &request(), &cold_out, quiet);
        // If the site itself could not be built, nothing would be compared.
        assert!(!batch.is_empty() || !cold.problems.has_errors(), "the site at the start: {:?}", cold.problems);
        match advance(files, &request(), Keep::Sources, base.as_deref(), &touched, quiet) {
            Err(problems) => {
                shown = None;
                assert_eq!(sorted(problems), sorted(cold.problems), "after {batch:?}");
                // The next listing must not be lost either.
                base = None;
            }
            Ok(snapshot) => {
                let snapshot = Arc::new(snapshot);
                base = Some(snapshot.clone());
                let mut problems = snapshot.problems();
                if problems.has_errors() {
                    assert_eq!(sorted(problems), sorted(cold.problems), "after {batch:?}");
                    shown = None;
                    continue;
                }
                let next = OnDemand::new(snapshot, files, live.as_ref(), &pending);
                pending.clear();
                if cold.problems.has_errors() {
                    shown = None;
                } else {
                    next.snapshot.site.ids().for_each(|id| followed.read(&next, id));
                    problems.extend(followed.problems(&next));
                    assert_eq!(sorted(problems), sorted(cold.problems), "after {batch:?}");
                    let (warm, cold_out) = (outputs(&next, files), cold_out.snapshot());
                    let paths = |all: &BTreeMap<SitePath, Vec<u8>>| all.keys().cloned().collect::<Vec<_>>();
                    assert_eq!(paths(&warm), paths(&cold_out), "after {batch:?}");
                    for (path, bytes) in &warm {
                        let (warm, cold) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&cold_out[path]));
                        assert_eq!(warm, cold, "{path} after {batch:?}");
                    }
                    if let Some(before) = &shown {
                        expect_changes_reported(&next, before, &warm, batch);
                    }
                    shown = Some(warm);
                }
                live = Some(next);
            }
        }
    }
}

/// Checks that only pages differ that the snapshot's change names.
fn expect_changes_reported<E: std::fmt::Debug>(
    live: &OnDemand,
    before: &BTreeMap<SitePath, Vec<u8>>,
    now: &BTreeMap<SitePath, Vec<u8>>,
    batch: &[E],
) {
    let site = &live.snapshot.site;
    let reported: BTreeSet<&SitePath> = match &live.snapshot.change {
        Change::Anything => return,
        Change::Nothing => BTreeSet::new(),
        Change::Pages(pages) => pages.iter().map(|id| &site.page(*id).output).collect(),
    };
    for (path, bytes) in now.iter().filter(|(path, _)| live.is_page(path)) {
        assert!(reported.contains(path) || before.get(path) == Some(bytes), "{path} after {batch:?}");
    }
}

/// A file that is listed but removed before it is read.
#[test]
fn a_file_that_vanishes_while_it_is_read_is_reported_and_can_return() {
    let files = Memory::fixture(SITE);
    let quiet = &|_: &str, _: usize, _: usize| {};
    let listing = Arc::new(files.list());
    let whole =
        dossier::pipeline::prepare(&files, &request(), Keep::Sources, quiet).unwrap_or_else(|_| panic!("a site"));
    for name in [
        "content/guide/one.md",
        "content/evidence/events.yaml",
        "templates/components/note.html",
        "static/robots-are-fine.txt",
    ] {
        let path = SitePath::new(name).expect("a path");
        let touched = || Touched { listing: Some(listing.clone()), files: Cow::Owned([path.clone()].into()) };
        let bytes = files.remove(&path).expect("it was there");
        for before in [None, Some(&whole)] {
            let Ok(without) = advance(&files, &request(), Keep::Sources, before, &touched(), quiet) else {
                panic!("{name}: the rest can be read")
            };
            let reported = without
                .problems()
                .iter()
                .any(|found| found.code == "read-failed" && found.at.as_ref().is_some_and(|at| at.file == path));
            // A file that is only copied is read on request.
            assert_eq!(reported, !name.starts_with("static"), "{name}");
            files.insert(path.clone(), bytes.clone());
            let again = advance(&files, &request(), Keep::Sources, Some(&without), &touched(), quiet);
            assert!(again.is_ok_and(|again| sorted(again.problems()) == sorted(whole.problems())), "{name}");
            files.remove(&path);
        }
        files.insert(path, bytes);
    }
}
