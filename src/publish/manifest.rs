use std::borrow::Cow;
use std::fmt;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::source::{Hash, Output, Outputs, Role, SitePath};

/// The newest form of manifest that this program reads, and the one it writes.
const VERSION: u32 = 1;
/// The number of lines in one task.
const CHUNK: usize = 512;

/// The published files of a folder, with their hashes.
///
/// It is written as lines of JSON, sorted by path: a header, one line per output, and a hash of all lines above it. The
/// same outputs give the same bytes, and changes show in a line-by-line diff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The key of the published site; empty if sites are not distinguished.
    pub site: String,
    /// All published files.
    pub outputs: Outputs,
}

/// Why bytes are not a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestError {
    /// A newer Dossier wrote it, in this format version.
    Newer(u32),
    /// It is truncated, edited, or something else.
    Damaged(String),
}

#[derive(Serialize, Deserialize)]
struct Head<'a> {
    /// The format version of the lines; the key shows readers of the file what it is.
    dossier_manifest: u32,
    #[serde(default, borrow)]
    site: Cow<'a, str>,
    #[serde(default)]
    outputs: usize,
}

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    path: Cow<'a, str>,
    #[serde(borrow)]
    hash: Cow<'a, str>,
    len: u64,
    #[serde(with = "RoleName")]
    role: Role,
}

#[derive(Serialize, Deserialize)]
struct Footer<'a> {
    #[serde(borrow)]
    hash_of_the_above: Cow<'a, str>,
}

/// How the manifest spells a [`Role`].
#[derive(Serialize, Deserialize)]
#[serde(remote = "Role", rename_all = "lowercase")]
enum RoleName {
    Fingerprinted,
    Asset,
    Page,
    Home,
    Data,
    Compressed,
}

impl Manifest {
    /// The manifest as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(200 + 160 * self.outputs.len());
        let head = Head { dossier_manifest: VERSION, site: (&*self.site).into(), outputs: self.outputs.len() };
        push_line(&mut text, &head);
        let outputs: Vec<_> = self.outputs.iter().collect();
        let lines = outputs.par_chunks(CHUNK).map(|outputs| {
            let mut text = Vec::with_capacity(160 * outputs.len());
            for (path, output) in outputs {
                let hash = output.hash.hex();
                let line = Line { path: path.as_str().into(), hash: hash.into(), len: output.len, role: output.role };
                push_line(&mut text, &line);
            }
            text
        });
        lines.collect::<Vec<_>>().iter().for_each(|lines| text.extend_from_slice(lines));
        let hash = Hash::of(&text).hex();
        push_line(&mut text, &Footer { hash_of_the_above: hash.into() });
        text
    }

    /// Reads what [`Manifest::to_bytes`] wrote; unknown keys are ignored.
    ///
    /// # Errors
    /// When a newer version wrote it, or it is incomplete.
    pub fn read(bytes: &[u8]) -> Result<Self, ManifestError> {
        let damaged = |why: &str| ManifestError::Damaged(why.to_owned());
        let text = std::str::from_utf8(bytes).map_err(|_| damaged("it is not text"))?;
        let (head, _) = text.split_once('\n').ok_or_else(|| damaged("it is cut off"))?;
        let head: Head = serde_json::from_str(head).map_err(|_| damaged("its first line is not that of a manifest"))?;
        if head.dossier_manifest > VERSION {
            return Err(ManifestError::Newer(head.dossier_manifest));
        }
        let foot_start = text.trim_end().rfind('\n').map_or(0, |at| at + 1);
        let (above, foot) = text.split_at(foot_start);
        let foot: Footer = serde_json::from_str(foot).map_err(|_| damaged("it is cut off"))?;
        if Hash::from_hex(&foot.hash_of_the_above) != Some(Hash::of(above.as_bytes())) {
            return Err(damaged("its checksum does not match"));
        }
        let lines: Vec<_> = above.split_terminator('\n').skip(1).collect();
        let outputs: Result<Outputs, _> = lines.par_iter().with_min_len(CHUNK).map(|line| read_line(line)).collect();
        let outputs = outputs?;
        if outputs.len() != head.outputs {
            return Err(damaged("it lists a path twice"));
        }
        Ok(Self { site: head.site.into_owned(), outputs })
    }
}

fn push_line(text: &mut Vec<u8>, line: &impl Serialize) {
    // Serializing strings and numbers into memory cannot fail.
    let _ = serde_json::to_writer(&mut *text, line);
    text.push(b'\n');
}

fn read_line(line: &str) -> Result<(SitePath, Output), ManifestError> {
    let damaged = |why: String| ManifestError::Damaged(format!("{why}: {line}"));
    let line: Line = serde_json::from_str(line).map_err(|error| damaged(error.to_string()))?;
    let path = SitePath::new(&line.path).map_err(|error| damaged(error.to_string()))?;
    let hash = Hash::from_hex(&line.hash).ok_or_else(|| damaged("no hash".to_owned()))?;
    Ok((path, Output { hash, len: line.len, role: line.role }))
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer(version) => write!(
                f,
                "it was written by a newer version of Dossier (format {version}; this version reads {VERSION})"
            ),
            Self::Damaged(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for ManifestError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let names = [("a b#?%\"\n.html", Role::Page), ("index.html", Role::Home), ("é/e\u{301}.css", Role::Asset)];
        let output = |(name, role): (&str, Role)| {
            Some((SitePath::new(name).ok()?, Output { hash: Hash::of(name.as_bytes()), len: 7, role }))
        };
        Manifest { site: "deal".into(), outputs: names.into_iter().filter_map(output).collect() }
    }

    #[test]
    fn round_trips_with_any_names() {
        let bytes = manifest().to_bytes();
        assert_eq!(Manifest::read(&bytes), Ok(manifest()));
        assert_eq!(bytes, manifest().to_bytes());
        insta::assert_snapshot!(String::from_utf8_lossy(&bytes), @r#"
        {"dossier_manifest":1,"site":"deal","outputs":3}
        {"path":"a b#?%\"\n.html","hash":"89c0eb31ac63e8730bdb9adca3431abdf953d480a131c0614a0d31429b7fbb8a","len":7,"role":"page"}
        {"path":"index.html","hash":"80c7dd78cd9faa6eba9d07a3c44e517f9fdf274f9851ea1e6004452225be04fb","len":7,"role":"home"}
        {"path":"é/é.css","hash":"f3da6e9d7a4dc42ede843d08be3e1b6456bf92c9b6d7593b603ccf962866614f","len":7,"role":"asset"}
        {"hash_of_the_above":"9eefb38bdec2c9058ea1645dbd5b7e1073d0f0ad609e8700cc6a22bc20d40605"}
        "#);
    }

    #[test]
    fn every_changed_or_missing_byte_is_detected() {
        let bytes = manifest().to_bytes();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(Manifest::read(&changed).is_err(), "byte {at} changed");
            // It is complete even without the last line break.
            assert!(at + 1 == bytes.len() || Manifest::read(&bytes[..at]).is_err(), "cut off at {at}");
        }
    }

    #[test]
    fn a_newer_manifest_and_a_damaged_one_are_distinguished() {
        assert_eq!(Manifest::read(b"{\"dossier_manifest\":9,\"more\":[]}\nwhat"), Err(ManifestError::Newer(9)));
        assert!(matches!(Manifest::read(b"<html>\n</html>"), Err(ManifestError::Damaged(_))));
        assert!(matches!(Manifest::read(b""), Err(ManifestError::Damaged(_))));
    }
}
