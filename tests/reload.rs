//! Live reload in a browser: the page changes without losing the scroll position, or shows the problems.

mod support {
    pub mod chromium;
    pub mod files;
    pub mod run;
    pub mod served;
}

use std::fs;
use std::path::Path;

use serde_json::json;
use support::chromium::{DESKTOP, Page, browse};
use support::files::here;
use support::run::dossier;
use support::served::Served;
use tempfile::TempDir;

const BASE: &str = r#"<!doctype html>
<html lang="en"><head><title>{{ page.title }}</title><link rel="stylesheet" href="{{ root }}{{ site.assets["style.css"] }}">
<link rel="stylesheet" href="{{ root }}plain.css"></head>
<body><label>Name <input id="name"></label><img src="{{ root }}dot.svg" alt="">
<details><summary>More</summary><p>What is folded away.</p></details>
<h1>{{ page.title }}</h1>
{{ page.content | safe }}
</body></html>
"#;

fn site() -> TempDir {
    let temp = tempfile::tempdir().expect("a folder");
    let files = [
        ("site.toml", "title = \"Bridge\"\n[output]\ntheme = false\nfingerprint = [\"style.css\"]\n"),
        ("templates/base.html", BASE),
        ("templates/home.html", "{% extends \"base.html\" %}"),
        ("templates/page.html", "{% extends \"base.html\" %}"),
        ("static/style.css", "h1 { color: rgb(1, 0, 0) }\n"),
        ("static/plain.css", "p { color: rgb(1, 0, 0) }\n"),
        ("static/dot.svg", DOT),
        ("content/index.md", "# Home\n\nWelcome here.\n"),
        ("content/one.md", "# One\n\nThe first page of all.\n"),
    ];
    for (path, text) in files {
        write(temp.path(), path, text);
    }
    temp
}

const DOT: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// A page much longer than a window, with `word` at the top.
fn long(word: &str) -> String {
    let rest: String = (0..80).map(|number| format!("Paragraph {number} of a long page.\n\n")).collect();
    format!("# One\n\nSaid first: {word}.\n\n{rest}")
}

fn url(served: &Served, path: &str) -> String {
    format!("http://127.0.0.1:{}{path}", served.port)
}

/// Opens a page, waits until it is connected, and marks the document: if the mark is gone, the page was reloaded.
async fn visit(page: &Page, url: &str) {
    page.goto(url).await;
    page.wait("document.readyState === 'complete'").await;
    page.eval("window.mark = 1").await;
}

/// Waits for this text, in the same document.
async fn says(page: &Page, words: &str) {
    page.wait(&format!("document.body.textContent.includes({})", json!(words))).await;
    assert_eq!(page.eval("window.mark").await, json!(1), "the page was changed, not loaded again");
}

/// The text of the overlay.
const OVER: &str = "(document.querySelector('dossier-problems')?.shadowRoot.textContent ?? '')";

#[test]
fn an_edit_changes_the_page_and_keeps_scroll_focus_and_open_details() {
    let temp = site();
    write(temp.path(), "content/one.md", &long("nothing"));
    let served = Served::start(temp.path(), &["--watch"]);
    browse(DESKTOP, async |page| {
        visit(page, &url(&served, "/one.html")).await;
        page.click("summary").await;
        page.click("#name").await;
        page.keys("Xiao").await;
        page.eval("scrollTo(0, 900)").await;
        page.wait("scrollY === 900").await;
        let paragraph = "document.querySelectorAll('p')[60]";
        page.eval(&format!("window.kept = {paragraph}")).await;
        write(temp.path(), "content/one.md", &long("something"));
        says(page, "Said first: something.").await;
        assert_eq!(page.eval("scrollY").await, json!(900));
        assert_eq!(page.eval("document.querySelector('details').open").await, json!(true));
        assert_eq!(page.eval("document.activeElement.id").await, json!("name"));
        page.keys("mi").await;
        assert_eq!(page.eval("document.activeElement.value").await, json!("Xiaomi"), "typing goes on");
        assert_eq!(page.eval(&format!("window.kept === {paragraph}")).await, json!(true), "what is the same stays");
        // Paragraphs are added and removed above.
        write(temp.path(), "content/one.md", &long("much\n\nMore that is new\n\nand more"));
        says(page, "More that is new").await;
        write(temp.path(), "content/one.md", &long("little"));
        says(page, "Said first: little.").await;
        assert_eq!(page.eval("window.kept.isConnected").await, json!(true));
        assert_eq!(page.complaints(), Vec::<String>::new());
    });
}

#[test]
fn styles_and_pictures_are_swapped_in_place() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch"]);
    browse(DESKTOP, async |page| {
        visit(page, &url(&served, "/one.html")).await;
        let colour = |of: &str, red: u8| {
            format!("getComputedStyle(document.querySelector('{of}')).color === 'rgb({red}, 0, 0)'")
        };
        page.wait(&colour("h1", 1)).await;
        // One has a hash in its name, the other a fixed name.
        write(temp.path(), "static/style.css", "h1 { color: rgb(2, 0, 0) }\n");
        page.wait(&colour("h1", 2)).await;
        write(temp.path(), "static/plain.css", "p { color: rgb(3, 0, 0) }\n");
        page.wait(&colour("body > p", 3)).await;
        page.wait("document.querySelectorAll('link[rel=stylesheet]').length === 2").await;
        write(temp.path(), "static/dot.svg", &DOT.replace("width=\"9\"", "width=\"33\""));
        page.wait("document.querySelector('img').naturalWidth === 33").await;
        assert_eq!(page.eval("window.mark").await, json!(1), "the page was not loaded again");
    });
}

#[test]
fn problems_are_shown_in_every_tab_until_they_are_fixed() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch"]);
    browse(DESKTOP, async |page| {
        let mut tabs = Vec::new();
        for path in ["/", "/one.html"] {
            tabs.push(page.open_tab(&url(&served, path)).await);
            page.wait("document.readyState === 'complete'").await;
        }
        let bad = "---\ntitel: <img src=x onerror=\"window.bad=1\">\nsumary: x\n---\n# One\n\nNot to be seen.\n";
        write(temp.path(), "content/one.md", bad);
        for tab in &tabs {
            page.show_tab(tab).await;
            page.wait(&format!("{OVER}.includes('2 problems')")).await;
            let over = page.eval(OVER).await.as_str().unwrap_or_default().to_owned();
            for words in ["content/one.md:2:1", "content/one.md:3:1", "titel", "sumary", "help: ", "<img src=x onerror"]
            {
                assert!(over.contains(words), "{words} is missing in {over}");
            }
            assert_eq!(page.eval("window.bad ?? 0").await, json!(0), "text of the site is no markup over it");
            assert_eq!(page.seen("dossier-problems").await, 1);
            assert!(!page.text("body").await.contains("Not to be seen"), "the last good page stays");
        }
        write(temp.path(), "content/one.md", "# One\n\nMended it is.\n");
        for tab in &tabs {
            page.show_tab(tab).await;
            page.wait(&format!("{OVER} === ''")).await;
        }
        says_in(page, "Mended it is").await;
    });
}

async fn says_in(page: &Page, words: &str) {
    page.wait(&format!("document.body.textContent.includes({})", json!(words))).await;
}

#[test]
fn all_of_ten_tabs_are_updated() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch"]);
    browse(DESKTOP, async |page| {
        let mut tabs = Vec::new();
        for _ in 0..10 {
            tabs.push(page.open_tab(&url(&served, "/one.html")).await);
        }
        write(temp.path(), "content/one.md", "# One\n\nHeard by all.\n");
        for tab in &tabs {
            page.show_tab(tab).await;
            says_in(page, "Heard by all").await;
        }
        page.goto(&url(&served, "/")).await;
        says_in(page, "Welcome here").await;
    });
}

#[test]
fn a_tab_follows_what_is_edited() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch", "--follow"]);
    browse(DESKTOP, async |page| {
        visit(page, &url(&served, "/")).await;
        write(temp.path(), "content/one.md", "# One\n\nLook here.\n");
        page.wait("location.pathname === '/one.html'").await;
        says_in(page, "Look here").await;
        // A tab that shows the page already stays there.
        page.eval("window.mark = 1").await;
        write(temp.path(), "content/one.md", "# One\n\nLook again.\n");
        says(page, "Look again").await;
    });
}

#[test]
fn tabs_reconnect_to_a_restarted_server() {
    let temp = site();
    let served = Served::start(temp.path(), &["--watch"]);
    browse(DESKTOP, async |page| {
        visit(page, &url(&served, "/one.html")).await;
        write(temp.path(), "content/one.md", "# One\n\nBefore the end.\n");
        says(page, "Before the end").await;
        let port = served.port.to_string();
        drop(served);
        write(temp.path(), "content/one.md", "# One\n\nWhile nobody served.\n");
        let again = Served::start(temp.path(), &["--watch", "--port", &port]);
        says(page, "While nobody served").await;
        write(temp.path(), "content/one.md", "# One\n\nAnd after.\n");
        says(page, "And after").await;
        drop(again);
    });
}

/// The theme's scripts add elements to a page.
#[test]
fn the_filter_and_the_search_work_after_an_edit() {
    let temp = tempfile::tempdir().expect("a folder");
    let root = temp.path().join("site");
    let made = dossier(here(), &["init", root.to_str().expect("a path in UTF-8")]);
    assert_eq!(made.code, 0, "{}", made.err);
    let served = Served::start(&root, &["--watch"]);
    let file = root.join("content/timeline.md");
    let text = fs::read_to_string(&file).expect("the timeline");
    browse(DESKTOP, async |page| {
        visit(page, &url(&served, "/timeline.html")).await;
        let all = page.seen(".timeline .event").await;
        page.click("[data-topic]:not([data-topic=''])").await;
        page.wait("location.search.startsWith('?topic=')").await;
        let some = page.seen(".timeline .event").await;
        assert!(some < all, "{some} of {all} events");
        page.keys("/").await;
        page.wait("document.querySelector('dialog')?.open === true").await;
        page.keys("abc").await;
        fs::write(&file, format!("{text}\nA word more below.\n")).expect("the timeline");
        says(page, "A word more below").await;
        assert_eq!(page.seen(".timeline .event").await, some, "the filter holds");
        assert_eq!(page.eval("document.querySelector('dialog')?.open").await, json!(true), "the search stays open");
        assert_eq!(page.eval("document.activeElement.value").await, json!("abc"));
    });
}
