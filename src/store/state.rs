use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::publish::{Manifest, ManifestError};
use crate::source::SitePath;

/// The newest format version that this program reads, and the one that it writes.
const VERSION: u32 = 1;
/// The start of the last line of a manifest.
const FOOT: &str = "\n{\"hash_of_the_above\"";

/// The contents of the state object: a header line, the manifest, and the intent if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The run that wrote it.
    pub run: String,
    /// Who that was, for messages: `name@host`.
    pub by: String,
    /// Whether that run was still active.
    pub live: bool,
    /// Published objects with unknown contents.
    pub unsure: BTreeSet<SitePath>,
    /// Objects that interrupted publishes left and that no page links to.
    pub unreached: BTreeSet<SitePath>,
    /// The published objects by identity; before the intent, if there is one.
    pub manifest: Manifest,
    /// The objects to publish, while a publish is running or after it was interrupted.
    pub intent: Option<Manifest>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    /// The format version of what follows; the key shows readers of the object what it is.
    dossier_state: u32,
    run: String,
    by: String,
    live: bool,
    unsure: Vec<String>,
    unreached: Vec<String>,
}

/// The part that shows a newer format, whatever else it contains.
#[derive(Deserialize)]
struct Form {
    dossier_state: u32,
}

impl State {
    /// The state as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let texts = |paths: &BTreeSet<SitePath>| paths.iter().map(ToString::to_string).collect();
        let head = Head {
            dossier_state: VERSION,
            run: self.run.clone(),
            by: self.by.clone(),
            live: self.live,
            unsure: texts(&self.unsure),
            unreached: texts(&self.unreached),
        };
        // Serializing strings and numbers cannot fail.
        let mut bytes = serde_json::to_vec(&head).unwrap_or_default();
        bytes.push(b'\n');
        bytes.extend(self.manifest.to_bytes());
        bytes.extend(self.intent.iter().flat_map(Manifest::to_bytes));
        bytes
    }

    /// Reads what [`State::to_bytes`] wrote.
    ///
    /// # Errors
    /// When a newer version wrote it, or it is incomplete.
    pub fn read(bytes: &[u8]) -> Result<Self, ManifestError> {
        let damaged = |why: &str| ManifestError::Damaged(why.to_owned());
        let text = std::str::from_utf8(bytes).map_err(|_| damaged("it is not text"))?;
        let (first, rest) = text.split_once('\n').ok_or_else(|| damaged("it is cut off"))?;
        let form: Form =
            serde_json::from_str(first).map_err(|_| damaged("its first line was not written by Dossier"))?;
        if form.dossier_state > VERSION {
            return Err(ManifestError::Newer(form.dossier_state));
        }
        let head: Head = serde_json::from_str(first).map_err(|error| damaged(&error.to_string()))?;
        let foot = rest.find(FOOT).ok_or_else(|| damaged("it is cut off"))?;
        let line = rest.get(foot + 1..).and_then(|tail| tail.find('\n')).ok_or_else(|| damaged("it is cut off"))?;
        let (manifest, intent) = rest.split_at_checked(foot + line + 2).ok_or_else(|| damaged("it is cut off"))?;
        let paths = |texts: &[String]| -> Result<BTreeSet<SitePath>, ManifestError> {
            texts.iter().map(|text| SitePath::new(text).map_err(|error| damaged(&error.to_string()))).collect()
        };
        Ok(Self {
            unsure: paths(&head.unsure)?,
            unreached: paths(&head.unreached)?,
            run: head.run,
            by: head.by,
            live: head.live,
            manifest: Manifest::read(manifest.as_bytes())?,
            intent: (!intent.is_empty()).then(|| Manifest::read(intent.as_bytes())).transpose()?,
        })
    }

    /// Every published path.
    pub fn owned(&self) -> BTreeSet<&SitePath> {
        let intended = self.intent.iter().flat_map(|intent| intent.outputs.keys());
        self.manifest.outputs.keys().chain(intended).chain(&self.unsure).chain(&self.unreached).collect()
    }
}
