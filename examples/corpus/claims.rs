//! A site of N claims in the theme: a source and a page for ten of them, an event for ten, a disagreement for fifty. Each
//! page has twenty sentences with a citation, so that every claim is cited on two pages.

use std::fmt::Write;
use std::io;
use std::path::Path;

use super::put;
use super::text::WORDS;

const TOPICS: usize = 10;
/// Claims in one file.
const FILE: usize = 1000;
/// Parts of a page, and sentences of a part.
const PARTS: usize = 4;
const SENTENCES: usize = 5;

/// Makes the site below `folder`.
pub fn make(claims: usize, folder: &Path) -> io::Result<()> {
    put(&folder.join("site.toml"), &site())?;
    let evidence = folder.join("content/evidence");
    let (sources, pages) = (claims.div_ceil(10), claims.div_ceil(10));
    put(&evidence.join("sources.yaml"), &list(0..sources, source))?;
    for first in (0..claims).step_by(FILE) {
        let file = evidence.join(format!("claims/c{}.yaml", first / FILE));
        put(&file, &list(first..claims.min(first + FILE), |number| claim(number, sources)))?;
    }
    put(&evidence.join("events.yaml"), &list(0..claims / 10, event))?;
    put(&evidence.join("disagreements.yaml"), &list(0..claims / 50, disagreement))?;
    (0..pages).try_for_each(|number| put(&folder.join(format!("content/p{number}.md")), &page(number, claims)))
}

/// A word that depends on the number alone.
fn word(number: usize) -> &'static str {
    WORDS[number % WORDS.len()]
}

fn list(numbers: std::ops::Range<usize>, record: impl Fn(usize) -> String) -> String {
    numbers.map(record).collect()
}

fn site() -> String {
    let topics = (0..TOPICS).map(|topic| {
        format!("\n[[topics]]\nid = \"t{topic}\"\ntitle = \"Topic {topic}\"\nsummary = \"Claims of one topic.\"\n")
    });
    format!("title = \"The corpus\"\n{}", topics.collect::<String>())
}

fn source(number: usize) -> String {
    format!(
        "- id: s{number}\n  kind: news\n  title: Report {} {number}\n  date: 2018-02-{:02}\n  language: en\n  \
         reliability: high\n  reliability_reason: It is dated.\n",
        word(number),
        number % 27 + 1
    )
}

/// What claim `number` states, without the full stop.
fn statement(number: usize) -> String {
    // No two claims have the same words: they would be reported as conflicting.
    let count = WORDS.len();
    let (first, second, third) = (word(number), word(number / count), word(number / count / count));
    format!("The {first} {second} plant P{number} made {} tonnes of {third}", number * 7 + 3)
}

fn claim(number: usize, sources: usize) -> String {
    format!(
        "- id: c{number}\n  statement: {}.\n  topics: [t{}]\n  sources:\n    - source: s{}\n      lines: {}\n    \
         - source: s{}\n      lines: {}\n  date: 2015-01-{:02}\n  kind: reported\n",
        statement(number),
        number % TOPICS,
        number % sources,
        number % 50 + 1,
        (number * 7 + 1) % sources,
        number % 40 + 1,
        number % 27 + 1
    )
}

fn event(number: usize) -> String {
    format!(
        "- id: e{number}\n  title: The {} event\n  date: 2015-01-{:02}\n  status: happened\n  topics: [t{}]\n  \
         claims: [c{}]\n",
        word(number),
        (number * 10) % 27 + 1,
        number % TOPICS,
        number * 10
    )
}

fn disagreement(number: usize) -> String {
    format!(
        "- id: d{number}\n  question: How much did it make?\n  severity: low\n  topics: [t{}]\n  readings:\n    \
         - reading: Much of it.\n      claims: [c{}]\n    - reading: Little of it.\n      claims: [c{}]\n  \
         verdict: open\n  why: The reports differ.\n",
        number % TOPICS,
        number * 50 + 1,
        number * 50 + 2
    )
}

fn page(number: usize, claims: usize) -> String {
    let (name, topic) = (word(number), number % TOPICS);
    let mut text = format!("---\ntitle: Page {number} on {name}\nsummary: About {name}.\ntopic: t{topic}\n---\n\n");
    for part in 0..PARTS {
        let first = (number * PARTS + part) * SENTENCES;
        let cited = (first..first + SENTENCES).map(|claim| claim % claims);
        let sentences: Vec<String> = cited.map(|claim| format!("{} [@c{claim}].", statement(claim))).collect();
        _ = write!(text, "## Part {part} of {}\n\n{}\n\n", word(part), sentences.join(" "));
    }
    text
}
