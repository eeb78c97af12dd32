//! Kills the program itself at random moments of a build, while readers read.
//!
//! A site is built in two states alternately. Every file that a reader gets must be, byte for byte, that of one of the
//! states, and no page may have a broken link. `DOSSIER_KILLS` says how often (`ci/kill-test` says 500).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dossier::source::{Hash, SitePath};
use lol_html::{HtmlRewriter, Settings, element};

use crate::site::{Dice, Result, folder, tree, write};

/// The number of pages, and how many of them are added or removed between the states.
const PAGES: usize = 80;
const COMING: usize = 8;
/// Two reads within this time are never two publishes apart: a build takes several times as long.
const CLOSE: Duration = Duration::from_millis(20);

/// Statistics of kills.
#[derive(Debug, Default)]
struct Figures {
    kills: usize,
    while_publishing: usize,
    before_it: usize,
    too_late: usize,
    healed: usize,
}

/// The expected files: by name, their hashes in the states; by hash, the links of an HTML file.
#[derive(Default)]
struct Known {
    hashes: BTreeMap<String, BTreeSet<Hash>>,
    names: HashMap<Hash, Vec<String>>,
}

#[test]
fn killing_the_program_at_any_moment_leaves_a_consistent_site() -> Result {
    let kills = std::env::var("DOSSIER_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let temp = folder()?;
    let root = temp.path().join("site");
    let out = root.join("public");
    let mut known = Known::default();
    let mut states = Vec::new();
    for state in 0..2 {
        write_state(&root, state)?;
        finish(&root)?;
        states.push(tree(&out));
        known.learn(&out)?;
        fs::remove_dir_all(&out)?;
    }
    assert!(states[0].keys().any(|name| !states[1].contains_key(name)), "files come and go between the states");
    let changed = |name: &&String| states[1].get(*name).is_some_and(|bytes| *bytes != states[0][*name]);
    assert!(states[0].keys().filter(changed).count() > PAGES / 2, "and many change");
    // A foreign file, which must still exist at the end.
    for state in &mut states {
        for (name, bytes) in [("CNAME", "example.org"), ("mine", "a folder"), ("mine/notes.html", "mine")] {
            state.insert(name.to_owned(), bytes.as_bytes().to_vec());
        }
    }
    write(&out, "CNAME", "example.org")?;
    write(&out, "mine/notes.html", "mine")?;
    let usual = finish(&root)?;

    let (stop, walks, files) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    let read = || -> std::result::Result<(), String> {
        while !stop.load(Ordering::SeqCst) {
            files.fetch_add(known.walk(&out)?, Ordering::Relaxed);
            walks.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    };
    let figures = std::thread::scope(|scope| {
        let reader = scope.spawn(read);
        let figures = kill_and_recover(&root, kills, usual, &states, &known);
        stop.store(true, Ordering::SeqCst);
        reader.join().map_err(|_| "the reader panicked")??;
        figures
    })?;
    println!("{figures:?}");
    println!("readers walked the site {} times and read {} files, all whole", walks.into_inner(), files.into_inner());
    assert!(figures.kills == kills && figures.while_publishing * 10 >= kills, "{figures:?}");
    Ok(())
}

/// Starts builds and kills them until enough were killed; three of four times the next build must repair the site.
fn kill_and_recover(
    root: &Path,
    kills: usize,
    usual: Duration,
    states: &[BTreeMap<String, Vec<u8>>],
    known: &Known,
) -> Result<Figures> {
    let (mut figures, mut dice) = (Figures::default(), Dice::new(1));
    let (out, intent) = (root.join("public"), root.join("public/.dossier/intent.jsonl"));
    let mut state = 1;
    while figures.kills < kills {
        let attempt = figures.kills;
        state = 1 - state;
        write_state(root, state)?;
        let mut child = start(root)?;
        if dice.below(4) > 0 {
            // The kill should hit publishing, the short part of a build; in memory it takes a few milliseconds.
            while !intent.exists() && child.try_wait()?.is_none() {
                std::thread::sleep(Duration::from_micros(100));
            }
            let longest = dice.below(usual.as_micros() as u64 / 10);
            std::thread::sleep(Duration::from_micros(dice.below(longest)));
        } else {
            std::thread::sleep(Duration::from_micros(dice.below(usual.as_micros() as u64)));
        }
        child.kill()?;
        let died = child.wait()?.code().is_none();
        match died {
            false => figures.too_late += 1,
            true if intent.exists() => figures.while_publishing += 1,
            true => figures.before_it += 1,
        }
        figures.kills += usize::from(died);
        known.walk(&out).map_err(|problem| format!("{problem}, after kill {attempt}"))?;
        // Otherwise the next build to the other state finds what this one left, and is killed while it continues.
        if died && dice.below(4) > 0 {
            finish(root)?;
            figures.healed += 1;
            assert!(
                tree(&out) == states[state],
                "after kill {attempt} the next build makes the site what it should be"
            );
        }
    }
    finish(root)?;
    assert!(tree(&out) == states[state]);
    Ok(figures)
}

/// Writes the site as it is in one of its two states.
fn write_state(root: &Path, state: usize) -> Result {
    write(root, "site.toml", &format!("title = \"State {state}\"\n"))?;
    write(root, "static/style.css", &format!("body {{ margin: {state}em }}\n"))?;
    write(root, "static/map.png", &format!("\u{89}PNG {state}"))?;
    let here = |page: usize| page < PAGES - COMING || page % 2 == state;
    let mut home = format!("# Home {state}\n\n![map](../static/map.png)\n");
    for page in 0..PAGES {
        let name = format!("content/part {}/page-{page}.md", page % 3);
        if here(page) {
            let next = (page + 1..PAGES).find(|page| here(*page)).unwrap_or(0);
            let text = format!("# Page {page}\n\nState {state}, then [next](../part%20{}/page-{next}.md).\n", next % 3);
            write(root, &name, &text)?;
            home.push_str(&format!("\n[{page}](part%20{}/page-{page}.md)\n", page % 3));
        } else if let Err(error) = fs::remove_file(root.join(name))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(error.into());
        }
    }
    write(root, "content/index.md", &home)
}

fn start(root: &Path) -> Result<Child> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_dossier"));
    let program = program.args(["build", "--quiet"]).current_dir(root);
    Ok(program.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?)
}

/// Runs a build to its end, and returns how long it took.
fn finish(root: &Path) -> Result<Duration> {
    let begun = Instant::now();
    let run = start(root)?.wait_with_output()?;
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    Ok(begun.elapsed())
}

impl Known {
    /// Records the files of an undisturbed site.
    fn learn(&mut self, out: &Path) -> Result {
        for (name, bytes) in tree(out) {
            let hash = Hash::of(&bytes);
            if name.ends_with(".html") {
                // The 404 page is shown at any depth, so its links cannot be resolved from its own path.
                let links = if name == "404.html" { Vec::new() } else { links(&name, &bytes)? };
                self.names.insert(hash, links);
            }
            self.hashes.entry(name).or_default().insert(hash);
        }
        Ok(())
    }

    /// Walks from the home page through all links; returns how many files were read.
    fn walk(&self, out: &Path) -> std::result::Result<usize, String> {
        for _ in 0..1000 {
            if let Some(count) = self.walk_once(out)? {
                return Ok(count);
            }
        }
        Err("the site changed too often to be walked".to_owned())
    }

    fn walk_once(&self, out: &Path) -> std::result::Result<Option<usize>, String> {
        let mut ways: HashMap<String, (Hash, Option<String>)> = HashMap::new();
        let mut open = vec![("index.html".to_owned(), None)];
        while let Some((name, from)) = open.pop() {
            if ways.contains_key(&name) {
                continue;
            }
            let Ok(bytes) = fs::read(out.join(&name)) else {
                let from: String = from.ok_or("there is no home page")?;
                match is_link_broken(out, &ways, &from, &name) {
                    true => return Err(format!("{from} names {name}, which is not there")),
                    false => return Ok(None),
                }
            };
            let hash = Hash::of(&bytes);
            if !self.hashes.get(&name).is_some_and(|known| known.contains(&hash)) {
                return Err(format!("{name} is of neither state: {} bytes", bytes.len()));
            }
            open.extend(self.names.get(&hash).into_iter().flatten().map(|named| (named.clone(), Some(name.clone()))));
            ways.insert(name, (hash, from));
        }
        Ok(Some(ways.len()))
    }
}

/// Whether the path of links to a page is unchanged before and after a check for its missing file.
fn is_link_broken(out: &Path, ways: &HashMap<String, (Hash, Option<String>)>, from: &str, name: &str) -> bool {
    let unchanged = || {
        let mut way = ways.get_key_value(from);
        while let Some((page, (hash, above))) = way {
            if fs::read(out.join(page)).map(|bytes| Hash::of(&bytes)).ok() != Some(*hash) {
                return false;
            }
            way = above.as_ref().and_then(|page| ways.get_key_value(page));
        }
        true
    };
    loop {
        let begun = Instant::now();
        let stranded = unchanged() && !out.join(name).exists() && unchanged();
        if !stranded || begun.elapsed() < CLOSE {
            return stranded;
        }
    }
}

/// The files of the site that a page links to, as paths from its root.
pub fn links(page: &str, html: &[u8]) -> Result<Vec<String>> {
    let (mut found, folder) = (BTreeSet::new(), SitePath::new(page).map_err(|error| error.to_string())?);
    let mut written = Vec::new();
    let element = element!("[href], [src]", |element| {
        written.extend(["href", "src"].iter().filter_map(|name| element.get_attribute(name)));
        Ok(())
    });
    let mut rewriter = HtmlRewriter::new(Settings::new().append_element_content_handler(element), |_: &[u8]| {});
    rewriter.write(html)?;
    rewriter.end()?;
    for link in written {
        let path = link.split(['#', '?']).next().unwrap_or_default();
        if path.is_empty() || link.contains("://") {
            continue;
        }
        let mut parts: Vec<&str> = folder.as_str().split('/').collect();
        parts.pop();
        for part in path.split('/') {
            match part {
                ".." => drop(parts.pop()),
                "." => {}
                part => parts.push(part),
            }
        }
        let mut name = decoded(&parts.join("/"));
        if name.is_empty() || name.ends_with('/') {
            name.push_str("index.html");
        }
        found.insert(name);
    }
    Ok(found.into_iter().collect())
}

/// A path without `%XX`.
fn decoded(path: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), path.as_bytes());
    while let [first, after @ ..] = rest {
        let coded = path.get(path.len() - after.len()..path.len() - after.len() + 2).filter(|_| *first == b'%');
        let byte = coded.and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Runs the program in the folder of a site of this title, which is created if it is missing; returns its messages.
fn in_site(root: &Path, words: &[&str]) -> Result<String> {
    let title = root.file_name().unwrap_or_default().to_string_lossy();
    write(root, "site.toml", &format!("title = \"{title}\"\n"))?;
    write(root, "content/index.md", &format!("# {title}\n"))?;
    messages(root, words)
}

/// Runs the program in a folder; returns its messages.
fn messages(root: &Path, words: &[&str]) -> Result<String> {
    let run = Command::new(env!("CARGO_BIN_EXE_dossier")).args(words).arg("--quiet").current_dir(root).output()?;
    Ok(String::from_utf8_lossy(&run.stderr).into_owned())
}

/// Two sites that are published to one folder outside of both: the second would remove the first one's files.
#[test]
fn the_program_refuses_another_site_s_folder() -> Result {
    let temp = folder()?;
    let to = temp.path().join("www");
    let site = |title: &str| in_site(&temp.path().join(title), &["build", "--out", "../www"]);
    assert_eq!(site("atlas")?, "");
    let before = tree(&to);
    let output = site("deal")?;
    assert!(output.contains("output-other-site") && output.contains("contains another site, `atlas`"), "{output}");
    assert!(tree(&to) == before);
    assert_eq!(site("atlas")?, "");
    let deal = temp.path().join("deal");
    // Without a readable `site.toml`, the site is not known.
    for config in [fs::read_to_string(deal.join("site.toml"))?, "title = ".to_owned()] {
        fs::write(deal.join("site.toml"), config)?;
        for words in [&["clean", "--out", "../www"][..], &["clean", "--force", "--out", "../www"]] {
            let output = messages(&deal, words)?;
            assert!(output.contains("output-other-site"), "{words:?}: {output}");
            assert!(tree(&to) == before);
        }
    }
    assert_eq!(in_site(&temp.path().join("atlas"), &["clean", "--out", "../www"])?, "");
    assert!(!to.exists());
    Ok(())
}

/// An output folder inside a site belongs to that site without a key.
#[test]
fn the_program_refuses_the_output_folder_inside_another_site() -> Result {
    let temp = folder()?;
    let (deal, atlas, inner) =
        (temp.path().join("deal"), temp.path().join("atlas"), temp.path().join("deal/docs/inner"));
    for (site, out) in [(&atlas, "../atlas/public"), (&inner, "docs/inner/public")] {
        assert_eq!(in_site(site, &["build"])?, "");
        let before = tree(&site.join("public"));
        for command in ["build", "clean"] {
            let output = in_site(&deal, &[command, "--out", out])?;
            assert!(output.contains("output-other-site") && output.contains("built in its own folder"), "{output}");
            assert!(tree(&site.join("public")) == before);
        }
    }
    // The reverse: another site was published into the folder of a site.
    let other = temp.path().join("other");
    in_site(&other, &["check"])?;
    assert_eq!(in_site(&deal, &["build", "--out", "../other/public"])?, "");
    let output = in_site(&other, &["build"])?;
    assert!(output.contains("output-other-site") && output.contains("contains another site, `deal`"), "{output}");
    Ok(())
}
