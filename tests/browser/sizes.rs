//! What readers with large text, a small window, a finger, a screen reader or a sheet of paper get.

use serde_json::json;

use crate::support::chromium::{DESKTOP, Page, browse};
use crate::support::files::{here, text};
use crate::support::run::dossier;
use crate::{NO_SCRIPT, build, disk, pages, pages_in, site};

/// Doubles the size of all text and of nothing else.
pub async fn enlarge(page: &Page) {
    page.eval("(document.documentElement.style.fontSize = '200%', true)").await;
}

/// How wide the page is, with the last elements that are wider than the window.
async fn width(page: &Page) -> serde_json::Value {
    page.eval(
        "[document.documentElement.scrollWidth, [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && \
         e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('svg, [tabindex], pre, .scroll')).map(e => e.tagName + '.' + \
         e.className).slice(-3)]",
    )
    .await
}

#[test]
fn text_at_200_percent_scrolls_nothing_sideways() {
    browse(DESKTOP, async |page| {
        for wide in [320, 390, 1280] {
            page.phone(wide);
            for name in pages() {
                page.goto(&disk(&name)).await;
                enlarge(page).await;
                let found = width(page).await;
                assert_eq!(found[0], json!(wide), "{name}: {found}");
            }
        }
    });
}

#[test]
fn text_at_200_percent_fits_in_a_new_site_and_in_the_manual() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(dossier(folder.path(), &["init", "dates"]).code, 0);
    for root in [here().join("docs/manual"), folder.path().join("dates")] {
        let out = tempfile::tempdir().expect("a temporary folder");
        build(out.path(), &["--root", root.to_str().expect("a path in UTF-8")]);
        browse(DESKTOP, async |page| {
            page.phone(390);
            for name in pages_in(out.path()) {
                page.goto(&format!("file://{}", out.path().join(&name).display())).await;
                enlarge(page).await;
                let found = width(page).await;
                assert_eq!(found[0], json!(390), "{name}: {found}");
            }
        });
    }
}

/// The name that a screen reader or voice control knows contains the words that are seen (WCAG 2.5.3).
#[test]
fn names_of_links_contain_their_words() {
    browse(DESKTOP, async |page| {
        for wide in [1280, 390] {
            page.phone(wide);
            for name in pages() {
                page.goto(&disk(&name)).await;
                let bad = "[...document.querySelectorAll('a[aria-label], button[aria-label]')].filter(e => e.checkVisibility()) \
                           .map(e => [e.ariaLabel, e.textContent.replace(/\\s+/g, ' ').trim()]) \
                           .filter(([label, text]) => /\\w/.test(text) && !label.includes(text))";
                assert_eq!(page.eval(bad).await, json!([]), "{name}");
            }
        }
    });
}

/// At least 24 pixels high, or in a line of text (WCAG 2.5.8): the lists of links that are close to each other.
#[test]
fn links_of_lists_are_high_enough_for_a_finger() {
    browse(DESKTOP, async |page| {
        for wide in [1280, 390] {
            page.phone(wide);
            for name in pages() {
                page.goto(&disk(&name)).await;
                let low = "[...document.querySelectorAll('.sure .tally-key a, .ledger .meta a.badge, .filters a, .top nav a, .back a')] \
                           .filter(e => e.checkVisibility()).map(e => [e.textContent, Math.round(e.getBoundingClientRect().height), \
                           e.matches('.back a') ? 20 : 24]).filter(([, high, least]) => high < least).slice(0, 3)";
                assert_eq!(page.eval(low).await, json!([]), "{name} at {wide}");
            }
        }
    });
}

#[test]
fn print_opens_what_is_folded() {
    browse(NO_SCRIPT, async |page| {
        for (name, part) in [("disagreements", "details .compare tbody tr"), ("claims", "#meanings dd")] {
            page.goto(&disk(&format!("{name}.html"))).await;
            let seen = format!("document.querySelector('{part}').checkVisibility()");
            assert_eq!(page.eval(&seen).await, json!(false), "{name} is folded on screen");
            page.media("print", "light");
            assert_eq!(page.eval(&seen).await, json!(true), "{name} is whole on paper");
            page.media("screen", "light");
        }
    });
}

#[test]
fn forced_colours_leave_all_text_and_marks_in_sight() {
    browse(DESKTOP, async |page| {
        page.devtools(
            "Emulation.setEmulatedMedia",
            &json!({ "features": [{ "name": "forced-colors", "value": "active" }] }),
        );
        for name in ["index.html", "speaker.html", "timeline.html", "disagreements.html", "sources.html"] {
            page.goto(&disk(name)).await;
            assert_eq!(page.eval("matchMedia('(forced-colors: active)').matches").await, json!(true));
            let paper = "getComputedStyle(document.body).backgroundColor";
            let lost = format!(
                "[...document.querySelectorAll('svg.draw a > :is(rect:not(.row), circle, path), svg.bar-of rect')].filter(e => e.checkVisibility() && \
                 getComputedStyle(e).fill === {paper} && ['none', {paper}].includes(getComputedStyle(e).stroke)).length"
            );
            assert_eq!(page.eval(&lost).await, json!(0), "{name}: marks that have the colour of the paper");
            let text = format!(
                "[...document.querySelectorAll('p, h1, h2, main a:not(.filters a)')].filter(e => e.checkVisibility() && getComputedStyle(e).color === {paper}).length"
            );
            assert_eq!(page.eval(&text).await, json!(0), "{name}");
        }
    });
}

#[test]
fn the_page_for_frames_is_small() {
    let embed = text(&site().join("embed/mou-signed.html"));
    let styles: Vec<&str> =
        embed.split("<link rel=\"stylesheet\" href=\"../").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(styles.len(), 1, "{embed}");
    let whole = embed.len() + text(&site().join(styles[0])).len();
    assert!(whole < 5000, "{whole} bytes before compression");
    assert!(embed.contains("noindex"), "without a base URL it has no canonical page");
}
