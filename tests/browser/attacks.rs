//! The attacks of `tests/fixtures/xss.txt`, each a page of a site, opened in a real browser.
//!
//! Each is opened twice: with the recommended policy and with none, so that the policy cannot hide active markup. The
//! detector is tested with the same pages of a site that trusts its authors.

use std::collections::BTreeSet;
use std::time::Duration;

use dossier::diag::{CODES, is_always_error};
use serde_json::{Value, json};

use crate::support::attacks::attacks;
use crate::support::chromium::{DESKTOP, Page, browse};
use crate::support::server::{STRICT, Server};
use crate::support::site::Site;

/// A host without a policy.
const NONE: &str = "";

/// Runs before the scripts of a page, also in frames: the functions that attacks call notify the top page instead.
const DETECTOR: &str = "window.ran = []; for (const name of ['alert', 'confirm', 'prompt', 'print']) \
    window[name] = () => { (top === self ? window : top).ran.push(name); };";

/// Triggers the events that a reader may cause on elements of the text, without leaving the page.
const READER: &str = "(() => { \
    addEventListener('click', e => /^(https?|mailto):/.test(e.target.closest('a')?.href ?? '') && e.preventDefault(), true); \
    for (const e of document.querySelectorAll('main, main *')) { \
      for (const name of ['mouseover', 'pointerenter', 'focus', 'toggle']) e.dispatchEvent(new Event(name, { bubbles: true })); \
      e.click?.(); \
    } return true; })()";

/// Elements that pages of untrusted authors must not contain.
const ALIVE: &str = "[...document.querySelectorAll('main :is(script, iframe, object, embed, base, meta, link, style, \
    form, template, svg)')].map(e => e.outerHTML)";

/// The attacks as a site, with all problems lowered to warnings if possible, so that they are published. A page with a
/// problem that is always an error is never published, and left out here.
fn site(trust: &str) -> Site {
    let codes: Vec<&str> = CODES.iter().map(|code| code.name).filter(|code| !is_always_error(code)).collect();
    let site = Site::new("//- content/index.md\n# Home\n//- content/cloud.md\n# Cloud\n");
    let warn = json!(codes);
    site.write("site.toml", format!("title = 'T'\n[content]\ntrust = '{trust}'\n[check]\nwarn = {warn}\n"));
    for (at, (_, text)) in attacks().iter().enumerate() {
        site.write(&format!("content/attack-{at}.md"), text);
    }
    let first = site.run(&["build", "--quiet", "--format", "json"]);
    let problems = first.out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let refused: BTreeSet<String> = problems
        .filter(|found| found["severity"] == "error")
        .filter_map(|found| found["place"]["file"].as_str().map(str::to_owned))
        .collect();
    for file in &refused {
        std::fs::remove_file(site.path(file)).expect("a page with an error");
    }
    assert!(attacks().len() - refused.len() >= 100, "too few attacks are left: {refused:?}");
    let run = site.run(&["build", "--quiet"]);
    assert_eq!(run.code, 0, "{}", run.err);
    // The marker of a script that may run.
    site.write("public/mark.js", "alert(1)");
    site.write("public/mark.html", "<!doctype html><main><h1>x</h1></main><script src=mark.js></script>");
    site
}

/// The scripts that ran on a page, after all events were triggered.
async fn ran(page: &Page, url: &str) -> bool {
    page.goto(url).await;
    page.eval(READER).await;
    // Errors of pictures and `javascript:` addresses run after the click.
    tokio::time::sleep(Duration::from_millis(20)).await;
    page.eval("ran.length > 0").await == json!(true)
}

/// The pages of the attacks that are published, with their names.
fn urls(site: &Site, server: &Server) -> Vec<(&'static str, String)> {
    let named = attacks().into_iter().enumerate().map(|(at, (name, _))| (name, format!("attack-{at}.html")));
    let published = named.filter(|(_, file)| site.path("public").join(file).exists());
    published.map(|(name, file)| (name, format!("{}{file}", server.url()))).collect()
}

fn watch(page: &Page) {
    page.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": DETECTOR }));
}

#[test]
fn no_attack_runs_in_a_browser_with_or_without_a_policy() {
    browse(DESKTOP, async |page| {
        watch(page);
        let site = site("none");
        for policy in [STRICT, NONE] {
            let server = Server::start(&site.path("public"), "/", policy);
            assert!(ran(page, &format!("{}mark.html", server.url())).await, "the detector sees a script of the site");
            for (name, url) in urls(&site, &server) {
                assert!(!ran(page, &url).await, "{name}: a script ran");
                assert_eq!(
                    page.eval("document.querySelectorAll('h1').length").await,
                    json!(1),
                    "{name}: the page is whole"
                );
                assert_eq!(page.eval(ALIVE).await, json!([]), "{name}");
                let asked = "performance.getEntriesByType('resource').map(e => e.name).filter(name => !name.startsWith(origin))";
                assert_eq!(page.eval(asked).await, json!([]), "{name}: something was asked for elsewhere");
            }
        }
    });
}

/// The pages with trusted authors: this shows that the test above can fail.
#[test]
fn the_same_attacks_run_if_authors_are_trusted() {
    browse(DESKTOP, async |page| {
        watch(page);
        let site = site("full");
        let server = Server::start(&site.path("public"), "/", NONE);
        let mut seen = Vec::new();
        for (name, url) in urls(&site, &server) {
            if ran(page, &url).await {
                seen.push(name);
            }
        }
        println!("{} of {} attacks run without a guard", seen.len(), attacks().len());
        assert!(seen.len() >= 40, "{seen:#?}");
    });
}

/// Names that scripts may look for: an element with such an id is a global variable of its page.
const NAMES: &str = "dossierAsk dossierSearch document location history navigator addEventListener removeEventListener \
    getComputedStyle innerHeight scrollX scrollY Object URLSearchParams HTMLElement Promise script link find ask open \
    filter chosen arrive here one all make plain index toString constructor __proto__ top self name";

#[test]
fn ids_and_classes_of_headings_do_not_disturb_the_scripts() {
    let headings: String = NAMES
        .split_whitespace()
        .map(|name| {
            format!("## {name} {{#{name} .cite .find .find-here .card .year .status .event .hits .close .back}}\n\n")
        })
        .collect();
    let site = Site::new(&format!(
        "//- site.toml\ntitle = 'T'\n//- content/index.md\n# Home\n\nCity life.\n\n{headings}//- content/city.md\n# City\n"
    ));
    let run = site.run(&["build", "--quiet"]);
    assert_eq!(run.code, 0, "{}", run.err);
    browse(DESKTOP, async |page| {
        let server = Server::start(&site.path("public"), "/", STRICT);
        for fragment in ["%", "%25", "%e0%a4%a", "%00", "dossierAsk", "a%", "%F0%9F", "<img src=x onerror=alert(1)>"] {
            page.goto("about:blank").await;
            page.goto(&format!("{}index.html#{fragment}", server.url())).await;
            page.eval("document.activeElement.blur() || true").await;
            page.keys("/").await;
            page.wait("document.activeElement.matches('input[type=search]')").await;
            page.keys("city").await;
            page.wait("document.querySelectorAll('dialog .hits a').length > 1").await;
            let complaints = page.complaints();
            assert!(complaints.is_empty(), "#{fragment}: {complaints:#?}");
        }
    });
}
