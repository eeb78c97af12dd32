//! An edit of one record costs a fraction of reading the whole site: only what depends on it is made anew. What is counted is
//! what the work allocates, not its time.

use std::alloc::System;
use std::borrow::Cow;
use std::fmt::Write;

use dossier::pipeline::{Keep, Request, Touched, advance, prepare};
use dossier::source::{Memory, SitePath};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Claims in one file, and cited on one page.
const FILE: usize = 10;
const FILES: usize = 40;

fn statement(number: usize) -> String {
    format!("The plant number {number} of the town made {} tonnes.", number * 7 + 3)
}

fn site() -> Memory {
    let mut text = "//- site.toml\ntitle = 'T'\n[[topics]]\nid = 'all'\ntitle = 'All'\n//- content/index.md\n# T\n\
                    //- content/evidence/sources.yaml\n"
        .to_owned();
    for number in 0..FILES {
        let _ = writeln!(text, "- id: s{number}\n  kind: news\n  title: A report\n  date: 2018-02-03");
    }
    for file in 0..FILES {
        let numbers = file * FILE..(file + 1) * FILE;
        let _ = writeln!(text, "//- content/evidence/claims/c{file}.yaml");
        for number in numbers.clone() {
            let _ = writeln!(
                text,
                "- id: c{number}\n  statement: {}\n  topics: [all]\n  sources: [s{file}]\n  kind: reported",
                statement(number)
            );
        }
        let _ = writeln!(text, "//- content/p{file}.md\n# Page {file}\n");
        for number in numbers {
            let _ = writeln!(text, "{} [@c{number}].", statement(number).trim_end_matches('.'));
        }
    }
    Memory::fixture(&text)
}

fn allocations<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let region = Region::new(ALLOCATOR);
    let value = run();
    let change = region.change();
    (value, change.allocations + change.reallocations)
}

#[test]
fn an_edit_of_one_claim_allocates_a_fraction_of_what_the_whole_site_does() {
    let (files, quiet) = (site(), &|_: &str, _: usize, _: usize| {});
    let request = Request::of(jiff::civil::date(2026, 11, 21));
    let read = || prepare(&files, &request, Keep::Sources, quiet).expect("a site");
    // What is made once, such as the templates of the theme, is no part of it.
    drop(read());
    let (mut snapshot, whole) = allocations(read);
    assert_eq!(snapshot.problems().iter().count(), 0);
    for round in 0..3 {
        let path = SitePath::new("content/evidence/claims/c7.yaml").expect("a path");
        let text = files.text(path.as_str()).expect("a file");
        let edited = text.replace("number 71 of", &format!("number 71, or {round}, of"));
        assert_ne!(text, edited);
        files.insert(path.clone(), edited.into_bytes());
        let touched = Touched { listing: None, files: Cow::Owned([path].into()) };
        let edit = || advance(&files, &request, Keep::Sources, Some(&snapshot), &touched, quiet).expect("a site");
        let (_, part) = allocations(edit);
        println!("{part} of {whole}");
        assert!(part * 6 < whole, "{part} of {whole}");
        files.insert(SitePath::new("content/evidence/claims/c7.yaml").expect("a path"), text.into_bytes());
        snapshot = read();
    }
}
