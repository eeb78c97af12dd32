//! The theme on sites other than ours: long words, several parties, many events, high pictures, foreign letters.

use serde_json::{Value, json};

use crate::support::chromium::{DESKTOP, ENTER, Page, browse};
use crate::support::site::Site;
use crate::{build, luminance, pages_in};

/// Words as German builds them.
const LONG: [&str; 4] = [
    "Donaudampfschifffahrtselektrizit\u{e4}tenhauptbetriebswerk",
    "Rindfleischetikettierungs\u{fc}berwachungsgesellschaft",
    "Grundst\u{fc}cksverkehrsgenehmigungszust\u{e4}ndigkeit",
    "Stra\u{df}enentw\u{e4}sserungszweckverband Oberfranken",
];

/// A site whose names are long, with so many parties and events.
fn german(parties: usize, events: usize) -> Site {
    let topics: String = (0..2)
        .map(|at| {
            format!("[[topics]]\nid = \"t{at}\"\ntitle = \"{}\"\nsummary = \"\u{dc}ber {}.\"\n", LONG[at], LONG[3])
        })
        .collect();
    let nav: String = (0..2).map(|at| format!("[[nav]]\ntitle = \"{}\"\npage = \"t{at}.md\"\n", LONG[at])).collect();
    let entities: String = (0..parties)
        .map(|at| format!("- {{id: p{at}, name: {}, kind: organisation, definition: Ein Verband.}}\n", LONG[at % 4]))
        .collect();
    let brings: String = (0..2 * parties)
        .map(|at| {
            let (topic, party, words) = (at % 2, at / 2, LONG[(at + 1) % 4]);
            format!("- {{id: b{at}, topic: t{topic}, party: p{party}, brings: {words}, claims: [c0]}}\n")
        })
        .collect();
    let event = |at: usize| {
        let title = LONG[at % 4];
        format!("- {{id: e{at}, title: {title}, date: {}, claims: [c1], topics: [t0], status: happened}}\n", 1900 + at)
    };
    let events: String = (0..events).map(event).collect();
    let calls: String =
        (0..parties).map(|at| format!("```{{brings}} entity=p{at}\n- Eine Aussage [@c0].\n```\n\n")).collect();
    let question = format!(
        "- id: d0\n  question: Welche {}?\n  topics: [t0]\n  severity: high\n  readings:\n    - {{reading: {}, label: {}, claims: [c0]}}\n    \
         - {{reading: Keine, label: nie, claims: [c1]}}\n  verdict: Unklar.\n  why: Darum.\n",
        LONG[0], LONG[1], LONG[2]
    );
    let claims: String = (0..2)
        .map(|at| {
            format!(
                "- {{id: c{at}, statement: {} zahlt., topics: [t{at}], sources: [{{source: q}}], kind: reported}}\n",
                LONG[at]
            )
        })
        .collect();
    let site = Site::new(&format!(
        "//- site.toml\ntitle = \"{0}\"\ntagline = \"{1}\"\nlanguage = \"de\"\n{nav}{topics}\
         //- content/index.md\n---\ntitle: {2}\nsummary: {1}.\n---\n\n```{{disagreement}} disagreement=d0\n```\n\
         //- content/t0.md\n---\ntitle: {0}\nsummary: {1}.\ntopic: t0\n---\n\n## {2}\n\n{calls}\
         ```{{figure}} src=hoch.svg alt=hoch caption=\"Ein Bild\" credit={1}\n```\n\n```{{ladder}} disagreement=d0\n```\n\n\
         | {0} | {1} |\n|---|---|\n| {2} | {1} |\n\n```{{events}} topic=t0\n```\n\
         //- content/t1.md\n---\ntitle: {1}\nsummary: {0}.\ntopic: t1\n---\n\n### {2}\n\nEine Aussage [@c1].\n\n```{{disagreement}} disagreement=d0\n```\n\
         //- content/hoch.svg\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 2000\"><path d=\"M0 0h400v2000H0z\"/></svg>\n\
         //- content/evidence/sources.yaml\n- {{id: q, kind: news, title: {1}, language: de, reliability: high, reliability_reason: Gut.}}\n\
         //- content/evidence/claims/a.yaml\n{claims}//- content/evidence/entities.yaml\n{entities}\
         //- content/evidence/disagreements.yaml\n{question}//- content/evidence/contributions.yaml\n{brings}\
         //- content/evidence/events.yaml\n{events}",
        LONG[0], LONG[1], LONG[2]
    ));
    build(&site.path("public"), &["--root", site.root().to_str().expect("a path in UTF-8")]);
    site
}

async fn open(page: &Page, site: &Site, name: &str) {
    page.goto(&format!("file://{}", site.path("public").join(name).display())).await;
}

#[test]
fn long_words_scroll_nothing_sideways_and_overlap_nowhere() {
    browse(DESKTOP, async |page| {
        for (parties, events, widths) in [(2, 30, &[320, 390, 768, 1280, 1920][..]), (7, 1, &[320, 768])] {
            let site = german(parties, events);
            for width in widths {
                page.phone(*width);
                for name in pages_in(&site.path("public")).iter().filter(|name| parties == 2 || !name.contains('/')) {
                    open(page, &site, name).await;
                    let found = page.eval("document.documentElement.scrollWidth").await;
                    assert_eq!(found, json!(width), "{name}, {parties} parties");
                }
                open(page, &site, "index.html").await;
                let clash = "(() => { const labels = [...document.querySelectorAll('.map text')].map(e => [e.textContent, e.getBoundingClientRect()]) \
                    .filter(([, a]) => a.width); \
                    return labels.flatMap(([one, a], at) => labels.slice(at + 1).filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 \
                    && a.top + 4 < b.bottom - 4 && b.top + 4 < a.bottom - 4).map(([two]) => one + ' / ' + two)); })()";
                assert_eq!(page.eval(clash).await, json!([]), "labels of the map at {width}");
            }
        }
    });
}

#[test]
fn parties_differ_in_light_and_dark_and_not_by_colour_alone() {
    let site = german(7, 1);
    browse(DESKTOP, async |page| {
        open(page, &site, "t0.html").await;
        for scheme in ["light", "dark"] {
            page.media("screen", scheme);
            let ground = luminance(page, "body", "backgroundColor").await;
            for party in 1..=7 {
                let ink = luminance(page, &format!(".brings[data-party=\\'{party}\\'] .kicker"), "color").await;
                let contrast = (ground.max(ink) + 0.05) / (ground.min(ink) + 0.05);
                assert!(contrast >= 4.5, "{scheme}: party {party} has a contrast of {contrast:.1}");
            }
            let looks =
                "new Set([...document.querySelectorAll('.brings')].map(e => getComputedStyle(e).borderTopColor)).size";
            assert_eq!(page.eval(looks).await, json!(7), "{scheme}: each has a colour of its own");
        }
        let lines =
            page.eval("[...document.querySelectorAll('.brings')].map(e => getComputedStyle(e).borderTopStyle)").await;
        assert_eq!(lines, json!(["solid", "solid", "double", "dashed", "dotted", "double", "solid"]));
        let places = page
            .eval("[...document.querySelectorAll('.brings')].map(e => Math.round(e.getBoundingClientRect().left))")
            .await;
        assert_eq!((&places[0], &places[1]), (&places[2], &places[3]), "they stand in two columns");
        assert_ne!(places[0], places[1]);
        open(page, &site, "index.html").await;
        page.phone(390);
        assert_eq!(page.seen(".who-brings").await, 14, "on a telephone every cell names its party");
    });
}

#[test]
fn readings_stand_level_pictures_fit_the_window_and_home_stays_short() {
    let site = german(2, 110);
    browse(DESKTOP, async |page| {
        open(page, &site, "index.html").await;
        let readings = "[...document.querySelectorAll('.readings li')].map(e => [e.firstChild.getBoundingClientRect().top, getComputedStyle(e).borderTopColor])";
        let found = page.eval(readings).await;
        assert_eq!(found[0], found[1], "two readings of one question");
        let high = page.eval("document.querySelector('.overview').getBoundingClientRect().height").await;
        assert!(high.as_f64().is_some_and(|high| high > 300.0 && high < 1300.0), "the picture of 110 events: {high}");
        open(page, &site, "t0.html").await;
        let figure = page
            .eval("(f => [f.querySelector('img').getBoundingClientRect().height / innerHeight, f.querySelector('img').getAttribute('height'), \
                   f.querySelector('figcaption').getBoundingClientRect().top - f.querySelector('img').getBoundingClientRect().bottom])(document.querySelector('figure'))")
            .await;
        assert!(figure[0].as_f64().is_some_and(|part| part > 0.5 && part <= 0.801), "{figure}");
        assert_eq!(figure[1], json!("2000"));
        assert!(figure[2].as_f64().is_some_and(|gap| gap >= 6.0), "the caption keeps its distance: {figure}");
    });
}

#[test]
fn search_finds_words_however_their_letters_are_written_and_in_code() {
    let titles = [
        "Stra\u{df}e",
        "\u{141}\u{f3}d\u{17a}",
        "Sm\u{f8}rrebr\u{f8}d",
        "\u{130}stanbul",
        "Cr\u{e8}me br\u{fb}l\u{e9}e",
        "\u{de}ingvellir",
        "\u{4e2d}\u{6587}",
    ];
    let pages: String =
        titles.iter().enumerate().map(|(at, title)| format!("//- content/p{at}.md\n# {title}\n")).collect();
    let site = Site::new(&format!(
        "//- site.toml\ntitle = \"T\"\n//- content/code.md\n# Code\n\n```rust\nfn frobnicate() {{}}\n```\n{pages}"
    ));
    build(&site.path("public"), &["--root", site.root().to_str().expect("a path in UTF-8")]);
    browse(DESKTOP, async |page| {
        open(page, &site, "search.html").await;
        for (asked, title) in [
            ("strasse", titles[0]),
            ("STRA\u{df}E", titles[0]),
            ("lodz", titles[1]),
            ("smorrebrod", titles[2]),
            ("sm\u{f8}rre", titles[2]),
            ("istanbul", titles[3]),
            ("creme brulee", titles[4]),
            ("cre\u{300}me", titles[4]),
            ("thingvellir", titles[5]),
            ("\u{6587}", titles[6]),
            ("frobnicate", "Code"),
        ] {
            let ask = format!(
                "(q => {{ q.value = {}; q.oninput(); return true; }})(document.querySelector('input.q'))",
                Value::from(asked)
            );
            page.eval(&ask).await;
            page.wait("/^[1N]/.test(document.querySelector('.find-here [role=status]').textContent)").await;
            let hits = page.eval("[...document.querySelectorAll('.hits a')].map(a => a.lastChild.textContent)").await;
            assert_eq!(hits, json!([title]), "{asked}");
        }
        page.click("input.q").await;
        page.keys(ENTER).await;
        page.wait("document.querySelector('h1').textContent === 'Code'").await;
    });
}
