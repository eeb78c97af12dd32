use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::de::DeserializeOwned;

use crate::config::Config;
use crate::data::{SourceMap, yaml_list};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::source::{SitePath, Span};

use super::{Ledger, order, references, validate};

/// The folder of evidence files.
pub const EVIDENCE: &str = "content/evidence";

/// The files in it, besides those in `claims` and `sources`.
const FILES: [&str; 5] = ["sources.yaml", "events.yaml", "disagreements.yaml", "entities.yaml", "contributions.yaml"];

impl Ledger {
    /// Reads all evidence files, links them, checks that they fit together, and computes how sure every claim is.
    /// Whatever could be read is there, whatever was wrong is told.
    pub fn load(files: Vec<(SitePath, String)>, config: &Config, diagnostics: &mut Diagnostics) -> Self {
        let mut reader = Reader { diagnostics, places: SourceMap::default(), lost: FxHashSet::default(), torn: false };
        let mut ledger = Self::default();
        for (file, text) in files {
            let text: Arc<str> = text.into();
            match file.below(EVIDENCE).unwrap_or_default() {
                "sources.yaml" => reader.read(&file, &text, &mut ledger.sources),
                "events.yaml" => reader.read(&file, &text, &mut ledger.events),
                "disagreements.yaml" => reader.read(&file, &text, &mut ledger.disagreements),
                "entities.yaml" => reader.read(&file, &text, &mut ledger.entities),
                "contributions.yaml" => reader.read(&file, &text, &mut ledger.contributions),
                name if is_within("claims/", name) => reader.read(&file, &text, &mut ledger.claims),
                name if is_within("sources/", name) => reader.read(&file, &text, &mut ledger.sources),
                name => reader.unknown_file(&file, name),
            }
        }
        let Reader { places, lost, torn, .. } = reader;
        ledger.places = places;
        ledger.language = config.language.to_string();
        (ledger.lost, ledger.torn) = (lost, torn);
        ledger.link();
        validate::check(&ledger, diagnostics);
        // What could not be read may be what is referred to.
        if !ledger.torn {
            references::check(&ledger, config, diagnostics);
        }
        order::check(&ledger, diagnostics);
        ledger.weigh();
        ledger
    }
}

/// Whether a file holds records of the kind that a folder is for.
fn is_within(folder: &str, name: &str) -> bool {
    name.starts_with(folder) && name.ends_with(".yaml")
}

struct Reader<'a> {
    diagnostics: &'a mut Diagnostics,
    places: SourceMap,
    lost: FxHashSet<String>,
    torn: bool,
}

impl Reader<'_> {
    fn read<T: DeserializeOwned + Send>(&mut self, file: &SitePath, text: &Arc<str>, into: &mut Vec<T>) {
        let records = yaml_list(file, text, &mut self.places, self.diagnostics);
        into.extend(records.items);
        self.lost.extend(records.lost);
        self.torn |= records.torn;
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
