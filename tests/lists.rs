//! Lists that grow: one page while they are short, and an index with further pages beyond.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

use dossier::diag::Severity;
use dossier::pipeline::{OutputLinks, Request, build};
use dossier::source::{Memory, SitePath};

/// What no page may exceed.
const LIMIT: usize = 200 << 10;

/// How many records of each kind a site has.
#[derive(Clone, Copy, Default)]
struct Size {
    claims: usize,
    sources: usize,
    events: usize,
    disagreements: usize,
    entities: usize,
    pages: usize,
}

/// A number as a word.
fn word(mut number: usize) -> String {
    let mut word = String::from("b");
    for _ in 0..4 {
        word.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    word
}

/// A site of this size with two topics. Every claim rests on the source `s0` and is about the entity `e0`, and everything is
/// cited.
fn site(size: Size) -> String {
    let mut out = "//- site.toml\ntitle = 'T'\nbase_url = 'https://example.org/'\n[[topics]]\nid = 'one'\ntitle = 'One'\n\
                   summary = 'S.'\n[[topics]]\nid = 'two'\ntitle = 'Two'\nsummary = 'S.'\n//- content/index.md\n# Home\n"
        .to_owned();
    let mut file = |name: &str, count: usize, piece: &dyn Fn(usize) -> String| {
        if count > 0 {
            let text: String = (0..count).map(piece).collect();
            let _ = write!(out, "//- content/evidence/{name}.yaml\n{text}");
        }
    };
    let topic = |n: usize| if n.is_multiple_of(3) { "one" } else { "two" };
    file("sources", size.sources.max(usize::from(size.claims > 0)), &|n| {
        let letter = char::from(b'a' + (n % 26) as u8);
        format!(
            "- {{id: s{n}, kind: news, title: {letter}{letter} report, date: 2018-02-27, language: en, reliability: high, reliability_reason: It is dated.}}\n"
        )
    });
    file("claims/all", size.claims, &|n| {
        let entities = if size.entities > 0 { ", entities: [e0]" } else { "" };
        let (word, year) = (word(n), 1800 + n % 200);
        let (topic, source) =
            (topic(n), if size.sources > 1 { format!(", s{}", 1 + n % (size.sources - 1)) } else { String::new() });
        format!(
            "- {{id: c{n}, statement: The {word} boat came, kind: reported, date: {year}, topics: [{topic}]{entities}, sources: [s0{source}]}}\n"
        )
    });
    file("events", size.events, &|n| {
        let (topic, word, year, claim) = (topic(n), word(n), 1800 + n % 200, n % size.claims.max(1));
        format!(
            "- {{id: v{n}, title: The {word} boat came, date: {year}, claims: [c{claim}], topics: [{topic}], status: happened}}\n"
        )
    });
    file("disagreements", size.disagreements, &|n| {
        let (topic, word) = (topic(n), word(n));
        format!(
            "- {{id: d{n}, question: Did the {word} boat come?, topics: [{topic}], severity: low, readings: [{{reading: It came, \
             sources: [s0]}}, {{reading: It left, sources: [s1]}}], verdict: It came., why: It was seen.}}\n"
        )
    });
    file("entities", size.entities, &|n| {
        let letter = char::from(b'a' + (n % 26) as u8);
        format!("- {{id: e{n}, name: {letter} boat, kind: product, definition: A boat.}}\n")
    });
    for n in 0..size.pages {
        let claims: String = (0..4)
            .filter(|_| size.claims > 0)
            .map(|at| format!("It came [@c{}].\n\n", (n * 4 + at) % size.claims))
            .collect();
        let _ = write!(
            out,
            "//- content/p{n}.md\n---\ntitle: The {} page\nupdated: 2020-01-01\ncorrections:\n  - {{date: 2020-01-01, text: It was wrong.}}\n---\n{claims}[first](claims.md#c0)\n",
            word(n)
        );
    }
    if size.claims == 0 { out.replace("[first](claims.md#c0)", "") } else { out }
}

fn made(fixture: &str) -> BTreeMap<String, Vec<u8>> {
    let (files, out) = (Memory::fixture(fixture), Memory::default());
    let built = build(&files, &Request::of(jiff::civil::date(2026, 11, 30)), &out, &|_, _, _| {});
    let errors = built.problems.iter().filter(|found| found.severity == Severity::Error);
    let problems: Vec<_> = errors.map(|found| format!("{}: {}", found.code, found.message)).take(20).collect();
    assert!(!built.problems.has_errors(), "{problems:#?}");
    out.snapshot().into_iter().map(|(path, bytes)| (path.to_string(), bytes)).collect()
}

fn text<'a>(outputs: &'a BTreeMap<String, Vec<u8>>, path: &str) -> &'a str {
    let bytes = outputs.get(path).unwrap_or_else(|| panic!("no {path} among {:?}", outputs.keys()));
    std::str::from_utf8(bytes).expect("text")
}

/// The further pages of a list.
fn parts(outputs: &BTreeMap<String, Vec<u8>>, list: &str) -> Vec<String> {
    let folder = format!("{list}/by/");
    outputs.keys().filter(|path| path.starts_with(&folder) && path.ends_with(".html")).cloned().collect()
}

/// A site with thousands of everything, built once.
static LARGE: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    made(&site(Size { claims: 5000, sources: 400, events: 2000, disagreements: 600, entities: 300, pages: 600 }))
});

#[test]
fn a_list_has_further_pages_beyond_200_entries() {
    for (count, cut) in [(0, false), (1, false), (200, false), (201, true)] {
        // Records of nothing but an id and a title, so that their number decides.
        let entities = Size { entities: count, ..Size::default() };
        let outputs = made(&site(entities));
        assert_eq!(!parts(&outputs, "who-and-what").is_empty(), cut, "{count} entities");
        if count > 0 {
            let page = text(&outputs, "who-and-what.html");
            assert_eq!(page.matches("<dt>").count(), if cut { 0 } else { count }, "{count} entities");
        }
        let listed: usize =
            parts(&outputs, "who-and-what").iter().map(|part| text(&outputs, part).matches("<dt>").count()).sum();
        assert_eq!(listed, if cut { count } else { 0 }, "{count} entities");
        // The home page, the page of corrections and the search page are pages too.
        let outputs = made(&site(Size { pages: count, ..Size::default() }));
        assert_eq!(parts(&outputs, "search").is_empty(), count < 200, "{count} pages");
    }
}

#[test]
fn no_page_or_script_of_a_large_site_is_over_200_kib() {
    for (path, bytes) in LARGE.iter().filter(|(path, _)| path.ends_with(".html") || path.ends_with(".js")) {
        assert!(bytes.len() <= LIMIT, "{path} has {} bytes", bytes.len());
    }
    for list in
        ["claims", "sources", "disagreements", "who-and-what", "timeline", "search", "corrections", "sources/s0"]
    {
        let parts = parts(&LARGE, list);
        assert!(parts.len() > 1, "{list} has {} parts", parts.len());
        let average = parts.iter().map(|part| LARGE[part].len()).sum::<usize>() / parts.len();
        assert!(average > 4 << 10, "{list}: {average} bytes");
    }
}

#[test]
fn sources_are_compared_in_tables_that_can_be_read_and_no_larger_one_is_made() {
    let problems = |count: usize, call: &str| {
        let size = Size { claims: 1, sources: 30, disagreements: count, ..Size::default() };
        let fixture = site(size).replace("# Home\n", &format!("# Home\n\n```{{compare}} {call}\n```\n"));
        // Each question has two sources of its own.
        let other = |n: usize| format!("sources: [s{}]}}, {{reading: It left, sources: [s{}]}}", n % 29, n % 29 + 1);
        let mut parts = fixture.split("sources: [s0]}, {reading: It left, sources: [s1]}");
        let first = parts.next().unwrap_or_default().to_owned();
        let fixture = parts.enumerate().fold(first, |all, (n, part)| all + &other(n) + part);
        let (files, out) = (Memory::fixture(&fixture), Memory::default());
        let built = build(&files, &Request::of(jiff::civil::date(2026, 11, 30)), &out, &|_, _, _| {});
        let errors = built.problems.iter().filter(|found| found.severity == Severity::Error);
        errors.map(|found| format!("{}: {}", found.code, found.message)).collect::<Vec<_>>()
    };
    assert_eq!(problems(66, ""), [""; 0]);
    let found = problems(67, "");
    assert_eq!(found, ["component-argument: a table of 67 disagreements and 30 sources is too large"]);
    assert_eq!(problems(67, "topic=one"), [""; 0]);
}

/// Every address in every page with its fragment, followed as a browser without scripts would.
#[test]
fn every_link_to_a_record_leads_to_an_element_with_its_id() {
    let pages = LARGE.iter().filter(|(path, _)| path.ends_with(".html"));
    let links: BTreeMap<&str, OutputLinks> =
        pages.map(|(path, bytes)| (path.as_str(), OutputLinks::read(bytes))).collect();
    let mut shown = BTreeSet::new();
    for (from, found) in &links {
        assert!(found.twice.is_empty(), "{from}: {:?}", found.twice);
        let from = SitePath::new(from).expect("a path");
        for address in &found.addresses {
            let Some((file, id)) = address.split_once('#').filter(|(_, id)| !id.is_empty() && *id != "top") else {
                continue;
            };
            let target = if file.is_empty() { from.clone() } else { from.resolve(file).expect("a path") };
            let has = links.get(target.as_str()).is_some_and(|page| page.ids.contains(id));
            assert!(has, "{from}: {address}");
            shown.insert(format!("{target}#{id}"));
        }
    }
    let of = |list: &str| shown.iter().filter(|place| place.starts_with(list)).count();
    assert!(of("claims/by/") >= 5000 && of("timeline/by/") >= 2000, "{} {}", of("claims/by/"), of("timeline/by/"));
}

/// The scripts that follow old addresses give the page of every record, as `site.js` looks it up.
#[test]
fn old_addresses_are_looked_up_by_a_script() {
    for (list, kind, count) in
        [("claims", "c", 5000), ("timeline", "v", 2000), ("disagreements", "d", 600), ("who-and-what", "e", 300)]
    {
        let index = text(&LARGE, &format!("{list}.html"));
        let attribute = |name: &str| {
            let after = index.split(&format!("{name}=\"")).nth(1).unwrap_or_else(|| panic!("{list}: no {name}"));
            after.split('"').next().expect("an end").to_owned()
        };
        let (places, buckets) = (attribute("data-places"), attribute("data-buckets").parse::<u32>().expect("a number"));
        let read = |number| {
            let script = text(&LARGE, &format!("{places}{number}.js"));
            assert!(script.len() <= LIMIT, "{list}: {} bytes", script.len());
            let json = script.trim_start_matches("window.dossierPlaces=").trim_end_matches(";\n");
            serde_json::from_str::<BTreeMap<String, String>>(json).expect("JSON")
        };
        let scripts: Vec<_> = (0..buckets).map(read).collect();
        let ids = |page: &String| OutputLinks::read(&LARGE[page]).ids;
        let ids: BTreeMap<String, BTreeSet<String>> =
            parts(&LARGE, list).into_iter().map(|page| (page.clone(), ids(&page))).collect();
        for number in 0..count {
            let id = format!("{kind}{number}");
            let hash = id.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
            assert!(ids[&scripts[(hash % buckets) as usize][&id]].contains(&id), "{list}: {id}");
        }
    }
}

#[test]
fn links_in_texts_and_menus_lead_to_the_parts() {
    let page = text(&LARGE, "p5.html");
    assert!(page.contains("<a href=\"claims/by/one.html#c0\">first</a>"), "{page}");
    let part = text(&LARGE, "claims/by/two/2.html");
    for expected in [
        "<h1>Claims: Two, part 2</h1>",
        "<link rel=\"canonical\" href=\"https://example.org/claims/by/two/2.html\">",
        "<a href=\"../../../claims/by/one.html\">One <span>1667</span></a>",
        "<a href=\"../../../claims/by/two.html\" aria-current=\"true\">Two <span>3333</span></a>",
        "<a href=\"../../../claims/by/two/2.html\" aria-current=\"page\">2</a>",
        "<a rel=\"prev\" href=\"../../../claims/by/two.html\"><span>Previous</span> Claims: Two</a>",
    ] {
        assert!(part.contains(expected), "{expected}\n{part}");
    }
    assert!(text(&LARGE, "sitemap.xml").contains("<loc>https://example.org/claims/by/two/2.html</loc>"));
    assert!(!text(&LARGE, "search-index.js").contains("Claims: Two"));
}

#[test]
fn a_source_with_thousands_of_claims_has_its_own_parts() {
    let index = text(&LARGE, "sources/s0.html");
    assert!(index.contains("It backs 5000 claims"), "{index}");
    let claims: usize =
        parts(&LARGE, "sources/s0").iter().map(|part| text(&LARGE, part).matches("claims/by/").count()).sum();
    assert!(claims >= 5000, "{claims}");
    // What it is contradicted on is named, not repeated.
    let against = text(&LARGE, "sources/s0/by/against.html");
    assert!(against.contains("disagreements/by/one.html#d0") && !against.contains("It left"), "{against}");
}

#[test]
fn an_entity_with_thousands_of_claims_is_continued() {
    let pages: Vec<&str> = parts(&LARGE, "who-and-what")
        .iter()
        .map(|part| text(&LARGE, part))
        .filter(|page| page.contains("id=\"e0\""))
        .collect();
    assert!(pages.len() > 5, "{} pages", pages.len());
    let claims: usize = pages.iter().map(|page| page.matches("claims/by/").count()).sum();
    assert_eq!(claims, 5000);
}

/// A template of a site's own from before there were parts shows the whole list, as it did.
#[test]
fn a_template_that_knows_no_parts_gets_the_whole_list() {
    let own = "//- templates/claims.html\n<i id=\"meanings\"></i>{% for g in claims.groups %}{% for x in g.claims %}<p id=\"{{ x.claim.id }}\">\
               {{ x.claim.statement }}</p>{% endfor %}{% endfor %}\n";
    let outputs = made(&format!("{}{own}", site(Size { claims: 300, sources: 2, ..Size::default() })));
    assert_eq!(parts(&outputs, "claims"), Vec::<String>::new());
    assert_eq!(text(&outputs, "claims.html").matches("<p id").count(), 300);
}

#[test]
fn an_own_template_gets_the_entries_of_a_part() {
    let own = "//- templates/claims.html\n<i id=\"meanings\"></i>{% if parts %}{{ parts.title }}/{{ parts.count }}{% endif %}{% for g in claims.groups %}\
               {% for x in g.claims %}<p id=\"{{ x.claim.id }}\"></p>{% endfor %}{% endfor %}\n";
    let outputs = made(&format!("{}{own}", site(Size { claims: 300, sources: 2, ..Size::default() })));
    assert_eq!(text(&outputs, "claims.html"), "<i id=\"meanings\"></i>/300\n");
    assert!(
        text(&outputs, "claims/by/one.html")
            .starts_with("<i id=\"meanings\"></i>One/300<p id=\"c0\"></p><p id=\"c3\"></p>")
    );
    assert_eq!(text(&outputs, "claims/by/one.html").matches("<p id").count(), 100);
}

/// Entries of any size: those that are long come few on a page.
#[test]
fn long_entries_make_more_parts() {
    let quote = "word ".repeat(600);
    let claims: String = (0..150)
        .map(|n| {
            format!(
                "- {{id: c{n}, statement: The {} boat came, kind: reported, topics: [one], note: '{quote}', sources: [s0]}}\n",
                word(n)
            )
        })
        .collect();
    let small = site(Size { claims: 0, sources: 1, ..Size::default() });
    let outputs = made(&format!("{small}//- content/evidence/claims/all.yaml\n{claims}"));
    let parts = parts(&outputs, "claims");
    assert!(parts.len() >= 3, "{parts:?}");
    assert!(parts.iter().all(|part| outputs[part].len() <= LIMIT), "{parts:?}");
}
