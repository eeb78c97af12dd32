//! What it costs to load, link, weigh and check a ledger: `cargo bench --bench ledger`.
//!
//! Every claim has its own words, two sources with lines, an entity, a date, and comes after the one before; every tenth
//! bears an event, every hundredth stands in a disagreement.

use std::fmt::Write;

use divan::{Bencher, black_box};
use dossier::config::Config;
use dossier::diag::Diagnostics;
use dossier::evidence::Ledger;
use dossier::source::SitePath;

fn main() {
    divan::main();
}

/// Claims a file, as an editor would part them.
const A_FILE: usize = 1000;
const SOURCES: usize = 50;

fn file(name: &str, text: String) -> (SitePath, String) {
    (SitePath::new(&format!("content/evidence/{name}")).expect("a good path"), text)
}

fn claim(text: &mut String, number: usize) {
    let (one, two) = (number % SOURCES, (number + 7) % SOURCES);
    let line = one + 1;
    let year = 1900 + number / 1000;
    let _ = write!(
        text,
        "- id: claim-{number}\n  statement: In {year} the company sold {number} of its phones in shop {one}.\n  \
         entities: [thing-{one}]\n  sources:\n    - source: source-{one}\n      lines: [{line}, 60-62]\n    \
         - source: source-{two}\n      lines: 9\n  date: {year}\n  kind: reported\n"
    );
    if let Some(before) = number.checked_sub(1) {
        let _ = writeln!(text, "  after: [claim-{before}]");
    }
}

fn files(claims: usize) -> Vec<(SitePath, String)> {
    let mut all = Vec::new();
    for first in (0..claims).step_by(A_FILE) {
        let mut text = String::new();
        (first..(first + A_FILE).min(claims)).for_each(|number| claim(&mut text, number));
        all.push(file(&format!("claims/part-{first}.yaml"), text));
    }
    let (mut sources, mut entities) = (String::new(), String::new());
    for number in 0..SOURCES {
        let _ = write!(
            sources,
            "- id: source-{number}\n  kind: news\n  title: Source {number}\n  date: 2001\n  language: en\n  \
             reliability: high\n  reliability_reason: It was there.\n"
        );
        let _ = write!(entities, "- id: thing-{number}\n  name: Thing {number}\n  kind: company\n  definition: One.\n");
    }
    let (mut events, mut disagreements) = (String::new(), String::new());
    for number in (0..claims).step_by(10) {
        let year = 1900 + number / 1000;
        let _ = write!(
            events,
            "- id: event-{number}\n  title: Phones are sold\n  date: {year}\n  claims: [claim-{number}]\n  \
             status: happened\n"
        );
    }
    for number in (0..claims).step_by(100) {
        let _ = write!(
            disagreements,
            "- id: question-{number}\n  question: Were they sold?\n  severity: high\n  readings:\n    \
             - reading: They were.\n      claims: [claim-{number}]\n    - reading: No.\n      sources: [source-1]\n  \
             verdict: They were.\n  why: Nobody denies it.\n"
        );
    }
    all.extend([file("sources.yaml", sources), file("entities.yaml", entities)]);
    all.extend([file("events.yaml", events), file("disagreements.yaml", disagreements)]);
    all
}

/// From the texts of the files to a linked and weighed ledger, with every rule that looks at records run over it.
#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 5, sample_size = 1)]
fn load_link_and_check(bencher: Bencher, claims: usize) {
    bencher.with_inputs(|| files(claims)).bench_local_values(|files| {
        let mut problems = Diagnostics::default();
        let ledger = Ledger::load(black_box(files), &Config::default(), &mut problems);
        dossier::check::records(&ledger, &mut problems);
        let told: Vec<_> = problems.iter().take(3).collect();
        assert!(told.is_empty(), "{told:#?}");
        assert_eq!(ledger.claims.len(), claims);
        ledger
    });
}
