//! Generated sites with files that prove that they are complete, and a reader who walks them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use dossier::disk::{CacheDir, DiskError, DiskErrors, FileSystem, Options, OutputDir, Published};
use dossier::source::{Hash, Output, Outputs, Role, Sink, SitePath, Store};

pub type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A site to publish: bytes by path.
pub type Site = BTreeMap<String, Vec<u8>>;

/// The role of a file, from its name.
pub fn role(name: &str) -> Role {
    match name.rsplit('.').next() {
        _ if name == "index.html" => Role::Home,
        Some("html") => Role::Page,
        Some("css" | "js") => Role::Fingerprinted,
        Some("xml" | "json") => Role::Data,
        _ => Role::Asset,
    }
}

/// A file that ends with the hash of its text, and names others.
pub fn file(says: &str, names: &[&str]) -> Vec<u8> {
    let mut text = format!("{says}\n");
    for name in names {
        text.push_str(&format!("names {name:?}\n"));
    }
    let hash = Hash::of(text.as_bytes()).hex();
    text.push_str(&hash);
    text.into_bytes()
}

/// The names in a file, if it is complete.
fn names(bytes: &[u8]) -> Option<Vec<String>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (above, hash) = text.split_at_checked(text.len().checked_sub(64)?)?;
    let named = above.lines().filter_map(|line| serde_json::from_str(line.strip_prefix("names ")?).ok());
    (Hash::of(above.as_bytes()).hex() == hash).then(|| named.collect())
}

/// A site written as `name=text`, one after another.
pub fn site(text: &str) -> Site {
    let parts = text.split_whitespace().map(|part| part.split_once('=').unwrap_or((part, "")));
    parts.map(|(name, says)| (name.to_owned(), file(says, &[]))).collect()
}

/// Pseudo-random numbers, from a seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit.max(1)
    }
}

/// A site that changes from generation to generation: files are added, removed and changed, and no page has a broken
/// link.
pub struct Growing {
    seed: u64,
    dice: Dice,
    size: u64,
    /// Text and names of each file.
    files: BTreeMap<String, (String, BTreeSet<String>)>,
    generation: u64,
}

impl Growing {
    pub fn new(seed: u64, size: u64) -> Self {
        Self { seed, dice: Dice::new(seed), size, files: BTreeMap::new(), generation: 0 }
    }

    /// The next generation.
    pub fn next(&mut self) -> Site {
        self.generation += 1;
        for number in 0..self.size {
            let name = match number % 8 {
                0 => format!("page {number}.html"),
                1 => format!("deep/{}/page{number}.html", number % 3),
                2 => format!("deep/p#{number}?.html"),
                3 => format!("style.{number}.css"),
                4 => format!("img/{number}.png"),
                5 => format!("data/é{number}.json"),
                6 => format!("page{number}.html"),
                _ => format!("other/{number}/index.html"),
            };
            match self.dice.below(6) {
                0 => drop(self.files.remove(&name)),
                1 if role(&name) != Role::Fingerprinted || !self.files.contains_key(&name) => self.change(&name),
                _ => {}
            }
        }
        self.change("index.html");
        self.remove_broken_links();
        let file = |(name, (says, named)): (&String, &(String, BTreeSet<String>))| {
            let named: Vec<&str> = named.iter().map(String::as_str).collect();
            (name.clone(), file(says, &named))
        };
        self.files.iter().map(file).collect()
    }

    fn change(&mut self, name: &str) {
        let length = self.dice.below(40);
        let says = match role(name) {
            Role::Fingerprinted => "always the same".to_owned(),
            _ => format!("{name} {}.{} {}", self.seed, self.generation, "text ".repeat(length as usize * 20)),
        };
        let all: Vec<String> = self.files.keys().cloned().collect();
        let mut named = BTreeSet::new();
        if matches!(role(name), Role::Page | Role::Home) {
            named.extend((0..8).filter_map(|_| all.get(self.dice.below(all.len() as u64) as usize).cloned()));
        }
        self.files.insert(name.to_owned(), (says, named));
    }

    /// Removes broken links from pages.
    fn remove_broken_links(&mut self) {
        let all: BTreeSet<String> = self.files.keys().cloned().collect();
        for (says, named) in self.files.values_mut() {
            if !named.is_subset(&all) {
                named.retain(|name| all.contains(name));
                *says = format!("changed {}.{}", self.seed, self.generation);
            }
        }
    }
}

/// Publishes `site` to `out`, through `fs`.
pub fn publish_with(
    file_system: FileSystem,
    out: &Path,
    site: &Site,
    options: Options,
) -> std::result::Result<Published, DiskErrors> {
    let root = out.parent().unwrap_or(out);
    let held = OutputDir::check_through(file_system, root, out, None)?.lock("test", Duration::from_secs(20), |_| {})?;
    // In the test's own folder, as `dossier build` has it in the site.
    let store = CacheDir::open(root).ok().flatten().map(|store| Arc::new(store) as Arc<dyn Store>);
    let held = held.with_store(store);
    let staging = held.stage(options)?;
    let mut outputs = Outputs::new();
    for (name, bytes) in site {
        let Ok(path) = SitePath::new(name) else { continue };
        let refused = |error| DiskError::Write { file: name.into(), error };
        let hash = staging.put(&path, bytes).map_err(refused)?;
        outputs.insert(path, Output { hash, len: bytes.len() as u64, role: role(name) });
    }
    staging.publish(&outputs)
}

/// Publishes with the default options.
pub fn publish(out: &Path, site: &Site) -> std::result::Result<Published, DiskErrors> {
    publish_with(FileSystem::default(), out, site, Options::default())
}

/// The codes and files of errors, one per line.
pub fn errors_of<T>(result: std::result::Result<T, DiskErrors>, out: &Path) -> String {
    let line = |fault: &DiskError| format!("{}: {fault}", fault.code()).replace(&format!("{}", out.display()), "OUT");
    result.err().map_or_else(|| "fine".to_owned(), |faults| faults.iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// Every file and folder below `folder`, without `.dossier`; links by their target.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut tree = BTreeMap::new();
    let entries = walkdir::WalkDir::new(folder).min_depth(1).into_iter();
    for entry in entries.filter_entry(|entry| entry.file_name() != ".dossier").flatten() {
        let name = entry.path().strip_prefix(folder).unwrap_or(entry.path()).to_string_lossy().into_owned();
        let value = match entry.file_type() {
            kind if kind.is_dir() => b"a folder".to_vec(),
            kind if kind.is_symlink() => {
                fs::read_link(entry.path()).map(|to| to.to_string_lossy().into_owned().into_bytes()).unwrap_or_default()
            }
            _ => fs::read(entry.path()).unwrap_or_default(),
        };
        tree.insert(name, value);
    }
    tree
}

/// The tree of `site`, with folders.
pub fn tree_of(site: &Site) -> BTreeMap<String, Vec<u8>> {
    let mut tree = site.clone();
    for name in site.keys() {
        for (at, _) in name.match_indices('/') {
            tree.insert(name[..at].to_owned(), b"a folder".to_vec());
        }
    }
    tree
}

/// Walks from the home page through all links, as a reader would during a publish. Returns how many files were read.
///
/// If a file does not exist, the whole path from the home page is read again: if it is unchanged, it was unchanged all
/// the time, since no page ever returns to an earlier state, and the link was broken. Otherwise the reader starts
/// again.
pub fn walk(out: &Path, forgiven: &BTreeSet<String>) -> std::result::Result<usize, String> {
    for _ in 0..1000 {
        if let Some(count) = walk_once(out, forgiven)? {
            return Ok(count);
        }
    }
    Err("the site changed too often to be walked".to_owned())
}

fn walk_once(out: &Path, forgiven: &BTreeSet<String>) -> std::result::Result<Option<usize>, String> {
    let home = "index.html".to_owned();
    // The bytes that were read, and the page with the link.
    let mut pages: BTreeMap<String, (Vec<u8>, Option<String>)> = BTreeMap::new();
    let mut open: Vec<(String, Option<String>)> = vec![(home.clone(), None)];
    let mut seen = BTreeSet::from([home]);
    while let Some((page, from)) = open.pop() {
        let Ok(bytes) = fs::read(out.join(&page)) else {
            let Some(from) = from else { return Err("there is no home page".to_owned()) };
            if forgiven.contains(&page) || !is_way_unchanged(out, &pages, &from) {
                return Ok(None);
            }
            return Err(format!("{from} names {page}, which is not there"));
        };
        let Some(named) = names(&bytes) else { return Err(format!("{page} is torn: {} bytes", bytes.len())) };
        for name in named {
            if !forgiven.contains(&name) && seen.insert(name.clone()) {
                open.push((name, Some(page.clone())));
            }
        }
        pages.insert(page, (bytes, from));
    }
    Ok(Some(pages.len()))
}

fn is_way_unchanged(out: &Path, pages: &BTreeMap<String, (Vec<u8>, Option<String>)>, from: &str) -> bool {
    let mut way = Some(from.to_owned());
    while let Some((page, (bytes, above))) = way.and_then(|page| pages.get_key_value(&page)) {
        if fs::read(out.join(page)).ok().as_ref() != Some(bytes) {
            return false;
        }
        way = above.clone();
    }
    true
}

/// A new folder: in `DOSSIER_TEST_FOLDER`, or else in memory if the system supports it.
pub fn folder() -> std::io::Result<tempfile::TempDir> {
    let place = std::env::var_os("DOSSIER_TEST_FOLDER").unwrap_or_else(|| "/dev/shm".into());
    tempfile::tempdir_in(place).or_else(|_| tempfile::tempdir())
}

/// An output folder in a new folder, next to which a site may be.
pub fn out(temp: &tempfile::TempDir) -> PathBuf {
    temp.path().canonicalize().unwrap_or_else(|_| temp.path().to_owned()).join("public")
}

/// Writes a foreign file.
pub fn write(folder: &Path, name: &str, text: &str) -> Result {
    let path = folder.join(name);
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    Ok(fs::write(path, text)?)
}
