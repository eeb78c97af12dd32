//! Compares the manifest with the files on disk. Files whose metadata shows that they are unchanged are trusted; others
//! are read and hashed.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::dir::Kind;
use super::lock::{STATE_FOLDER, has_regular_file};
use super::root::{MetadataReader, Root};
use super::{DiskError, DiskErrors, Stamp, known_stamps};
use crate::publish::{Manifest, ManifestError, leftovers};
use crate::source::{Hash, Output, Outputs, SitePath, Store};

/// The list of published files.
pub(super) const MANIFEST: &str = ".dossier/manifest.jsonl";
/// The next manifest, while its files are being published.
pub(super) const INTENT: &str = ".dossier/intent.jsonl";
/// The maximum size of Dossier's own files: the manifest of a million files has 150 MB.
const MAX_OWN: u64 = 4 << 30;

/// The records of the last publish, and of an interrupted one.
#[derive(Default)]
pub(super) struct RecordedState {
    pub manifest: Manifest,
    /// The hash of the manifest's bytes.
    pub manifest_hash: Option<Hash>,
    /// The intent, if a publish was interrupted.
    pub intent: Option<Manifest>,
    /// Whether there is a damaged intent, as after a power cut. Without it, files that the interrupted publish wrote
    /// are accepted if they are as the build makes them, and reported as foreign otherwise; nothing is lost.
    pub has_damaged_intent: bool,
    /// The metadata of the manifest's files, in its order, when they matched it.
    pub stamps: Vec<Option<Stamp>>,
    /// The time of the file system's clock, before any file was examined.
    pub now: (i64, i64),
}

/// The published files, compared with their records.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Survey {
    /// Published files as they are, without the leftovers.
    pub current: Outputs,
    /// Files that an interrupted publish left and that no page links to.
    pub leftovers: BTreeSet<SitePath>,
    /// Those that were edited, with their published state.
    pub edited: BTreeMap<SitePath, Output>,
    /// The metadata of the others.
    pub stamps: FxHashMap<SitePath, Stamp>,
    /// Whether a file had to be read, because its metadata does not show that it is unchanged.
    pub was_read: bool,
}

/// The state of a published file.
enum FileState {
    /// As in the manifest, by its metadata.
    Trusted(Stamp),
    /// As in the manifest or the intent, by its hash.
    Verified(Output, Stamp),
    /// Edited; the first field is the published state.
    Edited(Output, Output),
    /// Removed, or replaced by a foreign file.
    Gone,
}

impl RecordedState {
    /// Reads the records in the folder, and the metadata in `store`; `now` is the time of the file system's clock.
    pub fn read(root: &Root, now: (i64, i64), store: Option<&dyn Store>) -> Result<Self, DiskError> {
        let (manifest, manifest_hash) = read_manifest(root, MANIFEST)?.unzip();
        let (intent, has_damaged_intent) = match read_manifest(root, INTENT) {
            Err(DiskError::Manifest { error: ManifestError::Damaged(_), .. }) => (None, true),
            other => (other?.map(|(intent, _)| intent), false),
        };
        let stamps = store.zip(manifest_hash).map(|(store, hash)| known_stamps::load(store, &hash));
        let (manifest, stamps) = (manifest.unwrap_or_default(), stamps.unwrap_or_default());
        Ok(Self { manifest, manifest_hash, intent, has_damaged_intent, stamps, now })
    }

    /// Whether a publish was interrupted here.
    pub fn is_interrupted(&self) -> bool {
        self.intent.is_some() || self.has_damaged_intent
    }
}

/// A manifest, and the hash of its bytes.
fn read_manifest(root: &Root, file: &str) -> Result<Option<(Manifest, Hash)>, DiskError> {
    if !has_regular_file(root, file)? {
        return Ok(None);
    }
    let bytes = root.read(file, MAX_OWN).map_err(root.read_error(file))?;
    let manifest = Manifest::read(&bytes).map_err(|error| DiskError::Manifest { file: root.locate(file), error })?;
    Ok(Some((manifest, Hash::of(&bytes))))
}

/// Examines every recorded file once.
pub(super) fn survey(root: &Root, recorded: &RecordedState) -> Result<Survey, DiskErrors> {
    let RecordedState { manifest, intent, stamps, .. } = recorded;
    let nothing = Outputs::new();
    let intended = intent.as_ref().map_or(&nothing, |intent| &intent.outputs);
    let published = manifest.outputs.iter().enumerate().map(|(number, (path, published))| {
        let stamp = stamps.get(number).copied().flatten();
        (path, Recorded { published: Some(published), intended: intended.get(path), stamp })
    });
    let intended = intended.iter().filter(|(path, _)| !manifest.outputs.contains_key(*path));
    let intended =
        intended.map(|(path, intended)| (path, Recorded { published: None, intended: Some(intended), stamp: None }));
    let known: Vec<(&SitePath, Recorded<'_>)> = published.chain(intended).collect();
    let found: Vec<_> = known
        .par_iter()
        .with_min_len(256)
        .map_init(
            || root.metadata_reader(),
            |metadata_reader, (path, recorded)| examine(root, metadata_reader, path, recorded),
        )
        .collect();
    let mut survey = Survey::default();
    let mut errors = DiskErrors::new();
    let mut current = Vec::with_capacity(known.len());
    for ((path, Recorded { published, .. }), found) in known.into_iter().zip(found) {
        survey.was_read |= !matches!(found, Ok(FileState::Trusted(_)));
        match found {
            Ok(FileState::Trusted(stamp)) => {
                survey.stamps.insert(path.clone(), stamp);
                current.extend(published.map(|output| (path.clone(), output.clone())));
            }
            Ok(FileState::Verified(output, stamp)) => {
                // A change after this, within one tick of the clock, would leave no other trace.
                if stamp.changed < recorded.now {
                    survey.stamps.insert(path.clone(), stamp);
                }
                current.push((path.clone(), output));
            }
            Ok(FileState::Edited(published, now)) => {
                current.push((path.clone(), now));
                survey.edited.insert(path.clone(), published);
            }
            Ok(FileState::Gone) => {}
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

/// The records of one file.
struct Recorded<'a> {
    /// As the manifest says.
    published: Option<&'a Output>,
    /// As in the intent of an interrupted publish.
    intended: Option<&'a Output>,
    /// Its metadata when it matched the manifest.
    stamp: Option<Stamp>,
}

fn examine(
    root: &Root,
    metadata_reader: &mut MetadataReader<'_>,
    path: &SitePath,
    &Recorded { published, intended, stamp }: &Recorded<'_>,
) -> Result<FileState, DiskError> {
    let Some(either) = published.or(intended) else { return Ok(FileState::Gone) };
    let found = match metadata_reader.metadata(path).map_err(root.read_error(path))? {
        None => return Ok(FileState::Gone),
        Some(found) if found.kind == Kind::Folder => return Ok(FileState::Gone),
        Some(found) => found,
    };
    if found.kind != Kind::File {
        // The file was replaced by a link. It gets a hash that no output has.
        let hash = Hash::of(b"a link or a device, not a file written by Dossier");
        return Ok(FileState::Edited(either.clone(), Output { hash, len: 0, role: either.role }));
    }
    let now = Stamp::of(&found);
    if published.is_some_and(|published| intended.is_none_or(|intended| intended.hash == published.hash))
        && stamp == Some(now)
    {
        return Ok(FileState::Trusted(now));
    }
    let hash = if now.len == 0 { Ok(Hash::of(b"")) } else { root.hash(path) };
    let hash = hash.map_err(root.read_error(path))?;
    if let Some(output) = [published, intended].into_iter().flatten().find(|output| output.hash == hash) {
        return Ok(FileState::Verified(output.clone(), now));
    }
    let edited = Output { hash, len: now.len, role: either.role };
    // Without sync, a power cut leaves empty files; an empty file contains no edit that could be lost.
    Ok(if now.len == 0 { FileState::Verified(edited, now) } else { FileState::Edited(either.clone(), edited) })
}

/// The folders of a path, innermost first, without the top.
pub(super) fn folders(path: &SitePath) -> impl Iterator<Item = &str> {
    std::iter::successors(path.as_str().rsplit_once('/'), |(folder, _)| folder.rsplit_once('/'))
        .map(|(folder, _)| folder)
}

/// Every folder that contains one of `paths`, at any depth.
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

/// Whether a path is reserved for `.dossier`, in any case.
pub(super) fn is_state_path(path: &SitePath) -> bool {
    path.as_str().split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(STATE_FOLDER))
}
