//! What readers see first and how they get to the evidence: answers, the bar, cards, the comparison, the timeline, pages of
//! claims.

use serde_json::json;

use crate::support::chromium::{DESKTOP, ENTER, Reader, TAB, browse};
use crate::support::files::text;
use crate::support::server::{STRICT, Server};
use crate::{NO_SCRIPT, disk, home, luminance, site};

#[test]
fn the_home_page_answers_five_questions_with_their_standing_and_the_reason() {
    browse(NO_SCRIPT, async |page| {
        for width in [390, 1280] {
            page.phone(width);
            home(page).await;
            let found = page
                .eval("[...document.querySelectorAll('.answers dl > div')].map(e => [e.querySelector('dt').textContent, e.querySelectorAll('.badge').length, e.querySelectorAll('.meta a:last-child').length])")
                .await;
            let questions = [
                "What was agreed, and when?",
                "Is Cortana on the Mi AI Speaker?",
                "Was Azure new to Xiaomi?",
                "How many patents, and what for?",
                "How sure is it, and what is disputed?",
            ];
            let asked: Vec<_> = found.as_array().into_iter().flatten().map(|row| row[0].clone()).collect();
            assert_eq!(json!(asked), json!(questions));
            assert!(found.as_array().into_iter().flatten().all(|row| row[1].as_u64() > Some(0) && row[2] == json!(1)));
            let down = page
                .eval(
                    "document.querySelector('.answers dl > :last-child').getBoundingClientRect().bottom / innerHeight",
                )
                .await;
            assert!(down.as_f64().is_some_and(|down| down < 3.0), "within two screens of scrolling: {down}");
        }
        // One tap on the reason leads to the evidence or the verdict, which needs at most two screens of scrolling more.
        page.phone(390);
        for at in 1..=5 {
            home(page).await;
            page.click(&format!(".answers dl > div:nth-child({at}) .meta a:last-child")).await;
            let down = page
                .eval("(e => e.querySelector('.verdict, .who-says').getBoundingClientRect().bottom / innerHeight)(document.getElementById(location.hash.slice(1)) ?? document)")
                .await;
            assert!(down.as_f64().is_some_and(|down| down > 0.0 && down < 3.0), "the reason of answer {at}: {down}");
        }
        home(page).await;
        page.follow("2 readings, and why").await;
        assert!(page.url().await.contains("disagreements.html#"));
    });
}

#[test]
fn the_bar_is_above_the_text_and_its_parts_lead_to_their_marks() {
    browse(DESKTOP, async |page| {
        for width in [320, 390, 1280] {
            page.phone(width);
            page.goto(&disk("speaker.html")).await;
            let order = "document.querySelector('.sure').getBoundingClientRect().bottom <= document.querySelector('.prose').getBoundingClientRect().top";
            assert_eq!(page.eval(order).await, json!(true), "{width}");
        }
        let key = page.text(".sure .tally-key").await;
        assert!(key.contains("1 corroborated") && key.contains("5 disputed"), "{key}");
        let all = page
            .eval(
                "[...document.querySelectorAll('.bar-of rect')].reduce((sum, e) => sum + +e.getAttribute('width'), 0)",
            )
            .await;
        assert!(all.as_f64().is_some_and(|all| (all - 100.0).abs() < 0.5), "the parts fill the bar: {all}");
        page.click(".sure .badge.s-disputed").await;
        page.wait("document.querySelector('a.cite.faint') !== null").await;
        assert_eq!(page.eval("document.querySelectorAll('a.cite.s-disputed.faint').length").await, json!(0));
        assert_eq!(page.eval("document.activeElement.matches('a.cite.s-disputed')").await, json!(true));
        page.click(".sure .badge.s-disputed").await;
        page.wait("document.querySelector('.faint') === null").await;
    });
    browse(NO_SCRIPT, async |page| {
        page.goto(&disk("speaker.html")).await;
        page.click(".sure .badge.s-corroborated").await;
        assert!(page.url().await.contains("speaker.html#ref-"));
        assert!(page.text(":target").await.contains("Corroborated"));
        page.click(":target .badge").await;
        assert_eq!(page.url().await, disk("claims.html#means-corroborated"), "a word leads to its meaning");
    });
}

#[test]
fn no_mark_reads_as_a_digit_and_runs_are_folded() {
    browse(DESKTOP, async |page| {
        page.goto(&disk("speaker.html")).await;
        for kind in ["s-source", "s-single-source"] {
            let content = format!("getComputedStyle(document.querySelector('a.cite.{kind}'), '::before').content");
            assert_eq!(page.eval(&content).await, json!("none"), "{kind}");
        }
        let run = "document.querySelector('a.cite[data-last]')";
        assert_eq!(page.eval(&format!("{run}.textContent")).await, json!("5–9"));
        let places = page.eval("[5, 6, 7, 8, 9].map(n => document.getElementById(`cite-${n}-1`) !== null)").await;
        assert_eq!(places, json!([true, true, true, true, true]), "the ways back lead there");
        page.click("a.cite[data-last]").await;
        page.wait("document.querySelectorAll('.card .st').length === 5").await;
    });
}

#[test]
fn what_rests_on_one_source_is_not_called_established() {
    browse(DESKTOP, async |page| {
        home(page).await;
        assert_eq!(page.text(".established .kicker").await, "Reported");
        let green = "getComputedStyle(document.querySelector('.established')).borderLeftColor === getComputedStyle(document.querySelector('.s-corroborated')).color";
        assert_eq!(page.eval(green).await, json!(false));
    });
}

#[test]
fn sources_are_compared_side_by_side_and_on_phones_two_at_a_time() {
    browse(NO_SCRIPT, async |page| {
        page.goto(&disk("disagreements.html")).await;
        assert_eq!(
            page.eval("document.querySelectorAll('.compare tbody tr').length").await,
            json!(33),
            "all questions"
        );
        let row = page.text("tr:has([href$='#azure-new-or-in-use'])").await;
        for expected in [
            "Did Azure come to Xiaomi with the deal",
            "something that the deal opens",
            "since 2015",
            "silent",
            "Already in use",
        ] {
            assert!(row.contains(expected), "{expected}: {row}");
        }
    });
    browse(DESKTOP, async |page| {
        page.phone(390);
        page.goto(&disk("disagreements.html")).await;
        page.click("button.choose").await;
        page.wait("document.querySelectorAll('.choose select').length === 4").await;
        let set = |at: usize, value: &str| {
            format!(
                "(s => {{ s.value = '{value}'; s.onchange(); return true; }})(document.querySelectorAll('.choose select')[{at}])"
            )
        };
        page.eval(&set(2, "report")).await;
        page.eval(&set(3, "digest")).await;
        let shown = "[...document.querySelectorAll('.compare tbody tr:first-child td[data-source]')].filter(e => e.checkVisibility()).map(e => e.dataset.source)";
        assert_eq!(page.eval(shown).await, json!(["digest", "report"]));
        page.eval(&set(0, "high")).await;
        let status = page.text(".choose .status").await;
        let count: usize = status.split(' ').next().and_then(|count| count.parse().ok()).expect("a number");
        assert_eq!(page.seen(".compare tbody tr").await, count, "{status}");
        assert_eq!(page.seen("article[data-about]").await, count, "the list below follows");
        assert_eq!(page.eval("document.documentElement.scrollWidth").await, json!(390));
    });
}

#[test]
fn a_card_shows_who_says_it_who_says_otherwise_and_the_verdict() {
    browse(DESKTOP, async |page| {
        page.goto(&disk("speaker.html")).await;
        page.click("#cite-1-1").await;
        page.wait("document.querySelector('.card .verdict') !== null").await;
        let card = page.text(".card").await;
        for expected in
            ["Report, 27 February 2018, line 15", "high reliability", "this claim", "Verdict", "Cite", "Embed"]
        {
            assert!(card.contains(expected), "{expected}: {card}");
        }
        let readings = page.eval("document.querySelectorAll('.card .readings li').length").await;
        assert_eq!(readings, json!(4), "the opposing readings");
        // Tabbing out of it closes it.
        for _ in 0..30 {
            page.keys(TAB).await;
        }
        page.wait("document.querySelector('.card') === null").await;

        // By a key alone, and near the foot of a telephone without covering its number.
        page.phone(390);
        let last = "[...document.querySelectorAll('.prose a.cite')].at(-1)";
        page.eval(&format!("({last}.scrollIntoView({{ block: 'end' }}), {last}.focus(), true)")).await;
        page.keys(ENTER).await;
        page.wait("document.querySelector('.card .who-says') !== null").await;
        let clear = format!(
            "(([a, b]) => a.bottom <= b.top || b.bottom <= a.top)([document.querySelector('.card'), {last}].map(e => e.getBoundingClientRect()))"
        );
        assert_eq!(page.eval(&clear).await, json!(true), "the card does not cover its number");
        let complaints = page.complaints();
        assert!(complaints.is_empty(), "{complaints:#?}");
    });
}

#[test]
fn a_card_works_under_a_strict_policy() {
    browse(DESKTOP, async |page| {
        let server = Server::start(site(), "/deal/", STRICT);
        page.goto(&format!("{}speaker.html", server.url())).await;
        page.click("#cite-1-1").await;
        page.wait("document.querySelector('.card .verdict') !== null").await;
        let place = page.eval("getComputedStyle(document.querySelector('.card')).position").await;
        assert_eq!(place, json!("absolute"), "its stylesheet is there");
        page.click(".card .acts a").await;
        assert!(page.url().await.ends_with("/deal/claims/cortana-will-be-built-in.html"));
        assert!(page.complaints().is_empty());
    });
}

#[test]
fn the_timeline_draws_not_knowing_as_a_pale_band_and_says_where_the_sources_end() {
    browse(DESKTOP, async |page| {
        page.goto(&disk("timeline.html")).await;
        let ground = luminance(page, "body", "backgroundColor").await;
        for id in ["nokia", "sea-india"] {
            let css = format!(".overview [href=\\'#{id}\\'] rect");
            let fill = luminance(page, &css, "fill").await;
            assert!((ground - fill).abs() < 0.3, "{id} is pale: {fill}");
            let dash = page.eval(&format!("getComputedStyle(document.querySelector('{css}')).strokeDasharray")).await;
            assert_ne!(dash, json!("none"), "{id} is dashed");
        }
        assert_eq!(page.text(".overview .sources-end").await, "the sources end here");
        let beyond = "[...document.querySelectorAll('.overview [href^=\"#plan-\"] path')].every(e => e.getBoundingClientRect().right > document.querySelector('.sources-end path').getBoundingClientRect().right)";
        assert_eq!(page.eval(beyond).await, json!(true));
        for (width, drawing) in [(1280, ".overview"), (390, ".strip"), (320, ".strip")] {
            page.phone(width);
            page.goto(&disk("timeline.html")).await;
            let labels = format!(
                "[...document.querySelectorAll('{drawing} a')].map(a => [a.textContent.trim(), document.querySelector(a.getAttribute('href') + ' .what').textContent, \
                 a.getBoundingClientRect().left >= 0 && a.getBoundingClientRect().right <= innerWidth + 1])"
            );
            let labels = page.eval(&labels).await;
            let rows = labels.as_array().expect("a list");
            assert_eq!(rows.len(), 19, "{width}");
            for row in rows {
                let plain = |value: &serde_json::Value| value.as_str().unwrap_or_default().replace([' ', '-'], "");
                assert_eq!(plain(&row[0]), plain(&row[1]), "the whole title at {width}");
                assert_eq!(row[2], json!(true), "within the window at {width}: {row}");
            }
        }
        page.click(".strip [href='#nokia']").await;
        assert_eq!(page.url().await, disk("timeline.html#nokia"), "a mark can be tapped");
    });
}

#[test]
fn a_claim_has_a_page_of_its_own_and_a_small_one_for_frames() {
    let page = text(&site().join("claims/cortana-will-be-built-in.html"));
    for expected in [
        "<title>Microsoft says that Xiaomi will integrate Cortana with the Mi AI Speaker.",
        "content=\"Disputed. One source says so: a dated technology news report.",
        "\"@type\":\"Claim\"",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    let embed = text(&site().join("embed/cortana-will-be-built-in.html"));
    assert!(embed.len() < 2500 && !embed.contains("<script src"), "{} bytes", embed.len());
    browse(Reader { size: (600, 220), ..NO_SCRIPT }, async |page| {
        page.goto(&disk("embed/cortana-will-be-built-in.html")).await;
        assert!(page.text("main").await.contains("Verdict: Intended, but not settled."));
        assert_eq!(page.eval("document.querySelectorAll('main a:not([target=_top])').length").await, json!(0));
        page.click("h1 a").await;
        assert_eq!(page.url().await, disk("claims/cortana-will-be-built-in.html"));
        let claim = page.text("main").await;
        for expected in
            ["Disputed", "Report, 27 February 2018, line 15", "What other sources say", "Cited on", "<iframe"]
        {
            assert!(claim.contains(expected), "{expected}: {claim}");
        }
        page.goto(&disk("claims.html#cortana-will-be-built-in")).await;
        assert!(page.text(":target").await.contains("Microsoft says that Xiaomi will integrate"), "old anchors work");
    });
}

#[test]
fn the_sources_page_shows_who_draws_on_what_as_a_picture_and_a_list() {
    browse(NO_SCRIPT, async |page| {
        for (width, drawing) in [(1280, ".tree.wide"), (390, ".tree.narrow")] {
            page.phone(width);
            page.goto(&disk("sources.html")).await;
            let boxes = page
                .eval(&format!("[...document.querySelectorAll('{drawing} a')].map(a => [a.textContent, a.querySelector('rect').getBoundingClientRect().left])"))
                .await;
            let boxes = boxes.as_array().expect("a list").clone();
            let left = |name: &str| {
                let found = boxes.iter().find(|found| found[0].as_str().is_some_and(|text| text.starts_with(name)));
                found.and_then(|found| found[1].as_f64()).unwrap_or_else(|| panic!("no {name} at {width}: {boxes:?}"))
            };
            for source in ["translated article", "report", "feature", "commentary"] {
                assert!(left(source) > left("Microsoft and Xiaomi"), "{source} at {width}");
            }
        }
        let list = page.text("[aria-labelledby=origins] .list").await;
        for expected in ["Drawn on by translated article, report, feature.", "For one claim also by commentary"] {
            assert!(list.contains(expected), "{expected}: {list}");
        }
    });
}
