//! Metadata of the published files, kept in the site's cache, where touching, copying or restoring the output folder
//! does not change it.
//!
//! A file with the same inode and change time has the same bytes, since programs cannot set the change time back. Only
//! a change within one tick of the clock could go unnoticed, so a stamp is kept only if the clock has moved on since.
//! On systems without change times nothing is kept, and every file is read.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Stamp;
use super::staging::Staging;
use super::survey::MANIFEST;
use crate::publish::Plan;
use crate::source::{Decoder, Encoder, Hash, Outputs, SitePath, Store};

/// The name of the list in the store.
const NAME: &str = "outputs";

/// Reads the stamps for the manifest with this hash, in the order of its files; empty if they are for another manifest.
pub(super) fn load(store: &dyn Store, manifest: &Hash) -> Vec<Option<Stamp>> {
    let bytes = store.load(NAME).unwrap_or_default();
    decode(&bytes, manifest).unwrap_or_default()
}

/// Writes the stamps for a manifest. If that fails, the next build reads the files.
pub(super) fn save(store: &dyn Store, manifest: &Hash, stamps: impl ExactSizeIterator<Item = Option<Stamp>>) {
    let mut out = Encoder::default();
    out.hash(manifest);
    out.list(stamps.map(|stamp| stamp.filter(|stamp| stamp.inode != 0)), |out, stamp| {
        out.option(stamp, |out, Stamp { len, inode, changed: (seconds, nanoseconds) }| {
            [len, inode, seconds.cast_unsigned(), nanoseconds.cast_unsigned()]
                .into_iter()
                .for_each(|it| out.number(it));
        });
    });
    let checksum = Hash::of(&out.bytes);
    out.hash(&checksum);
    let _ = store.replace(NAME, &out.bytes);
}

impl Staging<'_> {
    /// Remembers the published files; `intent` is now the manifest, and was written at the time `started`, before the
    /// first of them was renamed.
    pub(super) fn remember_published(&self, plan: &Plan, outputs: &Outputs, intent: &[u8], started: (i64, i64)) {
        let Some(store) = &self.held.store else { return };
        let Ok(Some(done)) = self.root().metadata(MANIFEST) else { return };
        // A file that was written since then was not written by Dossier.
        let stamp = |metadata_reader: &mut super::root::MetadataReader<'_>, path| {
            let found = metadata_reader.metadata(path).ok()??;
            (found.modified < started && found.changed < done.changed).then(|| Stamp::of(&found))
        };
        let written: Vec<&SitePath> = plan.writes().collect();
        let written = written
            .into_par_iter()
            .map_init(|| self.root().metadata_reader(), |metadata_reader, path| (path, stamp(metadata_reader, path)));
        let written: FxHashMap<&SitePath, Option<Stamp>> = written.collect();
        let stamp = |path| written.get(path).copied().unwrap_or_else(|| self.survey.stamps.get(path).copied());
        save(&**store, &Hash::of(intent), outputs.keys().map(stamp));
    }

    /// Remembers the existing files, all of which match the manifest.
    pub(super) fn remember_unchanged(&self) {
        if let (Some(store), Some(manifest)) = (&self.held.store, &self.recorded.manifest_hash) {
            save(&**store, manifest, self.survey.current.keys().map(|path| self.survey.stamps.get(path).copied()));
        }
    }
}

fn decode(bytes: &[u8], manifest: &Hash) -> Option<Vec<Option<Stamp>>> {
    let (body, checksum) = bytes.split_last_chunk::<32>()?;
    let mut from = Decoder::new(body);
    if Hash::of(body).bytes() != checksum || from.hash()? != *manifest {
        return None;
    }
    from.list(|from| {
        from.option(|from| {
            let [len, inode, seconds, nanoseconds] = [from.number()?, from.number()?, from.number()?, from.number()?];
            Some(Stamp { len, inode, changed: (seconds.cast_signed(), nanoseconds.cast_signed()) })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::CacheDir;

    #[test]
    fn stamps_are_kept_for_one_manifest_and_damaged_ones_ignored() {
        let temp = tempfile::tempdir().unwrap();
        let store = CacheDir::open(temp.path()).unwrap().unwrap();
        let stamp = |inode| Stamp { len: 7, inode, changed: (-3, 999_999_999) };
        let (one, other) = (Hash::of(b"one"), Hash::of(b"other"));
        save(&store, &one, [Some(stamp(u64::MAX)), None, Some(stamp(0))].into_iter());
        assert_eq!(load(&store, &one), [Some(stamp(u64::MAX)), None, None]);
        assert_eq!(load(&store, &other), []);
        let whole = store.load(NAME).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            assert_eq!(decode(&bytes, &one), None, "{at}");
            assert_eq!(decode(&whole[..at], &one), None, "{at}");
        }
    }
}
