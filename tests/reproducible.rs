//! The same tree gives the same bytes: whatever the order of its files on the disk, the number of cores, the time zone,
//! the language and the current folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// All files below a folder, by their path from it, sorted.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it is below").to_owned();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// Writes the site of this repository below `to`, file by file in this order.
fn copy<'a>(inputs: impl Iterator<Item = (&'a PathBuf, &'a Vec<u8>)>, to: &Path) {
    for (path, bytes) in inputs {
        let place = to.join(path);
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("it can be made");
        std::fs::write(place, bytes).expect("it can be written");
    }
}

fn build(root: &Path, from: &Path, words: &[&str], environment: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_dossier"));
    program.current_dir(from).args(["build", "--base-url", "https://deal.example/", "--root"]).arg(root).args(words);
    let run = program.envs(environment.iter().copied()).output().expect("the program runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    files(&root.join("public"))
}

#[test]
fn the_same_tree_gives_the_same_bytes_everywhere() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let inputs: BTreeMap<PathBuf, Vec<u8>> = ["content", "templates", "static"]
        .iter()
        .flat_map(|name| files(&here.join(name)).into_iter().map(|(path, bytes)| (Path::new(name).join(path), bytes)))
        .chain([(PathBuf::from("site.toml"), std::fs::read(here.join("site.toml")).expect("a file"))])
        .collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (one, two) = (folder.path().join("one"), folder.path().join("a longer way/to two"));
    copy(inputs.iter(), &one);
    copy(inputs.iter().rev(), &two);
    let first = build(&one, &one, &[], &[("TZ", "Pacific/Pago_Pago"), ("LC_ALL", "C"), ("RAYON_NUM_THREADS", "1")]);
    let second = build(
        &two,
        folder.path(),
        &["--no-cache", "--verify"],
        &[("TZ", "Asia/Tokyo"), ("LC_ALL", "tr_TR.UTF-8"), ("RAYON_NUM_THREADS", "7"), ("HOME", "/nonexistent")],
    );
    assert!(first.len() > 30, "{} files", first.len());
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&first), names(&second));
    let differing: Vec<_> = first.iter().filter(|(path, bytes)| second.get(*path) != Some(bytes)).collect();
    assert!(differing.is_empty(), "{:?}", differing.iter().map(|(path, _)| path).collect::<Vec<_>>());
}
