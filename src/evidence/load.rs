use std::sync::Arc;

use rayon::prelude::*;
use serde::de::DeserializeOwned;

use crate::config::Config;
use crate::data::{NodeId, SourceMap, yaml_list};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::source::{Hash, SitePath, Span};

use super::collection::Hashed;
use super::records::Record;
use super::{Claim, Contribution, Disagreement, Entity, Event, Ledger, Source, order, references, validate};

/// The folder of evidence files.
pub const EVIDENCE: &str = "content/evidence";

/// The files in it, besides those in `claims` and `sources`.
const FILES: [&str; 5] = ["sources.yaml", "events.yaml", "disagreements.yaml", "entities.yaml", "contributions.yaml"];

/// A file of evidence, read: what is in it does not depend on the others.
#[derive(Debug)]
pub(super) struct EvidenceFile {
    pub path: SitePath,
    /// The hash of its text.
    pub text: Hash,
    records: FileRecords,
    places: SourceMap,
    lost: Vec<String>,
    torn: bool,
    problems: Diagnostics,
}

#[derive(Debug)]
enum FileRecords {
    Sources(Vec<Arc<Hashed<Source>>>),
    Claims(Vec<Arc<Hashed<Claim>>>),
    Events(Vec<Arc<Hashed<Event>>>),
    Disagreements(Vec<Arc<Hashed<Disagreement>>>),
    Entities(Vec<Arc<Hashed<Entity>>>),
    Contributions(Vec<Arc<Hashed<Contribution>>>),
    None,
}

impl Ledger {
    /// Reads all evidence files, links them, checks that they fit together, and computes how sure every claim is.
    /// Whatever could be read is there, whatever was wrong is told.
    pub fn load(files: Vec<(SitePath, String)>, config: &Config, diagnostics: &mut Diagnostics) -> Self {
        let files = files.into_iter().map(|(file, text)| (file, Some(text))).collect();
        Self::reload(files, config, None, diagnostics)
    }

    /// As [`Ledger::load`], from the ledger `before` of the same configuration: a file without a text is as it was then,
    /// and what was worked out of records and is the same is taken over.
    pub fn reload(
        files: Vec<(SitePath, Option<String>)>,
        config: &Config,
        before: Option<&Self>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        // Values are numbered on from those of before, as long as there are numbers.
        let before = before.filter(|before| before.places.next() < NodeId::MAX / 2);
        let known = |path: &SitePath| before.and_then(|before| before.files.iter().find(|file| file.path == *path));
        let mut ledger = Self { language: config.language.to_string(), ..Self::default() };
        let mut next = before.map_or(0, |before| before.places.next());
        for (path, text) in files {
            let known = known(&path);
            let file = match text {
                None => known.cloned(),
                Some(text) => {
                    let hash = Hash::of(text.as_bytes());
                    known.filter(|known| known.text == hash).cloned().or_else(|| {
                        let file = EvidenceFile::read(path, &text.into(), hash, next);
                        next = file.places.next();
                        Some(Arc::new(file))
                    })
                }
            };
            if let Some(file) = file {
                ledger.add(&file, diagnostics);
                ledger.files.push(file);
            }
        }
        ledger.places.sort();
        ledger.link();
        validate::check(&ledger, diagnostics);
        // What could not be read may be what is referred to.
        if !ledger.torn {
            references::check(&ledger, config, diagnostics);
        }
        order::check(&ledger, diagnostics);
        ledger.weigh();
        ledger.recall(before);
        ledger
    }

    fn add(&mut self, file: &EvidenceFile, diagnostics: &mut Diagnostics) {
        match &file.records {
            FileRecords::Sources(records) => self.sources.extend(records),
            FileRecords::Claims(records) => self.claims.extend(records),
            FileRecords::Events(records) => self.events.extend(records),
            FileRecords::Disagreements(records) => self.disagreements.extend(records),
            FileRecords::Entities(records) => self.entities.extend(records),
            FileRecords::Contributions(records) => self.contributions.extend(records),
            FileRecords::None => {}
        }
        self.places.extend(&file.places);
        self.lost.extend(file.lost.iter().cloned());
        self.torn |= file.torn;
        diagnostics.extend(file.problems.iter().cloned());
    }
}

impl EvidenceFile {
    /// Reads a file; its values are numbered from `first`.
    fn read(path: SitePath, text: &Arc<str>, hash: Hash, first: NodeId) -> Self {
        let mut reader = Reader {
            diagnostics: Diagnostics::default(),
            places: SourceMap::from(first),
            lost: Vec::new(),
            torn: false,
        };
        let records = match path.below(EVIDENCE).unwrap_or_default() {
            "sources.yaml" => FileRecords::Sources(reader.read(&path, text)),
            "events.yaml" => FileRecords::Events(reader.read(&path, text)),
            "disagreements.yaml" => FileRecords::Disagreements(reader.read(&path, text)),
            "entities.yaml" => FileRecords::Entities(reader.read(&path, text)),
            "contributions.yaml" => FileRecords::Contributions(reader.read(&path, text)),
            name if is_within("claims/", name) => FileRecords::Claims(reader.read(&path, text)),
            name if is_within("sources/", name) => FileRecords::Sources(reader.read(&path, text)),
            name => {
                reader.unknown_file(&path, name);
                FileRecords::None
            }
        };
        let Reader { diagnostics: problems, places, lost, torn } = reader;
        Self { path, text: hash, records, places, lost, torn, problems }
    }
}

/// Whether a file holds records of the kind that a folder is for.
fn is_within(folder: &str, name: &str) -> bool {
    name.starts_with(folder) && name.ends_with(".yaml")
}

struct Reader {
    diagnostics: Diagnostics,
    places: SourceMap,
    lost: Vec<String>,
    torn: bool,
}

impl Reader {
    fn read<T: Record + DeserializeOwned + Send + Sync>(
        &mut self,
        file: &SitePath,
        text: &Arc<str>,
    ) -> Vec<Arc<Hashed<T>>> {
        let records = yaml_list(file, text, &mut self.places, &mut self.diagnostics);
        self.lost.extend(records.lost);
        self.torn |= records.torn;
        records.items.into_par_iter().with_min_len(64).map(Hashed::new).collect()
    }

    fn unknown_file(&mut self, file: &SitePath, name: &str) {
        let message = format!("`{name}` is not an evidence file, so its content would be ignored");
        let problem = Diagnostic::new("unknown-file", Span::file(file), message);
        let yaml = name.strip_suffix(".yml").map(|stem| format!("{stem}.yaml"));
        let known = yaml
            .filter(|yaml| FILES.contains(&yaml.as_str()) || is_within("claims/", yaml) || is_within("sources/", yaml));
        self.diagnostics.push(match known.as_deref().or_else(|| did_you_mean(name, FILES)) {
            Some(best) => problem.hint(format!("did you mean `{best}`?")),
            None => {
                problem.hint(format!("claims go into `claims/*.yaml`; the other files are `{}`", FILES.join("`, `")))
            }
        });
    }
}
