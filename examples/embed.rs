//! A site made by another program: from texts in memory to files in memory, without the command line, the server and the
//! watcher.
//!
//! ```text
//! cargo run --no-default-features --example embed
//! ```

use dossier::pipeline::{Request, build};
use dossier::source::{Memory, SitePath};

const FILES: [(&str, &str); 4] = [
    ("site.toml", "title = \"Bridges\"\n"),
    ("content/index.md", "# Bridges\n\nThe bridge opened in 1932 [@opened].\n"),
    ("content/evidence/sources.yaml", "- id: report\n  kind: news\n  title: The opening\n  date: 1932-03-20\n"),
    (
        "content/evidence/claims/bridge.yaml",
        "- id: opened\n  statement: The bridge opened in 1932.\n  sources: [\"report, p. 1\"]\n  kind: reported\n",
    ),
];

fn main() {
    let site = make().expect("a site without problems");
    for (path, bytes) in site.snapshot() {
        println!("{path}: {} bytes", bytes.len());
    }
}

/// The files of the site.
///
/// # Errors
/// What is wrong with it.
pub fn make() -> Result<Memory, Vec<String>> {
    let (input, output) = (Memory::default(), Memory::default());
    for (path, text) in FILES {
        let path = SitePath::new(path).map_err(|error| vec![error.to_string()])?;
        input.insert(path, text.into());
    }
    // The library reads no clock: the day is given.
    let request = Request::of(jiff::civil::date(2026, 1, 1));
    let built = build(&input, &request, &output, &|_, _, _| {});
    let problems: Vec<String> = built.problems.iter().map(|problem| problem.message.clone()).collect();
    if problems.is_empty() { Ok(output) } else { Err(problems) }
}
