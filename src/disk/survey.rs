//! What of ours is really there. Files are trusted by their time stamps where these prove that nobody touched them, and
//! read and hashed where they do not.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::lock::{OURS, expect_own};
use super::{DiskError, DiskErrors, FileSystem};
use crate::publish::{Manifest, ManifestError, leftovers};
use crate::source::{Hash, Output, Outputs, SitePath};

/// When a file was last written, renamed or otherwise changed, by the clock of its file system.
///
/// On Unix this is the time of the last change of status, which nobody can set back; a copy that keeps its old time of
/// change is noticed by it.
pub(super) type Stamp = (i64, i64);

/// What the last publish, or a broken one, left to say about the folder.
#[derive(Default)]
pub(super) struct RecordedState {
    pub manifest: Manifest,
    /// The manifest that was to be, where a publish was broken off.
    pub intent: Option<Manifest>,
    /// Whether there is an intent that cannot be read, as a power cut can leave one. Without it, what the broken
    /// publish wrote is taken over where it is as the build makes it, and named as foreign where not; nothing is lost.
    pub torn: bool,
    /// Files older than this are as the manifest says. Absent where there is no manifest, and where its time lies ahead
    /// of the clock.
    pub trusted_before: Option<Stamp>,
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
    /// Whether a time stamp was not enough for some file; the manifest is then written again, and is younger.
    pub doubted: bool,
}

/// What one file of ours is found to be.
enum Found {
    /// As the manifest says, by size and time.
    Trusted,
    /// As the manifest or the intent says, by its hash.
    Proved(Output),
    /// Something else by now; what we left is the first.
    Edited(Output, Output),
    /// Gone, or something that is not ours stands there.
    Gone,
}

impl RecordedState {
    /// Reads the papers in `ours`; `now` is a time by the clock of that file system.
    pub fn read(door: &FileSystem, ours: &Path, now: Stamp) -> Result<Self, DiskError> {
        let manifest = read_manifest(door, &ours.join("manifest.jsonl"))?;
        let (intent, torn) = match read_manifest(door, &ours.join("intent.jsonl")) {
            Err(DiskError::Manifest { error: ManifestError::Damaged(_), .. }) => (None, true),
            other => (other?.map(|(intent, _)| intent), false),
        };
        let (manifest, written) =
            manifest.map_or_else(Default::default, |(manifest, written)| (manifest, Some(written)));
        Ok(Self { manifest, intent, torn, trusted_before: written.filter(|written| *written <= now) })
    }

    /// Whether a publish was broken off here.
    pub fn is_broken(&self) -> bool {
        self.intent.is_some() || self.torn
    }
}

fn read_manifest(door: &FileSystem, file: &Path) -> Result<Option<(Manifest, Stamp)>, DiskError> {
    expect_own(door, file, false)?;
    let Some(found) = door.look(file).map_err(DiskError::reading(file))? else { return Ok(None) };
    let bytes = door.read(file).map_err(DiskError::reading(file))?;
    let manifest = Manifest::read(&bytes).map_err(|error| DiskError::Manifest { file: file.to_owned(), error })?;
    Ok(Some((manifest, stamp(&found))))
}

/// Looks at every file that the papers name, once.
pub(super) fn survey(door: &FileSystem, root: &Path, papers: &RecordedState) -> Result<Survey, DiskErrors> {
    let RecordedState { manifest, intent, trusted_before, .. } = papers;
    let nothing = Outputs::new();
    let intended = intent.as_ref().map_or(&nothing, |intent| &intent.outputs);
    let known = manifest.outputs.keys().chain(intended.keys().filter(|path| !manifest.outputs.contains_key(*path)));
    let known: Vec<&SitePath> = known.collect();
    let blocked = blocked_folders(door, root, &known)?;
    let found: Vec<_> = known
        .par_iter()
        .with_min_len(256)
        .map(|path| {
            let (left, meant) = (manifest.outputs.get(*path), intended.get(*path));
            if !blocked.is_empty() && folders(path).any(|folder| blocked.contains(folder)) {
                return Ok(Found::Gone);
            }
            judge(door, &locate(root, path), left, meant, *trusted_before)
        })
        .collect();
    let mut survey = Survey::default();
    let mut faults = DiskErrors::new();
    let mut current = Vec::with_capacity(known.len());
    for (path, found) in known.into_iter().zip(found) {
        survey.doubted |= !matches!(found, Ok(Found::Trusted));
        match found {
            Ok(Found::Trusted) => {
                current.extend(manifest.outputs.get(path).map(|output| (path.clone(), output.clone())));
            }
            Ok(Found::Proved(output)) => current.push((path.clone(), output)),
            Ok(Found::Edited(left, now)) => {
                current.push((path.clone(), now));
                survey.edited.insert(path.clone(), left);
            }
            Ok(Found::Gone) => {}
            Err(fault) => faults.push(fault),
        }
    }
    survey.current = current.into_iter().collect();
    if let Some(intent) = intent {
        let leftovers = leftovers(&manifest.outputs, &intent.outputs, &survey.current);
        survey.leftovers = leftovers.into_iter().filter(|path| !survey.edited.contains_key(path)).collect();
        survey.current.retain(|path, _| !survey.leftovers.contains(path));
    }
    if faults.is_empty() { Ok(survey) } else { Err(faults) }
}

fn judge(
    door: &FileSystem,
    file: &Path,
    left: Option<&Output>,
    meant: Option<&Output>,
    trusted_before: Option<Stamp>,
) -> Result<Found, DiskError> {
    let Some(either) = left.or(meant) else { return Ok(Found::Gone) };
    let found = match door.look(file).map_err(DiskError::reading(file))? {
        None => return Ok(Found::Gone),
        Some(found) if found.is_dir() => return Ok(Found::Gone),
        Some(found) => found,
    };
    if !found.is_file() {
        // Somebody put a link here. Its hash is one that no output has.
        let hash = Hash::of(b"no file of ours, but a link or a device");
        return Ok(Found::Edited(either.clone(), Output { hash, len: 0, role: either.role }));
    }
    let as_left = |output: &&Output| found.len() == output.len;
    if let Some(left) = left.filter(as_left)
        && meant.is_none_or(|meant| meant.hash == left.hash)
        && trusted_before.is_some_and(|written| stamp(&found) < written)
    {
        return Ok(Found::Trusted);
    }
    let hash = if found.len() == 0 { Hash::of(b"") } else { door.hash(file).map_err(DiskError::reading(file))? };
    if let Some(output) = [left, meant].into_iter().flatten().find(|output| output.hash == hash) {
        return Ok(Found::Proved(output.clone()));
    }
    let now = Output { hash, len: found.len(), role: either.role };
    // A power cut leaves empty files where no sync was asked for, and an empty file holds no edit that could be lost.
    Ok(if found.len() == 0 { Found::Proved(now) } else { Found::Edited(either.clone(), now) })
}

/// Folders of ours in whose place something else stands, such as a link to somewhere: what is below is not ours.
fn blocked_folders<'a>(door: &FileSystem, root: &Path, known: &[&'a SitePath]) -> Result<HashSet<&'a str>, DiskError> {
    let mut blocked = HashSet::new();
    for folder in all_folders(known.iter().copied()) {
        let place = root.join(folder);
        if door.look(&place).map_err(DiskError::reading(&place))?.is_some_and(|found| !found.is_dir()) {
            blocked.insert(folder);
        }
    }
    Ok(blocked)
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

/// Where an output lies in the folder `root`.
pub(super) fn locate(root: &Path, path: &SitePath) -> PathBuf {
    root.join(path.as_str())
}

/// Whether a path is kept for our own papers, whatever the case.
pub(super) fn is_ours(path: &SitePath) -> bool {
    path.as_str().split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(OURS))
}

#[cfg(unix)]
pub(super) fn stamp(found: &Metadata) -> Stamp {
    use std::os::unix::fs::MetadataExt;
    (found.ctime(), found.ctime_nsec())
}

#[cfg(not(unix))]
pub(super) fn stamp(found: &Metadata) -> Stamp {
    let since = found.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or((i64::MAX, 0), |since| (since.as_secs() as i64, i64::from(since.subsec_nanos())))
}
