//! What of ours is really there. Files are trusted where the file system shows that nobody touched them, and read and
//! hashed where it does not.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::dir::Kind;
use super::lock::{OURS, expect_own};
use super::root::{Looker, Root};
use super::{DiskError, DiskErrors, Stamp, known_stamps};
use crate::publish::{Manifest, ManifestError, leftovers};
use crate::source::{Hash, Output, Outputs, SitePath, Store};

/// The list of what we published.
pub(super) const MANIFEST: &str = ".dossier/manifest.jsonl";
/// The manifest that is to be, while its files are being published.
pub(super) const INTENT: &str = ".dossier/intent.jsonl";
/// Files of our own are never longer: the manifest of a million files has 150 MB.
const MAX_OWN: u64 = 4 << 30;

/// What the last publish, or a broken one, recorded of the folder.
#[derive(Default)]
pub(super) struct RecordedState {
    pub manifest: Manifest,
    /// The hash of the manifest's bytes.
    pub manifest_hash: Option<Hash>,
    /// The manifest that was to be, where a publish was broken off.
    pub intent: Option<Manifest>,
    /// Whether there is an intent that cannot be read, as a power cut can leave one. Without it, what the broken
    /// publish wrote is taken over where it is as the build makes it, and named as foreign where not; nothing is lost.
    pub torn: bool,
    /// What the file system knew of the files of the manifest, in its order, where they were as it says.
    pub stamps: Vec<Option<Stamp>>,
    /// A time by the clock of that file system, before any file was looked at.
    pub now: (i64, i64),
}

/// What is there.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Survey {
    /// Files of ours, as they are, without the leftovers.
    pub current: Outputs,
    /// Files of ours that a broken publish left where no page leads to them.
    pub leftovers: BTreeSet<SitePath>,
    /// Those among them that are not as we left them, with what we left.
    pub edited: BTreeMap<SitePath, Output>,
    /// What the file system knows of the others.
    pub stamps: FxHashMap<SitePath, Stamp>,
    /// Whether a file had to be read, since nothing else shows that it is as it was.
    pub was_read: bool,
}

/// What one file of ours is found to be.
enum Found {
    /// As the manifest says, by what the file system knows of it.
    Trusted(Stamp),
    /// As the manifest or the intent says, by its hash.
    Proved(Output, Stamp),
    /// Something else by now; what we left is the first.
    Edited(Output, Output),
    /// Gone, or something that is not ours has its name.
    Gone,
}

impl RecordedState {
    /// Reads what is recorded in the folder, and what `store` remembers of it; `now` is a time by the clock of that file
    /// system.
    pub fn read(root: &Root, now: (i64, i64), store: Option<&dyn Store>) -> Result<Self, DiskError> {
        let (manifest, manifest_hash) = read_manifest(root, MANIFEST)?.unzip();
        let (intent, torn) = match read_manifest(root, INTENT) {
            Err(DiskError::Manifest { error: ManifestError::Damaged(_), .. }) => (None, true),
            other => (other?.map(|(intent, _)| intent), false),
        };
        let stamps = store.zip(manifest_hash).map(|(store, hash)| known_stamps::load(store, &hash));
        let (manifest, stamps) = (manifest.unwrap_or_default(), stamps.unwrap_or_default());
        Ok(Self { manifest, manifest_hash, intent, torn, stamps, now })
    }

    /// Whether a publish was broken off here.
    pub fn is_broken(&self) -> bool {
        self.intent.is_some() || self.torn
    }
}

/// A manifest, and the hash of its bytes.
fn read_manifest(root: &Root, file: &str) -> Result<Option<(Manifest, Hash)>, DiskError> {
    if !expect_own(root, file)? {
        return Ok(None);
    }
    let bytes = root.read(file, MAX_OWN).map_err(root.reading(file))?;
    let manifest = Manifest::read(&bytes).map_err(|error| DiskError::Manifest { file: root.locate(file), error })?;
    Ok(Some((manifest, Hash::of(&bytes))))
}

/// Looks at every file that is recorded, once.
pub(super) fn survey(root: &Root, recorded: &RecordedState) -> Result<Survey, DiskErrors> {
    let RecordedState { manifest, intent, stamps, .. } = recorded;
    let nothing = Outputs::new();
    let intended = intent.as_ref().map_or(&nothing, |intent| &intent.outputs);
    let left = manifest.outputs.iter().enumerate().map(|(number, (path, left))| {
        let stamp = stamps.get(number).copied().flatten();
        (path, Recorded { left: Some(left), meant: intended.get(path), stamp })
    });
    let meant = intended.iter().filter(|(path, _)| !manifest.outputs.contains_key(*path));
    let meant = meant.map(|(path, meant)| (path, Recorded { left: None, meant: Some(meant), stamp: None }));
    let known: Vec<(&SitePath, Recorded<'_>)> = left.chain(meant).collect();
    let found: Vec<_> = known
        .par_iter()
        .with_min_len(256)
        .map_init(|| root.looker(), |looker, (path, recorded)| judge(root, looker, path, recorded))
        .collect();
    let mut survey = Survey::default();
    let mut errors = DiskErrors::new();
    let mut current = Vec::with_capacity(known.len());
    for ((path, Recorded { left, .. }), found) in known.into_iter().zip(found) {
        survey.was_read |= !matches!(found, Ok(Found::Trusted(_)));
        match found {
            Ok(Found::Trusted(stamp)) => {
                survey.stamps.insert(path.clone(), stamp);
                current.extend(left.map(|output| (path.clone(), output.clone())));
            }
            Ok(Found::Proved(output, stamp)) => {
                // Who changes it after this look, within one tick of the clock, leaves no other trace.
                if stamp.changed < recorded.now {
                    survey.stamps.insert(path.clone(), stamp);
                }
                current.push((path.clone(), output));
            }
            Ok(Found::Edited(left, now)) => {
                current.push((path.clone(), now));
                survey.edited.insert(path.clone(), left);
            }
            Ok(Found::Gone) => {}
            Err(error) => errors.push(error),
        }
    }
    survey.current = current.into_iter().collect();
    if let Some(intent) = intent {
        let leftovers = leftovers(&manifest.outputs, &intent.outputs, &survey.current);
        survey.leftovers = leftovers.into_iter().filter(|path| !survey.edited.contains_key(path)).collect();
        survey.current.retain(|path, _| !survey.leftovers.contains(path));
    }
    if errors.is_empty() { Ok(survey) } else { Err(errors) }
}

/// What is recorded of one file.
struct Recorded<'a> {
    /// As the manifest says.
    left: Option<&'a Output>,
    /// As a publish that was broken off would have it.
    meant: Option<&'a Output>,
    /// What the file system knew of it when it was as the manifest says.
    stamp: Option<Stamp>,
}

fn judge(
    root: &Root,
    looker: &mut Looker<'_>,
    path: &SitePath,
    &Recorded { left, meant, stamp }: &Recorded<'_>,
) -> Result<Found, DiskError> {
    let Some(either) = left.or(meant) else { return Ok(Found::Gone) };
    let found = match looker.look(path).map_err(root.reading(path))? {
        None => return Ok(Found::Gone),
        Some(found) if found.kind == Kind::Folder => return Ok(Found::Gone),
        Some(found) => found,
    };
    if found.kind != Kind::File {
        // Somebody put a link here. Its hash is one that no output has.
        let hash = Hash::of(b"a link or a device, not a file written by Dossier");
        return Ok(Found::Edited(either.clone(), Output { hash, len: 0, role: either.role }));
    }
    let now = Stamp::of(&found);
    if left.is_some_and(|left| meant.is_none_or(|meant| meant.hash == left.hash)) && stamp == Some(now) {
        return Ok(Found::Trusted(now));
    }
    let hash = if now.len == 0 { Ok(Hash::of(b"")) } else { root.hash(path) };
    let hash = hash.map_err(root.reading(path))?;
    if let Some(output) = [left, meant].into_iter().flatten().find(|output| output.hash == hash) {
        return Ok(Found::Proved(output.clone(), now));
    }
    let edited = Output { hash, len: now.len, role: either.role };
    // A power cut leaves empty files where no sync was asked for, and an empty file holds no edit that could be lost.
    Ok(if now.len == 0 { Found::Proved(edited, now) } else { Found::Edited(either.clone(), edited) })
}

/// The folders of a path, innermost first, the top left out.
pub(super) fn folders(path: &SitePath) -> impl Iterator<Item = &str> {
    std::iter::successors(path.as_str().rsplit_once('/'), |(folder, _)| folder.rsplit_once('/'))
        .map(|(folder, _)| folder)
}

/// Every folder that holds one of `paths`, at any depth.
pub(super) fn all_folders<'a>(paths: impl Iterator<Item = &'a SitePath>) -> HashSet<&'a str> {
    let mut all = HashSet::new();
    let mut last = "";
    for path in paths {
        // Sorted paths mostly stay in one folder.
        if path.folder() != last {
            last = path.folder();
            for folder in folders(path) {
                if !all.insert(folder) {
                    break;
                }
            }
        }
    }
    all
}

/// Whether a path is kept for our own papers, whatever the case.
pub(super) fn is_ours(path: &SitePath) -> bool {
    path.as_str().split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(OURS))
}
