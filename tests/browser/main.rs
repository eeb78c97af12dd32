//! The built site of this repository, read in a real browser: from the disk and under a path, with and without scripts,
//! by mouse and by keyboard, on a desktop, on a phone and in print.

mod attacks;
mod lists;
mod reading;
mod sizes;
mod theme;
#[path = "../support"]
mod support {
    pub mod attacks;
    pub mod chromium;
    pub mod files;
    pub mod run;
    pub mod server;
    pub mod site;
}

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::json;
use support::chromium::{DESKTOP, DOWN, ENTER, ESCAPE, Page, Reader, TAB, browse};
use support::files::{below, here, text};
use support::run::dossier;
use support::server::{STRICT, Server};

const NO_SCRIPT: Reader = Reader { script: false, ..DESKTOP };

/// The site, built once for all tests here, in a folder that outlives them: nothing drops what is static.
static SITE: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("site");
    build(&folder, &[]);
    folder
});

fn build(out: &Path, words: &[&str]) {
    let out = out.to_str().expect("a path in UTF-8");
    let run = dossier(here(), &[&["build", "--quiet", "--out", out], words].concat());
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
}

fn site() -> &'static Path {
    &SITE
}

/// The pages of the site, as paths from its root.
fn pages() -> Vec<String> {
    // The pages of claims have one form: one in twenty stands for the others.
    let is_of_claim = |name: &str| name.starts_with("claims/") || name.starts_with("embed/");
    let pages = pages_in(site()).into_iter().enumerate();
    pages.filter(|(at, name)| at % 20 == 0 || !is_of_claim(name)).map(|(_, name)| name).collect()
}

fn pages_in(site: &Path) -> Vec<String> {
    let inside = |path: PathBuf| path.strip_prefix(site).ok()?.to_str().map(str::to_owned);
    below(site).into_iter().filter_map(inside).filter(|path| path.ends_with(".html")).collect()
}

fn disk(page: &str) -> String {
    format!("file://{}/{page}", site().display())
}

/// The home page from the disk, where most tests start.
async fn home(page: &Page) {
    page.goto(&disk("index.html")).await;
}

#[test]
fn every_page_opens_from_the_disk_and_under_a_path_with_nothing_inline() {
    browse(DESKTOP, async |page| {
        let server = Server::start(site(), "/some/path/", STRICT);
        for name in pages() {
            // The 404 page is shown at any path, so it cannot link to other pages unless the site has a base URL.
            for url in [disk(&name), format!("{}{name}", server.url())] {
                page.goto(&url).await;
                assert_eq!(page.eval("document.querySelectorAll('h1').length").await, json!(1), "{url}");
                assert_ne!(page.text("h1").await, "", "{url}");
                let complaints = page.complaints();
                assert!(complaints.is_empty(), "{url}: {complaints:#?}");
            }
        }
    });
}

#[test]
fn a_first_visit_asks_for_little() {
    browse(DESKTOP, async |page| {
        let server = Server::start(site(), "/", STRICT);
        for name in ["index.html", "cloud.html", "timeline.html", "claims.html"] {
            page.goto(&format!("{}{name}", server.url())).await;
            let asked = page
                .eval(
                    "performance.getEntriesByType('resource').map(e => e.name.split('/').pop()) \
                          .filter(name => !name.startsWith('favicon'))",
                )
                .await;
            assert!(asked.as_array().is_some_and(|asked| asked.len() <= 2), "{name} asks for {asked}");
        }
    });
}

#[test]
fn the_404_page_works_at_any_depth() {
    browse(DESKTOP, async |page| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = Server::start(folder.path(), "/deal/", STRICT);
        build(folder.path(), &["--base-url", &server.url()]);
        page.goto(&format!("{}deep/down/nothing.html", server.url())).await;
        assert_ne!(page.text("h1").await, "");
        let complaints = page.complaints();
        assert!(complaints.iter().all(|found| found.contains("nothing.html")), "{complaints:#?}");
        page.follow("Cloud").await;
        assert_eq!(page.url().await, format!("{}cloud.html", server.url()));
    });
}

// The five questions of a reader: each has its answer within two clicks from the home page.

async fn says_when_it_was_signed(page: &Page) {
    let claim = page.text("main").await;
    assert!(claim.contains("23 February 2018"), "{claim}");
    assert!(claim.contains("Inferred") && claim.contains("How we got there"), "how sure we are, and why: {claim}");
}

async fn says_who_brings_what_to_cloud(page: &Page) {
    assert!(page.text(".brings.party-microsoft").await.contains("Azure"));
    assert!(page.text(".brings.party-xiaomi").await.contains("Mi Cloud"));
}

async fn says_whether_cortana_is_settled(page: &Page) {
    let answer = page.text(".bottom-line").await;
    assert!(answer.contains("not settled"), "{answer}");
    let rungs = page.eval("[...document.querySelectorAll('.ladder .rung')].map(rung => rung.textContent)").await;
    assert_eq!(rungs, json!(["discussed", "may", "cooperate", "will"]));
    let sources =
        page.eval("[...document.querySelectorAll('.ladder li')].map(li => li.querySelectorAll('.src a').length)").await;
    assert_eq!(sources, json!([1, 1, 1, 1]), "one source on each rung");
}

async fn says_who_disagrees_about_the_start(page: &Page) {
    let question = page.text("#start-of-cooperation").await;
    for expected in ["In 2015.", "In 2016.", "report", "Verdict"] {
        assert!(question.contains(expected), "{expected}: {question}");
    }
}

async fn says_what_a_source_backs(page: &Page) {
    let source = page.text("main").await;
    for expected in ["Everything else it backs", "What only this source says", "reliability"] {
        assert!(source.contains(expected), "{expected}: {source}");
    }
    assert!(page.seen("#claims ~ ol li, [aria-labelledby=claims] li").await > 10);
}

const SIGNED: &str = "#references ~ ol a[href='claims/signed-23-february-2018.html']";
const START: &str = "main a[href='disagreements.html#start-of-cooperation']";
const BACKS: &str = "#references ~ ol a[href='sources/commentary.html']";

#[test]
fn five_questions_by_mouse_without_script() {
    browse(NO_SCRIPT, async |page| {
        home(page).await;
        assert!(page.text("main").await.contains("probably on Friday 23 February 2018"), "no click at all");
        page.click(SIGNED).await;
        says_when_it_was_signed(page).await;
        home(page).await;
        page.follow("Cloud").await;
        says_who_brings_what_to_cloud(page).await;
        home(page).await;
        page.follow("Speaker").await;
        says_whether_cortana_is_settled(page).await;
        home(page).await;
        page.click(START).await;
        says_who_disagrees_about_the_start(page).await;
        home(page).await;
        page.click(BACKS).await;
        says_what_a_source_backs(page).await;
    });
}

#[test]
fn five_questions_by_keyboard_alone() {
    browse(DESKTOP, async |page| {
        home(page).await;
        page.keys(TAB).await;
        assert_eq!(page.eval("document.activeElement.hash").await, json!("#main"), "the first stop skips to the text");
        page.enter(SIGNED).await;
        says_when_it_was_signed(page).await;
        home(page).await;
        page.enter("nav a[href='cloud.html']").await;
        says_who_brings_what_to_cloud(page).await;
        home(page).await;
        page.enter("nav a[href='speaker.html']").await;
        says_whether_cortana_is_settled(page).await;
        home(page).await;
        page.enter(START).await;
        says_who_disagrees_about_the_start(page).await;
        home(page).await;
        page.enter(BACKS).await;
        says_what_a_source_backs(page).await;
    });
}

#[test]
fn every_stop_of_the_keyboard_can_be_seen() {
    browse(DESKTOP, async |page| {
        page.goto(&disk("speaker.html")).await;
        for _ in 0..40 {
            page.keys(TAB).await;
            let style = "(e => [e.tagName, getComputedStyle(e).outlineStyle, getComputedStyle(e).boxShadow])(document.activeElement)";
            let found = page.eval(style).await;
            assert!(found[1] != json!("none") || found[2] != json!("none"), "no focus ring: {found}");
        }
    });
}

#[test]
fn a_citation_opens_a_card_that_stays() {
    browse(DESKTOP, async |page| {
        page.goto(&disk("cloud.html")).await;
        page.click("#cite-1-1").await;
        page.wait("document.querySelector('.card .who-says') !== null").await;
        let card = page.text(".card").await;
        let reference = page.text("#ref-1 .st").await;
        assert!(card.contains(&reference), "the statement: {card}");
        assert!(card.contains("Plan") && card.contains("Report"), "how sure, and by whom: {card}");
        assert_eq!(page.eval("document.querySelector('#cite-1-1').getAttribute('aria-expanded')").await, json!("true"));
        page.keys(ESCAPE).await;
        page.wait("!document.querySelector('.card')").await;
        let focus = page.eval("document.activeElement.id").await;
        assert_eq!(focus, json!("cite-1-1"), "the focus is back where it was");

        page.keys(ENTER).await;
        page.wait("document.querySelector('.card')?.matches(':popover-open') === true").await;
        page.click("#references").await;
        page.wait("!document.querySelector('.card')").await;

        page.click("#cite-1-1").await;
        page.click("#cite-2-1").await;
        assert_eq!(page.seen(".card").await, 1, "one card at a time");
        assert_eq!(page.url().await, disk("cloud.html"), "the address stays");
        page.wait("document.querySelector('.card .who-says') !== null").await;
        page.click(".card .who-says a").await;
        assert!(page.url().await.contains("/sources/"), "the links of a card lead on");

        page.goto(&disk("ai.html")).await;
        let part = page.eval("document.querySelector('.part[id$=b]').id").await;
        let id = part.as_str().expect("a reference with several parts");
        let letter = id.trim_start_matches("ref-");
        page.click(&format!("a.cite[href='#{id}']")).await;
        page.wait("document.querySelector('.card .part') !== null").await;
        let (card, other) = (page.text(".card").await, letter.replace('b', "a"));
        assert!(card.contains(&format!("{letter} line ")) && !card.contains(&other), "the part that is meant: {card}");
        assert!(!card.contains("Back to the text"), "no way back is needed: {card}");
    });
}

#[test]
fn a_citation_is_a_plain_link_without_script_and_the_reference_leads_back() {
    browse(NO_SCRIPT, async |page| {
        page.goto(&disk("cloud.html")).await;
        page.click("#cite-1-1").await;
        assert_eq!(page.url().await, disk("cloud.html#ref-1"));
        assert_eq!(page.seen(".card").await, 0);
        page.click("#ref-1 .back a").await;
        assert_eq!(page.url().await, disk("cloud.html#cite-1-1"));
    });
}

#[test]
fn the_timeline_is_filtered_in_place_and_the_address_shows_it() {
    browse(DESKTOP, async |page| {
        let server = Server::start(site(), "/t/", STRICT);
        let timeline = format!("{}timeline.html", server.url());
        page.goto(&timeline).await;
        let all = page.seen(".timeline .event").await;
        let of_cloud = page.text("[data-topic=cloud] span").await;
        page.click("[data-topic=cloud]").await;
        assert_eq!(page.seen(".event").await.to_string(), of_cloud);
        assert_eq!(page.url().await, format!("{timeline}?topic=cloud"));
        assert!(page.text(".status").await.starts_with(&of_cloud), "{}", page.text(".status").await);
        assert_eq!(page.eval("document.querySelector('[data-topic=cloud]').ariaCurrent").await, json!("true"));
        page.back().await;
        page.wait("!document.querySelector('.event[hidden]')").await;
        assert_eq!(page.seen(".timeline .event").await, all);
        page.goto(&format!("{timeline}?topic=cloud")).await;
        assert_eq!(page.seen(".event").await.to_string(), of_cloud, "the address can be passed on");
        page.goto(&format!("{timeline}?topic=cloud#founding")).await;
        assert_eq!(page.seen("#founding").await, 1, "an event that was asked for is shown, whatever the filter");
    });
}

#[test]
fn the_filters_are_pages_of_their_own_without_script_and_from_the_disk() {
    for reader in [NO_SCRIPT, DESKTOP] {
        browse(reader, async |page| {
            page.goto(&disk("timeline.html")).await;
            let of_cloud = page.text("[data-topic=cloud] span").await;
            page.click("[data-topic=cloud]").await;
            assert_eq!(page.seen(".event").await.to_string(), of_cloud);
            let url = page.url().await;
            assert!(url.ends_with("timeline/cloud.html") || url.ends_with("timeline.html?topic=cloud"), "{url}");
        });
    }
}

#[test]
fn an_event_has_an_address_and_takes_the_focus() {
    browse(DESKTOP, async |page| {
        page.goto(&disk("timeline.html#founding")).await;
        page.wait("document.activeElement.id === 'founding'").await;
        let top = page.eval("document.activeElement.getBoundingClientRect().top").await;
        assert!(top.as_f64().is_some_and(|top| (-1.0..900.0).contains(&top)), "it is in sight: {top}");
    });
}

/// A link to an anchor arrives there at once, however long the page is.
#[test]
fn an_anchor_far_down_a_list_is_visible_on_arrival() {
    for reader in [DESKTOP, NO_SCRIPT] {
        browse(reader, async |page| {
            for list in ["history.html", "claims.html", "who-and-what.html"] {
                page.goto(&disk(list)).await;
                let last = page
                    .eval("[...document.querySelectorAll(':is(.refs, .ledger) li[id], .names [id]')].at(-2).id")
                    .await;
                let id = last.as_str().expect("a list with places");
                page.goto(&disk(&format!("{list}#{id}"))).await;
                page.wait("scrollY > 1000").await;
                let at = page
                    .eval(&format!("document.getElementById('{id}').getBoundingClientRect().top / innerHeight"))
                    .await;
                assert!(at.as_f64().is_some_and(|at| (-0.1..0.95).contains(&at)), "{list}#{id} is {at} windows down");
            }
        });
    }
}

#[test]
fn search_finds_pages_and_claims_from_the_keyboard() {
    browse(DESKTOP, async |page| {
        let server = Server::start(site(), "/s/", STRICT);
        for url in [disk("sources/report.html"), format!("{}index.html", server.url())] {
            page.goto(&url).await;
            page.keys("/").await;
            page.wait("document.activeElement.matches('input[type=search]')").await;
            page.keys("cortana speaker").await;
            page.wait("document.querySelectorAll('.hits a').length > 2").await;
            page.keys(DOWN).await;
            page.wait("document.activeElement.matches('.hits a')").await;
            page.keys(ESCAPE).await;
            page.wait("!document.querySelector('dialog[open]')").await;
            page.keys("/").await;
            page.wait("document.activeElement.matches('input[type=search]')").await;
            page.keys("cortana speaker").await;
            page.wait("document.querySelectorAll('.hits a').length > 2").await;
            page.keys(DOWN).await;
            page.keys(ENTER).await;
            page.wait("!document.querySelector('dialog[open]')").await;
            assert!(page.text("main").await.contains("Cortana"), "{}", page.url().await);
            let complaints = page.complaints();
            assert!(complaints.is_empty(), "{complaints:#?}");
        }
    });
}

#[test]
fn the_search_page_lists_everything_without_script() {
    browse(NO_SCRIPT, async |page| {
        let claims: serde_json::Value =
            serde_json::from_str(&text(&site().join("claims.json"))).expect("claims as JSON");
        page.goto(&disk("search.html")).await;
        let listed = page.eval("document.querySelectorAll('main a[href^=\"claims/\"]').length").await;
        assert_eq!(listed, json!(claims.as_array().map(Vec::len)));
        for name in pages().into_iter().filter(|name| name != "404.html" && !name.starts_with("embed/")) {
            let link = format!("document.querySelector('main a[href=\"{name}\"]') !== null");
            assert_eq!(page.eval(&link).await, json!(true), "{name}");
        }
    });
}

#[test]
fn nothing_is_lost_without_script() {
    let read = |reader: Reader| {
        let mut texts = Vec::new();
        browse(reader, async |page| {
            for name in pages() {
                page.goto(&disk(&name)).await;
                page.eval("document.querySelectorAll('main button').forEach(button => button.remove())").await;
                texts.push((name, page.text("main").await));
            }
        });
        texts
    };
    for ((name, with), (_, without)) in read(DESKTOP).into_iter().zip(read(NO_SCRIPT)) {
        for line in with.lines() {
            assert!(without.contains(line), "{name}: only with script: {line}");
        }
    }
}

/// Red, green and blue from 0 to 1 of a computed colour, then its relative luminance (WCAG 2.2).
async fn luminance(page: &Page, css: &str, property: &str) -> f64 {
    let script = format!(
        "(() => {{ const c = document.createElement('canvas').getContext('2d'); \
           c.fillStyle = getComputedStyle(document.querySelector('{css}')).{property}; c.fillRect(0, 0, 1, 1); \
           return [...c.getImageData(0, 0, 1, 1).data]; }})()"
    );
    let colour = page.eval(&script).await;
    let part = |at: usize| {
        let value = colour[at].as_f64().unwrap_or(0.0) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2)
}

#[test]
fn light_and_dark_follow_the_reader() {
    browse(DESKTOP, async |page| {
        page.goto(&disk("cloud.html")).await;
        let mut grounds = Vec::new();
        for scheme in ["light", "dark"] {
            page.media("screen", scheme);
            let ground = luminance(page, "body", "backgroundColor").await;
            let ink = luminance(page, ".prose > p", "color").await;
            let contrast = (ground.max(ink) + 0.05) / (ground.min(ink) + 0.05);
            assert!(contrast >= 7.0, "{scheme}: text has a contrast of {contrast:.1}");
            grounds.push(ground);
        }
        assert!(grounds[0] > 0.7 && grounds[1] < 0.1, "{grounds:?}");
    });
}

#[test]
fn print_has_the_whole_text_and_no_buttons() {
    browse(DESKTOP, async |page| {
        page.goto(&disk("timeline.html")).await;
        let events = page.seen(".timeline .event").await;
        page.media("print", "light");
        assert_eq!(page.seen(".timeline .event").await, events, "every event is printed");
        assert_eq!(
            page.seen(".top nav a, .find, .skip, .filters, .toc, .turnpage").await,
            0,
            "what leads elsewhere is not"
        );
        page.goto(&disk("cloud.html")).await;
        assert!(page.seen("#references ~ ol li").await > 5, "references are printed");
        assert_eq!(page.seen(".back").await, 0, "nobody follows a link back on paper");
    });
}

#[test]
fn a_phone_of_320_pixels_needs_no_horizontal_scroll() {
    for script in [true, false] {
        browse(Reader { script, ..DESKTOP }, async |page| {
            page.phone(320);
            for name in pages() {
                page.goto(&disk(&name)).await;
                let wide = "[...document.querySelectorAll('body *')].filter(e => e.checkVisibility() \
                            && e.getBoundingClientRect().right > 321 && !e.closest('[tabindex], pre, .scroll, table')) \
                            .map(e => e.tagName + '.' + e.className).slice(0, 3)";
                let width = page.eval("document.documentElement.scrollWidth").await;
                assert_eq!(width, json!(320), "{name}: {}", page.eval(wide).await);
            }
            home(page).await;
            page.click("nav summary").await;
            page.follow("Timeline").await;
            assert_eq!(page.url().await, disk("timeline.html"), "the menu opens without script");
            assert!(page.seen(".timeline .event").await > 10);
        });
    }
}

#[test]
fn the_answer_comes_first_and_once() {
    browse(DESKTOP, async |page| {
        for width in [1280, 320] {
            page.phone(width);
            for name in ["index", "cloud", "pcs", "speaker", "ai", "history"] {
                page.goto(&disk(&format!("{name}.html"))).await;
                assert_eq!(page.seen(".dek").await, 0, "{name}: the summary would say the bottom line once more");
                let bottom =
                    page.eval("document.querySelector('.bottom-line .kicker').getBoundingClientRect().top").await;
                assert!(bottom.as_f64().is_some_and(|top| top < 460.0), "{name} at {width}: {bottom}");
            }
        }
        page.goto(&disk("method.html")).await;
        assert_eq!(page.seen(".dek").await, 1, "a page without a bottom line has its summary");
    });
}

#[test]
fn plans_are_hollow_and_past_events_filled() {
    browse(DESKTOP, async |page| {
        page.goto(&disk("timeline.html")).await;
        for (event, ground) in [("plan-cortana", true), ("founding", false)] {
            let fill = format!(
                "getComputedStyle(document.querySelector('.overview [href=\"#{event}\"] > :not(title, text)')).fill"
            );
            let paper = page.eval(&format!("{fill} === getComputedStyle(document.body).backgroundColor")).await;
            assert_eq!(paper, json!(ground), "{event}");
        }
    });
}

/// The theme works for any site: the manual, which has no evidence, and a new sample site.
#[test]
fn other_sites_work_on_a_phone_under_a_path() {
    browse(DESKTOP, async |page| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert_eq!(dossier(folder.path(), &["init", "dates"]).code, 0);
        page.phone(320);
        for root in [here().join("docs/manual"), folder.path().join("dates")] {
            let out = tempfile::tempdir().expect("a temporary folder");
            build(out.path(), &["--root", root.to_str().expect("a path in UTF-8")]);
            let server = Server::start(out.path(), "/some/path/", STRICT);
            for name in pages_in(out.path()) {
                page.goto(&format!("{}{name}", server.url())).await;
                assert_eq!(page.eval("document.querySelectorAll('h1').length").await, json!(1), "{name}");
                assert_eq!(page.eval("document.documentElement.scrollWidth").await, json!(320), "{name}");
                let complaints = page.complaints();
                assert!(complaints.is_empty(), "{name}: {complaints:#?}");
            }
        }
    });
}
