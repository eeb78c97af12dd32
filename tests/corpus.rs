//! Runs the examples of `fuzz/corpus` with the function that the fuzzer uses, so that bugs it has found stay fixed.

#[path = "../fuzz/entries.rs"]
mod entries;

use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn every_example_is_read_without_a_panic() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for entry in entries::ENTRIES {
        let examples: Vec<_> = std::fs::read_dir(corpus.join(entry)).expect("a folder of examples").collect();
        assert!(examples.len() >= 3, "{entry} has {} examples", examples.len());
        for example in examples {
            let file = example.expect("an entry of the folder").path();
            println!("{}", file.display());
            entries::run(entry, &std::fs::read(&file).expect("a file"));
        }
    }
    entries::beneath::remove();
}

#[test]
fn the_site_of_the_entries_is_published() {
    assert!(entries::is_published());
}

#[test]
fn every_entry_is_a_target_of_the_fuzzer() {
    let manifest =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml")).expect("a file");
    let targets: BTreeSet<&str> =
        manifest.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    let entries: BTreeSet<&str> = entries::ENTRIES.iter().copied().chain(["dossier-fuzz"]).collect();
    assert_eq!(targets, entries);
}
