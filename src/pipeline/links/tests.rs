use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::parse::Day;
use crate::pipeline::{Keep, Request, prepare};
use crate::source::Memory;

const EVIDENCE: &str = r#"
//- site.toml
title = "T"
//- content/b.md
# B
//- content/evidence/sources.yaml
- id: report
  kind: news
  title: The report
  date: 2018-02-23
  language: en
  reliability: high
  reliability_reason: It was there.
//- content/evidence/claims/all.yaml
- id: since-2015
  statement: Mi Cloud has run on Azure since 2015.
  topics: []
  entities: []
  sources: [{source: report, lines: [9]}]
  date: "2015"
  kind: reported
"#;

/// What a page of this Markdown names, by its notes and read as a whole; and whether it had notes.
fn both(markdown: &str) -> (Names, Names, bool) {
    let files = Memory::fixture(&format!("//- content/a.md\n# A\n\n{markdown}\n{EVIDENCE}"));
    let request = Request::of(Day::constant(2026, 1, 1));
    let snapshot = prepare(&files, &request, Keep::Bodies, &|_, _, _| {}).unwrap();
    let site = &snapshot.site;
    let id = site.ids().find(|id| site.page(*id).metadata.path.as_str() == "content/a.md").unwrap();
    let body = snapshot.body(Some(&files), id).unwrap();
    let page = snapshot.renderer(BTreeMap::new()).render(id, &body).unwrap();
    let read = |noted| Names::read(&page.path, &page.bytes, noted, site);
    (read(page.noted.as_ref()), read(None), page.noted.is_some())
}

#[test]
fn a_page_with_all_that_markdown_has_is_noted() {
    let (noted, read, has_notes) =
        both("See [b](b.md), it since 2015 [@since-2015; @report, line 9].[^n] <b>\n\n## Head\n\n[^n]: A note.");
    assert!(noted == read && !has_notes, "a page with a problem is read");
    let (noted, read, has_notes) =
        both("See [b](b.md), it since 2015 [@since-2015; @report, line 9].[^n]\n\n## Head\n\n[^n]: A note.");
    assert!(has_notes && !noted.ids.is_empty() && !noted.targets.is_empty());
    assert_eq!(noted, read);
}

#[test]
fn a_link_that_climbs_to_the_top_leads_to_its_home_page() {
    let (from, mut scratch) = (SitePath::new("a/b.html").unwrap(), String::new());
    assert_eq!(plain_target(&from, "../", &mut scratch), Some("index.html"));
    assert_eq!(plain_target(&from, "../c/", &mut scratch), Some("c/index.html"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What is noted while a page is rendered is what stands in it.
    #[test]
    fn notes_are_what_a_reader_finds(pieces in prop::collection::vec(prop::sample::select(vec![
        "words ", "[b](b.md) ", "[b](b.md#x) ", "[h](#head) ", "[@since-2015] ", "[@report; @since-2015] ", "[^n] ",
        "[^m] ", "\n\n[^n]: Note [b](/b.md).\n\n", "\n\n[^m]: ## In {#in}\n\n", "\n\n## Head\n\n", "\n\n## Head {#own}\n\n",
        "\n\n> ### In a quotation\n\n", "\n\n- item\n\n", "<b>", "*em* ", "`code` ", "\n\n| a |\n|---|\n| [b](b.md) |\n\n",
        "\n\n```rust\nfn a() {}\n```\n\n", "\n\n```{note}\n## Inner [b](b.md)\n```\n\n", "https://example.org/ ", "![p](p.png) ",
        "<!-- <a id=x> -->", "&lt;a id=no&gt; ", "[&quot;](b.md?a=%22&amp;b) ", "$x$ ", "\n# One {#one}\n\n",
    ]), 0..12)) {
        let (noted, read, _) = both(&pieces.concat());
        prop_assert_eq!(noted, read);
    }

    #[test]
    fn what_is_plain_to_see_is_what_the_long_way_finds(
        from in prop::sample::select(vec!["a.html", "a/b.html", "a/index.html", "a/b/c.html"]),
        pieces in prop::collection::vec(prop::sample::select(vec![
            "../", "./", "/", "a", "b", "c", "index", ".html", "..", ".", "-", "%41", "é", "//", "_",
        ]), 0..7),
    ) {
        let (from, path) = (SitePath::new(from).unwrap(), pieces.concat());
        let found = match file_of(&from, &path, "/") {
            Led::To(target) => Some(target.to_string()),
            Led::Here => Some(from.to_string()),
            Led::Out => None,
        };
        let mut scratch = String::new();
        if let Some(plain) = plain_target(&from, &path, &mut scratch) {
            prop_assert_eq!(Some(plain), found.as_deref(), "{} from {}", path, from);
        }
    }
}
