//! What the file system knew of the published files, kept in the site's cache: there nobody changes it who touches,
//! copies or restores the output folder.
//!
//! A file that has the inode and the time of change of then holds the bytes of then, since no program can set that time
//! back. Only a change within one tick of the clock could hide, so a stamp is kept only where the clock has moved on
//! since. On systems without such a time nothing is kept, and every file is read.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Stamp;
use super::staging::Staging;
use super::survey::MANIFEST;
use crate::publish::Plan;
use crate::source::{Decoder, Encoder, Hash, Outputs, SitePath, Store};

/// What the store calls the list.
const NAME: &str = "outputs";

/// Reads the stamps of the files of a manifest with this hash, in its order; nothing where others are kept.
pub(super) fn load(store: &dyn Store, manifest: &Hash) -> Vec<Option<Stamp>> {
    let bytes = store.load(NAME).unwrap_or_default();
    decode(&bytes, manifest).unwrap_or_default()
}

/// Keeps the stamps of the files of a manifest. Where that fails, the next build reads the files.
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
    let seal = Hash::of(&out.bytes);
    out.hash(&seal);
    let _ = store.replace(NAME, &out.bytes);
}

impl Staging<'_> {
    /// Remembers the published files, where `intent` is the manifest by now, and was written at the time `begun`, before
    /// the first of them got its name.
    pub(super) fn remember_published(&self, plan: &Plan, outputs: &Outputs, intent: &[u8], begun: (i64, i64)) {
        let Some(store) = &self.held.store else { return };
        let Ok(Some(done)) = self.root().look(MANIFEST) else { return };
        // A file that was written since then, somebody else has written.
        let stamp = |looker: &mut super::root::Looker<'_>, path| {
            let found = looker.look(path).ok()??;
            (found.modified < begun && found.changed < done.changed).then(|| Stamp::of(&found))
        };
        let written: Vec<&SitePath> = plan.writes().collect();
        let written =
            written.into_par_iter().map_init(|| self.root().looker(), |looker, path| (path, stamp(looker, path)));
        let written: FxHashMap<&SitePath, Option<Stamp>> = written.collect();
        let stamp = |path| written.get(path).copied().unwrap_or_else(|| self.survey.stamps.get(path).copied());
        save(&**store, &Hash::of(intent), outputs.keys().map(stamp));
    }

    /// Remembers the files that are there, all of them as the manifest says.
    pub(super) fn remember_unchanged(&self) {
        if let (Some(store), Some(manifest)) = (&self.held.store, &self.recorded.manifest_hash) {
            save(&**store, manifest, self.survey.current.keys().map(|path| self.survey.stamps.get(path).copied()));
        }
    }
}

fn decode(bytes: &[u8], manifest: &Hash) -> Option<Vec<Option<Stamp>>> {
    let (body, seal) = bytes.split_last_chunk::<32>()?;
    let mut from = Decoder::new(body);
    if Hash::of(body).bytes() != seal || from.hash()? != *manifest {
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
    fn stamps_are_kept_for_one_manifest_and_damage_is_nothing() {
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
