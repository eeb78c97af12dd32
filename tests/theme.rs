//! Sites with the unchanged theme, built in memory: what readers find, and whether every page is linked.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use dossier::pipeline::{OutputLinks, Request, build};
use dossier::source::{Memory, SitePath};

const SOURCE: &str = "//- content/evidence/sources.yaml\n- id: gazette\n  kind: news\n  title: The Gazette\n  \
    description: A weekly that the town printed\n  language: en\n  reliability: high\n  reliability_reason: It was there.\n\
    //- content/evidence/claims/all.yaml\n- id: opened\n  statement: The bridge opened.\n  topics: []\n  entities: []\n  \
    sources:\n    - source: gazette\n      lines: 1\n  kind: reported\n";

fn made(fixture: &str) -> BTreeMap<String, String> {
    let out = Memory::default();
    let files = Memory::fixture(&format!("//- site.toml\ntitle = \"T\"\n{fixture}"));
    let built = build(&files, &Request::of(jiff::civil::date(2026, 11, 21)), &out, &|_, _, _| {});
    let problems: Vec<_> = built.problems.iter().map(|found| format!("{}: {}", found.code, found.message)).collect();
    assert!(!built.problems.has_errors(), "{problems:#?}");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    out.snapshot().into_iter().map(|(path, bytes)| (path.to_string(), text(bytes))).collect()
}

/// The pages that cannot be reached by links from the home page.
fn unreachable(outputs: &BTreeMap<String, String>) -> BTreeSet<&str> {
    let mut rest: BTreeSet<&str> = outputs.keys().map(String::as_str).filter(|name| name.ends_with(".html")).collect();
    rest.remove("404.html");
    let mut todo = VecDeque::from(["index.html".to_owned()]);
    while let Some(name) = todo.pop_front() {
        if !rest.remove(name.as_str()) {
            continue;
        }
        let page = SitePath::new(&name).expect("a path");
        for address in OutputLinks::read(outputs[&name].as_bytes()).addresses {
            let path = address.split('#').next().unwrap_or_default();
            todo.extend(page.resolve(path).ok().map(|path| path.to_string()));
        }
    }
    rest
}

#[test]
fn every_page_is_reachable_from_the_home_page() {
    let flat: String = (1..=12).map(|number| format!("//- content/p{number}.md\n# P{number}\n")).collect();
    let bundles: String =
        (1..=9).map(|number| format!("//- content/post-{number}/index.md\n# Post {number}\n")).collect();
    let deep = "//- content/a/b/c.md\n# C\n//- content/a/d.md\n# D\n";
    let many: String = (1..=60).map(|number| format!("//- content/log/l{number}.md\n# L{number}\n")).collect();
    let topic = "//- content/cloud/index.md\n---\ntopic: cloud\ntemplate: topic\n---\n# Cloud\n//- content/cloud/deep.md\n# Deep\n";
    let topics = "[[topics]]\nid = \"cloud\"\ntitle = \"Cloud\"\npage = \"cloud/index.md\"\n";
    let home = "//- content/index.md\n# Home\n";
    // The search page lists every page, so it is left out.
    let quiet = "[output]\nsearch = false\n";
    for (name, fixture) in [
        ("flat", format!("{quiet}{home}{flat}")),
        ("without a page for home", format!("{quiet}{flat}{deep}")),
        ("bundles", format!("{quiet}{home}{bundles}")),
        ("folders", format!("{quiet}{home}{deep}{many}")),
        ("a topic with pages below", format!("{quiet}{topics}{home}{topic}{flat}")),
        ("with a navigation", format!("{quiet}[[nav]]\ntitle = \"One\"\npage = \"p1.md\"\n{home}{flat}{deep}")),
        ("evidence", format!("{quiet}{home}{flat}{SOURCE}")),
        ("search", format!("{home}{flat}{bundles}{many}{SOURCE}")),
    ] {
        let outputs = made(&fixture);
        assert_eq!(unreachable(&outputs), BTreeSet::new(), "{name}");
    }
}

#[test]
fn a_page_with_the_name_of_a_list_provides_its_introduction() {
    let sources =
        "//- content/index.md\n# Home\n[x](sources.md)\n//- content/sources.md\n# What we read\n\nThe words.\n";
    let page = &made(&format!("{sources}{SOURCE}"))["sources.html"];
    assert!(page.contains("The words.") && page.contains("The Gazette"), "{page}");
    // A page of another kind keeps its name, and the list gets another one.
    let other = sources.replace("# What we read", "---\ntemplate: page\n---\n# What we read");
    let outputs = made(&format!("{other}{SOURCE}"));
    assert!(outputs["sources.html"].contains("The words.") && !outputs["sources.html"].contains("The Gazette"));
    assert!(outputs["sources-1.html"].contains("The Gazette"));
    assert_eq!(unreachable(&outputs), BTreeSet::new());
    // Without evidence it is an ordinary page.
    assert!(made(sources)["sources.html"].contains("The words."));
}

#[test]
fn the_description_of_a_source_is_shown_with_its_title() {
    let outputs = made(&format!("//- content/index.md\n# Home\n{SOURCE}"));
    for page in ["sources.html", "sources/gazette.html"] {
        assert!(outputs[page].contains("A weekly that the town printed"), "{page}");
    }
    let list = outputs["sources.html"].split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(list.contains(">1 claim</a>") && list.contains(">1</a> rests on it alone"), "{list}");
}

#[test]
fn years_before_the_common_era_and_far_ones_are_on_the_timeline() {
    let event = |id: &str, date: &str| {
        format!(
            "- id: {id}\n  title: Of {id}\n  date: \"{date}\"\n  claims: [opened]\n  topics: []\n  status: happened\n"
        )
    };
    let dates = [
        ("late", "Y20180"),
        ("caesar", "-0043-03-15"),
        ("christmas", "XXXX-12-25"),
        ("first", "0000"),
        ("now", "2018"),
    ];
    let events: String = dates.iter().map(|(id, date)| event(id, date)).collect();
    let outputs = made(&format!("//- content/index.md\n# Home\n{SOURCE}//- content/evidence/events.yaml\n{events}"));
    let headings: Vec<&str> = outputs["timeline.html"]
        .split("<h2 id=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('>')?.1.split('<').next())
        .collect();
    assert_eq!(headings, ["44 BC", "1 BC", "2018", "20180", "At an unknown time"]);
    let calendar = &outputs["timeline.ics"];
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 1, "{calendar}");
    for line in calendar.lines().filter(|line| line.starts_with("DTSTART") || line.starts_with("DTEND")) {
        let day = line.split(':').nth(1).unwrap_or_default();
        assert!(day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()), "{line}");
    }
    let whole = calendar.replace("\r\n ", "");
    assert!(
        whole.contains("DESCRIPTION:Not in this calendar\\, for want of a date that it can show: Of caesar\\; "),
        "{whole}"
    );
}

#[test]
fn the_feed_has_its_own_id_and_its_entries_contain_their_text() {
    let page = "//- content/tram.md\n---\ndate: 2026-01-02\ncorrections:\n- date: 2026-03-04\n  text: It was red.\n---\n# Tram\n\n\
                It *runs* to [the port](port.md).\n\n## Stops {#stops}\n\n[Up](#stops)\n";
    let home = "base_url = \"https://here.example/\"\n//- content/index.md\n---\ndate: 2026-01-01\n---\n# Home\n//- content/port.md\n# Port\n";
    let outputs = made(&format!("{home}{page}"));
    let feed = &outputs["feed.xml"];
    let ids: Vec<&str> = feed.split("<id>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert_eq!(ids, ["https://here.example/feed.xml", "https://here.example/tram.html", "https://here.example/"]);
    let content = r#"<content type="html" xml:base="https://here.example/tram.html">"#;
    assert!(feed.contains(content), "{feed}");
    assert!(
        feed.contains(r#"&lt;em&gt;runs&lt;/em&gt; to &lt;a href=&quot;https://here.example/port.html&quot;"#),
        "{feed}"
    );
    assert!(
        outputs["sitemap.xml"].contains("<loc>https://here.example/tram.html</loc>\n  <lastmod>2026-03-04</lastmod>")
    );
    assert!(outputs["tram.html"].contains("Last change: <time datetime=\"2026-03-04\">"), "{}", outputs["tram.html"]);
}

#[test]
fn a_site_with_a_timeline_page_and_no_events_links_to_no_data_of_events() {
    let pages = "//- content/index.md\n# Home\n//- content/timeline.md\n---\ntemplate: timeline\n---\n# When\n";
    let outputs = made(&format!("{pages}{SOURCE}"));
    assert!(!outputs["index.html"].contains("timeline.json") && outputs["index.html"].contains("claims.json"));
    assert!(!made(pages)["index.html"].contains(".json"));
}

#[test]
fn a_page_lists_those_beside_it_where_they_are_few() {
    let page = |number: usize| format!("//- content/log/l{number:02}.md\n# Day {number}\n");
    let site = |count: usize| {
        let pages: String = (1..=count).map(page).collect();
        made(&format!(
            "//- content/index.md\n# Home\n//- content/alone.md\n# Alone\n//- content/log/index.md\n# Log\n{pages}"
        ))
    };
    let beside = |outputs: &BTreeMap<String, String>, name: &str| {
        let list = outputs[name].split("<nav class=\"siblings\"").nth(1).and_then(|rest| rest.split("</nav>").next());
        list.unwrap_or_default().matches("<li>").count()
    };
    let few = site(20);
    assert_eq!(beside(&few, "log/l03.html"), 20);
    let current = "<a href=\"../log/l03.html\" aria-current=\"page\">";
    assert_eq!(few["log/l03.html"].matches(current).count(), 2, "beside the text, and folded for narrow windows");
    assert_eq!((beside(&few, "alone.html"), beside(&few, "log/index.html")), (0, 0));
    assert_eq!(beside(&site(21), "log/l03.html"), 0);
    assert_eq!(beside(&site(1), "log/l01.html"), 0, "it has nothing beside it");
}

/// A site with so many events, one a month.
fn with_events(count: usize, status: &str) -> BTreeMap<String, String> {
    let event = |at: usize| {
        let date = format!("{}-{:02}", 1900 + at / 12, at % 12 + 1);
        format!(
            "- {{id: e{at:03}, title: Opening of the bridge, date: {date}, claims: [opened], topics: [], status: {status}}}\n"
        )
    };
    let events: String = (0..count).map(event).collect();
    let claim = SOURCE.replace("kind: reported", if status == "planned" { "kind: plan" } else { "kind: reported" });
    made(&format!("//- content/index.md\n# Home\n{claim}//- content/evidence/events.yaml\n{events}"))
}

#[test]
fn the_home_page_draws_the_last_events_and_a_long_timeline_is_folded() {
    // 200 events of this size are divided by years, and no page draws them all.
    for (count, shown, folded) in [(1, 1, false), (10, 10, false), (40, 10, false), (41, 10, true), (200, 10, false)] {
        let outputs = with_events(count, "happened");
        let (home, timeline) = (&outputs["index.html"], &outputs["timeline.html"]);
        let drawn: Vec<&str> =
            home.split("href=\"timeline").skip(1).filter_map(|link| link.split('"').next()).collect();
        assert_eq!(drawn.iter().filter(|link| link.contains("html#e")).count(), 2 * shown, "{count}: wide and narrow");
        let last = format!("html#e{:03}", count - 1);
        assert!(drawn.iter().any(|link| link.ends_with(&last)), "{count}: the last one is drawn");
        assert_eq!(home.contains(&format!("The last 10 of {count} events that happened.")), count > 10, "{count}");
        assert_eq!(timeline.contains("<details class=\"fold\">"), folded, "{count}");
        let pages = outputs.iter().filter(|(path, _)| path.starts_with("timeline") && path.ends_with(".html"));
        let listed: usize = pages.map(|(_, page)| page.matches("class=\"event ").count()).sum();
        assert_eq!(listed, count, "{count}");
    }
    let planned = &with_events(3, "planned")["index.html"];
    assert!(planned.contains("What is planned") && !planned.contains("What happened when"), "{planned}");
}

#[test]
fn the_search_index_holds_the_beginning_of_the_code_of_a_page() {
    let line = "let filler = 1234567890;\n";
    let long = format!("beginning();\n{}ending();\n", line.repeat(400));
    let site = format!(
        "//- content/index.md\n# Home\n\n```rust\nfn frobnicate() {{}}\n```\n\n    indented_call()\n//- content/long.md\n# Long\n\n```text\n{long}```\n\nAfter it.\n"
    );
    let index = &made(&site)["search-index.js"];
    for found in ["fn frobnicate() {}", "indented_call()", "beginning();", "After it."] {
        assert!(index.contains(found), "{found}");
    }
    assert!(!index.contains("ending();"));
    let held = index.matches(line.trim()).count() * line.len();
    assert!((3_900..=4_096).contains(&held), "{held} bytes of one page's code");
}

/// The names that Markdown may call, and nothing that templates use among themselves.
#[test]
fn an_unknown_component_is_answered_with_those_that_there_are() {
    let own = "//- templates/components/own.html\n{% component side_note() -%}\n<aside>{{ body | safe }}</aside>\n{%- endcomponent side_note %}\n";
    let files = Memory::fixture(&format!(
        "//- site.toml\ntitle = \"T\"\n{own}//- content/index.md\n# Home\n\n```{{xylophone}}\n```\n"
    ));
    let built = build(&files, &Request::of(jiff::civil::date(2026, 11, 21)), &Memory::default(), &|_, _, _| {});
    let hints: Vec<_> = built
        .problems
        .iter()
        .filter(|found| found.code == "unknown-component")
        .filter_map(|found| found.hint.as_deref())
        .collect();
    let names = "bottom-line, brings, claim, compare, disagreement, disagreements, established, events, figure, ladder, note, open, planned, quote, side-note";
    assert_eq!(hints, [format!("there are {names}; add others in `templates/components`")]);
}

#[test]
fn answers_of_a_page_are_checked_at_their_lines() {
    let found = |claims: &str, disagreement: &str| {
        let front = format!(
            "answers:\n- question: Did it open in 1905?\n  answer: >-\n    It did, with a toll of\n    40 coins.\n  claims: {claims}\n{disagreement}\
             - question: Who says so?\n  answer: \"The *Gazette* says 17 [@gazette].\"\n"
        );
        let page = format!("---\n{front}---\n# Home\n\nText.\n");
        let files = Memory::fixture(&format!("//- site.toml\ntitle = \"T\"\n//- content/index.md\n{page}{SOURCE}"));
        let built = build(&files, &Request::of(jiff::civil::date(2026, 11, 21)), &Memory::default(), &|_, _, _| {});
        let said = |at: &dossier::source::Span| page.get(at.start..at.end).unwrap_or_default().to_owned();
        built.problems.iter().filter_map(|found| Some((found.code, said(found.at.as_ref()?)))).collect::<Vec<_>>()
    };
    let unsupported = |text: &str| ("unsupported-figure", text.to_owned());
    assert_eq!(found("[opened]", ""), [unsupported("1905"), unsupported("40"), unsupported("17")]);
    let unknown = found("[opened, closed]", "  disagreement: tolls\n");
    assert!(unknown.contains(&("unknown-citation", "closed".to_owned())), "{unknown:?}");
    assert!(unknown.contains(&("unknown-reference", "tolls".to_owned())), "{unknown:?}");
}

#[test]
fn answers_are_shown_before_the_first_section_with_their_standing() {
    let front = "---\nanswers:\n- question: Did it <open>?\n  answer: It did.\n  claims: [opened]\n---\n";
    let outputs = made(&format!("//- content/index.md\n{front}# Home\n\nText.\n\n## Rest\n\nRest.\n{SOURCE}"));
    let home = &outputs["index.html"];
    let at = |text: &str| home.find(text).unwrap_or_else(|| panic!("no {text}: {home}"));
    assert!(at("Text.") < at("<dt>Did it &lt;open&gt;?</dt>") && at("<dt>") < at("id=\"rest\""), "{home}");
    assert!(at("It did.") < at("Single source") && home.contains("href=\"claims.html#opened\">Why</a>"), "{home}");
    assert!(outputs["search-index.js"].contains("Did it"));
    // Without a section they come at the end.
    let outputs = made(&format!("//- content/index.md\n{front}# Home\n\nText.\n{SOURCE}"));
    assert!(outputs["index.html"].contains("<section class=\"answers\""));
}

#[test]
fn claims_have_pages_where_the_site_asks_for_them() {
    let with = "[output]\nclaim_pages = true\n//- content/index.md\n# Home\n\nSo [@opened].\n";
    let outputs = made(&format!("{with}{SOURCE}"));
    assert!(outputs.contains_key("claims/opened.html") && outputs.contains_key("embed/opened.html"));
    assert!(
        outputs["claims.html"].contains("id=\"opened\"")
            && outputs["index.html"].contains("href=\"claims/opened.html\"")
    );
    assert_eq!(unreachable(&outputs), BTreeSet::new());
    let without = made(&format!("//- content/index.md\n# Home\n\nSo [@opened].\n{SOURCE}"));
    assert!(
        !without.contains_key("claims/opened.html") && without["index.html"].contains("href=\"claims.html#opened\"")
    );
}

#[test]
fn the_page_of_a_claim_has_its_history_from_the_corrections_that_name_it() {
    let page = |claim: &str| {
        let front = format!(
            "---\ncorrections:\n  - date: 2026-01-20\n    text: It said closed.\n    claims: [{claim}]\n  - date: 2026-01-21\n    \
             text: A comma.\n---\n"
        );
        format!("[output]\nclaim_pages = true\n//- content/index.md\n{front}# Home\n\nSo [@opened].\n{SOURCE}")
    };
    let outputs = made(&page("opened"));
    let history = |outputs: &BTreeMap<String, String>| {
        let page = &outputs["claims/opened.html"];
        page.split("id=\"history\"")
            .nth(1)
            .and_then(|rest| rest.split("</section>").next())
            .unwrap_or_default()
            .to_owned()
    };
    let found = history(&outputs);
    assert!(found.contains("20 January 2026</time>, <a href=\"../index.html\">Home</a>: It said closed."), "{found}");
    assert!(!found.contains("comma"), "{found}");
    let none = made(&format!("[output]\nclaim_pages = true\n//- content/index.md\n# Home\n\nSo [@opened].\n{SOURCE}"));
    assert!(history(&none).contains("No correction"), "{}", history(&none));
    let files = Memory::fixture(&format!("//- site.toml\ntitle = \"T\"\n{}", page("openned")));
    let built = build(&files, &Request::of(jiff::civil::date(2026, 11, 21)), &Memory::default(), &|_, _, _| {});
    let said: Vec<_> = built.problems.iter().map(|one| (one.code, one.message.as_str(), one.hint.as_deref())).collect();
    let expected = ("unknown-reference", "there is no claim `openned`", Some("did you mean `opened`?"));
    assert!(said.contains(&expected), "{said:?}");
}

#[test]
fn many_events_of_a_topic_are_folded() {
    let listed = |count: usize| {
        let event = |at: usize| {
            let status = if at == 1 { "planned" } else { "happened" };
            format!(
                "- {{id: e{at:02}, title: Opening of the bridge, date: {}, claims: [opened], topics: [t], status: {status}}}\n",
                1900 + at
            )
        };
        let events: String = (1..=count).map(event).collect();
        let topic = "[[topics]]\nid = \"t\"\ntitle = \"T\"\nsummary = \"S.\"\n";
        let page = "//- content/t.md\n---\ntopic: t\n---\n# T\n\nSo [@opened].\n\n```{events} topic=t\n```\n";
        let outputs = made(&format!(
            "{topic}//- content/index.md\n# Home\n{page}{SOURCE}//- content/evidence/events.yaml\n{events}"
        ));
        let (before, folded) =
            outputs["t.html"].split_once("<details class=\"fold\">").unwrap_or((&outputs["t.html"], ""));
        let titles = |text: &str| -> Vec<usize> {
            text.split("html#e").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok()).collect()
        };
        (titles(before), titles(folded))
    };
    // What is planned comes last.
    assert_eq!(listed(12), ((2..=12).chain([1]).collect(), vec![]));
    assert_eq!(listed(13), ((2..=11).collect(), vec![12, 13, 1]));
}

#[test]
fn a_small_difference_is_not_called_a_disagreement() {
    let outputs = |severity: &str| {
        let claim = "- {id: closed, statement: The bridge closed., sources: [gazette], kind: reported}\n";
        made(&format!(
            "//- content/index.md\n# Home\n\nSo [@opened].\n{SOURCE}//- content/evidence/claims/b.yaml\n{claim}\
             //- content/evidence/disagreements.yaml\n- id: d\n  question: Open?\n  severity: {severity}\n  readings:\n    \
             - {{reading: \"Yes.\", claims: [opened]}}\n    - {{reading: \"No.\", claims: [closed]}}\n  verdict: Yes.\n  why: So.\n"
        ))
    };
    let shown = |severity: &str, page: &str, text: &str| outputs(severity)[page].contains(text);
    assert!(
        shown("low", "claims.html", "Small difference: <a")
            && shown("low", "disagreements.html", ">Small differences</h2>")
    );
    assert!(shown("high", "claims.html", "Sources disagree: <a") && !shown("high", "claims.html", "Small difference"));
}

/// A first visit of the home page: in the packets that a server may send before the first answer of the reader.
#[test]
fn the_home_page_of_this_site_takes_at_most_14_kib() {
    let root = SitePath::new("index.html").expect("a path");
    let out = Memory::default();
    let files = dossier::disk::Folder::open(std::path::Path::new(env!("CARGO_MANIFEST_DIR"))).expect("this repository");
    let request =
        Request { base_url: Some("https://example.org/".to_owned()), ..Request::of(jiff::civil::date(2026, 12, 1)) };
    build(&files, &request, &out, &|_, _, _| {});
    let outputs = out.snapshot();
    let compressed = |path: &SitePath| {
        let (mut from, mut to) = (outputs[path].as_slice(), Vec::new());
        brotli::BrotliCompress(&mut from, &mut to, &brotli::enc::BrotliEncoderParams::default()).expect("in memory");
        to.len()
    };
    let home = String::from_utf8_lossy(&outputs[&root]);
    let named = |before: &str| -> Vec<usize> {
        let addresses = home.split(before).skip(1).filter_map(|rest| rest.split('"').next());
        addresses.map(|address| compressed(&SitePath::new(address).expect("a path"))).collect()
    };
    let (styles, scripts) = (named("<link rel=\"stylesheet\" href=\""), named("<script src=\""));
    assert_eq!((styles.len(), scripts.len()), (1, 1), "three requests with the page");
    let blocking = compressed(&root) + styles[0];
    assert!(blocking <= 12 << 10, "{blocking} bytes before anything is shown");
    assert!(blocking + scripts[0] <= 14 << 10, "{} bytes in all", blocking + scripts[0]);
}
